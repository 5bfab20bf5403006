package stat

import (
	"math"
	"slices"
)

// The bounds of rates of return: 1 + rate lies within a million either way.
const (
	LowestRate  = 1/maxGrowth - 1
	HighestRate = maxGrowth - 1
	maxGrowth   = 1e6
)

// Flows are amounts, none of them 0, at rising times in periods or years. Their present value at a rate is the sum of
// amount·(1+rate)^-time.
type Flows struct{ Amounts, Times []float64 }

// PresentValue returns the sum at a rate above -1.
func (f Flows) PresentValue(rate float64) float64 {
	sum := 0.0
	for i, c := range f.Amounts {
		sum += float64(c * math.Pow(1+rate, -f.Times[i]))
	}
	return sum
}

// Changes returns how often the sign changes from one flow to the next. There are no more rates of return than that
// (Descartes' rule of signs).
func (f Flows) Changes() int {
	n := 0
	for i := 1; i < len(f.Amounts); i++ {
		if f.Amounts[i] < 0 != (f.Amounts[i-1] < 0) {
			n++
		}
	}
	return n
}

// RatesOfReturn returns all rates from [LowestRate] to [HighestRate] at which the present value is zero, rising. Rates
// closer together than its rounding can tell, about 1e-7, are one. It takes time in the square of Changes.
func (f Flows) RatesOfReturn() []float64 {
	edge := math.Log(maxGrowth)
	rates := f.roots(-edge, edge)
	for i, u := range rates {
		rates[i] = math.Expm1(-u)
	}
	slices.Sort(rates)
	return rates
}

// roots returns all u in [low, high] at which the sum of c·e^(ut) is zero, where u = -ln(1+rate).
//
// Divided by e^(up), for a p where the sign of c changes, the sum has the same roots, and its derivative, times e^(up),
// is a sum of the same kind with the coefficients c·(t-p) and one change of sign less. Between two roots of that the
// divided sum rises or falls throughout, so that it has one root there, or none.
func (f Flows) roots(low, high float64) []float64 {
	at := 1
	for at < len(f.Amounts) && f.Amounts[at] < 0 == (f.Amounts[at-1] < 0) {
		at++
	}
	if at >= len(f.Amounts) {
		return nil
	}
	p := (f.Times[at-1] + f.Times[at]) / 2
	slope := Flows{Amounts: make([]float64, len(f.Amounts)), Times: f.Times}
	for i, c := range f.Amounts {
		slope.Amounts[i] = c * (f.Times[i] - p)
	}
	ends := append(append([]float64{low}, slope.roots(low, high)...), high)
	var found []float64
	before := f.sign(low)
	for i := 1; i < len(ends); i++ {
		after := f.sign(ends[i])
		switch {
		case after == 0:
			found = append(found, ends[i])
		case before != 0 && before != after:
			found = append(found, f.between(ends[i-1], ends[i], before))
		}
		before = after
	}
	return found
}

// between halves the interval of one root until no number lies within it. sign is that at low.
func (f Flows) between(low, high float64, sign int) float64 {
	for {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			return mid
		}
		if v, _ := f.at(mid); v > 0 == (sign > 0) {
			low = mid
		} else {
			high = mid
		}
	}
}

// sign returns that of the sum at u, or 0 where it is smaller than its own rounding.
func (f Flows) sign(u float64) int {
	v, within := f.at(u)
	switch {
	case v > within:
		return 1
	case v < -within:
		return -1
	}
	return 0
}

// at returns the sum of c·e^(ut), scaled so that its largest power is 1, and how far its rounding may be off.
func (f Flows) at(u float64) (v, within float64) {
	from := f.Times[0]
	if u > 0 {
		from = f.Times[len(f.Times)-1]
	}
	for i, c := range f.Amounts {
		power := float64(u * (f.Times[i] - from))
		term := float64(c * math.Exp(power))
		v += term
		within += float64(math.Abs(term) * (4 - power))
	}
	return v, float64(within * 0x1p-52)
}
