package journey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// What keeps an earlier move closed may have been at an instant of its own.
func TestVerifyBlinks(t *testing.T) {
	m := sound()
	m.Phases[0].Milestones = nil
	m.Moves[0].Needs = when("x", journey.GreaterEqual, 2, 3*journey.Day)
	m.Moves = append(m.Moves, journey.Move{
		Name: "slow", From: "a", To: "b", Kind: journey.Advance, Needs: when("x", journey.GreaterEqual, 1, 7*journey.Day),
	})
	findings := compile(t, m).Verify()
	if len(findings) != 0 {
		t.Fatalf("found %q: x may have been at least 1 for a week, and below 2 in between", lines(findings))
	}
	m.Moves[0].Needs[0].Value = 1 // what has held for a week has held for three days
	if got := lines(compile(t, m).Verify()); len(got) != 1 || !strings.HasPrefix(got[0], "unreachable /moves/2") {
		t.Errorf("found %q", got)
	}
}

// A loop that goes round only because x was low for a moment some time ago, which keeps earlier moves closed.
func TestVerifyBlinkingLoop(t *testing.T) {
	m := journey.Map{Format: 1, Name: "blink", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	m.Moves = []journey.Move{
		{Name: "steady", From: "a", To: "c", Kind: journey.Advance, Needs: when("x", journey.GreaterEqual, 1, 7*journey.Day)},
		{Name: "high", From: "a", To: "c", Kind: journey.Advance, Needs: when("x", journey.Greater, 0.5, 7*journey.Day)},
		{Name: "long", From: "a", To: "c", Kind: journey.Advance, Needs: when("x", journey.GreaterEqual, 0.25, 30*journey.Day)},
		{Name: "now", From: "a", To: "c", Kind: journey.Advance, Needs: when("x", journey.Equal, 1, 0)},
		{Name: "on", From: "a", To: "b", Kind: journey.Advance, Needs: append(
			when("x", journey.GreaterEqual, 0, 30*journey.Day), when("x", journey.GreaterEqual, 1, journey.Day)...)},
		{Name: "back", From: "b", To: "a", Kind: journey.Regress, Needs: when("y", journey.Equal, 1, 0)},
		{Name: "home", From: "c", To: "a", Kind: journey.Advance, Dwell: journey.Day},
	}
	spins := func(f journey.Finding) bool { return f.Class == journey.Spinning }
	findings := compile(t, m).Verify()
	for _, f := range findings {
		confirm(t, m, f)
	}
	i := slices.IndexFunc(findings, spins)
	if i < 0 {
		t.Fatalf("found %q", lines(findings))
	}
	var made []string
	d := decideWitness(t, m, findings[i])
	for _, e := range d.Events {
		made = append(made, e.Name)
	}
	if !slices.Equal(made, []string{"on", "back"}) {
		t.Errorf("the witness moves %q", made)
	}
	// If it has to be high for as long as the steady need holds, there is no such moment.
	m.Moves[4].Needs[1].For = 7 * journey.Day
	if findings = compile(t, m).Verify(); slices.ContainsFunc(findings, spins) {
		t.Errorf("found %q", lines(findings))
	}
	// And if nothing but a cap could keep the earlier moves closed, it is not known.
	for i := range m.Moves[:4] {
		m.Moves[i].Max = 2
	}
	if got := lines(compile(t, m).Verify()); !slices.ContainsFunc(got, func(line string) bool {
		return strings.HasPrefix(line, `undecided /moves/4: can't decide whether a loop through phase "a"`)
	}) {
		t.Errorf("found %q", got)
	}
}

// Witnesses end where there are too many events; findings don't.
func TestVerifyManyWitnesses(t *testing.T) {
	m := journey.Map{Format: 1, Name: "wide", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}}}
	for i := range 600 {
		m.Moves = append(m.Moves, journey.Move{
			Name: fmt.Sprint(i), From: "a", To: "b", Kind: journey.Advance, Needs: when("x", journey.GreaterEqual, float64(i), 0),
		})
	}
	with, without := 0, 0
	for _, f := range compile(t, m).Verify() {
		if f.Class != journey.Unreachable {
			continue
		}
		if f.Witness != nil {
			with++
		} else {
			without++
		}
	}
	if with+without != 599 || with < 50 || without < 50 {
		t.Errorf("%d findings with a witness, %d without", with, without)
	}
}

// A map of a thousand phases is no matter.
func TestVerifyLarge(t *testing.T) {
	const n = 1000
	m := journey.Map{Format: 1, Name: "long"}
	for i := range n {
		m.Phases = append(m.Phases, journey.Phase{Name: fmt.Sprint(i), Milestones: []journey.Milestone{
			{Name: fmt.Sprintf("m%d", i), Owner: "all", Needs: when("x", journey.GreaterEqual, float64(i), journey.Duration(i)*hours(1))},
		}})
		m.Moves = append(m.Moves, journey.Move{
			Name: fmt.Sprintf("to %d", (i+1)%n), From: fmt.Sprint(i), To: fmt.Sprint((i + 1) % n), Kind: journey.Advance,
		})
	}
	findings := compile(t, m).Verify()
	if got := lines(findings); len(got) != 1 || !strings.HasPrefix(got[0], `spinning /moves/0: a loop goes round at every decision, without time passing: "to 1", "to 2"`) {
		t.Fatalf("found %q", got)
	}
	confirm(t, m, findings[0])
}

// pigeons is a map whose last move can be made if so many pigeons find a hole each: each earlier move is open unless a
// pigeon has a hole, or two don't share one.
func pigeons(pigeons, holes int) journey.Map {
	m := journey.Map{Format: 1, Name: "pigeons", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}}}
	in := func(pigeon, hole int) string { return fmt.Sprintf("%d in %d", pigeon, hole) }
	add := func(needs ...journey.Need) {
		m.Moves = append(m.Moves, journey.Move{Name: fmt.Sprint(len(m.Moves)), From: "a", To: "b", Kind: journey.Advance, Needs: needs})
	}
	var all []journey.Need
	for p := range pigeons {
		var homeless []journey.Need
		for h := range holes {
			homeless = append(homeless, when(in(p, h), journey.Less, 1, 0)...)
			all = append(all, when(in(p, h), journey.LessEqual, 1, 0)...)
		}
		add(homeless...)
	}
	for h := range holes {
		for p := range pigeons {
			for other := range p {
				add(append(when(in(p, h), journey.GreaterEqual, 1, 0), when(in(other, h), journey.GreaterEqual, 1, 0)...)...)
			}
		}
	}
	add(all...)
	m.Moves = append(m.Moves, journey.Move{Name: "out", From: "b", To: "a", Kind: journey.Regress, Dwell: journey.Day})
	return m
}

// What is too large to decide is undecided, and not fine.
func TestVerifyBound(t *testing.T) {
	for _, c := range []struct {
		pigeons, holes int
		want           journey.FindingClass
	}{{4, 4, ""}, {4, 3, journey.Unreachable}, {9, 8, journey.Undecided}} {
		m := pigeons(c.pigeons, c.holes)
		last := fmt.Sprintf("/moves/%d", len(m.Moves)-2)
		var got journey.FindingClass
		for _, f := range compile(t, m).Verify() {
			if f.Pointer == last {
				got = f.Class
				confirm(t, m, f)
			}
		}
		if got != c.want {
			t.Errorf("%d pigeons for %d holes: found %q, want %q", c.pigeons, c.holes, got, c.want)
		}
	}
}

func TestVerifyReadyMade(t *testing.T) {
	want := map[string][]string{
		"boomerang": nil,
		"maturity":  {`dead_end /phases/2: no move leaves phase "lead"`},
	}
	for _, m := range readyMade() {
		findings := compile(t, m).Verify()
		for _, f := range findings {
			confirm(t, m, f)
			if m.Name == "laer" && f.Class != journey.Ambiguous {
				t.Errorf("%s: %s: %s", m.Name, f.Pointer, f.Message)
			}
		}
		if list, ok := want[m.Name]; ok {
			if diff := cmp.Diff(list, lines(findings)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", m.Name, diff)
			}
		}
	}
}
