package adoption

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
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
	e := encoder{dst}
	e.number(encoding)
	e.out = binary.AppendVarint(e.out, u.window.first)
	e.out = binary.AppendVarint(e.out, u.window.from())
	e.number(int64(u.window.days()))
	for i := range u.window.days() {
		e.number(u.window.starts[i+1] - u.window.starts[i])
	}
	e.number(int64(len(u.kept)))
	for _, name := range slices.Sorted(maps.Keys(u.kept)) {
		e.text(name)
		e.number(int64(u.kept[name]))
	}
	e.number(u.repeated)
	e.number(u.outside)
	rank := e.features(u)
	x := newIndex(u)
	accounts := u.Accounts()
	e.number(int64(len(accounts)))
	for _, account := range accounts {
		e.text(account)
		users := x.usersOf(account)
		e.number(int64(len(users)))
		for _, user := range users {
			e.text(u.users[user].id)
			for _, word := range u.active(user) {
				e.out = binary.LittleEndian.AppendUint64(e.out, word)
			}
			e.cells(u, x.cellsOf(user), rank)
		}
	}
	return e.out, nil
}

// An encoder appends numbers and texts.
type encoder struct{ out []byte }

// number writes one that is not negative.
func (e *encoder) number(n int64) { e.out = binary.AppendUvarint(e.out, uint64(n)) }

func (e *encoder) text(s string) {
	e.number(int64(len(s)))
	e.out = append(e.out, s...)
}

// features writes the features that have been used, sorted, and returns their positions, counted from 1.
func (e *encoder) features(u *Usage) []int64 {
	rank := make([]int64, len(u.features))
	for i := range u.cells.cells {
		if c := &u.cells.cells[i]; c.uses > 0 {
			rank[c.feature] = 1
		}
	}
	var names []string
	for i, f := range u.features {
		if rank[i] > 0 {
			names = append(names, f.id)
		}
	}
	slices.Sort(names)
	e.number(int64(len(names)))
	for i, name := range names {
		e.text(name)
		rank[u.byID[name]] = int64(i + 1)
	}
	return rank
}

// cells writes what one user did.
func (e *encoder) cells(u *Usage, cells []*cell, rank []int64) {
	e.number(int64(len(cells)))
	slices.SortFunc(cells, func(a, b *cell) int { return cmp.Compare(rank[a.feature], rank[b.feature]) })
	before := int64(0)
	for _, c := range cells {
		e.number(rank[c.feature] - before)
		before = rank[c.feature]
		e.number(c.uses)
		e.number(c.first - u.window.from())
		e.number(c.last - c.first)
		at := c.first
		for _, next := range u.earliest(c)[1:] {
			e.number(next - at)
			at = next
		}
	}
}
