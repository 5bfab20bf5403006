package amount_test

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/shopspring/decimal"
)

func decs(s string) []decimal.Decimal {
	var out []decimal.Decimal
	for _, f := range strings.Fields(s) {
		out = append(out, dec(f))
	}
	return out
}

func TestSplit(t *testing.T) {
	tests := map[string]struct {
		total, weights string
		places         int32
		want           string
	}{
		"thirds":                       {"100", "1 1 1", 2, "33.34 33.33 33.33"},
		"negative":                     {"-100", "1 1 1", 2, "-33.34 -33.33 -33.33"},
		"larger remainder first":       {"10", "1 2 3", 0, "2 3 5"},
		"ties to the lower index":      {"2", "1 1 1 1", 0, "1 1 0 0"},
		"no weight above zero":         {"1", "0 -1 0", 2, "0.34 0.33 0.33"},
		"negative weights are nothing": {"1", "-5 1 1", 2, "0 0.5 0.5"},
		"zero":                         {"0.00", "1 2", 2, "0 0"},
		"one part":                     {"12.34", "7", 2, "12.34"},
		"yen":                          {"1001", "1 1", 0, "501 500"},
		"finer than places":            {"0.005", "1 1", 2, "0.003 0.002"},
		"finer, with zeros":            {"0.00500", "1 1", 2, "0.003 0.002"},
		"zeros are not finer":          {"1.00000", "1 1 1", 2, "0.34 0.33 0.33"},
		"hundreds":                     {"1000", "1 1 1", -2, "400 300 300"},
		"large exponent":               {"1e3", "1e18 1e-18", 2, "1000 0"},
		"weights of any scale":         {"1", "0.5 5e-1 0.50", 2, "0.34 0.33 0.33"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, part := range amount.Split(dec(tc.total), decs(tc.weights), tc.places) {
				got = append(got, amount.Text(part))
			}
			if s := strings.Join(got, " "); s != tc.want {
				t.Errorf("got %s, want %s", s, tc.want)
			}
		})
	}
	if got := amount.Split(dec("1"), nil, 2); got != nil {
		t.Errorf("no weights: got %v", got)
	}
}

// TestSplitProperties holds that the parts sum to the total, that none is a step or more from its exact share, and that
// the arguments stay as they were.
func TestSplitProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range 3000 {
		places := rng.Int32N(5)
		total := decimal.New(rng.Int64N(1<<40)-1<<39, -places)
		weights := make([]decimal.Decimal, 1+rng.IntN(8))
		sum := new(big.Rat)
		for i := range weights {
			weights[i] = decimal.New(rng.Int64N(1000), rng.Int32N(9)-4)
			sum.Add(sum, weights[i].Rat())
		}
		weights[0] = weights[0].Add(dec("1"))
		sum.Add(sum, big.NewRat(1, 1))
		before := amount.Text(total) + amount.Text(weights[0])

		got := decimal.Decimal{}
		step := decimal.New(1, -places).Rat()
		for i, part := range amount.Split(total, weights, places) {
			got = got.Add(part)
			exact := new(big.Rat).Mul(total.Rat(), new(big.Rat).Quo(weights[i].Rat(), sum))
			if off := exact.Sub(exact, part.Rat()); off.Abs(off).Cmp(step) >= 0 {
				t.Fatalf("part %d of %s is %s, off by %s", i, total, part, off.FloatString(9))
			}
		}
		if !got.Equal(total) {
			t.Fatalf("parts of %s sum to %s", total, got)
		}
		if after := amount.Text(total) + amount.Text(weights[0]); after != before {
			t.Fatalf("arguments %s became %s", before, after)
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	total, weights := dec("1000.01"), decs("1 2 3 4 5 6 7 8 9 10")
	b.ReportAllocs()
	for b.Loop() {
		amount.Split(total, weights, 2)
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := amount.Parse("-1250.75"); err != nil {
			b.Fatal(err)
		}
	}
}
