package survival

import (
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// flat is how near to a level a step counts as being on it, beyond the rounding of a million factors.
const flat = 1e-9

// A Range is an interval of times, of which an end may lie beyond what the observations reach.
type Range struct {
	Low, High           float64
	LowKnown, HighKnown bool // an end that is not known means nothing
}

// Quantile returns the time by which the share p, 0 < p ≤ 1, has ended: the first at which the curve falls to 1 − p or below.
// Where it stays on 1 − p for a while, it is the middle of that while; false where it was not reached.
func (c Curve) Quantile(p float64) (float64, bool) {
	return crossing(p, len(c.Steps), func(i int) (t, level float64, ok bool) {
		return c.Steps[i].Time, c.Steps[i].Survival, true
	})
}

// QuantileInterval returns the times at which the interval of the curve falls to 1 − p, by the same rule. It is undefined
// where p, the confidence or the scale is none.
func (c Curve) QuantileInterval(p, confidence float64, scale Scale) (r Range, ok bool) {
	z, ok := stat.CriticalZ(confidence)
	if !ok || !(p > 0 && p <= 1) || !scale.valid() {
		return Range{}, false
	}
	end := func(pick func(stat.Interval) float64) (float64, bool) {
		return crossing(p, len(c.Steps), func(i int) (t, level float64, ok bool) {
			limits, ok := c.Steps[i].limits(z, scale)
			return c.Steps[i].Time, pick(limits), ok
		})
	}
	r.Low, r.LowKnown = end(func(i stat.Interval) float64 { return i.Low })
	r.High, r.HighKnown = end(func(i stat.Interval) float64 { return i.High })
	return r, true
}

// crossing returns when a falling step function of n steps comes to 1 − p, as [Curve.Quantile] says. Steps that are not ok
// have no level.
func crossing(p float64, n int, step func(i int) (t, level float64, ok bool)) (float64, bool) {
	if !(p > 0 && p <= 1) {
		return 0, false
	}
	target := 1 - p
	began, on := 0.0, false // when the function came to lie on the target
	for i := range n {
		t, level, ok := step(i)
		switch {
		case !ok || level > target+flat, target == 0 && level > 0: // all or not all: no rounding makes it 0
		case target == 0, level < target-flat && !on:
			return t, true
		case level < target-flat:
			return middle(began, t), true
		case !on:
			began, on = t, true
		}
	}
	if !on {
		return 0, false
	}
	last, _, _ := step(n - 1)
	return middle(began, last), true
}

func middle(a, b float64) float64 { return a + (b-a)/2 }
