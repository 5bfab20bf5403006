package survival

import (
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// maxCauses bounds the memory that a number of causes can ask for.
const maxCauses = 100

// An Incidence is the Aalen–Johansen estimate of the chance to have ended by each of several causes that compete. Its slices
// are parallel to Times and read only.
type Incidence struct {
	N        int       // observations
	Times    []float64 // the distinct times at which observations ended, in increasing order
	AtRisk   []int     // under watch just before the time
	Censored []int     // last seen at the time, still going
	Survival []float64 // chance not to have ended by any cause
	ByCause  []Course  // cause 1 first
}

// A Course is the incidence of one cause over the times of an [Incidence].
type Course struct {
	Events     []int     // that ended at the time by this cause
	Cumulative []float64 // chance to have ended by this cause
	Variance   []float64 // of Cumulative, by Aalen
}

// AalenJohansen estimates the incidence of causes 1 to causes; the cumulative incidences and the survival sum to 1.
// An Incidence without observations answers no question.
func AalenJohansen(obs []Observation, causes int) (Incidence, error) {
	if causes < 1 || causes > maxCauses {
		return Incidence{}, fmt.Errorf("survival: %d causes are not within 1 to %d", causes, maxCauses)
	}
	l, err := newTimeline(obs, causes)
	if err != nil {
		return Incidence{}, err
	}
	x := newIncidence(l.n, causes, l.most())
	spreads := make([]spread, causes)
	incidences := make([]float64, causes)
	survival := newProduct()
	for t, ok := l.peek(); ok; t, ok = l.peek() {
		atRisk, ended := l.take(t)
		all := 0
		for _, d := range ended[1:] {
			all += d
		}
		before := survival.value
		survival.fall(atRisk, all)
		x.Times = append(x.Times, t)
		x.AtRisk = append(x.AtRisk, atRisk)
		x.Censored = append(x.Censored, ended[0])
		x.Survival = append(x.Survival, survival.value)
		for j := range x.ByCause {
			d := ended[j+1]
			incidences[j] += float64(before * float64(d) / float64(atRisk))
			spreads[j].move(before, atRisk, d, all-d)
			c := &x.ByCause[j]
			c.Events = append(c.Events, d)
			c.Cumulative = append(c.Cumulative, incidences[j])
			c.Variance = append(c.Variance, spreads[j].incidence)
		}
	}
	return x, nil
}

// newIncidence has room for most times.
func newIncidence(n, causes, most int) Incidence {
	x := Incidence{
		N: n, Times: make([]float64, 0, most), AtRisk: make([]int, 0, most), Censored: make([]int, 0, most),
		Survival: make([]float64, 0, most), ByCause: make([]Course, causes),
	}
	for j := range x.ByCause {
		x.ByCause[j] = Course{
			Events: make([]int, 0, most), Cumulative: make([]float64, 0, most), Variance: make([]float64, 0, most),
		}
	}
	return x
}

// A spread holds the variances and the covariance of the incidence of one cause and the survival, carried from step to step
// through F' = F + S·a and S' = S·(1 − a − b), where the hazards a of this cause and b of the others are independent.
// It sums to Aalen's formula, without its cancellation.
type spread struct{ incidence, both, survival float64 }

// move takes in that own of atRisk ended by the cause and others by another one, the survival being s before.
func (v *spread) move(s float64, atRisk, own, others int) {
	if s == 0 || own+others == 0 {
		return
	}
	n := float64(atRisk)
	a := float64(own) / n
	keep := float64(atRisk-own-others) / n
	ss := float64(s * s)
	va, vb := hazardVariance(own, n), hazardVariance(others, n)
	v.incidence += float64(2*a*v.both) + float64(a*a*v.survival) + float64(ss*va)
	v.both = float64(keep*(v.both+float64(a*v.survival))) - float64(ss*va)
	v.survival = float64(keep*keep*v.survival) + float64(ss*(va+vb))
}

// hazardVariance is that of the share d of n, with the correction for ties: d(n−d)/(n−1) over n², and d/n² for one.
func hazardVariance(ended int, n float64) float64 {
	d := float64(ended)
	if ended > 1 {
		d = float64(d * ((n - d) / (n - 1)))
	}
	return d / n / n
}

// at is as for a [Curve].
func (x Incidence) at(t float64) (steps int, ok bool) {
	if !(t >= 0) || len(x.Times) == 0 {
		return 0, false
	}
	i, found := slices.BinarySearch(x.Times, t)
	if found {
		i++
	}
	last := len(x.Times) - 1
	return i, t <= x.Times[last] || x.Survival[last] == 0
}

// course returns a cause, from 1.
func (x Incidence) course(cause int) (Course, bool) {
	if cause < 1 || cause > len(x.ByCause) {
		return Course{}, false
	}
	return x.ByCause[cause-1], true
}

// Waiting returns the chance not to have ended by t, by any cause. Beyond the last time, unless all have ended by it, ok is
// false and p the last value known, which the chance doesn't exceed.
func (x Incidence) Waiting(t float64) (p float64, ok bool) {
	i, ok := x.at(t)
	if i == 0 {
		return 1, ok
	}
	return x.Survival[i-1], ok
}

// Cumulative returns the chance to have ended by t through cause. Beyond the last time, unless all have ended by it, ok is
// false and p the last value known, below which the chance isn't.
func (x Incidence) Cumulative(cause int, t float64) (p float64, ok bool) {
	c, known := x.course(cause)
	i, ok := x.at(t)
	if !known || i == 0 {
		return 0, ok && known
	}
	return c.Cumulative[i-1], ok
}

// SE returns the standard error of [Incidence.Cumulative].
func (x Incidence) SE(cause int, t float64) (se float64, ok bool) {
	c, known := x.course(cause)
	i, ok := x.at(t)
	if !known || i == 0 {
		return 0, ok && known
	}
	return math.Sqrt(c.Variance[i-1]), ok
}

// Interval returns the pointwise interval of [Incidence.Cumulative]; it is undefined before the first end by cause, where
// nothing bounds the chance from above, and where all have ended by it.
func (x Incidence) Interval(cause int, t, confidence float64, scale Scale) (i stat.Interval, ok bool) {
	c, known := x.course(cause)
	steps, ok := x.at(t)
	z, valid := stat.CriticalZ(confidence)
	if !known || !valid || steps == 0 {
		return stat.Interval{}, false
	}
	i, defined := c.limits(steps-1, z, scale)
	return i, ok && defined
}

func (c Course) limits(i int, z float64, scale Scale) (stat.Interval, bool) {
	p := c.Cumulative[i]
	if p == 0 {
		return stat.Interval{}, false
	}
	return limits(p, math.Sqrt(c.Variance[i])/p, z, scale)
}

// Quantile returns the time by which the share p of all, 0 < p ≤ 1, has ended through cause, by the rule of [Curve.Quantile];
// false where the incidence did not reach it, which need not be for lack of time.
func (x Incidence) Quantile(cause int, p float64) (float64, bool) {
	c, ok := x.course(cause)
	if !ok {
		return 0, false
	}
	return crossing(p, len(x.Times), func(i int) (t, level float64, ok bool) {
		return x.Times[i], 1 - c.Cumulative[i], true
	})
}

// QuantileInterval returns the times at which the interval of the incidence of cause reaches p, by the same rule. It is undefined
// where the cause, p, the confidence or the scale is none.
func (x Incidence) QuantileInterval(cause int, p, confidence float64, scale Scale) (r Range, ok bool) {
	c, known := x.course(cause)
	z, ok := stat.CriticalZ(confidence)
	if !ok || !known || !(p > 0 && p <= 1) || !scale.valid() {
		return Range{}, false
	}
	end := func(pick func(stat.Interval) float64) (float64, bool) {
		return crossing(p, len(x.Times), func(i int) (t, level float64, ok bool) {
			limits, ok := c.limits(i, z, scale)
			return x.Times[i], 1 - pick(limits), ok
		})
	}
	r.Low, r.LowKnown = end(func(i stat.Interval) float64 { return i.High })
	r.High, r.HighKnown = end(func(i stat.Interval) float64 { return i.Low })
	return r, true
}
