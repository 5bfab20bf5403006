package survey_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/survey"
	"github.com/shopspring/decimal"
)

var (
	from    = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	to      = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	quarter = survey.Sample{From: from, To: to}
)

func compile(t testing.TB, i survey.Instrument) *survey.Model {
	t.Helper()
	m, err := survey.Compile(i)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func estimate(t testing.TB, m *survey.Model, in survey.Input, s survey.Sample) survey.Estimate {
	t.Helper()
	e, err := m.Estimate(in, s, to)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// answers gives each value to an account of its own.
func answers(instrument string, values ...float64) (out []survey.Answer) {
	for i, v := range values {
		out = append(out, survey.Answer{
			Account: fmt.Sprintf("account %d", i), Respondent: "ann", Instrument: instrument, Value: v,
			At: from.Add(time.Duration(i) * time.Minute),
		})
	}
	return out
}

// repeat returns values, each as often as its count says.
func repeat(counts map[float64]int, order ...float64) (out []float64) {
	for _, v := range order {
		for range counts[v] {
			out = append(out, v)
		}
	}
	return out
}

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// random returns answers of accounts with one to five respondents, some of whom answer again, and worths of most accounts.
func random(r *rand.Rand, def survey.Instrument, accounts int) (in survey.Input) {
	for a := range accounts {
		account := fmt.Sprintf("account %d", a)
		mood := r.IntN(def.High - def.Low + 1)
		for p := range 1 + r.IntN(5) {
			at := from.Add(-time.Duration(r.IntN(20*24)) * time.Hour)
			for range 1 + r.IntN(2) {
				at = at.Add(time.Duration(1+r.IntN(30*24)) * time.Hour)
				value := def.Low + r.IntN(def.High-def.Low+1)
				if r.IntN(2) == 0 {
					value = def.Low + mood
				}
				in.Answers = append(in.Answers, survey.Answer{
					Account: account, Respondent: fmt.Sprintf("person %d", p), Instrument: def.Name,
					Group: []string{"", "onboarding", "adoption"}[r.IntN(3)], Value: float64(value), At: at,
				})
			}
		}
		if r.IntN(8) > 0 {
			in.Worths = append(in.Worths, survey.Worth{Account: account, Amount: decimal.New(r.Int64N(100_000), -2), Currency: "EUR"})
		}
	}
	return in
}

func instruments() []survey.Instrument {
	effort := survey.CES()
	effort.Name, effort.High, effort.Better = "effort", 5, survey.Lower
	return []survey.Instrument{survey.NPS(), survey.CSAT(5), survey.CES(), effort, survey.Trust(), survey.RenewalEase()}
}
