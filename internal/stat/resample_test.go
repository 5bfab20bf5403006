package stat_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// TestResamplerSeed: the samples of a seed are part of what a release promises.
func TestResamplerSeed(t *testing.T) {
	draw := func(seed uint64) string {
		r, drawn := stat.NewResampler(seed), make([]uint32, 9)
		r.Draw(drawn, 100)
		first := fmt.Sprint(drawn)
		r.Draw(drawn, 3)
		return first + fmt.Sprint(drawn)
	}
	const want = "[92 48 80 0 37 55 77 28 63][2 2 2 0 0 1 0 2 2]"
	if got := draw(7); got != want || got == draw(8) {
		t.Errorf("seed 7 draws %s, want %s; seed 8 %s", got, want, draw(8))
	}
}

// TestResamplerUniform: each item is drawn equally often, within 4 standard errors, also where its number divides no power
// of two and rejections are frequent.
func TestResamplerUniform(t *testing.T) {
	const draws = 300_000
	for _, n := range []int{1, 2, 7, 1000} {
		drawn, counts := make([]uint32, draws), make([]int, n)
		if !stat.NewResampler(3).Draw(drawn, n) {
			t.Fatalf("%d items are refused", n)
		}
		for _, i := range drawn {
			counts[i]++
		}
		p := 1 / float64(n)
		for i, c := range counts {
			if away := math.Abs(float64(c) - draws*p); away > 4*math.Sqrt(draws*p*(1-p)) {
				t.Errorf("item %d of %d is drawn %d times of %d", i, n, c, draws)
			}
		}
	}
	const large = 3 << 29 // a quarter of the products are rejected
	drawn, below := make([]uint32, draws), 0
	stat.NewResampler(4).Draw(drawn, large)
	for _, i := range drawn {
		if i >= large {
			t.Fatalf("%d is drawn of %d", i, large)
		}
		if i < large/3 {
			below++
		}
	}
	if away := math.Abs(float64(below) - draws/3.0); away > 4*math.Sqrt(draws*2/9.0) {
		t.Errorf("the lowest third is drawn %d times of %d", below, draws)
	}
}

func TestResamplerRefuses(t *testing.T) {
	for _, n := range []int{0, -1} {
		if stat.NewResampler(1).Draw(make([]uint32, 3), n) {
			t.Errorf("%d items are drawn from", n)
		}
	}
}

// TestPercentiles: for many items the tails are those of the confidence. For 10, they are the normal tails of
// 2.262157 · √(10/9) = 2.384525, 0.855 % each (t quantile: Abramowitz and Stegun, table 26.10).
func TestPercentiles(t *testing.T) {
	x := make([]float64, 10_000)
	for i := range x {
		x[i] = float64(i)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	for _, c := range []struct {
		n         int
		low, high float64
	}{{1_000_000, 249, 9750}, {10, 85, 9914}} {
		if i, ok := stat.Percentiles(x, c.n, 0.95); !ok || i.Low != c.low || i.High != c.high {
			t.Errorf("n = %d: got %v, %v, want %v to %v", c.n, i, ok, c.low, c.high)
		}
	}
	for _, confidence := range []float64{0, 1, -1, math.NaN()} {
		if _, ok := stat.Percentiles(x, 10, confidence); ok {
			t.Errorf("confidence %v has an interval", confidence)
		}
	}
	for _, n := range []int{1, 0, -1} {
		if _, ok := stat.Percentiles(x, n, 0.9); ok {
			t.Errorf("%d items have an interval", n)
		}
	}
	if _, ok := stat.Percentiles(nil, 10, 0.9); ok {
		t.Error("nothing has an interval")
	}
	if i, ok := stat.Percentiles([]float64{3}, 10, 0.9); !ok || i.Low != 3 || i.High != 3 {
		t.Errorf("one value gives %v, %v", i, ok)
	}
}

// TestPercentilesOrder: of values in any order, as many are left out below as above, and at most half of them.
func TestPercentilesOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		x := make([]float64, 1+r.IntN(60))
		for i := range x {
			x[i] = float64(r.IntN(1 + r.IntN(40)))
			if r.IntN(20) == 0 {
				x[i] = math.Inf(1 - 2*r.IntN(2))
			}
		}
		sorted := slices.Sorted(slices.Values(x))
		n, confidence := 2+r.IntN(30), r.Float64()
		if r.IntN(5) == 0 {
			confidence = 1e-17
		}
		got, ok := stat.Percentiles(x, n, confidence)
		found := false
		for out := 0; 2*out < len(sorted); out++ {
			found = found || sorted[out] == got.Low && sorted[len(sorted)-1-out] == got.High
		}
		if !ok || !found {
			t.Fatalf("%v at %v: got %v, %v", sorted, confidence, got, ok)
		}
		slices.Sort(x)
		if !slices.Equal(x, sorted) {
			t.Fatalf("%v became %v", sorted, x)
		}
	}
}

// BenchmarkDraw stands beside the loop that anyone would write.
func BenchmarkDraw(b *testing.B) {
	drawn := make([]uint32, 10_000)
	b.Run("resampler", func(b *testing.B) {
		r := stat.NewResampler(1)
		b.ReportAllocs()
		for b.Loop() {
			r.Draw(drawn, len(drawn))
		}
	})
	b.Run("plain", func(b *testing.B) {
		r := rand.New(rand.NewPCG(1, 2))
		b.ReportAllocs()
		for b.Loop() {
			for i := range drawn {
				drawn[i] = uint32(r.IntN(len(drawn)))
			}
		}
	})
}
