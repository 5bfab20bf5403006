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
	Template string     `json:"template"`          // of the Model
	Version  string     `json:"version,omitempty"` // of that template
	Digest   Digest     `json:"digest"`            // of that template
	Terms    Digest     `json:"terms"`
	Whole    Attainment `json:"whole"`
	Rollups  []Rollup   `json:"rollups,omitempty"`  // by axis, groups in order of first appearance
	Outcomes []Progress `json:"outcomes"`           // in plan order
	Debt     []Debt     `json:"debt,omitempty"`     // by currency, in order of code
	Unsigned []string   `json:"unsigned,omitempty"` // roles that have not signed the present terms
	Gap      []string   `json:"gap,omitempty"`      // IDs of outcomes that are due by renewal and not delivered

	// IDs of outcomes that have not ended and had sponsors who have all left by AsOf.
	Unsponsored []string `json:"unsponsored,omitempty"`
}

// An Attainment is the weighted mean of clamped attainments over what is measured. Abandoned outcomes are left out;
// all others count in each state, paused and missed ones too. The shares are rounded to twelve decimal places.
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
	Group      string     `json:"group"` // "" for outcomes that name none
	Attainment Attainment `json:"attainment"`
}

// A Progress is how one outcome stands on its three axes: state, progress, verification.
type Progress struct {
	Outcome  string    `json:"outcome"` // ID
	State    State     `json:"state"`
	Level    Level     `json:"level,omitempty"`   // in force at AsOf: none if it expired, or is older than the outcome's start
	Known    bool      `json:"known"`             // it was measured, from its start up to AsOf
	Value    float64   `json:"value"`             // last measured, in the target's unit; under a Share, the part that is the outcome's
	At       time.Time `json:"at,omitzero"`       // of Value
	Raw      float64   `json:"raw"`               // (now - base)/(goal - base), or by the band; can leave 0 to 1
	Clamped  float64   `json:"clamped"`           // Raw within 0 and 1
	Points   float64   `json:"points"`            // Clamped times the share of the weight; they sum to Whole.Low
	Lost     bool      `json:"lost,omitempty"`    // it had reached its goal, as measured or by State, and is short of it
	Expected float64   `json:"expected"`          // share of the time from start to due that is over, 0 to 1
	Timed    bool      `json:"timed,omitempty"`   // Expected is known: the target has a due date
	Required float64   `json:"required"`          // rate towards the goal to be there by due, units a day, 0 or above
	Best     float64   `json:"best"`              // best rate there ever was between two values, towards the goal, units a day
	Rated    bool      `json:"rated,omitempty"`   // both are known: due is to come, and there are two values or more
	Forecast Forecast  `json:"forecast,omitzero"` // of the value at due, while that is to come
	Overdue  bool      `json:"overdue,omitempty"` // due is over, and it has neither ended nor reached its goal
}

// A Forecast of a value is an ordinary least squares line through what was measured since the start, with its 95 %
// prediction interval (independent normal errors of one variance; Student's t with N - 2 degrees of freedom).
type Forecast struct {
	Known bool    `json:"known"` // five measurements or more
	Value float64 `json:"value"` // in the target's unit
	Low   float64 `json:"low"`   // in the target's unit; its last bits may differ between platforms
	High  float64 `json:"high"`  // likewise
	N     int     `json:"n"`     // measurements
}

// A Debt is what was promised in one currency and is neither answered, evidenced nor waived.
type Debt struct {
	Currency string          `json:"currency"` // "" for promises without an amount
	Amount   decimal.Decimal `json:"amount"`   // of Currency
	Oldest   Duration        `json:"oldest"`   // age of the oldest promise in it, at AsOf, elapsed
	Promises []string        `json:"promises"` // IDs, in plan order
}
