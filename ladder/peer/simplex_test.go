package peer_test

import (
	"math"
	"testing"
)

// A program is a linear one: maximise goal·x under rows·x ≤ limits, x ≥ 0. Limits are not negative, so that 0 is allowed.
type program struct {
	rows   [][]float64
	limits []float64
}

// maximum solves the program by the simplex method with Bland's rule, which can't cycle. It is +Inf without a bound.
func (p *program) maximum(goal []float64) float64 {
	const small = 1e-9
	n, m := len(goal), len(p.rows)
	table := make([][]float64, m+1)
	for i := range m {
		table[i] = make([]float64, n+m+1)
		copy(table[i], p.rows[i])
		table[i][n+i], table[i][n+m] = 1, p.limits[i]
	}
	last := make([]float64, n+m+1)
	for j, g := range goal {
		last[j] = -g
	}
	table[m] = last
	basis := make([]int, m)
	for i := range basis {
		basis[i] = n + i
	}
	for {
		enter := -1
		for j := range n + m {
			if last[j] < -small {
				enter = j
				break
			}
		}
		if enter < 0 {
			return last[n+m]
		}
		leave, best := -1, math.Inf(1)
		for i := range m {
			if table[i][enter] <= small {
				continue
			}
			ratio := table[i][n+m] / table[i][enter]
			if ratio < best-1e-12 || ratio < best+1e-12 && leave >= 0 && basis[i] < basis[leave] {
				leave, best = i, ratio
			}
		}
		if leave < 0 {
			return math.Inf(1)
		}
		pivot := table[leave]
		scale := pivot[enter]
		for j := range pivot {
			pivot[j] /= scale
		}
		for i := range table {
			if f := table[i][enter]; i != leave && f != 0 {
				for j, v := range pivot {
					table[i][j] -= f * v
				}
			}
		}
		basis[leave] = enter
	}
}

// TestSimplex has programs whose answers can be seen.
func TestSimplex(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    program
		goal []float64
		want float64
	}{
		{"a corner", program{[][]float64{{1, 1}, {1, 3}, {1, 0}}, []float64{4, 6, 3}}, []float64{3, 5}, 14},
		{"nothing to gain", program{[][]float64{{1}}, []float64{5}}, []float64{-1}, 0},
		{"no bound", program{[][]float64{{-1}}, []float64{5}}, []float64{1}, math.Inf(1)},
		{"degenerate", program{[][]float64{{1, -1}, {-1, 1}, {1, 1}}, []float64{0, 0, 2}}, []float64{1, 0}, 1},
		// Beale's example, on which the steepest rule cycles.
		{"Beale", program{[][]float64{{0.25, -60, -0.04, 9}, {0.5, -90, -0.02, 3}, {0, 0, 1, 0}}, []float64{0, 0, 1}},
			[]float64{0.75, -150, 0.02, -6}, 0.05},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.maximum(tt.goal); !(math.Abs(got-tt.want) < 1e-9 || got == tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}
