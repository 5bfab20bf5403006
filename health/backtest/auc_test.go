package backtest_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// Worked by hand: of twelve pairs eleven are in order. The plain interval would be [0.686, 1.148].
func TestScenario3Separation(t *testing.T) {
	a := backtest.Separate(points([]float64{20, 40, 55}, []float64{45, 60, 80, 90}))
	near(t, "area", a.Value, 11.0/12, 1e-12)
	near(t, "variance", a.Variance, 1.0/72, 1e-12)
	near(t, "low", a.Low, 0.348, 5e-4)
	near(t, "high", a.High, 0.996, 5e-4)
	if a.Verdict() != backtest.Insufficient {
		t.Errorf("verdict %s on 7 decisions and 3 losses", a.Verdict())
	}
}

func randomPoints(r *rand.Rand, n, values int) []backtest.Point {
	p := make([]backtest.Point, n)
	for i := range p {
		p[i] = backtest.Point{Value: float64(r.IntN(values)), Lost: r.IntN(3) == 0}
	}
	return p
}

// placements counts pairs one by one: the share of kept above each lost one, of lost below each kept one, ties half.
func placements(p []backtest.Point) (of []float64, area float64, lost, kept int) {
	of = make([]float64, len(p))
	for _, x := range p {
		if x.Lost {
			lost++
		} else {
			kept++
		}
	}
	for i, x := range p {
		for j, y := range p {
			if !x.Lost || y.Lost {
				continue
			}
			win := 0.0
			if x.Value < y.Value {
				win = 1
			} else if x.Value == y.Value {
				win = 0.5
			}
			of[i] += win / float64(kept)
			of[j] += win / float64(lost)
			area += win / float64(lost*kept)
		}
	}
	return of, area, lost, kept
}

// TestSeparateTwin counts pairs one by one, and takes DeLong's variance from its definition.
func TestSeparateTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		p := randomPoints(r, 2+r.IntN(40), 8)
		a := backtest.Separate(p)
		of, area, lost, kept := placements(p)
		if (lost > 0 && kept > 0) != a.Known {
			t.Fatalf("known %v with %d lost and %d kept", a.Known, lost, kept)
		}
		if !a.Known {
			continue
		}
		near(t, "area", a.Value, area, 1e-12)
		if !(0 <= a.Low && a.Low <= a.Value+1e-9 && a.Value <= a.High+1e-9 && a.High <= 1) {
			t.Fatalf("interval [%v, %v] around %v", a.Low, a.High, a.Value)
		}
		want := 0.0
		if lost > 1 && kept > 1 {
			for i, x := range p {
				d := (of[i] - area) * (of[i] - area)
				if x.Lost {
					want += d / float64(lost) / float64(lost-1)
				} else {
					want += d / float64(kept) / float64(kept-1)
				}
			}
		}
		near(t, "variance", a.Variance, want, 1e-12)
	}
}

// TestClusterTwin takes the clustered variance from its definition, and holds it to DeLong's where no account repeats.
func TestClusterTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		p := randomPoints(r, 10+r.IntN(40), 12)
		accounts := 5 + r.IntN(20)
		var tr backtest.Trial
		cluster := make([]int, len(p))
		for i, x := range p {
			cluster[i] = r.IntN(accounts)
			c := scored(string(rune('a'+cluster[i])), x.Value, x.Lost)
			c.At = c.At.AddDate(0, 0, i)
			if err := tr.Add(c); err != nil {
				t.Fatal(err)
			}
		}
		got := tr.Report(backtest.Options{}).AUC
		of, area, lost, kept := placements(p)
		if !got.Known {
			continue
		}
		type sums struct{ a, b, m, n float64 }
		by := make([]sums, accounts)
		for i, x := range p {
			if s := &by[cluster[i]]; x.Lost {
				s.a, s.m = s.a+of[i], s.m+1
			} else {
				s.b, s.n = s.b+of[i], s.n+1
			}
		}
		var sa, sb, sab, ia, ib, all float64
		for _, s := range by {
			da, db := s.a-s.m*area, s.b-s.n*area
			sa, sb, sab = sa+da*da, sb+db*db, sab+da*db
			if s.m > 0 {
				ia++
			}
			if s.n > 0 {
				ib++
			}
			if s.m+s.n > 0 {
				all++
			}
		}
		if ia < 2 || ib < 2 {
			continue
		}
		m, n := float64(lost), float64(kept)
		want := ia/(ia-1)*sa/m/m + ib/(ib-1)*sb/n/n + 2*all/(all-1)*sab/m/n
		near(t, "clustered variance", got.Variance, max(want, 0), 1e-12)
		if got.Accounts != int(all) {
			t.Fatalf("%d accounts, want %v", got.Accounts, all)
		}
	}
}

// The order of decisions changes no byte of a report.
func TestOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var cases []backtest.Case
	for i := range 120 {
		c := scored(string(rune('a'+r.IntN(26))), float64(r.IntN(100)), r.IntN(4) == 0)
		c.At = c.At.AddDate(0, 0, i)
		c.Group, c.Tenure = []string{"x", "y", ""}[r.IntN(3)], []string{"first year", "later"}[r.IntN(2)]
		c.Money, c.Currency = dec(r.IntN(100_000)), "EUR"
		c.Score.Band = []string{"red", "green"}[int(c.Score.Value)/50]
		cases = append(cases, c)
	}
	want := must[[]byte](t)(json.Marshal(trial(t, cases...).Report(backtest.Options{Seed: 7, Resamples: 50})))
	for range 5 {
		r.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
		got := must[[]byte](t)(json.Marshal(trial(t, cases...).Report(backtest.Options{Seed: 7, Resamples: 50})))
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	}
}

func TestUnknownIsNull(t *testing.T) {
	got, err := json.Marshal(backtest.Separate(points(nil, []float64{1})))
	if want := `{"known":false,"value":null,"variance":null,"low":null,"high":null,"lost":0,"kept":1,"accounts":0}`; err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
	got, err = json.Marshal(trialOf(t, points(nil, []float64{1})).Report(backtest.Options{}).Money)
	if want := `{"known":false,"value":null,"low":null,"high":null,"lost":"0","kept":"0","decisions":0}`; err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestVerdict(t *testing.T) {
	many := func(n int, f func(i int) float64) (v []float64) {
		for i := range n {
			v = append(v, f(i))
		}
		return v
	}
	same := func(x float64) func(int) float64 { return func(int) float64 { return x } }
	rising := func(i int) float64 { return float64(i) }
	cycle := func(i int) float64 { return float64(i % 50) }
	for _, c := range []struct {
		name       string
		lost, kept []float64
		want       backtest.Verdict
		needs      []backtest.NeedCode
	}{
		{"nobody lost", nil, many(50, rising), backtest.Insufficient, []backtest.NeedCode{backtest.NeedLosses}},
		{"nobody at all", nil, nil, backtest.Insufficient, []backtest.NeedCode{backtest.NeedDecisions, backtest.NeedLosses, backtest.NeedKept}},
		{"perfect, too few losses", many(9, same(1)), many(50, same(9)), backtest.Insufficient, []backtest.NeedCode{backtest.NeedLosses}},
		{"perfect, too few kept", many(50, same(1)), many(9, same(9)), backtest.Insufficient, []backtest.NeedCode{backtest.NeedKept}},
		{"perfect, 29", many(14, same(1)), many(15, same(9)), backtest.Insufficient, []backtest.NeedCode{backtest.NeedDecisions}},
		{"perfect, 30", many(15, same(1)), many(15, same(9)), backtest.Predictive, nil},
		{"perfect, 10 lost", many(10, same(1)), many(20, same(9)), backtest.Predictive, nil},
		{"the wrong way round", many(20, same(9)), many(20, same(1)), backtest.NotPredictive, nil},
		{"chance, few", many(20, rising), many(20, rising), backtest.Insufficient, []backtest.NeedCode{backtest.NeedSeparation}},
		{"chance, many", many(3000, cycle), many(3000, cycle), backtest.NotPredictive, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := points(c.lost, c.kept)
			if got := backtest.Separate(p).Verdict(); got != c.want {
				t.Errorf("area: %s, want %s", got, c.want)
			}
			r := trialOf(t, p).Report(backtest.Options{})
			var codes []backtest.NeedCode
			for _, n := range r.Needs {
				codes = append(codes, n.Code)
			}
			if diff := cmp.Diff(c.needs, codes); r.Verdict != c.want || diff != "" {
				t.Errorf("report: %s, want %s; needs (-want +got)\n%s", r.Verdict, c.want, diff)
			}
		})
	}
}

func FuzzSeparate(f *testing.F) {
	f.Add([]byte{1, 2, 3, 200})
	f.Add([]byte{7, 7, 7, 7, 8})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 200 {
			data = data[:200]
		}
		p := make([]backtest.Point, len(data))
		for i, b := range data {
			p[i] = backtest.Point{Value: float64(b >> 1), Lost: b&1 == 1}
		}
		a := backtest.Separate(p)
		if _, area, lost, kept := placements(p); lost > 0 && kept > 0 {
			near(t, "area", a.Value, area, 1e-12)
		}
		turned := make([]backtest.Point, len(p)) // the other way round
		for i, x := range p {
			turned[i] = backtest.Point{Value: -x.Value, Lost: x.Lost}
		}
		if b := backtest.Separate(turned); a.Known {
			near(t, "area turned", b.Value, 1-a.Value, 1e-15)
			near(t, "variance turned", b.Variance, a.Variance, 1e-12)
		}
		previous := backtest.Operating{}
		for _, o := range backtest.Operate(p) {
			if o.Catch < previous.Catch || o.FalseAlarm < previous.FalseAlarm || o.At < previous.At {
				t.Fatalf("%+v after %+v", o, previous)
			}
			previous = o
		}
		total := 0.0
		for _, tier := range backtest.Lift(p, 3) {
			total += tier.Lost
		}
		if a.Known && len(p) >= 3 {
			near(t, "lost in all tiers", total, float64(a.Lost), 1e-9)
		}
	})
}
