package opportunity

import (
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// Track compares the scores of each segment as known at two instants. Without a window, an answer of long ago stands at
// both, and only what was said in between moves a score. It returns an error as [Evaluate] does, and if from is not before
// to.
func Track(ratings []Rating, from, to time.Time, o Options) ([]Trend, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	if err := instant.Given(from); err != nil {
		return nil, &DataError{Field: "from", Message: err.Error()}
	}
	if err := instant.Given(to); err != nil {
		return nil, &DataError{Field: "to", Message: err.Error()}
	}
	if !instant.Of(from).Before(instant.Of(to)) {
		return nil, &DataError{Field: "to", Message: "is not after from"}
	}
	cuts := []cut{newCut(o.Service, from, o.Window), newCut(o.Service, to, o.Window)}
	segments, err := read(ratings, cuts, o)
	if err != nil {
		return nil, err
	}
	out := make([]Trend, 0, len(segments))
	for _, s := range segments {
		asked, sh, err := s.ask(cuts, o)
		if err != nil {
			return nil, err
		}
		out = append(out, Trend{
			Segment: s.name, Service: o.Service, From: instant.Of(from), To: instant.Of(to), Method: o.Method, Confidence: o.Confidence,
			Changes: changes(s, asked[0], asked[1], sh, o),
		})
	}
	return out, nil
}

// changes compares what was said of each need before and after.
func changes(s *segment, before, after []question, sh *sheet, o Options) []Change {
	list := make([]Change, len(before))
	draws := matrix[float64](3*len(list), o.Resamples) // of before, after and the shift, by turns
	for b := range o.Resamples {
		sh.resample()
		for i := range list {
			first, second := sh.score(&before[i], o.Method), sh.score(&after[i], o.Method)
			draws[3*i][b], draws[3*i+1][b], draws[3*i+2][b] = first, second, second-first
		}
	}
	var scratch []float64
	for i := range list {
		c, p, q := &list[i], &before[i], &after[i]
		c.Outcome, c.Latent = s.outcomes[i], s.latent(i)
		c.Before = p.need(c.Outcome, c.Latent, o).Score
		c.After = q.need(c.Outcome, c.Latent, o).Score
		c.Shift = Estimate{Known: c.Before.Known && c.After.Known, N: min(c.Before.N, c.After.N)}
		if c.Shift.Known {
			c.Shift.Value = c.After.Value - c.Before.Value
		}
		old, now := p.span(o), q.span(o)
		scratch = percentiles(&c.Before, draws[3*i], old, o.Confidence, scratch)
		scratch = percentiles(&c.After, draws[3*i+1], now, o.Confidence, scratch)
		scratch = percentiles(&c.Shift, draws[3*i+2], stat.Interval{Low: now.Low - old.High, High: now.High - old.Low}, o.Confidence, scratch)
		c.Turn = c.turn(p, q)
	}
	return list
}

func (c *Change) turn(before, after *question) Turn {
	switch {
	case !c.Shift.Known && c.After.Known && before.silent():
		return Emerged
	case !c.Shift.Known && c.Before.Known && after.silent():
		return Faded
	case !c.Shift.Known:
		return Uncertain
	case c.Shift.Low > 0:
		return Rose
	case c.Shift.High < 0:
		return Fell
	}
	return Unclear
}

// silent reports that nobody answered.
func (q *question) silent() bool { return q.importance.n == 0 && q.satisfaction.n == 0 }

// score is that of a question in the resample, not a number where it has none.
func (s *sheet) score(q *question, m Method) float64 {
	i, x := s.share(&q.importance), s.share(&q.satisfaction)
	if i.n == 0 || x.n == 0 {
		return math.NaN()
	}
	return score(i, x, m)
}
