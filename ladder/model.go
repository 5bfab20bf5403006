package ladder

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Quantities are what is known of an account's metrics and volumes. Quantity returns false for one that is missing.
// A host's own type may implement it; it must answer alike for as long as a call runs.
type Quantities interface {
	Quantity(name string) (Quantity, bool)
}

// A QuantityMap is the simplest Quantities.
type QuantityMap map[string]Quantity

// Quantity returns a quantity.
func (m QuantityMap) Quantity(name string) (Quantity, bool) {
	q, ok := m[name]
	return q, ok
}

// A Quantity is one reading. One from after asOf is not seen: it is missing.
type Quantity struct {
	Value    decimal.Decimal `json:"value"`       // at most 38 digits, and an exponent within ±18
	At       time.Time       `json:"at,omitzero"` // when it was so; zero: of unknown age, which does not count where its class expires
	State    State           `json:"state,omitempty"`
	Why      string          `json:"why,omitempty"`      // of one that failed; at most 1024 bytes of UTF-8 without NUL
	Evidence Evidence        `json:"evidence,omitempty"` // empty: assumed
}

// A State says whether a value is known.
type State string

// States. The empty state is Known; the others leave a benefit that reads them unknown.
const (
	Known         State = "known"
	NotApplicable State = "not_applicable" // the benefit does not apply, and is not missing
	Failed        State = "failed"
)

// An Input is all that a statement is made of. What is not in it can't influence the statement.
type Input struct {
	Account    string
	From, To   time.Time  // the period [From, To)
	Quantities Quantities // nil: all missing
	Costs      []Cost     // in the period
}

// Statement evaluates every benefit for the input's period, as of an instant, which is inclusive.
// It does not modify or keep in.
//
// Statement returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8; From, To or asOf is zero or beyond the year
//     9999; or From is not before To;
//   - a quantity or cost is out of bounds, a share outside of 0 to 1, a count, unit value, capacity or cost negative,
//     or a cost of no kind of the ladder;
//   - a result has more digits than a decimal may have.
//
// A quantity that is missing, failed or expired is not an error: its benefit is an unknown line, never zero.
func (m *Model) Statement(in Input, asOf time.Time) (Statement, error) {
	if err := ident.Check(in.Account); err != nil {
		return Statement{}, &DataError{in.Account, "account", err.Error()}
	}
	from, to, err := interval(in.Account, in.From, in.To)
	if err != nil {
		return Statement{}, err
	}
	if err := instant.Given(asOf); err != nil {
		return Statement{}, &DataError{in.Account, "as of", err.Error()}
	}
	asOf = instant.Of(asOf)
	readings, err := m.read(in.Account, in.Quantities, asOf)
	if err != nil {
		return Statement{}, err
	}
	s := Statement{
		Account: in.Account, From: from, To: to, AsOf: asOf,
		Ladder: m.def.Name, Version: m.def.Version, Digest: m.digest, Currency: m.def.Currency,
	}
	m.state(&s, readings, newPeriod(from, to))
	if err := m.costs(&s, in.Costs); err != nil {
		return Statement{}, err
	}
	s.rate()
	if err := s.bounded(); err != nil {
		return Statement{}, err
	}
	return s, nil
}

// interval returns a period in the form of the module, or what is wrong with it.
func interval(account string, from, to time.Time) (f, t time.Time, err error) {
	if err := instant.Given(from); err != nil {
		return f, t, &DataError{account, "from", err.Error()}
	}
	if err := instant.Given(to); err != nil {
		return f, t, &DataError{account, "to", err.Error()}
	}
	f, t = instant.Of(from), instant.Of(to)
	if !f.Before(t) {
		return f, t, &DataError{account, "period", fmt.Sprintf("does not end after %v", f.Format(time.RFC3339Nano))}
	}
	return f, t, nil
}

// state fills in the lines, and what sums them. All formulas are drafted before any pool is shared out, since the
// evidence of all lines decides who draws first.
func (m *Model) state(s *Statement, readings []reading, in period) {
	shares := make(map[Basis]*Factor, len(bases))
	for _, b := range bases {
		share := in.share(b)
		shares[b] = &share
	}
	drafts := make([]draft, len(m.plan.benefits))
	for i := range drafts {
		b := &m.plan.benefits[i]
		drafts[i] = b.draft(readings, in, shares[b.basis])
	}
	for i := range m.plan.pools {
		s.Cuts = append(s.Cuts, m.sharePool(&m.plan.pools[i], drafts, readings, in)...)
	}
	s.Lines = make([]Line, len(drafts))
	for i := range drafts {
		s.Lines[i] = m.line(&drafts[i], in)
	}
	s.sum()
	for i := range m.plan.axes {
		s.Totals = append(s.Totals, m.plan.axes[i].totals(s.Lines)...)
	}
	s.Carried = m.carry(s.Lines)
}

// line rounds a draft. The haircut is taken off the rounded gross, so that the statement can be checked by hand.
func (m *Model) line(d *draft, in period) Line {
	line := d.line
	if !d.counts() {
		return line
	}
	line.Units = in.units(d.kept)
	line.Gross = d.gross(d.kept, in, m.places)
	line.Adjusted = line.Gross
	if line.Gross.Sign() > 0 {
		kept := one.Sub(m.plan.haircuts[rank(classes, line.Evidence)].Share)
		line.Adjusted = halfEven(line.Gross.Mul(kept), one, m.places)
	}
	return line
}

// sum fills in the sums of the whole.
func (s *Statement) sum() {
	var gross, adjusted, hard, soft amount.Total
	for i := range s.Lines {
		line := &s.Lines[i]
		if !line.Known {
			s.Unknown++
			continue
		}
		gross.Add(line.Gross)
		adjusted.Add(line.Adjusted)
		if line.Saving == Hard {
			hard.Add(line.Gross)
		} else {
			soft.Add(line.Gross)
		}
	}
	s.Gross, s.Adjusted, s.Hard, s.Soft = gross.Sum(), adjusted.Sum(), hard.Sum(), soft.Sum()
}

// costs takes the costs of the input, each rounded once.
func (m *Model) costs(s *Statement, costs []Cost) error {
	for _, c := range costs {
		wrong := func(message string) error {
			return &DataError{s.Account, fmt.Sprintf("cost %q", c.Name), message}
		}
		kind, ok := m.plan.costs[c.Name]
		switch {
		case !ok:
			return wrong("is not one of the ladder's")
		case c.Kind != "" && c.Kind != kind:
			return wrong(fmt.Sprintf("is of the kind %q, not %q", string(kind), string(c.Kind)))
		}
		if why := count.refusal(c.Amount); why != "" {
			return wrong(why)
		}
		c.Kind, c.Amount = kind, amount.Round(c.Amount, m.places)
		s.Cost = s.Cost.Add(c.Amount)
		s.Costs = append(s.Costs, c)
	}
	return nil
}

// rate fills in the return on what was spent. Where no line is known there is none: a loss of the whole cost would be
// claimed from nothing.
func (s *Statement) rate() {
	if s.Cost.Sign() > 0 && s.Unknown < len(s.Lines) {
		roi := halfEven(s.Gross.Sub(s.Cost), s.Cost, ratioPlaces)
		s.ROI = &roi
	}
}

// ratioPlaces is how many digits a ratio of amounts has.
const ratioPlaces = 6
