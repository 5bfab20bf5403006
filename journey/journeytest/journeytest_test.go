package journeytest

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
	"github.com/customersuccess-go/customersuccess/journey"
)

func TestMemory(t *testing.T) {
	RunLog(t, func(*testing.T) journey.Log { return new(journey.Memory) })
	if err := CheckLog(t.Context(), func() (journey.Log, error) { return new(journey.Memory), nil }); err != nil {
		t.Error(err)
	}
}

// broken is a Memory in which what is set replaces a method.
type broken struct {
	journey.Memory
	append   func(ctx context.Context, account string, after int64, list []journey.Event) error
	events   func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error]
	subjects func(ctx context.Context, after string) iter.Seq2[string, error]
	forget   func(ctx context.Context, account string) error
}

func (b *broken) Append(ctx context.Context, account string, after int64, list ...journey.Event) error {
	if b.append != nil {
		return b.append(ctx, account, after, list)
	}
	return b.Memory.Append(ctx, account, after, list...)
}

func (b *broken) Events(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
	if b.events != nil {
		return b.events(ctx, account, after)
	}
	return b.Memory.Events(ctx, account, after)
}

func (b *broken) Subjects(ctx context.Context, after string) iter.Seq2[string, error] {
	if b.subjects != nil {
		return b.subjects(ctx, after)
	}
	return b.Memory.Subjects(ctx, after)
}

func (b *broken) Forget(ctx context.Context, account string) error {
	if b.forget != nil {
		return b.forget(ctx, account)
	}
	return b.Memory.Forget(ctx, account)
}

// breaks returns a fault that breaks one thing of a Memory.
func breaks(clause string, how func(b *broken)) conform.Fault[journey.Log] {
	return conform.Fault[journey.Log]{Clause: clause, New: func() journey.Log {
		b := new(broken)
		how(b)
		return b
	}}
}

// stored changes each event on its way into a Memory.
func stored(clause string, change func(e *journey.Event)) conform.Fault[journey.Log] {
	return breaks(clause, func(b *broken) {
		b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
			list = slices.Clone(list)
			for i := range list {
				change(&list[i])
			}
			return b.Memory.Append(ctx, account, after, list...)
		}
	})
}

func TestBroken(t *testing.T) {
	conform.Broken(t, logCases(), slices.Concat(brokenAppends(), brokenReads(), brokenRest()))
}

func brokenAppends() []conform.Fault[journey.Log] {
	return []conform.Fault[journey.Log]{
		breaks("L1", func(b *broken) { // turns a batch around
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				list = slices.Clone(list)
				slices.Reverse(list)
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L1", func(b *broken) { // keeps a part of a batch that does not fit
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				err := b.Memory.Append(ctx, account, after, list...)
				if errors.Is(err, journey.ErrConflict) && len(list) > 2 {
					return errors.Join(err, b.Memory.Append(ctx, account, after+1, list[1:]...))
				}
				return err
			}
		}),
		breaks("L1", func(b *broken) { // keeps the first of two with one ID
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				var distinct []journey.Event
				for _, e := range list {
					if !slices.ContainsFunc(distinct, func(d journey.Event) bool { return d.ID == e.ID }) {
						distinct = append(distinct, e)
					}
				}
				return b.Memory.Append(ctx, account, after, distinct...)
			}
		}),
		breaks("L2", func(b *broken) { // does not know what it has
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				if held, err := read(ctx, &b.Memory, account, 0); err != nil || after != int64(len(held)) {
					return errors.Join(err, journey.ErrConflict)
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L2", func(b *broken) { // takes the whole event for its ID
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil {
					return err
				}
				for _, e := range list {
					for _, h := range held {
						if h.ID == e.ID && text(h) != text(e) {
							return journey.ErrConflict
						}
					}
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L2", func(b *broken) { // takes an ID for that of another account
			var seen sync.Map
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				if _, known := seen.LoadOrStore(list[0].ID, true); known {
					return nil
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L3", func(b *broken) { // appends wherever it is
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil {
					return err
				}
				return b.Memory.Append(ctx, account, int64(len(held)), list...)
			}
		}),
		breaks("L3", func(b *broken) { // adds what is new of a batch that is there in part
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil {
					return err
				}
				if len(held) > 0 && after == int64(len(held)) {
					list = slices.DeleteFunc(slices.Clone(list), func(e journey.Event) bool {
						return slices.ContainsFunc(held, func(h journey.Event) bool { return h.ID == e.ID })
					})
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L3", func(b *broken) { // takes an ID for its content
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil {
					return err
				}
				list = slices.Clone(list)
				for i := range list {
					if k := slices.IndexFunc(held, func(h journey.Event) bool { return h.ID == list[i].ID }); k >= 0 {
						list[i] = held[k]
					}
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L3", func(b *broken) { // compares all but the map
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				list = slices.Clone(list)
				for i := range list {
					for h, err := range b.Memory.Events(ctx, account, 0) {
						if err == nil && h.ID == list[i].ID {
							list[i].Digest = h.Digest
						}
					}
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("L3", func(b *broken) { // says nothing of a conflict
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				err := b.Memory.Append(ctx, account, after, list...)
				if errors.Is(err, journey.ErrConflict) {
					return nil
				}
				return err
			}
		}),
		breaks("L4", func(b *broken) { // checks the version, then appends at whatever it has become
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil || int64(len(held)) != after {
					return errors.Join(err, journey.ErrConflict)
				}
				for n := after; n < after+20; n++ {
					time.Sleep(time.Millisecond)
					if err = b.Memory.Append(ctx, account, n, list...); !errors.Is(err, journey.ErrConflict) {
						return err
					}
				}
				return err
			}
		}),
	}
}

func brokenReads() []conform.Fault[journey.Log] {
	return []conform.Fault[journey.Log]{
		breaks("L5", func(b *broken) { // counts from 0
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return b.Memory.Events(ctx, account, after-1)
			}
		}),
		breaks("L5", func(b *broken) { // orders by when it happened
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return func(yield func(journey.Event, error) bool) {
					all, err := read(ctx, &b.Memory, account, after)
					if err != nil {
						yield(journey.Event{}, err)
						return
					}
					slices.SortStableFunc(all, func(a, b journey.Event) int { return a.Happened.Compare(b.Happened) })
					for _, e := range all {
						if !yield(e, nil) {
							return
						}
					}
				}
			}
		}),
		breaks("L5", func(b *broken) { // reads on into what is appended
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return func(yield func(journey.Event, error) bool) {
					for n := after; ; n++ {
						found := false
						for e, err := range b.Memory.Events(ctx, account, n) {
							if found = true; !yield(e, err) || err != nil {
								return
							}
							break
						}
						if !found {
							return
						}
					}
				}
			}
		}),
		stored("L6", func(e *journey.Event) { e.Happened = e.Happened.Truncate(time.Millisecond) }),
		stored("L6", func(e *journey.Event) { e.Recorded = e.Recorded.Truncate(time.Second) }),
		stored("L6", func(e *journey.Event) { e.By = strings.TrimSpace(e.By) }),
		stored("L6", func(e *journey.Event) { e.Digest = journey.Digest{} }),
		stored("L6", func(e *journey.Event) { e.Guards = nil }),
		stored("L6", func(e *journey.Event) {
			if len(e.Guards) > 0 {
				e.Guards = slices.Clone(e.Guards)
				e.Guards[0].Needs = slices.Clone(e.Guards[0].Needs)
				e.Guards[0].Needs[0].Value = float64(float32(e.Guards[0].Needs[0].Value))
			}
		}),
		breaks("L6", func(b *broken) { // keeps what the caller may change
			var guards sync.Map // the caller's own, by the event's ID
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				for _, e := range list {
					guards.LoadOrStore(e.ID, e.Guards)
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return func(yield func(journey.Event, error) bool) {
					for e, err := range b.Memory.Events(ctx, account, after) {
						own, _ := guards.Load(e.ID)
						e.Guards, _ = own.([]journey.Guard)
						if !yield(e, err) {
							return
						}
					}
				}
			}
		}),
		breaks("L7", func(b *broken) { // starts with the account after which to start
			b.subjects = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for account, err := range b.Memory.Subjects(ctx, "") {
						if account >= after && !yield(account, err) {
							return
						}
					}
				}
			}
		}),
		breaks("L7", func(b *broken) { // orders as people do
			b.subjects = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					var all []string
					for account, err := range b.Memory.Subjects(ctx, after) {
						if err != nil {
							yield("", err)
							return
						}
						all = append(all, account)
					}
					slices.SortFunc(all, func(a, b string) int {
						return strings.Compare(strings.ToLower(a), strings.ToLower(b))
					})
					for _, account := range all {
						if !yield(account, nil) {
							return
						}
					}
				}
			}
		}),
	}
}

func brokenRest() []conform.Fault[journey.Log] {
	return []conform.Fault[journey.Log]{
		breaks("L8", func(b *broken) { b.forget = func(ctx context.Context, account string) error { return ctx.Err() } }),
		breaks("L8", func(b *broken) { // numbers on after forgetting
			var gone sync.Map
			b.forget = func(ctx context.Context, account string) error {
				held, err := read(ctx, &b.Memory, account, 0)
				gone.Store(account, int64(len(held)))
				return errors.Join(err, b.Memory.Forget(ctx, account))
			}
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				n, _ := gone.Load(account)
				forgotten, _ := n.(int64)
				return b.Memory.Append(ctx, account, after-forgotten, list...)
			}
		}),
		breaks("L9", func(b *broken) { // folds accounts
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				return b.Memory.Append(ctx, strings.ToLower(account), after, list...)
			}
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return b.Memory.Events(ctx, strings.ToLower(account), after)
			}
		}),
		stored("L9", func(e *journey.Event) { e.ID = strings.TrimSpace(e.ID) }),
		breaks("L10", func(b *broken) { // goes on after it was left
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return func(yield func(journey.Event, error) bool) {
					for e, err := range b.Memory.Events(ctx, account, after) {
						yield(e, err)
					}
				}
			}
		}),
		breaks("L10", func(b *broken) { // is locked while it yields
			var mu sync.RWMutex
			b.append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
				if !mu.TryLock() {
					return errors.New("locked")
				}
				defer mu.Unlock()
				return b.Memory.Append(ctx, account, after, list...)
			}
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return func(yield func(journey.Event, error) bool) {
					mu.RLock()
					defer mu.RUnlock()
					b.Memory.Events(ctx, account, after)(yield)
				}
			}
		}),
		breaks("L11", func(b *broken) {
			b.append = func(_ context.Context, account string, after int64, list []journey.Event) error {
				return b.Memory.Append(context.Background(), account, after, list...)
			}
		}),
		breaks("L11", func(b *broken) {
			b.events = func(_ context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return b.Memory.Events(context.Background(), account, after)
			}
		}),
		breaks("L11", func(b *broken) { // ends as if all had been given
			b.events = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
				return func(yield func(journey.Event, error) bool) {
					first := true
					for e, err := range b.Memory.Events(ctx, account, after) {
						if err != nil && !first || !yield(e, err) {
							return
						}
						first = false
					}
				}
			}
		}),
		breaks("L11", func(b *broken) {
			b.subjects = func(_ context.Context, after string) iter.Seq2[string, error] {
				return b.Memory.Subjects(context.Background(), after)
			}
		}),
		breaks("L11", func(b *broken) { // has nothing to give up where it has nothing
			b.subjects = func(ctx context.Context, after string) iter.Seq2[string, error] {
				for range b.Memory.Subjects(context.Background(), after) {
					return b.Memory.Subjects(ctx, after)
				}
				return func(func(string, error) bool) {}
			}
		}),
		breaks("L11", func(b *broken) {
			b.forget = func(_ context.Context, account string) error {
				return b.Memory.Forget(context.Background(), account)
			}
		}),
	}
}
