// Package healthtest is the suite that a host runs against its own storage for health.
package healthtest

import (
	"context"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// A Row is one revision of one reading, for building a Source.
type Row struct {
	Account  string
	Since    time.Time
	Measure  string
	Reading  health.Reading
	Recorded time.Time
}

// RunHistory runs one subtest for each clause of [health.History]. newStore returns an empty store.
func RunHistory(t *testing.T, newStore func(t *testing.T) health.History) { panic("unbuilt") }

// CheckHistory runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckHistory(ctx context.Context, newStore func() (health.History, error)) error {
	panic("unbuilt")
}

// RunSource runs one subtest for each clause of [health.Source]. newSource returns a source that holds the rows.
func RunSource(t *testing.T, newSource func(t *testing.T, rows []Row) health.Source) {
	panic("unbuilt")
}

// CheckSource runs the same table outside of a test.
func CheckSource(ctx context.Context, newSource func(rows []Row) (health.Source, error)) error {
	panic("unbuilt")
}
