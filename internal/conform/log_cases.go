package conform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Cases returns the demands that every append-only log of accounts meets.
func (l Log[S, E]) Cases() []Case[S] {
	clause := func(n int, name string, run func(context.Context, S) error) Case[S] {
		return Case[S]{Clause: fmt.Sprintf("%s%d", l.Prefix, n), Name: name, Run: run}
	}
	return []Case[S]{
		clause(1, "append one after the other", l.appendInOrder),
		clause(1, "append a batch", l.appendBatch),
		clause(1, "a batch with one ID twice", l.appendTwice),
		clause(2, "the same again, whatever after is", l.appendAgain),
		clause(2, "an ID is its account's alone", l.appendToOther),
		clause(3, "another after", l.appendElsewhere),
		clause(3, "other content under the same ID", l.appendOther),
		clause(3, "a batch that is there in part", l.appendPartly),
		clause(4, "eight writers", l.race),
		clause(5, "records after a number", l.readAfter),
		clause(5, "a range does not see later records", l.readSnapshot),
		clause(6, "records come back as they were", l.roundTrip),
		clause(6, "records are copies", l.copies),
		clause(7, "accounts in the order of their bytes", l.subjectsInOrder),
		clause(8, "forget", l.forget),
		clause(8, "forget while appending", l.forgetInTurn),
		clause(9, "IDs are their bytes", l.bytesApart),
		clause(10, "a range may be left", l.leave),
		clause(10, "the store may be called in a range", l.nest),
		clause(11, "a cancelled context", l.cancelled),
		clause(11, "a context cancelled in a range", l.cancelledWithin),
		clause(11, "eight users", l.together),
	}
}

func (l Log[S, E]) appendInOrder(ctx context.Context, s S) error {
	for n := range 5 {
		if err := l.add(ctx, s, acme, int64(n), l.Record(acme, n)); err != nil {
			return err
		}
	}
	return l.holds(ctx, s, acme, 0, l.list(acme, 0, 5))
}

func (l Log[S, E]) appendBatch(ctx context.Context, s S) error {
	return First(
		l.add(ctx, s, acme, 0, l.list(acme, 0, 3)...),
		l.add(ctx, s, acme, 3, l.list(acme, 3, 5)...),
		l.refused(ctx, s, acme, 4, l.list(acme, 5, 8)...),
		l.holds(ctx, s, acme, 0, l.list(acme, 0, 5)),
	)
}

func (l Log[S, E]) appendTwice(ctx context.Context, s S) error {
	return First(
		l.add(ctx, s, acme, 0, l.list(acme, 0, 2)...),
		l.refused(ctx, s, acme, 2, l.Record(acme, 2), l.Record(acme, 3), l.Record(acme, 2)),
		l.holds(ctx, s, acme, 0, l.list(acme, 0, 2)),
		l.add(ctx, s, acme, 2, l.Record(acme, 2)),
	)
}

func (l Log[S, E]) appendAgain(ctx context.Context, s S) error {
	all := l.list(acme, 0, 4)
	return First(
		l.add(ctx, s, acme, 0, all...),
		l.add(ctx, s, acme, 0, all...),
		l.add(ctx, s, acme, 4, all[1:3]...),
		l.add(ctx, s, acme, 2, all[3], all[0]),
		l.add(ctx, s, acme, 99, all[3]),
		l.holds(ctx, s, acme, 0, all),
	)
}

func (l Log[S, E]) appendToOther(ctx context.Context, s S) error {
	return First(
		l.add(ctx, s, acme, 0, l.Record(acme, 0)),
		l.add(ctx, s, "zeta", 0, l.Record("zeta", 0)),
		l.holds(ctx, s, "zeta", 0, l.list("zeta", 0, 1)),
	)
}

func (l Log[S, E]) appendElsewhere(ctx context.Context, s S) error {
	return First(
		l.refused(ctx, s, acme, 1, l.Record(acme, 0)),
		l.holds(ctx, s, acme, 0, nil),
		l.add(ctx, s, acme, 0, l.list(acme, 0, 2)...),
		l.refused(ctx, s, acme, 0, l.Record(acme, 2)),
		l.refused(ctx, s, acme, 1, l.Record(acme, 2)),
		l.refused(ctx, s, acme, 3, l.Record(acme, 2)),
		l.refused(ctx, s, acme, -1, l.Record(acme, 2)),
		l.holds(ctx, s, acme, 0, l.list(acme, 0, 2)),
	)
}

// appendOther changes one thing after the other of a record that is there.
func (l Log[S, E]) appendOther(ctx context.Context, s S) error {
	all := l.Delicate(acme)
	if err := l.add(ctx, s, acme, 0, all...); err != nil {
		return err
	}
	for _, o := range l.Others {
		other := l.Delicate(acme)[o.Of]
		o.Change(&other)
		if err := First(
			l.refused(ctx, s, acme, int64(len(all)), other),
			l.refused(ctx, s, acme, int64(o.Of), other),
		); err != nil {
			return err
		}
	}
	return l.holds(ctx, s, acme, 0, all)
}

func (l Log[S, E]) appendPartly(ctx context.Context, s S) error {
	all := l.list(acme, 0, 4)
	return First(
		l.add(ctx, s, acme, 0, all[:2]...),
		l.refused(ctx, s, acme, 1, all[1:3]...),
		l.refused(ctx, s, acme, 2, all[1:3]...),
		l.refused(ctx, s, acme, 2, all[3], all[0]),
		l.holds(ctx, s, acme, 0, all[:2]),
	)
}

// race lets eight writers append after the same version.
func (l Log[S, E]) race(ctx context.Context, s S) error {
	const writers, rounds = 8, 4
	for round := range rounds {
		errs := make([]error, writers)
		var wg sync.WaitGroup
		for w := range writers {
			n := 2 * (writers*round + w)
			wg.Go(func() { errs[w] = l.Append(s, ctx, acme, int64(2*round), l.list(acme, n, n+2)...) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, l.Conflict) {
				return fmt.Errorf("append after %d: got %w, want nil or ErrConflict", 2*round, err)
			}
		}
		list, err := l.read(ctx, s, acme, 0)
		if err != nil {
			return err
		}
		if won != 1 || len(list) != 2*round+2 {
			return fmt.Errorf("of %d writers after %d, %d won and %d records are there", writers, 2*round, won, len(list))
		}
	}
	return nil
}

func (l Log[S, E]) readAfter(ctx context.Context, s S) error {
	all := l.list(acme, 0, 4)
	return First(
		l.holds(ctx, s, acme, 0, nil),
		l.add(ctx, s, acme, 0, all...),
		l.holds(ctx, s, acme, 0, all),
		l.holds(ctx, s, acme, 1, all[1:]),
		l.holds(ctx, s, acme, 3, all[3:]),
		l.holds(ctx, s, acme, 4, nil),
		l.holds(ctx, s, acme, 9, nil),
		l.holds(ctx, s, "nobody", 0, nil),
	)
}

func (l Log[S, E]) readSnapshot(ctx context.Context, s S) error {
	all := l.list(acme, 0, 6)
	if err := l.add(ctx, s, acme, 0, all[:3]...); err != nil {
		return err
	}
	sequence := l.Read(s, ctx, acme, 0)
	for round := range 2 { // the second range begins when four are there
		var got []E
		for e, err := range sequence {
			if err != nil {
				return err
			}
			if len(got) == 0 {
				if err := l.add(ctx, s, acme, int64(3+round), all[3+round]); err != nil {
					return err
				}
			}
			got = append(got, e)
		}
		if err := l.differ("a range", got, all[:3+round]); err != nil {
			return err
		}
	}
	return nil
}

func (l Log[S, E]) roundTrip(ctx context.Context, s S) error {
	want := l.Delicate(acme)
	return First(l.add(ctx, s, acme, 0, want...), l.holds(ctx, s, acme, 0, want))
}

// copies changes what was appended and what was read.
func (l Log[S, E]) copies(ctx context.Context, s S) error {
	mine := l.Delicate(acme)
	if err := l.add(ctx, s, acme, 0, mine...); err != nil {
		return err
	}
	l.Spoil(mine)
	read, err := l.read(ctx, s, acme, 0)
	if err != nil {
		return err
	}
	if err := l.differ("after the caller changed what it had appended", read, l.Delicate(acme)); err != nil {
		return err
	}
	l.Spoil(read)
	return l.holds(ctx, s, acme, 0, l.Delicate(acme))
}

func (l Log[S, E]) subjectsInOrder(ctx context.Context, s S) error {
	want := []string{" a", "A", "B", "a", "a ", "aa", "b", "e\u0301", "z", "é", "株"}
	for i := range want {
		account := want[i*7%len(want)]
		if err := l.add(ctx, s, account, 0, l.list(account, 0, 2)...); err != nil {
			return err
		}
	}
	if err := l.refused(ctx, s, "c", 1, l.Record("c", 0)); err != nil {
		return err
	}
	for i, after := range want {
		if err := l.subjects(ctx, s, after, slices.Clip(want[i+1:])); err != nil {
			return err
		}
	}
	return First(l.subjects(ctx, s, "", want), l.subjects(ctx, s, "c", want[7:]))
}

func (l Log[S, E]) forget(ctx context.Context, s S) error {
	all := l.list(acme, 0, 3)
	return First(
		l.Forget(s, ctx, "nobody"),
		l.add(ctx, s, acme, 0, all...),
		l.add(ctx, s, "zeta", 0, l.Record("zeta", 0)),
		l.Forget(s, ctx, acme),
		l.holds(ctx, s, acme, 0, nil),
		l.subjects(ctx, s, "", []string{"zeta"}),
		l.refused(ctx, s, acme, 3, l.Record(acme, 3)),
		l.add(ctx, s, acme, 0, all[1]), // an ID that was there is new again
		l.holds(ctx, s, acme, 0, all[1:2]),
		l.subjects(ctx, s, "", []string{acme, "zeta"}),
		l.holds(ctx, s, "zeta", 0, l.list("zeta", 0, 1)),
	)
}

// forgetInTurn appends after three records while the account is forgotten. Whichever comes first, nothing is left: the
// records are forgotten, or the version is not there any more. A store that lets the two cross keeps a fourth alone.
func (l Log[S, E]) forgetInTurn(ctx context.Context, s S) error {
	all := l.list(acme, 0, 4)
	for range 20 {
		if err := l.add(ctx, s, acme, 0, all[:3]...); err != nil {
			return err
		}
		var appended, forgotten error
		var wg sync.WaitGroup
		wg.Go(func() { appended = l.Append(s, ctx, acme, 3, all[3]) })
		wg.Go(func() { forgotten = l.Forget(s, ctx, acme) })
		wg.Wait()
		if appended != nil && !errors.Is(appended, l.Conflict) {
			return fmt.Errorf("append while forgetting: got %w, want nil or ErrConflict", appended)
		}
		if err := First(forgotten, l.holds(ctx, s, acme, 0, nil), l.subjects(ctx, s, "", nil)); err != nil {
			return fmt.Errorf("after an append and a forget at once: %w", err)
		}
	}
	return nil
}
