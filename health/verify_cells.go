package health

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// verifyAt is the instant of all witnesses: any would do.
var verifyAt = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// An era is a range of account ages within which the same measures apply, with the same curves.
type era struct {
	age     time.Duration // its first
	unknown bool          // the age is unknown
}

// eras returns those of a card, the oldest last.
func (m *Model) eras() []era {
	starts := []time.Duration{0}
	depends := false
	for i := range m.measures {
		x := &m.measures[i]
		depends = depends || x.depends
		starts = append(starts, x.notBefore)
		for _, c := range x.byAge {
			starts = append(starts, time.Duration(c.Under))
		}
	}
	slices.Sort(starts)
	var eras []era
	if depends {
		eras = append(eras, era{unknown: true})
	}
	for _, start := range slices.Compact(starts) {
		eras = append(eras, era{age: start})
	}
	return eras
}

// A cell is a set of readings of one measure, on the same side of each of its limits.
type cell struct {
	live, missing       bool    // both: either
	worst, best         float64 // raw values with the fewest and the most points
	worstPoints, points float64 // theirs
	acts                []int   // limits whose comparison holds
}

// cells cuts what can be read of a measure. With fine, steps of the curve and a missing reading are cells of their own.
func (v *verifier) cells(age, i int, fine bool) []cell {
	x, limits := &v.m.measures[i], v.limitsOf[i]
	e := v.ages[age]
	if x.depends && e.unknown || !e.unknown && e.age < x.notBefore {
		return []cell{{missing: true}}
	}
	curve := x.curveAt(&moment{age: e.age})
	fine = fine || len(limits) > 0
	var cells []cell
	for _, raw := range v.values(i, curve) {
		points, _ := curve.at(raw)
		var acts []int
		for _, l := range limits {
			if v.m.limits[l].When.holds(raw, v.m.limits[l].Value) {
				acts = append(acts, l)
			}
		}
		at := slices.IndexFunc(cells, func(c cell) bool {
			return slices.Equal(c.acts, acts) && (!fine || curve.linear() || c.points == points)
		})
		if at < 0 {
			cells = append(cells, cell{live: true, worst: raw, best: raw, worstPoints: points, points: points, acts: acts})
			continue
		}
		c := &cells[at]
		if points < c.worstPoints {
			c.worst, c.worstPoints = raw, points
		}
		if points > c.points {
			c.best, c.points = raw, points
		}
	}
	switch {
	case x.policy == Required: // missing, the score is unknown
	case fine:
		cells = append(cells, cell{missing: true})
	default:
		cells[0].missing = true
	}
	return cells
}

// values returns raw values at and on both sides of each knot and limit: between two of them nothing but a line happens.
func (v *verifier) values(i int, curve *Curve) []float64 {
	var cuts []float64
	for _, k := range curve.Knots {
		cuts = append(cuts, k.X)
	}
	for _, l := range v.limitsOf[i] {
		cuts = append(cuts, v.m.limits[l].Value)
	}
	var all []float64
	for _, x := range cuts {
		all = append(all, before(x), x, after(x))
	}
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(x float64) bool {
		_, ok := curve.at(x)
		return !ok || math.IsInf(x, 0)
	})
	return all
}

// A reach is what a member can be in a region: its value from low to high, if it is live.
type reach struct {
	weight    float64
	live      bool // it can be
	forced    bool // it has liveness 1; else any up to that
	low, high float64
}

// leafReach bounds one measure in a cell.
func (x *measure) leafReach(c *cell) reach {
	r := reach{weight: x.weight, live: c.live, low: c.worstPoints, high: c.points}
	instead := 0.0 // of what is missing
	switch x.policy {
	case Neutral:
		instead = x.neutral
	case Worst:
	default:
		r.forced = c.live && !c.missing && x.expire == 0
		return r
	}
	if !c.live {
		r.low, r.high = instead, instead
	} else if c.missing || x.expire > 0 {
		r.low, r.high = min(r.low, instead), max(r.high, instead)
	}
	r.live, r.forced = true, true
	return r
}

// constant reports whether a measure counts the same at every age, whatever is read of it or is missing.
func (v *verifier) constant(i int) bool {
	for age := range v.ages {
		cells := v.cells(age, i, true)
		if len(cells) == 1 && !cells[0].live {
			continue
		}
		first := v.m.measures[i].leafReach(&cells[0])
		for j := range cells {
			r := v.m.measures[i].leafReach(&cells[j])
			if !r.forced || r.low != r.high || r != first || !slices.Equal(cells[j].acts, cells[0].acts) {
				return false
			}
		}
	}
	return true
}

// groupReach bounds the weighted mean of what can be live: the forced members are in it, and those others that raise it.
func groupReach(members []reach) reach {
	r := reach{
		live:   slices.ContainsFunc(members, func(x reach) bool { return x.live }),
		forced: slices.ContainsFunc(members, func(x reach) bool { return x.forced }),
	}
	extreme := func(value func(reach) float64, sign float64) float64 {
		slices.SortStableFunc(members, func(a, b reach) int { return cmp.Compare(sign*value(b), sign*value(a)) })
		sum, weight := 0.0, 0.0
		for _, x := range members {
			if x.forced {
				sum += float64(x.weight * value(x))
				weight += x.weight
			}
		}
		for _, x := range members {
			if x.live && !x.forced && (weight == 0 || sign*value(x) > sign*(sum/weight)) {
				sum += float64(x.weight * value(x))
				weight += x.weight
			}
		}
		return sum / weight
	}
	if r.live {
		r.high = extreme(func(x reach) float64 { return x.high }, 1)
		r.low = extreme(func(x reach) float64 { return x.low }, -1)
	}
	return r
}

// bounds returns bands between which all known scores of a region lie, or false if there are none. It notes which limits
// may decide.
func (v *verifier) bounds(age int, region []*cell) (low, high int, ok bool) {
	m := v.m
	groups := make([]reach, len(m.groups))
	covered := make([]float64, len(m.groups))
	applies := make([]bool, len(m.groups))
	var members []reach
	for g := range m.groups {
		group := &m.groups[g]
		members = members[:0]
		full := 0.0
		add := func(r reach, cover float64) {
			members = append(members, r)
			full += r.weight
			covered[g] += float64(r.weight * cover)
		}
		for i := group.first; i < group.end; i++ {
			x := &m.measures[i]
			if e := v.ages[age]; !e.unknown && e.age < x.notBefore {
				continue
			}
			cover := 0.0
			if region[i].live {
				cover = 1
			} else if x.policy == Required {
				return 0, 0, false
			}
			add(x.leafReach(region[i]), cover)
		}
		for _, i := range group.groups {
			if applies[i] {
				add(groups[i], covered[i])
			}
		}
		if applies[g] = full > 0; !applies[g] {
			continue
		}
		covered[g] /= full
		groups[g] = groupReach(members)
		groups[g].weight = group.weight
		if group.mustLive && !groups[g].live {
			return 0, 0, false
		}
	}
	whole := len(m.groups) - 1
	if r := groups[whole]; !r.live || covered[whole] == 0 || share9(covered[whole])+1e-9 < m.coverage {
		return 0, 0, false
	}
	const off = 1e-9 // more than the floats are
	return v.limitedRange(region, grid(groups[whole].low-off), grid(groups[whole].high+off))
}

// limitedRange applies the limits of a region to a range of points.
func (v *verifier) limitedRange(region []*cell, low, high float64) (from, to int, ok bool) {
	floor, lid := -1, -1
	for i := range v.m.limits {
		l := &v.m.limits[i]
		if !slices.Contains(region[l.measure].acts, i) {
			continue
		}
		if l.Kind == Floor && (floor < 0 || l.Points > v.m.limits[floor].Points) {
			floor = i
		}
		if l.Kind == Cap && (lid < 0 || l.Points < v.m.limits[lid].Points) {
			lid = i
		}
	}
	if floor >= 0 {
		at := v.m.limits[floor].Points
		v.decides[floor] = v.decides[floor] || low < at
		low, high = max(low, at), max(high, at)
	}
	if lid >= 0 {
		at := v.m.limits[lid].Points
		v.decides[lid] = v.decides[lid] || high > at
		low, high = min(low, at), min(high, at)
	}
	return v.m.band(low), v.m.band(high), true
}
