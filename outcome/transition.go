package outcome

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
)

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
		reasoned = ident.Text
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
// there, one of its sponsors, or someone who signed for one of their roles, who had not left by then. It is refused by in_order if it is older than
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
	if v.Level == Confirmed && !m.isCustomers(&p, o, v.By, at) {
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
	return 0, &RefusedError{p.Account, "known_outcome", absent("plan", p.ID, "outcome", id, ids), "an outcome of the plan"}
}

// absent says that a thing has nothing of a name, and what was probably meant.
func absent(where, of, what, name string, known []string) string {
	message := fmt.Sprintf("%s %q has no %s %.64q", where, of, what, name)
	if near, ok := nearest.Word(name, known); ok {
		message += fmt.Sprintf(": did you mean %q?", near)
	}
	return message
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
