package revenue_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

func Example() {
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	calendar, err := revenue.NewCalendar(revenue.Month, day(1, 1), day(2, 15), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	tally, err := revenue.NewTally("EUR", calendar, revenue.Options{GRR: revenue.GRRMovements})
	if err != nil {
		fmt.Println(err)
		return
	}
	move := func(account string, at time.Time, kind revenue.Kind, amount int64) revenue.Movement {
		return revenue.Movement{Account: account, At: at, Kind: kind, Amount: decimal.NewFromInt(amount), Currency: "EUR"}
	}
	movements := []revenue.Movement{
		move("acme", day(1, 5).AddDate(-1, 0, 0), revenue.New, 100),
		move("acme", day(1, 20), revenue.Expansion, 50),
		move("acme", day(2, 3), revenue.Contraction, 30),
		move("birch", day(1, 8), revenue.New, 90),
		move("cedar", day(1, 9), revenue.Churn, 90), // it was never new
	}
	failed, err := tally.AddAll(func(yield func(revenue.Movement, error) bool) {
		for _, m := range movements {
			if !yield(m, nil) {
				return
			}
		}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range failed {
		fmt.Println(e)
	}
	for _, p := range tally.Periods() {
		fmt.Println(p.From.Format("January:"), p.Start, "->", p.End, "NRR", p.NRR, "GRR", p.GRR, "partial", p.Partial)
	}
	// Output:
	// revenue: account "cedar": movement 0: churn, and it is no customer
	// January: 100 -> 240 NRR 1.5 GRR 1 partial false
	// February: 240 -> 210 NRR 0.875 GRR 0.875 partial true
}

// Contracts become levels, and levels movements.
func ExampleMovements() {
	from := func(month time.Month, amount int64) revenue.Level {
		return revenue.Level{At: time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), Amount: decimal.NewFromInt(amount)}
	}
	movements, err := revenue.Movements("acme", "EUR", []revenue.Level{from(1, 100), from(3, 130), from(6, 0), from(9, 80)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range movements {
		fmt.Println(m.At.Format(time.DateOnly), m.Kind, m.Amount)
	}
	// Output:
	// 2026-01-01 new 100
	// 2026-03-01 expansion 30
	// 2026-06-01 churn 130
	// 2026-09-01 reactivation 80
}

// A bill by use counts with the two before it, and the commitment is the least.
func ExampleConsumption() {
	bill := func(month time.Month, amount int64) revenue.Level {
		return revenue.Level{At: time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC), Amount: decimal.NewFromInt(amount)}
	}
	rule := revenue.Consumption{Rule: revenue.ConsumptionMean, Bills: 3, Floor: decimal.NewFromInt(50)}
	levels, err := rule.Levels("acme", []revenue.Level{bill(1, 90), bill(2, 150), bill(3, 30), bill(4, 0), bill(5, 0)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range levels {
		fmt.Println(l.At.Format("Jan"), l.Amount)
	}
	// Output:
	// Jan 90
	// Feb 120
	// Mar 90
	// Apr 60
	// May 50
}

// Of 1000 customers 869 renewed once, 743 twice and so on (Fader and Hardie 2007, High End).
func ExampleFitSBG() {
	fit, err := revenue.FitSBG([][]int{{1000, 869, 743, 653, 593, 551, 517, 491}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("alpha %.3f beta %.3f\n", fit.Model.Alpha, fit.Model.Beta)
	first, _ := fit.Model.Retention(1)
	eighth, _ := fit.Model.Retention(8)
	fmt.Printf("first renewal %.3f, eighth %.3f\n", first, eighth)
	payments, _ := fit.Model.DERL(8, 0.1, 0)
	worth, err := revenue.Worth(decimal.NewFromInt(100), "EUR", payments)
	fmt.Printf("%.3f payments to come, worth %s, %v\n", payments, worth, err)
	// Output:
	// alpha 0.668 beta 3.806
	// first renewal 0.851, eighth 0.942
	// 7.530 payments to come, worth 752.96, <nil>
}
