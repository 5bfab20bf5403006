package health_test

import (
	"context"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

func Example() {
	line := func(top float64) health.Curve { // 0 to top becomes 0 to 100 points
		return health.Curve{Kind: health.Bounded, Knots: []health.Knot{{X: 0, Points: 0}, {X: top, Points: 100}}}
	}
	model, err := health.Compile(health.Scorecard{
		Format: 1, Name: "renewals",
		Groups: []health.Group{
			{Name: "outcome", Weight: 60, Aspect: health.Outcome, Measures: []health.Measure{
				{Name: "attainment", Weight: 1, Curve: line(1)},
			}},
			{Name: "experience", Weight: 40, Aspect: health.Experience, Measures: []health.Measure{
				{Name: "nps", Weight: 1, Curve: line(10)},
				{Name: "usage", Weight: 1, Curve: line(100)},
			}},
		},
		Bands: []health.Band{{Name: "red", Floor: 0}, {Name: "amber", Floor: 50}, {Name: "green", Floor: 75}},
	})
	if err != nil {
		panic(err) // every problem at once, each with its place in the definition
	}
	readings := health.ReadingMap{"nps": {Value: 9}, "usage": {Value: 80}}
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

	score, _ := model.Score(health.Input{Account: "acme", Readings: readings}, asOf)
	fmt.Println(score.Band, score.Low, score.High) // nobody measured outcomes: unknown is not green

	readings["attainment"] = health.Reading{Value: 0.25}
	score, _ = model.Score(health.Input{Account: "acme", Readings: readings}, asOf)
	fmt.Println(score.Band, score.Value)
	for _, p := range score.Parts {
		fmt.Println(p.Path, p.Points) // the parts sum to the score, exactly
	}

	// Output:
	// unknown 34 94
	// red 49
	// outcome/attainment 15
	// experience/nps 18
	// experience/usage 16
}

func ExampleMonitor() {
	model, err := health.Compile(health.Starter())
	if err != nil {
		panic(err)
	}
	var memory health.Memory // a Source and a History; a host brings its own tables
	monitor, err := health.NewMonitor(model, &memory, &memory, health.Options{})
	if err != nil {
		panic(err)
	}
	signed := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	for month, attainment := range []float64{0.9, 0.8, 0.4} {
		asOf := time.Date(2026, time.Month(month+1), 1, 0, 0, 0, 0, time.UTC)
		err := memory.Put("acme", signed, asOf, map[string]health.Reading{
			"outcome_attainment": {Value: attainment, At: asOf},
			"adoption":           {Value: 0.6, At: asOf},
		})
		if err != nil {
			panic(err)
		}
		record, err := monitor.Check(context.Background(), "acme", asOf)
		if err != nil {
			panic(err)
		}
		fmt.Println(record.Standing.Band, record.Score.Value)
		for _, e := range record.Events { // delivery is the host's
			fmt.Println("-", e.Kind, e.From, e.To)
		}
	}
	// Output:
	// green 84
	// - band_set  green
	// green 78
	// amber 54
	// - band_changed green amber
}
