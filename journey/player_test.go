package journey_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// A player walks one account through a map with the pure functions alone.
type player struct {
	testing.TB
	model *journey.Model
	log   []journey.Event
	in    journey.Input
}

// start begins a journey in the map's first phase.
func start(t testing.TB, m journey.Map, at time.Time) *player {
	t.Helper()
	p := &player{TB: t, model: compile(t, m), in: journey.Input{Account: "acme"}}
	p.add(journey.Event{Kind: journey.Started, Phase: m.Phases[0].Name, Happened: at})
	return p
}

// add appends an event that was recorded when it happened, or with the last one if that is later.
func (p *player) add(e journey.Event) {
	e.Format, e.Account = 1, "acme"
	if e.ID == "" {
		e.ID = string(e.Kind) + " " + e.Name + " " + e.Happened.String()
	}
	e.Recorded = e.Happened
	if n := len(p.log); n > 0 && p.log[n-1].Recorded.After(e.Recorded) {
		e.Recorded = p.log[n-1].Recorded
	}
	p.log = append(p.log, e)
}

func (p *player) attest(name, role string, at time.Time) {
	p.add(journey.Event{Kind: journey.EvidenceGiven, Name: name, Role: role, By: "ada", Happened: at})
}

func (p *player) track(asOf time.Time) journey.Track {
	p.Helper()
	track, err := journey.Replay(sequence(p.log), asOf, time.Time{})
	if err != nil {
		p.Fatal(err)
	}
	return track
}

// decide decides and appends, and demands what holds of every decision: the input is left alone, the events lead to
// the phase it says, it reads back from JSON as it was, and deciding again changes nothing.
func (p *player) decide(asOf time.Time, signals journey.SignalMap) journey.Decision {
	p.Helper()
	p.in.Track, p.in.Signals = p.track(asOf), signals
	before, _ := json.Marshal(p.in.Track)
	d, err := p.model.Decide(p.in, asOf)
	if err != nil {
		p.Fatal(err)
	}
	if after, _ := json.Marshal(p.in.Track); string(before) != string(after) {
		p.Fatalf("Decide changed its input:\n%s\n%s", before, after)
	}
	p.log = append(p.log, d.Events...)
	p.in.Track = p.track(asOf)
	again, err := p.model.Decide(p.in, asOf)
	if err != nil {
		p.Fatal(err)
	}
	if p.in.Track.Phase != d.Phase || again.Phase != d.Phase || len(again.Events) > 0 {
		p.Fatalf("decided %q with %v, replayed to %q, decided again %q with %v",
			d.Phase, d.Events, p.in.Track.Phase, again.Phase, again.Events)
	}
	again.Events, again.Disputed = d.Events, d.Disputed
	if diff := cmp.Diff(d, again); diff != "" {
		p.Fatalf("decided again (-first +again):\n%s", diff)
	}
	roundTrip(p, d)
	roundTrip(p, p.in.Track)
	return d
}

// roundTrip demands that a value comes back from its JSON as it was.
func roundTrip[T any](t testing.TB, v T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back T
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if diff := cmp.Diff(v, back); diff != "" {
		t.Fatalf("%T through JSON (-want +got):\n%s", v, diff)
	}
}

// kinds returns the kinds and times of events, for comparing.
func edges(events []journey.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, string(e.Kind)+" "+e.Happened.Format("2 Jan 15:04"))
	}
	return out
}
