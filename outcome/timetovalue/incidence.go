package timetovalue

import (
	"errors"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
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
	var s Sample
	if err := s.add(cases); err != nil {
		return Incidence{}, err
	}
	return s.Estimate()
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

func (c *Case) clock() (clock, error) {
	end, cause := c.Seen, 0
	switch {
	case !c.Value.IsZero() && !c.Left.IsZero():
		return 0, errors.New("reached value and left before it")
	case !c.Value.IsZero():
		end, cause = c.Value, value
	case !c.Left.IsZero():
		end, cause = c.Left, left
	case c.Pending:
		cause = unverified
	}
	from, watched, end := instant.Of(c.From), instant.Of(c.Watched), instant.Of(end)
	if from.IsZero() || end.IsZero() || end.Before(from) || instant.Check(from) != nil || instant.Check(end) != nil {
		return 0, fmt.Errorf("from %s to %s it does not run", written(from), written(end))
	}
	if end.Before(watched) {
		return 0, fmt.Errorf("it ends on %s, before the watch begins on %s", written(end), written(watched))
	}
	entry := int64(0)
	if watched.After(from) {
		entry = days(from, watched)
	}
	return newClock(days(from, end), entry, cause), nil
}

// days counts whole days; a Duration reaches no further than 292 years.
func days(from, to time.Time) int64 {
	return (instant.Micros(to) - instant.Micros(from)) / day.Microseconds()
}

func written(t time.Time) string {
	if t.IsZero() {
		return "no time"
	}
	return t.Format(time.RFC3339)
}
