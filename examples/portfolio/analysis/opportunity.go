package analysis

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// recent is how long a rating counts.
const recent = 2 * 365 * day

// rate gathers the ratings of those still here. Respondents are numbered: who they are is nobody's business here.
func (c *collector) rate(e *evaluated) {
	if !c.here(e) {
		return
	}
	var people, numbers []string
	for _, r := range e.account.Ratings {
		if r.At.After(c.book.AsOf) {
			continue
		}
		i := slices.Index(people, r.Respondent)
		if i < 0 {
			c.people++
			i, people, numbers = len(people), append(people, r.Respondent), append(numbers, strconv.Itoa(c.people))
		}
		c.ratings = append(c.ratings, opportunity.Rating{Segment: e.verdict.Segment, Respondent: numbers[i], Outcome: r.Outcome,
			Importance: r.Importance, Satisfaction: r.Satisfaction, At: r.At})
	}
}

// opportunities evaluates the ratings by segment, and then of all together.
func (c *collector) opportunities() (*Opportunity, error) {
	if len(c.ratings) == 0 {
		return nil, nil
	}
	options := opportunity.Options{Window: recent, Seed: 1}
	segments, err := opportunity.Evaluate(c.ratings, c.book.AsOf, options)
	if err != nil {
		return nil, err
	}
	for i := range c.ratings {
		c.ratings[i].Segment = ""
	}
	whole, err := opportunity.Evaluate(c.ratings, c.book.AsOf, options)
	if err != nil || len(whole) == 0 {
		return nil, err
	}
	o := &Opportunity{Whole: whole[0]}
	for _, name := range c.defs.Segment.Segments() {
		if i := slices.IndexFunc(segments, func(l opportunity.Landscape) bool { return l.Segment == name }); i >= 0 {
			o.Segments = append(o.Segments, segments[i])
		}
	}
	texts := make(map[string]string)
	for _, job := range c.defs.Outcome.Template().Jobs {
		for _, d := range job.Outcomes {
			texts[d.Name] = d.String()
		}
	}
	for _, n := range o.Whole.Needs {
		o.Texts = append(o.Texts, texts[n.Outcome])
	}
	o.Groups, err = c.groups(o.Whole.Needs)
	return o, err
}

// most is the need with the greatest opportunity; ok is false where no score is known.
func (o *Opportunity) most() (opportunity.Need, bool) {
	if o == nil || len(o.Whole.Needs) == 0 || !o.Whole.Needs[0].Score.Known {
		return opportunity.Need{}, false
	}
	return o.Whole.Needs[0], true
}

func scoreOf(e opportunity.Estimate) string {
	return fmt.Sprintf("%.1f (%.1f to %.1f)", e.Value, e.Low, e.High)
}
