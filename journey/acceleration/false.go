package acceleration

import (
	"cmp"
	"math"
	"slices"
)

// adjust returns p-values adjusted for all of them, so that the false-discovery rate is at most q where those up to q are
// found, whatever the dependence among them (Benjamini and Yekutieli 2001).
func adjust(p []float64) []float64 {
	order := make([]int, len(p))
	harmonic := 0.0
	for i := range p {
		order[i] = i
		harmonic += 1 / float64(i+1)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	out := make([]float64, len(p))
	least := 1.0
	for k := len(order) - 1; k >= 0; k-- {
		least = min(least, p[order[k]]*harmonic*float64(len(p))/float64(k+1))
		out[order[k]] = least
	}
	return out
}

// places rounds a p-value or a quantile of the normal distribution to ten places, beyond which platforms differ.
func places(v float64) float64 { return math.Round(v*1e10) / 1e10 }
