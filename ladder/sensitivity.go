package ladder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
)

// A Range is what somebody who knows said a quantity could be.
type Range struct {
	Quantity string          `json:"quantity"` // name
	Low      decimal.Decimal `json:"low"`      // at most its value
	High     decimal.Decimal `json:"high"`     // at least its value
}

// A Tornado says how far the value of a statement swings as one quantity at a time goes through its range, the others
// being what they are: what several do together is not in it. Its JSON is canonical.
type Tornado struct {
	Account  string          `json:"account"`
	AsOf     time.Time       `json:"as_of"`
	Ladder   string          `json:"ladder"` // name
	Digest   Digest          `json:"digest"` // of the ladder
	Currency string          `json:"currency"`
	Gross    decimal.Decimal `json:"gross"`   // of the statement, money
	Unknown  int             `json:"unknown"` // its lines that are not known, and swing nothing
	Bars     []Bar           `json:"bars"`    // the widest swing first, ties by name
}

// MarshalJSON returns the canonical encoding.
func (t Tornado) MarshalJSON() ([]byte, error) {
	type plain Tornado
	return canon.JSON(plain(t))
}

// A Bar is the swing of one quantity.
type Bar struct {
	Quantity string          `json:"quantity"`
	Low      decimal.Decimal `json:"low"`     // of its range, in its unit
	High     decimal.Decimal `json:"high"`    // likewise
	AtLow    decimal.Decimal `json:"at_low"`  // Gross with the quantity at Low; where less is better it is the higher one
	AtHigh   decimal.Decimal `json:"at_high"` // Gross with the quantity at High
	Swing    decimal.Decimal `json:"swing"`   // between the two, not negative
}

// Sensitivity states an input once more at each end of each range.
//
// Sensitivity returns an error as [Model.Statement] does, and if a range is of a quantity that the ladder does not read
// or that is not known, is given twice, does not hold the quantity's value, or has an end out of bounds (*DataError).
func (m *Model) Sensitivity(in Input, ranges []Range, asOf time.Time) (Tornado, error) {
	s, err := m.Statement(in, asOf)
	if err != nil {
		return Tornado{}, err
	}
	t := Tornado{
		Account: s.Account, AsOf: s.AsOf, Ladder: s.Ladder, Digest: s.Digest, Currency: s.Currency,
		Gross: s.Gross, Unknown: s.Unknown, Bars: []Bar{},
	}
	for i, r := range ranges {
		wrong := func(message string) error {
			return &DataError{in.Account, fmt.Sprintf("range of %q", check.Clip(r.Quantity)), message}
		}
		if slices.ContainsFunc(ranges[:i], func(other Range) bool { return other.Quantity == r.Quantity }) {
			return Tornado{}, wrong("is given twice")
		}
		if message := m.outside(r, in.Quantities, s.AsOf); message != "" {
			return Tornado{}, wrong(message)
		}
		bar := Bar{Quantity: r.Quantity, Low: r.Low, High: r.High}
		for _, end := range []struct {
			value decimal.Decimal
			gross *decimal.Decimal
		}{{r.Low, &bar.AtLow}, {r.High, &bar.AtHigh}} {
			what := in
			what.Quantities = changed{in.Quantities, r.Quantity, end.value}
			s, err := m.Statement(what, asOf)
			if err != nil {
				return Tornado{}, err
			}
			*end.gross = s.Gross
		}
		bar.Swing = bar.AtHigh.Sub(bar.AtLow).Abs()
		t.Bars = append(t.Bars, bar)
	}
	slices.SortFunc(t.Bars, func(a, b Bar) int {
		return cmp.Or(b.Swing.Cmp(a.Swing), strings.Compare(a.Quantity, b.Quantity))
	})
	return t, nil
}

// outside says what is wrong with a range, or "".
func (m *Model) outside(r Range, quantities Quantities, asOf time.Time) string {
	i := slices.IndexFunc(m.plan.quantities, func(q quantity) bool { return q.name == r.Quantity })
	if i < 0 {
		return "the ladder reads no such quantity"
	}
	q := m.plan.quantities[i]
	for _, end := range []decimal.Decimal{r.Low, r.High} {
		if why := q.bound.refusal(end); why != "" {
			return why
		}
	}
	now, wrong := m.readOne(q, quantities, asOf)
	switch {
	case wrong != "":
		return wrong
	case now.why != "":
		return "the quantity is not known: " + now.lack().String()
	case r.Low.Cmp(now.Value) > 0 || r.High.Cmp(now.Value) < 0:
		return fmt.Sprintf("%v to %v does not hold its value %v", r.Low, r.High, now.Value)
	}
	return ""
}

// changed are quantities of which one has another value.
type changed struct {
	Quantities
	name  string
	value decimal.Decimal
}

// Quantity returns a quantity.
func (c changed) Quantity(name string) (Quantity, bool) {
	q, ok := c.Quantities.Quantity(name)
	if ok && name == c.name {
		q.Value = c.value
	}
	return q, ok
}
