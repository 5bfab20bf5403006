package stat

import (
	"math"
	"slices"
)

const (
	maxExact  = 50   // points up to which the null distribution of Kendall's score is counted out
	maxPoints = 5000 // points up to which all pairs are kept: 100 MB of slopes
)

// A MedianSlope is the estimate of Theil and Sen.
type MedianSlope struct {
	Slope    float64
	Interval Interval // of Slope; holds where Bounded
	Bounded  bool     // false when there are too few points for an interval with the confidence asked for
	Pairs    int      // pairs of points at different x: the slopes whose median is taken
}

// TheilSen returns the median of the slopes between all pairs of points at different x, and Sen's interval, whose ends are
// two of those slopes. With distinct x and at most 50 points its confidence is at least the one asked for, by the
// exact distribution of Kendall's score; otherwise by the normal approximation. A confidence of 0.95 needs five points.
// Memory and time grow with the square of the number of points; more than 5000 are refused.
func TheilSen(x, y []float64, confidence float64) (MedianSlope, bool) {
	n := len(x)
	if n < 2 || n > maxPoints || len(y) != n || !finite(x...) || !finite(y...) || !(confidence > 0 && confidence < 1) {
		return MedianSlope{}, false
	}
	slopes := make([]float64, 0, n*(n-1)/2)
	for i := range x {
		for j := range i {
			if x[i] != x[j] {
				slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
			}
		}
	}
	if !finite(slopes...) {
		return MedianSlope{}, false
	}
	slices.Sort(slopes)
	m := MedianSlope{Pairs: len(slopes)}
	var ok bool
	if m.Slope, ok = Quantile(slopes, 0.5); !ok {
		return MedianSlope{}, false
	}
	outside := (1 - confidence) / 2
	rank := 0
	if n <= maxExact && m.Pairs == n*(n-1)/2 {
		rank = exactRank(n, outside)
	} else if z, ok := CriticalZ(confidence); ok {
		width := float64(z * math.Sqrt(scoreVariance(n, ties(x), tied{})))
		rank = int(math.Floor((float64(m.Pairs) - width) / 2))
	}
	if rank >= 1 {
		m.Bounded = true
		m.Interval = Interval{Low: slopes[rank-1] + 0, High: slopes[m.Pairs-rank] + 0} // never −0
	}
	return m, true
}

// exactRank returns the largest r for which fewer than r inversions have at most the probability outside among the
// permutations of n; the r-th smallest and the r-th largest slope then bound an interval.
func exactRank(n int, outside float64) int {
	half := n * (n - 1) / 4 // the distribution is symmetric about it
	chance := make([]float64, half+1)
	next := make([]float64, half+1)
	chance[0] = 1
	for k := 2; k <= n; k++ {
		window := 0.0 // the k-th element adds 0 to k−1 inversions, each with probability 1/k
		for i := range next {
			window += chance[i]
			if i >= k {
				window -= chance[i-k]
			}
			next[i] = window / float64(k)
		}
		chance, next = next, chance
	}
	sum := 0.0
	for r, c := range chance {
		if sum += c; sum > outside {
			return r
		}
	}
	return half
}

// A Correlation is Kendall's tau-b between two rankings.
type Correlation struct {
	TauB float64 // −1 to 1
	P    float64 // two-sided p-value of no association, by the normal approximation with ties, without continuity correction
}

// Kendall returns the rank correlation of x and y. It is undefined below three points and where x or y has one value only.
// Time grows with the square of the number of points.
func Kendall(x, y []float64) (Correlation, bool) {
	n := len(x)
	if n < 3 || len(y) != n || !finite(x...) || !finite(y...) {
		return Correlation{}, false
	}
	score := int64(0)
	for i := range x {
		for j := range i {
			score += order(x[i], x[j]) * order(y[i], y[j])
		}
	}
	inX, inY := ties(x), ties(y)
	pairs := float64(float64(n) * float64(n-1))
	spread := math.Sqrt(pairs-inX.pairs) * math.Sqrt(pairs-inY.pairs) / 2
	variance := scoreVariance(n, inX, inY)
	if spread == 0 || !(variance > 0) {
		return Correlation{}, false
	}
	tau := min(max(float64(score)/spread, -1), 1)
	return Correlation{TauB: tau, P: 2 * NormalCDF(-math.Abs(float64(score))/math.Sqrt(variance))}, true
}

// order is 1 where a > b, −1 where a < b, and 0 where they are equal.
func order(a, b float64) int64 {
	switch {
	case a > b:
		return 1
	case a < b:
		return -1
	}
	return 0
}

// tied holds sums over the groups of t equal values: of t(t−1), t(t−1)(t−2) and t(t−1)(2t+5).
type tied struct{ pairs, triples, weight float64 }

func ties(x []float64) tied {
	sorted := slices.Sorted(slices.Values(x))
	var sum tied
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		t := float64(j - i)
		sum.pairs += float64(t * (t - 1))
		sum.triples += float64(t * (t - 1) * (t - 2))
		sum.weight += float64(t * (t - 1) * (t + t + 5))
		i = j
	}
	return sum
}

// scoreVariance is the variance of Kendall's score of n ≥ 2 points without association (Kendall 1970, chapter 4).
func scoreVariance(n int, x, y tied) float64 {
	f := float64(n)
	pairs := float64(f * (f - 1))
	variance := (float64(pairs*(f+f+5)) - x.weight - y.weight) / 18
	variance += x.pairs * y.pairs / (2 * pairs)
	if n > 2 {
		variance += x.triples * y.triples / (9 * pairs * (f - 2))
	}
	return variance
}
