package outcome

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// check returns the first thing that is wrong with a plan, and the positions of its outcomes.
func (p *Plan) check() (vocabulary, error) {
	if p.Format > Format {
		return nil, fmt.Errorf("outcome: account %q: plan %q: format %d: %w", p.Account, p.ID, p.Format, ErrFormat)
	}
	c := checker{start: p.Start}
	if p.Format < 1 {
		c.bad("/format", "must be %d, not %d", Format, p.Format)
	}
	c.err("/account", ident.Check(p.Account))
	c.err("/id", ident.Check(p.ID))
	c.err("/recorded", instant.Check(p.Recorded))
	c.err("/template", text(p.Template))
	c.err("/template_version", text(p.TemplateVersion))
	c.err("/start", instant.Given(p.Start))
	c.renewal(p.Renewal)
	outcomes := make(vocabulary, len(p.Outcomes))
	for i := range p.Outcomes {
		c.list, c.index = "outcomes", i
		c.twin("/id", outcomes, p.Outcomes[i].ID, i)
		c.outcome(&p.Outcomes[i], stored, nil)
	}
	c.promises(p.Promises, outcomes)
	for i, s := range p.Signatures {
		c.list, c.index = "signatures", i
		c.err("/role", ident.Check(s.Role))
		c.err("/by", ident.Check(s.By))
		c.err("/at", instant.Given(s.At))
	}
	for i, s := range p.Scope {
		c.list, c.index = "scope", i
		c.err("/outcome", ident.Check(s.Outcome))
		c.err("/by", ident.Check(s.By))
		c.err("/reason", text(s.Reason))
		c.err("/at", instant.Given(s.At))
	}
	if len(c.problems) == 0 {
		return outcomes, nil
	}
	first := c.problems[0]
	return nil, &DataError{p.Account, fmt.Sprintf("plan %q at %s", p.ID, first.Pointer), first.Message}
}

func (c *checker) renewal(at time.Time) {
	if at.IsZero() {
		return
	}
	c.err("/renewal", instant.Check(at))
	if !instant.Of(at).After(instant.Of(c.start)) {
		c.bad("/renewal", "must be after the start %s, not %s", date(c.start), date(at))
	}
}

func (c *checker) promises(ps []Promise, outcomes vocabulary) {
	ids := make(vocabulary, len(ps))
	for i := range ps {
		c.list, c.index = "promises", i
		p := &ps[i]
		c.err("/id", ident.Check(p.ID))
		c.twin("/id", ids, p.ID, i)
		c.err("/text", required(p.Text))
		if err := amount.Check(p.Amount); err != nil {
			c.bad("/amount", "%v", err)
		} else if p.Amount.Sign() < 0 {
			c.bad("/amount", "must not be below 0: %s", amount.Text(p.Amount))
		} else if p.Currency == "" && p.Amount.Sign() > 0 {
			c.bad("/currency", "is missing beside an amount of %s", amount.Text(p.Amount))
		}
		if _, ok := amount.Minor(p.Currency); !ok && p.Currency != "" {
			c.bad("/currency", "must be a code of ISO 4217, not %.40q", p.Currency)
		}
		c.err("/at", instant.Given(p.At))
		for k, id := range p.Answers {
			if _, ok := outcomes[id]; !ok {
				c.known(fmt.Sprintf("/answers/%d", k), outcomes, id, "outcome")
			}
		}
		c.err("/evidence", text(p.Evidence))
		if w := p.Waived; w != nil {
			c.err("/waived/by", ident.Check(w.By))
			c.err("/waived/at", instant.Given(w.At))
			c.err("/waived/reason", text(w.Reason))
		}
	}
	c.list = ""
}

// standing checks state and verification of an outcome in a plan.
func (c *checker) standing(o *Outcome) {
	if _, ok := moves[o.State]; !ok {
		c.bad("/state", "unknown state %q", o.State)
	}
	c.err("/state_at", instant.Check(o.StateAt))
	c.err("/state_by", text(o.StateBy))
	c.err("/state_why", text(o.StateWhy))
	if o.Verification == (Verification{}) {
		return
	}
	field, err := o.Verification.check()
	c.err("/verification/"+field, err)
}

// check returns the first field that is wrong.
func (v Verification) check() (field string, err error) {
	switch v.Level {
	case Claimed, Evidenced, Confirmed:
	default:
		return "level", fmt.Errorf("must be one of %q, not %q", []Level{Claimed, Evidenced, Confirmed}, v.Level)
	}
	if err := ident.Check(v.By); err != nil {
		return "by", err
	}
	if err := instant.Given(v.At); err != nil {
		return "at", err
	}
	if err := text(v.Evidence); err != nil {
		return "evidence", err
	}
	if v.Level == Evidenced && v.Evidence == "" {
		return "evidence", errRequired
	}
	if err := instant.Check(v.Until); err != nil {
		return "until", err
	}
	if !v.Until.IsZero() && !instant.Of(v.Until).After(instant.Of(v.At)) {
		return "until", fmt.Errorf("must be after %s, not %s", date(v.At), date(v.Until))
	}
	return "", nil
}
