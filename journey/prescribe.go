package journey

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// decision reports where moves have left the account and what is missing, yet without events and signals.
func (d *decider) decision(now []made) Decision {
	m, t, asOf := d.position.model, &d.in.Track, d.asOf()
	r := Decision{
		Account: d.in.Account, AsOf: asOf, Map: m.def.Name, Version: m.def.Version, Digest: m.digest, Status: d.in.Status,
		Phase: t.Phase, Disputed: t.disputed(asOf, now),
	}
	moves := d.position.moves()
	for _, mv := range moves {
		if mv.def.Kind.ahead() {
			r.Next, r.Break = mv.def.To, clonePointer(mv.def.Break)
			break
		}
	}
	if t.Phase == "" {
		r.Next = m.phases[0].def.Name
	}
	for _, mv := range moves {
		if d.position.passable(mv, d.now) {
			r.Waiting = d.waits(r.Waiting, mv)
		}
	}
	r.Missing = d.missing(moves)
	r.Clock = Clock{State: ClockUnknown}
	if p := d.position.in(); p != nil {
		r.Clock = t.clock(p.def.Pace, asOf)
	}
	r.Behind, r.Tenured = d.behind()
	return r
}

// ahead reports whether a move leads on, rather than back or out.
func (k MoveKind) ahead() bool { return onward(k) || k == Return }

func (d *decider) missing(moves []*move) []Missing {
	var missing []Missing
	p := d.position.in()
	if p != nil {
		for i := range p.milestones {
			if ms := &p.milestones[i]; d.position.applies(ms) && !d.position.reached(ms, d.now) {
				missing = append(missing, d.missingMilestone(p, ms))
			}
		}
	}
	for _, mv := range moves {
		if mv.def.Kind.ahead() && !d.position.allMet(mv.needs, d.now) {
			own := Missing{Phase: d.in.Track.Phase, Move: mv.def.Name, Needs: d.unmet(mv.needs), Blocks: 1}
			if p != nil {
				own.Owner = p.accountable
			}
			missing = append(missing, own)
		}
	}
	slices.SortStableFunc(missing, func(a, b Missing) int {
		return cmp.Or(compareBool(a.Optional, b.Optional), cmp.Compare(b.Blocks, a.Blocks),
			compareBool(a.Due.IsZero(), b.Due.IsZero()), a.Due.Compare(b.Due))
	})
	return missing
}

func (d *decider) missingMilestone(p *phase, ms *milestone) Missing {
	def := ms.def
	due := d.due(def.Due)
	return Missing{
		Phase: p.def.Name, Milestone: def.Name, Title: def.Title, Optional: def.Optional, Evidence: true,
		Needs: d.unmet(ms.needs), Owner: cmp.Or(def.Owner, p.accountable), Capability: def.Capability,
		UseCase: def.UseCase, Blocks: ms.blocks, Due: due, Overdue: !due.IsZero() && d.asOf().After(due),
	}
}

func (d *decider) unmet(needs []need) []NeedState {
	var states []NeedState
	for i := range needs {
		if n := &needs[i]; !d.position.met(n, d.now) {
			states = append(states, d.needState(n))
		}
	}
	return states
}

func (d *decider) needState(n *need) NeedState {
	since := timeOf(d.position.clocks[n.clock].since)
	s := NeedState{Need: n.Need, State: NeedUnknown}
	if !since.IsZero() {
		s.Held = elapsed(since, d.asOf())
	}
	switch {
	case !d.observed[n.signal].Known:
	case since.IsZero():
		s.State = NeedUnmet
	default:
		s.State, s.Met = NeedHolding, later(since, n.For)
	}
	return s
}

// due returns the instant of a due; zero: it has none, or its anchor is unknown.
func (d *decider) due(due *Due) time.Time {
	if due == nil {
		return time.Time{}
	}
	if due.Anchor == PhaseStart {
		return later(d.in.Track.Since, due.Offset)
	}
	for _, a := range d.in.Anchors {
		if a.Name == due.Anchor && !a.At.IsZero() {
			return later(instant.Of(a.At), due.Offset)
		}
	}
	return time.Time{}
}

// behind returns how many phases the account is behind the one that its tenure lets expect. It is not known in later
// rounds, of which tenure says nothing.
func (d *decider) behind() (phases int, known bool) {
	asOf := d.asOf()
	if d.position.in() == nil || d.in.Since.IsZero() || d.in.Since.After(asOf) || d.in.Track.Rounds > 0 {
		return 0, false
	}
	expected := 0
	for i := range d.position.model.phases {
		tenure := d.position.model.phases[i].def.Tenure
		if tenure == 0 {
			continue
		}
		known = true
		if !instant.Of(d.in.Since).Add(time.Duration(tenure)).After(asOf) {
			expected = i
		}
	}
	return max(0, expected-d.position.phase), known
}

// clock tells how the phase's pace stands.
func (t *Track) clock(pace Pace, asOf time.Time) Clock {
	until := asOf
	if !t.Paused.IsZero() {
		until = latest(t.Paused, t.Since)
	}
	c := Clock{State: OnTrack, InPhase: elapsed(t.Since, until) - t.Stood}
	c.BehindAt = t.passes(pace.Behind, c.InPhase, until, asOf)
	c.StuckAt = t.passes(pace.Stuck, c.InPhase, until, asOf)
	switch {
	case pace == Pace{}:
		c.State = ClockUnknown
	case !t.Paused.IsZero():
		c.State = Paused
	case pace.Stuck > 0 && c.InPhase >= pace.Stuck:
		c.State = Stuck
	case pace.Behind > 0 && c.InPhase >= pace.Behind:
		c.State = Behind
	}
	return c
}

// passes returns when the time in the phase passes a mark, the clock running until an instant, and on from asOf.
// A mark that was passed before the last pause can't be told from the track: it is zero.
func (t *Track) passes(mark, inPhase Duration, until, asOf time.Time) time.Time {
	switch {
	case mark == 0:
		return time.Time{}
	case inPhase < mark:
		return later(asOf, mark-inPhase)
	}
	at := later(until, mark-inPhase)
	if at.Before(latest(t.Ran, t.Since)) {
		return time.Time{}
	}
	return at
}

// disputed returns the moves, the last of each name, that were not due when they were made. Those made now are.
func (t *Track) disputed(asOf time.Time, now []made) []Dispute {
	var disputes []Dispute
	for i := range t.Passes {
		p := &t.Passes[i]
		if slices.ContainsFunc(now, func(mv made) bool { return mv.def.Name == p.Move }) {
			continue
		}
		if due := t.dueBy(p, asOf); due.IsZero() || due.After(p.At) {
			disputes = append(disputes, Dispute{p.Event, p.Move, p.At, due})
		}
	}
	slices.SortFunc(disputes, func(a, b Dispute) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Move, b.Move)) })
	return disputes
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
