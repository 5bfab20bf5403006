package journey

import (
	"slices"
	"time"
)

// A decider makes one decision. It stays on the stack as long as no pointer that it holds itself gets into the result.
type decider struct {
	in       *Input // with the track as the step leaves it
	now      int64  // as of, µs
	observed []Observed
	position position
}

func (d *decider) asOf() time.Time { return timeOf(d.now) }

// A step is what a decision comes to: changes of clocks, and then moves.
type step struct {
	now   int64 // µs
	after int64 // how many events there were before it
	last  int64 // when the last of them was recorded, µs
	edges []edge
	moves []made
}

// A made is a move that was made, and when its dwell and cool-down were over.
type made struct {
	*move
	after int64 // µs
}

// makeMoves makes the first open move until none is open, and appends those that it made.
func (p *position) makeMoves(to []made, now int64) []made {
	for mv := p.firstOpen(now); mv != nil; mv = p.firstOpen(now) {
		to = append(to, made{mv, max(p.after(mv))})
		p.move(mv, now)
	}
	return to
}

// events appends the events of the step, the first of which are there already.
func (s *step) events(to []Event, p *position, account string) []Event {
	n, asOf, recorded := len(s.edges)+len(s.moves), timeOf(s.now), timeOf(max(s.now, s.last))
	to = slices.Grow(to, n-len(to))
	for i := len(to); i < n; i++ {
		to = to[:i+1]
		if i < len(s.edges) {
			to[i] = p.model.event(&s.edges[i])
		} else {
			to[i] = s.moves[i-len(s.edges)].event(p, asOf)
		}
		p.model.complete(&to[i], account, s.after+int64(i)+1, recorded)
	}
	return to
}

// event returns the event of a move, yet without an ID.
func (mv *made) event(p *position, asOf time.Time) Event {
	def := mv.def
	return Event{
		Kind: Moved, Happened: asOf, Phase: def.To, From: def.From, Name: def.Name, Move: def.Kind, Guards: mv.madeOn(p),
	}
}

// phase returns the phase of a name; nil: it is none of the map's.
func (m *Model) phase(name string) *phase {
	if i, ok := m.index[name]; ok {
		return &m.phases[i]
	}
	return nil
}

// waits appends what of time and people keeps a move from being made.
func (d *decider) waits(to []Wait, mv *move) []Wait {
	p, name := &d.position, mv.def.Name
	dwell, coolDown := p.after(mv)
	if dwell > d.now {
		to = append(to, Wait{Move: name, Why: WaitDwell, Until: later(timeOf(dwell), 0)})
	}
	if coolDown > d.now {
		to = append(to, Wait{Move: name, Why: WaitCoolDown, Until: later(timeOf(coolDown), 0)})
	}
	if !p.approved(mv) {
		to = append(to, Wait{Move: name, Why: WaitApproval, Role: mv.def.Approver})
	}
	if p.used(mv) {
		to = append(to, Wait{Move: name, Why: WaitMax})
	}
	return to
}

// madeOn returns what the move was made on.
func (mv *made) madeOn(p *position) []Guard {
	var room [4]Guard
	guards := room[:0]
	own := Guard{Needs: mv.def.Needs, After: timeOf(mv.after)}
	if len(own.Needs) > 0 || !own.After.IsZero() {
		guards = append(guards, own)
	}
	for _, ms := range mv.guards {
		if p.applies(ms) {
			guards = append(guards, Guard{Name: ms.def.Name, Needs: ms.def.Needs})
		}
	}
	if mv.def.Approver != "" {
		guards = append(guards, Guard{Name: mv.def.Name, Role: mv.def.Approver})
	}
	if len(guards) == 0 {
		return nil
	}
	return cloneGuards(guards)
}
