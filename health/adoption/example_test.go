package adoption_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/adoption"
)

func Example() {
	model, err := adoption.Compile(adoption.Plan{
		Format: 1, Name: "ledger", MinUses: 2, MinDays: 3,
		Moments: []adoption.Moment{{
			Name: "first close", Within: 14 * health.Day,
			Steps: []adoption.Step{{Feature: "import", Uses: 2}, {Feature: "close", Uses: 1}},
		}},
		Tasks: []adoption.Task{{Name: "connect the bank", Feature: "bank", Uses: 1}},
	})
	if err != nil {
		panic(err)
	}
	signed := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	usage, err := model.NewUsage(signed, 28, time.UTC)
	if err != nil {
		panic(err)
	}
	for _, e := range []struct {
		user, feature string
		day           int
	}{{"ann", "bank", 2}, {"ann", "import", 2}, {"bob", "import", 3}, {"ann", "close", 9}, {"ann", "import", 10}, {"cyd", "report", 20}} {
		at := signed.AddDate(0, 0, e.day)
		if err := usage.Add(adoption.Event{Account: "acme", User: e.user, Feature: e.feature, At: at}); err != nil {
			panic(err)
		}
	}
	seats := 2
	a, err := model.Assess(usage, adoption.Account{
		ID: "acme", Since: signed, Seats: &seats, Holders: []string{"ann", "bob"},
		Entitled: []string{"bank", "import", "close", "export"},
	}, signed.AddDate(0, 0, 28))
	if err != nil {
		panic(err)
	}
	show := func(name string, r adoption.Ratio) {
		if r.Value == nil {
			fmt.Println(name, "undefined:", r.Why)
			return
		}
		fmt.Printf("%s %.2f (%d of %d)\n", name, *r.Value, r.Part, r.Whole)
	}
	show("breadth", a.Breadth)
	show("depth", a.Depth)
	show("penetration", a.Penetration)
	show("process", a.Process)
	fmt.Println("first use after", *a.FirstUse.Took)
	fmt.Println(a.Moments[0].Moment, a.Moments[0].Reach.State, "after", *a.Moments[0].Reach.Took)
	for _, l := range a.Reengage {
		fmt.Println("win back", l.User, l.Missing)
	}

	// Output:
	// breadth 0.25 (1 of 4)
	// depth 0.33 (1 of 3)
	// penetration 1.50 (3 of 2)
	// process undefined: nothing_planned
	// first use after 2d
	// first close reached after 9d
	// win back bob [connect the bank]
	// win back cyd [connect the bank]
}

// Two days are counted side by side and put together.
func ExampleUsage_Merge() {
	model, err := adoption.Compile(adoption.Plan{Format: 1, Name: "ledger", MinUses: 1, MinDays: 1})
	if err != nil {
		panic(err)
	}
	first := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	count := func(day int) *adoption.Usage {
		usage, err := model.NewUsage(first, 7, time.UTC)
		if err != nil {
			panic(err)
		}
		for range 2 { // the second is the same event, delivered again
			if err := usage.Add(adoption.Event{Account: "acme", User: "ann", Feature: "close", At: first.AddDate(0, 0, day)}); err != nil {
				panic(err)
			}
		}
		return usage
	}
	tuesday, monday := count(1), count(0)
	if err := tuesday.Merge(monday); err != nil {
		panic(err)
	}
	fmt.Println(tuesday.Uses(), "uses,", tuesday.Repeated(), "repeated")

	// Output:
	// 2 uses, 2 repeated
}
