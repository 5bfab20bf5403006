package engagement

import (
	"context"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// Touches keeps what was done with each account. The host implements it over its own storage;
// engagementtest.RunTouches tests it.
//
//   - [T1] Record adds each touch under its natural key: account and ID.
//   - [T2] The same key with the same content as its latest revision is a no-op, whatever its Recorded; with other
//     content it is a new revision.
//   - [T3] Made gives, in order of At and then of the bytes of ID, of each touch the last revision that was recorded at or
//     before knownAt, if from <= At < to there. A zero from, to or knownAt is no bound. None is an empty sequence.
//   - [T4] Touches come back as they were recorded: instants to the microsecond, text to the byte.
//   - [T5] Touched gives the accounts with a touch whose ID is after the given one, each once, in order of their bytes.
//   - [T6] After Forget all reads are as if the account had never been seen.
//   - [T7] IDs are compared by bytes, never folded or trimmed.
//   - [T8] A range is a snapshot: a Record while it runs does not change it. A caller may stop it early, and may call
//     the store while it ranges.
//   - [T9] Every method gives up with the context's error when that is cancelled, and is safe for concurrent use.
type Touches interface {
	Record(ctx context.Context, account string, touches ...Touch) error
	Made(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Touch, error]
	Touched(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// A Touch is one contact with an account. Its JSON is canonical.
type Touch struct {
	Format   int       `json:"format"` // 1
	ID       string    `json:"id"`     // unique in the account; of a Task that was done, the task's
	Touch    string    `json:"touch"`  // name in the program; "" : outside of it
	Channel  Channel   `json:"channel"`
	By       string    `json:"by,omitempty"`
	Person   string    `json:"person,omitempty"` // ID of whom it reached
	At       time.Time `json:"at"`
	Answered time.Time `json:"answered,omitzero"` // by a declared signal; zero: not
	Recorded time.Time `json:"recorded"`
}

// MarshalJSON returns the canonical encoding.
func (t Touch) MarshalJSON() ([]byte, error) {
	type plain Touch
	return canon.JSON(plain(t))
}
