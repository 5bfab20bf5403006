package journey

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Track is where an account is on its journey: the fold of its events.
type Track struct {
	Account  string     `json:"account,omitempty"`
	Version  int64      `json:"version"`          // number of events in the log as known then, to append after
	Phase    string     `json:"phase,omitempty"`  // "" before the start; Ended after the end
	Since    time.Time  `json:"since,omitzero"`   // when it entered Phase
	Started  time.Time  `json:"started,omitzero"` // when the journey started
	Digest   Digest     `json:"digest"`           // of the map of the last event
	AsOf     time.Time  `json:"as_of,omitzero"`
	Last     time.Time  `json:"last,omitzero"`      // when the last event was recorded
	Paused   time.Time  `json:"paused,omitzero"`    // since when the clock has stood still; zero: it runs
	Ran      time.Time  `json:"ran,omitzero"`       // since when it ran without a stop, until Paused if that is said
	Stood    Duration   `json:"stood,omitempty"`    // how long it stood still in Phase, before Paused
	Rounds   int        `json:"rounds,omitempty"`   // renewals so far
	Needs    []NeedTime `json:"needs,omitempty"`    // that hold or held, by Key in order of bytes
	Evidence []Evidence `json:"evidence,omitempty"` // that stands, by name and role in order of bytes
	Passes   []Pass     `json:"passes,omitempty"`   // moves made, by name in order of bytes
	Left     []Left     `json:"left,omitempty"`     // phases left, by name in order of bytes
}

// A NeedTime is the clock of one need.
type NeedTime struct {
	Key     string    `json:"key"`              // signal, comparison and value, such as "sso >= 1"
	Since   time.Time `json:"since,omitzero"`   // first observation at which it held without a break; zero: does not hold
	Unknown time.Time `json:"unknown,omitzero"` // since when its signal has been unknown; before Ceased: that ended it
	Ceased  time.Time `json:"ceased,omitzero"`  // since when it has not held; zero: it holds
}

// An Evidence is a person's word that a milestone is reached, or that a move may be made. Of several with one name
// and role the first stands. It ends when it is withdrawn, when it is spent by a move, and with the journey.
type Evidence struct {
	Name string    `json:"name"`           // of the milestone or move
	By   string    `json:"by"`             // at most 1024 bytes of UTF-8 without NUL
	Role string    `json:"role,omitempty"` // likewise
	Note string    `json:"note,omitempty"` // where to look; likewise
	At   time.Time `json:"at"`
}

// A Pass counts how often a move was made.
type Pass struct {
	Move  string    `json:"move"`
	Count int       `json:"count"`           // how often it was made
	At    time.Time `json:"at"`              // when it was made last
	Event string    `json:"event"`           // ID of that event
	DueAt time.Time `json:"due_at,omitzero"` // since when all that it was made on was so, as known; zero: not by AsOf
	Open  []Guard   `json:"open,omitempty"`  // if that was not so at At: what DueAt hangs on
}

// A Left is when a phase was last left.
type Left struct {
	Phase string    `json:"phase"`
	At    time.Time `json:"at"`
}

// A Decision is the result of one evaluation: what happened, and the prescription.
type Decision struct {
	Account  string      `json:"account"`
	AsOf     time.Time   `json:"as_of"`
	Map      string      `json:"map"`
	Version  string      `json:"version,omitempty"`
	Digest   Digest      `json:"digest"`
	Status   Status      `json:"status,omitempty"`
	Phase    string      `json:"phase"`             // after the moves
	Events   []Event     `json:"events,omitempty"`  // to append, in order; of a Check: appended
	Made     []Event     `json:"made,omitempty"`    // of a Check: moves that the log held already as of AsOf, by this or another writer
	Next     string      `json:"next,omitempty"`    // phase that the first declared way on leads to
	Missing  []Missing   `json:"missing,omitempty"` // to move on: required first, then by moves blocked, due date and map order
	Waiting  []Wait      `json:"waiting,omitempty"` // moves that all but time or a person allow
	Break    *BreakPoint `json:"break,omitempty"`   // that lies ahead
	Clock    Clock       `json:"clock"`
	Behind   int         `json:"behind,omitempty"`   // phases behind what is expected at this tenure
	Tenured  bool        `json:"tenured,omitempty"`  // Behind is known
	Disputed []Dispute   `json:"disputed,omitempty"` // moves made, the last of each name, that would not be as known now
	Signals  []Observed  `json:"signals,omitempty"`  // that were read, in map order; all that the map names
}

// MarshalJSON returns the canonical encoding.
func (t Track) MarshalJSON() ([]byte, error) {
	type plain Track
	return canon.JSON(plain(t))
}

// MarshalJSON returns the canonical encoding.
func (d Decision) MarshalJSON() ([]byte, error) {
	type plain Decision
	return canon.JSON(plain(d))
}

// A Missing is a milestone that stands in the way, or is optional and not reached; or the own needs of a move onward
// that are not met.
type Missing struct {
	Phase      string      `json:"phase"`
	Milestone  string      `json:"milestone,omitempty"`
	Move       string      `json:"move,omitempty"` // whose own needs these are; Milestone is then empty
	Title      string      `json:"title,omitempty"`
	Optional   bool        `json:"optional,omitempty"`
	Evidence   bool        `json:"evidence,omitempty"` // a person's evidence would do
	Needs      []NeedState `json:"needs,omitempty"`    // those not met
	Owner      string      `json:"owner,omitempty"`    // of the milestone, or the first who is accountable for the phase
	Capability string      `json:"capability,omitempty"`
	UseCase    string      `json:"use_case,omitempty"`
	Blocks     int         `json:"blocks"`       // moves that it blocks
	Due        time.Time   `json:"due,omitzero"` // zero: none, or its anchor is unknown
	Overdue    bool        `json:"overdue,omitempty"`
}

// A NeedState is how far a need is from being met.
type NeedState struct {
	Need  Need      `json:"need"`
	State NeedCode  `json:"state"`
	Held  Duration  `json:"held,omitempty"` // for how long it has held
	Met   time.Time `json:"met,omitzero"`   // when it will be met if it goes on holding; zero if its signal is unknown
}

// A NeedCode says why a need is not met.
type NeedCode string

// Need codes.
const (
	NeedUnknown NeedCode = "unknown" // the signal is unknown; Held tells whether it holds
	NeedUnmet   NeedCode = "unmet"   // the signal is known not to satisfy it
	NeedHolding NeedCode = "holding" // holds, not yet for long enough
)

// A Wait is a move that only time or a person keeps from being made.
type Wait struct {
	Move  string    `json:"move"`
	Why   WaitCode  `json:"why"`
	Until time.Time `json:"until,omitzero"`
	Role  string    `json:"role,omitempty"` // who must approve
}

// A WaitCode says what a move waits for.
type WaitCode string

// Wait codes.
const (
	WaitDwell    WaitCode = "dwell"
	WaitCoolDown WaitCode = "cool_down"
	WaitApproval WaitCode = "approval"
	WaitMax      WaitCode = "max" // its passes are used up
)

// A Clock says whether an account is on pace in its phase. Paused time does not count.
type Clock struct {
	State    ClockState `json:"state"`
	InPhase  Duration   `json:"in_phase,omitempty"` // unpaused time since the phase began
	BehindAt time.Time  `json:"behind_at,omitzero"` // if the clock runs on; zero: not said, or passed before the last pause
	StuckAt  time.Time  `json:"stuck_at,omitzero"`  // alike
}

// A ClockState says how a phase's pace stands.
type ClockState string

// Clock states.
const (
	OnTrack      ClockState = "on_track"
	Behind       ClockState = "behind"
	Stuck        ClockState = "stuck"
	Paused       ClockState = "paused"
	ClockUnknown ClockState = "unknown" // not started, ended, or the phase declares no pace
)

// A Dispute is a move that was made and that the map would not make as of its own instant with what is known now.
type Dispute struct {
	Event string    `json:"event"` // ID of the moved event
	Move  string    `json:"move"`
	At    time.Time `json:"at"`              // when it was made
	DueAt time.Time `json:"due_at,omitzero"` // when it would have been due as known now; zero: not by asOf
}

// An Observed is a signal as it was read.
type Observed struct {
	Name   string `json:"name"`
	Known  bool   `json:"known"`
	Signal Signal `json:"signal,omitzero"`
}
