package outcome

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Plan is one account's success plan: one document, the single source of truth. Transitions return a new Plan and
// leave the old as it was. What no transition changes (evidence of promises, waivers, milestones done, the renewal) the
// host sets itself, in a step of [Planner.Update]. Its JSON is canonical.
type Plan struct {
	Format          int           `json:"format"` // 1
	Account         string        `json:"account"`
	ID              string        `json:"id"`       // unique in the account
	Version         int64         `json:"version"`  // number of stored writes; 0 before the first
	Recorded        time.Time     `json:"recorded"` // of the last write; never earlier than the one before
	Template        string        `json:"template"` // name of the template that it was made from
	TemplateVersion string        `json:"template_version,omitempty"`
	Digest          Digest        `json:"digest"`   // of that template
	Proposed        Digest        `json:"proposed"` // terms that it was proposed with
	Start           time.Time     `json:"start"`
	Renewal         time.Time     `json:"renewal,omitzero"`
	Outcomes        []Outcome     `json:"outcomes"`
	Promises        []Promise     `json:"promises,omitempty"`
	Signatures      []Signature   `json:"signatures,omitempty"` // of the present terms and of earlier ones, in order
	Scope           []ScopeChange `json:"scope,omitempty"`      // amendments, in order
}

// MarshalJSON returns the canonical encoding.
func (p Plan) MarshalJSON() ([]byte, error) {
	type plain Plan
	return canon.JSON(plain(p))
}

// Terms returns the digest of what is agreed on: account and plan; outcomes with their statements, horizons, personas,
// weights, owners and targets; promises with their texts, amounts and dates. Progress, states, evidence, milestones,
// sponsors, risks and signatures are not part of it. It is zero for a plan that has no JSON, such as one with a NaN.
func (p Plan) Terms() Digest {
	t := terms{Format: p.Format, Account: p.Account, Plan: p.ID}
	t.Outcomes = make([]agreement, len(p.Outcomes))
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		t.Outcomes[i] = agreement{o.ID, o.Statement, o.Desired, o.Horizon, o.Persona, o.Weight, o.Target, o.Vendor, o.Customer}
	}
	t.Promises = make([]pledge, len(p.Promises))
	for i := range p.Promises {
		q := &p.Promises[i]
		t.Promises[i] = pledge{q.ID, q.Text, q.Amount, q.Currency, q.At}
	}
	digest, err := canon.Digest(t)
	if err != nil {
		return Digest{}
	}
	return digest
}

type terms struct {
	Format   int         `json:"format"`
	Account  string      `json:"account"`
	Plan     string      `json:"plan"`
	Outcomes []agreement `json:"outcomes"`
	Promises []pledge    `json:"promises"`
}

type agreement struct {
	ID        string  `json:"id"`
	Statement string  `json:"statement"`
	Desired   string  `json:"desired"`
	Horizon   Horizon `json:"horizon"`
	Persona   string  `json:"persona"`
	Weight    float64 `json:"weight"`
	Target    *Target `json:"target"`
	Vendor    string  `json:"vendor"`
	Customer  string  `json:"customer"`
}

type pledge struct {
	ID       string          `json:"id"`
	Text     string          `json:"text"`
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"`
	At       time.Time       `json:"at"`
}

// find returns the position of an outcome, or -1.
func (p *Plan) find(id string) int {
	return slices.IndexFunc(p.Outcomes, func(o Outcome) bool { return o.ID == id })
}

// A Signature is a role's agreement to terms.
type Signature struct {
	Role  string    `json:"role"`
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Terms Digest    `json:"terms"`
}

// A ScopeChange is one amendment: what an outcome's target was before, so that progress can be stated under both.
// To state it under the old one, assess a copy of the plan whose outcome has Before as its target.
type ScopeChange struct {
	Outcome string    `json:"outcome"` // ID
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	Before  *Target   `json:"before,omitempty"` // nil: there was none
	After   *Target   `json:"after,omitempty"`
	Asks    []string  `json:"asks"`  // roles whose earlier signature counts no longer
	Terms   Digest    `json:"terms"` // that it led to
}

// A State is where an outcome stands between agreement and end.
type State string

// States.
const (
	Draft      State = "draft"
	Agreed     State = "agreed"
	InProgress State = "in_progress"
	Paused     State = "paused"
	Achieved   State = "achieved"
	Missed     State = "missed"
	Abandoned  State = "abandoned"
)

// A Verification says how sure it is that an outcome was reached. It is another axis than state and progress, and it
// is of the present terms: an amendment takes it away.
type Verification struct {
	Level    Level     `json:"level,omitempty"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Evidence string    `json:"evidence,omitempty"` // where to look; required for Evidenced
	Until    time.Time `json:"until,omitzero"`     // in force in [At, Until); zero: for ever
}

// A Level is a degree of verification.
type Level string

// Levels, each surer than the one before. The empty level is none.
const (
	Claimed   Level = "claimed"   // by the vendor
	Evidenced Level = "evidenced" // by a metric
	Confirmed Level = "confirmed" // by the customer
)

// A Proposal is what a plan starts from. Outcomes of the template are copied; those given here replace the ones of
// the same ID, or are added after them. Each begins as a draft: the state and verification it comes with are not read.
type Proposal struct {
	Account  string
	ID       string
	Start    time.Time
	Renewal  time.Time // after Start; zero: not known
	Outcomes []Outcome
	Promises []Promise
}

// An Amendment changes or adds one outcome, or with Drop set takes it out. It makes new terms.
type Amendment struct {
	Outcome Outcome // whole; with Drop only its ID is read, and its state and verification never are
	Drop    bool
	By      string
	Reason  string
	At      time.Time
}

// A Closing ends an outcome.
type Closing struct {
	Outcome string // ID
	State   State  // Achieved, Missed or Abandoned
	By      string
	Reason  string // required unless Achieved
	At      time.Time
}

// copyPlan returns a deep copy with all instants in UTC and microseconds.
func copyPlan(p Plan) Plan {
	p.Recorded, p.Start, p.Renewal = instant.Of(p.Recorded), instant.Of(p.Start), instant.Of(p.Renewal)
	p.Outcomes = slices.Clone(p.Outcomes)
	for i := range p.Outcomes {
		p.Outcomes[i] = copyOutcome(p.Outcomes[i])
	}
	p.Promises = slices.Clone(p.Promises)
	for i := range p.Promises {
		p.Promises[i] = copyPromise(p.Promises[i])
	}
	p.Signatures = slices.Clone(p.Signatures)
	for i := range p.Signatures {
		p.Signatures[i].At = instant.Of(p.Signatures[i].At)
	}
	p.Scope = slices.Clone(p.Scope)
	for i := range p.Scope {
		s := &p.Scope[i]
		s.At = instant.Of(s.At)
		s.Before, s.After = copyTarget(s.Before), copyTarget(s.After)
		s.Asks = slices.Clone(s.Asks)
	}
	return p
}

func copyOutcome(o Outcome) Outcome {
	o.Target = copyTarget(o.Target)
	o.After = slices.Clone(o.After)
	o.Sponsors = slices.Clone(o.Sponsors)
	for i := range o.Sponsors {
		o.Sponsors[i].Left = instant.Of(o.Sponsors[i].Left)
	}
	o.Milestones = slices.Clone(o.Milestones)
	for i := range o.Milestones {
		m := &o.Milestones[i]
		m.After = slices.Clone(m.After)
		m.Due, m.Done = instant.Of(m.Due), instant.Of(m.Done)
	}
	o.StateAt = instant.Of(o.StateAt)
	o.Verification.At, o.Verification.Until = instant.Of(o.Verification.At), instant.Of(o.Verification.Until)
	return o
}

func copyTarget(t *Target) *Target {
	if t == nil {
		return nil
	}
	c := *t
	c.Start, c.Due = instant.Of(c.Start), instant.Of(c.Due)
	return &c
}

func copyPromise(p Promise) Promise {
	p.At = instant.Of(p.At)
	p.Answers = slices.Clone(p.Answers)
	if p.Waived != nil {
		w := *p.Waived
		w.At = instant.Of(w.At)
		p.Waived = &w
	}
	return p
}
