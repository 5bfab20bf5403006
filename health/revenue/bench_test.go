package revenue_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// many makes courses of twelve movements each, over five years.
func many(accounts int) [][]revenue.Movement {
	r := rand.New(rand.NewPCG(1, 1))
	cents := func() decimal.Decimal { return decimal.New(1+r.Int64N(100_000), -2) }
	out := make([][]revenue.Movement, accounts)
	for i := range out {
		when := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(700)) * 24 * time.Hour)
		has := decimal.New(5_000_000, -2)
		add := func(kind revenue.Kind, amount decimal.Decimal) {
			out[i] = append(out[i], revenue.Movement{Account: fmt.Sprintf("account-%07d", i), At: when, Kind: kind, Amount: amount, Currency: "EUR"})
			when = when.Add(time.Duration(1+r.IntN(150*24)) * time.Hour)
		}
		add(revenue.New, has)
		for range 9 {
			amount := cents()
			if r.IntN(2) == 0 {
				add(revenue.Expansion, amount)
				has = has.Add(amount)
			} else {
				add(revenue.Contraction, amount)
				has = has.Sub(amount)
			}
		}
		add(revenue.Churn, has)
		add(revenue.Reactivation, cents())
	}
	return out
}

func fiveYears(b *testing.B) *revenue.Tally {
	c, err := revenue.NewCalendar(revenue.Month, at(2022), at(2027), nil)
	if err != nil {
		b.Fatal(err)
	}
	t, err := revenue.NewTally("EUR", c, revenue.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return t
}

// perMovement reports the time of one of n movements.
func perMovement(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/movement")
	b.ReportAllocs()
}

// BenchmarkAddAll streams ten million movements.
func BenchmarkAddAll(b *testing.B) {
	courses := many(1000)
	ids := make([]string, 10_000_000/12)
	for i := range ids {
		ids[i] = fmt.Sprintf("account-%07d", i)
	}
	for b.Loop() {
		failed, err := fiveYears(b).AddAll(func(yield func(revenue.Movement, error) bool) {
			for i, id := range ids {
				for _, m := range courses[i%len(courses)] {
					m.Account = id
					if !yield(m, nil) {
						return
					}
				}
			}
		})
		if err != nil || len(failed) > 0 {
			b.Fatal(failed, err)
		}
	}
	perMovement(b, 12*len(ids))
}

func BenchmarkAdd(b *testing.B) {
	courses := many(1000)
	t := fiveYears(b)
	for b.Loop() {
		for _, c := range courses {
			if err := t.Add(c); err != nil {
				b.Fatal(err)
			}
		}
	}
	perMovement(b, 12*len(courses))
}

// BenchmarkDecimal is what a host would write: the sums of each kind a month and of each balance with decimal's Add.
func BenchmarkDecimal(b *testing.B) {
	courses := many(1000)
	for b.Loop() {
		moved := map[revenue.Kind][]decimal.Decimal{}
		for _, k := range allKinds {
			moved[k] = make([]decimal.Decimal, 60)
		}
		for _, c := range courses {
			var has decimal.Decimal
			for _, m := range c {
				if m.Kind == revenue.Churn || m.Kind == revenue.Contraction {
					has = has.Sub(m.Amount)
				} else {
					has = has.Add(m.Amount)
				}
				if month := (m.At.Year()-2022)*12 + int(m.At.Month()) - 1; month < 60 {
					moved[m.Kind][month] = moved[m.Kind][month].Add(m.Amount)
				}
			}
		}
	}
	perMovement(b, 12*len(courses))
}

func BenchmarkFitSBG(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := revenue.FitSBG([][]int{{1000, 869, 743, 653, 593, 551, 517, 491}}); err != nil {
			b.Fatal(err)
		}
	}
}
