package coverage_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// may reports whether a person may take an account: skills, language, region and any hours.
func may(a coverage.Account, p coverage.Person) bool {
	for _, s := range a.Skills {
		if !slices.Contains(p.Skills, s) {
			return false
		}
	}
	return (a.Language == "" || slices.Contains(p.Languages, a.Language)) &&
		(a.Region == "" || slices.Contains(p.Regions, a.Region)) && p.Hours*(1-p.Ramp) > 0
}

// home returns the position of the person who has the account and may keep it, -1 if there is none.
func home(in coverage.Input, a coverage.Account) int {
	return slices.IndexFunc(in.People, func(p coverage.Person) bool { return p.ID == a.Holder && may(a, p) })
}

// checkPlan holds a plan to its input and rules. It returns the person of each account, -1 for nobody.
func checkPlan(t *testing.T, in coverage.Input, rules coverage.Rules, plan coverage.Plan) []int {
	t.Helper()
	at := make([]int, len(in.Accounts))
	times := make([]int, len(in.Accounts))
	used := make([]float64, len(in.People))
	find := func(id string) int {
		i := slices.IndexFunc(in.Accounts, func(a coverage.Account) bool { return a.ID == id })
		if i < 0 {
			t.Fatalf("account %q is not in the book", id)
		}
		times[i]++
		at[i] = -1
		return i
	}
	moves, forced := 0, 0
	for _, s := range plan.Assigned {
		i := find(s.Account)
		a := in.Accounts[i]
		at[i] = slices.IndexFunc(in.People, func(p coverage.Person) bool { return p.ID == s.Person })
		if at[i] < 0 || !may(a, in.People[at[i]]) || s.Before != a.Holder {
			t.Errorf("%+v may not be", s)
		}
		used[at[i]] += *a.Hours
		switch h := home(in, a); {
		case h >= 0 && h != at[i]:
			moves++
		case h < 0 && a.Holder != "":
			forced++
		}
	}
	peak := 0.0
	for p, u := range used {
		supply := in.People[p].Hours * (1 - in.People[p].Ramp)
		if u > supply+1e-6 {
			t.Errorf("%s has %v hours for %v", in.People[p].ID, u, supply)
		}
		if supply > 0 {
			peak = max(peak, u/supply)
		}
	}
	for _, u := range plan.Unassigned {
		i := find(u.Account)
		eligible, room := false, false
		for p := range in.People {
			if may(in.Accounts[i], in.People[p]) {
				eligible = true
				room = room || used[p]+*in.Accounts[i].Hours <= in.People[p].Hours*(1-in.People[p].Ramp)-1e-6
			}
		}
		want := coverage.ReasonCapacity
		if !eligible {
			want = coverage.ReasonEligible
		} else if room {
			want = coverage.ReasonMoves
		}
		if u.Reason != want || room && moves < rules.MaxMoves {
			t.Errorf("%+v: want %s after %d moves", u, want, moves)
		}
	}
	if i := slices.IndexFunc(times, func(n int) bool { return n != 1 }); i >= 0 {
		t.Errorf("account %d is there %d times", i, times[i])
	}
	if moves != plan.Moves || forced != plan.Forced || moves > rules.MaxMoves || plan.Left != len(plan.Unassigned) || math.Abs(peak-plan.Peak) > 1e-6 {
		t.Errorf("%+v: counted %d moves, %d forced, peak %v", plan.Outcome, moves, forced, peak)
	}
	if plan.Imbalance != nil && !(*plan.Bound >= 1 && *plan.Imbalance >= *plan.Bound) {
		t.Errorf("imbalance %v, bound %v", *plan.Imbalance, *plan.Bound)
	}
	return at
}

// shares returns the burden of each account, by the formula in the package comment.
func shares(in coverage.Input, w float64) []float64 {
	out := make([]float64, len(in.Accounts))
	var effort, revenue float64
	open := func(a coverage.Account) bool {
		return slices.ContainsFunc(in.People, func(p coverage.Person) bool { return may(a, p) })
	}
	for _, a := range in.Accounts {
		if open(a) {
			effort += *a.Hours
			revenue += a.Revenue.InexactFloat64()
		}
	}
	for i, a := range in.Accounts {
		if open(a) {
			out[i] = (1-w)**a.Hours/effort + w*a.Revenue.InexactFloat64()/revenue
		}
	}
	return out
}

// brute tries every way to place the accounts of want, and returns the least imbalance; infinite if there is no way.
func brute(in coverage.Input, rules coverage.Rules, want []bool) float64 {
	burden := shares(in, rules.RevenueWeight)
	used, load, supply := make([]float64, len(in.People)), make([]float64, len(in.People)), make([]float64, len(in.People))
	var team, sum float64
	for p := range in.People {
		supply[p] = in.People[p].Hours * (1 - in.People[p].Ramp)
		team += supply[p]
	}
	for i := range want {
		if want[i] {
			sum += burden[i]
		}
	}
	best := math.Inf(1)
	var try func(i, moves int)
	try = func(i, moves int) {
		if moves > rules.MaxMoves {
			return
		}
		if i == len(want) {
			peak := 0.0
			for p := range supply {
				if supply[p] > 0 {
					peak = max(peak, load[p]/supply[p])
				}
			}
			best = min(best, peak*team/sum)
			return
		}
		if !want[i] {
			try(i+1, moves)
			return
		}
		a := in.Accounts[i]
		h := home(in, a)
		for p := range supply {
			if !may(a, in.People[p]) || used[p]+*a.Hours > supply[p]+1e-9 {
				continue
			}
			used[p], load[p] = used[p]+*a.Hours, load[p]+burden[i]
			if h >= 0 && h != p {
				try(i+1, moves+1)
			} else {
				try(i+1, moves)
			}
			used[p], load[p] = used[p]-*a.Hours, load[p]-burden[i]
		}
	}
	try(0, 0)
	return best
}

// TestAgainstBruteForce solves small books by trying everything: a plan that places all is found if there is one, is
// within 5 % of the least imbalance, and no bound is above what can be reached for the accounts that were placed.
func TestAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	full, partial := 0, 0
	for range 600 {
		in := random(rng, 3+rng.IntN(7), 2+rng.IntN(2), 1.1+2*rng.Float64())
		rules := coverage.Rules{MaxMoves: rng.IntN(6), RevenueWeight: float64(rng.IntN(3)) / 2}
		plan := assign(t, in, rules)
		at := checkPlan(t, in, rules, plan)
		open, placed := make([]bool, len(at)), make([]bool, len(at))
		for i, a := range in.Accounts {
			open[i] = slices.ContainsFunc(in.People, func(p coverage.Person) bool { return may(a, p) })
			placed[i] = at[i] >= 0
		}
		if plan.Imbalance == nil {
			continue
		}
		least := brute(in, rules, placed)
		if *plan.Bound > least*(1+1e-6) {
			t.Errorf("bound %v above the least imbalance %v", *plan.Bound, least)
		}
		if slices.Equal(open, placed) {
			full++
			if *plan.Imbalance > 1.05*least {
				t.Errorf("imbalance %v, the least is %v", *plan.Imbalance, least)
			}
			continue
		}
		partial++
		if all := brute(in, rules, open); !math.IsInf(all, 1) {
			t.Errorf("all accounts could be placed, at imbalance %v", all)
		}
	}
	if full < 200 || partial < 20 {
		t.Errorf("%d books placed in full, %d in part: the sample is too thin", full, partial)
	}
}

// TestLargerBooks holds books beyond brute force to the invariants, and plans with hours to spare to 5 % of the bound.
func TestLargerBooks(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for range 60 {
		in := random(rng, 60+rng.IntN(200), 3+rng.IntN(6), 0.7+1.6*rng.Float64())
		for _, rules := range []coverage.Rules{{}, {MaxMoves: 10}, {MaxMoves: len(in.Accounts), RevenueWeight: 0.4}} {
			plan := assign(t, in, rules)
			checkPlan(t, in, rules, plan)
			shuffled := coverage.Input{Accounts: slices.Clone(in.Accounts), People: slices.Clone(in.People)}
			rng.Shuffle(len(in.Accounts), func(i, j int) {
				shuffled.Accounts[i], shuffled.Accounts[j] = shuffled.Accounts[j], shuffled.Accounts[i]
			})
			rng.Shuffle(len(in.People), func(i, j int) {
				shuffled.People[i], shuffled.People[j] = shuffled.People[j], shuffled.People[i]
			})
			if d := cmp.Diff(plan, assign(t, shuffled, rules)); d != "" {
				t.Fatalf("in another order (-want +got):\n%s", d)
			}
		}
		for i := range in.Accounts {
			in.Accounts[i].Holder, in.Accounts[i].Language, in.Accounts[i].Skills = "", "", nil
		}
		for i := range in.People {
			in.People[i].Hours *= 4
		}
		if plan := assign(t, in, coverage.Rules{RevenueWeight: 0.5}); plan.Left > 0 || *plan.Imbalance > 1.05**plan.Bound {
			t.Errorf("%d left, imbalance %v, bound %v", plan.Left, *plan.Imbalance, *plan.Bound)
		}
	}
}
