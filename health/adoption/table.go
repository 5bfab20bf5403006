package adoption

// A cell is what one user did with one feature.
type cell struct {
	user    User
	feature Feature
	uses    int64 // 0: the cell is free
	first   int64 // microseconds
	last    int64 // microseconds
}

// A table holds cells by user and feature, one probe of memory for most look-ups. It is at most three quarters full.
type table struct {
	cells []cell // a power of two of them
	used  int
	shift int // from a hash to a place
}

// at returns the cell of a user and a feature; a free one, with uses 0, is taken for them. The pointer holds until the
// next call.
func (t *table) at(user User, feature Feature) *cell {
	if t.used >= len(t.cells)/4*3 {
		t.grow()
	}
	for i := t.place(user, feature); ; i = (i + 1) & (len(t.cells) - 1) {
		c := &t.cells[i]
		if c.user == user && c.feature == feature && c.uses > 0 {
			return c
		}
		if c.uses == 0 {
			t.used++
			c.user, c.feature = user, feature
			return c
		}
	}
}

// place is where the search begins: the upper bits of a product with 2⁶⁴ divided by the golden ratio.
func (t *table) place(user User, feature Feature) int {
	return int((uint64(user)<<32 | uint64(feature)) * 0x9E3779B97F4A7C15 >> t.shift)
}

// grow doubles the table. Places keep their order, so that memory is read and written nearly in order.
func (t *table) grow() {
	old := t.cells
	if len(old) == 0 {
		t.cells, t.shift = make([]cell, 8), 61
		return
	}
	t.cells, t.shift = make([]cell, 2*len(old)), t.shift-1
	for i := range old {
		if c := &old[i]; c.uses > 0 {
			k := t.place(c.user, c.feature)
			for t.cells[k].uses > 0 {
				k = (k + 1) & (len(t.cells) - 1)
			}
			t.cells[k] = *c
		}
	}
}

// touch reads where the search for each cell begins, and thereby brings it near. The reads don't wait for each other, as
// those of at do. What it returns is of no use but keeps them from being left out.
//
//go:noinline
func (t *table) touch(users []User, features []Feature) (sum int64) {
	if len(t.cells) > 0 {
		for i, user := range users {
			sum += t.cells[t.place(user, features[i])].uses
		}
	}
	return sum
}
