package pace_test

import (
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// The tables are those of R's survival 3.5-3 and cmprsk, as internal/survival holds them; intervals on other scales than
// log-log, weights and strata are tested there.

func TestCurves(t *testing.T) {
	for set, n := range map[string]int{"aml_overall": 18, "aml_by_x": 20, "lung_overall": 186, "lung_by_sex": 206} {
		name, _, _ := strings.Cut(set, "_")
		groups := map[string][]pace.Step{}
		curves := map[string]*pace.Curve{}
		for _, row := range rows(t, "km_"+set+"_loglog.csv", n) {
			group := row["strata"]
			if curves[group] == nil {
				curves[group] = curve(t, pace.Options{}, stays(t, name, group)...)
				for s := range curves[group].Steps() {
					groups[group] = append(groups[group], s)
				}
			}
			if len(groups[group]) == 0 {
				t.Fatalf("%s %s has too few steps", set, group)
			}
			s := groups[group][0]
			groups[group] = groups[group][1:]
			what := set + " " + group + " on day " + row["time"]
			near(t, what+": day", s.Day, number(t, row["time"]), 1e-12)
			if float64(s.AtRisk) != number(t, row["n_risk"]) || float64(s.Ended) != number(t, row["n_event"]) || float64(s.Censored) != number(t, row["n_censor"]) {
				t.Errorf("%s: %+v, want %v", what, s, row)
			}
			near(t, what+": lasting", s.Lasting, number(t, row["surv"]), 1e-12)
			share, ok := curves[group].Lasting(s.Day)
			if !ok || share.Value != s.Lasting || share.AtRisk != s.AtRisk {
				t.Errorf("%s: %+v, %v", what, share, ok)
			}
			if s.Lasting > 0 && s.Lasting < 1 {
				near(t, what+": SE", s.SE, number(t, row["greenwood_se_S"]), 1e-12)
				near(t, what+": low", share.Low, number(t, row["lower"]), 1e-10)
				near(t, what+": high", share.High, number(t, row["upper"]), 1e-10)
			}
		}
		for group, left := range groups {
			if len(left) > 0 {
				t.Errorf("%s %s has %d more steps", set, group, len(left))
			}
		}
	}
}

func TestQuantiles(t *testing.T) {
	read := 0
	for _, row := range rows(t, "km_quantiles.csv", 90) {
		if row["conf_type"] != "log-log" {
			continue
		}
		read++
		set, _, _ := strings.Cut(row["case"], "_")
		q, ok := curve(t, pace.Options{}, stays(t, set, row["strata"])...).AnyQuantile(number(t, row["p"]))
		if !ok {
			t.Errorf("%v: no quantile", row)
		}
		what := row["case"] + " " + row["strata"] + " " + row["p"]
		same(t, what, q.Day, row["quantile"], 1e-12)
		same(t, what+" low", q.Low, row["lower"], 1e-12)
		same(t, what+" high", q.High, row["upper"], 1e-12)
	}
	if read != 30 {
		t.Errorf("%d rows, want 30", read)
	}
}

func TestMeans(t *testing.T) {
	for _, row := range rows(t, "rmst.csv", 9) {
		set, _, _ := strings.Cut(row["case"], "_")
		m, ok := curve(t, pace.Options{}, stays(t, set, row["strata"])...).Mean(number(t, row["tau"]))
		if !ok {
			t.Errorf("%v: no mean", row)
		}
		near(t, "mean", m.Days, number(t, row["rmean"]), 1e-12)
		near(t, "SE", m.SE, number(t, row["se_rmean"]), 1e-12)
	}
}

func TestCompareKnown(t *testing.T) {
	groups := func(set string, names ...string) (out []pace.Group) {
		for _, name := range names {
			out = append(out, pace.Group{Name: name, Sample: sample(t, stays(t, set, name)...)})
		}
		return out
	}
	for _, row := range rows(t, "rmst_difference.csv", 2) {
		set, _, _ := strings.Cut(row["case"], "_")
		c, err := pace.Compare(groups(set, row["g0"], row["g1"]), journey.Advance, number(t, row["tau"]), pace.Options{})
		if err != nil || c.Sides[1].Longer == nil || c.Sides[0].Longer != nil {
			t.Fatalf("%v: %+v, %v", row, c, err)
		}
		d := c.Sides[1].Longer
		near(t, "difference", d.Value, number(t, row["diff"]), 1e-12)
		near(t, "SE", d.SE, number(t, row["se"]), 1e-12)
		near(t, "p", d.P, number(t, row["p"]), 1e-10)
		near(t, "low", d.Low, number(t, row["lower"]), 1e-10)
		near(t, "high", d.High, number(t, row["upper"]), 1e-10)
	}
	tests := map[string][]map[string]string{}
	for _, row := range rows(t, "logrank.csv", 14) {
		if row["rho"] == "0" && !strings.Contains(row["case"], "strata") {
			tests[row["case"]] = append(tests[row["case"]], row)
		}
	}
	if len(tests) != 3 {
		t.Errorf("%d tests, want 3", len(tests))
	}
	for name, block := range tests {
		var names []string
		for _, row := range block {
			names = append(names, row["group"])
		}
		set, _, _ := strings.Cut(name, "~")
		c, err := pace.Compare(groups(set, names...), journey.Advance, 100, pace.Options{})
		if err != nil || c.P == nil {
			t.Fatalf("%s: %+v, %v", name, c, err)
		}
		near(t, name, c.ChiSquare, number(t, block[0]["chisq"]), 1e-10)
		near(t, name+" p", *c.P, number(t, block[0]["p"]), 1e-10)
		for i, row := range block {
			if float64(c.DF) != number(t, row["df"]) || float64(c.Sides[i].N) != number(t, row["n"]) || float64(c.Sides[i].Ended) != number(t, row["observed"]) {
				t.Errorf("%s: %+v, want %v", name, c.Sides[i], row)
			}
		}
	}
}

// TestCompeting has twelve accounts that advance, leave or stay.
func TestCompeting(t *testing.T) {
	kinds := map[string]journey.MoveKind{"0": "open", "1": journey.Advance, "2": journey.Leave}
	var list []pace.Stay
	for _, row := range rows(t, "small_competing_input.csv", 12) {
		list = append(list, stay(int(number(t, row["time"])), kinds[row["event"]]))
	}
	c := curve(t, pace.Options{}, list...)
	for _, row := range rows(t, "aj_small_competing.csv", 9) {
		day := number(t, row["time"])
		lasting, ok1 := c.Lasting(day)
		advance, ok2 := c.Ended(journey.Advance, day)
		leave, ok3 := c.Ended(journey.Leave, day)
		if !ok1 || !ok2 || !ok3 {
			t.Errorf("day %v is unknown", day)
		}
		near(t, "lasting", lasting.Value, number(t, row["p_s0"]), 1e-12)
		near(t, "advance", advance.Value, number(t, row["p_advance"]), 1e-12)
		near(t, "leave", leave.Value, number(t, row["p_churn"]), 1e-12)
		if advance.Low > advance.Value || advance.High < advance.Value || leave.Low > leave.Value || leave.High < leave.Value {
			t.Errorf("%+v, %+v", advance, leave)
		}
	}
}

// TestNotReached: value at 10, 20, 30, 40; left at 15, 25; open at 12, 35, 50, 50. By day 50 19/40 have advanced: the median
// is not reached, though that of all ends is, and one minus Kaplan–Meier would be above one half.
func TestNotReached(t *testing.T) {
	var list []pace.Stay
	for kind, days := range map[journey.MoveKind][]int{journey.Advance: {10, 20, 30, 40}, journey.Leave: {15, 25}, "open": {12, 35, 50, 50}} {
		for _, d := range days {
			list = append(list, stay(d, kind))
		}
	}
	c := curve(t, pace.Options{}, list...)
	p, ok := c.Ended(journey.Advance, 50)
	if !ok {
		t.Error("day 50 is unknown")
	}
	near(t, "advanced", p.Value, 19.0/40, 1e-15)
	q, ok := c.Quantile(journey.Advance, 0.5)
	if !ok || q.Day != nil || q.Low == nil || q.High != nil {
		t.Errorf("median %+v, %v", q, ok)
	}
	if q, ok := c.AnyQuantile(0.5); !ok || q.Day == nil || *q.Day != 30 {
		t.Errorf("median of all ends %+v, %v", q, ok)
	}
	if q, ok := c.Quantile(journey.Regress, 0.5); !ok || q.Day != nil {
		t.Errorf("nobody turned back: %+v, %v", q, ok)
	}
	if _, ok := c.Quantile(journey.Advance, 0); ok {
		t.Error("the quantile of 0 is none")
	}
	if _, ok := c.Ended(journey.Advance, 51); ok {
		t.Error("nobody was watched until day 51")
	}
}
