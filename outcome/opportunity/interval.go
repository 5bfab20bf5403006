package opportunity

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// scale returns the lowest and the highest level.
func (m Method) scale() (bottom, top float64) {
	if m == Mean {
		return 1, topBox
	}
	return 0, 10
}

// estimate is the level of a share, without an interval.
func (s share) estimate(o Options) Estimate {
	e := Estimate{N: s.n}
	if s.n >= o.Minimum {
		e.Known, e.Value = true, s.level(o.Method)
	}
	return e
}

// bound gives a level by top two boxes Wilson's interval.
func (c *column) bound(e *Estimate, o Options) {
	if !e.Known {
		return
	}
	i, _ := stat.Wilson(c.total, c.n, o.Confidence)
	e.Low, e.High = float64(10*i.Low), float64(10*i.High)
}

// span is how far a level can be from that of the sample, where all answers are the same: resamples can't tell, since they
// hold no other. At most Wilson's limit for 0 of n answers otherwise, and those at the far ends of the scale. Where answers
// differ, it is the level itself.
func (c *column) span(o Options) stat.Interval {
	if c.n == 0 {
		return stat.Interval{}
	}
	v := c.level(o.Method)
	if !c.same {
		return stat.Interval{Low: v, High: v}
	}
	i, _ := stat.Wilson(0, c.n, o.Confidence)
	bottom, top := o.Method.scale()
	return stat.Interval{Low: v - float64(i.High*(v-bottom)), High: v + float64(i.High*(top-v))}
}

// span is that of a score: it rises with importance and falls with satisfaction.
func (q *question) span(o Options) stat.Interval {
	if !q.importance.same && !q.satisfaction.same {
		v := score(q.importance.share, q.satisfaction.share, o.Method)
		return stat.Interval{Low: v, High: v}
	}
	i, s := q.importance.span(o), q.satisfaction.span(o)
	return stat.Interval{Low: i.Low + max(i.Low-s.High, 0), High: i.High + max(i.High-s.Low, 0)}
}

// percentiles gives an estimate that is known the percentiles of the draws that are numbers, widened to hold span. It
// returns scratch, for the next call.
func percentiles(e *Estimate, draws []float64, span stat.Interval, confidence float64, scratch []float64) []float64 {
	if !e.Known {
		return scratch
	}
	e.Low, e.High = span.Low, span.High
	scratch = scratch[:0]
	for _, v := range draws {
		if !math.IsNaN(v) {
			scratch = append(scratch, v)
		}
	}
	if i, ok := stat.Percentiles(scratch, e.N, confidence); ok {
		e.Low, e.High = min(e.Low, i.Low), max(e.High, i.High)
	}
	return scratch
}
