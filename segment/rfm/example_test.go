package rfm_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

// Who are the best customers of the last year, and who was one?
func Example() {
	model, err := rfm.Compile(rfm.Starter())
	if err != nil {
		panic(err)
	}
	end := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	tally, err := rfm.NewTally("EUR", end, 365*segment.Day)
	if err != nil {
		panic(err)
	}
	for _, x := range []struct {
		account string
		daysAgo int
		cents   int64
	}{
		{"acme", 200, 250_000}, {"acme", 100, 250_000}, {"acme", 4, 300_000},
		{"birch", 320, 90_000}, {"birch", 300, 90_000}, {"birch", 280, 95_000}, {"birch", 279, -5_000},
		{"cedar", 2, 4_900},
		{"dune", 150, 40_000}, {"dune", 60, 40_000},
		{"elm", 250, 60_000},
	} {
		err := tally.Add(rfm.Transaction{Account: x.account, At: end.AddDate(0, 0, -x.daysAgo), Amount: decimal.New(x.cents, -2), Currency: "EUR"})
		if err != nil {
			panic(err)
		}
	}
	for _, r := range model.Score(tally).Rows {
		fmt.Printf("%-5s %3d days, %d purchases, %s: %s %s\n", r.Account, r.Recency, r.Purchases, r.Amount.StringFixed(2), r.Score, r.Cell)
	}

	// Output:
	// acme    4 days, 3 purchases, 8000.00: 445 champions
	// birch 280 days, 3 purchases, 2700.00: 144 at_risk
	// cedar   2 days, 1 purchases, 49.00: 511 recent
	// dune   60 days, 2 purchases, 800.00: 333 steady
	// elm   250 days, 1 purchases, 600.00: 212 dormant
}

// The cuts of one day, kept in a fixed grid, make the scores of later days comparable.
func ExampleModel_Score_fixed() {
	end := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	score := func(g rfm.Grid, asOf time.Time) rfm.Result {
		model, err := rfm.Compile(g)
		if err != nil {
			panic(err)
		}
		tally, err := rfm.NewTally("EUR", asOf, 0)
		if err != nil {
			panic(err)
		}
		for i := range 10 {
			x := rfm.Transaction{Account: fmt.Sprint("account ", i), At: end.AddDate(0, 0, -7*i), Amount: decimal.New(int64(100*i), 0), Currency: "EUR"}
			if err := tally.Add(x); err != nil {
				panic(err)
			}
		}
		return model.Score(tally)
	}
	grid := rfm.Starter()
	june := score(grid, end)
	fmt.Println("recency cuts:", june.Cuts.Recency)
	fmt.Println("June:", june.Sizes.Recency)

	grid.Method, grid.Cuts = rfm.Fixed, june.Cuts
	fmt.Println("July, and nobody has bought:", score(grid, end.AddDate(0, 1, 0)).Sizes.Recency)

	// Output:
	// recency cuts: [56 42 28 14]
	// June: [2 2 2 2 2]
	// July, and nobody has bought: [6 2 2 0 0]
}
