package journey

import (
	"context"
	"time"
)

// Options are a Tracker's. The zero value is the default.
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

// A Tracker keeps accounts' journeys: a Model over a Log. It owns nothing that the host could not rebuild,
// starts no goroutine and is safe for concurrent use. Each method loads the track, appends what follows and
// returns the decision; a repeated call appends nothing. It returns an error if:
//   - the account's data is wrong (*DataError), or a rule forbids the step (*RefusedError);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the log failed, or ctx ended.
type Tracker struct {
	// fields to come
}

// NewTracker returns a Tracker. It returns an error if the model or the log is nil.
func NewTracker(m *Model, l Log, o Options) (*Tracker, error) { panic("unbuilt") }

// Start begins an account's journey in a phase; "" is the map's first.
func (t *Tracker) Start(ctx context.Context, account, phase string, at time.Time) error {
	panic("unbuilt")
}

// Check loads the account's track into in, decides as of an instant and appends the decision's events.
// A signal observed earlier than what is known already is a late observation: it re-folds needs and clocks.
func (t *Tracker) Check(ctx context.Context, in Input, asOf time.Time) (Decision, error) {
	panic("unbuilt")
}

// Attest records a person's evidence for a milestone or a move.
func (t *Tracker) Attest(ctx context.Context, account string, e Evidence) error { panic("unbuilt") }

// Withdraw takes evidence back as of e.At.
func (t *Tracker) Withdraw(ctx context.Context, account string, e Evidence) error { panic("unbuilt") }

// Pause stops the account's clock from at on.
func (t *Tracker) Pause(ctx context.Context, account, by, note string, at time.Time) error {
	panic("unbuilt")
}

// Resume lets it run again from at on.
func (t *Tracker) Resume(ctx context.Context, account, by string, at time.Time) error {
	panic("unbuilt")
}

// End ends the journey, as when a customer has left.
func (t *Tracker) End(ctx context.Context, account, by, note string, at time.Time) error {
	panic("unbuilt")
}
