package stat_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/exp/stats"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

func TestQuantileTypes(t *testing.T) {
	text, err := os.ReadFile("testdata/quantile_input.json")
	if err != nil {
		t.Fatal(err)
	}
	var data map[string][]float64
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows(t, "quantile_types_expected.csv") {
		typ, err := strconv.Atoi(row["type"])
		if err != nil {
			t.Fatal(err)
		}
		x := data[row["data"]]
		if len(x) == 0 {
			t.Fatalf("no input %q", row["data"])
		}
		got, ok := stat.QuantileType(slices.Sorted(slices.Values(x)), number(t, row["p"]), typ)
		if !ok {
			t.Fatalf("%v: undefined", row)
		}
		near(t, row["data"]+" type "+row["type"]+" at "+row["p"], got, number(t, row["q"]), 1e-12)
	}
}

func TestQuantileAgainstExp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		x := make([]float64, 1+r.IntN(40))
		for i := range x {
			x[i] = math.Round(r.NormFloat64() * 8)
		}
		q := r.Float64()
		sorted := slices.Sorted(slices.Values(x))
		near(t, "quantile", known(t)(stat.Quantile(sorted, q)), stats.Quantiles(x, q)[0], 1e-12)
		unchanged(t, x, func(x []float64) {
			near(t, "median", known(t)(stat.Median(x)), stats.Median(x), 1e-12)
		})
	}
}

// TestQuantileSteps holds the discontinuous types to Hyndman and Fan's definitions where n·q is whole but its product is not.
func TestQuantileSteps(t *testing.T) {
	x := make([]float64, 100) // 100 × 0.07 is above 7, and 100 × 0.29 below 29
	for i := range x {
		x[i] = float64(i + 1)
	}
	for k := 1; k < 100; k++ {
		q := float64(k) / 100
		for typ, want := range map[int]float64{1: float64(k), 2: float64(k) + 0.5, 4: float64(k)} {
			if got, _ := stat.QuantileType(x, q, typ); got != want {
				t.Errorf("type %d at %v = %v, want %v", typ, q, got, want)
			}
		}
	}
}

func TestQuantileProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	for range 500 {
		x := make([]float64, 1+r.IntN(20))
		for i := range x {
			x[i] = math.Ldexp(r.NormFloat64(), r.IntN(40))
		}
		slices.Sort(x)
		for typ := 1; typ <= 9; typ++ {
			last := math.Inf(-1)
			for i := range 101 {
				v := known(t)(stat.QuantileType(x, float64(i)/100, typ))
				if v < x[0] || v > x[len(x)-1] || v < last-1e-12*math.Abs(last) {
					t.Fatalf("type %d of %v at %d %% = %v after %v", typ, x, i, v, last)
				}
				last = v
			}
		}
	}
}

func TestMAD(t *testing.T) {
	// Median 3, deviations 2 1 0 1 97.
	if v, ok := stat.MAD([]float64{100, 1, 2, 3, 4}); !ok || v != 1 {
		t.Errorf("MAD = %v, %v, want 1", v, ok)
	}
}

func TestQuantileUndefined(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		x   []float64
		q   float64
		typ int
	}{
		{nil, 0.5, 7}, {[]float64{1}, -0.1, 7}, {[]float64{1}, 1.1, 7}, {[]float64{1}, nan, 7}, {[]float64{1}, 0.5, 0},
		{[]float64{1}, 0.5, 10}, {[]float64{nan, 1}, 0.5, 7}, {[]float64{1, math.Inf(1)}, 0.5, 7},
	} {
		if v, ok := stat.QuantileType(tt.x, tt.q, tt.typ); ok {
			t.Errorf("QuantileType(%v, %v, %d) = %v", tt.x, tt.q, tt.typ, v)
		}
	}
	for _, x := range [][]float64{nil, {1, nan, 2}, {math.Inf(-1)}} {
		if _, ok := stat.Median(x); ok {
			t.Errorf("Median(%v) is defined", x)
		}
		if _, ok := stat.MAD(x); ok {
			t.Errorf("MAD(%v) is defined", x)
		}
	}
	a, _ := stat.Median([]float64{0, math.Copysign(0, -1), 0})
	if math.Signbit(a) {
		t.Error("a median of −0")
	}
}

func FuzzQuantile(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 0.5, 7)
	f.Add(math.MaxFloat64, -math.MaxFloat64, 0.0, 0.3, 8)
	f.Add(math.NaN(), 1.0, math.Inf(1), 0.0, 3)
	f.Fuzz(func(t *testing.T, a, b, c, q float64, typ int) {
		x := []float64{a, b, c}
		slices.Sort(x)
		if v, ok := stat.QuantileType(x, q, typ); ok && !(x[0] <= v && v <= x[2]) {
			t.Errorf("QuantileType(%v, %v, %d) = %v", x, q, typ, v)
		}
	})
}
