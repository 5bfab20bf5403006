package opportunity_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

func ExampleEvaluate() {
	asOf := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	var ratings []opportunity.Rating
	for i := range 40 {
		r := opportunity.Rating{Respondent: fmt.Sprint("person ", i), At: asOf.AddDate(0, 0, -7)}
		r.Outcome, r.Importance, r.Satisfaction = "minimize the time to close the month", 3+i%3, 1+i%4
		ratings = append(ratings, r)
		r.Outcome, r.Importance, r.Satisfaction = "know who changed a figure", 3+i%3, 1+i/2%5
		ratings = append(ratings, r)
	}
	landscapes, err := opportunity.Evaluate(ratings, asOf, opportunity.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	for _, n := range landscapes[0].Needs {
		fmt.Printf("%d. %s: %.2f [%.2f, %.2f], %s\n", n.Rank, n.Outcome, n.Score.Value, n.Score.Low, n.Score.High, n.Band)
		if n.Lead != nil {
			fmt.Println("  ", n.Lead)
		}
	}
	// Output:
	// 1. minimize the time to close the month: 10.50 [6.75, 14.00], under_served
	//    not distinguishable from "know who changed a figure" at n = 40
	// 2. know who changed a figure: 9.00 [5.50, 12.25], appropriately_served
}

func ExampleTrack() {
	to := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	var ratings []opportunity.Rating
	for i := range 60 {
		r := opportunity.Rating{Respondent: fmt.Sprint("person ", i), Outcome: "minimize the time to close the month", Importance: 5}
		r.Satisfaction, r.At = 1+i%2, to.AddDate(0, -3, 0)
		ratings = append(ratings, r)
		r.Satisfaction, r.At = 3+i%3, to
		ratings = append(ratings, r)
	}
	trends, err := opportunity.Track(ratings, to.AddDate(0, -1, 0), to, opportunity.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	c := trends[0].Changes[0]
	fmt.Printf("%s: the score %s, %+.1f [%.1f, %.1f]\n", c.Outcome, c.Turn, c.Shift.Value, c.Shift.Low, c.Shift.High)
	// Output:
	// minimize the time to close the month: the score fell, -6.7 [-7.9, -4.9]
}

func ExampleWeigh() {
	asOf := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	var ratings []opportunity.Rating
	for i := range 50 {
		for _, service := range []string{"ours", "spreadsheet"} {
			r := opportunity.Rating{Respondent: fmt.Sprint("person ", i), Service: service, Outcome: "know who changed a figure", Importance: 4, At: asOf}
			r.Satisfaction = 3 + i%3
			if service == "spreadsheet" {
				r.Satisfaction = 4 + i%2
			}
			ratings = append(ratings, r)
		}
	}
	switches, err := opportunity.Weigh(ratings, opportunity.Alternative{Service: "spreadsheet", Cost: 6}, asOf, opportunity.Options{Service: "ours"})
	if err != nil {
		panic(err)
	}
	s := switches[0]
	fmt.Printf("gap %.1f, net of switching %.1f [%.1f, %.1f]: %s\n", s.Gap.Value, s.Net.Value, s.Net.Low, s.Net.High, s.Pull)
	// Output:
	// gap 3.4, net of switching -2.6 [-4.0, -1.0]: stays
}
