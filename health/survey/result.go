package survey

import (
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// An Estimate is the statistic of one sample.
type Estimate struct {
	Instrument string        `json:"instrument"`
	Digest     health.Digest `json:"digest"`
	Method     Method        `json:"method"`
	From       time.Time     `json:"from"`
	To         time.Time     `json:"to"`
	Group      string        `json:"group,omitempty"`
	Weighting  Weighting     `json:"weighting"`
	Confidence float64       `json:"confidence"` // of intervals, 0.5 to 0.9999
	Accounts   int           `json:"accounts"`   // that have a vote
	N          int           `json:"n"`          // votes
	Top        int           `json:"top"`        // of N; net and top_box
	Bottom     int           `json:"bottom"`     // of N; net
	LeftOut    int           `json:"left_out"`   // votes beside N, of accounts without a worth above zero; ByWorth
	Value      *float64      `json:"value"`      // net -1 to 1, top_box 0 to 1, mean in points of the scale; nil: no votes
	SE         *float64      `json:"se"`         // standard error of Value; nil: undefined, as below
	Effective  *float64      `json:"effective"`  // independent votes that would be as sure; nil: one account's votes say nothing of others
	Interval   *Interval     `json:"interval"`   // nil: undefined; of a mean also where all answers are alike
	Plain      *Interval     `json:"plain"`      // value ± z·SE; nil: undefined
}

// MarshalJSON returns the canonical encoding.
func (e Estimate) MarshalJSON() ([]byte, error) {
	type plain Estimate
	return canon.JSON(plain(e))
}

// An Interval holds the true value with the confidence that was asked for.
type Interval struct {
	Method IntervalMethod `json:"method"`
	Low    float64        `json:"low"`  // unit of the value
	High   float64        `json:"high"` // unit of the value
}

// An IntervalMethod names the way an interval is computed.
type IntervalMethod string

// Interval methods.
const (
	AdjustedWald IntervalMethod = "adjusted_wald" // net
	Wilson       IntervalMethod = "wilson"        // top_box
	Newcombe     IntervalMethod = "newcombe"      // difference of two top_box values
	StudentT     IntervalMethod = "student_t"     // mean
	Wald         IntervalMethod = "wald"          // the plain one
)

// A Difference is what changed between two samples, and whether that could be chance.
type Difference struct {
	Before   Estimate  `json:"before"`
	After    Estimate  `json:"after"`
	Shared   int       `json:"shared"`   // accounts that have votes in both
	Change   *float64  `json:"change"`   // After.Value less Before.Value; nil: one of them is
	SE       *float64  `json:"se"`       // standard error of Change; nil: undefined
	Interval *Interval `json:"interval"` // of the change; nil: undefined
	Plain    *Interval `json:"plain"`    // change ± z·SE; nil: undefined
	Verdict  Verdict   `json:"verdict"`
}

// MarshalJSON returns the canonical encoding.
func (d Difference) MarshalJSON() ([]byte, error) {
	type plain Difference
	return canon.JSON(plain(d))
}

// A Verdict says what a difference shows, in the instrument's direction.
type Verdict string

// Verdicts.
const (
	Better       Verdict = "better"
	Worse        Verdict = "worse"
	Noise        Verdict = "within_noise"          // the interval holds zero
	Insufficient Verdict = "insufficient_evidence" // there is no interval
)
