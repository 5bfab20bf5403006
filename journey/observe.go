package journey

import (
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
	switch c.when {
	case Less:
		return value < c.value
	case LessEqual:
		return value <= c.value
	case Equal:
		return value == c.value
	case NotEqual:
		return value != c.value
	case GreaterEqual:
		return value >= c.value
	case Greater:
		return value > c.value
	}
	return false
}

// read asks for each signal of the map once.
func (m *Model) read(in *Input, asOf time.Time) ([]Observed, error) {
	if len(m.signals) == 0 {
		return nil, nil
	}
	observed := make([]Observed, len(m.signals))
	for i, name := range m.signals {
		o := &observed[i]
		o.Name = name
		if in.Signals == nil {
			continue
		}
		s, ok := in.Signals.Signal(name)
		if !ok {
			continue
		}
		fail := func(cause string) ([]Observed, error) {
			return nil, &DataError{in.Account, fmt.Sprintf("signal %q", name), cause}
		}
		if err := instant.Check(s.At); err != nil {
			return fail(err.Error())
		}
		if s.At = instant.Of(s.At); s.At.After(asOf) {
			continue
		}
		switch s.State {
		case "", Known:
			if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
				s.State, s.Why = Failed, fmt.Sprintf("is %v", s.Value)
			}
		case NotApplicable, Failed:
		default:
			return fail(fmt.Sprintf("unknown state %q", s.State))
		}
		o.Known = s.State == "" || s.State == Known
		if !o.Known {
			s.Value = 0
		}
		s.Why = strings.ToValidUTF8(s.Why, "\uFFFD")
		o.Signal = s
	}
	return observed, nil
}

// at returns when a known signal was so.
func (o *Observed) at(asOf time.Time) time.Time {
	if o.Signal.At.IsZero() {
		return asOf
	}
	return o.Signal.At
}

// stillUnknown is the note of a need that ceased since its signal stayed unknown.
const stillUnknown = "unknown"

// An edge is a change of a need's clock.
type edge struct {
	kind EventKind
	key  string
	at   time.Time
	note string
}

// step returns what an observation changes of the clock's state t, and of two changes the first one first.
// An observation from before the present state is late: it says nothing of the present.
func (c *clock) step(t NeedTime, o *Observed, asOf time.Time) (edges [2]edge, n int) {
	emit := func(kind EventKind, at time.Time) {
		edges[n] = edge{kind: kind, key: c.key, at: at}
		n++
	}
	known, at := o.Known, o.at(asOf)
	satisfied := known && c.satisfied(o.Signal.Value)
	silent := !t.Unknown.IsZero() && (t.Ceased.IsZero() || t.Unknown.Before(t.Ceased))
	if satisfied && silent && t.late(at) {
		at = asOf // nothing but silence speaks against it, and that is over
	}
	if t.Since.IsZero() {
		switch {
		case !known || at.Before(t.Ceased):
		case satisfied:
			emit(NeedBegan, at)
			if t.Unknown.After(at) {
				emit(NeedFound, t.Unknown)
			}
		case silent:
			emit(NeedCeased, at) // now it is known
		}
		return edges, n
	}
	end := c.end(t)
	switch {
	case known && !at.Before(t.Since):
		over := !end.IsZero() && !at.Before(end)
		switch {
		case satisfied && over:
			emit(NeedCeased, end)
			emit(NeedBegan, at)
		case satisfied && !t.Unknown.IsZero():
			emit(NeedFound, latest(at, t.Unknown))
		case !satisfied && over:
			emit(NeedCeased, end)
		case !satisfied:
			emit(NeedCeased, at)
		}
	case !end.IsZero() && !end.After(asOf):
		emit(NeedCeased, end)
		edges[0].note = stillUnknown
	case !known && t.Unknown.IsZero():
		emit(NeedLost, asOf)
	}
	return edges, n
}

// end returns when a need ends whose signal stays unknown; zero: never.
func (c *clock) end(t NeedTime) time.Time {
	if t.Unknown.IsZero() || c.stale == 0 {
		return time.Time{}
	}
	return t.Unknown.Add(time.Duration(c.stale))
}

// late reports whether an observation is from before the clock's present state.
func (t *NeedTime) late(at time.Time) bool {
	if t.Since.IsZero() {
		return at.Before(t.Ceased)
	}
	return at.Before(t.Since)
}

// watched reports whether the needs of an account in a phase are observed: they are between the start and the end,
// and after the end if a move leads back.
func (m *Model) watched(phase string) bool {
	return phase != "" && (phase != Ended || len(m.returns) > 0)
}

// edges returns how the observations change the track's needs, in order of time, then of key.
func (m *Model) edges(t *Track, observed []Observed, asOf time.Time) []edge {
	if !m.watched(t.Phase) {
		return nil
	}
	var edges []edge
	for i := range m.clocks {
		c := &m.clocks[i]
		es, n := c.step(t.need(c.key), &observed[c.signal], asOf)
		edges = append(edges, es[:n]...)
	}
	sortEdges(edges)
	return edges
}

func sortEdges(edges []edge) {
	slices.SortStableFunc(edges, func(a, b edge) int { return a.at.Compare(b.at) })
}

// event returns the event of an edge, yet without an ID.
func (e *edge) event() Event { return Event{Kind: e.kind, Happened: e.at, Name: e.key, Note: e.note} }

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
