// Package lab_test is a researcher's day in go test: a hypothesis, two scorecards that put it into numbers, and a verdict,
// on three kinds of data that are never mixed up. README.md goes through it.
package lab_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// lead is how long before a decision a score must be known to be of use.
const lead = 90 * health.Day

// A line turns a raw value into points: 0 at worst, 100 at best.
type line struct {
	name        string
	weight      float64
	worst, best float64
}

// compile makes a model of lines in one group: how the customer fares, without a word on outcomes.
func compile(name string, lines ...line) *health.Model {
	g := health.Group{Name: "experience", Weight: 1, Aspect: health.Experience}
	for _, l := range lines {
		knots := []health.Knot{{X: l.worst}, {X: l.best, Points: 100}}
		if l.worst > l.best {
			knots = []health.Knot{{X: l.best, Points: 100}, {X: l.worst}}
		}
		g.Measures = append(g.Measures, health.Measure{Name: l.name, Weight: l.weight, Curve: health.Curve{Kind: health.Points, Knots: knots}})
	}
	m, err := health.Compile(health.Scorecard{
		Format: 1, Name: name, Groups: []health.Group{g},
		Bands: []health.Band{{Name: "red"}, {Name: "amber", Floor: 40}, {Name: "green", Floor: 60}},
	})
	if err != nil {
		panic(err)
	}
	return m
}

// collect puts a model on trial.
func collect(m *health.Model, s health.Source, decisions []backtest.Decision) (*backtest.Trial, error) {
	var t backtest.Trial
	for c, err := range backtest.Score(context.Background(), m, s, each(decisions), lead) {
		if err == nil {
			err = t.Add(c)
		}
		if err != nil {
			return nil, err
		}
	}
	return &t, nil
}

func each[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range items {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// area says an area and its interval.
func area(a backtest.AUC) string {
	return fmt.Sprintf("%.3f (%.3f to %.3f)", a.Value, a.Low, a.High)
}

// conclude says what a report shows, in plain words.
func conclude(name string, r backtest.Report) string {
	var w strings.Builder
	money := "not known"
	if r.Money.Known {
		money = fmt.Sprintf("%.3f", r.Money.Value)
	}
	fmt.Fprintf(&w, "%s: area %s, weighted by money %s: %s\n", name, area(r.AUC), money, r.Verdict)
	for _, n := range r.Needs {
		fmt.Fprintln(&w, "  it would need", n)
	}
	if b := r.Best; b != nil && len(r.Measures) > 1 {
		fmt.Fprintf(&w, "  where its best measure, %s, is known, that alone has %.3f; the card adds %+.3f (%+.3f to %+.3f)\n",
			b.Measure, b.Comparison.Before.Value, b.Comparison.Difference, b.Comparison.Low, b.Comparison.High)
	}
	for _, b := range r.Bands[:max(0, len(r.Bands)-1)] {
		fmt.Fprintf(&w, "  alerts at %s or worse: %.0f %% of the lost, %.0f %% of the kept\n", b.Band, 100*b.Catch, 100*b.FalseAlarm)
	}
	return w.String()
}

// better says which of two cards is better, if one is.
func better(before, after string, c backtest.Comparison) string {
	switch {
	case c.Low > 0:
		return fmt.Sprintf("%s is better than %s by %.3f (%.3f to %.3f)\n", after, before, c.Difference, c.Low, c.High)
	case c.High < 0:
		return fmt.Sprintf("%s is better than %s by %.3f (%.3f to %.3f)\n", before, after, -c.Difference, -c.High, -c.Low)
	}
	return fmt.Sprintf("which of %s and %s is better can't be told: %+.3f (%+.3f to %+.3f)\n", before, after, c.Difference, c.Low, c.High)
}

// middle is the instant by which half of the decisions were due.
func middle(decisions []backtest.Decision) time.Time {
	sorted := slices.SortedFunc(slices.Values(decisions), func(a, b backtest.Decision) int { return a.At.Compare(b.At) })
	return sorted[len(sorted)/2].At
}
