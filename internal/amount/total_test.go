package amount_test

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/shopspring/decimal"
)

// same reports whether a sum has the digits and the exponent that another way gives; or its value alone, with fewer zeros,
// where the digits need over 127 bits.
func same(sum, other decimal.Decimal) bool {
	if other.Coefficient().BitLen() > 127 {
		fewest := sum.Coefficient().BitLen() <= 127 || sum.Exponent() == 18 || new(big.Int).Rem(sum.Coefficient(), big.NewInt(10)).Sign() != 0
		return sum.Equal(other) && fewest
	}
	return sum.Exponent() == other.Exponent() && sum.Coefficient().Cmp(other.Coefficient()) == 0
}

// oneByOne adds with the decimal package.
func oneByOne(amounts []decimal.Decimal) decimal.Decimal {
	var sum decimal.Decimal
	for _, d := range amounts {
		sum = sum.Add(d)
	}
	return sum
}

func totalOf(amounts ...decimal.Decimal) (t amount.Total) {
	for _, d := range amounts {
		t.Add(d)
	}
	return t
}

// anyAmount draws amounts of all sizes and exponents; most look like money.
func anyAmount(r *rand.Rand) decimal.Decimal {
	switch r.IntN(8) {
	case 0:
		bits := new(big.Int).Lsh(big.NewInt(r.Int64()), uint(r.IntN(65)))
		if r.IntN(2) == 0 {
			bits.Neg(bits)
		}
		return decimal.NewFromBigInt(bits, int32(r.IntN(37)-18))
	case 1:
		return decimal.New(int64(r.Uint64()), int32(r.IntN(37)-18))
	case 2:
		return decimal.New(0, int32(r.IntN(37)-18))
	}
	return decimal.New(r.Int64N(2e9)-1e9, -2)
}

func TestTotalIsOneByOne(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		amounts := make([]decimal.Decimal, r.IntN(30))
		for i := range amounts {
			amounts[i] = anyAmount(r)
		}
		got, want := totalOf(amounts...), oneByOne(amounts)
		if !same(got.Sum(), want) || got.Sign() != want.Sign() {
			t.Fatalf("%v: got %v, want %v", amounts, got.Sum(), want)
		}
		if n := got.Neg(); !same(n.Sum(), want.Neg()) || !same(n.Neg().Sum(), want) {
			t.Fatalf("%v: negated %v", want, n.Sum())
		}
		// Any order, any grouping, through any encoding.
		code := got.AppendBinary(nil)
		r.Shuffle(len(amounts), func(i, j int) { amounts[i], amounts[j] = amounts[j], amounts[i] })
		var merged amount.Total
		for part := range slices.Chunk(amounts, 1+r.IntN(5)) {
			read, rest, err := amount.ReadTotal(totalOf(part...).AppendBinary(nil))
			if err != nil || len(rest) > 0 {
				t.Fatal(err, rest)
			}
			merged.Merge(read)
		}
		if !bytes.Equal(merged.AppendBinary(nil), code) {
			t.Fatalf("merged %v, want %v", merged.Sum(), want)
		}
		other := anyAmount(r)
		if c := got.Cmp(totalOf(other)); c != want.Cmp(other) {
			t.Fatalf("%v to %v: %d", want, other, c)
		}
		if !same(got.Sum(), want) {
			t.Fatal("reading or comparing changed the sum")
		}
	}
}

func TestTotalEdges(t *testing.T) {
	most := decimal.NewFromBigInt(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 127), big.NewInt(1)), 0)
	tiny, vast := decimal.New(1, -18), decimal.NewFromBigInt(most.Coefficient(), 18)
	low, high := decimal.New(-1<<63, 0), decimal.New(1<<63-1, 0)
	for name, amounts := range map[string][]decimal.Decimal{
		"none":                  nil,
		"zero value":            {{}},
		"zero with digits":      {decimal.New(0, -7)},
		"positive exponent":     {decimal.New(5, 3)},
		"over 128 bits":         {most, decimal.New(1, 0)},
		"below 128 bits":        {most.Neg(), most.Neg()},
		"there and back":        {most, most, most.Neg(), most.Neg(), tiny},
		"the least, exactly":    {most.Neg(), decimal.New(-1, 0)},
		"the least and further": {most.Neg(), decimal.New(-1, 0), decimal.New(-1, 0)},
		"both ends":             {vast, tiny, vast, tiny.Neg()},
		"least int64":           {low, low, decimal.New(-1<<63, 18), decimal.New(-1<<63, -18)},
		"greatest int64":        {high, decimal.New(1<<63-1, 18), decimal.New(1<<63-1, -18)},
		"carry":                 {decimal.New(-1, 0), decimal.New(1, 0), high, high, high},
	} {
		got, want := totalOf(amounts...), oneByOne(amounts)
		if !same(got.Sum(), want) {
			t.Errorf("%s: got %v (exponent %d), want %v (%d)", name, got.Sum(), got.Sum().Exponent(), want, want.Exponent())
		}
		if got.Cmp(got) != 0 || !same(got.Neg().Sum(), want.Neg()) || got.Sign() != want.Sign() {
			t.Errorf("%s: compares %d with itself, negates to %v, sign %d", name, got.Cmp(got), got.Neg().Sum(), got.Sign())
		}
	}
	copied := totalOf(most, most)
	changed := copied
	changed.Add(tiny)
	if !same(copied.Sum(), most.Add(most)) {
		t.Error("a copy is not independent")
	}
}

func TestAddUnits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		places := int32(r.IntN(19))
		units := make([]int64, r.IntN(20))
		var amounts []decimal.Decimal
		for i := range units {
			units[i] = int64(r.Uint64()) >> r.IntN(64)
			amounts = append(amounts, decimal.New(units[i], -places))
		}
		start := anyAmount(r)
		got, want := totalOf(start), totalOf(append(amounts, start)...)
		one := got
		got.AddUnits(units, places)
		for _, u := range units {
			one.AddUnit(u, places)
		}
		if len(units) > 0 && !bytes.Equal(one.AppendBinary(nil), got.AppendBinary(nil)) {
			t.Fatalf("%v with %d places: one by one %v, want %v", units, places, one.Sum(), got.Sum())
		}
		if !same(got.Sum(), want.Sum()) {
			t.Fatalf("%v with %d places and %v: got %v, want %v", units, places, start, got.Sum(), want.Sum())
		}
	}
}

func TestReadTotalRefuses(t *testing.T) {
	for name, code := range map[string][]byte{
		"nothing":            {},
		"half a head":        {2},
		"a short multiple":   {2, 2, 1},
		"nineteen places":    {19, 1, 1},
		"a zero before":      {2, 2, 0, 1},
		"a negative zero":    {2, 128},
		"a multiple too big": append([]byte{0, 49}, bytes.Repeat([]byte{1}, 49)...),
	} {
		if got, _, err := amount.ReadTotal(code); err == nil {
			t.Errorf("%s: read as %v", name, got.Sum())
		}
	}
}

func FuzzReadTotal(f *testing.F) {
	f.Add([]byte{2, 129, 7, 9})
	f.Add(totalOf(decimal.New(1<<62, 18), decimal.New(1, -18)).AppendBinary(nil))
	f.Fuzz(func(t *testing.T, code []byte) {
		got, rest, err := amount.ReadTotal(code)
		if err != nil {
			return
		}
		if again := got.AppendBinary(nil); !bytes.Equal(append(again, rest...), code) {
			t.Fatalf("%x was read as %v, which is written %x", code, got.Sum(), again)
		}
	})
}

// money has amounts as a ledger has them: cents, made one after another.
func money(n int) []decimal.Decimal {
	r := rand.New(rand.NewPCG(7, 7))
	out := make([]decimal.Decimal, n)
	for i := range out {
		out[i] = decimal.New(r.Int64N(1e7), -2)
	}
	return out
}

func BenchmarkTotal(b *testing.B) {
	amounts := money(1e7)
	units := make([]int64, len(amounts))
	for i, d := range amounts {
		units[i] = d.CoefficientInt64()
	}
	each := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(amounts)), "ns/amount")
		b.ReportAllocs()
	}
	b.Run("Add", func(b *testing.B) {
		for b.Loop() {
			totalOf(amounts...)
		}
		each(b)
	})
	b.Run("AddUnits", func(b *testing.B) {
		for b.Loop() {
			var t amount.Total
			t.AddUnits(units, 2)
		}
		each(b)
	})
	b.Run("decimal", func(b *testing.B) {
		for b.Loop() {
			oneByOne(amounts)
		}
		each(b)
	})
	b.Run("int64", func(b *testing.B) {
		for b.Loop() {
			var sum int64
			for _, u := range units {
				sum += u
			}
			_ = sum
		}
		each(b)
	})
}
