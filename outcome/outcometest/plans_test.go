package outcometest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/outcome"
)

// brokenPlans is a Memory with some methods replaced.
type brokenPlans struct {
	outcome.Memory
	save    func(ctx context.Context, after int64, p outcome.Plan) error
	load    func(ctx context.Context, account, plan string) (outcome.Plan, bool, error)
	list    func(ctx context.Context, account string) iter.Seq2[outcome.Plan, error]
	planned func(ctx context.Context, after string) iter.Seq2[string, error]
	forget  func(ctx context.Context, account string) error
}

func (b *brokenPlans) Save(ctx context.Context, after int64, p outcome.Plan) error {
	if b.save != nil {
		return b.save(ctx, after, p)
	}
	return b.Memory.Save(ctx, after, p)
}

func (b *brokenPlans) Load(ctx context.Context, account, plan string) (outcome.Plan, bool, error) {
	if b.load != nil {
		return b.load(ctx, account, plan)
	}
	return b.Memory.Load(ctx, account, plan)
}

func (b *brokenPlans) List(ctx context.Context, account string) iter.Seq2[outcome.Plan, error] {
	if b.list != nil {
		return b.list(ctx, account)
	}
	return b.Memory.List(ctx, account)
}

func (b *brokenPlans) Planned(ctx context.Context, after string) iter.Seq2[string, error] {
	if b.planned != nil {
		return b.planned(ctx, after)
	}
	return b.Memory.Planned(ctx, after)
}

func (b *brokenPlans) Forget(ctx context.Context, account string) error {
	if b.forget != nil {
		return b.forget(ctx, account)
	}
	return b.Memory.Forget(ctx, account)
}

// onSave changes plans on their way in.
func onSave(change func(*outcome.Plan)) func() outcome.Plans {
	return func() outcome.Plans {
		b := new(brokenPlans)
		b.save = func(ctx context.Context, after int64, p outcome.Plan) error {
			p.Outcomes = slices.Clone(p.Outcomes)
			p.Promises = slices.Clone(p.Promises)
			change(&p)
			return b.Memory.Save(ctx, after, p)
		}
		return b
	}
}

// onError changes what Save says of a plan that Memory refuses.
func onError(change func(b *brokenPlans, ctx context.Context, after int64, p outcome.Plan, err error) error) func() outcome.Plans {
	return func() outcome.Plans {
		b := new(brokenPlans)
		b.save = func(ctx context.Context, after int64, p outcome.Plan) error {
			return change(b, ctx, after, p, b.Memory.Save(ctx, after, p))
		}
		return b
	}
}

func reversed[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		items, err := conform.Collect(seq)
		for _, item := range slices.Backward(items) {
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// late looks at its context with each item alone.
func late[T any](ctx context.Context, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range seq {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// deaf yields on after the caller has stopped.
func deaf[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range seq {
			yield(item, err)
		}
	}
}

func TestPlansSuiteSeesFaults(t *testing.T) {
	ctx := context.Background()
	conform.Broken(t, planCases(), []conform.Fault[outcome.Plans]{
		{Clause: "P1", New: func() outcome.Plans { // keeps the first version
			b := new(brokenPlans)
			b.save = func(ctx context.Context, after int64, p outcome.Plan) error {
				if after > 0 {
					return nil
				}
				return b.Memory.Save(ctx, after, p)
			}
			return b
		}},
		{Clause: "P2", New: func() outcome.Plans { // the same again is a conflict
			b := new(brokenPlans)
			b.save = func(ctx context.Context, after int64, p outcome.Plan) error {
				if old, _, _ := b.Memory.Load(ctx, p.Account, p.ID); old.Version != after {
					return outcome.ErrConflict
				}
				return b.Memory.Save(ctx, after, p)
			}
			return b
		}},
		{Clause: "P3", New: onError(func(b *brokenPlans, ctx context.Context, after int64, p outcome.Plan, err error) error {
			if errors.Is(err, outcome.ErrConflict) {
				return errors.New("constraint violated") // not ErrConflict
			}
			return err
		})},
		{Clause: "P3", New: onError(func(b *brokenPlans, ctx context.Context, after int64, p outcome.Plan, err error) error {
			if errors.Is(err, outcome.ErrConflict) { // overwrites, and says conflict
				old, _, _ := b.Memory.Load(ctx, p.Account, p.ID)
				p.Version = old.Version + 1
				return errors.Join(err, b.Memory.Save(ctx, old.Version, p))
			}
			return err
		})},
		{Clause: "P4", New: onError(func(_ *brokenPlans, _ context.Context, _ int64, _ outcome.Plan, err error) error {
			if errors.Is(err, outcome.ErrConflict) {
				return nil // the loser is told that it won
			}
			return err
		})},
		{Clause: "P5", New: onSave(func(p *outcome.Plan) { p.Recorded = p.Recorded.Truncate(time.Millisecond) })},
		{Clause: "P5", New: onSave(func(p *outcome.Plan) { p.Scope = nil })},
		{Clause: "P5", New: onSave(func(p *outcome.Plan) {
			for i := range p.Outcomes {
				p.Outcomes[i].Weight = float64(float32(p.Outcomes[i].Weight))
			}
		})},
		{Clause: "P5", New: onSave(func(p *outcome.Plan) {
			for i := range p.Promises {
				p.Promises[i].Amount = p.Promises[i].Amount.Round(2)
			}
		})},
		{Clause: "P5", New: func() outcome.Plans { // absence is an error
			b := new(brokenPlans)
			b.load = func(ctx context.Context, account, plan string) (outcome.Plan, bool, error) {
				p, ok, err := b.Memory.Load(ctx, account, plan)
				if err == nil && !ok {
					err = errors.New("no rows")
				}
				return p, ok, err
			}
			return b
		}},
		{Clause: "P5", New: func() outcome.Plans { // hands out what it holds
			b := new(brokenPlans)
			var held sync.Map
			b.save = func(ctx context.Context, after int64, p outcome.Plan) error {
				held.Store([2]string{p.Account, p.ID}, p)
				return b.Memory.Save(ctx, after, p)
			}
			b.load = func(_ context.Context, account, plan string) (outcome.Plan, bool, error) {
				p, ok := held.Load([2]string{account, plan})
				if !ok {
					return outcome.Plan{}, false, nil
				}
				return p.(outcome.Plan), true, nil
			}
			return b
		}},
		{Clause: "P6", New: func() outcome.Plans {
			b := new(brokenPlans)
			b.list = func(ctx context.Context, account string) iter.Seq2[outcome.Plan, error] {
				return reversed(b.Memory.List(ctx, account))
			}
			return b
		}},
		{Clause: "P7", New: func() outcome.Plans { // from the given account on, it included
			b := new(brokenPlans)
			b.planned = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for account, err := range b.Memory.Planned(ctx, "") {
						if account >= after && !yield(account, err) {
							return
						}
					}
				}
			}
			return b
		}},
		{Clause: "P8", New: func() outcome.Plans { // the listing remembers
			b := new(brokenPlans)
			var gone []string
			b.forget = func(ctx context.Context, account string) error {
				if _, ok, _ := b.Memory.Load(ctx, account, "p"); ok {
					gone = append(gone, account)
				}
				return b.Memory.Forget(ctx, account)
			}
			b.planned = func(ctx context.Context, after string) iter.Seq2[string, error] {
				accounts, err := conform.Collect(b.Memory.Planned(ctx, after))
				return func(yield func(string, error) bool) {
					for _, account := range slices.Sorted(slices.Values(append(accounts, gone...))) {
						if !yield(account, err) {
							return
						}
					}
				}
			}
			return b
		}},
		{Clause: "P9", New: func() outcome.Plans { // folds letters
			b := new(brokenPlans)
			b.save = func(ctx context.Context, after int64, p outcome.Plan) error {
				p.Account = strings.ToLower(p.Account)
				return b.Memory.Save(ctx, after, p)
			}
			b.load = func(ctx context.Context, account, plan string) (outcome.Plan, bool, error) {
				return b.Memory.Load(ctx, strings.ToLower(account), plan)
			}
			return b
		}},
		{Clause: "P9", New: func() outcome.Plans { // trims
			b := new(brokenPlans)
			b.load = func(ctx context.Context, account, plan string) (outcome.Plan, bool, error) {
				return b.Memory.Load(ctx, strings.TrimSpace(account), plan)
			}
			return b
		}},
		{Clause: "P10", New: func() outcome.Plans {
			b := new(brokenPlans)
			b.list = func(ctx context.Context, account string) iter.Seq2[outcome.Plan, error] {
				return deaf(b.Memory.List(ctx, account))
			}
			return b
		}},
		{Clause: "P11", New: func() outcome.Plans {
			b := new(brokenPlans)
			b.load = func(_ context.Context, account, plan string) (outcome.Plan, bool, error) {
				return b.Memory.Load(ctx, account, plan)
			}
			return b
		}},
		{Clause: "P11", New: func() outcome.Plans { // hears of it with the first plan
			b := new(brokenPlans)
			b.list = func(ctx context.Context, account string) iter.Seq2[outcome.Plan, error] {
				return late(ctx, b.Memory.List(context.WithoutCancel(ctx), account))
			}
			return b
		}},
		{Clause: "P11", New: func() outcome.Plans {
			b := new(brokenPlans)
			b.planned = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return late(ctx, b.Memory.Planned(context.WithoutCancel(ctx), after))
			}
			return b
		}},
		{Clause: "P11", New: func() outcome.Plans {
			b := new(brokenPlans)
			b.planned = func(_ context.Context, after string) iter.Seq2[string, error] {
				return b.Memory.Planned(ctx, after)
			}
			return b
		}},
	})
}
