package healthtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

func historyCases() []conform.Case[health.History] {
	return []conform.Case[health.History]{
		{Clause: "H1", Name: "append adds the next record", Run: appendsNext},
		{Clause: "H2", Name: "the same record again is a no-op", Run: appendsOnce},
		{Clause: "H3", Name: "a conflict changes nothing", Run: refusesConflict},
		{Clause: "H4", Name: "one of many writers wins", Run: oneWriterWins},
		{Clause: "H5", Name: "last gives what was appended last", Run: givesLast},
		{Clause: "H6", Name: "records by effective and recorded time", Run: givesRange},
		{Clause: "H6", Name: "several records of one instant", Run: givesOneInstant},
		{Clause: "H6", Name: "a range is a snapshot", Run: rangeIsSnapshot},
		{Clause: "H7", Name: "accounts in order of bytes, after a key", Run: listsAccounts},
		{Clause: "H8", Name: "forget", Run: forgets},
		{Clause: "H8", Name: "forget while appending", Run: forgetsInTurn},
		{Clause: "H9", Name: "accounts are told apart by bytes", Run: keepsApart},
		{Clause: "H9", Name: "records come back to the bit", Run: keepsBits},
		{Clause: "H9", Name: "what a caller changes", Run: keepsItsOwn},
		{Clause: "H10", Name: "a sequence stops early", Run: stopsEarly},
		{Clause: "H10", Name: "calls while a sequence runs", Run: callsWithin},
		{Clause: "H11", Name: "a cancelled context", Run: givesUp},
		{Clause: "H11", Name: "a cancelled context over nothing", Run: givesUpEmpty},
		{Clause: "H11", Name: "calls from many goroutines", Run: isConcurrent},
	}
}

func appendsNext(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 3); err != nil {
		return err
	}
	return versions("records", h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}), 1, 2, 3)
}

func appendsOnce(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 2); err != nil {
		return err
	}
	for v := int64(1); v <= 2; v++ {
		if err := h.Append(ctx, "a", v-1, record("a", v, float64(v))); err != nil {
			return fmt.Errorf("append of record %d again: %w", v, err)
		}
	}
	return versions("records", h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}), 1, 2)
}

func refusesConflict(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 2); err != nil {
		return err
	}
	if err := conflict("append of another record 2", h.Append(ctx, "a", 1, record("a", 2, 99))); err != nil {
		return err
	}
	if err := conflict("append of record 4 without a third", h.Append(ctx, "a", 3, record("a", 4, 4))); err != nil {
		return err
	}
	if err := conflict("append of record 2 to an empty account", h.Append(ctx, "b", 1, record("b", 2, 2))); err != nil {
		return err
	}
	if last, ok, err := h.Last(ctx, "a"); err != nil || !ok {
		return fmt.Errorf("last after conflicts: %v, %w", ok, cmp.Or(err, errors.New("want a record")))
	} else if err := same("last after conflicts", last, record("a", 2, 2)); err != nil {
		return err
	}
	return versions("records after conflicts", h.Records(ctx, "b", time.Time{}, time.Time{}, time.Time{}))
}

func oneWriterWins(ctx context.Context, h health.History) error {
	const writers, rounds = 8, 5
	for round := range int64(rounds) {
		errs := make([]error, writers)
		var wait sync.WaitGroup
		for w := range writers {
			wait.Go(func() { errs[w] = h.Append(ctx, "a", round, record("a", round+1, float64(w))) })
		}
		wait.Wait()
		winner := -1
		for w, err := range errs {
			switch {
			case err == nil && winner >= 0:
				return fmt.Errorf("round %d: writers %d and %d both appended record %d", round, winner, w, round+1)
			case err == nil:
				winner = w
			default:
				if err := conflict("concurrent append", err); err != nil {
					return err
				}
			}
		}
		if winner < 0 {
			return fmt.Errorf("round %d: no writer appended", round)
		}
		last, _, err := h.Last(ctx, "a")
		if err != nil {
			return fmt.Errorf("last: %w", err)
		}
		if err := same("last after a race", last, record("a", round+1, float64(winner))); err != nil {
			return err
		}
	}
	return nil
}

func givesLast(ctx context.Context, h health.History) error {
	if _, ok, err := h.Last(ctx, "a"); ok || err != nil {
		return fmt.Errorf("last of an account never seen: got %v, error %v, want false and no error", ok, err)
	}
	for v := int64(1); v <= 11; v++ { // 11 comes after 2 as a number, before it as a text
		if err := h.Append(ctx, "a", v-1, record("a", v, float64(v))); err != nil {
			return fmt.Errorf("append record %d: %w", v, err)
		}
		last, ok, err := h.Last(ctx, "a")
		if err != nil || !ok {
			return fmt.Errorf("last after record %d: got %v, error %v", v, ok, err)
		}
		if err := same("last", last, record("a", v, float64(v))); err != nil {
			return err
		}
	}
	return nil
}

func givesRange(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 11); err != nil {
		return err
	}
	if err := fill(ctx, h, "b", 2); err != nil {
		return err
	}
	none, step := time.Time{}, time.Microsecond
	for _, c := range []struct {
		what             string
		from, to, knowns time.Time
		want             []int64
	}{
		{"no bounds", none, none, none, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
		{"from is inclusive", day(10), none, none, []int64{10, 11}},
		{"from is exact", day(10).Add(step), none, none, []int64{11}},
		{"to is exclusive", none, day(3), none, []int64{1, 2}},
		{"to is exact", none, day(3).Add(step), none, []int64{1, 2, 3}},
		{"one instant", day(5), day(5).Add(step), none, []int64{5}},
		{"knownAt is inclusive", none, none, day(2).Add(time.Minute), []int64{1, 2}},
		{"knownAt is exact", none, none, day(2).Add(time.Minute - step), []int64{1}},
		{"all three", day(2), day(9), day(4).Add(time.Minute), []int64{2, 3, 4}},
		{"an empty range", day(5), day(5), none, nil},
		{"before the first", none, day(1), none, nil},
	} {
		if err := versions(c.what, h.Records(ctx, "a", c.from, c.to, c.knowns), c.want...); err != nil {
			return err
		}
	}
	return versions("an account never seen", h.Records(ctx, "c", none, none, none))
}

func givesOneInstant(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 1); err != nil {
		return err
	}
	none := time.Time{}
	for _, r := range []health.Record{act("a", 2), record("a", 3, 3), act("a", 4)} {
		if err := h.Append(ctx, "a", r.Version-1, r); err != nil {
			return fmt.Errorf("append record %d: %w", r.Version, err)
		}
	}
	if err := versions("two of one instant", h.Records(ctx, "a", day(1), day(1).Add(time.Microsecond), none), 1, 2); err != nil {
		return err
	}
	return versions("all", h.Records(ctx, "a", none, none, none), 1, 2, 3, 4)
}

func rangeIsSnapshot(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 2); err != nil {
		return err
	}
	return patient(func() error {
		var got []int64
		for r, err := range h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}) {
			if err != nil {
				return fmt.Errorf("records: %w", err)
			}
			if got = append(got, r.Version); len(got) == 1 {
				if err := h.Append(ctx, "a", 2, record("a", 3, 3)); err != nil {
					return fmt.Errorf("append while records are ranged over: %w", err)
				}
			}
		}
		if !slices.Equal(got, []int64{1, 2}) {
			return fmt.Errorf("got versions %v, want those that were there when the range began: 1 and 2", got)
		}
		return nil
	})
}

func listsAccounts(ctx context.Context, h health.History) error {
	want := ids()
	for i := range want { // in another order than that of bytes
		if err := fill(ctx, h, want[(i*5+3)%len(want)], int64(1+i%2)); err != nil {
			return err
		}
	}
	for i, after := range append([]string{""}, want...) {
		got, err := collect("accounts", h.Accounts(ctx, after))
		if err != nil {
			return err
		}
		if !slices.Equal(got, want[i:]) {
			return fmt.Errorf("accounts after %q: got %q, want %q", after, got, want[i:])
		}
	}
	got, err := collect("accounts", h.Accounts(ctx, "a0")) // a key that is no account
	if err != nil {
		return err
	}
	if want := want[3:]; !slices.Equal(got, want) {
		return fmt.Errorf("accounts after \"a0\": got %q, want %q", got, want)
	}
	return nil
}

func forgets(ctx context.Context, h health.History) error {
	for _, account := range []string{"a", "b"} {
		if err := fill(ctx, h, account, 2); err != nil {
			return err
		}
	}
	for range 2 { // forgetting what is not there is fine
		if err := h.Forget(ctx, "a"); err != nil {
			return fmt.Errorf("forget: %w", err)
		}
	}
	if _, ok, err := h.Last(ctx, "a"); ok || err != nil {
		return fmt.Errorf("last after forget: got %v, error %v, want false and no error", ok, err)
	}
	if err := versions("records after forget", h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{})); err != nil {
		return err
	}
	got, err := collect("accounts", h.Accounts(ctx, ""))
	if err != nil {
		return err
	}
	if !slices.Equal(got, []string{"b"}) {
		return fmt.Errorf("accounts after forget: got %q, want \"b\" alone", got)
	}
	if err := fill(ctx, h, "a", 1); err != nil {
		return fmt.Errorf("after forget: %w", err)
	}
	return versions("records of another account", h.Records(ctx, "b", time.Time{}, time.Time{}, time.Time{}), 1, 2)
}
