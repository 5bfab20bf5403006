package experiment

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// reference returns a file of known answers, or skips.
func reference(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("CS_REFERENCE")
	if root == "" {
		root = "../../../shared/reference"
	}
	data, err := os.ReadFile(filepath.Join(root, "experiment", name))
	if err != nil {
		if os.Getenv("CS_REFERENCE") == "" {
			t.Skip("the known answers are not part of the project: ", err)
		}
		t.Fatal(err)
	}
	return data
}

// table returns the rows of a CSV file by column, as many as there must be.
func table(t *testing.T, name string, want int) (out []map[string]string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(reference(t, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != want+1 {
		t.Fatalf("%s has %d rows, want a head and %d", name, len(rows), want)
	}
	for _, row := range rows[1:] {
		columns := map[string]string{}
		for i, column := range rows[0] {
			columns[column] = row[i]
		}
		out = append(out, columns)
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// near holds a number to a relative tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// TestHashReference has the hashes of GrowthBook's SDK (test cases, specification 0.8.0). Version 2 is this package's;
// version 1 is its inner hash over unit and seed, by thousandths. The last row asks for a version that there is not.
func TestHashReference(t *testing.T) {
	versions := map[string]int{}
	for _, row := range table(t, "gb_hash.csv", 15) {
		versions[row["version"]]++
		switch row["version"] {
		case "1":
			got := fnv1a(fnv1a(offset32, row["value"]), row["seed"]) % 1000
			if want := math.Round(number(t, row["expected"]) * 1000); float64(got) != want {
				t.Errorf("%q, %q: %d thousandths, want %v", row["seed"], row["value"], got, want)
			}
		case "2":
			got := bucket(row["value"], row["seed"])
			if want := math.Round(number(t, row["expected"]) * Buckets); float64(got) != want {
				t.Errorf("%q, %q: bucket %d, want %v", row["seed"], row["value"], got, want)
			}
		}
	}
	if versions["1"] != 7 || versions["2"] != 7 || versions["99"] != 1 {
		t.Errorf("rows by version: %v", versions)
	}
}

// TestRangesReference has the ranges of GrowthBook's SDK for weights that are shares of one and coverage within (0, 1].
// What that SDK mends (no weights, sums other than one, coverage of 0, below 0 or above 1) this package refuses or
// reads otherwise: shares are relations, and 0 is all.
func TestRangesReference(t *testing.T) {
	var cases struct {
		Ranges [][]json.RawMessage `json:"getBucketRange"`
		Layers [][]json.RawMessage `json:"inNamespace"`
	}
	if err := json.Unmarshal(reference(t, "gb_buckets.json"), &cases); err != nil {
		t.Fatal(err)
	}
	into := func(data json.RawMessage, v any) {
		t.Helper()
		if err := json.Unmarshal(data, v); err != nil {
			t.Fatal(err)
		}
	}
	checked := 0
	for _, c := range cases.Ranges {
		var name string
		var arms int
		var coverage float64
		var weights []float64
		var asked []json.RawMessage
		var want [][2]float64
		into(c[0], &name)
		into(c[1], &asked)
		into(c[2], &want)
		into(asked[0], &arms)
		into(asked[1], &coverage)
		into(asked[2], &weights)
		sum := 0.0
		trial := Trial{Seed: "s", Coverage: int(math.Round(coverage * Buckets))}
		for i := range arms {
			w := 1.0 / float64(arms)
			if weights != nil && i < len(weights) {
				w = weights[i]
			}
			sum += w
			trial.Arms = append(trial.Arms, Arm{strconv.Itoa(i), int(math.Round(w * Buckets))})
		}
		if len(weights) > 0 && len(weights) != arms || math.Abs(sum-1) > 1e-9 || coverage <= 0 || coverage > 1 {
			continue
		}
		checked++
		m, err := Compile(trial)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			from, to := m.edges[i], m.edges[i]+m.taken[i]
			if float64(from) != math.Round(w[0]*Buckets) || float64(to) != math.Round(w[1]*Buckets) {
				t.Errorf("%s: arm %d has [%d, %d), want %v", name, i, from, to, w)
			}
		}
	}
	if len(cases.Ranges) != 13 || checked != 6 {
		t.Errorf("%d of %d ranges checked, want 6 of 13", checked, len(cases.Ranges))
	}
	for _, c := range cases.Layers { // their layers have version 1's hash
		var name, unit, layer string
		var from, to float64
		var in []json.RawMessage
		var want bool
		into(c[0], &name)
		into(c[1], &unit)
		into(c[2], &in)
		into(c[3], &want)
		into(in[0], &layer)
		into(in[1], &from)
		into(in[2], &to)
		at := float64(fnv1a(fnv1a(offset32, unit), layerPrefix+layer)%1000) / 1000
		if got := at >= from && at < to; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if len(cases.Layers) != 16 {
		t.Errorf("%d layers, want 16", len(cases.Layers))
	}
}

// TestRatioReference has chi-square tests by SciPy.
func TestRatioReference(t *testing.T) {
	var cases []struct {
		Obs  []int
		W    []float64
		Chi2 float64
		P    float64
	}
	if err := json.Unmarshal(reference(t, "srm_expected.json"), &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 3 {
		t.Fatalf("%d cases, want 3", len(cases))
	}
	for _, c := range cases {
		var weights []int
		for _, w := range c.W {
			weights = append(weights, int(math.Round(w*Buckets)))
		}
		got, err := CheckRatio(c.Obs, weights)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "chi-square", got.ChiSquare, c.Chi2, 1e-10)
		near(t, "p", got.P, c.P, 1e-10)
	}
}

// TestSharesReference has tests and intervals by statsmodels 0.13.5 and SciPy.
func TestSharesReference(t *testing.T) {
	const z = 1.959963984540054
	for _, row := range table(t, "two_proportion_expected.csv", 8) {
		count := func(x, n string) Count { return Count{int(number(t, row[x])), int(number(t, row[n]))} }
		d, err := CompareShares(count("x_ctrl", "n_ctrl"), count("x_treat", "n_treat"), 0.95)
		if err != nil {
			t.Fatal(err)
		}
		unpooled := d.Value / d.SE
		for _, c := range []struct {
			column    string
			got       float64
			tolerance float64
		}{
			{"diff", d.Value, 1e-12},
			{"z_pooled", d.Z, 1e-12},
			{"p_pooled", d.P, 1e-10},
			{"z_unpooled", unpooled, 1e-12},
			{"ci_wald_lo", d.Value - z*d.SE, 1e-10},
			{"ci_wald_hi", d.Value + z*d.SE, 1e-10},
			{"ci_newcomb_lo", d.Interval.Low, 1e-10},
			{"ci_newcomb_hi", d.Interval.High, 1e-10},
			{"fisher_p", d.Exact, 1e-10},
		} {
			near(t, row["x_ctrl"]+"/"+row["n_ctrl"]+": "+c.column, c.got, number(t, row[c.column]), c.tolerance)
		}
	}
}

// TestSizesReference has sizes and effect sizes by statsmodels, for a confidence of 0.95 and a power of 0.8.
func TestSizesReference(t *testing.T) {
	for _, row := range table(t, "sample_size_expected.csv", 5) {
		from, to := number(t, row["p1"]), number(t, row["p2"])
		s, err := SizeForShares(from, to, Sizing{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "h", s.H, number(t, row["cohens_h"]), 1e-12)
		near(t, "arcsine", s.Arcsine, number(t, row["n_per_arm_arcsine"]), 1e-9) // a root found by search
		near(t, "pooled", s.Pooled, number(t, row["n_per_arm_pooled_formula"]), 1e-12)
		if want := int(math.Ceil(number(t, row["n_per_arm_pooled_formula"]))); s.PerArm != want {
			t.Errorf("%v to %v: %d units an arm, want %d", from, to, s.PerArm, want)
		}
		power, err := PowerForShares(from, to, s.PerArm, Sizing{})
		if err != nil || power < 0.8 || power > 0.802 {
			t.Errorf("%v to %v: power %v, %v", from, to, power, err)
		}
	}
}
