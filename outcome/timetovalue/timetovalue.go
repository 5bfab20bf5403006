// Package timetovalue estimates how long it takes customers to reach value.
//
// # Model
//
// A customer's clock runs from an anchor, such as signature or go-live, to the first outcome that counts. Those who
// have not arrived are censored: not yet is not never. Those who left before are a competing end, and not censored,
// since they will not arrive: one minus Kaplan–Meier would overstate the share that does.
//
// # Sources
//
// Aalen–Johansen cumulative incidence: Aalen, Nonparametric Estimation of Partial Transition Probabilities, Annals of
// Statistics 6 (1978).
//
// # Concurrency
//
// The functions are pure.
package timetovalue

import (
	"errors"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Case is one customer's clock. Exactly what is known: at most one of Value and Left ends it.
type Case struct {
	Account string
	From    time.Time // the anchor
	Value   time.Time // when value was reached; zero: not
	Left    time.Time // when the customer left before value; zero: not
	Seen    time.Time // until when the customer was watched, where neither happened
}

// A Step is the shares of customers at a number of days since the anchor: they sum to 1 within rounding.
type Step struct {
	Day     float64 `json:"day"`     // since the anchor
	Value   float64 `json:"value"`   // reached value by then
	Left    float64 `json:"left"`    // left before value by then
	Waiting float64 `json:"waiting"` // neither
	AtRisk  int     `json:"at_risk"` // waiting and watched just before Day
}

// An Incidence is how value and leaving come over time.
type Incidence struct {
	Steps   []Step `json:"steps"`   // one for each distinct day on which a clock ended or was last watched
	N       int    `json:"n"`       // cases
	Valued  int    `json:"valued"`  // reached value
	Left    int    `json:"left"`    // left before value
	Pending int    `json:"pending"` // neither, so far
}

const (
	value = 1
	left  = 2
)

// Estimate returns the incidence over cases; times are whole days, rounded down. It returns an error that names the
// account if a clock has no anchor or no end, ends before it begins, or ends both ways.
func Estimate(cases []Case) (Incidence, error) {
	obs := make([]survival.Observation, 0, len(cases))
	in := Incidence{N: len(cases)}
	for _, c := range cases {
		end, cause := c.Seen, 0
		switch {
		case !c.Value.IsZero() && !c.Left.IsZero():
			return Incidence{}, fmt.Errorf("timetovalue: account %q: reached value and left before it", c.Account)
		case !c.Value.IsZero():
			end, cause = c.Value, value
			in.Valued++
		case !c.Left.IsZero():
			end, cause = c.Left, left
			in.Left++
		default:
			in.Pending++
		}
		if c.From.IsZero() || end.IsZero() || end.Before(c.From) {
			return Incidence{}, fmt.Errorf("timetovalue: account %q: the clock from %v to %v does not run", c.Account, c.From, end)
		}
		obs = append(obs, survival.Observation{Time: float64(end.Sub(c.From) / (24 * time.Hour)), Cause: cause})
	}
	aj, err := survival.AalenJohansen(obs, 2)
	if err != nil {
		var bad *survival.DataError
		if errors.As(err, &bad) {
			return Incidence{}, fmt.Errorf("timetovalue: account %q: %w", cases[bad.Index].Account, err)
		}
		return Incidence{}, fmt.Errorf("timetovalue: %w", err)
	}
	for i, t := range aj.Times {
		v, l := aj.ByCause[value-1].Cumulative[i], aj.ByCause[left-1].Cumulative[i]
		in.Steps = append(in.Steps, Step{Day: t, Value: v, Left: l, Waiting: aj.Survival[i], AtRisk: aj.AtRisk[i]})
	}
	return in, nil
}

// Quantile returns the first day by which the share p of customers had reached value; false where it was not reached.
func (in Incidence) Quantile(p float64) (day float64, ok bool) {
	for _, s := range in.Steps {
		if p > 0 && s.Value >= p {
			return s.Day, true
		}
	}
	return 0, false
}
