package health_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// wide returns a card of n measures in groups of four, half of them outcomes.
func wide(n int) health.Scorecard {
	card := health.Scorecard{
		Format: health.Format, Name: "wide",
		Bands: []health.Band{{Name: "red", Floor: 0}, {Name: "amber", Floor: 50}, {Name: "green", Floor: 75}},
	}
	for i := range (n + 3) / 4 {
		g := health.Group{Name: fmt.Sprint("g", i), Weight: float64(i%3 + 1), Aspect: health.Outcome}
		if i%2 == 1 {
			g.Aspect = health.Experience
		}
		for j := 4 * i; j < min(4*i+4, n); j++ {
			g.Measures = append(g.Measures, health.Measure{
				Name: fmt.Sprint("m", j), Weight: float64(j%5 + 1), Fresh: 7 * health.Day, Expire: 90 * health.Day,
				Curve: health.Curve{Kind: health.Points, Knots: []health.Knot{{X: 0, Points: 0}, {X: 6, Points: 50}, {X: 10, Points: 100}}},
			})
		}
		card.Groups = append(card.Groups, g)
	}
	return card
}

// readingsOf gives each measure a reading of some age.
func readingsOf(m *health.Model, asOf time.Time) health.ReadingMap {
	readings := health.ReadingMap{}
	for i, name := range m.Measures() {
		readings[name] = health.Reading{Value: float64(i % 11), At: asOf.AddDate(0, 0, -i%40)}
	}
	return readings
}

func mustCompile(tb testing.TB, card health.Scorecard) *health.Model {
	tb.Helper()
	m, err := health.Compile(card)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func BenchmarkScore(b *testing.B) {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range []int{12, 100, 10_000} {
		b.Run(fmt.Sprintf("measures=%d", n), func(b *testing.B) {
			m := mustCompile(b, wide(n))
			in := health.Input{Account: "acme", Readings: readingsOf(m, asOf)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Score(in, asOf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSettle(b *testing.B) {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	m := mustCompile(b, health.Starter())
	s, err := m.Score(health.Input{Account: "acme", Readings: readingsOf(m, asOf)}, asOf)
	if err != nil {
		b.Fatal(err)
	}
	prev := health.Standing{Band: "green", AsOf: asOf.AddDate(0, 0, -1)}
	b.ReportAllocs()
	for b.Loop() {
		m.Settle(prev, s)
	}
}

func BenchmarkLevers(b *testing.B) {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	m := mustCompile(b, wide(12))
	in := health.Input{Account: "acme", Readings: readingsOf(m, asOf)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Levers(in, asOf, "green"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	card := health.Starter()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := health.Compile(card); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarshalScore(b *testing.B) {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	m := mustCompile(b, wide(12))
	s, err := m.Score(health.Input{Account: "acme", Readings: readingsOf(m, asOf)}, asOf)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range []int{12, 100} {
		b.Run(fmt.Sprintf("measures=%d", n), func(b *testing.B) {
			m := mustCompile(b, wide(n))
			before := health.Evaluation{Model: m, Input: health.Input{Account: "acme", Readings: readingsOf(m, asOf)}, AsOf: asOf}
			after := before
			after.AsOf = asOf.AddDate(0, 0, 7)
			after.Input.Readings = readingsOf(m, after.AsOf)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := health.Explain(before, after); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTrend(b *testing.B) {
	var history []health.Score
	for day := range 90 {
		history = append(history, health.Score{Account: "acme", AsOf: july.AddDate(0, 0, day), Known: true, Value: float64(day * 7 % 50)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := health.Trend(history, 90*health.Day); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRollup(b *testing.B) {
	children := make([]health.Child, 1000)
	for i := range children {
		children[i] = health.Child{Account: fmt.Sprint("a", i), Parent: fmt.Sprint("p", i%50), Known: true, Value: float64(i % 100)}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := health.Rollup(children, health.How{Method: health.RollMean}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	m := mustCompile(b, health.Starter())
	b.ReportAllocs()
	for b.Loop() {
		if found := m.Verify(); len(found) > 0 {
			b.Fatal(found)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	m := mustCompile(b, health.Starter())
	var memory health.Memory
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	source := fixed{health.Input{Account: "acme", Readings: readingsOf(m, asOf)}}
	monitor, err := health.NewMonitor(m, source, &memory, health.Options{Now: func() time.Time { return asOf }})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := monitor.Check(b.Context(), "acme", asOf); err != nil {
			b.Fatal(err)
		}
		asOf = asOf.Add(time.Second)
	}
}

// fixed is a source of one input.
type fixed struct{ in health.Input }

func (f fixed) Input(context.Context, string, time.Time, time.Time) (health.Input, bool, error) {
	return f.in, true, nil
}
