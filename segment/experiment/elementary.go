package experiment

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// The functions of this file give the same bits on every platform, since verdicts hang on them: they use + - * / and
// square roots, or round what shared code computes beyond the digits in which platforms differ.

// ln returns the natural logarithm of x > 0: the exponent's part, and 2 artanh((m-1)/(m+1)) of a mantissa m near 1.
func ln(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	t := (m - 1) / (m + 1)
	tt, sum := float64(t*t), 0.0
	for k := 23; k >= 1; k -= 2 {
		sum = 1/float64(k) + float64(tt*sum)
	}
	return float64(float64(e)*math.Ln2) + float64(2*t*sum)
}

// angle returns 2 arcsin √p, 0 < p < 1: the arctangent of √(p/(1-p)) after halving it three times.
func angle(p float64) float64 {
	t := math.Sqrt(p / (1 - p))
	for range 3 {
		t /= 1 + math.Sqrt(1+float64(t*t))
	}
	tt, sum := float64(t*t), 0.0
	for k := 25; k >= 1; k -= 2 {
		sum = 1/float64(k) - float64(tt*sum)
	}
	return float64(16 * t * sum)
}

// normal returns the normal quantile of a two-sided interval that misses with probability alpha.
func normal(alpha float64) (float64, bool) {
	z, ok := stat.NormalQuantile(alpha / 2)
	return math.Round(-z*1e12) / 1e12, ok && z < 0
}

// student is normal for Student's t.
func student(alpha, df float64) (float64, bool) {
	t, ok := stat.TQuantile(alpha/2, df)
	return math.Round(-t*1e10) / 1e10, ok && t < 0
}

// Bounds of a confidence.
const (
	leastConfidence = 0.5
	mostConfidence  = 0.999999
)

// missing returns the probability with which an interval of the given confidence may miss, shared by as many
// comparisons. Confidence 0 stands for 0.95.
func missing(confidence float64, comparisons int) (float64, error) {
	if confidence == 0 {
		confidence = 0.95
	}
	if !(confidence >= leastConfidence && confidence <= mostConfidence) {
		return 0, wrong("confidence", "%v is not between %v and %v", confidence, leastConfidence, mostConfidence)
	}
	return (1 - confidence) / float64(comparisons), nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
