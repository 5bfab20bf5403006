package ladder

import (
	"time"

	"github.com/shopspring/decimal"
)

// A Statement is the value of one account in a period. Every line is rounded once, half to even, to the currency's minor
// unit; totals are sums of lines and so exact. Its JSON is canonical; unknown amounts are null there.
type Statement struct {
	Account  string           `json:"account"`
	From     time.Time        `json:"from"`
	To       time.Time        `json:"to"`
	AsOf     time.Time        `json:"as_of"`
	Ladder   string           `json:"ladder"`
	Version  string           `json:"version,omitempty"`
	Digest   Digest           `json:"digest"`
	Currency string           `json:"currency"`
	Gross    decimal.Decimal  `json:"gross"`    // of the known lines
	Adjusted decimal.Decimal  `json:"adjusted"` // Gross less each line's haircut
	Hard     decimal.Decimal  `json:"hard"`     // subtotal of Gross; Hard + Soft = Gross
	Soft     decimal.Decimal  `json:"soft"`
	Cost     decimal.Decimal  `json:"cost"`
	ROI      *decimal.Decimal `json:"roi"`               // (Gross - Cost)/Cost, rounded half to even to 6 places; nil without cost
	Unknown  int              `json:"unknown"`           // lines that are not known; then Gross is a lower bound where none is negative
	Lines    []Line           `json:"lines"`             // in definition order
	Totals   []Total          `json:"totals,omitempty"`  // by axis (driver, rung, node, stakeholder, theme), then first appearance
	Carried  []Carried        `json:"carried,omitempty"` // value carried up the links, in definition order
	Cuts     []Cut            `json:"cuts,omitempty"`    // by pool, in definition order
	Costs    []Cost           `json:"costs,omitempty"`
}

// MarshalJSON returns the canonical encoding.
func (s Statement) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// A Line is one benefit.
type Line struct {
	Benefit  string          `json:"benefit"`
	Driver   Driver          `json:"driver"`
	Saving   Saving          `json:"saving"`
	Node     string          `json:"node"`
	Known    bool            `json:"known"`
	Applies  bool            `json:"applies"`       // false: not applicable, amounts are 0
	Units    decimal.Decimal `json:"units"`         // claimed, after the pool's cut
	Gross    decimal.Decimal `json:"gross"`         // money, may be negative
	Adjusted decimal.Decimal `json:"adjusted"`      // Gross × (1 - haircut of Evidence)
	Evidence Evidence        `json:"evidence"`      // the weakest of what it is made of
	Inputs   []Factor        `json:"inputs"`        // the trace, in the order of the formula
	Why      string          `json:"why,omitempty"` // why it is not known: the quantity, and missing, failed or expired
}

// A Factor is one value in a line's trace.
type Factor struct {
	Role     string          `json:"role"` // moved, times, adoption, attribution, unit_value, conversion, margin, period
	Name     string          `json:"name,omitempty"`
	Value    decimal.Decimal `json:"value"`
	Constant bool            `json:"constant,omitempty"`
	At       time.Time       `json:"at,omitzero"`
	Age      Duration        `json:"age,omitempty"` // of a reading carried forward, at AsOf
	Evidence Evidence        `json:"evidence,omitempty"`
}

// A Total is the sum of the known lines of one group on one axis.
type Total struct {
	Axis     string          `json:"axis"`
	Group    string          `json:"group"`
	Gross    decimal.Decimal `json:"gross"`
	Adjusted decimal.Decimal `json:"adjusted"`
	Unknown  int             `json:"unknown,omitempty"` // lines that are not known
}

// A Carried is the share of a node's value, its own and what was carried to it, that a link claims for the node above.
// It shows where value is felt and is never added to Gross.
type Carried struct {
	From   string          `json:"from"`
	To     string          `json:"to"`
	Amount decimal.Decimal `json:"amount"`
}

// A Cut is what a pool's capacity took off a benefit.
type Cut struct {
	Pool    string          `json:"pool"`
	Benefit string          `json:"benefit"`
	Units   decimal.Decimal `json:"units"`  // cut
	Amount  decimal.Decimal `json:"amount"` // money not counted
	Why     string          `json:"why"`    // pool exhausted, pool unknown
}

// A Stage is a step from what could be had to what is felt.
type Stage string

// Stages, in order.
const (
	Potential    Stage = "potential"
	Sold         Stage = "sold"
	Deployed     Stage = "deployed"
	Adopted      Stage = "adopted"
	Achieved     Stage = "achieved"
	Verified     Stage = "verified"
	Communicated Stage = "communicated"
	Felt         Stage = "felt"
)

// A Level is the value that stands at a stage. A stage without a level is unknown.
type Level struct {
	Stage  Stage           `json:"stage"`
	Amount decimal.Decimal `json:"amount"` // not negative
}

// Leakage is the waterfall from potential to felt. Its two subtotals are never added: value lost, and value had but not
// seen. Its JSON is canonical; unknown amounts are null there.
type Leakage struct {
	Account    string          `json:"account"`
	AsOf       time.Time       `json:"as_of"`
	Currency   string          `json:"currency"`
	Steps      []Loss          `json:"steps"`      // in order of stage
	Value      Amount          `json:"value"`      // potential - achieved: value lost
	Visibility Amount          `json:"visibility"` // achieved - felt: value had and not seen; its range where felt is unknown
	AtStake    decimal.Decimal `json:"at_stake"`   // the last known level, where felt is unknown
}

// MarshalJSON returns the canonical encoding.
func (l Leakage) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// A Loss is what is lost between two known stages next to each other; where stages between them are unknown it is one
// loss over all of them, not located.
type Loss struct {
	From    Stage           `json:"from"`
	To      Stage           `json:"to"`
	Known   bool            `json:"known"`   // false: nothing after From is known, Amount is not known
	Amount  decimal.Decimal `json:"amount"`  // negative: a gain, shown and never netted away
	Located bool            `json:"located"` // the stages follow each other
	Over    []Stage         `json:"over"`    // the stages that the loss lies over: To, and the unknown ones before it
}

// An Amount is known, or lies in a range.
type Amount struct {
	Known bool            `json:"known"`
	Low   decimal.Decimal `json:"low"` // = High where it is known
	High  decimal.Decimal `json:"high"`
}
