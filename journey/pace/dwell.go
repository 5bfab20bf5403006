package pace

// A Dwell is how long a phase takes, whichever way it ends.
type Dwell struct {
	N       int      `json:"n"`       // stays
	Ended   int      `json:"ended"`   // of N; the others are censored
	Unknown int      `json:"unknown"` // of N, without a clock
	Start   *float64 `json:"start"`   // day that the estimate starts on; nil: never enough were at risk
	Median  *float64 `json:"median"`  // days; nil: not reached
	Low     *float64 `json:"low"`     // lower end of its interval, days; nil: not known
	High    *float64 `json:"high"`    // upper end, days; nil: beyond what was watched
}

// Estimate returns the dwell over stays with the default options. It returns a [DataError] as [Sample.Add] does.
func Estimate(stays []Stay) (Dwell, error) {
	var s Sample
	if err := s.Add(stays...); err != nil {
		return Dwell{}, err
	}
	c, err := s.Estimate(Options{})
	if err != nil {
		return Dwell{}, err
	}
	return c.Dwell(), nil
}

// Dwell returns the summary of a curve.
func (c *Curve) Dwell() Dwell {
	d := Dwell{N: c.n, Ended: c.ended, Unknown: c.unknown}
	if c.starts {
		d.Start = &c.start
	}
	q, _ := c.AnyQuantile(0.5)
	if d.Median = q.Day; d.Median != nil {
		d.Low, d.High = q.Low, q.High
	}
	return d
}
