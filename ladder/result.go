package ladder

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Statement is the value of one account in a period. Every line is rounded once, half to even, to the currency's minor
// unit; totals are sums of the lines that are known, and so exact. Its JSON is canonical; unknown amounts are null there.
type Statement struct {
	Account  string           `json:"account"`
	From     time.Time        `json:"from"`
	To       time.Time        `json:"to"`
	AsOf     time.Time        `json:"as_of"`
	Ladder   string           `json:"ladder"`
	Version  string           `json:"version,omitempty"`
	Digest   Digest           `json:"digest"`
	Currency string           `json:"currency"`
	Gross    decimal.Decimal  `json:"gross"`             // money, may be negative
	Adjusted decimal.Decimal  `json:"adjusted"`          // Gross less each line's haircut
	Hard     decimal.Decimal  `json:"hard"`              // subtotal of Gross; Hard + Soft = Gross
	Soft     decimal.Decimal  `json:"soft"`              // subtotal of Gross
	Cost     decimal.Decimal  `json:"cost"`              // sum of Costs
	ROI      *decimal.Decimal `json:"roi"`               // (Gross - Cost)/Cost, rounded half to even to 6 places; nil without cost or a known line
	Unknown  int              `json:"unknown"`           // lines that are not known; then Gross is a lower bound where none of them is a loss
	Lines    []Line           `json:"lines"`             // in definition order
	Totals   []Total          `json:"totals,omitempty"`  // by axis in the order of their constants, then first appearance; each axis sums to Gross
	Carried  []Carried        `json:"carried,omitempty"` // value carried up the links, in definition order
	Cuts     []Cut            `json:"cuts,omitempty"`    // by pool, in definition order
	Costs    []Cost           `json:"costs,omitempty"`   // of the input, each rounded half to even to the minor unit
}

// MarshalJSON returns the canonical encoding.
func (s Statement) MarshalJSON() ([]byte, error) {
	type plain Statement
	return canon.JSON(plain(s))
}

// A Line is one benefit. Gross and what its Cut took sum to what the formula gives.
type Line struct {
	Benefit  string          `json:"benefit"`
	Driver   Driver          `json:"driver"`
	Saving   Saving          `json:"saving"`
	Node     string          `json:"node"`
	Known    bool            `json:"known"`
	Applies  bool            `json:"applies"`         // false: not applicable, amounts are 0
	Units    decimal.Decimal `json:"units"`           // claimed, after the pool's cut; cut off toward zero after 9 places
	Gross    decimal.Decimal `json:"gross"`           // money, may be negative; from the units before they are cut off
	Adjusted decimal.Decimal `json:"adjusted"`        // rounded Gross × (1 - haircut of Evidence), rounded again; a loss is taken whole
	Evidence Evidence        `json:"evidence"`        // the weakest of what the formula is made of; "" where there is no amount
	Inputs   []Factor        `json:"inputs"`          // the trace, in the order of the formula, without what is not known
	Why      Why             `json:"why,omitempty"`   // why it is not known: WhyPoolUnknown, or that of the first of Lacks
	Lacks    []Lack          `json:"lacks,omitempty"` // what is not known, in the order of the formula; of an unknown pool its capacity

	Warnings []Warning `json:"warnings,omitempty"`
}

// A Warning says why a figure may be less than it seems. Its text is a stable code.
type Warning string

// WarnSingleReading says that the metric's base is one reading. Where it was an extreme one, part of what moved would
// have moved back by itself (regression to the mean).
const WarnSingleReading Warning = "base_single_reading"

// A Lack is a quantity that a line reads and that does not count.
type Lack struct {
	Quantity string   `json:"quantity"` // name
	Why      Why      `json:"why"`
	Age      Duration `json:"age,omitempty"`  // of a reading that expired, at AsOf; at most 292 years
	Text     string   `json:"text,omitempty"` // of a reading that failed: its Why
}

// String returns it for people, such as `quantity "hours": expired: 91d old`.
func (l Lack) String() string {
	s := fmt.Sprintf("quantity %q: %s", l.Quantity, l.Why)
	switch {
	case l.Age != 0:
		return s + ": " + l.Age.String() + " old"
	case l.Text != "":
		return s + ": " + l.Text
	}
	return s
}

// A Why says why something is not known, or was cut. Its text is a stable code.
type Why string

// Reasons.
const (
	WhyMissing       Why = "missing" // nothing up to AsOf
	WhyFailed        Why = "failed"
	WhyExpired       Why = "expired" // of the age at which its class stops counting, or older
	WhyUndated       Why = "undated" // of unknown age, and its class expires
	WhyPoolUnknown   Why = "pool_unknown"
	WhyPoolExhausted Why = "pool_exhausted" // of a Cut alone
)

// lineJSON is a Line as it is written.
type lineJSON struct {
	Benefit  string           `json:"benefit"`
	Driver   Driver           `json:"driver"`
	Saving   Saving           `json:"saving"`
	Node     string           `json:"node"`
	Known    bool             `json:"known"`
	Applies  bool             `json:"applies"`
	Units    *decimal.Decimal `json:"units"`
	Gross    *decimal.Decimal `json:"gross"`
	Adjusted *decimal.Decimal `json:"adjusted"`
	Evidence Evidence         `json:"evidence"`
	Inputs   []Factor         `json:"inputs"`
	Why      Why              `json:"why,omitempty"`
	Lacks    []Lack           `json:"lacks,omitempty"`
	Warnings []Warning        `json:"warnings,omitempty"`
}

// MarshalJSON returns the canonical encoding, with null for the amounts of a line that is not known.
func (l Line) MarshalJSON() ([]byte, error) {
	out := lineJSON{
		Benefit: l.Benefit, Driver: l.Driver, Saving: l.Saving, Node: l.Node, Known: l.Known, Applies: l.Applies,
		Evidence: l.Evidence, Inputs: l.Inputs, Why: l.Why, Lacks: l.Lacks, Warnings: l.Warnings,
	}
	if l.Known {
		out.Units, out.Gross, out.Adjusted = &l.Units, &l.Gross, &l.Adjusted
	}
	return canon.JSON(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Line) UnmarshalJSON(data []byte) error {
	type plain Line
	var p plain // of its own, since null leaves an amount as it was
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*l = Line(p)
	return nil
}

// A Factor is one value in a line's trace.
type Factor struct {
	Role     string          `json:"role"`           // moved, times, adoption, attribution, unit_value, conversion, margin, period
	Name     string          `json:"name,omitempty"` // the term's; of a metric its own; of the period its exact share, such as "5/12"
	Value    decimal.Decimal `json:"value"`          // the period's is rounded half to even to 12 places
	Constant bool            `json:"constant,omitempty"`
	At       time.Time       `json:"at,omitzero"`
	Age      Duration        `json:"age,omitempty"` // of the reading, at AsOf; at most 292 years
	Evidence Evidence        `json:"evidence,omitempty"`
}

// A Total is the sum of the known lines of one group on one axis.
type Total struct {
	Axis     Axis            `json:"axis"`
	Group    string          `json:"group"`             // "" for lines that name none
	Gross    decimal.Decimal `json:"gross"`             // money
	Adjusted decimal.Decimal `json:"adjusted"`          // money
	Unknown  int             `json:"unknown,omitempty"` // lines that are not known
}

// An Axis is a way to group lines.
type Axis string

// Axes.
const (
	ByDriver      Axis = "driver"
	ByRung        Axis = "rung"
	ByNode        Axis = "node"
	ByStakeholder Axis = "stakeholder"
	ByTheme       Axis = "theme"
)

// A Carried is the share of a node's known value, its own and what was carried to it, that a link claims for the node
// above, rounded half to even to the minor unit. It shows where value is felt and is never added to Gross.
type Carried struct {
	From   string          `json:"from"`
	To     string          `json:"to"`
	Amount decimal.Decimal `json:"amount"` // money
}

// A Cut is what a pool's capacity took off a benefit. Best evidence draws first, then definition order; a loss draws
// nothing. Where the capacity is not known all is cut, and the benefit's line is not known.
type Cut struct {
	Pool    string          `json:"pool"`
	Benefit string          `json:"benefit"`
	Units   decimal.Decimal `json:"units"`  // cut
	Amount  decimal.Decimal `json:"amount"` // money not counted
	Why     Why             `json:"why"`    // WhyPoolExhausted or WhyPoolUnknown
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
	Amount decimal.Decimal `json:"amount"` // not negative; rounded half to even to the minor unit when it is read
}

// Leakage is the waterfall from potential to felt. Its two subtotals are never added: value lost, and value had but not
// seen. Its JSON is canonical; unknown amounts are null there.
//
// The known losses sum exactly to the first known level less the last. Where an end of a subtotal is unknown, its range
// assumes that the level there lies between the known ones next to it, whether value falls or rises between them; that
// before the first known level it is no lower than that, and after the last from 0 to that; and that two unknown levels
// without a known one between them do not rise.
type Leakage struct {
	Account    string           `json:"account"`
	AsOf       time.Time        `json:"as_of"`
	Ladder     string           `json:"ladder"` // name
	Version    string           `json:"version,omitempty"`
	Digest     Digest           `json:"digest"` // of the ladder
	Currency   string           `json:"currency"`
	Steps      []Loss           `json:"steps"`      // in order of stage, from potential to felt without a gap
	Value      Amount           `json:"value"`      // potential - achieved: value lost
	Visibility Amount           `json:"visibility"` // achieved - felt: value had and not seen
	AtStake    *decimal.Decimal `json:"at_stake"`   // the last known level, which may be felt in whole or not at all; nil where felt is known or nothing is
}

// MarshalJSON returns the canonical encoding.
func (l Leakage) MarshalJSON() ([]byte, error) {
	type plain Leakage
	return canon.JSON(plain(l))
}

// A Loss is what is lost between two known stages next to each other; where stages between them are unknown it is one
// loss over all of them, not located.
type Loss struct {
	From    Stage           `json:"from"`
	To      Stage           `json:"to"`
	Known   bool            `json:"known"`   // false: nothing after From or nothing before To is known, Amount is not known
	Amount  decimal.Decimal `json:"amount"`  // negative: a gain, shown and never netted away
	Located bool            `json:"located"` // the stages follow each other
	Over    []Stage         `json:"over"`    // the stages that the loss lies over: those after From, up to To
}

// lossJSON is a Loss as it is written.
type lossJSON struct {
	From    Stage            `json:"from"`
	To      Stage            `json:"to"`
	Known   bool             `json:"known"`
	Amount  *decimal.Decimal `json:"amount"`
	Located bool             `json:"located"`
	Over    []Stage          `json:"over"`
}

// MarshalJSON returns the canonical encoding, with null for an amount that is not known.
func (l Loss) MarshalJSON() ([]byte, error) {
	out := lossJSON{From: l.From, To: l.To, Known: l.Known, Located: l.Located, Over: l.Over}
	if l.Known {
		out.Amount = &l.Amount
	}
	return canon.JSON(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Loss) UnmarshalJSON(data []byte) error {
	type plain Loss
	var p plain // of its own, since null leaves an amount as it was
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*l = Loss(p)
	return nil
}

// An Amount is known, or lies in a range.
type Amount struct {
	Known bool             `json:"known"`
	Low   decimal.Decimal  `json:"low"`  // money; negative: a gain
	High  *decimal.Decimal `json:"high"` // = Low where it is known; nil: without bound
}
