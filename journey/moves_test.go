package journey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
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
