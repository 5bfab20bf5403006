package ladder

import (
	"cmp"
	"math/big"
	"slices"
	"sort"
	"time"
)

// A group is the entries that a rule of the books looks at together: those on one pool, or of one benefit without a pool.
type group struct {
	pool    *pool
	benefit string // "" on a pool
}

func (m *Model) groupOf(benefit string) group {
	if p := m.poolOf(benefit); p != nil {
		return group{pool: p}
	}
	return group{benefit: benefit}
}

// oneOff reports whether the group has one capacity for all time.
func (g group) oneOff() bool { return g.pool != nil && g.pool.basis == OneOff }

// A calendar finds among the entries of a group that stand those that share an instant with a period, in steps that grow
// as the logarithm of their number. The entries that it can hold are known beforehand.
type calendar struct {
	entries []Entry     // of the book
	order   []int       // positions of those of the group, by From
	latest  []time.Time // a tree: the last end below each node, of which the leaves are as order; the root is at 1
	total   big.Rat     // weight of those on a one-off pool
	fresh   []int       // positions that are not in the total yet
}

// arrange sorts what the calendar can hold.
func (c *calendar) arrange(entries []Entry) {
	c.entries = entries
	slices.SortFunc(c.order, func(i, j int) int { return cmp.Or(entries[i].From.Compare(entries[j].From), cmp.Compare(i, j)) })
	leaves := 1
	for leaves < len(c.order) {
		leaves *= 2
	}
	c.latest = make([]time.Time, 2*leaves)
}

// put holds an entry from now on.
func (c *calendar) put(position int) {
	e := &c.entries[position]
	leaf, _ := sort.Find(len(c.order), func(i int) int {
		other := &c.entries[c.order[i]]
		return cmp.Or(e.From.Compare(other.From), cmp.Compare(position, c.order[i]))
	})
	for node := len(c.latest)/2 + leaf; node > 0; node /= 2 {
		c.latest[node] = later(c.latest[node], e.To)
	}
	c.fresh = append(c.fresh, position)
}

// sharing returns the positions of the entries held that share an instant with e's period, in order.
func (c *calendar) sharing(e *Entry) []int {
	begun := sort.Search(len(c.order), func(i int) bool { return !c.entries[c.order[i]].From.Before(e.To) })
	var found []int
	var visit func(node, first, leaves int)
	visit = func(node, first, leaves int) {
		switch {
		case first >= begun || !c.latest[node].After(e.From):
		case leaves == 1:
			found = append(found, c.order[first])
		default:
			visit(2*node, first, leaves/2)
			visit(2*node+1, first+leaves/2, leaves/2)
		}
	}
	visit(1, 0, len(c.latest)/2)
	slices.Sort(found)
	return found
}
