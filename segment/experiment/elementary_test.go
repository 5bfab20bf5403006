package experiment

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestElementary compares with package math, whose Asin of √p loses digits near 1.
func TestElementary(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range 20_000 {
		x := math.Ldexp(1+r.Float64(), r.IntN(400)-200)
		if got, want := ln(x), math.Log(x); math.Abs(got-want) > 4e-16*math.Max(1, math.Abs(want)) {
			t.Fatalf("ln(%v) = %v, want %v", x, got, want)
		}
		p := r.Float64()
		if r.IntN(2) == 0 {
			p = math.Ldexp(p, -r.IntN(200))
		}
		if got, want := angle(p), 2*math.Atan2(math.Sqrt(p), math.Sqrt(1-p)); p > 0 && math.Abs(got-want) > 2e-15*want {
			t.Fatalf("angle(%v) = %v, want %v", p, got, want)
		}
	}
	if ln(1) != 0 {
		t.Errorf("ln(1) = %v", ln(1))
	}
}
