package ladder_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// columnsOf gives columns one by one, and then perhaps an error.
func columnsOf(list []ladder.Column, err error) iter.Seq2[ladder.Column, error] {
	return func(yield func(ladder.Column, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
		if err != nil {
			yield(ladder.Column{}, err)
		}
	}
}

// TestBalanceColumns checks seeded columns, cut in parts and shuffled, against the balance of the same entries.
func TestBalanceColumns(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 61))
		l := booked()
		l.Currency = pick(r, currency...)
		places := map[string]int32{"EUR": 2, "JPY": 0, "KWD": 3}[l.Currency]
		m := compile(t, l)
		var entries []ladder.Entry
		var columns []ladder.Column
		for range r.IntN(30) {
			c := ladder.Column{Benefit: pick(r, "calls", "mails", "of old", "fines"), Evidence: pick(r, classes...)}
			for range r.IntN(5) {
				units := r.Int64N(1 << 40)
				if r.IntN(4) == 0 {
					units = pick[int64](r, -1<<63, 1<<63-1, -1<<62)
				}
				c.Amounts = append(c.Amounts, units)
				e := month(fmt.Sprint("e", len(entries)), c.Benefit, 0, 1, decimal.New(units, -places).String(), "0")
				e.Currency, e.Evidence, e.Format, e.Recorded = l.Currency, c.Evidence, 1, epoch
				entries = append(entries, e)
			}
			if len(c.Amounts) > 0 {
				columns = append(columns, c)
			}
		}
		store := new(ladder.Memory)
		if err := store.Append(ctx, "acme", 0, entries...); err != nil {
			t.Fatal(err)
		}
		want, err := newBooks(t, l, store).Balance(ctx, "acme", time.Time{}, time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.BalanceColumns("acme", columnsOf(randomShuffle(r, columns), nil))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("seed %d: %v (-entries +columns):\n%s", seed, err, diff)
		}
	}
	m := compile(t, booked())
	late := errors.New("no connection")
	if _, err := m.BalanceColumns("acme", columnsOf(nil, late)); !errors.Is(err, late) || !strings.HasPrefix(err.Error(), `ladder: balance "acme": `) {
		t.Errorf("%v, want %v", err, late)
	}
	var data *ladder.DataError
	if _, err := m.BalanceColumns("", columnsOf(nil, nil)); !errors.As(err, &data) || data.Field != "account" {
		t.Errorf("no account: %v", err)
	}
}

// A million amounts of three benefits: their sum by columns, and in plain numbers, which may overflow.
func BenchmarkBalanceColumns(b *testing.B) {
	const rows = 1_000_000
	r := rand.New(rand.NewPCG(1, 1))
	var columns []ladder.Column
	for _, name := range []string{"calls", "mails", "fines"} {
		c := ladder.Column{Benefit: name, Evidence: ladder.Confirmed, Amounts: make([]int64, rows/3)}
		for i := range c.Amounts {
			c.Amounts[i] = r.Int64N(1e9) - 1e6
		}
		columns = append(columns, c)
	}
	model := compile(b, booked())
	b.Run("exact", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if balance, err := model.BalanceColumns("acme", columnsOf(columns, nil)); err != nil || balance.Amount.IsZero() {
				b.Fatal(balance.Amount, err)
			}
		}
	})
	b.Run("int64", func(b *testing.B) {
		for b.Loop() {
			sum := int64(0)
			for _, c := range columns {
				for _, v := range c.Amounts {
					sum += v
				}
			}
			if sum == 0 {
				b.Fatal(sum)
			}
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	l, in := wide()
	model := compile(b, l)
	promised, err := model.Statement(in, epoch)
	if err != nil {
		b.Fatal(err)
	}
	q := ladder.QuantityMap{}
	for name, v := range in.Quantities.(ladder.QuantityMap) {
		v.Value = v.Value.Mul(dec("0.9"))
		q[name] = v
	}
	in.Quantities = q
	realized, err := model.Statement(in, epoch)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if c := compare(b, promised, realized); c.Gap.IsZero() {
			b.Fatal(c)
		}
	}
}

func BenchmarkXIRR(b *testing.B) {
	flows := []ladder.Flow{{At: epoch, Amount: dec("-100000")}}
	for i := range 36 {
		flows = append(flows, ladder.Flow{At: epoch.AddDate(0, i+1, 0), Amount: dec("3500.10")})
	}
	b.ReportAllocs()
	for b.Loop() {
		if r, err := ladder.XIRR(flows); err != nil || r.Rate == nil {
			b.Fatal(r, err)
		}
	}
}
