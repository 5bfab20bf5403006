package backtest

// An Operating point is what an alert at or below a value would have done.
type Operating struct {
	At         float64 `json:"at"`          // alert where the value is at or below it
	Alerts     int     `json:"alerts"`      // decisions
	Catch      float64 `json:"catch"`       // share of the lost that are alerted: recall, the height of the ROC curve
	FalseAlarm float64 `json:"false_alarm"` // share of the kept that are alerted: the width of the ROC curve
	Precision  float64 `json:"precision"`   // share of the alerted that are lost
}

// Operate returns an operating point for each distinct value, lowest first: the ROC and the precision–recall curve.
// NaN values are left out. There are none unless some are lost and some are kept.
func Operate(points []Point) []Operating {
	r := columnOf(points).rank()
	var out []Operating
	r.each(func(value float64, lost, kept int) {
		out = append(out, r.operating(value, float64(lost), float64(kept)))
	})
	return out
}

// each calls f with each distinct value and how many lost and kept are at or below it, if there are both.
func (r *ranking) each(f func(value float64, lost, kept int)) {
	if r.lost == 0 || r.kept == 0 {
		return
	}
	lost, kept := 0, 0
	for i := 0; i < len(r.points); {
		end, l, k := r.run(i)
		lost, kept = lost+l, kept+k
		f(r.points[i].value, lost, kept)
		i = end
	}
}

func (r *ranking) operating(at, lost, kept float64) Operating {
	o := Operating{At: at, Alerts: int(lost + kept), Catch: lost / float64(r.lost), FalseAlarm: kept / float64(r.kept)}
	if lost+kept > 0 {
		o.Precision = lost / (lost + kept)
	}
	return o
}

// precision is the average precision: that at each distinct value, weighted by what it adds to the catch. It is not the
// area under the curve by trapezoids, which is too favourable.
func (r *ranking) precision() float64 {
	sum, before := 0.0, 0
	r.each(func(_ float64, lost, kept int) {
		sum += float64(float64(lost-before) / float64(r.lost) * (float64(lost) / float64(lost+kept)))
		before = lost
	})
	return sum
}

// lostAmong returns how many of the first n, the riskiest, are lost. A run of ties at the edge gives its share.
func (r *ranking) lostAmong(n float64) float64 {
	done, lost := 0.0, 0.0
	for i := 0; i < len(r.points) && done < n; {
		end, l, _ := r.run(i)
		size := float64(end - i)
		take := min(size, n-done)
		lost += float64(float64(l) * (take / size))
		done += size
		i = end
	}
	return lost
}

// A Tier is one of several equal parts of the decisions, the riskiest first.
type Tier struct {
	N     int     `json:"n"`     // decisions
	Lost  float64 `json:"lost"`  // of N; a run of ties over an edge is shared out, so that it may be no whole number
	Rate  float64 `json:"rate"`  // Lost / N
	Lift  float64 `json:"lift"`  // Rate over that of all
	Catch float64 `json:"catch"` // share of all that were lost, in this part and those before
	Low   float64 `json:"low"`   // lowest value
	High  float64 `json:"high"`  // highest value
}

// Lift cuts the points, by rising value, into parts that differ in size by one at most, the larger first; 10 parts are
// deciles. NaN values are left out. It returns nil unless some are lost, some are kept, and 1 <= parts <= their number.
func Lift(points []Point, parts int) []Tier {
	r := columnOf(points).rank()
	n := len(r.points)
	if r.lost == 0 || r.kept == 0 || parts < 1 || parts > n {
		return nil
	}
	tiers := make([]Tier, parts)
	at, caught := 0, 0.0
	for i := range tiers {
		size := n / parts
		if i < n%parts {
			size++
		}
		t := Tier{N: size, Low: r.points[at].value, High: r.points[at+size-1].value}
		at += size
		total := r.lostAmong(float64(at))
		t.Lost, caught = total-caught, total
		t.Rate = t.Lost / float64(size)
		t.Lift = t.Rate / (float64(r.lost) / float64(n))
		t.Catch = total / float64(r.lost)
		tiers[i] = t
	}
	return tiers
}

// topLift is the lift of the riskiest tenth.
func (r *ranking) topLift() float64 {
	n := len(r.points)
	if r.lost == 0 || r.kept == 0 {
		return 0
	}
	tenth := float64((n + 9) / 10)
	return r.lostAmong(tenth) / tenth / (float64(r.lost) / float64(n))
}
