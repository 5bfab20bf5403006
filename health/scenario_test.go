package health_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

var july = time.Date(2026, 7, 1, 9, 30, 0, 123_456_000, time.UTC)

// renewals is the card of the scenario: outcomes 60 of 100, experience 40.
func renewals() health.Scorecard {
	line := func(name string, weight, top float64) health.Measure {
		knots := []health.Knot{{X: 0, Points: 0}, {X: top, Points: 100}}
		return health.Measure{Name: name, Weight: weight, Curve: health.Curve{Kind: health.Bounded, Knots: knots}}
	}
	return health.Scorecard{
		Format: 1, Name: "renewals",
		Groups: []health.Group{
			{Name: "outcome", Weight: 60, Aspect: health.Outcome, Measures: []health.Measure{line("attainment", 1, 1)}},
			{Name: "experience", Weight: 40, Aspect: health.Experience, Measures: []health.Measure{
				line("nps", 20, 10), line("usage", 20, 100),
			}},
		},
		Bands: []health.Band{{Name: "red", Floor: 0}, {Name: "amber", Floor: 50}, {Name: "green", Floor: 75}},
	}
}

func mustScore(tb testing.TB, m *health.Model, readings health.ReadingMap) health.Score {
	tb.Helper()
	s, err := m.Score(health.Input{Account: "acme", Readings: readings}, july)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestScenario1UnknownIsNotGreen: no data about outcomes never scores as healthy, and never as zero.
func TestScenario1UnknownIsNotGreen(t *testing.T) {
	m := mustCompile(t, renewals())
	readings := health.ReadingMap{"nps": {Value: 9}, "usage": {Value: 80}}

	s := mustScore(t, m, readings)
	if s.Known || s.Band != health.Unknown || s.Why != "empty" {
		t.Errorf("without attainment: known %v, band %q, why %q; want unknown since outcomes are empty", s.Known, s.Band, s.Why)
	}
	if s.Value != 0 || s.Computed != 0 || s.Coverage != 0.40 || s.Low != 34 || s.High != 94 || s.Certain {
		t.Errorf("without attainment: value %v, computed %v, coverage %v, %v to %v, certain %v; want 0, 0, 0.40, 34 to 94, false",
			s.Value, s.Computed, s.Coverage, s.Low, s.High, s.Certain)
	}
	want := []health.AspectScore{
		{Aspect: health.Outcome},
		{Aspect: health.Experience, Known: true, Value: 85, Coverage: 1},
	}
	if diff := cmp.Diff(want, s.Aspects); diff != "" {
		t.Errorf("aspects (-want +got):\n%s", diff)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"known":false,"value":null,"computed":null,"band":"unknown"`) ||
		!strings.Contains(string(text), `{"aspect":"outcome","known":false,"value":null,"coverage":0}`) {
		t.Errorf("an unknown value is not null in %s", text)
	}
	asked, err := m.Ask(health.Input{Account: "acme", Readings: readings}, july)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"attainment"}, asked); diff != "" {
		t.Errorf("next question (-want +got):\n%s", diff)
	}

	readings["attainment"] = health.Reading{Value: 0.25}
	s = mustScore(t, m, readings)
	if !s.Known || s.Value != 49 || s.Band != "red" || !s.Certain || s.Low != 49 || s.High != 49 || s.Coverage != 1 {
		t.Errorf("with attainment 0.25: %v, %v %s, %v to %v, certain %v, coverage %v; want 49, red, certain",
			s.Known, s.Value, s.Band, s.Low, s.High, s.Certain, s.Coverage)
	}

	readings["usage"] = health.Reading{Value: -5}
	s = mustScore(t, m, readings)
	usage := s.Parts[2]
	if usage.Liveness != 0 || usage.Why != "impossible" || s.Coverage != 0.8 || s.Certain {
		t.Errorf("usage -5: liveness %v, why %q, coverage %v, certain %v; want a failed reading that counts against coverage",
			usage.Liveness, usage.Why, s.Coverage, s.Certain)
	}
	readings["usage"] = health.Reading{State: health.NotApplicable}
	if s = mustScore(t, m, readings); s.Coverage != 1 {
		t.Errorf("usage not applicable: coverage %v, want 1", s.Coverage)
	}
}
