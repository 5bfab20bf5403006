package journey

import "time"

// A decider makes one decision.
type decider struct {
	model    *Model
	in       *Input
	asOf     time.Time
	now      int64 // asOf, µs
	observed []Observed
	track    Track    // as the events leave it
	position position // of track
	owned    bool     // nobody else holds the track's lists
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

// proposeEdges proposes the changes of clocks.
func (d *decider) proposeEdges(edges []edge) {
	if len(edges) == 0 {
		return
	}
	d.events = make([]Event, 0, len(edges)+1)
	for i := range edges {
		d.propose(d.model.event(&edges[i]))
		d.position.apply(&edges[i])
	}
}

// makeMoves makes the first open move until none is open.
func (d *decider) makeMoves() {
	for mv := d.position.firstOpen(d.now); mv != nil; mv = d.position.firstOpen(d.now) {
		def := mv.def
		d.propose(Event{
			Kind: Moved, Happened: d.asOf, Phase: def.To, From: def.From, Name: def.Name, Move: def.Kind,
			Guards: d.guards(mv),
		})
		d.position.move(mv, d.now)
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

// guards returns what an open move is made on.
func (d *decider) guards(mv *move) []Guard {
	var room [4]Guard
	guards := room[:0]
	own := Guard{Needs: mv.def.Needs, After: timeOf(max(d.position.after(mv)))}
	if len(own.Needs) > 0 || !own.After.IsZero() {
		guards = append(guards, own)
	}
	for _, ms := range mv.guards {
		if d.position.applies(ms) {
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
