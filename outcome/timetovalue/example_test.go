package timetovalue_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

func ExampleHistory_Case() {
	signed := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	h := timetovalue.History{
		Account: "acme", Signature: signed, GoLive: signed.AddDate(0, 0, 20),
		Achievements: []timetovalue.Achievement{
			{Outcome: "orders flow in", Kind: timetovalue.Technical, Achieved: signed.AddDate(0, 0, 25), Verified: signed.AddDate(0, 0, 26)},
			{Outcome: "fewer late deliveries", Kind: timetovalue.Business, Achieved: signed.AddDate(0, 0, 60), Verified: signed.AddDate(0, 0, 80)},
		},
	}
	for _, asOf := range []time.Time{signed.AddDate(0, 0, 70), signed.AddDate(0, 0, 80)} {
		for _, kind := range []timetovalue.Kind{timetovalue.Technical, timetovalue.Business} {
			c, _, err := h.Case(timetovalue.GoLive, kind, asOf)
			if err != nil {
				panic(err)
			}
			switch {
			case !c.Value.IsZero():
				fmt.Println(asOf.Format(time.DateOnly), kind, "value after", c.Value.Sub(c.From))
			case c.Pending:
				fmt.Println(asOf.Format(time.DateOnly), kind, "value pending since", c.Seen.Format(time.DateOnly))
			}
		}
	}
	// Output:
	// 2026-03-12 technical value after 120h0m0s
	// 2026-03-12 business value pending since 2026-03-02
	// 2026-03-22 technical value after 120h0m0s
	// 2026-03-22 business value after 960h0m0s
}

func ExampleEstimate() {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	on := func(day int) time.Time { return from.AddDate(0, 0, day) }
	in, err := timetovalue.Estimate([]timetovalue.Case{
		{Account: "a", From: from, Value: on(10)},
		{Account: "b", From: from, Value: on(20)},
		{Account: "c", From: from, Left: on(15)},
		{Account: "d", From: from, Value: on(40)},
		{Account: "e", From: from, Seen: on(35)},
		{Account: "f", From: from, Seen: on(50)},
	})
	if err != nil {
		panic(err)
	}
	last := in.Steps[len(in.Steps)-1]
	fmt.Printf("day %v: value %.3f, left %.3f, waiting %.3f\n", last.Day, last.Value, last.Left, last.Waiting)
	if s, ok := in.Within(30, 0.95); ok {
		fmt.Printf("within 30 days: %.3f [%.3f, %.3f]\n", s.Value, s.Low, s.High)
	}
	if q, ok := in.QuantileInterval(0.5, 0.95); ok {
		fmt.Println("median:", *q.Day, "days, from", *q.Low, "on; the upper end was reached:", q.High != nil)
	}
	// Output:
	// day 50: value 0.583, left 0.167, waiting 0.250
	// within 30 days: 0.333 [0.030, 0.710]
	// median: 40 days, from 10 on; the upper end was reached: false
}

func ExampleCompare() {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	cohort := func(slowest int) []timetovalue.Case {
		var cases []timetovalue.Case
		for i := range 60 {
			c := timetovalue.Case{Account: fmt.Sprint(i), From: from}
			switch end := from.AddDate(0, 0, (i*i*7+i)%slowest); {
			case i%10 == 0:
				c.Left = end
			case i%10 == 1:
				c.Seen = end
			default:
				c.Value = end
			}
			cases = append(cases, c)
		}
		return cases
	}
	c, err := timetovalue.Compare(cohort(181), cohort(67), timetovalue.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	fmt.Println(c)
	// Output:
	// median fell from 107 to 39 days, −64 % [−71, −44]
}

// Two machines hold a part of the customers each.
func ExampleSample() {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	on := func(day int) time.Time { return from.AddDate(0, 0, day) }
	var here, there timetovalue.Sample
	if err := here.Add(timetovalue.Case{Account: "a", From: from, Value: on(10)}, timetovalue.Case{Account: "b", From: from, Seen: on(50)}); err != nil {
		panic(err)
	}
	if err := there.Add(timetovalue.Case{Account: "c", From: from, Value: on(30)}); err != nil {
		panic(err)
	}
	sent, err := there.MarshalBinary()
	if err != nil {
		panic(err)
	}
	var part timetovalue.Sample
	if err := part.UnmarshalBinary(sent); err != nil {
		panic(err)
	}
	if err := here.Merge(&part); err != nil {
		panic(err)
	}
	in, err := here.Estimate()
	if err != nil {
		panic(err)
	}
	median, ok := in.Quantile(0.5)
	fmt.Println(in.N, "customers,", len(sent), "bytes sent, median on day", median, ok)
	// Output: 3 customers, 8 bytes sent, median on day 30 true
}
