package survey_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

// Half of the customers were promoters in winter, two in three in spring: is that more than chance?
func Example() {
	model, err := survey.Compile(survey.NPS())
	if err != nil {
		panic(err)
	}
	winter := survey.Sample{From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}
	spring := survey.Sample{From: winter.To, To: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
	var answers []survey.Answer
	ask := func(at time.Time, promoters, passives, detractors int) {
		for i := range promoters + passives + detractors {
			value := 9.0
			if i >= promoters {
				value = 7
			}
			if i >= promoters+passives {
				value = 4
			}
			answers = append(answers, survey.Answer{Account: fmt.Sprint(at.Month(), i), Respondent: "buyer", Instrument: "nps", Value: value, At: at})
		}
	}
	ask(winter.From, 30, 18, 12)
	ask(spring.From, 40, 12, 8)
	d, err := model.Compare(survey.Input{Answers: answers}, winter, spring, spring.To)
	if err != nil {
		panic(err)
	}
	for _, e := range []survey.Estimate{d.Before, d.After} {
		fmt.Printf("NPS %.0f of %d, %.0f to %.0f\n", 100**e.Value, e.N, 100*e.Interval.Low, 100*e.Interval.High)
	}
	fmt.Printf("change %+.0f, %+.0f to %+.0f: %s\n", 100**d.Change, 100*d.Interval.Low, 100*d.Interval.High, d.Verdict)

	// Output:
	// NPS 30 of 60, 9 to 48
	// NPS 53 of 60, 33 to 69
	// change +23, -4 to +49: within_noise
}

// By journey phase, each account the same however many of its people answer.
func ExampleModel_Groups() {
	model, err := survey.Compile(survey.CSAT(5))
	if err != nil {
		panic(err)
	}
	day := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	var in survey.Input
	for _, a := range []struct {
		account, person, phase string
		value                  float64
	}{
		{"acme", "ann", "onboarding", 5}, {"acme", "bob", "onboarding", 2}, {"birch", "cyd", "onboarding", 4},
		{"acme", "ann", "adoption", 5}, {"birch", "cyd", "adoption", 4}, {"cedar", "dee", "adoption", 3},
	} {
		day = day.Add(time.Hour)
		in.Answers = append(in.Answers, survey.Answer{Account: a.account, Respondent: a.person, Instrument: "csat", Group: a.phase, Value: a.value, At: day})
	}
	phases, err := model.Groups(in, survey.Sample{From: day.AddDate(0, -1, 0), To: day.AddDate(0, 1, 0), Weighting: survey.ByAccount}, day)
	if err != nil {
		panic(err)
	}
	for _, e := range phases {
		fmt.Printf("%s: %.2f, %.2f to %.2f; %d votes of %d accounts\n", e.Group, *e.Value, e.Interval.Low, e.Interval.High, e.N, e.Accounts)
	}

	// Output:
	// adoption: 0.67, 0.21 to 0.94; 3 votes of 3 accounts
	// onboarding: 0.75, 0.01 to 1.00; 3 votes of 2 accounts
}
