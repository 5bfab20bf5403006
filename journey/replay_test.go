package journey_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// logOf completes events: the n-th is recorded on the n-th of January, and happened then unless it says otherwise.
func logOf(events ...journey.Event) []journey.Event {
	for i := range events {
		e := &events[i]
		e.Format, e.Account, e.ID, e.Recorded = 1, "acme", fmt.Sprintf("e%d", i+1), day(1, i+1)
		if e.Happened.IsZero() {
			e.Happened = e.Recorded
		}
	}
	return events
}

func started(phase string) journey.Event { return journey.Event{Kind: journey.Started, Phase: phase} }

func moved(name, from, to string) journey.Event {
	return journey.Event{Kind: journey.Moved, Name: name, From: from, Phase: to, Move: journey.Advance}
}

func TestReplayRefuses(t *testing.T) {
	began := journey.Event{Kind: journey.NeedBegan, Name: "x = 1"}
	for _, c := range []struct {
		want   string
		events []journey.Event
		change func(events []journey.Event)
	}{
		{`event 1: "need_began" comes before the start`, logOf(began), nil},
		{`event 2: "started" comes while the journey is in phase "a"`, logOf(started("a"), started("a")), nil},
		{`event 1: "started" has no phase`, logOf(started("")), nil},
		{`event 1: "started" has no phase`, logOf(started("ended")), nil},
		{`event 2: "moved" leaves phase "b", and the journey is in phase "a"`, logOf(started("a"), moved("m", "b", "a")), nil},
		{`event 2: "moved" has no phase or no name`, logOf(started("a"), moved("", "a", "b")), nil},
		{`event 3: "moved" leaves phase "a", and the journey is in phase "ended"`,
			logOf(started("a"), journey.Event{Kind: journey.JourneyEnded}, moved("m", "a", "b")), nil},
		{`event 3: "ended" comes after the end`,
			logOf(started("a"), journey.Event{Kind: journey.JourneyEnded}, journey.Event{Kind: journey.JourneyEnded}), nil},
		{`event 2: "map_changed" changes phase "b", and the journey is in phase "a"`,
			logOf(started("a"), journey.Event{Kind: journey.MapChanged, From: "b", Phase: "c"}), nil},
		{`event 2: "need_began" has no name`, logOf(started("a"), journey.Event{Kind: journey.NeedBegan}), nil},
		{`event 2: the kind "jumped" is unknown`, logOf(started("a"), journey.Event{Kind: "jumped"}), nil},
		{`event 2: "moved" happened at 2025-12-31T00:00:00Z, before the phase was entered at 2026-01-01T00:00:00Z`,
			logOf(started("a"), moved("m", "a", "b")), func(e []journey.Event) { e[1].Happened = day(1, 0) }},
		{`event 2: was recorded at 2025-12-31T00:00:00Z, before the one before it at 2026-01-01T00:00:00Z`,
			logOf(started("a"), began), func(e []journey.Event) { e[1].Recorded = day(1, 0) }},
		{`account "acme": event 2: belongs to account "other"`, logOf(started("a"), began), func(e []journey.Event) { e[1].Account = "other" }},
		{`event 1: account is empty`, logOf(started("a")), func(e []journey.Event) { e[0].Account = "" }},
		{`event 1: ID is empty`, logOf(started("a")), func(e []journey.Event) { e[0].ID = "" }},
		{`event 1: has the format 0`, logOf(started("a")), func(e []journey.Event) { e[0].Format = 0 }},
		{`event 1: happened is zero`, logOf(started("a")), func(e []journey.Event) { e[0].Happened = time.Time{} }},
		{`event 1: recorded year 10000 is outside 1 to 9999`, logOf(started("a")), func(e []journey.Event) {
			e[0].Recorded = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
		}},
	} {
		if c.change != nil {
			c.change(c.events)
		}
		_, err := journey.Replay(sequence(c.events), day(2, 1), time.Time{})
		var data *journey.DataError
		if !errors.As(err, &data) || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	newer := logOf(started("a"))
	newer[0].Format = 2
	if _, err := journey.Replay(sequence(newer), day(2, 1), time.Time{}); !errors.Is(err, journey.ErrFormat) ||
		err.Error() != `journey: replay "acme": event 1: format 2: unknown format` {
		t.Errorf("a newer event: %v", err)
	}
	if _, err := journey.Replay(sequence(nil), time.Time{}, time.Time{}); err == nil {
		t.Error("the zero time is taken for asOf")
	}
	broken := errors.New("the line is dead")
	fails := func(yield func(journey.Event, error) bool) {
		_ = yield(logOf(started("a"))[0], nil) && yield(journey.Event{}, broken)
	}
	if _, err := journey.Replay(fails, day(2, 1), time.Time{}); !errors.Is(err, broken) || !strings.Contains(err.Error(), `"acme"`) {
		t.Errorf("a sequence that fails: %v", err)
	}
}

// What is known at an instant does not depend on what is wrong later.
func TestReplayStopsAtKnownAt(t *testing.T) {
	events := logOf(started("a"), moved("m", "x", "y"))
	track, err := journey.Replay(sequence(events), day(2, 1), day(1, 1))
	if err != nil || track.Version != 1 || track.Phase != "a" {
		t.Errorf("track %+v, error %v", track, err)
	}
}

func TestReplayEdgeCases(t *testing.T) {
	empty, err := journey.Replay(sequence(nil), day(1, 1), time.Time{})
	if diff := cmp.Diff(journey.Track{AsOf: day(1, 1)}, empty); diff != "" || err != nil {
		t.Errorf("an empty log (-want +got):\n%s%v", diff, err)
	}
	began := journey.Event{Kind: journey.NeedBegan, Name: "x = 1"}
	ceased := journey.Event{Kind: journey.NeedCeased, Name: "x = 1"}
	at := func(e journey.Event, when time.Time) journey.Event { e.Happened = when; return e }
	for _, c := range []struct {
		name   string
		events []journey.Event
		want   journey.Track
	}{
		{"two at one instant, as they were recorded", logOf(started("a"), at(began, day(1, 5)), at(ceased, day(1, 5))), journey.Track{
			Phase: "a", Since: day(1, 1), Started: day(1, 1), Ran: day(1, 1), Needs: []journey.NeedTime{{Key: "x = 1", Ceased: day(1, 5)}},
		}},
		{"two at one instant, the other way around", logOf(started("a"), at(ceased, day(1, 5)), at(began, day(1, 5))), journey.Track{
			Phase: "a", Since: day(1, 1), Started: day(1, 1), Ran: day(1, 1), Needs: []journey.NeedTime{{Key: "x = 1", Since: day(1, 5)}},
		}},
		{"a need from before the start", logOf(started("a"), at(began, day(1, -30))), journey.Track{
			Phase: "a", Since: day(1, 1), Started: day(1, 1), Ran: day(1, 1), Needs: []journey.NeedTime{{Key: "x = 1", Since: day(1, -30)}},
		}},
		{"twice", logOf(started("a"), began, began, journey.Event{Kind: journey.PauseBegan}, journey.Event{Kind: journey.PauseBegan}), journey.Track{
			Phase: "a", Since: day(1, 1), Started: day(1, 1), Ran: day(1, 1), Paused: day(1, 4),
			Needs: []journey.NeedTime{{Key: "x = 1", Since: day(1, 2)}},
		}},
		{"after the end", logOf(started("a"), journey.Event{Kind: journey.JourneyEnded}, began, journey.Event{Kind: journey.PauseBegan}), journey.Track{
			Phase: "ended", Since: day(1, 2), Started: day(1, 1), Left: []journey.Left{{Phase: "a", At: day(1, 2)}},
			Needs: []journey.NeedTime{{Key: "x = 1", Since: day(1, 3)}},
		}},
		{"started again", logOf(started("a"), journey.Event{Kind: journey.JourneyEnded}, started("b")), journey.Track{
			Phase: "b", Since: day(1, 3), Started: day(1, 3), Ran: day(1, 3), Left: []journey.Left{{Phase: "a", At: day(1, 2)}},
		}},
		{"another map", logOf(started("a"), journey.Event{Kind: journey.MapChanged, From: "a", Phase: "b", Digest: journey.Digest{1}}, moved("m", "b", "c")),
			journey.Track{
				Phase: "c", Since: day(1, 3), Started: day(1, 1), Ran: day(1, 1), Left: []journey.Left{{Phase: "b", At: day(1, 3)}},
				Passes: []journey.Pass{{Move: "m", Count: 1, At: day(1, 3), Event: "e3", DueAt: day(1, 1)}},
			}},
		{"after asOf", logOf(started("a"), at(moved("m", "a", "b"), day(2, 2)), at(began, day(2, 3))), journey.Track{
			Phase: "a", Since: day(1, 1), Started: day(1, 1), Ran: day(1, 1),
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := journey.Replay(sequence(c.events), day(2, 1), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			n := len(c.events)
			c.want.Account, c.want.Version, c.want.AsOf, c.want.Last = "acme", int64(n), day(2, 1), day(1, n)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("track (-want +got):\n%s", diff)
			}
		})
	}
}

// Times come from stores with other zones and with nanoseconds.
func TestReplayTruncates(t *testing.T) {
	events := logOf(started("a"))
	events[0].Happened = day(1, 1).Add(1999).In(time.FixedZone("east", 3600))
	track, err := journey.Replay(sequence(events), day(1, 1).Add(1999), time.Time{})
	if err != nil || track.Since != day(1, 1).Add(1000) || track.AsOf != day(1, 1).Add(1000) {
		t.Errorf("since %v, as of %v, error %v", track.Since, track.AsOf, err)
	}
}

func TestReplaySecondRange(t *testing.T) {
	events := logOf(started("a"), journey.Event{Kind: journey.NeedBegan, Name: "x = 1"})
	events[1].Happened = day(1, 0)
	ranges := 0
	var once iter.Seq2[journey.Event, error] = func(yield func(journey.Event, error) bool) {
		if ranges++; ranges == 1 {
			sequence(events)(yield)
		}
	}
	want := `journey: replay "acme": the sequence gave 2 events, and 0 the second time`
	if _, err := journey.Replay(once, day(2, 1), time.Time{}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// manyEvents gives n edges of three needs without holding them.
func manyEvents(n int, late bool) iter.Seq2[journey.Event, error] {
	return func(yield func(journey.Event, error) bool) {
		for i := range n {
			e := journey.Event{
				Format: 1, ID: "id", Account: "acme", Kind: []journey.EventKind{journey.NeedBegan, journey.NeedCeased}[i%2],
				Name: []string{"x = 1", "y = 1", "z = 1"}[i/2%3], Happened: hour(0).Add(time.Duration(i) * time.Minute), Recorded: hour(i),
			}
			switch {
			case i == 0:
				e.Kind, e.Phase, e.Name = journey.Started, "a", ""
			case late && i == n-1:
				e.Happened = hour(-1)
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestReplayMillion(t *testing.T) {
	track, err := journey.Replay(manyEvents(1_000_000, false), hour(1_000_000), time.Time{})
	if err != nil || track.Version != 1_000_000 || len(track.Needs) != 3 {
		t.Errorf("track %+v, error %v", track, err)
	}
	replays := func(n int) float64 {
		return testing.AllocsPerRun(3, func() {
			if _, err := journey.Replay(manyEvents(n, false), hour(n), time.Time{}); err != nil {
				t.Error(err)
			}
		})
	}
	if few, many := replays(100), replays(10_000); few != many {
		t.Errorf("replaying 100 events allocates %v times, 10 000 events %v times", few, many)
	}
	late, err := journey.Replay(manyEvents(100_000, true), hour(100_000), time.Time{})
	if err != nil || late.Version != 100_000 {
		t.Errorf("track %+v, error %v", late, err)
	}
}

func TestTrackDoesNotGrow(t *testing.T) {
	p := start(t, oneNeed(active(0, 0)), day(1, 1))
	p.decide(day(1, 2), journey.SignalMap{"active": {Value: 1}})
	size := func() int {
		text, err := p.track(day(12, 31)).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return len(text)
	}
	before := size()
	for i := range 50 {
		p.decide(day(2, i), journey.SignalMap{"active": {Value: float64(i % 2)}})
		p.attest("on", "", day(2, i))
	}
	if after := size(); after > before+200 {
		t.Errorf("the track grew from %d to %d bytes", before, after)
	}
	if !slices.IsSortedFunc(p.log, func(a, b journey.Event) int { return a.Recorded.Compare(b.Recorded) }) {
		t.Error("the log is not in the order of recording")
	}
}
