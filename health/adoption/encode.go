package adoption

import (
	"cmp"
	"maps"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// encoding is the version of the binary encoding.
const encoding = 1

// MarshalBinary returns the one encoding of what u holds: the same for equal events, however they were added and merged.
//
// It is, in unsigned varints but where said: the version; the civil day and the start of the window (both signed) and
// the lengths of its days; the features of which more is kept, with how much; repeated, outside; the names of features;
// each account with its users, each with the words of its days (8 bytes) and its cells: gap to the feature of the one before,
// uses, first, length to the last, and gaps between the earliest that are kept. All names are sorted, with their length.
func (u *Usage) MarshalBinary() ([]byte, error) { return u.AppendBinary(nil) }

// AppendBinary appends what MarshalBinary returns to dst. The zero Usage has no encoding: a *DataError.
func (u *Usage) AppendBinary(dst []byte) ([]byte, error) {
	if err := u.ready(); err != nil {
		return dst, err
	}
	e := encoder{wire.Encoder{Out: dst}}
	e.Number(encoding)
	e.Signed(u.window.first)
	e.Signed(u.window.from())
	e.Number(int64(u.window.days()))
	for i := range u.window.days() {
		e.Number(u.window.starts[i+1] - u.window.starts[i])
	}
	e.Number(int64(len(u.kept)))
	for _, name := range slices.Sorted(maps.Keys(u.kept)) {
		e.Text(name)
		e.Number(int64(u.kept[name]))
	}
	e.Number(u.repeated)
	e.Number(u.outside)
	rank := e.features(u)
	x := newIndex(u)
	accounts := u.Accounts()
	e.Number(int64(len(accounts)))
	for _, account := range accounts {
		e.Text(account)
		users := x.usersOf(account)
		e.Number(int64(len(users)))
		for _, user := range users {
			e.Text(u.users[user].id)
			for _, word := range u.active(user) {
				e.Fixed(word)
			}
			e.cells(u, x.cellsOf(nil, user), rank)
		}
	}
	return e.Out, nil
}

// An encoder writes the parts of a usage.
type encoder struct{ wire.Encoder }

// features writes the features that have been used, sorted, and returns their positions, counted from 1.
func (e *encoder) features(u *Usage) []int64 {
	rank := make([]int64, len(u.features))
	for _, t := range u.tables {
		for _, c := range t.cells {
			if c.uses > 0 {
				rank[c.feature] = 1
			}
		}
	}
	var names []string
	for i, f := range u.features {
		if rank[i] > 0 {
			names = append(names, f.id)
		}
	}
	slices.Sort(names)
	e.Number(int64(len(names)))
	for i, name := range names {
		e.Text(name)
		rank[u.byID[name]] = int64(i + 1)
	}
	return rank
}

// cells writes what one user did.
func (e *encoder) cells(u *Usage, cells []*cell, rank []int64) {
	e.Number(int64(len(cells)))
	slices.SortFunc(cells, func(a, b *cell) int { return cmp.Compare(rank[a.feature], rank[b.feature]) })
	before := int64(0)
	for _, c := range cells {
		e.Number(rank[c.feature] - before)
		before = rank[c.feature]
		e.Number(c.uses)
		e.Number(c.first - u.window.from())
		e.Number(c.last - c.first)
		at := c.first
		for _, next := range u.earliest(c)[1:] {
			e.Number(next - at)
			at = next
		}
	}
}
