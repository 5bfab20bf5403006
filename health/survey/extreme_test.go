package survey_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

// TestWorthsApart: beside two accounts that are worth 10³⁶ times as much, two others vanish in rounding. What is left are
// two votes that are alike.
func TestWorthsApart(t *testing.T) {
	top := survey.CSAT(10)
	mean := survey.Instrument{Format: 1, Name: "csat", Method: survey.Mean, Better: survey.Higher, Low: 1, High: 10}
	net := survey.NPS()
	net.Name = "csat"
	s := quarter
	s.Weighting = survey.ByWorth
	for _, def := range []survey.Instrument{net, top, mean} {
		in := survey.Input{Answers: answers("csat", 10, 1, 10, 2)}
		for i, a := range in.Answers {
			in.Worths = append(in.Worths, survey.Worth{Account: a.Account, Amount: decimal.New(1, int32(18-36*(i%2))), Currency: "EUR"})
		}
		e := estimate(t, compile(t, def), in, s)
		if *e.Effective != 2 || *e.SE > 1e-17 {
			t.Errorf("%s: effective %v, se %v, want 2 votes without a spread", def.Method, *e.Effective, *e.SE)
		}
		if wide := e.Interval != nil && e.Interval.High-e.Interval.Low > 0.5; wide != (def.Method != survey.Mean) {
			t.Errorf("%s: interval %+v", def.Method, e.Interval)
		}
	}
}
