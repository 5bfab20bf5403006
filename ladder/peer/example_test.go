package peer_test

import (
	"fmt"
	"log"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// contribution is one company's: what it spent, and what it gained by it.
func contribution(i int, mature bool, gained int64) peer.Contribution {
	return peer.Contribution{
		Account: fmt.Sprint("account ", i), Company: fmt.Sprint("company ", i), Mature: mature,
		Segment: "smb", Industry: "retail", Size: "50-200", Currency: "EUR", Spend: decimal.NewFromInt(1000),
		Values: []peer.Value{{Driver: "productivity", Capability: "reports", Amount: decimal.NewFromInt(gained)}},
	}
}

func ExamplePublish() {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 3, 0)
	var all []peer.Contribution
	for i := range 40 {
		mature := i >= 20
		gained := 1007 + 137*int64(i%20)
		if mature {
			gained *= 2
		}
		all = append(all, contribution(i, mature, gained))
	}
	published, err := peer.Publish(from, to, all, nil, peer.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range published.Release.Groups {
		fmt.Println(g.Stage, g.Segment, g.Count, "companies, mean", g.Mean)
		for _, q := range g.Quantiles {
			fmt.Println(" ", q.Percent, "% below", q.Value)
		}
	}

	standing, err := published.Release.Standing(all[5])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("own", standing.Value, "percentile", standing.Percentile)
	fmt.Println("best", standing.Best, "leakage", standing.Leakage, "or EUR", standing.Money)

	// One company joins: the release stays, so that nobody can subtract the old one from the new one.
	again, err := peer.Publish(from, to, append(all, contribution(40, false, 9000)), &published.Record, peer.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("fresh:", again.Fresh, "pending:", again.Pending)
	// Output:
	// mature smb 20 companies, mean 4.62
	//   25 % below 3.32
	//   50 % below 4.62
	//   75 % below 5.92
	// maturing smb 20 companies, mean 2.31
	//   25 % below 1.66
	//   50 % below 2.31
	//   75 % below 2.96
	// own 1.692 percentile 26.2
	// best 5.92 leakage 4.228 or EUR 4228
	// fresh: false pending: 1
}

func ExampleRules_Check() {
	r := peer.Rules{K: 4, Percent: decimal.NewFromInt(30)}
	for _, list := range [][]int64{{100, 60, 20, 10, 5, 5}, {100, 60, 10, 5, 5}} {
		var values []decimal.Decimal
		for _, v := range list {
			values = append(values, decimal.NewFromInt(v))
		}
		broken, err := r.Check(values)
		fmt.Println(list, broken, err)
	}
	// Output:
	// [100 60 20 10 5 5] [] <nil>
	// [100 60 10 5 5] [p_percent] <nil>
}

func ExampleCompare() {
	var list []peer.Result
	for i := range 24 {
		// Revenue for each employee, in thousands.
		r := peer.Result{Company: fmt.Sprint("company ", i), Industry: "retail", Size: "50-200", Mature: i%2 == 0, Value: float64(150 + 7*i%60)}
		if r.Mature {
			r.Value += 40
		}
		list = append(list, r)
	}
	a, err := peer.Compare(list, peer.AsymmetryOptions{Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+.0f, %+.0f to %+.0f, p = %.4f, effect %.2f\n", a.Difference, a.Low, a.High, a.P, a.Effect)
	for _, c := range a.Cautions {
		fmt.Println(c)
	}
	// Output:
	// +37, +23 to +55, p = 0.0001, effect 0.89
	// companies were observed, not assigned: those that do well may mature more easily
}
