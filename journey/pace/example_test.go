package pace_test

import (
	"fmt"
	"log"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// adopted returns the stays of forty accounts in a phase: one ended on each of days 31 to 60, of which a tenth left and the
// others advanced, and ten were last seen in it on day 45.
func adopted() *pace.Sample {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var s pace.Sample
	for i := range 40 {
		x := pace.Stay{Account: fmt.Sprint("account ", i), Phase: "adopt", From: begin, To: begin.AddDate(0, 0, 45)}
		if i < 30 {
			x.To, x.Ended, x.Kind = begin.AddDate(0, 0, 31+i), true, journey.Advance
			if i%10 == 9 {
				x.Kind = journey.Leave
			}
		}
		if err := s.Add(x); err != nil {
			log.Fatal(err)
		}
	}
	return &s
}

func ExampleSample_Estimate() {
	curve, err := adopted().Estimate(pace.Options{Class: "all accounts"})
	if err != nil {
		log.Fatal(err)
	}
	q, _ := curve.Quantile(journey.Advance, 0.5)
	fmt.Printf("half advance by day %v, 95 %% interval %v to %v\n", *q.Day, *q.Low, *q.High)
	left, _ := curve.Ended(journey.Leave, 60)
	fmt.Printf("%.0f %% leave by day 60\n", 100*left.Value)
	// Output:
	// half advance by day 49, 95 % interval 46 to 56
	// 11 % leave by day 60
}

func ExampleCurve_Odds() {
	curve, err := adopted().Estimate(pace.Options{Class: "all accounts"})
	if err != nil {
		log.Fatal(err)
	}
	odds, err := curve.Odds(40, 7)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("of %d stays at risk %.0f %% [%.0f, %.0f] advance within a week\n", odds.N, 100*odds.Next.Value, 100*odds.Next.Low, 100*odds.Next.High)
	_, err = curve.Odds(50, 7)
	fmt.Println(err)
	// Output:
	// of 30 stays at risk 28 % [11, 47] advance within a week
	// pace: refused by too_few: 10 stays are at risk after day 50; needs 20
}

func ExamplePlan() {
	curve, err := adopted().Estimate(pace.Options{})
	if err != nil {
		log.Fatal(err)
	}
	renewal := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	plan, err := pace.Plan([]pace.Stage{{Phase: "land", Curve: curve}, {Phase: "adopt", Curve: curve}}, renewal, 0.7)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("begin by", plan.Begin.Format(time.DateOnly))
	for _, e := range plan.Exits {
		fmt.Println(e.Phase, "must be left by", e.By.Format(time.DateOnly))
	}
	// Output:
	// begin by 2026-09-10
	// land must be left by 2026-11-06
	// adopt must be left by 2026-12-31
}
