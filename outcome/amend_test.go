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

// agreedPlan has outcomes "a" (owned by success and the customer), "b" (owned by a person who signed for sales) and "c"
// (owned by someone unknown), all in progress.
func agreedPlan(t *testing.T, m *outcome.Model) outcome.Plan {
	t.Helper()
	a, b, c := aim("a", outcome.Target{Measure: "m", Base: 84, Goal: 30}), aim("b", outcome.Target{Measure: "n", Goal: 1}), aim("c", outcome.Target{Measure: "o", Goal: 1})
	a.Vendor, a.Customer = "success", "customer"
	b.Vendor, b.Customer = "u-sales", "customer"
	c.Vendor, c.Customer = "u-new", "customer"
	p := mustPropose(t, m, a, b, c)
	for _, s := range [][2]string{{"sales", "u-sales"}, {"success", "u-success"}, {"customer", "c-1"}} {
		var err error
		if p, err = m.Sign(p, s[0], s[1], on(1, 10)); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"a", "b", "c"} {
		var err error
		if p, err = m.Activate(p, id, on(1, 11)); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func states(p outcome.Plan) string {
	var s []string
	for _, o := range p.Outcomes {
		s = append(s, o.ID+" "+string(o.State))
	}
	return strings.Join(s, ", ")
}

func TestAmendAsksThoseConcerned(t *testing.T) {
	m := mustCompile(t, signers())
	tests := []struct {
		name, id string
		change   func(*outcome.Outcome)
		asks     []string
	}{
		{"owner is a role", "a", func(o *outcome.Outcome) { o.Target.Goal = 20 }, []string{"success", "customer"}},
		{"owner signed for a role", "b", func(o *outcome.Outcome) { o.Statement = "Other." }, []string{"sales", "customer"}},
		{"owner is unknown", "c", func(o *outcome.Outcome) { o.Weight = 2 }, []string{"sales", "success", "customer"}},
		{"old and new owner", "a", func(o *outcome.Outcome) { o.Vendor = "sales" }, []string{"sales", "success", "customer"}},
		{"a new outcome", "d", func(o *outcome.Outcome) { o.Vendor = "sales" }, []string{"sales", "customer"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := agreedPlan(t, m)
			o := aim(tt.id, outcome.Target{Measure: "d", Goal: 5})
			for i := range p.Outcomes {
				if p.Outcomes[i].ID == tt.id {
					o = p.Outcomes[i]
					target := *o.Target
					o.Target = &target
				}
			}
			tt.change(&o)
			next, err := m.Amend(p, outcome.Amendment{Outcome: o, By: "u-success", Reason: "learned", At: on(3, 1)})
			if err != nil {
				t.Fatal(err)
			}
			if last := next.Outcomes[len(next.Outcomes)-1]; last.ID == "d" && !last.StateAt.Equal(on(3, 1)) {
				t.Errorf("the new outcome is a draft since %v", last.StateAt)
			}
			if diff := cmp.Diff(tt.asks, next.Scope[0].Asks); diff != "" {
				t.Errorf("asks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.asks, mustAssess(t, m, next, nil, on(3, 2)).Unsigned); diff != "" {
				t.Errorf("unsigned (-want +got):\n%s", diff)
			}
			for _, role := range tt.asks {
				for _, o := range next.Outcomes {
					if want := map[bool]outcome.State{true: outcome.Draft, false: outcome.InProgress}[o.ID == tt.id]; o.State != want {
						t.Errorf("before %s signs %q is %s, want %s", role, o.ID, o.State, want)
					}
				}
				if next, err = m.Sign(next, role, "someone", on(3, 2)); err != nil {
					t.Fatal(err)
				}
			}
			if got := states(next); strings.Contains(got, "draft") || !strings.Contains(got, tt.id+" agreed") {
				t.Errorf("after all signed: %s", got)
			}
			if got := mustAssess(t, m, next, nil, on(3, 2)).Unsigned; got != nil {
				t.Errorf("after all signed, unsigned: %q", got)
			}
		})
	}
}

// TestOldAndNewTarget has its attainments by hand: 57 is (57-84)/(30-84) = 1/2 under the old target and
// (57-84)/(75-84) = 3 under the new.
func TestOldAndNewTarget(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	p, err := m.Attest(p, "a", outcome.Verification{Level: outcome.Confirmed, By: "c-1", At: on(2, 1)})
	if err != nil {
		t.Fatal(err)
	}
	o := p.Outcomes[0]
	target := *o.Target
	target.Goal = 75
	o.Target = &target
	amended, err := m.Amend(p, outcome.Amendment{Outcome: o, By: "u-success", Reason: "too far", At: on(3, 1)})
	if err != nil {
		t.Fatal(err)
	}
	change := amended.Scope[0]
	if change.Terms != amended.Terms() || change.Terms == p.Terms() || amended.Proposed != p.Terms() {
		t.Errorf("terms: proposed %v, logged %v, present %v", amended.Proposed, change.Terms, amended.Terms())
	}
	if amended.Outcomes[0].Verification != (outcome.Verification{}) {
		t.Error("the verification of the old terms is still there")
	}
	old := amended
	old.Outcomes = []outcome.Outcome{amended.Outcomes[0]}
	old.Outcomes[0].Target = change.Before
	series := outcome.SeriesMap{"m": measured(on(2, 1), day, 57)}
	for _, c := range []struct {
		plan outcome.Plan
		want float64
	}{{amended, 3}, {old, 0.5}} {
		if got := mustAssess(t, m, c.plan, series, on(3, 1)).Outcomes[0].Raw; got != c.want {
			t.Errorf("raw %v, want %v", got, c.want)
		}
	}
	if _, err := m.Attest(amended, "a", outcome.Verification{Level: outcome.Claimed, By: "u", At: on(2, 20)}); ruleOf(err) != "agreed_first" {
		t.Errorf("attested as a draft: got %v", err)
	}
	if _, err := m.Attest(amended, "b", outcome.Verification{Level: outcome.Claimed, By: "u", At: on(2, 20)}); err != nil {
		t.Errorf("a verification of another outcome: got %v", err)
	}
	for _, role := range change.Asks {
		if amended, err = m.Sign(amended, role, "someone", on(3, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if amended, err = m.Activate(amended, "a", on(3, 3)); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Attest(amended, "a", outcome.Verification{Level: outcome.Claimed, By: "u", At: on(2, 20)}); ruleOf(err) != "in_order" {
		t.Errorf("a verification older than the terms: got %v, want refused by in_order", err)
	}
}

// TestThereAndBack amends to other terms and back: who signed the first and not the second has agreed to the present ones.
func TestThereAndBack(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	first := p.Outcomes[0]
	other := first
	other.Statement = "Another."
	for i, o := range []outcome.Outcome{other, first} {
		var err error
		if p, err = m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "r", At: on(3, 1+i)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := states(p); got != "a agreed, b in_progress, c in_progress" || len(p.Scope) != 2 {
		t.Errorf("got %s and %d changes", got, len(p.Scope))
	}
	// Success signs the other terms on the way, and so has to sign the first ones again.
	p = agreedPlan(t, m)
	p, _ = m.Amend(p, outcome.Amendment{Outcome: other, By: "u", Reason: "r", At: on(3, 1)})
	p, _ = m.Sign(p, "success", "u-success", on(3, 2))
	p, err := m.Amend(p, outcome.Amendment{Outcome: first, By: "u", Reason: "r", At: on(3, 3)})
	if err != nil {
		t.Fatal(err)
	}
	if got := mustAssess(t, m, p, nil, on(3, 4)).Unsigned; !cmp.Equal(got, []string{"success"}) {
		t.Errorf("unsigned %q, want success", got)
	}
}

func TestDrop(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	p.Promises = []outcome.Promise{{ID: "sold", Text: "As sold.", Amount: decimal.NewFromInt(9), Currency: "EUR", At: on(1, 1), Answers: []string{"a", "b"}}}
	p, err := m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "a"}, Drop: true, By: "u", Reason: "no use", At: on(3, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if got := states(p); got != "b in_progress, c in_progress" {
		t.Errorf("got %s", got)
	}
	if got := p.Promises[0].Answers; !cmp.Equal(got, []string{"b"}) {
		t.Errorf("the promise is answered by %q", got)
	}
	again, err := m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "a"}, Drop: true, By: "u", Reason: "no use", At: on(3, 1).Add(999)})
	if diff := cmp.Diff(p, again); err != nil || diff != "" {
		t.Errorf("dropped again: %v (-first +second):\n%s", err, diff)
	}
	for name, other := range map[string]outcome.Amendment{
		"another reason":  {Outcome: outcome.Outcome{ID: "a"}, Drop: true, By: "u", Reason: "no time", At: on(3, 1)},
		"another time":    {Outcome: outcome.Outcome{ID: "a"}, Drop: true, By: "u", Reason: "no use", At: on(3, 2)},
		"another outcome": {Outcome: outcome.Outcome{ID: "z"}, Drop: true, By: "u", Reason: "no use", At: on(3, 1)},
	} {
		if _, err := m.Amend(p, other); ruleOf(err) != "known_outcome" {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if c := p.Scope[0]; c.Outcome != "a" || c.Before == nil || c.Before.Goal != 30 || c.After != nil {
		t.Errorf("logged %+v", c)
	}
}

func TestTerms(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	p.Promises = []outcome.Promise{{ID: "sold", Text: "As sold.", Amount: decimal.NewFromInt(9), Currency: "EUR", At: on(1, 1)}}
	tests := []struct {
		name   string
		change func(*outcome.Plan)
		agreed bool // part of the terms
	}{
		{"statement", func(p *outcome.Plan) { p.Outcomes[0].Statement = "x" }, true},
		{"weight", func(p *outcome.Plan) { p.Outcomes[0].Weight = 2 }, true},
		{"horizon", func(p *outcome.Plan) { p.Outcomes[0].Horizon = outcome.Long }, true},
		{"persona", func(p *outcome.Plan) { p.Outcomes[0].Persona = "x" }, true},
		{"goal", func(p *outcome.Plan) { p.Outcomes[0].Target.Goal = 29 }, true},
		{"due", func(p *outcome.Plan) { p.Outcomes[0].Target.Due = on(9, 1) }, true},
		{"no target", func(p *outcome.Plan) { p.Outcomes[0].Target = nil }, true},
		{"vendor", func(p *outcome.Plan) { p.Outcomes[0].Vendor = "x" }, true},
		{"customer", func(p *outcome.Plan) { p.Outcomes[0].Customer = "x" }, true},
		{"another outcome", func(p *outcome.Plan) { p.Outcomes = p.Outcomes[:2] }, true},
		{"promise's text", func(p *outcome.Plan) { p.Promises[0].Text = "x" }, true},
		{"promise's amount", func(p *outcome.Plan) { p.Promises[0].Amount = decimal.NewFromInt(8) }, true},
		{"promise's currency", func(p *outcome.Plan) { p.Promises[0].Currency = "USD" }, true},
		{"another account", func(p *outcome.Plan) { p.Account = "x" }, true},
		{"zeros of an amount", func(p *outcome.Plan) { p.Promises[0].Amount = decimal.New(900, -2) }, false},
		{"time zone", func(p *outcome.Plan) { p.Promises[0].At = p.Promises[0].At.In(time.FixedZone("east", 3600)) }, false},
		{"answers", func(p *outcome.Plan) { p.Promises[0].Answers = []string{"a"} }, false},
		{"evidence", func(p *outcome.Plan) { p.Promises[0].Evidence = "x" }, false},
		{"waiver", func(p *outcome.Plan) { p.Promises[0].Waived = &outcome.Waiver{By: "x", At: on(2, 1)} }, false},
		{"state", func(p *outcome.Plan) { p.Outcomes[0].State = outcome.Missed }, false},
		{"verification", func(p *outcome.Plan) { p.Outcomes[0].Verification.Level = outcome.Claimed }, false},
		{"milestone done", func(p *outcome.Plan) { p.Outcomes[0].Milestones = []outcome.Milestone{{Name: "x", Done: on(2, 1)}} }, false},
		{"risk", func(p *outcome.Plan) { p.Outcomes[0].Risk = "x" }, false},
		{"signatures", func(p *outcome.Plan) { p.Signatures = nil }, false},
		{"version", func(p *outcome.Plan) { p.Version = 9 }, false},
		{"renewal", func(p *outcome.Plan) { p.Renewal = on(12, 31) }, false},
	}
	want := p.Terms()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := agreedPlan(t, m)
			p.Promises = []outcome.Promise{{ID: "sold", Text: "As sold.", Amount: decimal.NewFromInt(9), Currency: "EUR", At: on(1, 1)}}
			tt.change(&p)
			if got := p.Terms(); (got != want) != tt.agreed {
				t.Errorf("terms changed: %v, want %v", got != want, tt.agreed)
			}
		})
	}
}

// TestEditedByHand has a plan whose terms were changed by other means than an amendment: nobody has signed those.
func TestEditedByHand(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	p, err := m.Amend(p, outcome.Amendment{Outcome: aim("d", outcome.Target{Measure: "d", Goal: 1}), By: "u", Reason: "r", At: on(2, 1)})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // before and after all signed
		p.Outcomes[0].Target.Goal--
		if got := mustAssess(t, m, p, nil, on(3, 1)).Unsigned; len(got) != 3 {
			t.Errorf("unsigned %q, want all three", got)
		}
		if p, err = act(m, p, "sign", on(2, 2)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSignTwice(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	again, err := m.Sign(p, "sales", "u-other", on(5, 1))
	if err != nil || mustJSON(t, again) != mustJSON(t, p) {
		t.Errorf("signed again: error %v, signatures %v", err, again.Signatures)
	}
}

func TestAmendRefusesWrongTerms(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	tests := []struct {
		name   string
		change func(*outcome.Outcome)
		want   outcome.Problem
	}{
		{"base is goal without band", func(o *outcome.Outcome) { o.Target = &outcome.Target{Measure: "m"} },
			outcome.Problem{Pointer: "/outcome/target/band", Message: "must be above 0 and finite, since the goal is the base; not 0"}},
		{"due before start", func(o *outcome.Outcome) { o.Target = &outcome.Target{Measure: "m", Goal: 1, Due: on(1, 1)} },
			outcome.Problem{Pointer: "/outcome/target/due", Message: "must be after the start 2026-01-01T00:00:00Z, not 2026-01-01T00:00:00Z"}},
		{"due beyond the calendar", func(o *outcome.Outcome) {
			o.Target = &outcome.Target{Measure: "m", Goal: 1, Start: time.Date(9990, 1, 1, 0, 0, 0, 0, time.UTC), Due: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}
		}, outcome.Problem{Pointer: "/outcome/target/due", Message: "year 10000 is outside 1 to 9999"}},
		{"no statement", func(o *outcome.Outcome) { o.Statement = " " },
			outcome.Problem{Pointer: "/outcome/statement", Message: "is missing"}},
		{"milestones in a circle", func(o *outcome.Outcome) {
			o.Milestones = []outcome.Milestone{{Name: "x", After: []string{"z"}}, {Name: "y", After: []string{"x"}}, {Name: "z", After: []string{"y"}}}
		}, outcome.Problem{Pointer: "/outcome/milestones/0/after", Message: `milestones wait for each other: "x" after "z" after "y" after "x"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := aim("a", outcome.Target{Measure: "m", Goal: 1})
			tt.change(&o)
			_, err := m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "r", At: on(3, 1)})
			var invalid *outcome.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v, want an InvalidError", err)
			}
			if diff := cmp.Diff([]outcome.Problem{tt.want}, invalid.Problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOlderAmendment(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	o := p.Outcomes[0]
	o.Weight = 7
	p, err := m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "r", At: on(3, 5)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Amend(p, outcome.Amendment{Outcome: aim("d", outcome.Target{Measure: "d", Goal: 1}), By: "u", Reason: "r", At: on(3, 4)}); ruleOf(err) != "in_order" {
		t.Errorf("an amendment older than the last: got %v", err)
	}
	if _, err := m.Sign(p, "success", "u", on(3, 4)); ruleOf(err) != "in_order" {
		t.Errorf("a signature older than the terms: got %v", err)
	}
	again, err := m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "r", At: on(3, 5)})
	if err != nil || mustJSON(t, again) != mustJSON(t, p) {
		t.Errorf("the same amendment again changed the plan, or failed: %v", err)
	}
}
