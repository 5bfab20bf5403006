package segment

import "slices"

// crossings returns instants from from to to of which each stands for all that lie like it: those at which a relative
// time constant meets an absolute one or an end of the domain, and one between each two neighbours. Between crossings the
// order of the constants stays the same, and with it the cells, but that a cell may be empty within two microseconds of
// a crossing. Where neighbours are so close that the one in the middle does not show every cell, all between are given.
// It reports false when there are too many.
func (m *Model) crossings(from, to int64) ([]int64, bool) {
	absolute := make([][]int64, len(m.schema.columns))
	relative := make([][]int64, len(m.schema.columns))
	for i := range m.rules {
		m.rules[i].when.tests(func(n *node) {
			for _, c := range n.moments {
				if c.relative {
					relative[n.attr] = append(relative[n.attr], c.us)
				} else {
					absolute[n.attr] = append(absolute[n.attr], c.us)
				}
			}
		})
	}
	crossings := []int64{from, to}
	for attr := range relative {
		offsets := distinct(relative[attr])
		for _, at := range distinct(append(absolute[attr], earliest, latest)) {
			for _, offset := range offsets {
				if now := at - offset; from < now && now < to {
					crossings = append(crossings, now)
				}
			}
			if len(crossings) > 64*maxSpans {
				return nil, false
			}
		}
	}
	crossings = distinct(crossings)
	if len(crossings) > maxSpans {
		return nil, false
	}
	if len(crossings) == 2 && !slices.ContainsFunc(relative, func(r []int64) bool { return len(r) > 0 }) {
		return crossings[:1], true // as_of makes no difference
	}
	const tight = 8 // microseconds
	var all []int64
	for i, now := range crossings {
		all = append(all, now)
		if i+1 == len(crossings) {
			break
		}
		next := crossings[i+1]
		if next-now <= tight {
			for us := now + 1; us < next; us++ {
				all = append(all, us)
			}
			continue
		}
		all = append(all, betweenInstants(now+tight/2, next-tight/2))
	}
	return all, true
}

// distinct returns the numbers rising, each once.
func distinct(numbers []int64) []int64 {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
