package health

import (
	"cmp"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A moment is when an evaluation happens.
type moment struct {
	asOf  time.Time
	since time.Time     // zero: unknown
	age   time.Duration // of the account
}

// buffers hold the working of a small card without an allocation.
type buffers struct {
	leaves [24]leaf
	groups [8]tally
	order  [24]int32
}

// open returns an empty sheet over parts, which must have one for each measure.
func (m *Model) open(room *buffers, parts []Part) sheet {
	s := sheet{parts: parts, leaves: room.leaves[:], groups: room.groups[:]}
	if n := len(m.measures); n <= len(s.leaves) {
		s.leaves = s.leaves[:n]
	} else {
		s.leaves = make([]leaf, n)
	}
	if n := len(m.groups); n <= len(s.groups) {
		s.groups = s.groups[:n]
	} else {
		s.groups = make([]tally, n)
	}
	return s
}

// read checks the input at the door and fills the sheet's parts and leaves.
func (m *Model) read(s *sheet, in Input, asOf time.Time) error {
	if err := atDoor(in.Account, asOf); err != nil {
		return err
	}
	if err := instant.Check(in.Since); err != nil {
		return &DataError{Account: in.Account, Field: "start", Message: err.Error()}
	}
	s.asOf, s.since = instant.Of(asOf), instant.Of(in.Since)
	if s.since.After(s.asOf) {
		return &DataError{Account: in.Account, Field: "start", Message: "is after the as-of time"}
	}
	if !s.since.IsZero() {
		s.age = elapsed(s.since, s.asOf)
	}
	for i := range m.measures {
		x, p := &m.measures[i], &s.parts[i]
		p.Measure, p.Path = x.name, x.path
		p.Missing = true
		if in.Readings != nil {
			r, ok := in.Readings.Reading(x.name)
			if r.At = instant.Of(r.At); ok && !r.At.After(s.asOf) {
				if err := ident.Text(r.Why); err != nil {
					return &DataError{Account: in.Account, Field: fmt.Sprintf("measure %q", x.name), Message: "why " + err.Error()}
				}
				p.Missing = false
				p.Reading = r
				p.Reading.tidy()
			}
		}
		if !p.Reading.At.IsZero() {
			p.Age = Duration(elapsed(p.Reading.At, s.asOf))
		}
		l := &s.leaves[i]
		p.Why = x.enter(l, p, &s.moment)
		p.Liveness = l.known
	}
	return nil
}

// atDoor checks what every evaluation is asked for.
func atDoor(account string, asOf time.Time) error {
	if err := ident.Check(account); err != nil {
		return &DataError{Account: account, Field: "account", Message: err.Error()}
	}
	if err := instant.Given(asOf); err != nil {
		return &DataError{Account: account, Field: "as of", Message: err.Error()}
	}
	return nil
}

// tidy brings a reading to the form that is stored: one that can't be used has failed.
func (r *Reading) tidy() {
	bad := ""
	switch r.State {
	case "", Known, NotApplicable, Failed:
	default:
		bad = fmt.Sprintf("the state %q is unknown", check.Clip(string(r.State)))
	}
	if r.At.Before(time.Time{}) {
		r.At, bad = time.Time{}, "the time is before the year 1"
	}
	if bad != "" {
		r.State, r.Why = Failed, cmp.Or(r.Why, bad)
	}
	r.storable()
	r.Value += 0 // -0 becomes 0
}

// storable makes a reading without a finite value one that every store can keep: it has failed.
func (r *Reading) storable() {
	bad := notFinite(r.Value)
	if bad == "" {
		return
	}
	r.Value = 0
	if r.State == "" || r.State == Known {
		r.State, r.Why = Failed, cmp.Or(r.Why, bad)
	}
}

// notFinite says what keeps a number from being one, or "".
func notFinite(x float64) string {
	switch {
	case x-x == 0:
		return ""
	case x != x:
		return "is NaN"
	}
	return "is infinite"
}

// elapsed is the time from one instant to a later one, at most 292 years.
func elapsed(from, to time.Time) time.Duration { return to.Sub(from).Truncate(time.Microsecond) }

// enter evaluates one measure into an empty leaf, and returns the code of why it is not live.
func (x *measure) enter(l *leaf, p *Part, at *moment) (why Why) {
	if p.Reading.State == NotApplicable {
		l.fixed = true
		return WhyNotApplicable
	}
	if x.depends && at.since.IsZero() {
		l.fixed = true
		x.mix(l, 0, 0)
		return WhyNoAge
	}
	if at.age < x.notBefore {
		l.fixed = true
		return WhyTooYoung
	}
	points, live := 0.0, 0.0
	switch {
	case p.Missing:
		why = WhyMissing
	case p.Reading.State == Failed:
		why = WhyFailed
	default:
		if points, l.valued = x.curveAt(at).at(p.Reading.Value); l.valued {
			live, why = x.liveness(p)
		} else {
			why = WhyImpossible
		}
	}
	x.mix(l, points, live)
	return why
}

// liveness is 1 up to Fresh, falls linearly, and is 0 from Expire on.
func (x *measure) liveness(p *Part) (float64, Why) {
	switch age := time.Duration(p.Age); {
	case x.expire == 0:
		return 1, ""
	case p.Reading.At.IsZero():
		return 0, WhyUndated
	case age >= x.expire:
		return 0, WhyExpired
	case age <= x.fresh:
		return 1, ""
	default:
		return float64((x.expire - age).Microseconds()) / float64((x.expire - x.fresh).Microseconds()), ""
	}
}

// mix fills in a measure of which live parts are known, at points, and 1 - live parts are missing.
func (x *measure) mix(l *leaf, points, live float64) {
	known, gone := float64(live*points), 1-live
	l.known, l.points = live, points
	l.applies = true
	l.coverage = live
	l.low = known
	l.high = known + float64(gone*100)
	l.required = false
	switch x.policy {
	case Neutral:
		l.live = 1
		l.value = known + float64(gone*x.neutral)
	case Worst:
		l.live = 1
		l.value = known
	default:
		l.live = live
		l.value = points
		l.required = x.policy == Required && live == 0
	}
}

// curveAt returns the curve for an account of that age.
func (x *measure) curveAt(at *moment) *Curve {
	for i := range x.byAge {
		if at.age < time.Duration(x.byAge[i].Under) {
			return &x.byAge[i].Curve
		}
	}
	return &x.curve
}

// inForce returns a checked copy of the override in force at an instant, of those that have started by another, or nil.
func inForce(in Input, started, asOf time.Time) (*Override, error) {
	found := -1
	for i := range in.Overrides {
		o := &in.Overrides[i]
		from, until := instant.Of(o.From), instant.Of(o.Until)
		if from.After(started) || !until.After(asOf) && !until.IsZero() {
			continue
		}
		if why := o.problem(); why != "" {
			return nil, &DataError{Account: in.Account, Field: fmt.Sprintf("override %d", i), Message: why}
		}
		if found < 0 || !from.Before(instant.Of(in.Overrides[found].From)) {
			found = i
		}
	}
	if found < 0 {
		return nil, nil
	}
	o := in.Overrides[found]
	o.From, o.Until, o.Points = instant.Of(o.From), instant.Of(o.Until), grid(o.Points)
	return &o, nil
}

// problem says what is wrong with an override, or "".
func (o *Override) problem() string {
	if err := ident.Check(o.By); err != nil {
		return "author " + err.Error()
	}
	if err := ident.Text(o.Reason); err != nil {
		return "reason " + err.Error()
	}
	switch {
	case o.Reason == "":
		return "reason is empty"
	case o.Kind != OverrideValue && o.Kind != OverrideFloor && o.Kind != OverrideCap:
		return fmt.Sprintf("kind %q is none of value, floor, cap", check.Clip(string(o.Kind)))
	case !(o.Points >= 0 && o.Points <= 100):
		return fmt.Sprintf("%v points are outside of 0 to 100", o.Points)
	}
	if err := instant.Given(o.From); err != nil {
		return "from " + err.Error()
	}
	if err := instant.Given(o.Until); err != nil {
		return "until " + err.Error()
	}
	return ""
}

// apply returns what the override, if there is one, makes of a value.
func (o *Override) apply(v float64) float64 {
	if o == nil {
		return v
	}
	switch o.Kind {
	case OverrideFloor:
		return max(v, o.Points)
	case OverrideCap:
		return min(v, o.Points)
	}
	return o.Points
}
