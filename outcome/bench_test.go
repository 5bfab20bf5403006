package outcome_test

import (
	"fmt"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// benchInput has 20 outcomes with 10 measurements each.
func benchInput(tb testing.TB, m *outcome.Model) outcome.Input {
	var outcomes []outcome.Outcome
	series := outcome.SeriesMap{}
	for i := range 20 {
		name := fmt.Sprint("m", i)
		o := aim(name, outcome.Target{Measure: name, Base: 84, Goal: 30, Due: on(12, 1)})
		o.Horizon, o.Persona = []outcome.Horizon{outcome.Short, outcome.Medium, outcome.Long}[i%3], []string{"user", "manager"}[i%2]
		outcomes = append(outcomes, o)
		series[name] = measured(on(1, 2), 7*day, 84, 80, 81, 77, 70, 66, 60, 61, 55, 50)
	}
	return outcome.Input{Account: "acme", Plan: mustPropose(tb, m, outcomes...), Series: series}
}

func BenchmarkAssess(b *testing.B) {
	m := mustCompile(b, outcome.Template{Format: 1, Name: "x", Roles: bare().Roles})
	in := benchInput(b, m)
	asOf := on(6, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Assess(in, asOf); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTerms(b *testing.B) {
	p := benchInput(b, mustCompile(b, bare())).Plan
	b.ReportAllocs()
	for b.Loop() {
		if p.Terms() == (outcome.Digest{}) {
			b.Fatal("no terms")
		}
	}
}

func BenchmarkSign(b *testing.B) {
	m := mustCompile(b, bare())
	p := benchInput(b, m).Plan
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Sign(p, "customer", "c", on(2, 1)); err != nil {
			b.Fatal(err)
		}
	}
}
