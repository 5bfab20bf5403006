package outcome

import (
	"context"
	"time"
)

// Options are a Planner's. The zero value is the default.
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

// A Planner keeps accounts' plans: a Model over Plans and Measurements. It owns nothing that the host could not
// rebuild, starts no goroutine and is safe for concurrent use.
type Planner struct {
	// fields to come
}

// NewPlanner returns a Planner. It returns an error if the model or a store is nil.
func NewPlanner(m *Model, p Plans, s Measurements, o Options) (*Planner, error) { panic("unbuilt") }

// Propose makes a draft plan from the template and saves it. The same proposal again returns the stored plan;
// another under the ID of a stored plan is ErrConflict.
func (p *Planner) Propose(ctx context.Context, q Proposal) (Plan, error) { panic("unbuilt") }

// Update loads a plan, applies a transition of the model and saves what comes out; step may run more than once.
// A step that changes nothing saves nothing.
//
// Update returns an error if:
//   - there is no such plan (*DataError), or the step refuses (its own error);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - a store failed, or ctx ended.
func (p *Planner) Update(ctx context.Context, account, plan string, step func(*Model, Plan) (Plan, error)) (Plan, error) {
	panic("unbuilt")
}

// Check loads a plan and what was measured, as known at the Planner's own time, and assesses it as of an instant.
func (p *Planner) Check(ctx context.Context, account, plan string, asOf time.Time) (Assessment, error) {
	panic("unbuilt")
}
