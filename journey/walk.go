package journey

import (
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Walk is one account's journey in memory, from a track on. It takes the steps of [Model.Decide] without the events
// and the prescription, which makes it fast enough to ask for every account whenever a signal comes in, and to simulate
// with. It knows nothing of what others append to the log: then make a new one.
//
// A Walk is not safe for concurrent use. It keeps the Input that it was made of.
type Walk struct {
	*decider
	calm  calm
	edges []edge // room
}

// A calm is what has to be so for Decide to have nothing to append.
type calm struct {
	from, until int64  // asOf, µs: from <= asOf < until
	cells       []cell // by signal
}

// A cell is what is known of a signal: nothing, or that low <= value <= high.
type cell struct {
	known     bool
	low, high float64
}

// Walk returns the journey of an input from its track on. It takes no step, and does not read in.Signals. It returns
// the errors of [Model.Decide].
func (m *Model) Walk(in Input, asOf time.Time) (*Walk, error) {
	in.Signals = nil
	d, err := m.decider(&in, asOf)
	if err != nil {
		return nil, err
	}
	w := &Walk{decider: d}
	w.calm.cells = make([]cell, len(m.signals))
	return w, nil
}

// Phase returns the phase that the journey is in: "" before the start, [Ended] after the end.
func (w *Walk) Phase() string {
	switch at := w.position.phase; {
	case at < 0:
		return ""
	case at == len(w.model.phases):
		return Ended
	default:
		return w.model.phases[at].def.Name
	}
}

// Due reports whether [Model.Decide] would have an event to append, or an error to return, given these signals as of
// an instant. It changes nothing. Clock marks, dues and disputes are no events: a decision says by itself when they
// come.
func (w *Walk) Due(signals Signals, asOf time.Time) bool {
	if now := instant.Micros(asOf); w.calm.from <= now && now < w.calm.until && w.calm.holds(w.model.signals, signals, now) {
		return false
	}
	w.calm.until = never
	if w.observe(signals, asOf) != nil {
		return true
	}
	if len(w.edges) > 0 || w.position.firstOpen(w.now) != nil {
		return true
	}
	w.settle()
	return false
}

// Step goes on as Decide does, and returns the number of moves made. It returns an error, and stays where it is, if an
// instant is before the last one or a signal is none (*DataError).
func (w *Walk) Step(signals Signals, asOf time.Time) (moves int, err error) {
	if err := w.observe(signals, asOf); err != nil {
		return 0, err
	}
	w.calm.until = never
	for i := range w.edges {
		w.position.apply(&w.edges[i])
	}
	for mv := w.position.firstOpen(w.now); mv != nil; mv = w.position.firstOpen(w.now) {
		w.position.move(mv, w.now)
		moves++
	}
	w.track.AsOf = w.asOf
	return moves, nil
}

// observe reads the signals, and finds the edges that they make.
func (w *Walk) observe(signals Signals, asOf time.Time) error {
	w.asOf = instant.Of(asOf)
	w.now = instant.Micros(w.asOf)
	if err := instant.Given(w.asOf); err != nil {
		return &DataError{w.in.Account, "as of", err.Error()}
	}
	if err := w.track.notAfter(w.asOf); err != nil {
		return &DataError{w.in.Account, "track", err.Error()}
	}
	w.in.Signals = signals
	if err := w.model.readInto(w.observed, w.in, w.asOf); err != nil {
		return err
	}
	w.edges = w.position.edges(w.edges[:0], w.observed, w.now)
	return nil
}

// settle notes for how long and for which values nothing happens, given that nothing does now.
func (w *Walk) settle() {
	c, p := &w.calm, &w.position
	c.from, c.until = w.now, instant.LastSecond*1_000_000
	for i := range c.cells {
		c.cells[i] = cell{w.observed[i].Known, -math.MaxFloat64, math.MaxFloat64}
	}
	if !p.watched() {
		return
	}
	for i := range p.clocks {
		clock, t := &w.model.clocks[i], &p.clocks[i]
		o := w.observed[clock.signal].observation(w.now)
		if o.known && !clock.idle(t, &o) {
			c.until = never // late: not for long
			return
		}
		c.cells[clock.signal].narrow(o.value, clock.value)
		c.ends(clock.end(t))
	}
	for _, mv := range p.moves() {
		dwell, coolDown := p.after(mv)
		c.ends(dwell)
		c.ends(coolDown)
		c.ends(p.passes[mv.number].at + 1)
		c.endsMet(p, mv.needs)
		for _, ms := range mv.guards {
			c.endsMet(p, ms.needs)
		}
	}
}

// ends notes that something may happen at an instant.
func (c *calm) ends(at int64) {
	if at > c.from {
		c.until = min(c.until, at)
	}
}

func (c *calm) endsMet(p *position, needs []need) {
	for i := range needs {
		if t := &p.clocks[needs[i].clock]; t.since != never {
			c.ends(t.since + needs[i].held)
		}
	}
}

// narrow keeps the values that are on the same side of another as v is.
func (c *cell) narrow(v, of float64) {
	switch {
	case v < of:
		c.high = min(c.high, math.Nextafter(of, math.Inf(-1)))
	case v > of:
		c.low = max(c.low, math.Nextafter(of, math.Inf(1)))
	default:
		c.low, c.high = of, of
	}
}

// holds reports whether the signals are as they have to be.
func (c *calm) holds(names []string, signals Signals, now int64) bool {
	if signals == nil {
		signals = SignalMap(nil)
	}
	for i := range c.cells {
		s, ok := signals.Signal(names[i])
		cell := &c.cells[i]
		plain := ok && s.State == "" && s.At.IsZero()
		if plain && cell.known && cell.low <= s.Value && s.Value <= cell.high {
			continue
		}
		if !cell.admits(&s, ok, now) {
			return false
		}
	}
	return true
}

// admits reports whether a signal is as it has to be.
func (c *cell) admits(s *Signal, ok bool, now int64) bool {
	if !ok {
		return !c.known
	}
	if instant.Check(s.At) != nil {
		return false
	}
	known := micros(s.At) <= now
	switch {
	case !known:
	case s.State == NotApplicable, s.State == Failed:
		known = false
	case s.State != "" && s.State != Known:
		return false
	default:
		known = !math.IsNaN(s.Value) && !math.IsInf(s.Value, 0)
	}
	return known == c.known && (!known || c.low <= s.Value && s.Value <= c.high)
}
