package analysis

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// leadTime is how long before a renewal the backtest scores; grace is how long after its end a contract may be renewed.
const (
	leadTime = 90 * day
	grace    = 90 * day
	quarter  = 91 * day
)

// An evaluated account is all that the five packages say of it.
type evaluated struct {
	account   *book.Account
	facts     *facts
	monthly   decimal.Decimal
	whole     bool            // monthly is all that is paid
	lastPaid  decimal.Decimal // monthly, of the last contract where it has left
	verdict   segment.Verdict
	score     health.Score
	before    *health.Score // a quarter ago
	decision  *journey.Decision
	stays     []pace.Stay
	assessed  *outcome.Assessment
	statement *ladder.Statement
	booked    *balance
	leakage   *ladder.Leakage
	agenda    *engagement.Agenda
	cases     []backtest.Case
	clock     *timetovalue.Case
	failures  []Failure
}

// An evaluator runs the packages over one account at a time. It is safe for concurrent use.
type evaluator struct {
	defs  Definitions
	asOf  time.Time
	dated bool
	money string          // the book's currency
	named map[string]bool // milestones and moves of the map
	costs []ladder.Cost   // licences, where contracts and the ladder have one currency
}

func newEvaluator(defs Definitions, b *book.Book) *evaluator {
	v := &evaluator{defs: defs, asOf: b.AsOf, dated: b.Dated, money: b.Currency, named: make(map[string]bool)}
	if l := defs.Ladder.Ladder(); l.Currency == b.Currency {
		for _, c := range l.Costs {
			if c.Kind == ladder.Licence {
				v.costs = append(v.costs, c)
			}
		}
	}
	m := defs.Journey.Map()
	for _, p := range m.Phases {
		for _, x := range p.Milestones {
			v.named[x.Name] = true
		}
	}
	for _, x := range m.Moves {
		v.named[x.Name] = true
	}
	return v
}

func (v *evaluator) evaluate(ctx context.Context, a *book.Account) *evaluated {
	e := &evaluated{account: a}
	e.facts, e.assessed = v.known(e, a, v.asOf)
	e.monthly, _, e.whole = recurring(a, v.asOf, v.money)
	if n := len(a.Contracts); e.monthly.IsZero() && n > 0 && a.Contracts[n-1].Currency == v.money {
		e.lastPaid = monthly(a.Contracts[n-1])
	}
	var err error
	e.verdict, err = v.defs.Segment.Classify(segment.Input{Account: a.ID, Facts: e.facts}, v.asOf)
	e.fail("segment", err)
	e.score, err = v.defs.Health.Score(v.input(a, e.facts), v.asOf)
	e.fail("health", err)
	if v.dated {
		v.past(ctx, e)
	}
	v.journey(ctx, e)
	v.value(e)
	v.books(ctx, e)
	v.engage(e)
	return e
}

func (e *evaluated) fail(pkg string, err error) {
	if err != nil {
		e.failures = append(e.failures, Failure{e.account.ID, pkg, err.Error()})
	}
}

// known reads an account as of an instant, with the attainment of its plan as one more fact.
func (v *evaluator) known(e *evaluated, a *book.Account, asOf time.Time) (*facts, *outcome.Assessment) {
	f := read(a, asOf, v.dated, v.money)
	if len(a.Outcomes) == 0 {
		return f, nil
	}
	plan, err := v.plan(a, asOf)
	if err != nil {
		e.fail("outcome", err)
		return f, nil
	}
	if len(plan.Outcomes) == 0 {
		return f, nil
	}
	as, err := v.defs.Outcome.Assess(outcome.Input{Account: a.ID, Plan: plan, Series: f}, asOf)
	if err != nil {
		e.fail("outcome", err)
		return f, nil
	}
	if as.Whole.Known {
		var at time.Time
		for _, p := range as.Outcomes {
			if p.At.After(at) {
				at = p.At
			}
		}
		f.number("attainment", as.Whole.Value, at)
	}
	return f, &as
}

func (v *evaluator) input(a *book.Account, f *facts) health.Input {
	in := health.Input{Account: a.ID, Readings: f}
	if !a.Since.After(f.asOf) {
		in.Since = a.Since
	}
	return in
}

// plan imports the success plan as it stood at an instant from the dates in the book.
func (v *evaluator) plan(a *book.Account, asOf time.Time) (outcome.Plan, error) {
	start := a.Since
	p := outcome.Proposal{Account: a.ID, ID: "plan", Start: start}
	var states []book.Outcome
	for _, o := range a.Outcomes {
		if o.Start.After(asOf) {
			continue
		}
		if start.IsZero() || !o.Start.IsZero() && o.Start.Before(start) {
			start = o.Start
		}
		x := outcome.Outcome{ID: o.ID, Statement: o.Statement, Persona: o.Persona, Horizon: outcome.Horizon(o.Horizon), Weight: o.Weight}
		if o.Measure != "" {
			x.Target = &outcome.Target{Measure: o.Measure, Unit: o.Unit, Base: o.Base, Goal: o.Goal, Start: o.Start, Due: o.Due}
		}
		p.Outcomes, states = append(p.Outcomes, x), append(states, o)
	}
	if start.IsZero() {
		start = asOf
	}
	p.Start = start
	for _, s := range a.Promises {
		if s.At.After(asOf) {
			continue
		}
		x := outcome.Promise{ID: s.ID, Text: s.Text, Amount: s.Amount, Currency: s.Currency, At: s.At, Evidence: s.Evidence}
		if slices.ContainsFunc(p.Outcomes, func(o outcome.Outcome) bool { return o.ID == s.Answers }) {
			x.Answers = []string{s.Answers}
		}
		if s.WaivedBy != "" && !s.WaivedAt.After(asOf) {
			x.Waived = &outcome.Waiver{By: s.WaivedBy, At: s.WaivedAt}
		}
		p.Promises = append(p.Promises, x)
	}
	plan, err := v.defs.Outcome.Propose(p)
	if err != nil {
		return plan, err
	}
	for _, o := range states {
		i := slices.IndexFunc(plan.Outcomes, func(x outcome.Outcome) bool { return x.ID == o.ID })
		x := &plan.Outcomes[i]
		happened := func(t time.Time) bool { return !t.IsZero() && !t.After(asOf) }
		if happened(o.Agreed) {
			x.State, x.StateAt = outcome.InProgress, o.Agreed
		}
		if happened(o.Achieved) {
			x.State, x.StateAt = outcome.Achieved, o.Achieved
			x.Verification = outcome.Verification{Level: outcome.Claimed, By: "customer success", At: o.Achieved}
		}
		if happened(o.Confirmed) {
			x.Verification = outcome.Verification{Level: outcome.Confirmed, By: "customer", At: o.Confirmed}
		}
	}
	return plan, nil
}

// past looks back: the score a quarter ago, and the score as known before each renewal that was due.
func (v *evaluator) past(ctx context.Context, e *evaluated) {
	a := e.account
	if ago := v.asOf.Add(-quarter); !a.Left.Left && !a.Since.IsZero() && a.Since.Before(ago) {
		f, _ := v.known(e, a, ago)
		if s, err := v.defs.Health.Score(v.input(a, f), ago); err == nil {
			e.before = &s
		}
	}
	decisions := renewals(a, v.asOf)
	if len(decisions) > 0 {
		seq := func(yield func(backtest.Decision, error) bool) {
			for _, d := range decisions {
				if !yield(d, nil) {
					return
				}
			}
		}
		for c, err := range backtest.Score(ctx, v.defs.Health, source{v, e}, seq, health.Duration(leadTime)) {
			if err != nil {
				e.fail("backtest", err)
				break
			}
			e.cases = append(e.cases, c)
		}
	}
	e.clock = valueClock(a, v.asOf)
}

// A source gives one account's input as it was known at an instant, for the backtest.
type source struct {
	v *evaluator
	e *evaluated
}

func (s source) Input(_ context.Context, _ string, asOf, _ time.Time) (health.Input, bool, error) {
	a := s.e.account
	if a.Since.IsZero() || a.Since.After(asOf) {
		return health.Input{}, false, nil
	}
	f, _ := s.v.known(s.e, a, asOf)
	return s.v.input(a, f), true, nil
}

// renewals are the contract ends whose outcome is known: kept if the customer pays again within the grace.
func renewals(a *book.Account, asOf time.Time) []backtest.Decision {
	var due []backtest.Decision
	for i, c := range a.Contracts {
		if c.From.IsZero() || c.To.IsZero() || c.To.Sub(c.From) < 60*day || c.To.Add(grace).After(asOf) || c.To.Add(-leadTime).Before(a.Since) {
			continue
		}
		kept, extended := false, false
		for j, d := range a.Contracts {
			if j == i {
				continue
			}
			extended = extended || d.From.Before(c.To) && d.To.After(c.To) || d.To.Equal(c.To) && j < i
			kept = kept || !d.From.After(c.To.Add(grace)) && d.To.After(c.To)
		}
		if extended { // another contract runs on: nothing was decided
			continue
		}
		d := backtest.Decision{Account: a.ID, At: c.To, Lost: !kept}
		d.Rescued = kept && rescued(a, c.To)
		due = append(due, d)
	}
	return due
}

// rescued says whether a play was made for a renewal that kept the customer. Only a simulated account can say so.
func rescued(a *book.Account, renewal time.Time) bool {
	return a.Truth != nil && a.Truth.Rescued && slices.ContainsFunc(a.Touches, func(t book.Touch) bool {
		return t.Touch == "save_play" && t.At.Before(renewal) && t.At.After(renewal.Add(-leadTime))
	})
}

// valueClock is the time from the start to the first outcome that the customer confirmed, or achieved where
// confirmation is not recorded at all.
func valueClock(a *book.Account, asOf time.Time) *timetovalue.Case {
	if a.Since.IsZero() || a.Since.After(asOf) || len(a.Outcomes) == 0 {
		return nil
	}
	c := &timetovalue.Case{Account: a.ID, From: a.Since, Seen: asOf}
	for _, o := range a.Outcomes {
		if !o.Achieved.IsZero() && !o.Achieved.After(asOf) && (c.Value.IsZero() || o.Achieved.Before(c.Value)) {
			c.Value = o.Achieved
		}
	}
	left := a.Left.At
	switch {
	case !c.Value.IsZero() && (left.IsZero() || !left.Before(c.Value)):
	case a.Left.Left && !left.IsZero() && !left.After(asOf):
		c.Value, c.Left = time.Time{}, left
	}
	if c.Value.Before(c.From) && !c.Value.IsZero() {
		return nil
	}
	return c
}

func (v *evaluator) value(e *evaluated) {
	a := e.account
	if len(a.Value) > 0 {
		in := ladder.Input{Account: a.ID, From: v.asOf.AddDate(-1, 0, 0), To: v.asOf, Quantities: e.facts}
		if e.whole && e.monthly.IsPositive() {
			for _, c := range v.costs {
				in.Costs = []ladder.Cost{{Name: c.Name, Kind: c.Kind, Amount: e.monthly.Mul(decimal.NewFromInt(12))}}
			}
		}
		s, err := v.defs.Ladder.Statement(in, v.asOf)
		e.fail("ladder", err)
		if err == nil {
			e.statement = &s
		}
	}
	if len(a.Levels) > 0 {
		var levels []ladder.Level
		for _, l := range a.Levels {
			levels = append(levels, ladder.Level{Stage: ladder.Stage(l.Stage), Amount: l.Amount})
		}
		l, err := v.defs.Ladder.Leakage(a.ID, levels, v.asOf)
		e.fail("ladder", err)
		if err == nil {
			e.leakage = &l
		}
	}
}

func (v *evaluator) engage(e *evaluated) {
	a := e.account
	program := v.defs.program(e.verdict.Segment)
	if program == nil || !v.dated || a.Left.Left {
		return
	}
	in := engagement.Input{Account: a.ID, Began: seen(a), Facts: e.facts}
	for _, t := range a.Touches {
		in.Touches = append(in.Touches, engagement.Touch{Format: 1, ID: t.ID, Touch: t.Touch, Channel: engagement.Channel(t.Channel), By: t.By, At: t.At, Answered: t.Answered})
	}
	for _, m := range a.Milestones {
		in.Events = append(in.Events, engagement.Event{Name: m.Name, At: m.At})
	}
	if end := renewal(a, v.asOf); !end.IsZero() {
		in.Anchors = []engagement.Anchor{{Name: "renewal", At: end}}
	}
	agenda, err := program.Due(in, v.asOf)
	e.fail("engagement", err)
	if err == nil {
		e.agenda = &agenda
	}
}

// seen is since when the account's touches are recorded: the start, or what is dated first where that is later, so that
// an account older than the records owes no backlog.
func seen(a *book.Account) time.Time {
	var first time.Time
	note := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for _, t := range a.Touches {
		note(t.At)
	}
	for _, u := range a.Usage {
		note(u.At)
	}
	return later(a.Since, first)
}
