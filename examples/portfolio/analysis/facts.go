package analysis

import (
	"math"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
)

const day = 24 * time.Hour

// A fact is one thing that is known of an account, or is known not to be.
type fact struct {
	name  string
	text  string // of a text; else number counts
	num   float64
	isNum bool
	at    time.Time // zero: not dated
	state book.State
}

// facts is one account as of an instant, under the names that definitions use. It is the host's own type that answers
// all five packages: what happened after asOf is not in it.
type facts struct {
	account *book.Account
	asOf    time.Time
	dated   bool
	money   string // the currency in which amounts are read, ISO 4217
	known   []fact // few enough to be searched one by one
	series  map[string][]outcome.Measurement
}

// read gathers what is known of an account as of an instant, amounts in one currency. With dated unset, undated rows are
// current and have no age.
func read(a *book.Account, asOf time.Time, dated bool, currency string) *facts {
	f := &facts{account: a, asOf: asOf, dated: dated, money: currency, known: make([]fact, 0, 40)}
	f.profile()
	f.contracts()
	f.usage()
	f.surveys()
	f.tickets()
	f.touches()
	f.measured()
	return f
}

// find returns the fact of a name.
func (f *facts) find(name string) (fact, bool) {
	for i := range f.known {
		if f.known[i].name == name {
			return f.known[i], true
		}
	}
	return fact{}, false
}

// add replaces a fact of the same name.
func (f *facts) add(x fact) {
	for i := range f.known {
		if f.known[i].name == x.name {
			f.known[i] = x
			return
		}
	}
	f.known = append(f.known, x)
}

func (f *facts) number(name string, v float64, at time.Time) {
	f.add(fact{name: name, num: v, isNum: true, at: at})
}

// derived adds what follows from other facts: it was so as of the instant, where the book has dates.
func (f *facts) derived(name string, v float64) {
	at := f.asOf
	if !f.dated {
		at = time.Time{}
	}
	f.number(name, v, at)
}

func (f *facts) profile() {
	a := f.account
	switch {
	case !a.Since.IsZero() && !a.Since.After(f.asOf):
		f.derived("tenure_months", math.Floor(float64(f.asOf.Sub(a.Since)/day)/30.4375))
	case a.Since.IsZero() && a.Tenure >= 0:
		f.number("tenure_months", a.Tenure, time.Time{})
	}
	if a.Seats > 0 {
		f.number("seats", a.Seats, time.Time{})
	}
	for _, t := range []struct{ name, text string }{{"industry", a.Industry}, {"country", a.Country}} {
		if t.text != "" {
			f.add(fact{name: t.name, text: t.text})
		}
	}
	for _, t := range a.Traits {
		f.add(fact{name: t.Name, text: t.Text, state: t.State})
	}
}

func (f *facts) usage() {
	type tally struct {
		feature string
		sum     float64
		n       int
		last    fact
	}
	tallies := make([]tally, 0, 12)
	at := 0 // of the row before: rows of one feature, or of all in turn, follow each other
	find := func(feature string) *tally {
		for range tallies {
			if at %= len(tallies); tallies[at].feature == feature {
				return &tallies[at]
			}
			at++
		}
		tallies = append(tallies, tally{feature: feature})
		at = len(tallies) - 1
		return &tallies[at]
	}
	from := f.asOf.Add(-28 * day)
	for i := range f.account.Usage {
		u := &f.account.Usage[i]
		if u.At.After(f.asOf) {
			continue
		}
		t := find(u.Feature)
		if !u.At.Before(t.last.at) {
			t.last = fact{num: u.Value, isNum: true, at: u.At, state: u.State}
		}
		if u.State == "" && u.At.After(from) {
			t.sum, t.n = t.sum+u.Value, t.n+1
		}
	}
	held, applicable := 0.0, 0.0
	for i := range tallies {
		t := &tallies[i]
		t.last.name = "usage_" + t.feature
		f.add(t.last)
		if t.n > 0 && !t.last.at.IsZero() {
			f.number(t.last.name+"_28d", t.sum/float64(t.n), t.last.at)
		}
		if t.last.state == "" {
			applicable++
			if t.last.num > 0 {
				held++
			}
		}
	}
	if len(tallies) == 0 {
		return
	}
	f.derived("services_held", held)
	f.derived("services_applicable", applicable)
	seats := seatsAt(f.account, f.asOf) // those of the time, where contracts say; the profile's are today's
	if seats == 0 {
		seats = f.account.Seats
	}
	if active, ok := f.find("usage_active_users_28d"); ok && seats > 0 {
		f.number("active_share", active.num/seats, active.at)
	}
}

// surveys takes the latest answer of each respondent within 180 days.
func (f *facts) surveys() {
	from := f.asOf.Add(-180 * day)
	type answer struct{ instrument, respondent string }
	latest := make(map[answer]book.Survey)
	var order []answer
	for _, s := range f.account.Surveys {
		if s.At.After(f.asOf) || !s.At.After(from) {
			continue
		}
		k := answer{s.Instrument, s.Respondent}
		old, ok := latest[k]
		if !ok {
			order = append(order, k)
		}
		if !ok || !s.At.Before(old.At) {
			latest[k] = s
		}
	}
	for _, instrument := range []string{"nps", "csat", "ces"} {
		sum, n, at := 0.0, 0, time.Time{}
		for _, k := range order {
			if k.instrument != instrument {
				continue
			}
			s := latest[k]
			sum, n = sum+s.Score, n+1
			if s.At.After(at) {
				at = s.At
			}
		}
		if n > 0 {
			f.number(instrument, sum/float64(n), at)
		}
	}
}

func (f *facts) tickets() {
	if len(f.account.Tickets) == 0 {
		return
	}
	open, high := 0.0, 0.0
	from := f.asOf.Add(-90 * day)
	for _, k := range f.account.Tickets {
		if k.Opened.After(f.asOf) {
			continue
		}
		if k.Closed.IsZero() || k.Closed.After(f.asOf) {
			open++
		}
		if k.Severity == "high" && k.Opened.After(from) {
			high++
		}
	}
	f.number("tickets_open", open, f.asOf)
	f.number("tickets_high_90d", high, f.asOf)
}

func (f *facts) touches() {
	if len(f.account.Touches) == 0 {
		return
	}
	made, answered := 0.0, 0.0
	from := f.asOf.Add(-90 * day)
	for _, t := range f.account.Touches {
		if t.At.After(f.asOf) || !t.At.After(from) {
			continue
		}
		made++
		if !t.Answered.IsZero() && !t.Answered.After(f.asOf) {
			answered++
		}
	}
	f.number("touches_90d", made, f.asOf)
	f.number("answered_90d", answered, f.asOf)
}

func (f *facts) measured() {
	for _, m := range f.account.Measured {
		recorded := m.Recorded
		if recorded.IsZero() {
			recorded = m.At
		}
		if m.At.After(f.asOf) || recorded.After(f.asOf) {
			continue
		}
		if f.series == nil {
			f.series = make(map[string][]outcome.Measurement)
		}
		f.series[m.Measure] = append(f.series[m.Measure],
			outcome.Measurement{Measure: m.Measure, At: m.At, Value: m.Value, Recorded: recorded})
	}
}

// Reading implements health.Readings. Texts are no readings; yes and no are 1 and 0.
func (f *facts) Reading(measure string) (health.Reading, bool) {
	x, ok := f.find(measure)
	v, isNum := x.value()
	if !ok || x.state == book.Missing || x.state == "" && !isNum {
		return health.Reading{}, false
	}
	r := health.Reading{Value: v, At: x.at}
	switch x.state {
	case book.NotApplicable:
		r.State, r.Why = health.NotApplicable, "does not apply to this customer"
	case book.Failed:
		r.State, r.Why = health.Failed, "could not be read"
	}
	return r, true
}

// Signal implements journey.Signals.
func (f *facts) Signal(name string) (journey.Signal, bool) {
	r, ok := f.Reading(name)
	return journey.Signal{Value: r.Value, At: r.At, State: journey.State(r.State), Why: r.Why}, ok
}

// Measurement implements outcome.Series.
func (f *facts) Measurement(measure string) ([]outcome.Measurement, bool) {
	s, ok := f.series[measure]
	return s, ok
}

// Fact implements segment.Facts.
func (f *facts) Fact(attribute string) (segment.Value, bool) {
	x, ok := f.find(attribute)
	switch {
	case !ok || x.state == book.Missing || x.state == book.NotApplicable:
		return segment.Null(), false
	case x.state == book.Failed:
		return segment.Failed("could not be read"), true
	case x.isNum:
		return segment.Number(x.num), true
	}
	return segment.Text(x.text), true
}

// Quantity implements ladder.Quantities: the latest at or before asOf.
func (f *facts) Quantity(name string) (ladder.Quantity, bool) {
	var best book.Value
	found := false
	for _, v := range f.account.Value {
		if v.Quantity == name && !v.At.After(f.asOf) && (!found || !v.At.Before(best.At)) {
			best, found = v, true
		}
	}
	if !found {
		return ladder.Quantity{}, false
	}
	return ladder.Quantity{Value: best.Value, At: best.At, Evidence: ladder.Evidence(best.Evidence)}, true
}

// value is the number of a fact, or of a yes or no.
func (x fact) value() (float64, bool) {
	if x.isNum {
		return x.num, true
	}
	switch strings.ToLower(x.text) {
	case "yes", "true":
		return 1, true
	case "no", "false":
		return 0, true
	}
	return 0, false
}

func textOf(f *facts, name string) string {
	x, _ := f.find(name)
	return x.text
}

func stateOf(f *facts, name string) book.State {
	x, _ := f.find(name)
	return x.state
}
