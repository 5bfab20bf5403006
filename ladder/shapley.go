package ladder

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// maxFactors are the most that a formula has: moved, times, adoption, attribution, unit value, conversion, margin and
// the period.
const maxFactors = maxTimes + 7

var errProduct = errors.New("is not what its inputs multiply to")

// attribute shares a gap among the factors that differ. The gap is what the products come to, each rounded to places.
func attribute(promised, realized []Factor, gap decimal.Decimal, places int32) ([]Cause, error) {
	if len(promised) != len(realized) || len(promised) > maxFactors {
		return nil, fmt.Errorf("has %d and %d inputs", len(promised), len(realized))
	}
	common := powerRat(places)
	var found []Cause
	var from, to []*big.Rat
	for i := range promised {
		p, r := &promised[i], &realized[i]
		if p.Role != r.Role || p.Name != r.Name && p.Role != rolePeriod {
			return nil, fmt.Errorf("has the input %q %q where the promise has %q %q", r.Role, r.Name, p.Role, p.Name)
		}
		a, err := p.exact()
		if err != nil {
			return nil, err
		}
		b, err := r.exact()
		if err != nil {
			return nil, err
		}
		if a.Cmp(b) == 0 {
			common.Mul(common, a)
			continue
		}
		cause := Cause{Role: p.Role, Name: p.Name, Promised: p.Value, Realized: r.Value}
		if p.Role == rolePeriod {
			cause.Name = ""
		}
		found, from, to = append(found, cause), append(from, a), append(to, b)
	}
	shares := shapley(from, to)
	for _, share := range shares {
		share.Mul(share, common)
	}
	parts, err := round(shares, amount.Round(gap, places).Shift(places).BigInt())
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		found[i].Amount = decimal.NewFromBigInt(part, -places)
	}
	return found, nil
}

// exact returns the value of a factor; of the period its fraction.
func (f *Factor) exact() (*big.Rat, error) {
	if f.Role == rolePeriod {
		above, below, _ := strings.Cut(f.Name, "/")
		num, err := strconv.ParseInt(above, 10, 64)
		den := int64(1)
		if err == nil && below != "" {
			den, err = strconv.ParseInt(below, 10, 64)
		}
		if err != nil || den <= 0 {
			return nil, fmt.Errorf("has the period %q, which is no fraction", f.Name)
		}
		return big.NewRat(num, den), nil
	}
	if err := amount.Check(f.Value); err != nil {
		return nil, fmt.Errorf("has an input %q that %w", f.Name, err)
	}
	return f.Value.Rat(), nil
}

func powerRat(places int32) *big.Rat { return new(big.Rat).SetInt(powerOfTen(int64(places))) }

// shapley returns what each factor contributes to the change of their product as they go from one value to another,
// averaged over all orders: for each number k of others that went before, the sum of the products over all choices of
// those is the coefficient of x^k in the product of (from + to·x), and k!(n-1-k)!/n! of the orders have that choice.
func shapley(from, to []*big.Rat) []*big.Rat {
	n := len(from)
	shares := make([]*big.Rat, n)
	for i := range shares {
		sums := []*big.Rat{big.NewRat(1, 1)}
		for j := range from {
			if j != i {
				sums = expand(sums, from[j], to[j])
			}
		}
		shares[i] = new(big.Rat)
		for k, sum := range sums {
			orders := new(big.Int).Binomial(int64(n-1), int64(k))
			orders.Mul(orders, big.NewInt(int64(n)))
			shares[i].Add(shares[i], sum.Mul(sum, new(big.Rat).SetFrac(big.NewInt(1), orders)))
		}
		shares[i].Mul(shares[i], new(big.Rat).Sub(to[i], from[i]))
	}
	return shares
}

// expand returns the coefficients of sums × (from + to·x).
func expand(sums []*big.Rat, from, to *big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(sums)+1)
	for k := range out {
		out[k] = new(big.Rat)
		if k < len(sums) {
			out[k].Mul(sums[k], from)
		}
		if k > 0 {
			out[k].Add(out[k], new(big.Rat).Mul(sums[k-1], to))
		}
	}
	return out
}

// round rounds exact shares to whole numbers that sum to total, by largest remainder; of equal ones the first goes up.
// Each of the two products was rounded by half a unit at most, so that total lies within one of the shares' sum: where it
// is below what is cut off, the smallest remainder gives one up.
func round(shares []*big.Rat, total *big.Int) ([]*big.Int, error) {
	parts := make([]*big.Int, len(shares))
	rests := make([]*big.Rat, len(shares))
	order := make([]int, len(shares))
	left := new(big.Int).Set(total)
	for i, share := range shares {
		parts[i] = new(big.Int).Div(share.Num(), share.Denom()) // toward minus infinity, since the divisor is positive
		rests[i] = new(big.Rat).Sub(share, new(big.Rat).SetInt(parts[i]))
		left.Sub(left, parts[i])
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(rests[b].Cmp(rests[a]), cmp.Compare(a, b)) })
	if !left.IsInt64() || left.Int64() < int64(-min(len(shares), 1)) || left.Int64() > int64(len(shares)) {
		return nil, errProduct
	}
	switch n := left.Int64(); {
	case n < 0:
		last := parts[order[len(order)-1]]
		last.Sub(last, big.NewInt(1))
	default:
		for _, i := range order[:n] {
			parts[i].Add(parts[i], big.NewInt(1))
		}
	}
	return parts, nil
}
