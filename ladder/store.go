package ladder

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Ledger keeps each account's entries in the order of their recording. Entries are never changed or taken out.
// The host implements it over its own storage; laddertest.RunLedger tests it.
//
//   - [E1] Append adds the entries as the account's numbers after+1, after+2, … if exactly after entries are there and
//     their IDs are new and distinct: all or none.
//   - [E2] If the account's ledger already holds every entry of the batch, with the same content, Append does nothing and
//     returns nil, whatever after is.
//   - [E3] Otherwise Append returns ErrConflict (errors.Is) and changes nothing.
//   - [E4] Of concurrent Appends after one version, exactly one batch is added.
//   - [E5] Entries gives the account's entries with a number above after, in order of number, without gaps,
//     as they were when the range began; none is an empty sequence, not an error.
//   - [E6] Entries come back as they were appended: decimals equal to the last of 18 places, instants to the microsecond,
//     text to the byte; what the caller changes in what was given or returned changes nothing stored.
//   - [E7] Posted gives the accounts with an entry whose ID is after the given one, each once, in order of their bytes.
//   - [E8] After Forget all reads are as if the account had never been seen, and its next number is 1. A Forget and an
//     Append at once take place one after the other. A range that Forget overtakes gives all that it began with, or ends
//     with an error.
//   - [E9] IDs are compared by bytes, never folded or trimmed.
//   - [E10] A caller may stop a sequence early, and may call the store while it ranges.
//   - [E11] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing
//     too, and is safe for concurrent use.
type Ledger interface {
	Append(ctx context.Context, account string, after int64, entries ...Entry) error
	Entries(ctx context.Context, account string, after int64) iter.Seq2[Entry, error]
	Posted(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// An Entry is value that was booked. Its JSON is canonical. Two entries have the same content if they have the same JSON.
type Entry struct {
	Format   int             `json:"format"` // 1
	ID       string          `json:"id"`     // unique in the account's ledger
	Account  string          `json:"account"`
	Benefit  string          `json:"benefit"`
	From     time.Time       `json:"from"` // of the period [From, To)
	To       time.Time       `json:"to"`
	Amount   decimal.Decimal `json:"amount"`         // whole minor units; negative: a loss, or taken back
	Currency string          `json:"currency"`       // ISO 4217
	Units    decimal.Decimal `json:"units,omitzero"` // claimed of the benefit's pool in the period, spread evenly over it
	Evidence Evidence        `json:"evidence"`
	Source   string          `json:"source,omitempty"`   // where to look; at most 1024 bytes of UTF-8 without NUL
	By       string          `json:"by,omitempty"`       // likewise
	Recorded time.Time       `json:"recorded"`           // never earlier than the entry's before
	Digest   Digest          `json:"digest"`             // of the ladder that it was booked under
	Reverses string          `json:"reverses,omitempty"` // ID of the entry that it takes back
}

// MarshalJSON returns the canonical encoding.
func (e Entry) MarshalJSON() ([]byte, error) {
	type plain Entry
	return canon.JSON(plain(e))
}
