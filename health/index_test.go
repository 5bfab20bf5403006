package health_test

import (
	"fmt"
	"testing"

	"github.com/customersuccess-go/customersuccess/health"
)

// TestIndex: experience alone is never called health.
func TestIndex(t *testing.T) {
	card := func(change func(*health.Scorecard)) health.Scorecard {
		c := renewals()
		if change != nil {
			change(&c)
		}
		return c
	}
	group := func(name string, aspect health.Aspect, measure health.Measure) health.Group {
		return health.Group{Name: name, Weight: 20, Aspect: aspect, Measures: []health.Measure{measure}}
	}
	attained := health.Reading{Value: 0.5}
	experience := health.ReadingMap{"nps": {Value: 9}, "usage": {Value: 80}}
	for _, c := range []struct {
		name     string
		card     health.Scorecard
		readings health.ReadingMap
		want     string
	}{
		{"all measured", card(nil), health.ReadingMap{"attainment": attained, "nps": {Value: 9}, "usage": {Value: 80}}, "health score 64 true"},
		{"outcomes alone measured", card(nil), health.ReadingMap{"attainment": attained}, "health score 50 true"},
		{"outcomes not measured", card(nil), experience, "experience index 85 true"},
		{"outcomes failed", card(nil), health.ReadingMap{"attainment": {State: health.Failed}, "nps": {Value: 9}}, "experience index 90 true"},
		{"outcomes do not apply", card(nil), health.ReadingMap{"attainment": {State: health.NotApplicable}, "nps": {Value: 9}}, "experience index 90 true"},
		{"nothing measured", card(nil), nil, "experience index 0 false"},
		{"outcomes not measured, in a card that goes on without", card(func(c *health.Scorecard) { c.Groups[0].Empty = health.EmptyRedistribute }),
			experience, "experience index 85 true"},
		{"outcomes assumed, not measured", card(func(c *health.Scorecard) {
			c.Groups[0].Measures[0].Missing = health.Missing{Policy: health.Neutral, Points: 60}
		}), experience, "experience index 70 true"},
		{"no outcome group", card(func(c *health.Scorecard) { c.Groups = c.Groups[1:] }), experience, "experience index 85 true"},
		{"no aspect", card(func(c *health.Scorecard) { c.Groups = c.Groups[1:]; c.Groups[0].Aspect = "" }), experience, "experience index 85 true"},
		{"a limit counts", card(func(c *health.Scorecard) {
			c.Groups = c.Groups[1:]
			c.Limits = []health.Limit{{Measure: "nps", When: health.Greater, Value: 8, Kind: health.Cap, Points: 30, Reason: "because"}}
		}), experience, "experience index 30 true"},
		{"too little known", card(func(c *health.Scorecard) { c.Groups, c.MinCoverage = c.Groups[1:], 0.9 }),
			health.ReadingMap{"nps": {Value: 9}}, "experience index 0 false"},
		{"outcomes known, and too little else", card(func(c *health.Scorecard) { c.MinCoverage = 0.9 }),
			health.ReadingMap{"attainment": attained}, "health score 0 false"},
		{"a required measure is missing", card(func(c *health.Scorecard) { c.Groups[1].Measures[0].Missing.Policy = health.Required }),
			health.ReadingMap{"usage": {Value: 80}}, "experience index 0 false"},
		{"experience must not be empty, and is", card(func(c *health.Scorecard) { c.Groups[1].Empty = health.EmptyUnknown }),
			health.ReadingMap{"attainment": attained}, "outcome index 50 true"},
		{"another group must not be empty, and is", card(func(c *health.Scorecard) {
			c.Groups = append(c.Groups, group("contract", "", health.Measure{Name: "paid", Weight: 1, Curve: direct()}))
			c.Groups[2].Empty = health.EmptyUnknown
		}), health.ReadingMap{"attainment": attained, "nps": {Value: 9}}, "health score 0 false"},
	} {
		s := mustScore(t, mustCompile(t, c.card), c.readings)
		name, points, known := s.Index()
		if got := fmt.Sprint(name, " ", points, " ", known); got != c.want {
			t.Errorf("%s: got %s, want %s; score %+v", c.name, got, c.want, s)
		}
	}
}
