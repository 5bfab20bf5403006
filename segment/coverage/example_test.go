package coverage_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// book has six accounts and two people; one of them is new and has half of her hours.
func book() coverage.Input {
	account := func(id, segment, language, holder string, revenue int64) coverage.Account {
		return coverage.Account{
			ID: id, Segment: segment, Language: language, Holder: holder, Revenue: decimal.NewFromInt(revenue), Currency: "EUR",
		}
	}
	return coverage.Input{
		Accounts: []coverage.Account{
			account("acme", "enterprise", "", "ann", 90_000),
			account("bolt", "enterprise", "de", "ann", 60_000),
			account("core", "mid", "", "ann", 20_000),
			account("dune", "mid", "", "ann", 15_000),
			account("echo", "mid", "", "", 10_000),
			account("fern", "mid", "fi", "", 5_000),
		},
		People: []coverage.Person{
			{ID: "ann", Hours: 40, Languages: []string{"de"}},
			{ID: "bea", Hours: 40, Ramp: 0.5},
		},
		Efforts: []coverage.Effort{{Segment: "enterprise", Hours: 15}, {Hours: 5}},
	}
}

func ExampleMeasure() {
	c, err := coverage.Measure(book())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f of %.0f hours, %.0f %%; %d people needed\n", c.Demand, c.Supply, *c.Used*100, *c.Needed)
	fmt.Printf("each: %.0f accounts, %.0f hours, %s %s\n", *c.AccountsEach, *c.HoursEach, c.RevenueEach, c.Currency)
	for _, b := range c.Books {
		fmt.Printf("%s: %d accounts, %s %s, %.0f %% of the hours\n", b.Person, b.Accounts, b.Revenue, c.Currency, *b.Used*100)
	}
	for _, f := range c.Findings {
		fmt.Println(f.Code, f.IDs)
	}
	// Output:
	// 50 of 60 hours, 83 %; 2 people needed
	// each: 3 accounts, 25 hours, 100000 EUR
	// ann: 4 accounts, 185000 EUR, 100 % of the hours
	// bea: 0 accounts, 0 EUR, 0 % of the hours
	// nobody_may_take [fern]
}

func ExampleAssign() {
	plan, err := coverage.Assign(book(), coverage.Rules{MaxMoves: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range plan.Assigned {
		fmt.Printf("%s: %s (was %q)\n", a.Account, a.Person, a.Before)
	}
	for _, u := range plan.Unassigned {
		fmt.Printf("%s: %s\n", u.Account, u.Reason)
	}
	fmt.Printf("imbalance %.2f, at least %.2f; %d moved\n", *plan.Imbalance, *plan.Bound, plan.Moves)
	// Output:
	// acme: bea (was "ann")
	// bolt: ann (was "ann")
	// core: ann (was "ann")
	// dune: ann (was "ann")
	// echo: ann (was "")
	// fern: no_eligible_person
	// imbalance 1.00, at least 1.00; 1 moved
}

func ExampleHire() {
	newcomer := coverage.Person{ID: "cleo", Hours: 30, Languages: []string{"de", "fi"}}
	c, err := coverage.Hire(book(), coverage.Rules{MaxMoves: 1}, newcomer)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("left %d -> %d, busiest %.0f %% -> %.0f %%\n", c.Before.Left, c.After.Left, c.Before.Peak*100, c.After.Peak*100)
	fmt.Printf("%s takes %d accounts, %.0f hours\n", c.Book.Person, c.Book.Accounts, c.Book.Hours)
	// Output:
	// left 1 -> 0, busiest 75 % -> 67 %
	// cleo takes 2 accounts, 20 hours
}
