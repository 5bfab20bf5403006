package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

func reference(t *testing.T, name string) string {
	t.Helper()
	return refdata.Reference(t, "../../../shared/reference", "experiment", name)
}

// read fills into with a JSON file of known answers.
func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(reference(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// table returns the rows of a CSV file by column, as many as there must be.
func table(t *testing.T, name string, want int) []map[string]string {
	t.Helper()
	rows := refdata.Rows(t, reference(t, name))
	if len(rows) != want {
		t.Fatalf("%s has %d rows, want %d", name, len(rows), want)
	}
	return rows
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	return refdata.Number(t, s)
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

// bucketCases are those of gb_buckets.json, GrowthBook's test cases of how units are split.
type bucketCases struct {
	Ranges  [][]json.RawMessage `json:"getBucketRange"`
	Chosen  [][]json.RawMessage `json:"chooseVariation"`
	Layers  [][]json.RawMessage `json:"inNamespace"`
	Weights [][]json.RawMessage `json:"getEqualWeights"`
}

// into reads the columns of one case.
func into(t *testing.T, row []json.RawMessage, columns ...any) {
	t.Helper()
	if len(row) != len(columns) {
		t.Fatalf("%s has %d columns, want %d", row, len(row), len(columns))
	}
	for i, c := range columns {
		if err := json.Unmarshal(row[i], c); err != nil {
			t.Fatal(err)
		}
	}
}

// trialOf is a trial of as many arms as there are weights.
func trialOf(weights []float64) Trial {
	trial := Trial{Format: 1, Name: "t", Seed: "s", Plan: Plan{Control: "0", Measure: Mean, Better: Higher, Horizon: 1000}}
	for i, w := range weights {
		trial.Arms = append(trial.Arms, Arm{strconv.Itoa(i), int(math.Round(w * Buckets))})
	}
	return trial
}

// equal is the weights of arms that are alike.
func equal(arms int) (weights []float64) {
	for range arms {
		weights = append(weights, 1/float64(arms))
	}
	return weights
}

// TestRangesReference has the ranges of GrowthBook's SDK. Where that SDK mends what it is given, this package refuses it or
// reads it by rules of its own: a coverage of 0 is all, and weights are relations, whatever they sum to.
func TestRangesReference(t *testing.T) {
	var cases bucketCases
	read(t, "gb_buckets.json", &cases)
	otherwise := map[string]string{
		"zero coverage":                              "[[0 5000] [5000 10000]]",
		"negative coverage":                          "/coverage",
		"coverage above 1":                           "/coverage",
		"weights sum below 1":                        "[[0 8000] [8000 10000]]",
		"weights sum above 1":                        "[[0 5384] [5384 10000]]",
		"weights.length not equal to num variations": "[[0 4000] [4000 8000] [8000 10000]]",
		"weights sum almost equals 1":                "[[0 4000] [4000 10000]]",
	}
	for _, c := range cases.Ranges {
		var name string
		var asked []json.RawMessage
		var want [][2]float64
		var arms int
		var coverage float64
		var weights []float64
		into(t, c, &name, &asked, &want)
		into(t, asked, &arms, &coverage, &weights)
		if weights == nil {
			weights = equal(arms)
		}
		trial := trialOf(weights)
		trial.Coverage = int(math.Round(coverage * Buckets))
		theirs := make([][2]int, len(want))
		for i, w := range want {
			theirs[i] = [2]int{int(math.Round(w[0] * Buckets)), int(math.Round(w[1] * Buckets))}
		}
		expected, differs := otherwise[name]
		if !differs {
			expected = fmt.Sprint(theirs)
		}
		m, err := Compile(trial)
		var bad *InvalidError
		got := ""
		switch {
		case errors.As(err, &bad):
			got = bad.Problems[0].Pointer
		case err != nil:
			t.Fatal(err)
		default:
			ours := make([][2]int, len(trial.Arms))
			for i := range ours {
				ours[i] = [2]int{m.split.from[i], m.split.from[i] + m.split.taken[i]}
			}
			got = fmt.Sprint(ours)
		}
		if got != expected || differs && got == fmt.Sprint(theirs) {
			t.Errorf("%s: %s, want %s", name, got, expected)
		}
	}
	if len(cases.Ranges) != 13 {
		t.Errorf("%d ranges, want 13", len(cases.Ranges))
	}
}

// TestChoiceReference has GrowthBook's choice of a range, of layers, and its equal weights, which are short of one where
// ours give the rest to the last arm.
func TestChoiceReference(t *testing.T) {
	var cases bucketCases
	read(t, "gb_buckets.json", &cases)
	for _, c := range cases.Chosen {
		var name string
		var at float64
		var ranges [][2]float64
		var want int
		into(t, c, &name, &at, &ranges, &want)
		var s split
		for _, r := range ranges {
			from := int(math.Round(r[0] * Buckets))
			s.from, s.taken = append(s.from, from), append(s.taken, int(math.Round(r[1]*Buckets))-from)
		}
		if got := s.arm(int(math.Round(at * Buckets))); got != want {
			t.Errorf("%s: arm %d, want %d", name, got, want)
		}
	}
	for _, c := range cases.Layers { // their layers have version 1's hash
		var name, unit, layer string
		var from, to float64
		var in []json.RawMessage
		var want bool
		into(t, c, &name, &unit, &in, &want)
		into(t, in, &layer, &from, &to)
		at := float64(fnv1a(fnv1a(offset32, unit), layerPrefix+layer)%1000) / 1000
		if got := at >= from && at < to; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for _, c := range cases.Weights {
		var arms int
		var want []float64
		into(t, c, &arms, &want)
		m, err := Compile(trialOf(equal(arms)))
		if arms < 2 {
			if err == nil {
				t.Errorf("%d arms compile", arms)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range m.Buckets() {
			if extra := float64(n) - math.Floor(want[i]*Buckets); extra < 0 || extra > 1 || extra == 1 && i < arms-1 {
				t.Errorf("arm %d of %d has %d buckets, want %v", i, arms, n, want[i])
			}
		}
	}
	if len(cases.Chosen) != 13 || len(cases.Layers) != 16 || len(cases.Weights) != 6 {
		t.Errorf("%d choices, %d layers, %d weights, want 13, 16 and 6", len(cases.Chosen), len(cases.Layers), len(cases.Weights))
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
	read(t, "srm_expected.json", &cases)
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
			{"p_unpooled", 2 * stat.NormalCDF(-math.Abs(unpooled)), 1e-10},
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
