package outcome

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are a Planner's. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3, below 0 none
	Observe Observer         // nil is silent
}

// An Observer is told of each operation before it starts; the function that it returns, of its end.
// It may put a span into the context. It must be safe for concurrent use. What it returns may be nil.
type Observer func(ctx context.Context, op Op) (context.Context, func(error))

// An Op is an operation of a service.
type Op struct {
	Name    string // "propose", "update" or "check"
	Account string
}

// A Planner keeps accounts' plans: a Model over Plans and Measurements. It owns nothing that the host could not
// rebuild, starts no goroutine and is safe for concurrent use.
type Planner struct {
	model    *Model
	plans    Plans
	measured Measurements
	options  Options
}

// NewPlanner returns a Planner. It returns an error if the model or a store is nil.
func NewPlanner(m *Model, p Plans, s Measurements, o Options) (*Planner, error) {
	switch {
	case m == nil:
		return nil, errors.New("outcome: new planner: the model is nil")
	case p == nil:
		return nil, errors.New("outcome: new planner: the store of plans is nil")
	case s == nil:
		return nil, errors.New("outcome: new planner: the store of measurements is nil")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retries == 0 {
		o.Retries = 3
	}
	return &Planner{model: m, plans: p, measured: s, options: o}, nil
}

// Propose makes a draft plan from the template and saves it. A proposal of the same terms again returns the stored plan,
// however far that has come.
//
// Propose returns an error if:
//   - the terms are wrong (*InvalidError) or other data is (*DataError), as [Model.Propose] says;
//   - the ID is that of a stored plan with other terms (*RefusedError, rule "exists");
//   - the stored plan is another account's (*DataError), or has a format above [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - a store failed, or ctx ended.
func (p *Planner) Propose(ctx context.Context, q Proposal) (plan Plan, err error) {
	ctx, done := p.observe(ctx, Op{Name: "propose", Account: q.Account})
	defer func() { done(err) }()
	plan, err = p.model.Propose(q)
	if err != nil {
		return Plan{}, err
	}
	plan.Version, plan.Recorded = 1, instant.Of(p.options.Now())
	for try := 0; ; try++ {
		stored, there, err := p.load(ctx, "propose", q.Account, q.ID)
		switch {
		case err != nil:
			return Plan{}, err
		case there && stored.Proposed == plan.Proposed:
			return stored, nil
		case there:
			return Plan{}, &RefusedError{q.Account, "exists",
				fmt.Sprintf("plan %q was proposed with other terms", q.ID), "another ID"}
		}
		err = p.plans.Save(ctx, 0, plan)
		if err == nil {
			return plan, nil
		}
		if !errors.Is(err, ErrConflict) || try >= p.options.Retries {
			return Plan{}, fmt.Errorf("outcome: propose %q: save plan %q: %w", q.Account, q.ID, err)
		}
	}
}

// Update loads a plan, applies a transition of the model and saves what comes out; step may run more than once. It gets
// a copy that it may change, and must return a plan of the same account and ID.
// A step that changes nothing saves nothing.
//
// Update returns an error if:
//   - there is no such plan, or the step makes a wrong one of it (*DataError), or the step refuses (its own error);
//   - the stored plan is another account's (*DataError), or has a format above [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - a store failed, or ctx ended.
func (p *Planner) Update(
	ctx context.Context, account, plan string, step func(*Model, Plan) (Plan, error),
) (updated Plan, err error) {
	ctx, done := p.observe(ctx, Op{Name: "update", Account: account})
	defer func() { done(err) }()
	for try := 0; ; try++ {
		stored, err := p.must(ctx, "update", account, plan)
		if err != nil {
			return Plan{}, err
		}
		next, err := step(p.model, copyPlan(stored))
		if err != nil {
			return Plan{}, err
		}
		if next.Account != account || next.ID != plan {
			return Plan{}, &DataError{account, fmt.Sprintf("plan %q", plan),
				fmt.Sprintf("became plan %q of account %q in the step", next.ID, next.Account)}
		}
		if _, err := next.check(); err != nil {
			return Plan{}, err
		}
		next.Version, next.Recorded = stored.Version, stored.Recorded
		if same(next, stored) {
			return stored, nil
		}
		next = copyPlan(next)
		next.Version++
		if now := instant.Of(p.options.Now()); now.After(next.Recorded) {
			next.Recorded = now
		}
		err = p.plans.Save(ctx, stored.Version, next)
		if err == nil {
			return next, nil
		}
		if !errors.Is(err, ErrConflict) || try >= p.options.Retries {
			return Plan{}, fmt.Errorf("outcome: update %q: save plan %q: %w", account, plan, err)
		}
	}
}

// Check loads a plan and what was measured, as known at the Planner's own time, and assesses it as of an instant.
//
// Check returns an error if:
//   - there is no such plan, its data is wrong, a store gives another account's plan or another measure's values, or asOf
//     is zero (*DataError);
//   - the plan has a format above [Format] (ErrFormat);
//   - a store failed, or ctx ended.
func (p *Planner) Check(ctx context.Context, account, plan string, asOf time.Time) (a Assessment, err error) {
	ctx, done := p.observe(ctx, Op{Name: "check", Account: account})
	defer func() { done(err) }()
	if err := instant.Given(asOf); err != nil {
		return Assessment{}, &DataError{account, "as of", err.Error()}
	}
	stored, err := p.must(ctx, "check", account, plan)
	if err != nil {
		return Assessment{}, err
	}
	knownAt, until := instant.Of(p.options.Now()), instant.Of(asOf).Add(time.Microsecond)
	series := make(SeriesMap)
	for i := range stored.Outcomes {
		t := stored.Outcomes[i].Target
		if t == nil {
			continue
		}
		if _, read := series[t.Measure]; read {
			continue
		}
		values := []Measurement{}
		for v, err := range p.measured.Measured(ctx, account, t.Measure, time.Time{}, until, knownAt) {
			if err != nil {
				return Assessment{}, fmt.Errorf("outcome: check %q: read measure %q: %w", account, t.Measure, err)
			}
			if v.Measure != t.Measure {
				return Assessment{}, &DataError{account, fmt.Sprintf("measure %q", t.Measure),
					fmt.Sprintf("a stored value is of measure %q", v.Measure)}
			}
			values = append(values, v)
		}
		series[t.Measure] = values
	}
	return p.model.Assess(Input{Account: account, Plan: stored, Series: series}, asOf)
}

// load returns a plan if it is there. It must be the one that was asked for, of a format that is known.
func (p *Planner) load(ctx context.Context, op, account, plan string) (stored Plan, there bool, err error) {
	stored, there, err = p.plans.Load(ctx, account, plan)
	switch {
	case err != nil:
		err = fmt.Errorf("outcome: %s %q: load plan %q: %w", op, account, plan, err)
	case !there:
	case stored.Format > Format:
		err = fmt.Errorf("outcome: %s %q: load plan %q: format %d: %w", op, account, plan, stored.Format, ErrFormat)
	case stored.Account != account || stored.ID != plan:
		err = &DataError{account, fmt.Sprintf("plan %q", plan),
			fmt.Sprintf("the stored one is plan %q of account %q", stored.ID, stored.Account)}
	}
	return stored, there, err
}

// must returns a plan that must be there.
func (p *Planner) must(ctx context.Context, op, account, plan string) (Plan, error) {
	if err := ident.Check(account); err != nil {
		return Plan{}, &DataError{account, "account", err.Error()}
	}
	stored, there, err := p.load(ctx, op, account, plan)
	if err == nil && !there {
		err = &DataError{account, fmt.Sprintf("plan %q", plan), "is not there"}
	}
	return stored, err
}

// observe tells the observer of an operation. Neither of what it returns is nil.
func (p *Planner) observe(ctx context.Context, op Op) (context.Context, func(error)) {
	done := func(error) {}
	if p.options.Observe == nil {
		return ctx, done
	}
	observed, end := p.options.Observe(ctx, op)
	if observed != nil {
		ctx = observed
	}
	if end != nil {
		done = end
	}
	return ctx, done
}

// same compares two plans that can be encoded.
func same(a, b Plan) bool {
	x, errX := a.MarshalJSON()
	y, errY := b.MarshalJSON()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
