package adoption

import (
	"slices"
	"strings"
)

// An index finds the users of an account and the cells of a user.
type index struct {
	usage *Usage
	users groups // of accounts
	cells groups // of users
}

// groups holds positions by the group that they belong to.
type groups struct {
	ends  []int // of each group in items; it begins where the one before ends
	items []uint32
}

// newIndex takes time and memory with all that a usage holds.
func newIndex(u *Usage) *index {
	x := &index{usage: u}
	x.users = group(len(u.accounts), len(u.users), func(i int) (int, bool) {
		return int(u.users[i].account), !blank(u.active(User(i)))
	})
	x.cells = group(len(u.users), len(u.cells.cells), func(i int) (int, bool) {
		c := &u.cells.cells[i]
		return int(c.user), c.uses > 0
	})
	return x
}

// group sorts positions below n by group, in two passes; of says which group one belongs to, if it does to any.
func group(count, n int, of func(i int) (int, bool)) groups {
	g := groups{ends: make([]int, count+1)}
	for i := range n {
		if at, ok := of(i); ok {
			g.ends[at+1]++
		}
	}
	for i := range count {
		g.ends[i+1] += g.ends[i]
	}
	g.items = make([]uint32, g.ends[count])
	for i := range n {
		if at, ok := of(i); ok {
			g.items[g.ends[at]] = uint32(i)
			g.ends[at]++ // from the start of the group, in the end to that of the next
		}
	}
	return g
}

// of returns the items of a group.
func (g groups) of(i int) []uint32 {
	from := 0
	if i > 0 {
		from = g.ends[i-1]
	}
	return g.items[from:g.ends[i]]
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

// cellsOf returns the cells of a user, in no order that means anything.
func (x *index) cellsOf(user User) []*cell {
	items := x.cells.of(int(user))
	out := make([]*cell, len(items))
	for k, i := range items {
		out[k] = &x.usage.cells.cells[i]
	}
	return out
}
