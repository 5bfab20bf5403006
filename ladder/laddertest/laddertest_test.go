package laddertest

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
	"github.com/customersuccess-go/customersuccess/ladder"
)

func newMemory() (ladder.Ledger, error) { return new(ladder.Memory), nil }

func TestMemory(t *testing.T) {
	RunLedger(t, func(*testing.T) ladder.Ledger { return new(ladder.Memory) })
	if err := CheckLedger(t.Context(), newMemory); err != nil {
		t.Error(err)
	}
}

// broken is a Memory in which what is set replaces a method.
type broken struct {
	ladder.Memory
	append  func(ctx context.Context, account string, after int64, list []ladder.Entry) error
	entries func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error]
	posted  func(ctx context.Context, after string) iter.Seq2[string, error]
	forget  func(ctx context.Context, account string) error
}

func (b *broken) Append(ctx context.Context, account string, after int64, list ...ladder.Entry) error {
	if b.append != nil {
		return b.append(ctx, account, after, list)
	}
	return b.Memory.Append(ctx, account, after, list...)
}

func (b *broken) Entries(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
	if b.entries != nil {
		return b.entries(ctx, account, after)
	}
	return b.Memory.Entries(ctx, account, after)
}

func (b *broken) Posted(ctx context.Context, after string) iter.Seq2[string, error] {
	if b.posted != nil {
		return b.posted(ctx, after)
	}
	return b.Memory.Posted(ctx, after)
}

func (b *broken) Forget(ctx context.Context, account string) error {
	if b.forget != nil {
		return b.forget(ctx, account)
	}
	return b.Memory.Forget(ctx, account)
}

// breaks returns a fault that breaks one thing of a Memory.
func breaks(clause string, how func(b *broken)) conform.Fault[ladder.Ledger] {
	return conform.Fault[ladder.Ledger]{Clause: clause, New: func() ladder.Ledger {
		b := new(broken)
		how(b)
		return b
	}}
}

// stored changes each entry on its way into a Memory.
func stored(clause string, change func(e *ladder.Entry)) conform.Fault[ladder.Ledger] {
	return breaks(clause, func(b *broken) {
		b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
			list = slices.Clone(list)
			for i := range list {
				change(&list[i])
			}
			return b.Memory.Append(ctx, account, after, list...)
		}
	})
}

func TestBroken(t *testing.T) {
	conform.Broken(t, ledgerCases(), []conform.Fault[ladder.Ledger]{
		breaks("E1", func(b *broken) { // keeps the part of a batch that fits
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				for i, e := range list {
					if err := b.Memory.Append(ctx, account, after+int64(i), e); err != nil {
						return err
					}
				}
				return nil
			}
		}),
		breaks("E1", func(b *broken) { // turns a batch around
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				list = slices.Clone(list)
				slices.Reverse(list)
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("E2", func(b *broken) { // does not know what it has
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				if held, err := read(ctx, &b.Memory, account, 0); err != nil || after != int64(len(held)) {
					return errors.Join(err, ladder.ErrConflict)
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("E2", func(b *broken) { // takes an ID for that of another account
			var seen sync.Map
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				if _, there := seen.LoadOrStore(list[0].ID, true); there {
					return nil
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("E3", func(b *broken) { // appends wherever it is
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil {
					return err
				}
				return b.Memory.Append(ctx, account, int64(len(held)), list...)
			}
		}),
		breaks("E3", func(b *broken) { // takes an ID for the content
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil {
					return err
				}
				has := func(e ladder.Entry) bool {
					return slices.ContainsFunc(held, func(h ladder.Entry) bool { return h.ID == e.ID })
				}
				if slices.ContainsFunc(list, has) {
					return nil
				}
				return b.Memory.Append(ctx, account, after, list...)
			}
		}),
		breaks("E3", func(b *broken) { // says nothing of a conflict
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				err := b.Memory.Append(ctx, account, after, list...)
				if errors.Is(err, ladder.ErrConflict) {
					return nil
				}
				return err
			}
		}),
		breaks("E4", func(b *broken) { // checks the version, then appends at whatever it has become
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				held, err := read(ctx, &b.Memory, account, 0)
				if err != nil || int64(len(held)) != after {
					return errors.Join(err, ladder.ErrConflict)
				}
				for n := after; n < after+10; n++ {
					time.Sleep(time.Millisecond)
					if err = b.Memory.Append(ctx, account, n, list...); !errors.Is(err, ladder.ErrConflict) {
						return err
					}
				}
				return err
			}
		}),
		breaks("E5", func(b *broken) { // counts from 0
			b.entries = func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return b.Memory.Entries(ctx, account, after-1)
			}
		}),
		breaks("E5", func(b *broken) { // reads on into what is appended
			b.entries = func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return func(yield func(ladder.Entry, error) bool) {
					for n := after; ; n++ {
						found := false
						for e, err := range b.Memory.Entries(ctx, account, n) {
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
		stored("E6", func(e *ladder.Entry) { e.Amount = e.Amount.Round(17) }),
		stored("E6", func(e *ladder.Entry) { e.Units = e.Units.Round(17) }),
		stored("E6", func(e *ladder.Entry) { e.Recorded = e.Recorded.Truncate(time.Millisecond) }),
		stored("E6", func(e *ladder.Entry) { e.By = strings.TrimSpace(e.By) }),
		stored("E6", func(e *ladder.Entry) { e.Reverses = "" }),
		stored("E6", func(e *ladder.Entry) { e.Digest = ladder.Digest{} }),
		breaks("E6", func(b *broken) { // holds what it was given
			var held sync.Map
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				held.LoadOrStore(account, list)
				return b.Memory.Append(ctx, account, after, list...)
			}
			b.entries = func(_ context.Context, account string, _ int64) iter.Seq2[ladder.Entry, error] {
				return func(yield func(ladder.Entry, error) bool) {
					list, _ := held.Load(account)
					first, _ := list.([]ladder.Entry)
					for _, e := range first {
						if !yield(e, nil) {
							return
						}
					}
				}
			}
		}),
		breaks("E7", func(b *broken) { // starts with the account after which to start
			b.posted = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					for account, err := range b.Memory.Posted(ctx, "") {
						if account >= after && !yield(account, err) {
							return
						}
					}
				}
			}
		}),
		breaks("E7", func(b *broken) { // orders as people do
			b.posted = func(ctx context.Context, after string) iter.Seq2[string, error] {
				return func(yield func(string, error) bool) {
					var all []string
					for account, err := range b.Memory.Posted(ctx, after) {
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
		breaks("E8", func(b *broken) { b.forget = func(ctx context.Context, account string) error { return ctx.Err() } }),
		breaks("E8", func(b *broken) { // numbers on after forgetting
			var mu sync.Mutex
			gone := map[string]int64{}
			b.forget = func(ctx context.Context, account string) error {
				mu.Lock()
				defer mu.Unlock()
				held, err := read(ctx, &b.Memory, account, 0)
				gone[account] += int64(len(held))
				return errors.Join(err, b.Memory.Forget(ctx, account))
			}
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				mu.Lock()
				defer mu.Unlock()
				return b.Memory.Append(ctx, account, after-gone[account], list...)
			}
		}),
		breaks("E9", func(b *broken) { // folds accounts
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				return b.Memory.Append(ctx, strings.ToLower(account), after, list...)
			}
			b.entries = func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return b.Memory.Entries(ctx, strings.ToLower(account), after)
			}
		}),
		stored("E9", func(e *ladder.Entry) { e.ID = strings.TrimSpace(e.ID) }),
		breaks("E10", func(b *broken) { // goes on after it was left
			b.entries = func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return func(yield func(ladder.Entry, error) bool) {
					for e, err := range b.Memory.Entries(ctx, account, after) {
						yield(e, err)
					}
				}
			}
		}),
		breaks("E10", func(b *broken) { // is locked while it yields
			var mu sync.RWMutex
			b.append = func(ctx context.Context, account string, after int64, list []ladder.Entry) error {
				if !mu.TryLock() {
					return errors.New("locked")
				}
				defer mu.Unlock()
				return b.Memory.Append(ctx, account, after, list...)
			}
			b.entries = func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return func(yield func(ladder.Entry, error) bool) {
					mu.RLock()
					defer mu.RUnlock()
					b.Memory.Entries(ctx, account, after)(yield)
				}
			}
		}),
		breaks("E11", func(b *broken) {
			b.append = func(_ context.Context, account string, after int64, list []ladder.Entry) error {
				return b.Memory.Append(context.Background(), account, after, list...)
			}
		}),
		breaks("E11", func(b *broken) {
			b.entries = func(_ context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return b.Memory.Entries(context.Background(), account, after)
			}
		}),
		breaks("E11", func(b *broken) { // hears of it with the first entry
			b.entries = func(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
				return func(yield func(ladder.Entry, error) bool) {
					for e, err := range b.Memory.Entries(context.Background(), account, after) {
						if ctx.Err() != nil {
							err = ctx.Err()
						}
						if !yield(e, err) || err != nil {
							return
						}
					}
				}
			}
		}),
		breaks("E11", func(b *broken) {
			b.posted = func(_ context.Context, after string) iter.Seq2[string, error] {
				return b.Memory.Posted(context.Background(), after)
			}
		}),
		breaks("E11", func(b *broken) {
			b.forget = func(_ context.Context, account string) error {
				return b.Memory.Forget(context.Background(), account)
			}
		}),
	})
}
