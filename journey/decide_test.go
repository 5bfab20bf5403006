package journey_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func TestMissingOrder(t *testing.T) {
	due := func(days int) *journey.Due {
		return &journey.Due{Anchor: "renewal", Offset: journey.Duration(days) * journey.Day}
	}
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{
		{
			Name:  "a",
			Roles: []journey.Role{{Name: "sales", Duty: journey.Informed}, {Name: "success", Duty: journey.Accountable}},
			Milestones: []journey.Milestone{
				{Name: "optional", Optional: true, Due: due(-500)},
				{Name: "one, no date", Motion: "x"},
				{Name: "one, late date", Motion: "x", Due: due(-10), Owner: "sales"},
				{Name: "one, early date", Motion: "y", Due: due(-60)},
				{Name: "one, as early", Motion: "y", Due: due(-60)},
				{Name: "one, unknown anchor", Motion: "y", Due: &journey.Due{Anchor: "go_live"}},
				{Name: "two, from the start", Motion: "z", Due: &journey.Due{Anchor: journey.PhaseStart, Offset: 90 * journey.Day}},
				{Name: "done"},
				{Name: "for others", Segments: []string{"public"}},
			},
		},
		{Name: "b"},
	}}
	m.Moves = []journey.Move{
		{Name: "all", From: "a", To: "b", Kind: journey.Advance, Needs: flag("ready"), Break: &journey.BreakPoint{Stalls: "pilots"}},
		{Name: "z", From: "a", To: "b", Kind: journey.Advance, Motion: "z"},
	}
	p := start(t, m, day(1, 1))
	p.in.Anchors = []journey.Anchor{{Name: "renewal", At: day(3, 1)}, {Name: "go_live"}}
	p.attest("done", "", day(1, 1))
	d := p.decide(day(1, 1), nil)
	var got []string
	for _, ms := range d.Missing {
		line := fmt.Sprintf("%s%s blocks %d, %s", ms.Milestone, ms.Move, ms.Blocks, ms.Owner)
		if !ms.Due.IsZero() {
			line += ", due " + ms.Due.Format("2 Jan 2006")
		}
		if ms.Overdue {
			line += ", overdue"
		}
		got = append(got, line)
	}
	want := []string{
		"two, from the start blocks 2, success, due 1 Apr 2026",
		"one, early date blocks 1, success, due 31 Dec 2025, overdue",
		"one, as early blocks 1, success, due 31 Dec 2025, overdue",
		"one, late date blocks 1, sales, due 19 Feb 2026",
		"one, no date blocks 1, success",
		"one, unknown anchor blocks 1, success",
		"all blocks 1, success",
		"optional blocks 0, success, due 17 Oct 2024, overdue",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	if d.Next != "b" || d.Break == nil || d.Break.Stalls != "pilots" {
		t.Errorf("next %q, break %v", d.Next, d.Break)
	}
}

func TestClockMarks(t *testing.T) {
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{
		{Name: "a", Pace: journey.Pace{Behind: 10 * journey.Day, Stuck: 20 * journey.Day}}, {Name: "b"},
	}}
	m.Moves = []journey.Move{{Name: "on", From: "a", To: "b", Kind: journey.Advance, Needs: flag("go")}}
	p := start(t, m, day(1, 1))
	p.add(journey.Event{Kind: journey.PauseBegan, Happened: day(1, 15)})
	p.add(journey.Event{Kind: journey.PauseEnded, Happened: day(1, 16)})
	for _, c := range []struct {
		asOf time.Time
		want journey.Clock
	}{
		{day(1, 15).Add(-1000), journey.Clock{State: journey.Behind, InPhase: 14*journey.Day - 1000, BehindAt: day(1, 11), StuckAt: day(1, 21)}},
		{day(1, 15).Add(time.Hour), journey.Clock{
			State: journey.Paused, InPhase: 14 * journey.Day, BehindAt: day(1, 11), StuckAt: day(1, 21).Add(time.Hour),
		}},
		{day(1, 17), journey.Clock{State: journey.Behind, InPhase: 15 * journey.Day, StuckAt: day(1, 22)}}, // behind since before the pause
		{day(1, 22), journey.Clock{State: journey.Stuck, InPhase: 20 * journey.Day, StuckAt: day(1, 22)}},
	} {
		if diff := cmp.Diff(c.want, p.decide(c.asOf, nil).Clock); diff != "" {
			t.Errorf("clock as of %v (-want +got):\n%s", c.asOf, diff)
		}
	}
	want := journey.Clock{State: journey.ClockUnknown}
	if diff := cmp.Diff(want, p.decide(day(1, 23), flags("go")).Clock); diff != "" {
		t.Errorf("clock of a phase without pace (-want +got):\n%s", diff)
	}
}

// A pause goes on through a move, and counts in the new phase from the move on.
func TestPauseThroughAMove(t *testing.T) {
	m := oneNeed(active(0, 0))
	m.Phases[1].Pace.Stuck = 5 * journey.Day
	p := start(t, m, day(1, 1))
	p.add(journey.Event{Kind: journey.PauseBegan, Happened: day(1, 2)})
	p.decide(day(1, 4), journey.SignalMap{"active": {Value: 1}})
	p.add(journey.Event{Kind: journey.PauseEnded, Happened: day(1, 7)})
	want := journey.Clock{State: journey.OnTrack, InPhase: journey.Day, StuckAt: day(1, 12)}
	if diff := cmp.Diff(want, p.decide(day(1, 8), nil).Clock); diff != "" {
		t.Errorf("clock (-want +got):\n%s", diff)
	}
}

func TestPhasesBehind(t *testing.T) {
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{
		{Name: "a"}, {Name: "b", Tenure: 30 * journey.Day}, {Name: "c"}, {Name: "d", Tenure: 90 * journey.Day},
	}}
	m.Moves = []journey.Move{
		{Name: "a-c", From: "a", To: "c", Kind: journey.Advance, Needs: flag("c")},
		{Name: "renew", From: "c", To: "a", Kind: journey.Renew, Needs: flag("renewed")},
	}
	for _, c := range []struct {
		tenure  int
		signals string
		behind  int
		known   bool
	}{
		{0, "", 0, true}, {29, "", 0, true}, {30, "", 1, true}, {89, "", 1, true}, {90, "", 3, true}, {9999, "", 3, true},
		{30, "c", 0, true}, {90, "c", 1, true},
		{90, "c renewed", 0, false}, // tenure says nothing of later rounds
		{-1, "", 0, false},          // the contract is yet to come
	} {
		p := start(t, m, day(1, 1))
		p.in.Since = day(6, 1).AddDate(0, 0, -c.tenure)
		d := p.decide(day(6, 1), flags(strings.Fields(c.signals)...))
		if d.Behind != c.behind || d.Tenured != c.known {
			t.Errorf("after %d days, %q: %d behind, known is %t, want %d, %t", c.tenure, c.signals, d.Behind, d.Tenured, c.behind, c.known)
		}
	}
	if d := start(t, m, day(1, 1)).decide(day(6, 1), nil); d.Tenured {
		t.Error("tenure is known without the start of the relationship")
	}
}

func TestBeforeAndAfter(t *testing.T) {
	m := journey.LAER()
	p := start(t, m, day(1, 1))
	p.log = nil
	d := p.decide(day(1, 2), flags("first_value"))
	if d.Phase != "" || d.Next != "land" || len(d.Events)+len(d.Missing) > 0 || d.Clock.State != journey.ClockUnknown {
		t.Errorf("before the start: %+v", d)
	}
	p = start(t, m, day(1, 1))
	if d = p.decide(day(1, 2), flags("cancelled")); d.Phase != journey.Ended || d.Clock.State != journey.ClockUnknown || d.Next != "land" {
		t.Errorf("after the end: in %q, next %q", d.Phase, d.Next)
	}
	if d = p.decide(day(1, 3), journey.SignalMap{"cancelled": {Value: 0}}); len(d.Events) != 1 || len(d.Waiting) != 1 {
		t.Errorf("after the end: events %v, waiting %v", d.Events, d.Waiting)
	}
	p.attest("won_back", "sales", day(1, 4))
	if d = p.decide(day(1, 4), nil); d.Phase != "land" || d.Clock.InPhase != 0 {
		t.Errorf("won back: in %q", d.Phase)
	}
}

func TestDecideRefuses(t *testing.T) {
	model := compile(t, journey.LAER())
	asOf := day(2, 1)
	good := func() journey.Input {
		return journey.Input{Account: "acme", Track: journey.Track{
			Account: "acme", Version: 1, Phase: "land", Since: day(1, 1), AsOf: asOf,
		}}
	}
	if _, err := model.Decide(good(), asOf); err != nil {
		t.Fatal(err)
	}
	far := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		want   string
		change func(in *journey.Input, asOf *time.Time)
	}{
		{`journey: account "": account: is empty`, func(in *journey.Input, _ *time.Time) { in.Account = "" }},
		{`account: is not valid UTF-8`, func(in *journey.Input, _ *time.Time) { in.Account = "\xff" }},
		{`account: has 257 bytes, over 256`, func(in *journey.Input, _ *time.Time) { in.Account = strings.Repeat("a", 257) }},
		{`as of: is zero`, func(_ *journey.Input, asOf *time.Time) { *asOf = time.Time{} }},
		{`as of: year 10000 is outside 1 to 9999`, func(_ *journey.Input, asOf *time.Time) { *asOf = far }},
		{`since: year 10000`, func(in *journey.Input, _ *time.Time) { in.Since = far }},
		{`status: "gone" is unknown`, func(in *journey.Input, _ *time.Time) { in.Status = "gone" }},
		{`anchor "x": year 10000`, func(in *journey.Input, _ *time.Time) { in.Anchors = []journey.Anchor{{Name: "x", At: far}} }},
		{`anchor "x": is given twice`, func(in *journey.Input, _ *time.Time) { in.Anchors = []journey.Anchor{{Name: "x"}, {Name: "x"}} }},
		{`anchor "phase_start": is the track's own`, func(in *journey.Input, _ *time.Time) {
			in.Anchors = []journey.Anchor{{Name: journey.PhaseStart, At: asOf}}
		}},
		{`track: belongs to account "other"`, func(in *journey.Input, _ *time.Time) { in.Track.Account = "other" }},
		{`track: is of 2026-02-01T00:00:00.000001Z, after 2026-02-01T00:00:00Z`, func(in *journey.Input, _ *time.Time) {
			in.Track.AsOf = asOf.Add(time.Microsecond)
		}},
		{`track: is in phase "lend", which map "laer" does not have`, func(in *journey.Input, _ *time.Time) { in.Track.Phase = "lend" }},
		{`track: does not say since when it is in phase "land"`, func(in *journey.Input, _ *time.Time) { in.Track.Since = time.Time{} }},
		{`track: has its lists not in order`, func(in *journey.Input, _ *time.Time) { in.Track.Needs = []journey.NeedTime{{Key: "b"}, {Key: "a"}} }},
		{`track: has its lists not in order`, func(in *journey.Input, _ *time.Time) {
			in.Track.Evidence = []journey.Evidence{{Name: "a", Role: "x"}, {Name: "a"}}
		}},
		{`signal "cancelled": unknown state "maybe"`, func(in *journey.Input, _ *time.Time) {
			in.Signals = journey.SignalMap{"cancelled": {State: "maybe"}}
		}},
		{`signal "cancelled": year 10000`, func(in *journey.Input, _ *time.Time) { in.Signals = journey.SignalMap{"cancelled": {At: far}} }},
	} {
		in, at := good(), asOf
		c.change(&in, &at)
		_, err := model.Decide(in, at)
		var data *journey.DataError
		if !errors.As(err, &data) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// Dues and marks beyond the calendar are not said, and durations end at 292 years.
func TestFarAway(t *testing.T) {
	const century = 36525 * journey.Day
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{
		{Name: "a", Pace: journey.Pace{Behind: century, Stuck: 2 * century}, Milestones: []journey.Milestone{
			{Name: "late", Due: &journey.Due{Anchor: journey.PhaseStart, Offset: century}},
			{Name: "early", Due: &journey.Due{Anchor: "renewal", Offset: -2 * century}},
			{Name: "held", Needs: []journey.Need{{Signal: "x", When: journey.Equal, For: century}}},
		}},
	}}
	at := time.Date(9950, 1, 1, 0, 0, 0, 0, time.UTC)
	p := start(t, m, at)
	p.in.Anchors = []journey.Anchor{{Name: "renewal", At: time.Date(99, 1, 1, 0, 0, 0, 0, time.UTC)}}
	d := p.decide(at, journey.SignalMap{"x": {At: time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)}})
	if !d.Clock.BehindAt.IsZero() || !d.Clock.StuckAt.IsZero() || len(d.Missing) != 2 || !d.Missing[0].Due.IsZero() || !d.Missing[1].Due.IsZero() {
		t.Errorf("clock %+v, missing %+v", d.Clock, d.Missing)
	}
	p = start(t, m, at)
	d = p.decide(at, journey.SignalMap{"x": {}})
	if need := d.Missing[2].Needs[0]; need.State != journey.NeedHolding || !need.Met.IsZero() {
		t.Errorf("need %+v", need)
	}
}

// Moves that were made on needs of which the log knows nothing.
func TestDisputesInOrder(t *testing.T) {
	p := start(t, journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}}}, day(1, 1))
	for i, name := range []string{"z", "y", "x", "z"} {
		e := moved(name, []string{"a", "b"}[i%2], []string{"b", "a"}[i%2])
		e.Happened, e.Guards = day(1, 2+i/2), []journey.Guard{{Needs: flag("s")}}
		p.add(e)
	}
	var got []string
	for _, dispute := range p.decide(day(1, 8), nil).Disputed {
		got = append(got, dispute.Move+" "+dispute.At.Format("2 Jan"))
	}
	if diff := cmp.Diff([]string{"y 2 Jan", "x 3 Jan", "z 3 Jan"}, got); diff != "" {
		t.Errorf("disputed (-want +got):\n%s", diff)
	}
}

func TestErrorTexts(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&journey.InvalidError{Problems: []journey.Problem{{Message: "is empty"}, {Pointer: "/name", Message: "is long"}}},
			"journey: invalid map: 2 problems: is empty; /name: is long"},
		{&journey.DataError{Account: "acme", Message: "is odd"}, `journey: account "acme": is odd`},
		{&journey.RefusedError{Account: "acme", Rule: "started", Message: "is under way", Needs: "its end"},
			`journey: account "acme": refused by started: is under way; needs its end`},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestDecideAll(t *testing.T) {
	model := compile(t, journey.LAER())
	broken := errors.New("the table is gone")
	inputs := func(err error) iter.Seq2[journey.Input, error] {
		return func(yield func(journey.Input, error) bool) {
			for _, account := range []string{"a", "", "c"} {
				if !yield(journey.Input{Account: account}, nil) {
					return
				}
			}
			if err != nil {
				yield(journey.Input{}, err)
			}
		}
	}
	var got []string
	for item, err := range model.DecideAll(inputs(broken), day(1, 1)) {
		got = append(got, fmt.Sprint(item.Account, " ", item.Decision != nil, " ", item.Err != nil, " ", err))
	}
	want := []string{"a true false <nil>", " false true <nil>", "c true false <nil>", " false false journey: decide accounts: the table is gone"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	n := 0
	for range model.DecideAll(inputs(nil), day(1, 1)) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d items after leaving", n)
	}
}
