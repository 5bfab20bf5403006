package journey_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }

func compile(t testing.TB, m journey.Map) *journey.Model {
	t.Helper()
	model, err := journey.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// world is a tracker over a memory whose clock the test sets.
type world struct {
	testing.TB
	ctx     context.Context
	now     time.Time
	log     *journey.Memory
	tracker *journey.Tracker
}

func newWorld(t testing.TB, m journey.Map) *world {
	w := &world{TB: t, ctx: t.Context(), now: day(1, 1), log: &journey.Memory{}}
	var err error
	w.tracker, err = journey.NewTracker(compile(t, m), w.log, journey.Options{Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// check decides as of an instant, at which it is also recorded unless the clock is later.
func (w *world) check(asOf time.Time, signals journey.SignalMap) journey.Decision {
	w.Helper()
	if w.now.Before(asOf) {
		w.now = asOf
	}
	d, err := w.tracker.Check(w.ctx, journey.Input{Account: "acme", Signals: signals}, asOf)
	w.ok(err)
	return d
}

func (w *world) track(asOf, knownAt time.Time) journey.Track {
	w.Helper()
	track, err := journey.Replay(w.log.Events(w.ctx, "acme", 0), asOf, knownAt)
	w.ok(err)
	return track
}

func onboarding() journey.Map {
	return journey.Map{
		Format: 1, Name: "onboarding",
		Phases: []journey.Phase{
			{
				Name: "setup",
				Milestones: []journey.Milestone{
					{Name: "kick_off"},
					{Name: "sso_live", Needs: []journey.Need{
						{Signal: "sso", When: journey.Equal, Value: 1, For: 7 * journey.Day},
					}},
				},
				Pace: journey.Pace{Expected: 30 * journey.Day, Behind: 45 * journey.Day, Stuck: 60 * journey.Day},
			},
			{Name: "adoption"},
		},
		Moves: []journey.Move{{Name: "go_live", From: "setup", To: "adoption", Kind: journey.Advance}},
	}
}

func sso(value float64, at time.Time) journey.SignalMap {
	return journey.SignalMap{"sso": {Value: value, At: at}}
}

func TestScenario4AsKnownThen(t *testing.T) {
	w := newWorld(t, onboarding())
	w.now = day(1, 1)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.now = day(1, 5)
	w.ok(w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 5)}))
	w.check(day(1, 20), sso(1, time.Time{}))

	d := w.check(day(1, 26), sso(1, time.Time{}))
	want := []journey.Missing{{
		Phase: "setup", Milestone: "sso_live", Evidence: true, Blocks: 1,
		Needs: []journey.NeedState{{
			Need:  journey.Need{Signal: "sso", When: journey.Equal, Value: 1, For: 7 * journey.Day},
			State: journey.NeedHolding, Held: 6 * journey.Day, Met: day(1, 27),
		}},
	}}
	if diff := cmp.Diff(want, d.Missing); diff != "" || d.Phase != "setup" {
		t.Errorf("on 26 January in phase %q, missing (-want +got):\n%s", d.Phase, diff)
	}

	d = w.check(day(1, 27).Add(-time.Microsecond), sso(1, time.Time{}))
	if d.Phase != "setup" {
		t.Errorf("moved to %q before seven days were over", d.Phase)
	}
	d = w.check(day(1, 27), sso(1, time.Time{}))
	if d.Phase != "adoption" || len(d.Events) != 1 || !d.Events[0].Happened.Equal(day(1, 27)) {
		t.Fatalf("on 27 January in phase %q with events %v", d.Phase, d.Events)
	}
	moved := d.Events[0].ID

	w.now = day(2, 15)
	w.check(day(2, 15), sso(0, day(1, 23)))
	d = w.check(day(2, 15), sso(1, day(1, 24)))
	if d.Phase != "adoption" {
		t.Errorf("the recorded move does not stand: in phase %q", d.Phase)
	}
	disputed := []journey.Dispute{{Event: moved, Move: "go_live", At: day(1, 27), DueAt: day(1, 31)}}
	if diff := cmp.Diff(disputed, d.Disputed); diff != "" {
		t.Errorf("disputed (-want +got):\n%s", diff)
	}

	for _, c := range []struct {
		name    string
		knownAt time.Time
		due     time.Time
	}{
		{"known on 28 January", day(1, 28), day(1, 27)},
		{"known now", time.Time{}, day(1, 31)},
	} {
		track := w.track(day(2, 15), c.knownAt)
		if p := track.Passes[0]; !p.DueAt.Equal(c.due) || !p.At.Equal(day(1, 27)) || track.Phase != "adoption" {
			t.Errorf("%s: in %q, made at %v, due at %v, want %v", c.name, track.Phase, p.At, p.DueAt, c.due)
		}
	}
	if p := w.track(day(1, 30), time.Time{}).Passes[0]; !p.DueAt.IsZero() {
		t.Errorf("as of 30 January the move is due at %v, want not yet", p.DueAt)
	}
}

func TestScenario4Paused(t *testing.T) {
	w := newWorld(t, onboarding())
	w.now = day(3, 1)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.ok(w.tracker.Pause(w.ctx, "acme", "ada", "waits for legal", day(2, 10)))
	w.ok(w.tracker.Resume(w.ctx, "acme", "ada", day(2, 20)))
	tick := time.Microsecond
	for _, c := range []struct {
		asOf    time.Time
		state   journey.ClockState
		inPhase journey.Duration
	}{
		{day(2, 9), journey.OnTrack, 39 * journey.Day},
		{day(2, 10), journey.Paused, 40 * journey.Day},
		{day(2, 20).Add(-tick), journey.Paused, 40 * journey.Day},
		{day(2, 20), journey.OnTrack, 40 * journey.Day},
		{day(2, 25).Add(-tick), journey.OnTrack, 45*journey.Day - journey.Duration(tick)},
		{day(2, 25), journey.Behind, 45 * journey.Day},
		{day(3, 12).Add(-tick), journey.Behind, 60*journey.Day - journey.Duration(tick)},
		{day(3, 12), journey.Stuck, 60 * journey.Day},
	} {
		got := w.check(c.asOf, nil).Clock
		want := journey.Clock{State: c.state, InPhase: c.inPhase, BehindAt: day(2, 25), StuckAt: day(3, 12)}
		if c.asOf.Before(day(2, 20)) { // if the clock ran on from here
			stopped := max(0, c.asOf.Sub(day(2, 10)))
			want.BehindAt, want.StuckAt = day(2, 15).Add(stopped), day(3, 2).Add(stopped)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("clock as of %v (-want +got):\n%s", c.asOf, diff)
		}
	}
}
