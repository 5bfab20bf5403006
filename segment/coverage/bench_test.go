package coverage_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// BenchmarkAssign gives 100 000 accounts to 500 people: afresh, with most of them held and few moves allowed, and with
// hours for nine tenths of them.
func BenchmarkAssign(b *testing.B) {
	in := random(rand.New(rand.NewPCG(1, 1)), 100_000, 500, 1.6)
	scarce := random(rand.New(rand.NewPCG(1, 1)), 100_000, 500, 1)
	run := func(name string, in coverage.Input, moves int, weight float64) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var plan coverage.Plan
			for b.Loop() {
				plan = assign(b, in, coverage.Rules{MaxMoves: moves, RevenueWeight: weight})
			}
			b.ReportMetric(*plan.Imbalance, "imbalance")
			b.ReportMetric(*plan.Bound, "bound")
			b.ReportMetric(*plan.Imbalance-*plan.Bound, "above-bound")
			b.ReportMetric(float64(plan.Moves), "moves")
			b.ReportMetric(float64(plan.Left), "left")
			b.ReportMetric(float64(plan.LeftBound), "left-bound")
		})
	}
	run("held", in, 2_000, 0)
	run("held many moves", in, 100_000, 0.5)
	run("scarce", scarce, 2_000, 0)
	run("scarce many moves", scarce, 100_000, 0.5)
	for i := range in.Accounts {
		in.Accounts[i].Holder = ""
	}
	run("afresh", in, 0, 0)
	run("afresh by revenue", in, 0, 0.5)
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
