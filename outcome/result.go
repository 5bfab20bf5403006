package outcome

import (
	"time"

	"github.com/shopspring/decimal"
)

// An Assessment is the result of one evaluation of a plan. Its JSON is canonical; unknown numbers are null there.
type Assessment struct {
	Account  string     `json:"account"`
	Plan     string     `json:"plan"` // ID
	AsOf     time.Time  `json:"as_of"`
	Template string     `json:"template"`
	Digest   Digest     `json:"digest"` // of the template
	Terms    Digest     `json:"terms"`
	Whole    Attainment `json:"whole"`
	Rollups  []Rollup   `json:"rollups,omitempty"`  // by axis, groups in order of first appearance
	Outcomes []Progress `json:"outcomes"`           // in plan order
	Debt     []Debt     `json:"debt,omitempty"`     // by currency, in order of code
	Unsigned []string   `json:"unsigned,omitempty"` // roles that have not signed the present terms
	Gap      []string   `json:"gap,omitempty"`      // IDs of outcomes committed by renewal and not delivered
}

// MarshalJSON returns the canonical encoding.
func (a Assessment) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// An Attainment is the weighted mean of clamped attainments over what is measured.
type Attainment struct {
	Known    bool    `json:"known"`    // some outcome is measured
	Value    float64 `json:"value"`    // 0 to 1
	Coverage float64 `json:"coverage"` // share of the weight that is measured, 0 to 1
	Low      float64 `json:"low"`      // if all that is unmeasured were at 0
	High     float64 `json:"high"`     // if all that is unmeasured were at 1
}

// A Rollup is the attainment of one group on an axis.
type Rollup struct {
	Axis       Axis       `json:"axis"`
	Group      string     `json:"group"`
	Attainment Attainment `json:"attainment"`
}

// A Progress is how one outcome stands on its three axes: state, progress, verification.
type Progress struct {
	Outcome  string    `json:"outcome"` // ID
	State    State     `json:"state"`
	Level    Level     `json:"level,omitempty"`   // in force at AsOf: expired evidence is none
	Known    bool      `json:"known"`             // it was measured
	Value    float64   `json:"value"`             // last measured, in the target's unit
	At       time.Time `json:"at,omitzero"`       // of Value
	Raw      float64   `json:"raw"`               // (now - base)/(goal - base); below 0 and above 1 are possible
	Clamped  float64   `json:"clamped"`           // Raw within 0 and 1
	Points   float64   `json:"points"`            // Clamped times the weight's share of the plan: they sum to Whole.Low
	Lost     bool      `json:"lost,omitempty"`    // it had reached its goal, and is below it again
	Expected float64   `json:"expected"`          // share of the time to due that is over, 0 to 1
	Timed    bool      `json:"timed,omitempty"`   // Expected is known: the target has a start and a due date
	Required float64   `json:"required"`          // rate from now on to be there by due, units a day
	Best     float64   `json:"best"`              // best rate that the account ever did between two measurements, units a day
	Rated    bool      `json:"rated,omitempty"`   // Required and Best are known
	Forecast Forecast  `json:"forecast,omitzero"` // of the value at due
	Overdue  bool      `json:"overdue,omitempty"`
}

// A Forecast of a value is an ordinary least squares line with its 95 % prediction interval.
type Forecast struct {
	Known bool    `json:"known"` // five measurements or more, on two instants or more
	Value float64 `json:"value"` // in the target's unit
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"`
}

// A Debt is what was promised in one currency and is neither answered, evidenced nor waived.
type Debt struct {
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	Oldest   Duration        `json:"oldest"`   // age of the oldest promise in it, at AsOf
	Promises []string        `json:"promises"` // IDs, in plan order
}
