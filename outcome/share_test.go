package outcome_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestSharedMeasure has two outcomes on one measure, of which 0.75 and 0.25 of the change are theirs: from 100 the measure
// has fallen by 40, so that 30 and 10 are counted, and no more than 40 in all.
func TestSharedMeasure(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m,
		aim("a", outcome.Target{Measure: "m", Base: 100, Goal: 40, Share: 0.75, Due: on(3, 2)}),
		aim("b", outcome.Target{Measure: "m", Base: 100, Goal: 80, Share: 0.25}))
	series := outcome.SeriesMap{"m": measured(on(1, 1), 10*day, 100, 80, 60)}
	a := mustAssess(t, m, p, series, on(1, 21))
	type row struct{ Value, Raw, Required, Best float64 }
	var got []row
	for _, o := range a.Outcomes {
		got = append(got, row{o.Value, o.Raw, o.Required, o.Best})
	}
	want := []row{{70, 0.5, 30.0 / 40, 1.5}, {90, 0.5, 0, 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if series["m"][2].Value != 60 {
		t.Error("the series was changed")
	}
}

func TestSharesAreRefused(t *testing.T) {
	m := mustCompile(t, bare())
	of := func(id string, share float64) outcome.Outcome {
		return aim(id, outcome.Target{Measure: "m", Goal: 1, Share: share})
	}
	kept := aim("k", outcome.Target{Measure: "m", Base: 1, Goal: 1, Band: 1})
	hours := of("h", 0.1)
	hours.Target.Unit = "h"
	tests := []struct {
		name     string
		outcomes []outcome.Outcome
		want     string // "": none
	}{
		{"one part", []outcome.Outcome{of("a", 0.3)}, ""},
		{"tenths", []outcome.Outcome{of("a", 0.1), of("b", 0.2), of("c", 0.7)}, ""},
		{"both whole", []outcome.Outcome{of("a", 0), of("b", 0)}, `/outcomes/1/target/measure: "m" is claimed by the outcomes "a" and "b": give each a share, or a measure of its own`},
		{"one whole", []outcome.Outcome{of("a", 0.5), of("b", 0)}, "/outcomes/1/target/measure"},
		{"55 and 60 %", []outcome.Outcome{of("a", 0.55), of("b", 0.6)}, `/outcomes/1/target/measure: the shares of "m" sum to 1.15, over 1`},
		{"maintained beside", []outcome.Outcome{of("a", 0.5), kept}, "/outcomes/1/target/measure"},
		{"two units", []outcome.Outcome{of("a", 0.5), hours}, `/outcomes/1/target/measure: is in "h" here and in "" in outcome "a"`},
		{"share of nothing", []outcome.Outcome{of("a", -0.1)}, "/outcomes/0/target/share: must be 0 to 1, not -0.1"},
		{"share of what is kept", []outcome.Outcome{aim("k", outcome.Target{Measure: "m", Base: 1, Goal: 1, Band: 1, Share: 0.5})},
			"/outcomes/0/target/share: is of a change, and this value is to be maintained"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1), Outcomes: tt.outcomes})
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestAmendShares has a measure that becomes free when its outcome is missed, and a stored plan that counts it twice.
func TestAmendShares(t *testing.T) {
	m := mustCompile(t, bare())
	amend := func(p outcome.Plan, id, measure string) error {
		_, err := m.Amend(p, outcome.Amendment{Outcome: aim(id, outcome.Target{Measure: measure, Goal: 2}), By: "u", Reason: "r", At: on(3, 1)})
		return err
	}
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}))
	if err := amend(p, "b", "m"); len(problems(t, err)) != 1 {
		t.Errorf("a second claim: got %v", err)
	}
	p.Outcomes[0].State = outcome.Missed
	if err := amend(p, "b", "m"); err != nil {
		t.Errorf("after the first was missed: %v", err)
	}
	p.Outcomes[0].State = outcome.InProgress
	p.Outcomes = append(p.Outcomes, p.Outcomes[0])
	p.Outcomes[1].ID = "b"
	if err := amend(p, "a", "m"); err != nil {
		t.Errorf("counted twice before the amendment: %v", err)
	}
	if err := amend(p, "c", "n"); err != nil {
		t.Errorf("an amendment elsewhere: %v", err)
	}
}

// TestNoBase holds that an attainment without a base is unknown, whatever is measured.
func TestNoBase(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", NoBase: true, Due: on(4, 11)}), aim("b", outcome.Target{Measure: "n", Goal: 1}))
	p.Renewal = on(5, 1)
	p.Outcomes[0].State = outcome.InProgress
	series := outcome.SeriesMap{"m": measured(on(1, 2), day, 3, 2, 1, 0, 0, 0), "n": measured(on(1, 2), day, 1)}
	a := mustAssess(t, m, p, series, on(4, 12))
	want := outcome.Progress{Outcome: "a", State: outcome.InProgress, Expected: 1, Timed: true, Overdue: true}
	if diff := cmp.Diff(want, a.Outcomes[0]); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if w := (outcome.Attainment{Known: true, Value: 1, Coverage: 0.5, Low: 0.5, High: 1}); a.Whole != w || !cmp.Equal(a.Gap, []string{"a"}) {
		t.Errorf("whole %+v and gap %q, want %+v and a", a.Whole, a.Gap, w)
	}
	p.Outcomes[0].Target.Base = 1
	if _, err := m.Assess(outcome.Input{Account: "acme", Plan: p}, on(2, 1)); err == nil || !strings.Contains(err.Error(), "/outcomes/0/target/no_base: is there beside the base 1") {
		t.Errorf("with a base: got %v", err)
	}
}

func TestOtherUnit(t *testing.T) {
	m := mustCompile(t, bare())
	p := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Unit: "d", Goal: 1}))
	in := outcome.Input{Account: "acme", Plan: p, Units: map[string]string{"m": "d", "other": "h"}}
	if _, err := m.Assess(in, on(2, 1)); err != nil {
		t.Error(err)
	}
	in.Units["m"] = "h"
	const want = `outcome: account "acme": measure "m": is in "h", and the target of outcome "a" in "d"`
	if _, err := m.Assess(in, on(2, 1)); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
