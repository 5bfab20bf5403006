// Package filestore keeps what the five packages store in plain files: one folder a store, one file an account, one
// line a write. It shows what a store must do in as little code as is honest; a database does it better at scale, since
// every read here reads the account's whole file.
//
// A write is on the disk when it is acknowledged, and a process that is killed at any point loses none that was. After one
// that failed no more are taken until the folder is opened again. A file that is damaged before its last line is an error;
// damage in the last line can't be told from a write that a crash cut short.
// One process at a time may have a folder open. Stores are safe for concurrent use.
package filestore

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/segment"
)

// Stores are one tenant's.
type Stores struct {
	History      *History
	Source       *Source
	Log          *Log
	Plans        *Plans
	Measurements *Measurements
	Assignments  *Assignments
	Touches      *Touches
	Ledger       *Ledger
}

// Open opens the folder of one tenant, and makes it if it is not there.
func Open(dir string) (*Stores, error) {
	s := &Stores{History: &History{}, Source: &Source{}, Log: &Log{}, Plans: &Plans{}, Measurements: &Measurements{},
		Assignments: &Assignments{}, Touches: &Touches{}, Ledger: &Ledger{}}
	var errs [8]error
	s.History.journal, errs[0] = open[health.Record](filepath.Join(dir, "history"))
	s.Source.journal, errs[1] = open[reading](filepath.Join(dir, "readings"))
	s.Log.journal, errs[2] = open[journey.Event](filepath.Join(dir, "journey"))
	s.Plans.journal, errs[3] = openPlans(filepath.Join(dir, "plans"))
	s.Measurements.journal, errs[4] = open[measured](filepath.Join(dir, "measurements"))
	s.Assignments.journal, errs[5] = open[segment.Record](filepath.Join(dir, "assignments"))
	s.Touches.journal, errs[6] = openTouches(filepath.Join(dir, "touches"))
	s.Ledger.journal, errs[7] = open[ladder.Entry](filepath.Join(dir, "ledger"))
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("filestore: open %s: %w", dir, err)
		}
	}
	return s, nil
}

// History is a health.History.
type History struct{ journal *journal[health.Record] }

// Append implements health.History.
func (s *History) Append(ctx context.Context, account string, after int64, r health.Record) error {
	return s.journal.add(ctx, account, func(held []health.Record) ([]health.Record, error) {
		return next(held, after, []health.Record{r}, health.ErrConflict)
	})
}

// Last implements health.History.
func (s *History) Last(ctx context.Context, account string) (health.Record, bool, error) {
	return last(s.journal.items(ctx, account))
}

// Records implements health.History.
func (s *History) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[health.Record, error] {
	return seq(ctx, func() ([]health.Record, error) {
		held, err := s.journal.items(ctx, account)
		return slices.DeleteFunc(held, func(r health.Record) bool {
			return !within(r.Score.AsOf, from, to) || !known(r.Recorded, knownAt)
		}), err
	})
}

// Accounts implements health.History.
func (s *History) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.journal.accounts(ctx, after)
}

// Forget implements health.History.
func (s *History) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// Assignments is a segment.Assignments.
type Assignments struct{ journal *journal[segment.Record] }

// Append implements segment.Assignments.
func (s *Assignments) Append(ctx context.Context, account string, after int64, r segment.Record) error {
	return s.journal.add(ctx, account, func(held []segment.Record) ([]segment.Record, error) {
		return next(held, after, []segment.Record{r}, segment.ErrConflict)
	})
}

// Last implements segment.Assignments.
func (s *Assignments) Last(ctx context.Context, account string) (segment.Record, bool, error) {
	return last(s.journal.items(ctx, account))
}

// Records implements segment.Assignments.
func (s *Assignments) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[segment.Record, error] {
	return seq(ctx, func() ([]segment.Record, error) {
		held, err := s.journal.items(ctx, account)
		return slices.DeleteFunc(held, func(r segment.Record) bool {
			return !within(r.Verdict.AsOf, from, to) || !known(r.Recorded, knownAt)
		}), err
	})
}

// Accounts implements segment.Assignments.
func (s *Assignments) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.journal.accounts(ctx, after)
}

// Forget implements segment.Assignments.
func (s *Assignments) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// Log is a journey.Log.
type Log struct{ journal *journal[journey.Event] }

// Append implements journey.Log.
func (s *Log) Append(ctx context.Context, account string, after int64, events ...journey.Event) error {
	return s.journal.add(ctx, account, func(held []journey.Event) ([]journey.Event, error) {
		return named(held, after, events, func(e journey.Event) string { return e.ID },
			func(a, b journey.Event) bool { a.Recorded = b.Recorded; return same(a, b) }, journey.ErrConflict)
	})
}

// Events implements journey.Log.
func (s *Log) Events(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
	return seq(ctx, func() ([]journey.Event, error) { return beyond(s.journal, ctx, account, after) })
}

// Subjects implements journey.Log.
func (s *Log) Subjects(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.journal.accounts(ctx, after)
}

// Forget implements journey.Log.
func (s *Log) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// Ledger is a ladder.Ledger.
type Ledger struct{ journal *journal[ladder.Entry] }

// Append implements ladder.Ledger.
func (s *Ledger) Append(ctx context.Context, account string, after int64, entries ...ladder.Entry) error {
	return s.journal.add(ctx, account, func(held []ladder.Entry) ([]ladder.Entry, error) {
		return named(held, after, entries, func(e ladder.Entry) string { return e.ID },
			func(a, b ladder.Entry) bool { return same(a, b) }, ladder.ErrConflict)
	})
}

// Entries implements ladder.Ledger.
func (s *Ledger) Entries(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
	return seq(ctx, func() ([]ladder.Entry, error) { return beyond(s.journal, ctx, account, after) })
}

// Posted implements ladder.Ledger.
func (s *Ledger) Posted(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.journal.accounts(ctx, after)
}

// Forget implements ladder.Ledger.
func (s *Ledger) Forget(ctx context.Context, account string) error {
	return s.journal.forget(ctx, account)
}

// Source is a health.Source over revisions of readings.
type Source struct{ journal *journal[reading] }

// A reading is one revision. Values are kept as bits, since JSON has no NaN and the library no say in what is measured.
type reading struct {
	Since    time.Time      `json:"since,omitzero"`
	Measure  string         `json:"measure"`
	Bits     uint64         `json:"bits"`
	Reading  health.Reading `json:"reading"`
	Recorded time.Time      `json:"recorded"`
}

// Put records one revision of a reading, and the start of the relationship (zero: as before).
func (s *Source) Put(ctx context.Context, account string, since time.Time, measure string, r health.Reading, recorded time.Time) error {
	x := reading{Since: since, Measure: measure, Bits: math.Float64bits(r.Value), Reading: r, Recorded: recorded}
	x.Reading.Value = 0
	return s.journal.add(ctx, account, func([]reading) ([]reading, error) { return []reading{x}, nil })
}

// Input implements health.Source.
func (s *Source) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	held, err := s.journal.items(ctx, account)
	if err != nil {
		return health.Input{}, false, err
	}
	in := health.Input{Account: account}
	latest := make(map[string]reading)
	seen := false
	for _, x := range held {
		if !known(x.Recorded, knownAt) {
			continue
		}
		seen = true
		if !x.Since.IsZero() {
			in.Since = x.Since
		}
		if x.Reading.At.After(asOf) {
			continue
		}
		best, ok := latest[x.Measure]
		order := cmp.Or(x.Reading.At.Compare(best.Reading.At), x.Recorded.Compare(best.Recorded))
		if !ok || order >= 0 {
			latest[x.Measure] = x
		}
	}
	readings := make(health.ReadingMap, len(latest))
	for measure, x := range latest {
		r := x.Reading
		r.Value = math.Float64frombits(x.Bits)
		readings[measure] = r
	}
	in.Readings = readings
	return in, seen, nil
}

func last[T any](items []T, err error) (T, bool, error) {
	if err != nil || len(items) == 0 {
		var none T
		return none, false, err
	}
	return items[len(items)-1], true, nil
}

func beyond[T any](j *journal[T], ctx context.Context, account string, after int64) ([]T, error) {
	items, err := j.items(ctx, account)
	return items[min(max(after, 0), int64(len(items))):], err
}

// within is from <= t < to; a zero end is no bound.
func within(t, from, to time.Time) bool {
	return (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
}

// known is recorded <= knownAt; a zero knownAt is no bound.
func known(recorded, knownAt time.Time) bool { return knownAt.IsZero() || !recorded.After(knownAt) }
