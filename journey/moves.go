package journey

import (
	"slices"
	"time"
)

// A decider makes one decision.
type decider struct {
	model    *Model
	in       *Input
	asOf     time.Time
	observed []Observed
	track    Track // as the events leave it
	owned    bool  // nobody else holds the track's lists
	events   []Event
}

// propose completes an event, adds it and folds it into the track.
func (d *decider) propose(e Event) {
	if !d.owned {
		d.track, d.owned = d.track.clone(), true
	}
	d.track.Version++
	d.model.complete(&e, d.in.Account, d.track.Version, latest(d.asOf, d.track.Last))
	d.events = append(d.events, e)
	d.track.fold(&e)
}

// makeMoves makes the first open move until none is open.
func (d *decider) makeMoves() {
	for {
		moves := d.model.movesFrom(d.track.Phase)
		i := 0
		for i < len(moves) && !d.open(&moves[i]) {
			i++
		}
		if i == len(moves) {
			return
		}
		def := moves[i].def
		d.propose(Event{
			Kind: Moved, Happened: d.asOf, Phase: def.To, From: def.From, Name: def.Name, Move: def.Kind,
			Guards: d.guards(&moves[i]),
		})
	}
}

// movesFrom returns the moves that leave a phase, in declared order.
func (m *Model) movesFrom(phase string) []move {
	if p := m.phase(phase); p != nil {
		return p.moves
	}
	if phase == Ended {
		return m.returns
	}
	return nil
}

// phase returns the phase of a name; nil: it is none of the map's.
func (m *Model) phase(name string) *phase {
	if i, ok := m.index[name]; ok {
		return &m.phases[i]
	}
	return nil
}

// open reports whether a move can be made.
func (d *decider) open(mv *move) bool {
	return d.passable(mv) && !d.made(mv) && len(d.waits(nil, mv)) == 0
}

// made reports whether the move was made at this very instant.
func (d *decider) made(mv *move) bool {
	i, found := d.track.pass(mv.def.Name)
	return found && !d.track.Passes[i].At.Before(d.asOf)
}

// passable reports whether a move's needs and milestones let it pass.
func (d *decider) passable(mv *move) bool {
	if !d.allMet(mv.needs) {
		return false
	}
	p := d.model.phase(d.track.Phase)
	if p == nil {
		return true
	}
	for i := range p.milestones {
		if ms := &p.milestones[i]; ms.guards(mv) && d.applies(ms) && !d.reached(ms) {
			return false
		}
	}
	return true
}

// applies reports whether a milestone is for the account's segment.
func (d *decider) applies(ms *milestone) bool {
	return len(ms.def.Segments) == 0 || slices.Contains(ms.def.Segments, d.in.Segment)
}

func (d *decider) reached(ms *milestone) bool {
	if len(ms.needs) > 0 && d.allMet(ms.needs) {
		return true
	}
	_, ok := d.track.attested(ms.def.Name, "")
	return ok
}

func (d *decider) allMet(needs []need) bool {
	for i := range needs {
		if !d.met(&needs[i]) {
			return false
		}
	}
	return true
}

func (d *decider) met(n *need) bool {
	at, ok := d.track.need(n.key).metAt(n.For)
	return ok && !at.After(d.asOf)
}

// after returns when dwell and cool-down are over; zero: there are none.
func (d *decider) after(def *Move) (dwell, coolDown time.Time) {
	if def.Dwell > 0 {
		dwell = d.track.Since.Add(time.Duration(def.Dwell))
	}
	if def.CoolDown > 0 {
		if left, ok := d.track.left(def.To); ok {
			coolDown = left.Add(time.Duration(def.CoolDown))
		}
	}
	return dwell, coolDown
}

// waits appends what of time and people keeps a move from being made.
func (d *decider) waits(to []Wait, mv *move) []Wait {
	def := mv.def
	dwell, coolDown := d.after(def)
	if dwell.After(d.asOf) {
		to = append(to, Wait{Move: def.Name, Why: WaitDwell, Until: later(dwell, 0)})
	}
	if coolDown.After(d.asOf) {
		to = append(to, Wait{Move: def.Name, Why: WaitCoolDown, Until: later(coolDown, 0)})
	}
	if def.Approver != "" {
		if _, ok := d.track.attested(def.Name, def.Approver); !ok {
			to = append(to, Wait{Move: def.Name, Why: WaitApproval, Role: def.Approver})
		}
	}
	if i, found := d.track.pass(def.Name); found && def.Max > 0 && d.track.Passes[i].Count >= def.Max {
		to = append(to, Wait{Move: def.Name, Why: WaitMax})
	}
	return to
}

// guards returns what an open move is made on.
func (d *decider) guards(mv *move) []Guard {
	var room [4]Guard
	guards := room[:0]
	own := Guard{Needs: mv.def.Needs, After: latest(d.after(mv.def))}
	if len(own.Needs) > 0 || !own.After.IsZero() {
		guards = append(guards, own)
	}
	if p := d.model.phase(d.track.Phase); p != nil {
		for i := range p.milestones {
			if ms := &p.milestones[i]; ms.guards(mv) && d.applies(ms) {
				guards = append(guards, Guard{Name: ms.def.Name, Needs: ms.def.Needs})
			}
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
