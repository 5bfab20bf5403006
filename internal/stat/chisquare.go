package stat

import "math"

// maxTerms bounds the work on a series or a continued fraction; they need about the square root of their largest parameter.
const maxTerms = 100_000

// ChiSquareCDF returns the probability that a chi-square variable with df > 0 degrees of freedom is at most x ≥ 0.
// Above a thousand million degrees it may be undefined.
func ChiSquareCDF(x, df float64) (float64, bool) {
	lower, _, ok := gamma(df/2, x/2)
	return lower, ok
}

// ChiSquareUpper returns the probability that a chi-square variable with df > 0 degrees of freedom is above x ≥ 0,
// without loss in the tail. It is undefined where [ChiSquareCDF] is.
func ChiSquareUpper(x, df float64) (float64, bool) {
	_, upper, ok := gamma(df/2, x/2)
	return upper, ok
}

// gamma returns the regularized incomplete gamma functions P(a, x) and Q(a, x), each small one without cancellation.
func gamma(a, x float64) (lower, upper float64, ok bool) {
	switch {
	case !(a > 0 && x >= 0) || math.IsInf(a, 1):
		return 0, 0, false
	case x == 0:
		return 0, 1, true
	case math.IsInf(x, 1):
		return 1, 0, true
	}
	if x < a+1 {
		// 6.5.29: P = xᵃe⁻ˣ/Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …)
		sum, term := 1.0, 1.0
		for k := 1; k <= maxTerms; k++ {
			term = float64(term * (x / (a + float64(k))))
			sum += term
			if term < sum*0x1p-54 {
				lower = min(1, sum*poisson(a, x))
				return lower, 1 - lower, true
			}
		}
		return 0, 0, false
	}
	// 6.5.31: Q = xᵃe⁻ˣ/Γ(a) · 1/(x+1−a − 1(1−a)/(x+3−a − 2(2−a)/(x+5−a − …)))
	b := x + 1 - a
	fraction, ok := lentz(b, func(k int) (float64, float64) {
		f := float64(k)
		return f * (a - f), b + f + f
	})
	if !ok {
		return 0, 0, false
	}
	upper = min(1, a*poisson(a, x)/fraction)
	return 1 - upper, upper, true
}

// poisson returns xᵃe⁻ˣ/Γ(a+1), x > 0.
func poisson(a, x float64) float64 {
	if a < 20 {
		g, _ := math.Lgamma(a + 1)
		return math.Exp(float64(a*math.Log(x)) - x - g)
	}
	// Stirling's series; the large logarithms cancel on paper instead of in the machine.
	v := (x - a) / a
	deviance := float64(a * (v - math.Log1p(v)))
	s := 1 / (a * a)
	stirling := (1.0/12 - float64(s*(1.0/360-float64(s*(1.0/1260-s/1680))))) / a
	return math.Exp(-deviance-stirling) / math.Sqrt(2*math.Pi*a)
}

// lentz evaluates b0 + a1/(b1 + a2/(b2 + …)) by the modified Lentz method; step gives ak and bk.
func lentz(b0 float64, step func(k int) (a, b float64)) (float64, bool) {
	const tiny = 1e-300
	value := b0
	if value == 0 {
		value = tiny
	}
	c, d := value, 0.0
	for k := 1; k <= maxTerms; k++ {
		ak, bk := step(k)
		if d = bk + float64(ak*d); d == 0 {
			d = tiny
		}
		if c = bk + ak/c; c == 0 {
			c = tiny
		}
		d = 1 / d
		change := float64(c * d)
		value *= change
		if math.Abs(change-1) <= 0x1p-51 {
			return value, finite(value)
		}
	}
	return 0, false
}
