package health

import (
	"context"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Source gives an account's input. The host implements it over its own tables; healthtest.RunSource tests it.
//
//   - [S1] Input holds the account's ID and start, and the readings whose At is not after asOf, the latest of each measure.
//   - [S2] Of the revisions of one reading, whose key is account, measure and At, it gives the last whose Recorded is at or
//     before knownAt; a zero knownAt is no bound. The same key with the content that is known at its Recorded already is a
//     no-op, unless another revision was recorded since; other content is a new revision. Of two recorded at one instant
//     the later put counts.
//   - [S3] An account that the source does not know, or did not know at knownAt, is false, not an error.
//   - [S4] It is safe for concurrent use. What it returned does not change later, and what the caller changes in what was
//     returned changes nothing stored.
//   - [S5] It gives up with the context's error (errors.Is) when that is cancelled.
//   - [S6] IDs and names are compared by bytes, never folded or trimmed; instants keep their microseconds; finite floats
//     come back to the bit (but -0 may be 0), texts to the byte. Services give asOf and knownAt in whole microseconds.
type Source interface {
	Input(ctx context.Context, account string, asOf, knownAt time.Time) (Input, bool, error)
}

// A History keeps each account's records, which are computed from what was there before.
// The host implements it over its own storage; healthtest.RunHistory tests it.
//
//   - [H1] Append adds r as the account's record number after+1 if exactly after records are there. The caller sees to it
//     that r's Version and account are those.
//   - [H2] If record number after+1 is there already and is the same, Append does nothing and returns nil.
//   - [H3] Otherwise Append returns ErrConflict (errors.Is) and changes nothing.
//   - [H4] Of concurrent Appends after one version, exactly one record is added.
//   - [H5] Last returns the record with the highest version as it was appended; none is false, not an error.
//   - [H6] Records gives, in order of version, the records with from <= Score.AsOf < to and Recorded <= knownAt,
//     as they were when the range began; several may be as of one instant. A zero from, to or knownAt is no bound; services
//     give them in whole microseconds.
//   - [H7] Accounts gives the accounts with a record whose ID is after the given one, each once, in order of their bytes.
//   - [H8] Forget removes the account: afterwards all reads are as if the account had never been seen, and its next number
//     is 1. A Forget and an Append at once take place one after the other. A range that Forget overtakes gives all that it
//     began with, or ends with an error.
//   - [H9] IDs are compared by bytes, never folded or trimmed; instants keep their microseconds; finite floats come back to
//     the bit (but -0 may be 0), texts to the byte. What the caller changes in what was given or returned changes nothing
//     stored.
//   - [H10] A caller may stop a sequence early, and may call the store while it ranges.
//   - [H11] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing too,
//     and is safe for concurrent use.
type History interface {
	Append(ctx context.Context, account string, after int64, r Record) error
	Last(ctx context.Context, account string) (Record, bool, error)
	Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Record, error]
	Accounts(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// A Record is one evaluation, or one act, as it was stored, with the events that it caused. Its JSON is canonical.
type Record struct {
	Format   int       `json:"format"`   // 1
	Version  int64     `json:"version"`  // 1 for the account's first
	Recorded time.Time `json:"recorded"` // never earlier than the record's before
	Score    Score     `json:"score"`    // of an act: that of the evaluation before it
	Standing Standing  `json:"standing"` // likewise
	Events   []Event   `json:"events,omitempty"`
	Risks    []Risk    `json:"risks,omitempty"` // all that the account ever had, as they are now, the first first
	Act      *Act      `json:"act,omitempty"`   // nil: the record is an evaluation
}

// MarshalJSON returns the canonical encoding.
func (r Record) MarshalJSON() ([]byte, error) {
	type plain Record
	return canon.JSON(plain(r))
}
