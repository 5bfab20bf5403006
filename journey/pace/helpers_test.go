package pace_test

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(days int) time.Time { return start.AddDate(0, 0, days) }

// stay lasts so many days and ends in a way; "open": it has not ended.
func stay(days int, kind journey.MoveKind) pace.Stay {
	s := pace.Stay{Account: "a", Phase: "adopt", From: start, To: after(days)}
	if kind != "open" {
		s.Ended, s.Kind = true, kind
	}
	return s
}

func sample(t testing.TB, stays ...pace.Stay) *pace.Sample {
	t.Helper()
	var s pace.Sample
	if err := s.Add(stays...); err != nil {
		t.Fatal(err)
	}
	return &s
}

func curve(t testing.TB, o pace.Options, stays ...pace.Stay) *pace.Curve {
	t.Helper()
	c, err := sample(t, stays...).Estimate(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// near fails unless got is want to a relative tolerance, absolute below 1.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// same fails unless got is what a cell says, an empty one being nil.
func same(t testing.TB, what string, got *float64, cell string, tolerance float64) {
	t.Helper()
	switch {
	case (got != nil) != (cell != ""):
		t.Errorf("%s = %v, want %q", what, got, cell)
	case got != nil:
		near(t, what, *got, number(t, cell), tolerance)
	}
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	return refdata.Number(t, text)
}

// rows reads one of the tables that R's survival wrote, as one map a row, and checks how many they are.
func rows(t testing.TB, name string, n int) []map[string]string {
	t.Helper()
	out := refdata.Rows(t, filepath.Join("../../internal/survival/testdata", name))
	if len(out) != n {
		t.Fatalf("%s has %d rows, want %d", name, len(out), n)
	}
	return out
}

// stays returns the rows of aml or lung in a group such as "sex=1", "" being all, as stays that end by an advance.
func stays(t testing.TB, set, group string) []pace.Stay {
	t.Helper()
	n, ended := 23, "1"
	if set == "lung" {
		n, ended = 228, "2"
	}
	var out []pace.Stay
	for _, row := range rows(t, set+".csv", n) {
		in := group == ""
		for column, value := range row {
			in = in || column+"="+value == group
		}
		if !in {
			continue
		}
		kind := journey.MoveKind("open")
		if row["status"] == ended {
			kind = journey.Advance
		}
		out = append(out, stay(int(number(t, row["time"])), kind))
	}
	if len(out) == 0 {
		t.Fatalf("%s has no %s", set, group)
	}
	return out
}
