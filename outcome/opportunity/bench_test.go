package opportunity_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// BenchmarkEvaluate is 1000 resamples of 10 000 respondents × 100 outcomes, beside the drawing of those resamples alone,
// the way anyone would write it; the difference to 100 resamples is free of the reading of a million ratings.
func BenchmarkEvaluate(b *testing.B) {
	const respondents, outcomes, resamples = 10_000, 100, 1000
	b.Run("draw only", func(b *testing.B) {
		r := rand.New(rand.NewPCG(1, 2))
		counts := make([]uint8, respondents)
		b.ReportAllocs()
		for b.Loop() {
			for range resamples {
				clear(counts)
				for range counts {
					counts[r.IntN(respondents)]++
				}
			}
		}
	})
	for _, c := range []struct {
		name      string
		resamples int
		missing   float64
	}{{"complete", resamples, 0}, {"complete, 100 resamples", 100, 0}, {"answers missing", resamples, 0.1}} {
		b.Run(c.name, func(b *testing.B) {
			ratings := survey(rand.New(rand.NewPCG(1, 2)), respondents, outcomes, c.missing)
			b.ReportAllocs()
			for b.Loop() {
				evaluate(b, ratings, opportunity.Options{Resamples: c.resamples})
			}
		})
	}
}
