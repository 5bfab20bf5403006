package pace

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey"
)

// Options say how stays are estimated. The zero value is the default.
type Options struct {
	Class      string  // the accounts that the stays are of, in words, such as "growth accounts in Europe"; [Curve.Odds] needs it
	AtRisk     int     // stays at risk from which an estimate starts, where accounts came under watch late; 0: 10
	Minimum    int     // stays at risk from which odds are told; 0: 20
	Confidence float64 // of intervals, above 0 and below 1; 0: 0.95
}

func (o Options) complete() (Options, error) {
	if o.AtRisk == 0 {
		o.AtRisk = 10
	}
	if o.Minimum == 0 {
		o.Minimum = 20
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	switch {
	case o.AtRisk < 1:
		return o, argument("at risk", "%d is below 1", o.AtRisk)
	case o.Minimum < 1:
		return o, argument("minimum", "%d is below 1", o.Minimum)
	case !(o.Confidence > 0 && o.Confidence < 1):
		return o, argument("confidence", "%v is not between 0 and 1", o.Confidence)
	}
	return o, nil
}

// A Curve is the estimate of how stays last and end. Times are days since the stay began. Every question has false as its
// last result where the stays don't answer it. It is immutable.
type Curve struct {
	options Options
	n       int
	ended   int
	unknown int
	starts  bool
	start   float64
	obs     []survival.Observation // in order of time, from start on; causes are those of kinds
	kinds   []journey.MoveKind     // that stays ended by, in order of bytes
	whole   survival.Curve
	parts   survival.Incidence
}

// mostStays bounds the memory of an estimate.
const mostStays = 100_000_000

// Estimate estimates from the stays added so far. With accounts that came under watch late it starts where Options.AtRisk are at
// risk, if that is ever so. It takes memory in proportion to the stays. It returns a [DataError] for an option that can't be, and
// a [RefusedError] with rule "too_many" over 100 million stays.
func (s *Sample) Estimate(o Options) (*Curve, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	if s.n > mostStays {
		return nil, &RefusedError{"too_many", fmt.Sprintf("the sample has %d stays", s.n), fmt.Sprintf("at most %d", mostStays)}
	}
	c := &Curve{options: o, n: int(s.n), ended: int(s.ended), unknown: int(s.unknown), starts: true}
	for _, e := range s.ends {
		if e.ended && !slices.Contains(c.kinds, e.kind) {
			c.kinds = append(c.kinds, e.kind)
		}
	}
	slices.Sort(c.kinds)
	s.sort()
	c.obs = s.observations(func(e end) int { return slices.Index(c.kinds, e.kind) + 1 })
	if slices.ContainsFunc(c.obs, func(o survival.Observation) bool { return o.Entry > 0 }) {
		if c.start, c.starts, err = survival.FirstAtRisk(c.obs, o.AtRisk); err != nil {
			return nil, fmt.Errorf("pace: estimate: %w", err)
		}
		c.obs = survival.Landmark(c.obs, c.start)
	}
	if !c.starts {
		c.obs = nil
	}
	return c, c.estimate()
}

// estimate estimates from the observations.
func (c *Curve) estimate() (err error) {
	if c.whole, err = survival.KaplanMeier(c.obs); err != nil {
		return fmt.Errorf("pace: estimate: %w", err)
	}
	if c.parts, err = survival.AalenJohansen(c.obs, max(1, len(c.kinds))); err != nil {
		return fmt.Errorf("pace: estimate: %w", err)
	}
	return nil
}

// Kinds returns the ways in which stays ended, in the order of their bytes.
func (c *Curve) Kinds() []journey.MoveKind { return slices.Clone(c.kinds) }

// Start returns the day that the estimate starts on: what it says is of stays that lasted that long. It is false
// where never enough were at risk; nothing is then known.
func (c *Curve) Start() (day float64, ok bool) { return c.start, c.starts }

// A Share is a chance by a day, with its pointwise interval.
type Share struct {
	Day    float64 `json:"day"`     // since the stay began
	Value  float64 `json:"value"`   // 0 to 1
	Low    float64 `json:"low"`     // end of the interval
	High   float64 `json:"high"`    // end of the interval
	AtRisk int     `json:"at_risk"` // stays that had not ended, and were watched, just before the day
}

// Lasting returns the chance that a stay has not ended by a day.
func (c *Curve) Lasting(day float64) (Share, bool) {
	p, ok := c.whole.Survival(day)
	if !ok || day < c.start {
		return Share{}, false
	}
	i, ok := c.whole.Interval(day, c.options.Confidence, survival.LogLog)
	return c.share(day, p, i, ok), true
}

// Ended returns the chance that a stay has ended in a way by a day, the other ways competing.
func (c *Curve) Ended(kind journey.MoveKind, day float64) (Share, bool) {
	if _, ok := c.parts.Cumulative(1, day); !ok || day < c.start {
		return Share{}, false
	}
	cause := slices.Index(c.kinds, kind) + 1
	if cause == 0 {
		return c.share(day, 0, stat.Interval{}, false), true
	}
	p, _ := c.parts.Cumulative(cause, day)
	i, ok := c.parts.Interval(cause, day, c.options.Confidence, survival.LogLog)
	return c.share(day, p, i, ok), true
}

// share completes a share with what is at risk, and with bounds for as many stays as ended by the day or were at risk after.
func (c *Curve) share(day, p float64, i stat.Interval, ok bool) Share {
	known := 0
	for _, step := range c.whole.Steps {
		if step.Time > day {
			known += step.AtRisk
			break
		}
		known += step.Events
	}
	i = c.bounds(p, i, ok, known)
	return Share{Day: day, Value: p, Low: i.Low, High: i.High, AtRisk: c.whole.AtRisk(day)}
}

// bounds returns the interval of p, and where that has no variance, as before the first end, Wilson's for so many stays.
func (c *Curve) bounds(p float64, i stat.Interval, ok bool, known int) stat.Interval {
	if ok && i.Low < i.High {
		return i
	}
	w, ok := stat.Wilson(int(math.Round(float64(p*float64(known)))), known, c.options.Confidence)
	if !ok {
		return stat.Interval{Low: 0, High: 1}
	}
	return stat.Interval{Low: min(w.Low, p), High: max(w.High, p)}
}

// A Quantile is the day by which a share of all stays has ended, with its interval. What was not reached is nil.
type Quantile struct {
	Share float64  `json:"share"` // of all stays; above 0, up to 1
	Day   *float64 `json:"day"`   // since the stay began
	Low   *float64 `json:"low"`   // the earliest day within the interval
	High  *float64 `json:"high"`  // the latest day within the interval
}

// Quantile returns the day by which the share p of all stays had ended in a way: by the cumulative incidence, so that
// a share that is never reached has none. Where the share stays exactly p for a while, it is the middle of that while.
// It is false where p is not above 0 and up to 1.
func (c *Curve) Quantile(kind journey.MoveKind, p float64) (Quantile, bool) {
	q := Quantile{Share: p}
	cause := slices.Index(c.kinds, kind) + 1
	if cause == 0 || !c.starts {
		return q, p > 0 && p <= 1
	}
	r, ok := c.parts.QuantileInterval(cause, p, c.options.Confidence, survival.LogLog)
	day, reached := c.parts.Quantile(cause, p)
	q.fill(day, reached, r)
	return q, ok
}

// AnyQuantile is [Curve.Quantile] of ends of all kinds, by Kaplan and Meier's estimate.
func (c *Curve) AnyQuantile(p float64) (Quantile, bool) {
	q := Quantile{Share: p}
	r, ok := c.whole.QuantileInterval(p, c.options.Confidence, survival.LogLog)
	day, reached := c.whole.Quantile(p)
	q.fill(day, reached, r)
	return q, ok
}

func (q *Quantile) fill(day float64, reached bool, r survival.Range) {
	if reached {
		q.Day = &day
	}
	if r.LowKnown {
		q.Low = &r.Low
	}
	if r.HighKnown {
		q.High = &r.High
	}
}

// A Mean is a restricted mean: how many days a stay lasts, or Until where it lasts longer.
type Mean struct {
	Until float64 `json:"until"` // days since the stay began
	Days  float64 `json:"days"`  // 0 to Until
	SE    float64 `json:"se"`    // standard error of Days
	Low   float64 `json:"low"`   // end of the interval, by the normal distribution
	High  float64 `json:"high"`  // end of the interval
}

// Mean returns the mean restricted to a number of days. Of an estimate that starts late it holds for stays that got there.
func (c *Curve) Mean(until float64) (Mean, bool) {
	mean, se, ok := c.whole.RestrictedMean(until)
	z, valid := stat.CriticalZ(c.options.Confidence)
	if !ok || !valid || until <= c.start {
		return Mean{}, false
	}
	half := float64(z * se)
	return Mean{Until: until, Days: mean, SE: se, Low: max(0, mean-half), High: min(until, mean+half)}, true
}

// A Step is what happened on a day on which stays ended or were last watched.
type Step struct {
	Day      float64 `json:"day"`      // since the stay began
	AtRisk   int     `json:"at_risk"`  // just before
	Ended    int     `json:"ended"`    // on the day, in any way
	Censored int     `json:"censored"` // last watched on the day
	Lasting  float64 `json:"lasting"`  // chance not to have ended by then
	SE       float64 `json:"se"`       // of Lasting, by Greenwood; 0 where Lasting is 0
}

// Steps returns the days on which something happened, in order.
func (c *Curve) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for _, s := range c.whole.Steps {
			se, _ := s.SE()
			if !yield(Step{s.Time, s.AtRisk, s.Events, s.Censored, s.Survival, se}) {
				return
			}
		}
	}
}
