package journey

import (
	"cmp"
	"math"
	"slices"
)

// A values is a set of numbers: those from low to high, but some.
type values struct {
	low, high float64
	but       []float64
}

func everything() values { return values{low: -math.MaxFloat64, high: math.MaxFloat64} }

// narrow keeps the values that satisfy a clock's comparison, or those that don't.
func (s *values) narrow(c *clock, satisfied bool) {
	below, equal, above := c.below == satisfied, c.equal == satisfied, c.above == satisfied
	switch {
	case below && above:
		s.but = append(s.but, c.value)
	case below && equal:
		s.high = min(s.high, c.value)
	case above && equal:
		s.low = max(s.low, c.value)
	case below:
		s.high = min(s.high, math.Nextafter(c.value, math.Inf(-1)))
	case above:
		s.low = max(s.low, math.Nextafter(c.value, math.Inf(1)))
	default:
		s.low, s.high = max(s.low, c.value), min(s.high, c.value)
	}
}

func (s *values) has(v float64) bool { return s.low <= v && v <= s.high && !slices.Contains(s.but, v) }

// pick returns a value of the set, a short one if it finds one; false: the set is empty.
func (s *values) pick() (float64, bool) {
	for _, v := range [...]float64{math.Ceil(s.low), math.Floor(s.high), math.Floor(s.low) + 1, math.Ceil(s.high) - 1, 0} {
		if s.has(v) {
			return v + 0, true
		}
	}
	for v := s.low; v <= s.high; v = math.Nextafter(v, math.Inf(1)) {
		if s.has(v) {
			return v, true
		}
	}
	return 0, false
}

// A solver collects needs that are to be met and needs that are not, of one account at one instant, and knows whether
// observations can make it so. A signal's past is free as far as no need binds it, and so is whether it was observed.
type solver struct {
	model   *Model
	signals []demand
	trail   []demand // what the signals were before each demand
	steps   int      // looks at a need, so far
	events  int      // that witnesses may still have
}

// A demand is what is asked of one signal.
type demand struct {
	signal     int
	met, unmet []*need
	now        values // values of the present that all of met let
}

func newSolver(m *Model) *solver {
	s := &solver{model: m, signals: make([]demand, len(m.signals)), events: maxEvents}
	for i := range s.signals {
		s.signals[i] = demand{signal: i, now: everything()}
	}
	return s
}

// undo takes back all demands after the first n.
func (s *solver) undo(n int) {
	for len(s.trail) > n {
		last := s.trail[len(s.trail)-1]
		s.signals[last.signal], s.trail = last, s.trail[:len(s.trail)-1]
	}
}

// met demands that a need is met, and reports whether that can be.
func (s *solver) met(n *need) bool {
	d := s.demand(n)
	d.met = append(d.met, n)
	d.now.narrow(&s.model.clocks[n.clock], true)
	return s.holds(d)
}

// unmet demands that a need is not met, and reports whether that can be.
func (s *solver) unmet(n *need) bool {
	d := s.demand(n)
	d.unmet = append(d.unmet, n)
	return s.holds(d)
}

func (s *solver) demand(n *need) *demand {
	d := &s.signals[n.signal]
	s.trail = append(s.trail, *d)
	return d
}

// allMet demands that all needs are met.
func (s *solver) allMet(needs []need) bool {
	for i := range needs {
		if !s.met(&needs[i]) {
			return false
		}
	}
	return true
}

// holds reports whether the demands on a signal can be met together. One value for all time does for what is to be met.
// A need that is not to be met must be broken at some instant of its For, at which those that have to hold for as long
// or longer do: each has an instant of its own, but that without For has the present alone.
func (s *solver) holds(d *demand) bool {
	s.steps += 1 + len(d.unmet)*(1+len(d.met))
	if len(d.met) == 0 {
		return true // never observed
	}
	if _, ok := d.present(s.model); !ok {
		return false
	}
	for _, n := range d.unmet {
		if _, ok := d.broken(s.model, n); !ok {
			return false
		}
	}
	return true
}

// open reports whether a need may be met beside what is demanded, and what more will be. If no more is, a signal of which
// nothing is demanded was never observed.
func (s *solver) open(n *need, more bool) bool {
	d := &s.signals[n.signal]
	s.steps += 1 + len(d.unmet)
	if len(d.met) == 0 {
		return more
	}
	now := d.now
	for _, other := range d.unmet {
		if other.held == 0 {
			now.narrow(&s.model.clocks[other.clock], false)
		}
	}
	now.narrow(&s.model.clocks[n.clock], true)
	_, ok := now.pick()
	return ok
}

// present returns a value of the present.
func (d *demand) present(m *Model) (float64, bool) {
	now := d.now
	for _, n := range d.unmet {
		if n.held == 0 {
			now.narrow(&m.clocks[n.clock], false)
		}
	}
	return now.pick()
}

// broken returns a value that breaks a need at the beginning of its For, if nothing else does.
func (d *demand) broken(m *Model, n *need) (float64, bool) {
	if n.held == 0 || n.held > d.longest() {
		return 0, true
	}
	then := everything()
	for _, other := range d.met {
		if other.held >= n.held {
			then.narrow(&m.clocks[other.clock], true)
		}
	}
	then.narrow(&m.clocks[n.clock], false)
	return then.pick()
}

// longest returns for how long some need that is to be met has to hold.
func (d *demand) longest() int64 {
	longest := int64(0)
	for _, n := range d.met {
		longest = max(longest, n.held)
	}
	return longest
}

// A sight is a value observed some time ago.
type sight struct {
	ago   int64 // µs
	value float64
}

// sights returns observations, the earliest first, that do what is demanded of a signal; none if nothing has to be
// met. False: what breaks needs lies closer than a microsecond.
func (d *demand) sights(m *Model) ([]sight, bool) {
	if len(d.met) == 0 {
		return nil, true
	}
	now, _ := d.present(m)
	longest := d.longest()
	list := []sight{{longest, now}}
	at := make(map[int64]bool) // ago
	for _, n := range d.unmet {
		if n.held == 0 || n.held > longest || !m.clocks[n.clock].satisfied(now) {
			continue
		}
		ago := n.held
		for at[ago] {
			ago--
		}
		at[ago] = true
		if slices.ContainsFunc(d.met, func(other *need) bool { return other.held < n.held && other.held >= ago }) || ago == 0 {
			return nil, false
		}
		value, _ := d.broken(m, n)
		if ago == longest {
			list[0].value = value
		} else {
			list = append(list, sight{ago, value})
		}
		if !at[ago-1] {
			list = append(list, sight{ago - 1, now})
		}
	}
	slices.SortStableFunc(list, func(a, b sight) int { return cmp.Compare(b.ago, a.ago) })
	return list, true
}
