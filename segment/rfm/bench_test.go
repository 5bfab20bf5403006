package rfm_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

// The book of the benchmarks: as many transactions as a large shop has in a year or two.
const (
	manyAccounts     = 1_000_000
	manyTransactions = 10_000_000
)

// columns makes transactions in no order, cents of up to 1000.00 and one in fifty of them a refund.
func columns(b *testing.B, t *rfm.Tally, accounts, transactions int) rfm.Columns {
	r := rand.New(rand.NewPCG(1, 1))
	handles := make([]rfm.Handle, accounts)
	for i := range handles {
		h, err := t.Intern(fmt.Sprintf("account-%07d", i))
		if err != nil {
			b.Fatal(err)
		}
		handles[i] = h
	}
	var c rfm.Columns
	for range transactions {
		c.Accounts = append(c.Accounts, handles[r.IntN(accounts)])
		c.At = append(c.At, asOf.UnixMicro()-r.Int64N(3*365*24*3600*1_000_000))
		minor := 1 + r.Int64N(100_000)
		if r.IntN(50) == 0 {
			minor = -minor
		}
		c.Minor = append(c.Minor, minor)
	}
	return c
}

// per reports the time of one of n things.
func per(b *testing.B, n int, what string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/"+what)
	b.ReportAllocs()
}

// BenchmarkBook adds ten million transactions of a million accounts and scores the accounts.
func BenchmarkBook(b *testing.B) {
	m := compile(b, rfm.Starter())
	for b.Loop() {
		b.StopTimer()
		t := tally(b, 0)
		c := columns(b, t, manyAccounts, manyTransactions)
		b.StartTimer()
		if err := t.AddColumns(c); err != nil {
			b.Fatal(err)
		}
		if got := m.Score(t); len(got.Rows)+len(got.Unscored) < manyAccounts*99/100 {
			b.Fatal(len(got.Rows))
		}
	}
	per(b, manyTransactions, "transaction")
}

func BenchmarkAddColumns(b *testing.B) {
	t := tally(b, 0)
	c := columns(b, t, manyAccounts, manyTransactions)
	for b.Loop() {
		if err := t.AddColumns(c); err != nil {
			b.Fatal(err)
		}
	}
	per(b, manyTransactions, "transaction")
}

func BenchmarkAdd(b *testing.B) {
	t := tally(b, 0)
	var xs []rfm.Transaction
	for i := range 100_000 {
		xs = append(xs, rfm.Transaction{Account: fmt.Sprintf("account-%07d", i%10_000), At: asOf.Add(-time.Duration(i) * time.Minute),
			Amount: decimal.New(int64(i), -2), Currency: "USD"})
	}
	for b.Loop() {
		for _, x := range xs {
			if err := t.Add(x); err != nil {
				b.Fatal(err)
			}
		}
	}
	per(b, len(xs), "transaction")
}

func BenchmarkScore(b *testing.B) {
	m, t := compile(b, rfm.Starter()), tally(b, 0)
	if err := t.AddColumns(columns(b, t, manyAccounts, manyAccounts*4)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m.Score(t)
	}
	per(b, manyAccounts, "account")
}
