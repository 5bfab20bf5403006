package backtest_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

func points(lost, kept []float64) []backtest.Point {
	var p []backtest.Point
	for _, v := range lost {
		p = append(p, backtest.Point{Value: v, Lost: true})
	}
	for _, v := range kept {
		p = append(p, backtest.Point{Value: v})
	}
	return p
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v within %v", what, got, want, tolerance)
	}
}

// Worked by hand: of twelve pairs eleven are in order.
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

// TestTiny has areas of scikit-learn 1.2 on four small cases with ties.
func TestTiny(t *testing.T) {
	data, err := os.ReadFile("testdata/tiny_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Y   []int     `json:"y"`
		S   []float64 `json:"s"`
		AUC float64   `json:"auc"`
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		var p []backtest.Point
		for i, y := range c.Y {
			p = append(p, backtest.Point{Value: -c.S[i], Lost: y == 1}) // s is risk, ours is health
		}
		near(t, "area", backtest.Separate(p).Value, c.AUC, 1e-12)
	}
}

// TestDeLong holds areas and variances against pROC 1.18.0.
func TestDeLong(t *testing.T) {
	root := os.Getenv("CS_REFERENCE")
	if root == "" {
		root = "../../../shared/reference"
	}
	dir := filepath.Join(root, "backtest")
	if _, err := os.Stat(dir); err != nil && os.Getenv("CS_REFERENCE") == "" {
		t.Skip("the reference data is not part of the project: ", err)
	}
	telco, sah := rows(t, filepath.Join(dir, "telco_scores.csv")), rows(t, filepath.Join(dir, "aSAH.csv"))
	design := rows(t, filepath.Join(dir, "telco_design.csv"))
	lost := func(r map[string]string) bool { return r["y"] == "1" || r["churn"] == "1" || r["outcome"] == "Poor" }
	for _, want := range rows(t, filepath.Join(dir, "delong_auc_ci.csv")) {
		from, column, sign := telco, want["score"], -1.0
		switch want["score"] {
		case "neg_tenure":
			from, column, sign = design, "tenure", 1
		case "monthly":
			from = design
		case "aSAH_s100b", "aSAH_ndka", "aSAH_wfns":
			from, column = sah, want["score"][len("aSAH_"):]
		}
		var p []backtest.Point
		for _, r := range from {
			p = append(p, backtest.Point{Value: sign * number(t, r[column]), Lost: lost(r)})
		}
		a := backtest.Separate(p)
		near(t, want["score"]+" area", a.Value, number(t, want["auc"]), 1e-12)
		near(t, want["score"]+" variance", a.Variance, number(t, want["var_delong"]), 1e-10)
	}
}

func rows(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		m := make(map[string]string)
		for i, v := range r {
			m[all[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSeparateTwin counts pairs one by one.
func TestSeparateTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var p []backtest.Point
		for range 2 + r.IntN(40) {
			p = append(p, backtest.Point{Value: float64(r.IntN(8)), Lost: r.IntN(3) == 0})
		}
		a := backtest.Separate(p)
		wins, pairs := 0.0, 0.0
		for _, x := range p {
			for _, y := range p {
				if !x.Lost || y.Lost {
					continue
				}
				pairs++
				if x.Value < y.Value {
					wins++
				} else if x.Value == y.Value {
					wins += 0.5
				}
			}
		}
		if (pairs > 0) != a.Known {
			t.Fatalf("known %v with %v pairs", a.Known, pairs)
		}
		if a.Known {
			near(t, "area", a.Value, wins/pairs, 1e-12)
			if !(0 <= a.Low && a.Low <= a.Value && a.Value <= a.High && a.High <= 1) {
				t.Fatalf("interval [%v, %v] around %v", a.Low, a.High, a.Value)
			}
		}
	}
}

func TestUnknownIsNull(t *testing.T) {
	got, err := json.Marshal(backtest.Separate(points(nil, []float64{1})))
	if want := `{"known":false,"value":null,"variance":null,"low":null,"high":null,"lost":0,"kept":1}`; err != nil || string(got) != want {
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
	for _, c := range []struct {
		name       string
		lost, kept []float64
		want       backtest.Verdict
	}{
		{"nobody lost", nil, many(50, func(i int) float64 { return float64(i) }), backtest.Insufficient},
		{"perfect, too few losses", many(9, func(int) float64 { return 1 }), many(50, func(int) float64 { return 9 }), backtest.Insufficient},
		{"perfect", many(20, func(int) float64 { return 1 }), many(20, func(int) float64 { return 9 }), backtest.Predictive},
		{"the wrong way round", many(20, func(int) float64 { return 9 }), many(20, func(int) float64 { return 1 }), backtest.NotPredictive},
		{"chance, few", many(20, func(i int) float64 { return float64(i) }), many(20, func(i int) float64 { return float64(i) }), backtest.Insufficient},
		{"chance, many", many(3000, func(i int) float64 { return float64(i % 50) }), many(3000, func(i int) float64 { return float64(i % 50) }), backtest.NotPredictive},
	} {
		if got := backtest.Separate(points(c.lost, c.kept)).Verdict(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
