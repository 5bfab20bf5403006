package opportunity

import (
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// An Alternative is what customers would switch to.
type Alternative struct {
	Service string  // as ratings name it; "" where Options names another one
	Cost    float64 // what switching costs the customer in effort, risk and habit: points of satisfaction, 0 or more
}

// Weigh compares what the service of the options and an alternative are worth to each segment, net of what switching
// costs: the mean satisfaction with each, needs weighted by importance. The respondents may be the same or others. It
// returns an error as [Evaluate] does, and if the alternative is the service itself or its cost is negative or not finite.
func Weigh(ratings []Rating, alternative Alternative, asOf time.Time, o Options) ([]Switch, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	if err := alternative.check(o.Service); err != nil {
		return nil, err
	}
	if err := instant.Given(asOf); err != nil {
		return nil, &DataError{Field: "as of", Message: err.Error()}
	}
	cuts := []cut{newCut(o.Service, asOf, o.Window), newCut(alternative.Service, asOf, o.Window)}
	segments, err := read(ratings, cuts, o)
	if err != nil {
		return nil, err
	}
	out := make([]Switch, 0, len(segments))
	for _, s := range segments {
		asked, sh, err := s.ask(cuts, o)
		if err != nil {
			return nil, err
		}
		w := Switch{
			Segment: s.name, Service: o.Service, Alternative: alternative.Service, AsOf: instant.Of(asOf), Method: o.Method,
			Confidence: o.Confidence, Cost: alternative.Cost, Parts: []Part{}, Missing: []string{},
		}
		w.weigh(s, asked[0], asked[1], sh, o)
		out = append(out, w)
	}
	return out, nil
}

func (a Alternative) check(service string) error {
	wrong := func(field, message string) error { return &DataError{Field: field, Message: message} }
	if a.Service == service {
		return wrong("alternative", "is the service itself")
	}
	if a.Service != "" {
		if err := ident.Check(a.Service); err != nil {
			return wrong("alternative", err.Error())
		}
	}
	if !(a.Cost >= 0 && a.Cost <= math.MaxFloat64) {
		return wrong("cost", "is negative or not finite")
	}
	return nil
}

// weigh fills in the parts, their sums and the intervals.
func (w *Switch) weigh(s *segment, ours, theirs []question, sh *sheet, o Options) {
	var held []int // of the needs, those with a part
	var importance []float64
	n := math.MaxInt
	for i := range ours {
		p, q := &ours[i], &theirs[i].satisfaction
		if min(p.importance.n, p.satisfaction.n, q.n) < o.Minimum {
			w.Missing = append(w.Missing, s.outcomes[i])
			continue
		}
		held = append(held, i)
		importance = append(importance, p.importance.level(o.Method))
		n = min(n, p.importance.n, p.satisfaction.n, q.n)
		w.Parts = append(w.Parts, Part{Outcome: s.outcomes[i], Ours: p.satisfaction.level(o.Method), Theirs: q.level(o.Method)})
	}
	w.Pull = Open
	whole, _ := stat.Sum(importance)
	if len(held) == 0 || whole == 0 { // nothing matters to anyone
		return
	}
	w.sum(importance, whole, n)
	draws := matrix[float64](3, o.Resamples) // ours, theirs, the gap
	for b := range o.Resamples {
		sh.resample()
		draws[0][b], draws[1][b] = sh.worth(ours, ours, held, o.Method), sh.worth(ours, theirs, held, o.Method)
		draws[2][b] = draws[1][b] - draws[0][b]
	}
	mine, other := w.span(ours, held, o), w.span(theirs, held, o)
	scratch := percentiles(&w.Ours, draws[0], mine, o.Confidence, nil)
	scratch = percentiles(&w.Theirs, draws[1], other, o.Confidence, scratch)
	percentiles(&w.Gap, draws[2], stat.Interval{Low: other.Low - mine.High, High: other.High - mine.Low}, o.Confidence, scratch)
	w.Net.Low, w.Net.High = w.Gap.Low-w.Cost, w.Gap.High-w.Cost
	switch {
	case w.Net.Low > 0:
		w.Pull = Switches
	case w.Net.High < 0:
		w.Pull = Stays
	}
}

// sum computes the weights and what follows from them.
func (w *Switch) sum(importance []float64, whole float64, n int) {
	mine, other, points := make([]float64, len(w.Parts)), make([]float64, len(w.Parts)), make([]float64, len(w.Parts))
	for k := range w.Parts {
		p := &w.Parts[k]
		p.Weight = importance[k] / whole
		p.Points = float64(p.Weight * (p.Theirs - p.Ours))
		mine[k], other[k], points[k] = float64(p.Weight*p.Ours), float64(p.Weight*p.Theirs), p.Points
	}
	known := func(x []float64) Estimate {
		sum, _ := stat.Sum(x)
		return Estimate{Known: true, Value: sum, N: n}
	}
	w.Ours, w.Theirs, w.Gap = known(mine), known(other), known(points)
	w.Net = Estimate{Known: true, Value: w.Gap.Value - w.Cost, N: n}
}

// span is how far the worth of a service can be from that of the sample because all answers to a question are the same.
func (w *Switch) span(questions []question, held []int, o Options) stat.Interval {
	var i stat.Interval
	for k, at := range held {
		x := questions[at].satisfaction.span(o)
		i.Low += float64(w.Parts[k].Weight * x.Low)
		i.High += float64(w.Parts[k].Weight * x.High)
	}
	return i
}

// worth is the mean satisfaction with a service in the resample, weighted by importance, over those needs that have both.
func (s *sheet) worth(importance, satisfaction []question, held []int, m Method) float64 {
	weights, sum := 0.0, 0.0
	for _, i := range held {
		p, q := s.share(&importance[i].importance), s.share(&satisfaction[i].satisfaction)
		if p.n > 0 && q.n > 0 {
			v := p.level(m)
			weights += v
			sum += float64(v * q.level(m))
		}
	}
	return sum / weights // not a number without a weight
}
