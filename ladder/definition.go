package ladder

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest ladder format that this release reads. It versions the document and the arithmetic.
const Format = 1

// A Ladder says how value rises from a user's transaction, through departments, to the enterprise, and by which
// formulas. It is plain data: build it in Go or read it with [Parse], then [Compile] it. The zero Ladder is not valid.
type Ladder struct {
	Format   int       `json:"format"` // 1
	Name     string    `json:"name"`
	Version  string    `json:"version,omitempty"` // for people; the digest identifies it
	Currency string    `json:"currency"`          // ISO 4217, of every amount
	Themes   []Theme   `json:"themes,omitempty"`
	Nodes    []Node    `json:"nodes"` // who stands on which rung
	Metrics  []Metric  `json:"metrics,omitempty"`
	Pools    []Pool    `json:"pools,omitempty"`
	Benefits []Benefit `json:"benefits"`
	Links    []Link    `json:"links,omitempty"`
	Costs    []Cost    `json:"costs,omitempty"`    // kinds of cost that inputs may name, without amounts
	Haircuts []Haircut `json:"haircuts,omitempty"` // by class; a class without one is taken whole and never expires

	Capabilities []Capability `json:"capabilities,omitempty"` // of the product; where there are any, benefits name only these
	Thresholds   *Thresholds  `json:"thresholds,omitempty"`   // of what [Model.Diagnose] looks for
}

// A Capability is something that the product can do, and that was sold.
type Capability struct {
	Name  string `json:"name"` // unique
	Title string `json:"title,omitempty"`
}

// Thresholds declare from where on a pattern is one. All are shares, 0 to 1.
type Thresholds struct {
	Capability  decimal.Decimal `json:"capability"`     // of the capabilities, without an outcome: over it
	Goal        decimal.Decimal `json:"goal"`           // of the value, for no theme: over it
	Expectation decimal.Decimal `json:"expectation"`    // of what was sold, not achieved: over it
	Untold      decimal.Decimal `json:"untold"`         // of what was verified, not communicated: over it
	Happy       decimal.Decimal `json:"happy"`          // sentiment of who is happy: at least
	Unhappy     decimal.Decimal `json:"unhappy"`        // sentiment of who is not: at most; below Happy
	Rich        decimal.Decimal `json:"rich"`           // of what was sold, achieved where there is value: at least
	Poor        decimal.Decimal `json:"poor"`           // of what was sold, achieved where there is none: at most; below Rich
	Serious     decimal.Decimal `json:"serious"`        // of the potential, lost: over it expansion waits
	Hold        []PatternName   `json:"hold,omitempty"` // patterns with which expansion waits too
}

// A Theme is a market driver or strategic goal that precedes us in the customer's mind.
type Theme struct {
	Name  string `json:"name"` // unique
	Title string `json:"title,omitempty"`
}

// A Node is a stakeholder on a rung, with the budget that it holds.
type Node struct {
	Name        string `json:"name"` // unique
	Rung        Rung   `json:"rung"`
	Stakeholder string `json:"stakeholder,omitempty"`
	Budget      string `json:"budget,omitempty"`

	Needs Evidence `json:"needs,omitempty"` // class of an entry that confirms value here; empty: confirmed
}

// A Metric is what moves. Its present value comes in as the quantity of its name.
type Metric struct {
	Name   string           `json:"name"` // unique
	Unit   string           `json:"unit,omitempty"`
	Better Better           `json:"better"`
	Base   decimal.Decimal  `json:"base"`             // before, in Unit
	Target *decimal.Decimal `json:"target,omitempty"` // in Unit
	Node   string           `json:"node,omitempty"`

	Readings int `json:"readings,omitempty"` // that Base is made of; 0: not said; of one alone statements warn
}

// A Pool is something finite that benefits draw on, such as the hours of a team or a revenue line, so that nothing is
// counted twice. The attribution shares of the benefits on one pool sum to at most 1.
type Pool struct {
	Name     string `json:"name"` // unique
	Unit     string `json:"unit,omitempty"`
	Capacity Term   `json:"capacity"` // in Unit, not negative
	Basis    Basis  `json:"basis"`    // what period the capacity is for; one-off: the statement's, and in Books all time
}

// A Benefit is one driver formula:
//
//	moved × times… × adoption × attribution × unit value × conversion × margin
//
// The first four give the units that are claimed (of its pool, where it has one), the last three turn them into money.
// The same formula gives promised, expected and realized value from other quantities. Moved may be negative: a loss.
type Benefit struct {
	Name        string   `json:"name"` // unique
	Driver      Driver   `json:"driver"`
	Saving      Saving   `json:"saving,omitempty"` // empty: as is usual for the driver
	Basis       Basis    `json:"basis"`
	Node        string   `json:"node"`
	Theme       string   `json:"theme,omitempty"`
	Capability  string   `json:"capability,omitempty"` // of the product that makes it
	Metric      string   `json:"metric,omitempty"`     // moved is its way from Base in the better direction; else Moved is given
	Moved       *Term    `json:"moved,omitempty"`
	Times       []Term   `json:"times,omitempty"`       // such as users, months; not negative, at most 8
	Adoption    *Term    `json:"adoption,omitempty"`    // share, 0 to 1; nil: 1
	Attribution *Term    `json:"attribution,omitempty"` // share, 0 to 1; nil: 1; a constant where there is a pool
	UnitValue   Term     `json:"unit_value"`            // money for one unit, not negative
	Conversion  *Term    `json:"conversion,omitempty"`  // share, 0 to 1, of saved time that becomes money; required for productivity
	Margin      *Term    `json:"margin,omitempty"`      // share, 0 to 1; required for revenue growth and time to market
	Pool        string   `json:"pool,omitempty"`
	Evidence    Evidence `json:"evidence,omitempty"` // of the formula's constants and the metric's Base; empty: assumed
}

// A Term is one factor of a formula: a constant, or the quantity of a name.
type Term struct {
	Name     string           `json:"name,omitempty"`     // for the trace; empty: the quantity's, or the factor's role
	Value    *decimal.Decimal `json:"value,omitempty"`    // the constant
	Quantity string           `json:"quantity,omitempty"` // name of the quantity
	Unit     string           `json:"unit,omitempty"`     // such as "EUR/hour" or "hour/user", without the time that Basis says; [Model.Verify] cancels them
}

// A Link carries a share of a node's value up to a node on a higher rung. The shares from one node sum to at most 1.
type Link struct {
	From  string          `json:"from"`
	To    string          `json:"to"`
	Share decimal.Decimal `json:"share"` // claimed, 0 to 1
}

// A Cost is what the customer spends: a kind of cost in a Ladder, an amount in an Input.
type Cost struct {
	Name   string          `json:"name"`
	Kind   CostKind        `json:"kind"`
	Amount decimal.Decimal `json:"amount,omitzero"` // of the ladder's currency, in the period; not negative, none in a Ladder
}

// A Haircut is what a class of evidence loses, and for how long it counts: a quantity does while its instant lies in
// (asOf - Expire, asOf].
type Haircut struct {
	Class  Evidence        `json:"class"`
	Share  decimal.Decimal `json:"share"`            // taken off for the risk-adjusted figure, 0 to 1
	Expire Duration        `json:"expire,omitempty"` // quantities of this age stop counting; 0: never
}

// A Duration is an elapsed time; its text is "90d", "2w", "36h" (d = 24 h, w = 7 d).
type Duration time.Duration

// Day is 24 hours.
const Day = Duration(24 * time.Hour)

// String returns the canonical text, such as "90d".
func (d Duration) String() string { return span.Format(time.Duration(d)) }

// MarshalText returns the canonical text.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads one or more integers with units in falling order: w, d, h, m, s, ms, us.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := span.Parse(string(text))
	if err != nil {
		return err
	}
	*d = Duration(v)
	return nil
}

// A Rung is a level of value.
type Rung string

// Rungs, rising.
const (
	Operational  Rung = "operational" // user, transaction
	Departmental Rung = "departmental"
	Enterprise   Rung = "enterprise"
)

// Better is the direction in which a metric improves.
type Better string

// Directions.
const (
	Up   Better = "up"
	Down Better = "down"
)

// A Driver is a way in which value arises.
type Driver string

// Drivers.
const (
	CostReduction Driver = "cost_reduction"
	CostAvoidance Driver = "cost_avoidance"
	Productivity  Driver = "productivity"
	RiskReduction Driver = "risk_reduction"
	RevenueGrowth Driver = "revenue_growth"
	TimeToMarket  Driver = "time_to_market"
)

// A Saving is hard (money not spent) or soft (time freed, risk avoided). They have subtotals of their own.
type Saving string

// Savings. Without one, cost reduction and revenue growth are Hard, the other drivers Soft.
const (
	Hard Saving = "hard"
	Soft Saving = "soft"
)

// A Basis says what period a formula's amount is for. Months are whole calendar months in UTC; a period of another
// length counts days of 24 h, which need not be whole.
type Basis string

// Bases.
const (
	Annual  Basis = "annual"   // for twelve months; a statement takes its months/12, else days/365
	RunRate Basis = "run_rate" // for a month; a statement takes its months, else days/365*12
	OneOff  Basis = "one_off"  // for the statement's period, whatever its length
)

// A CostKind is a kind of cost.
type CostKind string

// Cost kinds.
const (
	Licence        CostKind = "licence"
	Implementation CostKind = "implementation"
	Internal       CostKind = "internal"
	Change         CostKind = "change"
)

// Evidence is a class of evidence.
type Evidence string

// Evidence classes, each better than the one before.
const (
	Assumed       Evidence = "assumed"
	VendorClaimed Evidence = "vendor_claimed"
	Measured      Evidence = "measured"
	Corroborated  Evidence = "corroborated"
	Confirmed     Evidence = "confirmed" // by the customer
	Audited       Evidence = "audited"   // by the customer's finance team
)

// Parse reads a ladder from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the ladder: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a ladder (*InvalidError with every problem);
//   - the format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Ladder, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Ladder{}, fmt.Errorf("ladder: parse ladder: format %d: %w", format, ErrFormat)
	}
	var l Ladder
	if err := invalid(strictjson.Decode(data, &l)); err != nil {
		return Ladder{}, err
	}
	return l, nil
}

// invalid returns the problems as an error, or nil without any.
func invalid(list problem.List) error {
	if len(list) == 0 {
		return nil
	}
	problems := make([]Problem, len(list))
	for i, p := range list {
		problems[i] = Problem(p)
	}
	return &InvalidError{Problems: problems}
}
