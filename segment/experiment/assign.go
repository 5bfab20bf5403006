package experiment

import (
	"strconv"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// Assign returns the arm of a unit, and "" and false for a unit that does not take part: its bucket lies outside the
// coverage or outside the trial's buckets of the layer. It depends on the trial and the bytes of the unit's ID alone. A larger
// coverage adds units and moves none, so a trial may be tried on a few before it begins; other weights move units. It does
// not allocate.
//
// Assign returns a *DataError if the unit is not an ID: 1 to 256 bytes of UTF-8 without control characters.
func (m *Model) Assign(unit string) (arm string, in bool, err error) {
	if err := ident.Check(unit); err != nil {
		return "", false, &DataError{Field: "unit", Message: err.Error()}
	}
	if l := m.def.Layer; l != nil {
		if b := bucket(unit, layerPrefix, l.Name); b < l.From || b >= l.To {
			return "", false, nil
		}
	}
	if i := m.split.arm(bucket(unit, m.def.Seed)); i >= 0 {
		return m.def.Arms[i].Name, true, nil
	}
	return "", false, nil
}

// Buckets returns how many buckets of each arm take part, in the order of arms: the split to expect, to which
// [CheckRatio] holds the counts. Three equal arms have 3333, 3333 and 3334.
func (m *Model) Buckets() []int { return append([]int(nil), m.split.taken...) }

// bucket returns the bucket of a unit under a seed given in pieces: the hash of the decimal digits of the hash of seed and
// unit. The second round takes out what FNV leaves of likeness between units that differ in their last byte.
func bucket(unit string, seed ...string) int {
	h := uint32(offset32)
	for _, s := range seed {
		h = fnv1a(h, s)
	}
	var digits [10]byte
	h = fnv1a(offset32, strconv.AppendUint(digits[:0], uint64(fnv1a(h, unit)), 10))
	return int(h % Buckets)
}

// Parameters of the 32-bit hash FNV-1a.
const (
	offset32 = 2166136261
	prime32  = 16777619
)

// fnv1a continues a hash over the bytes of s.
func fnv1a[T string | []byte](h uint32, s T) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * prime32
	}
	return h
}
