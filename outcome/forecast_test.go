package outcome_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestForecastCoverage draws lines with independent normal errors: of the values at the due date, the interval of 95 % holds
// 95 %, within three standard errors of a proportion, for few values and for many, evenly measured or not.
func TestForecastCoverage(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(61, 62))
	const runs = 4000
	for _, n := range []int{5, 8, 30} {
		held := 0
		for range runs {
			slope, sd := rng.NormFloat64(), 0.1+5*rng.Float64()
			at := on(1, 2)
			values := make([]outcome.Measurement, n)
			for i := range values {
				at = at.Add(time.Duration(1+rng.IntN(48)) * time.Hour)
				values[i] = outcome.Measurement{At: at, Value: 50 + slope*at.Sub(on(1, 1)).Hours()/24 + sd*rng.NormFloat64()}
			}
			due := at.Add(time.Duration(1+rng.IntN(60*24)) * time.Hour)
			p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Base: 0, Goal: 1000, Due: due}))
			f := mustAssess(t, m, p, outcome.SeriesMap{"m": values}, at).Outcomes[0].Forecast
			truth := 50 + slope*due.Sub(on(1, 1)).Hours()/24 + sd*rng.NormFloat64()
			if !f.Known || f.N != n {
				t.Fatalf("%d values: forecast %+v", n, f)
			}
			if f.Low <= truth && truth <= f.High {
				held++
			}
		}
		share, error3 := float64(held)/runs, 3*math.Sqrt(0.95*0.05/runs)
		if math.Abs(share-0.95) > error3 {
			t.Errorf("%d values: the interval holds %v, want 0.95 within %.4f", n, share, error3)
		}
	}
}
