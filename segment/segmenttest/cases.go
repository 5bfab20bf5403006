package segmenttest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/segment"
)

type store = segment.Assignments

func cases() []conform.Case[store] {
	return slices.Concat(appendCases(), readCases(), lifeCases())
}

func appendCases() []conform.Case[store] {
	return []conform.Case[store]{
		{Clause: "A1", Name: "append after the last version", Run: func(ctx context.Context, s store) error {
			if err := fill(ctx, s, "acme", 3); err != nil {
				return err
			}
			got, err := versions(s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}))
			return same(got, []int64{1, 2, 3}, err)
		}},
		{Clause: "A2", Name: "the same record again", Run: func(ctx context.Context, s store) error {
			if err := fill(ctx, s, "acme", 2); err != nil {
				return err
			}
			for version := int64(1); version <= 2; version++ {
				if err := s.Append(ctx, "acme", version-1, record("acme", version)); err != nil {
					return fmt.Errorf("version %d again: %w", version, err)
				}
			}
			got, err := versions(s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}))
			return same(got, []int64{1, 2}, err)
		}},
		{Clause: "A3", Name: "another record of a version", Run: func(ctx context.Context, s store) error {
			if err := fill(ctx, s, "acme", 2); err != nil {
				return err
			}
			other := record("acme", 2)
			other.Membership.Reason = segment.Held
			if err := conflict(s.Append(ctx, "acme", 1, other)); err != nil {
				return err
			}
			return last(ctx, s, "acme", record("acme", 2))
		}},
		{Clause: "A3", Name: "a version too far", Run: func(ctx context.Context, s store) error {
			if err := fill(ctx, s, "acme", 1); err != nil {
				return err
			}
			if err := conflict(s.Append(ctx, "acme", 2, record("acme", 3))); err != nil {
				return err
			}
			return last(ctx, s, "acme", record("acme", 1))
		}},
		{Clause: "A4", Name: "eight writers after one version", Run: race},
	}
}

// race lets eight writers append different records after the same version, five times.
func race(ctx context.Context, s store) error {
	const writers, rounds = 8, 5
	for version := int64(1); version <= rounds; version++ {
		errs := make([]error, writers)
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				r := record("acme", version)
				r.Verdict.Version = fmt.Sprint("writer ", i)
				errs[i] = s.Append(ctx, "acme", version-1, r)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, segment.ErrConflict):
				return fmt.Errorf("version %d: %w, not ErrConflict", version, err)
			}
		}
		if won != 1 {
			return fmt.Errorf("version %d: %d of %d writers succeeded", version, won, writers)
		}
	}
	got, err := versions(s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}))
	return same(got, []int64{1, 2, 3, 4, 5}, err)
}

func conflict(err error) error {
	if !errors.Is(err, segment.ErrConflict) {
		return fmt.Errorf("got error %v, want ErrConflict", err)
	}
	return nil
}

func same[T comparable](got, want []T, err error) error {
	if err != nil {
		return err
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

func readCases() []conform.Case[store] {
	return []conform.Case[store]{
		{Clause: "A5", Name: "nothing there", Run: func(ctx context.Context, s store) error {
			if r, ok, err := s.Last(ctx, "acme"); err != nil || ok {
				return fmt.Errorf("got %v, %t, %v for an account never seen", r.Version, ok, err)
			}
			got, err := versions(s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}))
			return same(got, nil, err)
		}},
		{Clause: "A5", Name: "the highest version of the account", Run: func(ctx context.Context, s store) error {
			if err := errors.Join(fill(ctx, s, "acme", 12), fill(ctx, s, "beta", 2)); err != nil {
				return err
			}
			return last(ctx, s, "acme", record("acme", 12))
		}},
		{Clause: "A5", Name: "what a caller changes", Run: spoilt},
		{Clause: "A6", Name: "bounds", Run: bounds},
		{Clause: "A6", Name: "as they were when the range began", Run: func(ctx context.Context, s store) error {
			if err := fill(ctx, s, "acme", 3); err != nil {
				return err
			}
			var got []int64
			for r, err := range s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}) {
				if err != nil {
					return err
				}
				if got = append(got, r.Version); len(got) == 1 {
					if err := s.Append(ctx, "acme", 3, record("acme", 4)); err != nil {
						return err
					}
				}
			}
			return same(got, []int64{1, 2, 3}, nil)
		}},
		{Clause: "A7", Name: "accounts in order of their bytes", Run: func(ctx context.Context, s store) error {
			want := accounts()
			for i := range want {
				account := want[(i*4+3)%len(want)] // out of order, and each once: 4 and 15 have no common factor
				if err := fill(ctx, s, account, 2); err != nil {
					return err
				}
			}
			got, err := names(s.Accounts(ctx, ""))
			if err := same(got, want, err); err != nil {
				return err
			}
			for i, account := range want {
				got, err := names(s.Accounts(ctx, account))
				if err := same(got, want[i+1:], err); err != nil {
					return fmt.Errorf("after %q: %w", account, err)
				}
			}
			got, err = names(s.Accounts(ctx, "abc"))
			return same(got, want[slices.Index(want, "ab")+1:], err)
		}},
		{Clause: "A9", Name: "IDs are apart", Run: func(ctx context.Context, s store) error {
			for i, account := range accounts() {
				if err := fill(ctx, s, account, int64(i+1)); err != nil {
					return fmt.Errorf("account %q: %w", account, err)
				}
			}
			for i, account := range accounts() {
				if err := last(ctx, s, account, record(account, int64(i+1))); err != nil {
					return fmt.Errorf("account %q: %w", account, err)
				}
			}
			return nil
		}},
		{Clause: "A9", Name: "every field comes back", Run: func(ctx context.Context, s store) error {
			want := rich("acme")
			if err := s.Append(ctx, "acme", 0, rich("acme")); err != nil {
				return err
			}
			if err := last(ctx, s, "acme", want); err != nil {
				return err
			}
			for r, err := range s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}) {
				if err != nil {
					return err
				}
				if err := differ(r, want); err != nil {
					return err
				}
			}
			return s.Append(ctx, "acme", 0, rich("acme"))
		}},
	}
}

// spoilt changes a record that was given, and those that were returned.
func spoilt(ctx context.Context, s store) error {
	spoil := func(r segment.Record) {
		r.Verdict.Facts[0].Attribute, r.Verdict.Unknown[0], r.Verdict.Near[0].Need, r.Verdict.Stays[0] = "x", "x", "x", "x"
		r.Verdict.Leave[0].Need, r.Membership.Declined.By, r.Membership.Pin.By, r.Events[0].ID = "x", "x", "x", "x"
	}
	given := rich("acme")
	if err := s.Append(ctx, "acme", 0, given); err != nil {
		return err
	}
	spoil(given)
	if err := last(ctx, s, "acme", rich("acme")); err != nil {
		return fmt.Errorf("given: %w", err)
	}
	returned, _, err := s.Last(ctx, "acme")
	if err != nil {
		return err
	}
	spoil(returned)
	if err := last(ctx, s, "acme", rich("acme")); err != nil {
		return fmt.Errorf("returned by Last: %w", err)
	}
	for r, err := range s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			return err
		}
		spoil(r)
	}
	if err := last(ctx, s, "acme", rich("acme")); err != nil {
		return fmt.Errorf("returned by Records: %w", err)
	}
	return nil
}

// bounds tries the edges of each bound, a microsecond either side.
func bounds(ctx context.Context, s store) error {
	if err := fill(ctx, s, "acme", 5); err != nil {
		return err
	}
	second := start().AddDate(0, 0, 1)
	fourth := start().AddDate(0, 0, 3)
	const us = time.Microsecond
	none := time.Time{}
	for _, c := range []struct {
		name              string
		from, to, knownAt time.Time
		want              []int64
	}{
		{"from is included", second, none, none, []int64{2, 3, 4, 5}},
		{"from a microsecond later", second.Add(us), none, none, []int64{3, 4, 5}},
		{"to is excluded", none, fourth, none, []int64{1, 2, 3}},
		{"to a microsecond later", none, fourth.Add(us), none, []int64{1, 2, 3, 4}},
		{"from and to", second, fourth, none, []int64{2, 3}},
		{"known at is included", none, none, second.Add(time.Second), []int64{1, 2}},
		{"known a microsecond earlier", none, none, second.Add(time.Second - us), []int64{1}},
		{"all three", second, none, fourth.Add(time.Second), []int64{2, 3, 4}},
		{"another zone", second.In(time.FixedZone("", 5*3600)), none, none, []int64{2, 3, 4, 5}},
		{"nothing between", second.Add(us), second.AddDate(0, 0, 1), none, nil},
	} {
		got, err := versions(s.Records(ctx, "acme", c.from, c.to, c.knownAt))
		if err := same(got, c.want, err); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func lifeCases() []conform.Case[store] {
	return []conform.Case[store]{
		{Clause: "A8", Name: "forget", Run: func(ctx context.Context, s store) error {
			if err := errors.Join(fill(ctx, s, "acme", 3), fill(ctx, s, "acme ", 1)); err != nil {
				return err
			}
			if err := s.Forget(ctx, "acme"); err != nil {
				return err
			}
			if _, ok, err := s.Last(ctx, "acme"); err != nil || ok {
				return fmt.Errorf("last after forget: %t, %v", ok, err)
			}
			seen, err := versions(s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}))
			if err := same(seen, nil, err); err != nil {
				return err
			}
			got, err := names(s.Accounts(ctx, ""))
			if err := same(got, []string{"acme "}, err); err != nil {
				return err
			}
			if err := s.Forget(ctx, "acme"); err != nil {
				return fmt.Errorf("forget again: %w", err)
			}
			if err := fill(ctx, s, "acme", 2); err != nil {
				return err
			}
			return last(ctx, s, "acme", record("acme", 2))
		}},
		{Clause: "A8", Name: "forget while appending", Run: forgetInTurn},
		{Clause: "A10", Name: "stop early and call while ranging", Run: func(ctx context.Context, s store) error {
			if err := errors.Join(fill(ctx, s, "acme", 3), fill(ctx, s, "beta", 3), fill(ctx, s, "gamma", 3)); err != nil {
				return err
			}
			for account, err := range s.Accounts(ctx, "") {
				if err != nil {
					return err
				}
				if account == "gamma" {
					return errors.New("the range went on after a break")
				}
				n := 0
				for r, err := range s.Records(ctx, account, time.Time{}, time.Time{}, time.Time{}) {
					if err != nil {
						return err
					}
					if n++; r.Version == 2 {
						break
					}
					if _, _, err := s.Last(ctx, account); err != nil {
						return err
					}
				}
				if n != 2 {
					return fmt.Errorf("a range stopped at the second record gave %d", n)
				}
				if err := s.Append(ctx, account, 3, record(account, 4)); err != nil {
					return fmt.Errorf("append while ranging: %w", err)
				}
				if account == "beta" {
					break
				}
			}
			return last(ctx, s, "beta", record("beta", 4))
		}},
		{Clause: "A11", Name: "cancelled", Run: func(ctx context.Context, s store) error {
			if err := fill(ctx, s, "acme", 1); err != nil {
				return err
			}
			ended, cancel := context.WithCancel(ctx)
			cancel()
			_, _, errLast := s.Last(ended, "acme")
			for _, c := range []struct {
				method string
				err    error
			}{
				{"Append", s.Append(ended, "acme", 1, record("acme", 2))},
				{"Last", errLast},
				{"Records", firstError(s.Records(ended, "acme", time.Time{}, time.Time{}, time.Time{}))},
				{"Records of nobody", firstError(s.Records(ended, "beta", time.Time{}, time.Time{}, time.Time{}))},
				{"Accounts", firstError(s.Accounts(ended, ""))},
				{"Accounts after the last", firstError(s.Accounts(ended, "acme"))},
				{"Forget", s.Forget(ended, "acme")},
			} {
				if !errors.Is(c.err, context.Canceled) {
					return fmt.Errorf("%s: got error %v, want context.Canceled", c.method, c.err)
				}
			}
			return last(ctx, s, "acme", record("acme", 1))
		}},
		{Clause: "A11", Name: "readers and writers at once", Run: crowd},
	}
}

func firstError[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}

// crowd lets eight goroutines write accounts of their own and read each other's.
func crowd(ctx context.Context, s store) error {
	const n = 8
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			account, other := fmt.Sprint("account ", i), fmt.Sprint("account ", (i+1)%n)
			if errs[i] = fill(ctx, s, account, 4); errs[i] != nil {
				return
			}
			_, _, errLast := s.Last(ctx, other)
			errs[i] = errors.Join(errLast, firstError(s.Accounts(ctx, "")),
				firstError(s.Records(ctx, other, time.Time{}, time.Time{}, time.Time{})),
				last(ctx, s, account, record(account, 4)))
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
