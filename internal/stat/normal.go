package stat

import "math"

// NormalCDF returns the probability that a standard normal variable is at most x; 1 − NormalCDF(x) is NormalCDF(−x),
// without loss in the tail. NaN gives NaN.
func NormalCDF(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

// NormalQuantile returns the x with NormalCDF(x) = p, 1e-307 ≤ p < 1, to a relative 1e-12. Below that
// probabilities themselves lose digits.
func NormalQuantile(p float64) (float64, bool) {
	if !(p >= 1e-307 && p < 1) {
		return 0, false
	}
	tail := min(p, 1-p)
	if tail > 0.075 {
		return math.Sqrt2 * math.Erfinv(2*p-1), true
	}
	// Abramowitz and Stegun 26.2.23 is within 4.5e-4; two steps of Halley's method triple its digits twice.
	t := math.Sqrt(-2 * math.Log(tail))
	above := 2.515517 + float64(t*(0.802853+float64(t*0.010328)))
	below := 1 + float64(t*(1.432788+float64(t*(0.189269+float64(t*0.001308)))))
	x := above/below - t
	for range 2 {
		density := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
		step := (NormalCDF(x) - tail) / density
		x -= step / (1 + float64(step*x)/2)
	}
	if p > 0.5 {
		x = -x
	}
	return x, finite(x)
}

// CriticalZ returns the z for which a standard normal variable is within −z and z with probability confidence, 0 < confidence < 1.
func CriticalZ(confidence float64) (float64, bool) {
	z, ok := NormalQuantile((1 - confidence) / 2)
	return -z, ok && z < 0
}
