package healthtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

func TestMemory(t *testing.T) {
	RunHistory(t, func(*testing.T) health.History { return new(health.Memory) })
	RunSource(t, func(t *testing.T, rows []Row) health.Source {
		s, err := memoryOf(rows)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestCheck(t *testing.T) {
	err := CheckHistory(t.Context(), func() (health.History, error) { return new(health.Memory), nil })
	if err != nil {
		t.Error(err)
	}
	if err := CheckSource(t.Context(), memoryOf); err != nil {
		t.Error(err)
	}
	broken := func() (health.History, error) { return &broken{fold: strings.ToLower}, nil }
	if err := CheckHistory(t.Context(), broken); err == nil || !strings.Contains(err.Error(), "clause H9") {
		t.Errorf("got error %v for a store that folds IDs, want one that names clause H9", err)
	}
	failing := func() (health.History, error) { return nil, errors.New("no disk") }
	if err := CheckHistory(t.Context(), failing); err == nil || !strings.Contains(err.Error(), "no disk") {
		t.Errorf("got error %v, want that of newStore", err)
	}
}

func memoryOf(rows []Row) (health.Source, error) {
	m := new(health.Memory)
	for _, r := range rows {
		if err := m.Put(r.Account, r.Since, r.Recorded, map[string]health.Reading{r.Measure: r.Reading}); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// broken is a Memory with one fault, which the field that is set says.
type broken struct {
	health.Memory
	mu       sync.Mutex
	fold     func(string) string                               // of account IDs
	change   func(*health.Record)                              // what is appended
	append   func(*broken, string, int64, health.Record) error // instead of Append
	noGiveUp bool                                              // ignores the context
	keeps    bool                                              // Forget does nothing
	bounds   func(from, to, knownAt *time.Time)                // of Records
	live     bool                                              // Records reads on while it is ranged over
	deaf     bool                                              // goes on after a break
	locks    bool                                              // refuses calls while a sequence runs
	ranging  atomic.Int32
	reverse  bool // Accounts in falling order
	textual  bool // Last compares versions as text
	hasty    bool // a sequence over nothing does not look at the context
	shares   bool // Last returns what was appended, and not a copy
	kept     map[string]health.Record
}

var errBusy = errors.New("busy")

func (b *broken) id(account string) string {
	if b.fold != nil {
		return b.fold(account)
	}
	return account
}

func (b *broken) ctx(ctx context.Context) context.Context {
	if b.noGiveUp {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (b *broken) Append(ctx context.Context, account string, after int64, r health.Record) error {
	if b.locks && b.ranging.Load() > 0 {
		return errBusy
	}
	if b.change != nil {
		b.change(&r)
	}
	account = b.id(account)
	r.Score.Account = account
	if b.shares {
		b.mu.Lock()
		if b.kept == nil {
			b.kept = make(map[string]health.Record)
		}
		b.kept[account] = r
		b.mu.Unlock()
	}
	if b.append != nil {
		return b.append(b, account, after, r)
	}
	return b.Memory.Append(b.ctx(ctx), account, after, r)
}

func (b *broken) Last(ctx context.Context, account string) (health.Record, bool, error) {
	if b.shares {
		b.mu.Lock()
		defer b.mu.Unlock()
		r, ok := b.kept[account]
		return r, ok, ctx.Err()
	}
	if b.textual {
		var last health.Record
		found := false
		for r := range b.Memory.Records(ctx, account, time.Time{}, time.Time{}, time.Time{}) {
			if !found || fmt.Sprint(r.Version) > fmt.Sprint(last.Version) {
				last, found = r, true
			}
		}
		return last, found, nil
	}
	return b.Memory.Last(b.ctx(ctx), b.id(account))
}

func (b *broken) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[health.Record, error] {
	if b.bounds != nil {
		b.bounds(&from, &to, &knownAt)
	}
	if _, found, _ := b.Memory.Last(context.Background(), account); b.hasty && !found {
		return func(func(health.Record, error) bool) {}
	}
	all := b.Memory.Records(b.ctx(ctx), b.id(account), from, to, knownAt)
	return func(yield func(health.Record, error) bool) {
		b.ranging.Add(1)
		defer b.ranging.Add(-1)
		n := int64(0)
		for r, err := range all {
			n++
			if !yield(r, err) && !b.deaf {
				return
			}
		}
		if b.live {
			for r, err := range b.Memory.Records(ctx, b.id(account), from, to, knownAt) {
				if r.Version > n && !yield(r, err) {
					return
				}
			}
		}
	}
}

func (b *broken) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		b.ranging.Add(1)
		defer b.ranging.Add(-1)
		if !b.reverse {
			b.Memory.Accounts(b.ctx(ctx), b.id(after))(yield)
			return
		}
		var all []string
		for account := range b.Memory.Accounts(ctx, after) {
			all = append([]string{account}, all...)
		}
		for _, account := range all {
			if !yield(account, nil) {
				return
			}
		}
	}
}

func (b *broken) Forget(ctx context.Context, account string) error {
	if b.keeps {
		return ctx.Err()
	}
	return b.Memory.Forget(b.ctx(ctx), b.id(account))
}

// next appends without a look at what is there.
func (b *broken) next(account string, r health.Record) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	last, _, err := b.Memory.Last(context.Background(), account)
	if err != nil {
		return err
	}
	r.Version = last.Version + 1
	return b.Memory.Append(context.Background(), account, last.Version, r)
}

func TestHistorySuiteSees(t *testing.T) {
	fault := func(clause string, b func() *broken) conform.Fault[health.History] {
		return conform.Fault[health.History]{Clause: clause, New: func() health.History { return b() }}
	}
	conform.Broken(t, historyCases(), []conform.Fault[health.History]{
		fault("H1", func() *broken { // loses the second record
			return &broken{append: func(b *broken, account string, after int64, r health.Record) error {
				if after == 1 {
					return nil
				}
				return b.Memory.Append(context.Background(), account, after, r)
			}}
		}),
		fault("H2", func() *broken { // a conflict for the same record again
			return &broken{append: func(b *broken, account string, after int64, r health.Record) error {
				if last, ok, _ := b.Memory.Last(context.Background(), account); ok && last.Version > after {
					return health.ErrConflict
				}
				return b.Memory.Append(context.Background(), account, after, r)
			}}
		}),
		fault("H3", func() *broken { // says conflict, and appends
			return &broken{append: func(b *broken, account string, after int64, r health.Record) error {
				err := b.Memory.Append(context.Background(), account, after, r)
				if errors.Is(err, health.ErrConflict) {
					return errors.Join(err, b.next(account, r))
				}
				return err
			}}
		}),
		fault("H3", func() *broken { // an error of its own
			return &broken{append: func(b *broken, account string, after int64, r health.Record) error {
				if err := b.Memory.Append(context.Background(), account, after, r); err != nil {
					return errors.New("duplicate key")
				}
				return nil
			}}
		}),
		fault("H4", func() *broken { // every writer is told that it won
			return &broken{append: func(b *broken, account string, after int64, r health.Record) error {
				err := b.Memory.Append(context.Background(), account, after, r)
				if last, _, _ := b.Memory.Last(context.Background(), account); last.Version == after+1 {
					return nil
				}
				return err
			}}
		}),
		fault("H5", func() *broken { return &broken{textual: true} }),
		fault("H6", func() *broken { // to is inclusive
			return &broken{bounds: func(_, to, _ *time.Time) {
				if !to.IsZero() {
					*to = to.Add(time.Microsecond)
				}
			}}
		}),
		fault("H6", func() *broken { // ignores knownAt
			return &broken{bounds: func(_, _, knownAt *time.Time) { *knownAt = time.Time{} }}
		}),
		fault("H6", func() *broken { // from to the second
			return &broken{bounds: func(from, _, _ *time.Time) { *from = from.Truncate(time.Second) }}
		}),
		fault("H6", func() *broken { // one record an instant
			return &broken{append: func(b *broken, account string, after int64, r health.Record) error {
				last, ok, err := b.Memory.Last(context.Background(), account)
				if err == nil && ok && last.Score.AsOf.Equal(r.Score.AsOf) && last.Version == after {
					return errors.New("duplicate key")
				}
				return b.Memory.Append(context.Background(), account, after, r)
			}}
		}),
		fault("H6", func() *broken { return &broken{live: true} }),
		fault("H7", func() *broken { return &broken{reverse: true} }),
		fault("H8", func() *broken { return &broken{keeps: true} }),
		fault("H9", func() *broken { return &broken{fold: strings.TrimSpace} }),
		fault("H9", func() *broken { return &broken{fold: strings.ToLower} }),
		fault("H9", func() *broken { // milliseconds
			return &broken{change: func(r *health.Record) { r.Recorded = r.Recorded.Truncate(time.Millisecond) }}
		}),
		fault("H9", func() *broken { // single precision
			return &broken{change: func(r *health.Record) { r.Score.Coverage = float64(float32(r.Score.Coverage)) }}
		}),
		fault("H9", func() *broken { // no column for risks
			return &broken{change: func(r *health.Record) { r.Risks = nil }}
		}),
		fault("H9", func() *broken { // nor for acts
			return &broken{change: func(r *health.Record) { r.Act = nil }}
		}),
		fault("H9", func() *broken { return &broken{shares: true} }),
		fault("H10", func() *broken { return &broken{deaf: true} }),
		fault("H10", func() *broken { return &broken{locks: true} }),
		fault("H11", func() *broken { return &broken{noGiveUp: true} }),
		fault("H11", func() *broken { return &broken{hasty: true} }),
	})
}
