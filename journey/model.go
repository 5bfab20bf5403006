package journey

import (
	"iter"
	"time"
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

// A Signal is one observation. NaN and infinities count as failed. One from after asOf is not seen.
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
	Track   Track // of Replay; the zero Track is that of a journey not started
	Signals Signals
	Status  Status
	Since   time.Time // start of the relationship; zero: tenure unknown
	Segment string    // "" : not said; milestones for given segments then apply to nobody
	Anchors []Anchor
}

// Decide evaluates an account's journey as of an instant, which is inclusive: the events to append and what is
// missing to move on. It does not modify or keep in.
//
// Decide returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - the track is in a phase that the map does not have, belongs to another account, or is of after asOf.
func (m *Model) Decide(in Input, asOf time.Time) (Decision, error) { panic("unbuilt") }

// Replay folds an account's events, in the order of their recording, into its track as of an instant and as known at
// another, both inclusive; a zero knownAt is no bound. Late events re-fold needs, evidence, pauses and clocks; a move
// is a fact and stays. The same log gives the same track on every platform and in every later release.
//
// Replay returns an error if an event can't follow those before it (*DataError), is of a newer format (ErrFormat),
// or the sequence fails.
func Replay(events iter.Seq2[Event, error], asOf, knownAt time.Time) (Track, error) { panic("unbuilt") }

// Mermaid returns the map as a Mermaid state diagram.
func (m *Model) Mermaid() string { panic("unbuilt") }

// DOT returns the map in the Graphviz language.
func (m *Model) DOT() string { panic("unbuilt") }
