package stat

import (
	"math"
	"math/big"
	"slices"
)

// Sum returns the sum of x, exact and then rounded once, so that it doesn't depend on the order of x. Without values it is 0.
func Sum(x []float64) (float64, bool) {
	s := newExact()
	for _, v := range x {
		s.add(v)
	}
	if sum, ok := s.value(); ok {
		return sum, true
	}
	return wideSum(x)
}

// wideSum is for sums that overflow on the way, and may come back.
func wideSum(x []float64) (float64, bool) {
	if !finite(x...) {
		return 0, false
	}
	sum := new(big.Float).SetPrec(2200) // bits from the least float to 2^64 of the greatest
	for _, v := range x {
		sum.Add(sum, new(big.Float).SetFloat64(v))
	}
	rounded, _ := sum.Float64()
	return rounded + 0, finite(rounded)
}

// Mean returns the arithmetic mean of x.
func Mean(x []float64) (float64, bool) {
	sum, ok := Sum(x)
	if !ok || len(x) == 0 {
		return 0, false
	}
	return sum / float64(len(x)), true
}

// MeanSD returns the mean of x and its sample standard deviation, with n−1 in the denominator, in two passes.
// It needs two values; the mean of one value is what [Mean] is for.
func MeanSD(x []float64) (mean, sd float64, ok bool) {
	mean, ok = Mean(x)
	if !ok || len(x) < 2 {
		return 0, 0, false
	}
	largest := max(slices.Max(x)-mean, mean-slices.Min(x))
	if !finite(largest) {
		return 0, 0, false
	}
	// A scale that is a power of two keeps the squares in range without rounding.
	_, scale := math.Frexp(largest)
	squares, deviations := newExact(), newExact()
	for _, v := range x {
		d := math.Ldexp(v-mean, -scale)
		squares.add(float64(d * d))
		deviations.add(d)
	}
	total, _ := squares.value()
	drift, _ := deviations.value() // what the rounding of the mean left over
	n := float64(len(x))
	variance := max(0, total-float64(drift*drift)/n) / (n - 1)
	sd = math.Ldexp(math.Sqrt(variance), scale)
	return mean, sd, finite(sd)
}

// exact accumulates a sum without rounding: the parts don't overlap, in increasing magnitude, and their sum is the sum so far.
type exact struct {
	parts []float64
	bad   bool
}

// newExact has room for eight parts, which span more than 400 bits; values that spread further make it grow.
func newExact() exact { return exact{parts: make([]float64, 0, 8)} }

func (s *exact) add(v float64) {
	kept := 0
	for _, p := range s.parts {
		sum := v + p
		back := sum - v
		rest := (v - (sum - back)) + (p - back) // sum + rest is v + p, exactly
		if rest != 0 {
			s.parts[kept] = rest
			kept++
		}
		v = sum
	}
	s.parts = append(s.parts[:kept], v)
	if !finite(v) {
		s.bad, s.parts = true, s.parts[:0]
	}
}

// value rounds the sum to the nearest float64, to even on a tie.
func (s *exact) value() (float64, bool) {
	if s.bad {
		return 0, false
	}
	i := len(s.parts) - 1
	if i < 0 {
		return 0, true
	}
	sum, rest := s.parts[i], 0.0
	for i--; i >= 0 && rest == 0; i-- {
		high := sum
		sum = high + s.parts[i]
		rest = s.parts[i] - (sum - high)
	}
	// The rest may be half a unit in the last place and what is below it may decide the rounding.
	if i >= 0 && (rest > 0) == (s.parts[i] > 0) {
		doubled := 2 * rest
		if up := sum + doubled; up-sum == doubled {
			sum = up
		}
	}
	return sum + 0, true // never −0
}

// finite reports whether every one of x is a number.
func finite(x ...float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
