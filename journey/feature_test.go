package journey_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// renamed is onboarding with its first phase under another name, and its second split off.
func renamed() journey.Map {
	m := onboarding()
	m.Name, m.Version = "onboarding", "2"
	m.Phases[0].Name, m.Moves[0].From = "launch", "launch"
	return m
}

func TestMigrationCheck(t *testing.T) {
	from, to := compile(t, onboarding()), compile(t, renamed())
	if err := (journey.Migration{Phases: []journey.Rename{{From: "setup", To: "launch"}}}).Check(from, to); err != nil {
		t.Error(err)
	}
	err := journey.Migration{Phases: []journey.Rename{{From: "adoption", To: "adopted"}, {From: "adoption", To: "launch"}, {From: "x", To: "launch"}}}.Check(from, to)
	want := []string{
		`/phases/0/to: the new map has no phase "adopted"`, `/phases/1/from: "adoption" is there already`,
		`/phases/2/from: the old map has no phase "x"`,
		`: phase "setup" vanishes: the new map does not have it, and nothing says where its accounts go`,
	}
	if diff := cmp.Diff(want, invalid(t, err)); diff != "" || !strings.HasPrefix(err.Error(), "journey: invalid migration: ") {
		t.Errorf("problems (-want +got):\n%s%v", diff, err)
	}
}

// An account in flight is pinned to its map until it is migrated, and takes what it has reached with it.
func TestMigrateInFlight(t *testing.T) {
	w := newWorld(t, onboarding())
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.ok(w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 5)}))
	w.check(day(1, 20), sso(1, time.Time{}))
	next, err := journey.NewTracker(compile(t, renamed()), w.log, journey.Options{Now: func() time.Time { return w.now }})
	w.ok(err)
	refused := func(rule string, err error) {
		t.Helper()
		var e *journey.RefusedError
		if !errors.As(err, &e) || e.Rule != rule {
			t.Errorf("got %v, want a refusal by %s", err, rule)
		}
	}
	in := journey.Input{Account: "acme", Signals: sso(1, time.Time{})}
	_, err = next.Check(w.ctx, in, day(1, 21))
	refused("pinned", err)
	refused("pinned", next.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "bob", At: day(1, 21)}))
	refused("pinned", next.Pause(w.ctx, "acme", "bob", "", day(1, 21)))
	refused("known_phase", next.Migrate(w.ctx, "acme", journey.Migration{}, day(1, 21)))
	refused("under_way", next.Migrate(w.ctx, "nobody", journey.Migration{}, day(1, 21)))
	refused("in_order", next.Migrate(w.ctx, "acme", journey.Migration{}, day(1, 0)))

	g := journey.Migration{Phases: []journey.Rename{{From: "setup", To: "launch"}}}
	w.now = day(1, 22)
	for range 2 { // the second time there is nothing to do
		w.ok(next.Migrate(w.ctx, "acme", g, day(1, 22)))
	}
	track := w.track(day(1, 22), time.Time{})
	if track.Version != 4 || track.Phase != "launch" || track.Since != day(1, 1) || track.Digest != compile(t, renamed()).Digest() ||
		len(track.Evidence) != 1 || track.Needs[0].Since != day(1, 20) {
		t.Errorf("track %+v", track)
	}
	if before := w.track(day(1, 21), time.Time{}); before.Phase != "setup" {
		t.Errorf("as of the day before in %q", before.Phase)
	}
	_, err = w.tracker.Check(w.ctx, in, day(1, 23))
	refused("pinned", err)
	w.now = day(1, 27)
	d, err := next.Check(w.ctx, in, day(1, 27))
	if err != nil || d.Phase != "adoption" {
		t.Errorf("on 27 January in %q, %v", d.Phase, err)
	}
	// After the end the map changes without a phase, and a new journey pins itself to its tracker's map.
	w.ok(next.End(w.ctx, "acme", "ada", "", day(2, 1)))
	w.ok(w.tracker.Migrate(w.ctx, "acme", journey.Migration{}, day(2, 2)))
	w.ok(next.Start(w.ctx, "acme", "", day(2, 3)))
	if track := w.track(day(2, 3), time.Time{}); track.Phase != "launch" || track.Digest != compile(t, renamed()).Digest() {
		t.Errorf("started again: %+v", track)
	}
}

func TestMigrateRefuses(t *testing.T) {
	model := compile(t, renamed())
	p := start(t, onboarding(), day(1, 1))
	track := p.track(day(1, 5))
	for _, c := range []struct {
		field string
		track journey.Track
		asOf  time.Time
	}{{"as of", track, time.Time{}}, {"account", journey.Track{}, day(1, 5)}, {"track", track, day(1, 4)}} {
		_, err := model.Migrate(c.track, journey.Migration{}, c.asOf)
		var data *journey.DataError
		if !errors.As(err, &data) || data.Field != c.field {
			t.Errorf("got %v, want a data error in %s", err, c.field)
		}
	}
}

// A track in a phase that a map does not have any more is refused, and the error names both.
func TestUnknownPhaseAfterChange(t *testing.T) {
	p := start(t, onboarding(), day(1, 1))
	in := journey.Input{Account: "acme", Track: p.track(day(1, 2))}
	_, err := compile(t, renamed()).Decide(in, day(1, 2))
	want := `journey: account "acme": track: is in phase "setup", which map "onboarding" does not have`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// What late events changed, of the world of scenario 4.
func TestScenario4WhatChanged(t *testing.T) {
	w := newWorld(t, onboarding())
	w.ok(w.tracker.Start(w.ctx, "acme", "", day(1, 1)))
	w.ok(w.tracker.Attest(w.ctx, "acme", journey.Evidence{Name: "kick_off", By: "ada", At: day(1, 5)}))
	w.check(day(1, 20), sso(1, time.Time{}))
	w.check(day(1, 27), sso(1, time.Time{}))
	w.now = day(2, 15)
	w.check(day(2, 15), sso(0, day(1, 23)))
	w.check(day(2, 15), sso(1, day(1, 24)))
	got := journey.Changes(w.track(day(2, 15), day(1, 28)), w.track(day(2, 15), time.Time{}))
	want := []journey.Change{
		{What: journey.ChangedHolds, Name: "sso = 1", Then: day(1, 20), Now: day(1, 24)},
		{What: journey.ChangedDue, Name: "go_live", Then: day(1, 27), Now: day(1, 31)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	now := w.track(day(2, 15), time.Time{})
	if got := journey.Changes(now, now); got != nil {
		t.Errorf("nothing changed: %v", got)
	}
}

func TestChanges(t *testing.T) {
	then := journey.Track{
		Account: "acme", Phase: "a", Since: day(1, 1), Started: day(1, 1), Stood: 5 * journey.Day,
		Needs:    []journey.NeedTime{{Key: "x = 1", Since: day(1, 2)}, {Key: "y = 1", Ceased: day(1, 3)}},
		Evidence: []journey.Evidence{{Name: "m", Role: "sales", At: day(1, 4)}},
		Passes:   []journey.Pass{{Move: "p", At: day(1, 5), DueAt: day(1, 5)}},
	}
	now := journey.Track{
		Account: "acme", Phase: "a", Since: day(1, 2), Started: day(1, 2), Paused: day(1, 9), Stood: 3 * journey.Day,
		Needs:    []journey.NeedTime{{Key: "w = 1", Since: day(1, 7)}, {Key: "x = 1", Since: day(1, 2), Unknown: day(1, 8)}},
		Evidence: []journey.Evidence{{Name: "m", Role: "success", At: day(1, 4)}},
		Passes:   []journey.Pass{{Move: "p", At: day(1, 6)}},
	}
	want := []journey.Change{
		{What: journey.ChangedPhase, Name: "a", Then: day(1, 1), Now: day(1, 2)},
		{What: journey.ChangedStart, Then: day(1, 1), Now: day(1, 2)},
		{What: journey.ChangedPause, Now: day(1, 9)},
		{What: journey.ChangedStood, Took: -2 * journey.Day},
		{What: journey.ChangedHolds, Name: "w = 1", Now: day(1, 7)},
		{What: journey.ChangedUnknown, Name: "x = 1", Now: day(1, 8)},
		{What: journey.ChangedCeased, Name: "y = 1", Then: day(1, 3)},
		{What: journey.ChangedEvidence, Name: "m", Role: "sales", Then: day(1, 4)},
		{What: journey.ChangedEvidence, Name: "m", Role: "success", Now: day(1, 4)},
		{What: journey.ChangedMade, Name: "p", Then: day(1, 5), Now: day(1, 6)},
		{What: journey.ChangedDue, Name: "p", Then: day(1, 5)},
	}
	if diff := cmp.Diff(want, journey.Changes(then, now)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	now.Phase = "b"
	if diff := cmp.Diff([]journey.Change{
		{What: journey.ChangedPhase, Name: "a", Then: day(1, 1)}, {What: journey.ChangedPhase, Name: "b", Now: day(1, 2)},
	}, journey.Changes(then, now)[:2]); diff != "" {
		t.Errorf("another phase (-want +got):\n%s", diff)
	}
	now.Account = "zeta"
	if got := journey.Changes(then, now); got != nil {
		t.Errorf("of two accounts: %v", got)
	}
}

func capable() journey.Map {
	m := onboarding()
	m.Phases[0].Capabilities = []journey.Capability{
		{Name: "single sign-on", UseCases: []string{"joiners", "leavers"}, Process: "accounts follow the staff list", Impact: "no forgotten access"},
		{Name: "audit", UseCases: []string{"review"}},
	}
	m.Phases[0].Milestones[1].Capability, m.Phases[0].Milestones[1].UseCase = "single sign-on", "leavers"
	m.Phases[0].Milestones[0].UseCase = "review"
	m.Phases[1].Capabilities = []journey.Capability{{Name: "reports"}}
	m.Phases[0].Users, m.Phases[0].Domains = []string{"admin"}, []string{"IT"}
	m.Phases[0].Expect = []journey.Expectation{{Persona: "admin", Outcome: "fewer tickets"}, {Persona: "buyer", Experience: "no surprises"}}
	m.Phases[0].Moments = []journey.Moment{{Name: "first login"}, {Name: "first audit", Persona: "buyer"}}
	return m
}

// The capability and the use case that come next: of what is missing in its order, and then of the next phase.
func TestAdopt(t *testing.T) {
	p := start(t, capable(), day(1, 1))
	want := func(d journey.Decision, lines ...string) {
		t.Helper()
		var got []string
		for _, a := range p.model.Adopt(d) {
			got = append(got, strings.Join([]string{a.Phase, a.Milestone, a.Capability.Name, a.UseCase}, ","))
		}
		if diff := cmp.Diff(lines, got); diff != "" {
			t.Errorf("adopt (-want +got):\n%s", diff)
		}
	}
	want(p.decide(day(1, 1), nil), "setup,kick_off,audit,review", "setup,sso_live,single sign-on,leavers", "adoption,,reports,")
	p.attest("kick_off", "", day(1, 2))
	want(p.decide(day(1, 2), nil), "setup,sso_live,single sign-on,leavers", "adoption,,reports,")
	p.attest("sso_live", "", day(1, 3))
	want(p.decide(day(1, 3), nil))
}

func TestExperience(t *testing.T) {
	m := capable()
	model := compile(t, m)
	setup := m.Phases[0]
	for _, c := range []struct {
		phase, persona string
		want           journey.Experience
	}{
		{"setup", "", journey.Experience{Expect: setup.Expect, Moments: setup.Moments}},
		{"setup", "admin", journey.Experience{Expect: setup.Expect[:1], Moments: setup.Moments[:1]}},
		{"setup", "buyer", journey.Experience{Expect: setup.Expect[1:], Moments: setup.Moments}},
		{"adoption", "admin", journey.Experience{}},
		{"nowhere", "admin", journey.Experience{}},
	} {
		if diff := cmp.Diff(c.want, model.Experience(c.phase, c.persona)); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", c.persona, c.phase, diff)
		}
	}
}

// The contract's status is another thing than the phase: it changes no move and no clock.
func TestStatusApart(t *testing.T) {
	for _, status := range []journey.Status{"", journey.Trial, journey.Customer, journey.CancelledActive, journey.Lost, journey.Coming} {
		p := start(t, onboarding(), day(1, 1))
		p.in.Status = status
		p.attest("kick_off", "", day(1, 1))
		p.attest("sso_live", "", day(1, 2))
		if d := p.decide(day(1, 2), nil); d.Phase != "adoption" || d.Status != status {
			t.Errorf("status %q: in %q, status %q", status, d.Phase, d.Status)
		}
	}
}

func TestNewFieldsAreChecked(t *testing.T) {
	m := capable()
	m.Segments = []string{"small", "small", "/"}
	m.Phases[0].Milestones[0].Segments = []string{"smal"}
	m.Phases[0].Users, m.Phases[0].Domains = []string{"a", "a"}, []string{""}
	m.Phases[0].Capabilities[0].Process = "\xff"
	m.Phases[0].Moments[1].Persona = " "
	_, err := journey.Compile(m)
	want := []string{
		`/segments/1: "small" is there already`, "/segments/2: contains '/', which joins names to paths",
		`/phases/0/users/1: "a" is there already`, "/phases/0/domains/0: is empty",
		"/phases/0/capabilities/0/process: is not valid UTF-8",
		`/phases/0/milestones/0/segments/0: unknown segment of the map "smal": did you mean "small"?`,
		"/phases/0/moments/1/persona: begins or ends with a space",
	}
	if diff := cmp.Diff(want, invalid(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	good := compile(t, capable())
	kept := good.Map()
	mine := good.Map()
	mine.Phases[0].Users[0], mine.Phases[0].Domains[0] = "changed", "changed"
	if diff := cmp.Diff(kept, good.Map()); diff != "" {
		t.Errorf("the model changed (-before +after):\n%s", diff)
	}
}
