package cluster

import (
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// An Agreement compares two ways to divide the same rows. Which label stands for which cluster does not matter. All
// numbers are 1 for equal partitions. Those from Mutual on are made of logarithms: their last digits may differ between
// platforms.
type Agreement struct {
	AdjustedRand   float64 `json:"adjusted_rand"`   // Rand corrected for chance: 0 by chance, at least -0.5
	Rand           float64 `json:"rand"`            // share of pairs that both put together or both put apart
	FowlkesMallows float64 `json:"fowlkes_mallows"` // 0 to 1
	Mutual         float64 `json:"mutual"`          // mutual information by the mean of the entropies, 0 to 1
	AdjustedMutual float64 `json:"adjusted_mutual"` // the same corrected for chance: 0 by chance
	Homogeneity    float64 `json:"homogeneity"`     // of b's clusters with respect to a's, 0 to 1
	Completeness   float64 `json:"completeness"`    // of a's clusters with respect to b's, 0 to 1
	Rows           int     `json:"rows"`            // that were compared
}

// Compare compares labels of the same rows. Rows with a label below 0 in either are left out. It returns a *DataError if
// the two are of different lengths, or no row is left.
func Compare(a, b []int) (Agreement, error) {
	if len(a) != len(b) {
		return Agreement{}, wrong("labels", "are %d and %d", len(a), len(b))
	}
	if len(a) > mostRows {
		return Agreement{}, wrong("labels", "are %d, over %d", len(a), mostRows)
	}
	var left, right []int
	for i := range a {
		if a[i] >= 0 && b[i] >= 0 {
			left, right = append(left, a[i]), append(right, b[i])
		}
	}
	if len(left) == 0 {
		return Agreement{}, wrong("labels", "have no row in common")
	}
	c := cross(left, right)
	tp, fn, fp, tn := c.pairs()
	out := Agreement{
		AdjustedRand: c.adjustedRand(), Rand: 1, FowlkesMallows: 1,
		Mutual: 1, AdjustedMutual: 1, Homogeneity: 1, Completeness: 1, Rows: c.n,
	}
	if fp+fn == 0 { // the partitions are equal
		return out, nil
	}
	out.Rand = (tp + tn) / (tp + fn + fp + tn)
	out.FowlkesMallows = 0
	if tp > 0 {
		out.FowlkesMallows = math.Sqrt(tp/(tp+fp)) * math.Sqrt(tp/(tp+fn))
	}
	ha, hb := c.entropy(c.a), c.entropy(c.b)
	var both []int
	for _, x := range c.cells {
		both = append(both, x.n)
	}
	mutual := min(max(0, ha+hb-c.entropy(both)), ha, hb)
	if ha > 0 {
		out.Homogeneity = mutual / ha
	}
	if hb > 0 {
		out.Completeness = mutual / hb
	}
	mean, expected := (ha+hb)/2, c.expected(ha, hb)
	out.Mutual = mutual / mean
	out.AdjustedMutual = (mutual - expected) / (mean - expected)
	return out, nil
}

// A crossing counts the rows that two partitions of n rows have in common.
type crossing struct {
	n     int
	a, b  []int  // sizes
	cells []cell // that are not empty
}

type cell struct{ a, b, n int }

func cross[T int | int32](a, b []T) crossing {
	ka, kb := slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b)))
	c := crossing{n: len(a), a: make([]int, len(ka)), b: make([]int, len(kb))}
	codes := make([]int, len(a))
	for i := range a {
		x, _ := slices.BinarySearch(ka, a[i])
		y, _ := slices.BinarySearch(kb, b[i])
		c.a[x]++
		c.b[y]++
		codes[i] = x*len(kb) + y
	}
	slices.Sort(codes)
	for i, code := range codes {
		if i == 0 || code != codes[i-1] {
			c.cells = append(c.cells, cell{code / len(kb), code % len(kb), 0})
		}
		c.cells[len(c.cells)-1].n++
	}
	return c
}

// pairs counts pairs of rows: together in both, in a alone, in b alone, in neither. Below 2^53 they are exact.
func (c *crossing) pairs() (both, a, b, neither float64) {
	two := func(n int) float64 { return float64(float64(n) * float64(n-1) / 2) }
	for _, x := range c.cells {
		both += two(x.n)
	}
	for _, n := range c.a {
		a += two(n)
	}
	for _, n := range c.b {
		b += two(n)
	}
	return both, a - both, b - both, two(c.n) - a - b + both
}

// adjustedRand is the index of Hubert and Arabie, computed from counts of pairs. It is 1 where both put all rows together,
// or all apart, where theirs is 0/0.
func (c *crossing) adjustedRand() float64 {
	tp, fn, fp, tn := c.pairs()
	if fn == 0 && fp == 0 {
		return 1
	}
	over := float64(tp*tn) - float64(fn*fp)
	return 2 * over / (float64((tp+fn)*(fn+tn)) + float64((tp+fp)*(fp+tn)))
}

// entropy returns that of a partition with these sizes, in units of the natural logarithm.
func (c *crossing) entropy(sizes []int) float64 {
	shares := make([]float64, len(sizes))
	for i, s := range sizes {
		shares[i] = float64(s) / float64(c.n)
	}
	h, _ := stat.LogLikelihood(shares, shares)
	return max(0, -h)
}

// expected is the mutual information to expect of partitions with these sizes whose rows are matched by chance: Vinh, Epps
// and Bailey (2010), equation 24a, with the logarithm of a ratio taken apart, so that the entropies are two of its terms.
func (c *crossing) expected(ha, hb float64) float64 {
	most := min(slices.Max(c.a), slices.Max(c.b))
	weights, shares := make([]float64, most+1), make([]float64, most+1)
	for x := range shares {
		shares[x] = float64(x) / float64(c.n)
	}
	for _, a := range c.a {
		for _, b := range c.b {
			low := max(0, a+b-c.n)
			for i, chance := range hypergeometric(c.n, a, b) {
				weights[low+i] += float64(chance * shares[low+i])
			}
		}
	}
	sum, _ := stat.LogLikelihood(weights, shares) // of x = 0 it has nothing
	return ha + hb + sum
}

// hypergeometric returns the chances of how many of a drawn items are among b marked ones of n, from the least number on:
// by the ratio of neighbours, starting where they are greatest.
func hypergeometric(n, a, b int) []float64 {
	low, high := max(0, a+b-n), min(a, b)
	out := make([]float64, high-low+1)
	ratio := func(x int) float64 { // of the chances of x + 1 and x
		return float64(a-x) / float64(x+1) * (float64(b-x) / float64(n-a-b+x+1))
	}
	mode := min(max(low, int(float64(a+1)/float64(n+2)*float64(b+1))), high)
	out[mode-low] = 1
	sum := 1.0
	for x := mode; x < high; x++ {
		out[x+1-low] = float64(out[x-low] * ratio(x))
		sum += out[x+1-low]
	}
	for x := mode - 1; x >= low; x-- {
		out[x-low] = out[x+1-low] / ratio(x)
		sum += out[x-low]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}
