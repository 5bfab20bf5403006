package survival

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// RestrictedMean returns the mean time to the end or to tau > 0, whichever is first, which is the area under the curve up to
// tau, with its standard error. It is undefined beyond the last step, unless all have ended by it.
func (c Curve) RestrictedMean(tau float64) (mean, se float64, ok bool) {
	steps, ok := c.at(tau)
	if !ok || tau == 0 || math.IsInf(tau, 1) {
		return 0, 0, false
	}
	variance, end := 0.0, tau
	for i := steps - 1; i >= 0; i-- {
		s := c.Steps[i]
		mean += float64(s.Survival * (end - s.Time)) // the area from s.Time to tau
		end = s.Time
		if s.Survival > 0 {
			n, d := float64(s.AtRisk), float64(s.Events)
			variance += float64(mean * mean * (d / n / (n - d)))
		}
	}
	mean += end
	return mean, math.Sqrt(variance), variance <= math.MaxFloat64
}

// A Difference is that of two estimates, the second less the first.
type Difference struct {
	Value    float64
	SE       float64
	Interval stat.Interval // of Value
	Z        float64       // Value over SE
	P        float64       // two-sided p-value of no difference, by the normal distribution
}

// MeanDifference compares the restricted means of two independent groups up to tau. It is undefined where one of the means is
// or where neither has a standard error.
func MeanDifference(first, second Curve, tau, confidence float64) (Difference, bool) {
	mean1, se1, ok1 := first.RestrictedMean(tau)
	mean2, se2, ok2 := second.RestrictedMean(tau)
	z, ok := stat.CriticalZ(confidence)
	d := Difference{Value: mean2 - mean1, SE: math.Sqrt(float64(se1*se1) + float64(se2*se2))}
	if !ok || !ok1 || !ok2 || !(d.SE > 0 && d.SE <= math.MaxFloat64) {
		return Difference{}, false
	}
	d.Z = d.Value / d.SE
	d.P = 2 * stat.NormalCDF(-math.Abs(d.Z))
	half := float64(z * d.SE)
	d.Interval = stat.Interval{Low: d.Value - half, High: d.Value + half}
	return d, true
}
