package timetovalue

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

// A Quantile is the day by which a share of the customers had reached value, with its interval. What was not reached is
// nil: the share may come later, or never.
type Quantile struct {
	Share float64  `json:"share"` // of all customers, those who leave included; above 0, up to 1
	Day   *float64 `json:"day"`   // since the anchor
	Low   *float64 `json:"low"`   // the earliest day within the interval
	High  *float64 `json:"high"`  // the latest day within the interval
}

// A Share is how many had reached value within a number of days.
type Share struct {
	Days   float64 `json:"days"`    // since the anchor
	Value  float64 `json:"value"`   // 0 to 1
	Low    float64 `json:"low"`     // end of the interval
	High   float64 `json:"high"`    // end of the interval
	AtRisk int     `json:"at_risk"` // still waiting and watched after Days
}

// curve is the incidence of value in the form that answers questions.
func (in Incidence) curve() survival.Incidence {
	n := len(in.Steps)
	x := survival.Incidence{N: in.N, Times: make([]float64, n), Survival: make([]float64, n)}
	c := survival.Course{Cumulative: make([]float64, n), Variance: make([]float64, n)}
	for i, s := range in.Steps {
		x.Times[i], x.Survival[i] = s.Day, s.Waiting
		c.Cumulative[i], c.Variance[i] = s.Value, float64(s.SE*s.SE)
	}
	x.ByCause = []survival.Course{c}
	return x
}

// Quantile returns the day by which the share p of all customers, above 0 and up to 1, had reached value; false where it
// was not reached. Where the share stays exactly p for a while, it is the middle of that while, as the median of an even
// number of values is.
func (in Incidence) Quantile(p float64) (day float64, ok bool) {
	return in.curve().Quantile(value, p)
}

// QuantileInterval returns the quantile of p, the median for 0.5, with the days at which the interval of the incidence, by
// Aalen's variance on the scale of log(−log), reaches p. It is false where p or the confidence, between 0 and 1, is none.
func (in Incidence) QuantileInterval(p, confidence float64) (Quantile, bool) {
	x := in.curve()
	r, ok := x.QuantileInterval(value, p, confidence, survival.LogLog)
	if !ok {
		return Quantile{}, false
	}
	q := Quantile{Share: p}
	if day, ok := x.Quantile(value, p); ok {
		q.Day = &day
	}
	if r.LowKnown {
		q.Low = &r.Low
	}
	if r.HighKnown {
		q.High = &r.High
	}
	return q, true
}

// Within returns the share that had reached value within so many days, with its interval by Aalen's variance on the scale
// of log(−log). Where nobody had, or all, there is no variance: the interval is Wilson's for those of whom it is known. It is
// false beyond the last day on which anyone was watched, unless no one waits, and where an argument is none.
func (in Incidence) Within(days, confidence float64) (Share, bool) {
	x := in.curve()
	v, ok := x.Cumulative(value, days)
	if _, valid := stat.CriticalZ(confidence); !ok || !valid {
		return Share{}, false
	}
	s := Share{Days: days, Value: v}
	arrived, gone := 0, 0
	for _, step := range in.Steps {
		if step.Day > days {
			s.AtRisk = step.AtRisk
			break
		}
		arrived, gone = arrived+step.Arrived, gone+step.Gone
	}
	if i, ok := x.Interval(value, days, confidence, survival.LogLog); ok && i.Low < i.High {
		s.Low, s.High = i.Low, i.High
		return s, true
	}
	i, ok := stat.Wilson(arrived, arrived+gone+s.AtRisk, confidence)
	if !ok { // nobody was watched that long, or left
		i = stat.Interval{Low: 0, High: 1}
	}
	s.Low, s.High = min(i.Low, v), max(i.High, v)
	return s, true
}

// se is the standard error of the share within so many days.
func (in Incidence) se(days float64) float64 {
	se, _ := in.curve().SE(value, days)
	if math.IsNaN(se) {
		return 0
	}
	return se
}
