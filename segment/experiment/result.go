package experiment

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/segment"
)

// An Analysis is what a trial shows.
type Analysis struct {
	Trial      string         `json:"trial"`      // name
	Digest     segment.Digest `json:"digest"`     // of the trial that was decided under
	Registered segment.Digest `json:"registered"` // of the trial that was begun: another one makes all verdicts [CantTell]
	Arms       []ArmResult    `json:"arms"`       // in the order of the trial
	Ratio      Ratio          `json:"ratio"`
	Effects    []Effect       `json:"effects"` // of each arm but the control, in the order of the trial
}

// An ArmResult is what came of one arm.
type ArmResult struct {
	Arm      string   `json:"arm"`
	Units    int      `json:"units"`    // with an outcome
	Accounts int      `json:"accounts"` // of these units
	Mean     *float64 `json:"mean"`     // of outcomes, not adjusted; nil without units
}

// An Effect is the difference that one arm makes against the control.
type Effect struct {
	Arm       string    `json:"arm"`
	Value     *float64  `json:"value"`               // treated less control, in the unit of outcomes; nil where a look is too early
	SE        *float64  `json:"se"`                  // standard error; nil where Value is
	Interval  *Interval `json:"interval"`            // all effects' intervals hold together with the plan's confidence; nil where nothing is known
	P         *float64  `json:"p"`                   // two-sided, times the number of effects, at most 1; nil under a [Sequential]
	Reduction *float64  `json:"reduction,omitempty"` // share of the variance that the covariate took off, below 0 where it added; nil without
	Verdict   Verdict   `json:"verdict"`
	Reason    Reason    `json:"reason"`
}

// A Verdict is what may be said of an arm. It reads the interval alone.
type Verdict string

// Verdicts.
const (
	Better       Verdict = "better"        // the interval lies on the better side of 0
	Worse        Verdict = "worse"         // on the other side
	NoDifference Verdict = "no_difference" // within the margin: whatever difference there is does not matter
	CantTell     Verdict = "cant_tell"     // none of these
)

// A Reason says what a verdict rests on.
type Reason string

// Reasons. All but the first go with [CantTell].
const (
	ByInterval  Reason = "interval"     // what the interval shows, be it too little
	BrokenSplit Reason = "sample_ratio" // the split is off by more than chance (P below 0.001): no difference means anything
	BurnIn      Reason = "burn_in"      // too few accounts, or too few events, for a first look
	Early       Reason = "early"        // too few accounts for the one look
	NoSpread    Reason = "no_spread"    // within arms the outcomes, or their means by account, are alike but for rounding: nothing shows the error
	Changed     Reason = "changed"      // the trial is not the one that was registered: what it claims was not fixed beforehand
)

// String is the effect in a sentence, such as `call: better: 0.12 (0.03 to 0.21)`.
func (e Effect) String() string {
	words := ""
	switch e.Verdict {
	case NoDifference:
		words = "no difference that matters"
	case CantTell:
		words = "can't tell yet"
	default:
		words = string(e.Verdict)
	}
	switch {
	case e.Reason == BrokenSplit:
		words = "can't tell: units are not split as the trial splits them"
	case e.Reason == Changed:
		words = "can't tell: the trial is not the one that was registered"
	case e.Reason == BurnIn:
		return fmt.Sprintf("%s: %s: too few for a first look", e.Arm, words)
	case e.Reason == Early:
		return fmt.Sprintf("%s: %s: too few for the one look", e.Arm, words)
	case e.Reason == NoSpread:
		words += ": outcomes show no spread"
	}
	if e.Value == nil {
		return fmt.Sprintf("%s: %s", e.Arm, words)
	}
	text := fmt.Sprintf("%s: %s: %.4g", e.Arm, words, *e.Value)
	if e.Interval != nil {
		text += fmt.Sprintf(" (%.4g to %.4g)", e.Interval.Low, e.Interval.High)
	}
	return text
}
