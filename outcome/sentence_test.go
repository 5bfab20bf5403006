package outcome_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestParseDesired(t *testing.T) {
	for _, d := range []outcome.Desired{
		{Direction: outcome.Minimise, Measure: "time", Object: "it takes to close the books"},
		{Direction: outcome.Minimise, Measure: "time", Object: "it takes to close the books", Context: "at the end of a quarter, by two people"},
		{Direction: outcome.Increase, Measure: "likelihood", Object: "that an order arrives", Example: "in winter, e.g. in snow"},
		{Direction: outcome.Reduce, Measure: "cost", Object: "of a case", Context: "abroad", Example: "in two currencies"},
		{Direction: outcome.Maximise, Measure: "share", Object: "of weeks,without a fault"},
	} {
		got, err := outcome.ParseDesired(d.String())
		if err != nil {
			t.Errorf("%q: %v", d, err)
		}
		if diff := cmp.Diff(d, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", d, diff)
		}
	}
}

func TestParseDesiredRefuses(t *testing.T) {
	tests := []struct {
		sentence string
		want     outcome.Problem
	}{
		{"", outcome.Problem{Pointer: "/direction", Message: `is missing: write a sentence that begins with "minimise the", "maximise the", "increase the" or "reduce the"`}},
		{"Minimise the time it takes", outcome.Problem{Pointer: "/direction"}},
		{"minimise time", outcome.Problem{Pointer: "/direction"}},
		{"a faster close", outcome.Problem{Pointer: "/direction"}},
		{"minimise the time", outcome.Problem{Pointer: "/object", Message: "is missing"}},
		{"minimise the  time it takes", outcome.Problem{Pointer: "/measure", Message: "is missing"}},
		{"minimise the time it takes, ", outcome.Problem{Pointer: "/context", Message: "is missing"}},
		{"minimise the time it takes, e.g. ", outcome.Problem{Pointer: "/example", Message: "is missing"}},
		{"minimise the time it takes, at night, e.g. ", outcome.Problem{Pointer: "/example", Message: "is missing"}},
		{"minimise the time \xff", outcome.Problem{Pointer: "/object", Message: "is not valid UTF-8"}},
		{"minimise the time it takes, " + strings.Repeat("x", 1025), outcome.Problem{Pointer: "/context", Message: "has 1025 bytes, over 1024"}},
	}
	for _, tt := range tests {
		_, err := outcome.ParseDesired(tt.sentence)
		got := problems(t, err)
		if len(got) != 1 || got[0].Pointer != tt.want.Pointer || tt.want.Message != "" && got[0].Message != tt.want.Message {
			t.Errorf("%.60q: got %v, want %v", tt.sentence, got, tt.want)
		}
	}
}

// FuzzSentence holds that a sentence that reads prints as itself.
func FuzzSentence(f *testing.F) {
	for _, s := range []string{"minimise the time it takes", "increase the share of x, at night, e.g. in snow, e.g. deep", "reduce the cost , , e.g. x",
		"maximise the  x", "minimise the time it, e.g. a, b", "minimise the time it takes, , e.g. x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sentence string) {
		d, err := outcome.ParseDesired(sentence)
		if err != nil {
			var invalid *outcome.InvalidError
			if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
				t.Fatalf("got %v, want an InvalidError", err)
			}
			return
		}
		if got := d.String(); got != sentence {
			t.Fatalf("%q prints as %q", sentence, got)
		}
	})
}

// FuzzDesired holds that fields print as a sentence that reads as the same fields, or that Verify says that it doesn't.
func FuzzDesired(f *testing.F) {
	f.Add(uint8(0), "time", "it takes to close the books", "at the end of a quarter", "with two currencies")
	f.Add(uint8(1), "number of errors", "in a case, all told", "", ", e.g. ")
	f.Add(uint8(2), "cost", "of a case", " ", "x")
	f.Add(uint8(3), "x", "y", "z, e.g. ", "")
	ways := []outcome.Direction{outcome.Minimise, outcome.Maximise, outcome.Increase, outcome.Reduce}
	f.Fuzz(func(t *testing.T, way uint8, measure, object, context, example string) {
		d := outcome.Desired{Name: "d", Direction: ways[way%4], Measure: measure, Object: object, Context: context, Example: example}
		def := bare()
		def.Jobs = []outcome.Job{{Name: "j", Text: "Get it done", Parties: []string{"customer"}, Outcomes: []outcome.Desired{d}}}
		m, err := outcome.Compile(def)
		if err != nil {
			return
		}
		ambiguous := false
		for _, finding := range m.Verify() {
			ambiguous = ambiguous || finding.Class == outcome.SentenceAmbiguous
		}
		got, err := outcome.ParseDesired(d.String())
		got.Name = d.Name
		if same := err == nil && cmp.Equal(got, d); same == ambiguous {
			t.Fatalf("%q reads as %+v (%v), and Verify says ambiguous: %v", d, got, err, ambiguous)
		}
	})
}
