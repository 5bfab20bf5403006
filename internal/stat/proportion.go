package stat

import "math"

// An Interval is a closed range of values.
type Interval struct{ Low, High float64 }

// Wilson returns the score interval, within [0, 1], of the proportion behind successes of n trials. It has no continuity
// correction.
func Wilson(successes, n int, confidence float64) (Interval, bool) {
	z, ok := CriticalZ(confidence)
	if !ok || n <= 0 || successes < 0 || successes > n {
		return Interval{}, false
	}
	s, trials := float64(successes), float64(n)
	zz := float64(z * z)
	center := (s + zz/2) / (trials + zz)
	half := float64(z / (trials + zz) * math.Sqrt(float64(s/trials*(trials-s))+zz/4))
	i := Interval{Low: max(0, center-half), High: min(1, center+half)}
	if successes == 0 {
		i.Low = 0
	}
	if successes == n {
		i.High = 1
	}
	return i, true
}
