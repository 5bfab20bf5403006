package journeytest

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/journey"
)

func TestMemory(t *testing.T) {
	RunLog(t, func(*testing.T) journey.Log { return new(journey.Memory) })
	if err := CheckLog(t.Context(), func() (journey.Log, error) { return memory(), nil }); err != nil {
		t.Error(err)
	}
}

func memory() journey.Log { return new(journey.Memory) }

// A broken log has methods of which one breaks a clause.
type broken struct {
	f conform.LogFuncs[journey.Event]
}

func wrap(f conform.LogFuncs[journey.Event]) journey.Log { return broken{f} }

func (b broken) Append(ctx context.Context, account string, after int64, list ...journey.Event) error {
	return b.f.Append(ctx, account, after, list)
}

func (b broken) Events(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
	return b.f.Read(ctx, account, after)
}

func (b broken) Subjects(ctx context.Context, after string) iter.Seq2[string, error] {
	return b.f.Subjects(ctx, after)
}

func (b broken) Forget(ctx context.Context, account string) error { return b.f.Forget(ctx, account) }

func TestBroken(t *testing.T) {
	l := log()
	faults := append(l.Faults(memory, wrap),
		l.Break(2, memory, wrap, takesTheWholeEvent),
		l.Break(3, memory, wrap, comparesAllButTheMap),
		l.Break(5, memory, wrap, ordersByTime),
	)
	for _, change := range []func(e *journey.Event){
		func(e *journey.Event) { e.Happened = e.Happened.Truncate(time.Millisecond) },
		func(e *journey.Event) { e.Recorded = e.Recorded.Truncate(time.Second) },
		func(e *journey.Event) { e.By = strings.TrimSpace(e.By) },
		func(e *journey.Event) { e.Digest = journey.Digest{} },
		func(e *journey.Event) { e.Guards = nil },
		func(e *journey.Event) {
			if len(e.Guards) > 0 {
				e.Guards = slices.Clone(e.Guards)
				e.Guards[0].Needs = slices.Clone(e.Guards[0].Needs)
				e.Guards[0].Needs[0].Value = float64(float32(e.Guards[0].Needs[0].Value))
			}
		},
	} {
		faults = append(faults, l.Change(6, memory, wrap, change))
	}
	conform.Broken(t, cases(), faults)
}

// takesTheWholeEvent for its ID: what is the same but recorded later is a conflict.
func takesTheWholeEvent(b *conform.LogFuncs[journey.Event], good conform.LogFuncs[journey.Event]) {
	b.Append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
		held, err := conform.Collect(good.Read(ctx, account, 0))
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
		return good.Append(ctx, account, after, list)
	}
}

func comparesAllButTheMap(b *conform.LogFuncs[journey.Event], good conform.LogFuncs[journey.Event]) {
	b.Append = func(ctx context.Context, account string, after int64, list []journey.Event) error {
		list = slices.Clone(list)
		for i := range list {
			for h, err := range good.Read(ctx, account, 0) {
				if err == nil && h.ID == list[i].ID {
					list[i].Digest = h.Digest
				}
			}
		}
		return good.Append(ctx, account, after, list)
	}
}

func ordersByTime(b *conform.LogFuncs[journey.Event], good conform.LogFuncs[journey.Event]) {
	b.Read = func(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
		return func(yield func(journey.Event, error) bool) {
			all, err := conform.Collect(good.Read(ctx, account, after))
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
}
