package survey

import "math"

// minShared is how many accounts two samples must share before their correlation may narrow an interval: that of a few
// is near 1 or -1 by chance.
const minShared = 10

// estimate returns what is known from the votes.
func (t *tally) estimate() Estimate {
	def := t.model.def
	e := Estimate{
		Instrument: def.Name, Digest: t.model.digest, Method: def.Method,
		From: t.sample.From, To: t.sample.To, Group: t.sample.Group,
		Weighting: t.sample.Weighting, Confidence: t.sample.Confidence,
		Accounts: len(t.units), N: t.n, Top: t.top, Bottom: t.bottom, LeftOut: t.leftOut,
	}
	if t.n > 0 {
		value := t.value
		e.Value = &value
	}
	if p, ok := t.precision(); ok {
		se := math.Sqrt(p.se2)
		e.SE, e.Effective = &se, &p.effective
		e.Interval, _ = t.interval(p)
		e.Plain = t.plain(p)
	}
	return e
}

// compare takes correlation off as far as it is known. One that rests on few accounts may only widen the interval.
func compare(before, after *tally) Difference {
	d := Difference{Before: before.estimate(), After: after.estimate(), Verdict: Insufficient}
	cov, shared := covariance(before, after)
	d.Shared = shared
	if d.Before.Value == nil || d.After.Value == nil {
		return d
	}
	change := after.value - before.value
	d.Change = &change
	p1, ok1 := before.precision()
	p2, ok2 := after.precision()
	if !ok1 || !ok2 {
		return d
	}
	if cov > 0 && shared < minShared {
		cov = 0
	}
	r := 0.0
	if product := math.Sqrt(p1.se2) * math.Sqrt(p2.se2); product > 0 {
		r = max(-1, min(1, cov/product))
	}
	se := math.Sqrt(max(0, p1.se2+p2.se2-float64(2*r*math.Sqrt(p1.se2)*math.Sqrt(p2.se2))))
	d.SE = &se
	if b, a := d.Before.Plain, d.After.Plain; b != nil && a != nil {
		d.Plain = b.to(*a, before.value, after.value, r)
	}
	b, from := before.interval(p1)
	a, to := after.interval(p2)
	if b == nil || a == nil {
		return d
	}
	d.Interval = b.to(*a, from, to, r)
	d.Verdict = after.model.def.verdict(*d.Interval)
	return d
}

// to returns the interval of the step between two estimates with their intervals: distances from estimate to end are
// squared and added as standard errors are, r being the correlation.
func (i Interval) to(after Interval, from, to, r float64) *Interval {
	join := func(x, y float64) float64 {
		return math.Sqrt(max(0, float64(x*x)+float64(y*y)-float64(2*r*x*y)))
	}
	method := after.Method
	if method == Wilson {
		method = Newcombe
	}
	step := to - from
	return &Interval{method, step - join(to-after.Low, i.High-from), step + join(after.High-to, from-i.Low)}
}

// verdict reads the interval of a change.
func (i Instrument) verdict(change Interval) Verdict {
	switch {
	case change.Low > 0 && i.Better == Higher, change.High < 0 && i.Better == Lower:
		return Better
	case change.Low > 0 || change.High < 0:
		return Worse
	}
	return Noise
}

// covariance returns that of the values of two samples, by the accounts that are in both, and their number.
func covariance(before, after *tally) (sum float64, shared int) {
	i := 0
	for _, u := range after.units {
		for i < len(before.units) && before.units[i].account < u.account {
			i++
		}
		if i < len(before.units) && before.units[i].account == u.account {
			shared++
			sum += float64(before.units[i].off / before.weight * (u.off / after.weight))
		}
	}
	return sum, shared
}
