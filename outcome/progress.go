package outcome

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// leastForecast is how many measurements a forecast needs.
const leastForecast = 5

// An evaluation is of one plan. What it keeps beside is room that the next plan may use again.
type evaluation struct {
	plan   *Plan
	series Series
	units  map[string]string
	asOf   time.Time

	x, y      []float64
	room      mean
	quantiles stat.Quantiles
}

func (e *evaluation) progress(o *Outcome) (Progress, error) {
	r := Progress{Outcome: o.ID, State: o.State, Level: e.level(o)}
	t := o.Target
	if t == nil {
		return r, nil
	}
	start, due := from(e.plan.Start, t), instant.Of(t.Due)
	if !due.IsZero() {
		whole := days(start, due)
		r.Expected, r.Timed = min(max(days(start, e.asOf)/whole, 0), 1), true
	}
	seen, err := e.seen(o)
	if err != nil {
		return Progress{}, err
	}
	if t.NoBase {
		r.Overdue = r.Timed && due.Before(e.asOf) && o.open()
		return r, nil
	}
	if seen = t.own(seen); t.Share != 0 && slices.ContainsFunc(seen, func(v Measurement) bool { return !finite(v.Value) }) {
		return Progress{}, e.wrong(t, "a value is out of all proportion to base %v and goal %v", t.Base, t.Goal)
	}
	counted := seen
	for len(counted) > 0 && instant.Of(counted[0].At).Before(start) {
		counted = counted[1:]
	}
	reached := false
	if n := len(counted); n > 0 {
		last := counted[n-1]
		r.Known, r.Value, r.At = true, last.Value, instant.Of(last.At)
		if r.Raw = t.attainment(last.Value); !finite(r.Raw) {
			return Progress{}, e.wrong(t, "the value %v at %s is out of all proportion to base %v and goal %v",
				last.Value, date(last.At), t.Base, t.Goal)
		}
		r.Clamped = min(max(r.Raw, 0), 1)
		reached = t.reached(last.Value)
		r.Lost = !reached && (o.State == Achieved && !r.At.Before(instant.Of(o.StateAt)) || anyReached(t, counted))
	}
	if due.After(e.asOf) {
		r.Required, r.Best, r.Rated = e.rates(t, seen, r)
		r.Forecast = e.forecast(counted, start, due)
	}
	r.Overdue = r.Timed && due.Before(e.asOf) && o.open() && !reached
	return r, nil
}

// open reports whether the outcome has not ended.
func (o *Outcome) open() bool {
	return o.State != Achieved && o.State != Missed && o.State != Abandoned
}

// level returns the verification that is in force.
func (e *evaluation) level(o *Outcome) Level {
	v := o.Verification
	at, until := instant.Of(v.At), instant.Of(v.Until)
	if at.After(e.asOf) || at.Before(o.since(e.plan)) || !until.IsZero() && !until.After(e.asOf) {
		return ""
	}
	return v.Level
}

// seen returns what was measured up to asOf.
func (e *evaluation) seen(o *Outcome) ([]Measurement, error) {
	if unit, ok := e.units[o.Target.Measure]; ok && unit != o.Target.Unit {
		return nil, e.wrong(o.Target, "is in %q, and the target of outcome %q in %q", unit, o.ID, o.Target.Unit)
	}
	if e.series == nil {
		return nil, nil
	}
	values, _ := e.series.Measurement(o.Target.Measure)
	n := 0
	var last time.Time
	for i := range values {
		if err := instant.Given(values[i].At); err != nil {
			return nil, e.wrong(o.Target, "the time of value %d %v", i, err)
		}
		at := instant.Of(values[i].At)
		if i > 0 && !at.After(last) {
			return nil, e.wrong(o.Target, "values are not in rising order: %s follows %s", date(at), date(last))
		}
		last = at
		if at.After(e.asOf) {
			continue
		}
		if !finite(values[i].Value) {
			return nil, e.wrong(o.Target, "the value at %s is %v", date(at), values[i].Value)
		}
		n++
	}
	return values[:n], nil
}

func (e *evaluation) wrong(t *Target, format string, args ...any) error {
	return &DataError{e.plan.Account, fmt.Sprintf("measure %q", t.Measure), fmt.Sprintf(format, args...)}
}

// attainment is 0 at the base and 1 at the goal, and a line through both. A value to be maintained has 1 up to the band
// and from there a line through 0 at twice the band.
func (t *Target) attainment(value float64) float64 {
	if t.Base != t.Goal {
		return (value - t.Base) / (t.Goal - t.Base)
	}
	away := math.Abs(value - t.Goal)
	if away <= t.Band {
		return 1
	}
	return 2 - away/t.Band
}

func (t *Target) reached(value float64) bool {
	switch {
	case t.Goal > t.Base:
		return value >= t.Goal
	case t.Goal < t.Base:
		return value <= t.Goal
	}
	return math.Abs(value-t.Goal) <= t.Band
}

func anyReached(t *Target, values []Measurement) bool {
	for i := range values {
		if t.reached(values[i].Value) {
			return true
		}
	}
	return false
}

// rates returns the rate that it takes from now on and the best there was. Between neighbours lies the best, since the
// rate between others is a weighted mean of those in between. A value to be maintained has no rate.
func (e *evaluation) rates(t *Target, seen []Measurement, now Progress) (required, best float64, ok bool) {
	if !now.Known || len(seen) < 2 || t.maintained() {
		return 0, 0, false
	}
	towards := 1.0
	if t.Goal < t.Base {
		towards = -1
	}
	if !t.reached(now.Value) {
		required = math.Abs(t.Goal-now.Value) / days(e.asOf, t.Due)
	}
	best = math.Inf(-1)
	for i := 1; i < len(seen); i++ {
		rate := (seen[i].Value - seen[i-1].Value) / days(seen[i-1].At, seen[i].At)
		best = max(best, towards*rate)
	}
	if !finite(required) || !finite(best) {
		return 0, 0, false
	}
	return required, best, true
}

// forecast extends the line through what was measured since the start to the due date.
func (e *evaluation) forecast(values []Measurement, start, due time.Time) Forecast {
	f := Forecast{N: len(values)}
	if f.N < leastForecast {
		return f
	}
	e.x, e.y = e.x[:0], e.y[:0]
	for i := range values {
		e.x, e.y = append(e.x, days(start, values[i].At)), append(e.y, values[i].Value)
	}
	line, ok := stat.OLS(e.x, e.y)
	if !ok {
		return f
	}
	at := days(start, due)
	interval, ok := e.quantiles.Prediction(line, at)
	if !ok || !finite(line.At(at)) {
		return f
	}
	f.Known, f.Value, f.Low, f.High = true, line.At(at), interval.Low, interval.High
	return f
}

// days returns the time from one instant to another in days of 24 hours.
func days(from, to time.Time) float64 {
	const day = 24 * 60 * 60 * 1e6 // microseconds
	return float64(instant.Micros(to)-instant.Micros(from)) / day
}
