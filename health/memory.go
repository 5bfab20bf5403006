package health

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps readings and records in the process: a [Source] and a [History].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	records memlog.Log[Record]

	mu       sync.RWMutex // so that one Put is seen whole
	starts   memlog.Facts[struct{}, time.Time]
	readings memlog.Facts[readingKey, Reading]
}

// A readingKey is what makes a reading the same one, whatever its value.
type readingKey struct {
	measure string
	at      time.Time
}

func (k readingKey) compare(other readingKey) int {
	return cmp.Or(strings.Compare(k.measure, other.measure), k.at.Compare(other.at))
}

// Put records readings of an account as known from recorded on, and the start of the relationship; a zero since leaves
// that as it is. Revisions are kept as [Source] says. A value that is no finite number is kept as Failed, with the cause.
//
// Put returns an error (*DataError), and records nothing, if:
//   - the account's ID or the name of a measure is empty, longer than 256 bytes, or not plain UTF-8;
//   - recorded is zero, or a time lies outside of the years 1 to 9999;
//   - a Why is not valid UTF-8, contains NUL, or is longer than 1024 bytes.
func (m *Memory) Put(account string, since, recorded time.Time, readings map[string]Reading) error {
	fail := func(field string, err error) error {
		return &DataError{Account: account, Field: field, Message: err.Error()}
	}
	if err := ident.Check(account); err != nil {
		return fail("account", err)
	}
	if err := instant.Check(since); err != nil {
		return fail("start", err)
	}
	if err := instant.Given(recorded); err != nil {
		return fail("recorded", err)
	}
	names := slices.Sorted(maps.Keys(readings))
	for _, name := range names {
		if err := cmp.Or(ident.Check(name), instant.Check(readings[name].At)); err != nil {
			return fail(fmt.Sprintf("measure %q", check.Clip(name)), err)
		}
		if err := ident.Text(readings[name].Why); err != nil {
			return fail(fmt.Sprintf("measure %q", name), fmt.Errorf("why %w", err))
		}
	}
	since, recorded = instant.Of(since), instant.Of(recorded)
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.starts.At(account, struct{}{}, recorded); !known || !since.IsZero() {
		m.starts.Put(account, struct{}{}, recorded, since, time.Time.Equal)
	}
	for _, name := range names {
		r := readings[name]
		r.At = instant.Of(r.At)
		r.storable()
		m.readings.Put(account, readingKey{name, r.At}, recorded, r, sameReading)
	}
	return nil
}

// sameReading compares content; both times are on whole microseconds in UTC.
func sameReading(a, b Reading) bool { return a == b }

// Input implements [Source].
func (m *Memory) Input(ctx context.Context, account string, asOf, knownAt time.Time) (Input, bool, error) {
	if err := ctx.Err(); err != nil {
		return Input{}, false, err
	}
	asOf, knownAt = instant.Of(asOf), instant.Of(knownAt)
	if knownAt.IsZero() {
		knownAt = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	since, known := m.starts.At(account, struct{}{}, knownAt)
	if !known {
		return Input{}, false, nil
	}
	readings := ReadingMap{}
	for _, f := range m.readings.Known(account, knownAt, readingKey.compare) {
		if !f.Key.at.After(asOf) {
			readings[f.Key.measure] = f.Value // in order of time: the last one stays
		}
	}
	return Input{Account: account, Since: since, Readings: readings}, true, nil
}

// Append implements [History]. It refuses a record whose Version or Score.Account is not that under which it is appended.
func (m *Memory) Append(ctx context.Context, account string, after int64, r Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.Version != after+1 || r.Score.Account != account {
		return fmt.Errorf("after %d: the record is number %d of account %q", after, r.Version, check.Clip(r.Score.Account))
	}
	if !m.records.Append(account, after, []Record{copyRecord(r)}, sameRecord) {
		return fmt.Errorf("after %d: %w", after, ErrConflict)
	}
	return nil
}

func sameRecord(a, b Record) bool {
	x, errX := canon.JSON(a)
	y, errY := canon.JSON(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Last implements [History].
func (m *Memory) Last(ctx context.Context, account string) (Record, bool, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, false, err
	}
	r, ok := m.records.Last(account)
	return copyRecord(r), ok, nil
}

// Records implements [History].
func (m *Memory) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Record, error] {
	return memlog.WithContext(ctx, func(yield func(Record) bool) {
		for _, r := range m.records.Slice(account, 0) {
			if r.Score.AsOf.Before(from) || !to.IsZero() && !r.Score.AsOf.Before(to) ||
				!knownAt.IsZero() && r.Recorded.After(knownAt) {
				continue
			}
			if !yield(copyRecord(r)) {
				return
			}
		}
	})
}

// Accounts implements [History].
func (m *Memory) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return memlog.WithContext(ctx, m.records.Subjects(after))
}

// Forget implements [History]. It removes the account's readings too.
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records.Forget(account)
	m.starts.Forget(account)
	m.readings.Forget(account)
	return nil
}

func copyRecord(r Record) Record {
	r.Score.Aspects = slices.Clone(r.Score.Aspects)
	r.Score.Parts = slices.Clone(r.Score.Parts)
	if r.Score.Limit != nil {
		limit := *r.Score.Limit
		r.Score.Limit = &limit
	}
	if r.Score.Override != nil {
		override := *r.Score.Override
		r.Score.Override = &override
	}
	r.Standing.Peaks = slices.Clone(r.Standing.Peaks)
	r.Events = slices.Clone(r.Events)
	r.Risks = slices.Clone(r.Risks)
	if r.Act != nil {
		act := *r.Act
		r.Act = &act
	}
	return r
}
