package mining

import (
	"math/bits"
	"slices"
	"strings"
)

// An index numbers activities in the order in which they come. The zero index is empty.
type index struct {
	names  []string
	byName map[string]Activity
}

// of returns the number of a valid name, a new one if need be.
func (x *index) of(name string) Activity {
	if a, ok := x.byName[name]; ok {
		return a
	}
	if x.byName == nil {
		x.byName = make(map[string]Activity)
	}
	a, name := Activity(len(x.names)), strings.Clone(name)
	x.names = append(x.names, name)
	x.byName[name] = a
	return a
}

// A cell sums the times from one activity to another.
type cell struct {
	from, to Activity
	sums
	kept []int64 // the times themselves, in any order, where medians are wanted
}

// A table finds cells by their two activities. The zero table is empty.
type table struct {
	slots []uint32 // position in cells, counted from 1; 0: free
	shift int      // of a hash to a slot
	cells []cell
}

// at returns the cell of two activities, which stays where it is until the next call.
func (t *table) at(from, to Activity) *cell {
	if 2*len(t.cells) >= len(t.slots) {
		t.grow()
	}
	slot := t.slot(from, to)
	if t.slots[slot] == 0 {
		t.cells = append(t.cells, cell{from: from, to: to})
		t.slots[slot] = uint32(len(t.cells))
	}
	return &t.cells[t.slots[slot]-1]
}

// find returns the cell of two activities, or nil.
func (t *table) find(from, to Activity) *cell {
	if len(t.slots) == 0 {
		return nil
	}
	if at := t.slots[t.slot(from, to)]; at > 0 {
		return &t.cells[at-1]
	}
	return nil
}

// slot returns where two activities are, or the free place where they belong.
func (t *table) slot(from, to Activity) uint64 {
	slot := (uint64(from)<<32 | uint64(to)) * 0x9E3779B97F4A7C15 >> t.shift
	for {
		at := t.slots[slot]
		if at == 0 || t.cells[at-1].from == from && t.cells[at-1].to == to {
			return slot
		}
		slot = (slot + 1) & uint64(len(t.slots)-1)
	}
}

func (t *table) grow() {
	t.slots = make([]uint32, max(64, 2*len(t.slots)))
	t.shift = 65 - bits.Len(uint(len(t.slots)))
	for i, c := range t.cells {
		t.slots[t.slot(c.from, c.to)] = uint32(i + 1)
	}
}

// merge adds another table, whose activities have new numbers.
func (t *table) merge(o *table, number []Activity) {
	for i := range o.cells {
		from := &o.cells[i]
		into := t.at(number[from.from], number[from.to])
		into.sums.merge(&from.sums)
		into.kept = append(into.kept, from.kept...)
	}
}

// A variant is a path that journeys took, from start to end in the arena of paths.
type variant struct {
	hash        uint64
	from, until int
	ended, open int64 // journeys
}

// A paths finds variants by their activities. The zero paths are empty.
type paths struct {
	slots    []uint32 // position in variants, counted from 1; 0: free
	variants []variant
	arena    []Activity
}

// hashPath adds one activity to the hash of a path, which begins with 0.
func hashPath(h uint64, a Activity) uint64 {
	h = (h ^ uint64(a+1)) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// hashOf is the hash of a whole path.
func hashOf(path []Activity) uint64 {
	h := uint64(0)
	for _, a := range path {
		h = hashPath(h, a)
	}
	return h
}

// of returns the activities of a variant, which the caller must not change.
func (p *paths) of(v *variant) []Activity { return p.arena[v.from:v.until] }

// at returns the position of a path among the variants.
func (p *paths) at(path []Activity, hash uint64) int {
	if 2*len(p.variants) >= len(p.slots) {
		p.slots = make([]uint32, max(64, 2*len(p.slots)))
		for i, v := range p.variants {
			slot := v.hash & uint64(len(p.slots)-1)
			for p.slots[slot] != 0 {
				slot = (slot + 1) & uint64(len(p.slots)-1)
			}
			p.slots[slot] = uint32(i + 1)
		}
	}
	slot := hash & uint64(len(p.slots)-1)
	for p.slots[slot] != 0 {
		at := int(p.slots[slot] - 1)
		if v := &p.variants[at]; v.hash == hash && slices.Equal(p.of(v), path) {
			return at
		}
		slot = (slot + 1) & uint64(len(p.slots)-1)
	}
	from := len(p.arena)
	p.arena = append(p.arena, path...)
	p.variants = append(p.variants, variant{hash: hash, from: from, until: len(p.arena)})
	p.slots[slot] = uint32(len(p.variants))
	return len(p.variants) - 1
}

// merge adds other variants, whose activities have new numbers.
func (p *paths) merge(o *paths, number []Activity) {
	var path []Activity
	for i := range o.variants {
		v := o.variants[i]
		path = path[:0]
		for _, a := range o.of(&v) {
			path = append(path, number[a])
		}
		into := &p.variants[p.at(path, hashOf(path))]
		into.ended += v.ended
		into.open += v.open
	}
}
