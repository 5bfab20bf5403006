package ladder

import (
	"context"
	"time"
)

// Options are those of Books. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3
	Observe Observer         // nil is silent
}

// An Observer is told of each operation before it starts; the function that it returns, of its end.
// It may put a span into the context. It must be safe for concurrent use.
type Observer func(ctx context.Context, op Op) (context.Context, func(error))

// An Op is an operation of a service.
type Op struct {
	Name    string // such as "check"
	Account string // "" for an operation over many
	Done    int    // accounts done so far, in an operation over many
}

// Books keep the value that was booked: a Model over a Ledger. They own nothing that the host could not rebuild,
// start no goroutine and are safe for concurrent use.
type Books struct {
	// fields to come
}

// NewBooks returns Books. It returns an error if the model or the ledger is nil.
func NewBooks(m *Model, l Ledger, o Options) (*Books, error) { panic("unbuilt") }

// Post books an entry; Format, Recorded, Digest and Currency are filled in. The same entry again is a no-op.
// quantities are read for the capacity of the entry's pool, where that is not a constant; nil otherwise.
//
// Post returns an error if:
//   - its period overlaps that of an unreversed entry of the same benefit (*RefusedError, rule "overlap");
//   - it would take its pool above capacity together with what is posted (*RefusedError, rule "pool");
//   - it is wrong in itself, or its ID is another entry's (*DataError);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the ledger failed, or ctx ended.
func (b *Books) Post(ctx context.Context, e Entry, quantities Quantities) (Entry, error) {
	panic("unbuilt")
}

// Reverse takes an entry back: the same period, the amount and units negated, an ID that derives from the entry's, so
// that it happens once. A reversal can't be reversed (*RefusedError, rule "reversal"): post anew.
func (b *Books) Reverse(ctx context.Context, account, id, by, source string) (Entry, error) {
	panic("unbuilt")
}

// Balance sums what is booked for an account, by benefit and evidence class, over the entries whose period lies within
// [from, to) and that were recorded at or before knownAt. A zero bound is none.
func (b *Books) Balance(ctx context.Context, account string, from, to, knownAt time.Time) (Balance, error) {
	panic("unbuilt")
}
