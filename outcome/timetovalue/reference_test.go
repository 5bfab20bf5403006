package timetovalue_test

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

// rows reads a table whose source the README beside it names.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	return refdata.Rows(t, filepath.Join("..", "..", "internal", "survival", "testdata", name))
}

func read(t *testing.T, text string) float64 {
	t.Helper()
	return refdata.Number(t, text)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// timed is a case of so many days.
func timed(t *testing.T, time string, arrived, left bool) timetovalue.Case {
	t.Helper()
	c := timetovalue.Case{Account: "a", From: start}
	switch end := after(int(read(t, time))); {
	case arrived:
		c.Value = end
	case left:
		c.Left = end
	default:
		c.Seen = end
	}
	return c
}

// studies are the data sets whose quantiles and tests R's survival gives. Their deaths are value here, their units days.
func studies(t *testing.T) map[string][]timetovalue.Case {
	t.Helper()
	m := map[string][]timetovalue.Case{}
	add := func(c timetovalue.Case, names ...string) {
		for _, name := range names {
			m[name] = append(m[name], c)
		}
	}
	for _, row := range rows(t, "aml.csv") {
		add(timed(t, row["time"], row["status"] == "1", false), "aml_overall ", "aml_by_x x="+row["x"])
	}
	for _, row := range rows(t, "lung.csv") {
		add(timed(t, row["time"], row["status"] == "2", false), "lung_overall ", "lung_by_sex sex="+row["sex"])
	}
	return m
}

// TestQuantiles: R's quantile(survfit), every row; where nobody leaves, the incidence is one minus Kaplan–Meier. Its intervals
// are not compared: they are symmetric on a scale of the survival, these on one of the incidence.
func TestQuantiles(t *testing.T) {
	in := map[string]timetovalue.Incidence{}
	for name, cases := range studies(t) {
		x, err := timetovalue.Estimate(cases)
		if err != nil {
			t.Fatal(err)
		}
		in[name] = x
	}
	table := rows(t, "km_quantiles.csv")
	if len(table) != 90 {
		t.Fatalf("%d rows, want 90", len(table))
	}
	for _, row := range table {
		name := row["case"] + " " + row["strata"]
		day, ok := in[name].Quantile(read(t, row["p"]))
		if ok != (row["quantile"] != "") {
			t.Errorf("%s %s: %v, want %q", name, row["p"], ok, row["quantile"])
		} else if ok {
			near(t, name+" "+row["p"], day, read(t, row["quantile"]), 1e-12)
		}
	}
}

// TestCumulativeIncidence: R's cmprsk::cuminc, every row, estimates and Aalen's variance of value.
func TestCumulativeIncidence(t *testing.T) {
	var cases []timetovalue.Case
	for _, row := range rows(t, "small_competing_input.csv") {
		cases = append(cases, timed(t, row["time"], row["event"] == "1", row["event"] == "2"))
	}
	in, err := timetovalue.Estimate(cases)
	if err != nil {
		t.Fatal(err)
	}
	table := rows(t, "cuminc_small_competing_cmprsk.csv")
	if len(table) != 20 {
		t.Fatalf("%d rows, want 20", len(table))
	}
	want := map[string]map[string]string{} // the last row of a curve and a time is from then on
	for _, row := range table {
		want[row["curve"]+" "+row["time"]] = row
	}
	checked := 0
	for _, s := range in.Steps {
		for curve, got := range map[string]float64{"1 1": s.Value, "1 2": s.Left} {
			row, ok := want[fmt.Sprint(curve, " ", s.Day)]
			if !ok {
				continue
			}
			checked++
			near(t, fmt.Sprint(curve, " day ", s.Day), got, read(t, row["est"]), 1e-12)
			if curve == "1 1" {
				near(t, fmt.Sprint("variance, day ", s.Day), s.SE*s.SE, read(t, row["var"]), 1e-12)
			}
		}
	}
	if checked != len(want)-2 { // all but time 0 of both curves
		t.Errorf("%d of %d rows checked", checked, len(want)-2)
	}
}

// TestEdgeCases: R's survfit of all censored, one end, all tie, time 0 and a median on a step, every row.
func TestEdgeCases(t *testing.T) {
	cases := map[string][]timetovalue.Case{}
	for _, row := range rows(t, "km_edge_cases_input.csv") {
		cases[row["case"]] = append(cases[row["case"]], timed(t, row["time"], row["status"] == "1", false))
	}
	table := rows(t, "km_edge_cases.csv")
	if len(table) != 15 {
		t.Fatalf("%d rows, want 15", len(table))
	}
	for _, row := range table {
		in, err := timetovalue.Estimate(cases[row["case"]])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range in.Steps {
			if s.Day == read(t, row["time"]) {
				near(t, row["case"]+" waiting", s.Waiting, read(t, row["surv"]), 1e-12)
				near(t, row["case"]+" value", s.Value, 1-read(t, row["surv"]), 1e-12)
				if got := fmt.Sprint(s.AtRisk, s.Arrived, s.Censored); got != row["n_risk"]+" "+row["n_event"]+" "+row["n_censor"] {
					t.Errorf("%s day %v: %s, want %v", row["case"], s.Day, got, row)
				}
			}
		}
		median, ok := in.Quantile(0.5)
		if ok != (row["median"] != "") || ok && median != read(t, row["median"]) {
			t.Errorf("%s: median %v, %v, want %q", row["case"], median, ok, row["median"])
		}
	}
}

// TestLogRank: R's survdiff with rho 0, both comparisons of two groups.
func TestLogRank(t *testing.T) {
	in := studies(t)
	checked := 0
	for _, row := range rows(t, "logrank.csv") {
		name := map[string]string{"aml~x": "aml_by_x x=", "lung~sex": "lung_by_sex sex="}[row["case"]]
		if name == "" || row["rho"] != "0" {
			continue
		}
		groups := []string{"Maintained", "Nonmaintained"}
		if strings.HasPrefix(name, "lung") {
			groups = []string{"1", "2"}
		}
		c, err := timetovalue.Compare(in[name+groups[0]], in[name+groups[1]], timetovalue.Options{Resamples: 100})
		if err != nil {
			t.Fatal(err)
		}
		near(t, name, c.ChiSquare, read(t, row["chisq"]), 1e-10)
		if c.P == nil {
			t.Fatalf("%s: no p-value", name)
		}
		near(t, name+" p", *c.P, read(t, row["p"]), 1e-10)
		checked++
	}
	if checked != 4 {
		t.Errorf("%d rows checked, want 4", checked)
	}
}
