package laddertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/ladder"
)

const acme = "acme"

type ledgerCase = conform.Case[ladder.Ledger]

func ledgerCases() []ledgerCase {
	return []ledgerCase{
		{Clause: "E1", Name: "append one after the other", Run: appendInOrder},
		{Clause: "E1", Name: "append a batch", Run: appendBatch},
		{Clause: "E2", Name: "the same again, whatever after is", Run: appendAgain},
		{Clause: "E2", Name: "an ID is its account's alone", Run: appendToOther},
		{Clause: "E3", Name: "another after", Run: appendElsewhere},
		{Clause: "E3", Name: "other content under the same ID", Run: appendOther},
		{Clause: "E3", Name: "a batch that is there in part", Run: appendPartly},
		{Clause: "E4", Name: "eight writers", Run: race},
		{Clause: "E5", Name: "entries after a number", Run: entriesAfter},
		{Clause: "E5", Name: "a range does not see later entries", Run: entriesSnapshot},
		{Clause: "E6", Name: "entries come back as they were", Run: roundTrip},
		{Clause: "E6", Name: "the entries are nobody else's", Run: own},
		{Clause: "E7", Name: "accounts in the order of their bytes", Run: accountsInOrder},
		{Clause: "E8", Name: "forget", Run: forget},
		{Clause: "E8", Name: "forget while appending", Run: forgetInTurn},
		{Clause: "E9", Name: "IDs are their bytes", Run: bytesApart},
		{Clause: "E10", Name: "a range may be left", Run: leave},
		{Clause: "E10", Name: "the store may be called in a range", Run: nest},
		{Clause: "E11", Name: "a cancelled context", Run: cancelled},
		{Clause: "E11", Name: "a cancelled context over nothing", Run: cancelledEmpty},
		{Clause: "E11", Name: "eight users", Run: together},
	}
}

func appendInOrder(ctx context.Context, s ladder.Ledger) error {
	for n := range 5 {
		if err := seed(ctx, s, acme, int64(n), entry(acme, n)); err != nil {
			return err
		}
	}
	return holds(ctx, s, acme, 0, entries(acme, 0, 5))
}

func appendBatch(ctx context.Context, s ladder.Ledger) error {
	twice := []ladder.Entry{entry(acme, 5), entry(acme, 5)}
	return first(
		seed(ctx, s, acme, 0, entries(acme, 0, 3)...),
		seed(ctx, s, acme, 3, entries(acme, 3, 5)...),
		refused(ctx, s, acme, 5, twice...),
		holds(ctx, s, acme, 0, entries(acme, 0, 5)),
	)
}

func appendAgain(ctx context.Context, s ladder.Ledger) error {
	all := entries(acme, 0, 4)
	return first(
		seed(ctx, s, acme, 0, all...),
		seed(ctx, s, acme, 0, all...),
		seed(ctx, s, acme, 4, all[1:3]...),
		seed(ctx, s, acme, 2, all[0]),
		seed(ctx, s, acme, 99, all[3]),
		holds(ctx, s, acme, 0, all),
	)
}

func appendToOther(ctx context.Context, s ladder.Ledger) error {
	return first(
		seed(ctx, s, acme, 0, entry(acme, 0)),
		seed(ctx, s, "zeta", 0, entry("zeta", 0)),
		holds(ctx, s, "zeta", 0, entries("zeta", 0, 1)),
	)
}

func appendElsewhere(ctx context.Context, s ladder.Ledger) error {
	return first(
		refused(ctx, s, acme, 1, entry(acme, 0)),
		holds(ctx, s, acme, 0, nil),
		seed(ctx, s, acme, 0, entries(acme, 0, 2)...),
		refused(ctx, s, acme, 0, entry(acme, 2)),
		refused(ctx, s, acme, 1, entry(acme, 2)),
		refused(ctx, s, acme, 3, entry(acme, 2)),
		refused(ctx, s, acme, -1, entry(acme, 2)),
		holds(ctx, s, acme, 0, entries(acme, 0, 2)),
	)
}

func appendOther(ctx context.Context, s ladder.Ledger) error {
	held := entry(acme, 1)
	amount, source, recorded := held, held, held
	amount.Amount = held.Amount.Add(held.Units)
	source.Source = "report 18"
	recorded.Recorded = held.To
	for _, e := range []ladder.Entry{amount, source, recorded} {
		if err := first(
			s.Append(ctx, acme, 0, held),
			refused(ctx, s, acme, 0, e),
			refused(ctx, s, acme, 1, e),
			holds(ctx, s, acme, 0, []ladder.Entry{held}),
		); err != nil {
			return err
		}
	}
	return nil
}

func appendPartly(ctx context.Context, s ladder.Ledger) error {
	all := entries(acme, 0, 4)
	return first(
		seed(ctx, s, acme, 0, all[:2]...),
		refused(ctx, s, acme, 1, all[1:3]...),
		refused(ctx, s, acme, 2, all[1:3]...),
		refused(ctx, s, acme, 2, all[3], all[0]),
		holds(ctx, s, acme, 0, all[:2]),
	)
}

// race lets eight writers append after the same version.
func race(ctx context.Context, s ladder.Ledger) error {
	const writers, rounds = 8, 4
	for round := range rounds {
		errs := make([]error, writers)
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() { errs[w] = s.Append(ctx, acme, int64(round), entry(acme, writers*round+w)) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, ladder.ErrConflict) {
				return fmt.Errorf("append after %d: got %w, want nil or ErrConflict", round, err)
			}
		}
		list, err := read(ctx, s, acme, 0)
		if err != nil {
			return err
		}
		if won != 1 || len(list) != round+1 {
			return fmt.Errorf("of %d writers after %d, %d won and %d entries are there", writers, round, won, len(list))
		}
	}
	return nil
}

func entriesAfter(ctx context.Context, s ladder.Ledger) error {
	all := entries(acme, 0, 4)
	return first(
		holds(ctx, s, acme, 0, nil),
		seed(ctx, s, acme, 0, all...),
		holds(ctx, s, acme, 0, all),
		holds(ctx, s, acme, 1, all[1:]),
		holds(ctx, s, acme, 3, all[3:]),
		holds(ctx, s, acme, 4, nil),
		holds(ctx, s, acme, 9, nil),
		holds(ctx, s, "nobody", 0, nil),
	)
}

func entriesSnapshot(ctx context.Context, s ladder.Ledger) error {
	all := entries(acme, 0, 6)
	if err := seed(ctx, s, acme, 0, all[:3]...); err != nil {
		return err
	}
	sequence := s.Entries(ctx, acme, 0)
	for round := range 2 { // the second range begins when four are there
		var got []ladder.Entry
		for e, err := range sequence {
			if err != nil {
				return err
			}
			if len(got) == 0 {
				if err := seed(ctx, s, acme, int64(3+round), all[3+round]); err != nil {
					return err
				}
			}
			got = append(got, e)
		}
		if err := differ("a range", got, all[:3+round]); err != nil {
			return err
		}
	}
	return nil
}

func roundTrip(ctx context.Context, s ladder.Ledger) error {
	want := delicate(acme)
	return first(seed(ctx, s, acme, 0, want...), holds(ctx, s, acme, 0, want))
}

// own changes the entries that it gave.
func own(ctx context.Context, s ladder.Ledger) error {
	given := entries(acme, 0, 3)
	if err := seed(ctx, s, acme, 0, given...); err != nil {
		return err
	}
	given[1].Source = "spoiled"
	return holds(ctx, s, acme, 0, entries(acme, 0, 3))
}

func accountsInOrder(ctx context.Context, s ladder.Ledger) error {
	want := []string{" a", "A", "B", "a", "a ", "aa", "b", "e\u0301", "z", "é", "株"}
	for i := range want {
		account := want[i*7%len(want)]
		if err := seed(ctx, s, account, 0, entries(account, 0, 2)...); err != nil {
			return err
		}
	}
	if err := refused(ctx, s, "c", 1, entry("c", 0)); err != nil {
		return err
	}
	for i, after := range want {
		if err := posted(ctx, s, after, slices.Clip(want[i+1:])); err != nil {
			return err
		}
	}
	return first(posted(ctx, s, "", want), posted(ctx, s, "c", want[7:]))
}

func forget(ctx context.Context, s ladder.Ledger) error {
	all := entries(acme, 0, 3)
	return first(
		s.Forget(ctx, "nobody"),
		seed(ctx, s, acme, 0, all...),
		seed(ctx, s, "zeta", 0, entry("zeta", 0)),
		s.Forget(ctx, acme),
		holds(ctx, s, acme, 0, nil),
		posted(ctx, s, "", []string{"zeta"}),
		refused(ctx, s, acme, 3, entry(acme, 3)),
		seed(ctx, s, acme, 0, all[1]), // an ID that was there is new again
		holds(ctx, s, acme, 0, all[1:2]),
		posted(ctx, s, "", []string{acme, "zeta"}),
		holds(ctx, s, "zeta", 0, entries("zeta", 0, 1)),
	)
}

// bytesApart uses IDs that look alike, as accounts and as IDs of entries.
func bytesApart(ctx context.Context, s ladder.Ledger) error {
	alike := []string{"é", "e\u0301", "É", "A", "a", "a ", " a", "ａ"}
	var want []ladder.Entry
	for i, id := range alike {
		e := entry(acme, i)
		e.ID = id
		want = append(want, e)
		mine := entry(id, i)
		if err := first(seed(ctx, s, acme, int64(i), e), seed(ctx, s, id, 0, mine)); err != nil {
			return err
		}
	}
	for i, id := range alike {
		if err := holds(ctx, s, id, 0, []ladder.Entry{entry(id, i)}); err != nil {
			return err
		}
	}
	return holds(ctx, s, acme, 0, want)
}

func leave(ctx context.Context, s ladder.Ledger) error {
	if err := first(
		seed(ctx, s, acme, 0, entries(acme, 0, 3)...),
		seed(ctx, s, "zeta", 0, entry("zeta", 0)),
	); err != nil {
		return err
	}
	for range s.Entries(ctx, acme, 0) {
		break
	}
	for range s.Posted(ctx, "") {
		break
	}
	return first(seed(ctx, s, acme, 3, entry(acme, 3)), holds(ctx, s, acme, 0, entries(acme, 0, 4)))
}

func nest(ctx context.Context, s ladder.Ledger) error {
	if err := seed(ctx, s, acme, 0, entries(acme, 0, 3)...); err != nil {
		return err
	}
	n := int64(3)
	for account, err := range s.Posted(ctx, "") {
		if err != nil {
			return err
		}
		if account != acme { // one that the loop below made: whether it is seen is open
			continue
		}
		for e, err := range s.Entries(ctx, account, 0) {
			if err != nil {
				return err
			}
			if n == 6 {
				return errors.New("the range sees entries that came after it began")
			}
			if err := first(
				seed(ctx, s, acme, n, entry(acme, int(n))),
				seed(ctx, s, "in "+e.ID, 0, entry("in "+e.ID, 0)),
				holds(ctx, s, acme, n, entries(acme, int(n), int(n)+1)),
			); err != nil {
				return err
			}
			n++
		}
	}
	return holds(ctx, s, acme, 0, entries(acme, 0, 6))
}

func cancelled(ctx context.Context, s ladder.Ledger) error {
	if err := seed(ctx, s, acme, 0, entries(acme, 0, 3)...); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, entriesErr := read(gone, s, acme, 0)
	for what, err := range map[string]error{
		"Append":  s.Append(gone, acme, 3, entry(acme, 3)),
		"Entries": entriesErr,
		"Posted":  posted(gone, s, "", []string{acme}),
		"Forget":  s.Forget(gone, acme),
	} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s after the context was cancelled: got %v", what, err)
		}
	}
	return holds(ctx, s, acme, 0, entries(acme, 0, 3))
}

func cancelledEmpty(ctx context.Context, s ladder.Ledger) error {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, entriesErr := read(gone, s, acme, 0)
	if !errors.Is(entriesErr, context.Canceled) {
		return fmt.Errorf("call of Entries after the context was cancelled: got %v", entriesErr)
	}
	if err := posted(gone, s, "", nil); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of Posted after the context was cancelled: got %v", err)
	}
	return nil
}

// together lets eight users write accounts of their own, and read those of all.
func together(ctx context.Context, s ladder.Ledger) error {
	const users, each = 8, 6
	errs := make([]error, users)
	var wg sync.WaitGroup
	for u := range users {
		wg.Go(func() {
			account := fmt.Sprintf("user %d", u)
			for n := range each {
				_, err := read(ctx, s, fmt.Sprintf("user %d", (u+n)%users), 0)
				err = first(errs[u], err, seed(ctx, s, account, int64(n), entry(account, n)))
				for _, rangeErr := range s.Posted(ctx, "") {
					err = first(err, rangeErr)
				}
				errs[u] = err
			}
			errs[u] = first(errs[u], holds(ctx, s, account, 0, entries(account, 0, each)), s.Forget(ctx, account))
		})
	}
	wg.Wait()
	return first(append(errs, posted(ctx, s, "", nil))...)
}
