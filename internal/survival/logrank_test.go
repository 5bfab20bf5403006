package survival_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// TestSurvdiff holds R's survdiff: two and four groups, two weights, and strata by institution.
func TestSurvdiff(t *testing.T) {
	var blocks [][]map[string]string
	for _, row := range rows(t, "logrank.csv") {
		last := len(blocks) - 1
		if last < 0 || blocks[last][0]["case"] != row["case"] || blocks[last][0]["rho"] != row["rho"] {
			blocks = append(blocks, nil)
			last++
		}
		blocks[last] = append(blocks[last], row)
	}
	if len(blocks) != 6 {
		t.Fatalf("%d comparisons, want 6", len(blocks))
	}
	for _, block := range blocks {
		t.Run(block[0]["case"]+" rho "+block[0]["rho"], func(t *testing.T) {
			weight := survival.LogRankWeight
			if block[0]["rho"] == "1" {
				weight = survival.PetoWeight
			}
			var c survival.Comparison
			var err error
			set, _, _ := strings.Cut(block[0]["case"], "~")
			if strings.Contains(block[0]["case"], "strata(inst)") {
				c, err = survival.StratifiedLogRank(institutions(t), weight)
			} else {
				var groups [][]survival.Observation
				for _, row := range block {
					groups = append(groups, strata(t, set, row["group"]))
				}
				c, err = survival.LogRank(groups, weight)
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(c.Groups) != len(block) {
				t.Fatalf("%d groups, want %d", len(c.Groups), len(block))
			}
			for i, row := range block {
				g := c.Groups[i]
				if g.N != count(t, row["n"]) || c.DF != count(t, row["df"]) {
					t.Errorf("n %d, df %d, want %v", g.N, c.DF, row)
				}
				near(t, "observed", g.Observed, number(t, row["observed"]), 1e-12)
				near(t, "expected", g.Expected, number(t, row["expected"]), 1e-12)
				near(t, "variance", g.Variance, number(t, row["var_diag"]), 1e-10)
				near(t, "chi-square", c.ChiSquare, number(t, row["chisq"]), 1e-10)
				p, ok := c.P()
				same(t, "p", p, ok, row["p"], 1e-10)
			}
		})
	}
}

// institutions returns lung by institution and, within, by sex; R leaves out the one row without an institution.
func institutions(t *testing.T) [][][]survival.Observation {
	t.Helper()
	names := map[string]bool{}
	for _, row := range rows(t, "lung.csv") {
		if row["inst"] != "" {
			names[row["inst"]] = true
		}
	}
	var sorted []string
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	var out [][][]survival.Observation
	for _, inst := range sorted {
		var groups [][]survival.Observation
		for _, sex := range []string{"1", "2"} {
			groups = append(groups, read(t, "lung.csv", "2", func(row map[string]string) bool {
				return row["inst"] == inst && row["sex"] == sex
			}))
		}
		out = append(out, groups)
	}
	return out
}

// TestLogRankRank: two pairs of groups that are never at risk together make two comparisons, whose statistics add.
func TestLogRankRank(t *testing.T) {
	early := [][]survival.Observation{
		{{Time: 1, Cause: 1}, {Time: 2, Cause: 1}, {Time: 4}},
		{{Time: 2}, {Time: 3, Cause: 1}, {Time: 4, Cause: 1}},
	}
	late := [][]survival.Observation{
		{{Entry: 10, Time: 11, Cause: 1}, {Entry: 10, Time: 12, Cause: 1}},
		{{Entry: 10, Time: 13, Cause: 1}, {Entry: 10, Time: 14}, {Entry: 10, Time: 14}},
	}
	sum := 0.0
	for _, pair := range [][][]survival.Observation{early, late} {
		c, err := survival.LogRank(pair, "")
		if err != nil || c.DF != 1 {
			t.Fatalf("%+v, %v", c, err)
		}
		sum += c.ChiSquare
	}
	c, err := survival.LogRank(slices.Concat(early, late), "")
	if err != nil || c.DF != 2 {
		t.Fatalf("%+v, %v, want 2 degrees of freedom", c, err)
	}
	near(t, "chi-square", c.ChiSquare, sum, 1e-12)

	// One of each pair: nothing to compare.
	c, err = survival.LogRank([][]survival.Observation{early[0], late[0], nil}, "")
	if err != nil || c.DF != 0 || c.ChiSquare != 0 {
		t.Errorf("%+v, %v, want no comparison", c, err)
	}
	if p, ok := c.P(); ok {
		t.Errorf("p = %v of no comparison", p)
	}
	// Adding a group without observations changes nothing.
	with, err := survival.LogRank([][]survival.Observation{nil, early[0], early[1]}, "")
	without, _ := survival.LogRank(early, "")
	if err != nil || with.ChiSquare != without.ChiSquare || with.DF != 1 {
		t.Errorf("%+v and %+v, %v", with, without, err)
	}
}

func TestLogRankErrors(t *testing.T) {
	one := []survival.Observation{{Time: 1, Cause: 1}}
	for _, tt := range []struct {
		name   string
		strata [][][]survival.Observation
		weight survival.Weight
	}{
		{"no strata", nil, ""},
		{"one group", [][][]survival.Observation{{one}}, ""},
		{"ragged", [][][]survival.Observation{{one, one}, {one, one, one}}, ""},
		{"weight", [][][]survival.Observation{{one, one}}, "gehan"},
	} {
		if c, err := survival.StratifiedLogRank(tt.strata, tt.weight); err == nil || !strings.HasPrefix(err.Error(), "survival: ") {
			t.Errorf("%s: %+v, %v", tt.name, c, err)
		}
	}
}
