package acceleration_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// BenchmarkAnalyze looks at eight steps of 5 000 accounts with 1 999 permutations.
func BenchmarkAnalyze(b *testing.B) {
	w := world{r: rand.New(rand.NewPCG(1, 2)), n: 5000, steps: steps()}
	accounts, p := w.accounts(), plan(w.steps)
	p.Permutations = 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := acceleration.Analyze(accounts, p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrescribable(b *testing.B) {
	customers := common(rand.New(rand.NewPCG(3, 4)), 1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := acceleration.Prescribable(customers, acceleration.Ground{}); err != nil {
			b.Fatal(err)
		}
	}
}
