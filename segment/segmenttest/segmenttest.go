// Package segmenttest is the suite that a host runs against its own storage for segment.
package segmenttest

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/segment"
)

// RunAssignments runs one subtest for each clause of [segment.Assignments]. newStore returns an empty store.
func RunAssignments(t *testing.T, newStore func(t *testing.T) segment.Assignments) {
	t.Helper()
	conform.Run(t, newStore, cases())
}

// CheckAssignments runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckAssignments(ctx context.Context, newStore func() (segment.Assignments, error)) error {
	return conform.Check(ctx, newStore, cases())
}
