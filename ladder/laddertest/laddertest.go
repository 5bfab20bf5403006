// Package laddertest is the suite that a host runs against its own storage for ladder.
//
//	func TestLedger(t *testing.T) {
//		laddertest.RunLedger(t, func(t *testing.T) ladder.Ledger { return newStore(t) })
//	}
//
// Each case is named by the clause of the interface's comment that it holds the store to.
package laddertest

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// RunLedger runs one subtest for each demand of the clauses of [ladder.Ledger]. newStore returns an empty store
// each time, such as func(t *testing.T) ladder.Ledger { return new(ladder.Memory) }.
func RunLedger(t *testing.T, newStore func(t *testing.T) ladder.Ledger) {
	t.Helper()
	conform.Run(t, newStore, ledger().Cases())
}

// CheckLedger runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckLedger(ctx context.Context, newStore func() (ladder.Ledger, error)) error {
	return conform.Check(ctx, newStore, ledger().Cases())
}
