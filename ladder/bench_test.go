package ladder_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// wide is a ladder of 50 benefits on 5 pools, with its input.
func wide() (ladder.Ladder, ladder.Input) {
	l := ladder.Starter()
	l.Pools, l.Benefits = nil, nil
	in := year(ladder.QuantityMap{})
	quantities := in.Quantities.(ladder.QuantityMap)
	put := func(name string, value decimal.Decimal, class ladder.Evidence) *ladder.Term {
		quantities[name] = ladder.Quantity{Value: value, At: epoch, Evidence: class}
		return quantity(name)
	}
	for p := range 5 {
		capacity := put(fmt.Sprintf("capacity %d", p), decimal.New(int64(20000+p), 0), ladder.Audited)
		l.Pools = append(l.Pools, ladder.Pool{Name: fmt.Sprintf("pool %d", p), Capacity: *capacity, Basis: ladder.Annual})
	}
	for i := range 50 {
		name := fmt.Sprintf("benefit %d", i)
		l.Benefits = append(l.Benefits, ladder.Benefit{
			Name: name, Driver: ladder.Productivity, Basis: ladder.RunRate, Node: l.Nodes[i%3].Name, Theme: "growth",
			Moved: put(name, decimal.New(int64(5000+i), -2), classes[i%6]), Times: []ladder.Term{*put("users", decimal.New(10, 0), ladder.Measured)},
			Adoption: put("adoption", decimal.New(8, -1), ladder.Measured), Attribution: constant("0.1"),
			UnitValue: *constant("50.00"), Conversion: constant("0.5"), Pool: l.Pools[i%5].Name,
		})
	}
	in.Costs = []ladder.Cost{{Name: "licence", Amount: decimal.New(100_000, 0)}}
	return l, in
}

func BenchmarkStatement(b *testing.B) {
	l, in := wide()
	model := compile(b, l)
	b.ReportAllocs()
	for b.Loop() {
		s, err := model.Statement(in, epoch)
		if err != nil || s.Unknown > 0 || s.Gross.IsZero() {
			b.Fatal(s.Unknown, err)
		}
	}
}

func BenchmarkBalance(b *testing.B) {
	ctx := context.Background()
	store := long(b, 10_000)
	books := newBooks(b, booked(), store)
	b.ReportAllocs()
	for b.Loop() {
		if balance, err := books.Balance(ctx, "acme", time.Time{}, time.Time{}, time.Time{}); err != nil || balance.Version != 10_000 {
			b.Fatal(balance.Version, err)
		}
	}
}

func BenchmarkPost(b *testing.B) {
	ctx := context.Background()
	books := newBooks(b, booked(), still{long(b, 10_000)})
	e := month("next", "calls", 10_000, 10_001, "1", "1")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := books.Post(ctx, e, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeakage(b *testing.B) {
	model := compile(b, hoursSaved())
	list := levels("90", "80", "", "60", "50", "40", "30", "")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := model.Leakage("acme", list, epoch); err != nil {
			b.Fatal(err)
		}
	}
}
