package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// TestQuantilesPredict holds intervals with kept quantiles to those with fresh ones, to the bit.
func TestQuantilesPredict(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	var q stat.Quantiles
	for range 2000 {
		n := 3 + rng.IntN(30)
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(i)+rng.Float64(), rng.NormFloat64()
		}
		l, ok := stat.OLS(x, y)
		if !ok {
			t.Fatal("no line")
		}
		at := float64(n) + 10*rng.Float64()
		want, _ := l.Prediction(at, 0.95)
		if got, ok := q.Prediction(l, at); !ok || got != want {
			t.Fatalf("%d points at %v: got %v, %v, want %v", n, at, got, ok, want)
		}
	}
	if _, ok := q.Prediction(stat.Line{N: 2}, 0); ok {
		t.Error("two points have an interval")
	}
	if _, ok := q.Prediction(stat.Line{N: 9, ResidualSD: math.Inf(1)}, 0); ok {
		t.Error("an infinite interval")
	}
}
