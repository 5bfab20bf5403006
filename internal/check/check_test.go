package check_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

func TestReport(t *testing.T) {
	type hue string
	var r check.Report
	var names check.Names
	for _, ok := range []bool{
		r.Name("", "/name", "phase one"),
		r.Maybe("", "/name", ""),
		r.Text("", "/note", ""),
		r.Fits("", "/list", 3, 3),
		r.Within("", "/share", 1, 0, 1),
		r.Finite("", "/x", -math.MaxFloat64),
		r.Span("", "/for", time.Hour),
		check.OneOf(&r, "", "/hue", hue(""), "", "red"),
		r.Define(&names, "/list/0", "/name", "usage"),
	} {
		if !ok {
			t.Errorf("refused what is right: %v", r.List)
		}
	}
	r.Format(1, 1)
	if len(r.List) > 0 {
		t.Fatalf("problems of what is right: %v", r.List)
	}

	r.Format(0, 1)
	r.Name("", "/name", "a/b")
	r.Maybe("", "/owner", " ")
	r.Text("", "/note", "\x00")
	r.Fits("", "/list", 4, 3)
	r.Within("/list/0", "/share", math.NaN(), 0, 1)
	r.Finite("/list/0", "/x", math.Inf(-1))
	r.Span("", "/for", -1)
	r.Span("", "/stale", 1)
	check.OneOf(&r, "", "/hue", hue("rde"), "", "red", "green")
	r.Define(&names, "/list/1", "/name", "usage")
	r.Define(&names, "/list/2", "/name", "")
	r.Define(&names, "/list/3", "/name", "")
	r.Refer(&names, "/limits/0", "/measure", "measure", "usgae")
	r.Refer(&names, "/limits/1", "/measure", "measure", strings.Repeat("é", 40))
	want := problem.List{
		{Pointer: "/format", Message: "must be 1, not 0"},
		{Pointer: "/name", Message: "contains '/', which joins names to paths"},
		{Pointer: "/owner", Message: "begins or ends with a space"},
		{Pointer: "/note", Message: "contains U+0000"},
		{Pointer: "/list", Message: "has 4 elements, over 3"},
		{Pointer: "/list/0/share", Message: "must be 0 to 1, not NaN"},
		{Pointer: "/list/0/x", Message: "must be finite, not -Inf"},
		{Pointer: "/for", Message: "must not be negative"},
		{Pointer: "/stale", Message: "duration 1ns is not a whole number of microseconds"},
		{Pointer: "/hue", Message: `must be one of red, green, not "rde": did you mean "red"?`},
		{Pointer: "/list/1/name", Message: `"usage" is the name of element 0 already`},
		{Pointer: "/list/2/name", Message: "is empty"},
		{Pointer: "/list/3/name", Message: "is empty"},
		{Pointer: "/limits/0/measure", Message: `there is no measure "usgae": did you mean "usage"?`},
		{Pointer: "/limits/1/measure", Message: `there is no measure "` + strings.Repeat("é", 32) + `…"`},
	}
	if diff := cmp.Diff(want, r.List); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if i, ok := names.Index("usage"); !ok || i != 0 {
		t.Errorf("usage is at %d, %t", i, ok)
	}
}

// TestGuessesAreBounded: a definition with many unknown names is checked in linear time.
func TestGuessesAreBounded(t *testing.T) {
	var r check.Report
	var names check.Names
	r.Define(&names, "", "", "usage")
	for i := range 100_001 {
		r.Refer(&names, "", "", "measure", "usag")
		if hint := strings.Contains(r.List[i].Message, "did you mean"); hint != (i < 100_000) {
			t.Fatalf("reference %d: %s", i, r.List[i].Message)
		}
	}
}
