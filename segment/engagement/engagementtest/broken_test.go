package engagementtest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// broken is a Memory with a fault.
type broken struct {
	engagement.Memory
	fault
	calls atomic.Int64
	busy  atomic.Bool // a range runs

	pending atomic.Pointer[[]engagement.Touch]
}

// A fault replaces single methods.
type fault struct {
	record  func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error
	made    func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq
	touched func(b *broken, ctx context.Context, after string) iter.Seq2[string, error]
	forget  func(b *broken, ctx context.Context, account string) error
}

type seq = iter.Seq2[engagement.Touch, error]

func (b *broken) Record(ctx context.Context, account string, touches ...engagement.Touch) error {
	if b.record != nil {
		return b.record(b, ctx, account, touches)
	}
	return b.Memory.Record(ctx, account, touches...)
}

func (b *broken) Made(ctx context.Context, account string, from, to, knownAt time.Time) seq {
	if b.made != nil {
		return b.made(b, ctx, account, from, to, knownAt)
	}
	return b.Memory.Made(ctx, account, from, to, knownAt)
}

func (b *broken) Touched(ctx context.Context, after string) iter.Seq2[string, error] {
	if b.touched != nil {
		return b.touched(b, ctx, after)
	}
	return b.Memory.Touched(ctx, after)
}

func (b *broken) Forget(ctx context.Context, account string) error {
	if b.forget != nil {
		return b.forget(b, ctx, account)
	}
	return b.Memory.Forget(ctx, account)
}

// changed returns a fault that changes each touch on its way in.
func changed(change func(b *broken, t *engagement.Touch)) fault {
	return fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		touches = slices.Clone(touches)
		for i := range touches {
			change(b, &touches[i])
		}
		return b.Memory.Record(ctx, account, touches...)
	}}
}

// careless returns a fault that takes a touch for a repeat of the last revision if they differ in the blanked part alone.
func careless(blank func(t *engagement.Touch)) fault {
	return fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		held, err := all(ctx, b, account)
		touches = slices.DeleteFunc(slices.Clone(touches), func(t engagement.Touch) bool {
			blank(&t)
			return slices.ContainsFunc(held, func(h engagement.Touch) bool {
				blank(&h)
				h.Recorded = t.Recorded
				return h == t
			})
		})
		return errors.Join(err, b.Memory.Record(ctx, account, touches...))
	}}
}

// folded returns a fault that keeps accounts under other IDs.
func folded(fold func(string) string) fault {
	return fault{
		record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
			return b.Memory.Record(ctx, fold(account), touches...)
		},
		made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
			return b.Memory.Made(ctx, fold(account), from, to, knownAt)
		},
	}
}

// reordered returns a fault that gives touches in another order.
func reordered(compare func(x, y engagement.Touch) int) fault {
	return fault{made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(engagement.Touch, error) bool) {
			got, err := collect(b.Memory.Made(ctx, account, from, to, knownAt))
			slices.SortStableFunc(got, compare)
			for _, t := range got {
				if !yield(t, nil) {
					return
				}
			}
			if err != nil {
				yield(engagement.Touch{}, err)
			}
		}
	}}
}

func TestBroken(t *testing.T) {
	var faults []conform.Fault[store]
	add := func(clause string, f fault) {
		faults = append(faults, conform.Fault[store]{Clause: clause, New: func() store { return &broken{fault: f} }})
	}
	add("T1", fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		return b.Memory.Record(ctx, account, touches[:min(1, len(touches))]...)
	}})
	add("T1", fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		if b.calls.Add(1) > 1 && account == "beta" {
			return errors.New("the ID is taken")
		}
		return b.Memory.Record(ctx, account, touches...)
	}})
	add("T2", changed(func(b *broken, t *engagement.Touch) { // each call is a touch of its own
		if b.calls.Add(1) > 1 {
			t.ID += "'"
		}
	}))
	add("T2", fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		held, err := all(ctx, b, account)
		touches = slices.DeleteFunc(slices.Clone(touches), func(t engagement.Touch) bool { // the first revision stays
			return slices.ContainsFunc(held, func(h engagement.Touch) bool { return h.ID == t.ID })
		})
		return errors.Join(err, b.Memory.Record(ctx, account, touches...))
	}})
	add("T2", fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		for _, t := range touches {
			known, err := collect(b.Memory.Made(ctx, account, time.Time{}, time.Time{}, t.Recorded))
			same := func(h engagement.Touch) bool {
				h.Recorded = t.Recorded
				return h == t
			}
			if err != nil || slices.ContainsFunc(known, same) { // whatever was recorded since
				continue
			}
			if err := b.Memory.Record(ctx, account, t); err != nil {
				return err
			}
		}
		return ctx.Err()
	}})
	add("T2", fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		held, err := all(ctx, b, account)
		touches = slices.DeleteFunc(slices.Clone(touches), func(t engagement.Touch) bool { // nothing comes late
			return slices.ContainsFunc(held, func(h engagement.Touch) bool { return h.ID == t.ID && h.Recorded.After(t.Recorded) })
		})
		return errors.Join(err, b.Memory.Record(ctx, account, touches...))
	}})
	add("T2", fault{record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
		held, err := all(ctx, b, account)
		touches = slices.DeleteFunc(slices.Clone(touches), func(t engagement.Touch) bool { // account, ID and Recorded are the key
			return slices.ContainsFunc(held, func(h engagement.Touch) bool { return h.ID == t.ID && h.Recorded.Equal(t.Recorded) })
		})
		return errors.Join(err, b.Memory.Record(ctx, account, touches...))
	}})
	for _, blank := range []func(*engagement.Touch){ // a part that is not compared
		func(t *engagement.Touch) { t.Touch = "" },
		func(t *engagement.Touch) { t.Channel = "" },
		func(t *engagement.Touch) { t.By = "" },
		func(t *engagement.Touch) { t.Person = "" },
		func(t *engagement.Touch) { t.Party = "" },
		func(t *engagement.Touch) { t.Direction = "" },
		func(t *engagement.Touch) { t.Valence = "" },
		func(t *engagement.Touch) { t.Notice = "" },
		func(t *engagement.Touch) { t.Ask = "" },
		func(t *engagement.Touch) { t.At = time.Time{} },
		func(t *engagement.Touch) { t.Answered = time.Time{} },
	} {
		add("T2", careless(blank))
	}
	add("T3", reordered(func(x, y engagement.Touch) int { return strings.Compare(x.ID, y.ID) }))
	add("T3", reordered(func(x, y engagement.Touch) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return strings.Compare(strings.ToLower(x.ID), strings.ToLower(y.ID))
	}))
	add("T3", fault{made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return b.Memory.Made(ctx, account, from.Truncate(time.Millisecond), to, knownAt)
	}})
	add("T3", fault{made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		if !to.IsZero() {
			to = to.Add(time.Microsecond)
		}
		return b.Memory.Made(ctx, account, from, to, knownAt)
	}})
	add("T3", fault{made: func(b *broken, ctx context.Context, account string, from, to, _ time.Time) seq {
		return b.Memory.Made(ctx, account, from, to, time.Time{})
	}})
	add("T3", fault{made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(engagement.Touch, error) bool) {
			n := 0
			for t, err := range b.Memory.Made(ctx, account, from, to, knownAt) {
				if n++; !yield(t, err) {
					return
				}
			}
			if n == 0 {
				yield(engagement.Touch{}, errors.New("no rows"))
			}
		}
	}})
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Recorded = t.Recorded.Truncate(time.Millisecond) }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.By = strings.TrimSpace(t.By) }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Person = "" }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Party = "" }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Direction = "" }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Valence = "" }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Notice = "" }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Ask = "" }))
	add("T4", changed(func(_ *broken, t *engagement.Touch) { t.Answered = t.Answered.Truncate(time.Second) }))
	add("T4", fault{ // writes only when it is read
		record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
			if b.pending.CompareAndSwap(nil, &touches) {
				return ctx.Err()
			}
			return b.Memory.Record(ctx, account, touches...)
		},
		made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
			if pending := b.pending.Load(); pending != nil {
				if err := b.Memory.Record(ctx, account, *pending...); err != nil {
					return func(yield func(engagement.Touch, error) bool) { yield(engagement.Touch{}, err) }
				}
			}
			return b.Memory.Made(ctx, account, from, to, knownAt)
		},
	})
	add("T5", fault{touched: func(b *broken, ctx context.Context, after string) iter.Seq2[string, error] {
		return b.Memory.Touched(ctx, strings.TrimSpace(after))
	}})
	add("T5", fault{touched: func(b *broken, ctx context.Context, after string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for account, err := range b.Memory.Touched(ctx, after) {
				if !yield(account, err) || err == nil && !yield(account, nil) { // one a touch
					return
				}
			}
		}
	}})
	add("T6", fault{forget: func(_ *broken, ctx context.Context, _ string) error { return ctx.Err() }})
	add("T6", fault{forget: func(b *broken, ctx context.Context, account string) error {
		return b.Memory.Forget(ctx, strings.TrimSuffix(account, "acme")+"acme ") // another's
	}})
	add("T7", folded(strings.ToLower))
	add("T7", folded(strings.TrimSpace))
	add("T7", folded(func(id string) string { return id[:min(255, len(id))] }))
	add("T7", folded(func(id string) string { return strings.ReplaceAll(id, "e\u0301", "\u00e9") }))
	add("T7", changed(func(_ *broken, t *engagement.Touch) { t.ID = strings.ToLower(t.ID) }))
	add("T8", fault{made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(engagement.Touch, error) bool) {
			for seen := ""; ; { // reads on as things are now
				got, err := collect(b.Memory.Made(ctx, account, from, to, knownAt))
				i := slices.IndexFunc(got, func(t engagement.Touch) bool { return seen == "" || t.ID > seen })
				if err != nil || i < 0 || !yield(got[i], nil) {
					return
				}
				seen = got[i].ID
			}
		}
	}})
	add("T8", fault{
		made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
			return func(yield func(engagement.Touch, error) bool) {
				b.busy.Store(true)
				defer b.busy.Store(false)
				b.Memory.Made(ctx, account, from, to, knownAt)(yield)
			}
		},
		record: func(b *broken, ctx context.Context, account string, touches []engagement.Touch) error {
			if b.busy.Load() {
				return errors.New("the connection is busy")
			}
			return b.Memory.Record(ctx, account, touches...)
		},
	})
	add("T8", fault{touched: func(b *broken, ctx context.Context, after string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for account, err := range b.Memory.Touched(ctx, after) {
				yield(account, err) // goes on after a break, which panics
			}
		}
	}})
	add("T9", fault{record: func(b *broken, _ context.Context, account string, touches []engagement.Touch) error {
		return b.Memory.Record(context.Background(), account, touches...)
	}})
	add("T9", fault{touched: func(b *broken, ctx context.Context, after string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) {
			for account, err := range b.Memory.Touched(ctx, after) {
				if err != nil || !yield(account, nil) { // an error looks like the end
					return
				}
			}
		}
	}})
	add("T9", fault{made: func(b *broken, ctx context.Context, account string, from, to, knownAt time.Time) seq {
		return func(yield func(engagement.Touch, error) bool) {
			for t := range b.Memory.Made(context.WithoutCancel(ctx), account, from, to, knownAt) {
				if !yield(t, ctx.Err()) || ctx.Err() != nil { // looks at it for each touch, and so never for none
					return
				}
			}
		}
	}})
	conform.Broken(t, cases(), faults)
}

func TestCheckTouches(t *testing.T) {
	newMemory := func() (engagement.Touches, error) { return new(engagement.Memory), nil }
	if err := CheckTouches(t.Context(), newMemory); err != nil {
		t.Error(err)
	}
	lossy := func() (engagement.Touches, error) {
		return &broken{fault: changed(func(_ *broken, t *engagement.Touch) { t.Person = "" })}, nil
	}
	err := CheckTouches(t.Context(), lossy)
	if err == nil || !strings.Contains(err.Error(), "clause T4") {
		t.Errorf("a store that loses persons: got error %v, want one of clause T4", err)
	}
}
