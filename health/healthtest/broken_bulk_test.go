package healthtest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

// bulk is a BulkSource without a fault but the one that a field sets.
type bulk struct {
	health.Source
	order   func([]string) []string        // what is asked for instead
	as      func(asOf, knownAt *time.Time) // of what is asked
	change  func() func(*health.Item)      // what a sequence gives
	deaf    bool                           // ignores the context
	lazy    bool                           // looks at the context only where there are accounts
	fragile bool                           // one bad ID fails all
	goesOn  bool                           // after a break
	locks   bool                           // holds its connection while it yields
	busy    sync.Mutex
}

func (b *bulk) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	if b.locks && !b.busy.TryLock() {
		return health.Input{}, false, errBusy
	} else if b.locks {
		defer b.busy.Unlock()
	}
	return b.Source.Input(ctx, account, asOf, knownAt)
}

func (b *bulk) Inputs(ctx context.Context, accounts []string, asOf, knownAt time.Time) iter.Seq2[health.Item, error] {
	if b.deaf || b.lazy && len(accounts) == 0 {
		ctx = context.WithoutCancel(ctx)
	}
	if b.order != nil {
		accounts = b.order(accounts)
	}
	if b.as != nil {
		b.as(&asOf, &knownAt)
	}
	return func(yield func(health.Item, error) bool) {
		if b.locks && !b.busy.TryLock() {
			yield(health.Item{}, errBusy)
			return
		} else if b.locks {
			defer b.busy.Unlock()
		}
		if b.fragile && slices.ContainsFunc(accounts, func(id string) bool { return !utf8.ValidString(id) }) {
			yield(health.Item{}, errors.New("invalid byte sequence"))
			return
		}
		change := func(*health.Item) {}
		if b.change != nil {
			change = b.change()
		}
		for item, err := range health.Inputs(ctx, struct{ health.Source }{b.Source}, accounts, asOf, knownAt) {
			if err == nil {
				change(&item)
			}
			if !yield(item, err) && !b.goesOn {
				return
			}
		}
	}
}

func TestBulkSuiteSees(t *testing.T) {
	wrap := func(clause string, newBulk func() *bulk) conform.Fault[maker] {
		return conform.Fault[maker]{Clause: clause, New: func() maker {
			return func(rows []Row) (health.Source, error) {
				inner, err := memoryOf(rows)
				b := newBulk()
				b.Source = inner
				return b, err
			}
		}}
	}
	order := func(f func([]string) []string) func() *bulk { return func() *bulk { return &bulk{order: f} } }
	change := func(f func(*health.Item)) func() *bulk {
		return func() *bulk {
			return &bulk{change: func() func(*health.Item) { return f }}
		}
	}
	sorted := func(ids []string) []string { return slices.Sorted(slices.Values(ids)) }
	faults := []conform.Fault[maker]{
		wrap("B1", order(sorted)),
		wrap("B1", order(func(ids []string) []string { return slices.Compact(sorted(ids)) })),
		wrap("B1", order(func(ids []string) []string { return ids[:min(len(ids), 500)] })),
		wrap("B1", change(func(item *health.Item) { item.Account = strings.ToLower(item.Account) })),
		wrap("B2", func() *bulk { return &bulk{as: func(_, knownAt *time.Time) { *knownAt = time.Time{} }} }),
		wrap("B2", func() *bulk { return &bulk{as: func(asOf, _ *time.Time) { *asOf = asOf.Add(-1000) }} }),
		wrap("B2", change(func(item *health.Item) {
			if item.Input == nil {
				item.Err = errors.New("no such account")
			}
		})),
		wrap("B2", change(func(item *health.Item) {
			if item.Input != nil {
				item.Input.Since = time.Time{}
			}
		})),
		wrap("B2", func() *bulk { // all items have the readings of the last one
			return &bulk{change: func() func(*health.Item) {
				shared := health.ReadingMap{}
				return func(item *health.Item) {
					if item.Input != nil {
						clear(shared)
						shared["nps"], _ = item.Input.Readings.Reading("nps")
						item.Input.Readings = shared
					}
				}
			}}
		}),
		wrap("B2", func() *bulk { // an account that is there twice has one map
			return &bulk{change: func() func(*health.Item) {
				held := make(map[string]*health.Input)
				return func(item *health.Item) {
					if held[item.Account] == nil {
						held[item.Account] = item.Input
					}
					item.Input = held[item.Account]
				}
			}}
		}),
		wrap("B3", func() *bulk { return &bulk{fragile: true} }),
		wrap("B4", func() *bulk { return &bulk{goesOn: true} }),
		wrap("B4", func() *bulk { return &bulk{locks: true} }),
		wrap("B4", order(func(ids []string) []string {
			asked := slices.Clone(ids)
			clear(ids)
			return asked
		})),
		wrap("B5", func() *bulk { return &bulk{deaf: true} }),
		wrap("B5", func() *bulk { return &bulk{lazy: true} }),
	}
	conform.Broken(t, bulkCases(), faults)
	if err := CheckSource(t.Context(), wrap("", func() *bulk { return new(bulk) }).New()); err != nil {
		t.Errorf("a BulkSource without a fault: %v", err)
	}
}
