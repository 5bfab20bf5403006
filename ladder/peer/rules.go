package peer

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// Rules say when the figures of a group of contributors may be released. They are for the host alone: who knows them
// learns more from what is withheld. The zero value has the defaults.
type Rules struct {
	K         int             // K + 1 contributors are needed, 2 or more; 0: 4
	Percent   decimal.Decimal // p of the p % rule, above 0 to 1000, at most four digits after the point; 0: 10
	Dominance []Dominance     // further rules, by name; none: the p % rule alone
}

// Dominance is an (n, k) rule: a group is unsafe if its largest N contributors have more than Percent % of its total.
type Dominance struct {
	N       int             // 1 or more
	Percent decimal.Decimal // k of the rule, above 0 to 100, at most four digits after the point
}

// A Rule is why a group is not released.
type Rule string

// Rules that a group can break.
const (
	Minimum       Rule = "minimum"   // fewer than K + 1 contributors
	PPercent      Rule = "p_percent" // the second largest contributor could tell the largest to within p %
	DominanceRule Rule = "dominance" // an (n, k) rule
	Spread        Rule = "spread"    // over four fifths of the values, or all but one, lie within p % of one another: any figure is everybody's
)

const (
	defaultK       = 4
	defaultPercent = 10
	mostPercent    = 1000
	percentPlaces  = 4
	million        = 1_000_000
)

// complete checks the rules and fills in the defaults.
func (r Rules) complete() (Rules, error) {
	if r.K == 0 {
		r.K = defaultK
	}
	if r.Percent.IsZero() {
		r.Percent = decimal.NewFromInt(defaultPercent)
	}
	if r.K < 2 || r.K > mostCompanies {
		return r, &DataError{"", "rules: K", fmt.Sprintf("must be 2 to %d, not %d", mostCompanies, r.K)}
	}
	if !isPercent(r.Percent, mostPercent) {
		return r, &DataError{"", "rules: percent", "must be above 0 to 1000 with at most four digits after the point"}
	}
	for i, d := range r.Dominance {
		if d.N < 1 || !isPercent(d.Percent, 100) {
			return r, &DataError{"", fmt.Sprintf("rules: dominance %d", i),
				"must have N of 1 or more and a percentage above 0 to 100 with at most four digits after the point"}
		}
	}
	return r, nil
}

func isPercent(d decimal.Decimal, most int64) bool {
	return amount.Check(d) == nil && d.Sign() > 0 && d.Cmp(decimal.NewFromInt(most)) <= 0 &&
		d.Equal(d.Round(percentPlaces))
}

// Check holds the contributions to one total to the minimum, the p % rule and dominance, and returns those broken, or
// none where the total may be released. The p % rule assumes that the second largest contributor, who can take its own
// value off the total X, wants to know the largest: X − x1 − x2 < p % of x1 is unsafe. A sampled contributor stands as
// often as its weight says. Values are in one unit and not negative (*DataError).
func (r Rules) Check(values []decimal.Decimal) ([]Rule, error) {
	r, err := r.complete()
	if err != nil {
		return nil, err
	}
	var total amount.Total
	for i, v := range values {
		err := amount.Check(v)
		if err == nil && v.Sign() < 0 {
			err = fmt.Errorf("is negative: no rule on shares of a total protects it")
		}
		if err != nil {
			return nil, &DataError{"", fmt.Sprintf("value %d", i), err.Error()}
		}
		total.Add(v)
	}
	sorted := slices.SortedFunc(slices.Values(values), func(a, b decimal.Decimal) int { return b.Cmp(a) })
	var broken []Rule
	if len(values) <= r.K {
		broken = append(broken, Minimum)
	}
	all, hundred := total.Sum(), decimal.NewFromInt(100)
	share := func(n int) decimal.Decimal { // of the n largest
		sum := decimal.Decimal{}
		for _, v := range sorted[:min(n, len(sorted))] {
			sum = sum.Add(v)
		}
		return sum
	}
	if all.Sub(share(2)).Mul(hundred).Cmp(r.Percent.Mul(share(1))) < 0 {
		broken = append(broken, PPercent)
	}
	for _, d := range r.Dominance {
		if share(d.N).Mul(hundred).Cmp(d.Percent.Mul(all)) > 0 {
			broken = append(broken, DominanceRule)
			break
		}
	}
	return broken, nil
}

// A bar holds the rules in whole numbers: shares in millionths.
type bar struct {
	k         int
	p         uint64
	dominance []dominance
}

type dominance struct {
	n int
	k uint64
}

func (r Rules) bar() bar {
	parts := func(percent decimal.Decimal) uint64 { return uint64(units(percent, percentPlaces)) }
	b := bar{k: r.K, p: parts(r.Percent)}
	for _, d := range r.Dominance {
		b.dominance = append(b.dominance, dominance{d.N, parts(d.Percent)})
	}
	return b
}

// covers reports whether slack is at least p % of value.
func (b bar) covers(slack, value int64) bool { return !lessShare(slack, million, value, b.p) }

// lessShare reports whether a·x < b·y.
func lessShare(a int64, x uint64, b int64, y uint64) bool {
	aHigh, aLow := bits.Mul64(uint64(a), x)
	bHigh, bLow := bits.Mul64(uint64(b), y)
	return aHigh < bHigh || aHigh == bHigh && aLow < bLow
}

// broken returns the first rule that a group of values in increasing order breaks, or "".
func (b bar) broken(sorted []int64) Rule {
	n := len(sorted)
	if n <= b.k {
		return Minimum
	}
	total := sum(sorted)
	if !b.covers(total-sorted[n-1]-sorted[n-2], sorted[n-1]) {
		return PPercent
	}
	for _, d := range b.dominance {
		if lessShare(total, d.k, sum(sorted[max(0, n-d.n):]), million) {
			return DominanceRule
		}
	}
	for low, high := 0, 0; high < n; high++ {
		for !lessShare(sorted[high]-sorted[low], million, sorted[low], b.p) && sorted[high] > sorted[low] {
			low++
		}
		if within := high - low + 1; 5*within > 4*n || within > n-2 {
			return Spread
		}
	}
	return ""
}

func sum(values []int64) int64 {
	total := int64(0)
	for _, v := range values {
		total += v
	}
	return total
}
