// Package journeytest is the suite that a host runs against its own storage for journey.
package journeytest

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/journey"
)

// RunLog runs one subtest for each demand of the clauses of [journey.Log]. newStore returns an empty store.
func RunLog(t *testing.T, newStore func(t *testing.T) journey.Log) {
	t.Helper()
	conform.Run(t, newStore, cases())
}

// CheckLog runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckLog(ctx context.Context, newStore func() (journey.Log, error)) error {
	return conform.Check(ctx, newStore, cases())
}
