package journey_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func phases(name string, names ...string) journey.Map {
	m := journey.Map{Format: 1, Name: name}
	for _, p := range names {
		m.Phases = append(m.Phases, journey.Phase{Name: p})
	}
	return m
}

func twoProducts(rule journey.RollUpRule) journey.RollUp {
	return journey.RollUp{Format: 1, Name: "both", Rule: rule, Stages: []journey.Stage{
		{Name: "early", Phases: []journey.MapPhase{{Map: "desk", Phase: "land"}, {Map: "app", Phase: "try"}}},
		{Name: "grown", Phases: []journey.MapPhase{{Map: "desk", Phase: "adopt"}, {Map: "desk", Phase: "grow"}}},
		{Name: "mature", Phases: []journey.MapPhase{{Map: "app", Phase: "rely"}}},
	}}
}

func products(t *testing.T) (desk, app *journey.Model) {
	return compile(t, phases("desk", "land", "adopt", "grow")), compile(t, phases("app", "try", "rely"))
}

func TestRollUp(t *testing.T) {
	desk, app := products(t)
	at := func(m, phase string, clock journey.ClockState) journey.Decision {
		return journey.Decision{Account: "acme", Map: m, Phase: phase, AsOf: day(1, 1), Clock: journey.Clock{State: clock}}
	}
	both := []journey.Decision{at("desk", "grow", journey.Behind), at("app", "rely", journey.OnTrack)}
	standing := func(stage, of string) journey.Standing {
		return journey.Standing{Account: "acme", Stage: stage, Map: of, Clock: journey.Behind, Behind: []string{"desk"}, Open: 2}
	}
	for _, c := range []struct {
		name      string
		rule      journey.RollUpRule
		decisions []journey.Decision
		want      journey.Standing
	}{
		{"least", journey.RollUpLeast, both, standing("grown", "desk")},
		{"most", journey.RollUpMost, both, standing("mature", "app")},
		{"lead", journey.RollUpLead, both, standing("mature", "app")},
		{"a tie goes to the first", journey.RollUpLeast, []journey.Decision{at("desk", "land", journey.Stuck), at("app", "try", journey.Paused)},
			journey.Standing{Account: "acme", Stage: "early", Map: "desk", Clock: journey.Stuck, Behind: []string{"desk"}, Open: 2}},
		{"what has not started or has ended does not decide", journey.RollUpLeast,
			[]journey.Decision{at("desk", journey.Ended, journey.ClockUnknown), at("app", "rely", journey.Paused)},
			journey.Standing{Account: "acme", Stage: "mature", Map: "app", Clock: journey.Paused, Open: 1, Ended: 1}},
		{"nothing is under way", journey.RollUpMost, []journey.Decision{at("desk", "", journey.ClockUnknown)},
			journey.Standing{Account: "acme", Clock: journey.ClockUnknown, Waiting: 1}},
		{"the lead is not under way", journey.RollUpLead, []journey.Decision{at("desk", "grow", journey.OnTrack), at("app", "", journey.ClockUnknown)},
			journey.Standing{Account: "acme", Clock: journey.OnTrack, Open: 1, Waiting: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			def := twoProducts(c.rule)
			if c.rule == journey.RollUpLead {
				def.Lead = "app"
			}
			text, err := json.Marshal(def)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := journey.ParseRollUp(text)
			if err != nil {
				t.Fatal(err)
			}
			r, err := parsed.Compile(desk, app)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Of(c.decisions...)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("standing (-want +got):\n%s%v", diff, err)
			}
		})
	}
}

func TestRollUpRefuses(t *testing.T) {
	desk, app := products(t)
	r, err := twoProducts(journey.RollUpLeast).Compile(desk, app)
	if err != nil {
		t.Fatal(err)
	}
	one := journey.Decision{Account: "acme", Map: "desk", Phase: "land", AsOf: day(1, 1)}
	with := func(change func(*journey.Decision)) []journey.Decision {
		two := one
		two.Map, two.Phase = "app", "try"
		change(&two)
		return []journey.Decision{one, two}
	}
	for _, c := range []struct {
		want      string
		decisions []journey.Decision
	}{
		{"decisions: there are none", nil},
		{`decision 2: belongs to account "zeta"`, with(func(d *journey.Decision) { d.Account = "zeta" })},
		{"decision 2: is as of 2026-01-02T00:00:00Z, not 2026-01-01T00:00:00Z", with(func(d *journey.Decision) { d.AsOf = day(1, 2) })},
		{`decision 2: map "desk" is given twice`, with(func(d *journey.Decision) { d.Map = "desk" })},
		{`decision 2: phase "land" of map "app" is in no stage`, with(func(d *journey.Decision) { d.Phase = "land" })},
	} {
		_, err := r.Of(c.decisions...)
		var data *journey.DataError
		if !errors.As(err, &data) || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestRollUpProblems(t *testing.T) {
	desk, app := products(t)
	bad := twoProducts("worst")
	bad.Format, bad.Name, bad.Lead = 0, "", "app"
	bad.Stages[1].Name = "early"
	bad.Stages[1].Phases[1] = journey.MapPhase{Map: "desk", Phase: "land"}
	bad.Stages[2].Phases[0].Phase = "reli"
	_, err := bad.Compile(desk, app, app)
	want := []string{
		"/format: must be 1, not 0", "/name: is empty", `: two maps are called "app"`, `/stages/1/name: "early" is the name of /stages/0 already`,
		`/stages/1/phases/1: phase "land" of map "desk" is in a stage already`, `/stages/2/phases/0: no map "app" with a phase "reli"`,
		`/stages: phase "grow" of map "desk" is in no stage`, `/stages: phase "rely" of map "app" is in no stage`,
		`/stages: phase "rely" of map "app" is in no stage`,
		`/rule: must be one of least, most, lead, not "worst"`, `/lead: is for the rule "lead"`,
	}
	if diff := cmp.Diff(want, invalid(t, err)); diff != "" || !strings.HasPrefix(err.Error(), "journey: invalid roll-up: ") {
		t.Errorf("problems (-want +got):\n%s%v", diff, err)
	}
	lead := twoProducts(journey.RollUpLead)
	_, err = lead.Compile(desk, app)
	if diff := cmp.Diff([]string{`/lead: unknown map ""; it is one of ["desk" "app"]`}, invalid(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	_, err = journey.RollUp{Format: 1, Name: "none", Rule: journey.RollUpMost}.Compile()
	if diff := cmp.Diff([]string{"/stages: must have at least one stage"}, invalid(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	_, err = journey.RollUp{Format: 2, Name: "new"}.Compile()
	_, parseErr := journey.ParseRollUp([]byte(`{"format":2,"news":1}`))
	if !errors.Is(err, journey.ErrFormat) || !errors.Is(parseErr, journey.ErrFormat) {
		t.Errorf("a newer format: %v, %v", err, parseErr)
	}
	_, err = journey.ParseRollUp([]byte(`{"format":1,"rul":"most"}`))
	if got := invalid(t, err); len(got) != 1 || !strings.HasPrefix(got[0], "/rul: unknown key") {
		t.Errorf("problems %q", got)
	}
}
