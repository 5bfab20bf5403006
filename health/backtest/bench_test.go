package backtest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// drawn are n points of which a tenth is lost; the lost lie a standard deviation below the kept.
func drawn(seed uint64, n int) []backtest.Point {
	r := rand.New(rand.NewPCG(seed, 0))
	p := make([]backtest.Point, n)
	for i := range p {
		p[i] = backtest.Point{Value: r.NormFloat64(), Lost: r.IntN(10) == 0}
		if p[i].Lost {
			p[i].Value--
		}
	}
	return p
}

func BenchmarkSeparate(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		p := drawn(1, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				backtest.Separate(p)
			}
		})
	}
}

// repeated are the points as cases of accounts with three decisions each.
func repeated(n int) []backtest.Case {
	cases := make([]backtest.Case, n)
	for i, p := range drawn(2, n) {
		c := scored(fmt.Sprint("a", i/3), p.Value, p.Lost)
		c.At = c.At.AddDate(0, 0, i%3)
		cases[i] = c
	}
	return cases
}

func BenchmarkAdd(b *testing.B) {
	cases := repeated(100_000)
	b.ReportAllocs()
	for b.Loop() {
		trial(b, cases...)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(cases)), "ns/decision")
}

func BenchmarkReport(b *testing.B) {
	t := trial(b, repeated(1_000_000)...)
	b.ReportAllocs()
	for b.Loop() {
		t.Report(backtest.Options{})
	}
}

func BenchmarkMoney(b *testing.B) {
	cases := repeated(10_000)
	for i := range cases {
		cases[i].Money, cases[i].Currency = dec(1000+i), "EUR"
	}
	t := trial(b, cases...)
	b.ReportAllocs()
	for b.Loop() {
		t.Report(backtest.Options{})
	}
}

func BenchmarkCompare(b *testing.B) {
	before, after := trial(b, repeated(100_000)...), trial(b, repeated(100_000)...)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := backtest.Compare(before, after); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	source, decisions := fourWorld(b, 1, 2000)
	m := compile(b, fourCard())
	b.ReportAllocs()
	for b.Loop() {
		for c, err := range backtest.Score(context.Background(), m, source, all(decisions), lead) {
			if err != nil || c.Err != nil {
				b.Fatal(err, c.Err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(decisions)), "ns/decision")
}

func BenchmarkDiff(b *testing.B) {
	stricter := card()
	stricter.Bands[1].Floor = 70
	before, after := compile(b, card()), compile(b, stricter)
	accounts := make([]backtest.Exposed, 10_000)
	for i := range accounts {
		accounts[i] = exposed(fmt.Sprint("a", i), float64(i%100), "green", 100)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := backtest.Diff(context.Background(), before, after, all(accounts), renewal); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(accounts)), "ns/account")
}

func BenchmarkRegress(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 0))
	x, lost := make([][]float64, 10_000), make([]bool, 10_000)
	for i := range x {
		for range 10 {
			x[i] = append(x[i], r.Float64())
		}
		lost[i] = r.Float64() < 0.3*x[i][0]+0.1*x[i][1]
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := backtest.Regress(x, lost, 1); !ok {
			b.Fatal("no convergence")
		}
	}
}
