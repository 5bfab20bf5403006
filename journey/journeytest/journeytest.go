// Package journeytest is the suite that a host runs against its own storage for journey.
package journeytest

import (
	"context"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey"
)

// RunLog runs one subtest for each clause of [journey.Log]. newStore returns an empty store.
func RunLog(t *testing.T, newStore func(t *testing.T) journey.Log) { panic("unbuilt") }

// CheckLog runs the same table outside of a test. The error joins all failures, each with its clause.
func CheckLog(ctx context.Context, newStore func() (journey.Log, error)) error { panic("unbuilt") }
