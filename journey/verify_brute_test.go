package journey_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey"
)

// smallMap returns a map that can be explored by looking at all that can happen.
func smallMap(r *rand.Rand) journey.Map {
	m := journey.Map{Format: 1, Name: "small"}
	phases := 1 + r.IntN(4)
	needs := func() []journey.Need {
		var list []journey.Need
		for signal := range 2 {
			if r.IntN(2) == 0 {
				list = append(list, journey.Need{
					Signal: fmt.Sprintf("s%d", signal), Value: float64(r.IntN(2)), For: journey.Duration(r.IntN(3)) * journey.Day,
					When: []journey.Comparison{
						journey.Less, journey.LessEqual, journey.Equal, journey.NotEqual, journey.GreaterEqual, journey.Greater,
					}[r.IntN(6)],
				})
				if r.IntN(4) == 0 {
					other := list[len(list)-1]
					other.When, other.Value = []journey.Comparison{journey.Less, journey.Greater}[r.IntN(2)], 1-other.Value
					list = append(list, other)
				}
			}
		}
		return list
	}
	for i := range phases {
		p := journey.Phase{Name: fmt.Sprintf("p%d", i)}
		for j := range r.IntN(3) {
			ms := journey.Milestone{Name: fmt.Sprintf("m%d%d", i, j), Owner: "all", Optional: r.IntN(6) == 0}
			if r.IntN(2) == 0 {
				ms.Needs = needs()
			}
			if r.IntN(4) == 0 {
				ms.Segments = []string{"big"}
			}
			if r.IntN(4) == 0 {
				ms.Motion = "x"
			}
			p.Milestones = append(p.Milestones, ms)
		}
		m.Phases = append(m.Phases, p)
	}
	for i := range 1 + r.IntN(6) {
		mv := journey.Move{
			Name: fmt.Sprintf("go%d", i), From: fmt.Sprintf("p%d", r.IntN(phases)), To: fmt.Sprintf("p%d", r.IntN(phases)),
			Kind: []journey.MoveKind{journey.Advance, journey.Advance, journey.Renew, journey.Leave, journey.Return}[r.IntN(5)], Needs: needs(),
		}
		if r.IntN(4) == 0 {
			mv.Dwell = journey.Duration(1+r.IntN(2)) * journey.Day
		}
		switch {
		case mv.Kind == journey.Leave:
			mv.To = journey.Ended
		case mv.Kind == journey.Return:
			mv.From = journey.Ended
		case mv.From == mv.To:
			mv.Kind = journey.Renew
		}
		if mv.Kind != journey.Advance && mv.Kind != journey.Renew && mv.Dwell == 0 && len(mv.Needs) == 0 || r.IntN(6) == 0 {
			mv.Approver = "boss"
		}
		m.Moves = append(m.Moves, mv)
	}
	return m
}

// A universe of states: needs and names of evidence are bits.
type universe struct {
	m     journey.Map
	needs []journey.Need
	names []string
}

// A state is what an account may be in: which needs are met, what evidence stands, in which segment, and how long it
// has been in the phase.
type state struct {
	met, evidence uint
	segment       string
	inPhase       journey.Duration
}

func (u *universe) stands(s state, name string) bool {
	return s.evidence>>slices.Index(u.names, name)&1 == 1
}

func (u *universe) allMet(s state, needs []journey.Need) bool {
	for _, n := range needs {
		if s.met>>slices.Index(u.needs, n)&1 == 0 {
			return false
		}
	}
	return true
}

// histories returns every combination of needs of a signal that observations can meet, by trying values at instants
// around each For.
func (u *universe) histories(signal string) []uint {
	ago := []journey.Duration{2 * journey.Day, hours(36), journey.Day, hours(12), 0}
	values := []float64{-1, 0, 0.5, 1, 2}
	seen := map[uint]bool{}
	observed := make([]int, len(ago)) // index of the value, or -1
	var try func(at int)
	try = func(at int) {
		if at < len(ago) {
			for v := -1; v < len(values); v++ {
				observed[at] = v
				try(at + 1)
			}
			return
		}
		met := uint(0)
		for bit, n := range u.needs {
			since := journey.Duration(-1)
			for i, v := range observed {
				switch {
				case v < 0:
				case !compares(values[v], n):
					since = -1
				case since < 0:
					since = ago[i]
				}
			}
			if n.Signal == signal && since >= n.For {
				met |= 1 << bit
			}
		}
		seen[met] = true
	}
	try(0)
	return slices.Sorted(maps.Keys(seen))
}

func compares(v float64, n journey.Need) bool {
	switch n.When {
	case journey.Less:
		return v < n.Value
	case journey.LessEqual:
		return v <= n.Value
	case journey.Equal:
		return v == n.Value
	case journey.NotEqual:
		return v != n.Value
	case journey.GreaterEqual:
		return v >= n.Value
	default:
		return v > n.Value
	}
}

// open is the rule for a move, as the documentation has it.
func (u *universe) open(s state, mv journey.Move) bool {
	if mv.Dwell > s.inPhase || mv.Approver != "" && !u.stands(s, mv.Name) || !u.allMet(s, mv.Needs) {
		return false
	}
	for _, p := range u.m.Phases {
		for _, ms := range p.Milestones {
			guards := p.Name == mv.From && !ms.Optional && (mv.Kind == journey.Advance || mv.Kind == journey.Renew) &&
				(mv.Motion == "" || mv.Motion == ms.Motion) && (len(ms.Segments) == 0 || slices.Contains(ms.Segments, s.segment))
			if guards && !u.stands(s, ms.Name) && (len(ms.Needs) == 0 || !u.allMet(s, ms.Needs)) {
				return false
			}
		}
	}
	return true
}

// explored is what looking at every state has found.
type explored struct {
	made  map[string]bool    // moves that were the first open one
	pairs map[[2]string]bool // moves that were open at once
	met   map[string]bool    // milestones and moves whose own needs were all met
	spins bool
}

func (u *universe) explore() explored {
	x := explored{made: map[string]bool{}, pairs: map[[2]string]bool{}, met: map[string]bool{}}
	for _, zero := range u.histories("s0") {
		for _, one := range u.histories("s1") {
			s := state{met: zero | one}
			for s.evidence = range uint(1) << len(u.names) {
				for _, s.segment = range []string{"", "big"} {
					for _, s.inPhase = range []journey.Duration{0, journey.Day, 2 * journey.Day} {
						x.look(u, s)
					}
					s.inPhase = 0
					x.spins = x.spins || u.spins(s)
				}
			}
			for _, p := range u.m.Phases {
				for _, ms := range p.Milestones {
					x.met[ms.Name] = x.met[ms.Name] || u.allMet(s, ms.Needs)
				}
			}
			for _, mv := range u.m.Moves {
				x.met[mv.Name] = x.met[mv.Name] || u.allMet(s, mv.Needs)
			}
		}
	}
	return x
}

// look notes which moves are open in each phase.
func (x *explored) look(u *universe, s state) {
	var open []journey.Move
	for _, mv := range u.m.Moves {
		if !u.open(s, mv) {
			continue
		}
		first := true
		for _, other := range open {
			if other.From == mv.From {
				first = false
				x.pairs[[2]string{other.Name, mv.Name}] = true
			}
		}
		x.made[mv.Name] = x.made[mv.Name] || first
		open = append(open, mv)
	}
}

// spins goes the way of the first open moves from each phase, until one is in a phase with the evidence that it was in
// before.
func (u *universe) spins(s state) bool {
	type place struct {
		phase    string
		evidence uint
	}
	for _, start := range append([]journey.Phase{{Name: journey.Ended}}, u.m.Phases...) {
		at, seen := place{start.Name, s.evidence}, []place{}
		for {
			seen = append(seen, at)
			s.evidence = at.evidence
			i := slices.IndexFunc(u.m.Moves, func(mv journey.Move) bool { return mv.From == at.phase && u.open(s, mv) })
			if i < 0 {
				break
			}
			mv := u.m.Moves[i]
			at.phase = mv.To
			if j := slices.Index(u.names, mv.Name); j >= 0 {
				at.evidence &^= 1 << j
			}
			if mv.Kind == journey.Renew || mv.To == journey.Ended {
				at.evidence = 0
			}
			if slices.Contains(seen, at) {
				return true
			}
		}
		s.evidence = seen[0].evidence
	}
	return false
}

// What Verify finds is what looking at everything finds, and nothing else.
func TestVerifyExplored(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 8))
	found := map[journey.FindingClass]int{}
	for n := range 80 {
		m := smallMap(r)
		u := &universe{m: m, needs: needsOf(m)}
		for _, p := range m.Phases {
			for _, ms := range p.Milestones {
				u.names = append(u.names, ms.Name)
			}
		}
		for _, mv := range m.Moves {
			if mv.Approver != "" {
				u.names = append(u.names, mv.Name)
			}
		}
		if len(u.names) > 5 {
			continue
		}
		x := u.explore()
		findings := compile(t, m).Verify()
		have := map[string]bool{}
		for _, f := range findings {
			confirm(t, m, f)
			found[f.Class]++
			have[string(f.Class)+" "+f.Pointer] = true
		}
		agree := func(want bool, class journey.FindingClass, pointer string) {
			t.Helper()
			if got := have[string(class)+" "+pointer]; got != want {
				t.Fatalf("map %d: %s %s is %t, want %t; found %s\n%+v", n, class, pointer, got, want, strings.Join(lines(findings), "\n"), m)
			}
		}
		reached := map[string]bool{m.Phases[0].Name: true, journey.Ended: true}
		for range m.Phases {
			for _, mv := range m.Moves {
				reached[mv.To] = reached[mv.To] || reached[mv.From] && x.made[mv.Name]
			}
		}
		for i, p := range m.Phases {
			agree(!reached[p.Name], journey.Unreachable, fmt.Sprintf("/phases/%d", i))
			out := slices.ContainsFunc(m.Moves, func(mv journey.Move) bool { return mv.From == p.Name && x.met[mv.Name] })
			agree(!out, journey.DeadEnd, fmt.Sprintf("/phases/%d", i))
			for j, ms := range p.Milestones {
				agree(!x.met[ms.Name], journey.Impossible, fmt.Sprintf("/phases/%d/milestones/%d/needs", i, j))
			}
		}
		for i, mv := range m.Moves {
			agree(!x.made[mv.Name] && x.met[mv.Name], journey.Unreachable, fmt.Sprintf("/moves/%d", i))
			agree(!x.met[mv.Name], journey.Impossible, fmt.Sprintf("/moves/%d/needs", i))
			twice := slices.ContainsFunc(m.Moves[:i], func(other journey.Move) bool {
				return x.pairs[[2]string{other.Name, mv.Name}] && (other.To != mv.To || other.Kind != mv.Kind)
			})
			agree(twice, journey.Ambiguous, fmt.Sprintf("/moves/%d", i))
		}
		spins := slices.ContainsFunc(findings, func(f journey.Finding) bool { return f.Class == journey.Spinning })
		if spins != x.spins {
			t.Fatalf("map %d: spinning is %t, want %t; found %s\n%+v", n, spins, x.spins, strings.Join(lines(findings), "\n"), m)
		}
	}
	for _, class := range []journey.FindingClass{journey.Unreachable, journey.DeadEnd, journey.Ambiguous, journey.Impossible, journey.Spinning} {
		if found[class] < 5 {
			t.Errorf("%s was found %d times: the test tests little", class, found[class])
		}
	}
	if found[journey.Undecided] > 0 {
		t.Errorf("%d undecided", found[journey.Undecided])
	}
}
