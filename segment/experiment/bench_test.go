package experiment_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

func BenchmarkAssign(b *testing.B) {
	trial := halves("bench")
	trial.Layer = &experiment.Layer{Name: "spring", To: experiment.Buckets}
	m := compile(b, trial)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := m.Assign("account-0123456789"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAnalyse(b *testing.B) {
	trial := means("bench")
	trial.Plan.Adjust = true
	m := compile(b, trial)
	outcomes := persons(rand.New(rand.NewPCG(1, 1)), 1000, false)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Analyse(m.Digest(), outcomes); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(outcomes)), "outcomes")
}

func BenchmarkWatchRatio(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := experiment.WatchRatio(experiment.RatioWatch{}, []int{5000, 5000}, []int{1, 1}); err != nil {
			b.Fatal(err)
		}
	}
}
