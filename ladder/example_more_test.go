package ladder_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

func ExampleCompare() {
	model, err := ladder.Compile(ladder.Starter())
	if err != nil {
		panic(err)
	}
	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	state := func(hours, adoption decimal.Decimal) ladder.Statement {
		q := ladder.QuantityMap{}
		for name, v := range map[string]decimal.Decimal{
			"hours_saved": hours, "adoption": adoption, "users": decimal.New(10, 0), "team_hours": decimal.New(9000, 0),
		} {
			q[name] = ladder.Quantity{Value: v, At: january, Evidence: ladder.Corroborated}
		}
		s, err := model.Statement(ladder.Input{Account: "acme", From: january, To: january.AddDate(1, 0, 0), Quantities: q}, january)
		if err != nil {
			panic(err)
		}
		return s
	}
	c, err := ladder.Compare(state(decimal.New(54, 0), decimal.New(8, -1)), state(decimal.New(45, 0), decimal.New(6, -1)))
	fmt.Println(c.Promised, c.Realized, c.Gap, err)
	for _, cause := range c.Causes {
		fmt.Println(cause.Name, cause.Promised, "to", cause.Realized, "is", cause.Amount)
	}
	fmt.Println("not known in both:", c.Unknown)
	// Output:
	// 64800 40500 -24300 <nil>
	// hours_saved 54 to 45 is -9450
	// adoption 0.8 to 0.6 is -14850
	// not known in both: [incidents avoided revenue won]
}

func ExampleIRR() {
	flows := func(units ...int64) (list []decimal.Decimal) {
		for _, v := range units {
			list = append(list, decimal.NewFromInt(v))
		}
		return list
	}
	one, _ := ladder.IRR(flows(-70000, 12000, 15000, 18000, 21000, 26000))
	two, _ := ladder.IRR(flows(100, -230, 132))
	fmt.Printf("%.4f\n", *one.Rate)
	fmt.Printf("%v %.2f\n", two.Why, two.Roots)
	// Output:
	// 0.0866
	// several_roots [0.10 0.20]
}

func ExampleModel_Course() {
	model, err := ladder.Compile(ladder.Starter())
	if err != nil {
		panic(err)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	value := []ladder.Accrual{{From: start, To: start.AddDate(0, 0, 100), Amount: decimal.New(50_000, 0)}}
	spend := []ladder.Accrual{{From: start, Amount: decimal.New(18_000, 0)}} // the licence, at once
	c, err := model.Course("acme", start, value, spend, start.AddDate(0, 0, 30))
	if err != nil {
		panic(err)
	}
	fmt.Println("day", c.Day, "value", c.Value, "spend", c.Spend, "a day", c.PerDay)
	fmt.Println("break-even", c.BreakEven.Format(time.DateOnly))
	// Output:
	// day 30 value 15000 spend 18000 a day 500
	// break-even 2026-02-06
}

func ExampleModel_Diagnose() {
	l := ladder.Starter()
	l.Thresholds = ladder.StarterThresholds()
	model, err := ladder.Compile(l)
	if err != nil {
		panic(err)
	}
	happy := decimal.New(9, -1)
	d, err := model.Diagnose(ladder.Signs{Account: "acme", Sentiment: &happy, Levels: []ladder.Level{
		{Stage: ladder.Potential, Amount: decimal.New(120_000, 0)},
		{Stage: ladder.Sold, Amount: decimal.New(100_000, 0)},
		{Stage: ladder.Achieved, Amount: decimal.New(40_000, 0)},
	}}, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	for _, p := range d.Patterns {
		fmt.Println(p.Name, p.Found, p.Face, p.Needs)
	}
	fmt.Println("expand:", d.Ready.Ready, d.Ready.Waits)
	// Output:
	// capability_without_outcome unknown  [statement]
	// outcome_without_goal unknown  [statement]
	// expectation_against_reality yes  []
	// value_against_perception yes happy_without_value []
	// impact_not_communicated unknown  [verified]
	// expand: no [value_leakage expectation_against_reality value_against_perception]
}
