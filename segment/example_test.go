package segment_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment"
)

func Example() {
	model, err := segment.Compile(segment.Scheme{
		Format: 1, Name: "tiers",
		Attributes: []segment.Attribute{{Name: "arr", Type: segment.NumberType}, {Name: "region", Type: segment.TextType}},
		Rules: []segment.Rule{
			{Segment: "strategic", When: "arr >= 100000 AND region = 'EU'"},
			{Segment: "growth", When: "arr BETWEEN 20000 AND 99999"},
			{Segment: "tech", When: "arr < 20000"},
		},
	})
	if err != nil {
		panic(err) // every problem at once, each with its line and column
	}
	asOf := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

	facts := segment.FactMap{"arr": segment.Number(90000), "region": segment.Text("EU")}
	verdict, err := model.Classify(segment.Input{Account: "acme", Facts: facts}, asOf)
	if err != nil {
		panic(err)
	}
	fmt.Println(verdict.Segment, verdict.Facts)
	for _, near := range verdict.Near {
		fmt.Println("nearly", near.Segment, "needs", near.Need, "by", near.By)
	}

	for _, finding := range model.Verify(asOf, asOf.AddDate(1, 0, 0)) {
		fmt.Println(finding.Message, finding.Witness)
	}

	// Output:
	// growth [{arr 90000}]
	// nearly strategic needs arr >= 100000 by 10000
	// no rule matches: arr > 99999 AND arr < 100000 [{arr 99999.5} {region 'EU'}]
	// no rule matches: arr >= 100000 AND region <> 'EU' [{arr 100000} {region 'other'}]
	// no rule matches: arr >= 100000 AND region IS NULL [{arr 100000} {region NULL}]
	// no rule matches: arr IS NULL [{arr NULL} {region 'EU'}]
}

func ExampleRoster() {
	model, err := segment.Compile(segment.Tiers())
	if err != nil {
		panic(err)
	}
	var store segment.Memory
	roster, err := segment.NewRoster(model, &store, segment.Options{})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	first := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for i, arr := range []float64{120000, 90000, 50000, 50000} { // a fortnight apart
		input := segment.Input{Account: "acme", Facts: segment.FactMap{"arr": segment.Number(arr)}}
		record, err := roster.Check(ctx, input, first.AddDate(0, 0, 14*i))
		if err != nil {
			panic(err)
		}
		fmt.Println(arr, record.Membership.Segment, record.Membership.Reason)
	}
	record, err := roster.Approve(ctx, "acme", "kim", first.AddDate(0, 2, 0))
	if err != nil {
		panic(err)
	}
	for _, event := range record.Events {
		fmt.Println(event.Kind, event.Segment)
	}

	// Output:
	// 120000 strategic match
	// 90000 strategic held
	// 50000 strategic waiting
	// 50000 strategic review
	// exited strategic
	// entered growth
}

func ExampleModel_SQL() {
	model, err := segment.Compile(segment.Scheme{
		Format: 1, Name: "renewals",
		Attributes: []segment.Attribute{{Name: "arr", Type: segment.NumberType}, {Name: "renewal", Type: segment.TimeType}},
		Rules:      []segment.Rule{{Segment: "due soon", When: "arr >= 20000 AND renewal < as_of + INTERVAL '90 days'"}},
		Otherwise:  "later",
	})
	if err != nil {
		panic(err)
	}
	sql, err := model.SQL(segment.PostgreSQL, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(sql, " NOT BETWEEN", "\n      NOT BETWEEN"))

	// Output:
	// CASE
	//   WHEN CAST("arr" AS double precision)
	//       NOT BETWEEN -9007199254740992 AND 9007199254740992 THEN NULL
	//   WHEN CAST("renewal" AS timestamptz)
	//       NOT BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00.000001+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00' THEN NULL
	//   WHEN CAST("arr" AS double precision) >= 20000 AND CAST("renewal" AS timestamptz) < TIMESTAMPTZ '2026-09-29 00:00:00+00' THEN 'due soon'
	//   ELSE 'later'
	// END
}

func ExampleModel_Sensitivity() {
	model, err := segment.Compile(segment.Tiers())
	if err != nil {
		panic(err)
	}
	accounts := func(yield func(segment.Exposed, error) bool) {
		for i, arr := range []int64{18500, 20500, 96000, 99000, 104000, 300000} {
			x := segment.Exposed{Money: decimal.NewFromInt(arr), Currency: "EUR"}
			x.Input = segment.Input{Account: fmt.Sprint("c", i), Facts: segment.FactMap{"arr": segment.Number(float64(arr))}}
			if !yield(x, nil) {
				return
			}
		}
	}
	s, err := model.Sensitivity(accounts, 0.05, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	for _, shift := range s.Shifts {
		fmt.Printf("moving %s %s to %s moves %d accounts, %v %s\n", shift.Attribute, shift.Edge, shift.Moved, shift.Accounts, shift.Money, s.Currency)
	}

	// Output:
	// moving arr 20000 to 19000 moves 0 accounts, 0 EUR
	// moving arr 20000 to 21000 moves 1 accounts, 20500 EUR
	// moving arr 100000 to 95000 moves 2 accounts, 195000 EUR
	// moving arr 100000 to 105000 moves 1 accounts, 104000 EUR
}
