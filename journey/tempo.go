package journey

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// contradictory looks for paces that the rest of the map contradicts.
func (v *verifier) contradictory() {
	for i := range v.model.phases {
		v.slowWayOut(i)
		v.lateDues(i)
	}
	v.earlyTenures()
}

// slowWayOut finds a phase that can't be left in time, since its shortest dwell is longer than its pace.
func (v *verifier) slowWayOut(i int) {
	p := &v.model.phases[i]
	var quickest *move
	for _, mv := range p.moves {
		if mv.def.Kind.ahead() && (quickest == nil || mv.dwell < quickest.dwell) {
			quickest = mv
		}
	}
	mark, state := p.def.Pace.mark()
	if quickest == nil || mark == 0 || quickest.dwell <= mark.us() {
		return
	}
	v.ask()
	v.solver.allMet(quickest.needs)
	sc := v.opening(quickest)
	sc.inPhase = mark.us()
	v.add(Finding{Contradictory, problem.Pointer("phases", i, "pace"), fmt.Sprintf(
		"phase %q is %s after %v, and no move leads on before %v, the dwell of move %q",
		p.def.Name, state, mark, quickest.def.Dwell, quickest.def.Name,
	), v.solver.witness(sc)})
}

// mark returns the first mark of a pace at which something is said to be wrong; 0: there is none.
func (p Pace) mark() (Duration, ClockState) {
	if p.Behind > 0 {
		return p.Behind, Behind
	}
	return p.Stuck, Stuck
}

// lateDues finds milestones that are not due before the phase is stuck.
func (v *verifier) lateDues(i int) {
	p := &v.model.phases[i]
	if p.def.Pace.Stuck == 0 {
		return
	}
	for j := range p.milestones {
		def := p.milestones[j].def
		if def.Optional || def.Due == nil || def.Due.Anchor != PhaseStart || def.Due.Offset <= p.def.Pace.Stuck {
			continue
		}
		v.ask()
		v.add(Finding{Contradictory, problem.Pointer("phases", i, "milestones", j, "due"), fmt.Sprintf(
			"milestone %q is due %v after the start of phase %q, which is stuck after %v",
			def.Name, def.Due.Offset, p.def.Name, p.def.Pace.Stuck,
		), v.solver.witness(scene{phase: i, segment: first(def.Segments), inPhase: p.def.Pace.Stuck.us()})})
	}
}

// earlyTenures finds phases in which accounts are expected sooner than the expected pace of those before them lets be.
func (v *verifier) earlyTenures() {
	m := v.model
	ways := m.quickest()
	for i := range m.phases {
		tenure := m.phases[i].def.Tenure
		if tenure == 0 || !ways[i].known || ways[i].took <= tenure.us() {
			continue
		}
		sc := scene{phase: i}
		for at := i; at != 0; at = m.index[sc.path[0].move.def.From] {
			mv := ways[at].by
			from := m.index[mv.def.From]
			sc.path = append([]leg{{mv, m.expected(from)}}, sc.path...)
		}
		// As of the tenure the account is in the last phase that it is through with in time.
		left := tenure.us()
		for k, l := range sc.path {
			if l.took > left {
				sc.phase, sc.inPhase, sc.path = m.index[l.move.def.From], left, sc.path[:k]
				break
			}
			left -= l.took
		}
		v.ask()
		v.add(Finding{Contradictory, problem.Pointer("phases", i, "tenure"), fmt.Sprintf(
			"accounts are expected in phase %q after %v, and the phases on the quickest way there are expected to take %v",
			m.name(i), tenure, Duration(ways[i].took*1000),
		), v.solver.witness(sc)})
	}
}

// A way is the quickest from the first phase.
type way struct {
	known bool
	took  int64 // µs
	by    *move // that ends it
	done  bool
}

// expected returns the expected time in a phase in microseconds; 0 where it is not said.
func (m *Model) expected(phase int) int64 { return m.phases[phase].def.Pace.Expected.us() }

// quickest returns the quickest ways on by expected pace, by Dijkstra's algorithm (Numerische Mathematik 1, 1959).
func (m *Model) quickest() []way {
	ways := make([]way, len(m.phases))
	ways[0].known = true
	for {
		at := -1
		for i := range ways {
			if ways[i].known && !ways[i].done && (at < 0 || ways[i].took < ways[at].took) {
				at = i
			}
		}
		if at < 0 {
			return ways
		}
		ways[at].done = true
		for _, mv := range m.phases[at].moves {
			if mv.to == len(m.phases) || mv.def.Kind != Advance {
				continue
			}
			to, took := &ways[mv.to], ways[at].took+m.expected(at)
			if !to.known || !to.done && took < to.took {
				to.known, to.took, to.by = true, took, mv
			}
		}
	}
}
