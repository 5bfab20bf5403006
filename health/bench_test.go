package health_test

import (
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
