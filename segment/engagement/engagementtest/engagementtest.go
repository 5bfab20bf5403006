// Package engagementtest is the suite that a host runs against its own storage for engagement.
package engagementtest

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// RunTouches runs one subtest for each clause of [engagement.Touches]. newStore returns an empty store.
func RunTouches(t *testing.T, newStore func(t *testing.T) engagement.Touches) {
	t.Helper()
	conform.Run(t, newStore, cases())
}

// CheckTouches runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckTouches(ctx context.Context, newStore func() (engagement.Touches, error)) error {
	return conform.Check(ctx, newStore, cases())
}
