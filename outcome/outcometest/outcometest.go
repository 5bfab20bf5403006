// Package outcometest is the suite that a host runs against its own storage for outcome.
//
//	func TestPlans(t *testing.T) {
//		outcometest.RunPlans(t, func(t *testing.T) outcome.Plans { return newStore(t) })
//	}
//
// Each case is named by the clause of the interface's comment that it holds the store to.
package outcometest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/outcome"
)

// RunPlans runs one subtest for each case of the clauses of [outcome.Plans]. newStore returns an empty store each time,
// such as func(t *testing.T) outcome.Plans { return new(outcome.Memory) }.
func RunPlans(t *testing.T, newStore func(t *testing.T) outcome.Plans) {
	t.Helper()
	conform.Run(t, newStore, planCases())
}

// CheckPlans runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckPlans(ctx context.Context, newStore func() (outcome.Plans, error)) error {
	return conform.Check(ctx, newStore, planCases())
}

// RunMeasurements runs one subtest for each case of the clauses of [outcome.Measurements]. newStore returns an empty
// store each time, such as func(t *testing.T) outcome.Measurements { return new(outcome.Memory) }.
func RunMeasurements(t *testing.T, newStore func(t *testing.T) outcome.Measurements) {
	t.Helper()
	conform.Run(t, newStore, measurementCases())
}

// CheckMeasurements runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckMeasurements(ctx context.Context, newStore func() (outcome.Measurements, error)) error {
	return conform.Check(ctx, newStore, measurementCases())
}

// writers is how many goroutines a case about concurrency starts.
const writers = 8

// ids are IDs in the order of their bytes that a store might take for one another.
func ids() []string {
	return []string{
		"A",
		"a",
		"a ",
		"cafe\u0301", // decomposed
		"caf\u00e9",  // composed
		strings.Repeat("z", 256),
	}
}

// at is a moment with microseconds, n seconds after the first.
func at(n int) time.Time {
	return time.Date(2026, 3, 29, 1, 59, 58, 123_456_000, time.UTC).Add(time.Duration(n) * time.Second)
}

// plan is a plan with all that a store could lose.
func plan(account, id string, version int64) outcome.Plan {
	target := &outcome.Target{Measure: "días", Unit: "d", Base: 0.1, Goal: 5e-324, Share: 0.1, Start: at(1), Due: at(2)}
	return outcome.Plan{
		Format: 1, Account: account, ID: id, Version: version, Recorded: at(int(version)),
		Template: "starter", Digest: outcome.Digest{1, 2, 3}, Proposed: outcome.Digest{4}, Start: at(0), Renewal: at(9),
		Outcomes: []outcome.Outcome{{
			ID: "o1", Statement: "Größer\n<b>&</b> \u2028 than \U0001f600 before", Horizon: outcome.Long, Weight: 1.0 / 3,
			Target: target, Vendor: "u ", Customer: "cafe\u0301", State: outcome.Paused, StateAt: at(3),
			Sponsors:     []outcome.Sponsor{{Name: "s", Role: "champion", Leaves: "ask t", Left: at(4), Successor: "t"}},
			Milestones:   []outcome.Milestone{{Name: "m1", Done: at(4)}, {Name: "m2", After: []string{"m1"}, Takes: 1500 * outcome.Duration(time.Microsecond), Due: at(5)}},
			Verification: outcome.Verification{Level: outcome.Confirmed, By: "c", At: at(6), Until: at(7)},
		}},
		Promises: []outcome.Promise{
			{ID: "p1", Text: "as sold", Amount: decimal.RequireFromString("40000.100"), Currency: "EUR", At: at(0), Answers: []string{"o1"}},
			{ID: "p2", Text: "as sold", Amount: decimal.RequireFromString("0.000000000000000001"), Currency: "KWD", At: at(0),
				Waived: &outcome.Waiver{By: "c", At: at(8)}},
		},
		Signatures: []outcome.Signature{{Role: "customer", By: "c", At: at(2), Terms: outcome.Digest{4}}},
		Scope: []outcome.ScopeChange{{Outcome: "o1", By: "u", Reason: "later", At: at(5), After: target,
			Asks: []string{"customer"}, Terms: outcome.Digest{5}}},
	}
}

// samePlan compares by canonical JSON.
func samePlan(got, want outcome.Plan) error {
	g, err := got.MarshalJSON()
	if err != nil {
		return fmt.Errorf("got a plan without canonical JSON: %w", err)
	}
	w, err := want.MarshalJSON()
	if err != nil {
		return err
	}
	if !bytes.Equal(g, w) {
		return fmt.Errorf("got plan\n%s, want\n%s", g, w)
	}
	return nil
}

// together runs f in as many goroutines as there are writers, and returns what each returned.
func together(f func(i int) error) []error {
	errs := make([]error, writers)
	var start, done sync.WaitGroup
	start.Add(1)
	for i := range writers {
		done.Go(func() {
			start.Wait()
			errs[i] = f(i)
		})
	}
	start.Done()
	done.Wait()
	return errs
}
