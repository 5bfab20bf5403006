package experiment

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Ratio is the test of whether units arrived in the arms as they were split. A small P says that the trial is broken
// (units were lost or moved after assignment) and that its differences mean nothing; 0.001 is the usual bound.
type Ratio struct {
	ChiSquare float64 `json:"chi_square"` // Pearson's statistic; 0 in an [Analysis] that is not of the one look
	P         float64 `json:"p"`          // probability of a split at least as far off by chance
}

// CheckRatio compares the counts of units with the buckets of their arms, or other weights, by Pearson's chi-square test.
// It is for one look; [WatchRatio] may look again and again.
//
// CheckRatio returns a *DataError if there are fewer than two arms, as many weights as counts are not there, a weight is
// not positive, a count is negative, or there is no unit.
func CheckRatio(counts, weights []int) (Ratio, error) {
	n, total, err := checkCounts(counts, weights)
	if err != nil {
		return Ratio{}, err
	}
	chi := 0.0
	for i, c := range counts {
		expected := n * float64(weights[i]) / total
		off := float64(c) - expected
		chi += float64(off * off / expected)
	}
	p, ok := stat.ChiSquareUpper(chi, float64(len(counts)-1))
	if !ok {
		return Ratio{}, wrong("counts", "are too large")
	}
	return Ratio{ChiSquare: chi, P: p}, nil
}

// A RatioWatch is what is known about the split of a trial that goes on. The zero value knows nothing.
type RatioWatch struct {
	Counts []int   `json:"counts"` // units of each arm so far
	P      float64 `json:"p"`      // always valid: below a at any look with probability at most a if the split is right
}

// priorUnits is how many units the alternative of [WatchRatio] is worth: splits within about 1/√priorUnits of the right
// one are the likely alternatives.
const priorUnits = 100

// WatchRatio takes the counts of all units so far into a watch; prev is not modified. P only falls, so a look never takes
// back what an earlier one showed. It is 1 over the evidence against the split: the chance of the counts under shares
// drawn around it (Dirichlet, worth 100 units) by that under the split itself. Time grows with the number of units, some
// nanoseconds each.
//
// WatchRatio returns a *DataError for what [CheckRatio] does, for more than 1e9 units, and where a count is smaller
// than in prev.
func WatchRatio(prev RatioWatch, counts, weights []int) (RatioWatch, error) {
	n, total, err := checkCounts(counts, weights)
	if err != nil {
		return RatioWatch{}, err
	}
	if n > 1e9 {
		return RatioWatch{}, wrong("counts", "sum to more than 1e9 units")
	}
	p := 1.0
	if prev.Counts != nil {
		if len(prev.Counts) != len(counts) || !(prev.P >= 0 && prev.P <= 1) {
			return RatioWatch{}, wrong("watch", "is of another trial")
		}
		for i, c := range counts {
			if c < prev.Counts[i] {
				return RatioWatch{}, wrong(fmt.Sprintf("count of arm %d", i), "fell from %d to %d", prev.Counts[i], c)
			}
		}
		p = prev.P
	}
	return RatioWatch{Counts: append([]int(nil), counts...), P: min(p, chance(counts, weights, total))}, nil
}

// chance returns 1 over the evidence. Each further unit of an arm is worth its predicted share by its share in the split.
// The product is kept within range by powers of two.
func chance(counts, weights []int, total float64) float64 {
	const huge = 0x1p400
	m, shift, n := 1.0, 0, 0.0
	for i, c := range counts {
		prior := priorUnits * float64(weights[i]) / total
		for k := range c {
			m *= prior / (prior + float64(k)) * ((priorUnits + n) / priorUnits)
			n++
			if m > huge {
				m, shift = m/huge, shift+1
			} else if m < 1/huge {
				m, shift = m*huge, shift-1
			}
		}
	}
	for ; shift > 0 && m < 1; shift-- {
		m *= huge
	}
	for ; shift < 0 && m > 0; shift++ {
		m /= huge
	}
	return min(1, m)
}

// checkCounts returns the sums of counts and weights.
func checkCounts(counts, weights []int) (n, total float64, err error) {
	if len(counts) < 2 {
		return 0, 0, wrong("counts", "are of %d arms, want at least 2", len(counts))
	}
	if len(weights) != len(counts) {
		return 0, 0, wrong("weights", "are %d for %d arms", len(weights), len(counts))
	}
	for i, c := range counts {
		if c < 0 {
			return 0, 0, wrong(fmt.Sprintf("count of arm %d", i), "%d is negative", c)
		}
		if weights[i] <= 0 {
			return 0, 0, wrong(fmt.Sprintf("weight of arm %d", i), "%d is not positive", weights[i])
		}
		n += float64(c)
		total += float64(weights[i])
	}
	if n == 0 {
		return 0, 0, wrong("counts", "have no unit")
	}
	return n, total, nil
}
