package outcome_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func Example() {
	model, err := outcome.Compile(outcome.Template{
		Format: 1, Name: "onboarding",
		Roles: []outcome.Role{{Name: "customer", Side: outcome.Customer, Signs: true}},
		Outcomes: []outcome.Outcome{
			{ID: "first value", Statement: "A new team sees value in 30 days, not 84.", Weight: 2, DueIn: 180 * outcome.Day,
				Target: &outcome.Target{Measure: "days_to_value", Unit: "d", Base: 84, Goal: 30}},
			{ID: "in use", Statement: "A hundred people use it every week.", Weight: 1,
				Target: &outcome.Target{Measure: "weekly_users", Base: 0, Goal: 100}},
			{ID: "errors", Statement: "Half as many errors.", Weight: 1,
				Target: &outcome.Target{Measure: "errors_per_month", Base: 10, Goal: 5}},
		},
	})
	if err != nil {
		panic(err) // every problem at once, each with its place in the definition
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	plan, _ := model.Propose(outcome.Proposal{Account: "acme", ID: "2026", Start: start, Promises: []outcome.Promise{
		{ID: "import", Text: "Old data is imported.", Amount: decimal.NewFromInt(25_000), Currency: "EUR", At: start},
	}})
	april := start.AddDate(0, 0, 100)
	a, _ := model.Assess(outcome.Input{Account: "acme", Plan: plan, Series: outcome.SeriesMap{
		"days_to_value": {{At: april, Value: 57}},
		"weekly_users":  {{At: april, Value: 130}},
	}}, april)

	fmt.Printf("reached %.2f of what is measured, which is %.2f of the plan\n", a.Whole.Value, a.Whole.Coverage)
	fmt.Println("the whole lies between", a.Whole.Low, "and", a.Whole.High) // nobody measured errors
	for _, o := range a.Outcomes {
		fmt.Println(o.Outcome, o.Known, o.Raw, o.Points) // the points sum to the lower bound, exactly
	}
	fmt.Println("promised and not answered:", a.Debt[0].Amount, a.Debt[0].Currency, "for", a.Debt[0].Oldest)

	// Output:
	// reached 0.67 of what is measured, which is 0.75 of the plan
	// the whole lies between 0.5 and 0.75
	// first value true 0.5 0.25
	// in use true 1.3 0.25
	// errors false 0 0
	// promised and not answered: 25000 EUR for 100d
}

func ExampleParseDesired() {
	d, err := outcome.ParseDesired("minimise the time it takes to close the books, at the end of a quarter")
	fmt.Println(d.Direction, "|", d.Measure, "|", d.Object, "|", d.Context, err)
	fmt.Println(d)
	for _, f := range outcome.English().Lint("increase the quality of the dashboard") {
		fmt.Println(f.Class+":", f.Message)
	}
	// Output:
	// minimise | time | it takes to close the books | at the end of a quarter <nil>
	// minimise the time it takes to close the books, at the end of a quarter
	// solution_named: "dashboard" is a solution: write what is to be seen, such as "the time it takes to see what is late"
	// measure_vague: "quality" can't be counted: write the likelihood of a defect
}

func ExampleModel_Verify() {
	template := outcome.Starter()
	template.Outcomes[0].Statement = "Everyone has the new app."
	template.Outcomes[2].Target = nil
	template.Outcomes[2].DueIn = 0
	model, _ := outcome.Compile(template)
	for _, f := range model.Verify() {
		fmt.Println(f.Pointer, f.Class)
	}
	// Output:
	// /outcomes/0/statement solution_named
	// /outcomes/2/target outcome_unmeasured
}

func ExampleModel_Schedule() {
	template := outcome.Starter()
	for i := range template.Outcomes[0].Milestones {
		template.Outcomes[0].Milestones[i].Takes = 14 * outcome.Day
	}
	model, _ := outcome.Compile(template)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	plan, _ := model.Propose(outcome.Proposal{Account: "acme", ID: "2026", Start: start})
	routes, _ := model.Schedule(plan, start)
	for _, leg := range routes[0].Critical {
		fmt.Println(leg.Start.Format(time.DateOnly), leg.Milestone, "by", leg.Owner)
	}
	fmt.Println("slack", routes[0].Slack)
	// Output:
	// 2026-01-19 people invited by success
	// 2026-02-02 people trained by success
	// 2026-02-16 old way ended by success
	// slack 18d
}

func ExamplePlanner() {
	ctx := context.Background()
	model, _ := outcome.Compile(outcome.Starter())
	store := new(outcome.Memory) // a host's own tables, in production
	planner, _ := outcome.NewPlanner(model, store, store, outcome.Options{})
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	plan, _ := planner.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: start})
	fmt.Println("version", plan.Version, plan.Outcomes[0].State)

	begin := func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) { return m.Activate(p, "in-use", start) }
	_, err := planner.Update(ctx, "acme", "2026", begin)
	var refused *outcome.RefusedError
	if errors.As(err, &refused) {
		fmt.Println(refused.Rule+":", refused.Needs)
	}
	for _, role := range []string{"sales", "success", "customer"} {
		plan, _ = planner.Update(ctx, "acme", "2026", func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
			return m.Sign(p, role, "person of "+role, start)
		})
	}
	plan, _ = planner.Update(ctx, "acme", "2026", begin)
	fmt.Println("version", plan.Version, plan.Outcomes[0].State)

	store.Put(ctx, "acme", outcome.Measurement{Measure: "weekly_active_share", At: start.AddDate(0, 1, 0), Value: 20, Recorded: start})
	a, _ := planner.Check(ctx, "acme", "2026", start.AddDate(0, 2, 0))
	fmt.Println(a.Outcomes[0].Raw, a.Whole.Low, a.Whole.High)

	// Output:
	// version 1 draft
	// agreed_first: the signatures of ["sales" "success" "customer"]
	// version 5 in_progress
	// 0.25 0.05 0.85
}
