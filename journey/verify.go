package journey

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Bounds of Verify. A step looks at one need, or at one move.
const (
	maxSteps    = 1 << 17 // of one question, such as whether a move can ever be made
	maxAllSteps = 1 << 24 // of all: about a second
	maxEvents   = 1 << 17 // of the logs of all witnesses
)

// A Finding is something about a map that its author should know, with an account that shows it where one can.
type Finding struct {
	Class   FindingClass `json:"class"`
	Pointer string       `json:"pointer"` // JSON Pointer into the map
	Message string       `json:"message"`
	Witness *Witness     `json:"witness,omitempty"` // nil: nothing to see, as of a moment that nobody has validated; or too large
}

// A FindingClass is a kind of finding.
type FindingClass string

// Classes.
const (
	Unreachable    FindingClass = "unreachable"    // a phase that only a start leads to, or a move that an earlier one always precedes
	DeadEnd        FindingClass = "dead_end"       // a phase without a move that can open
	Ambiguous      FindingClass = "ambiguous"      // a move that can be open at once with an earlier one of another end or kind
	Impossible     FindingClass = "impossible"     // needs that can't be met together by what is observed
	Spinning       FindingClass = "spinning"       // a loop that goes round at every decision, without time passing
	Unowned        FindingClass = "unowned"        // a milestone or moment that nobody owns, in a phase nobody is accountable for
	Unvalidated    FindingClass = "unvalidated"    // a moment of truth that was not validated with customers
	Uninstrumented FindingClass = "uninstrumented" // a moment of truth without a signal
	Contradictory  FindingClass = "contradictory"  // a pace that dwell, dues or tenures contradict
	Unrouted       FindingClass = "unrouted"       // a segment that passes a phase at once, since all its milestones are for others
	Undecided      FindingClass = "undecided"      // not decided: too large for the bound, or hangs on caps and cool-downs; never a sign that all is well
)

// Verify proves things about a map, over whatever can be observed, attested and waited for: that every phase can be
// reached and left, every move made, every need met; that no two moves of different ends or kinds are ever open at
// once; that no loop goes round without time passing; and that milestones and moments are owned, moments validated and
// instrumented, and pace, dwell, dues and tenures agree. It returns what it found, by class and then by place; an empty
// result is a proof. Not all that is found is a mistake: of moves that are open at once the first declared is made, and
// an account may well be at rest in the last phase.
//
// Each witness is to be confirmed by [Model.Decide]: of an unreachable phase, it was started there; of a move that is
// never made, it would be open and another is made; of a dead end, no move opens; of ambiguous ones, both are open; of
// needs that can't be met together, one is not; of a loop, the moves are made and lead back; of what is unowned, the
// owner is "", or the account is in the moment's phase; of a pace, the clock says one thing and the rest another; of a
// segment, the phase is left as soon as it is entered.
//
// What can be decided one signal after the other takes time in proportion to the map. Which of several needs keeps an
// earlier move closed, and which way a loop goes, is searched for: a question that takes more than 131 072 looks at
// a need is undecided, as is whatever is left after 16 777 216 of them. So is what caps on passes and cool-downs of
// earlier moves alone could decide. Witnesses have 131 072 events in all; those after them are left out.
func (m *Model) Verify() []Finding {
	v := &verifier{model: m, solver: newSolver(m), left: maxAllSteps}
	v.findMoves()
	v.unreachable()
	v.deadEnds()
	v.ambiguous()
	v.impossible()
	v.spinning()
	v.unowned()
	v.moments()
	v.contradictory()
	v.unrouted()
	for _, f := range v.undecided {
		v.add(f)
	}
	return v.findings
}

// A verifier asks its questions one after the other.
type verifier struct {
	model     *Model
	solver    *solver
	left      int      // steps
	can       []answer // by move: whether it can be made
	reached   []bool   // by phase, the end being the last: from the first
	perhaps   []bool   // likewise, if all that is undecided can be made
	findings  []Finding
	undecided []Finding
}

// An answer is to a question that may be too large.
type answer int

const (
	no answer = iota
	yes
	unknown
)

func (v *verifier) add(f Finding) { v.findings = append(v.findings, f) }

// ask begins a question with nothing demanded.
func (v *verifier) ask() {
	v.left -= v.solver.steps
	v.solver.undo(0)
	v.solver.steps = 0
}

// cut reports whether the question takes too long.
func (v *verifier) cut() bool { return v.solver.steps > min(maxSteps, v.left) }

func movePointer(mv *move) string { return problem.Pointer("moves", mv.number) }

// movesOf returns the moves that leave a phase, the end included.
func (m *Model) movesOf(phase int) []*move {
	if phase == len(m.phases) {
		return m.returns
	}
	return m.phases[phase].moves
}

// name returns a phase's name, the end included.
func (m *Model) name(phase int) string {
	if phase == len(m.phases) {
		return Ended
	}
	return m.phases[phase].def.Name
}

// segments returns "" and those that milestones of a phase are for.
func (m *Model) segments(phase int) []string {
	list := []string{""}
	if phase == len(m.phases) {
		return list
	}
	seen := make(map[string]bool)
	for i := range m.phases[phase].milestones {
		for _, segment := range m.phases[phase].milestones[i].def.Segments {
			if !seen[segment] {
				seen[segment] = true
				list = append(list, segment)
			}
		}
	}
	return list
}

// unowned looks for milestones that nobody owns.
func (v *verifier) unowned() {
	for i := range v.model.phases {
		p := &v.model.phases[i]
		if p.accountable != "" {
			continue
		}
		for j := range p.milestones {
			ms := &p.milestones[j]
			if ms.def.Owner != "" {
				continue
			}
			sc := scene{phase: i}
			if len(ms.def.Segments) > 0 {
				sc.segment = ms.def.Segments[0]
			}
			v.ask()
			v.add(Finding{
				Unowned, problem.Pointer("phases", i, "milestones", j),
				fmt.Sprintf("nobody owns milestone %q, and nobody is accountable for phase %q", ms.def.Name, p.def.Name),
				v.solver.witness(sc),
			})
		}
		for j := range p.def.Moments {
			if mo := &p.def.Moments[j]; mo.Owner == "" {
				v.ask()
				v.add(Finding{
					Unowned, problem.Pointer("phases", i, "moments", j),
					fmt.Sprintf("nobody owns moment %q, and nobody is accountable for phase %q", mo.Name, p.def.Name),
					v.solver.witness(scene{phase: i}),
				})
			}
		}
	}
}

// moments looks for moments of truth that are believed, not known.
func (v *verifier) moments() {
	for _, class := range [...]FindingClass{Unvalidated, Uninstrumented} {
		for i := range v.model.phases {
			for j, mo := range v.model.phases[i].def.Moments {
				text, message := mo.Validated, "moment %q was not validated with customers: nobody knows whether it is one of truth"
				if class == Uninstrumented {
					text, message = mo.Signal, "moment %q has no signal: nobody sees how it goes"
				}
				if text == "" {
					v.add(Finding{Class: class, Pointer: problem.Pointer("phases", i, "moments", j), Message: fmt.Sprintf(message, mo.Name)})
				}
			}
		}
	}
}

// unrouted looks for segments that the milestones of a phase leave nothing to do.
func (v *verifier) unrouted() {
	segments := v.model.known()
	for i := range v.model.phases {
		p := &v.model.phases[i]
		for _, segment := range segments {
			at := position{segment: segment}
			for _, mv := range p.moves {
				free := len(mv.guards) > 0 && len(mv.needs) == 0 && mv.dwell == 0 && mv.def.Approver == ""
				for _, ms := range mv.guards {
					free = free && !at.applies(ms)
				}
				if !free {
					continue
				}
				v.ask()
				v.add(Finding{
					Unrouted, problem.Pointer("phases", i),
					fmt.Sprintf("accounts of segment %q pass phase %q at once by move %q: no milestone that guards it is for them",
						segment, p.def.Name, mv.def.Name),
					v.solver.witness(scene{phase: i, segment: segment}),
				})
				break
			}
		}
	}
}

// known returns the segments of the map, or those that milestones are for.
func (m *Model) known() []string {
	if len(m.def.Segments) > 0 {
		return m.def.Segments
	}
	var list []string
	seen := make(map[string]bool)
	for i := range m.phases {
		for _, segment := range m.segments(i)[1:] {
			if !seen[segment] {
				seen[segment] = true
				list = append(list, segment)
			}
		}
	}
	return list
}
