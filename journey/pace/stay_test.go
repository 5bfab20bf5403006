package pace_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// on is an event of account "a", recorded on its day.
func on(day int, kind journey.EventKind, phase string, move journey.MoveKind) journey.Event {
	return journey.Event{ID: fmt.Sprint(day, kind), Account: "a", Kind: kind, Happened: after(day), Recorded: after(day), Phase: phase, Move: move}
}

func logged(events ...journey.Event) iter.Seq2[journey.Event, error] {
	return func(yield func(journey.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// course goes from land to adopt on day 10, back on 20, to adopt on 30 and out on 50, with evidence on 55.
func course() []journey.Event {
	return []journey.Event{
		on(0, journey.Started, "land", ""), on(10, journey.Moved, "adopt", journey.Advance), on(20, journey.Moved, "land", journey.Regress),
		on(30, journey.Moved, "adopt", journey.Advance), on(50, journey.JourneyEnded, "", ""), on(55, journey.EvidenceGiven, "", ""),
	}
}

func TestStays(t *testing.T) {
	ended := func(phase string, from, to int, kind journey.MoveKind, next string) pace.Stay {
		return pace.Stay{Account: "a", Phase: phase, From: after(from), To: after(to), Ended: true, Kind: kind, Next: next}
	}
	open := func(phase string, from, to int) pace.Stay {
		return pace.Stay{Account: "a", Phase: phase, From: after(from), To: after(to)}
	}
	watched := func(s pace.Stay, day int) pace.Stay { s.Watched = after(day); return s }
	unknown := func(s pace.Stay) pace.Stay { s.From, s.Watched = time.Time{}, s.From; return s }
	land, adopt := ended("land", 0, 10, journey.Advance, "adopt"), ended("adopt", 10, 20, journey.Regress, "land")
	again, out := ended("land", 20, 30, journey.Advance, "adopt"), ended("adopt", 30, 50, journey.Leave, journey.Ended)
	late := on(10, journey.Moved, "adopt", journey.Advance)
	late.Recorded = after(40)
	for _, c := range []struct {
		name    string
		events  []journey.Event
		watch   pace.Watch
		asOf    int
		knownAt time.Time
		want    []pace.Stay
	}{
		{"whole", course(), pace.Watch{}, 100, time.Time{}, []pace.Stay{land, adopt, again, out}},
		{"as of day 40, last signal on 35", course(), pace.Watch{Last: after(35)}, 40, time.Time{}, []pace.Stay{land, adopt, again, open("adopt", 30, 35)}},
		{"as of day 40, no other signal", course(), pace.Watch{}, 40, time.Time{}, []pace.Stay{land, adopt, again, open("adopt", 30, 30)}},
		{"a signal of after the day", course(), pace.Watch{Last: after(90)}, 40, time.Time{}, []pace.Stay{land, adopt, again, open("adopt", 30, 40)}},
		{"an end on the day", course(), pace.Watch{}, 10, time.Time{}, []pace.Stay{land, open("adopt", 10, 10)}},
		{"known on day 20", course(), pace.Watch{}, 100, after(20), []pace.Stay{land, adopt, open("land", 20, 20)}},
		{"recorded late", []journey.Event{on(0, journey.Started, "land", ""), late}, pace.Watch{Last: after(60)}, 100, after(39), []pace.Stay{open("land", 0, 60)}},
		{"imported on day 15", course(), pace.Watch{Since: after(15)}, 100, time.Time{}, []pace.Stay{watched(adopt, 15), again, out}},
		{"midway", course(), pace.Watch{Midway: true}, 20, time.Time{}, []pace.Stay{unknown(land), adopt, open("land", 20, 20)}},
		{"a changed map", []journey.Event{on(0, journey.Started, "land", ""), on(5, journey.MapChanged, "land", ""), on(7, journey.MapChanged, "", ""),
			on(8, journey.MapChanged, "use", ""), on(12, journey.Moved, "grow", journey.Advance)}, pace.Watch{}, 100, time.Time{},
			[]pace.Stay{open("land", 0, 8), unknown(ended("use", 8, 12, journey.Advance, "grow")), open("grow", 12, 12)}},
		{"round again and back", []journey.Event{on(0, journey.Started, "use", ""), on(9, journey.Moved, "use", journey.Renew), on(11, journey.Moved, journey.Ended, journey.Leave),
			on(20, journey.Moved, "use", journey.Return), on(21, journey.JourneyEnded, "", ""), on(30, journey.Started, "use", "")}, pace.Watch{}, 100, time.Time{},
			[]pace.Stay{ended("use", 0, 9, journey.Renew, "use"), ended("use", 9, 11, journey.Leave, journey.Ended), ended("use", 20, 21, journey.Leave, journey.Ended), open("use", 30, 30)}},
		{"nothing", nil, pace.Watch{}, 100, time.Time{}, nil},
		{"not begun", course()[:1], pace.Watch{}, -1, time.Time{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := pace.Stays(logged(c.events...), c.watch, after(c.asOf), c.knownAt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			sample(t, got...)
		})
	}
}

func TestBadLogs(t *testing.T) {
	broken := errors.New("broken")
	other := on(3, journey.Moved, "x", "")
	other.Account = "b"
	from := func(e journey.Event, phase string) journey.Event { e.From = phase; return e }
	again := on(5, journey.Moved, "y", journey.Renew)
	slow := on(0, journey.Moved, "y", "")
	slow.Happened = slow.Happened.Add(30*time.Minute - time.Hour)
	for _, c := range []struct {
		name, want string
		events     iter.Seq2[journey.Event, error]
		asOf       time.Time
	}{
		{"twice", `event 2, "5moved": is there twice`, logged(on(0, journey.Started, "y", ""), again, again), after(9)},
		{"of another phase", `"moved" leaves phase "x", and the account is in "y"`,
			logged(on(0, journey.Started, "x", ""), from(on(5, journey.Moved, "y", ""), "x"), from(on(6, journey.Moved, "y", ""), "x")), after(9)},
		{"moved on after the end", `"moved" leaves phase "x", and the account is in "ended"`,
			logged(on(0, journey.Started, "x", ""), on(5, journey.JourneyEnded, "", ""), from(on(6, journey.Moved, "y", ""), "x")), after(9)},
		{"ended again", `"ended" comes after the end`,
			logged(on(0, journey.Started, "x", ""), on(5, journey.JourneyEnded, "", ""), on(6, journey.JourneyEnded, "", "")), after(9)},
		{"by a clock an hour behind", `"moved" happened before the phase was entered`, logged(on(0, journey.Started, "x", ""), slow), after(9)},
		{"as of", "pace: as of: is zero", logged(), time.Time{}},
		{"no account", `pace: account of event 0: is empty`, logged(journey.Event{}), start},
		{"no time", `account "a": event 0, "": happened is zero`, logged(journey.Event{Account: "a"}), start},
		{"two accounts", `account "b": event 1, "3moved": follows those of account "a"`, logged(on(0, journey.Started, "x", ""), other), after(9)},
		{"no phase", `event 0, "0started": the phase is empty`, logged(on(0, journey.Started, "", "")), after(9)},
		{"begins ended", `"started" has no phase`, logged(on(0, journey.Started, journey.Ended, "")), after(9)},
		{"no start", `"moved" comes before the start`, logged(on(0, journey.Moved, "x", "")), after(9)},
		{"two starts", `"started" comes while the journey is under way`, logged(on(0, journey.Started, "x", ""), on(1, journey.Started, "x", "")), after(9)},
		{"backwards", `happened before the phase was entered`, logged(on(5, journey.Started, "x", ""), on(1, journey.Moved, "y", "")), after(9)},
	} {
		_, err := pace.Stays(c.events, pace.Watch{}, c.asOf, time.Time{})
		var bad *pace.DataError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	failing := func(yield func(journey.Event, error) bool) { yield(journey.Event{}, broken) }
	if _, err := pace.Stays(failing, pace.Watch{}, start, time.Time{}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestBetween(t *testing.T) {
	read := func(w pace.Watch, events ...journey.Event) []pace.Stay {
		s, err := pace.Stays(logged(events...), w, after(100), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	whole := read(pace.Watch{}, course()...)
	changed := read(pace.Watch{Last: after(40)}, on(0, journey.Started, "land", ""), on(8, journey.MapChanged, "use", ""), on(30, journey.Moved, "grow", journey.Advance))
	base := func(from, to int, kind journey.MoveKind, next string) *pace.Stay {
		return &pace.Stay{Account: "a", From: after(from), To: after(to), Ended: kind != "", Kind: kind, Next: next}
	}
	for _, c := range []struct {
		name     string
		stays    []pace.Stay
		from, to string
		want     *pace.Stay
	}{
		{"first passage", whole, "land", "adopt", base(0, 10, journey.Advance, "adopt")},
		{"back", whole, "adopt", "land", base(10, 20, journey.Advance, "land")},
		{"never, but left", whole, "land", "grow", base(0, 50, journey.Leave, journey.Ended)},
		{"never, still there", whole[:3], "land", "grow", base(0, 30, "", "")},
		{"not there", whole, "grow", "land", nil},
		{"by a changed map", changed, "land", "use", base(0, 8, journey.Advance, "use")},
		{"over a changed map", changed, "land", "grow", base(0, 30, journey.Advance, "grow")},
		{"the same", whole, "land", "land", base(0, 20, journey.Advance, "land")},
	} {
		got, ok := pace.Between(c.stays, c.from, c.to)
		want := pace.Stay{}
		if c.want != nil {
			want = *c.want
			want.Phase = c.from
		}
		if diff := cmp.Diff(want, got); diff != "" || ok != (c.want != nil) {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, ok, diff)
		}
	}
}

// TestCurrent: the stay of a track is the last one of its log.
func TestCurrent(t *testing.T) {
	for _, c := range []struct {
		name  string
		asOf  int
		watch pace.Watch
		days  float64 // below 0: its clock is unknown
	}{
		{"watched to day 35", 40, pace.Watch{Last: after(35)}, 5},
		{"signal after the day", 40, pace.Watch{Last: after(90)}, 10},
		{"imported on day 32", 40, pace.Watch{Last: after(35), Since: after(32)}, 5},
		{"imported after the last signal", 40, pace.Watch{Last: after(35), Since: after(36)}, -1},
		{"one look", 40, pace.Watch{}, -1},
		{"midway, first phase", 9, pace.Watch{Last: after(8), Midway: true}, -1},
		{"midway, later", 40, pace.Watch{Last: after(35), Midway: true}, 5},
	} {
		track, err := journey.Replay(numbered(course()[:4]), after(c.asOf), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		got, ok := pace.Current(track, c.watch)
		days, known := got.Days()
		if !ok || known != (c.days >= 0) || known && days != c.days {
			t.Errorf("%s: %+v, %v: %v days, %v", c.name, got, ok, days, known)
		}
		sample(t, got)
		if c.watch.Since.IsZero() {
			list, err := pace.Stays(logged(course()[:4]...), c.watch, after(c.asOf), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(list[len(list)-1], got); diff != "" {
				t.Errorf("%s: the log says otherwise (-log +track):\n%s", c.name, diff)
			}
		}
	}
	for _, phase := range []string{"", journey.Ended} {
		if _, ok := pace.Current(journey.Track{Phase: phase}, pace.Watch{}); ok {
			t.Errorf("a journey is under way in %q", phase)
		}
	}
}

// numbered completes events as a log holds them.
func numbered(events []journey.Event) iter.Seq2[journey.Event, error] {
	phase := ""
	for i := range events {
		e := &events[i]
		e.Format, e.From, e.Name = 1, phase, "move"
		phase = e.Phase
	}
	return logged(events...)
}
