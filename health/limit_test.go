package health_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

func TestLimits(t *testing.T) {
	lim := func(when health.Comparison, value float64, kind health.LimitKind, points float64) health.Limit {
		return health.Limit{Measure: "flag", When: when, Value: value, Kind: kind, Points: points, Reason: fmt.Sprint(kind, points)}
	}
	for _, c := range []struct {
		name    string
		limits  []health.Limit
		flag    health.Reading
		value   float64
		limited float64
		reason  string
	}{
		{"none acts", []health.Limit{lim(health.Greater, 1, health.Cap, 10)}, health.Reading{Value: 1}, 80, 0, ""},
		{"a cap", []health.Limit{lim(health.GreaterEqual, 1, health.Cap, 10)}, health.Reading{Value: 1}, 10, -70, "cap10"},
		{"the lowest cap", []health.Limit{lim(health.Equal, 1, health.Cap, 40), lim(health.Equal, 1, health.Cap, 30)}, health.Reading{Value: 1}, 30, -50, "cap30"},
		{"the first of equal caps", []health.Limit{lim(health.Less, 2, health.Cap, 30), {Measure: "flag", When: health.Less, Value: 3, Kind: health.Cap, Points: 30, Reason: "second"}}, health.Reading{Value: 1}, 30, -50, "cap30"},
		{"a floor", []health.Limit{lim(health.NotEqual, 0, health.Floor, 90)}, health.Reading{Value: 1}, 90, 10, "floor90"},
		{"the highest floor", []health.Limit{lim(health.NotEqual, 0, health.Floor, 90), lim(health.NotEqual, 0, health.Floor, 95)}, health.Reading{Value: 1}, 95, 15, "floor95"},
		{"floor, then cap", []health.Limit{lim(health.LessEqual, 1, health.Cap, 20), lim(health.NotEqual, 0, health.Floor, 90)}, health.Reading{Value: 1}, 20, -60, "cap20"},
		{"a floor undone by a cap at the value", []health.Limit{lim(health.LessEqual, 1, health.Cap, 80), lim(health.NotEqual, 0, health.Floor, 90)}, health.Reading{Value: 1}, 80, 0, "cap80"},
		{"a cap above the value decides nothing", []health.Limit{lim(health.LessEqual, 1, health.Cap, 81)}, health.Reading{Value: 1}, 80, 0, ""},
		{"a veto ages out only at liveness 0", []health.Limit{lim(health.Equal, 1, health.Cap, 10)}, health.Reading{Value: 1, At: july.Add(-10*24*time.Hour + 1000)}, 10, -70, "cap10"},
		{"expired", []health.Limit{lim(health.Equal, 1, health.Cap, 10)}, health.Reading{Value: 1, At: july.Add(-10 * 24 * time.Hour)}, 80, 0, ""},
		{"failed", []health.Limit{lim(health.Equal, 0, health.Cap, 10)}, health.Reading{State: health.Failed}, 80, 0, ""},
		{"not applicable", []health.Limit{lim(health.Equal, 0, health.Cap, 10)}, health.Reading{State: health.NotApplicable}, 80, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			flag := health.Measure{Name: "flag", Weight: 1, Curve: health.Curve{Kind: health.StepsLower, Knots: []health.Knot{{X: 0, Points: 80}}}, Expire: 10 * health.Day}
			card := flat(flag, health.Measure{Name: "b", Weight: 1, Curve: direct()})
			card.Limits = c.limits
			if c.flag.At.IsZero() {
				c.flag.At = july
			}
			s := mustScore(t, mustCompile(t, card), health.ReadingMap{"flag": c.flag, "b": {Value: 80}})
			reason := ""
			if s.Limit != nil {
				reason = s.Limit.Reason
			}
			if s.Value != c.value || s.Computed != 80 || s.Limited != c.limited || reason != c.reason {
				t.Errorf("value %v = %v %+v by %q; want %v = 80 %+v by %q", s.Value, s.Computed, s.Limited, reason, c.value, c.limited, c.reason)
			}
		})
	}
}

// TestBoundsOfLimits: Low assumes that every cap on an unknown measure acts, High that none does and every floor does.
func TestBoundsOfLimits(t *testing.T) {
	card := flat(
		health.Measure{Name: "capped", Weight: 1, Curve: direct()},
		health.Measure{Name: "floored", Weight: 1, Curve: direct()},
		health.Measure{Name: "b", Weight: 2, Curve: direct()},
	)
	card.Limits = []health.Limit{
		{Measure: "capped", When: health.Less, Value: 5, Kind: health.Cap, Points: 20, Reason: "low"},
		{Measure: "floored", When: health.Greater, Value: 95, Kind: health.Floor, Points: 97, Reason: "high"},
	}
	m := mustCompile(t, card)
	for _, c := range []struct {
		readings  health.ReadingMap
		low, high float64
	}{
		{health.ReadingMap{"b": {Value: 80}}, 20, 97},
		{health.ReadingMap{"b": {Value: 80}, "capped": {Value: 50}}, 52.5, 97},
		{health.ReadingMap{"b": {Value: 80}, "capped": {Value: 4}}, 20, 20},
		{health.ReadingMap{"b": {Value: 80}, "floored": {Value: 50}}, 20, 77.5},
		{health.ReadingMap{"b": {Value: 80}, "capped": {State: health.NotApplicable}}, 160.0 / 3, 97},
		{health.ReadingMap{"b": {Value: 80}, "floored": {Value: 99}}, 20, 97}, // the cap comes after the floor
	} {
		s := mustScore(t, m, c.readings)
		if math.Abs(s.Low-c.low) > 1e-6 || math.Abs(s.High-c.high) > 1e-6 {
			t.Errorf("%v: %v to %v, want %v to %v", c.readings, s.Low, s.High, c.low, c.high)
		}
	}
}

func TestOverrides(t *testing.T) {
	day := 24 * time.Hour
	o := func(kind health.OverrideKind, points float64, from, until time.Duration) health.Override {
		return health.Override{By: "kim", Reason: fmt.Sprint(kind, points), Kind: kind, Points: points, From: july.Add(from), Until: july.Add(until)}
	}
	m := mustCompile(t, flat(health.Measure{Name: "a", Weight: 1, Curve: direct()}))
	for _, c := range []struct {
		name   string
		os     []health.Override
		value  float64
		reason string
	}{
		{"none", nil, 60, ""},
		{"a value", []health.Override{o(health.OverrideValue, 20, -day, day)}, 20, "value20"},
		{"a floor that lifts", []health.Override{o(health.OverrideFloor, 90, -day, day)}, 90, "floor90"},
		{"a floor below", []health.Override{o(health.OverrideFloor, 20, -day, day)}, 60, "floor20"},
		{"a cap that lowers", []health.Override{o(health.OverrideCap, 20, -day, day)}, 20, "cap20"},
		{"a cap above", []health.Override{o(health.OverrideCap, 90, -day, day)}, 60, "cap90"},
		{"from is inclusive", []health.Override{o(health.OverrideValue, 20, 0, day)}, 20, "value20"},
		{"not yet", []health.Override{o(health.OverrideValue, 20, 1000, day)}, 60, ""},
		{"until is exclusive", []health.Override{o(health.OverrideValue, 20, -day, 0)}, 60, ""},
		{"the latest from", []health.Override{o(health.OverrideValue, 20, -day, day), o(health.OverrideValue, 30, -2*day, day)}, 20, "value20"},
		{"of equals the last", []health.Override{o(health.OverrideValue, 20, -day, day), o(health.OverrideValue, 30, -day, day)}, 30, "value30"},
		{"one alone", []health.Override{o(health.OverrideCap, 20, -2*day, day), o(health.OverrideFloor, 50, -day, day)}, 60, "floor50"},
		{"rounded to the grid", []health.Override{o(health.OverrideValue, 1.0/3, -day, day)}, 349525.0 / (1 << 20), "value0.3333333333333333"},
		{"one that is over may be wrong", []health.Override{{Until: july}}, 60, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := health.Input{Account: "acme", Readings: health.ReadingMap{"a": {Value: 60}}, Overrides: c.os}
			s, err := m.Score(in, july)
			if err != nil {
				t.Fatal(err)
			}
			reason := ""
			if s.Override != nil {
				reason = s.Override.Reason
			}
			if s.Value != c.value || s.Computed != 60 || s.Overridden != c.value-60 || reason != c.reason || s.Low != 60 || s.High != 60 {
				t.Errorf("value %v = %v + %v by %q, %v to %v; want %v by %q, 60 to 60", s.Value, s.Computed, s.Overridden, reason, s.Low, s.High, c.value, c.reason)
			}
			in.Readings = nil
			if s, err = m.Score(in, july); err != nil {
				t.Fatal(err)
			}
			if s.Known || s.Value != 0 || s.Overridden != 0 || (s.Override == nil) != (reason == "") {
				t.Errorf("an override made an unknown score known: %v, %v", s.Known, s.Value)
			}
		})
	}
}
