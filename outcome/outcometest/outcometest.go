// Package outcometest is the suite that a host runs against its own storage for outcome.
package outcometest

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// RunPlans runs one subtest for each clause of [outcome.Plans]. newStore returns an empty store.
func RunPlans(t *testing.T, newStore func(t *testing.T) outcome.Plans) { panic("unbuilt") }

// CheckPlans runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckPlans(ctx context.Context, newStore func() (outcome.Plans, error)) error { panic("unbuilt") }

// RunMeasurements runs one subtest for each clause of [outcome.Measurements]. newStore returns an empty store.
func RunMeasurements(t *testing.T, newStore func(t *testing.T) outcome.Measurements) {
	panic("unbuilt")
}

// CheckMeasurements runs the same table outside of a test.
func CheckMeasurements(ctx context.Context, newStore func() (outcome.Measurements, error)) error {
	panic("unbuilt")
}
