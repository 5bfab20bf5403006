package journey

import (
	"context"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Log keeps each account's events in the order of their recording. One Log is one journey of one tenant's accounts:
// where a customer has a journey for each product, the host hands out a Log for each.
// The host implements it over its own storage; journeytest.RunLog tests it.
//
//   - [L1] Append adds the events as the account's numbers after+1, after+2, … if exactly after events are there and their IDs
//     are new and distinct: all or none.
//   - [L2] If the account's log already holds every event of the batch, with the same content but for Recorded, Append
//     does nothing and returns nil, whatever after is.
//   - [L3] Otherwise Append returns ErrConflict (errors.Is) and changes nothing.
//   - [L4] Of concurrent Appends after one version, exactly one batch is added.
//   - [L5] Events gives the account's events with a number above after, in order of number, without gaps,
//     as they were when the range began; none is an empty sequence, not an error.
//   - [L6] Events come back as they were appended: instants to the microsecond, text to the byte, and finite floats
//     come back to the bit (but -0 may be 0); what the caller changes in what was given or returned changes nothing stored.
//   - [L7] Subjects gives the accounts with an event whose ID is after the given one, each once, in order of their bytes.
//   - [L8] After Forget all reads are as if the account had never been seen, and its next number is 1. A Forget and an
//     Append at once take place one after the other. A range that Forget overtakes gives all that it began with, or ends
//     with an error.
//   - [L9] IDs are compared by bytes, never folded or trimmed.
//   - [L10] A caller may stop a sequence early, and may call the store while it ranges.
//   - [L11] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing
//     too, and is safe for concurrent use.
type Log interface {
	Append(ctx context.Context, account string, after int64, events ...Event) error
	Events(ctx context.Context, account string, after int64) iter.Seq2[Event, error]
	Subjects(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// An Event is something that happened on a journey. Its JSON is canonical. Two events have the same content if they
// have the same JSON but for Recorded.
type Event struct {
	Format   int       `json:"format"` // 1
	ID       string    `json:"id"`     // unique in the account's log; those of Decide derive from its number in the log and its content
	Account  string    `json:"account"`
	Kind     EventKind `json:"kind"`
	Happened time.Time `json:"happened"`
	Recorded time.Time `json:"recorded"`         // never earlier than the event's before
	Digest   Digest    `json:"digest"`           // of the map that made it
	Phase    string    `json:"phase,omitempty"`  // of started, moved and a changed map: the phase after it
	From     string    `json:"from,omitempty"`   // of moved and a changed map: the phase before it
	Name     string    `json:"name,omitempty"`   // of the move, milestone or need (its key); at most 284 bytes
	Move     MoveKind  `json:"move,omitempty"`   // of moved
	By       string    `json:"by,omitempty"`     // of evidence, pause, resume and end; at most 1024 bytes of UTF-8 without NUL
	Role     string    `json:"role,omitempty"`   // of evidence; likewise
	Note     string    `json:"note,omitempty"`   // of evidence, pause and end; likewise
	Guards   []Guard   `json:"guards,omitempty"` // of moved: what it was made on
}

// MarshalJSON returns the canonical encoding.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event
	return canon.JSON(plain(e))
}

// A Guard is one thing that a move was made on: needs that were met, or evidence that stood, not before After.
// Events keep them so that it can be told later, from the log alone, whether the move was due.
type Guard struct {
	Name  string    `json:"name,omitempty"`  // of evidence: a milestone, or the move itself; "": needs alone
	Role  string    `json:"role,omitempty"`  // that the evidence must be from; "": any
	Needs []Need    `json:"needs,omitempty"` // that do as well as evidence
	After time.Time `json:"after,omitzero"`  // when dwell and cool-down were over
}

// An EventKind says what happened.
type EventKind string

// Event kinds.
const (
	Started           EventKind = "started"
	EvidenceGiven     EventKind = "evidence_given"
	EvidenceWithdrawn EventKind = "evidence_withdrawn"
	NeedBegan         EventKind = "need_began" // the first observation at which it held
	NeedLost          EventKind = "need_lost"  // its signal became unknown while it held
	NeedFound         EventKind = "need_found" // its signal is known again, and it still holds
	NeedCeased        EventKind = "need_ceased"
	Moved             EventKind = "moved"
	PauseBegan        EventKind = "paused"
	PauseEnded        EventKind = "resumed"
	MapChanged        EventKind = "map_changed"
	JourneyEnded      EventKind = "ended"
)
