package amount_test

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/shopspring/decimal"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "-0.00": "0", "7": "7", "-1250.75": "-1250.75", "1.10": "1.1", "0.5": "0.5", "100": "100",
		"1e3": "1000", "1E+3": "1000", "1.5e-3": "0.0015", "-12e-1": "-1.2", "1e18": "1000000000000000000", "1e-18": "0.000000000000000001",
		"1e0018": "1000000000000000000", "100000000000000000000e-18": "100", "1.5e19": "15000000000000000000",
		"170141183460469231731687303715884105727" + strings.Repeat("0", 18): "170141183460469231731687303715884105727" + strings.Repeat("0", 18),
		"170141183460469231731687303715884105727":                           "170141183460469231731687303715884105727", // 2^127 - 1
	} {
		d, err := amount.Parse(in)
		if err != nil || amount.Text(d) != want || amount.Check(d) != nil {
			t.Errorf("%s: got %s, %v; want %s", in, amount.Text(d), err, want)
		}
	}
	const grammar = "is not a decimal number, like -1250.75"
	for in, want := range map[string]string{
		"": grammar, "-": grammar, ".5": grammar, "5.": grammar, "+5": grammar, "--5": grammar, "1,5": grammar, "1.2.3": grammar,
		"05": grammar, "-05": grammar, " 5": grammar, "5 ": grammar, "0x10": grammar, "1_000": grammar, "NaN": grammar, "Inf": grammar,
		"1e": grammar, "e5": grammar, "1e+": grammar, "1e+-5": grammar, "1e1.5": grammar, "1e5e5": grammar, "\u22125": grammar, "٣": grammar,
		"1e19": "has the exponent 19, outside -18 to 18", "1e-19": "has the exponent -19, outside -18 to 18",
		"1.0e-18": "has the exponent -19, outside -18 to 18", "1e-32768": "has the exponent -32768, outside -18 to 18",
		"1e1000000000": "has an exponent far outside -18 to 18", "1e-99999999999999999999": "has an exponent far outside -18 to 18",
		"170141183460469231731687303715884105728": "needs over 127 bits for its digits",
		strings.Repeat("9", 64):                   "needs over 127 bits for its digits",
		strings.Repeat("9", 65):                   "has over 64 bytes",
	} {
		if d, err := amount.Parse(in); err == nil || err.Error() != want {
			t.Errorf("%q: got %s, %v; want %s", in, amount.Text(d), err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 127)
	for name, d := range map[string]decimal.Decimal{
		"exponent above": decimal.New(1, 19), "exponent below": decimal.New(1, -19), "zero with an exponent": decimal.New(0, 19),
		"digits": decimal.NewFromBigInt(huge, 0), "negative digits": decimal.NewFromBigInt(new(big.Int).Neg(huge), 0),
		"far": decimal.New(1, -1<<31),
	} {
		if amount.Check(d) == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, d := range map[string]decimal.Decimal{
		"zero value": {}, "above": decimal.New(1, 18), "below": decimal.New(-1, -18),
		"digits": decimal.NewFromBigInt(huge.Sub(huge, big.NewInt(1)), 18),
	} {
		if err := amount.Check(d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestText(t *testing.T) {
	for want, d := range map[string]decimal.Decimal{
		"0": {}, "1200": decimal.New(12, 2), "-1200": decimal.New(-1200, 0), "12": decimal.New(1200, -2), "-0.012": decimal.New(-12, -3),
		"1.2": decimal.New(120, -2), "0.1": decimal.New(100, -3), "1e19": decimal.New(1, 19), "-10e-19": decimal.New(-10, -19),
		"1e-2147483648": decimal.New(1, -1<<31),
	} {
		if got := amount.Text(d); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := string(amount.AppendText([]byte("x="), dec("-1.50"))); got != "x=-1.5" {
		t.Errorf("got %s", got)
	}
}

func random(rng *rand.Rand) decimal.Decimal {
	n := new(big.Int).SetUint64(rng.Uint64())
	n.Lsh(n, 63).Or(n, big.NewInt(rng.Int64())).Rsh(n, uint(rng.IntN(126)))
	if rng.IntN(2) == 0 {
		n.Neg(n)
	}
	return decimal.NewFromBigInt(n, rng.Int32N(37)-18)
}

// TestTextIsTheValue compares with big.Rat, and holds that equal amounts have equal text.
func TestTextIsTheValue(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		d := random(rng)
		text := amount.Text(d)
		if again, err := amount.Parse(text); err != nil || !again.Equal(d) {
			t.Fatalf("%s reads back as %s, %v", text, again.Rat(), err)
		}
		r, ok := new(big.Rat).SetString(text)
		if !ok || r.Cmp(d.Rat()) != 0 || strings.ContainsAny(text, "eE+") {
			t.Fatalf("%s is written %s", d.Rat(), text)
		}
		if d.Exponent() > -17 {
			scaled := decimal.NewFromBigInt(new(big.Int).Mul(d.Coefficient(), big.NewInt(100)), d.Exponent()-2)
			if got := amount.Text(scaled); got != text {
				t.Fatalf("%s and %s are equal", got, text)
			}
		}
	}
}

// TestRound compares with a rounding of fractions: the nearest integer, of two the even one.
func TestRound(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	half := big.NewRat(1, 2)
	for i := range 5000 {
		d, places := random(rng), rng.Int32N(24)-4
		if i%2 == 0 { // ties are rare among random numbers
			d = decimal.New(int64(rng.IntN(2001)-1000)*5, -places-1)
		}
		scale := decimal.New(1, places).Rat()
		x := new(big.Rat).Mul(d.Rat(), scale)
		down := new(big.Int).Div(x.Num(), x.Denom()) // toward minus infinity, as the denominator is positive
		rest := new(big.Rat).Sub(x, new(big.Rat).SetInt(down))
		if c := rest.Cmp(half); c > 0 || c == 0 && down.Bit(0) == 1 {
			down.Add(down, big.NewInt(1))
		}
		want := new(big.Rat).Quo(new(big.Rat).SetInt(down), scale)
		got := amount.Round(d, places)
		if got.Rat().Cmp(want) != 0 || got.Exponent() != -places {
			t.Fatalf("%s to %d places: got %s, want %s", d.Rat(), places, got.Rat(), want)
		}
	}
}

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		d      decimal.Decimal
		places int32
		want   int64
		ok     bool
	}{
		{decimal.Decimal{}, 2, 0, true},
		{dec("12.34"), 2, 1234, true},
		{dec("-12.3"), 2, -1230, true},
		{dec("12.340"), 2, 0, false}, // a finer exponent
		{decimal.New(12, 3), 2, 1200000, true},
		{decimal.New(1, 16), 2, 0, false},
		{decimal.New(9, 15), 2, 900000000000000000, true},
		{decimal.New(-999999999999999999, -18), 18, -999999999999999999, true},
		{decimal.New(1000000000000000000, -2), 2, 0, false},
		{dec("36893488147419103232"), 0, 0, false}, // 2^65
		{decimal.New(1, 1<<31-1), 18, 0, false},
		{decimal.New(1, -1<<31), 0, 0, false},
	} {
		if got, ok := amount.Units(c.d, c.places); ok != c.ok || got != c.want {
			t.Errorf("%v with %d places: %d, %v; want %d, %v", c.d, c.places, got, ok, c.want, c.ok)
		}
	}
}

// FuzzParse holds that what Parse takes is exactly the number that big.Rat reads in it, and that its text reads back.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"0", "-1250.75", "1e18", "1.5e-3", "1e-19", "0.10", "e", "--1", "1e+05", "170141183460469231731687303715884105728"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := amount.Parse(s)
		if err != nil {
			return
		}
		r, ok := new(big.Rat).SetString(s)
		if !ok || r.Cmp(d.Rat()) != 0 {
			t.Fatalf("%q was read as %s", s, d.Rat())
		}
		if err := amount.Check(d); err != nil {
			t.Fatalf("%q %v", s, err)
		}
		if again, err := amount.Parse(amount.Text(d)); err != nil || !again.Equal(d) {
			t.Fatalf("%q was written %q, which %v", s, amount.Text(d), err)
		}
	})
}

// TestMinor counts what ISO 4217 lists (SIX, list one, as published 2024-06-25, with XAD and XCG added and BGN, CUC,
// HRK, SLL, ANG and ZWL kept): the codes by digits of their minor unit.
func TestMinor(t *testing.T) {
	count := map[int32]int{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				if places, ok := amount.Minor(string([]rune{a, b, c})); ok {
					count[places]++
				}
			}
		}
	}
	if count[0] != 17 || count[2] != 145 || count[3] != 7 || count[4] != 2 || len(count) != 4 {
		t.Errorf("codes by places: %v", count)
	}
	for code, want := range map[string]int32{"EUR": 2, "USD": 2, "JPY": 0, "ISK": 0, "UYI": 0, "KWD": 3, "TND": 3, "CLF": 4, "UYW": 4, "HUF": 2, "BGN": 2} {
		if got, ok := amount.Minor(code); !ok || got != want {
			t.Errorf("%s: got %d, %v; want %d", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "eur", "XAU", "XXX", "XTS", "XDR", "ABC", "EURO", "DEM"} {
		if places, ok := amount.Minor(code); ok {
			t.Errorf("%q has %d places", code, places)
		}
	}
}
