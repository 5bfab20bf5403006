package outcome_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestPropose(t *testing.T) {
	m := mustCompile(t, outcome.Starter())
	own := m.Template().Outcomes[1]
	own.Target.Base, own.State, own.Verification.Level = 12, outcome.Achieved, outcome.Confirmed
	added := aim("added", outcome.Target{Measure: "m", Goal: 1, Due: on(6, 1).Add(500 * time.Nanosecond)})
	start := time.Date(2026, 1, 1, 1, 0, 0, 123, time.FixedZone("east", 3600))
	p, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: start, Renewal: on(12, 31), Outcomes: []outcome.Outcome{own, added}})
	if err != nil {
		t.Fatal(err)
	}
	if got := states(p); got != "in-use draft, case-time draft, yearly-value draft, added draft" {
		t.Errorf("outcomes %s", got)
	}
	if o := p.Outcomes[1]; o.Target.Base != 12 || o.Target.Due != on(1, 1).Add(180*day) || o.Verification != (outcome.Verification{}) {
		t.Errorf("the replaced outcome is %+v with target %+v", o, *o.Target)
	}
	if p.Start != on(1, 1) || p.Outcomes[3].Target.Due != on(6, 1) {
		t.Errorf("start %v and due %v are not in UTC and microseconds", p.Start, p.Outcomes[3].Target.Due)
	}
	if p.Digest != m.Digest() || p.Template != "starter" || p.TemplateVersion != "1" || p.Proposed != p.Terms() || p.Version != 0 {
		t.Errorf("plan %+v", p)
	}
	added.Target.Goal = 99
	if p.Outcomes[3].Target.Goal != 1 {
		t.Error("the plan holds what the proposal points to")
	}
}

func TestProposeRefusesWrongTerms(t *testing.T) {
	m := mustCompile(t, outcome.Starter())
	wrong := aim("a", outcome.Target{Measure: "m", Goal: 1, Due: on(2, 1)})
	wrong.DueIn, wrong.Desired = outcome.Day, "efort"
	_, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1),
		Outcomes: []outcome.Outcome{wrong, aim("a", outcome.Target{Measure: "m"})},
		Promises: []outcome.Promise{
			{ID: "q", Text: "t", Amount: decimal.NewFromInt(1), Currency: "XXX", At: on(1, 1), Answers: []string{"in-use", "a", "in-us"}},
			{ID: "q", At: on(1, 1)},
		}})
	want := []outcome.Problem{
		{Pointer: "/outcomes/0/desired", Message: `there is no desired outcome "efort": did you mean "effort"?`},
		{Pointer: "/outcomes/0/due_in", Message: "is there beside target/due"},
		{Pointer: "/outcomes/1/id", Message: `"a" is the ID of element 0 already`},
		{Pointer: "/outcomes/1/target/band", Message: "must be above 0 and finite, since the goal is the base; not 0"},
		{Pointer: "/promises/0/currency", Message: `must be a code of ISO 4217, not "XXX"`},
		{Pointer: "/promises/0/answers/2", Message: `there is no outcome "in-us": did you mean "in-use"?`},
		{Pointer: "/promises/1/id", Message: `"q" is the ID of element 0 already`},
		{Pointer: "/promises/1/text", Message: "is missing"},
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestProposeRefusesWrongData(t *testing.T) {
	m := mustCompile(t, outcome.Starter())
	for want, change := range map[string]func(*outcome.Proposal){
		"account: is empty":                                func(q *outcome.Proposal) { q.Account = "" },
		"plan: has 257 bytes":                              func(q *outcome.Proposal) { q.ID = strings.Repeat("x", 257) },
		"start: is zero":                                   func(q *outcome.Proposal) { q.Start = time.Time{} },
		"renewal: must be after the start":                 func(q *outcome.Proposal) { q.Renewal = q.Start },
		"at /outcomes/0/target/due: year 10000 is outside": func(q *outcome.Proposal) { q.Start = time.Date(9999, 12, 1, 0, 0, 0, 0, time.UTC) },
	} {
		q := outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1)}
		change(&q)
		_, err := m.Propose(q)
		var data *outcome.DataError
		if !errors.As(err, &data) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a DataError with %s", err, want)
		}
	}
}
