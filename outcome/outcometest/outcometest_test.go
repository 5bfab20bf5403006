package outcometest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestMemory(t *testing.T) {
	RunPlans(t, func(*testing.T) outcome.Plans { return new(outcome.Memory) })
	RunMeasurements(t, func(*testing.T) outcome.Measurements { return new(outcome.Memory) })
}

func TestCheck(t *testing.T) {
	err := errors.Join(
		CheckPlans(t.Context(), func() (outcome.Plans, error) { return new(outcome.Memory), nil }),
		CheckMeasurements(t.Context(), func() (outcome.Measurements, error) { return new(outcome.Memory), nil }),
	)
	if err != nil {
		t.Error(err)
	}
	broken := func() (outcome.Plans, error) {
		return &brokenPlans{save: func(context.Context, int64, outcome.Plan) error { return nil }}, nil
	}
	if err := CheckPlans(t.Context(), broken); err == nil || !strings.Contains(err.Error(), "clause P1") {
		t.Errorf("a store that saves nothing: got %v, want an error that names P1", err)
	}
	failing := func() (outcome.Measurements, error) { return nil, errors.New("no disk") }
	if err := CheckMeasurements(t.Context(), failing); err == nil || !strings.Contains(err.Error(), "no disk") {
		t.Errorf("a store that can't be made: got %v, want its error", err)
	}
}
