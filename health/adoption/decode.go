package adoption

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// errMalformed says that bytes are no encoding of this package.
var errMalformed = errors.New("is malformed")

// UnmarshalBinary replaces u by what [Usage.MarshalBinary] wrote. It accepts nothing else: what it has read encodes to the
// same bytes. It returns a *DataError that says where data is wrong, or ErrFormat if a newer release wrote it, and leaves
// u as it was. Memory is bounded by a small multiple of the length of data.
func (u *Usage) UnmarshalBinary(data []byte) error {
	if version, n := binary.Uvarint(data); n > 0 && version > encoding {
		return fmt.Errorf("adoption: decode usage: version %d: %w", version, ErrFormat)
	}
	d := decoder{rest: data}
	decoded := d.usage()
	if d.err == nil && len(d.rest) > 0 {
		d.fail("has data after its end")
	}
	if d.err != nil {
		return dataError("", fmt.Sprintf("usage at byte %d", len(data)-len(d.rest)), d.err)
	}
	*u = *decoded
	return nil
}

// A decoder takes data apart. After the first failure it returns zeros.
type decoder struct {
	rest []byte
	err  error
}

// fail keeps the first failure.
func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// number reads a varint in its shortest form, at most most.
func (d *decoder) number(most int64) int64 {
	n, size := binary.Uvarint(d.rest)
	if d.err == nil && (size <= 0 || size > 1 && d.rest[size-1] == 0) {
		d.err = errMalformed
	}
	if d.err == nil && n > uint64(most) {
		d.fail("holds %d where at most %d can be", n, most)
	}
	if d.err != nil {
		return 0
	}
	d.rest = d.rest[size:]
	return int64(n)
}

// signed reads an instant or a day.
func (d *decoder) signed() int64 {
	n, size := binary.Varint(d.rest)
	if d.err == nil && (size <= 0 || size > 1 && d.rest[size-1] == 0) {
		d.err = errMalformed
	}
	if d.err != nil {
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

// count reads how many things of so many bytes or more follow.
func (d *decoder) count(bytes int) int {
	n := d.number(int64(len(d.rest)))
	if n > int64(len(d.rest)/bytes) {
		d.fail("ends too early")
		return 0
	}
	return int(n)
}

// name reads an ID that comes after before.
func (d *decoder) name(first bool, before string) string {
	n := d.count(1)
	if d.err != nil {
		return ""
	}
	s := string(d.rest[:n])
	if err := ident.Check(s); err != nil {
		d.fail("has a name that %w", err)
		return ""
	}
	if !first && s <= before {
		d.fail("has %q after %q", s, before)
		return ""
	}
	d.rest = d.rest[n:]
	return s
}

// usage reads what AppendBinary wrote, in its order.
func (d *decoder) usage() *Usage {
	if d.number(encoding) != encoding {
		d.fail("has no version")
	}
	w := d.window()
	kept := make(map[string]int)
	name := ""
	for i := range d.count(2) {
		name = d.name(i == 0, name)
		if kept[name] = int(d.number(maxSteps)); kept[name] < 2 {
			d.fail("keeps %d of %q", kept[name], name)
		}
	}
	u := newUsage(w, kept)
	u.repeated, u.outside = d.number(maxUses), d.number(maxUses)
	used := d.features(u)
	name = ""
	for i := range d.count(1) {
		name = d.name(i == 0, name)
		d.account(u, name, used)
		if d.err != nil {
			return nil
		}
	}
	for i, yes := range used {
		if !yes {
			d.fail("has feature %q, which nobody used", u.features[i].id)
		}
	}
	return u
}

// window reads the days, of which each takes a byte or more.
func (d *decoder) window() window {
	w := window{first: d.signed(), starts: []int64{d.signed()}}
	if err := instant.Check(instant.FromMicros(w.from())); err != nil || w.first < -1e6 || w.first > 1e7 {
		d.fail("begins on no day")
	}
	days := d.count(1)
	if days < 1 || days > maxDays {
		d.fail("has %d days", days)
	}
	for i := 0; i < days && d.err == nil; i++ {
		w.starts = append(w.starts, w.starts[i]+d.number(3*dayMicros))
	}
	if w.to() == w.from() {
		d.fail("has no time")
	}
	return w
}

// features reads the names of features, and returns room to note which of them occur.
func (d *decoder) features(u *Usage) []bool {
	n, name := d.count(2), ""
	for i := range n {
		if name = d.name(i == 0, name); d.err != nil {
			return nil
		}
		if _, err := u.Feature(name); err != nil {
			d.fail("%w", err)
		}
	}
	return make([]bool, n)
}

// account reads the users of one account.
func (d *decoder) account(u *Usage, account string, used []bool) {
	n, name := d.count(1), ""
	if n == 0 {
		d.fail("has account %q without users", account)
	}
	for i := range n {
		if name = d.name(i == 0, name); d.err != nil {
			return
		}
		if len(d.rest) < 8*u.window.words() {
			d.err = errMalformed
			return
		}
		user, err := u.User(account, name)
		if err != nil {
			d.fail("%w", err)
			return
		}
		for k := range u.active(user) {
			u.active(user)[k] = binary.LittleEndian.Uint64(d.rest)
			d.rest = d.rest[8:]
		}
		d.cells(u, user, used)
	}
}

// cells reads what a user did, which must agree with the user's days.
func (d *decoder) cells(u *Usage, user User, used []bool) {
	var seen [(maxDays + 63) / 64]uint64 // days that cells speak of
	length := u.window.to() - u.window.from()
	uses, rank := int64(0), int64(0)
	for range d.count(4) {
		gap := d.number(int64(len(used)) - rank)
		n := d.number(maxUses - u.uses)
		first := d.number(length - 1)
		last := first + d.number(length-1-first)
		if gap == 0 || n == 0 {
			d.fail("has a cell of no feature or no use")
		}
		if d.err != nil {
			return
		}
		if n == 1 && first != last {
			d.fail("has a first and a last of one use")
			return
		}
		rank += gap
		f := Feature(rank - 1)
		used[f] = true
		first, last = first+u.window.from(), last+u.window.from()
		*u.cells.at(user, f) = cell{user, f, n, first, last}
		u.uses += n
		uses += n
		d.early(u, pair{user, f}, n, first, last)
		if d.err != nil {
			return
		}
		for _, at := range u.earliest(u.cells.at(user, f)) {
			day := u.window.day(at)
			seen[day/64] |= 1 << (day % 64)
		}
		day := u.window.day(last)
		seen[day/64] |= 1 << (day % 64)
	}
	active := int64(0)
	for k, word := range u.active(user) {
		active += int64(bits.OnesCount64(word))
		if seen[k]&^word != 0 {
			d.fail("has a use on a day without one")
		}
	}
	if over := u.window.days() % 64; over > 0 && u.active(user)[u.window.words()-1]>>over != 0 {
		d.fail("has a day after the last")
	}
	if active > uses || uses == 0 {
		d.fail("has more days than uses")
	}
}

// early reads the earliest of n uses, of which the first and the last are known.
func (d *decoder) early(u *Usage, key pair, n, first, last int64) {
	kept := u.features[key.feature].kept
	if kept == 0 {
		return
	}
	list := []int64{first}
	for int64(len(list)) < min(int64(kept), n) && d.err == nil {
		at := list[len(list)-1]
		list = append(list, at+d.number(last-at))
	}
	if n <= int64(kept) && list[len(list)-1] != last {
		d.fail("has a last use that is not the last")
	}
	u.early[key] = list
}
