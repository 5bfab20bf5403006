package health_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

// daily returns known scores of one card, one a day from july on.
func daily(values ...float64) (history []health.Score) {
	for day, v := range values {
		history = append(history, health.Score{Account: "acme", AsOf: july.AddDate(0, 0, day), Known: true, Value: v})
	}
	return history
}

func TestTrend(t *testing.T) {
	five := daily(10, 12, 11, 15, 14)
	unknown := daily(10, 12, 0, 11, 15, 14)
	unknown[2].Known = false
	twice := slices.Insert(daily(10, 12, 11, 15, 14), 2, health.Score{Account: "acme", AsOf: july.AddDate(0, 0, 1), Known: true, Value: 90})
	twice[1], twice[2] = twice[2], twice[1] // the last of one instant counts
	backward := daily(10, 12, 11, 15, 14)
	slices.Reverse(backward)
	for _, c := range []struct {
		name    string
		history []health.Score
		window  health.Duration
		want    health.Slope
	}{
		{"none", nil, health.Day, health.Slope{}},
		{"four", five[:4], 9 * health.Day, health.Slope{N: 4}},
		// The ten slopes are -1 -1 0.5 2/3 1 | 1.5 1.5 5/3 2 4. Of five points the interval goes from the first to the last:
		// both tails together have the probability 2/5! (Kendall 1970, appendix table 1).
		{"five", five, 9 * health.Day, health.Slope{PerDay: 1.25, Low: -1, High: 4, N: 5, Known: true}},
		{"in another order", backward, 9 * health.Day, health.Slope{PerDay: 1.25, Low: -1, High: 4, N: 5, Known: true}},
		{"the window's begin is not in it", five, 4 * health.Day, health.Slope{N: 4}},
		{"a microsecond more is", five, 4*health.Day + health.Duration(time.Microsecond), health.Slope{PerDay: 1.25, Low: -1, High: 4, N: 5, Known: true}},
		{"unknown ones are left out", unknown[:5], 9 * health.Day, health.Slope{N: 4}},
		{"one an instant", twice, 9 * health.Day, health.Slope{PerDay: 1.25, Low: -1, High: 4, N: 5, Known: true}},
		{"flat", daily(5, 5, 5, 5, 5, 5), 9 * health.Day, health.Slope{N: 6, Known: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := slices.Clone(c.history)
			got, err := health.Trend(c.history, c.window)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(given, c.history); diff != "" {
				t.Errorf("the history changed (-before +after):\n%s", diff)
			}
		})
	}
	text, err := json.Marshal([]health.Slope{{N: 4}, {PerDay: 0.5, Low: -1, High: 2, N: 5, Known: true}})
	want := `[{"per_day":null,"low":null,"high":null,"n":4,"known":false},{"per_day":0.5,"low":-1,"high":2,"n":5,"known":true}]`
	if err != nil || string(text) != want {
		t.Errorf("JSON %s, %v; want %s", text, err, want)
	}
}

func TestTrendErrors(t *testing.T) {
	other := daily(1, 2, 3)
	other[2].Account = "zenith"
	for _, c := range []struct {
		name    string
		history []health.Score
		window  health.Duration
		want    string
	}{
		{"no window", daily(1), 0, `health: account "acme": window: must be above 0`},
		{"two accounts", other, health.Day, `health: account "acme": score 2: is of account "zenith"`},
		{"too many", daily(make([]float64, 5001)...), 9999 * health.Day,
			`health: account "acme": refused by at_most: there are 5001 scores in the window; needs at most 5000`},
	} {
		if _, err := health.Trend(c.history, c.window); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// TestTrendRescored: a history over two cards has no trend until it is scored by one of them.
func TestTrendRescored(t *testing.T) {
	strict := renewals()
	strict.Groups[0].Measures[0].Curve.Knots[1].X = 2
	old, model := mustCompile(t, renewals()), mustCompile(t, strict)
	var history []health.Score
	for day := range 6 {
		in := health.Input{Account: "acme", Readings: health.ReadingMap{
			"attainment": {Value: 0.5 + 0.05*float64(day)}, "nps": {Value: 8}, "usage": {Value: 70},
		}}
		m := old
		if day >= 3 {
			m = model
		}
		s, err := m.Score(in, july.AddDate(0, 0, day))
		if err != nil {
			t.Fatal(err)
		}
		history = append(history, s)
	}
	var refused *health.RefusedError
	if _, err := health.Trend(history, 9*health.Day); !errors.As(err, &refused) || refused.Rule != "one_card" {
		t.Fatalf("two cards: %v, want one_card", err)
	}
	if got, err := health.Trend(history, 3*health.Day); err != nil || got.N != 3 {
		t.Errorf("a window within one card: %+v, %v", got, err)
	}
	for i, s := range history {
		var err error
		if history[i], err = model.Score(s.Input(), s.AsOf); err != nil {
			t.Fatal(err)
		}
	}
	got, err := health.Trend(history, 9*health.Day)
	if err != nil || !got.Known || fmt.Sprintf("%.6f", got.PerDay) != "1.500000" {
		t.Errorf("rescored: %+v, %v; want 1.5 points a day", got, err) // 60 of 100, over a curve to 2, times 0.05
	}
}

// FuzzTrend fits any history: no panic, and the slope lies in its interval.
func FuzzTrend(f *testing.F) {
	f.Add([]byte{1, 60, 80, 0, 255, 10}, int64(9))
	f.Fuzz(func(t *testing.T, values []byte, days int64) {
		var history []health.Score
		for i, v := range values {
			history = append(history, health.Score{
				Account: "acme", AsOf: july.Add(time.Duration(i-int(v)%5) * time.Hour), Known: v <= 200, Value: float64(v) / 2,
			})
		}
		got, err := health.Trend(history, health.Duration(days)*health.Day)
		var data *health.DataError
		if err != nil && !errors.As(err, &data) {
			t.Fatal(err)
		}
		if got.N > len(values) || got.Known && (got.N < 5 || !(got.Low <= got.PerDay && got.PerDay <= got.High)) {
			t.Fatalf("%+v", got)
		}
	})
}
