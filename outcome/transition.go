package outcome

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
)

// Propose makes a draft plan from the template. Wrong terms, such as a goal that is the base without a band, are an
// *InvalidError with places from the Proposal on ("/outcomes/0/weight"); other wrong data is a *DataError.
func (m *Model) Propose(q Proposal) (Plan, error) {
	if err := q.check(); err != nil {
		return Plan{}, err
	}
	outcomes := slices.Clone(m.def.Outcomes)
	position := make(vocabulary, len(outcomes)+len(q.Outcomes))
	for i := range outcomes {
		position[outcomes[i].ID] = i
	}
	c := checker{start: q.Start}
	given := make(vocabulary, len(q.Outcomes))
	for i := range q.Outcomes {
		o := q.Outcomes[i]
		c.list, c.index = "outcomes", i
		c.twin("/id", given, o.ID, i)
		c.outcome(&o, proposed, m.desired)
		if at, there := position[o.ID]; there {
			outcomes[at] = o
			continue
		}
		position[o.ID] = len(outcomes)
		outcomes = append(outcomes, o)
	}
	c.promises(q.Promises, position)
	if len(c.problems) > 0 {
		return Plan{}, invalid(c.problems)
	}
	p := Plan{Format: Format, Account: q.Account, ID: q.ID, Template: m.def.Name, TemplateVersion: m.def.Version,
		Digest: m.digest, Start: q.Start, Renewal: q.Renewal, Outcomes: outcomes, Promises: q.Promises}
	p = copyPlan(p)
	for i := range p.Outcomes {
		begins(&p.Outcomes[i], p.Start)
	}
	if _, err := p.check(); err != nil {
		return Plan{}, err
	}
	p.Proposed = p.Terms()
	return p, nil
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
	if c.renewal(q.Renewal); len(c.problems) > 0 {
		return &DataError{q.Account, "renewal", c.problems[0].Message}
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

// Activate begins work on an agreed or paused outcome.
func (m *Model) Activate(p Plan, outcome string, at time.Time) (Plan, error) {
	return m.step(p, outcome, activate, at)
}

// Pause stops work on an outcome in progress.
func (m *Model) Pause(p Plan, outcome string, at time.Time) (Plan, error) {
	return m.step(p, outcome, pause, at)
}

func (m *Model) step(p Plan, outcome string, a action, at time.Time) (Plan, error) {
	p, at, err := begin(p, at)
	if err != nil {
		return Plan{}, err
	}
	i, err := p.position(outcome)
	if err != nil {
		return Plan{}, err
	}
	if err := m.move(&p, i, a, at); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// Close ends an outcome as achieved, missed or abandoned, and keeps who did and why.
func (m *Model) Close(p Plan, c Closing) (Plan, error) {
	p, at, err := begin(p, c.At)
	if err != nil {
		return Plan{}, err
	}
	i, err := p.position(c.Outcome)
	if err != nil {
		return Plan{}, err
	}
	var a action
	switch c.State {
	case Achieved:
		a = achieve
	case Missed:
		a = miss
	case Abandoned:
		a = abandon
	default:
		return Plan{}, &DataError{p.Account, "state",
			fmt.Sprintf("must be one of %q, not %q", []State{Achieved, Missed, Abandoned}, c.State)}
	}
	reasoned := required
	if c.State == Achieved {
		reasoned = text
	}
	if err := p.signed(c.By, reasoned(c.Reason)); err != nil {
		return Plan{}, err
	}
	before := p.Outcomes[i].State
	if err := m.move(&p, i, a, at); err != nil {
		return Plan{}, err
	}
	if o := &p.Outcomes[i]; o.State != before {
		o.StateBy, o.StateWhy = c.By, c.Reason
	}
	return p, nil
}

// Attest sets an outcome's verification, which is of the present terms.
//
// It is refused by customer_confirms if a confirmation does not come from the customer's side: the outcome's owner
// there, one of its sponsors, or someone who signed for one of their roles. It is refused by in_order if it is older than
// the outcome's start, its present terms, or the verification that it replaces.
func (m *Model) Attest(p Plan, outcome string, v Verification) (Plan, error) {
	p, at, err := begin(p, v.At)
	if err != nil {
		return Plan{}, err
	}
	i, err := p.position(outcome)
	if err != nil {
		return Plan{}, err
	}
	v.At, v.Until = at, instant.Of(v.Until)
	if field, err := v.check(); err != nil {
		return Plan{}, &DataError{p.Account, fmt.Sprintf("outcome %q: verification: %s", outcome, field), err.Error()}
	}
	if err := m.move(&p, i, attest, at); err != nil {
		return Plan{}, err
	}
	o := &p.Outcomes[i]
	if err := inOrder(&p, p.verifiable(o), at, fmt.Sprintf("outcome %q has its terms", o.ID)); err != nil {
		return Plan{}, err
	}
	if err := inOrder(&p, o.Verification.At, at, fmt.Sprintf("outcome %q is %s", o.ID, o.Verification.Level)); err != nil {
		return Plan{}, err
	}
	if v.Level == Confirmed && !m.isCustomers(&p, o, v.By) {
		return Plan{}, &RefusedError{p.Account, "customer_confirms",
			fmt.Sprintf("%q is not known to speak for the customer on outcome %q", v.By, o.ID),
			"the outcome's owner or sponsor at the customer, or one who signed for them"}
	}
	o.Verification = v
	return p, nil
}

// verifiable returns since when an outcome can have been reached under its present terms.
func (p *Plan) verifiable(o *Outcome) time.Time {
	since := o.since(p)
	for _, change := range p.Scope {
		if change.Outcome == o.ID && change.At.After(since) {
			since = change.At
		}
	}
	return since
}

// since returns the start of an outcome.
func (o *Outcome) since(p *Plan) time.Time {
	if o.Target == nil {
		return instant.Of(p.Start)
	}
	return from(p.Start, o.Target)
}

// Amend changes the terms, logs the change of scope and asks again for the signatures of those it concerns: of the roles
// that own the outcome, before or after, on each side; of all of a side if the owner is no role and has never signed.
// The outcome goes back to draft without its verification, the others keep their state.
// An amendment that leaves the terms as they are, such as of milestones, asks nobody.
//
// Wrong terms are an *InvalidError with places from the Amendment on ("/outcome/weight"). An amendment is refused by
// in_order if it is older than the outcome's state or the amendment before it, and can't drop an outcome that has ended.
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
		if i, err = p.position(a.Outcome.ID); err != nil {
			return Plan{}, err
		}
	} else if after, err = m.amended(&p, a.Outcome); err != nil {
		return Plan{}, err
	}
	old := p.Terms()
	if err := m.rescope(&p, i, before, after, at); err != nil {
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

// amended returns the outcome of an amendment as a plan holds it.
func (m *Model) amended(p *Plan, o Outcome) (*Outcome, error) {
	c := checker{list: "outcome", index: -1, start: p.Start}
	if c.outcome(&o, proposed, m.desired); len(c.problems) > 0 {
		return nil, invalid(c.problems)
	}
	o = copyOutcome(o)
	begins(&o, p.Start)
	if c.outcome(&o, stored, nil); len(c.problems) > 0 {
		return nil, invalid(c.problems) // due_in leads beyond what can be written
	}
	return &o, nil
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

// begin checks a plan and an instant and returns copies that a transition may change.
func begin(p Plan, at time.Time) (Plan, time.Time, error) {
	if _, err := p.check(); err != nil {
		return Plan{}, at, err
	}
	if err := instant.Given(at); err != nil {
		return Plan{}, at, &DataError{p.Account, "at", err.Error()}
	}
	return copyPlan(p), instant.Of(at), nil
}

// position returns where an outcome is, which must be there.
func (p *Plan) position(id string) (int, error) {
	if i := p.find(id); i >= 0 {
		return i, nil
	}
	ids := make([]string, len(p.Outcomes))
	for i := range p.Outcomes {
		ids[i] = p.Outcomes[i].ID
	}
	message := fmt.Sprintf("plan %q has no outcome %.64q", p.ID, id)
	if near, ok := nearest.Word(id, ids); ok {
		message += fmt.Sprintf(": did you mean %q?", near)
	}
	return 0, &RefusedError{p.Account, "known_outcome", message, "an outcome of the plan"}
}

// signed refuses a step without its author or reason.
func (p *Plan) signed(by string, reason error) error {
	if err := ident.Check(by); err != nil {
		return &DataError{p.Account, "by", err.Error()}
	}
	if reason != nil {
		return &DataError{p.Account, "reason", reason.Error()}
	}
	return nil
}
