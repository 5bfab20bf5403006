package health_test

import (
	"context"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

func ExampleExplain() {
	model, err := health.Compile(health.Starter())
	if err != nil {
		panic(err)
	}
	first := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	week := first.AddDate(0, 0, 7)
	at := func(asOf time.Time, attainment, adoption float64) health.Evaluation {
		return health.Evaluation{Model: model, AsOf: asOf, Input: health.Input{
			Account: "acme", Since: first.AddDate(-1, 0, 0),
			Readings: health.ReadingMap{
				"outcome_attainment": {Value: attainment, At: first}, // not asked again
				"adoption":           {Value: adoption, At: asOf},
			},
			Overrides: []health.Override{{
				By: "kim", Reason: "renewal signed", Kind: health.OverrideFloor, Points: 80, From: week, Until: week.AddDate(0, 1, 0),
			}},
		}}
	}
	change, err := health.Explain(at(first, 0.9, 0.6), at(week, 0.9, 0.3))
	if err != nil {
		panic(err)
	}
	fmt.Println(change.Before, "to", change.After)
	fmt.Println("data", change.Data, "time", change.Time, "definition", change.Definition, "override", change.Override)
	for _, m := range change.Measures { // of the data alone
		fmt.Printf("- %q %v\n", m.Measure, m.Points)
	}
	// Output:
	// 84 to 80
	// data -9.5 time 0 definition 0 override 5.5
	// - "adoption" -15
	// - "" 5.5
}

func ExampleScore_Index() {
	model, err := health.Compile(health.Starter())
	if err != nil {
		panic(err)
	}
	asOf := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	readings := health.ReadingMap{"nps": {Value: 9, At: asOf}, "adoption": {Value: 0.6, At: asOf}}
	show := func() {
		score, err := model.Score(health.Input{Account: "acme", Since: asOf.AddDate(-1, 0, 0), Readings: readings}, asOf)
		if err != nil {
			panic(err)
		}
		name, points, known := score.Index()
		fmt.Printf("%s: %.0f points, %v, band %s\n", name, points, known, score.Band)
	}
	show() // nobody measured outcomes
	readings["outcome_attainment"] = health.Reading{Value: 0.4, At: asOf}
	show()
	// Output:
	// experience index: 80 points, true, band unknown
	// health score: 56 points, true, band amber
}

func ExampleTrend() {
	model, err := health.Compile(health.Starter())
	if err != nil {
		panic(err)
	}
	var history []health.Score // of any card: what is stored can be scored again
	for day, attainment := range []float64{0.9, 0.85, 0.88, 0.75, 0.7, 0.72} {
		asOf := time.Date(2026, 6, 1+day, 0, 0, 0, 0, time.UTC)
		stored, err := model.Score(health.Input{Account: "acme", Since: asOf.AddDate(-1, 0, 0), Readings: health.ReadingMap{
			"outcome_attainment": {Value: attainment, At: asOf}, "adoption": {Value: 0.6, At: asOf},
		}}, asOf)
		if err != nil {
			panic(err)
		}
		again, err := model.Score(stored.Input(), stored.AsOf)
		if err != nil {
			panic(err)
		}
		history = append(history, again)
	}
	slope, err := health.Trend(history, 30*health.Day)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.1f points a day, %.1f to %.1f, of %d\n", slope.PerDay, slope.Low, slope.High, slope.N)
	slope, _ = health.Trend(history, 4*health.Day)
	fmt.Println(slope.Known, slope.N) // four scores say nothing
	// Output:
	// -3.0 points a day, -5.4 to 1.2, of 6
	// false 4
}

func ExampleRollup() {
	children := []health.Child{
		{Account: "acme france", Parent: "acme europe", Known: true, Value: 40, Band: "red"},
		{Account: "acme spain", Parent: "acme europe", Known: true, Value: 80, Band: "green"},
		{Account: "acme japan", Parent: "acme"}, // not scored
		{Account: "acme europe", Parent: "acme"},
	}
	rolled, err := health.Rollup(children, health.How{Method: health.RollWorst})
	if err != nil {
		panic(err)
	}
	for _, r := range rolled {
		fmt.Println(r.Account, r.Value, "of", r.Counted, "without", r.Unknown)
	}
	// Output:
	// acme 40 of 2 without 1
	// acme europe 40 of 2 without 0
}

func ExampleModel_Verify() {
	card := health.Starter()
	card.Limits = append(card.Limits, health.Limit{
		Measure: "nps", When: health.Greater, Value: 10, Kind: health.Floor, Points: 80, Reason: "a promoter",
	})
	model, err := health.Compile(card)
	if err != nil {
		panic(err)
	}
	for _, f := range model.Verify() { // in a test of the card: there must be none
		reading, _ := f.Witness.Readings.Reading("nps")
		score, err := model.Score(*f.Witness, f.AsOf)
		fmt.Println(f.Class, f.Pointer, f.Message)
		fmt.Println(reading.Value, score.Limit == nil, err)
	}
	// Output:
	// limit_never /limits/1 the limit on "nps" changes no score
	// 10.000000000000002 true <nil>
}

func ExampleMonitor_Act() {
	card := health.Starter()
	relationship := &card.Groups[1].Groups[1]
	relationship.Measures = append(relationship.Measures, health.Measure{
		Name: "sponsor", Unit: "1 where there is one", Weight: 5,
		Curve: health.Curve{Kind: health.StepsLower, Knots: []health.Knot{{X: 0, Points: 0}, {X: 1, Points: 100}}},
	})
	card.Alarms = []health.Alarm{{
		Category: health.SponsorLost, Measure: "sponsor", When: health.Equal, Value: 0, Reason: "the sponsor has left",
	}}
	model, err := health.Compile(card)
	if err != nil {
		panic(err)
	}
	var memory health.Memory
	monitor, err := health.NewMonitor(model, &memory, &memory, health.Options{})
	if err != nil {
		panic(err)
	}
	tell := func(record health.Record, err error) {
		if err != nil {
			panic(err)
		}
		for _, e := range record.Events {
			if e.Risk != "" {
				fmt.Println(e.Kind, e.Category, e.From, e.To)
			}
		}
	}
	ctx, asOf := context.Background(), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	if err := memory.Put("acme", asOf.AddDate(-1, 0, 0), asOf, map[string]health.Reading{
		"outcome_attainment": {Value: 0.9, At: asOf}, "sponsor": {Value: 0, At: asOf},
	}); err != nil {
		panic(err)
	}
	tell(monitor.Check(ctx, "acme", asOf))
	act := health.Act{Kind: health.Own, Source: health.FromCard, Category: health.SponsorLost, At: asOf.Add(time.Hour), By: "kim"}
	tell(monitor.Act(ctx, "acme", act))
	act.Kind, act.At, act.Reason, act.Alarm = health.Close, asOf.AddDate(0, 0, 9), "a new sponsor signed", health.TrueAlarm
	tell(monitor.Act(ctx, "acme", act))
	// Output:
	// risk_opened sponsor_lost  opened
	// risk_owned sponsor_lost opened owned
	// risk_closed sponsor_lost owned closed
}
