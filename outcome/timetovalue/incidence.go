package timetovalue

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Case is one customer's clock. Exactly what is known: at most one of Value and Left ends it.
type Case struct {
	Account string
	Segment string // for [EstimateBy]
	Cohort  string // for [EstimateBy]

	From    time.Time // the anchor
	Watched time.Time // since when the customer was watched, for those who began earlier; zero: from the anchor
	Value   time.Time // when value was reached; zero: not
	Left    time.Time // when the customer left before value; zero: not
	Seen    time.Time // until when the customer was watched, where neither happened
	Pending bool      // at Seen an outcome was achieved that is not verified yet
}

// A Step is the shares of customers at a number of days since the anchor: they sum to 1 within rounding.
type Step struct {
	Day      float64 `json:"day"`      // since the anchor
	Value    float64 `json:"value"`    // reached value by then
	Left     float64 `json:"left"`     // left before value by then
	Waiting  float64 `json:"waiting"`  // neither
	SE       float64 `json:"se"`       // standard error of Value, by Aalen
	AtRisk   int     `json:"at_risk"`  // waiting and watched just before Day
	Arrived  int     `json:"arrived"`  // reached value on Day
	Gone     int     `json:"gone"`     // left on Day
	Censored int     `json:"censored"` // last watched on Day
}

// An Incidence is how value and leaving come over time.
type Incidence struct {
	Steps      []Step `json:"steps"`      // one for each distinct day on which a clock ended or was last watched
	N          int    `json:"n"`          // cases
	Valued     int    `json:"valued"`     // reached value
	Left       int    `json:"left"`       // left before value
	Pending    int    `json:"pending"`    // neither, so far
	Unverified int    `json:"unverified"` // of Pending, achieved and not verified yet
	Unwatched  int    `json:"unwatched"`  // of N, ended on the day on which they came under watch: they are in no share
}

// MarshalJSON returns the canonical encoding.
func (in Incidence) MarshalJSON() ([]byte, error) {
	type bare Incidence
	return canon.JSON(bare(in))
}

const (
	value = 1
	left  = 2
)

const day = 24 * time.Hour

// Estimate returns the incidence over cases; times are whole days, rounded down, and ends on one day are ties. Two cases of
// one account count as two. It returns a
// [DataError] if an account's ID is none, or its clock has no anchor or no end, ends before it begins or comes under watch,
// or ends both ways.
func Estimate(cases []Case) (Incidence, error) {
	obs, in, err := observe(cases)
	if err != nil {
		return Incidence{}, err
	}
	aj, err := survival.AalenJohansen(obs, left)
	if err != nil {
		return Incidence{}, fmt.Errorf("timetovalue: %w", err)
	}
	in.Steps = make([]Step, len(aj.Times))
	arrived, gone := aj.ByCause[value-1], aj.ByCause[left-1]
	for i, t := range aj.Times {
		in.Steps[i] = Step{
			Day: t, Value: arrived.Cumulative[i], Left: gone.Cumulative[i], Waiting: aj.Survival[i], SE: math.Sqrt(max(0, arrived.Variance[i])),
			AtRisk: aj.AtRisk[i], Arrived: arrived.Events[i], Gone: gone.Events[i], Censored: aj.Censored[i],
		}
		in.Steps[i].settle()
	}
	return in, nil
}

// settle makes a share that is everybody's the number 1: a sum of fractions may miss it by a rounding.
func (s *Step) settle() {
	switch {
	case s.Waiting > 0:
	case s.Left == 0:
		s.Value = 1
	case s.Value == 0:
		s.Left = 1
	}
}

// observe turns cases into observations in days, and counts them.
func observe(cases []Case) ([]survival.Observation, Incidence, error) {
	obs := make([]survival.Observation, 0, len(cases))
	in := Incidence{N: len(cases)}
	for i := range cases {
		c := &cases[i]
		o, err := c.observe()
		if err != nil {
			return nil, Incidence{}, &DataError{Account: c.Account, Field: "clock", Message: err.Error()}
		}
		if err := ident.Check(c.Account); err != nil {
			return nil, Incidence{}, &DataError{Account: c.Account, Message: err.Error()}
		}
		switch {
		case o.Cause == value:
			in.Valued++
		case o.Cause == left:
			in.Left++
		default:
			in.Pending++
			if c.Pending {
				in.Unverified++
			}
		}
		if o.Entry > 0 && o.Entry >= o.Time {
			in.Unwatched++
			continue
		}
		obs = append(obs, o)
	}
	return obs, in, nil
}

func (c *Case) observe() (survival.Observation, error) {
	var o survival.Observation
	end := c.Seen
	switch {
	case !c.Value.IsZero() && !c.Left.IsZero():
		return o, errors.New("reached value and left before it")
	case !c.Value.IsZero():
		end, o.Cause = c.Value, value
	case !c.Left.IsZero():
		end, o.Cause = c.Left, left
	}
	from, watched, end := instant.Of(c.From), instant.Of(c.Watched), instant.Of(end)
	if from.IsZero() || end.IsZero() || end.Before(from) || instant.Check(from) != nil || instant.Check(end) != nil {
		return o, fmt.Errorf("from %s to %s it does not run", written(from), written(end))
	}
	if end.Before(watched) {
		return o, fmt.Errorf("it ends on %s, before the watch begins on %s", written(end), written(watched))
	}
	o.Time = days(from, end)
	if watched.After(from) {
		o.Entry = days(from, watched)
	}
	return o, nil
}

// days counts whole days; a Duration reaches no further than 292 years.
func days(from, to time.Time) float64 {
	return float64((instant.Micros(to) - instant.Micros(from)) / day.Microseconds())
}

func written(t time.Time) string {
	if t.IsZero() {
		return "no time"
	}
	return t.Format(time.RFC3339)
}
