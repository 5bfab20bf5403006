package journey

import (
	"fmt"
	"iter"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// findMoves finds out which moves can be made, and which phases they lead to from the first.
func (v *verifier) findMoves() {
	m := v.model
	v.can = make([]answer, len(m.moves))
	v.reached, v.perhaps = make([]bool, len(m.phases)+1), make([]bool, len(m.phases)+1)
	for phase := range v.reached {
		moves, segments := m.movesOf(phase), m.segments(phase)
		for i, mv := range moves {
			v.can[mv.number] = v.canMake(segments, moves[:i], mv)
		}
	}
	v.walk(v.reached, func(a answer) bool { return a == yes })
	v.walk(v.perhaps, func(a answer) bool { return a != no })
}

// walk marks the phases that moves lead to from the first, and from the end, which every journey may come to.
func (v *verifier) walk(reached []bool, open func(answer) bool) {
	queue := []int{0, len(v.model.phases)}
	reached[0], reached[len(v.model.phases)] = true, true
	for len(queue) > 0 {
		moves := v.model.movesOf(queue[0])
		queue = queue[1:]
		for _, mv := range moves {
			if !reached[mv.to] && open(v.can[mv.number]) {
				reached[mv.to] = true
				queue = append(queue, mv.to)
			}
		}
	}
}

// canMake reports whether a move is ever the first one that is open, in any segment. Its milestones are reached by
// evidence, which asks the least.
func (v *verifier) canMake(segments []string, earlier []*move, mv *move) answer {
	result := no
	for _, segment := range segments {
		v.ask()
		if !v.solver.allMet(mv.needs) {
			return no
		}
		doubts, unsure := 0, false
		c := closing{verifier: v, segment: segment, inPhase: mv.dwell, made: mv, doubts: &doubts}
		if c.close(earlier, func() bool { unsure = unsure || doubts > 0; return doubts == 0 }) {
			return yes
		}
		if unsure || v.cut() {
			result = unknown
		}
	}
	return result
}

// A closing keeps earlier moves of a phase closed while one is made.
type closing struct {
	*verifier
	segment string
	inPhase int64 // µs
	made    *move
	more    bool // more needs will be demanded
	doubts  *int // moves that nothing but a cap or a cool-down may close
}

// close keeps the moves closed, in one way after the other until what follows can be so too. It begins with the move
// that the fewest needs could close.
func (c *closing) close(moves []*move, then func() bool) bool {
	var open []*move
	at, fewest := -1, 0
	for _, mv := range moves {
		if c.cut() {
			return false
		}
		if c.closed(mv) {
			continue
		}
		ways := c.ways(mv)
		if ways == 0 {
			return false
		}
		if at < 0 || ways < fewest {
			at, fewest = len(open), ways
		}
		open = append(open, mv)
	}
	if at < 0 {
		return then()
	}
	mv := open[at]
	rest := slices.Delete(open, at, at+1)
	for n := range c.closers(mv) {
		mark := len(c.solver.trail)
		if c.solver.unmet(n) && c.close(rest, then) {
			return true
		}
		c.solver.undo(mark)
	}
	if !mv.wanes() {
		return false
	}
	*c.doubts++
	closed := c.close(rest, then)
	*c.doubts--
	return closed
}

// wanes reports whether time and passes may close the move that nothing else does.
func (mv *move) wanes() bool { return mv.coolDown > 0 || mv.def.Max > 0 }

// ways counts the needs that could close a move. What wanes is left for last.
func (c *closing) ways(mv *move) int {
	ways := 0
	for n := range c.closers(mv) {
		mark := len(c.solver.trail)
		if c.solver.unmet(n) {
			ways++
		}
		c.solver.undo(mark)
	}
	if mv.wanes() {
		ways += 1 << 30
	}
	return ways
}

// closers gives the needs that close a move if one is not met: its own, and those of milestones that are not reached.
func (c *closing) closers(mv *move) iter.Seq[*need] {
	return func(yield func(*need) bool) {
		for i := range mv.needs {
			if !yield(&mv.needs[i]) {
				return
			}
		}
		at := position{segment: c.segment}
		for _, ms := range mv.guards {
			if !at.applies(ms) || c.guards(ms) {
				continue
			}
			for i := range ms.needs {
				if !yield(&ms.needs[i]) {
					return
				}
			}
		}
	}
}

// closed reports whether a move is closed already: its dwell is not over, nobody has approved it, a milestone that waits
// for evidence has none, or a need can't be met beside what is demanded.
func (c *closing) closed(mv *move) bool {
	c.solver.steps++
	if mv.dwell > c.inPhase || mv.def.Approver != "" {
		return true
	}
	at := position{segment: c.segment}
	for _, ms := range mv.guards {
		if len(ms.needs) == 0 && at.applies(ms) && !c.guards(ms) {
			return true
		}
	}
	for n := range c.closers(mv) {
		if !c.solver.open(n, c.more) {
			return true
		}
	}
	return false
}

// guards reports whether a milestone guards the move that is made, and is thus reached.
func (c *closing) guards(ms *milestone) bool {
	for _, own := range c.made.guards {
		if c.solver.steps++; own == ms {
			return true
		}
	}
	return false
}

// unreachable looks for phases that no moves lead to from the first, and for moves that earlier ones never let be made.
func (v *verifier) unreachable() {
	m := v.model
	for i := range m.phases {
		if v.reached[i] {
			continue
		}
		f := Finding{Class: Unreachable, Pointer: problem.Pointer("phases", i)}
		if v.perhaps[i] {
			f.Class, f.Message = Undecided, fmt.Sprintf("can't decide whether moves lead from phase %q to %q", m.name(0), m.name(i))
			v.undecided = append(v.undecided, f)
			continue
		}
		f.Message = fmt.Sprintf("no moves that can be made lead from phase %q to %q: only a start does", m.name(0), m.name(i))
		v.ask()
		f.Witness = v.solver.witness(scene{phase: i})
		v.add(f)
	}
	for i := range m.moves {
		mv := &m.moves[i]
		if v.can[i] == yes {
			continue
		}
		if v.ask(); !v.solver.allMet(mv.needs) {
			continue // impossible
		}
		f := Finding{Class: Unreachable, Pointer: movePointer(mv)}
		if v.can[i] == unknown {
			f.Class, f.Message = Undecided, fmt.Sprintf("can't decide whether earlier moves ever let move %q be made", mv.def.Name)
			v.undecided = append(v.undecided, f)
			continue
		}
		f.Message = fmt.Sprintf("move %q is never made: whenever it is open, an earlier one is too", mv.def.Name)
		f.Witness = v.solver.witness(v.opening(mv))
		v.add(f)
	}
}

// opening returns the scene in which moves of one phase are open, if their needs are met.
func (v *verifier) opening(moves ...*move) scene {
	sc := scene{phase: v.model.place(moves[0].def.From), approved: moves}
	given := make(map[*milestone]bool)
	at := position{}
	for _, mv := range moves {
		sc.inPhase = max(sc.inPhase, mv.dwell)
		for _, ms := range mv.guards {
			if at.applies(ms) && !given[ms] {
				given[ms] = true
				sc.evidence = append(sc.evidence, ms)
			}
		}
	}
	return sc
}

// deadEnds looks for phases that no move leads out of.
func (v *verifier) deadEnds() {
	for i := range v.model.phases {
		p := &v.model.phases[i]
		out := false
		for _, mv := range p.moves {
			v.ask()
			out = out || v.solver.allMet(mv.needs)
		}
		if out {
			continue
		}
		message := fmt.Sprintf("no move leaves phase %q", p.def.Name)
		if len(p.moves) > 0 {
			message = fmt.Sprintf("no move that leaves phase %q can open", p.def.Name)
		}
		v.ask()
		sc := scene{phase: i}
		if len(p.moves) > 0 {
			sc = v.opening(p.moves...)
		}
		v.add(Finding{DeadEnd, problem.Pointer("phases", i), message, v.solver.witness(sc)})
	}
}

// ambiguous looks for each move for the first of the earlier ones that can be open at once with it, and leads to another
// phase or is of another kind.
func (v *verifier) ambiguous() {
	for phase := range v.reached {
		moves := v.model.movesOf(phase)
		for j, mv := range moves {
			for _, other := range moves[:j] {
				if other.to == mv.to && other.def.Kind == mv.def.Kind {
					continue
				}
				v.ask()
				if v.left <= 0 {
					v.undecided = append(v.undecided, Finding{Class: Undecided, Pointer: movePointer(mv), Message: fmt.Sprintf(
						"can't decide whether move %q can be open at once with an earlier one", mv.def.Name)})
					break
				}
				if !v.solver.allMet(other.needs) || !v.solver.allMet(mv.needs) {
					continue
				}
				v.add(Finding{Ambiguous, movePointer(mv), fmt.Sprintf(
					"moves %q and %q can be open at once: the first declared is made", other.def.Name, mv.def.Name,
				), v.solver.witness(v.opening(other, mv))})
				break
			}
		}
	}
}

// impossible looks for needs that can't be met together: of one milestone or one move, and of what one move is made on.
func (v *verifier) impossible() {
	for i := range v.model.phases {
		p := &v.model.phases[i]
		for j := range p.milestones {
			ms := &p.milestones[j]
			v.ask()
			if n := v.firstUnmet(ms.needs); n != nil {
				v.add(Finding{Impossible, problem.Pointer("phases", i, "milestones", j, "needs"), fmt.Sprintf(
					"milestone %q is reached on evidence alone: its need %q can't be met together with the ones before", ms.def.Name, n.key,
				), v.solver.witness(scene{phase: i, segment: first(ms.def.Segments)})})
			}
		}
	}
	for i := range v.model.moves {
		v.impossibleMove(&v.model.moves[i])
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func (v *verifier) impossibleMove(mv *move) {
	v.ask()
	if n := v.firstUnmet(mv.needs); n != nil {
		v.add(Finding{Impossible, movePointer(mv) + "/needs", fmt.Sprintf(
			"move %q is never made: its need %q can't be met together with the ones before", mv.def.Name, n.key,
		), v.solver.witness(scene{phase: v.model.place(mv.def.From)})})
		return
	}
	if len(mv.guards) == 0 {
		return
	}
	from := v.model.place(mv.def.From)
	own := len(v.solver.trail)
	for _, segment := range v.model.segments(from) {
		v.solver.undo(own)
		at := position{segment: segment}
		for _, ms := range mv.guards {
			mark := len(v.solver.trail)
			if !at.applies(ms) {
				continue
			}
			n := v.firstUnmet(ms.needs)
			if n == nil {
				continue
			}
			v.solver.undo(mark)
			if !newSolver(v.model).allMet(ms.needs) {
				continue // by itself
			}
			v.add(Finding{Impossible, movePointer(mv), fmt.Sprintf(
				"move %q is made on evidence of milestone %q alone: its need %q can't be met together with what else guards the move",
				mv.def.Name, ms.def.Name, n.key,
			), v.solver.witness(scene{phase: from, segment: segment})})
			return
		}
	}
}

// firstUnmet demands that needs are met, and returns the first that can't be; nil: all can.
func (v *verifier) firstUnmet(needs []need) *need {
	for i := range needs {
		mark := len(v.solver.trail)
		if !v.solver.met(&needs[i]) {
			v.solver.undo(mark)
			return &needs[i]
		}
	}
	return nil
}
