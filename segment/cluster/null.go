package cluster

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A cloud draws points without structure: one heap that has the means and covariances of given points, and the steps of
// their columns, such as those of ratings: points that can only be in few places lie in heaps for that alone.
type cloud struct {
	n, d   int
	mean   []float64
	factor []float64 // d·d, lower triangle: factor · its transpose are the covariances
	steps  []steps   // of each column
}

// maxSteps is how many steps the range of a column may have that counts as coarse.
const maxSteps = 100

// Steps are the places of a column whose numbers are whole steps from the least to the greatest. No size: it has none.
type steps struct {
	low, size, count float64
}

// stepsOf returns the steps of a column. They are as large as the least difference between two of its numbers, and all
// numbers must be on them but for rounding.
func stepsOf(p *Points, column int) steps {
	levels := make([]float64, p.n)
	for i := range levels {
		levels[i] = p.at(i)[column]
	}
	slices.Sort(levels)
	levels = slices.Compact(levels)
	if len(levels) < 2 || len(levels) > maxSteps {
		return steps{}
	}
	span := levels[len(levels)-1] - levels[0]
	s := steps{low: levels[0], size: span}
	for i, x := range levels[1:] {
		s.size = min(s.size, x-levels[i])
	}
	s.count = math.Round(span / s.size)
	if s.count > maxSteps {
		return steps{}
	}
	s.size = span / s.count
	for _, x := range levels {
		if at := (x - s.low) / s.size; math.Abs(at-math.Round(at)) > 1e-6 {
			return steps{}
		}
	}
	return s
}

// snap returns the place of the column that is nearest to x.
func (s steps) snap(x float64) float64 {
	if s.size == 0 {
		return x
	}
	return s.low + float64(min(max(math.Round((x-s.low)/s.size), 0), s.count)*s.size)
}

func newCloud(p *Points) *cloud {
	c := &cloud{n: p.n, d: p.d, mean: make([]float64, p.d), factor: make([]float64, p.d*p.d)}
	for a := range p.d {
		c.steps = append(c.steps, stepsOf(p, a))
	}
	whole := newSums(p, 1)
	for i := range p.n {
		whole.add(p.at(i), 0)
	}
	whole.mean(0, c.mean)
	covariance := make([]float64, p.d*p.d)
	for i := range p.n {
		for a, x := range p.at(i) {
			for b, y := range p.at(i)[:a+1] {
				covariance[a*p.d+b] += float64((x-c.mean[a])*(y-c.mean[b])) / float64(p.n)
			}
		}
	}
	// Cholesky's factor. A column that those before it determine has a pivot that is rounding alone, and gets none.
	for a := range p.d {
		for b := range a + 1 {
			sum := covariance[a*p.d+b]
			for q := range b {
				sum -= float64(c.factor[a*p.d+q] * c.factor[b*p.d+q])
			}
			switch pivot := c.factor[b*p.d+b]; {
			case a != b && pivot > 0:
				c.factor[a*p.d+b] = sum / pivot
			case a == b && sum > 1e-12*covariance[a*p.d+a]:
				c.factor[a*p.d+a] = math.Sqrt(sum)
			}
		}
	}
	return c
}

// draw returns as many points as were given: of a normal cloud, or of an even one, in which all places within a
// parallelepiped are equally likely.
func (c *cloud) draw(normal bool, source *rand.PCG) *Points {
	out := &Points{rows: c.n, n: c.n, d: c.d, values: make([]float64, 0, c.n*c.d)}
	z := make([]float64, c.d)
	for range c.n {
		for j := range z {
			if normal {
				z[j] = bell(source)
			} else {
				z[j] = float64((uniform(source) - 0.5) * math.Sqrt(12))
			}
		}
		for a, x := range c.mean {
			for b := range a + 1 {
				x += float64(c.factor[a*c.d+b] * z[b])
			}
			out.values = append(out.values, c.steps[a].snap(x))
		}
	}
	out.lay()
	return out
}

// bell returns a number with mean 0 and deviation 1 that is normal for what is needed here, by sums alone, which are the
// same on every platform: of twelve uniform numbers, less 6.
func bell(source *rand.PCG) float64 {
	sum := -6.0
	for range 12 {
		sum += uniform(source)
	}
	return sum
}
