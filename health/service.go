package health

import (
	"context"
	"iter"
	"time"
)

// Options are a Monitor's. The zero value is the default.
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

// A Monitor scores accounts and keeps what came out: a Model over a Source and a History.
// It owns nothing that the host could not rebuild, starts no goroutine and is safe for concurrent use.
type Monitor struct {
	// fields to come
}

// NewMonitor returns a Monitor. It returns an error if the model or a store is nil.
func NewMonitor(m *Model, s Source, h History, o Options) (*Monitor, error) { panic("unbuilt") }

// Check reads an account's input as of an instant, scores it, settles it against the last record, appends the new
// record and returns it with its events. Asked again for the same instant it returns the stored record.
//
// Check returns an error if:
//   - the source does not know the account, or its data is wrong (*DataError);
//   - a record of a later instant is there, and none of this one (*RefusedError, rule "in_order");
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - a store failed, or ctx ended.
func (m *Monitor) Check(ctx context.Context, account string, asOf time.Time) (Record, error) {
	panic("unbuilt")
}

// CheckAll checks each account as it arrives. One account's failure sits in its Item; the sequence's error comes
// once, last, when accounts itself fails or ctx ends.
func (m *Monitor) CheckAll(ctx context.Context, accounts iter.Seq2[string, error], asOf time.Time) iter.Seq2[Item, error] {
	panic("unbuilt")
}
