package journeytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/journey"
)

const acme = "acme"

type logCase = conform.Case[journey.Log]

func logCases() []logCase {
	return []logCase{
		{Clause: "L1", Name: "append one after the other", Run: appendInOrder},
		{Clause: "L1", Name: "append a batch", Run: appendBatch},
		{Clause: "L1", Name: "a batch with one ID twice", Run: appendTwice},
		{Clause: "L2", Name: "the same again, whatever after is", Run: appendAgain},
		{Clause: "L2", Name: "the same recorded later", Run: appendLater},
		{Clause: "L2", Name: "an ID is its account's alone", Run: appendToOther},
		{Clause: "L3", Name: "another after", Run: appendElsewhere},
		{Clause: "L3", Name: "other content under the same ID", Run: appendOther},
		{Clause: "L3", Name: "a batch that is there in part", Run: appendPartly},
		{Clause: "L4", Name: "eight writers", Run: race},
		{Clause: "L5", Name: "events after a number", Run: eventsAfter},
		{Clause: "L5", Name: "a range does not see later events", Run: eventsSnapshot},
		{Clause: "L6", Name: "events come back as they were", Run: roundTrip},
		{Clause: "L6", Name: "events are copies", Run: copies},
		{Clause: "L7", Name: "accounts in the order of their bytes", Run: accountsInOrder},
		{Clause: "L8", Name: "forget", Run: forget},
		{Clause: "L8", Name: "forget while appending", Run: forgetInTurn},
		{Clause: "L9", Name: "IDs are their bytes", Run: bytesApart},
		{Clause: "L10", Name: "a range may be left", Run: leave},
		{Clause: "L10", Name: "the store may be called in a range", Run: nest},
		{Clause: "L11", Name: "a cancelled context", Run: cancelled},
		{Clause: "L11", Name: "a cancelled context over nothing", Run: cancelledEmpty},
		{Clause: "L11", Name: "a context cancelled in a range", Run: cancelledWithin},
		{Clause: "L11", Name: "eight users", Run: together},
	}
}

func appendInOrder(ctx context.Context, s journey.Log) error {
	for n := range 5 {
		if err := add(ctx, s, acme, int64(n), event(acme, n)); err != nil {
			return err
		}
	}
	return holds(ctx, s, acme, 0, events(acme, 0, 5))
}

func appendBatch(ctx context.Context, s journey.Log) error {
	return first(
		add(ctx, s, acme, 0, events(acme, 0, 3)...),
		add(ctx, s, acme, 3, events(acme, 3, 5)...),
		refused(ctx, s, acme, 4, events(acme, 5, 8)...),
		holds(ctx, s, acme, 0, events(acme, 0, 5)),
	)
}

func appendTwice(ctx context.Context, s journey.Log) error {
	return first(
		add(ctx, s, acme, 0, events(acme, 0, 2)...),
		refused(ctx, s, acme, 2, event(acme, 2), event(acme, 3), event(acme, 2)),
		holds(ctx, s, acme, 0, events(acme, 0, 2)),
		add(ctx, s, acme, 2, event(acme, 2)),
	)
}

func appendAgain(ctx context.Context, s journey.Log) error {
	all := events(acme, 0, 4)
	return first(
		add(ctx, s, acme, 0, all...),
		add(ctx, s, acme, 0, all...),
		add(ctx, s, acme, 4, all[1:3]...),
		add(ctx, s, acme, 2, all[3], all[0]),
		add(ctx, s, acme, 99, all[3]),
		holds(ctx, s, acme, 0, all),
	)
}

// appendLater tries again an append whose answer was lost: the first one stays.
func appendLater(ctx context.Context, s journey.Log) error {
	again := event(acme, 0)
	again.Recorded = again.Recorded.AddDate(0, 0, 1)
	return first(
		add(ctx, s, acme, 0, event(acme, 0)),
		add(ctx, s, acme, 0, again),
		add(ctx, s, acme, 1, again),
		holds(ctx, s, acme, 0, events(acme, 0, 1)),
	)
}

func appendToOther(ctx context.Context, s journey.Log) error {
	return first(
		add(ctx, s, acme, 0, event(acme, 0)),
		add(ctx, s, "zeta", 0, event("zeta", 0)),
		holds(ctx, s, "zeta", 0, events("zeta", 0, 1)),
	)
}

func appendElsewhere(ctx context.Context, s journey.Log) error {
	return first(
		refused(ctx, s, acme, 1, event(acme, 0)),
		holds(ctx, s, acme, 0, nil),
		add(ctx, s, acme, 0, events(acme, 0, 2)...),
		refused(ctx, s, acme, 0, event(acme, 2)),
		refused(ctx, s, acme, 1, event(acme, 2)),
		refused(ctx, s, acme, 3, event(acme, 2)),
		refused(ctx, s, acme, -1, event(acme, 2)),
		holds(ctx, s, acme, 0, events(acme, 0, 2)),
	)
}

// appendOther changes one thing after the other of an event that is there.
func appendOther(ctx context.Context, s journey.Log) error {
	all := delicate(acme)
	if err := add(ctx, s, acme, 0, all...); err != nil {
		return err
	}
	for _, c := range []struct {
		n      int
		change func(e *journey.Event)
	}{
		{2, func(e *journey.Event) { e.Happened = e.Happened.Add(time.Microsecond) }},
		{2, func(e *journey.Event) { e.Note = "" }},
		{3, func(e *journey.Event) { e.Digest[0]++ }},
		{4, func(e *journey.Event) { e.Guards = e.Guards[1:] }},
	} {
		other := delicate(acme)[c.n]
		c.change(&other)
		if err := first(refused(ctx, s, acme, 6, other), refused(ctx, s, acme, int64(c.n), other)); err != nil {
			return err
		}
	}
	return holds(ctx, s, acme, 0, all)
}

func appendPartly(ctx context.Context, s journey.Log) error {
	all := events(acme, 0, 4)
	return first(
		add(ctx, s, acme, 0, all[:2]...),
		refused(ctx, s, acme, 1, all[1:3]...),
		refused(ctx, s, acme, 2, all[1:3]...),
		refused(ctx, s, acme, 2, all[3], all[0]),
		holds(ctx, s, acme, 0, all[:2]),
	)
}

// race lets eight writers append after the same version.
func race(ctx context.Context, s journey.Log) error {
	const writers, rounds = 8, 4
	for round := range rounds {
		errs := make([]error, writers)
		var wg sync.WaitGroup
		for w := range writers {
			batch := events(acme, 2*(writers*round+w), 2*(writers*round+w)+2)
			wg.Go(func() { errs[w] = s.Append(ctx, acme, int64(2*round), batch...) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, journey.ErrConflict) {
				return fmt.Errorf("append after %d: got %w, want nil or ErrConflict", 2*round, err)
			}
		}
		list, err := read(ctx, s, acme, 0)
		if err != nil {
			return err
		}
		if won != 1 || len(list) != 2*round+2 {
			return fmt.Errorf("of %d writers after %d, %d won and %d events are there", writers, 2*round, won, len(list))
		}
	}
	return nil
}

func eventsAfter(ctx context.Context, s journey.Log) error {
	all := events(acme, 0, 4)
	return first(
		holds(ctx, s, acme, 0, nil),
		add(ctx, s, acme, 0, all...),
		holds(ctx, s, acme, 0, all),
		holds(ctx, s, acme, 1, all[1:]),
		holds(ctx, s, acme, 3, all[3:]),
		holds(ctx, s, acme, 4, nil),
		holds(ctx, s, acme, 9, nil),
		holds(ctx, s, "nobody", 0, nil),
	)
}

func eventsSnapshot(ctx context.Context, s journey.Log) error {
	all := events(acme, 0, 6)
	if err := add(ctx, s, acme, 0, all[:3]...); err != nil {
		return err
	}
	sequence := s.Events(ctx, acme, 0)
	for round := range 2 { // the second range begins when four are there
		var got []journey.Event
		for e, err := range sequence {
			if err != nil {
				return err
			}
			if len(got) == 0 {
				if err := add(ctx, s, acme, int64(3+round), all[3+round]); err != nil {
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

func roundTrip(ctx context.Context, s journey.Log) error {
	want := delicate(acme)
	return first(add(ctx, s, acme, 0, want...), holds(ctx, s, acme, 0, want))
}

// copies changes what was appended and what was read.
func copies(ctx context.Context, s journey.Log) error {
	mine := delicate(acme)
	if err := add(ctx, s, acme, 0, mine...); err != nil {
		return err
	}
	mine[4].Guards[0].Needs[0].Value = 7
	read, err := read(ctx, s, acme, 0)
	if err != nil {
		return err
	}
	if err := differ("after the caller changed what it had appended", read, delicate(acme)); err != nil {
		return err
	}
	read[4].Guards[1].Name = "changed"
	return holds(ctx, s, acme, 0, delicate(acme))
}

func accountsInOrder(ctx context.Context, s journey.Log) error {
	want := []string{" a", "A", "B", "a", "a ", "aa", "b", "e\u0301", "z", "é", "株"}
	for i := range want {
		account := want[i*7%len(want)]
		if err := add(ctx, s, account, 0, events(account, 0, 2)...); err != nil {
			return err
		}
	}
	if err := refused(ctx, s, "c", 1, event("c", 0)); err != nil {
		return err
	}
	for i, after := range want {
		if err := subjects(ctx, s, after, slices.Clip(want[i+1:])); err != nil {
			return err
		}
	}
	return first(subjects(ctx, s, "", want), subjects(ctx, s, "c", want[7:]))
}

func forget(ctx context.Context, s journey.Log) error {
	all := events(acme, 0, 3)
	return first(
		s.Forget(ctx, "nobody"),
		add(ctx, s, acme, 0, all...),
		add(ctx, s, "zeta", 0, event("zeta", 0)),
		s.Forget(ctx, acme),
		holds(ctx, s, acme, 0, nil),
		subjects(ctx, s, "", []string{"zeta"}),
		refused(ctx, s, acme, 3, event(acme, 3)),
		add(ctx, s, acme, 0, all[1]), // an ID that was there is new again
		holds(ctx, s, acme, 0, all[1:2]),
		subjects(ctx, s, "", []string{acme, "zeta"}),
		holds(ctx, s, "zeta", 0, events("zeta", 0, 1)),
	)
}

// bytesApart uses IDs that look alike, as accounts and as IDs of events.
func bytesApart(ctx context.Context, s journey.Log) error {
	alike := []string{"é", "e\u0301", "É", "A", "a", "a ", " a", "ａ"}
	var want []journey.Event
	for i, id := range alike {
		e := event(acme, i)
		e.ID = id
		want = append(want, e)
		if err := first(add(ctx, s, acme, int64(i), e), add(ctx, s, id, 0, event(id, i))); err != nil {
			return err
		}
	}
	for i, id := range alike {
		if err := holds(ctx, s, id, 0, []journey.Event{event(id, i)}); err != nil {
			return err
		}
	}
	return holds(ctx, s, acme, 0, want)
}

func leave(ctx context.Context, s journey.Log) error {
	if err := first(
		add(ctx, s, acme, 0, events(acme, 0, 3)...),
		add(ctx, s, "zeta", 0, event("zeta", 0)),
	); err != nil {
		return err
	}
	for range s.Events(ctx, acme, 0) {
		break
	}
	for range s.Subjects(ctx, "") {
		break
	}
	return first(add(ctx, s, acme, 3, event(acme, 3)), holds(ctx, s, acme, 0, events(acme, 0, 4)))
}

func nest(ctx context.Context, s journey.Log) error {
	if err := add(ctx, s, acme, 0, events(acme, 0, 3)...); err != nil {
		return err
	}
	n := 3
	for account, err := range s.Subjects(ctx, "") {
		if err != nil {
			return err
		}
		if account != acme { // one that the loop below made: whether it is seen is open
			continue
		}
		for e, err := range s.Events(ctx, account, 0) {
			if err != nil {
				return err
			}
			if n == 6 {
				return errors.New("the range sees events that came after it began")
			}
			if err := first(
				add(ctx, s, acme, int64(n), event(acme, n)),
				add(ctx, s, "in "+e.ID, 0, event("in "+e.ID, 0)),
				holds(ctx, s, acme, int64(n), events(acme, n, n+1)),
			); err != nil {
				return err
			}
			n++
		}
	}
	return holds(ctx, s, acme, 0, events(acme, 0, 6))
}

func cancelled(ctx context.Context, s journey.Log) error {
	if err := add(ctx, s, acme, 0, events(acme, 0, 3)...); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, eventsErr := read(gone, s, acme, 0)
	_, noneErr := read(gone, s, "nobody", 0)
	for _, c := range []struct {
		what string
		err  error
	}{
		{"Append", s.Append(gone, acme, 3, event(acme, 3))},
		{"Events", eventsErr},
		{"Events of nobody", noneErr},
		{"Subjects", subjects(gone, s, "", []string{acme})},
		{"Forget", s.Forget(gone, acme)},
	} {
		if !errors.Is(c.err, context.Canceled) {
			return fmt.Errorf("%s after the context was cancelled: got %v", c.what, c.err)
		}
	}
	return holds(ctx, s, acme, 0, events(acme, 0, 3))
}

func cancelledEmpty(ctx context.Context, s journey.Log) error {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := read(gone, s, acme, 0); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of Events after the context was cancelled: got %v", err)
	}
	if err := subjects(gone, s, "", nil); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of Subjects after the context was cancelled: got %v", err)
	}
	return nil
}

// cancelledWithin lets a store give what it has read already, but not end as if that were all.
func cancelledWithin(ctx context.Context, s journey.Log) error {
	if err := add(ctx, s, acme, 0, events(acme, 0, 3)...); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	defer cancel()
	n := 0
	for _, err := range s.Events(gone, acme, 0) {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				return fmt.Errorf("call of Events: got %w, want the context's error", err)
			}
			return nil
		}
		n++
		cancel()
	}
	if n != 3 {
		return fmt.Errorf("call of Events gave %d of 3 events and no error after the context was cancelled", n)
	}
	return nil
}

// together lets eight users write accounts of their own, and read those of all.
func together(ctx context.Context, s journey.Log) error {
	const users, each = 8, 6
	errs := make([]error, users)
	var wg sync.WaitGroup
	for u := range users {
		wg.Go(func() {
			account := fmt.Sprintf("user %d", u)
			for n := range each {
				_, err := read(ctx, s, fmt.Sprintf("user %d", (u+n)%users), 0)
				err = first(errs[u], err, add(ctx, s, account, int64(n), event(account, n)))
				for _, rangeErr := range s.Subjects(ctx, "") {
					err = first(err, rangeErr)
				}
				errs[u] = err
			}
			errs[u] = first(errs[u], holds(ctx, s, account, 0, events(account, 0, each)), s.Forget(ctx, account))
		})
	}
	wg.Wait()
	return first(append(errs, subjects(ctx, s, "", nil))...)
}
