package bench

import (
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

const sumAmounts = 10_000_000

// A summing is the work of adding up amounts exactly, which lie as decimals and as cents.
type summing struct {
	decimals []decimal.Decimal
	cents    []int64
	sum      decimal.Decimal
}

// newSumming draws amounts of up to a million, one in eight of them a whole number without decimal places.
func newSumming(n int) *summing {
	r := newRand(2)
	s := &summing{decimals: make([]decimal.Decimal, n), cents: make([]int64, n)}
	for i := range n {
		s.cents[i] = r.Int64N(200_000_000) - 50_000_000
		s.decimals[i] = decimal.New(s.cents[i], -2)
		if r.IntN(8) == 0 {
			whole := s.cents[i] / 100
			s.cents[i], s.decimals[i] = 100*whole, decimal.New(whole, 0)
		}
	}
	return s
}

// total and units are ours: over the decimals, and over the column of cents.
func (s *summing) total() error {
	var t amount.Total
	for _, d := range s.decimals {
		t.Add(d)
	}
	s.sum = t.Sum()
	return nil
}

func (s *summing) units() error {
	var t amount.Total
	t.AddUnits(s.cents, 2)
	s.sum = t.Sum()
	return nil
}

func (s *summing) oneByOne() error {
	s.sum = decimal.Zero
	for _, d := range s.decimals {
		s.sum = s.sum.Add(d)
	}
	return nil
}

// bare says nothing of a sum that 64 bits don't hold.
func (s *summing) bare() error {
	var sum int64
	for _, c := range s.cents {
		sum += c
	}
	s.sum = decimal.New(sum, -2)
	return nil
}

// checked returns the four ways once they have given the same sum.
func (s *summing) checked(tb testing.TB) (total, units, oneByOne, bare contestant) {
	tb.Helper()
	total = contestant{name: "ours", run: timed(s.total)}
	units = contestant{name: "ours", run: timed(s.units)}
	oneByOne = contestant{name: "decimal", goal: 1.0 / 10, run: timed(s.oneByOne)}
	bare = contestant{name: "int64", run: timed(s.bare)}
	var want decimal.Decimal
	for i, c := range []contestant{total, units, oneByOne, bare} {
		if _, err := c.run(); err != nil {
			tb.Fatal(err)
		}
		if i == 0 {
			want = s.sum
		} else if !s.sum.Equal(want) {
			tb.Fatalf("way %d: the sum is %v, want %v", i, s.sum, want)
		}
	}
	return total, units, oneByOne, bare
}

func TestSum(t *testing.T) {
	newSumming(3000).checked(t)
	most := decimal.New(math.MaxInt64, -2)
	large := &summing{decimals: []decimal.Decimal{most, most}, cents: []int64{math.MaxInt64, math.MaxInt64}}
	if err := large.units(); err != nil {
		t.Fatal(err)
	}
	units := large.sum
	if err := large.oneByOne(); err != nil || !units.Equal(large.sum) {
		t.Fatalf("beyond 64 bits the sum is %v, want %v (%v)", units, large.sum, err)
	}
}

func BenchmarkSum(b *testing.B) {
	s := newSumming(size(1_000_000, sumAmounts))
	total, units, oneByOne, bare := s.checked(b)
	b.Run("decimals", func(b *testing.B) { compare(b, len(s.cents), "amount", total, oneByOne, bare) })
	b.Run("units", func(b *testing.B) { compare(b, len(s.cents), "amount", units, oneByOne, bare) })
}
