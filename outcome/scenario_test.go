package outcome_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestScenario6Attainment has its numbers worked out by hand: (57-84)/(30-84) = 1/2, 130/100 = 1.3,
// (2*0.5 + 1*1)/3 = 2/3; of the whole weight 4: low (1+1)/4, high (1+1+1)/4.
func TestScenario6Attainment(t *testing.T) {
	model, err := outcome.Compile(outcome.Template{
		Format: 1, Name: "onboarding",
		Roles: []outcome.Role{{Name: "customer", Side: outcome.Customer, Signs: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	target := func(measure string, base, goal float64) *outcome.Target {
		return &outcome.Target{Measure: measure, Base: base, Goal: goal}
	}
	promise := func(id string, amount int64) outcome.Promise {
		return outcome.Promise{ID: id, Text: "Promised in the sale: " + id, Amount: decimal.NewFromInt(amount), Currency: "EUR", At: on(1, 1)}
	}
	answered, open, waived := promise("answered", 40_000), promise("open", 25_000), promise("waived", 10_000)
	answered.Answers = []string{"o1"}
	waived.Waived = &outcome.Waiver{By: "customer", At: on(2, 1)}
	plan, err := model.Propose(outcome.Proposal{
		Account: "acme", ID: "2026", Start: on(1, 1),
		Outcomes: []outcome.Outcome{
			{ID: "o1", Statement: "The time to value falls from 84 to 30 days.", Weight: 2, Target: target("ttv", 84, 30)},
			{ID: "o2", Statement: "A hundred people use it.", Weight: 1, Target: target("users", 0, 100)},
			{ID: "o3", Statement: "Errors fall by half.", Weight: 1, Target: target("errors", 10, 5)},
		},
		Promises: []outcome.Promise{answered, open, waived},
	})
	if err != nil {
		t.Fatal(err)
	}
	series := outcome.SeriesMap{
		"ttv":   {{Measure: "ttv", At: on(4, 1), Value: 57}},
		"users": {{Measure: "users", At: on(4, 1), Value: 130}},
	}
	got, err := model.Assess(outcome.Input{Account: "acme", Plan: plan, Series: series}, on(4, 11))
	if err != nil {
		t.Fatal(err)
	}

	type row struct {
		known        bool
		raw, clamped float64
		points       float64
	}
	var rows []row
	sum := 0.0
	for _, o := range got.Outcomes {
		rows = append(rows, row{o.Known, o.Raw, o.Clamped, o.Points})
		sum += o.Points
	}
	want := []row{{true, 0.5, 0.5, 0.25}, {true, 1.3, 1, 0.25}, {}}
	if diff := cmp.Diff(want, rows, cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	w := got.Whole
	if !w.Known || math.Abs(w.Value-2.0/3) > 1e-12 || w.Coverage != 0.75 || w.Low != 0.5 || w.High != 0.75 || sum != w.Low {
		t.Errorf("whole %+v with points %v, want 2/3, coverage 3/4, range [0.50, 0.75]", w, sum)
	}
	debt := []outcome.Debt{{Currency: "EUR", Amount: decimal.NewFromInt(25_000), Oldest: 100 * outcome.Day, Promises: []string{"open"}}}
	if diff := cmp.Diff(debt, got.Debt); diff != "" {
		t.Errorf("debt (-want +got):\n%s", diff)
	}
}
