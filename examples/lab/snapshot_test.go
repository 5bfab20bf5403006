package lab_test

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/data"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// snapshot reads the bundled sample into readings. Nothing in it has a date, and whether a customer left is of the same
// day as the rest.
func snapshot() (*book.Book, []health.Input, []backtest.Decision) {
	b, err := book.Sample(data.Files, "wa_churn.csv")
	if err != nil {
		panic(err)
	}
	months := map[string]float64{"month-to-month": 1, "one year": 12, "two year": 24}
	var inputs []health.Input
	var decisions []backtest.Decision
	for a, err := range b.Accounts {
		if err != nil {
			panic(err)
		}
		readings := health.ReadingMap{"tenure": {Value: a.Tenure}, "commitment": {Value: months[a.Contracts[0].Term]}}
		for _, u := range a.Usage {
			r := health.Reading{Value: u.Value}
			if u.State == book.NotApplicable {
				r.State, r.Why = health.NotApplicable, "no internet connection"
			}
			readings[u.Feature] = r
		}
		inputs = append(inputs, health.Input{Account: a.ID, Readings: readings})
		decisions = append(decisions, backtest.Decision{
			Account: a.ID, At: b.AsOf, Lost: a.Left.Left, Group: a.Contracts[0].Term,
			Money: a.Contracts[0].Amount, Currency: "USD",
		})
	}
	return b, inputs, decisions
}

// look scores the snapshot on its own day.
func look(m *health.Model) *backtest.Trial {
	b, inputs, decisions := snapshot()
	var t backtest.Trial
	for i, in := range inputs {
		score, err := m.Score(in, b.AsOf)
		if err == nil {
			err = t.Add(backtest.Case{Decision: decisions[i], Score: score})
		}
		if err != nil {
			panic(err)
		}
	}
	return &t
}

// Hypothesis: customers who hold services that protect them stay, beyond what their contract makes them do.
// A card of the contract and one of the services, on one snapshot: separation, and no verdict.
func Example_snapshot() {
	contract := look(compile("contract", line{"commitment", 3, 1, 24}, line{"tenure", 1, 0, 72}))
	services := look(compile("services", line{"tech_support", 1, 0, 1}, line{"online_security", 1, 0, 1}, line{"online_backup", 1, 0, 1}))
	for _, x := range []struct {
		name  string
		trial *backtest.Trial
	}{{"contract", contract}, {"services", services}} {
		r := x.trial.Report(backtest.Options{Resamples: -1})
		fmt.Printf("%s, %d of 7043 known: area %s\n", x.name, r.Decisions, area(r.AUC))
		for _, g := range r.Groups {
			fmt.Printf("  within %s, %d of %d left: %s\n", g.Name, g.Lost, g.Decisions, area(g.AUC))
		}
		fmt.Printf("  verdict %s, it needs %s\n", r.Verdict, r.Needs[0])
	}
	c, err := backtest.Compare(services, contract)
	if err != nil {
		panic(err)
	}
	fmt.Print("on this day ", better("services", "contract", c))
	// Output:
	// contract, 7043 of 7043 known: area 0.787 (0.775 to 0.798)
	//   within month-to-month, 1655 of 3875 left: 0.629 (0.611 to 0.646)
	//   within one year, 166 of 1473 left: 0.450 (0.405 to 0.496)
	//   within two year, 48 of 1695 left: 0.486 (0.423 to 0.549)
	//   verdict insufficient_evidence, it needs a score from before each decision: 0 of 7043 have one; separation in one snapshot is not a backtest
	// services, 5517 of 7043 known: area 0.718 (0.705 to 0.731)
	//   within month-to-month, 1556 of 3351 left: 0.624 (0.607 to 0.641)
	//   within one year, 157 of 1109 left: 0.536 (0.488 to 0.583)
	//   within two year, 43 of 1057 left: 0.635 (0.550 to 0.713)
	//   verdict insufficient_evidence, it needs a score from before each decision: 0 of 5517 have one; separation in one snapshot is not a backtest
	// on this day contract is better than services by 0.062 (0.049 to 0.075)
}
