package health

import "math"

// plain reports whether a measure applies to every account, and is known whole or excluded. A group of such measures, as
// most are in cards without ageing, is summed in the shortest way.
func (c *column) plain() bool {
	return !c.depends && c.expire == 0 && c.policy != Neutral && c.policy != Worst && c.states == nil && c.live == nil
}

// sums are what adds up in a plain group, whose measures have a liveness of 0 or 1: the sums of Low are those of the
// value, and the sums of the coverage those of the weight.
type sums struct {
	value, high, weight float64
	required            bool
}

func (s *sums) known(weight, points float64) {
	points = float64(weight * points)
	s.value += points
	s.high += points
	s.weight += weight
}

func (s *sums) missing(lost float64, required bool) {
	s.high += lost
	s.required = s.required || required
}

// sumPlain tallies a plain group.
func (b *block) sumPlain(g *blockGroup, tallies []tally) {
	all := b.sums[:len(tallies)]
	clear(all)
	full := 0.0
	for i := g.group.first; i < g.end; i++ {
		c := &b.columns[i]
		c.addPlain(all, b.seenValues(c))
		full += c.weight
	}
	for r := range tallies { // as tally.mean, for a parent that asks for no more than the node
		s, n := &all[r], &tallies[r].node
		n.applies, n.required = true, s.required
		n.low, n.high, n.coverage = s.value/full, s.high/full, s.weight/full
		if n.empty = g.mustLive && s.weight == 0; s.weight > 0 {
			n.live, n.value = 1, s.value/s.weight
		} else {
			n.live, n.value = 0, 0
		}
	}
}

// seenValues returns the values of a column, NaN where the reading is not seen.
func (b *block) seenValues(c *column) []float64 {
	values := c.values[b.first:][:b.size]
	if c.at == nil {
		return values
	}
	for r, t := range c.at[b.first:][:b.size] {
		b.seen[r] = values[r]
		if !b.sees(t) {
			b.seen[r] = math.NaN()
		}
	}
	return b.seen[:b.size]
}

// addPlain adds a plain measure to the sums of each row.
func (c *column) addPlain(all []sums, values []float64) {
	l := &c.curves[0]
	all = all[:len(values)]
	lost, required := float64(c.weight*100), c.policy == Required
	if len(l.edges) > few || c.curve.Kind == Bounded {
		for r, x := range values {
			if points := l.at(x); points == points {
				all[r].known(c.weight, points)
			} else {
				all[r].missing(lost, required)
			}
		}
		return
	}
	// What most cards consist of, without a call and with all that does not change in registers.
	weight, pieces := c.weight, (*[2 * few]piece)(l.pieces)
	e0, e1, e2, e3 := l.edges[0], l.edges[1], l.edges[2], l.edges[3]
	for r, x := range values {
		if notNumber(x) {
			all[r].missing(lost, required)
			continue
		}
		// In pairs: amd64 compares into one byte of a register and keeps the rest, so that a chain waits for the last row's.
		n := (one(e0 <= x) + one(e1 <= x)) + (one(e2 <= x) + one(e3 <= x))
		all[r].known(weight, pieces[n&7].at(x))
	}
}

// notNumber reports NaN and infinities by their exponent, so that a processor knows before it has computed anything.
func notNumber(x float64) bool {
	const exponent = 0x7ff << 52
	return math.Float64bits(x)&exponent == exponent
}
