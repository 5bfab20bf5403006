package stat_test

import (
	"math"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

func TestLogLikelihood(t *testing.T) {
	// Seven heads and three tails of a fair coin: 10 ln ½.
	if got, ok := stat.LogLikelihood([]float64{7, 3, 0}, []float64{0.5, 0.5, 0}); !ok || math.Abs(got+10*math.Ln2) > 1e-14 {
		t.Errorf("got %v, %v", got, ok)
	}
	if got, ok := stat.LogLikelihood(nil, nil); !ok || got != 0 {
		t.Errorf("of nothing: %v, %v", got, ok)
	}
	if got, ok := stat.LogLikelihood([]float64{1, 1}, []float64{1}); ok {
		t.Errorf("of slices of two lengths: %v", got)
	}
	for name, c := range map[string]struct{ n, p float64 }{
		"negative": {-1, 0.5}, "NaN count": {math.NaN(), 0.5}, "endless": {math.Inf(1), 0.5}, "over 1": {1, 1.5}, "below 0": {1, -0.5},
		"NaN chance": {1, math.NaN()}, "impossible": {1, 0},
	} {
		if got, ok := stat.LogLikelihood([]float64{c.n}, []float64{c.p}); ok {
			t.Errorf("%s: %v", name, got)
		}
	}
}
