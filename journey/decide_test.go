package journey_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/google/go-cmp/cmp"
)

func flag(signal string) []journey.Need {
	return []journey.Need{{Signal: signal, When: journey.Equal, Value: 1}}
}

func flags(names ...string) journey.SignalMap {
	signals := journey.SignalMap{}
	for _, name := range names {
		signals[name] = journey.Signal{Value: 1}
	}
	return signals
}

// moves returns the names of the moves among events.
func moves(events []journey.Event) []string {
	var names []string
	for _, e := range events {
		if e.Kind == journey.Moved {
			names = append(names, e.Name)
		}
	}
	return names
}

func TestSeveralPhasesAtOnce(t *testing.T) {
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}}
	m.Moves = []journey.Move{
		{Name: "c-d", From: "c", To: "d", Kind: journey.Advance, Needs: flag("last")},
		{Name: "a-c", From: "a", To: "c", Kind: journey.Advance, Needs: flag("leap")},
		{Name: "a-b", From: "a", To: "b", Kind: journey.Advance, Needs: flag("step")},
		{Name: "b-c", From: "b", To: "c", Kind: journey.Advance, Needs: flag("step")},
	}
	for _, c := range []struct {
		signals journey.SignalMap
		want    []string
	}{
		{flags(), nil},
		{flags("last"), nil},
		{flags("step"), []string{"a-b", "b-c"}},
		{flags("step", "last"), []string{"a-b", "b-c", "c-d"}},
		{flags("step", "leap"), []string{"a-c"}}, // the first declared
	} {
		d := start(t, m, day(1, 1)).decide(day(1, 2), c.signals)
		if diff := cmp.Diff(c.want, moves(d.Events)); diff != "" {
			t.Errorf("moves (-want +got):\n%s", diff)
		}
		for _, e := range d.Events {
			if e.Kind == journey.Moved && (!e.Happened.Equal(day(1, 2)) || len(e.Guards) != 1) {
				t.Errorf("%s happened at %v on %v", e.Name, e.Happened, e.Guards)
			}
		}
	}
}

func TestLoopsDoNotSpin(t *testing.T) {
	m := journey.Map{Format: 1, Name: "loop", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}}}
	m.Moves = []journey.Move{
		{Name: "there", From: "a", To: "b", Kind: journey.Advance},
		{Name: "again", From: "b", To: "b", Kind: journey.Renew},
		{Name: "back", From: "b", To: "a", Kind: journey.Regress, Needs: flag("low")},
	}
	p := start(t, m, day(1, 1)) // decide demands that deciding again at one instant changes nothing
	if got := moves(p.decide(day(1, 2), flags("low")).Events); !slices.Equal(got, []string{"there", "again", "back"}) {
		t.Errorf("moves %q", got)
	}
	if got := moves(p.decide(day(1, 3), journey.SignalMap{"low": {}}).Events); !slices.Equal(got, []string{"there", "again"}) {
		t.Errorf("a day later: moves %q", got)
	}
	if track := p.track(day(1, 3)); track.Rounds != 2 || track.Passes[0].Count != 2 {
		t.Errorf("%d rounds, passes %v", track.Rounds, track.Passes)
	}
}

func TestThousandPhases(t *testing.T) {
	const n = 1000
	m := journey.Map{Format: 1, Name: "long"}
	for i := range n {
		m.Phases = append(m.Phases, journey.Phase{Name: fmt.Sprint(i), Milestones: []journey.Milestone{
			{Name: fmt.Sprintf("m%d", i), Needs: []journey.Need{{Signal: "x", When: journey.GreaterEqual, Value: float64(i)}}},
		}})
		m.Moves = append(m.Moves, journey.Move{
			Name: fmt.Sprintf("to %d", (i+1)%n), From: fmt.Sprint(i), To: fmt.Sprint((i + 1) % n), Kind: journey.Advance,
		})
	}
	p := start(t, m, day(1, 1))
	if d := p.decide(day(1, 2), journey.SignalMap{"x": {Value: 499}}); d.Phase != "500" || len(moves(d.Events)) != 500 {
		t.Errorf("in %q after %d moves", d.Phase, len(moves(d.Events)))
	}
	if d := p.decide(day(1, 3), journey.SignalMap{"x": {Value: n}}); d.Phase != "500" || len(moves(d.Events)) != n {
		t.Errorf("in %q after %d moves, want once around", d.Phase, len(moves(d.Events)))
	}
}

func TestGuards(t *testing.T) {
	phase := journey.Phase{Name: "a", Milestones: []journey.Milestone{
		{Name: "always"},
		{Name: "nice", Optional: true},
		{Name: "big", Segments: []string{"enterprise", "public"}},
		{Name: "grown", Motion: "expand"},
		{Name: "seen", Needs: flag("seen")},
	}}
	moves := map[string]journey.Move{
		"advance":        {Kind: journey.Advance},
		"with needs":     {Kind: journey.Advance, Needs: flag("own")},
		"of motion":      {Kind: journey.Advance, Motion: "expand"},
		"regress":        {Kind: journey.Regress, Needs: flag("own")},
		"with approver":  {Kind: journey.Advance, Motion: "expand", Approver: "boss"},
		"leave by needs": {Kind: journey.Leave, Needs: flag("own")},
	}
	for _, c := range []struct {
		move, segment string
		evidence      string
		signals       string
		open          bool
	}{
		{"advance", "", "always grown", "seen", true},
		{"advance", "", "always grown seen", "", true}, // evidence does as well as needs
		{"advance", "", "always grown", "", false},
		{"advance", "", "always", "seen", false},
		{"advance", "enterprise", "always grown", "seen", false},
		{"advance", "enterprise", "always grown big", "seen", true},
		{"advance", "other", "always grown", "seen", true},
		{"with needs", "", "always grown", "seen", false},
		{"with needs", "", "always grown", "seen own", true},
		{"with needs", "", "always grown move", "seen", false}, // evidence is for approvers
		{"of motion", "", "", "", false},
		{"of motion", "", "grown", "", true},
		{"regress", "", "", "", false},
		{"regress", "", "", "own", true},
		{"with approver", "", "grown", "", false},
		{"with approver", "", "grown move:clerk", "", false},
		{"with approver", "", "grown move:boss", "", true},
		{"with approver", "", "move:boss", "", false},
		{"leave by needs", "", "", "own", true},
	} {
		t.Run(fmt.Sprintf("%s/%s/%s/%s", c.move, c.segment, c.evidence, c.signals), func(t *testing.T) {
			mv := moves[c.move]
			mv.Name, mv.From, mv.To = "move", "a", "b"
			if mv.Kind == journey.Leave {
				mv.To = journey.Ended
			}
			m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{phase, {Name: "b"}}, Moves: []journey.Move{mv}}
			p := start(t, m, day(1, 1))
			p.in.Segment = c.segment
			for _, e := range strings.Fields(c.evidence) {
				name, role, _ := strings.Cut(e, ":")
				p.attest(name, role, day(1, 2))
			}
			d := p.decide(day(1, 3), flags(strings.Fields(c.signals)...))
			if open := d.Phase != "a"; open != c.open {
				t.Errorf("in phase %q, missing %v, waiting %v", d.Phase, d.Missing, d.Waiting)
			}
		})
	}
}

func TestWaiting(t *testing.T) {
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}}}
	m.Moves = []journey.Move{
		{Name: "on", From: "a", To: "b", Kind: journey.Advance, Dwell: 10 * journey.Day, Approver: "boss", CoolDown: 30 * journey.Day},
		{Name: "back", From: "b", To: "a", Kind: journey.Regress, Needs: flag("low"), Max: 1},
		{Name: "out", From: "a", To: journey.Ended, Kind: journey.Leave, Needs: flag("gone")},
	}
	p := start(t, m, day(1, 1))
	check := func(asOf time.Time, signals journey.SignalMap, phase string, want ...journey.Wait) {
		t.Helper()
		d := p.decide(asOf, signals)
		if diff := cmp.Diff(want, d.Waiting); diff != "" || d.Phase != phase {
			t.Errorf("%v: in %q, waiting (-want +got):\n%s", asOf, d.Phase, diff)
		}
	}
	approval := journey.Wait{Move: "on", Why: journey.WaitApproval, Role: "boss"}
	check(day(1, 2), nil, "a", journey.Wait{Move: "on", Why: journey.WaitDwell, Until: day(1, 11)}, approval)
	check(day(1, 11).Add(-time.Microsecond), nil, "a", journey.Wait{Move: "on", Why: journey.WaitDwell, Until: day(1, 11)}, approval)
	check(day(1, 11), nil, "a", approval)
	p.attest("on", "boss", day(1, 12))
	check(day(1, 12), nil, "b")
	check(day(1, 13), flags("low"), "a", // its approval is spent, and b was left just now
		journey.Wait{Move: "on", Why: journey.WaitDwell, Until: day(1, 23)},
		journey.Wait{Move: "on", Why: journey.WaitCoolDown, Until: day(2, 12)}, approval)
	check(day(1, 30), nil, "a", journey.Wait{Move: "on", Why: journey.WaitCoolDown, Until: day(2, 12)}, approval)
	p.attest("on", "boss", day(2, 12))
	check(day(2, 12), nil, "b", journey.Wait{Move: "back", Why: journey.WaitMax}) // low holds: it is not known to be over
	check(day(2, 13), journey.SignalMap{"low": {}}, "b")
}

func TestRenewSpendsEvidence(t *testing.T) {
	m := journey.Map{Format: 1, Name: "m", Phases: []journey.Phase{
		{Name: "a", Milestones: []journey.Milestone{{Name: "goals"}}},
		{Name: "b", Milestones: []journey.Milestone{{Name: "signed"}}},
	}}
	m.Moves = []journey.Move{
		{Name: "on", From: "a", To: "b", Kind: journey.Advance},
		{Name: "renew", From: "b", To: "a", Kind: journey.Renew},
	}
	p := start(t, m, day(1, 1))
	p.attest("goals", "", day(1, 2))
	p.attest("signed", "", day(1, 3))
	d := p.decide(day(1, 4), nil)
	if got := moves(d.Events); !slices.Equal(got, []string{"on", "renew"}) || len(d.Missing) != 1 || d.Missing[0].Milestone != "goals" {
		t.Errorf("moves %q, missing %v", got, d.Missing)
	}
	if d := p.decide(day(1, 5), nil); len(d.Events) > 0 {
		t.Errorf("round again without new evidence: %v", d.Events)
	}
	p.attest("goals", "", day(1, 6))
	if d := p.decide(day(1, 6), nil); d.Phase != "b" || len(moves(d.Events)) != 1 {
		t.Errorf("in %q with %v", d.Phase, d.Events)
	}
}

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
		{`as of: is the zero time`, func(_ *journey.Input, asOf *time.Time) { *asOf = time.Time{} }},
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
	want := []string{"a true false <nil>", " false true <nil>", "c true false <nil>", " false false the table is gone"}
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
