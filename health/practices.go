package health

// Practices returns the vendor's own practice as a scorecard: how well a company that wants successful customers is set
// up for them. Each practice is assessed by its people from 0 to 5: 0 not done, 1 by chance, 2 by some, 3 as a rule,
// 4 measured, 5 improved from what was measured. Half of the weight is customer centricity, areas A to E; half is service
// alignment, areas A and B. An assessment is fresh for half a year. Score it under an account of your own, such as "us".
//
// The areas, practices and weights are a starting point that no data of yours has tested; the card names no aspect, since
// a practice is neither outcome nor experience of a customer.
func Practices() Scorecard {
	practice := func(name string) Measure {
		return Measure{
			Name: name, Unit: "self-assessment, 0 to 5", Weight: 1, Fresh: 182 * Day, Expire: 365 * Day,
			Curve: Curve{Kind: Bounded, Knots: []Knot{{0, 0}, {5, 100}}},
		}
	}
	area := func(name string, practices ...string) Group {
		g := Group{Name: name, Weight: 1}
		for _, p := range practices {
			g.Measures = append(g.Measures, practice(p))
		}
		return g
	}
	return Scorecard{
		Format: Format, Name: "practices", Version: "1",
		Groups: []Group{
			{Name: "customer centricity", Weight: 1, Groups: []Group{
				area("A leadership",
					"leaders_own_customer_outcomes",       // goals of the company name results that customers reach
					"incentives_follow_outcomes",          // pay and promotion do not reward sales that harm later
					"customers_weigh_in_decisions",        // plans say what they change for customers
					"customer_investment_is_ring_fenced"), // money for success is not what is left of sales
				area("B knowledge",
					"desired_outcomes_recorded", // for each customer, in the customer's words, with a measure
					"segments_by_need",          // engagement follows need and fit, and not size alone
					"feedback_reaches_owners",   // what customers say comes to those who can act, and is answered
					"stakeholders_mapped"),      // sponsors, champions and users are known by role
				area("C culture",
					"everyone_meets_customers",         // those who build and bill too
					"frontline_may_decide",             // to put a customer's case right without asking upward
					"problems_told_early",              // bad news costs nobody
					"skills_for_customer_work_taught"), // consulting, the customers' trade, the product
				area("D cooperation",
					"one_account_plan",       // sales, service, product and success share it
					"handovers_lose_nothing", // promises and context come along
					"product_learns_from_use",
					"one_owner_for_each_customer"),
				area("E learning",
					"health_reviewed_regularly",     // with what was done about it
					"losses_and_renewals_studied",   // each, for its cause
					"signals_tested_against_events", // scores are tried on what happened
					"plays_tried_before_spread"),    // with a holdout
			}},
			{Name: "service alignment", Weight: 1, Groups: []Group{
				area("A design",
					"services_map_to_outcomes",     // each service names the outcome that it serves
					"onboarding_ends_at_value",     // at a first result, and not at a date
					"journey_described_with_exits", // phases, milestones and who does what
					"self_service_beside_people"),  // customers can choose
				area("B delivery",
					"promises_tracked",             // what was agreed, until it is there
					"signals_start_service",        // before the customer asks
					"capacity_follows_need",        // people by work to do
					"value_shown_to_the_customer"), // in the customer's numbers, at an agreed rhythm
			}},
		},
		Bands:       []Band{{"starting", 0}, {"developing", 40}, {"established", 60}, {"leading", 80}},
		MinCoverage: 0.75,
	}
}
