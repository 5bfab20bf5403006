package backtest_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/internal/refdata"
)

var renewal = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

const lead = 90 * health.Day

func points(lost, kept []float64) []backtest.Point {
	var p []backtest.Point
	for _, v := range lost {
		p = append(p, backtest.Point{Value: v, Lost: true})
	}
	for _, v := range kept {
		p = append(p, backtest.Point{Value: v})
	}
	return p
}

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v within %v", what, got, want, tolerance)
	}
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// reference returns the folder with known answers, which is not part of the project.
func reference(t testing.TB) string {
	t.Helper()
	dir := refdata.Reference(t, "../../../shared/reference", "backtest")
	return dir
}

// table reads a CSV file and checks its number of rows.
func table(t testing.TB, name string, n int) []map[string]string {
	t.Helper()
	out := refdata.Rows(t, filepath.Join(reference(t), name))
	if len(out) != n {
		t.Fatalf("%s has %d rows, want %d", name, len(out), n)
	}
	return out
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	return refdata.Number(t, s)
}

// card has one measure, usage, from 0 to 100.
func card() health.Scorecard {
	return health.Scorecard{
		Format: 1, Name: "usage",
		Groups: []health.Group{{Name: "experience", Weight: 1, Aspect: health.Experience, Measures: []health.Measure{
			measure("usage", 1),
		}}},
		Bands: []health.Band{{Name: "red"}, {Name: "green", Floor: 50}},
	}
}

func measure(name string, weight float64) health.Measure {
	return health.Measure{Name: name, Weight: weight, Curve: health.Curve{Kind: health.Bounded, Knots: []health.Knot{{X: 0}, {X: 100, Points: 100}}}}
}

func compile(t testing.TB, card health.Scorecard) *health.Model {
	t.Helper()
	m, err := health.Compile(card)
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

func judge(t testing.TB, s health.Source, decisions []backtest.Decision) backtest.Report {
	t.Helper()
	r, err := backtest.Judge(backtest.Score(context.Background(), compile(t, card()), s, all(decisions), lead))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// scored is a case as Score gives it, of a card with one measure.
func scored(account string, value float64, lost bool) backtest.Case {
	at := renewal.AddDate(0, 0, -90)
	return backtest.Case{
		Decision: backtest.Decision{Account: account, At: renewal, Lost: lost},
		Score: health.Score{Account: account, AsOf: at, Known: true, Value: value, Band: "red", Parts: []health.Part{
			{Measure: "usage", Liveness: 1, OnCurve: value, Reading: health.Reading{Value: value, At: at}},
		}},
	}
}

func trial(t testing.TB, cases ...backtest.Case) *backtest.Trial {
	t.Helper()
	var trial backtest.Trial
	for _, c := range cases {
		if err := trial.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	return &trial
}

// trialOf makes a trial of points, each of an account of its own.
func trialOf(t testing.TB, points []backtest.Point) *backtest.Trial {
	t.Helper()
	cases := make([]backtest.Case, len(points))
	for i, p := range points {
		cases[i] = scored(fmt.Sprintf("a%07d", i), p.Value, p.Lost)
	}
	return trial(t, cases...)
}
