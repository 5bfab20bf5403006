package acceleration_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(days float64) time.Time { return start.Add(time.Duration(days * 24 * float64(time.Hour))) }

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

func analyze(t testing.TB, accounts []acceleration.Account, p acceleration.Plan) acceleration.Report {
	t.Helper()
	r, err := acceleration.Analyze(accounts, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A world is accounts with a monthly rate of progress, and steps that they do as they go along until they get there.
type world struct {
	r      *rand.Rand
	n      int
	steps  []acceleration.Step
	effect map[string]float64 // by step: what it does to the rate from then on; a factor
}

// steps are a planted one, a trap that many do only because they are still there, five of noise, and a control.
func steps() []acceleration.Step {
	list := []acceleration.Step{{Name: "planted", Kind: acceleration.OfCustomer}, {Name: "trap", Kind: acceleration.Play}}
	for i := range 5 {
		list = append(list, acceleration.Step{Name: fmt.Sprint("noise ", i), Kind: acceleration.Capability})
	}
	return append(list, acceleration.Step{Name: "control"})
}

// accounts lets each go through its days: segments differ in their rate and in how keen they are on all steps, which is what a
// comparison across segments would take for an effect of the steps.
func (w *world) accounts() []acceleration.Account {
	out := make([]acceleration.Account, w.n)
	for i := range out {
		segment, rate, keen := "slow", 0.006, 0.25
		if i%3 == 0 {
			segment, rate, keen = "quick", 0.018, 0.75
		}
		a := acceleration.Account{ID: fmt.Sprintf("account %04d", i), Segment: segment, From: start}
		due := map[string]float64{}
		for _, s := range w.steps {
			switch {
			case s.Name == "trap": // comes to each with time
				due[s.Name] = 150 * w.r.Float64()
			case w.r.Float64() < keen:
				due[s.Name] = 60 * w.r.Float64()
			}
		}
		watched := 120 + 240*w.r.Float64()
		end, kind := watched, acceleration.Open
		for day := 0.0; day < watched; day++ {
			now := rate
			for _, s := range w.steps {
				if at, ok := due[s.Name]; ok && at <= day && w.effect[s.Name] > 0 {
					now *= w.effect[s.Name]
				}
			}
			if x := w.r.Float64(); x < now {
				end, kind = day+1, acceleration.Reached
				break
			} else if x > 0.998 {
				end, kind = day+1, acceleration.Left
				a.Until = after(watched + 1)
				break
			}
		}
		a.To, a.End = after(end), kind
		for _, s := range w.steps {
			if at, ok := due[s.Name]; ok && at <= end {
				a.Done = append(a.Done, acceleration.Done{Step: s.Name, At: after(at)})
			}
		}
		out[i] = a
	}
	return out
}

func plan(steps []acceleration.Step) acceleration.Plan {
	return acceleration.Plan{Goal: acceleration.Sooner, Landmark: 30, Horizon: 90, Steps: steps, Control: "control", Permutations: 999, Seed: 7}
}

func finding(t testing.TB, r acceleration.Report, step string) acceleration.Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Step.Name == step {
			return f
		}
	}
	t.Fatalf("no finding on %q", step)
	return acceleration.Finding{}
}
