package segment_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/google/go-cmp/cmp"
)

func roster(t testing.TB, s segment.Scheme, store segment.Assignments, o segment.Options) *segment.Roster {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return day(0) }
	}
	r, err := segment.NewRoster(compile(t, s), store, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func arr(account string, f float64) segment.Input {
	return segment.Input{Account: account, Facts: segment.FactMap{"arr": segment.Number(f)}}
}

func check(t testing.TB, r *segment.Roster, in segment.Input, asOf time.Time) segment.Record {
	t.Helper()
	record, err := r.Check(t.Context(), in, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func events(r segment.Record) string {
	s := ""
	for _, e := range r.Events {
		s += fmt.Sprintf("%s %s; ", e.Kind, e.Segment)
	}
	return s
}

// TestRosterDay follows one account through entering, review, approval and a pin.
func TestRosterDay(t *testing.T) {
	var store segment.Memory
	r := roster(t, steady(), &store, segment.Options{})
	for _, c := range []struct {
		day    float64
		arr    float64
		state  string
		events string
	}{
		{0, 120, "strategic match", "entered strategic; "},
		{1, 50, "strategic waiting, growth since 1", ""},
		{4, 50, "strategic review, growth since 1", "review_due strategic; "},
		{5, 50, "strategic review, growth since 1", ""},
	} {
		got := check(t, r, arr("acme", c.arr), day(c.day))
		if state(got.Membership) != c.state || events(got) != c.events {
			t.Fatalf("day %v: got %s with %s", c.day, state(got.Membership), events(got))
		}
	}

	approved, err := r.Approve(t.Context(), "acme", "kim", day(6))
	if err != nil {
		t.Fatal(err)
	}
	if state(approved.Membership) != "growth approved" || events(approved) != "exited strategic; entered growth; " ||
		approved.Membership.ApprovedBy != "kim" || !approved.Membership.Since.Equal(day(6)) {
		t.Errorf("approved: got %+v with %s", approved.Membership, events(approved))
	}
	again, err := r.Approve(t.Context(), "acme", "kim", day(6))
	if diff := cmp.Diff(approved, again, byValue); err != nil || diff != "" {
		t.Errorf("approved again: %v (-want +got):\n%s", err, diff)
	}
	if got := check(t, r, arr("acme", 50), day(7)); state(got.Membership) != "growth match" || events(got) != "" || got.Membership.ApprovedBy != "kim" {
		t.Errorf("after the approval: got %+v", got.Membership)
	}

	pin := segment.Pin{Segment: "tech", By: "lee", Reason: "insolvency", From: day(8), Until: day(10)}
	pinned, err := r.Pin(t.Context(), "acme", pin)
	if err != nil {
		t.Fatal(err)
	}
	if state(pinned.Membership) != "tech pinned" || events(pinned) != "exited growth; entered tech; " || pinned.Verdict.Reason != segment.Pinned {
		t.Errorf("pinned: got %+v with %s", pinned.Membership, events(pinned))
	}
	again, err = r.Pin(t.Context(), "acme", pin)
	if diff := cmp.Diff(pinned, again, byValue); err != nil || diff != "" {
		t.Errorf("pinned again: %v (-want +got):\n%s", err, diff)
	}
	if got := check(t, r, arr("acme", 50), day(9)); state(got.Membership) != "tech pinned" {
		t.Errorf("while pinned: got %+v", got.Membership)
	}
	if got := check(t, r, arr("acme", 50), day(10)); state(got.Membership) != "tech waiting, growth since 10" || got.Membership.Pin != nil {
		t.Errorf("after the pin: got %+v", got.Membership)
	}
}

func TestRosterSameInstant(t *testing.T) {
	var store segment.Memory
	now := day(0)
	r := roster(t, steady(), &store, segment.Options{Now: func() time.Time { return now }})
	first := check(t, r, arr("acme", 120), day(0))
	second := check(t, r, arr("acme", 120), day(1))
	now = day(-5) // the clock was set back
	third := check(t, r, arr("acme", 120), day(2))
	if !third.Recorded.Equal(second.Recorded) || third.Version != 3 {
		t.Errorf("recorded %v as version %d, after %v", third.Recorded, third.Version, second.Recorded)
	}
	for _, want := range []segment.Record{first, second, third} {
		got := check(t, r, arr("acme", math.NaN()), want.Verdict.AsOf.In(time.FixedZone("", 3600)).Add(999))
		if diff := cmp.Diff(want, got, byValue); diff != "" {
			t.Errorf("asked again (-want +got):\n%s", diff)
		}
	}
	_, err := r.Check(t.Context(), arr("acme", 120), day(0.5))
	var refused *segment.RefusedError
	if !errors.As(err, &refused) || refused.Rule != "in_order" {
		t.Errorf("an instant between two records: got error %v, want in_order", err)
	}
}

func TestRosterRefuses(t *testing.T) {
	var store segment.Memory
	r := roster(t, steady(), &store, segment.Options{})
	check(t, r, arr("acme", 120), day(5))
	good := segment.Pin{Segment: "tech", By: "kim", Reason: "merger", From: day(6), Until: day(7)}
	pin := func(change func(*segment.Pin)) error {
		p := good
		change(&p)
		_, err := r.Pin(t.Context(), "acme", p)
		return err
	}
	approve := func(account, by string, d float64) error {
		_, err := r.Approve(t.Context(), account, by, day(d))
		return err
	}
	for _, c := range []struct {
		rule string
		err  error
	}{
		{"segment", pin(func(p *segment.Pin) { p.Segment = "platinum" })},
		{"in_order", pin(func(p *segment.Pin) { p.From = day(4) })},
		{"pending", approve("acme", "kim", 6)},
		{"pending", approve("never seen", "kim", 6)},
		{"in_order", approve("acme", "kim", 4)},
	} {
		var refused *segment.RefusedError
		if !errors.As(c.err, &refused) || refused.Rule != c.rule {
			t.Errorf("got error %v, want it refused by %s", c.err, c.rule)
		}
	}
	_, errNever := r.Approve(t.Context(), "acme", "kim", time.Time{})
	for _, c := range []struct {
		err  error
		want string
	}{
		{approve("", "kim", 6), "account: is empty"},
		{approve("acme", "", 6), `account "acme": by: is empty`},
		{approve("acme", "\xff", 6), `account "acme": by: is not valid UTF-8`},
		{errNever, `account "acme": at: is zero`},
		{pin(func(p *segment.Pin) { p.By = "" }), `account "acme": by: is empty`},
		{pin(func(p *segment.Pin) { p.By = "kim\x00" }), `account "acme": by: contains U+0000`},
		{pin(func(p *segment.Pin) { p.Reason = "" }), `account "acme": reason: is empty`},
		{pin(func(p *segment.Pin) { p.Reason = strings.Repeat("x", 1025) }), `account "acme": reason: has 1025 bytes, over 1024`},
		{pin(func(p *segment.Pin) { p.From = time.Time{} }), `account "acme": from: is zero`},
		{pin(func(p *segment.Pin) { p.Until = time.Time{} }), `account "acme": until: is zero`},
		{pin(func(p *segment.Pin) { p.Until = p.From }), `account "acme": until: is not after from`},
		{pin(func(p *segment.Pin) { p.Until = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), `account "acme": until: year 10000 is outside 1 to 9999`},
	} {
		var data *segment.DataError
		if !errors.As(c.err, &data) || c.err.Error() != "segment: "+c.want {
			t.Errorf("got error %v, want %s", c.err, c.want)
		}
	}
	want := `segment: account "acme": refused by segment: the scheme has no segment "gold"; needs one of strategic, growth, tech`
	if err := pin(func(p *segment.Pin) { p.Segment = "gold" }); err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
	long := strings.Repeat("x", 1024)
	if _, err := r.Pin(t.Context(), "other", segment.Pin{Segment: "tech", By: long, Reason: long, From: day(6), Until: day(7)}); err != nil {
		t.Errorf("texts of 1024 bytes: %v", err)
	}
	if last, _, err := store.Last(t.Context(), "acme"); err != nil || last.Version != 1 {
		t.Errorf("what was refused left version %d, %v", last.Version, err)
	}
	if _, err := segment.NewRoster(nil, &store, segment.Options{}); err == nil {
		t.Error("a nil model is no error")
	}
	if _, err := segment.NewRoster(compile(t, steady()), nil, segment.Options{}); err == nil {
		t.Error("a nil store is no error")
	}
}

// contested is a Memory in which other writers are first for some number of times.
type contested struct {
	segment.Memory
	others int
	fail   error
}

func (c *contested) Append(ctx context.Context, account string, after int64, r segment.Record) error {
	if c.fail != nil {
		return c.fail
	}
	if c.others > 0 {
		c.others--
		other := r
		other.Verdict.AsOf = other.Verdict.AsOf.Add(-time.Hour)
		other.Verdict.Scheme = "other writer's"
		if err := c.Memory.Append(ctx, account, after, other); err != nil {
			return err
		}
	}
	return c.Memory.Append(ctx, account, after, r)
}

func TestRosterRetries(t *testing.T) {
	for _, c := range []struct {
		others, retries int
		version         int64 // 0: ErrConflict
	}{{0, 0, 1}, {3, 0, 4}, {4, 0, 0}, {1, 1, 2}, {2, 1, 0}, {0, -1, 1}, {1, -1, 0}} {
		store := &contested{others: c.others}
		r := roster(t, steady(), store, segment.Options{Retries: c.retries})
		got, err := r.Check(t.Context(), arr("acme", 120), day(1))
		if c.version == 0 && !errors.Is(err, segment.ErrConflict) || c.version > 0 && (err != nil || got.Version != c.version) {
			t.Errorf("%+v: got version %d, error %v", c, got.Version, err)
		}
	}
	lost := errors.New("disk full")
	_, err := roster(t, steady(), &contested{fail: lost}, segment.Options{}).Check(t.Context(), arr("acme", 120), day(1))
	if !errors.Is(err, lost) || err.Error() != `segment: check "acme": append record: disk full` {
		t.Errorf("got error %v", err)
	}
}

// TestRosterConcurrent lets eight goroutines check one account: each instant has one record, in order.
func TestRosterConcurrent(t *testing.T) {
	var store segment.Memory
	r := roster(t, steady(), &store, segment.Options{Retries: 1000})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for d := range 20 {
				_, err := r.Check(t.Context(), arr("acme", float64(d*10)), day(float64(d)))
				var refused *segment.RefusedError
				if err != nil && !errors.As(err, &refused) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	last := time.Time{}
	for record, err := range store.Records(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		if !record.Verdict.AsOf.After(last) {
			t.Fatalf("version %d is as of %v, after one as of %v", record.Version, record.Verdict.AsOf, last)
		}
		last = record.Verdict.AsOf
	}
	if !last.Equal(day(19)) {
		t.Errorf("the last record is as of %v, want %v", last, day(19))
	}
}

func TestRosterObserved(t *testing.T) {
	var got []string
	type key struct{}
	observe := func(ctx context.Context, op segment.Op) (context.Context, func(error)) {
		return context.WithValue(ctx, key{}, op.Name), func(err error) {
			got = append(got, fmt.Sprintf("%s %s %d %t", op.Name, op.Account, op.Done, err == nil))
		}
	}
	var store segment.Memory
	r := roster(t, steady(), &store, segment.Options{Observe: observe})
	inputs := func(yield func(segment.Input, error) bool) {
		_ = yield(arr("a", 120), nil) && yield(segment.Input{Account: "\n"}, nil) && yield(arr("b", 1), nil) && yield(segment.Input{}, errors.New("cursor lost"))
	}
	var items []string
	for item, err := range r.CheckAll(t.Context(), inputs, day(0)) {
		switch {
		case err != nil:
			items = append(items, err.Error())
		case item.Err != nil:
			items = append(items, "failed")
		default:
			items = append(items, item.Account+" "+item.Record.Membership.Segment)
		}
	}
	if diff := cmp.Diff([]string{"a strategic", "failed", "b tech", "segment: check accounts: cursor lost"}, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	_, _ = r.Approve(t.Context(), "a", "kim", day(1))
	if diff := cmp.Diff([]string{"check a 0 true", "check \n 1 false", "check b 2 true", "check_all  0 false", "approve a 0 false"}, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Check(ctx, arr("a", 1), day(9)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got error %v", err)
	}
	n := 0
	for _, err := range r.CheckAll(ctx, inputs, day(9)) {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled batch: got error %v", err)
		}
	}
	if n != 1 {
		t.Errorf("a cancelled batch gave %d items", n)
	}
}

// foreign is a Memory that gives changed records.
type foreign struct {
	segment.Memory
	last, ranged func(*segment.Record) // nil: none
}

func (f *foreign) Last(ctx context.Context, account string) (segment.Record, bool, error) {
	r, ok, err := f.Memory.Last(ctx, account)
	if f.last != nil {
		f.last(&r)
	}
	return r, ok, err
}

func (f *foreign) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[segment.Record, error] {
	return func(yield func(segment.Record, error) bool) {
		for r, err := range f.Memory.Records(ctx, account, from, to, knownAt) {
			if f.ranged != nil {
				f.ranged(&r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// TestRosterForeignRecords lets a store give records of a newer release and of another account.
func TestRosterForeignRecords(t *testing.T) {
	newer := func(r *segment.Record) { r.Format = 2 }
	another := func(r *segment.Record) { r.Verdict.Account = "beta" }
	for _, c := range []struct {
		name         string
		last, ranged func(*segment.Record)
		asOf         float64
		want         string
	}{
		{"a newer last record", newer, nil, 2, `segment: check "acme": last record: format 2: unknown format`},
		{"the same instant as a newer last record", newer, nil, 1, `segment: check "acme": last record: format 2: unknown format`},
		{"a newer stored record", nil, newer, 0, `segment: check "acme": stored record: format 2: unknown format`},
		{"another's last record", another, nil, 2, `segment: account "acme": last record: is that of account "beta"`},
		{"another's stored record", nil, another, 0, `segment: account "acme": stored record: is that of account "beta"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := &foreign{}
			r := roster(t, steady(), store, segment.Options{})
			check(t, r, arr("acme", 120), day(0))
			check(t, r, arr("acme", 120), day(1))
			store.last, store.ranged = c.last, c.ranged
			_, err := r.Check(t.Context(), arr("acme", 120), day(c.asOf))
			var data *segment.DataError
			if err == nil || err.Error() != c.want || !errors.Is(err, segment.ErrFormat) && !errors.As(err, &data) {
				t.Errorf("got error %v, want %s", err, c.want)
			}
			if c.last == nil {
				return
			}
			pin := segment.Pin{Segment: "tech", By: "kim", Reason: "merger", From: day(6), Until: day(7)}
			if _, err := r.Pin(t.Context(), "acme", pin); err == nil {
				t.Error("pinned")
			}
			if _, err := r.Approve(t.Context(), "acme", "kim", day(6)); err == nil {
				t.Error("approved")
			}
		})
	}
}

// TestRosterObservedHalf has observers that return no context, no function, or neither.
func TestRosterObservedHalf(t *testing.T) {
	for _, withContext := range []bool{false, true} {
		for _, withEnd := range []bool{false, true} {
			ended := 0
			observe := func(ctx context.Context, _ segment.Op) (observed context.Context, end func(error)) {
				if withContext {
					var cancel context.CancelFunc
					observed, cancel = context.WithCancel(ctx)
					cancel() // shows that it is used
				}
				if withEnd {
					end = func(error) { ended++ }
				}
				return observed, end
			}
			var store segment.Memory
			_, err := roster(t, steady(), &store, segment.Options{Observe: observe}).Check(t.Context(), arr("acme", 1), day(0))
			if errors.Is(err, context.Canceled) != withContext || !withContext && err != nil {
				t.Errorf("context %t: got error %v", withContext, err)
			}
			if (ended == 1) != withEnd {
				t.Errorf("function %t: ended %d times", withEnd, ended)
			}
		}
	}
}

func TestEventIDs(t *testing.T) {
	ids := map[string]bool{}
	n := 0
	for _, account := range []string{"a", "a\u00e9", "b"} {
		var store segment.Memory
		immediate := steady()
		immediate.For, immediate.Review = 0, ""
		r := roster(t, immediate, &store, segment.Options{})
		for d, f := range []float64{120, 50, 120, 50} {
			for _, e := range check(t, r, arr(account, f), day(float64(d))).Events {
				ids[e.ID] = true
				n++
			}
		}
	}
	if len(ids) != n || n != 3*7 {
		t.Errorf("%d events have %d IDs, want 21 of each", n, len(ids))
	}
}
