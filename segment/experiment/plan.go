package experiment

import (
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A Plan says how outcomes are read. Write it down before the trial begins.
type Plan struct {
	Control    string      // name of the arm that the others are compared with
	Measure    Measure     // what an outcome is
	Better     Direction   // which outcomes are well
	Margin     float64     // 0 or more, in the unit of outcomes: the largest difference that does not matter; 0: any matters
	Confidence float64     // 0.5 to 0.999999, of all effects' intervals together; 0 is 0.95
	Adjust     bool        // take off what [Outcome].Before explains
	Sequential *Sequential // nil: there is one look, at an end fixed beforehand
}

// A Measure says what an outcome is.
type Measure string

// Measures.
const (
	Mean  Measure = "mean"  // a number, such as minutes or points
	Share Measure = "share" // 1 if it happened and 0 if not
)

// A Direction says which outcomes are well.
type Direction string

// Directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// An Outcome is what came of one unit, whether or not it was treated as its arm says.
type Outcome struct {
	Unit    string  // ID of the account, or of the person; each unit has one outcome
	Account string  // of a person; "" where the unit is the account
	Arm     string  // the arm that the unit was assigned to
	Value   float64 // within ±1e100; 0 or 1 for a share
	Before  float64 // with Plan.Adjust: a number known before the trial, such as Value a quarter earlier; 0 for all without one
}

// check returns the control's position and the plan with its defaults.
func (m *Model) check(p Plan) (int, Plan, error) {
	control := m.arm(p.Control)
	if control < 0 {
		return 0, p, wrong("control", "the trial has no arm %q", p.Control)
	}
	if p.Measure != Mean && p.Measure != Share {
		return 0, p, wrong("measure", "%q is neither %q nor %q", p.Measure, Mean, Share)
	}
	if p.Better != Higher && p.Better != Lower {
		return 0, p, wrong("better", "%q is neither %q nor %q", p.Better, Higher, Lower)
	}
	if !(p.Margin >= 0 && p.Margin <= largest) {
		return 0, p, wrong("margin", "%v is not between 0 and %v", p.Margin, largest)
	}
	if _, err := missing(p.Confidence, 1); err != nil {
		return 0, p, err
	}
	if p.Sequential != nil {
		s, err := p.Sequential.settled()
		if err != nil {
			return 0, p, err
		}
		p.Sequential = &s
	}
	return control, p, nil
}

// arm returns the position of an arm, or -1. There are few.
func (m *Model) arm(name string) int {
	for i, a := range m.trial.Arms {
		if a.Name == name {
			return i
		}
	}
	return -1
}

func (o *Outcome) check(p Plan) error {
	bad := func(field string, cause any) error {
		return &DataError{Unit: o.Unit, Field: field, Message: fmt.Sprint(cause)}
	}
	if err := ident.Check(o.Unit); err != nil {
		return &DataError{Field: "unit", Message: err.Error()}
	}
	if o.Account != "" {
		if err := ident.Check(o.Account); err != nil {
			return bad("account", err)
		}
	}
	switch {
	case math.IsNaN(o.Value):
		return bad("outcome", "is NaN")
	case math.Abs(o.Value) > largest:
		return bad("outcome", fmt.Sprintf("%v is beyond ±%v", o.Value, largest))
	case p.Measure == Share && o.Value != 0 && o.Value != 1:
		return bad("outcome", fmt.Sprintf("%v is neither 0 nor 1", o.Value))
	case p.Adjust && !(math.Abs(o.Before) <= largest):
		return bad("before", fmt.Sprintf("%v is not a number within ±%v", o.Before, largest))
	}
	return nil
}
