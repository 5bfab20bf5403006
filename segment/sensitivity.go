package segment

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Sensitivity is how many accounts stand so near to the edges of a scheme that a little more or less would move them.
type Sensitivity struct {
	Digest   Digest    `json:"digest"`
	AsOf     time.Time `json:"as_of"`
	By       float64   `json:"by"`       // share by which each edge is moved
	Accounts int       `json:"accounts"` // that were classified
	Failed   int       `json:"failed"`   // that could not be, or whose money is wrong
	Currency string    `json:"currency,omitempty"`
	Shifts   []Shift   `json:"shifts"` // by attribute, then edge, rising; each edge down and then up
	Errors   []error   `json:"-"`      // of Failed, as they came; at most 100
}

// A Shift is one edge, moved: a number, or a time relative to as_of, with which rules compare by order. All the rules that
// name it are moved together.
type Shift struct {
	Attribute string          `json:"attribute"`
	Edge      string          `json:"edge"`     // such as "100000" or "as_of + INTERVAL '90 days'"
	Moved     string          `json:"moved"`    // where it is moved to, such as "105000"
	Accounts  int             `json:"accounts"` // that would be classified into another segment
	Money     decimal.Decimal `json:"money"`    // of Currency, theirs
}

// MarshalJSON returns the canonical encoding.
func (s Sensitivity) MarshalJSON() ([]byte, error) {
	s.Errors = nil
	type plain Sensitivity
	return canon.JSON(plain(s))
}

// Sensitivity moves one edge after the other by a share of it, down and up, and counts the accounts whose verdict would
// have another segment; what they were before makes no difference, and what depends on a failed fact does not move.
// Intervals move by whole minutes. An edge at zero can't be moved, nor can an absolute date.
//
// Sensitivity returns an error if:
//   - by is not above 0 and below 1, asOf is zero or outside of the years 1 to 9999, an account comes twice, or its currency
//     is not ISO 4217 or differs from those before (*DataError);
//   - the sequence fails.
func (m *Model) Sensitivity(accounts iter.Seq2[Exposed, error], by float64, asOf time.Time) (Sensitivity, error) {
	if !(by > 0 && by < 1) {
		return Sensitivity{}, &DataError{Field: "by", Message: fmt.Sprintf("must be above 0 and below 1, not %v", by)}
	}
	now, err := instantOf(asOf)
	if err != nil {
		return Sensitivity{}, err
	}
	asOf = instant.FromMicros(now)
	s := Sensitivity{Digest: m.digest, AsOf: asOf, By: by}
	shifts := m.shifts(by)
	for _, sh := range shifts {
		s.Shifts = append(s.Shifts, Shift{Attribute: m.schema.columns[sh.attr].name, Edge: sh.from.String(), Moved: sh.to.String()})
	}
	b := newBook(asOf)
	for x, err := range accounts {
		if err != nil {
			return Sensitivity{}, fmt.Errorf("segment: try edges on accounts: %w", err)
		}
		if err := b.enter(x); err != nil {
			return Sensitivity{}, err
		}
		err := cmp.Or(atDoor(x.Input.Account, asOf), b.check(x))
		row := m.schema.row(x.Input.Facts, nil)
		if err == nil {
			_, err = m.schema.admit(row)
			err = of(x.Input.Account, err)
		}
		if b.fails(err) {
			continue
		}
		segment, known := m.segmentOf(row, now)
		for i, sh := range shifts {
			if !known || !sh.between(&row[sh.attr], now) {
				continue
			}
			if moved, known := sh.model.segmentOf(row, now); known && moved != segment {
				s.Shifts[i].Accounts++
				s.Shifts[i].Money = s.Shifts[i].Money.Add(x.Money)
			}
		}
	}
	s.Accounts, s.Failed, s.Errors, s.Currency = b.accounts, b.failed, b.errors, b.currency
	return s, nil
}

// segmentOf returns the segment of a row of checked facts, and false if that depends on a failed one.
func (m *Model) segmentOf(row Row, now int64) (segment string, known bool) {
	rule, stopped := m.match(row, now)
	switch {
	case stopped:
		return "", false
	case rule < len(m.rules):
		return m.def.Rules[rule].Segment, true
	}
	return m.def.Otherwise, true
}

// An edge is a constant that a range begins or ends with: a number, or an offset from as_of in microseconds.
type edge struct {
	number float64
	offset int64
	isTime bool
}

func (e edge) String() string {
	if e.isTime {
		return moment{relative: true, us: e.offset}.String()
	}
	return numberText(e.number)
}

// moved returns the edge moved by a share of it.
func (e edge) moved(share float64) edge {
	if e.isTime {
		minutes := math.Round(float64(float64(e.offset)*share) / float64(microsPerMinute))
		e.offset += int64(minutes) * microsPerMinute
		return e
	}
	e.number = min(max(e.number+float64(e.number*share), -maxExact), maxExact)
	return e
}

// A shift is a model with one edge moved.
type shift struct {
	attr     int
	from, to edge
	model    *Model // good for match alone
}

// shifts returns all edges of all rules, each moved down and up.
func (m *Model) shifts(by float64) []shift {
	edges := make([][]edge, len(m.schema.columns))
	for i := range m.rules {
		m.rules[i].when.tests(func(n *node) {
			for _, e := range n.edges() {
				if !slices.Contains(edges[n.attr], e) {
					edges[n.attr] = append(edges[n.attr], e)
				}
			}
		})
	}
	var shifts []shift
	for attr, list := range edges {
		slices.SortFunc(list, func(a, b edge) int {
			if a.number < b.number || a.offset < b.offset {
				return -1
			}
			return 1
		})
		for _, from := range list {
			low, high := from.moved(-by), from.moved(by)
			if from.number < 0 || from.offset < 0 {
				low, high = high, low
			}
			for _, to := range []edge{low, high} {
				if to != from {
					shifts = append(shifts, shift{attr, from, to, m.shifted(attr, from, to)})
				}
			}
		}
	}
	return shifts
}

// between reports whether a fact lies between the edge and where it is moved to, so that a test may change.
func (s *shift) between(v *Value, now int64) bool {
	switch v.kind {
	case numberKind:
		f := v.number()
		return min(s.from.number, s.to.number) <= f && f <= max(s.from.number, s.to.number)
	case timeKind:
		us := v.micros() - now
		return min(s.from.offset, s.to.offset) <= us && us <= max(s.from.offset, s.to.offset)
	}
	return false
}

// shifted returns the model with an edge moved.
func (m *Model) shifted(attr int, from, to edge) *Model {
	moved := &Model{def: m.def, schema: m.schema, rules: make([]rule, len(m.rules))}
	for i := range m.rules {
		moved.rules[i].when = m.rules[i].when.shifted(attr, from, to)
	}
	return moved
}

// edges returns the constants of a range. One that is a single point has none.
func (n *node) edges() []edge {
	var edges []edge
	switch {
	case n.op == opRange && n.lo < n.hi:
		for _, f := range n.numbers {
			edges = append(edges, edge{number: f})
		}
	case n.op == opPeriod && n.first != n.last:
		for _, m := range n.moments {
			if m.relative {
				edges = append(edges, edge{offset: m.us, isTime: true})
			}
		}
	}
	return edges
}

// shifted returns the condition with an edge moved. Only what eval reads is right in it.
func (n *node) shifted(attr int, from, to edge) node {
	moved := *n
	moved.parts = slices.Clone(n.parts)
	for i := range moved.parts {
		moved.parts[i] = n.parts[i].shifted(attr, from, to)
	}
	switch {
	case n.op <= opOr || n.attr != attr || !slices.Contains(n.edges(), from):
	case n.op == opRange:
		open := len(n.numbers) == 1
		moved.lo, moved.hi = movedNumber(n.lo, from.number, to.number, open), movedNumber(n.hi, from.number, to.number, open)
	case n.op == opPeriod:
		open := len(n.moments) == 1
		moved.first, moved.last = movedMoment(n.first, from.offset, to.offset, open), movedMoment(n.last, from.offset, to.offset, open)
	}
	return moved
}

// movedNumber moves a bound that is the edge, or, where bounds may be open, the float64 beside it.
func movedNumber(bound, from, to float64, open bool) float64 {
	switch {
	case bound == from:
		return to
	case open && bound == math.Nextafter(from, math.Inf(1)):
		return math.Nextafter(to, math.Inf(1))
	case open && bound == math.Nextafter(from, math.Inf(-1)):
		return math.Nextafter(to, math.Inf(-1))
	}
	return bound
}

// movedMoment moves a bound that is the edge, or, where bounds may be open, the microsecond beside it.
func movedMoment(bound moment, from, to int64, open bool) moment {
	if d := bound.us - from; bound.relative && (d == 0 || open && (d == 1 || d == -1)) {
		bound.us = to + d
	}
	return bound
}
