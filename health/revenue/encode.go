package revenue

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// tallyFormat is the first byte of an encoded tally.
const tallyFormat = 1

// A head is the part of an encoded tally that says what it sums, in JSON.
type head struct {
	Currency string  `json:"currency"`
	Options  Options `json:"options"`
	Unit     Unit    `json:"unit"`
	Cut      bool    `json:"cut"`
	Edges    []int64 `json:"edges"` // microseconds
}

// MarshalBinary returns the encoding of the tally: equal sums have equal bytes.
func (t *Tally) MarshalBinary() ([]byte, error) {
	h := head{Currency: t.currency, Options: t.options, Unit: t.calendar.unit, Cut: t.calendar.cut, Edges: t.walk.edges}
	text, err := canon.JSON(h)
	if err != nil {
		return nil, fmt.Errorf("revenue: encode tally: %w", err)
	}
	dst := append(binary.AppendUvarint([]byte{tallyFormat}, uint64(len(text))), text...)
	dst = binary.AppendVarint(dst, t.accounts)
	dst = binary.AppendVarint(dst, t.openers)
	dst = t.opening.AppendBinary(dst)
	for i := range t.cells {
		dst = t.cells[i].append(dst)
	}
	for i := range t.cohorts {
		dst = t.cohorts[i].append(dst)
	}
	return dst, nil
}

// UnmarshalBinary replaces the tally by the one that [Tally.MarshalBinary] encoded, or leaves it as it was and returns an
// error: [ErrFormat] for that of a newer release. It reads no other bytes than those that MarshalBinary writes.
func (t *Tally) UnmarshalBinary(data []byte) error {
	u, err := decodeTally(data)
	if err != nil {
		return fmt.Errorf("revenue: decode tally: %w", err)
	}
	*t = *u
	return nil
}

var errTally = errors.New("is not an encoded tally")

func decodeTally(data []byte) (*Tally, error) {
	switch {
	case len(data) == 0 || data[0] == 0:
		return nil, errTally
	case data[0] > tallyFormat:
		return nil, fmt.Errorf("format %d: %w", data[0], ErrFormat)
	}
	size, n := binary.Uvarint(data[1:])
	if n <= 0 || size > uint64(len(data)-1-n) {
		return nil, errTally
	}
	var h head
	r := reader{data[1+n:]}
	if err := strictjson.Decode(r.take(int64(size)), &h).Err("head"); err != nil {
		return nil, err
	}
	t, err := h.tally()
	if err != nil {
		return nil, err
	}
	t.accounts, t.openers, t.opening = r.count(), r.count(), r.size()
	revenue, customers := t.opening, t.openers
	for i := range t.cells {
		t.cells[i].read(&r)
		var p Period
		revenue, customers = t.cells[i].fill(&p, revenue, customers)
		if r.rest == nil || revenue.Sign() < 0 || customers < 0 {
			return nil, errTally
		}
	}
	for i := range t.cohorts {
		if t.cohorts[i].read(&r, len(t.cells)-max(0, i-1)); r.rest == nil {
			return nil, errTally
		}
	}
	again, err := t.MarshalBinary()
	if err != nil || !bytes.Equal(again, data) {
		return nil, errTally
	}
	return t, nil
}

// tally returns the empty tally of a head.
func (h head) tally() (*Tally, error) {
	if len(h.Edges) > mostPeriods+1 {
		return nil, fmt.Errorf("has over %d periods", mostPeriods)
	}
	c := Calendar{unit: h.Unit, cut: h.Cut}
	if h.Unit.PerYear() == 0 {
		return nil, errTally
	}
	for i, e := range h.Edges {
		at := instant.FromMicros(e)
		if instant.Given(at) != nil || i > 0 && e <= h.Edges[i-1] {
			return nil, errTally
		}
		c.edges = append(c.edges, at)
	}
	return NewTally(h.Currency, c, h.Options)
}

// totals are the sums of a cell, in the order of the encoding.
func (c *cell) totals() []*amount.Total {
	out := []*amount.Total{&c.price, &c.pending, &c.growth, &c.loss}
	for k := range kinds {
		out = append(out, &c.moved[k])
	}
	return out
}

// counts are those of a cell, in the order of the encoding.
func (c *cell) counts() []*int64 {
	out := []*int64{&c.expanded, &c.lost, &c.left, &c.waiting}
	for k := range kinds {
		out = append(out, &c.times[k])
	}
	return out
}

// append writes the sums, the counts and then the sources in order of name, each with its length before it.
func (c *cell) append(dst []byte) []byte {
	for _, t := range c.totals() {
		dst = t.AppendBinary(dst)
	}
	for _, n := range c.counts() {
		dst = binary.AppendVarint(dst, *n)
	}
	dst = binary.AppendVarint(dst, int64(len(c.sources)))
	for _, name := range slices.Sorted(maps.Keys(c.sources)) {
		dst = append(binary.AppendVarint(dst, int64(len(name))), name...)
		for _, t := range c.sources[name] {
			dst = t.AppendBinary(dst)
		}
	}
	return dst
}

// read is the inverse of append. That the sources are in order shows when the whole is encoded again.
func (c *cell) read(r *reader) {
	for _, t := range c.totals() {
		if *t = r.total(); t != &c.growth && t.Sign() < 0 {
			r.rest = nil
		}
	}
	for _, n := range c.counts() {
		*n = r.count()
	}
	for range r.count() {
		name := string(r.take(r.count()))
		if ident.Check(name) != nil {
			r.rest = nil
		}
		if r.rest == nil {
			return
		}
		sums := c.source(name)
		for k := range sums {
			sums[k] = r.size()
		}
	}
}

// append writes the cohort's size and its changes, of which there are none or one for each age.
func (c *cohort) append(dst []byte) []byte {
	dst = binary.AppendVarint(c.revenue.AppendBinary(dst), c.joined)
	dst = binary.AppendVarint(dst, int64(len(c.ages)))
	for i := range c.ages {
		dst = binary.AppendVarint(c.ages[i].revenue.AppendBinary(dst), c.ages[i].customers)
	}
	return dst
}

func (c *cohort) read(r *reader, ages int) {
	c.revenue, c.joined = r.size(), r.count()
	switch n := r.count(); n {
	case 0:
		return
	case int64(ages):
		c.ages = make([]change, n)
	default:
		r.rest = nil
	}
	for i := range c.ages {
		c.ages[i] = change{r.total(), r.varint()}
	}
}

// A reader takes values off the front of an encoding. Its rest is nil from the first that is not there on.
type reader struct{ rest []byte }

// take returns the next n bytes.
func (r *reader) take(n int64) []byte {
	if n > int64(len(r.rest)) {
		r.rest = nil
		return nil
	}
	head := r.rest[:n]
	r.rest = r.rest[n:]
	return head
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.rest = nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// count reads what is not negative, and small enough for sums of many.
func (r *reader) count() int64 {
	v := r.varint()
	if v < 0 || v > math.MaxInt64>>16 {
		r.rest = nil
		return 0
	}
	return v
}

// size reads a total that is not negative.
func (r *reader) size() amount.Total {
	t := r.total()
	if t.Sign() < 0 {
		r.rest = nil
	}
	return t
}

func (r *reader) total() amount.Total {
	t, rest, err := amount.ReadTotal(r.rest)
	if err != nil {
		r.rest = nil
		return t
	}
	r.rest = rest
	return t
}
