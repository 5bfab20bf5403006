package pace

import (
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Group is a sample by its name: a cohort to compare, such as accounts signed in one quarter, or a phase.
type Group struct {
	Name   string
	Sample *Sample
}

// estimates estimates from groups that are asked about a number of days.
func estimates(groups []Group, days float64, o Options) ([]*Curve, error) {
	if !(days > 0 && days <= maxDays) {
		return nil, argument("days", "%v is not above 0 and up to %d", days, maxDays)
	}
	curves := make([]*Curve, len(groups))
	for i, g := range groups {
		if g.Sample == nil {
			return nil, argument(fmt.Sprintf("group %q", g.Name), "has no sample")
		}
		var err error
		if curves[i], err = g.Sample.Estimate(o); err != nil {
			return nil, err
		}
	}
	return curves, nil
}

// A Comparison says whether and by how much cohorts differ; it does not say why.
type Comparison struct {
	Kind      journey.MoveKind `json:"kind"`       // the ends that ChiSquare and Share are about
	Days      float64          `json:"days"`       // that means and shares are restricted to
	Start     float64          `json:"start"`      // day that the comparison starts on: of stays that lasted that long
	Sides     []Side           `json:"sides"`      // in the order given
	ChiSquare float64          `json:"chi_square"` // of the log-rank test, ends of other kinds being censored
	DF        int              `json:"df"`         // degrees of freedom of ChiSquare
	P         *float64         `json:"p"`          // nil: no two cohorts were at risk together at an end
}

// A Side is one cohort of a comparison. What it does not answer within the days is nil.
type Side struct {
	Name   string      `json:"name"`
	N      int         `json:"n"`      // stays compared
	Ended  int         `json:"ended"`  // of N, in the way compared
	Mean   *Mean       `json:"mean"`   // of the time until any end
	Share  *Share      `json:"share"`  // ended in the way compared by the last day
	Longer *Difference `json:"longer"` // Mean less that of the first cohort, in days
	Often  *Difference `json:"often"`  // Share less that of the first cohort
}

// A Difference is that of two estimates, with its interval by the normal distribution.
type Difference struct {
	Value float64 `json:"value"` // days, or a share of −1 to 1
	SE    float64 `json:"se"`    // standard error of Value
	Low   float64 `json:"low"`   // end of the interval
	High  float64 `json:"high"`  // end of the interval
	P     float64 `json:"p"`     // two-sided p-value of no difference
}

// Compare compares two or more cohorts over a number of days: their means restricted to them, the shares that ended in a
// way within them, and by the log-rank test, over all days, the rates at which they so end. Where stays came under watch
// late, all are compared from the latest start of them on. It returns a [DataError] for an argument that can't be.
func Compare(cohorts []Group, kind journey.MoveKind, days float64, o Options) (Comparison, error) {
	if len(cohorts) < 2 {
		return Comparison{}, argument("cohorts", "%d are below 2", len(cohorts))
	}
	curves, err := estimates(cohorts, days, o)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Kind: kind, Days: days}
	for _, curve := range curves {
		c.Start = max(c.Start, curve.start)
	}
	groups := make([][]survival.Observation, len(cohorts))
	for i, curve := range curves {
		if err := curve.startAt(c.Start); err != nil {
			return Comparison{}, err
		}
		groups[i] = curve.only(kind)
		c.Sides = append(c.Sides, curve.side(cohorts[i].Name, kind, days))
		if i > 0 {
			c.Sides[i].against(c.Sides[0], curves[0], curve, kind)
		}
	}
	test, err := survival.LogRank(groups, survival.LogRankWeight)
	if err != nil {
		return Comparison{}, fmt.Errorf("pace: %w", err)
	}
	c.ChiSquare, c.DF = test.ChiSquare, test.DF
	if p, ok := test.P(); ok {
		c.P = &p
	}
	return c, nil
}

// startAt makes the estimate one of the stays that lasted until a day.
func (c *Curve) startAt(day float64) (err error) {
	if !c.starts || day <= c.start {
		return nil
	}
	c.start, c.obs = day, survival.Landmark(c.obs, day)
	return c.estimate()
}

// only returns the observations with ends of other kinds censored.
func (c *Curve) only(kind journey.MoveKind) []survival.Observation {
	obs := slices.Clone(c.obs)
	cause := slices.Index(c.kinds, kind) + 1
	for i := range obs {
		if obs[i].Cause != cause {
			obs[i].Cause = 0
		}
	}
	return obs
}

func (c *Curve) side(name string, kind journey.MoveKind, days float64) Side {
	s := Side{Name: name, N: len(c.obs)}
	cause := slices.Index(c.kinds, kind) + 1
	for _, o := range c.obs {
		if cause > 0 && o.Cause == cause {
			s.Ended++
		}
	}
	if m, ok := c.Mean(days); ok {
		s.Mean = &m
	}
	if share, ok := c.Ended(kind, days); ok {
		s.Share = &share
	}
	return s
}

// against adds how a side differs from the first.
func (s *Side) against(first Side, a, b *Curve, kind journey.MoveKind) {
	if s.Mean != nil && first.Mean != nil {
		if d, ok := survival.MeanDifference(a.whole, b.whole, s.Mean.Until, b.options.Confidence); ok {
			s.Longer = &Difference{d.Value, d.SE, d.Interval.Low, d.Interval.High, d.P}
		}
	}
	if s.Share == nil || first.Share == nil {
		return
	}
	x, y := a.seOf(kind, s.Share.Day), b.seOf(kind, s.Share.Day)
	d := Difference{Value: s.Share.Value - first.Share.Value, SE: math.Sqrt(float64(x*x) + float64(y*y))}
	z, _ := stat.CriticalZ(b.options.Confidence)
	if x > 0 && y > 0 {
		half := float64(z * d.SE)
		d.Low, d.High, d.P = max(-1, d.Value-half), min(1, d.Value+half), 2*stat.NormalCDF(-math.Abs(d.Value/d.SE))
		s.Often = &d
	}
}

// seOf is the standard error of the share that ended in a way by a day; 0 where there is none.
func (c *Curve) seOf(kind journey.MoveKind, day float64) float64 {
	se, ok := c.parts.SE(slices.Index(c.kinds, kind)+1, day)
	if !ok || math.IsNaN(se) {
		return 0
	}
	return se
}
