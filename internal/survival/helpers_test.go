package survival_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// near fails unless got is want to a relative tolerance, absolute below 1.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// same fails unless got, which may be undefined, is what a cell says, an empty one being undefined.
func same(t *testing.T, what string, got float64, ok bool, cell string, tolerance float64) {
	t.Helper()
	switch {
	case ok != (cell != ""):
		t.Errorf("%s = %v, %v, want %q", what, got, ok, cell)
	case ok:
		near(t, what, got, number(t, cell), tolerance)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	return refdata.Number(t, text)
}

func count(t *testing.T, text string) int { t.Helper(); return int(number(t, text)) }

// rows reads a table of testdata as one map a row.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	return refdata.Rows(t, filepath.Join("testdata", name))
}

// read returns the observations of a table for which keep holds. A status equal to ended is an end by cause 1.
func read(t *testing.T, name, ended string, keep func(row map[string]string) bool) []survival.Observation {
	t.Helper()
	var obs []survival.Observation
	for _, row := range rows(t, name) {
		if keep != nil && !keep(row) {
			continue
		}
		o := survival.Observation{Time: number(t, row["time"])}
		if row["status"] == ended {
			o.Cause = 1
		}
		obs = append(obs, o)
	}
	return obs
}

// strata returns the observations that the tables call by a data set, "overall" or by a group, and a group such as "sex=1".
func strata(t *testing.T, set, group string) []survival.Observation {
	t.Helper()
	ended := "1"
	if set == "lung" {
		ended = "2"
	}
	if group == "" {
		return read(t, set+".csv", ended, nil)
	}
	obs := read(t, set+".csv", ended, func(row map[string]string) bool {
		for name, value := range row {
			if name+"="+value == group {
				return true
			}
		}
		return false
	})
	if len(obs) == 0 {
		t.Fatalf("%s has no %s", set, group)
	}
	return obs
}

func curve(t *testing.T, obs []survival.Observation) survival.Curve {
	t.Helper()
	before := slices.Clone(obs)
	c, err := survival.KaplanMeier(obs)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(obs, before) {
		t.Error("KaplanMeier modified its input")
	}
	return c
}

func incidence(t *testing.T, obs []survival.Observation, causes int) survival.Incidence {
	t.Helper()
	before := slices.Clone(obs)
	x, err := survival.AalenJohansen(obs, causes)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(obs, before) {
		t.Error("AalenJohansen modified its input")
	}
	return x
}

// sample returns up to most observations with ties, some entering late.
func sample(r *rand.Rand, most, causes int) []survival.Observation {
	obs := make([]survival.Observation, r.IntN(most)+1)
	for i := range obs {
		o := survival.Observation{Time: float64(r.IntN(12)), Cause: r.IntN(causes + 1)}
		if r.IntN(3) == 0 && o.Time > 1 {
			o.Entry = float64(1 + r.IntN(int(o.Time)-1))
		}
		obs[i] = o
	}
	return obs
}
