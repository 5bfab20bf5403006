package cluster

import (
	"math"
	"math/bits"
)

// A step is the grid on which the coordinates of a column are summed: x counts as the whole number nearest to
// (x − middle) · up. Such sums are exact in an int64, so that the mean of a cluster depends on its rows alone: not on
// their order, nor on which of them joined or left one by one.
type step struct {
	middle   float64
	up, down float64 // powers of two, one the inverse of the other

	least, greatest float64 // coordinates: rounding takes no mean beyond them
}

// lay chooses the grids: as fine as the sum of all points allows.
func (p *Points) lay() {
	p.grid = make([]step, p.d)
	for j := range p.grid {
		least, greatest := p.values[j], p.values[j]
		for i := j; i < len(p.values); i += p.d {
			least, greatest = min(least, p.values[i]), max(greatest, p.values[i])
		}
		middle := least + (greatest-least)/2
		_, exponent := math.Frexp(max(greatest-middle, middle-least)) // the half range is below 2^exponent
		e := min(61-bits.Len(uint(p.n))-exponent, 1000)
		p.grid[j] = step{middle: middle, up: math.Ldexp(1, e), down: math.Ldexp(1, -e), least: least, greatest: greatest}
	}
}

// Sums hold the grid sums and numbers of points of clusters.
type sums struct {
	grid  []step
	total []int64 // cluster after cluster
	count []int
}

func newSums(p *Points, k int) *sums {
	return &sums{grid: p.grid, total: make([]int64, k*p.d), count: make([]int, k)}
}

func (s *sums) add(point []float64, to int) {
	into := s.total[to*len(s.grid):]
	for j, g := range s.grid {
		into[j] += int64(math.RoundToEven((point[j] - g.middle) * g.up))
	}
	s.count[to]++
}

func (s *sums) move(point []float64, from, to int) {
	out, into := s.total[from*len(s.grid):], s.total[to*len(s.grid):]
	for j, g := range s.grid {
		x := int64(math.RoundToEven((point[j] - g.middle) * g.up))
		out[j] -= x
		into[j] += x
	}
	s.count[from]--
	s.count[to]++
}

// mean puts the mean of a cluster, which has a point, into a centre.
func (s *sums) mean(of int, center []float64) {
	for j, g := range s.grid {
		units := float64(s.total[of*len(s.grid)+j]) / float64(s.count[of])
		center[j] = min(max(g.middle+float64(units*g.down), g.least), g.greatest)
	}
}
