package backtest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// history is a year in which customers with little usage left, and a host's tables of it.
func history() (*health.Memory, []backtest.Decision) {
	var s health.Memory
	var decisions []backtest.Decision
	for i := range 60 {
		account, due := fmt.Sprintf("c%02d", i), time.Date(2026, 1, 1+3*i, 0, 0, 0, 0, time.UTC)
		read := due.AddDate(0, 0, -100)
		usage := float64(i * 37 % 100)
		if err := s.Put(account, time.Time{}, read, map[string]health.Reading{"usage": {Value: usage, At: read}}); err != nil {
			panic(err)
		}
		decisions = append(decisions, backtest.Decision{Account: account, At: due, Lost: usage < 30 && i%5 > 0 || i%13 == 4})
	}
	return &s, decisions
}

func Example() {
	model, err := health.Compile(card())
	if err != nil {
		panic(err)
	}
	source, decisions := history()
	report, err := backtest.Judge(backtest.Score(context.Background(), model, source, all(decisions), 90*health.Day))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d decisions, %d lost, %s before each\n", report.Decisions, report.Lost, report.Lead)
	fmt.Printf("area %.3f, 95 %% from %.3f to %.3f: %s\n", report.AUC.Value, report.AUC.Low, report.AUC.High, report.Verdict)
	for _, b := range report.Bands {
		fmt.Printf("%s: %d of %d lost; alerts there catch %.0f %% with %.0f %% false alarms\n", b.Band, b.Lost, b.N, 100*b.Catch, 100*b.FalseAlarm)
	}
	ready := report.Readiness(false)
	fmt.Printf("%s; the next stage needs %v\n", ready.Stage, ready.Needs)
	// Output:
	// 60 decisions, 19 lost, 90d before each
	// area 0.882, 95 % from 0.711 to 0.958: predictive
	// red: 17 of 30 lost; alerts there catch 89 % with 32 % false alarms
	// green: 2 of 30 lost; alerts there catch 100 % with 100 % false alarms
	// predictive; the next stage needs [a trial with a control group that shows a play to work]
}

// A snapshot may separate well. It is no backtest, and a Report says so whatever the area.
func ExampleSeparate() {
	a := backtest.Separate([]backtest.Point{{Value: 20, Lost: true}, {Value: 40, Lost: true}, {Value: 55, Lost: true}, {Value: 45}, {Value: 60}, {Value: 80}, {Value: 90}})
	fmt.Printf("%.3f, 95 %% from %.3f to %.3f\n", a.Value, a.Low, a.High)
	// Output: 0.917, 95 % from 0.348 to 0.996
}

func ExampleDiff() {
	running, err := health.Compile(card())
	if err != nil {
		panic(err)
	}
	stricter := card()
	stricter.Bands[1].Floor = 70
	next, err := health.Compile(stricter)
	if err != nil {
		panic(err)
	}
	changes, err := backtest.Diff(context.Background(), running, next, all([]backtest.Exposed{
		exposed("acme", 60, "green", 12_000_00), exposed("bolt", 90, "green", 8_000_00),
	}), renewal)
	if err != nil {
		panic(err)
	}
	for _, m := range changes.Moves {
		fmt.Println(m.Accounts, "from", m.From, "to", m.To, "with", m.Money.StringFixed(2), changes.Currency)
	}
	for _, a := range changes.Alerts {
		fmt.Println("alert:", a.Account, a.Kind, a.From, "to", a.To)
	}
	// Output:
	// 1 from green to red with 12000.00 EUR
	// alert: acme band_changed green to red
}

func ExampleStability() {
	s, err := backtest.Stability([]float64{1, 2, 3, 4, 5, 6, 7, 8}, []float64{1, 1, 2, 2, 3, 7}, 2)
	if err != nil {
		panic(err)
	}
	fmt.Printf("index %.2f, p %.2f\n", s.Index, s.P)
	// Output: index 0.54, p 0.18
}
