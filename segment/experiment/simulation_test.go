package experiment_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

// within fails the test unless a share of trials lies between two bounds, each with four standard errors of the simulation.
func within(t *testing.T, what string, hits, trials, low, high float64) {
	t.Helper()
	t.Logf("%s: %.4f of %v trials", what, hits/trials, trials)
	slack := func(p float64) float64 { return 4 * math.Sqrt(p*(1-p)*trials) }
	if hits < low*trials-slack(low) || hits > high*trials+slack(high) {
		t.Errorf("%s: %v of %v trials, want a share of %v to %v", what, hits, trials, low, high)
	}
}

// TestPeekingVerdicts: two treated arms, persons in accounts, a covariate and a look every 50 accounts, from the burn-in on.
// At most 5 % of trials make a wrong claim at any look: of a difference where there is none, or of none where there is one
// that matters. Of 10 000 trials with looks up to 900 accounts 0.8 % and 0.4 % do.
func TestPeekingVerdicts(t *testing.T) {
	const trials = 200
	trial := letters("s", 1, 1, 1)
	trial.Plan.Horizon, trial.Plan.Adjust, trial.Plan.Sequential = 0, true, &experiment.Sequential{}
	trial.Plan.Margin = 0.5
	m := compile(t, trial)
	for _, c := range []struct {
		name   string
		effect float64 // of the treated
	}{{"no difference", 0}, {"the least that matters", 0.501}} {
		wrong, found := 0.0, 0.0
		for seed := range uint64(trials) {
			r := rand.New(rand.NewPCG(seed, 7))
			var outcomes []experiment.Outcome
			claimed := false
			for account := range 600 {
				arm, mood := trial.Arms[r.IntN(3)].Name, r.NormFloat64()
				for person := range 1 + r.IntN(3) {
					before := mood + r.NormFloat64()
					o := experiment.Outcome{Unit: fmt.Sprint(account, " ", person), Account: fmt.Sprint(account), Arm: arm, Before: before}
					o.Value = mood + before/2 + r.NormFloat64()
					if arm != "a" {
						o.Value += c.effect
					}
					outcomes = append(outcomes, o)
				}
				if account < 300 || account%50 < 49 {
					continue
				}
				a, err := m.Analyse(m.Digest(), outcomes)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range a.Effects {
					switch e.Verdict {
					case experiment.Better:
						claimed = claimed || c.effect == 0
					case experiment.Worse:
						claimed = true
					case experiment.NoDifference:
						claimed = claimed || c.effect > 0
					}
					if e.Verdict == experiment.Better && c.effect > 0 && account == 599 {
						found++
					}
				}
			}
			if claimed {
				wrong++
			}
		}
		within(t, c.name, wrong, trials, 0, 0.05)
		if c.effect > 0 && found < trials {
			t.Errorf("of %d arms that do better %v are found by 600 accounts: the test could not fail", 2*trials, found)
		}
	}
}

// TestPowerHolds: trials of the size that was asked for find the difference as often as was asked for. By the interval,
// which a verdict reads, shares do so within two of a hundred.
func TestPowerHolds(t *testing.T) {
	const trials = 2000
	r := rand.New(rand.NewPCG(80, 20))
	for _, c := range []struct {
		from, to float64
		s        experiment.Sizing
		power    float64
	}{
		{0.3, 0.5, experiment.Sizing{}, 0.8},
		{0.7, 0.8, experiment.Sizing{Power: 0.9}, 0.9},
		{0.5, 0.65, experiment.Sizing{Comparisons: 3}, 0.8},
	} {
		size, err := experiment.SizeForShares(c.from, c.to, c.s)
		if err != nil {
			t.Fatal(err)
		}
		miss := 0.05 / float64(max(1, c.s.Comparisons))
		tested, claimed := 0.0, 0.0
		for range trials {
			counts := [2]experiment.Count{{N: size.PerArm}, {N: size.PerArm}}
			for arm, share := range []float64{c.from, c.to} {
				for range size.PerArm {
					if r.Float64() < share {
						counts[arm].Events++
					}
				}
			}
			d, err := experiment.CompareShares(counts[0], counts[1], 1-miss)
			if err != nil {
				t.Fatal(err)
			}
			if d.P < miss && d.Z > 0 {
				tested++
			}
			if d.Interval.Low > 0 {
				claimed++
			}
		}
		name := fmt.Sprintf("%v to %v, %d an arm", c.from, c.to, size.PerArm)
		within(t, name+", by the test", tested, trials, c.power-0.01, c.power+0.015)
		within(t, name+", by the interval", claimed, trials, c.power-0.02, c.power+0.02)
	}

	// A covariate that correlates by 0.6 leaves four fifths of the standard deviation, and so needs 64 units of 100.
	trial := means("s")
	trial.Plan.Adjust = true
	m := compile(t, trial)
	n, err := experiment.SizeForMeans(0.5, 0.8, experiment.Sizing{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0.0
	for range trials {
		var outcomes []experiment.Outcome
		for i := range 2 * n {
			before := r.NormFloat64()
			outcomes = append(outcomes, experiment.Outcome{
				Unit: fmt.Sprint(i), Arm: trial.Arms[i%2].Name, Before: before,
				Value: 0.6*before + 0.8*r.NormFloat64() + 0.5*float64(i%2),
			})
		}
		a, err := m.Analyse(m.Digest(), outcomes)
		if err != nil {
			t.Fatal(err)
		}
		if a.Effects[0].Verdict == experiment.Better {
			found++
		}
	}
	within(t, fmt.Sprintf("means with a covariate, %d an arm", n), found, trials, 0.8-0.015, 0.8+0.015)
}
