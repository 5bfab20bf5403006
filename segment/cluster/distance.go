package cluster

import "math"

// squared returns the squared distance of two points: the sum over columns, from the first on.
func squared(a, b []float64) float64 {
	sum := 0.0
	b = b[:len(a)]
	for j, x := range a {
		d := x - b[j]
		sum += float64(d * d)
	}
	return sum
}

// Centers are k points.
type centers struct {
	k, d int
	flat []float64 // k·d, one after the other

	// The same by fours: for each four the first coordinates of its centres, then the second ones. Four sums at once keep the
	// processor busy, where each alone would wait for itself. What is lacking to a four is infinitely far.
	fours [][4]float64
}

func newCenters(k, d int) *centers {
	return &centers{k: k, d: d, flat: make([]float64, k*d), fours: make([][4]float64, (k+3)/4*d)}
}

func (c *centers) at(i int) []float64 { return c.flat[i*c.d : (i+1)*c.d] }

// pack brings the fours up to date.
func (c *centers) pack() {
	for i := range (c.k + 3) / 4 * 4 {
		for j := range c.d {
			x := math.Inf(1)
			if i < c.k {
				x = c.flat[i*c.d+j]
			}
			c.fours[i/4*c.d+j][i%4] = x
		}
	}
}

// nearest returns the centre that is nearest to a point, the first of equals, and the squared distances of that one and of
// the next nearest, which are what [squared] returns for them. The latter is infinite if there is one centre.
func (c *centers) nearest(point []float64) (best int, first, second float64) {
	// Squares are not negative: as such they are in the order of their bits, which the processor compares without a branch
	// that it could not foresee.
	low, next := math.Float64bits(math.Inf(1)), math.Float64bits(math.Inf(1))
	for at := 0; at < c.k; at += 4 {
		four := c.fours[at/4*c.d:][:len(point)]
		var s0, s1, s2, s3 float64
		for j, x := range point {
			f := &four[j]
			d0, d1, d2, d3 := x-f[0], x-f[1], x-f[2], x-f[3]
			s0 += float64(d0 * d0)
			s1 += float64(d1 * d1)
			s2 += float64(d2 * d2)
			s3 += float64(d3 * d3)
		}
		best, low, next = nearer(best, at, low, next, math.Float64bits(s0))
		best, low, next = nearer(best, at+1, low, next, math.Float64bits(s1))
		best, low, next = nearer(best, at+2, low, next, math.Float64bits(s2))
		best, low, next = nearer(best, at+3, low, next, math.Float64bits(s3))
	}
	return best, math.Float64frombits(low), math.Float64frombits(next)
}

// nearer takes one more distance into the nearest centre and the two least distances.
func nearer(best, at int, low, next, d uint64) (int, uint64, uint64) {
	next = min(next, max(low, d))
	if d < low {
		best = at
	}
	return best, min(low, d), next
}
