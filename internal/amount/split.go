package amount

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"
)

// Split shares total out in proportion to weights, in steps of 10^-places, by largest remainder; of equal remainders
// the lower index comes first. The parts always sum to total: one with more digits than places is shared out in the
// largest steps that it is a multiple of. A negative total has the parts of the positive one, negated. Weights below
// zero count as zero, and if none is above zero all count alike. No weights make no parts.
// All arguments must pass [Check].
func Split(total decimal.Decimal, weights []decimal.Decimal, places int32) []decimal.Decimal {
	if len(weights) == 0 {
		return nil
	}
	for !Round(total, places).Equal(total) {
		places++
	}
	steps := Round(total, places).Coefficient()
	negative := steps.Sign() < 0
	left := new(big.Int).Abs(steps)

	shares, sum := integers(weights)
	parts := make([]*big.Int, len(shares))
	rests := make([]*big.Int, len(shares))
	order := make([]int, len(shares))
	steps.Set(left)
	for i, share := range shares {
		parts[i], rests[i] = new(big.Int).QuoRem(share.Mul(share, steps), sum, new(big.Int))
		left.Sub(left, parts[i])
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(rests[b].Cmp(rests[a]), cmp.Compare(a, b))
	})
	one := big.NewInt(1)
	for _, i := range order[:left.Int64()] { // less than one step for each part with a remainder
		parts[i].Add(parts[i], one)
	}
	out := make([]decimal.Decimal, len(parts))
	for i, part := range parts {
		if negative {
			part.Neg(part)
		}
		out[i] = decimal.NewFromBigInt(part, -places)
	}
	return out
}

// integers returns weights as multiples of one power of ten, with their sum. What is below zero becomes zero, and
// weights that are then all zero become ones.
func integers(weights []decimal.Decimal) (scaled []*big.Int, sum *big.Int) {
	exponent := weights[0].Exponent()
	for _, w := range weights {
		exponent = min(exponent, w.Exponent())
	}
	scaled, sum = make([]*big.Int, len(weights)), new(big.Int)
	for i, w := range weights {
		scaled[i] = Round(w, -exponent).Coefficient()
		if scaled[i].Sign() < 0 {
			scaled[i].SetInt64(0)
		}
		sum.Add(sum, scaled[i])
	}
	if sum.Sign() == 0 {
		for i := range scaled {
			scaled[i].SetInt64(1)
		}
		sum.SetInt64(int64(len(scaled)))
	}
	return scaled, sum
}
