package stat

import (
	"math"
	"slices"
)

// Median returns the middle value of x, the mean of the two middle ones where the count is even.
func Median(x []float64) (float64, bool) {
	if !finite(x...) {
		return 0, false
	}
	return Quantile(slices.Sorted(slices.Values(x)), 0.5)
}

// MAD returns the median absolute deviation from the median. It is not scaled: times 1.4826 it estimates the standard
// deviation of a normal distribution.
func MAD(x []float64) (float64, bool) {
	middle, ok := Median(x)
	if !ok {
		return 0, false
	}
	away := make([]float64, len(x))
	for i, v := range x {
		away[i] = math.Abs(v - middle)
	}
	return Median(away)
}

// Quantile returns the q-quantile, 0 ≤ q ≤ 1, of sorted by Hyndman and Fan's type 7, as [QuantileType] does.
func Quantile(sorted []float64, q float64) (float64, bool) { return QuantileType(sorted, q, 7) }

// QuantileType returns the q-quantile of sorted by one of Hyndman and Fan's types 1 to 9; 7 is the one of spreadsheets.
// The values must be in increasing order; the order is not checked.
func QuantileType(sorted []float64, q float64, typ int) (float64, bool) {
	if len(sorted) == 0 || !(q >= 0 && q <= 1) || !finite(sorted[0], sorted[len(sorted)-1]) {
		return 0, false
	}
	n := float64(len(sorted))
	var at float64 // position of the quantile; 1 is the first value
	switch typ {
	case 1, 2, 4:
		at = float64(n * q)
	case 3:
		at = float64(n*q) - 0.5
	case 5:
		at = float64(n*q) + 0.5
	case 6:
		at = float64((n + 1) * q)
	case 7:
		at = 1 + float64((n-1)*q)
	case 8:
		at = 1.0/3 + float64((n+1.0/3)*q)
	case 9:
		at = 3.0/8 + float64((n+0.25)*q)
	default:
		return 0, false
	}
	below := math.Floor(at)
	share := at - below
	// n·q that should be whole, such as 20 × 0.15, may miss it by its rounding.
	switch miss := 4 * 0x1p-52 * max(1, at); {
	case share < miss:
		share = 0
	case share > 1-miss:
		below, share = below+1, 0
	}
	switch {
	case typ == 1 && share > 0:
		share = 1
	case typ == 2:
		share = (math.Ceil(share) + 1) / 2
	case typ == 3 && (share > 0 || math.Mod(below, 2) != 0):
		share = 1
	}
	last := len(sorted) - 1
	low := sorted[min(max(int(below)-1, 0), last)]
	high := sorted[min(max(int(below), 0), last)]
	value := float64((1-share)*low) + float64(share*high)
	return min(max(value, low), high) + 0, true // never −0
}
