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
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// tallyFormat begins an encoded tally.
const tallyFormat = 1

// A head is the part of an encoded tally that says what it sums, in JSON.
type head struct {
	Currency string  `json:"currency"`
	Options  Options `json:"options"`
	Unit     Unit    `json:"unit"`
	Cut      bool    `json:"cut"`
	Edges    []int64 `json:"edges"` // microseconds
}

// MarshalBinary returns the one encoding of the tally: that of the same accounts is the same, in whatever order and parts
// they were added. The zero Tally has none, which is an error.
//
// It is, in unsigned varints but where said: the format, the currency, options and periods as JSON with its length, the
// accounts, the customers at the start and the total of their revenue; the periods, each with its totals, its counts and
// its sources in order of name; the cohorts, each with its total, its count, and its changes by age, of which the count is
// signed.
func (t *Tally) MarshalBinary() ([]byte, error) {
	if len(t.cells) == 0 {
		return nil, errors.New("revenue: encode tally: it has no calendar")
	}
	h := head{Currency: t.currency, Options: t.options, Unit: t.calendar.unit, Cut: t.calendar.cut, Edges: t.walk.edges}
	text, err := canon.JSON(h)
	if err != nil {
		return nil, fmt.Errorf("revenue: encode tally: %w", err)
	}
	var e encoder
	e.Number(tallyFormat)
	e.Text(string(text))
	e.Number(t.accounts)
	e.Number(t.openers)
	e.total(t.opening)
	for i := range t.cells {
		e.cell(&t.cells[i])
	}
	for i := range t.cohorts {
		e.cohort(&t.cohorts[i])
	}
	return e.Out, nil
}

// UnmarshalBinary replaces the tally by the one that [Tally.MarshalBinary] encoded, or leaves it as it was and returns an
// error: [ErrFormat] for that of a newer release, or one that says at which byte it is none. It reads no other bytes than
// those that MarshalBinary writes. Memory is bounded by a small multiple of the length of data.
func (t *Tally) UnmarshalBinary(data []byte) error {
	if format, n := binary.Uvarint(data); n > 0 && format > tallyFormat {
		return fmt.Errorf("revenue: decode tally: format %d: %w", format, ErrFormat)
	}
	d := decoder{wire.Decoder{Rest: data}}
	u := d.tally()
	if err := d.End(); err != nil {
		return fmt.Errorf("revenue: decode tally: at byte %d: %w", len(data)-len(d.Rest), err)
	}
	again, err := u.MarshalBinary()
	if err != nil || !bytes.Equal(again, data) {
		return errors.New("revenue: decode tally: its head is written in another way")
	}
	*t = *u
	return nil
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

// An encoder writes the parts of a tally.
type encoder struct{ wire.Encoder }

func (e *encoder) total(t amount.Total) { e.Out = t.AppendBinary(e.Out) }

func (e *encoder) cell(c *cell) {
	for _, t := range c.totals() {
		e.total(*t)
	}
	for _, n := range c.counts() {
		e.Number(*n)
	}
	e.Number(int64(len(c.sources)))
	for _, name := range slices.Sorted(maps.Keys(c.sources)) {
		e.Text(name)
		for _, t := range c.sources[name] {
			e.total(t)
		}
	}
}

// cohort writes the changes of all ages, or none.
func (e *encoder) cohort(c *cohort) {
	e.total(c.revenue)
	e.Number(c.joined)
	e.Number(int64(len(c.ages)))
	for i := range c.ages {
		e.total(c.ages[i].revenue)
		e.Signed(c.ages[i].customers)
	}
}

// A decoder reads what an encoder wrote.
type decoder struct{ wire.Decoder }

// count reads a number that is small enough for sums of many.
func (d *decoder) count() int64 { return d.Number(math.MaxInt64 >> 16) }

func (d *decoder) total() amount.Total {
	t, rest, err := amount.ReadTotal(d.Rest)
	if err != nil {
		d.Fail("%w", err)
	}
	if d.Err != nil {
		return amount.Total{}
	}
	d.Rest = rest
	return t
}

// sum reads a total that is not negative.
func (d *decoder) sum() amount.Total {
	t := d.total()
	if t.Sign() < 0 {
		d.Fail("%w", errNegative)
	}
	return t
}

func (d *decoder) tally() *Tally {
	if d.Number(tallyFormat) != tallyFormat {
		d.Fail("has no format")
	}
	t, err := tallyOf(d.Text())
	if err != nil {
		d.Fail("%w", err)
		return nil
	}
	t.accounts, t.openers, t.opening = d.count(), d.count(), d.sum()
	revenue, customers := t.opening, t.openers
	for i := range t.cells {
		d.cell(&t.cells[i])
		var p Period
		revenue, customers = t.cells[i].fill(&p, revenue, customers)
		d.standing(revenue, customers)
		if d.Err != nil {
			return nil
		}
	}
	revenue, customers = t.opening, t.openers // of those from before the calendar
	for i := range t.cohorts {
		d.cohort(&t.cohorts[i], len(t.cells)-max(0, i-1), revenue, customers)
		revenue, customers = amount.Total{}, 0
	}
	return t
}

// standing refuses what nobody can have had at the end of a period.
func (d *decoder) standing(revenue amount.Total, customers int64) {
	if revenue.Sign() < 0 || customers < 0 {
		d.Fail("has a period that ends below zero")
	}
}

// tallyOf returns the empty tally of a head.
func tallyOf(text string) (*Tally, error) {
	var h head
	if err := strictjson.Decode([]byte(text), &h).Err("head"); err != nil {
		return nil, err
	}
	if len(h.Edges) > mostPeriods+1 {
		return nil, fmt.Errorf("has over %d periods", mostPeriods)
	}
	if h.Unit.PerYear() == 0 {
		return nil, errors.New("has no unit")
	}
	c := Calendar{unit: h.Unit, cut: h.Cut}
	for i, e := range h.Edges {
		at := instant.FromMicros(e)
		if instant.Given(at) != nil || i > 0 && e <= h.Edges[i-1] {
			return nil, errors.New("has periods out of order")
		}
		c.edges = append(c.edges, at)
	}
	return NewTally(h.Currency, c, h.Options)
}

func (d *decoder) cell(c *cell) {
	for _, t := range c.totals() {
		if t == &c.growth {
			*t = d.total()
		} else {
			*t = d.sum()
		}
	}
	for _, n := range c.counts() {
		*n = d.count()
	}
	last := ""
	for range d.Count(2 + 2*kinds) {
		name := d.Name()
		if name <= last {
			d.Fail("has %q after %q", name, last)
		}
		if d.Err != nil {
			return
		}
		sums := c.source(name)
		for k := range sums {
			sums[k] = d.sum()
		}
		last = name
	}
}

// cohort reads the changes of so many ages, or of none, from what the cohort had before them.
func (d *decoder) cohort(c *cohort, ages int, revenue amount.Total, customers int64) {
	c.revenue, c.joined = d.sum(), d.count()
	n := d.Count(3)
	if n != 0 && n != ages {
		d.Fail("has a cohort of %d ages", n)
	}
	if n == 0 || d.Err != nil {
		return
	}
	c.ages = make([]change, n)
	for i := range c.ages {
		c.ages[i] = change{d.total(), d.Signed()}
		revenue.Merge(c.ages[i].revenue)
		customers += c.ages[i].customers
		d.standing(revenue, customers)
	}
}
