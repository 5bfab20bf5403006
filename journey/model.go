package journey

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Signals are what is observed of an account. Signal returns false for one that is unknown.
// A host's own type may implement it; it must answer alike for as long as a call runs.
type Signals interface {
	Signal(name string) (Signal, bool)
}

// A SignalMap is the simplest Signals.
type SignalMap map[string]Signal

// Signal returns a signal.
func (m SignalMap) Signal(name string) (Signal, bool) {
	s, ok := m[name]
	return s, ok
}

// A Signal is one observation. NaN and infinities count as failed. One from after asOf is not seen: it is unknown.
// One from before a need last began or ceased is late: it tells nothing new to Decide, and [Tracker.Check] records it
// in its place. Of several late ones the earliest comes first.
type Signal struct {
	Value float64   `json:"value"`       // flags are 0 and 1
	At    time.Time `json:"at,omitzero"` // when it was so; zero: at asOf
	State State     `json:"state,omitempty"`
	Why   string    `json:"why,omitempty"` // cause of a failed signal
}

// A State says whether a value is known.
type State string

// States. The empty state is Known; the others are unknown to every need.
const (
	Known         State = "known"
	NotApplicable State = "not_applicable"
	Failed        State = "failed"
)

// A Status is the state of the contract, which is another thing than the phase.
type Status string

// Contract statuses. The empty status is not said.
const (
	Trial           Status = "trial"
	Customer        Status = "customer"
	CancelledActive Status = "cancelled_active" // cancelled, and still running
	Lost            Status = "lost"
	Coming          Status = "coming" // signed, not begun
)

// An Anchor is a dated fact that dues relate to, such as "contract_start", "go_live" or "renewal".
type Anchor struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// An Input is all that a decision is made of. What is not in it can't influence the decision.
type Input struct {
	Account string
	Track   Track     // of Replay; the zero Track is that of a journey not started
	Signals Signals   // nil: all unknown
	Status  Status    // such as that of StatusOf
	Since   time.Time // start of the relationship; zero: tenure unknown
	Segment string    // "" : not said; milestones for given segments then apply to nobody
	Anchors []Anchor
}

// Decide evaluates an account's journey as of an instant, which is inclusive: the events to append and what is
// missing to move on. It does not modify or keep in.
//
// The events are recorded at asOf, or at Track.Last if that is later; a host that appends them may set a later time.
// Several phases may be passed at once, each with its event. A move is made at most once at one instant, so that no
// loop spins and deciding again changes nothing. Disputed speaks of the track as given: where the events that are to
// be appended happened before its last ones, replay and decide again, as [Tracker.Check] does.
//
// The track may be of another map, which this one is tried on, as long as this one has its phase; a [Tracker] goes on
// with none but its own. [Model.Adopt] says which capabilities come next by a decision.
//
// Decide returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf is the zero time or outside of the years 1 to 9999;
//   - the track is in a phase that the map does not have, belongs to another account, or is of after asOf;
//   - the status or the state of a signal is none of those known, or a time is outside of the years 1 to 9999;
//   - an anchor is given twice, or is named as the phase's start is.
func (m *Model) Decide(in Input, asOf time.Time) (Decision, error) {
	asOf = instant.Of(asOf)
	observed, err := m.observe(&in, asOf)
	if err != nil {
		return Decision{}, err
	}
	var room room
	now := instant.Micros(asOf)
	d := decider{&in, now, observed, m.position(&in.Track, in.Segment, &room)}
	s := step{now: now, after: in.Track.Version, last: micros(in.Track.Last)}
	s.edges = d.position.edges(room.edges[:0], observed, now)
	d.position.change(s.edges)
	s.moves = d.position.makeMoves(room.moves[:0], now)
	events := s.events(nil, &d.position, in.Account)
	in.Track.follow(events)
	r := d.decision(s.moves)
	r.Events, r.Signals = events, observed
	return r, nil
}

// observe checks an input and reads its signals.
func (m *Model) observe(in *Input, asOf time.Time) ([]Observed, error) {
	if field, err := m.admit(in, asOf); err != nil {
		return nil, &DataError{in.Account, field, err.Error()}
	}
	return m.read(in, asOf)
}

// admit returns what is wrong with an input, signals aside, and where.
func (m *Model) admit(in *Input, asOf time.Time) (field string, err error) {
	if err := ident.Check(in.Account); err != nil {
		return "account", err
	}
	if err := instant.Given(asOf); err != nil {
		return "as of", err
	}
	if err := instant.Check(in.Since); err != nil {
		return "since", err
	}
	switch in.Status {
	case "", Trial, Customer, CancelledActive, Lost, Coming:
	default:
		return "status", fmt.Errorf("%q is unknown", in.Status)
	}
	for i, a := range in.Anchors {
		field := fmt.Sprintf("anchor %q", a.Name)
		if err := instant.Check(a.At); err != nil {
			return field, err
		}
		if a.Name == PhaseStart {
			return field, errors.New("is the track's own")
		}
		if slices.ContainsFunc(in.Anchors[:i], func(b Anchor) bool { return b.Name == a.Name }) {
			return field, errors.New("is given twice")
		}
	}
	return "track", m.admitTrack(in, asOf)
}

func (m *Model) admitTrack(in *Input, asOf time.Time) error {
	t := &in.Track
	if t.Account != "" && t.Account != in.Account {
		return fmt.Errorf("belongs to account %q", t.Account)
	}
	if err := t.notAfter(asOf); err != nil {
		return err
	}
	if _, ok := m.index[t.Phase]; !ok && t.underWay() {
		return fmt.Errorf("is in phase %q, which map %q does not have", t.Phase, m.def.Name)
	}
	if t.Phase != "" && t.Since.IsZero() {
		return fmt.Errorf("does not say since when it is in phase %q", t.Phase)
	}
	if !t.inOrder() {
		return errors.New("has its lists not in order, as Replay gives them")
	}
	return nil
}

// notAfter refuses a track of after an instant.
func (t *Track) notAfter(asOf time.Time) error {
	for _, at := range [...]time.Time{t.AsOf, t.Since, t.Paused, t.Ran} {
		if at.After(asOf) {
			return fmt.Errorf("is of %s, after %s", timeText(at), timeText(asOf))
		}
	}
	return nil
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// elapsed returns the time between two instants, at most 292 years.
func elapsed(from, to time.Time) Duration { return Duration(to.Sub(from).Truncate(time.Microsecond)) }

// later returns t + d, or the zero time where that is outside of the years 1 to 9999.
func later(t time.Time, d Duration) time.Time {
	t = t.Add(time.Duration(d))
	if instant.Check(t) != nil {
		return time.Time{}
	}
	return t
}
