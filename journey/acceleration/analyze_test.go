package acceleration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/survival"
	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// TestScenario5ImmortalTime: days to leaving, trained on day 45: 70, 90; never trained: 10, 20, 30, 40, 70, 90. The naive means
// are 80 and 43.33.
func TestScenario5ImmortalTime(t *testing.T) {
	var accounts []acceleration.Account
	leave := func(id string, day float64, done ...acceleration.Done) {
		accounts = append(accounts, acceleration.Account{ID: id, From: start, To: after(day), End: acceleration.Reached, Done: done})
	}
	trained := acceleration.Done{Step: "trained", At: after(45)}
	leave("t70", 70, trained)
	leave("t90", 90, trained)
	for _, d := range []float64{10, 20, 30, 40, 70, 90} {
		leave(fmt.Sprint("n", d), d)
	}
	r := analyze(t, accounts, acceleration.Plan{
		Goal: acceleration.Later, Landmark: 50, Horizon: 40, Steps: []acceleration.Step{{Name: "trained", Kind: acceleration.Play}},
	})
	if len(r.Insights) != 0 || r.N != 4 || r.Control != acceleration.NoControl {
		t.Errorf("%+v", r)
	}
	f := r.Findings[0]
	if f.Verdict != acceleration.TooFew || f.With.N != 2 || f.Without.N != 2 || *f.With.Mean != 30 || *f.Without.Mean != 30 || f.Difference.Value != 0 {
		t.Errorf("%+v, want 30 and 30 days of 2 and 2", f)
	}
	want := []acceleration.Drop{{"n10", acceleration.EndedBefore, 10}, {"n20", acceleration.EndedBefore, 20}, {"n30", acceleration.EndedBefore, 30}, {"n40", acceleration.EndedBefore, 40}}
	if diff := cmp.Diff(want, r.Dropped); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPlantedEffect: a step that doubles the rate of progress is found, better and sooner; a trap that those who stay for long
// get to do, and that makes nothing faster, is not, though naive means say that it slows down; nor is noise.
func TestPlantedEffect(t *testing.T) {
	w := world{r: rand.New(rand.NewPCG(1, 2)), n: 900, steps: steps(), effect: map[string]float64{"planted": 2.2}}
	accounts := w.accounts()
	r := analyze(t, accounts, plan(w.steps))
	if len(r.Insights) != 1 || r.Insights[0].Step.Name != "planted" || !r.Insights[0].Better || !r.Insights[0].Checked || r.Control != acceleration.QuietControl {
		t.Fatalf("%+v, control %s", r.Insights, r.Control)
	}
	i := r.Insights[0]
	if i.Effect.High >= 0 || i.Adjusted > 0.05 || i.With < 80 || i.Dropped != len(r.Dropped) || r.N+len(r.Dropped) != w.n {
		t.Errorf("%+v", i)
	}
	text := i.String()
	for _, part := range []string{`those with "planted" by then got there`, "days sooner", "interval", "adjusted p", "This is an association, not shown to be a cause."} {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
	mean := map[bool][2]float64{}
	for _, a := range accounts {
		if a.End != acceleration.Reached {
			continue
		}
		did := slices.ContainsFunc(a.Done, func(d acceleration.Done) bool { return d.Step == "trap" })
		m := mean[did]
		mean[did] = [2]float64{m[0] + a.To.Sub(a.From).Hours()/24, m[1] + 1}
	}
	if naive := mean[true][0]/mean[true][1] - mean[false][0]/mean[false][1]; naive < 15 {
		t.Errorf("the trap is no trap: naive means differ by %v days", naive)
	}
	if f := finding(t, r, "trap"); f.Verdict != acceleration.NotFound || f.Later < 100 {
		t.Errorf("the trap: %+v", f)
	}
}

// TestImmortalTime: over many worlds with nothing but the trap it is found no more often than promised, be the end progress or
// a loss, which the trap seems to put off.
func TestImmortalTime(t *testing.T) {
	trap := []acceleration.Step{{Name: "trap"}}
	for _, goal := range []acceleration.Goal{acceleration.Sooner, acceleration.Later} {
		const worlds = 150
		found := 0
		for seed := range worlds {
			w := world{r: rand.New(rand.NewPCG(uint64(seed), 4)), n: 200, steps: trap}
			p := plan(trap)
			p.Goal, p.Control, p.Permutations = goal, "", 199
			found += len(analyze(t, w.accounts(), p).Insights)
		}
		if limit := 0.05 + 3*math.Sqrt(0.05*0.95/worlds); float64(found)/worlds > limit {
			t.Errorf("%s: found in %d of %d worlds", goal, found, worlds)
		}
	}
}

// TestNullWorlds: among 1 000 worlds without any effect, at most the promised share has any finding, within three
// standard errors. Segments differ in rate and in keenness: within them there is nothing to find.
func TestNullWorlds(t *testing.T) {
	const worlds, q = 1000, 0.05
	all, across := 0, 0
	for seed := range worlds {
		w := world{r: rand.New(rand.NewPCG(uint64(seed), 3)), n: 120, steps: steps()}
		accounts := w.accounts()
		p := plan(w.steps)
		p.Control, p.Permutations, p.Minimum, p.Seed = "", 99, 10, uint64(seed)
		if len(analyze(t, accounts, p).Insights) > 0 {
			all++
		}
		if seed%10 == 0 {
			for i := range accounts {
				accounts[i].Segment = ""
			}
			if len(analyze(t, accounts, p).Insights) > 0 {
				across++
			}
		}
	}
	if limit := q + 3*math.Sqrt(q*(1-q)/worlds); float64(all)/worlds > limit {
		t.Errorf("%d of %d null worlds have a finding, want at most %.1f %%", all, worlds, 100*limit)
	}
	if across < 15 {
		t.Errorf("across segments %d of 100 worlds have a finding: the worlds are too easy", across)
	}
}

// TestControl: a control step that goes with progress withholds what else is found.
func TestControl(t *testing.T) {
	w := world{r: rand.New(rand.NewPCG(5, 6)), n: 1500, steps: steps(), effect: map[string]float64{"planted": 2.2, "control": 2.2}}
	accounts := w.accounts()
	r := analyze(t, accounts, plan(w.steps))
	if r.Control != acceleration.LoudControl || len(r.Insights) != 0 || finding(t, r, "planted").Verdict != acceleration.Withheld || finding(t, r, "control").Verdict != acceleration.AControl {
		t.Errorf("%+v", r)
	}
	p := plan(w.steps)
	p.Minimum = 500
	if r := analyze(t, accounts, p); r.Control != acceleration.WeakControl || finding(t, r, "planted").Verdict != acceleration.TooFew {
		t.Errorf("%s", r.Control)
	}
	p = plan(w.steps)
	p.Control = ""
	p.Steps = slices.Clone(p.Steps)
	p.Steps[0].Trial = true
	r = analyze(t, accounts, p)
	if len(r.Insights) != 2 || math.Abs(r.Insights[0].Effect.Value) < math.Abs(r.Insights[1].Effect.Value) {
		t.Fatalf("%+v", r.Insights)
	}
	for _, i := range r.Insights {
		want := "not shown to be a cause, and no control step backs it."
		if i.Step.Trial {
			want = "this is an effect of having been drawn."
		}
		if !strings.HasSuffix(i.String(), want) {
			t.Error(i)
		}
	}
}

// TestTwins holds the statistics to internal/survival: ends in excess of what is expected, and the pooled difference of means.
func TestTwins(t *testing.T) {
	w := world{r: rand.New(rand.NewPCG(8, 9)), n: 300, steps: steps()[:1], effect: map[string]float64{"planted": 1.5}}
	accounts := w.accounts()
	p := plan(w.steps)
	p.Control = ""
	f := analyze(t, accounts, p).Findings[0]
	strata := make([][][]survival.Observation, 2)
	for s, segment := range []string{"quick", "slow"} {
		strata[s] = make([][]survival.Observation, 2)
		for _, a := range accounts {
			end := a.To.Sub(a.From).Hours() / 24
			if a.Segment != segment || end <= 30 {
				continue
			}
			o := survival.Observation{Time: end - 30}
			if a.End == acceleration.Left {
				o.Time = a.Until.Sub(a.From).Hours()/24 - 30
			} else if a.End == acceleration.Reached {
				o.Cause = 1
			}
			if o.Time > 90 {
				o = survival.Observation{Time: 90}
			}
			side := 0
			for _, d := range a.Done {
				if d.At.Sub(start).Hours()/24 <= 30 {
					side = 1
				}
			}
			strata[s][side] = append(strata[s][side], o)
		}
	}
	c, err := survival.StratifiedLogRank(strata, survival.LogRankWeight)
	if err != nil {
		t.Fatal(err)
	}
	// The permutations' deviation of the same sum is another than the log-rank test's; the two come near each other.
	excess := c.Groups[1].Observed - c.Groups[1].Expected
	if z := excess / math.Sqrt(c.Groups[1].Variance); *f.LogRank/z < 0.9 || *f.LogRank/z > 1.1 {
		t.Errorf("%v standard deviations, the log-rank test says %v", *f.LogRank, z)
	}
	value, variance, weights := 0.0, 0.0, 0.0
	for _, s := range strata {
		without, err1 := survival.KaplanMeier(s[0])
		with, err2 := survival.KaplanMeier(s[1])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		d, ok := survival.MeanDifference(without, with, 90, 0.95)
		if !ok {
			t.Fatal("no difference")
		}
		w := float64(len(s[0])*len(s[1])) / float64(len(s[0])+len(s[1]))
		value, variance, weights = value+w*d.Value, variance+w*w*d.SE*d.SE, weights+w
	}
	near(t, "difference", f.Difference.Value, value/weights, 1e-12)
	near(t, "SE", f.Difference.SE, math.Sqrt(variance)/weights, 1e-12)
	if f.With.N != len(strata[0][1])+len(strata[1][1]) || f.Without.N != len(strata[0][0])+len(strata[1][0]) || f.Segments != 2 || f.Apart != 0 {
		t.Errorf("%+v", f)
	}
}

// TestExactP goes through all orders in which the outcomes of seven accounts can be handed out, for three steps: the p-value of
// each alone, and by the definition of the step-down method together.
func TestExactP(t *testing.T) {
	ends := []float64{31, 33, 36, 40, 45, 51, 58}
	with := [][]int{{0, 1, 3}, {0, 2, 5, 6}, {1, 2, 4}}
	names := []string{"x", "y", "z"}
	p := acceleration.Plan{Goal: acceleration.Sooner, Landmark: 30, Horizon: 90, Minimum: 3, Permutations: 20_000}
	var accounts []acceleration.Account
	for i, d := range ends {
		accounts = append(accounts, acceleration.Account{ID: fmt.Sprint(i), From: start, To: after(d), End: acceleration.Reached})
	}
	for s, name := range names {
		p.Steps = append(p.Steps, acceleration.Step{Name: name})
		for _, i := range with[s] {
			accounts[i].Done = append(accounts[i].Done, acceleration.Done{Step: name, At: after(-5)})
		}
	}
	r := analyze(t, accounts, p)
	// Scores by hand: 1 less the sum of 1/7, 1/6, … up to the account's own turn.
	scores, hazard := make([]float64, len(ends)), 0.0
	for i := range scores {
		hazard += 1 / float64(len(ends)-i)
		scores[i] = 1 - hazard
	}
	var all [][3]float64 // the sums of each step, of all orders
	var hand func(order []float64, k int)
	hand = func(order []float64, k int) {
		if k == len(order) {
			var sums [3]float64
			for s := range sums {
				for _, i := range with[s] {
					sums[s] += order[i]
				}
			}
			all = append(all, sums)
			return
		}
		for i := k; i < len(order); i++ {
			order[k], order[i] = order[i], order[k]
			hand(order, k+1)
			order[k], order[i] = order[i], order[k]
		}
	}
	hand(slices.Clone(scores), 0)
	var sd, z [3]float64
	for s := range sd {
		for _, sums := range all {
			sd[s] += sums[s] * sums[s] / float64(len(all))
		}
		sd[s] = math.Sqrt(sd[s])
		for _, i := range with[s] {
			z[s] += scores[i] / sd[s]
		}
		near(t, "statistic of "+names[s], *r.Findings[s].LogRank, z[s], 1e-12)
	}
	order := []int{0, 1, 2}
	slices.SortFunc(order, func(a, b int) int { return int(math.Copysign(1, math.Abs(z[b])-math.Abs(z[a]))) })
	last := 0.0
	for k, s := range order {
		alone, together := 0.0, 0.0
		for _, sums := range all {
			largest := 0.0
			for _, other := range order[k:] {
				largest = max(largest, math.Abs(sums[other]/sd[other]))
			}
			if math.Abs(sums[s]/sd[s]) >= math.Abs(z[s])-1e-9 {
				alone++
			}
			if largest >= math.Abs(z[s])-1e-9 {
				together++
			}
		}
		last = max(last, together/float64(len(all)))
		for what, pair := range map[string][2]float64{"alone": {*r.Findings[s].P, alone / float64(len(all))}, "adjusted": {*r.Findings[s].Adjusted, last}} {
			if se := math.Sqrt(pair[1] * (1 - pair[1]) / 20_000); math.Abs(pair[0]-pair[1]) > 3*se+1e-4 {
				t.Errorf("%s, %s: %v, want %v ± %v", names[s], what, pair[0], pair[1], 3*se)
			}
		}
	}
}

// TestInvariance: the order of accounts and of what they did changes no byte; another seed changes p-values alone.
func TestInvariance(t *testing.T) {
	w := world{r: rand.New(rand.NewPCG(10, 11)), n: 200, steps: steps()}
	accounts := w.accounts()
	p := plan(w.steps)
	p.Permutations = 99
	want, err := json.Marshal(analyze(t, accounts, p))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w.r.Shuffle(len(accounts), func(i, j int) { accounts[i], accounts[j] = accounts[j], accounts[i] })
		for i := range accounts {
			slices.Reverse(accounts[i].Done)
		}
		got, err := json.Marshal(analyze(t, accounts, p))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("another order gives another report (-want +got):\n%s", diff)
		}
	}
}

// TestLandmarkDay: what is by the day of the landmark is by it; an account that left is known not to get there for as long as
// it would have been watched; a small segment is left apart.
func TestLandmarkDay(t *testing.T) {
	var accounts []acceleration.Account
	add := func(segment string, end float64, how acceleration.End, done float64) {
		a := acceleration.Account{ID: fmt.Sprint(len(accounts)), Segment: segment, From: start, To: after(end), End: how}
		if done >= 0 {
			a.Done = []acceleration.Done{{Step: "x", At: after(done + 1)}, {Step: "x", At: after(done)}, {Step: "unplanned", At: start}}
		}
		accounts = append(accounts, a)
	}
	add("a", 30, acceleration.Open, -1)
	add("a", 30, acceleration.Left, -1)
	add("a", 30, acceleration.Reached, 5)
	for i := range 5 {
		add("a", 40+float64(i), acceleration.Reached, 30)
		add("a", 130, acceleration.Open, 30.5)
	}
	add("a", 50, acceleration.Left, 1)
	add("small", 50, acceleration.Reached, 1)
	p := acceleration.Plan{Goal: acceleration.Sooner, Landmark: 30, Horizon: 90, Steps: []acceleration.Step{{Name: "x"}, {Name: "y"}}, Minimum: 2}
	r := analyze(t, accounts, p)
	f := r.Findings[0]
	why := []acceleration.DropWhy{acceleration.WatchedBefore, acceleration.LeftBefore, acceleration.EndedBefore}
	for i, d := range r.Dropped {
		if d.Why != why[i] || d.Day != 30 {
			t.Errorf("%+v, want %s", d, why[i])
		}
	}
	if len(r.Dropped) != 3 || f.With.N != 6 || f.With.Ended != 5 || f.Without.N != 5 || f.Later != 5 || f.Apart != 1 || f.Segments != 1 {
		t.Errorf("%+v", f)
	}
	near(t, "mean with", *f.With.Mean, (10+11+12+13+14+90)/6.0, 1e-12) // the one that left counts as 90
	if y := r.Findings[1]; y.Verdict != acceleration.TooFew || y.With.N != 0 || y.Difference != nil || y.P != nil || y.Apart != r.N {
		t.Errorf("%+v", y)
	}
}

func TestBadPlans(t *testing.T) {
	good := acceleration.Plan{Goal: acceleration.Later, Horizon: 1, Steps: []acceleration.Step{{Name: "x"}}}
	account := acceleration.Account{ID: "a", From: start, To: after(1)}
	for want, change := range map[string]func(*acceleration.Plan, *acceleration.Account){
		`goal: "" is unknown`:                  func(p *acceleration.Plan, _ *acceleration.Account) { p.Goal = "" },
		`landmark: NaN`:                        func(p *acceleration.Plan, _ *acceleration.Account) { p.Landmark = math.NaN() },
		`horizon: +Inf`:                        func(p *acceleration.Plan, _ *acceleration.Account) { p.Horizon = math.Inf(1) },
		`minimum: 1 is below 2`:                func(p *acceleration.Plan, _ *acceleration.Account) { p.Minimum = 1 },
		`discovery: 1 is not`:                  func(p *acceleration.Plan, _ *acceleration.Account) { p.Discovery = 1 },
		`confidence: 2 is not`:                 func(p *acceleration.Plan, _ *acceleration.Account) { p.Confidence = 2 },
		`permutations: 98 is outside`:          func(p *acceleration.Plan, _ *acceleration.Account) { p.Permutations = 98 },
		`steps: 0 are not`:                     func(p *acceleration.Plan, _ *acceleration.Account) { p.Steps = nil },
		`step "": is empty`:                    func(p *acceleration.Plan, _ *acceleration.Account) { p.Steps[0].Name = "" },
		`step "x": is there twice`:             func(p *acceleration.Plan, _ *acceleration.Account) { p.Steps = append(p.Steps, p.Steps[0]) },
		`step "x": the kind "y" is unknown`:    func(p *acceleration.Plan, _ *acceleration.Account) { p.Steps[0].Kind = "y" },
		`control: "y" is not among`:            func(p *acceleration.Plan, _ *acceleration.Account) { p.Control = "y" },
		`ID of account 0: is empty`:            func(_ *acceleration.Plan, a *acceleration.Account) { a.ID = "" },
		`account "a": from: is zero`:           func(_ *acceleration.Plan, a *acceleration.Account) { a.From = time.Time{} },
		`account "a": to: is zero`:             func(_ *acceleration.Plan, a *acceleration.Account) { a.To = time.Time{} },
		`account "a": to: is before from`:      func(_ *acceleration.Plan, a *acceleration.Account) { a.To = after(-1) },
		`account "a": until: year 10000`:       func(_ *acceleration.Plan, a *acceleration.Account) { a.Until = start.AddDate(7974, 0, 0) },
		`account "a": end: "x" is unknown`:     func(_ *acceleration.Plan, a *acceleration.Account) { a.End = "x" },
		`account "a": step "x": is zero`:       func(_ *acceleration.Plan, a *acceleration.Account) { a.Done = []acceleration.Done{{Step: "x"}} },
		`account "b": account: is there twice`: func(_ *acceleration.Plan, a *acceleration.Account) { a.ID = "b" },
	} {
		p, a := good, account
		p.Steps = slices.Clone(p.Steps)
		change(&p, &a)
		_, err := acceleration.Analyze([]acceleration.Account{a, {ID: "b", From: start, To: start}}, p)
		var bad *acceleration.DataError
		if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), "acceleration: "+want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if r := analyze(t, nil, good); r.N != 0 || r.Findings[0].Verdict != acceleration.TooFew {
		t.Errorf("%+v", r)
	}
}
