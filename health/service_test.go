package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

// world is a Memory with accounts, and a clock that stands still.
type world struct {
	*health.Memory
	now time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{Memory: new(health.Memory), now: july.AddDate(0, 0, 30)}
	for _, account := range []string{"acme", "zenith"} {
		w.put(t, account, 0, 0.9, 9, 80)
	}
	return w
}

// put records readings of a day.
func (w *world) put(t *testing.T, account string, day int, attainment, nps, usage float64) {
	t.Helper()
	at := july.AddDate(0, 0, day)
	err := w.Put(account, july.AddDate(-1, 0, 0), at, map[string]health.Reading{
		"attainment": {Value: attainment, At: at}, "nps": {Value: nps, At: at}, "usage": {Value: usage, At: at},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) monitor(t *testing.T, o health.Options) *health.Monitor {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return w.now }
	}
	m, err := health.NewMonitor(mustCompile(t, renewals()), w, w, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNewMonitor(t *testing.T) {
	model, memory := mustCompile(t, renewals()), new(health.Memory)
	if _, err := health.NewMonitor(nil, memory, memory, health.Options{}); err == nil {
		t.Error("no model, no error")
	}
	if _, err := health.NewMonitor(model, nil, memory, health.Options{}); err == nil {
		t.Error("no source, no error")
	}
	if _, err := health.NewMonitor(model, memory, nil, health.Options{}); err == nil {
		t.Error("no history, no error")
	}
	if _, err := health.NewMonitor(model, memory, memory, health.Options{}); err != nil {
		t.Error(err)
	}
}

// TestCheck follows an account: a band is set once, changes once, and what is asked again comes from the history.
func TestCheck(t *testing.T) {
	w := newWorld(t)
	m := w.monitor(t, health.Options{})
	var ids []string
	for i, c := range []struct {
		attainment float64
		band       string
		event      string
	}{
		{0.9, "green", "band_set  green"}, {0.8, "green", ""}, {0.5, "amber", "band_changed green amber"}, {0.5, "amber", ""}, {0.9, "green", "band_changed amber green"},
	} {
		w.put(t, "acme", i, c.attainment, 9, 80)
		asOf := july.AddDate(0, 0, i)
		r, err := m.Check(t.Context(), "acme", asOf)
		if err != nil {
			t.Fatal(err)
		}
		event := ""
		for _, e := range r.Events {
			event = fmt.Sprint(e.Kind, " ", e.From, " ", e.To)
			ids = append(ids, e.ID)
			if e.Account != "acme" || !e.At.Equal(asOf) || e.Points != r.Score.Value {
				t.Errorf("day %d: event %+v", i, e)
			}
		}
		if r.Version != int64(i+1) || r.Format != 1 || r.Standing.Band != c.band || event != c.event || !r.Recorded.Equal(w.now) {
			t.Errorf("day %d: record %d, band %s, event %q, recorded %v; want band %s, event %q", i, r.Version, r.Standing.Band, event, r.Recorded, c.band, c.event)
		}
		w.now = w.now.Add(time.Hour)
		again, err := m.Check(t.Context(), "acme", asOf)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, again); diff != "" {
			t.Errorf("day %d again (-want +got):\n%s", i, diff)
		}
	}
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 3 {
		t.Errorf("%d different event IDs, want 3", n)
	}
	past, err := m.Check(t.Context(), "acme", july.AddDate(0, 0, 2))
	if err != nil || past.Version != 3 {
		t.Errorf("an instant of before: record %d, %v; want the third", past.Version, err)
	}
	_, err = m.Check(t.Context(), "acme", july.AddDate(0, 0, 2).Add(time.Microsecond))
	var refused *health.RefusedError
	if !errors.As(err, &refused) || refused.Rule != "in_order" || refused.Account != "acme" ||
		!strings.HasSuffix(err.Error(), "; needs an instant after 2026-07-05T09:30:00.123456Z") {
		t.Errorf("an instant between: %v, want in_order", err)
	}
}

// TestCheckKnownThen: a reading recorded after the check's own recording time is not seen, and recorded times never
// fall, even where the clock does.
func TestCheckKnownThen(t *testing.T) {
	w := newWorld(t)
	m := w.monitor(t, health.Options{})
	w.now = july.AddDate(0, 0, 5).Add(999).In(time.FixedZone("east", 3600)) // of which the microsecond in UTC is kept
	err := w.Put("acme", time.Time{}, july.AddDate(0, 0, 6), map[string]health.Reading{"attainment": {Value: 0, At: july}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Check(t.Context(), "acme", july.AddDate(0, 0, 9))
	if err != nil || r.Standing.Band != "green" || r.Recorded != july.AddDate(0, 0, 5) {
		t.Errorf("band %s, recorded %v, %v; want green, as was known", r.Standing.Band, r.Recorded, err)
	}
	w.now = july.AddDate(0, 0, 1)
	r, err = m.Check(t.Context(), "acme", july.AddDate(0, 0, 10))
	if err != nil || !r.Recorded.Equal(july.AddDate(0, 0, 5)) {
		t.Errorf("recorded %v, %v; want the time of the record before", r.Recorded, err)
	}
}

func TestCheckUnknown(t *testing.T) {
	w := newWorld(t)
	if err := w.Put("new", july, july, nil); err != nil {
		t.Fatal(err)
	}
	r, err := w.monitor(t, health.Options{}).Check(t.Context(), "new", july)
	if err != nil || r.Standing.Band != health.Unknown || len(r.Events) > 0 {
		t.Errorf("standing %+v, events %v, %v; want unknown, and nothing happened", r.Standing, r.Events, err)
	}
	var back health.Record
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}

// faulty is a history or source whose answers can be replaced.
type faulty struct {
	*health.Memory
	append  func(n int) error // of the nth append, before it happens
	appends int
	last    error
	records error
	input   error
	account string               // of the input
	change  func(*health.Record) // what Last and Records give
}

func (f *faulty) changed(r health.Record) health.Record {
	if f.change != nil {
		f.change(&r)
	}
	return r
}

func (f *faulty) Append(ctx context.Context, account string, after int64, r health.Record) error {
	f.appends++
	if f.append != nil {
		if err := f.append(f.appends); err != nil {
			return err
		}
	}
	return f.Memory.Append(ctx, account, after, r)
}

func (f *faulty) Last(ctx context.Context, account string) (health.Record, bool, error) {
	if f.last != nil {
		return health.Record{}, false, f.last
	}
	r, ok, err := f.Memory.Last(ctx, account)
	return f.changed(r), ok, err
}

func (f *faulty) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[health.Record, error] {
	if f.records != nil {
		return func(yield func(health.Record, error) bool) { yield(health.Record{}, f.records) }
	}
	return func(yield func(health.Record, error) bool) {
		for r, err := range f.Memory.Records(ctx, account, from, to, knownAt) {
			if !yield(f.changed(r), err) {
				return
			}
		}
	}
}

func (f *faulty) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	in, ok, err := f.Memory.Input(ctx, account, asOf, knownAt)
	if f.account != "" {
		in.Account = f.account
	}
	if f.input != nil {
		err = f.input
	}
	return in, ok, err
}

// TestCheckForeign: a record that is another account's, or newer than this release, is never taken for the account's own.
func TestCheckForeign(t *testing.T) {
	for _, c := range []struct {
		name   string
		faulty faulty
		want   string
	}{
		{"a newer record", faulty{change: func(r *health.Record) { r.Format = 2 }}, `health: check "acme": record 2: format 2: unknown format`},
		{"another account's record", faulty{change: func(r *health.Record) { r.Score.Account = "other" }}, `health: account "acme": record 2: is of account "other"`},
		{"a newer first record", faulty{change: func(r *health.Record) { r.Format += 2 - int(r.Version) }}, `health: check "acme": record 1: format 2: unknown format`},
		{"another account's first record", faulty{change: func(r *health.Record) {
			if r.Version == 1 {
				r.Score.Account = "other"
			}
		}}, `health: account "acme": record 1: is of account "other"`},
		{"another account's input", faulty{account: "other"}, `health: account "acme": input: is of account "other"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			c.faulty.Memory = w.Memory
			for day := range 2 {
				if _, err := w.monitor(t, health.Options{}).Check(t.Context(), "acme", july.AddDate(0, 0, day)); err != nil {
					t.Fatal(err)
				}
			}
			m, err := health.NewMonitor(mustCompile(t, renewals()), &c.faulty, &c.faulty, health.Options{})
			if err != nil {
				t.Fatal(err)
			}
			day := 0 // the stored first record, for those about it
			if !strings.Contains(c.name, "first") {
				day = 3
			}
			_, err = m.Check(t.Context(), "acme", july.AddDate(0, 0, day))
			var data *health.DataError
			if errors.Is(err, health.ErrFormat) == errors.As(err, &data) || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if last, _, err := w.Last(t.Context(), "acme"); err != nil || last.Version != 2 {
				t.Errorf("last record %d, %v; want 2", last.Version, err)
			}
		})
	}
}

// TestObserverOfNothing: an observer may leave out the context, or the function, or both.
func TestObserverOfNothing(t *testing.T) {
	type key struct{}
	w := newWorld(t)
	for i, observe := range []health.Observer{
		func(context.Context, health.Op) (context.Context, func(error)) { return nil, nil },
		func(context.Context, health.Op) (context.Context, func(error)) { return nil, func(error) {} },
		func(ctx context.Context, _ health.Op) (context.Context, func(error)) {
			return context.WithValue(ctx, key{}, true), nil
		},
	} {
		seen := &contextual{Memory: w.Memory}
		m, err := health.NewMonitor(mustCompile(t, renewals()), seen, w, health.Options{Observe: observe})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Check(t.Context(), "acme", july.AddDate(0, 0, i)); err != nil {
			t.Errorf("observer %d: %v", i, err)
		}
		if kept := seen.last != nil && seen.last.Value(key{}) != nil; kept != (i == 2) {
			t.Errorf("observer %d: its context reaches the store: %v", i, kept)
		}
	}
}

// contextual remembers the last context.
type contextual struct {
	*health.Memory
	last context.Context
}

func (c *contextual) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	c.last = ctx
	return c.Memory.Input(ctx, account, asOf, knownAt)
}

func TestCheckErrors(t *testing.T) {
	down := errors.New("store is down")
	always := func(err error) func(int) error { return func(int) error { return err } }
	conflict := fmt.Errorf("append: %w", health.ErrConflict)
	for _, c := range []struct {
		name    string
		faulty  faulty
		options health.Options
		account string
		asOf    time.Time
		is      error
		data    bool
		appends int
	}{
		{name: "conflict for ever", faulty: faulty{append: always(conflict)}, is: health.ErrConflict, appends: 4},
		{name: "conflict for ever, tried once", faulty: faulty{append: always(conflict)}, options: health.Options{Retries: 1}, is: health.ErrConflict, appends: 2},
		{name: "conflict for ever, never tried again", faulty: faulty{append: always(conflict)}, options: health.Options{Retries: -1}, is: health.ErrConflict, appends: 1},
		{name: "conflict twice", faulty: faulty{append: func(n int) error {
			if n <= 2 {
				return conflict
			}
			return nil
		}}, appends: 3},
		{name: "conflict of a Memory", faulty: faulty{change: func(r *health.Record) { r.Version += 5 }}, account: "checked",
			asOf: july.AddDate(0, 0, 1), options: health.Options{Retries: -1}, is: health.ErrConflict, appends: 1},
		{name: "append", faulty: faulty{append: always(down)}, is: down, appends: 1},
		{name: "last", faulty: faulty{last: down}, is: down},
		{name: "records", faulty: faulty{records: down}, account: "checked", asOf: july.AddDate(0, 0, -1), is: down},
		{name: "input", faulty: faulty{input: down}, is: down},
		{name: "another account's input", faulty: faulty{account: "other"}, data: true},
		{name: "not known", account: "nobody", data: true},
		{name: "no account", account: "\x00", data: true},
		{name: "an instant too far", asOf: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), data: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.put(t, "checked", 0, 1, 1, 1)
			if _, err := w.monitor(t, health.Options{}).Check(t.Context(), "checked", july); err != nil {
				t.Fatal(err)
			}
			c.faulty.Memory = w.Memory
			m, err := health.NewMonitor(mustCompile(t, renewals()), &c.faulty, &c.faulty, c.options)
			if err != nil {
				t.Fatal(err)
			}
			if c.account == "" {
				c.account = "acme"
			}
			if c.asOf.IsZero() {
				c.asOf = july
			}
			_, err = m.Check(t.Context(), c.account, c.asOf)
			var data *health.DataError
			if c.is != nil && !errors.Is(err, c.is) || errors.As(err, &data) != c.data ||
				(err == nil) != (c.is == nil && !c.data) || c.faulty.appends != c.appends {
				t.Errorf("got %v after %d appends; want %v after %d", err, c.faulty.appends, c.is, c.appends)
			}
			if err != nil && (!strings.HasPrefix(err.Error(), "health: ") || !strings.Contains(err.Error(), fmt.Sprintf("%q", c.account))) {
				t.Errorf("message %q names no account", err)
			}
		})
	}
}

// TestCheckRace: of many writers at one instant all get the one record that was stored.
