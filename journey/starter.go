package journey

// LAER returns the land, adopt, expand, renew journey: land and adopt are phases, expand and renew are motions
// that run side by side in the third, so that a renewer who never expanded is not stuck.
//
// Its signals are first_value (0 or 1), active_share (of the seats paid for, 0 to 1) and cancelled (0 or 1);
// its anchor is renewal. A customer who is to be moved on and has cancelled is moved on first, and then out: Verify says
// which moves can be open at once.
func LAER() Map {
	lost := []Need{{Signal: "cancelled", When: Equal, Value: 1}}
	return Map{
		Format: Format, Name: "laer", Version: "1",
		Phases: []Phase{
			{
				Name: "land", Title: "Land",
				Value: Value{Nature: "productivity", Reach: "department"},
				Roles: []Role{{"onboarding", Accountable}, {"sales", Consulted}},
				Milestones: []Milestone{
					{Name: "kick_off", Title: "Kick-off held", Due: &Due{PhaseStart, 14 * Day}},
					{
						Name: "first_value", Title: "First value seen", Due: &Due{PhaseStart, 45 * Day},
						Needs: []Need{{Signal: "first_value", When: Equal, Value: 1}},
					},
				},
				Pace:   Pace{Expected: 30 * Day, Behind: 45 * Day, Stuck: 75 * Day},
				Tenure: Day,
			},
			{
				Name: "adopt", Title: "Adopt",
				Value: Value{Nature: "productivity", Reach: "internal"},
				Roles: []Role{{"customer success", Accountable}, {"support", Responsible}},
				Milestones: []Milestone{
					{Name: "goals", Title: "Goals for the term agreed", Due: &Due{PhaseStart, 30 * Day}},
					{
						Name: "habit", Title: "Most seats in use",
						Needs: []Need{{Signal: "active_share", When: GreaterEqual, Value: 0.6, For: 30 * Day, Stale: 3 * Day}},
					},
				},
				Pace:   Pace{Expected: 90 * Day, Behind: 120 * Day, Stuck: 180 * Day},
				Tenure: 60 * Day,
			},
			{
				Name: "grow", Title: "Expand and renew",
				Value: Value{Nature: "revenue", Reach: "internal"},
				Roles: []Role{{"customer success", Accountable}, {"sales", Responsible}},
				Milestones: []Milestone{
					{Name: "new_need", Title: "Need of another team found", Motion: "expand", Owner: "customer success"},
					{Name: "case", Title: "Case for more made", Motion: "expand", Owner: "sales"},
					{
						Name: "value_shown", Title: "Value of the term shown", Motion: "renew", Owner: "customer success",
						Due: &Due{"renewal", -90 * Day},
					},
					{
						Name: "signed", Title: "Next term signed", Motion: "renew", Owner: "sales",
						Due: &Due{"renewal", -30 * Day},
					},
				},
				Tenure: 180 * Day,
			},
		},
		Moves: []Move{
			{Name: "go_live", From: "land", To: "adopt", Kind: Advance, Break: &BreakPoint{
				Sponsorship: "from the project's lead to the owner of the process",
				Stalls:      "a tool that is set up and that nobody has to use",
			}},
			{Name: "at_home", From: "adopt", To: "grow", Kind: Advance, Break: &BreakPoint{
				Value:  "from work done faster to results that a budget owner sees",
				Stalls: "a renewal without a story",
			}},
			{Name: "renew", From: "grow", To: "adopt", Kind: Renew, Motion: "renew"},
			{Name: "expand", From: "grow", To: "adopt", Kind: Advance, Motion: "expand", Approver: "sales"},
			{
				Name: "slip", From: "grow", To: "adopt", Kind: Regress, Dwell: 30 * Day,
				Needs: []Need{{Signal: "active_share", When: Less, Value: 0.4, For: 30 * Day, Stale: 3 * Day}},
			},
			{Name: "lost_land", From: "land", To: Ended, Kind: Leave, Needs: lost},
			{Name: "lost_adopt", From: "adopt", To: Ended, Kind: Leave, Needs: lost},
			{Name: "lost_grow", From: "grow", To: Ended, Kind: Leave, Needs: lost},
			{Name: "won_back", From: Ended, To: "land", Kind: Return, Approver: "sales"},
		},
	}
}

// Boomerang returns a journey of two arms under four headings (demand, turnaround, expand, boomerang), with eight
// milestones from awareness to advocacy, and round again, each phase with the team that holds the baton.
//
// Its signals are go_live, first_result (each 0 or 1) and active_share (0 to 1).
func Boomerang() Map {
	return Map{
		Format: Format, Name: "boomerang", Version: "1",
		Phases: []Phase{
			{
				Name: "demand", Title: "Demand: the way out begins",
				Value: Value{Nature: "risk", Reach: "department"},
				Roles: []Role{{"marketing", Accountable}, {"sales", Informed}},
				Milestones: []Milestone{
					{Name: "awareness", Title: "Knows that the problem can be solved"},
					{Name: "evaluation", Title: "Compares ways to solve it"},
				},
			},
			{
				Name: "turnaround", Title: "Turnaround: from promise to proof",
				Value: Value{Nature: "cost", Reach: "department"},
				Roles: []Role{{"sales", Accountable}, {"onboarding", Responsible}, {"marketing", Informed}},
				Milestones: []Milestone{
					{Name: "commitment", Title: "Has signed, with outcomes in writing"},
					{Name: "launch", Title: "Works with it", Needs: []Need{{Signal: "go_live", When: Equal, Value: 1}}},
				},
				Pace: Pace{Expected: 45 * Day, Behind: 60 * Day, Stuck: 90 * Day},
			},
			{
				Name: "expand", Title: "Expand: the way back begins",
				Value: Value{Nature: "productivity", Reach: "internal"},
				Roles: []Role{{"customer success", Accountable}, {"onboarding", Consulted}, {"sales", Informed}},
				Milestones: []Milestone{
					{Name: "result", Title: "Has a first outcome", Needs: []Need{{Signal: "first_result", When: Equal, Value: 1}}},
					{
						Name: "habit", Title: "Can't work without it",
						Needs: []Need{{Signal: "active_share", When: GreaterEqual, Value: 0.7, For: 60 * Day, Stale: 7 * Day}},
					},
				},
				Pace: Pace{Expected: 150 * Day, Behind: 210 * Day, Stuck: 300 * Day},
			},
			{
				Name: "boomerang", Title: "Boomerang: success comes back as demand",
				Value: Value{Nature: "revenue", Reach: "external"},
				Roles: []Role{{"customer success", Accountable}, {"marketing", Responsible}, {"sales", Consulted}},
				Milestones: []Milestone{
					{Name: "loyalty", Title: "Renews because of outcomes"},
					{Name: "advocacy", Title: "Tells others"},
				},
			},
		},
		Moves: []Move{
			{Name: "choose", From: "demand", To: "turnaround", Kind: Advance, Break: &BreakPoint{
				Risk: "from looking to changing something", Stalls: "interest without a decision",
			}},
			{Name: "turn", From: "turnaround", To: "expand", Kind: Advance, Break: &BreakPoint{
				Value: "from what was promised to what was reached", Stalls: "the baton falls between sales and success",
			}},
			{Name: "return_arm", From: "expand", To: "boomerang", Kind: Advance, Break: &BreakPoint{
				Sponsorship: "from users to those who answer for the result", Stalls: "quiet success that nobody hears of",
			}},
			{Name: "again", From: "boomerang", To: "demand", Kind: Renew},
		},
	}
}

// Maturity returns a journey of three phases of rising value over nine capability areas.
//
// Its signals are the shares of eligible work that each area carries, 0 to 1, each named as the area. Its last phase is
// one to stay in, which Verify finds as a dead end.
func Maturity() Map {
	return Map{
		Format: Format, Name: "maturity", Version: "1",
		Phases: []Phase{
			maturityPhase("run", "Run: the work costs less", Value{"cost", "department"}, "head of the department",
				"access", "capture", "records"),
			maturityPhase("improve", "Improve: the same people do more", Value{"productivity", "internal"}, "head of operations",
				"automation", "collaboration", "reporting"),
			maturityPhase("lead", "Lead: what was not possible before", Value{"revenue", "external"}, "executive board",
				"prediction", "partners", "new_services"),
		},
		Moves: []Move{
			{Name: "to_improve", From: "run", To: "improve", Kind: Advance, Dwell: 30 * Day, Break: &BreakPoint{
				Value: "from saving to doing more", Sponsorship: "from one department to those beside it",
				Stalls: "a tool of one team",
			}},
			{Name: "to_lead", From: "improve", To: "lead", Kind: Advance, Dwell: 60 * Day, Approver: "sponsor", Break: &BreakPoint{
				Value: "from doing more to earning more", Risk: "from proven use to trials in front of customers",
				Stalls: "efficiency that no customer notices",
			}},
		},
	}
}

// maturityPhase returns a phase in which each area is a capability, and a milestone once it carries half of the work.
func maturityPhase(name, title string, value Value, sponsor string, areas ...string) Phase {
	p := Phase{
		Name: name, Title: title, Value: value, Sponsor: sponsor,
		Roles: []Role{{"customer success", Accountable}, {"product", Consulted}},
		Pace:  Pace{Expected: 120 * Day, Behind: 180 * Day, Stuck: 270 * Day},
	}
	for _, area := range areas {
		p.Capabilities = append(p.Capabilities, Capability{Name: area, Area: area})
		p.Milestones = append(p.Milestones, Milestone{
			Name: area + "_in_use", Capability: area,
			Needs: []Need{{Signal: area, When: GreaterEqual, Value: 0.5, For: 14 * Day, Stale: 7 * Day}},
		})
	}
	return p
}
