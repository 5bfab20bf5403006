package health

import (
	"math"
	"time"
)

// A block is the working of some consecutive rows of columns. Each measure of a group is added to the tallies of all
// rows before the next one is.
type block struct {
	model       *Model
	in          Columns
	asOf        int64 // µs
	first, size int   // its rows
	ages        []int64
	columns     []column
	groups      []blockGroup // all but the last of the model, which is the card
	sums        []sums       // of a plain group, by row
	seen        []float64    // values of one column, NaN where the reading is not seen
	sheet       sheet        // of one row: the measures that have limits
}

// A column is one measure in a block.
type column struct {
	*measure
	curves []lookup // by age; the last is for all others
	values []float64
	at     []int64   // nil: undated
	states []uint8   // nil: known where the value is a number
	live   []float64 // of a measure that has limits: liveness by row of the block
}

// A blockGroup is one group in a block.
type blockGroup struct {
	*group
	plain   bool    // it holds measures that apply to every account and are known whole or excluded
	tallies []tally // by row of the block
}

// Ages of accounts that are not known, beside those in µs.
const (
	noAge  = -1
	badAge = -2 // the start is impossible
)

// notApplicable is the liveness of a measure that does not apply.
const notApplicable = -1

// yearOne is the zero time in µs since 1970.
const yearOne = -62135596800_000_000

func (m *Model) newBlock(in Columns, asOf int64) *block {
	const near, tallySize = 32 << 10, 96 // bytes
	groups := len(m.groups) - 1
	size := max(1, min(near/tallySize/groups, 256, len(in.Values[0])))
	b := &block{
		model: m, in: in, asOf: asOf, size: size, ages: make([]int64, size), seen: make([]float64, size), sums: make([]sums, size),
		columns: make([]column, len(m.measures)), groups: make([]blockGroup, groups),
	}
	for i := range b.columns {
		c := &b.columns[i]
		c.measure, c.values = &m.measures[i], in.Values[i]
		if in.At != nil {
			c.at = in.At[i]
		}
		if in.States != nil {
			c.states = in.States[i]
		}
		for j := range c.byAge {
			c.curves = append(c.curves, newLookup(&c.byAge[j].Curve))
		}
		c.curves = append(c.curves, newLookup(&c.curve))
	}
	for r := range b.ages {
		b.ages[r] = noAge
	}
	if len(m.limits) > 0 {
		b.sheet.leaves = make([]leaf, len(m.measures))
		b.sheet.parts = make([]Part, len(m.measures))
	}
	for i := range m.limits {
		b.columns[m.limits[i].measure].live = make([]float64, size)
	}
	for i := range b.groups {
		g := &b.groups[i]
		g.group, g.tallies = &m.groups[i], make([]tally, size)
		g.plain = g.end > g.group.first
		for j := g.group.first; j < g.end; j++ {
			g.plain = g.plain && b.columns[j].plain()
		}
	}
	return b
}

// evaluate tallies the groups, members before the group that holds them.
func (b *block) evaluate() {
	b.readAges()
	for i := range b.groups {
		g := &b.groups[i]
		tallies := g.tallies[:b.size]
		if g.plain {
			b.sumPlain(g, tallies)
			continue
		}
		clear(tallies)
		for j := g.group.first; j < g.end; j++ {
			b.add(&b.columns[j], tallies)
		}
		for _, j := range g.groups {
			for r := range tallies {
				tallies[r].add(b.groups[j].weight, &b.groups[j].tallies[r].node)
			}
		}
		for r := range tallies {
			tallies[r].mean(g.mustLive)
		}
	}
}

// readAges finds the ages of the accounts.
func (b *block) readAges() {
	if b.in.Since == nil {
		return
	}
	for r, since := range b.in.Since[b.first:][:b.size] {
		switch {
		case undated(since):
			b.ages[r] = noAge
		case since < yearOne || since > b.asOf:
			b.ages[r] = badAge
		default:
			b.ages[r] = passed(since, b.asOf)
		}
	}
}

func undated(t int64) bool { return t == NoTime || t == yearOne }

// passed is elapsed for instants in µs.
func passed(from, to int64) int64 {
	const longest = math.MaxInt64 / int64(time.Microsecond)
	return min(to-from, longest)
}

// sees reports whether a reading of that instant counts: one from after asOf is missing, and one from before the year 1
// has failed.
func (b *block) sees(t int64) bool { return uint64(t-yearOne) <= uint64(b.asOf-yearOne) || t == NoTime }

// add adds a measure to the tallies, as enter and sumGroup do.
func (b *block) add(c *column, tallies []tally) {
	var l leaf
	tooYoung := c.notBefore.Microseconds()
	for r, x := range c.values[b.first:][:b.size] {
		at, code, age := NoTime, CodeKnown, b.ages[r]
		if c.at != nil {
			at = c.at[b.first+r]
		}
		if c.states != nil {
			code = c.states[b.first+r]
		}
		points, live := 0.0, 0.0
		switch seen := b.sees(at); {
		case seen && code == CodeNotApplicable:
			live = notApplicable
		case c.depends && age < 0:
		case c.depends && age < tooYoung:
			live = notApplicable
		case seen && code == CodeKnown:
			if points = c.curveOf(age).at(x); points == points {
				live = c.livenessAt(at, b.asOf)
			} else {
				points = 0
			}
		}
		if c.live != nil {
			c.live[r] = live
		}
		if live >= 0 {
			c.mix(&l, points, live)
			tallies[r].add(c.weight, &l.node)
		}
	}
}

// curveOf is curveAt for an age in µs.
func (c *column) curveOf(age int64) *lookup {
	for i := range c.byAge {
		if age < time.Duration(c.byAge[i].Under).Microseconds() {
			return &c.curves[i]
		}
	}
	return &c.curves[len(c.byAge)]
}

// livenessAt is liveness for instants in µs.
func (x *measure) livenessAt(at, asOf int64) float64 {
	if x.expire == 0 {
		return 1
	}
	if undated(at) {
		return 0
	}
	fresh, expire := x.fresh.Microseconds(), x.expire.Microseconds()
	switch age := passed(at, asOf); {
	case age >= expire:
		return 0
	case age <= fresh:
		return 1
	default:
		return float64(expire-age) / float64(expire-fresh)
	}
}
