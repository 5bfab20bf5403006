package experiment

import (
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// An Outcome is what came of one unit, whether or not it was treated as its arm says.
type Outcome struct {
	Unit    string  // ID of the account, or of the person; each unit has one outcome
	Account string  // of a person; "" where the unit is the account
	Arm     string  // the arm that the unit was assigned to
	Value   float64 // within ±1e100; 0 or 1 for a share
	Before  float64 // with Plan.Adjust: a number known before the trial, such as Value a quarter earlier; 0 for all without one
}

func (o *Outcome) check(p *Plan) error {
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
