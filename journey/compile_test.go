package journey_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func readyMade() []journey.Map {
	return []journey.Map{journey.LAER(), journey.Boomerang(), journey.Maturity()}
}

func TestCompileReadyMade(t *testing.T) {
	for _, m := range readyMade() {
		model := compile(t, m)
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := journey.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(model.Map(), back); diff != "" {
			t.Errorf("%s through JSON (-want +got):\n%s", m.Name, diff)
		}
		if compile(t, back).Digest() != model.Digest() {
			t.Errorf("%s has another digest after JSON", m.Name)
		}
	}
}

// invalid returns the problems of a map as lines.
func invalid(t *testing.T, err error) []string {
	t.Helper()
	var e *journey.InvalidError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an InvalidError", err)
	}
	var lines []string
	for _, p := range e.Problems {
		lines = append(lines, p.Pointer+": "+p.Message)
	}
	return lines
}

func TestCompileProblems(t *testing.T) {
	need := func(signal string, value float64) journey.Need {
		return journey.Need{Signal: signal, When: journey.Equal, Value: value}
	}
	two := []journey.Phase{{Name: "a"}, {Name: "b"}}
	for _, c := range []struct {
		name   string
		change func(m *journey.Map)
		want   []string
	}{
		{"nothing", func(m *journey.Map) { *m = journey.Map{} }, []string{
			"/format: must be 1, not 0", "/name: is empty", "/phases: must have at least one phase",
		}},
		{"names", func(m *journey.Map) {
			m.Name, m.Version = " x", "\xff"
			m.Phases = []journey.Phase{{Name: "a"}, {Name: "a"}, {Name: "ended"}, {Name: "a/b"}, {Name: "tab\t"}}
		}, []string{
			"/name: begins or ends with a space", "/version: is not valid UTF-8", `/phases/1/name: "a" is the name of /phases/0 already`,
			`/phases/2/name: "ended" is where journeys end, and no phase`,
			"/phases/3/name: contains '/', which joins names to paths", "/phases/4/name: contains the control character U+0009 at byte 3",
			`/moves/0/to: unknown phase "b"; it is one of ["a" "ended" "a/b" "tab\t"]`,
		}},
		{"notes", func(m *journey.Map) {
			m.Phases[0] = journey.Phase{
				Name: "a", Title: "\xff", Value: journey.Value{Nature: "\xff", Reach: "\xff"}, Sponsor: "\xff",
				Roles:        []journey.Role{{Name: "x", Duty: "acountable"}, {Name: "y", Duty: journey.Informed}, {Name: "y", Duty: journey.Informed}},
				Capabilities: []journey.Capability{{Name: "c", UseCases: []string{""}}, {Name: "c", Area: "\xff", Impact: "\xff"}},
				Expect:       []journey.Expectation{{Outcome: "\xff", Experience: "\xff"}},
				Moments:      []journey.Moment{{Name: "m", Signal: "/"}, {Name: "m", Title: "\xff", Owner: " ", Validated: "\xff"}},
			}
		}, []string{
			"/phases/0/title: is not valid UTF-8", "/phases/0/value/nature: is not valid UTF-8",
			"/phases/0/value/reach: is not valid UTF-8", "/phases/0/sponsor: is not valid UTF-8",
			`/phases/0/roles/0/duty: must be one of accountable, responsible, consulted, informed, not "acountable": did you mean "accountable"?`,
			`/phases/0/roles/2: "y" is informed already`,
			"/phases/0/capabilities/0/use_cases/0: is empty",
			`/phases/0/capabilities/1/name: "c" is the name of /phases/0/capabilities/0 already`,
			"/phases/0/capabilities/1/area: is not valid UTF-8", "/phases/0/capabilities/1/impact: is not valid UTF-8",
			"/phases/0/expect/0/persona: is empty",
			"/phases/0/expect/0/outcome: is not valid UTF-8", "/phases/0/expect/0/experience: is not valid UTF-8",
			"/phases/0/moments/0/signal: contains '/', which joins names to paths",
			`/phases/0/moments/1/name: "m" is the name of /phases/0/moments/0 already`,
			"/phases/0/moments/1/title: is not valid UTF-8", "/phases/0/moments/1/owner: begins or ends with a space",
			"/phases/0/moments/1/validated: is not valid UTF-8",
		}},
		{"milestones", func(m *journey.Map) {
			m.Phases[0].Capabilities = []journey.Capability{{Name: "single sign-on", UseCases: []string{"joiners"}}}
			m.Phases[0].Milestones = []journey.Milestone{
				{Name: "m", Segments: []string{"x", "x"}, Capability: "single sign on", UseCase: "leavers"},
				{Name: "m", Motion: " ", Owner: "/", Due: &journey.Due{Offset: 1}},
			}
			m.Moves[0].Name = "m"
		}, []string{
			`/phases/0/milestones/0/segments/1: "x" is there already`,
			`/phases/0/milestones/0/capability: unknown capability of the phase "single sign on": did you mean "single sign-on"?`,
			`/phases/0/milestones/0/use_case: unknown use case of the phase "leavers"; it is one of ["joiners"]`,
			`/phases/0/milestones/1/name: "m" is the name of /phases/0/milestones/0 already`,
			"/phases/0/milestones/1/motion: begins or ends with a space",
			"/phases/0/milestones/1/owner: contains '/', which joins names to paths",
			"/phases/0/milestones/1/due/anchor: is empty",
			"/phases/0/milestones/1/due/offset: duration 1ns is not a whole number of microseconds",
			`/moves/0/name: "m" is the name of /phases/0/milestones/0 already`,
		}},
		{"needs", func(m *journey.Map) {
			first, other := need("x", 1), need("x", 1)
			first.Stale, other.Stale = journey.Day, 2*journey.Day
			m.Phases[0].Milestones = []journey.Milestone{
				{Name: "m", Needs: []journey.Need{first, first, need("y", math.NaN()), need("y", math.Inf(-1))}},
				{Name: "n", Needs: []journey.Need{other, {When: "=>", For: -1, Stale: -journey.Day}}},
			}
			m.Moves[0].Needs = []journey.Need{need("x", math.Copysign(0, -1)), need("x", 0), need("x", 1)}
		}, []string{
			"/phases/0/milestones/0/needs/1: has the signal, comparison and value of /phases/0/milestones/0/needs/0",
			"/phases/0/milestones/0/needs/2/value: must be finite, not NaN",
			"/phases/0/milestones/0/needs/3/value: must be finite, not -Inf",
			"/phases/0/milestones/1/needs/0/stale: must be 1d, as in /phases/0/milestones/0/needs/0: needs of one signal, comparison and value share one clock",
			"/phases/0/milestones/1/needs/1/signal: is empty",
			`/phases/0/milestones/1/needs/1/when: must be one of <, <=, =, <>, >=, >, not "=>"`,
			"/phases/0/milestones/1/needs/1/for: must not be negative",
			"/phases/0/milestones/1/needs/1/stale: must not be negative",
			"/moves/0/needs/1: has the signal, comparison and value of /moves/0/needs/0",
			"/moves/0/needs/2/stale: must be 1d, as in /phases/0/milestones/0/needs/0: needs of one signal, comparison and value share one clock",
		}},
		{"pace", func(m *journey.Map) {
			m.Phases[0].Pace = journey.Pace{Expected: 3 * journey.Day, Stuck: 3 * journey.Day}
			m.Phases[0].Tenure = 5 * journey.Day
			m.Phases[1].Pace = journey.Pace{Behind: -journey.Day}
			m.Phases[1].Tenure = 5 * journey.Day
		}, []string{
			"/phases/0/pace/stuck: must be longer than the one before, 3d",
			"/phases/1/pace/behind: must not be negative", "/phases/1/pace/behind: must be longer than the one before, 0s",
			"/phases/1/tenure: must rise from phase to phase: is 5d after 5d",
		}},
		{"moves", func(m *journey.Map) {
			m.Phases = append(two[:2:2], journey.Phase{Name: "c", Milestones: []journey.Milestone{{Name: "o", Motion: "x"}}})
			m.Moves = []journey.Move{
				{Name: "", From: "aa", To: "", Kind: "advanced"},
				{Name: "1", From: "a", To: "a", Kind: journey.Advance, Dwell: -1000, CoolDown: 1, Max: -1, Approver: "/"},
				{Name: "2", From: "ended", To: "ended", Kind: journey.Leave, Dwell: 1000},
				{Name: "3", From: "ended", To: "ended", Kind: journey.Return, Approver: "x"},
				{Name: "4", From: "a", To: "b", Kind: journey.Regress, Motion: "x"},
				{Name: "5", From: "a", To: "b", Kind: journey.Advance, Motion: "x"},
				{Name: "6", From: "c", To: "c", Kind: journey.Renew, Motion: "x", Break: &journey.BreakPoint{
					Value: "\xff", Sponsorship: "\xff", Risk: "\xff", Stalls: "\xff",
				}},
			}
		}, []string{
			"/moves/0/name: is empty", `/moves/0/from: unknown phase "aa"; it is one of ["a" "b" "c"]`,
			`/moves/0/to: unknown phase ""; it is one of ["a" "b" "c"]`, `/moves/0/kind: must be one of advance, regress, renew, leave, return, not "advanced": did you mean "advance"?`,
			"/moves/1/to: is where it comes from, which only the kind renew may",
			"/moves/1/dwell: must not be negative", "/moves/1/cool_down: duration 1ns is not a whole number of microseconds",
			"/moves/1/max: must be 0 or more, not -1", "/moves/1/approver: contains '/', which joins names to paths",
			`/moves/2/from: "ended" is what only the kind return comes from`,
			`/moves/3/to: "ended" is what only the kind leave leads to`,
			"/moves/4/motion: is for the kinds advance and renew, which milestones guard",
			"/moves/4: must have needs, a dwell or an approver: a regress is guarded by nothing else",
			`/moves/5/motion: no milestone of phase "a" has the motion "x"`,
			"/moves/6/break/value: is not valid UTF-8", "/moves/6/break/sponsorship: is not valid UTF-8",
			"/moves/6/break/risk: is not valid UTF-8", "/moves/6/break/stalls: is not valid UTF-8",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := journey.Map{
				Format: 1, Name: "m", Phases: []journey.Phase{{Name: "a"}, {Name: "b"}},
				Moves: []journey.Move{{Name: "on", From: "a", To: "b", Kind: journey.Advance}},
			}
			compile(t, m)
			c.change(&m)
			_, err := journey.Compile(m)
			if diff := cmp.Diff(c.want, invalid(t, err)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	for _, format := range []int{-1, 0, 2} {
		m := journey.LAER()
		m.Format = format
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		_, compileErr := journey.Compile(m)
		if newer := format > journey.Format; errors.Is(compileErr, journey.ErrFormat) != newer || compileErr == nil {
			t.Errorf("format %d: compile says %v", format, compileErr)
		}
		if _, err = journey.Parse(text); errors.Is(err, journey.ErrFormat) != (format > journey.Format) {
			t.Errorf("format %d: parse says %v", format, err)
		}
	}
	if _, err := journey.Parse([]byte(`{"format":2,"news":[1]}`)); !errors.Is(err, journey.ErrFormat) {
		t.Errorf("a newer document: %v", err)
	}
}

func TestParseProblems(t *testing.T) {
	_, err := journey.Parse([]byte(`{"format":1,"Name":"m","phases":[{"name":"a","tenur":"1d","pace":{"stuck":"1 day"},
		"milestones":[{"name":"m","needs":[{"signal":"x","when":"=","value":1e400},{"value":"1"}]}]}],"phases":[]}`))
	got := strings.Join(invalid(t, err), "\n")
	for _, want := range []string{
		`/Name: unknown key "Name": did you mean "name"?`, `/phases/0/tenur: unknown key "tenur": did you mean "tenure"?`,
		"/phases/0/pace/stuck: duration", "/phases/0/milestones/0/needs/0/value: 1e400 does not fit",
		"/phases/0/milestones/0/needs/1/value: must be a number", "/phases: duplicate key",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if _, err := journey.Parse([]byte(`{"format":1} x`)); err == nil {
		t.Error("trailing data is taken")
	}
}

// A model does not change when the map does that it was made of, or that it gave.
func TestModelIsItsOwn(t *testing.T) {
	m := journey.LAER()
	m.Phases[0].Milestones[0].Segments = []string{"x"}
	m.Phases[0].Capabilities = []journey.Capability{{Name: "c", UseCases: []string{"u"}}}
	model := compile(t, m)
	want := model.Map()
	for _, mine := range []journey.Map{m, model.Map()} {
		mine.Phases[0].Roles[0].Name = "changed"
		mine.Phases[0].Milestones[0].Due.Anchor = "changed"
		mine.Phases[0].Milestones[0].Segments[0] = "changed"
		mine.Phases[0].Milestones[1].Needs[0].Value = 7
		mine.Phases[0].Capabilities[0].UseCases[0] = "changed"
		mine.Moves[0].Break.Stalls = "changed"
		mine.Moves[5].Needs[0].Signal = "changed"
		mine.Phases[2].Name = "changed"
	}
	if diff := cmp.Diff(want, model.Map()); diff != "" {
		t.Errorf("the model changed (-before +after):\n%s", diff)
	}
}

// A huge map with a mistake in each part: work that grows with its square would not end.
func TestCompileHuge(t *testing.T) {
	const n = 20_000
	m := journey.Map{Format: 1, Name: "huge"}
	p := journey.Phase{Name: "p"}
	for i := range n {
		name := fmt.Sprintf("name of number %d", i)
		p.Roles = append(p.Roles, journey.Role{Name: name, Duty: journey.Informed})
		p.Capabilities = append(p.Capabilities, journey.Capability{Name: name})
		p.Milestones = append(p.Milestones, journey.Milestone{Name: name, Capability: name + "?", Segments: []string{name}})
		p.Milestones[0].Segments = append(p.Milestones[0].Segments, name)
		m.Moves = append(m.Moves, journey.Move{Name: "move " + name, From: name + "?", To: "p", Kind: journey.Advance})
	}
	for i := range n {
		m.Phases = append(m.Phases, journey.Phase{Name: fmt.Sprintf("name of number %d", i)})
	}
	m.Phases = append(m.Phases, p)
	_, err := journey.Compile(m)
	if got := len(invalid(t, err)); got != 2*n+1 {
		t.Errorf("%d problems, want %d", got, 2*n+1)
	}
}
