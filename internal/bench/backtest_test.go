package bench

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

const (
	separatePoints = 10_000_000
	areaWithin     = 1e-12
	varianceWithin = 1e-9 // a share of the variance
)

// drawn are n decisions of which a tenth is lost, a standard deviation below the kept, on a grid that makes ties.
func drawn(n int) []backtest.Point {
	r := newRand(4)
	points := make([]backtest.Point, n)
	for i := range points {
		p := &points[i]
		p.Lost = r.IntN(10) == 0
		if p.Value = r.NormFloat64(); p.Lost {
			p.Value--
		}
		p.Value = math.Round(p.Value*100_000) / 100_000
	}
	return points
}

// numpyAUC returns NumPy as a contestant, once its numbers are ours.
func numpyAUC(tb testing.TB, python string, points []backtest.Point) contestant {
	tb.Helper()
	dir := tb.TempDir()
	values, lost := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		if values[i] = p.Value; p.Lost {
			lost[i] = 1
		}
	}
	writeRaw(tb, dir, "points.f64", values, lost)
	run := func() (time.Duration, error) { return runScript(python, "auc.py", dir, strconv.Itoa(len(points))) }
	if _, err := run(); err != nil {
		tb.Fatal(err)
	}
	got := readRaw(tb, dir, "auc.f64", 1)
	if len(got) != 2 {
		tb.Fatalf("numpy gives %d numbers, want 2", len(got))
	}
	want := backtest.Separate(points)
	agree(tb, "numpy area", []float64{want.Value}, got[0], areaWithin)
	agree(tb, "numpy variance", []float64{want.Variance}, got[1], float64(varianceWithin*want.Variance))
	return contestant{name: "numpy", run: run}
}

func TestSeparate(t *testing.T) {
	python, lacks := findPython("numpy")
	if lacks != "" {
		t.Skip(lacks)
	}
	numpyAUC(t, python, drawn(3000))
}

// BenchmarkSeparate has two sizes: of n log n, one decision costs a sixth more with ten times as many of a million.
func BenchmarkSeparate(b *testing.B) {
	n := size(100_000, separatePoints)
	for _, n := range []int{n / 10, n} {
		points := drawn(n)
		b.Run(fmt.Sprintf("decisions=%d", n), func(b *testing.B) {
			contestants := []contestant{{name: "ours", run: timed(func() error {
				backtest.Separate(points)
				return nil
			})}}
			if python, lacks := findPython("numpy"); lacks != "" {
				b.Log("without NumPy: " + lacks)
			} else {
				contestants = append(contestants, numpyAUC(b, python, points))
			}
			compare(b, n, "decision", contestants...)
		})
	}
}
