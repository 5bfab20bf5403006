package ladder_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

func Example() {
	number := func(value int64, exp int32) *ladder.Term { // value × 10^exp
		d := decimal.New(value, exp)
		return &ladder.Term{Value: &d}
	}
	model, err := ladder.Compile(ladder.Ladder{
		Format: 1, Name: "support", Currency: "EUR",
		Nodes: []ladder.Node{{Name: "agents", Rung: ladder.Operational, Stakeholder: "head of support"}},
		Benefits: []ladder.Benefit{{
			Name: "hours saved", Driver: ladder.Productivity, Basis: ladder.RunRate, Node: "agents",
			Moved: &ladder.Term{Quantity: "hours"}, Times: []ladder.Term{*number(10, 0)}, // a month and agent, ten agents
			Adoption: &ladder.Term{Quantity: "adoption"}, Attribution: number(5, -1),
			UnitValue: *number(50, 0), Conversion: number(5, -1), // half of the time becomes money
		}},
		Costs:    []ladder.Cost{{Name: "licence", Kind: ladder.Licence}},
		Haircuts: []ladder.Haircut{{Class: ladder.Assumed, Share: decimal.New(4, -1)}},
	})
	if err != nil {
		panic(err) // every problem at once, each with its place in the definition
	}
	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	quantities := ladder.QuantityMap{"hours": {Value: decimal.New(45, 0), Evidence: ladder.Measured}}
	in := ladder.Input{
		Account: "acme", From: january, To: january.AddDate(1, 0, 0), Quantities: quantities,
		Costs: []ladder.Cost{{Name: "licence", Amount: decimal.New(18000, 0)}},
	}

	s, _ := model.Statement(in, in.To)
	fmt.Println(s.Unknown, "unknown:", s.Lines[0].Lacks[0]) // nobody measured adoption: unknown is not zero

	quantities["adoption"] = ladder.Quantity{Value: decimal.New(6, -1), Evidence: ladder.Confirmed}
	s, _ = model.Statement(in, in.To)
	fmt.Println(s.Gross.StringFixed(2), s.Currency, "ROI", s.ROI)
	fmt.Println(s.Adjusted.StringFixed(2), "after the haircut of what is", s.Lines[0].Evidence)
	// Output:
	// 1 unknown: quantity "adoption": missing
	// 40500.00 EUR ROI 1.25
	// 24300.00 after the haircut of what is assumed
}

func ExampleModel_Leakage() {
	model, err := ladder.Compile(ladder.Starter())
	if err != nil {
		panic(err)
	}
	l, err := model.Leakage("acme", []ladder.Level{
		{Stage: ladder.Potential, Amount: decimal.New(100_000, 0)},
		{Stage: ladder.Adopted, Amount: decimal.New(70_000, 0)},
		{Stage: ladder.Achieved, Amount: decimal.New(50_000, 0)},
		{Stage: ladder.Communicated, Amount: decimal.New(20_000, 0)},
	}, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	for _, step := range l.Steps {
		fmt.Println(step.Known, step.Amount, "over", step.Over)
	}
	fmt.Println("lost", l.Value.Low, "not seen", l.Visibility.Low, "to", l.Visibility.High)
	// Output:
	// true 30000 over [sold deployed adopted]
	// true 20000 over [achieved]
	// true 30000 over [verified communicated]
	// false 0 over [felt]
	// lost 50000 not seen 30000 to 50000
}

func ExampleBooks() {
	model, err := ladder.Compile(ladder.Starter())
	if err != nil {
		panic(err)
	}
	books, err := ladder.NewBooks(model, new(ladder.Memory), ladder.Options{})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	entry := ladder.Entry{
		ID: "2026-01", Account: "acme", Benefit: "incidents avoided", From: january, To: january.AddDate(0, 1, 0),
		Amount: decimal.New(125_050, -2), Evidence: ladder.Confirmed, Source: "letter of 3 February",
	}
	for range 2 { // the second time it is there already
		if _, err := books.Post(ctx, entry, nil); err != nil {
			panic(err)
		}
	}
	entry.ID = "2026-01b"
	_, err = books.Post(ctx, entry, nil)
	fmt.Println(err)

	balance, err := books.Balance(ctx, "acme", time.Time{}, time.Time{}, time.Time{})
	fmt.Println(balance.Amount.StringFixed(2), balance.Currency, balance.Version, err)
	// Output:
	// ladder: account "acme": refused by overlap: entry "2026-01" has benefit "incidents avoided" booked in a part of its period; needs a period beside it, or the reversal of "2026-01"
	// 1250.50 EUR 1 <nil>
}
