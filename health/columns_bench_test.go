package health_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// columnsOf returns seeded values of 0 to 10, one in twenty missing, up to 40 days old.
func columnsOf(m *health.Model, rows int, asOf time.Time) health.Columns {
	r := rand.New(rand.NewPCG(1, 2))
	var in health.Columns
	for range m.Measures() {
		values, at := make([]float64, rows), make([]int64, rows)
		for i := range values {
			values[i] = r.Float64() * 10
			if r.IntN(20) == 0 {
				values[i] = math.NaN()
			}
			at[i] = asOf.AddDate(0, 0, -r.IntN(40)).UnixMicro()
		}
		in.Values, in.At = append(in.Values, values), append(in.At, at)
	}
	return in
}

func resultsOf(rows int) health.Results {
	return health.Results{
		Value: make([]float64, rows), Coverage: make([]float64, rows), Low: make([]float64, rows), High: make([]float64, rows),
		Band: make([]int32, rows), Bad: make([]bool, rows),
	}
}

func BenchmarkScoreColumns(b *testing.B) {
	const rows = 100_000
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	flat := wide(12) // one group, and nothing ages
	flat.Groups = flat.Groups[:1]
	for _, g := range wide(12).Groups[1:] {
		flat.Groups[0].Measures = append(flat.Groups[0].Measures, g.Measures...)
	}
	for i := range flat.Groups[0].Measures {
		x := &flat.Groups[0].Measures[i]
		x.Fresh, x.Expire = 0, 0
		x.Curve.Knots = []health.Knot{{X: 0, Points: 0}, {X: 1, Points: 40}, {X: 3, Points: 80}, {X: 10, Points: 100}}
	}
	for _, c := range []struct {
		name string
		card health.Scorecard
	}{{"flat", flat}, {"ageing", wide(12)}} {
		b.Run(c.name, func(b *testing.B) {
			m := mustCompile(b, c.card)
			in, out := columnsOf(m, rows, asOf), resultsOf(rows)
			if c.name == "flat" {
				in.At = nil
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := m.ScoreColumns(&out, in, asOf); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/account")
		})
	}
}
