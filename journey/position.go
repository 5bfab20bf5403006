package journey

import (
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// never is the instant of what has not been, in microseconds; far is that of what will not be.
const (
	never = math.MinInt64
	far   = math.MaxInt64
)

// micros returns an instant in microseconds; the zero time is never.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return instant.Micros(t)
}

// timeOf is the inverse of micros.
func timeOf(us int64) time.Time {
	if us == never {
		return time.Time{}
	}
	return instant.FromMicros(us)
}

// us returns a duration of whole microseconds as their number.
func (d Duration) us() int64 { return time.Duration(d).Microseconds() }

// A position is a track in terms of a model: what the track keeps by name is found by number, and instants are
// microseconds. It has all that moves depend on. What the map does not name it leaves out.
type position struct {
	model   *Model
	segment string
	phase   int   // in map order; len(phases): ended; -1: not started
	since   int64 // when it was entered
	clocks  []clockTime
	passes  []passTime // by move
	left    []int64    // by phase, the end being the last: when it was left
	given   []bool     // by milestone and then by move: evidence that counts stands
}

// A room spares the lists of usual length an allocation each.
type room struct {
	clocks [16]clockTime
	passes [8]passTime
	left   [9]int64
	given  [24]bool
	edges  [8]edge
	moves  [4]made
}

// A passTime is how often a move was made, and when last.
type passTime struct {
	count int
	at    int64
}

// position returns where a track is.
func (m *Model) position(t *Track, segment string, room *room) position {
	p := position{
		model: m, segment: segment, phase: m.place(t.Phase), since: micros(t.Since),
		clocks: fill(room.clocks[:0], len(m.clocks), clockTime{never, never, never}),
		passes: fill(room.passes[:0], len(m.moves), passTime{0, never}),
		left:   fill(room.left[:0], len(m.phases)+1, never),
		given:  fill(room.given[:0], m.milestones+len(m.moves), false),
	}
	c := 0
	for i := range t.Needs {
		n := &t.Needs[i]
		for c < len(m.clocks) && m.clocks[c].key != n.Key && m.clocks[c].key < n.Key {
			c++
		}
		if c < len(m.clocks) && m.clocks[c].key == n.Key {
			p.clocks[c] = n.clock()
			c++
		}
	}
	for i := range t.Passes {
		if mv, ok := m.moveAt[t.Passes[i].Move]; ok {
			p.passes[mv] = passTime{t.Passes[i].Count, micros(t.Passes[i].At)}
		}
	}
	for i := range t.Left {
		if at := m.place(t.Left[i].Phase); at >= 0 {
			p.left[at] = micros(t.Left[i].At)
		}
	}
	for i := range t.Evidence {
		p.evidence(&t.Evidence[i])
	}
	return p
}

// fill returns a list of n times v, in the room of another if that has enough.
func fill[T any](list []T, n int, v T) []T {
	if n > cap(list) {
		list = make([]T, n)
	}
	list = list[:n]
	for i := range list {
		list[i] = v
	}
	return list
}

// place returns the number of a phase: that after the last for the end, -1 for none of the map's.
func (m *Model) place(phase string) int {
	if i, ok := m.index[phase]; ok {
		return i
	}
	if phase == Ended {
		return len(m.phases)
	}
	return -1
}

func (p *position) evidence(e *Evidence) {
	at, ok := p.model.attestAt[e.Name]
	if !ok {
		return
	}
	if mv := at - p.model.milestones; mv < 0 || p.model.moves[mv].def.Approver == e.Role {
		p.given[at] = true
	}
}

// moves returns the moves that leave the phase, in declared order.
func (p *position) moves() []*move {
	switch {
	case p.phase < 0:
		return nil
	case p.phase == len(p.model.phases):
		return p.model.returns
	}
	return p.model.phases[p.phase].moves
}

// in returns the phase; nil: before the start and after the end.
func (p *position) in() *phase {
	if p.phase < 0 || p.phase == len(p.model.phases) {
		return nil
	}
	return &p.model.phases[p.phase]
}

// watched reports whether needs are observed: they are between the start and the end, and after the end if a move
// leads back.
func (p *position) watched() bool {
	return p.phase >= 0 && (p.phase < len(p.model.phases) || len(p.model.returns) > 0)
}

// firstOpen returns the first move that can be made; nil: none can.
func (p *position) firstOpen(asOf int64) *move {
	for _, mv := range p.moves() {
		if p.open(mv, asOf) {
			return mv
		}
	}
	return nil
}

// open reports whether a move can be made, which it can but once at one instant.
func (p *position) open(mv *move, asOf int64) bool {
	return p.passes[mv.number].at < asOf && p.passable(mv, asOf) && !p.waits(mv, asOf)
}

// passable reports whether a move's needs and milestones let it pass.
func (p *position) passable(mv *move, asOf int64) bool {
	if !p.allMet(mv.needs, asOf) {
		return false
	}
	for _, ms := range mv.guards {
		if p.applies(ms) && !p.reached(ms, asOf) {
			return false
		}
	}
	return true
}

// waits reports whether time or people keep a move from being made.
func (p *position) waits(mv *move, asOf int64) bool {
	dwell, coolDown := p.after(mv)
	return dwell > asOf || coolDown > asOf || !p.approved(mv) || p.used(mv)
}

// after returns when dwell and cool-down are over; never: there are none.
func (p *position) after(mv *move) (dwell, coolDown int64) {
	dwell, coolDown = never, never
	if mv.dwell > 0 {
		dwell = p.since + mv.dwell
	}
	if left := p.left[mv.to]; mv.coolDown > 0 && left != never {
		coolDown = left + mv.coolDown
	}
	return dwell, coolDown
}

func (p *position) approved(mv *move) bool {
	return mv.def.Approver == "" || p.given[p.model.milestones+mv.number]
}

// used reports whether the passes of a move are used up.
func (p *position) used(mv *move) bool {
	return mv.def.Max > 0 && p.passes[mv.number].count >= mv.def.Max
}

// applies reports whether a milestone is for the account's segment.
func (p *position) applies(ms *milestone) bool {
	return len(ms.def.Segments) == 0 || slices.Contains(ms.def.Segments, p.segment)
}

func (p *position) reached(ms *milestone, asOf int64) bool {
	return len(ms.needs) > 0 && p.allMet(ms.needs, asOf) || p.given[ms.number]
}

func (p *position) allMet(needs []need, asOf int64) bool {
	for i := range needs {
		if !p.met(&needs[i], asOf) {
			return false
		}
	}
	return true
}

// met reports whether a need has held for long enough, and its signal was known when it had, or is again.
func (p *position) met(n *need, asOf int64) bool {
	t := &p.clocks[n.clock]
	if t.since == never {
		return false
	}
	at := t.since + n.held
	return at <= asOf && (t.unknown == never || at < t.unknown)
}

// move makes a move.
func (p *position) move(mv *move, asOf int64) {
	pass := &p.passes[mv.number]
	pass.count++
	pass.at = asOf
	if mv.def.Kind == Renew || mv.to == len(p.model.phases) {
		clear(p.given)
	}
	p.given[p.model.milestones+mv.number] = false
	p.left[p.phase] = asOf
	p.phase, p.since = mv.to, asOf
}

// change changes clocks by edges.
func (p *position) change(edges []edge) {
	for i := range edges {
		p.apply(&edges[i])
	}
}

// apply changes a clock by an edge.
func (p *position) apply(e *edge) {
	t := &p.clocks[e.clock]
	holds := t.since != never
	switch {
	case e.kind == NeedBegan && !holds:
		*t = clockTime{e.at, never, never}
	case e.kind == NeedLost && t.unknown == never:
		t.unknown = e.at
	case e.kind == NeedFound:
		t.unknown = never
	case e.kind == NeedCeased && e.note == stillUnknown:
		if holds {
			t.since, t.ceased = never, e.at
		}
	case e.kind == NeedCeased:
		*t = clockTime{never, never, e.at}
	}
}
