package engagement_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

func Example() {
	model, err := engagement.Compile(engagement.Program{
		Format: 1, Name: "growth",
		Touches: []engagement.TouchPlan{
			{Name: "welcome", Channel: engagement.Digital, Owner: "program", On: &engagement.Trigger{Event: "signed"}},
			{Name: "review", Channel: engagement.Human, Owner: "csm", Every: 30 * engagement.Day, Within: 7 * engagement.Day},
			{
				Name: "renewal", Channel: engagement.Human, Owner: "csm",
				On: &engagement.Trigger{Anchor: "renewal", Offset: -90 * engagement.Day},
			},
		},
	}, nil)
	if err != nil {
		panic(err)
	}
	signed := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	input := engagement.Input{
		Account: "acme", Began: signed,
		Events:  []engagement.Event{{Name: "signed", At: signed}},
		Anchors: []engagement.Anchor{{Name: "renewal", At: signed.AddDate(1, 0, 0)}},
	}
	for at := signed; len(input.Touches) < 4; {
		agenda, err := model.Due(input, at)
		if err != nil {
			panic(err)
		}
		for _, task := range agenda.Due { // the host does it, and says so
			fmt.Println(task.Due.Format(time.DateOnly), task.Touch, task.Why, task.Overdue)
			input.Touches = append(input.Touches, task.Made("kim", at, at))
		}
		if agenda.Next != nil {
			at = agenda.Next.Due.Add(24 * time.Hour) // a day late
		}
	}

	// Output:
	// 2026-07-01 welcome event true
	// 2026-07-31 review cadence false
	// 2026-08-31 review cadence false
	// 2026-10-01 review cadence false
}

// Three mails without an answer, then a call, which has to wait for room in the budget.
func ExampleModel_Due_escalation() {
	model, err := engagement.Compile(engagement.Program{
		Format: 1, Name: "win back",
		Touches: []engagement.TouchPlan{{
			Name: "usage fell", Channel: engagement.Digital, Owner: "program", On: &engagement.Trigger{Event: "usage fell"},
			Escalate: []engagement.Escalation{{After: 3, Wait: 3 * engagement.Day, Channel: engagement.Human, Owner: "csm"}},
		}},
		Budgets: []engagement.Budget{{Name: "fortnight", Per: engagement.PerAccount, Most: 3, In: 14 * engagement.Day}},
	}, nil)
	if err != nil {
		panic(err)
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	input := engagement.Input{Account: "acme", Events: []engagement.Event{{Name: "usage fell", At: at}}}
	for {
		agenda, err := model.Due(input, at)
		if err != nil {
			panic(err)
		}
		for _, task := range agenda.Due {
			fmt.Println(at.Format(time.DateOnly), task.Channel, task.Owner, task.Why)
			input.Touches = append(input.Touches, task.Made("kim", at, at))
		}
		for _, task := range agenda.Suppressed {
			fmt.Println(at.Format(time.DateOnly), task.Channel, "until", task.Until.Format(time.DateOnly), task.Why, task.Ref)
		}
		switch next := agenda.Next; {
		case next != nil && !next.Until.IsZero():
			at = next.Until
		case next != nil:
			at = next.Due
		case len(agenda.Due) == 0:
			return
		}
	}

	// Output:
	// 2026-03-02 digital program event
	// 2026-03-05 digital program event
	// 2026-03-08 digital program event
	// 2026-03-11 human until 2026-03-16 budget fortnight
	// 2026-03-16 human csm escalation
}

// A reference is asked for after a moment of truth, and only of an account that is well and got what it came for.
func ExampleModel_Due_ask() {
	model, err := engagement.Compile(engagement.Program{Format: 1, Name: "advocacy", Touches: []engagement.TouchPlan{{
		Name: "reference", Channel: engagement.Human, Owner: "csm", Ask: engagement.Reference,
		On:   &engagement.Trigger{Event: "first value seen", Offset: 7 * engagement.Day},
		When: "health >= 75 AND attainment >= 0.8",
	}}}, []segment.Attribute{{Name: "health", Type: segment.NumberType}, {Name: "attainment", Type: segment.NumberType}})
	if err != nil {
		panic(err)
	}
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	input := engagement.Input{Account: "acme", Events: []engagement.Event{{Name: "first value seen", At: at}}}
	for _, facts := range []segment.FactMap{
		{"health": segment.Number(60), "attainment": segment.Number(0.9)},
		{"health": segment.Number(80)}, // nobody has measured the outcome
		{"health": segment.Number(80), "attainment": segment.Number(0.9)},
	} {
		input.Facts = facts
		agenda, err := model.Due(input, at.AddDate(0, 0, 7))
		if err != nil {
			panic(err)
		}
		for _, task := range append(agenda.Due, agenda.Suppressed...) {
			fmt.Println(task.Touch, task.Ask, task.Why)
		}
	}

	// Output:
	// reference reference condition
	// reference reference unknown
	// reference reference event
}

func ExampleModel_Verify() {
	model, err := engagement.Compile(engagement.Program{
		Format: 1, Name: "growth", Touches: []engagement.TouchPlan{
			{Name: "tips", Channel: engagement.Digital, Owner: "program", Every: 7 * engagement.Day},
			{Name: "news", Channel: engagement.Digital, Owner: "program", Every: 14 * engagement.Day},
			{Name: "rescue", Channel: engagement.Human, Owner: "csm", Every: 30 * engagement.Day, When: "health < 40 AND health > 60"},
		},
		Budgets: []engagement.Budget{{Name: "fortnight", Per: engagement.PerAccount, Most: 2, In: 14 * engagement.Day}},
	}, []segment.Attribute{{Name: "health", Type: segment.NumberType}})
	if err != nil {
		panic(err)
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, f := range model.Verify(from, from.AddDate(2, 0, 0)) {
		fmt.Println(f.Class, f.Pointer, f.Message)
		agenda, err := model.Due(*f.Witness, f.AsOf)
		if err != nil {
			panic(err)
		}
		for _, task := range agenda.Suppressed {
			fmt.Println("-", task.Touch, task.Why)
		}
	}

	// Output:
	// never /touches/2/when the condition of "rescue" is never TRUE when it is due
	// - rescue unknown
	// over_budget /budgets/0 budget "fortnight" lets 2 in 14d through, and the cadences of "tips", "news" ask for 3
	// - news budget
}

func ExamplePromises() {
	day := func(n int) time.Time { return time.Date(2026, 4, n, 9, 0, 0, 0, time.UTC) }
	events := []engagement.PromiseEvent{
		{Format: 1, ID: "1", Promise: "refund 17", Kind: engagement.Promised, At: day(1), Due: day(10), What: "refund", Team: "support"},
		{Format: 1, ID: "2", Promise: "refund 17", Kind: engagement.Handed, At: day(3), Team: "finance"},
		{Format: 1, ID: "3", Promise: "refund 17", Kind: engagement.Chased, At: day(11), Person: "pat"},
	}
	for _, asOf := range []time.Time{day(9), day(12), day(20)} {
		promises, err := engagement.Promises("acme", events, 5*engagement.Day, asOf)
		if err != nil {
			panic(err)
		}
		tally := engagement.Tally(promises, 90*engagement.Day, asOf)
		fmt.Println(promises[0].State, promises[0].Team, promises[0].Overdue, "chased", promises[0].Chased, "broken", tally.Broken)
	}

	// Output:
	// open finance 0s chased 0 broken 0
	// overdue finance 2d chased 1 broken 0
	// broken finance 10d chased 1 broken 1
}

func ExampleScorer_Score() {
	scorer, err := engagement.CompileScoring(engagement.Scoring{
		Format: 1, Name: "engaged", Full: 20,
		Ages:   []engagement.Age{{Within: 30 * engagement.Day, Share: 1}, {Within: 90 * engagement.Day, Share: 0.5}},
		Worths: []engagement.Worth{{Direction: engagement.Inbound, Points: 8}, {Answered: true, Points: 4}},
	})
	if err != nil {
		panic(err)
	}
	asOf := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	score, err := scorer.Score(engagement.ScoreInput{Account: "acme", Touches: []engagement.Touch{
		{Format: 1, ID: "mail", At: asOf.AddDate(0, 0, -60), Answered: asOf.AddDate(0, 0, -59)},
		{Format: 1, ID: "call", Direction: engagement.Inbound, At: asOf.AddDate(0, 0, -3)},
	}}, asOf)
	if err != nil {
		panic(err)
	}
	fmt.Println(score.Value)
	for _, part := range score.Parts {
		fmt.Println(part.Touch, part.Points)
	}

	// Output:
	// 50
	// mail 2
	// call 8
}

func ExampleModel_Effort() {
	model, err := engagement.Compile(engagement.Program{Format: 1, Name: "growth", Touches: []engagement.TouchPlan{
		{Name: "review", Channel: engagement.Human, Owner: "csm", Every: 90 * engagement.Day, Minutes: 90},
		{Name: "escalation", Channel: engagement.Human, Owner: "support", On: &engagement.Trigger{Event: "outage"}, Minutes: 30},
	}}, nil)
	if err != nil {
		panic(err)
	}
	effort, err := model.Effort(engagement.Expectation{Over: 360 * engagement.Day, Times: []engagement.TimesEach{{Touch: "escalation", Times: 2}}})
	if err != nil {
		panic(err)
	}
	for _, role := range effort.Roles {
		fmt.Println(role.Owner, role.Hours)
	}

	// Output:
	// csm 6
	// support 1
}
