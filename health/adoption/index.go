package adoption

import (
	"slices"
	"strings"
)

// An index finds the users of an account, and has room that serves one account after the other.
type index struct {
	usage  *Usage
	users  groups       // of accounts
	places groups       // of users: where their cells are in their table
	order  []Feature    // by ID
	rank   []int        // of each feature in order
	sums   []featureSum // of each feature in order; zeros but while they are summed
	used   []uint64     // a bit for each feature in order that has been summed
	cells  []*cell      // of the account at hand
}

// A featureSum is how an account uses a feature.
type featureSum struct {
	uses     int64
	first    int64
	users    int
	entitled bool
}

// newIndex takes time and memory with all that a usage holds.
func newIndex(u *Usage) *index {
	n := len(u.features)
	x := &index{
		usage: u, users: groupUsers(u), places: groupCells(u),
		order: make([]Feature, n), rank: make([]int, n), sums: make([]featureSum, n), used: make([]uint64, (n+63)/64),
	}
	for i := range x.order {
		x.order[i] = Feature(i)
	}
	slices.SortFunc(x.order, func(a, b Feature) int { return strings.Compare(u.features[a].id, u.features[b].id) })
	for i, f := range x.order {
		x.rank[f] = i
	}
	return x
}

// groupUsers finds the active users of each account.
func groupUsers(u *Usage) groups {
	g := newGroups(len(u.accounts))
	for i, p := range u.users {
		if !blank(u.active(User(i))) {
			g.count(int(p.account))
		}
	}
	g.allot()
	for i, p := range u.users {
		if !blank(u.active(User(i))) {
			g.put(int(p.account), i)
		}
	}
	return g
}

// groupCells finds the places of each user's cells in their table.
func groupCells(u *Usage) groups {
	g := newGroups(len(u.users))
	for _, t := range u.tables {
		for i := range t.cells {
			if c := &t.cells[i]; c.uses > 0 {
				g.count(int(c.user))
			}
		}
	}
	g.allot()
	for _, t := range u.tables {
		for i := range t.cells {
			if c := &t.cells[i]; c.uses > 0 {
				g.put(int(c.user), i)
			}
		}
	}
	return g
}

// groups holds positions by the group that they belong to. All of them are counted, then put.
type groups struct {
	ends  []int // of each group in items; it begins where the one before ends
	items []uint32
}

func newGroups(n int) groups { return groups{ends: make([]int, n+1)} }

func (g *groups) count(group int) { g.ends[group+1]++ }

// allot turns counts into where each group starts, which put advances to where it ends.
func (g *groups) allot() {
	for i := range g.ends[1:] {
		g.ends[i+1] += g.ends[i]
	}
	g.items = make([]uint32, g.ends[len(g.ends)-1])
}

func (g *groups) put(group, item int) {
	g.items[g.ends[group]] = uint32(item)
	g.ends[group]++
}

// of returns the items of a group.
func (g *groups) of(group int) []uint32 {
	from := 0
	if group > 0 {
		from = g.ends[group-1]
	}
	return g.items[from:g.ends[group]]
}

// usersOf returns the active users of an account, by ID.
func (x *index) usersOf(account string) []User {
	at, ok := x.usage.byName[account]
	if !ok {
		return nil
	}
	var out []User
	for _, i := range x.users.of(int(at)) {
		out = append(out, User(i))
	}
	slices.SortFunc(out, func(a, b User) int { return strings.Compare(x.usage.users[a].id, x.usage.users[b].id) })
	return out
}

// cellsOf appends the cells of a user to dst, in no order that means anything.
func (x *index) cellsOf(dst []*cell, user User) []*cell {
	cells := x.usage.tables[user/blockUsers].cells
	for _, i := range x.places.of(int(user)) {
		dst = append(dst, &cells[i])
	}
	return dst
}
