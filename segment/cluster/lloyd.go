package cluster

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A lloyd is Lloyd's algorithm from one start: give each point to the nearest centre, the first of equals, then move each
// centre to the mean of its points, until no point changes.
//
// Most points need no look in most passes, as in Hamerly's algorithm. Let a point be u from its centre and at least l from
// every other. After its centre has moved by m and no other one by more than o, it is at most u + m from its centre and at
// least l − o from every other: it stays while l − u exceeds what m + o have added up to since it was looked at. That sum
// is kept for each cluster, once for all its points, so that a look which can be spared costs one comparison.
//
// The comparison errs on the safe side of every rounding, so that labels are those that looking at all points gives.
type lloyd struct {
	points  *Points
	centers *centers
	sums    *sums
	labels  []int32
	slack   []float64 // of each point: stays while it is above its cluster's limit
	drift   []float64 // of each cluster: movements added up, at least
	limit   []float64 // drift, and what the rounding of comparisons may amount to
	blur    float64   // bound on the relative error of a distance, with plenty to spare
}

// newLloyd makes ready for a start. It keeps the centres and moves them.
func newLloyd(p *Points, c *centers) *lloyd {
	return &lloyd{
		points: p, centers: c, sums: newSums(p, c.k), labels: make([]int32, p.n), slack: make([]float64, p.n),
		drift: make([]float64, c.k), limit: make([]float64, c.k), blur: math.Ldexp(float64(p.d+16), -48),
	}
}

// run returns the number of passes and whether the last one changed nothing. It reports false if there are fewer distinct
// points than centres.
func (l *lloyd) run(passes int) (done int, converged, ok bool) {
	l.centers.pack()
	for i := range l.labels {
		best, first, second := l.centers.nearest(l.points.at(i))
		l.labels[i], l.slack[i] = int32(best), l.room(best, first, second)
		l.sums.add(l.points.at(i), best)
	}
	for done = 1; ; done++ {
		if !l.fill() {
			return done, false, false
		}
		l.shift()
		changed := l.pass()
		if !changed {
			return done + 1, true, true
		}
		if done >= passes {
			return done, false, true
		}
	}
}

// pass gives points to the nearest centres and reports whether one changed.
func (l *lloyd) pass() bool {
	changed := false
	for i, label := range l.labels {
		if l.slack[i] > l.limit[label] {
			continue
		}
		point := l.points.at(i)
		best, first, second := l.centers.nearest(point)
		if best != int(label) {
			l.sums.move(point, int(label), best)
			l.labels[i], changed = int32(best), true
		}
		l.slack[i] = l.room(best, first, second)
	}
	return changed
}

// room returns the slack of a point from the squared distances of its centre and the next nearest.
func (l *lloyd) room(label int, first, second float64) float64 {
	near, far, drift := math.Sqrt(first), math.Sqrt(second), l.drift[label]
	if math.IsInf(far, 1) { // there is no other centre
		return far
	}
	const lost = 0x1p-500 // distances whose squares are no normal numbers are below
	return far - near + drift - float64(l.blur*(far+near+drift)) - lost
}

// shift moves the centres to the means and adds up how far they moved.
func (l *lloyd) shift() {
	c := l.centers
	moved, before := make([]float64, c.k), make([]float64, c.d)
	first, second := 0.0, 0.0 // the farthest movements
	for i := range moved {
		copy(before, c.at(i))
		l.sums.mean(i, c.at(i))
		moved[i] = math.Sqrt(squared(before, c.at(i)))
		if moved[i] >= first {
			first, second = moved[i], first
		} else {
			second = max(second, moved[i])
		}
	}
	for i, m := range moved {
		other := first
		if m == first {
			other = second
		}
		l.drift[i] = float64((l.drift[i] + m + other) * (1 + l.blur))
		l.limit[i] = float64(l.drift[i] * (1 + l.blur))
	}
	c.pack()
}

// fill gives each cluster without points, from the first on, the point that is farthest from its centre, the last of
// equals, of the clusters with two points or more. It reports false if all points are where their centres are.
func (l *lloyd) fill() bool {
	var far []float64
	for i, count := range l.sums.count {
		if count > 0 {
			continue
		}
		if far == nil {
			far = make([]float64, len(l.labels))
			for k, label := range l.labels {
				far[k] = squared(l.points.at(k), l.centers.at(int(label)))
			}
		}
		best := -1
		for k, d := range far {
			if d > 0 && l.sums.count[l.labels[k]] > 1 && (best < 0 || d >= far[best]) {
				best = k
			}
		}
		if best < 0 {
			return false
		}
		l.sums.move(l.points.at(best), int(l.labels[best]), i)
		l.labels[best], l.slack[best], far[best] = int32(i), math.Inf(-1), 0
	}
	return true
}

// inertia returns the sum of squared distances from the points to their centres, rounded once. It spends the slacks.
func (l *lloyd) inertia() float64 {
	for i, label := range l.labels {
		l.slack[i] = squared(l.points.at(i), l.centers.at(int(label)))
	}
	sum, _ := stat.Sum(l.slack) // at most 2^31·1000·2^128
	return sum
}
