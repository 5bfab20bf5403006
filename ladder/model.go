package ladder

import (
	"time"

	"github.com/shopspring/decimal"
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

// A Quantity is one reading. One from after asOf is not seen. Its decimal has at most 38 digits and an exponent
// within ±18.
type Quantity struct {
	Value    decimal.Decimal `json:"value"`
	At       time.Time       `json:"at,omitzero"` // when it was so; zero: of unknown age, which is missing where its class expires
	State    State           `json:"state,omitempty"`
	Why      string          `json:"why,omitempty"`
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
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8, or From is not before To;
//   - a quantity or cost is out of bounds, a share outside of 0 to 1, or a cost negative or of no kind of the ladder.
//
// A quantity that is missing, failed or expired is not an error: its benefit is an unknown line, never zero.
func (m *Model) Statement(in Input, asOf time.Time) (Statement, error) { panic("unbuilt") }

// Leakage states where value is lost between what could be had and what is felt, in the ladder's currency.
//
// Leakage returns an error if a level is out of bounds, negative, or given twice (*DataError).
func (m *Model) Leakage(account string, levels []Level, asOf time.Time) (Leakage, error) {
	panic("unbuilt")
}
