package stat_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/exp/stats"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// exactSum is the twin of Sum: the rational sum, rounded once.
func exactSum(x []float64) float64 {
	sum := new(big.Rat)
	for _, v := range x {
		sum.Add(sum, new(big.Rat).SetFloat64(v))
	}
	f, _ := sum.Float64()
	return f
}

// wild returns n values of very different magnitude and sign, with repeats and cancelling pairs.
func wild(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Ldexp(float64(r.Int64N(1<<53)-1<<52), r.IntN(300)-150)
		switch {
		case i > 0 && r.IntN(4) == 0:
			x[i] = -x[i-1]
		case r.IntN(8) == 0:
			x[i] = 0.1
		}
	}
	return x
}

func TestSumIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		x := wild(r, r.IntN(40))
		got, ok := stat.Sum(x)
		if want := exactSum(x); !ok || got != want {
			t.Fatalf("Sum(%v) = %v, %v, want %v", x, got, ok, want)
		}
		r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		if again, _ := stat.Sum(x); math.Float64bits(again) != math.Float64bits(got) {
			t.Fatalf("Sum depends on the order: %v and %v", got, again)
		}
	}
	for _, x := range [][]float64{
		{1, 0x1p-53, 0x1p-106}, {1, 0x1p-53, -0x1p-106}, {1 + 0x1p-52, 0x1p-53, -0x1p-120}, // ties to even, broken from below
		{1e308, 1e-308, -1e308}, {0.1, 0.2, 0.3, -0.6}, {1e16, 1, -1e16},
	} {
		if got, ok := stat.Sum(x); !ok || got != exactSum(x) {
			t.Errorf("Sum(%v) = %v, %v, want %v", x, got, ok, exactSum(x))
		}
	}
}

func TestMeanAgainstExp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		x := make([]float64, 2+r.IntN(50))
		for i := range x {
			x[i] = r.NormFloat64()*10 + 5
		}
		wantMean, wantSD := stats.MeanAndStdDev(x)
		unchanged(t, x, func(x []float64) {
			mean, sd, ok := stat.MeanSD(x)
			if !ok {
				t.Fatal("undefined")
			}
			near(t, "mean", mean, wantMean, 1e-12)
			nearRelative(t, "sd", sd, wantSD, 1e-12)
			if alone, _ := stat.Mean(x); alone != mean {
				t.Errorf("Mean = %v, MeanSD says %v", alone, mean)
			}
		})
		shuffled := slices.Clone(x)
		r.Shuffle(len(x), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		a, b, _ := stat.MeanSD(x)
		if c, d, _ := stat.MeanSD(shuffled); a != c || b != d {
			t.Error("MeanSD depends on the order")
		}
	}
}

// TestNumAcc is built from the definitions of NIST's Statistical Reference Datasets, univariate, NumAcc1 to 4; certified
// deviations 1, 0.1, 0.1, 0.1.
func TestNumAcc(t *testing.T) {
	alternate := func(first, low, high float64) []float64 {
		x := []float64{first}
		for range 500 {
			x = append(x, low, high)
		}
		return x
	}
	tests := []struct {
		name              string
		x                 []float64
		mean, sd, closeTo float64
	}{
		{"NumAcc1", []float64{10000001, 10000003, 10000002}, 10000002, 1, 0},
		{"NumAcc2", alternate(1.2, 1.1, 1.3), 1.2, 0.1, 1e-14},
		{"NumAcc3", alternate(1000000.2, 1000000.1, 1000000.3), 1000000.2, 0.1, 1e-8},
		{"NumAcc4", alternate(10000000.2, 10000000.1, 10000000.3), 10000000.2, 0.1, 1e-7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mean, sd, ok := stat.MeanSD(tt.x)
			if !ok {
				t.Fatal("undefined")
			}
			nearRelative(t, "mean", mean, tt.mean, 2.3e-16)
			nearRelative(t, "sd", sd, tt.sd, tt.closeTo)
			// Against the values as the machine holds them, the deviation is right to its last bits.
			nearRelative(t, "sd", sd, rationalSD(tt.x), 4e-16)
		})
	}
}

func rationalSD(x []float64) float64 {
	mean, n := new(big.Rat), big.NewRat(int64(len(x)), 1)
	for _, v := range x {
		mean.Add(mean, new(big.Rat).SetFloat64(v))
	}
	mean.Quo(mean, n)
	squares := new(big.Rat)
	for _, v := range x {
		d := new(big.Rat).Sub(new(big.Rat).SetFloat64(v), mean)
		squares.Add(squares, d.Mul(d, d))
	}
	squares.Quo(squares, n.Sub(n, big.NewRat(1, 1)))
	root := new(big.Float).SetPrec(200).SetRat(squares)
	f, _ := root.Sqrt(root).Float64()
	return f
}

func TestMeanSDExtremes(t *testing.T) {
	for _, scale := range []float64{0x1p-1000, 0x1p-500, 1, 0x1p500, 0x1p1000} {
		mean, sd, ok := stat.MeanSD([]float64{1 * scale, 2 * scale, 3 * scale})
		if !ok || mean != 2*scale || sd != scale {
			t.Errorf("at %g: %g, %g, %v", scale, mean, sd, ok)
		}
	}
	if _, sd, ok := stat.MeanSD([]float64{0.1, 0.1, 0.1}); !ok || sd != 0 {
		t.Errorf("equal values: sd = %v, %v", sd, ok)
	}
}

func TestUndefinedSums(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	if v, ok := stat.Sum(nil); !ok || v != 0 {
		t.Errorf("Sum of nothing = %v, %v", v, ok)
	}
	if _, ok := stat.Mean(nil); ok {
		t.Error("a mean of nothing")
	}
	if _, _, ok := stat.MeanSD([]float64{7}); ok {
		t.Error("a deviation of one value")
	}
	for _, x := range [][]float64{{1, nan}, {inf, 1}, {inf, -inf}, {math.MaxFloat64, math.MaxFloat64}, {nan, 1, 2}} {
		if v, ok := stat.Sum(x); ok {
			t.Errorf("Sum(%v) = %v", x, v)
		}
		if _, _, ok := stat.MeanSD(x); ok {
			t.Errorf("MeanSD(%v) is defined", x)
		}
	}
	if _, _, ok := stat.MeanSD([]float64{math.MaxFloat64, -math.MaxFloat64}); ok {
		t.Error("a deviation beyond the largest number")
	}
}

func BenchmarkMeanSD(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	x := make([]float64, 1_000_000)
	for i := range x {
		x[i] = r.Float64()
	}
	b.ReportAllocs()
	for b.Loop() {
		stat.MeanSD(x)
	}
}

// TestSumOfLargest adds what overflows on the way in one order and not in another.
func TestSumOfLargest(t *testing.T) {
	const big = math.MaxFloat64
	for _, x := range [][]float64{{big, -big, big, -big, 1}, {big, big, -big, -big, 1}, {1, -big, -big, big, big}} {
		if got, ok := stat.Sum(x); !ok || got != 1 {
			t.Errorf("sum of %v is %v, %v", x, got, ok)
		}
	}
	for _, x := range [][]float64{{big, big}, {big, -big, big, big}, {-big, -big}} {
		if got, ok := stat.Sum(x); ok {
			t.Errorf("sum of %v is %v", x, got)
		}
	}
}
