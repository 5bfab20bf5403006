package outcome_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestVerifyStarter(t *testing.T) {
	if found := mustCompile(t, outcome.Starter()).Verify(); found != nil {
		t.Errorf("the starter has findings: %v", found)
	}
}

// TestVerify plants one mistake of each class in the starter.
func TestVerify(t *testing.T) {
	tests := []struct {
		name  string
		plant func(*outcome.Template)
		want  outcome.Finding
	}{
		{"circle", func(d *outcome.Template) {
			d.Outcomes[0].After, d.Outcomes[1].After, d.Outcomes[2].After = []string{"yearly-value"}, []string{"in-use"}, []string{"case-time"}
		}, outcome.Finding{Class: outcome.DependencyCycle, Pointer: "/outcomes/0/after",
			Message: `outcomes wait for each other: "in-use" after "yearly-value" after "case-time" after "in-use"; take one of them out`}},
		{"no target", func(d *outcome.Template) { d.Outcomes[1].Target, d.Outcomes[1].DueIn = nil, 0 },
			outcome.Finding{Class: outcome.OutcomeUnmeasured, Pointer: "/outcomes/1/target", Message: `nobody measures the outcome "case-time": give it a target`}},
		{"no base", func(d *outcome.Template) { d.Outcomes[1].Target.Base, d.Outcomes[1].Target.NoBase = 0, true },
			outcome.Finding{Class: outcome.BaseMissing, Pointer: "/outcomes/1/target/base",
				Message: `the outcome "case-time" has no base: measure it before a plan starts`}},
		{"goal behind base", func(d *outcome.Template) {
			d.Outcomes[1].Target.Measure, d.Outcomes[1].Target.Base, d.Outcomes[1].Target.Goal = "case_time", 4, 8
		}, outcome.Finding{Class: outcome.GoalBehindBase, Pointer: "/outcomes/1/target/goal",
			Message: `the goal 8 of "case_time" is behind its base 4, since "effort" is to minimise: swap them, or name another desired outcome`}},
		{"one measure", func(d *outcome.Template) {
			d.Outcomes[2].Target.Measure, d.Outcomes[2].Target.Unit = "hours_per_case", "h"
		},
			outcome.Finding{Class: outcome.MeasureShared, Pointer: "/outcomes/2/target/measure",
				Message: `"hours_per_case" is claimed by the outcomes "case-time" and "yearly-value": give each a share, or a measure of its own`}},
		{"shares over 1", func(d *outcome.Template) {
			d.Outcomes[2].Target.Measure, d.Outcomes[2].Target.Unit = "hours_per_case", "h"
			d.Outcomes[1].Target.Share, d.Outcomes[2].Target.Share = 0.6, 0.55
		}, outcome.Finding{Class: outcome.MeasureShared, Pointer: "/outcomes/2/target/measure", Message: `the shares of "hours_per_case" sum to 1.15, over 1`}},
		{"two units", func(d *outcome.Template) { d.Outcomes[2].Target.Measure = "hours_per_case" },
			outcome.Finding{Class: outcome.MeasureShared, Pointer: "/outcomes/2/target/measure", Message: `is in "x" here and in "h" in outcome "case-time"`}},
		{"nobody's role", func(d *outcome.Template) { d.Roles[2].Signs = true },
			outcome.Finding{Class: outcome.RoleUnheld, Pointer: "/roles/2",
				Message: `the role "support" signs, but owns no outcome and takes part in no job: name it where it does, or let it not sign`}},
		{"solution in a job", func(d *outcome.Template) { d.Jobs[0].Text = "Roll out the app" },
			outcome.Finding{Class: outcome.SolutionNamed, Pointer: "/jobs/0/text", Message: `"app" is a solution: write what the customer can do then, whatever does it`}},
		{"solution in a statement", func(d *outcome.Template) { d.Outcomes[0].Statement = "Everyone has the software." },
			outcome.Finding{Class: outcome.SolutionNamed, Pointer: "/outcomes/0/statement", Message: `"software" is a solution: write what the customer can do then, whatever does it`}},
		{"compound", func(d *outcome.Template) { d.Jobs[0].Outcomes[1].Object = "a case or a call takes" },
			outcome.Finding{Class: outcome.CompoundOutcome, Pointer: "/jobs/0/outcomes/1", Message: `"or" joins two outcomes: write one sentence for each`}},
		{"vague", func(d *outcome.Template) { d.Jobs[0].Outcomes[2].Measure = "productivity" },
			outcome.Finding{Class: outcome.MeasureVague, Pointer: "/jobs/0/outcomes/2", Message: `"productivity" can't be counted: write the number done in a time`}},
		{"ambiguous", func(d *outcome.Template) { d.Jobs[0].Outcomes[0].Measure = "working time" },
			outcome.Finding{Class: outcome.SentenceAmbiguous, Pointer: "/jobs/0/outcomes/0",
				Message: `"minimise the working time until the team works in the new way" reads as the measure "working", the object ` +
					`"time until the team works in the new way", the context "" and the example "": write the measure as one word, and no comma in the object`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			def := outcome.Starter()
			tt.plant(&def)
			m := mustCompile(t, def)
			found := m.Verify()
			if diff := cmp.Diff([]outcome.Finding{tt.want}, found, cmpopts.IgnoreFields(outcome.Finding{}, "Witness", "AsOf")); diff != "" {
				t.Fatalf("findings (-want +got):\n%s", diff)
			}
			f := found[0]
			_, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1)})
			if refused := f.Class == outcome.DependencyCycle || f.Class == outcome.MeasureShared; refused != (err != nil) {
				t.Errorf("proposed as it is: %v", err)
			}
			if f.Witness == nil {
				return
			}
			a, err := m.Assess(*f.Witness, f.AsOf)
			if err != nil {
				t.Fatalf("the witness: %v", err)
			}
			one, two := a.Outcomes[1], a.Outcomes[2]
			shows := map[outcome.FindingClass]bool{
				outcome.OutcomeUnmeasured: !one.Known && a.Outcomes[0].Raw == 1 && two.Raw == 1 && a.Whole.Low < a.Whole.High,
				outcome.BaseMissing:       !one.Known && !two.Known,
				outcome.MeasureShared:     !a.Outcomes[0].Known && one.Known && two.Known,
			}
			if !shows[f.Class] {
				t.Errorf("the witness of %s shows %+v", f.Class, a.Outcomes)
			}
		})
	}
}

// TestVerifyLarge has a template of whose outcomes nobody knows a base, or a target: what findings show is shared.
func TestVerifyLarge(t *testing.T) {
	const outcomes = 1000
	def := bare()
	for i := range outcomes {
		o := outcome.Outcome{ID: fmt.Sprint("o", i), Statement: "x", Weight: 1}
		if i%2 == 0 {
			o.Target = &outcome.Target{Measure: o.ID, NoBase: true, Goal: 1}
		}
		def.Outcomes = append(def.Outcomes, o)
	}
	m := mustCompile(t, def)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	found := m.Verify()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > outcomes*20_000 {
		t.Errorf("allocated %d bytes", n)
	}
	classes := map[outcome.FindingClass]int{}
	for _, f := range found {
		classes[f.Class]++
	}
	if diff := cmp.Diff(map[outcome.FindingClass]int{outcome.OutcomeUnmeasured: 500, outcome.BaseMissing: 500, outcome.RoleUnheld: 1}, classes); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
