package journey_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func (w *world) version() int64 { w.Helper(); return w.track(day(12, 31), time.Time{}).Version }

func TestTrackerIsIdempotent(t *testing.T) {
	m := journey.LAER()
	w := newWorld(t, m)
	w.now = day(1, 1)
	kickOff := journey.Evidence{Name: "kick_off", By: "ada", Note: "minutes 7", At: day(1, 2)}
	signed := journey.Evidence{Name: "signed", By: "bob", Role: "sales", At: day(1, 3)}
	steps := []struct {
		name string
		do   func() error
	}{
		{"start", func() error { return w.tracker.Start(w.ctx, "acme", "land", day(1, 1)) }},
		{"attest", func() error { return w.tracker.Attest(w.ctx, "acme", kickOff) }},
		{"attest another", func() error { return w.tracker.Attest(w.ctx, "acme", signed) }},
		{"pause", func() error { return w.tracker.Pause(w.ctx, "acme", "ada", "waits", day(1, 4)) }},
		{"resume", func() error { return w.tracker.Resume(w.ctx, "acme", "ada", day(1, 5)) }},
		{"withdraw", func() error {
			return w.tracker.Withdraw(w.ctx, "acme", journey.Evidence{Name: "signed", By: "bob", At: day(1, 6)})
		}},
		{"check", func() error {
			d, err := w.tracker.Check(w.ctx, journey.Input{Account: "acme", Signals: flags("first_value")}, day(1, 7))
			if err == nil && d.Phase != "adopt" {
				return fmt.Errorf("in %q, missing %v", d.Phase, d.Missing)
			}
			return err
		}},
		{"end", func() error { return w.tracker.End(w.ctx, "acme", "ada", "merged", day(1, 8)) }},
	}
	for i, s := range steps {
		w.ok(s.do())
		if s.name == "end" {
			break // what came before is not under way any more
		}
		before := w.version()
		for _, again := range steps[:i+1] {
			w.now = w.now.Add(time.Hour)
			if err := again.do(); err != nil {
				t.Fatalf("%s again after %s: %v", again.name, s.name, err)
			}
		}
		if after := w.version(); after != before {
			t.Errorf("after %s, repeated calls appended %d events", s.name, after-before)
		}
	}
	w.ok(steps[len(steps)-1].do())
	track := w.track(day(2, 1), time.Time{})
	if track.Phase != journey.Ended || len(track.Evidence) > 0 {
		t.Errorf("track %+v", track)
	}
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 9)))
	if track := w.track(day(2, 1), time.Time{}); track.Phase != "land" || track.Started != day(1, 9) {
		t.Errorf("started again: %+v", track)
	}
}

// lostLog appends, and then does not live to say so.
type lostLog struct{ *journey.Memory }

var errLost = errors.New("lost")

func (l lostLog) Append(ctx context.Context, account string, after int64, events ...journey.Event) error {
	if err := l.Memory.Append(ctx, account, after, events...); err != nil {
		return err
	}
	return errLost
}

func TestLostAnswer(t *testing.T) {
	w := newWorld(t, journey.LAER())
	w.ok(w.tracker.Start(w.ctx, "acme", "land", day(1, 1)))
	w.ok(w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 2)}))
	dying, err := journey.NewTracker(compile(t, journey.LAER()), lostLog{w.log}, journey.Options{})
	w.ok(err)
	in := journey.Input{Account: "acme", Signals: flags("first_value")}
	if _, err := dying.Check(w.ctx, in, day(1, 7)); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	var want []journey.Event
	for e, err := range w.log.Events(w.ctx, "acme", 0) {
		w.ok(err)
		if e.Kind == journey.Moved {
			want = append(want, e)
		}
	}
	if len(want) != 1 {
		t.Fatalf("moves in the log: %v", want)
	}
	d := w.check(day(1, 7), flags("first_value"))
	if diff := cmp.Diff(want, d.Made); diff != "" || len(d.Events) > 0 {
		t.Errorf("moves made (-want +got):\n%s\nand %d events", diff, len(d.Events))
	}
	if d := w.check(day(1, 8), flags("first_value")); len(d.Made) > 0 {
		t.Errorf("a day later: moves %v", d.Made)
	}
}

func TestTrackerRefuses(t *testing.T) {
	w := newWorld(t, journey.LAER())
	w.now = day(1, 1)
	evidence := func(name, role string) journey.Evidence {
		return journey.Evidence{Name: name, Role: role, By: "ada", At: day(1, 20)}
	}
	refused := func(rule string, err error) {
		t.Helper()
		var e *journey.RefusedError
		if !errors.As(err, &e) || e.Rule != rule || e.Account != "acme" || e.Message == "" || e.Needs == "" {
			t.Errorf("got %v, want a refusal by %s", err, rule)
		}
	}
	wrong := func(field string, err error) {
		t.Helper()
		var e *journey.DataError
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "journey: account \"acme\": "+field) {
			t.Errorf("got %v, want a data error in %s", err, field)
		}
	}
	refused("known_phase", w.tracker.Start(w.ctx, "acme", "grov", day(1, 1)))
	refused("under_way", w.tracker.Attest(w.ctx, "acme", evidence("kick_off", "")))
	refused("under_way", w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 20)))
	refused("under_way", w.tracker.End(w.ctx, "acme", "ada", "", day(1, 20)))
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 10)))
	refused("started", w.tracker.Start(w.ctx, "acme", "", day(1, 11)))
	refused("known_name", w.tracker.Attest(w.ctx, "acme", evidence("kickoff", "")))
	refused("known_name", w.tracker.Attest(w.ctx, "acme", evidence("renew", ""))) // a move without an approver
	refused("approver", w.tracker.Attest(w.ctx, "acme", evidence("expand", "support")))
	w.ok(w.tracker.Attest(w.ctx, "acme", evidence("expand", "sales")))
	refused("stands", w.tracker.Withdraw(w.ctx, "acme", evidence("kick_off", "")))
	refused("stands", w.tracker.Withdraw(w.ctx, "acme", evidence("expand", "support")))
	refused("under_way", w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 9)))
	refused("paused", w.tracker.Resume(w.ctx, "acme", "ada", day(1, 20)))
	w.ok(w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 20)))
	refused("paused", w.tracker.Pause(w.ctx, "acme", "bob", "", day(1, 21)))
	refused("in_order", w.tracker.End(w.ctx, "acme", "ada", "", day(1, 9)))
	w.check(day(1, 25), flags("cancelled"))
	_, err := w.tracker.Check(w.ctx, journey.Input{Account: "acme"}, day(1, 24))
	refused("in_order", err)
	refused("in_order", w.tracker.Start(w.ctx, "acme", "", day(1, 24)))
	refused("under_way", w.tracker.End(w.ctx, "acme", "ada", "", day(1, 26)))

	wrong("at: is zero", w.tracker.Start(w.ctx, "acme", "", time.Time{}))
	_, err = w.tracker.Check(w.ctx, journey.Input{Account: "acme"}, time.Time{})
	wrong("as of: is zero", err)
	_, err = w.tracker.Check(w.ctx, journey.Input{Account: "acme", Status: "x"}, day(2, 1))
	wrong("status", err)
	if err := w.tracker.Start(w.ctx, "", "", day(1, 1)); err == nil {
		t.Error("an empty account is taken")
	}
	if _, err := journey.NewTracker(nil, w.log, journey.Options{}); err == nil {
		t.Error("a nil model is taken")
	}
	if _, err := journey.NewTracker(compile(t, journey.LAER()), nil, journey.Options{}); err == nil {
		t.Error("a nil log is taken")
	}
}

func TestLateObservations(t *testing.T) {
	need := active(7*journey.Day, 0)
	w := newWorld(t, oneNeed(need))
	w.now = day(1, 1)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	at := func(v float64, at time.Time) journey.SignalMap { return journey.SignalMap{"active": *valueAt(v, at)} }
	check := func(asOf time.Time, signals journey.SignalMap, since time.Time, want ...string) {
		t.Helper()
		d := w.check(asOf, signals)
		if diff := cmp.Diff(want, edges(d.Events)); diff != "" {
			t.Errorf("as of %v: events (-want +got):\n%s", asOf, diff)
		}
		track := w.track(asOf, time.Time{})
		if len(track.Needs) != 1 || !track.Needs[0].Since.Equal(since) {
			t.Errorf("as of %v: needs %v, want since %v", asOf, track.Needs, since)
		}
		if d := w.check(asOf, signals); len(d.Events) > 0 {
			t.Errorf("as of %v again: events %v", asOf, d.Events)
		}
	}
	check(day(1, 10), at(1, day(1, 10)), day(1, 10), "need_began 10 Jan 00:00")
	check(day(1, 11), at(1, day(1, 8)), day(1, 8), "need_began 8 Jan 00:00") // it held earlier than was known
	check(day(1, 12), at(0, day(1, 7)), day(1, 8))                           // says nothing new
	check(day(1, 13), at(0, day(1, 12)), time.Time{}, "need_ceased 12 Jan 00:00")
	check(day(1, 14), at(1, day(1, 14)), day(1, 14), "need_began 14 Jan 00:00")
	check(day(1, 15), at(0, day(1, 9)), day(1, 14), "need_ceased 9 Jan 00:00") // of a run that is over
	check(day(1, 16), at(1, day(1, 13)), day(1, 13), "need_began 13 Jan 00:00")
}

// A late observation that the log did not have when the move was made disputes it at once, and one more settles it.
func TestLateObservationDisputes(t *testing.T) {
	w := newWorld(t, oneNeed(active(0, 0)))
	w.now = day(1, 1)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.check(day(1, 10), journey.SignalMap{"active": {Value: 1}})
	d := w.check(day(1, 12), journey.SignalMap{"active": *valueAt(0, day(1, 10))}) // the same instant, recorded later
	if len(d.Disputed) != 0 {
		t.Errorf("what ceased when the move had been made disputes it: %v", d.Disputed)
	}
	w = newWorld(t, oneNeed(active(3*journey.Day, 0)))
	w.now = day(1, 1)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.check(day(1, 10), journey.SignalMap{"active": {Value: 1}})
	d = w.check(day(1, 13), journey.SignalMap{"active": {Value: 1}})
	event := d.Events[0].ID
	d = w.check(day(1, 14), journey.SignalMap{"active": *valueAt(0, day(1, 12))})
	want := []journey.Dispute{{Event: event, Move: "on", At: day(1, 13)}}
	if diff := cmp.Diff(want, d.Disputed); diff != "" {
		t.Errorf("disputed (-want +got):\n%s", diff)
	}
	w.check(day(1, 16), journey.SignalMap{"active": {Value: 1}})
	if d = w.check(day(1, 18), nil); len(d.Disputed) != 1 || !d.Disputed[0].DueAt.IsZero() {
		t.Errorf("lost before it was due: %v", d.Disputed)
	}
	d = w.check(day(1, 20), journey.SignalMap{"active": {Value: 1}})
	want[0].DueAt = day(1, 20) // known again
	if diff := cmp.Diff(want, d.Disputed); diff != "" {
		t.Errorf("disputed (-want +got):\n%s", diff)
	}
}

// flaky is a log that fails to answer after it has appended, or is beaten by another writer.
type flaky struct {
	*journey.Memory
	beaten int // how often another writer is first
	silent bool
	other  func()
}

var errSilent = errors.New("no answer")

func (f *flaky) Append(ctx context.Context, account string, after int64, events ...journey.Event) error {
	if f.beaten > 0 {
		f.beaten--
		f.other()
	}
	err := f.Memory.Append(ctx, account, after, events...)
	if f.silent {
		f.silent = false
		return errors.Join(err, errSilent)
	}
	return err
}

func TestTrackerRetries(t *testing.T) {
	for _, c := range []struct {
		retries, beaten int
		conflict        bool
	}{{0, 3, false}, {0, 4, true}, {1, 1, false}, {1, 2, true}, {-1, 1, true}} {
		w := newWorld(t, oneNeed(active(0, 0)))
		w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
		n := 0
		f := &flaky{Memory: w.log, beaten: c.beaten, other: func() {
			n++
			w.ok(w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 2*n)))
			w.ok(w.tracker.Resume(w.ctx, "acme", "ada", day(1, 2*n+1)))
		}}
		tracker, err := journey.NewTracker(compile(t, oneNeed(active(0, 0))), f, journey.Options{Retries: c.retries})
		w.ok(err)
		d, err := tracker.Check(w.ctx, journey.Input{Account: "acme", Signals: journey.SignalMap{"active": {Value: 1}}}, day(2, 1))
		if errors.Is(err, journey.ErrConflict) != c.conflict || err == nil == c.conflict {
			t.Errorf("%d retries, beaten %d times: %v", c.retries, c.beaten, err)
		}
		if c.conflict && !strings.HasPrefix(err.Error(), `journey: check "acme": append events: after `) {
			t.Errorf("the conflict reads %v", err)
		}
		if err == nil && d.Phase != "b" {
			t.Errorf("in %q", d.Phase)
		}
	}
}

func TestTrackerLosesNothing(t *testing.T) {
	w := newWorld(t, oneNeed(active(0, 0)))
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	f := &flaky{Memory: w.log, silent: true}
	tracker, err := journey.NewTracker(compile(t, oneNeed(active(0, 0))), f, journey.Options{})
	w.ok(err)
	in := journey.Input{Account: "acme", Signals: journey.SignalMap{"active": {Value: 1}}}
	_, err = tracker.Check(w.ctx, in, day(1, 2))
	if !errors.Is(err, errSilent) || err.Error() != `journey: check "acme": append events: no answer` {
		t.Fatalf("got %v", err)
	}
	d, err := tracker.Check(w.ctx, in, day(1, 2))
	if err != nil || d.Phase != "b" || w.version() != 3 {
		t.Errorf("after the silence: in %q, version %d, error %v", d.Phase, w.version(), err)
	}
}

// Recorded times rise though the clock goes back.
func TestRecordedRises(t *testing.T) {
	w := newWorld(t, oneNeed(active(0, 0)))
	w.now = day(3, 1)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.now = day(2, 1).Add(1500)
	w.ok(w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 2)))
	w.now = day(4, 1).Add(1500)
	w.ok(w.tracker.Resume(w.ctx, "acme", "ada", day(1, 3)))
	var got []time.Time
	for e, err := range w.log.Events(w.ctx, "acme", 0) {
		w.ok(err)
		got = append(got, e.Recorded)
	}
	if diff := cmp.Diff([]time.Time{day(3, 1), day(3, 1), day(4, 1).Add(1000)}, got); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
}

// A clock that says nothing would make the log unreadable.
func TestNowIsChecked(t *testing.T) {
	w := newWorld(t, oneNeed(active(0, 0)))
	w.now = time.Time{}
	if err := w.tracker.Start(w.ctx, "acme", "", day(1, 1)); err == nil || w.version() != 0 {
		t.Errorf("recorded at the zero time: error %v, %d events", err, w.version())
	}
}

type spanKey struct{}

func TestObserve(t *testing.T) {
	var ops []string
	log := &contextLog{Memory: &journey.Memory{}}
	tracker, err := journey.NewTracker(compile(t, oneNeed(active(0, 0))), log, journey.Options{
		Observe: func(ctx context.Context, op journey.Op) (context.Context, func(error)) {
			switch op.Name {
			case "pause":
				return ctx, nil
			case "resume":
				return nil, func(err error) { ops = append(ops, fmt.Sprint("without a context ", err != nil)) }
			}
			return context.WithValue(ctx, spanKey{}, op.Name), func(err error) {
				ops = append(ops, fmt.Sprint(op.Name, " ", op.Account, " ", err != nil))
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	errs := []error{
		tracker.Start(ctx, "acme", "", day(1, 1)),
		tracker.Pause(ctx, "acme", "ada", "", day(1, 2)),
		tracker.Resume(ctx, "acme", "ada", day(1, 1)),
		tracker.End(ctx, "acme", "ada", "", day(1, 3)),
	}
	if errs[0] != nil || errs[1] != nil || errs[2] == nil || errs[3] != nil {
		t.Fatal(errs)
	}
	if diff := cmp.Diff([]string{"start acme false", "without a context true", "end acme false"}, ops); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"start", "", "", "end"}, log.spans); diff != "" {
		t.Errorf("spans that the log saw (-want +got):\n%s", diff)
	}
}

type contextLog struct {
	*journey.Memory
	spans []string
}

func (l *contextLog) Events(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
	span, _ := ctx.Value(spanKey{}).(string)
	l.spans = append(l.spans, span)
	return l.Memory.Events(ctx, account, after)
}

// Eight writers check one account at one instant: the log is as if one had.
func TestTrackerTogether(t *testing.T) {
	w := newWorld(t, journey.LAER())
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.ok(w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 1)}))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			d, err := w.tracker.Check(w.ctx, journey.Input{Account: "acme", Signals: flags("first_value")}, day(1, 2))
			if err != nil || d.Phase != "adopt" {
				t.Errorf("in %q, error %v", d.Phase, err)
			}
		})
	}
	wg.Wait()
	if v := w.version(); v != 4 {
		t.Errorf("%d events, want start, evidence, need and move", v)
	}
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	if _, err := w.tracker.Check(ctx, journey.Input{Account: "acme"}, day(1, 3)); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
	}
}
