package backtest_test

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

var renewal = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

const lead = 90 * health.Day

func model(t testing.TB) *health.Model {
	t.Helper()
	m, err := health.Compile(health.Scorecard{
		Format: 1, Name: "usage",
		Groups: []health.Group{{Name: "experience", Weight: 1, Aspect: health.Experience, Measures: []health.Measure{
			{Name: "usage", Weight: 1, Curve: health.Curve{Kind: health.Bounded, Knots: []health.Knot{{X: 0}, {X: 100, Points: 100}}}},
		}}},
		Bands: []health.Band{{Name: "red"}, {Name: "green", Floor: 50}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// world has the accounts of scenario 3, each read well before its renewal.
func world(t testing.TB) (*health.Memory, []backtest.Decision) {
	t.Helper()
	var memory health.Memory
	var decisions []backtest.Decision
	for i, v := range []float64{20, 40, 55, 45, 60, 80, 90} {
		d := backtest.Decision{Account: fmt.Sprint("a", i), At: renewal, Lost: i < 3}
		put(t, &memory, d.Account, v, -120, -120)
		decisions = append(decisions, d)
	}
	return &memory, decisions
}

// put records a reading that was true, and that became known, days from the renewal.
func put(t testing.TB, m *health.Memory, account string, v float64, at, recorded int) {
	t.Helper()
	err := m.Put(account, renewal.AddDate(-2, 0, 0), renewal.AddDate(0, 0, recorded),
		map[string]health.Reading{"usage": {Value: v, At: renewal.AddDate(0, 0, at)}})
	if err != nil {
		t.Fatal(err)
	}
}

func all[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range items {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func judge(t *testing.T, s health.Source, decisions []backtest.Decision) backtest.Report {
	t.Helper()
	r, err := backtest.Judge(backtest.Score(context.Background(), model(t), s, all(decisions), lead))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A reading from before the cut that was recorded after it would turn the 55 into 0, and the area into 1.
func TestScenario3NoPeeking(t *testing.T) {
	s, decisions := world(t)
	before := judge(t, s, decisions)
	near(t, "area", before.AUC.Value, 11.0/12, 1e-12)
	if before.Verdict != backtest.Insufficient || before.Decisions != 7 || before.Lost != 3 {
		t.Errorf("%+v", before)
	}
	put(t, s, "a2", 0, -100, -89) // recorded a day too late to be known
	put(t, s, "a2", 0, -89, -89)  // true a day too late
	if after := judge(t, s, decisions); !reflect.DeepEqual(before, after) {
		t.Errorf("what was recorded after the cut changes the report:\n%+v\n%+v", before, after)
	}
	put(t, s, "a2", 0, -100, -90)
	near(t, "area with a reading known on the day of the cut", judge(t, s, decisions).AUC.Value, 1, 0)
}

func TestLeftOut(t *testing.T) {
	s, decisions := world(t)
	decisions = append(decisions, backtest.Decision{Account: "stranger", At: renewal})
	decisions[0].Rescued = true
	put(t, s, "silent", 50, -10, -10) // nothing is known of it at the cut but later
	decisions = append(decisions, backtest.Decision{Account: "silent", At: renewal})
	r := judge(t, s, decisions)
	if r.Decisions != 6 || r.Rescued != 1 || r.Failed+r.Unknown != 2 {
		t.Errorf("%+v", r)
	}
	bands := map[string]backtest.Rate{}
	for _, b := range r.Bands {
		bands[b.Band] = b
	}
	want := map[string]backtest.Rate{"red": {Band: "red", Lost: 1, N: 2}, "green": {Band: "green", Lost: 1, N: 4}}
	if !reflect.DeepEqual(bands, want) {
		t.Errorf("bands %v, want %v", bands, want)
	}
	if len(r.Measures) != 1 || r.Measures[0].AUC.Value != r.AUC.Value {
		t.Errorf("the only measure, %+v, is the card, %v", r.Measures, r.AUC)
	}
}

func TestBadTrials(t *testing.T) {
	s, decisions := world(t)
	for _, c := range []struct {
		name      string
		decisions iter.Seq2[backtest.Decision, error]
		lead      health.Duration
		want      string
	}{
		{"no lead", all(decisions), 0, "is not above zero"},
		{"twice", all(append(decisions, decisions[0])), lead, "is there twice"},
		{"decisions fail", func(yield func(backtest.Decision, error) bool) { yield(backtest.Decision{}, context.DeadlineExceeded) }, lead, "deadline exceeded"},
	} {
		_, err := backtest.Judge(backtest.Score(context.Background(), model(t), s, c.decisions, c.lead))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func BenchmarkSeparate(b *testing.B) {
	var points []backtest.Point
	for i := range 10_000 {
		points = append(points, backtest.Point{Value: float64(i * 7919 % 1000), Lost: i%9 == 0})
	}
	b.ReportAllocs()
	for b.Loop() {
		backtest.Separate(points)
	}
}
