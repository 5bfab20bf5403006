package backtest_test

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

func sortFloats(x []float64) { slices.Sort(x) }

// Small cases of scikit-learn's isotonic regression; equal x are pooled before.
func TestIsotonicSmall(t *testing.T) {
	var cases []struct{ X, Y, W, Fitted []float64 }
	decode(t, "testdata/isotonic_small_cases.json", &cases)
	if len(cases) != 4 {
		t.Fatalf("%d cases", len(cases))
	}
	for i, c := range cases {
		var y, w []float64
		var of []int // pooled position of each x
		for k, x := range c.X {
			weight := 1.0
			if c.W != nil {
				weight = c.W[k]
			}
			if k > 0 && x == c.X[k-1] {
				n := len(y) - 1
				y[n] = (y[n]*w[n] + c.Y[k]*weight) / (w[n] + weight)
				w[n] += weight
			} else {
				y, w = append(y, c.Y[k]), append(w, weight)
			}
			of = append(of, len(y)-1)
		}
		fitted := backtest.Isotonic(y, w)
		for k, want := range c.Fitted {
			near(t, fmt.Sprint("case ", i, " at ", k), fitted[of[k]], want, 1e-12)
		}
	}
}

// The map fitted on all customers has the knots of scikit-learn's. A later copy of each customer makes a second window,
// on which the map's Brier score is that on what it was fitted on.
func TestTelcoIsotonic(t *testing.T) {
	var want telco
	decode(t, filepath.Join(reference(t), "telco_expected.json"), &want)
	var trial backtest.Trial
	for i, p := range named(t, "p") {
		early, late := scored(fmt.Sprint("a", i), p.Value, p.Lost), scored(fmt.Sprint("a", i), p.Value, p.Lost)
		late.At, late.Score.AsOf = late.At.AddDate(1, 0, 0), late.Score.AsOf.AddDate(1, 0, 0)
		for _, c := range []backtest.Case{early, late} {
			if err := trial.Add(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := must[backtest.Calibration](t)(trial.Calibrate(renewal.AddDate(0, 0, 1)))
	if c.Fitted != 7043 || c.Losses != 1869 || c.Repeat != 7043 || c.Between != 0 {
		t.Fatalf("fitted %d, losses %d, repeat %d, between %d", c.Fitted, c.Losses, c.Repeat, c.Between)
	}
	var knots [][2]float64 // each block has a knot at either end, a block of one value one knot
	for _, b := range slices.Backward(c.Map) {
		knots = append(knots, [2]float64{-b.High, b.Risk})
		if b.Low != b.High {
			knots = append(knots, [2]float64{-b.Low, b.Risk})
		}
	}
	rows := table(t, "telco_isotonic_thresholds.csv", 82)
	if len(knots) != len(rows) {
		t.Fatalf("%d knots, want %d", len(knots), len(rows))
	}
	for i, w := range rows {
		near(t, fmt.Sprint("knot ", i, " x"), knots[i][0], number(t, w["x"]), 1e-12)
		near(t, fmt.Sprint("knot ", i, " y"), knots[i][1], number(t, w["y"]), 1e-12)
	}
	near(t, "Brier score", c.Judged.Score, want.IsotonicBrier, 1e-12)
	near(t, "gap", c.Judged.Gap, 0, 1e-12)
	near(t, "within", c.Judged.Within, 0, 0)
}

func TestTelcoStability(t *testing.T) {
	var want telco
	decode(t, filepath.Join(reference(t), "telco_expected.json"), &want)
	var values []float64
	for _, p := range named(t, "p") {
		values = append(values, -p.Value)
	}
	s := must[backtest.Shift](t)(backtest.Stability(values[:4000], values[4000:], 10))
	near(t, "index", s.Index, want.PSI, 1e-12)
	for i, b := range s.Bins {
		if b.Reference != want.PSICounts.Expected[i] || b.Current != want.PSICounts.Actual[i] {
			t.Errorf("bin %d: %d and %d, want %d and %d", i, b.Reference, b.Current, want.PSICounts.Expected[i], want.PSICounts.Actual[i])
		}
	}
	if s.P < 0.05 {
		t.Errorf("p = %v of two parts of one sample", s.P)
	}
}

// terms are the columns of the design, each turned so that its coefficient in the tables is not negative.
var terms = []struct {
	name string
	sign float64
}{
	{"tenure", -1}, {"monthly", 1}, {"senior", 1}, {"one_year", -1}, {"two_year", -1}, {"fiber", 1}, {"no_net", -1},
	{"paperless", 1}, {"echeck", 1}, {"no_support", 1},
}

func design(t testing.TB, standardised bool) (x [][]float64, lost []bool) {
	t.Helper()
	rows := table(t, "telco_design.csv", 7043)
	x, lost = make([][]float64, len(rows)), make([]bool, len(rows))
	for _, term := range terms {
		column := make([]float64, len(rows))
		for i, r := range rows {
			column[i] = term.sign * number(t, r[term.name])
			lost[i] = r["churn"] == "1"
		}
		if standardised {
			mean, sd, _ := stat.MeanSD(column)
			sd *= math.Sqrt(float64(len(column)-1) / float64(len(column)))
			for i := range column {
				column[i] = (column[i] - mean) / sd
			}
		}
		for i, v := range column {
			x[i] = append(x[i], v)
		}
	}
	return x, lost
}

// TestTelcoLogit holds the solver behind Fit against unpenalised fits of statsmodels and R, and ridge fits of
// scikit-learn, whose C is one over the penalty. Where every coefficient is positive the bound holds none.
func TestTelcoLogit(t *testing.T) {
	var want telco
	decode(t, filepath.Join(reference(t), "telco_expected.json"), &want)
	for _, c := range []struct {
		file         string
		standardised bool
		penalty      float64
		tolerance    float64
	}{
		{"telco_logit_unregularised.csv", false, 0, 1e-8},
		{"telco_glm_R.csv", false, 0, 1e-8},
		{"telco_logit_ridge_standardised_C1.0.csv", true, 1, 1e-6},
		{"telco_logit_ridge_standardised_C0.01.csv", true, 100, 1e-6},
	} {
		x, lost := design(t, c.standardised)
		got, loss, ok := backtest.Regress(x, lost, c.penalty)
		if !ok {
			t.Fatalf("%s: no convergence", c.file)
		}
		for i, w := range table(t, c.file, 11) {
			sign := 1.0
			if i > 0 {
				sign = terms[i-1].sign
				if w["term"] != terms[i-1].name {
					t.Fatalf("%s: row %d is %s", c.file, i, w["term"])
				}
			}
			near(t, c.file+" "+w["term"], sign*got[i], number(t, w["coef"]), c.tolerance)
			if w["deviance"] != "" {
				near(t, "deviance", 2*loss, number(t, w["deviance"]), 1e-8)
			}
		}
		if c.penalty == 0 {
			near(t, c.file+" log-likelihood", -loss, want.LogLik, 1e-8)
			near(t, c.file+" log loss", loss/float64(want.N), want.P.LogLoss, 1e-10)
		}
	}
	// Chances that were fitted to the same losses need no correction: the intercept of their logits is 0, the slope 1.
	var logits [][]float64
	var lost []bool
	for _, p := range named(t, "p") {
		logits, lost = append(logits, []float64{math.Log(-p.Value / (1 + p.Value))}), append(lost, p.Lost)
	}
	got, _, ok := backtest.Regress(logits, lost, 0)
	if !ok || len(want.Slope) != 2 {
		t.Fatal(ok, want.Slope)
	}
	near(t, "calibration intercept", got[0], want.Slope[0], 1e-8)
	near(t, "calibration slope", got[1], want.Slope[1], 1e-8)
}
