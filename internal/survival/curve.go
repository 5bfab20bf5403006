package survival

import (
	"cmp"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Step is what is known at one time at which observations ended.
type Step struct {
	Time     float64
	AtRisk   int // under watch just before Time
	Events   int // that ended at Time, by any cause
	Censored int // that were last seen at Time, still going
	Survival float64
	Hazard   float64 // cumulative, by Nelson and Aalen

	variance       float64 // of log Survival, by Greenwood; +Inf from where Survival is 0
	hazardVariance float64
}

// SE returns the standard error of Survival by Greenwood's formula; it is undefined where Survival is 0.
func (s Step) SE() (float64, bool) {
	if s.Survival == 0 {
		return 0, false
	}
	return s.Survival * math.Sqrt(s.variance), true
}

// HazardSE returns the standard error of Hazard.
func (s Step) HazardSE() float64 { return math.Sqrt(s.hazardVariance) }

// Interval returns the pointwise interval of Survival; it is undefined where Survival is 0 and, on the log-log scale, 1.
func (s Step) Interval(confidence float64, scale Scale) (stat.Interval, bool) {
	z, ok := stat.CriticalZ(confidence)
	if !ok {
		return stat.Interval{}, false
	}
	return s.limits(z, scale)
}

// limits returns the ends of the interval that reaches z standard errors away on scale.
func (s Step) limits(z float64, scale Scale) (stat.Interval, bool) {
	return limits(s.Survival, math.Sqrt(s.variance), z, scale)
}

// A Curve is the Kaplan–Meier estimate of the chance not to have ended by a time.
type Curve struct {
	N     int    // observations
	Steps []Step // one for each distinct time at which observations ended, in increasing order; read only

	entries []float64 // after the start, in increasing order
}

// KaplanMeier estimates the time to the end by any cause. A Curve without observations answers no question.
func KaplanMeier(obs []Observation) (Curve, error) {
	l, err := newTimeline(obs, pooled)
	if err != nil {
		return Curve{}, err
	}
	c := Curve{N: l.n, Steps: make([]Step, 0, l.most()), entries: l.entries}
	survival := newProduct()
	var last Step
	for t, ok := l.peek(); ok; t, ok = l.peek() {
		atRisk, ended := l.take(t)
		s := Step{
			Time: t, AtRisk: atRisk, Censored: ended[0], Events: ended[1],
			Hazard: last.Hazard, variance: last.variance, hazardVariance: last.hazardVariance,
		}
		survival.fall(atRisk, s.Events)
		s.Survival = survival.value
		n, d := float64(atRisk), float64(s.Events)
		s.variance += d / n / (n - d) // 0 or +Inf where all of them ended
		s.Hazard += d / n
		s.hazardVariance += d / n / n
		c.Steps = append(c.Steps, s)
		last = s
	}
	return c, nil
}

// at returns the number of steps up to t, and whether t is within what the curve knows: from 0 to its last step, and
// beyond it once all have ended.
func (c Curve) at(t float64) (steps int, ok bool) {
	if !(t >= 0) || len(c.Steps) == 0 {
		return 0, false
	}
	i, found := slices.BinarySearchFunc(c.Steps, t, func(s Step, t float64) int { return cmp.Compare(s.Time, t) })
	if found {
		i++
	}
	last := c.Steps[len(c.Steps)-1]
	return i, t <= last.Time || last.Survival == 0
}

// Survival returns the chance not to have ended by t. Beyond the last step, unless all have ended by it, the answer is
// unknown: ok is false and p is the last value known, which the chance doesn't exceed.
func (c Curve) Survival(t float64) (p float64, ok bool) {
	i, ok := c.at(t)
	if i == 0 {
		return 1, ok
	}
	return c.Steps[i-1].Survival, ok
}

// SE returns the standard error of [Curve.Survival]. As there, ok is false beyond the last step.
func (c Curve) SE(t float64) (se float64, ok bool) {
	i, ok := c.at(t)
	if i == 0 {
		return 0, ok
	}
	se, defined := c.Steps[i-1].SE()
	return se, ok && defined
}

// Interval returns the interval of [Curve.Survival]: that of the step at or before t and, by convention, [1, 1] before the
// first. As there, ok is false beyond the last step.
func (c Curve) Interval(t, confidence float64, scale Scale) (i stat.Interval, ok bool) {
	steps, ok := c.at(t)
	z, valid := stat.CriticalZ(confidence)
	if !valid || !scale.valid() {
		return stat.Interval{}, false
	}
	if steps == 0 {
		return stat.Interval{Low: 1, High: 1}, ok
	}
	i, defined := c.Steps[steps-1].limits(z, scale)
	return i, ok && defined
}

// AtRisk returns how many were under watch just before t, and at t = 0 all that were from the start.
func (c Curve) AtRisk(t float64) int {
	i, _ := slices.BinarySearchFunc(c.Steps, t, func(s Step, t float64) int { return cmp.Compare(s.Time, t) })
	if !(t >= 0) || i == len(c.Steps) {
		return 0
	}
	from, _ := slices.BinarySearch(c.entries, t)
	to, _ := slices.BinarySearch(c.entries, c.Steps[i].Time)
	return c.Steps[i].AtRisk - (to - from)
}
