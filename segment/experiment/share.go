package experiment

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// An Interval is a closed range of values.
type Interval struct {
	Low  float64 `json:"low"`  // at most High
	High float64 `json:"high"` // in the unit of Low
}

// A Count is how many of an arm's units had the event, such as a renewal.
type Count struct {
	Events int `json:"events"` // 0 to N
	N      int `json:"n"`      // units, at least 1
}

// A ShareDifference is the share of the treated less that of the control.
type ShareDifference struct {
	Value    float64  `json:"value"`    // -1 to 1
	SE       float64  `json:"se"`       // standard error, each arm with its own share
	Z        float64  `json:"z"`        // normal score of no difference, under one share for both; 0 where all are alike
	P        float64  `json:"p"`        // two-sided, of Z: good from about five events and five others in each arm
	Exact    float64  `json:"exact"`    // two-sided, by Fisher's test: good for any size
	Interval Interval `json:"interval"` // Newcombe's, from Wilson's of the two shares
}

// CompareShares compares two shares. Confidence 0 stands for 0.95. Time grows with the number of events.
//
// CompareShares returns a *DataError if an arm has no unit, fewer than no events, more events than units or more than
// 1e9 units, or the confidence is not between 0.5 and 0.999999.
func CompareShares(control, treated Count, confidence float64) (ShareDifference, error) {
	alpha, err := missing(confidence, 1)
	if err != nil {
		return ShareDifference{}, err
	}
	if err := control.check("control"); err != nil {
		return ShareDifference{}, err
	}
	if err := treated.check("treated"); err != nil {
		return ShareDifference{}, err
	}
	n1, n2, p1, p2 := float64(control.N), float64(treated.N), control.share(), treated.share()
	pooled := float64(control.Events+treated.Events) / (n1 + n2)
	d := ShareDifference{Value: p2 - p1, P: 1, Exact: fisher(control, treated)}
	d.SE = math.Sqrt(p1*(1-p1)/n1 + p2*(1-p2)/n2)
	if se := math.Sqrt(pooled * (1 - pooled) * (1/n1 + 1/n2)); se > 0 {
		d.Z = d.Value / se
		d.P = 2 * stat.NormalCDF(-math.Abs(d.Z))
	}
	d.Interval = newcombe(control, treated, alpha)
	return d, nil
}

func (c Count) check(field string) error {
	if c.N < 1 || c.N > 1e9 || c.Events < 0 || c.Events > c.N {
		return wrong(field, "%d events of %d units", c.Events, c.N)
	}
	return nil
}

func (c Count) share() float64 { return float64(c.Events) / float64(c.N) }

// newcombe joins the intervals of two shares by the squares of the distances to their ends.
func newcombe(control, treated Count, alpha float64) Interval {
	z, _ := normal(alpha) // alpha was checked
	c, t := control.wilson(z), treated.wilson(z)
	p1, p2 := control.share(), treated.share()
	join := func(a, b float64) float64 { return math.Sqrt(float64(a*a) + float64(b*b)) }
	return Interval{
		Low:  p2 - p1 - join(p2-t.Low, c.High-p1),
		High: p2 - p1 + join(t.High-p2, p1-c.Low),
	}
}

// wilson is the score interval of a share. That of the shared code takes a confidence, and so a quantile that platforms
// differ in.
func (c Count) wilson(z float64) Interval {
	n, p, zz := float64(c.N), c.share(), float64(z*z)
	middle := (float64(c.Events) + zz/2) / (n + zz)
	half := float64(z / (n + zz) * math.Sqrt(float64(n*p*(1-p))+zz/4))
	i := Interval{Low: middle - half, High: middle + half}
	if c.Events == 0 {
		i.Low = 0
	}
	if c.Events == c.N {
		i.High = 1
	}
	return i
}

// fisher returns the chance, given the margins, of a table that is at most as likely as the one seen. Chances are kept in
// relation to the likeliest table, from which they fall to either side.
func fisher(control, treated Count) float64 {
	n1, n2, events := float64(control.N), float64(treated.N), float64(control.Events+treated.Events)
	ratio := func(k float64) float64 { // of the chance of k+1 treated events to that of k
		return (n2 - k) * (events - k) / ((k + 1) * (n1 - events + k + 1))
	}
	low, high := max(0, events-n1), min(n2, events)
	mode := max(low, min(high, math.Floor((n2+1)*(events+1)/(n1+n2+2))))
	seen, at := 1.0, float64(treated.Events)
	for k := mode; k < at; k++ {
		seen *= ratio(k)
	}
	for k := mode; k > at; k-- {
		seen /= ratio(k - 1)
	}
	bound := seen * (1 + 1e-7) // tables as likely as the one seen count, whatever the rounding
	all, tail := 0.0, 0.0
	add := func(c float64) {
		all += c
		if c <= bound {
			tail += c
		}
	}
	add(1)
	c := 1.0
	for k := mode; k < high && c > 0; k++ {
		c *= ratio(k)
		add(c)
	}
	c = 1
	for k := mode; k > low && c > 0; k-- {
		c /= ratio(k - 1)
		add(c)
	}
	return min(1, tail/all)
}
