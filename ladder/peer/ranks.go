package peer

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// mostExact is how many pairs the null distribution of the rank sum is counted out for.
const mostExact = 2500

// intervalRank returns the r for which the r-th smallest and the r-th largest difference bound the interval, or less
// than 1 where there is none.
func intervalRank(strata []stratum, pairs int, confidence float64) int {
	outside := (1 - confidence) / 2
	variance, tied := 0.0, false
	for _, s := range strata {
		m, n := float64(len(s.mature)), float64(len(s.others))
		size, ties := m+n, 0.0
		all := slices.Sorted(slices.Values(slices.Concat(s.mature, s.others)))
		for i := 0; i < len(all); {
			j := i
			for j < len(all) && all[j] == all[i] {
				j++
			}
			t := float64(j - i)
			ties += float64(t * (float64(t*t) - 1))
			tied = tied || j-i > 1
			i = j
		}
		variance += float64(m * n / 12 * (size + 1 - ties/float64(size*(size-1))))
	}
	if tied || pairs > mostExact {
		z, ok := stat.CriticalZ(confidence)
		if !ok || variance <= 0 {
			return 0
		}
		return int(math.Floor(float64(pairs+1)/2 - float64(z*math.Sqrt(variance)))) // with the correction for continuity
	}
	// The r differences below the interval have at most the chance outside.
	total := 0.0
	for r, chance := range leads(strata) {
		if total += chance; total > outside {
			return r
		}
	}
	return 0
}

// leads returns the chance of each number of pairs with the mature one ahead, when maturity makes no difference and no
// two values are equal.
func leads(strata []stratum) []float64 {
	all := []float64{1}
	for _, s := range strata {
		one := mannWhitney(len(s.mature), len(s.others))
		next := make([]float64, len(all)+len(one)-1)
		for i, x := range all {
			for j, y := range one {
				next[i+j] += float64(x * y)
			}
		}
		all = next
	}
	return all
}

// mannWhitney returns the chances of 0 to m·n leads: the highest of m + n values is one of the m, and leads all n, or one
// of the n, and leads nothing.
func mannWhitney(m, n int) []float64 {
	row := make([][]float64, n+1) // chances for i and 0 to n
	for j := range row {
		row[j] = []float64{1}
	}
	for i := 1; i <= m; i++ {
		next := make([][]float64, n+1)
		next[0] = []float64{1}
		for j := 1; j <= n; j++ {
			chances := make([]float64, i*j+1)
			size := float64(i + j)
			for u, c := range row[j] {
				chances[u+j] += float64(c * (float64(i) / size))
			}
			for u, c := range next[j-1] {
				chances[u] += float64(c * (float64(j) / size))
			}
			next[j] = chances
		}
		row = next
	}
	return row[n]
}

// permuted returns the share of permutations of the cohorts within strata, the real one among them, in which the rank
// sums of the mature lie as far from what is expected, or farther.
func permuted(strata []stratum, permutations int, seed uint64) float64 {
	source := rand.NewPCG(seed, 0x9e3779b97f4a7c15)
	ranks := make([][]int64, len(strata))
	given := int64(0)
	for i, s := range strata {
		ranks[i] = s.ranks()
		for _, r := range ranks[i][:len(s.mature)] {
			given += r
		}
	}
	given = max(given, -given)
	as := 1
	for range permutations {
		w := int64(0)
		for i, s := range strata {
			r := ranks[i]
			for k := range s.mature {
				j := k + below(source, len(r)-k)
				r[k], r[j] = r[j], r[k]
				w += r[k]
			}
		}
		if max(w, -w) >= given {
			as++
		}
	}
	return float64(as) / float64(permutations+1)
}

// ranks returns how many values each one leads, less those it trails: first of the mature, then of the others. Over all
// they sum to 0.
func (s *stratum) ranks() []int64 {
	values := slices.Concat(s.mature, s.others)
	sorted := slices.Sorted(slices.Values(values))
	out := make([]int64, len(values))
	for i, v := range values {
		low, _ := slices.BinarySearch(sorted, v)
		high := low
		for high < len(sorted) && sorted[high] == v {
			high++
		}
		out[i] = int64(low) - int64(len(sorted)-high)
	}
	return out
}

// below returns a number below n, all equally likely (Lemire, Fast Random Integer Generation in an Interval, ACM
// Transactions on Modeling and Computer Simulation 29 (2019)).
func below(source *rand.PCG, n int) int {
	items := uint64(n)
	biased := -items % items
	for {
		high, low := bits.Mul64(source.Uint64(), items)
		if low >= biased {
			return int(high)
		}
	}
}
