package pace_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// many returns stays with a tenth censored, to the microsecond.
func many(n int) []pace.Stay {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]pace.Stay, n)
	for i := range list {
		list[i] = pace.Stay{Account: "a", From: start, To: start.Add(time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour)))), Ended: r.IntN(10) > 0}
		if list[i].Ended {
			list[i].Kind = journey.Advance
		}
	}
	return list
}

// BenchmarkEstimate estimates a million stays from nothing, in whole days and to the microsecond.
func BenchmarkEstimate(b *testing.B) {
	list := many(1_000_000)
	for name, step := range map[string]journey.Duration{"days": journey.Day, "microseconds": journey.Duration(time.Microsecond)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := pace.NewSample(step)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Add(list...); err != nil {
					b.Fatal(err)
				}
				if _, err := s.Estimate(pace.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(list)), "ns/stay")
		})
	}
}

func BenchmarkOdds(b *testing.B) {
	c := curve(b, pace.Options{Class: "all"}, many(10_000)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Odds(300, 30); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	var stages []pace.Stage
	for range 5 {
		stages = append(stages, pace.Stage{Phase: "x", Curve: curve(b, pace.Options{}, many(1000)...)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pace.Plan(stages, start, 0.5); err != nil {
			b.Fatal(err)
		}
	}
}
