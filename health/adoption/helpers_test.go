package adoption_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// from is a Sunday, and the first of the 28 days of usage.
var from = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)

var emptyIsNil = cmpopts.EquateEmpty()

// plan has every kind of part.
func plan() adoption.Plan {
	return adoption.Plan{
		Format: 1, Name: "product", MinUses: 3, MinDays: 2,
		Workdays: []adoption.Weekday{adoption.Monday, adoption.Tuesday, adoption.Wednesday, adoption.Thursday, adoption.Friday},
		Processes: []adoption.Process{
			{Name: "invoicing", Features: []string{"feature-001", "feature-002"}, Uses: 2, Users: 2},
			{Name: "closing", Features: []string{"feature-003"}, Uses: 1, Users: 1},
		},
		Moments: []adoption.Moment{
			{Name: "aha", Within: 7 * health.Day, Steps: []adoption.Step{{Feature: "feature-001", Uses: 3}, {Feature: "feature-002", Uses: 1}}},
		},
		Tasks: []adoption.Task{{Name: "connect", Feature: "feature-004", Uses: 1}, {Name: "invite", Feature: "feature-005", Uses: 2}},
		SelfService: &adoption.SelfService{
			Resolved: []string{"feature-006"}, Escalated: []string{"feature-007"},
		},
	}
}

func compile(t testing.TB, p adoption.Plan) *adoption.Model {
	t.Helper()
	m, err := adoption.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func usage(t testing.TB, m *adoption.Model) *adoption.Usage {
	t.Helper()
	u, err := m.NewUsage(from, 28, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
