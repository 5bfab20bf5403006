package coverage_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// TestGoldenPlans holds capacities and plans of random books to the bytes that every platform must give.
func TestGoldenPlans(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	var out bytes.Buffer
	for _, n := range []int{8, 30} {
		in := random(rng, n, 3, 1.2)
		capacity, err := coverage.Measure(in)
		if err != nil {
			t.Fatal(err)
		}
		out.WriteString(text(t, capacity) + "\n")
		out.WriteString(text(t, assign(t, in, coverage.Rules{MaxMoves: 4, RevenueWeight: 0.3})) + "\n")
	}
	golden.Check(t, "testdata/plans.json", out.Bytes())
}
