package segment

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// Assignments keeps each account's memberships of one scheme, which are computed from what was there before. Schemes that
// overlap have one each, as tenants do.
// The host implements it over its own storage; segmenttest.RunAssignments tests it.
//
//   - [A1] Append adds r as the account's record number after+1 if exactly after records are there. The caller sees to it
//     that r's Version and account are those.
//   - [A2] If record number after+1 is there already and is the same, Append does nothing and returns nil.
//   - [A3] Otherwise Append returns ErrConflict (errors.Is) and changes nothing.
//   - [A4] Of concurrent Appends after one version, exactly one record is added.
//   - [A5] Last returns the record with the highest version as it was appended; none is false, not an error. What the
//     caller changes in what was given or returned changes nothing stored.
//   - [A6] Records gives, in order of version, the records with from <= Verdict.AsOf < to and Recorded <= knownAt,
//     as they were when the range began. A zero from, to or knownAt is no bound; others are in whole microseconds.
//   - [A7] Accounts gives the accounts with a record whose ID is after the given one, each once, in order of their bytes.
//   - [A8] Forget removes the account: afterwards all reads are as if the account had never been seen, and its next number
//     is 1. A Forget and an Append at once take place one after the other. A range that Forget overtakes gives all that it
//     began with, or ends with an error.
//   - [A9] IDs are compared by bytes, never folded or trimmed; instants keep their microseconds, and finite floats come back
//     to the bit (but -0 may be 0).
//   - [A10] A caller may stop a sequence early, and may call the store while it ranges.
//   - [A11] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing too,
//     and is safe for concurrent use.
type Assignments interface {
	Append(ctx context.Context, account string, after int64, r Record) error
	Last(ctx context.Context, account string) (Record, bool, error)
	Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Record, error]
	Accounts(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// A Record is one evaluation as it was stored, with the events that it caused. Its JSON is canonical.
type Record struct {
	Format     int        `json:"format"`   // 1
	Version    int64      `json:"version"`  // 1 for the account's first
	Recorded   time.Time  `json:"recorded"` // never earlier than the record's before
	Verdict    Verdict    `json:"verdict"`
	Membership Membership `json:"membership"`
	Events     []Event    `json:"events,omitempty"`
}

// MarshalJSON returns the canonical encoding.
func (r Record) MarshalJSON() ([]byte, error) {
	type plain Record
	return canon.JSON(plain(r))
}

func (r Record) clone() Record {
	r.Verdict.Facts = slices.Clone(r.Verdict.Facts)
	r.Verdict.Unknown = slices.Clone(r.Verdict.Unknown)
	r.Verdict.Near = slices.Clone(r.Verdict.Near)
	r.Verdict.Leave = slices.Clone(r.Verdict.Leave)
	r.Verdict.Stays = slices.Clone(r.Verdict.Stays)
	r.Membership.Pin, r.Membership.Declined = copied(r.Membership.Pin), copied(r.Membership.Declined)
	r.Events = slices.Clone(r.Events)
	return r
}
