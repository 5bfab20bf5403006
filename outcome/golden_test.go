package outcome_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestGoldenAssess holds assessments to the byte, on every platform. Forecasts are left out: their intervals come from
// Student's t, whose last bits may differ.
func TestGoldenAssess(t *testing.T) {
	m := mustCompile(t, signers())
	var out strings.Builder
	for group := range uint64(20) {
		rng := rand.New(rand.NewPCG(2026, group))
		sum := sha256.New()
		for range 25 {
			in := randomInput(rng, 3*int(group)/2+1)
			a := mustAssess(t, m, in.Plan, in.Series, on(1, 1+rng.IntN(330)))
			for i := range a.Outcomes {
				a.Outcomes[i].Forecast = outcome.Forecast{}
			}
			fmt.Fprintln(sum, mustJSON(t, a))
		}
		fmt.Fprintf(&out, "group %2d %x\n", group, sum.Sum(nil))
	}
	golden.Check(t, "testdata/assess.golden", []byte(out.String()))
}

// TestGoldenPlan holds the digests of templates and terms, by which signatures are stored.
func TestGoldenPlan(t *testing.T) {
	m := mustCompile(t, outcome.Starter())
	p := mustPropose(t, m)
	out := fmt.Sprintf("starter %v\nterms %v\n%s\n", m.Digest(), p.Terms(), mustJSON(t, p))
	for group := range uint64(20) {
		rng := rand.New(rand.NewPCG(7, group))
		in := randomInput(rng, 8)
		out += fmt.Sprintf("terms %2d %v\n", group, in.Plan.Terms())
	}
	golden.Check(t, "testdata/plan.golden", []byte(out))
}
