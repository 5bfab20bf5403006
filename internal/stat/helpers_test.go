package stat_test

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
)

// near fails unless got is want to a relative tolerance, absolute below 1.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// nearRelative fails unless got is want to a relative tolerance, however small want is.
func nearRelative(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// known fails the test when an answer is undefined, and returns it otherwise.
func known(t *testing.T) func(v float64, ok bool) float64 {
	return func(v float64, ok bool) float64 {
		t.Helper()
		if !ok {
			t.Error("undefined")
		}
		return v
	}
}

// rows reads a table of testdata as one map a row.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	return refdata.Rows(t, filepath.Join("testdata", name))
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	return refdata.Number(t, text)
}

// unchanged runs f over x and fails if f modified it.
func unchanged(t *testing.T, x []float64, f func([]float64)) {
	t.Helper()
	before := slices.Clone(x)
	f(x)
	if !slices.EqualFunc(x, before, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
		t.Error("the input was modified")
	}
}
