package pace_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

func stage(t testing.TB, phase string, days ...int) pace.Stage {
	var list []pace.Stay
	for _, d := range days {
		kind := journey.Advance
		if d < 0 {
			d, kind = -d, journey.Leave
		}
		list = append(list, stay(d, kind))
	}
	return pace.Stage{Phase: phase, Curve: curve(t, pace.Options{}, list...)}
}

// TestPlan: land takes 1, 2, 3 or 4 days, adopt 1 or 2, all as likely. Both are done by the renewal with a chance of 3/4 if
// adopt begins 2 days before it (the sum is then sure), and land 2 + 3 days before: 1, 2 and 3 days of land leave enough.
func TestPlan(t *testing.T) {
	stages := []pace.Stage{stage(t, "land", 1, 2, 3, 4), stage(t, "adopt", 1, 2)}
	got, err := pace.Plan(stages, after(100), 0.75)
	if err != nil {
		t.Fatal(err)
	}
	want := pace.Schedule{Begin: after(95), Chance: 0.75, Exits: []pace.Exit{
		{Phase: "land", By: after(98), Days: 2, Chance: 1}, {Phase: "adopt", By: after(100), Days: 0, Chance: 1},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlanRefuses(t *testing.T) {
	good := stage(t, "land", 1, 2)
	late := stay(9, journey.Advance)
	late.Watched = after(3)
	for _, c := range []struct {
		name, want string
		stages     []pace.Stage
		renewal    time.Time
		chance     float64
	}{
		{"renewal", "pace: renewal: is zero", []pace.Stage{good}, time.Time{}, 0.5},
		{"chance", "pace: chance: 1 is not between 0 and 1", []pace.Stage{good}, start, 1},
		{"none", "pace: stages: there are none", nil, start, 0.5},
		{"no curve", `pace: stage "x": has no curve`, []pace.Stage{{Phase: "x"}}, start, 0.5},
		{"late", `pace: stage "x": has a curve that does not start with the phase`, []pace.Stage{{"x", curve(t, pace.Options{AtRisk: 1}, late)}}, start, 0.5},
		{"too early", "pace: renewal: is too early", []pace.Stage{stage(t, "x", 900)}, time.Date(1, 6, 1, 0, 0, 0, 0, time.UTC), 0.5},
		{"leaves", `pace: refused by out_of_reach: from the beginning of phase "x" all exits are met with a chance of at most 0.5;`, []pace.Stage{stage(t, "x", 5, -3), good}, start, 0.6},
		{"nobody", `of at most 0;`, []pace.Stage{stage(t, "x", -3)}, start, 0.6},
		{"ten years", `of at most 0.5;`, []pace.Stage{stage(t, "x", 3, 3661)}, start, 0.6},
	} {
		_, err := pace.Plan(c.stages, c.renewal, c.chance)
		var refused *pace.RefusedError
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.As(err, &refused) != strings.Contains(c.want, ";") {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestPlanTwin goes through all courses with exact fractions: from each exit all that follow must be met with the chance, and
// a day later they must not. Leaving never meets an exit.
func TestPlanTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	planned := 0
	for range 300 {
		var stages []pace.Stage
		var dwells [][]int
		for range 1 + r.IntN(4) {
			days := make([]int, 1+r.IntN(5))
			for i := range days {
				days[i] = r.IntN(9)
				if r.IntN(12) == 0 {
					days[i] = -1 - r.IntN(9)
				}
			}
			dwells, stages = append(dwells, days), append(stages, stage(t, "x", days...))
		}
		chance := big.NewRat(int64(1+r.IntN(19)), 20)
		p, _ := chance.Float64()
		got, err := pace.Plan(stages, after(0), p)
		if err != nil {
			continue
		}
		planned++
		left := make([]int, len(stages)+1) // days left at the beginning of each phase and, last, at the renewal
		left[0] = int(start.Sub(got.Begin).Hours()) / 24
		for i, e := range got.Exits {
			left[i+1] = e.Days
		}
		for i := range stages {
			if met(dwells[i:], left[i:], left[i]).Cmp(chance) < 0 {
				t.Fatalf("%v, %v: phase %d begins too late: %+v", dwells, chance, i, got)
			}
			if left[i] > left[i+1] && met(dwells[i:], left[i:], left[i]-1).Cmp(chance) >= 0 {
				t.Fatalf("%v, %v: phase %d could begin later: %+v", dwells, chance, i, got)
			}
		}
		exact, _ := met(dwells, left, left[0]).Float64()
		near(t, "chance", got.Chance, exact, 1e-12)
	}
	if planned < 150 {
		t.Errorf("%d planned", planned)
	}
}

// met is the chance that, with so many days left at the beginning of the first phase, every phase is left with at least
// as many days left as left says.
func met(dwells [][]int, left []int, days int) *big.Rat {
	if len(dwells) == 0 {
		return big.NewRat(1, 1)
	}
	sum := new(big.Rat)
	for _, d := range dwells[0] {
		if d >= 0 && days-d >= left[1] {
			sum.Add(sum, met(dwells[1:], left[1:], days-d))
		}
	}
	return sum.Mul(sum, big.NewRat(1, int64(len(dwells[0]))))
}
