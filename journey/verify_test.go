package journey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func lines(findings []journey.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, fmt.Sprintf("%s %s: %s", f.Class, f.Pointer, f.Message))
	}
	return out
}

// at returns the move that a pointer is into.
func moveAt(t testing.TB, m journey.Map, pointer string) journey.Move {
	t.Helper()
	n := -1
	if _, err := fmt.Sscanf(pointer, "/moves/%d", &n); err != nil {
		t.Fatalf("%s is no move", pointer)
	}
	return m.Moves[n]
}

// without returns a map of the phase's moves that are kept.
func without(m journey.Map, keep func(journey.Move) bool) journey.Map {
	m.Moves = slices.DeleteFunc(slices.Clone(m.Moves), func(mv journey.Move) bool { return !keep(mv) })
	return m
}

// decideWitness lets Decide evaluate the witness of a finding, on a map of the same needs.
func decideWitness(t testing.TB, m journey.Map, f journey.Finding) journey.Decision {
	t.Helper()
	if f.Witness == nil {
		t.Fatalf("%s has no witness", f.Message)
	}
	in, err := f.Witness.Input()
	if err != nil {
		t.Fatalf("%s: %v", f.Message, err)
	}
	d, err := compile(t, m).Decide(in, f.Witness.AsOf)
	if err != nil {
		t.Fatalf("%s: %v", f.Message, err)
	}
	return d
}

// confirm lets Decide show what a finding says.
func confirm(t testing.TB, m journey.Map, f journey.Finding) {
	t.Helper()
	fail := func(d journey.Decision) {
		t.Helper()
		t.Errorf("%s %s: %s: not confirmed: in %q after %q, waiting %v, missing %+v, clock %+v", f.Class, f.Pointer, f.Message,
			d.Phase, moves(d.Events), d.Waiting, d.Missing, d.Clock)
	}
	switch f.Class {
	case journey.Undecided, journey.Unvalidated, journey.Uninstrumented:
		return
	case journey.Ambiguous:
		mv := moveAt(t, m, f.Pointer)
		open := 0
		for i := range m.Moves {
			one := without(m, func(other journey.Move) bool { return other.Name == m.Moves[i].Name })
			if d := decideWitness(t, one, f); m.Moves[i].From == mv.From && slices.Equal(moves(d.Events), []string{m.Moves[i].Name}) {
				if m.Moves[i].Name == mv.Name && open == 0 {
					fail(d)
				}
				open++
			}
		}
		if open < 2 {
			t.Errorf("%s: %d moves are open", f.Message, open)
		}
		return
	}
	d := decideWitness(t, m, f)
	made := moves(d.Events)
	ok := true
	switch f.Class {
	case journey.Unreachable:
		if strings.HasPrefix(f.Pointer, "/moves/") {
			mv := moveAt(t, m, f.Pointer)
			alone := without(m, func(other journey.Move) bool { return other.Name == mv.Name })
			ok = len(made) > 0 && made[0] != mv.Name && slices.Equal(moves(decideWitness(t, alone, f).Events), []string{mv.Name})
		} else {
			ok = f.Pointer == fmt.Sprintf("/phases/%d", slices.IndexFunc(m.Phases, func(p journey.Phase) bool { return p.Name == f.Witness.Log[0].Phase }))
		}
	case journey.DeadEnd:
		ok = len(made) == 0
	case journey.Impossible:
		alone := without(m, func(other journey.Move) bool {
			return strings.HasPrefix(f.Pointer, "/moves/") && other.Name == moveAt(t, m, f.Pointer).Name
		})
		d = decideWitness(t, alone, f)
		ok = len(moves(d.Events)) == 0 && (len(alone.Moves) > 0 || slices.ContainsFunc(d.Missing, func(ms journey.Missing) bool {
			return len(ms.Needs) > 0 && strings.Contains(f.Message, ms.Milestone)
		}))
	case journey.Spinning:
		var loop []string
		for _, mv := range d.Events {
			if mv.Kind == journey.Moved {
				loop = append(loop, mv.Name)
				if mv.Phase == decidedFrom(d) {
					break
				}
			}
		}
		ok = len(loop) > 0 && loop[0] == moveAt(t, m, f.Pointer).Name && slices.Contains(phasesOf(d), decidedFrom(d))
	case journey.Unowned:
		if strings.Contains(f.Pointer, "/milestones/") {
			ok = slices.ContainsFunc(d.Missing, func(ms journey.Missing) bool { return ms.Owner == "" && strings.Contains(f.Message, ms.Milestone) })
		}
	case journey.Contradictory:
		switch {
		case strings.HasSuffix(f.Pointer, "/pace"):
			ok = (d.Clock.State == journey.Behind || d.Clock.State == journey.Stuck) && slices.ContainsFunc(d.Waiting, func(w journey.Wait) bool { return w.Why == journey.WaitDwell })
		case strings.HasSuffix(f.Pointer, "/due"):
			ok = d.Clock.State == journey.Stuck && slices.ContainsFunc(d.Missing, func(ms journey.Missing) bool { return !ms.Due.IsZero() && !ms.Overdue })
		default:
			ok = d.Behind > 0 && d.Clock.State != journey.Behind && d.Clock.State != journey.Stuck
		}
	case journey.Unrouted:
		ok = len(made) > 0
	default:
		t.Errorf("unknown class %q", f.Class)
	}
	if !ok {
		fail(d)
	}
}

// decidedFrom returns the phase that the first move of a decision left.
func decidedFrom(d journey.Decision) string {
	for _, e := range d.Events {
		if e.Kind == journey.Moved {
			return e.From
		}
	}
	return ""
}

func phasesOf(d journey.Decision) []string {
	var phases []string
	for _, e := range d.Events {
		if e.Kind == journey.Moved {
			phases = append(phases, e.Phase)
		}
	}
	return phases
}

// sound is a map in which Verify finds nothing.
func sound() journey.Map {
	return journey.Map{
		Format: 1, Name: "sound",
		Phases: []journey.Phase{
			{
				Name: "a", Roles: []journey.Role{{Name: "success", Duty: journey.Accountable}}, Milestones: []journey.Milestone{{Name: "ready"}},
				Moments: []journey.Moment{{Name: "first login", Signal: "x", Validated: "12 interviews in May"}},
				Pace:    journey.Pace{Expected: 10 * journey.Day, Behind: 20 * journey.Day, Stuck: 30 * journey.Day},
			},
			{Name: "b", Milestones: []journey.Milestone{{Name: "done", Owner: "sales"}}, Tenure: 10 * journey.Day},
		},
		Moves: []journey.Move{
			{Name: "on", From: "a", To: "b", Kind: journey.Advance, Needs: []journey.Need{{Signal: "x", When: journey.GreaterEqual, Value: 1}}},
			{Name: "back", From: "b", To: "a", Kind: journey.Regress, Needs: []journey.Need{{Signal: "x", When: journey.Less, Value: 1}}},
		},
	}
}

func when(signal string, c journey.Comparison, value float64, held journey.Duration) []journey.Need {
	return []journey.Need{{Signal: signal, When: c, Value: value, For: held}}
}

func TestVerify(t *testing.T) {
	for _, c := range []struct {
		name  string
		plant func(m *journey.Map)
		want  []string
	}{
		{"sound", func(*journey.Map) {}, nil},
		{"an island", func(m *journey.Map) {
			m.Phases = append(m.Phases, journey.Phase{Name: "c"})
			m.Moves = append(m.Moves, journey.Move{Name: "home", From: "c", To: "a", Kind: journey.Advance})
		}, []string{`unreachable /phases/2: no moves that can be made lead from phase "a" to "c": only a start does`}},
		{"behind a move that can't be made", func(m *journey.Map) {
			m.Phases = append(m.Phases, journey.Phase{Name: "c"})
			m.Moves = append(m.Moves,
				journey.Move{Name: "home", From: "c", To: "a", Kind: journey.Advance},
				journey.Move{Name: "out", From: "b", To: "c", Kind: journey.Advance, Needs: append(when("x", journey.Less, 1, 0), when("x", journey.Greater, 1, 0)...)})
		}, []string{
			`unreachable /phases/2: no moves that can be made lead from phase "a" to "c": only a start does`,
			`impossible /moves/3/needs: move "out" is never made: its need "x > 1" can't be met together with the ones before`,
		}},
		{"always preceded", func(m *journey.Map) {
			m.Moves = append(m.Moves, journey.Move{Name: "late", From: "a", To: "b", Kind: journey.Advance, Needs: when("x", journey.Greater, 5, journey.Day)})
		}, []string{`unreachable /moves/2: move "late" is never made: whenever it is open, an earlier one is too`}},
		{"preceded but for a dwell", func(m *journey.Map) {
			m.Moves[0].Dwell = journey.Day
			m.Moves = append(m.Moves, journey.Move{Name: "quick", From: "a", To: "b", Kind: journey.Advance, Needs: when("x", journey.Greater, 5, 0)})
		}, nil},
		{"preceded but by a cap", func(m *journey.Map) {
			m.Moves[0].Max = 3
			m.Moves = append(m.Moves, journey.Move{Name: "then", From: "a", To: "b", Kind: journey.Advance, Needs: when("x", journey.Greater, 5, 0)})
		}, []string{`undecided /moves/2: can't decide whether earlier moves ever let move "then" be made`}},
		{"a dead end", func(m *journey.Map) { m.Moves = m.Moves[:1] }, []string{`dead_end /phases/1: no move leaves phase "b"`}},
		{"a way out that can't open", func(m *journey.Map) {
			m.Moves[1].Needs = append(m.Moves[1].Needs, when("x", journey.Equal, 3, journey.Day)...)
		}, []string{
			`dead_end /phases/1: no move that leaves phase "b" can open`,
			`impossible /moves/1/needs: move "back" is never made: its need "x = 3" can't be met together with the ones before`,
		}},
		{"two ways at once", func(m *journey.Map) {
			m.Moves = append(m.Moves, journey.Move{Name: "gone", From: "a", To: journey.Ended, Kind: journey.Leave, Needs: when("bill", journey.Less, 1, 0)})
		}, []string{`ambiguous /moves/2: moves "on" and "gone" can be open at once: the first declared is made`}},
		{"two ways never at once", func(m *journey.Map) {
			m.Moves = append(m.Moves, journey.Move{Name: "gone", From: "a", To: journey.Ended, Kind: journey.Leave, Needs: when("x", journey.Less, 1, 0)})
		}, nil},
		{"between neighbours of float64", func(m *journey.Map) {
			m.Moves[1].Needs = append(when("x", journey.Greater, 1, 0), when("x", journey.Less, 1.0000000000000002, 0)...)
		}, []string{
			`dead_end /phases/1: no move that leaves phase "b" can open`,
			`impossible /moves/1/needs: move "back" is never made: its need "x < 1.0000000000000002" can't be met together with the ones before`,
		}},
		{"a milestone on evidence alone", func(m *journey.Map) {
			m.Phases[0].Milestones[0].Needs = append(when("y", journey.LessEqual, 1, 0), when("y", journey.GreaterEqual, 2, 0)...)
		}, []string{
			`impossible /phases/0/milestones/0/needs: milestone "ready" is reached on evidence alone: its need "y >= 2" can't be met together with the ones before`,
		}},
		{"milestone against move", func(m *journey.Map) { m.Phases[0].Milestones[0].Needs = when("x", journey.Less, 1, 0) }, []string{
			`impossible /moves/0: move "on" is made on evidence of milestone "ready" alone: its need "x < 1" can't be met together with what else guards the move`,
		}},
		{"a loop", func(m *journey.Map) { m.Moves[1].Needs = when("low", journey.Equal, 1, 30*journey.Day) }, []string{
			`spinning /moves/0: a loop goes round at every decision, without time passing: "on", "back"`,
		}},
		{"a renewal of itself", func(m *journey.Map) {
			m.Phases[1].Milestones[0].Needs = when("y", journey.Equal, 1, 0)
			m.Moves = append(m.Moves, journey.Move{Name: "again", From: "b", To: "b", Kind: journey.Renew})
		}, []string{
			`ambiguous /moves/2: moves "back" and "again" can be open at once: the first declared is made`,
			`spinning /moves/2: a loop goes round at every decision, without time passing: "again"`,
		}},
		{"a renewal on new evidence", func(m *journey.Map) {
			m.Moves = append(m.Moves, journey.Move{Name: "again", From: "b", To: "b", Kind: journey.Renew, Needs: when("x", journey.GreaterEqual, 1, 0)})
		}, nil},
		{"nobody's", func(m *journey.Map) {
			m.Phases[0].Roles, m.Phases[1].Milestones[0].Owner = nil, ""
			m.Phases[1].Milestones[0].Segments = []string{"big"}
			m.Phases[1].Milestones = append(m.Phases[1].Milestones, journey.Milestone{Name: "all", Owner: "sales"})
		}, []string{
			`unowned /phases/0/milestones/0: nobody owns milestone "ready", and nobody is accountable for phase "a"`,
			`unowned /phases/0/moments/0: nobody owns moment "first login", and nobody is accountable for phase "a"`,
			`unowned /phases/1/milestones/0: nobody owns milestone "done", and nobody is accountable for phase "b"`,
		}},
		{"moments believed", func(m *journey.Map) { m.Phases[0].Moments[0] = journey.Moment{Name: "first bill"} }, []string{
			`unvalidated /phases/0/moments/0: moment "first bill" was not validated with customers: nobody knows whether it is one of truth`,
			`uninstrumented /phases/0/moments/0: moment "first bill" has no signal: nobody sees how it goes`,
		}},
		{"a dwell longer than the pace", func(m *journey.Map) { m.Moves[0].Dwell = 21 * journey.Day }, []string{
			`contradictory /phases/0/pace: phase "a" is behind after 20d, and no move leads on before 21d, the dwell of move "on"`,
		}},
		{"due when stuck", func(m *journey.Map) {
			m.Phases[0].Milestones[0].Due = &journey.Due{Anchor: journey.PhaseStart, Offset: 31 * journey.Day}
		}, []string{`contradictory /phases/0/milestones/0/due: milestone "ready" is due 31d after the start of phase "a", which is stuck after 30d`}},
		{"expected before the pace", func(m *journey.Map) { m.Phases[1].Tenure = 9 * journey.Day }, []string{
			`contradictory /phases/1/tenure: accounts are expected in phase "b" after 9d, and the phases on the quickest way there are expected to take 10d`,
		}},
		{"a segment with nothing to do", func(m *journey.Map) {
			m.Segments = []string{"small", "big"}
			m.Phases[0].Milestones[0].Segments = []string{"big"}
			m.Moves[0].Needs = nil
		}, []string{
			`spinning /moves/0: a loop goes round at every decision, without time passing: "on", "back"`,
			`unrouted /phases/0: accounts of segment "small" pass phase "a" at once by move "on": no milestone that guards it is for them`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := sound()
			c.plant(&m)
			findings := compile(t, m).Verify()
			if diff := cmp.Diff(c.want, lines(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range findings {
				confirm(t, m, f)
				roundTrip(t, f)
			}
		})
	}
}
