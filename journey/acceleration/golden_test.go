package acceleration_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// TestGolden holds what must be the same on every platform: what becomes of steps, with their statistics and p-values, of
// seeded accounts; which breaks are found; and how much customers agree.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	var out bytes.Buffer
	for range 20 {
		var accounts []acceleration.Account
		var stays []acceleration.Stay
		for i := range 80 {
			a := acceleration.Account{ID: fmt.Sprint(i), Segment: fmt.Sprint(i % 2), From: start, To: after(float64(20 + r.IntN(100)))}
			a.End = []acceleration.End{acceleration.Open, acceleration.Reached, acceleration.Left}[r.IntN(3)]
			for s := range 4 {
				if r.IntN(2) == 0 {
					a.Done = append(a.Done, acceleration.Done{Step: fmt.Sprint(s), At: after(float64(r.IntN(60)))})
				}
			}
			accounts = append(accounts, a)
			stays = append(stays, acceleration.Stay{Account: a.ID, Segment: a.Segment, Phase: "x", Days: float64(1 + r.IntN(60*(1+i%2*2))), End: journey.Advance})
		}
		p := acceleration.Plan{Goal: acceleration.Sooner, Landmark: 30, Horizon: 60, Minimum: 5, Permutations: 199, Seed: r.Uint64()}
		for s := range 4 {
			p.Steps = append(p.Steps, acceleration.Step{Name: fmt.Sprint(s)})
		}
		report := analyze(t, accounts, p)
		for i := range report.Findings {
			line(t, &out, report.Findings[i])
		}
		l := breaks(t, stays, acceleration.Loss{Days: 40})
		for _, b := range l.Breaks {
			line(t, &out, b)
		}
		g := prescribable(t, common(r, 40), acceleration.Ground{Minimum: 5})
		for _, e := range g.Criteria {
			line(t, &out, []any{e.Criterion, e.State, e.Value, e.Names})
		}
		line(t, &out, g.Links)
	}
	golden.Check(t, "testdata/golden.txt", out.Bytes())
}

func line(t *testing.T, out *bytes.Buffer, v any) {
	t.Helper()
	if err := json.NewEncoder(out).Encode(v); err != nil {
		t.Fatal(err)
	}
}
