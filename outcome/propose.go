package outcome

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Propose makes a draft plan from the template. Wrong terms, such as a goal that is the base without a band, a measure
// that two outcomes claim without a share each, or outcomes that wait for each other, are an *InvalidError with places from
// the Proposal on ("/outcomes/0/weight"; "/outcomes" where the template's own are wrong); other wrong data is a *DataError.
func (m *Model) Propose(q Proposal) (Plan, error) {
	if err := q.check(); err != nil {
		return Plan{}, err
	}
	c := checker{start: q.Start}
	outcomes, places := m.merge(&c, q.Outcomes)
	place := func(i int) string {
		if places[i] < 0 {
			return "/outcomes"
		}
		return problem.Pointer("outcomes", places[i])
	}
	ids := outcomeIDs(outcomes)
	c.order(outcomes, ids, place)
	c.shares(outcomes, nil, place)
	c.promises(q.Promises, ids)
	if len(c.List) > 0 {
		return Plan{}, invalid(c.List)
	}
	p := m.draft(q, outcomes)
	if _, err := p.check(); err != nil {
		return Plan{}, err
	}
	p.Proposed = p.Terms()
	return p, nil
}

// merge returns the template's outcomes with those given in their places or after them, and the position of each in
// given, or -1.
func (m *Model) merge(c *checker, given []Outcome) (outcomes []Outcome, places []int) {
	outcomes = slices.Clone(m.def.Outcomes)
	position := make(map[string]int, len(outcomes)+len(given))
	for i := range outcomes {
		position[outcomes[i].ID] = i
		places = append(places, -1)
	}
	ids := outcomeIDs(given)
	for i, o := range given {
		n := len(c.List)
		c.id(ids, o.ID, i)
		c.outcome(&o, proposed, m.desired)
		c.in(n, "outcomes", i)
		o.State = Draft
		if at, there := position[o.ID]; there {
			outcomes[at], places[at] = o, i
			continue
		}
		position[o.ID] = len(outcomes)
		outcomes, places = append(outcomes, o), append(places, i)
	}
	return outcomes, places
}

// draft returns the plan that a proposal makes of outcomes, unchecked.
func (m *Model) draft(q Proposal, outcomes []Outcome) Plan {
	p := copyPlan(Plan{Format: Format, Account: q.Account, ID: q.ID, Template: m.def.Name, TemplateVersion: m.def.Version,
		Digest: m.digest, Start: q.Start, Renewal: q.Renewal, Outcomes: outcomes, Promises: q.Promises})
	for i := range p.Outcomes {
		begins(&p.Outcomes[i], p.Start)
	}
	return p
}

func (q *Proposal) check() error {
	data := func(field string, err error) error { return &DataError{q.Account, field, err.Error()} }
	if err := ident.Check(q.Account); err != nil {
		return data("account", err)
	}
	if err := ident.Check(q.ID); err != nil {
		return data("plan", err)
	}
	if err := instant.Given(q.Start); err != nil {
		return data("start", err)
	}
	c := checker{start: q.Start}
	if c.renewal(q.Renewal); len(c.List) > 0 {
		return &DataError{q.Account, "renewal", c.List[0].Message}
	}
	return nil
}

// begins makes an outcome a draft that is due.
func begins(o *Outcome, start time.Time) {
	if o.DueIn != 0 {
		o.Target.Due = start.Add(time.Duration(o.DueIn))
		o.DueIn = 0
	}
	o.State, o.StateAt, o.StateBy, o.StateWhy, o.Verification = Draft, time.Time{}, "", "", Verification{}
}
