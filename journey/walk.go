package journey

import (
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Walk is one account's journey in memory, from a track on. It takes the steps of [Model.Decide] and has its events,
// but no prescription, which makes it fast enough to ask for every account whenever a signal comes in:
//
//	if w.Due(signals, asOf) { // which it seldom is
//		_, err := w.Step(signals, asOf)
//		after, events := w.Events()
//		err = log.Append(ctx, account, after, events...)
//	}
//
// It knows nothing of what others append to the log, such as evidence, nor of events that happened after the instant of
// the track. Where others have appended, which ErrConflict tells, replay the log and make a new one.
//
// A Walk is not safe for concurrent use. It keeps the Input that it was made of.
type Walk struct {
	calm     calm
	position position
	in       Input
	observed []Observed
	step     step   // the last
	found    []edge // room
	room     room
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
	w := new(Walk)
	asOf = instant.Of(asOf)
	observed, err := m.observe(&in, asOf)
	if err != nil {
		return nil, err
	}
	w.in, w.observed, w.position = in, observed, m.position(&in.Track, in.Segment, &w.room)
	w.step = step{now: instant.Micros(asOf), after: in.Track.Version, last: micros(in.Track.Last)}
	w.calm.cells = make([]cell, len(m.signals))
	return w, nil
}

// Phase returns the phase that the journey is in: "" before the start, [Ended] after the end.
func (w *Walk) Phase() string {
	switch p := w.position.in(); {
	case p != nil:
		return p.def.Name
	case w.position.phase < 0:
		return ""
	default:
		return Ended
	}
}

// Due reports whether [Model.Decide] would have an event to append, or an error to return, given these signals as of
// an instant. It changes nothing. Clock marks, dues and disputes are no events: a decision says by itself when they
// come.
func (w *Walk) Due(signals Signals, asOf time.Time) bool {
	now := instant.Micros(asOf)
	if w.calm.from <= now && now < w.calm.until && w.calm.holds(w.position.model.signals, signals, now) {
		return false
	}
	w.calm.until = never
	if w.observe(signals, asOf) != nil {
		return true
	}
	if len(w.found) > 0 || w.position.firstOpen(now) != nil {
		return true
	}
	w.settle(now)
	return false
}

// Step goes on as Decide does, and returns the number of moves made. It returns an error, and stays where it is, if an
// instant is before the last one or a signal is none (*DataError). What it did it keeps for Events until the next step.
func (w *Walk) Step(signals Signals, asOf time.Time) (moves int, err error) {
	if err := w.observe(signals, asOf); err != nil {
		return 0, err
	}
	w.calm.until = never
	s := &w.step
	if n := len(s.edges) + len(s.moves); n > 0 {
		s.after, s.last = s.after+int64(n), max(s.now, s.last)
	}
	s.now, s.edges, w.found = instant.Micros(asOf), w.found, s.edges
	w.position.change(s.edges)
	s.moves = w.position.makeMoves(s.moves[:0], s.now)
	w.in.Track.AsOf = timeOf(s.now)
	return len(s.moves), nil
}

// Events returns the events of the last step, which are those of Decide, and how many the log has before them. Append
// them as they are and before the next step: later ones count on it. Each call makes them anew, so that an Append that
// failed can be tried again.
func (w *Walk) Events() (after int64, events []Event) {
	return w.step.after, w.step.events(nil, &w.position, w.in.Account)
}

// observe reads the signals, and finds the edges that they make.
func (w *Walk) observe(signals Signals, asOf time.Time) error {
	asOf = instant.Of(asOf)
	if err := instant.Given(asOf); err != nil {
		return &DataError{w.in.Account, "as of", err.Error()}
	}
	if err := w.in.Track.notAfter(asOf); err != nil {
		return &DataError{w.in.Account, "track", err.Error()}
	}
	w.in.Signals = signals
	if err := w.position.model.readInto(w.observed, &w.in, asOf); err != nil {
		return err
	}
	w.found = w.position.edges(w.found[:0], w.observed, instant.Micros(asOf))
	return nil
}

// settle notes for how long and for which values nothing happens, given that nothing does now.
func (w *Walk) settle(now int64) {
	c, p := &w.calm, &w.position
	c.from, c.until = now, instant.LastSecond*1_000_000
	for i := range c.cells {
		c.cells[i] = cell{w.observed[i].Known, -math.MaxFloat64, math.MaxFloat64}
	}
	if !p.watched() {
		return
	}
	for i := range p.clocks {
		clock, t := &p.model.clocks[i], &p.clocks[i]
		o := w.observed[clock.signal].observation(now)
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
