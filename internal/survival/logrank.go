package survival

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Weight says which differences a comparison of curves looks for. The zero value is [LogRankWeight].
type Weight string

const (
	LogRankWeight Weight = "log-rank"  // all ends count the same
	PetoWeight    Weight = "peto-peto" // ends count by the pooled survival before them: early ones more
)

// A GroupTotal is what one group had and would have had without a difference between the groups.
type GroupTotal struct {
	N        int
	Observed float64 // ends, weighted
	Expected float64 // ends, weighted
	Variance float64 // of Observed − Expected
}

// A Comparison tests whether groups end at the same rate.
type Comparison struct {
	Groups    []GroupTotal
	ChiSquare float64
	DF        int // 0 where no two groups were at risk together at an end: nothing can be said
}

// P returns the p-value of no difference; it is undefined where DF is 0.
func (c Comparison) P() (float64, bool) {
	if c.DF == 0 {
		return 0, false
	}
	return stat.ChiSquareUpper(c.ChiSquare, float64(c.DF))
}

// LogRank compares the ends by any cause of two or more groups.
func LogRank(groups [][]Observation, weight Weight) (Comparison, error) {
	return StratifiedLogRank([][][]Observation{groups}, weight)
}

// StratifiedLogRank compares groups within strata and sums over the strata. Each stratum holds the same groups in the same
// order, some of which may be empty.
func StratifiedLogRank(strata [][][]Observation, weight Weight) (Comparison, error) {
	if weight != "" && weight != LogRankWeight && weight != PetoWeight {
		return Comparison{}, fmt.Errorf("survival: unknown weight %q", weight)
	}
	if len(strata) == 0 {
		return Comparison{}, fmt.Errorf("survival: compare: no strata")
	}
	k := len(strata[0])
	if k < 2 {
		return Comparison{}, fmt.Errorf("survival: compare: %d groups, want 2 or more", k)
	}
	c := Comparison{Groups: make([]GroupTotal, k)}
	covariance := make([][]float64, k)
	for i := range covariance {
		covariance[i] = make([]float64, k)
	}
	for s, groups := range strata {
		if len(groups) != k {
			return Comparison{}, fmt.Errorf("survival: compare: stratum %d has %d groups, the first has %d", s, len(groups), k)
		}
		lines := make([]*timeline, k)
		for i, obs := range groups {
			var err error
			if lines[i], err = newTimeline(obs, pooled); err != nil {
				return Comparison{}, fmt.Errorf("survival: compare: stratum %d, group %d: %w", s, i, err)
			}
			c.Groups[i].N += len(obs)
		}
		compareStratum(lines, weight, c.Groups, covariance)
	}
	away := make([]float64, k)
	for i, g := range c.Groups {
		away[i] = g.Observed - g.Expected
		c.Groups[i].Variance = covariance[i][i]
	}
	c.ChiSquare, c.DF = quadratic(covariance, away)
	return c, nil
}

// compareStratum adds one stratum to the totals and to the covariance of observed less expected.
func compareStratum(lines []*timeline, weight Weight, totals []GroupTotal, covariance [][]float64) {
	atRisk, ended := make([]float64, len(lines)), make([]float64, len(lines))
	survival := newProduct()
	for t, ok := earliest(lines); ok; t, ok = earliest(lines) {
		all, ends := 0, 0
		for i, l := range lines {
			n, counts := l.take(t)
			all, ends = all+n, ends+counts[1]
			atRisk[i], ended[i] = float64(n), float64(counts[1])
		}
		if ends == 0 {
			continue
		}
		w := 1.0
		if weight == PetoWeight {
			w = survival.value
		}
		survival.fall(all, ends)
		n, d := float64(all), float64(ends)
		scatter := 0.0
		if all > 1 {
			scatter = float64(w * w * d * (n - d) / (n - 1))
		}
		for i := range lines {
			share := atRisk[i] / n
			totals[i].Observed += float64(w * ended[i])
			totals[i].Expected += float64(w * d * share)
			covariance[i][i] += float64(scatter * share)
			for j := range lines {
				covariance[i][j] -= float64(scatter * share * (atRisk[j] / n))
			}
		}
	}
}

// earliest returns the next time at which an observation of any line ended.
func earliest(lines []*timeline) (float64, bool) {
	t, ok := 0.0, false
	for _, l := range lines {
		if at, more := l.peek(); more && (!ok || at < t) {
			t, ok = at, true
		}
	}
	return t, ok
}

// quadratic returns x'V⁻x for a covariance matrix v, which it destroys, and the rank of v. Directions without variance, of
// which there is at least one since the groups share their total, are left out.
func quadratic(v [][]float64, x []float64) (value float64, rank int) {
	const none = 1e-10 // share of its variance that a group has left when the groups before determine it
	variance := make([]float64, len(x))
	for i := range x {
		variance[i] = v[i][i]
	}
	for i := range x {
		pivot := v[i][i]
		if !(pivot > none*variance[i]) {
			continue
		}
		rank++
		value += float64(x[i] / pivot * x[i])
		for j := i + 1; j < len(x); j++ {
			factor := v[j][i] / pivot
			x[j] -= float64(factor * x[i])
			for m := i + 1; m < len(x); m++ {
				v[j][m] -= float64(factor * v[i][m])
			}
		}
	}
	return value, rank
}
