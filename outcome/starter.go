package outcome

// Starter returns a first template to edit: three horizons, signed by sales, success and the customer.
// Its bases and goals are examples; a proposal replaces them by the account's own.
func Starter() Template {
	return Template{
		Format: Format, Name: "starter", Version: "1",
		Jobs: []Job{{
			Name: "work", Text: "Get the team's work done", Parties: []string{"user", "manager", "sponsor"},
			Outcomes: []Desired{
				{Name: "begin", Step: Prepare, Direction: Minimise, Measure: "time", Object: "until the team works in the new way"},
				{Name: "effort", Step: Execute, Direction: Minimise, Measure: "time", Object: "a case takes",
					Context: "from request to result", Example: "when a colleague is away"},
				{Name: "return", Step: Conclude, Direction: Increase, Measure: "value", Object: "that a year of work yields"},
			},
		}},
		Roles: []Role{
			{Name: "sales", Side: Vendor, Signs: true},
			{Name: "success", Side: Vendor, Signs: true},
			{Name: "support", Side: Vendor},
			{Name: "customer", Side: Customer, Signs: true},
		},
		Outcomes: []Outcome{
			{
				ID: "in-use", Statement: "Four of five people work in the new way every week.", Desired: "begin",
				Horizon: Short, Persona: "user", Weight: 1, DueIn: 60 * Day, Vendor: "success", Customer: "customer",
				Target: &Target{Measure: "weekly_active_share", Unit: "%", Base: 0, Goal: 80},
				Milestones: []Milestone{
					{Name: "people invited"},
					{Name: "people trained", After: []string{"people invited"}},
					{Name: "old way ended", After: []string{"people trained"}},
				},
			},
			{
				ID: "case-time", Statement: "A case takes half the time it took before.", Desired: "effort",
				Horizon: Medium, Persona: "manager", Weight: 2, DueIn: 180 * Day, Vendor: "success", Customer: "customer",
				Target: &Target{Measure: "hours_per_case", Unit: "h", Base: 8, Goal: 4},
			},
			{
				ID: "yearly-value", Statement: "The work yields three times what it costs.", Desired: "return",
				Horizon: Long, Persona: "sponsor", Weight: 2, DueIn: 330 * Day, Vendor: "sales", Customer: "customer",
				Target: &Target{Measure: "value_to_cost", Unit: "x", Base: 0, Goal: 3},
			},
		},
		Axes: []Axis{ByHorizon, ByPersona},
	}
}
