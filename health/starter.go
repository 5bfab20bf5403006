package health

// Starter returns a first scorecard to edit: outcomes weigh 60 of 100, experience 40. Its measures are common ones;
// its curves, ages, weights and limits are starting points that no data of yours has tested.
func Starter() Scorecard {
	line := func(knots ...Knot) Curve { return Curve{Kind: Points, Knots: knots} }
	ages := func(name, unit string, weight float64, fresh, expire Duration, curve Curve) Measure {
		return Measure{Name: name, Unit: unit, Weight: weight, Curve: curve, Fresh: fresh, Expire: expire}
	}
	attainment := ages("outcome_attainment", "share of the agreed outcomes", 40, 90*Day, 180*Day,
		line(Knot{0, 0}, Knot{1, 100}))
	verified := ages("verified_value", "share of the promised value", 20, 180*Day, 365*Day,
		line(Knot{0, 0}, Knot{1, 100}))
	verified.NotBefore = 90 * Day
	adoption := ages("adoption", "share of licensed users active in 28 days", 20, 7*Day, 28*Day,
		line(Knot{0, 0}, Knot{0.4, 50}, Knot{0.8, 100}))
	adoption.ByAge = []AgeCurve{{Under: 90 * Day, Curve: line(Knot{0, 0}, Knot{0.2, 50}, Knot{0.5, 100})}}
	return Scorecard{
		Format: Format, Name: "starter", Version: "1",
		Groups: []Group{
			{Name: "outcome", Weight: 60, Aspect: Outcome, Measures: []Measure{attainment, verified}},
			{Name: "experience", Weight: 40, Aspect: Experience, Groups: []Group{
				{Name: "product", Weight: 20, Measures: []Measure{adoption}},
				{Name: "relationship", Weight: 20, Measures: []Measure{
					ages("nps", "answer, 0 to 10", 10, 90*Day, 180*Day,
						Curve{Kind: Bounded, Knots: []Knot{{0, 0}, {6, 40}, {8, 70}, {10, 100}}}),
					ages("open_critical_tickets", "tickets", 5, 1*Day, 7*Day,
						Curve{Kind: StepsLower, Knots: []Knot{{0, 100}, {1, 60}, {2, 30}, {3, 0}}}),
					ages("sponsor_contact", "days since the last talk with the sponsor", 5, 7*Day, 28*Day,
						line(Knot{30, 100}, Knot{90, 50}, Knot{180, 0})),
				}},
			}},
		},
		Bands: []Band{{"red", 0}, {"amber", 50}, {"green", 75}},
		Limits: []Limit{{
			Measure: "open_critical_tickets", When: GreaterEqual, Value: 3, Kind: Cap, Points: 49,
			Reason: "three or more critical tickets are open",
		}},
		MinCoverage: 0.5,
		Steady:      Steady{Worse: Hold{Margin: 1}, Better: Hold{Margin: 1, Dwell: 14 * Day}},
	}
}
