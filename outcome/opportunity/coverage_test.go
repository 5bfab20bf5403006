package opportunity_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// TestCoverage: how often intervals at 95 % hold the truth, over seeded simulations of respondents whose two answers are
// independent. want is what 10 000 simulations with another seed measured: never more than 0.7 points short. Each
// must be within three standard errors of it.
func TestCoverage(t *testing.T) {
	const simulations = 500
	for _, c := range []struct {
		n                        int
		importance, satisfaction float64 // true shares
		want                     float64
	}{
		{20, 0.8, 0.4, 0.9545},
		{41, 0.8, 0.4, 0.9436},
		{200, 0.8, 0.4, 0.9472},
		{41, 0.6, 0.6, 0.9442}, // on the kink of the formula
		{200, 0.6, 0.6, 0.9451},
		{41, 0.97, 0.1, 0.9875}, // often all say that it is important
		{200, 0.3, 0.8, 0.9556}, // over-served
	} {
		t.Run(fmt.Sprintf("n=%d %v %v", c.n, c.importance, c.satisfaction), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(c.n), 99))
			truth := 10 * (c.importance + max(c.importance-c.satisfaction, 0))
			held := 0
			for s := range simulations {
				ratings := make([]opportunity.Rating, c.n)
				for i := range ratings {
					ratings[i] = rating(i, "x", 1, 1)
					if r.Float64() < c.importance {
						ratings[i].Importance = 5
					}
					if r.Float64() < c.satisfaction {
						ratings[i].Satisfaction = 5
					}
				}
				x := evaluate(t, ratings, opportunity.Options{Seed: uint64(s), Resamples: 500}).Needs[0].Score
				if x.Low <= truth+1e-9 && truth <= x.High+1e-9 {
					held++
				}
			}
			got := float64(held) / simulations
			if se := math.Sqrt(c.want * (1 - c.want) / simulations); math.Abs(got-c.want) > 3*se {
				t.Errorf("covers %.4f, want %.4f ± %.4f", got, c.want, 3*se)
			}
		})
	}
}
