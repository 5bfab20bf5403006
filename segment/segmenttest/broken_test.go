package segmenttest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/segment"
)

// broken is a Memory with a fault.
type broken struct {
	segment.Memory
	fault
	busy atomic.Bool // a range runs
	kept map[string]bool

	given atomic.Pointer[segment.Record]
}

// A fault replaces single methods.
type fault struct {
	appendTo func(b *broken, ctx context.Context, account string, after int64, r segment.Record) error
	last     func(b *broken, ctx context.Context, account string) (segment.Record, bool, error)
	records  func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[segment.Record, error]
	accounts func(b *broken, ctx context.Context, after string) iter.Seq2[string, error]
	forget   func(b *broken, ctx context.Context, account string) error
}

func (b *broken) Append(ctx context.Context, account string, after int64, r segment.Record) error {
	if b.appendTo != nil {
		return b.appendTo(b, ctx, account, after, r)
	}
	return b.Memory.Append(ctx, account, after, r)
}

func (b *broken) Last(ctx context.Context, account string) (segment.Record, bool, error) {
	if b.last != nil {
		return b.last(b, ctx, account)
	}
	return b.Memory.Last(ctx, account)
}

func (b *broken) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[segment.Record, error] {
	if b.records != nil {
		return b.records(b, ctx, account, from, to, knownAt)
	}
	return b.Memory.Records(ctx, account, from, to, knownAt)
}

func (b *broken) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	if b.accounts != nil {
		return b.accounts(b, ctx, after)
	}
	return b.Memory.Accounts(ctx, after)
}

func (b *broken) Forget(ctx context.Context, account string) error {
	if b.forget != nil {
		return b.forget(b, ctx, account)
	}
	return b.Memory.Forget(ctx, account)
}

type (
	rec = segment.Record
	seq = iter.Seq2[segment.Record, error]
)

// changed returns a store whose appended records are changed on their way in.
func changed(change func(*rec)) fault {
	return fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		r.Verdict.Facts = slices.Clone(r.Verdict.Facts)
		change(&r)
		return b.Memory.Append(ctx, account, after, r)
	}}
}

// folded returns a store that keeps accounts under other IDs.
func folded(fold func(string) string) fault {
	return fault{
		appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
			return b.Memory.Append(ctx, fold(account), after, r)
		},
		last: func(b *broken, ctx context.Context, account string) (rec, bool, error) {
			return b.Memory.Last(ctx, fold(account))
		},
		records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
			return b.Memory.Records(ctx, fold(account), from, to, knownAt)
		},
	}
}

func TestBroken(t *testing.T) {
	us := time.Microsecond
	var faults []conform.Fault[store]
	add := func(clause string, f fault) {
		faults = append(faults, conform.Fault[store]{Clause: clause, New: func() store {
			return &broken{fault: f, kept: map[string]bool{}}
		}})
	}
	add("A1", fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		if after == 2 {
			return nil // lost
		}
		return b.Memory.Append(ctx, account, after, r)
	}})
	add("A2", fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		if last, ok, _ := b.Memory.Last(ctx, account); ok && last.Version != after {
			return segment.ErrConflict
		}
		return b.Memory.Append(ctx, account, after, r)
	}})
	add("A3", fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		if err := b.Memory.Append(ctx, account, after, r); err != nil {
			return fmt.Errorf("out of order: %v", err) // not wrapped
		}
		return nil
	}})
	add("A3", fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		if last, ok, _ := b.Memory.Last(ctx, account); ok && after > last.Version {
			after = last.Version // fills no gap
		}
		return b.Memory.Append(ctx, account, after, r)
	}})
	add("A4", fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		if !strings.HasPrefix(r.Verdict.Version, "writer") {
			return b.Memory.Append(ctx, account, after, r)
		}
		for b.Memory.Append(ctx, account, after, r) != nil { // at whatever version is there by now
			after++
		}
		return nil
	}})
	add("A4", fault{appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
		if err := b.Memory.Append(ctx, account, after, r); err == nil || strings.HasPrefix(r.Verdict.Version, "writer") {
			return nil // the losers are told that they won
		}
		return segment.ErrConflict
	}})
	add("A5", fault{last: func(b *broken, ctx context.Context, account string) (rec, bool, error) {
		for r, err := range b.Memory.Records(ctx, account, time.Time{}, time.Time{}, time.Time{}) {
			return r, true, err // the first
		}
		return rec{}, false, ctx.Err()
	}})
	add("A5", fault{last: func(b *broken, ctx context.Context, account string) (rec, bool, error) {
		r, ok, err := b.Memory.Last(ctx, account)
		if !ok && err == nil {
			err = fmt.Errorf("%q not found", account)
		}
		return r, ok, err
	}})
	add("A5", fault{ // keeps what it is given, and gives it away
		appendTo: func(b *broken, ctx context.Context, account string, after int64, r rec) error {
			b.given.Store(&r)
			return b.Memory.Append(ctx, account, after, r)
		},
		last: func(b *broken, ctx context.Context, account string) (rec, bool, error) {
			r, ok, err := b.Memory.Last(ctx, account)
			if given := b.given.Load(); given != nil && r.Version == given.Version {
				r = *given
			}
			return r, ok, err
		},
	})
	add("A6", fault{records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return b.Memory.Records(ctx, account, from.Truncate(time.Millisecond), to, knownAt)
	}})
	add("A6", fault{records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		if !to.IsZero() {
			to = to.Add(us) // included
		}
		return b.Memory.Records(ctx, account, from, to, knownAt)
	}})
	add("A6", fault{records: func(b *broken, ctx context.Context, account string, from, to, _ time.Time) seq {
		return b.Memory.Records(ctx, account, from, to, time.Time{})
	}})
	add("A6", fault{records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(rec, error) bool) {
			for at := from; ; {
				next := rec{}
				for r, err := range b.Memory.Records(ctx, account, at, to, knownAt) {
					if err != nil {
						yield(r, err)
						return
					}
					next = r
					break
				}
				if next.Version == 0 || !yield(next, nil) {
					return
				}
				at = next.Verdict.AsOf.Add(us) // reads on as things are now
			}
		}
	}})
	add("A7", fault{accounts: func(b *broken, ctx context.Context, after string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			all, err := names(b.Memory.Accounts(ctx, ""))
			slices.SortFunc(all, func(x, y string) int { return strings.Compare(strings.ToLower(x), strings.ToLower(y)) })
			for _, account := range all {
				if account > after && !yield(account, nil) {
					return
				}
			}
			if err != nil {
				yield("", err)
			}
		}
	}})
	add("A7", fault{accounts: func(b *broken, ctx context.Context, after string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for account, err := range b.Memory.Accounts(ctx, after) {
				if !yield(account, err) || err == nil && !yield(account, nil) { // one a record
					return
				}
			}
		}
	}})
	add("A8", fault{forget: func(b *broken, ctx context.Context, account string) error { return ctx.Err() }})
	add("A8", fault{ // hides what was there, and goes on counting
		forget: func(b *broken, ctx context.Context, account string) error {
			b.kept[account] = true
			return ctx.Err()
		},
		last: func(b *broken, ctx context.Context, account string) (rec, bool, error) {
			if b.kept[account] {
				return rec{}, false, nil
			}
			return b.Memory.Last(ctx, account)
		},
	})
	add("A9", folded(strings.ToLower))
	add("A9", folded(strings.TrimSpace))
	add("A9", folded(func(id string) string { return strings.ReplaceAll(id, "e\u0301", "\u00e9") }))
	add("A9", folded(func(id string) string { return id[:min(255, len(id))] }))
	add("A9", changed(func(r *rec) { r.Recorded = r.Recorded.Truncate(time.Millisecond) }))
	add("A9", changed(func(r *rec) { r.Membership.PendingSince = time.Time{} }))
	add("A9", changed(func(r *rec) {
		if len(r.Verdict.Facts) > 0 {
			r.Verdict.Facts[0].Value = segment.Number(float64(float32(0.1)))
		}
	}))
	add("A9", changed(func(r *rec) {
		for i, f := range r.Verdict.Facts {
			if f.Value == segment.Text("") {
				r.Verdict.Facts[i].Value = segment.Null()
			}
		}
	}))
	add("A10", fault{
		records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
			return func(yield func(rec, error) bool) {
				b.busy.Store(true)
				defer b.busy.Store(false)
				b.Memory.Records(ctx, account, from, to, knownAt)(yield)
			}
		},
		last: func(b *broken, ctx context.Context, account string) (rec, bool, error) {
			if b.busy.Load() {
				return rec{}, false, fmt.Errorf("the connection is busy")
			}
			return b.Memory.Last(ctx, account)
		},
	})
	add("A10", fault{records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(rec, error) bool) {
			for r, err := range b.Memory.Records(ctx, account, from, to, knownAt) {
				yield(r, err) // goes on after a break, which panics
			}
		}
	}})
	add("A11", fault{appendTo: func(b *broken, _ context.Context, account string, after int64, r rec) error {
		return b.Memory.Append(context.Background(), account, after, r)
	}})
	add("A11", fault{records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(rec, error) bool) {
			for r, err := range b.Memory.Records(ctx, account, from, to, knownAt) {
				if err != nil || !yield(r, nil) { // an error looks like the end
					return
				}
			}
		}
	}})
	add("A11", fault{records: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(rec, error) bool) {
			for r := range b.Memory.Records(context.WithoutCancel(ctx), account, from, to, knownAt) {
				if !yield(r, ctx.Err()) || ctx.Err() != nil { // looks at it for each record, and so never for none
					return
				}
			}
		}
	}})
	conform.Broken(t, cases(), faults)
}

func TestCheckAssignments(t *testing.T) {
	newMemory := func() (segment.Assignments, error) { return new(segment.Memory), nil }
	if err := CheckAssignments(t.Context(), newMemory); err != nil {
		t.Error(err)
	}
	lossy := func() (segment.Assignments, error) {
		return &broken{fault: changed(func(r *rec) { r.Events = nil })}, nil
	}
	err := CheckAssignments(t.Context(), lossy)
	if err == nil || !strings.Contains(err.Error(), "clause A9") {
		t.Errorf("a store that loses events: got error %v, want one of clause A9", err)
	}
}
