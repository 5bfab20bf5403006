package backtest_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// The tables are those of scikit-learn, pROC 1.18.0 and R's glm, on the telecom sample and on pROC's aSAH.
// A score there is a risk; here a higher value is healthier, so that its sign is changed.

// TestTiny has areas, average precisions and Brier scores of scikit-learn on four small cases with ties.
func TestTiny(t *testing.T) {
	var cases []struct {
		Y              []int
		S              []float64
		AUC, AP, Brier float64
		Tau            *float64 `json:"tau_b"`
	}
	decode(t, "testdata/tiny_cases.json", &cases)
	if len(cases) != 4 {
		t.Fatalf("%d cases", len(cases))
	}
	for _, c := range cases {
		var p []backtest.Point
		var f []backtest.Forecast
		for i, y := range c.Y {
			p = append(p, backtest.Point{Value: -c.S[i], Lost: y == 1})
			f = append(f, backtest.Forecast{Risk: c.S[i], Lost: y == 1})
		}
		r := trialOf(t, p).Report(backtest.Options{})
		near(t, "area", r.AUC.Value, c.AUC, 1e-12)
		near(t, "average precision", r.AveragePrecision, c.AP, 1e-12)
		tau, ok := kendall(p)
		if ok != (c.Tau != nil) {
			t.Errorf("tau-b of %v: %v", p, ok)
		} else if ok {
			near(t, "tau-b", tau, *c.Tau, 1e-12)
		}
		near(t, "Brier score", must[backtest.Reliability](t)(backtest.Reliable(f, []float64{0, 0.5, 1})).Score, c.Brier, 1e-12)
	}
}

// kendall is the rank correlation of risk and loss, which tests hold the statistic against that this package leaves to
// internal/stat.
func kendall(p []backtest.Point) (float64, bool) {
	risk, lost := make([]float64, len(p)), make([]float64, len(p))
	for i, x := range p {
		risk[i] = -x.Value
		if x.Lost {
			lost[i] = 1
		}
	}
	k, ok := stat.Kendall(risk, lost)
	return k.TauB, ok
}

func decode(t testing.TB, path string, to any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// named returns the values and outcomes that a row of the DeLong tables is about.
func named(t testing.TB, name string) (p []backtest.Point) {
	t.Helper()
	file, n, column, sign := "telco_scores.csv", 7043, name, -1.0
	switch {
	case name == "neg_tenure":
		file, column, sign = "telco_design.csv", "tenure", 1
	case name == "monthly":
		file = "telco_design.csv"
	case strings.HasPrefix(name, "aSAH_"):
		file, n, column = "aSAH.csv", 113, name[len("aSAH_"):]
	}
	for _, r := range table(t, file, n) {
		lost := r["y"] == "1" || r["churn"] == "1" || r["outcome"] == "Poor"
		p = append(p, backtest.Point{Value: sign * number(t, r[column]), Lost: lost})
	}
	return p
}

func TestDeLong(t *testing.T) {
	for _, want := range table(t, "delong_auc_ci.csv", 7) {
		a := backtest.Separate(named(t, want["score"]))
		near(t, want["score"]+" area", a.Value, number(t, want["auc"]), 1e-12)
		near(t, want["score"]+" variance", a.Variance, number(t, want["var_delong"]), 1e-10)
		half := 1.959963984540054 * math.Sqrt(a.Variance) // the table's interval is not on the logit scale
		near(t, want["score"]+" lower", a.Value-half, number(t, want["lower"]), 1e-10)
		near(t, want["score"]+" upper", a.Value+half, number(t, want["upper"]), 1e-10)
	}
}

func TestDeLongPaired(t *testing.T) {
	for _, want := range table(t, "delong_paired_tests.csv", 4) {
		first, second, _ := strings.Cut(want["test"], " vs ")
		if rest, ok := strings.CutPrefix(first, "aSAH "); ok {
			first, second = "aSAH_"+rest, "aSAH_"+second
		}
		c := must[backtest.Comparison](t)(backtest.Compare(trialOf(t, named(t, second)), trialOf(t, named(t, first))))
		near(t, want["test"]+" z", c.Z, number(t, want["z"]), 1e-9)
		near(t, want["test"]+" p", c.P/number(t, want["p"]), 1, 1e-9)
		near(t, want["test"]+" first area", c.After.Value, number(t, want["auc1"]), 1e-12)
		near(t, want["test"]+" second area", c.Before.Value, number(t, want["auc2"]), 1e-12)
	}
}

// telco is telco_expected.json, as far as it is about what this package offers.
type telco struct {
	N, Events     int
	LogLik        float64
	Slope         []float64 `json:"calibration_intercept_slope"`
	P             telcoScore
	Rounded       telcoScore                       `json:"p_rounded2_with_ties"`
	Tenure        telcoScore                       `json:"neg_tenure"`
	ECEUniform    float64                          `json:"ece_uniform10"`
	ECEQuantile   float64                          `json:"ece_quantile10"`
	IsotonicBrier float64                          `json:"isotonic_brier"`
	PSI           float64                          `json:"psi_first4000_vs_rest_deciles"`
	PSICounts     struct{ Expected, Actual []int } `json:"psi_counts"`
	AUCByContract map[string]float64               `json:"auc_by_contract"`
}

type telcoScore struct {
	AUC, KS, Gini, Brier float64
	AP                   float64  `json:"average_precision"`
	LogLoss              float64  `json:"log_loss"`
	Skill                float64  `json:"brier_skill"`
	U                    float64  `json:"mannwhitney_u"`
	Tau                  float64  `json:"kendall_tau_b"`
	Trapezoid            float64  `json:"pr_auc_trapezoid"`
	KSAt                 float64  `json:"ks_threshold"`
	At20                 telcoCut `json:"thr0.2"`
	At30                 telcoCut `json:"thr0.3"`
	At50                 telcoCut `json:"thr0.5"`
}

type telcoCut struct{ TP, FP, FN, TN, Precision, Recall float64 }

func TestTelco(t *testing.T) {
	var want telco
	decode(t, filepath.Join(reference(t), "telco_expected.json"), &want)
	for name, w := range map[string]telcoScore{"p": want.P, "p_rounded2": want.Rounded, "neg_tenure": want.Tenure} {
		p := named(t, name)
		r := trialOf(t, p).Report(backtest.Options{})
		if r.Decisions != want.N || r.Lost != want.Events {
			t.Errorf("%d decisions, %d lost", r.Decisions, r.Lost)
		}
		near(t, name+" area", r.AUC.Value, w.AUC, 1e-12)
		near(t, name+" gini", 2*r.AUC.Value-1, w.Gini, 1e-12)
		near(t, name+" U", r.AUC.Value*float64(r.Lost)*float64(r.Decisions-r.Lost), w.U, 1e-5)
		near(t, name+" average precision", r.AveragePrecision, w.AP, 1e-12)
		tau, _ := kendall(p)
		near(t, name+" tau-b", tau, w.Tau, 1e-12)
		area, before := 0.0, backtest.Operating{Precision: 1} // the curve's end, which average precision leaves out
		for _, o := range backtest.Operate(p) {
			area += (o.Catch - before.Catch) * (o.Precision + before.Precision) / 2
			before = o
		}
		near(t, name+" area by trapezoids", area, w.Trapezoid, 1e-12)
		ks, at := 0.0, 0.0
		for _, o := range backtest.Operate(p) {
			if d := o.Catch - o.FalseAlarm; d > ks {
				ks, at = d, -o.At
			}
		}
		near(t, name+" greatest distance of catch and false alarm", ks, w.KS, 1e-12)
		near(t, name+" where", at, w.KSAt, 1e-12)
		if name == "neg_tenure" {
			continue
		}
		for cut, w := range map[float64]telcoCut{0.2: w.At20, 0.3: w.At30, 0.5: w.At50} {
			var last backtest.Operating
			for _, o := range backtest.Operate(p) {
				if o.At <= -cut {
					last = o
				}
			}
			near(t, name+" alerts", float64(last.Alerts), w.TP+w.FP, 0)
			near(t, name+" catch", last.Catch, w.Recall, 1e-12)
			near(t, name+" false alarms", last.FalseAlarm, w.FP/(w.FP+w.TN), 1e-12)
			near(t, name+" precision", last.Precision, w.Precision, 1e-12)
		}
		rel := must[backtest.Reliability](t)(backtest.Reliable(forecasts(p), []float64{0, 1}))
		near(t, name+" Brier score", rel.Score, w.Brier, 1e-12)
		near(t, name+" skill", rel.Skill, w.Skill, 1e-12)
	}
}

// forecasts turns values that are risks with their sign changed back into risks.
func forecasts(p []backtest.Point) []backtest.Forecast {
	f := make([]backtest.Forecast, len(p))
	for i, x := range p {
		f[i] = backtest.Forecast{Risk: -x.Value, Lost: x.Lost}
	}
	return f
}

// The area within each contract type.
func TestTelcoByContract(t *testing.T) {
	var want telco
	decode(t, filepath.Join(reference(t), "telco_expected.json"), &want)
	p := named(t, "p")
	var cases []backtest.Case
	for i, r := range table(t, "telco_design.csv", 7043) {
		c := scored(r["customerID"], p[i].Value, p[i].Lost)
		c.Group = "Month-to-month"
		if number(t, r["one_year"]) == 1 {
			c.Group = "One year"
		}
		if number(t, r["two_year"]) == 1 {
			c.Group = "Two year"
		}
		cases = append(cases, c)
	}
	r := trial(t, cases...).Report(backtest.Options{})
	if len(r.Groups) != 3 || len(want.AUCByContract) != 3 {
		t.Fatalf("%d groups, want %d", len(r.Groups), len(want.AUCByContract))
	}
	for _, g := range r.Groups {
		near(t, g.Name, g.AUC.Value, want.AUCByContract[g.Name], 1e-12)
	}
}

func TestTelcoCurves(t *testing.T) {
	ops := backtest.Operate(named(t, "p_rounded2"))
	precision, roc := table(t, "telco_pr_curve_rounded2.csv", 84), table(t, "telco_roc_curve_rounded2.csv", 84)
	find := func(threshold float64) (o backtest.Operating) {
		for _, x := range ops {
			if -x.At >= threshold-1e-9 {
				o = x
			}
		}
		return o
	}
	compared := 0
	for _, w := range precision {
		if w["threshold"] == "" || number(t, w["threshold"]) > 0.82+1e-9 {
			continue // the end of the curve, where nobody is alerted and a precision of 1 is made up
		}
		o := find(number(t, w["threshold"]))
		near(t, "precision at "+w["threshold"], o.Precision, number(t, w["precision"]), 1e-12)
		near(t, "recall at "+w["threshold"], o.Catch, number(t, w["recall"]), 1e-12)
		compared++
	}
	if compared != 83 || len(ops) != 83 {
		t.Errorf("%d points of the precision–recall curve were compared, there are %d", compared, len(ops))
	}
	for _, w := range roc {
		o := find(number(t, w["threshold"]))
		near(t, "tpr at "+w["threshold"], o.Catch, number(t, w["tpr"]), 1e-12)
		near(t, "fpr at "+w["threshold"], o.FalseAlarm, number(t, w["fpr"]), 1e-12)
	}
}

func TestTelcoLift(t *testing.T) {
	p := named(t, "p")
	tiers := backtest.Lift(p, 10)
	want := table(t, "telco_lift_deciles.csv", 10)
	if len(tiers) != 10 {
		t.Fatalf("%d tiers", len(tiers))
	}
	n := 0.0
	for i, w := range want {
		got := tiers[i]
		n += float64(got.N)
		for column, v := range map[string]float64{"n": float64(got.N), "events": got.Lost, "rate": got.Rate, "lift": got.Lift, "cum_gain": got.Catch,
			"cum_lift": got.Catch * float64(len(p)) / n, "min_p": -got.High, "max_p": -got.Low} {
			near(t, "decile "+w["decile"]+" "+column, v, number(t, w[column]), 1e-12)
		}
	}
	r := trialOf(t, p).Report(backtest.Options{})
	near(t, "top-decile lift", r.Lift, tiers[0].Lift, 1e-12)
}

func TestTelcoReliability(t *testing.T) {
	var want telco
	decode(t, filepath.Join(reference(t), "telco_expected.json"), &want)
	f := forecasts(named(t, "p"))
	var sorted []float64
	for _, x := range f {
		sorted = append(sorted, x.Risk)
	}
	sortFloats(sorted)
	var even, quantiles []float64
	for k := range 11 {
		even = append(even, float64(k)/10)
		q, _ := stat.Quantile(sorted, float64(k)/10)
		quantiles = append(quantiles, q)
	}
	for _, c := range []struct {
		file  string
		n     int
		edges []float64
		ece   float64
	}{
		{"telco_calibration_uniform10.csv", 9, even, want.ECEUniform},
		{"telco_calibration_quantile10.csv", 10, quantiles, want.ECEQuantile},
	} {
		r := must[backtest.Reliability](t)(backtest.Reliable(f, c.edges))
		rows := table(t, c.file, c.n)
		if len(r.Bins) != len(rows) {
			t.Fatalf("%s: %d bins, want %d", c.file, len(r.Bins), len(rows))
		}
		ece := 0.0
		for i, b := range r.Bins {
			near(t, c.file+" stated", b.Stated, number(t, rows[i]["mean_pred"]), 1e-12)
			near(t, c.file+" share", b.Share, number(t, rows[i]["frac_pos"]), 1e-12)
			ece += float64(b.N) / float64(r.N) * math.Abs(b.Stated-b.Share)
		}
		near(t, c.file+" calibration error", ece, c.ece, 1e-12)
		near(t, c.file+" decomposition", r.Gap-r.Resolution+r.Uncertainty+r.Within, r.Score, 1e-12)
	}
}
