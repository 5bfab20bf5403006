package experiment_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
	"github.com/google/go-cmp/cmp"
)

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// persons are outcomes of people in accounts that answer alike, with a covariate. With mixed set, people of one account
// are in both arms.
func persons(r *rand.Rand, accounts int, mixed bool) (out []experiment.Outcome) {
	for a := range accounts {
		mood, arm := r.NormFloat64(), a%2
		for p := range 1 + r.IntN(4) {
			if mixed {
				arm = r.IntN(2)
			}
			before := mood + r.NormFloat64()
			out = append(out, experiment.Outcome{
				Unit: fmt.Sprint("person ", a, " ", p), Account: fmt.Sprint("account ", a), Arm: []string{"holdout", "call"}[arm],
				Before: before, Value: mood + before/2 + r.NormFloat64(),
			})
		}
	}
	return out
}

// sandwich fits 1, arm and, with adjust, the covariate by the normal equations, and returns the arm's coefficient with its
// standard error by clusters: (X'X)^-1 Σ uu' (X'X)^-1, u being the sum of √((G-1)/G)·n/(n-m)·r·x in a cluster that has m of
// the arm's n units.
func sandwich(outcomes []experiment.Outcome, adjust bool) (value, se float64) {
	k := 2
	if adjust {
		k = 3
	}
	row := func(o experiment.Outcome) []float64 {
		arm := 0.0
		if o.Arm == "call" {
			arm = 1
		}
		return []float64{1, arm, o.Before}[:k]
	}
	xx, xy := make([][]float64, k), make([]float64, k)
	for i := range xx {
		xx[i] = make([]float64, k)
	}
	in := map[string]map[string]float64{"holdout": {}, "call": {}}
	units := map[string]float64{}
	for _, o := range outcomes {
		in[o.Arm][o.Account]++
		units[o.Arm]++
		for i, x := range row(o) {
			xy[i] += x * o.Value
			for j, y := range row(o) {
				xx[i][j] += x * y
			}
		}
	}
	inverse := invert(xx)
	beta := make([]float64, k)
	for i := range beta {
		for j := range beta {
			beta[i] += inverse[i][j] * xy[j]
		}
	}
	scores := map[string]float64{} // of the arm's coefficient
	for _, o := range outcomes {
		r, g, n := o.Value, float64(len(in[o.Arm])), units[o.Arm]
		for i, x := range row(o) {
			r -= beta[i] * x
		}
		for i, x := range row(o) {
			scores[o.Account] += inverse[1][i] * x * r * math.Sqrt((g-1)/g) * n / (n - in[o.Arm][o.Account])
		}
	}
	for _, u := range scores {
		se += u * u
	}
	if g := float64(len(in["holdout"]) + len(in["call"])); adjust {
		se *= (g - 2) / (g - 3)
	}
	return beta[1], math.Sqrt(se)
}

// invert is Gauss and Jordan's elimination; the matrices here are definite.
func invert(a [][]float64) [][]float64 {
	n := len(a)
	m := make([][]float64, n)
	for i := range m {
		m[i] = append(append([]float64(nil), a[i]...), make([]float64, n)...)
		m[i][n+i] = 1
	}
	for i := range m {
		for j := 2*n - 1; j >= i; j-- {
			m[i][j] /= m[i][i]
		}
		for k := range m {
			for j := 2*n - 1; j >= i && k != i; j-- {
				m[k][j] -= m[k][i] * m[i][j]
			}
		}
	}
	for i := range m {
		m[i] = m[i][n:]
	}
	return m
}

// TestAnalyseTwin compares estimates with a regression's, and turns the order of outcomes about.
func TestAnalyseTwin(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		outcomes := persons(r, 6+r.IntN(30), seed%3 == 0)
		trial := means("twin")
		trial.Plan.Adjust = seed%2 == 0
		a, err := analyse(t, trial, outcomes)
		if err != nil {
			t.Fatal(err)
		}
		value, se := sandwich(outcomes, trial.Plan.Adjust)
		near(t, "value", *a.Effects[0].Value, value, 1e-10)
		near(t, "se", *a.Effects[0].SE, se, 1e-10)
		if trial.Plan.Adjust {
			_, plain := sandwich(outcomes, false)
			near(t, "reduction", *a.Effects[0].Reduction, 1-se*se/plain/plain, 1e-9)
		}
		r.Shuffle(len(outcomes), func(i, j int) { outcomes[i], outcomes[j] = outcomes[j], outcomes[i] })
		again, err := analyse(t, trial, outcomes)
		if diff := cmp.Diff(a, again); diff != "" || err != nil {
			t.Errorf("another order of outcomes (-want +got):\n%s%v", diff, err)
		}
	}
}

// TestJackknife leaves out one account after the other and looks how far the difference moves.
func TestJackknife(t *testing.T) {
	difference := func(outcomes []experiment.Outcome, without string) (by [2]float64, accounts [2]float64) {
		var n [2]float64
		seen := map[string]bool{}
		for _, o := range outcomes {
			arm := map[string]int{"holdout": 0, "call": 1}[o.Arm]
			if o.Account == without {
				continue
			}
			n[arm]++
			by[arm] += o.Value
			if key := o.Arm + o.Account; !seen[key] {
				seen[key] = true
				accounts[arm]++
			}
		}
		return [2]float64{by[0] / n[0], by[1] / n[1]}, accounts
	}
	for seed := range uint64(40) {
		outcomes := persons(rand.New(rand.NewPCG(seed, 2)), 30, seed%2 == 0)
		whole, g := difference(outcomes, "")
		sum := 0.0
		for a := range 30 {
			left, _ := difference(outcomes, fmt.Sprint("account ", a))
			move := math.Sqrt((g[1]-1)/g[1])*(left[1]-whole[1]) - math.Sqrt((g[0]-1)/g[0])*(left[0]-whole[0])
			sum += move * move
		}
		a, err := analyse(t, means("s"), outcomes)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "se", *a.Effects[0].SE, math.Sqrt(sum), 1e-12)
	}
}

// TestAccountMeans: where all accounts have as many persons, clustering is Welch's method on the accounts' means.
func TestAccountMeans(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	var outcomes []experiment.Outcome
	arms := [2][]float64{}
	for a := range 17 {
		sum := 0.0
		for p := range 3 {
			v := float64(a%5) + r.NormFloat64()
			sum += v
			outcomes = append(outcomes, experiment.Outcome{Unit: fmt.Sprint(a, " ", p), Account: fmt.Sprint(a), Arm: []string{"holdout", "call"}[a%2], Value: v})
		}
		arms[a%2] = append(arms[a%2], sum/3)
	}
	want, err := experiment.CompareMeans(arms[0], arms[1], 0.9)
	if err != nil {
		t.Fatal(err)
	}
	trial := means("s")
	trial.Plan.Better, trial.Plan.Confidence = experiment.Lower, 0.9
	a, err := analyse(t, trial, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	e := a.Effects[0]
	near(t, "value", *e.Value, want.Value, 1e-12)
	near(t, "se", *e.SE, want.SE, 1e-12)
	near(t, "low", e.Interval.Low, want.Interval.Low, 1e-10)
	near(t, "p", *e.P, want.P, 1e-10)
	ratio, err := experiment.CheckRatio([]int{9, 8}, []int{1, 1})
	if err != nil || a.Ratio != ratio {
		t.Errorf("the split is %+v, want that of accounts, %+v", a.Ratio, ratio)
	}
	if a.Arms[0].Units != 27 || a.Arms[0].Accounts != 9 {
		t.Errorf("%+v", a.Arms[0])
	}
}

// TestWelch has the sleep data of Student (1908) as R's documentation of t.test prints them: t = -1.8608, df = 17.776,
// p = 0.07939, interval -3.3654832 to 0.2054832.
func TestWelch(t *testing.T) {
	d, err := experiment.CompareMeans(
		[]float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4},
		[]float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "t", d.Value/d.SE, -1.8608, 5e-5)
	near(t, "df", d.DF, 17.776, 5e-5)
	near(t, "p", d.P, 0.07939, 5e-6)
	near(t, "low", d.Interval.Low, -3.3654832, 5e-8)
	near(t, "high", d.Interval.High, 0.2054832, 5e-8)
	if d, err := experiment.CompareMeans([]float64{1, 1}, []float64{2, 2}, 0); err != nil || d.Interval != nil || d.P != 1 || d.Value != 1 {
		t.Errorf("no spread: %+v, %v", d, err)
	}
}

// TestFisherTwin counts tables with whole numbers of any size.
func TestFisherTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for range 300 {
		c := experiment.Count{N: 1 + r.IntN(40)}
		v := experiment.Count{N: 1 + r.IntN(40)}
		c.Events, v.Events = r.IntN(c.N+1), r.IntN(v.N+1)
		d, err := experiment.CompareShares(c, v, 0)
		if err != nil {
			t.Fatal(err)
		}
		tables := func(k int) *big.Int {
			a := new(big.Int).Binomial(int64(v.N), int64(k))
			return a.Mul(a, new(big.Int).Binomial(int64(c.N), int64(c.Events+v.Events-k)))
		}
		tail, all, seen := new(big.Int), new(big.Int), tables(v.Events)
		for k := max(0, c.Events+v.Events-c.N); k <= min(v.N, c.Events+v.Events); k++ {
			n := tables(k)
			all.Add(all, n)
			if n.Cmp(seen) <= 0 {
				tail.Add(tail, n)
			}
		}
		want, _ := new(big.Rat).SetFrac(tail, all).Float64()
		near(t, fmt.Sprint(c, v), d.Exact, want, 1e-12)
		back, _ := experiment.CompareShares(v, c, 0)
		near(t, fmt.Sprint(c, v, " the other way"), back.Interval.Low, -d.Interval.High, 1e-14)
	}
}

// TestWatchTwin has the Dirichlet-multinomial distribution by the logarithms of gamma functions.
func TestWatchTwin(t *testing.T) {
	lg := func(x float64) float64 { y, _ := math.Lgamma(x); return y }
	r := rand.New(rand.NewPCG(5, 1))
	for range 100 {
		counts, weights := []int{r.IntN(3000), r.IntN(3000), r.IntN(200)}, []int{1 + r.IntN(9), 1 + r.IntN(9), 1}
		n, total := float64(counts[0]+counts[1]+counts[2]), float64(weights[0]+weights[1]+1)
		if n == 0 {
			continue
		}
		log := lg(100+n) - lg(100)
		for i, c := range counts {
			share := float64(weights[i]) / total
			log += lg(100*share) - lg(100*share+float64(c)) + float64(c)*math.Log(share)
		}
		w, err := experiment.WatchRatio(experiment.RatioWatch{}, counts, weights)
		if err != nil {
			t.Fatal(err)
		}
		if want := min(1, math.Exp(log)); math.Abs(w.P-want) > 1e-9*want {
			t.Errorf("%v, %v: p %v, want %v", counts, weights, w.P, want)
		}
	}
}
