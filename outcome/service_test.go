package outcome_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// clock is a Now that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// failing is a Memory with faults put into it.
type failing struct {
	outcome.Memory
	load, save, measured error
	before               func(after int64) error // runs before each Save
	loaded               func(p *outcome.Plan)   // changes what was loaded
	values               []outcome.Measurement   // comes in place of each measure's
}

func (f *failing) Load(ctx context.Context, account, plan string) (outcome.Plan, bool, error) {
	if f.load != nil {
		return outcome.Plan{}, false, f.load
	}
	p, ok, err := f.Memory.Load(ctx, account, plan)
	if f.loaded != nil {
		f.loaded(&p)
	}
	return p, ok, err
}

func (f *failing) Save(ctx context.Context, after int64, p outcome.Plan) error {
	if f.save != nil {
		return f.save
	}
	if f.before != nil {
		if err := f.before(after); err != nil {
			return err
		}
	}
	return f.Memory.Save(ctx, after, p)
}

func (f *failing) Measured(ctx context.Context, account, measure string, from, to, knownAt time.Time) iter.Seq2[outcome.Measurement, error] {
	if f.measured != nil {
		return func(yield func(outcome.Measurement, error) bool) { yield(outcome.Measurement{}, f.measured) }
	}
	if f.values != nil {
		return func(yield func(outcome.Measurement, error) bool) {
			for _, v := range f.values {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
	return f.Memory.Measured(ctx, account, measure, from, to, knownAt)
}

func newPlanner(t *testing.T, store *failing, o outcome.Options) *outcome.Planner {
	t.Helper()
	p, err := outcome.NewPlanner(mustCompile(t, outcome.Starter()), store, store, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNewPlannerNeedsAll(t *testing.T) {
	m, s := mustCompile(t, outcome.Starter()), new(outcome.Memory)
	for want, make := range map[string]func() (*outcome.Planner, error){
		"the model is nil":                 func() (*outcome.Planner, error) { return outcome.NewPlanner(nil, s, s, outcome.Options{}) },
		"the store of plans is nil":        func() (*outcome.Planner, error) { return outcome.NewPlanner(m, nil, s, outcome.Options{}) },
		"the store of measurements is nil": func() (*outcome.Planner, error) { return outcome.NewPlanner(m, s, nil, outcome.Options{}) },
	} {
		if _, err := make(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestPlannerProposeTwice(t *testing.T) {
	ctx := t.Context()
	c := &clock{now: on(1, 5)}
	p := newPlanner(t, new(failing), outcome.Options{Now: c.Now})
	q := outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}
	first, err := p.Propose(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if first.Version != 1 || !first.Recorded.Equal(on(1, 5)) {
		t.Errorf("stored as version %d at %v", first.Version, first.Recorded)
	}
	c.set(on(1, 6))
	signed, err := p.Update(ctx, "acme", "2026", func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
		return m.Sign(p, "customer", "c", on(1, 6))
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Propose(ctx, q)
	if err != nil || mustJSON(t, again) != mustJSON(t, signed) {
		t.Errorf("proposed again: %v, want the stored plan", err)
	}
	q.Start = on(1, 2)
	if _, err := p.Propose(ctx, q); ruleOf(err) != "exists" || errors.Is(err, outcome.ErrConflict) {
		t.Errorf("another proposal under the same ID: got %v, want refused by exists", err)
	}
}

// TestPlannerLosesNoAmendment has eight writers, each with an amendment of its own.
func TestPlannerLosesNoAmendment(t *testing.T) {
	ctx := t.Context()
	p := newPlanner(t, new(failing), outcome.Options{Now: (&clock{now: on(1, 5)}).Now, Retries: 50})
	if _, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}); err != nil {
		t.Fatal(err)
	}
	const writers = 8
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		wg.Go(func() {
			_, errs[i] = p.Update(ctx, "acme", "2026", func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
				name := fmt.Sprint("writer ", i)
				o := aim(name, outcome.Target{Measure: name, Goal: 1})
				return m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "more", At: on(2, 1)})
			})
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	got, err := p.Update(ctx, "acme", "2026", func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) { return p, nil })
	if err != nil || len(got.Outcomes) != 3+writers || len(got.Scope) != writers || got.Version != 1+writers {
		t.Errorf("version %d with %d outcomes and %d changes, error %v", got.Version, len(got.Outcomes), len(got.Scope), err)
	}
}

func TestPlannerRetries(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct{ retries, conflicts, tries int }{{0, 3, 4}, {0, 4, 4}, {1, 1, 2}, {1, 2, 2}, {-1, 1, 1}} {
		store := new(failing)
		p := newPlanner(t, store, outcome.Options{Retries: c.retries})
		if _, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}); err != nil {
			t.Fatal(err)
		}
		tries := 0
		store.before = func(int64) error {
			if tries++; tries <= c.conflicts {
				return fmt.Errorf("a row was there: %w", outcome.ErrConflict)
			}
			return nil
		}
		_, err := p.Update(ctx, "acme", "2026", func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
			return m.Sign(p, "customer", "c", on(1, 6))
		})
		if tries != c.tries || errors.Is(err, outcome.ErrConflict) != (c.conflicts >= c.tries) {
			t.Errorf("retries %d, %d conflicts: tried %d times and got %v", c.retries, c.conflicts, tries, err)
		}
	}
}

func TestPlannerUpdate(t *testing.T) {
	ctx := t.Context()
	c := &clock{now: on(3, 1)}
	store := new(failing)
	p := newPlanner(t, store, outcome.Options{Now: c.Now})
	first, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	c.set(on(2, 1)) // the clock goes back, recorded times do not
	done, err := p.Update(ctx, "acme", "2026", func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
		p.Outcomes[0].Milestones[0].Done = on(1, 20)
		p.Version = 77
		return p, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if done.Version != 2 || !done.Recorded.Equal(first.Recorded) || !done.Outcomes[0].Milestones[0].Done.Equal(on(1, 20)) {
		t.Errorf("version %d recorded at %v", done.Version, done.Recorded)
	}
	for want, step := range map[string]func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error){
		`plan "2026": became plan "other" of account "acme" in the step`: func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
			p.ID = "other"
			return p, nil
		},
		"at /outcomes/0/weight: must be above 0": func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
			p.Outcomes[0].Weight = 0
			return p, nil
		},
		"refused by agreed_first": func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
			return m.Activate(p, "in-use", on(2, 1))
		},
		"no": func(*outcome.Model, outcome.Plan) (outcome.Plan, error) { return outcome.Plan{}, errors.New("no") },
	} {
		if _, err := p.Update(ctx, "acme", "2026", step); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	drop := func(m *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
		return m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "in-use"}, Drop: true, By: "u", Reason: "no use", At: on(2, 1)})
	}
	if done, err = p.Update(ctx, "acme", "2026", drop); err != nil {
		t.Fatal(err)
	}
	store.save = errors.New("must not be called")
	if again, err := p.Update(ctx, "acme", "2026", drop); err != nil || mustJSON(t, again) != mustJSON(t, done) {
		t.Errorf("dropped again, as after a crash: error %v, plan\n%s", err, mustJSON(t, again))
	}
	same, err := p.Update(ctx, "acme", "2026", func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) {
		p.Version, p.Recorded = 9, on(9, 9)
		return p, nil
	})
	if err != nil || mustJSON(t, same) != mustJSON(t, done) {
		t.Errorf("a step that changes nothing: error %v, plan\n%s", err, mustJSON(t, same))
	}
}

// TestPlannerCheck has a value that was corrected later: as known before, it was 40, and is 60 as known now.
func TestPlannerCheck(t *testing.T) {
	ctx := t.Context()
	c := &clock{now: on(1, 5)}
	store := new(failing)
	p := newPlanner(t, store, outcome.Options{Now: c.Now})
	if _, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}); err != nil {
		t.Fatal(err)
	}
	put := func(at, recorded time.Time, v float64) {
		t.Helper()
		if err := store.Put(ctx, "acme", outcome.Measurement{Measure: "weekly_active_share", At: at, Value: v, Recorded: recorded}); err != nil {
			t.Fatal(err)
		}
	}
	put(on(1, 10), on(1, 10), 20)
	put(on(1, 20), on(1, 20), 40)
	put(on(1, 20), on(2, 20), 60)
	for _, x := range []struct {
		now, asOf time.Time
		want      float64
	}{{on(2, 1), on(1, 20), 0.5}, {on(2, 1), on(1, 20).Add(-time.Microsecond), 0.25}, {on(3, 1), on(1, 20), 0.75}} {
		c.set(x.now)
		a, err := p.Check(ctx, "acme", "2026", x.asOf)
		if err != nil {
			t.Fatal(err)
		}
		if a.Template != "starter" || a.Version != "1" {
			t.Errorf("assessed under template %q version %q", a.Template, a.Version)
		}
		if got := a.Outcomes[0].Raw; got != x.want {
			t.Errorf("known on %v, as of %v: raw %v, want %v", x.now, x.asOf, got, x.want)
		}
	}
}

func TestPlannerErrors(t *testing.T) {
	ctx := t.Context()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	disk := errors.New("disk")
	idle := func(_ *outcome.Model, p outcome.Plan) (outcome.Plan, error) { p.Renewal = on(12, 1); return p, nil }
	q := outcome.Proposal{Account: "acme", ID: "2026", Start: on(1, 1)}
	tests := []struct {
		name string
		run  func(s *failing, p *outcome.Planner) error
		want error
		text string
	}{
		{"load fails", func(s *failing, p *outcome.Planner) error {
			s.load = disk
			_, a := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "new", Start: on(1, 1)})
			_, b := p.Update(ctx, "acme", "2026", idle)
			_, c := p.Check(ctx, "acme", "2026", on(2, 1))
			if !errors.Is(a, disk) || !errors.Is(b, disk) {
				return errors.Join(a, b)
			}
			return c
		}, disk, `outcome: check "acme": load plan "2026": disk`},
		{"save fails", func(s *failing, p *outcome.Planner) error {
			s.save = disk
			_, err := p.Update(ctx, "acme", "2026", idle)
			return err
		}, disk, `outcome: update "acme": save plan "2026": disk`},
		{"first save fails", func(s *failing, p *outcome.Planner) error {
			s.save = disk
			_, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "new", Start: on(1, 1)})
			return err
		}, disk, `outcome: propose "acme": save plan "new": disk`},
		{"values fail", func(s *failing, p *outcome.Planner) error {
			s.measured = disk
			_, err := p.Check(ctx, "acme", "2026", on(2, 1))
			return err
		}, disk, `outcome: check "acme": read measure "weekly_active_share": disk`},
		{"ended context", func(_ *failing, p *outcome.Planner) error {
			_, err := p.Check(ended, "acme", "2026", on(2, 1))
			return err
		}, context.Canceled, "context canceled"},
		{"no plan to update", func(_ *failing, p *outcome.Planner) error {
			_, err := p.Update(ctx, "acme", "2025", idle)
			return err
		}, nil, `outcome: account "acme": plan "2025": is not there`},
		{"no plan to check", func(_ *failing, p *outcome.Planner) error {
			_, err := p.Check(ctx, "other", "2026", on(2, 1))
			return err
		}, nil, `outcome: account "other": plan "2026": is not there`},
		{"check of no account", func(_ *failing, p *outcome.Planner) error {
			_, err := p.Check(ctx, "", "2026", on(2, 1))
			return err
		}, nil, `outcome: account: is empty`},
		{"check at no time", func(s *failing, p *outcome.Planner) error {
			s.load = errors.New("must not be called")
			_, err := p.Check(ctx, "acme", "2026", time.Time{})
			return err
		}, nil, `outcome: account "acme": as of: is zero`},
		{"a wrong proposal", func(_ *failing, p *outcome.Planner) error {
			_, err := p.Propose(ctx, outcome.Proposal{Account: "acme", ID: "new"})
			return err
		}, nil, `outcome: account "acme": start: is zero`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := new(failing)
			var seen []string
			p := newPlanner(t, store, outcome.Options{Observe: func(ctx context.Context, op outcome.Op) (context.Context, func(error)) {
				return ctx, func(err error) {
					if err != nil {
						seen = append(seen, op.Name+" "+op.Account+": "+err.Error())
					}
				}
			}})
			if _, err := p.Propose(ctx, q); err != nil {
				t.Fatal(err)
			}
			err := tt.run(store, p)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Fatalf("got %v, want %s", err, tt.text)
			}
			if len(seen) == 0 || !strings.HasSuffix(seen[len(seen)-1], err.Error()) {
				t.Errorf("the observer saw %q", seen)
			}
		})
	}
}

// TestForeignRecords has what only another release, or a store that mixes things up, can bring.
