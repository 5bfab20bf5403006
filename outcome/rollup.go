package outcome

import (
	"cmp"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// places rounds a share to twelve decimal places, half up, so that one that is meant to be 0.6 is the number 0.6.
func places(share float64) float64 { return math.Floor(float64(share*1e12)+0.5) / 1e12 }

// A mean accumulates the weighted mean of the outcomes that count.
type mean struct {
	weights  []float64 // of all
	measured []float64 // of those that are measured
	earned   []float64 // weight times clamped attainment of those
	most     []float64 // earned, and the whole weight of what is not measured
}

// again returns an empty mean in the room of this one.
func (m *mean) again() mean {
	return mean{m.weights[:0], m.measured[:0], m.earned[:0], m.most[:0]}
}

func (m *mean) add(o *Outcome, p *Progress) {
	if o.State == Abandoned {
		return
	}
	m.weights = append(m.weights, o.Weight)
	if !p.Known {
		m.most = append(m.most, o.Weight)
		return
	}
	earned := float64(o.Weight * p.Clamped)
	m.measured = append(m.measured, o.Weight)
	m.earned = append(m.earned, earned)
	m.most = append(m.most, earned)
}

// attainment divides exact sums, so that it doesn't depend on the order of the outcomes. Weights are positive and
// bounded, so that no sum fails.
func (m *mean) attainment() Attainment {
	if len(m.weights) == 0 {
		return Attainment{High: 1}
	}
	weight, _ := stat.Sum(m.weights)
	measured, _ := stat.Sum(m.measured)
	earned, _ := stat.Sum(m.earned)
	most, _ := stat.Sum(m.most)
	a := Attainment{Known: len(m.measured) > 0, Coverage: places(measured / weight)}
	a.Low, a.High = places(earned/weight), places(most/weight)
	if a.Known {
		a.Value = places(earned / measured)
		a.High = max(a.High, a.Value) // they are equal when all that is measured is at 1, but for rounding
	}
	return a
}

// groups appends the roll-ups by an axis, groups in order of first appearance.
func groups(rollups []Rollup, axis Axis, outcomes []Outcome, progress []Progress, room *mean) []Rollup {
	first := len(rollups)
	position := make(map[string]int)
	of := make([]int, 0, len(outcomes)) // position among the groups, or -1
	var size []int
	for i := range outcomes {
		o := &outcomes[i]
		if o.State == Abandoned {
			of = append(of, -1)
			continue
		}
		group := o.Persona
		if axis == ByHorizon {
			group = string(o.Horizon)
		}
		at, there := position[group]
		if !there {
			at = len(size)
			position[group] = at
			rollups, size = append(rollups, Rollup{Axis: axis, Group: group}), append(size, 0)
		}
		of = append(of, at)
		size[at]++
	}
	// The outcomes one group after the other, each in plan order.
	start := 0
	for g, n := range size {
		size[g], start = start, start+n
	}
	members := make([]int, start)
	for i, g := range of {
		if g >= 0 {
			members[size[g]] = i
			size[g]++
		}
	}
	start = 0
	for g, end := range size {
		*room = room.again()
		for _, i := range members[start:end] {
			room.add(&outcomes[i], &progress[i])
		}
		rollups[first+g].Attainment, start = room.attainment(), end
	}
	return rollups
}

// share gives each outcome its points: its share of low by largest remainder, ties in plan order, in units in the last
// place of low. All partial sums are then whole numbers of units that are not above low, which float64 holds exactly: the
// points sum to low in any order.
func (m *mean) share(low float64, outcomes []Outcome, progress []Progress) {
	type part struct {
		index       int
		units, rest float64
	}
	fraction, exponent := math.Frexp(low)
	whole := math.Ldexp(fraction, 53)
	earned, _ := stat.Sum(m.earned)
	parts := make([]part, 0, len(m.earned))
	left := whole
	for i := range outcomes {
		own := float64(outcomes[i].Weight * progress[i].Clamped)
		if outcomes[i].State == Abandoned || own == 0 {
			continue
		}
		exact := float64(own / earned * whole)
		down := math.Floor(exact)
		left -= down
		parts = append(parts, part{i, down, exact - down})
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.rest, a.rest) })
	// Quotients are rounded, so that a few units more than there are parts may be left over, or below none.
	for k := 0; left > 0; k = (k + 1) % len(parts) {
		parts[k].units++
		left--
	}
	for k := len(parts) - 1; left < 0; k = (k - 1 + len(parts)) % len(parts) {
		if parts[k].units > 0 {
			parts[k].units--
			left++
		}
	}
	for _, p := range parts {
		progress[p.index].Points = math.Ldexp(p.units, exponent-53)
	}
}
