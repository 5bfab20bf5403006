package outcome_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// grid says what each action does in each state: the next state, or the rule that refuses; "-" changes nothing.
const grid = `
           draft         agreed       in_progress  paused         achieved   missed     abandoned
activate   agreed_first  in_progress  -            in_progress    ended      ended      ended
pause      agreed_first  begun_first  paused       -              ended      ended      ended
achieve    agreed_first  begun_first  achieved     resumed_first  -          ended      ended
miss       agreed_first  missed       missed       missed         ended      -          ended
abandon    abandoned     abandoned    abandoned    abandoned      ended      ended      -
attest     agreed_first  begun_first  -            -              -          -          ended
sign       agreed        -            -            -              -          -          -
amend      draft         draft        draft        draft          draft      draft      draft
same       -             -            -            -              -          -          -
drop       gone          gone         gone         gone           ended      ended      ended
`

// act applies an action of the grid to outcome "a".
func act(m *outcome.Model, p outcome.Plan, action string, at time.Time) (outcome.Plan, error) {
	o := p.Outcomes[slices.IndexFunc(p.Outcomes, func(o outcome.Outcome) bool { return o.ID == "a" })]
	switch action {
	case "activate":
		return m.Activate(p, "a", at)
	case "pause":
		return m.Pause(p, "a", at)
	case "achieve":
		return m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Achieved, By: "u", At: at})
	case "miss":
		return m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Missed, By: "u", Reason: "late", At: at})
	case "abandon":
		return m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Abandoned, By: "u", Reason: "not needed", At: at})
	case "attest":
		return m.Attest(p, "a", outcome.Verification{Level: outcome.Claimed, By: "u", At: at})
	case "sign":
		for _, role := range []string{"sales", "success", "customer"} {
			var err error
			if p, err = m.Sign(p, role, "u", at); err != nil {
				return p, err
			}
		}
		return p, nil
	case "amend":
		o.Weight++
	case "same":
		o.Risk = "a new risk"
	case "drop":
		return m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "a"}, Drop: true, By: "u", Reason: "why", At: at})
	}
	return m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "why", At: at})
}

func TestEveryActionInEveryState(t *testing.T) {
	m := mustCompile(t, signers())
	lines := strings.Split(strings.TrimSpace(grid), "\n")
	states := strings.Fields(lines[0])
	if len(states) != 7 {
		t.Fatalf("%d states in the grid", len(states))
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		for i, state := range states {
			action, want := cells[0], cells[i+1]
			t.Run(action+"/"+state, func(t *testing.T) {
				p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}), aim("other", outcome.Target{Measure: "n", Goal: 1}))
				p.Outcomes[0].State, p.Outcomes[0].StateAt = outcome.State(state), on(2, 1)
				p.Outcomes[1].State = outcome.Paused
				before := mustJSON(t, p)
				next, err := act(m, p, action, on(3, 1))
				if got := mustJSON(t, p); got != before {
					t.Errorf("the plan given was changed:\n%s\n%s", before, got)
				}
				if err != nil {
					if !cmp.Equal(next, outcome.Plan{}) {
						t.Error("a refused action returned a plan")
					}
					if got := ruleOf(err); got != want {
						t.Errorf("refused by %q (%v), want %q", got, err, want)
					}
					return
				}
				if last := next.Outcomes[len(next.Outcomes)-1]; last.ID != "other" || last.State != outcome.Paused {
					t.Errorf("the other outcome is %s", last.State)
				}
				got, since := "gone", on(3, 1)
				if next.Outcomes[0].ID == "a" {
					got, since = string(next.Outcomes[0].State), next.Outcomes[0].StateAt
				}
				wantState, wantSince := want, on(3, 1)
				if want == "-" {
					wantState, wantSince = state, on(2, 1)
				}
				if got != wantState || !since.Equal(wantSince) {
					t.Errorf("got %s since %v, want %s since %v", got, since, wantState, wantSince)
				}
			})
		}
	}
}

// TestRefusals has what no state decides.
func TestRefusals(t *testing.T) {
	m := mustCompile(t, signers())
	a := aim("a", outcome.Target{Measure: "m", Goal: 1})
	a.Customer, a.Sponsors = "c-owner", []outcome.Sponsor{{Name: "c-sponsor"}}
	p := mustPropose(t, m, a)
	p, err := act(m, p, "sign", on(2, 1))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = m.Activate(p, "a", on(2, 2)); err != nil {
		t.Fatal(err)
	}
	attest := func(level outcome.Level, by string, at time.Time) func() (outcome.Plan, error) {
		return func() (outcome.Plan, error) {
			return m.Attest(p, "a", outcome.Verification{Level: level, By: by, At: at, Evidence: "report"})
		}
	}
	tests := []struct {
		name string
		run  func() (outcome.Plan, error)
		want string // rule, or part of another error; "" for none
	}{
		{"a role that nobody named", func() (outcome.Plan, error) { return m.Sign(p, "legal", "u", on(3, 1)) }, "signing_role"},
		{"a role that does not sign", func() (outcome.Plan, error) { return m.Sign(p, "support", "u", on(3, 1)) }, "signing_role"},
		{"begun before it was agreed", func() (outcome.Plan, error) { return m.Pause(p, "a", on(2, 1)) }, "in_order"},
		{"at the same instant", func() (outcome.Plan, error) { return m.Pause(p, "a", on(2, 2)) }, ""},
		{"at no time", func() (outcome.Plan, error) { return m.Pause(p, "a", time.Time{}) }, "at: is zero"},
		{"beyond all calendars", func() (outcome.Plan, error) { return m.Pause(p, "a", on(1, 1).AddDate(9000, 0, 0)) }, "at: year 11026"},
		{"an unknown outcome", func() (outcome.Plan, error) { return m.Pause(p, "A", on(3, 1)) }, `refused by known_outcome: plan "p" has no outcome "A": did you mean "a"?; needs an outcome of the plan`},
		{"an amendment without a reason", func() (outcome.Plan, error) {
			return m.Amend(p, outcome.Amendment{Outcome: a, By: "u", At: on(3, 1)})
		}, "reason: is missing"},
		{"an amendment by nobody", func() (outcome.Plan, error) {
			return m.Amend(p, outcome.Amendment{Outcome: a, Reason: "r", At: on(3, 1)})
		}, "by: is empty"},
		{"dropping what is not there", func() (outcome.Plan, error) {
			return m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "b"}, Drop: true, By: "u", Reason: "r", At: on(3, 1)})
		}, "known_outcome"},
		{"closed with NUL", func() (outcome.Plan, error) {
			return m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Achieved, By: "u", Reason: "\x00", At: on(3, 1)})
		}, "reason: contains U+0000"},
		{"amended without end", func() (outcome.Plan, error) {
			return m.Amend(p, outcome.Amendment{Outcome: a, By: "u", Reason: strings.Repeat("x", 1025), At: on(3, 1)})
		}, "reason: has 1025 bytes, over 1024"},
		{"evidence without end", func() (outcome.Plan, error) {
			return m.Attest(p, "a", outcome.Verification{Level: outcome.Evidenced, By: "u", At: on(3, 1), Evidence: strings.Repeat("x", 1025)})
		}, "verification: evidence: has 1025 bytes, over 1024"},
		{"signed by no text", func() (outcome.Plan, error) { return m.Sign(p, "sales", "\xff", on(3, 1)) }, "by: is not valid UTF-8"},
		{"missed without a reason", func() (outcome.Plan, error) {
			return m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Missed, By: "u", At: on(3, 1)})
		}, "reason: is missing"},
		{"closed as a state that is no end", func() (outcome.Plan, error) {
			return m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Paused, By: "u", Reason: "r", At: on(3, 1)})
		}, "state: must be one of"},
		{"confirmed by the vendor", attest(outcome.Confirmed, "u-7", on(3, 1)), "customer_confirms"},
		{"confirmed by the owner", attest(outcome.Confirmed, "c-owner", on(3, 1)), ""},
		{"confirmed by a sponsor", attest(outcome.Confirmed, "c-sponsor", on(3, 1)), ""},
		{"confirmed by one who signed", attest(outcome.Confirmed, "u", on(3, 1)), ""},
		{"evidenced before the plan began", attest(outcome.Evidenced, "u", on(1, 1).Add(-day)), "in_order"},
		{"an unknown level", attest("sworn", "u", on(3, 1)), "verification: level: must be one of"},
		{"verified by nobody", attest(outcome.Claimed, "", on(3, 1)), "verification: by: is empty"},
		{"evidenced without evidence", func() (outcome.Plan, error) {
			return m.Attest(p, "a", outcome.Verification{Level: outcome.Evidenced, By: "u", At: on(3, 1)})
		}, "verification: evidence: is missing"},
		{"expired at once", func() (outcome.Plan, error) {
			return m.Attest(p, "a", outcome.Verification{Level: outcome.Claimed, By: "u", At: on(3, 1), Until: on(3, 1)})
		}, "verification: until: must be after"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.run()
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v, want none", err)
			case tt.want != "" && (err == nil || ruleOf(err) != tt.want && !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	_, err = m.Sign(p, "legal", "u", on(3, 1))
	const want = `outcome: account "acme": refused by signing_role: role "legal" does not sign; needs one of ["sales" "success" "customer"]`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// A ledger is what a plan should be, kept without any of its documents.
type ledger struct {
	states map[string]string
	signed map[string]bool
}

// apply returns whether the action is refused, by the words of the package comment.
func (l *ledger) apply(id, action string, asks []string) (refused bool) {
	state := l.states[id]
	ended := state == "achieved" || state == "missed" || state == "abandoned"
	begun := state == "in_progress" || state == "paused"
	switch action {
	case "activate":
		if refused = state == "draft" || ended; !refused {
			l.states[id] = "in_progress"
		}
	case "pause":
		if refused = !begun; !refused {
			l.states[id] = "paused"
		}
	case "achieve":
		if refused = state != "in_progress" && state != "achieved"; !refused {
			l.states[id] = "achieved"
		}
	case "miss":
		if refused = state == "draft" || ended && state != "missed"; !refused {
			l.states[id] = "missed"
		}
	case "abandon":
		if refused = ended && state != "abandoned"; !refused {
			l.states[id] = "abandoned"
		}
	case "attest":
		refused = state == "draft" || state == "agreed" || state == "abandoned"
	case "amend":
		for _, role := range asks {
			delete(l.signed, role)
		}
		l.states[id] = "draft"
	default: // a role signs
		l.signed[action] = true
	}
	if len(l.signed) == 3 {
		for id, state := range l.states {
			if state == "draft" {
				l.states[id] = "agreed"
			}
		}
	}
	return refused
}

func TestRandomSequences(t *testing.T) {
	m := mustCompile(t, signers())
	roles := []string{"sales", "success", "customer"}
	asks := map[string][]string{"a": {"success", "customer"}, "b": {"sales", "customer"}, "c": roles}
	actions := slices.Concat([]string{"activate", "pause", "achieve", "miss", "abandon", "attest", "amend"}, roles, roles, []string{"activate"})
	ids := []string{"a", "b", "c"}
	rng := rand.New(rand.NewPCG(6, 6))
	refusals := 0
	for range 100 {
		a, b, c := aim("a", outcome.Target{Measure: "m", Goal: 1}), aim("b", outcome.Target{Measure: "n", Goal: 1}), aim("c", outcome.Target{Measure: "o", Goal: 1})
		a.Vendor, a.Customer, b.Vendor = "success", "customer", "sales"
		p := mustPropose(t, m, a, b, c)
		l := ledger{map[string]string{"a": "draft", "b": "draft", "c": "draft"}, map[string]bool{}}
		var trail []string
		for step := range 40 {
			id, action := ids[rng.IntN(3)], actions[rng.IntN(len(actions))]
			trail = append(trail, action+" "+id)
			at := on(2, 1).Add(time.Duration(step) * time.Hour)
			before := mustJSON(t, p)
			next, err := take(m, p, id, action, at)
			if mustJSON(t, p) != before {
				t.Fatalf("%q: the plan given was changed", trail)
			}
			refused := l.apply(id, action, asks[id])
			if refused != (ruleOf(err) != "") || err != nil && ruleOf(err) == "" {
				t.Fatalf("%q: got error %v, want refused %v", trail, err, refused)
			}
			if err != nil {
				refusals++
			} else {
				p = next
			}
			got := map[string]string{}
			for _, o := range p.Outcomes {
				got[o.ID] = string(o.State)
			}
			if diff := cmp.Diff(l.states, got); diff != "" {
				t.Fatalf("%q: states (-want +got):\n%s", trail, diff)
			}
			var unsigned []string
			for _, role := range roles {
				if !l.signed[role] {
					unsigned = append(unsigned, role)
				}
			}
			if diff := cmp.Diff(unsigned, mustAssess(t, m, p, nil, at).Unsigned); diff != "" {
				t.Fatalf("%q: unsigned (-want +got):\n%s", trail, diff)
			}
		}
	}
	if refusals < 300 {
		t.Errorf("only %d steps were refused", refusals)
	}
}

// take applies an action of TestRandomSequences.
func take(m *outcome.Model, p outcome.Plan, id, action string, at time.Time) (outcome.Plan, error) {
	ends := map[string]outcome.State{"achieve": outcome.Achieved, "miss": outcome.Missed, "abandon": outcome.Abandoned}
	switch {
	case action == "activate":
		return m.Activate(p, id, at)
	case action == "pause":
		return m.Pause(p, id, at)
	case action == "attest":
		return m.Attest(p, id, outcome.Verification{Level: outcome.Claimed, By: "u", At: at})
	case ends[action] != "":
		return m.Close(p, outcome.Closing{Outcome: id, State: ends[action], By: "u", Reason: "r", At: at})
	case action == "amend":
		o := p.Outcomes[slices.IndexFunc(p.Outcomes, func(o outcome.Outcome) bool { return o.ID == id })]
		o.Statement = fmt.Sprintf("As of %v.", at)
		return m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "r", At: at})
	}
	return m.Sign(p, action, "person of "+action, at)
}

func TestClosingKeepsWho(t *testing.T) {
	m := mustCompile(t, signers())
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}))
	p, err := m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Abandoned, By: "u-1", Reason: "merged", At: on(2, 1)})
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Close(p, outcome.Closing{Outcome: "a", State: outcome.Abandoned, By: "u-2", Reason: "again", At: on(1, 1)})
	if err != nil || mustJSON(t, again) != mustJSON(t, p) {
		t.Errorf("closing again changed the plan, or failed: %v", err)
	}
	if o := p.Outcomes[0]; o.StateBy != "u-1" || o.StateWhy != "merged" {
		t.Errorf("ended by %q for %q", o.StateBy, o.StateWhy)
	}
	o := p.Outcomes[0]
	o.Weight = 3
	p, err = m.Amend(p, outcome.Amendment{Outcome: o, By: "u-1", Reason: "taken up", At: on(3, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if o := p.Outcomes[0]; o.State != outcome.Draft || o.StateBy != "" || o.StateWhy != "" {
		t.Errorf("taken up as %+v", o)
	}
}

func TestWrongPlan(t *testing.T) {
	m := mustCompile(t, signers())
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}))
	p.Outcomes[0].State = "begun"
	_, err := m.Activate(p, "a", on(2, 1))
	const want = `outcome: account "acme": plan "p" at /outcomes/0/state: unknown state "begun"`
	var data *outcome.DataError
	if !errors.As(err, &data) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	p.Format = 2
	if _, err := m.Activate(p, "a", on(2, 1)); !errors.Is(err, outcome.ErrFormat) {
		t.Errorf("a plan of format 2: got %v, want ErrFormat", err)
	}
}
