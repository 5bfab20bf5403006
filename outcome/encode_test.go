package outcome_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestRoundTrip reads what was written and writes the same bytes again.
func TestRoundTrip(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(8, 9))
	decimals := cmpopts.EquateEmpty()
	for range 300 {
		in := randomInput(rng, 10)
		text := mustJSON(t, in.Plan)
		var plan outcome.Plan
		if err := json.Unmarshal([]byte(text), &plan); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(in.Plan, plan, decimals); diff != "" {
			t.Fatalf("plan (-want +got):\n%s", diff)
		}
		if again := mustJSON(t, plan); again != text {
			t.Fatalf("plan written again:\n%s\n%s", text, again)
		}
		a := mustAssess(t, m, in.Plan, in.Series, on(1, 1+rng.IntN(200)))
		text = mustJSON(t, a)
		var got outcome.Assessment
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, got, decimals); diff != "" {
			t.Fatalf("assessment (-want +got):\n%s", diff)
		}
		if again := mustJSON(t, got); again != text {
			t.Fatalf("assessment written again:\n%s\n%s", text, again)
		}
	}
}

// TestUnknownIsNull has each number that may be unknown, known and not.
func TestUnknownIsNull(t *testing.T) {
	tests := []struct {
		name  string
		value json.Marshaler
		want  string
	}{
		{"attainment", outcome.Attainment{High: 1},
			`{"known":false,"value":null,"coverage":0,"low":0,"high":1}`},
		{"attainment of zero", outcome.Attainment{Known: true, Coverage: 1},
			`{"known":true,"value":0,"coverage":1,"low":0,"high":0}`},
		{"progress", outcome.Progress{Outcome: "a", State: outcome.Draft},
			`{"outcome":"a","state":"draft","known":false,"value":null,"raw":null,"clamped":null,"points":0,"expected":null,"required":null,"best":null}`},
		{"progress of zero", outcome.Progress{Outcome: "a", State: outcome.Draft, Level: outcome.Claimed, Known: true, At: on(1, 2), Lost: true,
			Timed: true, Rated: true, Overdue: true, Forecast: outcome.Forecast{N: 4}},
			`{"outcome":"a","state":"draft","level":"claimed","known":true,"value":0,"at":"2026-01-02T00:00:00.000000Z","raw":0,"clamped":0,"points":0,"lost":true,` +
				`"expected":0,"timed":true,"required":0,"best":0,"rated":true,"forecast":{"known":false,"value":null,"low":null,"high":null,"n":4},"overdue":true}`},
		{"forecast of zero", outcome.Forecast{Known: true, N: 5},
			`{"known":true,"value":0,"low":0,"high":0,"n":5}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mustJSON(t, tt.value); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestFieldsAgree holds the hand-written encodings to the struct tags: a plain encoding has the same keys and, where
// all is known, the same values.
func TestFieldsAgree(t *testing.T) {
	full := outcome.Progress{Outcome: "a", State: outcome.Draft, Level: outcome.Claimed, Known: true, Value: 1, At: on(1, 2), Raw: 2, Clamped: 3,
		Points: 4, Lost: true, Expected: 5, Timed: true, Required: 6, Best: 7, Rated: true, Overdue: true,
		Forecast: outcome.Forecast{Known: true, Value: 8, Low: 9, High: 10, N: 11}}
	type progress outcome.Progress
	type forecast outcome.Forecast
	type attainment outcome.Attainment
	whole := outcome.Attainment{Known: true, Value: 1, Coverage: 2, Low: 3, High: 4}
	for _, c := range []struct {
		own   json.Marshaler
		plain any
	}{{full, progress(full)}, {full.Forecast, forecast(full.Forecast)}, {whole, attainment(whole)}} {
		got, want := mustJSON(t, c.own), mustJSON(t, c.plain)
		want = strings.ReplaceAll(want, "00:00:00Z", "00:00:00.000000Z")
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
