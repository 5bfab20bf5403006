package peer

import (
	"slices"
)

// lay parts all firms into groups that may be released, from the cells up: what can't be released in a cell is pooled
// with what can't be in its siblings, under their total, since the total less the released cells tells the pool's sum
// anyway. A pool that can't be released either takes in its smallest sibling, until it can or none is left; then it goes
// one total up.
func (p *press) lay(w *world) ([]*group, []Withheld) {
	firms := slices.SortedStableFunc(slices.Values(w.firms), func(a, b *firm) int { return comparePaths(a.path, b.path) })
	l := layer{press: p}
	groups, _ := l.node(firms, path{}, 0)
	slices.SortFunc(groups, func(a, b *group) int { return comparePaths(a.path, b.path) })
	slices.SortFunc(l.withheld, func(a, b Withheld) int { return comparePaths(a.path(), b.path()) })
	return groups, l.withheld
}

func (w *Withheld) path() path { return path{string(w.Stage), w.Segment, w.Industry, w.Size} }

type layer struct {
	*press
	withheld []Withheld
}

// A branch is what a child of a node comes to.
type branch struct {
	firms  []*firm
	groups []*group
}

// node returns the groups below a path and the firms that none of them holds.
func (l *layer) node(firms []*firm, at path, depth int) ([]*group, []*firm) {
	if depth == len(at) {
		rule := l.broken(sortedTotals(firms))
		if rule == "" {
			return []*group{newGroup(at, firms)}, nil
		}
		l.withhold(at, len(firms), rule)
		return nil, firms
	}
	var branches []branch
	var pool []*firm
	for i := 0; i < len(firms); {
		child := at
		child[depth] = firms[i].path[depth]
		j := i
		for j < len(firms) && firms[j].path[depth] == child[depth] {
			j++
		}
		groups, left := l.node(firms[i:j], child, depth+1)
		pool = append(pool, left...)
		branches = append(branches, branch{firms[i:j], groups})
		i = j
	}
	for len(pool) > 0 && l.broken(sortedTotals(pool)) != "" {
		least := -1
		for i, b := range branches {
			if len(b.groups) > 0 && (least < 0 || len(b.firms) < len(branches[least].firms)) {
				least = i
			}
		}
		if least < 0 {
			return nil, pool
		}
		for _, g := range branches[least].groups {
			for _, s := range g.stays {
				pool = append(pool, s.firm)
			}
			if g.path.depth() == len(g.path) {
				l.withhold(g.path, len(g.stays), Complementary)
			}
		}
		branches[least].groups = nil
	}
	var groups []*group
	for _, b := range branches {
		groups = append(groups, b.groups...)
	}
	if len(pool) > 0 {
		groups = append(groups, newGroup(at, pool))
	}
	return groups, nil
}

func (l *layer) withhold(at path, count int, rule Rule) {
	l.withheld = append(l.withheld, Withheld{Stage(at[0]), at[1], at[2], at[3], count, rule})
}

func sortedTotals(firms []*firm) []int64 {
	totals := make([]int64, len(firms))
	for i, f := range firms {
		totals[i] = f.total
	}
	slices.Sort(totals)
	return totals
}

func newGroup(at path, firms []*firm) *group {
	g := &group{path: at}
	for _, f := range firms {
		g.stays = append(g.stays, &stay{firm: f})
	}
	slices.SortFunc(g.stays, compareStays)
	return g
}
