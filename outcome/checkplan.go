package outcome

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// check returns the first thing that is wrong with a plan, and the positions of its outcomes.
func (p *Plan) check() (*check.Names, error) {
	if p.Format > Format {
		return nil, fmt.Errorf("outcome: account %q: plan %q: format %d: %w", p.Account, p.ID, p.Format, ErrFormat)
	}
	c := checker{start: p.Start}
	c.Format(p.Format, Format)
	c.Err("", "/account", ident.Check(p.Account))
	c.Err("", "/id", ident.Check(p.ID))
	c.Err("", "/recorded", instant.Check(p.Recorded))
	c.Text("", "/template", p.Template)
	c.Text("", "/template_version", p.TemplateVersion)
	c.Err("", "/start", instant.Given(p.Start))
	c.renewal(p.Renewal)
	outcomes := outcomeIDs(p.Outcomes)
	for i := range p.Outcomes {
		n := len(c.List)
		c.id(outcomes, p.Outcomes[i].ID, i)
		c.outcome(&p.Outcomes[i], stored, nil)
		c.in(n, "outcomes", i)
	}
	c.order(p.Outcomes, outcomes, func(i int) string { return problem.Pointer("outcomes", i) })
	c.promises(p.Promises, outcomes)
	for i, s := range p.Signatures {
		n := len(c.List)
		c.Err("", "/role", ident.Check(s.Role))
		c.Err("", "/by", ident.Check(s.By))
		c.Err("", "/at", instant.Given(s.At))
		c.in(n, "signatures", i)
	}
	for i, s := range p.Scope {
		n := len(c.List)
		c.Err("", "/outcome", ident.Check(s.Outcome))
		c.Err("", "/by", ident.Check(s.By))
		c.Text("", "/reason", s.Reason)
		c.Err("", "/at", instant.Given(s.At))
		c.in(n, "scope", i)
	}
	if len(c.List) == 0 {
		return outcomes, nil
	}
	first := c.List[0]
	return nil, &DataError{p.Account, fmt.Sprintf("plan %q at %s", p.ID, first.Pointer), first.Message}
}

func (c *checker) renewal(at time.Time) {
	if at.IsZero() {
		return
	}
	c.Err("", "/renewal", instant.Check(at))
	if !instant.Of(at).After(instant.Of(c.start)) {
		c.Addf("/renewal", "must be after the start %s, not %s", date(c.start), date(at))
	}
}

func (c *checker) promises(ps []Promise, outcomes *check.Names) {
	if len(ps) == 0 {
		return
	}
	ids := namesOf(len(ps), func(i int) string { return ps[i].ID })
	for i := range ps {
		n := len(c.List)
		c.id(ids, ps[i].ID, i)
		c.promise(&ps[i], outcomes)
		c.in(n, "promises", i)
	}
}

func (c *checker) promise(p *Promise, outcomes *check.Names) {
	c.given("/text", p.Text)
	if err := amount.Check(p.Amount); err != nil {
		c.Err("", "/amount", err)
	} else if p.Amount.Sign() < 0 {
		c.Addf("/amount", "must not be below 0: %s", amount.Text(p.Amount))
	} else if p.Currency == "" && p.Amount.Sign() > 0 {
		c.Addf("/currency", "is missing beside an amount of %s", amount.Text(p.Amount))
	}
	if _, ok := amount.Minor(p.Currency); !ok && p.Currency != "" {
		c.Addf("/currency", "must be a code of ISO 4217, not %q", check.Clip(p.Currency))
	}
	c.Err("", "/at", instant.Given(p.At))
	for k, id := range p.Answers {
		if _, ok := outcomes.Index(id); !ok {
			c.Refer(outcomes, problem.Pointer("answers", k), "", "outcome", id)
		}
	}
	c.Text("", "/evidence", p.Evidence)
	if w := p.Waived; w != nil {
		c.Err("", "/waived/by", ident.Check(w.By))
		c.Err("", "/waived/at", instant.Given(w.At))
		c.Text("", "/waived/reason", w.Reason)
	}
}

// standing checks state and verification of an outcome in a plan.
func (c *checker) standing(o *Outcome) {
	if _, ok := moves[o.State]; !ok {
		c.Addf("/state", "unknown state %q", check.Clip(string(o.State)))
	}
	c.Err("", "/state_at", instant.Check(o.StateAt))
	c.Text("", "/state_by", o.StateBy)
	c.Text("", "/state_why", o.StateWhy)
	if o.Verification == (Verification{}) {
		return
	}
	if field, err := o.Verification.check(); err != nil {
		c.Err("/verification/", field, err)
	}
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
	if err := ident.Text(v.Evidence); err != nil {
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
