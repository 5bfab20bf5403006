package outcome_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func classes(found []outcome.Finding) []outcome.FindingClass {
	var list []outcome.FindingClass
	for _, f := range found {
		list = append(list, f.Class)
	}
	return list
}

func TestLint(t *testing.T) {
	const counted = "what is counted, such as time, number, likelihood, cost or share"
	tests := []struct {
		sentence string
		class    outcome.FindingClass // "": nothing found
		message  string
	}{
		{"minimise the time it takes to close the books, at the end of a quarter", "", ""},
		{"minimise the likelihood that a landscape changes", "", ""}, // "app" and "and" only within words
		{"minimise the time it takes to read, when tired and alone", "", ""},
		{"minimise the time it takes to open the Dashboards", outcome.SolutionNamed,
			`"dashboard" is a solution: write what is to be seen, such as "the time it takes to see what is late"`},
		{"reduce the number of screens, at work", outcome.SolutionNamed, `"screen" is a solution: write what the customer can do then, whatever does it`},
		{"minimise the time it takes to begin, e.g. with single-sign on", outcome.SolutionNamed, `"single sign-on" is a solution: write the time it takes to begin`},
		{"minimise the time it takes to find and file a case", outcome.CompoundOutcome, `"and" joins two outcomes: write one sentence for each`},
		{"minimise the time to pack as well as send", outcome.CompoundOutcome, `"as well as" joins two outcomes: write one sentence for each`},
		{"increase the quality of a delivery", outcome.MeasureVague, `"quality" can't be counted: write the likelihood of a defect`},
		{"increase the level of trust", outcome.MeasureVague, `"level" can't be counted: write ` + counted},
		{"minimise the likelihood of poor quality", "", ""},
		{"see what is late", outcome.DirectionMissing,
			`"see what is late" says no direction and measure: begin with "minimise the", "maximise the", "increase the" or "reduce the", then ` + counted},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			var want []outcome.Finding
			if tt.class != "" {
				want = []outcome.Finding{{Class: tt.class, Message: tt.message}}
			}
			if diff := cmp.Diff(want, outcome.English().Lint(tt.sentence)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
	want := []outcome.FindingClass{outcome.DirectionMissing, outcome.SolutionNamed, outcome.MeasureVague, outcome.CompoundOutcome}
	if diff := cmp.Diff(want, classes(outcome.English().Lint("Better experience and a dashboard"))); diff != "" {
		t.Errorf("all at once (-want +got):\n%s", diff)
	}
}

// TestOwnWords has lists in another language, and a word that is none.
func TestOwnWords(t *testing.T) {
	words := outcome.Words{Solutions: []outcome.Word{{"Übersicht", "was zu sehen ist"}, {" - ", ""}}}
	found := words.Lint("minimise the time bis zur ÜBERSICHT - and on")
	want := []outcome.Finding{{Class: outcome.SolutionNamed, Message: `"Übersicht" is a solution: write was zu sehen ist`}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	def := bare()
	def.Words = &outcome.Words{Vague: []outcome.Word{{Word: " - "}}, Compound: []outcome.Word{{Word: "und", Instead: "\x00"}}}
	_, err := outcome.Compile(def)
	wrong := []outcome.Problem{
		{Pointer: "/words/vague/0/word", Message: "has neither letters nor digits"},
		{Pointer: "/words/compound/0/instead", Message: "contains U+0000"},
	}
	if diff := cmp.Diff(wrong, problems(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
