package journey_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// Instants that come with mixed offsets, and with nanoseconds, give the bytes of those in UTC.
func TestMixedOffsets(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	zones := []*time.Location{time.UTC, time.FixedZone("", 5*3600+1800), time.FixedZone("west", -11*3600), time.FixedZone("odd", 1)}
	mixed := func(at time.Time) time.Time {
		if at.IsZero() {
			return at
		}
		return at.In(zones[r.IntN(len(zones))]).Add(time.Duration(r.IntN(1000)))
	}
	model := compile(t, journey.LAER())
	for n := range 200 {
		events := randomLog(r)
		asOf := hour(10 + r.IntN(60))
		other := make([]journey.Event, len(events))
		for i, e := range events {
			e.Happened, e.Recorded = mixed(e.Happened), mixed(e.Recorded)
			other[i] = e
		}
		decide := func(events []journey.Event, mixed func(time.Time) time.Time) string {
			track, err := journey.Replay(sequence(events), mixed(asOf), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if track.Phase != "" && track.Phase != journey.Ended {
				track.Phase = "adopt"
			}
			d, err := model.Decide(journey.Input{
				Account: "acme", Track: track, Since: mixed(hour(0)), Signals: journey.SignalMap{"active_share": {Value: 0.7, At: mixed(hour(5))}},
				Anchors: []journey.Anchor{{Name: "renewal", At: mixed(hour(500))}},
			}, mixed(asOf))
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal([]json.Marshaler{track, d})
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		if diff := cmp.Diff(decide(events, func(at time.Time) time.Time { return at }), decide(other, mixed)); diff != "" {
			t.Fatalf("log %d (-UTC +mixed):\n%s", n, diff)
		}
	}
}

// A source whose clock is an hour fast is not seen for an hour, and one that is slow counts from what it says.
func TestClockAnHourOff(t *testing.T) {
	for _, c := range []struct {
		off   time.Duration
		check time.Duration
		want  string // what is proposed
	}{
		{time.Hour, 0, ""},
		{time.Hour, time.Hour - time.Microsecond, ""},
		{time.Hour, time.Hour, "need_began 10 Jan 01:00"},
		{-time.Hour, 0, "need_began 9 Jan 23:00"},
	} {
		p := start(t, oneNeed(active(30*journey.Day, 0)), day(1, 1))
		d := p.decide(day(1, 10).Add(c.check), journey.SignalMap{"active": *valueAt(1, day(1, 10).Add(c.off))})
		if got := strings.Join(edges(d.Events), ", "); got != c.want {
			t.Errorf("%v off, checked after %v: %q, want %q", c.off, c.check, got, c.want)
		}
	}
	// A writer whose clock is an hour slow records with the last event, not before it.
	w := newWorld(t, oneNeed(active(0, 0)))
	w.now = day(1, 1).Add(time.Hour)
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.now = day(1, 1)
	if d := w.check(day(1, 1).Add(time.Minute), journey.SignalMap{"active": {Value: 1}}); d.Phase != "b" || d.Events[0].Recorded != day(1, 1).Add(time.Hour) {
		t.Errorf("in %q, recorded at %v", d.Phase, d.Events[0].Recorded)
	}
}

// The size of a track is that of the map, not of the log.
func TestTrackSize(t *testing.T) {
	size := func(n int) int {
		track, err := journey.Replay(manyEvents(n, false), hour(1_000_000), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(track)
		if err != nil {
			t.Fatal(err)
		}
		return len(text)
	}
	if few, many := size(101), size(100_001); many > few+len("999") {
		t.Errorf("after 101 events %d bytes, after 100 001 events %d", few, many)
	}
}

// Whatever of an empty log is asked, the answer is that nothing has begun.
func TestEmptyLog(t *testing.T) {
	w := newWorld(t, journey.LAER())
	d := w.check(day(1, 2), flags("cancelled", "first_value"))
	if d.Phase != "" || d.Next != "land" || len(d.Events)+len(d.Missing)+len(d.Waiting) != 0 || d.Clock.State != journey.ClockUnknown {
		t.Errorf("decided %+v", d)
	}
	var refused *journey.RefusedError
	for name, err := range map[string]error{
		"attest":   w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 2)}),
		"withdraw": w.tracker.Withdraw(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 2)}),
		"pause":    w.tracker.Pause(w.ctx, "acme", "ada", "", day(1, 2)),
		"resume":   w.tracker.Resume(w.ctx, "acme", "ada", day(1, 2)),
		"end":      w.tracker.End(w.ctx, "acme", "ada", "", day(1, 2)),
		"migrate":  w.tracker.Migrate(w.ctx, "acme", journey.Migration{}, day(1, 2)),
	} {
		if !errors.As(err, &refused) || refused.Rule != "under_way" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.version() != 0 {
		t.Error("something was appended")
	}
}
