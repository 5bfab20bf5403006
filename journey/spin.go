package journey

import (
	"fmt"
	"slices"
	"strings"
)

// spinning looks for loops that go round at every decision: their moves wait for nothing, and all are open at once. Of
// phases that lead to each other one loop is reported.
func (v *verifier) spinning() {
	for _, knot := range v.knots() {
		s := spin{verifier: v, in: make(map[int]bool)}
		for _, phase := range knot {
			s.in[phase] = true
		}
		switch s.search(knot) {
		case yes:
			v.add(s.finding)
		case unknown:
			v.undecided = append(v.undecided, Finding{Class: Undecided, Pointer: movePointer(v.firstFree(knot[0])), Message: fmt.Sprintf(
				"can't decide whether a loop through phase %q goes round without time passing", v.model.name(knot[0]))})
		}
	}
}

// free reports whether a move waits for nothing but needs and milestones, again and again.
func (mv *move) free() bool {
	return mv.dwell == 0 && mv.coolDown == 0 && mv.def.Max == 0 && mv.def.Approver == ""
}

func (v *verifier) firstFree(phase int) *move {
	moves := v.model.movesOf(phase)
	return moves[slices.IndexFunc(moves, (*move).free)]
}

// knots returns the phases that free moves lead from to each other and back, in map order: the strongly connected
// components, by Tarjan's algorithm (SIAM Journal on Computing 1, 1972).
func (v *verifier) knots() [][]int {
	n := len(v.model.phases) + 1
	t := tarjan{model: v.model, number: make([]int, n), low: make([]int, n), on: make([]bool, n)}
	for phase := range n {
		if t.number[phase] == 0 {
			t.visit(phase)
		}
	}
	slices.SortFunc(t.knots, func(a, b []int) int { return a[0] - b[0] })
	return t.knots
}

type tarjan struct {
	model       *Model
	count       int
	number, low []int
	on          []bool
	stack       []int
	knots       [][]int
}

func (t *tarjan) visit(phase int) {
	t.count++
	t.number[phase], t.low[phase], t.on[phase] = t.count, t.count, true
	t.stack = append(t.stack, phase)
	again := false
	for _, mv := range t.model.movesOf(phase) {
		if !mv.free() {
			continue
		}
		again = again || mv.to == phase
		if t.number[mv.to] == 0 {
			t.visit(mv.to)
			t.low[phase] = min(t.low[phase], t.low[mv.to])
		} else if t.on[mv.to] {
			t.low[phase] = min(t.low[phase], t.number[mv.to])
		}
	}
	if t.low[phase] < t.number[phase] {
		return
	}
	at := slices.Index(t.stack, phase)
	knot := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, p := range knot {
		t.on[p] = false
	}
	if len(knot) > 1 || again {
		slices.Sort(knot)
		t.knots = append(t.knots, knot)
	}
}

// A spin is a search for a loop in a knot.
type spin struct {
	*verifier
	in      map[int]bool // phases of the knot that the loop may still go to
	start   int
	segment string
	spends  bool // the loop renews or ends: evidence does not last
	path    []*move
	doubts  int  // of the path
	unsure  bool // there are loops in doubt
	finding Finding
}

func (s *spin) search(knot []int) answer {
	segments := []string{""}
	for _, phase := range knot {
		for _, segment := range s.model.segments(phase) {
			if !slices.Contains(segments, segment) {
				segments = append(segments, segment)
			}
		}
	}
	s.ask()
	for _, phase := range knot {
		s.start = phase
		for _, s.segment = range segments {
			for _, s.spends = range [...]bool{false, true} {
				if s.from(phase) {
					return yes
				}
				s.solver.undo(0)
				s.path = s.path[:0]
			}
		}
		s.in[phase] = false
	}
	if s.unsure || s.cut() {
		return unknown
	}
	return no
}

// from looks for a way from a phase back to the start.
func (s *spin) from(phase int) bool {
	moves := s.model.movesOf(phase)
	for i, mv := range moves {
		if s.cut() {
			return false
		}
		if s.solver.steps++; !mv.free() || !s.in[mv.to] || s.ends(mv) && !s.spends {
			continue
		}
		mark := len(s.solver.trail)
		c := closing{verifier: s.verifier, segment: s.segment, made: mv, more: true, doubts: &s.doubts}
		if s.demand(mv) && c.close(moves[:i], func() bool { return s.onward(mv) }) {
			return true
		}
		s.solver.undo(mark)
	}
	return false
}

// ends reports whether a move takes evidence with it.
func (s *spin) ends(mv *move) bool { return mv.def.Kind == Renew || mv.to == len(s.model.phases) }

// demand demands what a move is made on. Where evidence does not last, milestones are reached by needs.
func (s *spin) demand(mv *move) bool {
	if !s.solver.allMet(mv.needs) {
		return false
	}
	if !s.spends {
		return true
	}
	at := position{segment: s.segment}
	for _, ms := range mv.guards {
		if at.applies(ms) && (len(ms.needs) == 0 || !s.solver.allMet(ms.needs)) {
			return false
		}
	}
	return true
}

// onward goes on from where a move leads.
func (s *spin) onward(mv *move) bool {
	s.path = append(s.path, mv)
	if mv.to == s.start {
		if s.found() {
			return true
		}
	} else {
		s.in[mv.to] = false
		if s.from(mv.to) {
			return true
		}
		s.in[mv.to] = true
	}
	s.path = s.path[:len(s.path)-1]
	return false
}

// found makes the loop a finding.
func (s *spin) found() bool {
	if s.doubts > 0 {
		s.unsure = true
		return false
	}
	sc := scene{phase: s.start, segment: s.segment}
	at := position{segment: s.segment}
	var names []string
	for _, mv := range s.path {
		names = append(names, fmt.Sprintf("%q", mv.def.Name))
		for _, ms := range mv.guards {
			if !s.spends && at.applies(ms) {
				sc.evidence = append(sc.evidence, ms)
			}
		}
	}
	const most = 8
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	w := s.solver.witness(sc)
	s.finding = Finding{Spinning, movePointer(s.path[0]), fmt.Sprintf(
		"a loop goes round at every decision, without time passing: %s", strings.Join(names, ", ")), w}
	return w != nil || s.solver.events <= 0
}
