package conform

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"
)

// LogFuncs are the methods of a log as functions, so that one of them can be broken.
type LogFuncs[E any] struct {
	Append   func(ctx context.Context, account string, after int64, list []E) error
	Read     func(ctx context.Context, account string, after int64) iter.Seq2[E, error]
	Subjects func(ctx context.Context, after string) iter.Seq2[string, error]
	Forget   func(ctx context.Context, account string) error
}

// Bound returns the methods of a store.
func (l Log[S, E]) Bound(s S) LogFuncs[E] {
	return LogFuncs[E]{
		Append: func(ctx context.Context, account string, after int64, list []E) error {
			return l.Append(s, ctx, account, after, list...)
		},
		Read: func(ctx context.Context, account string, after int64) iter.Seq2[E, error] {
			return l.Read(s, ctx, account, after)
		},
		Subjects: func(ctx context.Context, after string) iter.Seq2[string, error] { return l.Subjects(s, ctx, after) },
		Forget:   func(ctx context.Context, account string) error { return l.Forget(s, ctx, account) },
	}
}

// Break returns a fault: a good store in which how replaces methods. It is given them twice, to change and to call.
func (l Log[S, E]) Break(clause int, good func() S, wrap func(LogFuncs[E]) S, how func(b *LogFuncs[E], good LogFuncs[E])) Fault[S] {
	return Fault[S]{Clause: fmt.Sprintf("%s%d", l.Prefix, clause), New: func() S {
		intact := l.Bound(good())
		b := intact
		how(&b, intact)
		return wrap(b)
	}}
}

// Change returns a fault that changes each record on its way into the store.
func (l Log[S, E]) Change(clause int, good func() S, wrap func(LogFuncs[E]) S, change func(e *E)) Fault[S] {
	return l.Break(clause, good, wrap, func(b *LogFuncs[E], good LogFuncs[E]) {
		b.Append = func(ctx context.Context, account string, after int64, list []E) error {
			list = slices.Clone(list)
			for i := range list {
				change(&list[i])
			}
			return good.Append(ctx, account, after, list)
		}
	})
}

// Faults returns stores broken in every clause, made of good ones: what wrap turns into a store is a good one's methods
// but for one that breaks.
func (l Log[S, E]) Faults(good func() S, wrap func(LogFuncs[E]) S) []Fault[S] {
	breaks := func(clause int, how func(b *LogFuncs[E], good LogFuncs[E])) Fault[S] {
		return l.Break(clause, good, wrap, how)
	}
	return slices.Concat(l.brokenAppends(breaks), l.brokenReads(breaks), l.brokenManners(breaks), []Fault[S]{
		l.Change(9, good, wrap, func(e *E) { *l.ID(e) = strings.TrimSpace(*l.ID(e)) }),
	})
}

type breaker[S, E any] func(clause int, how func(b *LogFuncs[E], good LogFuncs[E])) Fault[S]

func (l Log[S, E]) brokenAppends(breaks breaker[S, E]) []Fault[S] {
	appends := func(clause int, how func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error) Fault[S] {
		return breaks(clause, func(b *LogFuncs[E], good LogFuncs[E]) {
			b.Append = func(ctx context.Context, account string, after int64, list []E) error {
				return how(good, ctx, account, after, slices.Clone(list))
			}
		})
	}
	return []Fault[S]{
		// turns a batch around
		appends(1, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			slices.Reverse(list)
			return good.Append(ctx, account, after, list)
		}),
		// keeps a part of a batch that does not fit
		appends(1, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			err := good.Append(ctx, account, after, list)
			if errors.Is(err, l.Conflict) && len(list) > 2 {
				return errors.Join(err, good.Append(ctx, account, after+1, list[1:]))
			}
			return err
		}),
		// keeps the first of two with one ID
		appends(1, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			var distinct []E
			for _, e := range list {
				if l.find(distinct, *l.ID(&e)) < 0 {
					distinct = append(distinct, e)
				}
			}
			return good.Append(ctx, account, after, distinct)
		}),
		// does not know what it has
		appends(2, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			if held, err := Collect(good.Read(ctx, account, 0)); err != nil || after != int64(len(held)) {
				return errors.Join(err, l.Conflict)
			}
			return good.Append(ctx, account, after, list)
		}),
		// takes an ID for that of another account
		breaks(2, func(b *LogFuncs[E], good LogFuncs[E]) {
			var seen sync.Map
			b.Append = func(ctx context.Context, account string, after int64, list []E) error {
				if _, known := seen.LoadOrStore(*l.ID(&list[0]), true); known {
					return nil
				}
				return good.Append(ctx, account, after, list)
			}
		}),
		// appends wherever it is
		appends(3, func(good LogFuncs[E], ctx context.Context, account string, _ int64, list []E) error {
			held, err := Collect(good.Read(ctx, account, 0))
			if err != nil {
				return err
			}
			return good.Append(ctx, account, int64(len(held)), list)
		}),
		// adds what is new of a batch that is there in part
		appends(3, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			held, err := Collect(good.Read(ctx, account, 0))
			if err != nil {
				return err
			}
			if len(held) > 0 && after == int64(len(held)) {
				list = slices.DeleteFunc(list, func(e E) bool { return l.find(held, *l.ID(&e)) >= 0 })
			}
			return good.Append(ctx, account, after, list)
		}),
		// takes an ID for its content
		appends(3, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			held, err := Collect(good.Read(ctx, account, 0))
			if err != nil {
				return err
			}
			for i := range list {
				if k := l.find(held, *l.ID(&list[i])); k >= 0 {
					list[i] = held[k]
				}
			}
			return good.Append(ctx, account, after, list)
		}),
		// says nothing of a conflict
		appends(3, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			err := good.Append(ctx, account, after, list)
			if errors.Is(err, l.Conflict) {
				return nil
			}
			return err
		}),
		// checks the version, then appends at whatever it has become
		appends(4, func(good LogFuncs[E], ctx context.Context, account string, after int64, list []E) error {
			held, err := Collect(good.Read(ctx, account, 0))
			if err != nil || int64(len(held)) != after {
				return errors.Join(err, l.Conflict)
			}
			for n := after; n < after+20; n++ {
				time.Sleep(time.Millisecond)
				if err = good.Append(ctx, account, n, list); !errors.Is(err, l.Conflict) {
					return err
				}
			}
			return err
		}),
	}
}

// find returns the position of the record with an ID, or -1.
func (l Log[S, E]) find(list []E, id string) int {
	return slices.IndexFunc(list, func(e E) bool { return *l.ID(&e) == id })
}

func (l Log[S, E]) brokenReads(breaks breaker[S, E]) []Fault[S] {
	reads := func(clause int, how func(good LogFuncs[E], ctx context.Context, account string, after int64, yield func(E, error) bool)) Fault[S] {
		return breaks(clause, func(b *LogFuncs[E], good LogFuncs[E]) {
			b.Read = func(ctx context.Context, account string, after int64) iter.Seq2[E, error] {
				return func(yield func(E, error) bool) { how(good, ctx, account, after, yield) }
			}
		})
	}
	return []Fault[S]{
		// counts from 0
		reads(5, func(good LogFuncs[E], ctx context.Context, account string, after int64, yield func(E, error) bool) {
			good.Read(ctx, account, after-1)(yield)
		}),
		// reads on into what is appended
		reads(5, func(good LogFuncs[E], ctx context.Context, account string, after int64, yield func(E, error) bool) {
			for n := after; ; n++ {
				found := false
				for e, err := range good.Read(ctx, account, n) {
					if found = true; !yield(e, err) || err != nil {
						return
					}
					break
				}
				if !found {
					return
				}
			}
		}),
		// holds what it was given
		breaks(6, func(b *LogFuncs[E], good LogFuncs[E]) {
			var held sync.Map
			b.Append = func(ctx context.Context, account string, after int64, list []E) error {
				held.LoadOrStore(account, list)
				return good.Append(ctx, account, after, list)
			}
			b.Read = func(_ context.Context, account string, _ int64) iter.Seq2[E, error] {
				return func(yield func(E, error) bool) {
					list, _ := held.Load(account)
					first, _ := list.([]E)
					for _, e := range first {
						if !yield(e, nil) {
							return
						}
					}
				}
			}
		}),
		// goes on after it was left
		reads(10, func(good LogFuncs[E], ctx context.Context, account string, after int64, yield func(E, error) bool) {
			for e, err := range good.Read(ctx, account, after) {
				yield(e, err)
			}
		}),
		// does not hear of it
		reads(11, func(good LogFuncs[E], _ context.Context, account string, after int64, yield func(E, error) bool) {
			good.Read(context.Background(), account, after)(yield)
		}),
		// hears of it with the first record
		reads(11, func(good LogFuncs[E], ctx context.Context, account string, after int64, yield func(E, error) bool) {
			for e, err := range good.Read(context.Background(), account, after) {
				if ctx.Err() != nil {
					err = ctx.Err()
				}
				if !yield(e, err) || err != nil {
					return
				}
			}
		}),
		// ends as if all had been given
		reads(11, func(good LogFuncs[E], ctx context.Context, account string, after int64, yield func(E, error) bool) {
			first := true
			for e, err := range good.Read(ctx, account, after) {
				if err != nil && !first || !yield(e, err) {
					return
				}
				first = false
			}
		}),
	}
}

func (l Log[S, E]) brokenManners(breaks breaker[S, E]) []Fault[S] {
	return []Fault[S]{
		breaks(7, func(b *LogFuncs[E], good LogFuncs[E]) { // starts with the account after which to start
			b.Subjects = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for account, err := range good.Subjects(ctx, "") {
						if account >= after && !yield(account, err) {
							return
						}
					}
				}
			}
		}),
		breaks(7, func(b *LogFuncs[E], good LogFuncs[E]) { // orders as people do
			b.Subjects = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					all, err := Collect(good.Subjects(ctx, after))
					slices.SortFunc(all, func(a, b string) int {
						return strings.Compare(strings.ToLower(a), strings.ToLower(b))
					})
					for _, account := range all {
						if !yield(account, nil) {
							return
						}
					}
					if err != nil {
						yield("", err)
					}
				}
			}
		}),
		breaks(8, func(b *LogFuncs[E], _ LogFuncs[E]) { // forgets nothing
			b.Forget = func(ctx context.Context, _ string) error { return ctx.Err() }
		}),
		breaks(8, func(b *LogFuncs[E], good LogFuncs[E]) { // numbers on after forgetting
			var mu sync.Mutex
			gone := map[string]int64{}
			b.Forget = func(ctx context.Context, account string) error {
				mu.Lock()
				defer mu.Unlock()
				held, err := Collect(good.Read(ctx, account, 0))
				gone[account] += int64(len(held))
				return errors.Join(err, good.Forget(ctx, account))
			}
			b.Append = func(ctx context.Context, account string, after int64, list []E) error {
				mu.Lock()
				defer mu.Unlock()
				return good.Append(ctx, account, after-gone[account], list)
			}
		}),
		breaks(9, func(b *LogFuncs[E], good LogFuncs[E]) { // folds accounts
			b.Append = func(ctx context.Context, account string, after int64, list []E) error {
				return good.Append(ctx, strings.ToLower(account), after, list)
			}
			b.Read = func(ctx context.Context, account string, after int64) iter.Seq2[E, error] {
				return good.Read(ctx, strings.ToLower(account), after)
			}
		}),
		breaks(10, func(b *LogFuncs[E], good LogFuncs[E]) { // is locked while it yields
			var mu sync.RWMutex
			b.Append = func(ctx context.Context, account string, after int64, list []E) error {
				if !mu.TryLock() {
					return errors.New("locked")
				}
				defer mu.Unlock()
				return good.Append(ctx, account, after, list)
			}
			b.Read = func(ctx context.Context, account string, after int64) iter.Seq2[E, error] {
				return func(yield func(E, error) bool) {
					mu.RLock()
					defer mu.RUnlock()
					good.Read(ctx, account, after)(yield)
				}
			}
		}),
		breaks(11, func(b *LogFuncs[E], good LogFuncs[E]) {
			b.Append = func(_ context.Context, account string, after int64, list []E) error {
				return good.Append(context.Background(), account, after, list)
			}
		}),
		breaks(11, func(b *LogFuncs[E], good LogFuncs[E]) {
			b.Subjects = func(_ context.Context, after string) iter.Seq2[string, error] {
				return good.Subjects(context.Background(), after)
			}
		}),
		breaks(11, func(b *LogFuncs[E], good LogFuncs[E]) { // has nothing to give up where it has nothing
			b.Subjects = func(ctx context.Context, after string) iter.Seq2[string, error] {
				for range good.Subjects(context.Background(), after) {
					return good.Subjects(ctx, after)
				}
				return func(func(string, error) bool) {}
			}
		}),
		breaks(11, func(b *LogFuncs[E], good LogFuncs[E]) {
			b.Forget = func(_ context.Context, account string) error { return good.Forget(context.Background(), account) }
		}),
	}
}
