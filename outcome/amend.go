package outcome

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// Amend changes the terms, logs the change of scope and asks again for the signatures of those it concerns: of the roles
// that own the outcome, before or after, on each side; of all of a side if the owner is no role and has never signed.
// The outcome goes back to draft without its verification, the others keep their state.
// An amendment that leaves the terms as they are, such as of milestones, asks nobody.
//
// Wrong terms are an *InvalidError with places from the Amendment on ("/outcome/weight"), and so are outcomes that come to
// wait for each other, or to claim one measure without a share each. An amendment is refused by in_order if it is older
// than the outcome's state or the amendment before it, and can't drop an outcome that has ended. The same amendment again
// changes nothing, of an outcome that it dropped too.
func (m *Model) Amend(p Plan, a Amendment) (Plan, error) {
	p, at, err := begin(p, a.At)
	if err != nil {
		return Plan{}, err
	}
	if err := p.signed(a.By, required(a.Reason)); err != nil {
		return Plan{}, err
	}
	var before, after *Outcome
	i := p.find(a.Outcome.ID)
	if i >= 0 {
		old := p.Outcomes[i]
		before = &old
	}
	if a.Drop {
		if i < 0 && p.dropped(a, at) {
			return p, nil
		}
		if i, err = p.position(a.Outcome.ID); err != nil {
			return Plan{}, err
		}
	} else if after, err = m.amended(&p, a.Outcome); err != nil {
		return Plan{}, err
	}
	old, already := p.Terms(), doubled(p.Outcomes)
	if err := m.rescope(&p, i, before, after, at); err != nil {
		return Plan{}, err
	}
	if err := fits(&p, already); err != nil {
		return Plan{}, err
	}
	terms := p.Terms()
	if terms == old {
		return p, nil
	}
	if err := p.afterScope(at); err != nil {
		return Plan{}, err
	}
	p.Scope = append(p.Scope, ScopeChange{Outcome: a.Outcome.ID, By: a.By, Reason: a.Reason, At: at,
		Before: before.target(), After: after.target(), Asks: m.concerned(&p, before, after), Terms: terms})
	if err := m.agree(&p, terms); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// dropped reports whether the last change of an outcome that is gone is this amendment.
func (p *Plan) dropped(a Amendment, at time.Time) bool {
	for _, change := range slices.Backward(p.Scope) {
		if change.Outcome == a.Outcome.ID {
			return change.By == a.By && change.Reason == a.Reason && change.At.Equal(at)
		}
	}
	return false
}

// amended returns the outcome of an amendment as a plan holds it.
func (m *Model) amended(p *Plan, o Outcome) (*Outcome, error) {
	c := checker{start: p.Start}
	c.Err("", "/id", ident.Check(o.ID))
	if c.outcome(&o, proposed, m.desired); len(c.List) == 0 {
		o = copyOutcome(o)
		begins(&o, p.Start)
		c.outcome(&o, stored, nil) // due_in can lead beyond what can be written
	}
	if len(c.List) > 0 {
		c.under(0, "/outcome")
		return nil, invalid(c.List)
	}
	return &o, nil
}

// fits refuses an amendment that leads in a circle or counts the change of a measure twice, unless it was so already.
func fits(p *Plan, already []string) error {
	c := checker{start: p.Start}
	place := func(int) string { return "/outcome" }
	c.order(p.Outcomes, outcomeIDs(p.Outcomes), place)
	if c.shares(p.Outcomes, already, place); len(c.List) > 0 {
		return invalid(c.List)
	}
	return nil
}

// rescope puts an outcome into the plan, or takes it out, in its new state.
func (m *Model) rescope(p *Plan, i int, before, after *Outcome, at time.Time) error {
	switch {
	case after == nil:
		if err := m.move(p, i, drop, at); err != nil {
			return err
		}
		p.Outcomes = slices.Delete(p.Outcomes, i, i+1)
		for k := range p.Promises {
			q := &p.Promises[k]
			q.Answers = slices.DeleteFunc(q.Answers, func(id string) bool { return id == before.ID })
		}
		for k := range p.Outcomes {
			o := &p.Outcomes[k]
			o.After = slices.DeleteFunc(o.After, func(id string) bool { return id == before.ID })
		}
	case before == nil:
		after.StateAt = at
		p.Outcomes = append(p.Outcomes, *after)
	default:
		terms := p.Terms()
		o := &p.Outcomes[i]
		*o = *after
		o.State, o.StateAt, o.StateBy, o.StateWhy = before.State, before.StateAt, before.StateBy, before.StateWhy
		o.Verification = before.Verification
		if p.Terms() == terms {
			return nil
		}
		o.Verification = Verification{}
		return m.move(p, i, amend, at)
	}
	return nil
}

func (o *Outcome) target() *Target {
	if o == nil {
		return nil
	}
	return copyTarget(o.Target)
}
