package filestore

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// Plans is an outcome.Plans: every version of every plan, of which the last counts.
type Plans struct{ journal *journal[outcome.Plan] }

func openPlans(dir string) (*journal[outcome.Plan], error) { return open[outcome.Plan](dir) }

// Save implements outcome.Plans.
func (s *Plans) Save(ctx context.Context, after int64, p outcome.Plan) error {
	return s.journal.add(ctx, p.Account, func(held []outcome.Plan) ([]outcome.Plan, error) {
		stored, ok := latest(held, p.ID)
		switch {
		case ok && same(stored, p):
			return nil, nil
		case ok && stored.Version == after || !ok && after == 0:
			return []outcome.Plan{p}, nil
		}
		return nil, outcome.ErrConflict
	})
}

func latest(held []outcome.Plan, id string) (p outcome.Plan, ok bool) {
	for _, x := range held {
		if x.ID == id {
			p, ok = x, true
		}
	}
	return p, ok
}

// Load implements outcome.Plans.
func (s *Plans) Load(ctx context.Context, account, plan string) (outcome.Plan, bool, error) {
	held, err := s.journal.items(ctx, account)
	p, ok := latest(held, plan)
	return p, ok, err
}

// List implements outcome.Plans.
func (s *Plans) List(ctx context.Context, account string) iter.Seq2[outcome.Plan, error] {
	return seq(ctx, func() ([]outcome.Plan, error) {
		held, err := s.journal.items(ctx, account)
		slices.Reverse(held) // the last version of each comes first, and stays
		slices.SortStableFunc(held, func(a, b outcome.Plan) int { return strings.Compare(a.ID, b.ID) })
		return slices.CompactFunc(held, func(a, b outcome.Plan) bool { return a.ID == b.ID }), err
	})
}

// Planned implements outcome.Plans.
func (s *Plans) Planned(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.journal.accounts(ctx, after)
}

// Forget implements outcome.Plans.
func (s *Plans) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// Measurements is an outcome.Measurements.
type Measurements struct{ journal *journal[measured] }

// A measured value is kept as bits, which JSON can't change.
type measured struct {
	Measure  string    `json:"measure"`
	At       time.Time `json:"at"`
	Bits     uint64    `json:"bits"`
	Recorded time.Time `json:"recorded"`
}

func (m measured) fact() fact[measured] {
	return fact[measured]{m.Measure + "\x00" + m.At.UTC().Format(time.RFC3339Nano), m.Recorded, m}
}

// Put implements outcome.Measurements.
func (s *Measurements) Put(ctx context.Context, account string, values ...outcome.Measurement) error {
	return s.journal.add(ctx, account, func(held []measured) ([]measured, error) {
		put := make([]measured, len(values))
		for i, v := range values {
			put[i] = measured{v.Measure, v.At, math.Float64bits(v.Value), v.Recorded}
		}
		return fresh(held, put, measured.fact, func(a, b measured) bool { return a.Bits == b.Bits }), nil
	})
}

// Measured implements outcome.Measurements.
func (s *Measurements) Measured(ctx context.Context, account, measure string, from, to, knownAt time.Time) iter.Seq2[outcome.Measurement, error] {
	return seq(ctx, func() ([]outcome.Measurement, error) {
		held, err := s.journal.items(ctx, account)
		var out []outcome.Measurement
		for _, m := range revisions(held, measured.fact, knownAt) {
			if m.Measure == measure && within(m.At, from, to) {
				out = append(out, outcome.Measurement{Measure: m.Measure, At: m.At, Value: math.Float64frombits(m.Bits), Recorded: m.Recorded})
			}
		}
		slices.SortFunc(out, func(a, b outcome.Measurement) int { return a.At.Compare(b.At) })
		return out, err
	})
}

// Forget implements outcome.Measurements.
func (s *Measurements) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// Touches is an engagement.Touches.
type Touches struct{ journal *journal[engagement.Touch] }

func openTouches(dir string) (*journal[engagement.Touch], error) {
	return open[engagement.Touch](dir)
}

func touchFact(t engagement.Touch) fact[engagement.Touch] {
	return fact[engagement.Touch]{t.ID, t.Recorded, t}
}

// Record implements engagement.Touches.
func (s *Touches) Record(ctx context.Context, account string, touches ...engagement.Touch) error {
	return s.journal.add(ctx, account, func(held []engagement.Touch) ([]engagement.Touch, error) {
		return fresh(held, touches, touchFact, func(a, b engagement.Touch) bool {
			a.Recorded = b.Recorded
			return same(a, b)
		}), nil
	})
}

// Made implements engagement.Touches.
func (s *Touches) Made(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[engagement.Touch, error] {
	return seq(ctx, func() ([]engagement.Touch, error) {
		held, err := s.journal.items(ctx, account)
		out := slices.DeleteFunc(revisions(held, touchFact, knownAt), func(t engagement.Touch) bool { return !within(t.At, from, to) })
		slices.SortFunc(out, func(a, b engagement.Touch) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID)) })
		return out, err
	})
}

// Touched implements engagement.Touches.
func (s *Touches) Touched(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.journal.accounts(ctx, after)
}

// Forget implements engagement.Touches.
func (s *Touches) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// A fact is one revision of what has a natural key.
type fact[T any] struct {
	key      string
	recorded time.Time
	item     T
}

// fresh chooses the items to add to those held: not one that repeats what is known.
func fresh[T any](held, items []T, as func(T) fact[T], same func(a, b T) bool) []T {
	byKey := make(map[string][]fact[T], len(items)) // those of items
	for _, x := range items {
		byKey[as(x).key] = nil
	}
	for _, y := range held {
		f := as(y)
		if revisions, ok := byKey[f.key]; ok {
			byKey[f.key] = append(revisions, f)
		}
	}
	var out []T
	for _, x := range items {
		if f := as(x); !repeats(byKey[f.key], f, same) {
			byKey[f.key] = append(byKey[f.key], f)
			out = append(out, x)
		}
	}
	return out
}

// repeats says whether f is what was known at its recorded time already, and nothing else was recorded since.
func repeats[T any](revisions []fact[T], f fact[T], same func(a, b T) bool) bool {
	var best fact[T]
	found, since := false, false
	for _, g := range revisions {
		switch {
		case g.recorded.After(f.recorded):
			since = true
		case !found || !g.recorded.Before(best.recorded):
			best, found = g, true
		}
	}
	return found && (!since || best.recorded.Equal(f.recorded)) && same(best.item, f.item)
}

// revisions returns, for each key, the revision known at an instant, in order of first appearance.
func revisions[T any](held []T, as func(T) fact[T], at time.Time) []T {
	index := make(map[string]int)
	var best []fact[T]
	for _, x := range held {
		f := as(x)
		if !known(f.recorded, at) {
			continue
		}
		i, ok := index[f.key]
		switch {
		case !ok:
			index[f.key] = len(best)
			best = append(best, f)
		case !f.recorded.Before(best[i].recorded):
			best[i] = f
		}
	}
	out := make([]T, len(best))
	for i, f := range best {
		out[i] = f.item
	}
	return out
}
