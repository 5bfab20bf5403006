package segment

import "time"

// Facts are what is known of an account. Fact returns false for an attribute that is missing, which is NULL.
// A host's own type may implement it; it must answer alike for as long as a call runs.
type Facts interface {
	Fact(attribute string) (Value, bool)
}

// A FactMap is the simplest Facts.
type FactMap map[string]Value

// Fact returns the value of an attribute.
func (m FactMap) Fact(attribute string) (Value, bool) {
	v, ok := m[attribute]
	return v, ok
}

// A Row is facts by attribute position, in the order of Model.Attributes: no map, no allocation.
type Row []Value

// An Input is all that a verdict is made of. What is not in it can't influence the verdict.
type Input struct {
	Account string
	Facts   Facts // nil: all NULL
}

// Classify evaluates an account as of an instant, which is inclusive. It does not modify or keep in.
//
// Classify returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - a fact is not of its attribute's type, is NaN, infinite or an integer above 2^53, text with NUL or not UTF-8,
//     or a text or number that the attribute does not allow.
//
// A fact that is NULL or failed is not an error.
func (m *Model) Classify(in Input, asOf time.Time) (Verdict, error) { panic("unbuilt") }

// ClassifyRow is Classify for the segment alone, without explanation or allocation: the index of the rule that
// matched, len(Rules) for the default, -1 for none, or -2 when the answer depends on a failed fact.
func (m *Model) ClassifyRow(row Row, asOf time.Time) (int, error) { panic("unbuilt") }

// Settle folds a verdict into the account's membership, as Stay, For, Review and pins let it change. It is pure, and
// settling twice at one instant changes nothing. The zero Membership is that of an account never classified.
func (m *Model) Settle(prev Membership, v Verdict) Membership { panic("unbuilt") }
