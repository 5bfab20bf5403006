package outcome_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// on is midnight of a day in 2026, UTC.
func on(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
}

// signers is a template with two roles that sign on our side, one on the customer's, and one that does not sign.
func signers() outcome.Template {
	return outcome.Template{
		Format: 1, Name: "signers",
		Roles: []outcome.Role{
			{Name: "sales", Side: outcome.Vendor, Signs: true},
			{Name: "success", Side: outcome.Vendor, Signs: true},
			{Name: "support", Side: outcome.Vendor},
			{Name: "customer", Side: outcome.Customer, Signs: true},
		},
	}
}

func mustCompile(tb testing.TB, t outcome.Template) *outcome.Model {
	tb.Helper()
	m, err := outcome.Compile(t)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// mustPropose makes a plan of account acme that starts on 1 January 2026.
func mustPropose(tb testing.TB, m *outcome.Model, outcomes ...outcome.Outcome) outcome.Plan {
	tb.Helper()
	p, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1), Outcomes: outcomes})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func mustAssess(tb testing.TB, m *outcome.Model, p outcome.Plan, s outcome.Series, asOf time.Time) outcome.Assessment {
	tb.Helper()
	a, err := m.Assess(outcome.Input{Account: p.Account, Plan: p, Series: s}, asOf)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// aim is an outcome of weight 1 with a target.
func aim(id string, t outcome.Target) outcome.Outcome {
	return outcome.Outcome{ID: id, Statement: "We reach " + id + ".", Weight: 1, Target: &t}
}

// measured is a series with one value a step.
func measured(from time.Time, step time.Duration, values ...float64) []outcome.Measurement {
	var ms []outcome.Measurement
	for i, v := range values {
		at := from.Add(time.Duration(i) * step)
		ms = append(ms, outcome.Measurement{Measure: "m", At: at, Value: v, Recorded: at})
	}
	return ms
}

func mustJSON(tb testing.TB, v any) string {
	tb.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

// ruleOf returns the rule that refused, or "".
func ruleOf(err error) string {
	var refused *outcome.RefusedError
	if errors.As(err, &refused) {
		return refused.Rule
	}
	return ""
}

const day = 24 * time.Hour

func join(s []string) string { return strings.Join(s, ",") }
