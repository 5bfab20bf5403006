package rfm_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

// random makes transactions with many equal days, counts and sums, and some refunds, free ones and late ones.
func random(r *rand.Rand) []rfm.Transaction {
	var out []rfm.Transaction
	accounts := 1 + r.IntN(12)
	for range r.IntN(40) {
		x := rfm.Transaction{Account: fmt.Sprintf("a%02d", r.IntN(accounts)), Currency: "USD", Amount: decimal.New(r.Int64N(8)*25, -1-r.Int32N(4)),
			At: asOf.Add(time.Duration(2-r.IntN(12)) * 12 * time.Hour)}
		switch r.IntN(8) {
		case 0:
			x.Amount = x.Amount.Neg()
		case 1:
			x.Amount = decimal.New(1+r.Int64N(3), 17) // more than 64 bits of cents
		}
		out = append(out, x)
	}
	return out
}

// grids are those that the twins are compared for, with random cuts for the fixed one.
func grids(r *rand.Rand) []rfm.Grid {
	cells := rfm.Starter().Cells
	fixed := rfm.Grid{Format: 1, Name: "fixed", Method: rfm.Fixed, Classes: 5, Otherwise: "rest", Cells: cells}
	for i := range int64(4) {
		fixed.Cuts.Recency = append(fixed.Cuts.Recency, decimal.New(45-10*i-r.Int64N(9), -1))
		fixed.Cuts.Frequency = append(fixed.Cuts.Frequency, decimal.New(10*i+r.Int64N(9), -1))
		fixed.Cuts.Monetary = append(fixed.Cuts.Monetary, decimal.New(10*i-9+r.Int64N(9), 0))
	}
	thirds := rfm.Grid{Format: 1, Name: "thirds", Method: rfm.Quantile, Classes: 3, Cells: []rfm.Cell{{Name: "all three", Recency: rfm.Range{Low: 3, High: 3}}}}
	plus := rfm.Grid{Format: 1, Name: "plus", Method: rfm.PlusOne, Classes: 4, Otherwise: "rest"}
	return []rfm.Grid{rfm.Starter(), thirds, fixed, plus}
}

// A person is an account of the twin, with measures of which more is better.
type person struct {
	id                 string
	measure            [3]*big.Rat
	purchases, refunds int64
}

// people computes the measures from the transactions, each in its own way and in fractions.
func people(xs []rfm.Transaction, window segment.Duration) (bought, others []person) {
	byID := make(map[string][]rfm.Transaction)
	for _, x := range xs {
		if !x.At.After(asOf) && (window == 0 || x.At.After(asOf.Add(-time.Duration(window)))) {
			byID[x.Account] = append(byID[x.Account], x)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		p, days, sum := person{id: id}, 1<<30, new(big.Rat)
		for _, x := range byID[id] {
			sum.Add(sum, x.Amount.Rat())
			if x.Amount.IsNegative() {
				p.refunds++
				continue
			}
			p.purchases++
			days = min(days, int(asOf.Sub(x.At).Hours())/24)
		}
		p.measure = [3]*big.Rat{big.NewRat(int64(-days), 1), big.NewRat(p.purchases, 1), sum}
		if p.purchases > 0 {
			bought = append(bought, p)
		} else {
			others = append(others, p)
		}
	}
	return bought, others
}

// digit scores one measure of one person by counting: those who are worse, or cuts that are passed.
func digit(g rfm.Grid, all []person, p person, i int) int {
	x := p.measure[i]
	switch g.Method {
	case rfm.Quantile:
		worse := 0
		for _, q := range all {
			if q.measure[i].Cmp(x) < 0 {
				worse++
			}
		}
		return 1 + g.Classes*worse/len(all)
	case rfm.Fixed:
		score := 1
		for _, c := range [][]decimal.Decimal{g.Cuts.Recency, g.Cuts.Frequency, g.Cuts.Monetary}[i] {
			cut := c.Rat()
			if i == 0 {
				cut.Neg(cut)
			}
			if x.Cmp(cut) > 0 {
				score++
			}
		}
		return score
	}
	// The interval [cut, next cut) of the value itself, whose number is reversed for days.
	raw := func(p person) *big.Rat {
		if i == 0 {
			return new(big.Rat).Neg(p.measure[i])
		}
		return p.measure[i]
	}
	sorted := slices.SortedFunc(slices.Values(all), func(a, b person) int { return raw(a).Cmp(raw(b)) })
	interval := 1
	for k := 1; k < g.Classes; k++ {
		at := big.NewRat(int64((len(all)-1)*k), int64(g.Classes))
		low := int(new(big.Int).Quo(at.Num(), at.Denom()).Int64())
		share := at.Sub(at, big.NewRat(int64(low), 1))
		a, b := raw(sorted[low]), raw(sorted[min(low+1, len(all)-1)])
		cut := new(big.Rat).Sub(b, a)
		cut.Mul(cut, share).Add(cut, a).Add(cut, big.NewRat(1, 1))
		if raw(p).Cmp(cut) >= 0 {
			interval++
		}
	}
	if i == 0 {
		return g.Classes + 1 - interval
	}
	return interval
}

func cellOf(g rfm.Grid, s rfm.Score) string {
	in := func(r rfm.Range, x int) bool { return r.Low == 0 && r.High == 0 || x >= r.Low && x <= r.High }
	for _, c := range g.Cells {
		if in(c.Recency, s.Recency) && in(c.Frequency, s.Frequency) && in(c.Monetary, s.Monetary) {
			return c.Name
		}
	}
	return g.Otherwise
}

// TestTwin compares every part of results with those computed from the transactions by counting, in fractions.
func TestTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 600 {
		xs, window := random(r), segment.Duration(r.IntN(3))*2*segment.Day
		book := tally(t, window)
		add(t, book, xs...)
		for _, g := range grids(r) {
			bought, others := people(xs, window)
			got := compile(t, g).Score(book)
			if len(got.Rows) != len(bought) || len(got.Unscored) != len(others) {
				t.Fatalf("round %d, %s: %d rows and %d unscored, want %d and %d", round, g.Name, len(got.Rows), len(got.Unscored), len(bought), len(others))
			}
			cells := make(map[string][]string)
			for i, p := range bought {
				score := rfm.Score{Recency: digit(g, bought, p, 0), Frequency: digit(g, bought, p, 1), Monetary: digit(g, bought, p, 2)}
				row := got.Rows[i]
				if days := big.NewRat(int64(-row.Recency), 1); row.Account != p.id || row.Score != score || row.Cell != cellOf(g, score) || row.Purchases != p.purchases ||
					row.Refunds != p.refunds || days.Cmp(p.measure[0]) != 0 || row.Amount.Rat().Cmp(p.measure[2]) != 0 {
					t.Fatalf("round %d, %s: got %+v, want %v in %q of %+v", round, g.Name, row, score, cellOf(g, score), p)
				}
				cells[row.Cell] = append(cells[row.Cell], p.id)
			}
			for i, p := range others {
				if u := got.Unscored[i]; u.Account != p.id || u.Refunds != p.refunds || u.Amount.Rat().Cmp(p.measure[2]) != 0 {
					t.Fatalf("round %d, %s: got %+v, want %+v", round, g.Name, u, p)
				}
			}
			holdTotals(t, got, cells)
		}
	}
}

// holdTotals compares the sums over rows with the rows.
func holdTotals(t *testing.T, got rfm.Result, cells map[string][]string) {
	t.Helper()
	all := new(big.Rat)
	for _, c := range got.Cells {
		if c.Accounts != len(cells[c.Name]) {
			t.Fatalf("%q has %d accounts, want %d", c.Name, c.Accounts, len(cells[c.Name]))
		}
		all.Add(all, c.Amount.Rat())
	}
	for _, r := range got.Rows {
		all.Sub(all, r.Amount.Rat())
	}
	if all.Sign() != 0 {
		t.Fatalf("cells and rows differ by %s", all)
	}
	for _, sizes := range [][]int{got.Sizes.Recency, got.Sizes.Frequency, got.Sizes.Monetary} {
		n := 0
		for _, s := range sizes {
			n += s
		}
		if n != len(got.Rows) {
			t.Fatalf("sizes %v of %d rows", sizes, len(got.Rows))
		}
	}
}

func encode(t testing.TB, of *rfm.Tally) []byte {
	t.Helper()
	code, err := of.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// TestMerge cuts transactions into tallies, some of them encoded and decoded, and merges these in any order and grouping:
// the encoding is that of one tally in the given order.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for round := range 400 {
		xs := random(r)
		whole := tally(t, 3*segment.Day)
		add(t, whole, xs...)
		want := encode(t, whole)
		r.Shuffle(len(xs), func(i, j int) { xs[i], xs[j] = xs[j], xs[i] })
		parts := make([]*rfm.Tally, 1+r.IntN(5))
		for i := range parts {
			parts[i] = tally(t, 3*segment.Day)
		}
		for _, x := range xs {
			add(t, parts[r.IntN(len(parts))], x)
		}
		for len(parts) > 1 {
			i := r.IntN(len(parts) - 1)
			j := i + 1 + r.IntN(len(parts)-i-1)
			if r.IntN(2) == 0 {
				var again rfm.Tally
				if err := again.UnmarshalBinary(encode(t, parts[j])); err != nil {
					t.Fatal(err)
				}
				parts[j] = &again
			}
			if r.IntN(2) == 0 {
				parts[i], parts[j] = parts[j], parts[i]
			}
			if err := parts[i].Merge(parts[j]); err != nil {
				t.Fatal(err)
			}
			parts = slices.Delete(parts, j, j+1)
		}
		if !bytes.Equal(encode(t, parts[0]), want) {
			t.Fatalf("round %d: the merged tally differs", round)
		}
		m := compile(t, rfm.Starter())
		if diff := gocmp.Diff(m.Score(whole), m.Score(parts[0])); diff != "" {
			t.Fatalf("round %d (-want +got):\n%s", round, diff)
		}
	}
}

// TestColumns holds columns against single transactions, up to sums over 64 bits.
func TestColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for round := range 200 {
		one, many := tally(t, 3*segment.Day), tally(t, 3*segment.Day)
		var c rfm.Columns
		for range r.IntN(60) {
			minor := r.Int64() >> r.IntN(60)
			if r.IntN(4) == 0 {
				minor = -minor - 1
			}
			x := rfm.Transaction{Account: fmt.Sprint("a", r.IntN(5)), At: asOf.Add(time.Duration(r.IntN(100)-80) * time.Hour), Amount: decimal.New(minor, -2), Currency: "USD"}
			add(t, one, x)
			h, err := many.Intern(x.Account)
			if err != nil {
				t.Fatal(err)
			}
			c.Accounts, c.At, c.Minor = append(c.Accounts, h), append(c.At, x.At.UnixMicro()), append(c.Minor, minor)
		}
		if err := many.AddColumns(c); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(encode(t, one), encode(t, many)) {
			t.Fatalf("round %d: columns and transactions differ", round)
		}
	}
}

// TestFreeze holds that the cuts of a quantile result, in a fixed grid, give the same scores.
func TestFreeze(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 300 {
		book := tally(t, 0)
		add(t, book, random(r)...)
		g := rfm.Starter()
		want := compile(t, g).Score(book)
		if len(want.Rows) == 0 {
			continue
		}
		g.Method, g.Cuts = rfm.Fixed, want.Cuts
		got := compile(t, g).Score(book)
		if got.Grid == want.Grid {
			t.Fatal("one digest for two grids")
		}
		got.Grid = want.Grid
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// TestMonotone holds that who is at least as good in a measure scores at least as well in it.
func TestMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		book := tally(t, 0)
		add(t, book, random(r)...)
		for _, g := range grids(r) {
			rows := compile(t, g).Score(book).Rows
			for _, a := range rows {
				for _, b := range rows {
					if c := cmp.Compare(b.Recency, a.Recency); c*cmp.Compare(a.Score.Recency, b.Score.Recency) < 0 || c == 0 && a.Score.Recency != b.Score.Recency {
						t.Fatalf("%s: recency of %+v and %+v", g.Name, a, b)
					}
					if c := cmp.Compare(a.Purchases, b.Purchases); c*cmp.Compare(a.Score.Frequency, b.Score.Frequency) < 0 || c == 0 && a.Score.Frequency != b.Score.Frequency {
						t.Fatalf("%s: frequency of %+v and %+v", g.Name, a, b)
					}
					if c := a.Amount.Cmp(b.Amount); c*cmp.Compare(a.Score.Monetary, b.Score.Monetary) < 0 || c == 0 && a.Score.Monetary != b.Score.Monetary {
						t.Fatalf("%s: monetary of %+v and %+v", g.Name, a, b)
					}
				}
			}
		}
	}
}

// TestGolden holds results and the encoding of random books to the bytes that every platform must give.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for range 3 {
		book := tally(t, 4*segment.Day)
		add(t, book, random(r)...)
		fmt.Fprintf(&out, "%x\n", encode(t, book))
		for _, g := range grids(r) {
			if err := enc.Encode(compile(t, g).Score(book)); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden.Check(t, "testdata/random.txt", out.Bytes())
}
