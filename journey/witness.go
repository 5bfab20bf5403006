package journey

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Witness is an account that shows what a finding says: a log, and what is observed as of an instant.
type Witness struct {
	Log     []Event    `json:"log"` // of account "witness"
	Segment string     `json:"segment,omitempty"`
	Since   time.Time  `json:"since,omitzero"`    // start of the relationship
	Signals []Observed `json:"signals,omitempty"` // those known, in map order
	AsOf    time.Time  `json:"as_of"`
}

// MarshalJSON returns the canonical encoding.
func (w Witness) MarshalJSON() ([]byte, error) {
	type plain Witness
	return canon.JSON(plain(w))
}

// Input replays the log and returns what [Model.Decide] decides on, as of AsOf.
func (w *Witness) Input() (Input, error) {
	track, err := Replay(func(yield func(Event, error) bool) {
		for i := range w.Log {
			if !yield(w.Log[i].clone(), nil) {
				return
			}
		}
	}, w.AsOf, time.Time{})
	if err != nil {
		return Input{}, err
	}
	signals := make(SignalMap, len(w.Signals))
	for _, o := range w.Signals {
		signals[o.Name] = o.Signal
	}
	return Input{Account: "witness", Track: track, Signals: signals, Segment: w.Segment, Since: w.Since}, nil
}

// A scene is what an account of a finding has been through.
type scene struct {
	phase    int // len(phases): ended
	segment  string
	inPhase  int64        // µs
	evidence []*milestone // given
	approved []*move
	path     []leg // before the phase, from the start
}

// A leg is a phase that was left again.
type leg struct {
	move *move
	took int64 // µs
}

// witnessed is the instant of all witnesses.
func witnessed() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// witness returns an account in a scene, observed as the solver demands; nil: it can't be written down to the
// microsecond, or there are too many events in witnesses.
func (s *solver) witness(sc scene) *Witness {
	if s.events <= 0 {
		return nil
	}
	m, asOf := s.model, witnessed()
	w := &Witness{Segment: sc.segment, AsOf: asOf}
	add := func(e Event) {
		m.complete(&e, "witness", int64(len(w.Log))+1, asOf)
		w.Log = append(w.Log, e)
	}
	us := func(ago int64) time.Time { return asOf.Add(-time.Duration(ago) * time.Microsecond) }
	start, ago := sc.phase, sc.inPhase
	for _, l := range sc.path {
		ago += l.took
	}
	if len(sc.path) > 0 {
		start = m.index[sc.path[0].move.def.From]
	}
	w.Since = us(ago)
	if start == len(m.phases) {
		add(Event{Kind: Started, Happened: us(ago), Phase: m.phases[0].def.Name})
		add(Event{Kind: JourneyEnded, Happened: us(ago)})
	} else {
		add(Event{Kind: Started, Happened: us(ago), Phase: m.phases[start].def.Name})
	}
	for _, l := range sc.path {
		ago -= l.took
		def := l.move.def
		add(Event{Kind: Moved, Happened: us(ago), Phase: def.To, From: def.From, Name: def.Name, Move: def.Kind})
	}
	edges, ok := s.observe(w)
	if !ok {
		return nil
	}
	for i := range edges {
		add(m.event(&edges[i]))
	}
	for _, ms := range sc.evidence {
		add(Event{Kind: EvidenceGiven, Happened: asOf, Name: ms.def.Name, By: "witness"})
	}
	for _, mv := range sc.approved {
		if mv.def.Approver != "" {
			add(Event{Kind: EvidenceGiven, Happened: asOf, Name: mv.def.Name, By: "witness", Role: mv.def.Approver})
		}
	}
	s.events -= len(w.Log)
	return w
}

// observe gives the witness its signals, and returns what they did to the clocks until then.
func (s *solver) observe(w *Witness) ([]edge, bool) {
	var edges []edge
	p := position{model: s.model, clocks: fill[clockTime](nil, len(s.model.clocks), clockTime{never, never, never})}
	now := micros(w.AsOf)
	for i := range s.signals {
		sights, ok := s.signals[i].sights(s.model)
		if !ok {
			return nil, false
		}
		for _, sight := range sights {
			at := now - sight.ago
			for c := range s.model.clocks {
				clock := &s.model.clocks[c]
				if clock.signal != i {
					continue
				}
				from := len(edges)
				edges = clock.step(edges, p.clocks[c], observation{true, at, sight.value}, at)
				for j := range edges[from:] {
					p.apply(&edges[from+j])
				}
			}
		}
		if len(sights) > 0 {
			value, _ := s.signals[i].present(s.model)
			w.Signals = append(w.Signals, Observed{Name: s.model.signals[i], Known: true, Signal: Signal{Value: value}})
		}
	}
	sortEdges(edges)
	return edges, true
}
