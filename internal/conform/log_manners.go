package conform

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// bytesApart uses IDs that look alike, as accounts and as IDs of records.
func (l Log[S, E]) bytesApart(ctx context.Context, s S) error {
	alike := []string{"é", "e\u0301", "É", "A", "a", "a ", " a", "ａ"}
	var want []E
	for i, id := range alike {
		e := l.Record(acme, i)
		*l.ID(&e) = id
		want = append(want, e)
		if err := First(l.add(ctx, s, acme, int64(i), e), l.add(ctx, s, id, 0, l.Record(id, i))); err != nil {
			return err
		}
	}
	for i, id := range alike {
		if err := l.holds(ctx, s, id, 0, []E{l.Record(id, i)}); err != nil {
			return err
		}
	}
	return l.holds(ctx, s, acme, 0, want)
}

func (l Log[S, E]) leave(ctx context.Context, s S) error {
	if err := First(
		l.add(ctx, s, acme, 0, l.list(acme, 0, 3)...),
		l.add(ctx, s, "zeta", 0, l.Record("zeta", 0)),
	); err != nil {
		return err
	}
	for range l.Read(s, ctx, acme, 0) {
		break
	}
	for range l.Subjects(s, ctx, "") {
		break
	}
	return First(l.add(ctx, s, acme, 3, l.Record(acme, 3)), l.holds(ctx, s, acme, 0, l.list(acme, 0, 4)))
}

func (l Log[S, E]) nest(ctx context.Context, s S) error {
	if err := l.add(ctx, s, acme, 0, l.list(acme, 0, 3)...); err != nil {
		return err
	}
	n := 3
	for account, err := range l.Subjects(s, ctx, "") {
		if err != nil {
			return err
		}
		if account != acme { // one that the loop below made: whether it is seen is open
			continue
		}
		for e, err := range l.Read(s, ctx, account, 0) {
			if err != nil {
				return err
			}
			if n == 6 {
				return errors.New("the range sees records that came after it began")
			}
			within := "in " + *l.ID(&e)
			if err := First(
				l.add(ctx, s, acme, int64(n), l.Record(acme, n)),
				l.add(ctx, s, within, 0, l.Record(within, 0)),
				l.holds(ctx, s, acme, int64(n), l.list(acme, n, n+1)),
			); err != nil {
				return err
			}
			n++
		}
	}
	return l.holds(ctx, s, acme, 0, l.list(acme, 0, 6))
}

// cancelled asks before there is anything, and then again.
func (l Log[S, E]) cancelled(ctx context.Context, s S) error {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := First(
		givesUp(l.ReadName+" of nothing", l.holds(gone, s, acme, 0, nil)),
		givesUp(l.SubjectsName+" of nothing", l.subjects(gone, s, "", nil)),
		l.add(ctx, s, acme, 0, l.list(acme, 0, 3)...),
		givesUp("Append", l.add(gone, s, acme, 3, l.Record(acme, 3))),
		givesUp(l.ReadName, l.holds(gone, s, acme, 0, nil)),
		givesUp(l.SubjectsName, l.subjects(gone, s, "", nil)),
		givesUp("Forget", l.Forget(s, gone, acme)),
	); err != nil {
		return err
	}
	return l.holds(ctx, s, acme, 0, l.list(acme, 0, 3))
}

func givesUp(what string, err error) error {
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of %s after the context was cancelled: got %v", what, err)
	}
	return nil
}

// cancelledWithin lets a store give what it has read already, but not end as if that were all.
func (l Log[S, E]) cancelledWithin(ctx context.Context, s S) error {
	if err := l.add(ctx, s, acme, 0, l.list(acme, 0, 3)...); err != nil {
		return err
	}
	gone, cancel := context.WithCancel(ctx)
	defer cancel()
	n := 0
	for _, err := range l.Read(s, gone, acme, 0) {
		if err != nil {
			return givesUp(l.ReadName, err)
		}
		n++
		cancel()
	}
	if n != 3 {
		return fmt.Errorf("call of %s gave %d of 3 records and no error after the context was cancelled", l.ReadName, n)
	}
	return nil
}

// together lets eight users write accounts of their own, and read those of all.
func (l Log[S, E]) together(ctx context.Context, s S) error {
	const users, each = 8, 6
	errs := make([]error, users)
	var wg sync.WaitGroup
	for u := range users {
		wg.Go(func() {
			account := fmt.Sprintf("user %d", u)
			for n := range each {
				_, err := l.read(ctx, s, fmt.Sprintf("user %d", (u+n)%users), 0)
				err = First(errs[u], err, l.add(ctx, s, account, int64(n), l.Record(account, n)))
				for _, rangeErr := range l.Subjects(s, ctx, "") {
					err = First(err, rangeErr)
				}
				errs[u] = err
			}
			errs[u] = First(errs[u], l.holds(ctx, s, account, 0, l.list(account, 0, each)), l.Forget(s, ctx, account))
		})
	}
	wg.Wait()
	return First(append(errs, l.subjects(ctx, s, "", nil))...)
}
