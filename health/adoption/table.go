package adoption

import "math/bits"

// blockUsers is how many users share a table: few enough that it fits in the processor's cache where each has used a hundred
// features, and enough that those who have used few make up for those who have used many.
const (
	blockBits  = 8
	blockUsers = 1 << blockBits
)

// A cell is what one user did with one feature.
type cell struct {
	user    User
	feature Feature
	uses    int64 // 0: the cell is free
	first   int64 // microseconds
	last    int64 // microseconds
}

// A table holds the cells of a block of users by user and feature, one probe of memory for most look-ups. It is at most
// three quarters full.
type table struct {
	cells []cell
	used  int
}

// at returns the cell of a user and a feature; a free one, with uses 0, is taken for them. The pointer holds until the
// next call.
func (t *table) at(user User, feature Feature) *cell {
	if t.used >= len(t.cells)/4*3 {
		t.grow()
	}
	for i := t.place(user, feature); ; i++ {
		if i == len(t.cells) {
			i = 0
		}
		c := &t.cells[i]
		if c.uses == 0 {
			t.used++
			c.user, c.feature = user, feature
			return c
		}
		if c.user == user && c.feature == feature {
			return c
		}
	}
}

// place is where the search begins. A product with 2⁶⁴ divided by the golden ratio is a number below 2⁶⁴, and is scaled
// to one below the length of the table.
func (t *table) place(user User, feature Feature) int {
	i, _ := bits.Mul64((uint64(user)<<32|uint64(feature))*0x9E3779B97F4A7C15, uint64(len(t.cells)))
	return int(i)
}

// grow makes the table half as large again. Places keep their order, so that memory is read and written nearly in order.
func (t *table) grow() {
	old := t.cells
	t.cells = make([]cell, max(8, len(old)+len(old)/2))
	for i := range old {
		if c := &old[i]; c.uses > 0 {
			k := t.place(c.user, c.feature)
			for t.cells[k].uses > 0 {
				if k++; k == len(t.cells) {
					k = 0
				}
			}
			t.cells[k] = *c
		}
	}
}
