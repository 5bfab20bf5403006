package outcome

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// pathsVersion is of the binary encoding.
const pathsVersion = 1

var errMalformed = errors.New("is malformed")

func sorted[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// MarshalBinary returns the one encoding of what ps holds: the same for equal plans, however they were added and merged.
//
// It is, in unsigned varints and texts with their length: the version, the template, and the outcomes by ID; each with how
// many began and its orders, sorted; each of them with its steps, its accounts, and the seconds to each step and to the
// outcome as gaps.
func (ps *Paths) MarshalBinary() ([]byte, error) {
	out := binary.AppendUvarint(nil, pathsVersion)
	text := func(s string) { out = append(binary.AppendUvarint(out, uint64(len(s))), s...) }
	number := func(n int64) { out = binary.AppendUvarint(out, uint64(n)) }
	if len(ps.trails) == 0 {
		text("")
		number(0)
		return out, nil
	}
	text(ps.template)
	number(int64(len(ps.trails)))
	for _, id := range sorted(ps.trails) {
		t := ps.trails[id]
		text(id)
		number(t.begun)
		number(int64(len(t.orders)))
		for _, key := range sorted(t.orders) {
			w := t.orders[key]
			number(int64(len(w.steps)))
			for _, step := range w.steps {
				text(step)
			}
			number(w.accounts)
			before := int64(0)
			for _, s := range w.seconds {
				number(s - before)
				before = s
			}
		}
	}
	return out, nil
}

// UnmarshalBinary replaces ps by what [Paths.MarshalBinary] wrote. It accepts nothing else: what it has read encodes to
// the same bytes. It returns a *DataError that says where data is wrong, or ErrFormat if a newer release wrote it, and
// leaves ps as it was. Memory is bounded by a small multiple of the length of data.
func (ps *Paths) UnmarshalBinary(data []byte) error {
	if version, n := binary.Uvarint(data); n > 0 && version > pathsVersion {
		return fmt.Errorf("outcome: decode paths: version %d: %w", version, ErrFormat)
	}
	d := pathsDecoder{rest: data}
	read := d.paths()
	if d.err == nil && len(d.rest) > 0 {
		d.err = errors.New("has data after its end")
	}
	if d.err != nil {
		return &DataError{"", fmt.Sprintf("paths at byte %d", len(data)-len(d.rest)), d.err.Error()}
	}
	*ps = read
	return nil
}

// A pathsDecoder takes data apart. After the first failure it returns zeros.
type pathsDecoder struct {
	rest []byte
	err  error
}

func (d *pathsDecoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// number reads a varint in its shortest form, low to high.
func (d *pathsDecoder) number(low, high int64) int64 {
	if d.err != nil {
		return 0
	}
	n, size := binary.Uvarint(d.rest)
	if size <= 0 || size > 1 && d.rest[size-1] == 0 {
		d.err = errMalformed
		return 0
	}
	if n < uint64(low) || n > uint64(max(high, 0)) {
		d.fail("holds %d where %d to %d can be", n, low, high)
		return 0
	}
	d.rest = d.rest[size:]
	return int64(n)
}

// count reads how many things of two bytes or more follow.
func (d *pathsDecoder) count() int { return int(d.number(0, int64(len(d.rest)/2))) }

// text reads a text that holds to a rule.
func (d *pathsDecoder) text(rule func(string) error) string {
	n := int(d.number(0, int64(len(d.rest))))
	if d.err == nil && n > len(d.rest) {
		d.err = errMalformed
	}
	if d.err != nil {
		return ""
	}
	s := string(d.rest[:n])
	if err := rule(s); err != nil {
		d.fail("has a text that %w", err)
		return ""
	}
	d.rest = d.rest[n:]
	return s
}

func (d *pathsDecoder) paths() Paths {
	if d.number(0, pathsVersion) != pathsVersion {
		d.fail("has no version")
	}
	ps := Paths{template: d.text(ident.Text)}
	last := ""
	for i := range d.count() {
		id := d.text(ident.Check)
		if i > 0 && id <= last {
			d.fail("has %q after %q", id, last)
		}
		t := d.trail()
		if d.err != nil {
			return Paths{}
		}
		if ps.trails == nil {
			ps.trails = make(map[string]*trail)
		}
		ps.trails[id], last = t, id
	}
	if len(ps.trails) == 0 && ps.template != "" {
		d.fail("has a template without outcomes")
	}
	return ps
}

func (d *pathsDecoder) trail() *trail {
	t := &trail{begun: d.number(1, most), orders: make(map[string]*walk)}
	reached, last := int64(0), ""
	for i := range d.count() {
		w := d.walk(t.begun - reached)
		if d.err != nil {
			return nil
		}
		key := w.key()
		if i > 0 && key <= last {
			d.fail("has the order %q after %q", key, last)
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
			d.fail("has the step %q twice", step)
		}
		if d.err != nil {
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
