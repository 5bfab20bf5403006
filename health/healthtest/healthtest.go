// Package healthtest is the suite that a host runs against its own storage for health.
//
//	func TestHistory(t *testing.T) {
//		healthtest.RunHistory(t, func(t *testing.T) health.History { return newTables(t) })
//	}
//
// Each subtest is named by the clause of [health.History], [health.Source] or [health.BulkSource] that it tests. The Check
// functions run the same cases outside of tests, such as at the start of a program.
//
// What comes back from a store is compared by its canonical JSON, so that a store may keep records as such.
package healthtest

import (
	"context"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

// A Row is one revision of one reading, for building a Source.
type Row struct {
	Account  string
	Since    time.Time // start of the relationship, the same in all rows of an account
	Measure  string
	Reading  health.Reading // always dated
	Recorded time.Time
}

// RunHistory runs one subtest for each demand of the clauses of [health.History]. newStore returns an empty store.
func RunHistory(t *testing.T, newStore func(t *testing.T) health.History) {
	conform.Run(t, newStore, historyCases())
}

// CheckHistory runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckHistory(ctx context.Context, newStore func() (health.History, error)) error {
	return conform.Check(ctx, newStore, historyCases())
}

// maker builds the source that a case asks for.
type maker func(rows []Row) (health.Source, error)

// RunSource runs one subtest for each demand of the clauses of [health.Source] and of [health.BulkSource], the latter
// through [health.Inputs], so that they hold for any source. newSource returns a source that holds the rows.
func RunSource(t *testing.T, newSource func(t *testing.T, rows []Row) health.Source) {
	conform.Run(t, func(t *testing.T) maker {
		return func(rows []Row) (health.Source, error) { return newSource(t, rows), nil }
	}, append(sourceCases(), bulkCases()...))
}

// CheckSource runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckSource(ctx context.Context, newSource func(rows []Row) (health.Source, error)) error {
	return conform.Check(ctx, func() (maker, error) { return newSource, nil }, append(sourceCases(), bulkCases()...))
}
