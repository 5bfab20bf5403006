package bench

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

const (
	ledgerEntries = 10_000_000
	ledgerPart    = 65_536 // amounts of a column that come at once
)

// A balancing is the work of summing a ledger by benefit and class of evidence, exactly: twelve sums and their whole.
type balancing struct {
	model   *ladder.Model
	columns []ladder.Column
	sums    []decimal.Decimal // by column, then the whole
	rows    int
}

func newBalancing(tb testing.TB, rows int) *balancing {
	tb.Helper()
	unit := decimal.New(1, 0)
	l := ladder.Ladder{Format: ladder.Format, Name: "bench", Currency: "EUR", Nodes: []ladder.Node{{Name: "all", Rung: ladder.Enterprise}}}
	w := &balancing{}
	r := newRand(8)
	for i := range 4 {
		name := fmt.Sprint("benefit ", i)
		l.Benefits = append(l.Benefits, ladder.Benefit{
			Name: name, Driver: ladder.CostReduction, Basis: ladder.OneOff, Node: "all",
			Moved: &ladder.Term{Quantity: name}, UnitValue: ladder.Term{Value: &unit},
		})
		for _, class := range []ladder.Evidence{ladder.Audited, ladder.Confirmed, ladder.Measured} {
			c := ladder.Column{Benefit: name, Evidence: class, Amounts: make([]int64, rows/12)}
			for k := range c.Amounts {
				c.Amounts[k] = r.Int64N(200_000_000) - 50_000_000
			}
			w.columns, w.rows = append(w.columns, c), w.rows+len(c.Amounts)
		}
	}
	var err error
	if w.model, err = ladder.Compile(l); err != nil {
		tb.Fatal(err)
	}
	return w
}

// parts gives the columns as a store would, a part at a time.
func (w *balancing) parts(yield func(ladder.Column, error) bool) {
	for _, c := range w.columns {
		for from := 0; from < len(c.Amounts); from += ledgerPart {
			part := c
			part.Amounts = c.Amounts[from:min(from+ledgerPart, len(c.Amounts))]
			if !yield(part, nil) {
				return
			}
		}
	}
}

// keep takes a balance as the sums of the columns, which are in its order.
func (w *balancing) keep(b ladder.Balance, err error) error {
	w.sums = w.sums[:0]
	for _, line := range b.Lines {
		w.sums = append(w.sums, line.Amount)
	}
	w.sums = append(w.sums, b.Amount)
	return err
}

func (w *balancing) ours() error { return w.keep(w.model.BalanceColumns("acme", w.parts)) }

// Entries makes a ledger of what is summed, so that nothing is held but the entry at hand.
func (w *balancing) Entries(_ context.Context, account string, _ int64) iter.Seq2[ladder.Entry, error] {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func(yield func(ladder.Entry, error) bool) {
		for _, c := range w.columns {
			e := ladder.Entry{Format: ladder.Format, ID: "id", Account: account, Benefit: c.Benefit, Evidence: c.Evidence, Currency: "EUR",
				From: from, To: from.AddDate(0, 1, 0), Recorded: from}
			for _, v := range c.Amounts {
				e.Amount = decimal.New(v, -2)
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

func (*balancing) Append(context.Context, string, int64, ...ladder.Entry) error { return nil }
func (*balancing) Forget(context.Context, string) error                         { return nil }
func (*balancing) Posted(context.Context, string) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

func (w *balancing) books() error {
	books, err := ladder.NewBooks(w.model, w, ladder.Options{})
	if err != nil {
		return err
	}
	return w.keep(books.Balance(context.Background(), "acme", time.Time{}, time.Time{}, time.Time{}))
}

// oneByOne makes a decimal of each amount and adds it, as a program does that reads its ledger row by row.
func (w *balancing) oneByOne() error {
	w.sums = w.sums[:0]
	whole := decimal.Zero
	for _, c := range w.columns {
		sum := decimal.Zero
		for _, v := range c.Amounts {
			sum = sum.Add(decimal.New(v, -2))
		}
		w.sums, whole = append(w.sums, sum), whole.Add(sum)
	}
	w.sums = append(w.sums, whole)
	return nil
}

// bare says nothing of a sum that 64 bits don't hold.
func (w *balancing) bare() error {
	w.sums = w.sums[:0]
	whole := int64(0)
	for _, c := range w.columns {
		sum := int64(0)
		for _, v := range c.Amounts {
			sum += v
		}
		w.sums, whole = append(w.sums, decimal.New(sum, -2)), whole+sum
	}
	w.sums = append(w.sums, decimal.New(whole, -2))
	return nil
}

// checked returns the ways once they have given the same sums.
func (w *balancing) checked(tb testing.TB) (columns, books, oneByOne, bare contestant) {
	tb.Helper()
	columns = contestant{name: "ours", run: timed(w.ours)}
	books = contestant{name: "ours", run: timed(w.books)}
	oneByOne = contestant{name: "decimal", goal: 1.0 / 10, run: timed(w.oneByOne)}
	bare = contestant{name: "int64", goal: 3, run: timed(w.bare)}
	var want []decimal.Decimal
	for i, c := range []contestant{columns, books, oneByOne, bare} {
		if _, err := c.run(); err != nil {
			tb.Fatal(err)
		}
		if i == 0 {
			want = append(want, w.sums...)
		}
		if len(want) != 13 || len(w.sums) != len(want) {
			tb.Fatalf("way %d: %d sums, want 13", i, len(w.sums))
		}
		for k := range want {
			if !w.sums[k].Equal(want[k]) {
				tb.Fatalf("way %d: sum %d is %v, want %v", i, k, w.sums[k], want[k])
			}
		}
	}
	return columns, books, oneByOne, bare
}

func TestBalance(t *testing.T) { newBalancing(t, 3000).checked(t) }

func BenchmarkBalance(b *testing.B) {
	w := newBalancing(b, size(1_200_000, ledgerEntries))
	columns, books, oneByOne, bare := w.checked(b)
	b.Run("columns", func(b *testing.B) { compare(b, w.rows, "amount", columns, oneByOne, bare) })
	b.Run("books", func(b *testing.B) {
		oneByOne.goal, bare.goal = 0, 0 // entries are read, checked and summed one by one
		compare(b, w.rows, "amount", books, oneByOne, bare)
	})
}
