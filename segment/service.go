package segment

import (
	"context"
	"iter"
	"time"
)

// Options are a Roster's. The zero value is the default.
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

// A Roster keeps who is in which segment: a Model over Assignments. It owns nothing that the host could not rebuild,
// starts no goroutine and is safe for concurrent use.
type Roster struct {
	// fields to come
}

// NewRoster returns a Roster. It returns an error if the model or the store is nil.
func NewRoster(m *Model, a Assignments, o Options) (*Roster, error) { panic("unbuilt") }

// Check classifies an account as of an instant, settles the verdict against the last record, appends the new record and
// returns it with its events. Asked again for the same instant it returns the stored record.
//
// Check returns an error if:
//   - the account's data is wrong (*DataError);
//   - a record of a later instant is there, and none of this one (*RefusedError, rule "in_order");
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the store failed, or ctx ended.
func (r *Roster) Check(ctx context.Context, in Input, asOf time.Time) (Record, error) {
	panic("unbuilt")
}

// CheckAll checks each input as it arrives. One account's failure sits in its Item; the sequence's error comes once,
// last, when inputs itself fails or ctx ends.
func (r *Roster) CheckAll(ctx context.Context, inputs iter.Seq2[Input, error], asOf time.Time) iter.Seq2[Item, error] {
	panic("unbuilt")
}

// Pin keeps an account in a segment until p.Until, as of p.From. It is refused for a segment that the scheme does not
// have, without author or reason, and before the last record.
func (r *Roster) Pin(ctx context.Context, account string, p Pin) (Record, error) { panic("unbuilt") }

// Approve lets the pending move of an account happen as of an instant. It is refused where none is pending.
func (r *Roster) Approve(ctx context.Context, account, by string, at time.Time) (Record, error) {
	panic("unbuilt")
}
