package journey_test

import (
	"slices"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
)

// A renewer who never expanded is not stuck, and one who expanded is not either.
func TestLAER(t *testing.T) {
	usage := journey.SignalMap{"active_share": {Value: 0.7}, "first_value": {Value: 1}, "cancelled": {Value: 0}}
	p := start(t, journey.LAER(), day(1, 1))
	p.in.Anchors = []journey.Anchor{{Name: "renewal", At: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)}}
	step := func(asOf time.Time, phase string, want ...string) journey.Decision {
		t.Helper()
		d := p.decide(asOf, usage)
		if got := moves(d.Events); d.Phase != phase || !slices.Equal(got, want) {
			t.Errorf("%v: in %q after %q, want %q after %q", asOf, d.Phase, got, phase, want)
		}
		return d
	}
	step(day(1, 2), "land")
	p.attest("kick_off", "", day(1, 3))
	step(day(1, 3), "adopt", "go_live")
	p.attest("goals", "", day(1, 10))
	step(day(1, 31), "adopt")
	d := step(day(2, 1), "grow", "at_home")
	if d.Next != "adopt" || len(d.Missing) != 4 || d.Missing[0].Milestone != "value_shown" || d.Missing[0].Due != day(10, 2) {
		t.Errorf("next %q, missing %+v", d.Next, d.Missing)
	}
	p.attest("value_shown", "", day(9, 1))
	p.attest("signed", "", day(11, 1))
	step(day(11, 1), "adopt", "renew") // nothing of the motion expand was reached
	if track := p.track(day(11, 1)); track.Rounds != 1 || len(track.Evidence) != 0 {
		t.Errorf("%d rounds, evidence %v", track.Rounds, track.Evidence)
	}
	p.attest("goals", "", day(11, 10))
	step(day(11, 10), "grow", "at_home")
	p.attest("new_need", "", day(11, 20))
	p.attest("case", "", day(11, 21))
	d = step(day(11, 21), "grow")
	if len(d.Waiting) != 1 || d.Waiting[0] != (journey.Wait{Move: "expand", Why: journey.WaitApproval, Role: "sales"}) {
		t.Errorf("waiting %v", d.Waiting)
	}
	p.attest("expand", "sales", day(11, 22))
	step(day(11, 22), "grow", "expand", "at_home") // the new seats are in use already
	step(day(11, 23), "grow")                      // one word of sales is one expansion
	usage["active_share"] = journey.Signal{Value: 0.3}
	step(day(11, 24), "grow")
	step(day(12, 24), "adopt", "slip")
	usage["cancelled"] = journey.Signal{Value: 1}
	step(day(12, 25), journey.Ended, "lost_adopt")
}

func TestBoomerang(t *testing.T) {
	m := journey.Boomerang()
	milestones := 0
	for _, phase := range m.Phases {
		milestones += len(phase.Milestones)
		if !slices.ContainsFunc(phase.Roles, func(r journey.Role) bool { return r.Duty == journey.Accountable }) {
			t.Errorf("nobody holds the baton in %q", phase.Name)
		}
	}
	if len(m.Phases) != 4 || milestones != 8 {
		t.Errorf("%d headings with %d milestones", len(m.Phases), milestones)
	}
	p := start(t, m, day(1, 1))
	for i, name := range []string{"awareness", "evaluation", "commitment", "launch", "result", "habit", "loyalty", "advocacy"} {
		p.attest(name, "", day(2, i))
	}
	d := p.decide(day(3, 1), nil)
	if got := moves(d.Events); !slices.Equal(got, []string{"choose", "turn", "return_arm", "again"}) || d.Phase != "demand" || len(d.Missing) != 2 {
		t.Errorf("in %q after %q, missing %v", d.Phase, got, d.Missing)
	}
}

func TestMaturity(t *testing.T) {
	m := journey.Maturity()
	signals := journey.SignalMap{}
	for _, phase := range m.Phases {
		for _, c := range phase.Capabilities {
			signals[c.Area] = journey.Signal{Value: 0.5}
		}
	}
	if len(m.Phases) != 3 || len(signals) != 9 {
		t.Errorf("%d phases, %d areas", len(m.Phases), len(signals))
	}
	p := start(t, m, day(1, 1))
	p.decide(day(1, 1), signals)
	if d := p.decide(day(2, 1), signals); d.Phase != "improve" {
		t.Errorf("in %q, missing %v, waiting %v", d.Phase, d.Missing, d.Waiting)
	}
	p.attest("to_lead", "sponsor", day(2, 2))
	if d := p.decide(day(4, 2), signals); d.Phase != "lead" || d.Next != "" || len(d.Missing) != 0 {
		t.Errorf("in %q, next %q, missing %v", d.Phase, d.Next, d.Missing)
	}
}
