package outcome

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// pathsVersion is of the binary encoding.
const pathsVersion = 1

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// MarshalBinary returns the one encoding of what ps holds: the same for equal plans, however they were added and merged.
//
// It is, in unsigned varints and texts with their length: the version, the template, and the outcomes by ID; each with how
// many began and its orders, sorted; each of them with its steps, its accounts, and the seconds to each step and to the
// outcome as gaps.
func (ps *Paths) MarshalBinary() ([]byte, error) {
	var e wire.Encoder
	e.Number(pathsVersion)
	if len(ps.trails) == 0 {
		e.Text("")
		e.Number(0)
		return e.Out, nil
	}
	e.Text(ps.template)
	e.Number(int64(len(ps.trails)))
	for _, id := range sorted(ps.trails) {
		t := ps.trails[id]
		e.Text(id)
		e.Number(t.begun)
		e.Number(int64(len(t.orders)))
		for _, key := range sorted(t.orders) {
			w := t.orders[key]
			e.Number(int64(len(w.steps)))
			for _, step := range w.steps {
				e.Text(step)
			}
			e.Number(w.accounts)
			before := int64(0)
			for _, s := range w.seconds {
				e.Number(s - before)
				before = s
			}
		}
	}
	return e.Out, nil
}

// UnmarshalBinary replaces ps by what [Paths.MarshalBinary] wrote. It accepts nothing else: what it has read encodes to
// the same bytes. It returns a *DataError that says where data is wrong, or ErrFormat if a newer release wrote it, and
// leaves ps as it was. Memory is bounded by a small multiple of the length of data.
func (ps *Paths) UnmarshalBinary(data []byte) error {
	if version, n := binary.Uvarint(data); n > 0 && version > pathsVersion {
		return fmt.Errorf("outcome: decode paths: version %d: %w", version, ErrFormat)
	}
	d := pathsDecoder{wire.Decoder{Rest: data}}
	read := d.paths()
	if err := d.End(); err != nil {
		return &DataError{"", fmt.Sprintf("paths at byte %d", len(data)-len(d.Rest)), err.Error()}
	}
	*ps = read
	return nil
}

// A pathsDecoder reads what MarshalBinary wrote.
type pathsDecoder struct{ wire.Decoder }

// number reads an integer from low to high.
func (d *pathsDecoder) number(low, high int64) int64 {
	n := d.Number(max(high, 0))
	if d.Err == nil && n < low {
		d.Fail("holds %d where %d to %d can be", n, low, high)
	}
	return n
}

// count reads how many things of two bytes or more follow.
func (d *pathsDecoder) count() int { return d.Count(2) }

// text reads a text that holds to a rule.
func (d *pathsDecoder) text(rule func(string) error) string {
	s := d.Text()
	if err := rule(s); d.Err == nil && err != nil {
		d.Fail("has a text that %w", err)
	}
	return s
}

func (d *pathsDecoder) paths() Paths {
	if d.number(0, pathsVersion) != pathsVersion {
		d.Fail("has no version")
	}
	ps := Paths{template: d.text(ident.Text)}
	last := ""
	for i := range d.count() {
		id := d.text(ident.Check)
		if i > 0 && id <= last {
			d.Fail("has %q after %q", id, last)
		}
		t := d.trail()
		if d.Err != nil {
			return Paths{}
		}
		if ps.trails == nil {
			ps.trails = make(map[string]*trail)
		}
		ps.trails[id], last = t, id
	}
	if len(ps.trails) == 0 && ps.template != "" {
		d.Fail("has a template without outcomes")
	}
	return ps
}

func (d *pathsDecoder) trail() *trail {
	t := &trail{begun: d.number(1, most), orders: make(map[string]*walk)}
	reached, last := int64(0), ""
	for i := range d.count() {
		w := d.walk(t.begun - reached)
		if d.Err != nil {
			return nil
		}
		key := w.key()
		if i > 0 && key <= last {
			d.Fail("has the order %q after %q", key, last)
		}
		t.orders[key], last = w, key
		reached += w.accounts
	}
	return t
}

// walk reads an order of at most so many accounts.
func (d *pathsDecoder) walk(accounts int64) *walk {
	w := new(walk)
	seen := make(map[string]bool)
	for range d.count() {
		step := d.text(ident.Name)
		if seen[step] {
			d.Fail("has the step %q twice", step)
		}
		if d.Err != nil {
			return nil
		}
		seen[step] = true
		w.steps = append(w.steps, step)
	}
	w.accounts = d.number(1, accounts)
	sum := int64(0)
	for range len(w.steps) + 1 {
		sum += d.number(0, most-sum)
		w.seconds = append(w.seconds, sum)
	}
	return w
}
