package opportunity

import (
	"cmp"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Evaluate returns the landscape of each segment as known at asOf, inclusive, in the order of the segments' names. The
// order of ratings does not matter, and the same rating twice is one. It returns a [DataError] if:
//   - an option is out of its range,
//   - a rating has an ID that is empty where one must be, over 256 bytes, or not printable UTF-8, an answer outside
//     1 to 5, or no time; ratings after asOf are checked too,
//   - a respondent gives two different answers to one question at one instant, and none after that,
//   - the respondents of a segment times its outcomes are over 2²⁷, or its outcomes times the resamples over 2²⁴.
func Evaluate(ratings []Rating, asOf time.Time, o Options) ([]Landscape, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	if err := instant.Given(asOf); err != nil {
		return nil, &DataError{Field: "as of", Message: err.Error()}
	}
	cuts := []cut{newCut(o.Service, asOf, o.Window)}
	segments, err := read(ratings, cuts, o)
	if err != nil {
		return nil, err
	}
	out := make([]Landscape, 0, len(segments))
	for _, s := range segments {
		asked, sh, err := s.ask(cuts, o)
		if err != nil {
			return nil, err
		}
		l := Landscape{
			Segment: s.name, Service: o.Service, AsOf: instant.Of(asOf), Method: o.Method, Confidence: o.Confidence,
			Respondents: len(s.ids),
		}
		l.Needs = needs(s, asked[0], sh, o)
		out = append(out, l)
	}
	return out, nil
}

// needs are those of a segment by rank.
func needs(s *segment, questions []question, sh *sheet, o Options) []Need {
	list := make([]Need, len(questions))
	order := make([]int, len(questions)) // of the list
	for i := range questions {
		list[i] = questions[i].need(s.outcomes[i], s.latent(i), o)
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &list[i], &list[j]
		return cmp.Or(cmp.Compare(a.unscored(), b.unscored()), cmp.Compare(b.Score.Value, a.Score.Value), cmp.Compare(a.Outcome, b.Outcome))
	})
	ranked := make([]Need, len(order))
	by := make([]question, len(order))
	for place, i := range order {
		n := &ranked[place]
		*n, by[place] = list[i], questions[i]
		switch {
		case !n.Score.Known:
		case place > 0 && ranked[place-1].Score.Value == n.Score.Value:
			n.Rank = ranked[place-1].Rank
		default:
			n.Rank = place + 1
		}
	}
	settle(ranked, by, sh, o)
	return ranked
}

func (n *Need) unscored() int {
	if n.Score.Known {
		return 0
	}
	return 1
}

// need is the point estimate.
func (q *question) need(outcome string, latent bool, o Options) Need {
	i, s := q.importance.share, q.satisfaction.share
	n := Need{
		Outcome: outcome, Latent: latent, Band: Unknown,
		Importance: i.estimate(o), Satisfaction: s.estimate(o), Score: Estimate{N: min(i.n, s.n)},
	}
	if n.Importance.Known && n.Satisfaction.Known {
		n.Score.Known, n.Score.Value, n.Gap = true, score(i, s, o.Method), gap(i, s, o.Method)
		n.Band = band(n.Score.Value, n.Gap, o.Method)
		n.Grade = grade(n.Score.Value, n.Band)
	}
	return n
}

// The edges of a score by top two boxes, as Ulwick has them: 10 is under-served, 15 not yet extreme.
const (
	underservedFrom = 10
	strongFrom      = 12
	strongTo        = 15
)

func band(score, gap float64, m Method) Band {
	switch {
	case gap < 0:
		return Overserved
	case m != TopTwoBox:
		return Unknown
	case score >= underservedFrom:
		return Underserved
	}
	return Served
}

func grade(score float64, b Band) Grade {
	switch {
	case b != Underserved:
		return ""
	case score > strongTo:
		return Extreme
	case score >= strongFrom:
		return Strong
	}
	return Solid
}
