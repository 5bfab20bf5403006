package ladder

import "github.com/shopspring/decimal"

// Starter returns a first ladder to edit: hours saved by users, incidents avoided by a department, revenue of the
// enterprise. It reads the quantities team_hours, hours_saved, users, adoption, incidents, incident_cost and new_revenue,
// each with the instant of its reading, since readings expire.
func Starter() Ladder {
	constant := func(value int64, exp int32) *Term {
		d := decimal.New(value, exp)
		return &Term{Value: &d}
	}
	return Ladder{
		Format:   Format,
		Name:     "starter",
		Version:  "1",
		Currency: "EUR",
		Themes: []Theme{
			{Name: "efficiency", Title: "Do more with the team we have"},
			{Name: "growth", Title: "Win more of the market"},
		},
		Nodes: []Node{
			{Name: "users", Rung: Operational, Stakeholder: "team lead"},
			{Name: "operations", Rung: Departmental, Stakeholder: "head of operations", Budget: "operations"},
			{Name: "company", Rung: Enterprise, Stakeholder: "chief financial officer", Budget: "strategy"},
		},
		Metrics: []Metric{
			{Name: "incidents", Unit: "incidents a year", Better: Down, Base: decimal.New(120, 0), Node: "operations"},
		},
		Pools: []Pool{
			{Name: "team hours", Unit: "hours", Capacity: Term{Quantity: "team_hours"}, Basis: Annual},
		},
		Benefits: []Benefit{
			{
				Name: "time saved", Driver: Productivity, Basis: RunRate, Node: "users", Theme: "efficiency",
				Capability: "automation", Moved: &Term{Quantity: "hours_saved"}, Times: []Term{{Quantity: "users"}},
				Adoption: &Term{Quantity: "adoption"}, Attribution: constant(5, -1), UnitValue: *constant(50, 0), Conversion: constant(5, -1),
				Pool: "team hours",
			},
			{
				Name: "incidents avoided", Driver: RiskReduction, Basis: Annual, Node: "operations", Theme: "efficiency",
				Capability: "alerting", Metric: "incidents", Attribution: constant(5, -1), UnitValue: Term{Quantity: "incident_cost"},
			},
			{
				Name: "revenue won", Driver: RevenueGrowth, Basis: Annual, Node: "company", Theme: "growth",
				Capability: "insight", Moved: &Term{Quantity: "new_revenue"}, Attribution: constant(1, -1),
				UnitValue: *constant(1, 0), Margin: constant(3, -1),
			},
		},
		Links: []Link{
			{From: "users", To: "operations", Share: decimal.New(1, 0)},
			{From: "operations", To: "company", Share: decimal.New(1, 0)},
		},
		Costs: []Cost{
			{Name: "licence", Kind: Licence},
			{Name: "implementation", Kind: Implementation},
			{Name: "own effort", Kind: Internal},
		},
		Haircuts: []Haircut{
			{Class: Assumed, Share: decimal.New(5, -1), Expire: 365 * Day},
			{Class: VendorClaimed, Share: decimal.New(4, -1), Expire: 365 * Day},
			{Class: Measured, Share: decimal.New(2, -1), Expire: 90 * Day},
			{Class: Corroborated, Share: decimal.New(1, -1), Expire: 90 * Day},
			{Class: Confirmed, Share: decimal.New(5, -2), Expire: 365 * Day},
		},
	}
}

// StarterThresholds returns first thresholds to edit. Nobody has published any that were tried: yours should come from
// the renewals that you won and lost.
func StarterThresholds() *Thresholds {
	percent := func(n int64) decimal.Decimal { return decimal.New(n, -2) }
	return &Thresholds{
		Capability: percent(25), Goal: percent(25), Expectation: percent(20), Untold: percent(30),
		Happy: percent(80), Unhappy: percent(50), Rich: percent(90), Poor: percent(50), Serious: percent(40),
		Hold: []PatternName{ExpectationReality, ValuePerception},
	}
}
