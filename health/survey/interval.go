package survey

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// factor returns how many standard errors an interval with the given confidence reaches to either side, rounded beyond
// the digits in which platforms differ.
func (p precision) factor(confidence float64) (float64, bool) {
	if p.df == 0 {
		return normal(confidence)
	}
	t, ok := stat.TQuantile((1+confidence)/2, p.df)
	return math.Round(t*1e10) / 1e10, ok
}

// normal returns the normal quantile for an interval with the given confidence, rounded as factor is.
func normal(confidence float64) (float64, bool) {
	z, ok := stat.CriticalZ(confidence)
	return math.Round(z*1e12) / 1e12, ok
}

// interval returns the interval of the instrument's method and its middle, from which a difference starts.
func (t *tally) interval(p precision) (i *Interval, middle float64) {
	k, ok := p.factor(t.sample.Confidence)
	if !ok {
		return nil, 0
	}
	switch t.model.def.Method {
	case Net:
		return t.adjustedWald(p.effective, k)
	case TopBox:
		return t.wilson(p.effective, k), t.value
	}
	half := float64(k * math.Sqrt(p.se2))
	i = &Interval{StudentT, t.value - half, t.value + half}
	if i.Low == i.High {
		return nil, 0 // no width is no knowledge
	}
	return i, t.value
}

// plain returns value ± z·se.
func (t *tally) plain(p precision) *Interval {
	z, ok := normal(t.sample.Confidence)
	if !ok {
		return nil
	}
	half := float64(z * math.Sqrt(p.se2))
	return &Interval{Wald, t.value - half, t.value + half}
}

// adjustedWald adds ¾ to top and bottom and twice that to the middle. The middle of the interval is the adjusted value.
func (t *tally) adjustedWald(n, k float64) (*Interval, float64) {
	p := (float64(t.topShare*n) + 0.75) / (n + 3)
	d := (float64(t.downShare*n) + 0.75) / (n + 3)
	middle := p - d
	half := float64(k * math.Sqrt((p+d-float64(middle*middle))/(n+3)))
	return &Interval{AdjustedWald, middle - half, middle + half}, middle
}

// wilson is the score interval of a share. [stat.Wilson] takes whole numbers of trials.
func (t *tally) wilson(n, k float64) *Interval {
	share, kk := t.value, float64(k*k)
	center := (float64(share*n) + kk/2) / (n + kk)
	half := float64(k / (n + kk) * math.Sqrt(float64(n*share*(1-share))+kk/4))
	i := &Interval{Wilson, max(0, center-half), min(1, center+half)}
	if share <= 0 {
		i.Low = 0
	}
	if share >= 1 {
		i.High = 1
	}
	return i
}
