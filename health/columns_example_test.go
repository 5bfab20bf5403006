package health_test

import (
	"fmt"
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// A nightly job has its accounts in columns: one row each, microseconds for instants.
func ExampleModel_ScoreColumns() {
	line := health.Curve{Kind: health.Points, Knots: []health.Knot{{X: 0, Points: 0}, {X: 10, Points: 100}}}
	model, err := health.Compile(health.Scorecard{
		Format: health.Format, Name: "nightly",
		Bands: []health.Band{{Name: "red", Floor: 0}, {Name: "amber", Floor: 50}, {Name: "green", Floor: 75}},
		Groups: []health.Group{{Name: "experience", Weight: 1, Measures: []health.Measure{
			{Name: "nps", Weight: 1, Curve: line},
			{Name: "usage", Weight: 3, Curve: line, Expire: 30 * health.Day},
		}}},
	})
	if err != nil {
		panic(err)
	}
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	fresh, old := asOf.UnixMicro(), asOf.AddDate(0, -2, 0).UnixMicro()
	in := health.Columns{
		Values: [][]float64{{9, math.NaN(), 4}, {8, 6, 10}}, // in the order of model.Measures()
		At:     [][]int64{nil, {fresh, fresh, old}},         // nps never expires and needs no instants
		States: [][]uint8{nil, {0, 0, health.CodeKnown}},    // where NaN does not say enough
	}
	out := health.Results{Value: make([]float64, 3), Coverage: make([]float64, 3), Band: make([]int32, 3)} // what is wanted
	if err := model.ScoreColumns(&out, in, asOf); err != nil {
		panic(err)
	}
	for i, v := range out.Value {
		fmt.Println(v, out.Coverage[i], model.Scorecard().Bands[out.Band[i]].Name)
	}
	// Output:
	// 82.5 1 green
	// 60 0.75 amber
	// 40 0.25 red
}
