package adoption

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// UnmarshalBinary replaces u by what [Usage.MarshalBinary] wrote. It accepts nothing else: what it has read encodes to the
// same bytes. It returns a *DataError that says where data is wrong, or ErrFormat if a newer release wrote it, and leaves
// u as it was. Memory is bounded by a small multiple of the length of data.
func (u *Usage) UnmarshalBinary(data []byte) error {
	if version, n := binary.Uvarint(data); n > 0 && version > encoding {
		return fmt.Errorf("adoption: decode usage: version %d: %w", version, ErrFormat)
	}
	d := decoder{wire.Decoder{Rest: data}}
	decoded := d.usage()
	if err := d.End(); err != nil {
		return dataError("", fmt.Sprintf("usage at byte %d", len(data)-len(d.Rest)), err)
	}
	*u = *decoded
	return nil
}

// A decoder reads what an encoder wrote.
type decoder struct{ wire.Decoder }

// name reads an ID that comes after before.
func (d *decoder) name(first bool, before string) string {
	s := d.Name()
	if d.Err == nil && !first && s <= before {
		d.Fail("has %q after %q", s, before)
	}
	return s
}

// usage reads what AppendBinary wrote, in its order.
func (d *decoder) usage() *Usage {
	if d.Number(encoding) != encoding {
		d.Fail("has no version")
	}
	w := d.window()
	kept := make(map[string]int)
	name := ""
	for i := range d.Count(2) {
		name = d.name(i == 0, name)
		if kept[name] = int(d.Number(maxSteps)); kept[name] < 2 {
			d.Fail("keeps %d of %q", kept[name], name)
		}
	}
	u := newUsage(w, kept)
	u.repeated, u.outside = d.Number(maxUses), d.Number(maxUses)
	used := d.features(u)
	name = ""
	for i := range d.Count(1) {
		name = d.name(i == 0, name)
		d.account(u, name, used)
		if d.Err != nil {
			return nil
		}
	}
	for i, yes := range used {
		if !yes {
			d.Fail("has feature %q, which nobody used", u.features[i].id)
		}
	}
	return u
}

// window reads the days, of which each takes a byte or more.
func (d *decoder) window() window {
	w := window{first: d.Signed(), starts: []int64{d.Signed()}}
	if err := instant.Check(instant.FromMicros(w.from())); err != nil || w.first < -1e6 || w.first > 1e7 {
		d.Fail("begins on no day")
	}
	days := d.Count(1)
	if days < 1 || days > maxDays {
		d.Fail("has %d days", days)
	}
	for i := 0; i < days && d.Err == nil; i++ {
		w.starts = append(w.starts, w.starts[i]+d.Number(3*dayMicros))
	}
	if w.to() == w.from() {
		d.Fail("has no time")
	}
	return w
}

// features reads the names of features, and returns room to note which of them occur.
func (d *decoder) features(u *Usage) []bool {
	n, name := d.Count(2), ""
	for i := range n {
		if name = d.name(i == 0, name); d.Err != nil {
			return nil
		}
		if _, err := u.Feature(name); err != nil {
			d.Fail("%w", err)
		}
	}
	return make([]bool, n)
}

// account reads the users of one account.
func (d *decoder) account(u *Usage, account string, used []bool) {
	n, name := d.Count(1), ""
	if n == 0 {
		d.Fail("has account %q without users", account)
	}
	for i := range n {
		if name = d.name(i == 0, name); d.Err != nil {
			return
		}
		if len(d.Rest) < 8*u.window.words() {
			d.Fail("ends too early")
			return
		}
		user, err := u.User(account, name)
		if err != nil {
			d.Fail("%w", err)
			return
		}
		for k := range u.active(user) {
			u.active(user)[k] = d.Fixed()
		}
		d.cells(u, user, used)
	}
}

// cells reads what a user did, which must agree with the user's days.
func (d *decoder) cells(u *Usage, user User, used []bool) {
	var seen [(maxDays + 63) / 64]uint64 // days that cells speak of
	length := u.window.to() - u.window.from()
	uses, rank := int64(0), int64(0)
	for range d.Count(4) {
		gap := d.Number(int64(len(used)) - rank)
		n := d.Number(maxUses - u.uses)
		first := d.Number(length - 1)
		last := first + d.Number(length-1-first)
		if gap == 0 || n == 0 {
			d.Fail("has a cell of no feature or no use")
		}
		if d.Err != nil {
			return
		}
		if n == 1 && first != last {
			d.Fail("has a first and a last of one use")
			return
		}
		rank += gap
		f := Feature(rank - 1)
		used[f] = true
		first, last = first+u.window.from(), last+u.window.from()
		*u.cell(user, f) = cell{user, f, n, first, last}
		u.latest[user] = max(u.latest[user], last)
		u.uses += n
		uses += n
		d.early(u, pair{user, f}, n, first, last)
		if d.Err != nil {
			return
		}
		for _, at := range u.earliest(u.cell(user, f)) {
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
			d.Fail("has a use on a day without one")
		}
	}
	if over := u.window.days() % 64; over > 0 && u.active(user)[u.window.words()-1]>>over != 0 {
		d.Fail("has a day after the last")
	}
	if active > uses || uses == 0 {
		d.Fail("has more days than uses")
	}
}

// early reads the earliest of n uses, of which the first and the last are known.
func (d *decoder) early(u *Usage, key pair, n, first, last int64) {
	kept := u.features[key.feature].kept
	if kept == 0 {
		return
	}
	list := []int64{first}
	for int64(len(list)) < min(int64(kept), n) && d.Err == nil {
		at := list[len(list)-1]
		list = append(list, at+d.Number(last-at))
	}
	if n <= int64(kept) && list[len(list)-1] != last {
		d.Fail("has a last use that is not the last")
	}
	u.early[key] = list
}
