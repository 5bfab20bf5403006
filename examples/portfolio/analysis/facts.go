package analysis

import (
	"math"
	"strings"
	"time"

	"github.com/shopspring/decimal"

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
	known   []fact // few enough to be searched one by one
	series  map[string][]outcome.Measurement
}

// read gathers what is known of an account as of an instant. With dated unset, undated rows are current and have no age.
func read(a *book.Account, asOf time.Time, dated bool) *facts {
	f := &facts{account: a, asOf: asOf, dated: dated, known: make([]fact, 0, 40)}
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

func (f *facts) profile() {
	a := f.account
	switch {
	case !a.Since.IsZero() && !a.Since.After(f.asOf):
		f.number("tenure_months", math.Floor(float64(f.asOf.Sub(a.Since)/day)/30.4375), time.Time{})
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

// annual is a contract's amount a year. A term's is its amount over its length in years of 365.25 days, which is rounded
// where that makes it a quarter, a half, three quarters or whole years.
func annual(c book.Contract) decimal.Decimal {
	switch c.Per {
	case "year":
		return c.Amount
	case "term":
		days := int64(c.To.Sub(c.From) / day)
		if days <= 0 {
			return decimal.Decimal{}
		}
		switch hundredths := int64(math.Round(float64(days) / 3.6525)); hundredths {
		case 25, 50, 75, 100, 200, 300, 400, 500, 600:
			return c.Amount.Mul(decimal.NewFromInt(100)).DivRound(decimal.NewFromInt(hundredths), 12)
		}
		return c.Amount.Mul(decimal.New(36525, -2)).DivRound(decimal.NewFromInt(days), 12)
	}
	return c.Amount.Mul(decimal.NewFromInt(12))
}

// monthly is a contract's amount a month.
func monthly(c book.Contract) decimal.Decimal {
	if c.Per == "month" {
		return c.Amount
	}
	return annual(c).DivRound(decimal.NewFromInt(12), 6)
}

// runs says whether a contract runs as of an instant. One without dates always does.
func runs(c book.Contract, asOf time.Time) bool {
	return !c.From.After(asOf) && (c.To.IsZero() || c.To.After(asOf))
}

// recurring is the recurring revenue a month as of an instant.
func recurring(a *book.Account, asOf time.Time) (sum decimal.Decimal, running int) {
	for _, c := range a.Contracts {
		if runs(c, asOf) {
			sum = sum.Add(monthly(c))
			running++
		}
	}
	return sum, running
}

// renewal is when the contract that runs as of an instant ends; zero where that is not known.
func renewal(a *book.Account, asOf time.Time) time.Time {
	var end time.Time
	for _, c := range a.Contracts {
		if runs(c, asOf) && c.To.After(end) {
			end = c.To
		}
	}
	return end
}

func (f *facts) contracts() {
	a := f.account
	begun, last := 0, -1
	for i, c := range a.Contracts {
		if !c.From.After(f.asOf) {
			begun, last = begun+1, i
		}
	}
	if last < 0 { // before the first contract that is known, nothing is known of any
		return
	}
	sum, running := recurring(a, f.asOf)
	m := sum.InexactFloat64()
	f.number("monthly", m, time.Time{})
	f.number("annual", 12*m, time.Time{})
	f.number("contracts", float64(running), time.Time{})
	c := a.Contracts[last]
	if c.Term != "" {
		f.add(fact{name: "contract_term", text: c.Term})
		if months, ok := map[string]float64{"month-to-month": 1, "one year": 12, "two year": 24, "three year": 36}[c.Term]; ok {
			f.number("commitment_months", months, time.Time{})
		}
	}
	if end := renewal(a, f.asOf); !end.IsZero() {
		f.number("days_to_renewal", float64(end.Sub(f.asOf)/day), time.Time{})
	}
	if c.From.IsZero() {
		return
	}
	f.number("renewals", float64(begun-1), time.Time{})
	f.number("commitment_months", math.Round(float64(c.To.Sub(c.From)/day)/30.4375), time.Time{})
	before := f.asOf.AddDate(-1, 0, 0)
	if was, _ := recurring(a, before); was.IsPositive() {
		change, _ := sum.Sub(was).DivRound(was, 6).Float64()
		f.number("revenue_change_12m", change, time.Time{})
	}
	if begun > 1 {
		gap := c.From.Sub(a.Contracts[last-1].To) / day
		f.number("gap_days", math.Max(float64(gap), 0), time.Time{})
	}
	if seats, was := seatsAt(a, f.asOf), seatsAt(a, before); seats > 0 {
		f.number("seats", seats, time.Time{})
		if was > 0 {
			f.number("seat_change_12m", seats/was-1, time.Time{})
		}
	}
}

func seatsAt(a *book.Account, asOf time.Time) (seats float64) {
	for _, c := range a.Contracts {
		if runs(c, asOf) {
			seats += c.Seats
		}
	}
	return seats
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
	f.number("services_held", held, time.Time{})
	f.number("services_applicable", applicable, time.Time{})
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
