package journey

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// needKey returns the name of a need's clock. The last two words of it are the comparison and the value, so that a
// signal's name can't make two needs look alike. The value must be finite.
func needKey(n Need) string {
	var room [128]byte
	key := append(room[:0], n.Signal...)
	key = append(key, ' ')
	key = append(key, n.When...)
	key = append(key, ' ')
	return string(appendNumber(key, n.Value))
}

// appendNumber writes a number as the canonical encoding does: that of nearly all is plain.
func appendNumber(b []byte, v float64) []byte {
	if abs := math.Abs(v); v == 0 || 1e-6 <= abs && abs < 1e21 {
		return strconv.AppendFloat(b, v+0, 'f', -1, 64) // -0 is 0
	}
	b, _ = canon.Append(b, v)
	return b
}

// satisfied reports whether a known value satisfies the clock's comparison.
func (c *clock) satisfied(value float64) bool {
	return value < c.value && c.below || value == c.value && c.equal || value > c.value && c.above
}

// compile notes on which sides of its value a comparison holds.
func (c *clock) compile(when Comparison) {
	c.below = when == Less || when == LessEqual || when == NotEqual
	c.equal = when == LessEqual || when == Equal || when == GreaterEqual
	c.above = when == GreaterEqual || when == Greater || when == NotEqual
}

// read asks for each signal of the map once.
func (m *Model) read(in *Input, asOf time.Time) ([]Observed, error) {
	if len(m.signals) == 0 {
		return nil, nil
	}
	observed := make([]Observed, len(m.signals))
	return observed, m.readInto(observed, in, asOf)
}

func (m *Model) readInto(observed []Observed, in *Input, asOf time.Time) error {
	for i, name := range m.signals {
		o := &observed[i]
		*o = Observed{Name: name}
		if in.Signals == nil {
			continue
		}
		s, ok := in.Signals.Signal(name)
		if !ok {
			continue
		}
		if err := o.take(s, asOf); err != nil {
			return &DataError{in.Account, fmt.Sprintf("signal %q", name), err.Error()}
		}
	}
	return nil
}

// take keeps a signal as it was read.
func (o *Observed) take(s Signal, asOf time.Time) error {
	if !s.At.IsZero() {
		if err := instant.Check(s.At); err != nil {
			return err
		}
		if s.At = instant.Of(s.At); s.At.After(asOf) {
			return nil
		}
	}
	switch s.State {
	case "", Known:
		if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
			s.State, s.Why = Failed, fmt.Sprintf("is %v", s.Value)
		}
	case NotApplicable, Failed:
	default:
		return fmt.Errorf("unknown state %q", s.State)
	}
	o.Known = s.State == "" || s.State == Known
	if !o.Known {
		s.Value = 0
	}
	if s.Why != "" {
		s.Why = strings.ToValidUTF8(s.Why, "\uFFFD")
	}
	o.Signal = s
	return nil
}

// An observation is what an Observed says to a clock, in microseconds.
type observation struct {
	known bool
	at    int64
	value float64
}

func (o *Observed) observation(asOf int64) observation {
	if !o.Known {
		return observation{}
	}
	at := asOf
	if !o.Signal.At.IsZero() {
		at = instant.Micros(o.Signal.At)
	}
	return observation{true, at, o.Signal.Value}
}

// stillUnknown is the note of a need that ceased since its signal stayed unknown.
const stillUnknown = "unknown"

// A clockTime is the state of a clock, as [NeedTime] has it.
type clockTime struct{ since, unknown, ceased int64 }

func (n *NeedTime) clock() clockTime {
	return clockTime{micros(n.Since), micros(n.Unknown), micros(n.Ceased)}
}

// An edge is a change of a clock.
type edge struct {
	kind  EventKind
	clock int
	at    int64
	note  string
}

// silent reports whether nothing is known of a clock's signal, though a need that ceased has none of it.
func (t *clockTime) silent() bool {
	return t.unknown != never && (t.ceased == never || t.unknown < t.ceased)
}

// late reports whether an observation is from before the clock's present state.
func (t *clockTime) late(at int64) bool {
	if t.since == never {
		return at < t.ceased
	}
	return at < t.since
}

// idle reports whether an observation leaves a clock as it is, whatever the instant: it says what is known.
func (c *clock) idle(t *clockTime, o *observation) bool {
	if !o.known {
		return t.since == never
	}
	return t.unknown == never && c.satisfied(o.value) == (t.since != never)
}

// step appends what an observation changes of the clock's state t, and of two changes the first one first.
// An observation from before the present state is late: it says nothing of the present.
func (c *clock) step(to []edge, t clockTime, o observation, asOf int64) []edge {
	if c.idle(&t, &o) {
		return to
	}
	at, satisfied := o.at, o.known && c.satisfied(o.value)
	silent := t.silent()
	if satisfied && silent && t.late(at) {
		at = asOf // nothing but silence speaks against it, and that is over
	}
	emit := func(kind EventKind, at int64, note string) { to = append(to, edge{kind, c.number, at, note}) }
	if t.since == never {
		switch {
		case !o.known || at < t.ceased:
		case satisfied:
			emit(NeedBegan, at, "")
			if t.unknown > at {
				emit(NeedFound, t.unknown, "")
			}
		case silent:
			emit(NeedCeased, at, "") // now it is known
		}
		return to
	}
	end := c.end(&t)
	switch {
	case o.known && at >= t.since:
		switch over := at >= end; {
		case satisfied && over:
			emit(NeedCeased, end, "")
			emit(NeedBegan, at, "")
		case satisfied && t.unknown != never:
			emit(NeedFound, max(at, t.unknown), "")
		case !satisfied:
			emit(NeedCeased, min(at, end), "")
		}
	case end <= asOf:
		emit(NeedCeased, end, stillUnknown)
	case !o.known && t.unknown == never:
		emit(NeedLost, asOf, "")
	}
	return to
}

// end returns when a need ends whose signal stays unknown.
func (c *clock) end(t *clockTime) int64 {
	if t.unknown == never || c.stale == 0 {
		return far
	}
	return t.unknown + c.stale
}

// edges appends how the observations change the clocks, in order of time, then of key.
func (p *position) edges(to []edge, observed []Observed, asOf int64) []edge {
	if !p.watched() {
		return to
	}
	for i := range p.clocks {
		c := &p.model.clocks[i]
		to = c.step(to, p.clocks[i], observed[c.signal].observation(asOf), asOf)
	}
	sortEdges(to)
	return to
}

func sortEdges(edges []edge) {
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
}

// event returns the event of an edge, yet without an ID.
func (m *Model) event(e *edge) Event {
	return Event{Kind: e.kind, Happened: timeOf(e.at), Name: m.clocks[e.clock].key, Note: e.note}
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
