package stat

import "math"

// TCDF returns the probability that Student's t with df > 0 degrees of freedom is at most t; the upper tail is TCDF(−t, df),
// without loss. Below a thousandth of a degree it may be undefined.
func TCDF(t, df float64) (float64, bool) {
	_, tail, _, ok := student(math.Abs(t), df)
	if t > 0 {
		return 1 - tail, ok
	}
	return tail, ok
}

// TQuantile returns the t with TCDF(t, df) = p, 1e-307 ≤ p < 1, where that is below the greatest float.
func TQuantile(p, df float64) (float64, bool) {
	z, ok := NormalQuantile(p)
	if !ok || !(df/2 > 0) || math.IsInf(df, 1) {
		return 0, false
	}
	if p == 0.5 {
		return 0, true
	}
	// Newton's method. Near the center it starts at a bound from below, since the distribution function is concave
	// from there. In the tail it works on logarithms, in which the function is nearly a line, from the normal quantile.
	center := math.Abs(p - 0.5)
	outside := min(p, 1-p)
	nearCenter := center < 0.25
	t := math.Abs(z)
	if nearCenter {
		t = float64(center / gammaRatio(df/2) * math.Sqrt(math.Pi*df))
	}
	for range 200 {
		inside, tail, slope, ok := student(t, df)
		if !ok || !(slope > 0) {
			return 0, false
		}
		factor := 1 + (center-inside)/slope
		if !nearCenter {
			factor = math.Exp(math.Log(tail/outside) * (tail / slope))
		}
		t = float64(t * factor)
		if math.Abs(factor-1) < 1e-12 {
			return math.Copysign(t, p-0.5), finite(t)
		}
	}
	return 0, false
}

// student returns the probabilities that Student's t falls into (0, t) and above t, t ≥ 0, each without cancellation, and
// the slope, which is t times the density.
func student(t, df float64) (inside, tail, slope float64, ok bool) {
	switch {
	case math.IsNaN(t) || !(df/2 > 0) || math.IsInf(df, 1):
		return 0, 0, 0, false
	case t == 0:
		return 0, 0.5, 0, true
	case math.IsInf(t, 1):
		return 0.5, 0, 0, true
	}
	// 26.7.1 with x = df/(df+t²) and y = 1−x: the tail is half of Ix(df/2, 1/2), what is inside half of Iy(1/2, df/2).
	a, u := df/2, t/math.Sqrt(df)
	x, y, logX := 0.0, 1.0, math.Log(df)-float64(2*math.Log(t))
	if u < 1e8 {
		uu := float64(u * u)
		x, y, logX = 1/(1+uu), uu/(1+uu), -math.Log1p(uu)
	}
	slope = math.Exp(a*logX) * math.Sqrt(y) * gammaRatio(a) / math.Sqrt(math.Pi)
	if t >= 1 {
		fraction, ok := betaFraction(a, 0.5, x, y)
		tail = min(0.5, slope/fraction/2)
		return 0.5 - tail, tail, slope, ok && finite(tail)
	}
	fraction, ok := betaFraction(0.5, a, y, x)
	inside = min(0.5, slope/fraction/2)
	return inside, 0.5 - inside, slope, ok && finite(inside)
}

// betaFraction returns the continued fraction under xᵃyᵇ/B(a, b) in the incomplete beta function Ix(a, b), where y = 1−x and
// x ≤ a/(a+b), in the form of Didonato and Morris that takes y as well and so keeps its digits where x is near 1.
func betaFraction(a, b, x, y float64) (float64, bool) {
	lambda := a - float64((a+b)*x) // from the smaller of x and y, which has the digits
	if y < x {
		lambda = float64((a+b)*y) - b
	}
	return lentz(a/(a+1)*(lambda+1), func(k int) (float64, float64) {
		n := float64(k)
		m := a + n + n
		share := n * (b - n) * x / (m - 1)
		ak := (a + n - 1) / (m - 1) * (a + b + n - 1) * x * share
		bk := n + share + float64((a+n)/(m+1)*(lambda+1+n+float64(n*y)))
		return ak, bk
	})
}

// gammaRatio returns Γ(a+½)/Γ(a), by its asymptotic series in 1/(8a) above 50 and by the recurrence below.
func gammaRatio(a float64) float64 {
	factor := 1.0
	for a < 50 {
		factor *= a / (a + 0.5)
		a++
	}
	s := 1 / (8 * a)
	series := 54.3125
	for _, c := range [...]float64{-49.875, -2.625, 2.5, 0.5, -1, 1} {
		series = c + float64(s*series)
	}
	return factor * math.Sqrt(a) * series
}
