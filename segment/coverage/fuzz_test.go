package coverage_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// FuzzAssign holds that any book is planned within its rules, or refused with a DataError.
func FuzzAssign(f *testing.F) {
	f.Add(uint64(1), uint8(9), uint8(3), 1.5, 4, 0.5, 3.0, 0.2, "EUR", "de")
	f.Add(uint64(2), uint8(40), uint8(0), 1.0, 0, 0.0, 0.0, 1.0, "USD", "")
	f.Add(uint64(3), uint8(25), uint8(6), 0.5, 99, 1.0, 100_000.0, 0.0, "", "\xff")
	f.Add(uint64(4), uint8(2), uint8(2), 0.0, -1, 2.0, -1.0, 5.0, "JPY", "x")
	f.Fuzz(func(t *testing.T, seed uint64, n, m uint8, slack float64, moves int, weight, effort, ramp float64, currency, name string) {
		in := random(rand.New(rand.NewPCG(seed, 0)), int(n), int(m), slack)
		if n > 0 {
			a := &in.Accounts[seed%uint64(n)]
			a.Hours, a.Currency, a.Holder, a.Region = &effort, currency, name, name
		}
		if m > 0 {
			p := &in.People[seed%uint64(m)]
			p.Ramp, p.Regions = ramp, []string{name}
		}
		rules := coverage.Rules{MaxMoves: moves, RevenueWeight: weight}
		plan, err := coverage.Assign(in, rules)
		var bad *coverage.DataError
		if errors.As(err, &bad) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(plan.Assigned)+len(plan.Unassigned) != int(n) || plan.Moves > moves || plan.Peak > 1 {
			t.Errorf("%d of %d accounts, %+v", len(plan.Assigned)+len(plan.Unassigned), n, plan.Outcome)
		}
		if plan.Imbalance != nil && !(*plan.Imbalance >= *plan.Bound && *plan.Bound > 0) {
			t.Errorf("imbalance %v, bound %v", *plan.Imbalance, *plan.Bound)
		}
		capacity, err := coverage.Measure(in)
		if err != nil || capacity.Accounts != int(n) {
			t.Errorf("measure: %d accounts, %v", capacity.Accounts, err)
		}
	})
}
