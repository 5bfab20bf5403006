package outcometest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/outcome"
)

func planCases() []conform.Case[outcome.Plans] {
	return []conform.Case[outcome.Plans]{
		{Clause: "P1", Name: "the first version, then the second", Run: saveInOrder},
		{Clause: "P2", Name: "the same plan again", Run: saveAgain},
		{Clause: "P3", Name: "a version that is not the stored one", Run: saveConflict},
		{Clause: "P4", Name: "concurrent first saves", Run: saveConcurrently},
		{Clause: "P5", Name: "all of a plan comes back", Run: loadWhole},
		{Clause: "P5", Name: "a plan that is not there", Run: loadAbsent},
		{Clause: "P5", Name: "the stored plan is nobody else's", Run: loadOwn},
		{Clause: "P6", Name: "an account's plans in order", Run: listInOrder},
		{Clause: "P7", Name: "accounts in order, resumed", Run: plannedInOrder},
		{Clause: "P8", Name: "nothing is left", Run: forgetPlans},
		{Clause: "P9", Name: "near twins are different", Run: twinPlans},
		{Clause: "P10", Name: "stop early, and call while ranging", Run: rangePlans},
		{Clause: "P11", Name: "a cancelled context", Run: cancelPlans},
		{Clause: "P11", Name: "a cancelled context over nothing", Run: cancelNoPlans},
		{Clause: "P11", Name: "goroutines on one store", Run: racePlans},
	}
}

func saveInOrder(ctx context.Context, s outcome.Plans) error {
	for version := range int64(3) {
		want := plan("acme", "p", version+1)
		if err := s.Save(ctx, version, want); err != nil {
			return fmt.Errorf("save version %d: %w", version+1, err)
		}
		if err := stored(ctx, s, want); err != nil {
			return err
		}
	}
	return nil
}

// stored reports whether exactly this plan is loaded.
func stored(ctx context.Context, s outcome.Plans, want outcome.Plan) error {
	got, ok, err := s.Load(ctx, want.Account, want.ID)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if !ok {
		return fmt.Errorf("plan %q of %q is not there", want.ID, want.Account)
	}
	return samePlan(got, want)
}

func saveAgain(ctx context.Context, s outcome.Plans) error {
	first, second := plan("acme", "p", 1), plan("acme", "p", 2)
	for _, save := range []struct {
		after int64
		plan  outcome.Plan
	}{{0, first}, {0, first}, {1, second}, {1, second}} {
		if err := s.Save(ctx, save.after, save.plan); err != nil {
			return fmt.Errorf("save version %d after %d: %w", save.plan.Version, save.after, err)
		}
	}
	return stored(ctx, s, second)
}

func saveConflict(ctx context.Context, s outcome.Plans) error {
	if err := s.Save(ctx, 1, plan("acme", "p", 2)); !errors.Is(err, outcome.ErrConflict) {
		return fmt.Errorf("save after 1 into an empty store: got %v, want ErrConflict", err)
	}
	if _, ok, err := s.Load(ctx, "acme", "p"); ok || err != nil {
		return fmt.Errorf("load after a conflict: got ok %v and error %v, want nothing", ok, err)
	}
	kept := plan("acme", "p", 2)
	if err := errors.Join(s.Save(ctx, 0, plan("acme", "p", 1)), s.Save(ctx, 1, kept)); err != nil {
		return err
	}
	for _, after := range []int64{0, 1, 3} {
		other := plan("acme", "p", after+1)
		other.Outcomes[0].Risk = "another plan"
		if err := s.Save(ctx, after, other); !errors.Is(err, outcome.ErrConflict) {
			return fmt.Errorf("save another plan after %d on version 2: got %v, want ErrConflict", after, err)
		}
		if err := stored(ctx, s, kept); err != nil {
			return fmt.Errorf("after a conflict: %w", err)
		}
	}
	return nil
}

func saveConcurrently(ctx context.Context, s outcome.Plans) error {
	for version := range int64(3) {
		plans := make([]outcome.Plan, writers)
		errs := together(func(i int) error {
			plans[i] = plan("acme", "p", version+1)
			plans[i].Outcomes[0].Risk = fmt.Sprint("writer ", i)
			return s.Save(ctx, version, plans[i])
		})
		winner := -1
		for i, err := range errs {
			switch {
			case err == nil && winner >= 0:
				return fmt.Errorf("writers %d and %d both saved version %d", winner, i, version+1)
			case err == nil:
				winner = i
			case !errors.Is(err, outcome.ErrConflict):
				return fmt.Errorf("writer %d: got %w, want ErrConflict", i, err)
			}
		}
		if winner < 0 {
			return fmt.Errorf("no writer saved version %d", version+1)
		}
		if err := stored(ctx, s, plans[winner]); err != nil {
			return err
		}
	}
	return nil
}

func loadWhole(ctx context.Context, s outcome.Plans) error {
	want := plan("acme", "p", 1)
	bare := outcome.Plan{Format: 1, Account: "acme", ID: "bare", Version: 1, Recorded: at(1), Template: "starter", Start: at(0)}
	for _, p := range []outcome.Plan{want, bare} {
		if err := s.Save(ctx, 0, p); err != nil {
			return err
		}
		if err := stored(ctx, s, p); err != nil {
			return err
		}
	}
	got, _, err := s.Load(ctx, "acme", "p")
	if err != nil {
		return err
	}
	if got, want := *got.Outcomes[0].Target, *want.Outcomes[0].Target; got.Base != want.Base || got.Goal != want.Goal {
		return fmt.Errorf("got base %v and goal %v, want %v and %v", got.Base, got.Goal, want.Base, want.Goal)
	}
	return nil
}

func loadAbsent(ctx context.Context, s outcome.Plans) error {
	if err := s.Save(ctx, 0, plan("acme", "p", 1)); err != nil {
		return err
	}
	for _, key := range [][2]string{{"acme", "q"}, {"other", "p"}} {
		if _, ok, err := s.Load(ctx, key[0], key[1]); ok || err != nil {
			return fmt.Errorf("load plan %q of %q: got ok %v and error %v, want neither", key[1], key[0], ok, err)
		}
	}
	return nil
}

func loadOwn(ctx context.Context, s outcome.Plans) error {
	spoil := func(p outcome.Plan) {
		p.Outcomes[0].Target.Goal = 77
		p.Outcomes[0].Milestones[1].After[0] = "spoiled"
		p.Promises[0].Answers[0] = "spoiled"
		p.Scope[0].Asks[0] = "spoiled"
	}
	given := plan("acme", "p", 1)
	if err := s.Save(ctx, 0, given); err != nil {
		return err
	}
	spoil(given)
	got, _, err := s.Load(ctx, "acme", "p")
	if err != nil {
		return err
	}
	if err := samePlan(got, plan("acme", "p", 1)); err != nil {
		return fmt.Errorf("after a change of the plan that was saved: %w", err)
	}
	spoil(got)
	if err := stored(ctx, s, plan("acme", "p", 1)); err != nil {
		return fmt.Errorf("after a change of the plan that was loaded: %w", err)
	}
	return nil
}

func listInOrder(ctx context.Context, s outcome.Plans) error {
	if got, err := conform.Collect(s.List(ctx, "acme")); err != nil || len(got) > 0 {
		return fmt.Errorf("list of an unknown account: got %d plans and error %v, want none", len(got), err)
	}
	want := ids()
	for i, id := range slices.Backward(want) {
		others := plan("other", fmt.Sprint("plan ", i), 1)
		if err := errors.Join(s.Save(ctx, 0, plan("acme", id, 1)), s.Save(ctx, 0, others)); err != nil {
			return err
		}
	}
	if err := s.Save(ctx, 1, plan("acme", want[0], 2)); err != nil {
		return err
	}
	listed, err := conform.Collect(s.List(ctx, "acme"))
	if err != nil {
		return err
	}
	var got []string
	for _, p := range listed {
		got = append(got, p.ID)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("listed %q, want %q", got, want)
	}
	return samePlan(listed[0], plan("acme", want[0], 2))
}

func plannedInOrder(ctx context.Context, s outcome.Plans) error {
	if got, err := conform.Collect(s.Planned(ctx, "")); err != nil || len(got) > 0 {
		return fmt.Errorf("accounts of an empty store: got %q and error %v, want none", got, err)
	}
	all := ids()
	for _, account := range slices.Backward(all) {
		if err := errors.Join(s.Save(ctx, 0, plan(account, "p", 1)), s.Save(ctx, 0, plan(account, "q", 1))); err != nil {
			return err
		}
	}
	for i, after := range append([]string{""}, all...) {
		got, err := conform.Collect(s.Planned(ctx, after))
		if err != nil {
			return err
		}
		if !slices.Equal(got, all[i:]) {
			return fmt.Errorf("accounts after %q: got %q, want %q", after, got, all[i:])
		}
	}
	got, err := conform.Collect(s.Planned(ctx, "b"))
	if err != nil || !slices.Equal(got, all[3:]) {
		return fmt.Errorf("accounts after %q, which is none: got %q and error %v, want %q", "b", got, err, all[3:])
	}
	return nil
}

func forgetPlans(ctx context.Context, s outcome.Plans) error {
	for _, account := range []string{"acme", "other"} {
		if err := errors.Join(s.Save(ctx, 0, plan(account, "p", 1)), s.Save(ctx, 1, plan(account, "p", 2))); err != nil {
			return err
		}
	}
	if err := errors.Join(s.Forget(ctx, "acme"), s.Forget(ctx, "acme"), s.Forget(ctx, "never seen")); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	if _, ok, err := s.Load(ctx, "acme", "p"); ok || err != nil {
		return fmt.Errorf("load: got ok %v and error %v, want neither", ok, err)
	}
	if got, err := conform.Collect(s.List(ctx, "acme")); err != nil || len(got) > 0 {
		return fmt.Errorf("list: got %d plans and error %v, want none", len(got), err)
	}
	if got, err := conform.Collect(s.Planned(ctx, "")); err != nil || !slices.Equal(got, []string{"other"}) {
		return fmt.Errorf("accounts: got %q and error %v, want the other alone", got, err)
	}
	if err := stored(ctx, s, plan("other", "p", 2)); err != nil {
		return fmt.Errorf("another account: %w", err)
	}
	if err := s.Save(ctx, 0, plan("acme", "p", 1)); err != nil {
		return fmt.Errorf("save as the first again: %w", err)
	}
	return stored(ctx, s, plan("acme", "p", 1))
}

func twinPlans(ctx context.Context, s outcome.Plans) error {
	for _, account := range ids() {
		for _, id := range ids() {
			if err := s.Save(ctx, 0, plan(account, id, 1)); err != nil {
				return fmt.Errorf("save plan %q of %q: %w", id, account, err)
			}
		}
	}
	for _, account := range ids() {
		for _, id := range ids() {
			if err := stored(ctx, s, plan(account, id, 1)); err != nil {
				return err
			}
		}
	}
	return nil
}

func rangePlans(ctx context.Context, s outcome.Plans) error {
	for _, account := range []string{"a", "b", "c"} {
		if err := errors.Join(s.Save(ctx, 0, plan(account, "p", 1)), s.Save(ctx, 0, plan(account, "q", 1))); err != nil {
			return err
		}
	}
	n := 0
	for account, err := range s.Planned(ctx, "") {
		if err != nil {
			return err
		}
		for p, err := range s.List(ctx, account) {
			if err != nil {
				return err
			}
			if err := s.Save(ctx, 1, plan(account, p.ID, 2)); err != nil {
				return fmt.Errorf("save while ranging: %w", err)
			}
			n++
			break // before the account's second plan
		}
		if n == 2 {
			break
		}
	}
	if n != 2 {
		return fmt.Errorf("ranged over %d plans, want the first of two accounts", n)
	}
	return stored(ctx, s, plan("a", "p", 2))
}

func cancelPlans(ctx context.Context, s outcome.Plans) error {
	if err := s.Save(ctx, 0, plan("acme", "p", 1)); err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, _, loadErr := s.Load(ended, "acme", "p")
	_, listErr := conform.Collect(s.List(ended, "acme"))
	_, plannedErr := conform.Collect(s.Planned(ended, ""))
	for _, call := range []struct {
		name string
		err  error
	}{
		{"Save", s.Save(ended, 1, plan("acme", "p", 2))},
		{"Load", loadErr},
		{"List", listErr},
		{"Planned", plannedErr},
		{"Forget", s.Forget(ended, "acme")},
	} {
		if !errors.Is(call.err, context.Canceled) {
			return fmt.Errorf("%s: got %v, want context.Canceled", call.name, call.err)
		}
	}
	return stored(ctx, s, plan("acme", "p", 1))
}

func cancelNoPlans(ctx context.Context, s outcome.Plans) error {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := conform.Collect(s.List(ended, "acme")); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of List: got %v, want context.Canceled", err)
	}
	if _, err := conform.Collect(s.Planned(ended, "")); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of Planned: got %v, want context.Canceled", err)
	}
	return nil
}

func racePlans(ctx context.Context, s outcome.Plans) error {
	errs := together(func(i int) error {
		account := fmt.Sprint("account ", i%4)
		id := fmt.Sprint("plan ", i)
		for version := range int64(5) {
			if err := s.Save(ctx, version, plan(account, id, version+1)); err != nil {
				return err
			}
			if err := stored(ctx, s, plan(account, id, version+1)); err != nil {
				return err
			}
			if _, err := conform.Collect(s.List(ctx, account)); err != nil {
				return err
			}
			if _, err := conform.Collect(s.Planned(ctx, "")); err != nil {
				return err
			}
		}
		return s.Forget(ctx, fmt.Sprint("nobody ", i))
	})
	return errors.Join(errs...)
}
