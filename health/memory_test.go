package health_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/healthtest"
)

func TestMemorySuites(t *testing.T) {
	healthtest.RunHistory(t, func(*testing.T) health.History { return new(health.Memory) })
	healthtest.RunSource(t, func(t *testing.T, rows []healthtest.Row) health.Source {
		m := new(health.Memory)
		for _, r := range rows {
			if err := m.Put(r.Account, r.Since, r.Recorded, map[string]health.Reading{r.Measure: r.Reading}); err != nil {
				t.Fatal(err)
			}
		}
		return m
	})
}

func TestMemoryPut(t *testing.T) {
	m := new(health.Memory)
	day := func(n int) time.Time { return july.AddDate(0, 0, n) }
	put := func(since, recorded time.Time, value float64, at time.Time) {
		t.Helper()
		if err := m.Put("acme", since, recorded, map[string]health.Reading{"nps": {Value: value, At: at}}); err != nil {
			t.Fatal(err)
		}
	}
	put(day(-99), day(1), 7, day(1))
	put(time.Time{}, day(2), 7, day(1))          // the same reading again; the start is left as it is
	put(time.Time{}, day(4), 8, day(1).Add(999)) // the same microsecond: a correction
	put(day(-50), day(5), 3, day(3))             // the start is corrected
	put(time.Time{}, day(6), 1, time.Time{})     // undated: older than all that is dated
	for _, c := range []struct {
		asOf, knownAt time.Time
		known         bool
		since         time.Time
		value         float64
	}{
		{day(9), day(1).Add(-1000), false, time.Time{}, 0},
		{day(9), day(1), true, day(-99), 7},
		{day(9), day(3), true, day(-99), 7},
		{day(9), day(4), true, day(-99), 8},
		{day(9), day(5), true, day(-50), 3},
		{day(2), day(6), true, day(-50), 8},
		{day(0), day(6), true, day(-50), 1},
		{day(9), time.Time{}, true, day(-50), 3},
	} {
		in, known, err := m.Input(t.Context(), "acme", c.asOf, c.knownAt)
		if err != nil {
			t.Fatal(err)
		}
		value := 0.0
		if known {
			r, _ := in.Readings.Reading("nps")
			value = r.Value
		}
		if known != c.known || !in.Since.Equal(c.since) || value != c.value {
			t.Errorf("as of %v, known at %v: %v, since %v, value %v; want %v, %v, %v", c.asOf, c.knownAt, known, in.Since, value, c.known, c.since, c.value)
		}
	}
	if err := m.Forget(t.Context(), "acme"); err != nil {
		t.Fatal(err)
	}
	if _, known, err := m.Input(t.Context(), "acme", day(9), day(9)); known || err != nil {
		t.Errorf("after forget: %v, %v", known, err)
	}
}

func TestMemoryPutErrors(t *testing.T) {
	far := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	good := map[string]health.Reading{"nps": {Value: 1, At: july}}
	for _, c := range []struct {
		name, account   string
		since, recorded time.Time
		readings        map[string]health.Reading
		field           string
	}{
		{"no account", "", july, july, good, "account"},
		{"a far start", "a", far, july, good, "start"},
		{"not recorded", "a", july, time.Time{}, good, "recorded"},
		{"recorded far", "a", july, far, good, "recorded"},
		{"no name", "a", july, july, map[string]health.Reading{"": {}}, `measure ""`},
		{"a cause of bytes", "a", july, july, map[string]health.Reading{"nps": {Why: "\xff"}}, `measure "nps"`},
		{"a cause with NUL", "a", july, july, map[string]health.Reading{"nps": {Why: "a\x00"}}, `measure "nps"`},
		{"a long cause", "a", july, july, map[string]health.Reading{"nps": {Why: strings.Repeat("a", 1025)}}, `measure "nps"`},
		{"a far reading", "a", july, july, map[string]health.Reading{"aaa": {}, "nps": {At: far}}, `measure "nps"`},
	} {
		m := new(health.Memory)
		err := m.Put(c.account, c.since, c.recorded, c.readings)
		var data *health.DataError
		if !errors.As(err, &data) || data.Field != c.field {
			t.Errorf("%s: got %v, want field %q", c.name, err, c.field)
		}
		if _, known, err := m.Input(t.Context(), "a", july, time.Time{}); known || err != nil {
			t.Errorf("%s: something was recorded: %v, %v", c.name, known, err)
		}
	}
}

// TestMemoryPutNoNumber: what no store need keep, a value that is not finite, is kept as a failure, and scores as one.
func TestMemoryPutNoNumber(t *testing.T) {
	m := new(health.Memory)
	inf, nan := math.Inf(-1), math.NaN()
	err := m.Put("acme", july, july, map[string]health.Reading{
		"nan": {Value: nan}, "inf": {Value: inf, State: health.Known}, "explained": {Value: nan, Why: "0 of 0"},
		"failed": {Value: inf, State: health.Failed}, "not applicable": {Value: nan, State: health.NotApplicable, Why: "no seats"},
	})
	if err != nil {
		t.Fatal(err)
	}
	in, _, err := m.Input(t.Context(), "acme", july, july)
	if err != nil {
		t.Fatal(err)
	}
	want := health.ReadingMap{
		"nan": {State: health.Failed, Why: "is NaN"}, "inf": {State: health.Failed, Why: "is infinite"},
		"explained": {State: health.Failed, Why: "0 of 0"}, "failed": {State: health.Failed},
		"not applicable": {State: health.NotApplicable, Why: "no seats"},
	}
	if diff := cmp.Diff(health.Readings(want), in.Readings); diff != "" {
		t.Errorf("readings (-want +got):\n%s", diff)
	}
	nps := health.Measure{Name: "nps", Weight: 1, Curve: direct()}
	if p := mustScore(t, mustCompile(t, flat(nps)), health.ReadingMap{"nps": {Value: inf}}).Parts[0]; p.Reading != want["inf"] {
		t.Errorf("Score makes %+v of it, want %+v", p.Reading, want["inf"])
	}
}

// TestMemoryKeepsItsOwn: what a caller does to a record before or after has no effect on what is kept.
func TestMemoryKeepsItsOwn(t *testing.T) {
	m := new(health.Memory)
	s := mustScore(t, mustCompile(t, renewals()), health.ReadingMap{"nps": {Value: 9}})
	s.Limit = &health.Limit{Reason: "because"}
	s.Override = &health.Override{Reason: "call"}
	r := health.Record{Format: 1, Version: 1, Recorded: july, Score: s, Events: []health.Event{{ID: "1"}}}
	if err := m.Append(t.Context(), "acme", 0, r); err != nil {
		t.Fatal(err)
	}
	spoil := func(r health.Record) {
		r.Score.Parts[0].Path, r.Score.Aspects[0].Value = "spoilt", 99
		r.Score.Limit.Reason, r.Score.Override.Reason, r.Events[0].ID = "spoilt", "spoilt", "spoilt"
	}
	want, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		spoil(r)
		if r, _, err = m.Last(t.Context(), "acme"); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("what is kept changed (-want +got):\n%s", diff)
		}
	}
	if err := m.Append(t.Context(), "acme", 1, r); err == nil || errors.Is(err, health.ErrConflict) {
		t.Errorf("record 1 as number 2: got %v, want an error that is no conflict", err)
	}
	if err := m.Append(t.Context(), "other", 0, r); err == nil || errors.Is(err, health.ErrConflict) {
		t.Errorf("the record of another account: got %v, want an error that is no conflict", err)
	}
	r.Version = 4
	if err := m.Append(t.Context(), "acme", 3, r); !errors.Is(err, health.ErrConflict) || err.Error() != "after 3: conflict" {
		t.Errorf("a record after a gap: got %v, want a conflict", err)
	}
}
