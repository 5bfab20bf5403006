package coverage_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// BenchmarkAssign gives 100 000 accounts to 500 people: afresh, and with most of them held and few moves allowed.
func BenchmarkAssign(b *testing.B) {
	in := random(rand.New(rand.NewPCG(1, 1)), 100_000, 500, 1.6)
	run := func(name string, moves int, weight float64) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var plan coverage.Plan
			for b.Loop() {
				plan = assign(b, in, coverage.Rules{MaxMoves: moves, RevenueWeight: weight})
			}
			b.ReportMetric(*plan.Imbalance, "imbalance")
			b.ReportMetric(*plan.Bound, "bound")
			b.ReportMetric(float64(plan.Moves), "moves")
			b.ReportMetric(float64(plan.Left), "left")
		})
	}
	run("held", 2_000, 0)
	run("held many moves", 100_000, 0.5)
	for i := range in.Accounts {
		in.Accounts[i].Holder = ""
	}
	run("afresh", 0, 0)
	run("afresh by revenue", 0, 0.5)
}

func BenchmarkMeasure(b *testing.B) {
	in := random(rand.New(rand.NewPCG(1, 1)), 100_000, 500, 1.6)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := coverage.Measure(in); err != nil {
			b.Fatal(err)
		}
	}
}
