package journey_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

func (p *player) walk(asOf time.Time) *journey.Walk {
	p.Helper()
	p.in.Track = p.track(asOf)
	w, err := p.model.Walk(p.in, asOf)
	if err != nil {
		p.Fatal(err)
	}
	return w
}

// randomSignals has late, future, failed and missing ones.
func randomSignals(r *rand.Rand, asOf time.Time) journey.SignalMap {
	signals := journey.SignalMap{}
	for signal := range 3 {
		s := journey.Signal{Value: float64(r.IntN(4)) / 8, State: []journey.State{"", "", journey.Known, journey.Failed}[r.IntN(4)]}
		if r.IntN(20) == 0 {
			s.Value = math.NaN()
		}
		if r.IntN(3) == 0 {
			s.At = asOf.Add(time.Duration(hours(4 - r.IntN(50))))
		}
		if r.IntN(5) > 0 {
			signals[fmt.Sprintf("s%d", signal)] = s
		}
	}
	return signals
}

// step takes a step as Decide does, holds the walk against it, and appends the events to the log.
func (p *player) step(w *journey.Walk, signals journey.SignalMap, asOf time.Time) journey.Decision {
	p.Helper()
	due, before := w.Due(signals, asOf), int64(len(p.log))
	d := p.decide(asOf, signals)
	if want := len(d.Events) > 0; due != want {
		p.Fatalf("as of %v: due is %t, and there are %d events: %v", asOf, due, len(d.Events), d.Events)
	}
	n, err := w.Step(signals, asOf)
	if err != nil || n != len(moves(d.Events)) || w.Phase() != d.Phase {
		p.Fatalf("as of %v: stepped to %q with %d moves, %v; decided %q with %v", asOf, w.Phase(), n, err, d.Phase, d.Events)
	}
	if w.Due(signals, asOf) { // which changes no events
		p.Fatalf("as of %v: due after the step", asOf)
	}
	after, events := w.Events()
	if after != before {
		p.Fatalf("as of %v: events after %d, and the log has %d", asOf, after, before)
	}
	if diff := cmp.Diff(d.Events, events); diff != "" {
		p.Fatalf("as of %v: events (-Decide +Walk):\n%s", asOf, diff)
	}
	return d
}

// interfere appends what others do: evidence, pauses, ends and starts, some recorded late or ahead of time.
func (p *player) interfere(r *rand.Rand, asOf time.Time) {
	p.Helper()
	phase := p.track(asOf).Phase
	switch kind := r.IntN(12); {
	case phase == journey.Ended:
		p.add(journey.Event{Kind: journey.Started, Phase: "p0", Happened: asOf})
	case kind == 0:
		p.add(journey.Event{Kind: journey.JourneyEnded, By: "ada", Happened: asOf})
	case kind == 1:
		p.add(journey.Event{Kind: journey.PauseBegan, By: "ada", Happened: asOf})
	case kind == 2:
		p.add(journey.Event{Kind: journey.PauseEnded, By: "ada", Happened: asOf})
	case kind == 3:
		p.add(journey.Event{Kind: journey.EvidenceWithdrawn, Name: "m00", By: "ada", Happened: asOf})
	default:
		at := asOf.Add(-time.Duration(hours(max(0, r.IntN(60)-30))))
		for _, name := range []string{"m00", "m01", "m11", "go0", "go1", "go3"} {
			if r.IntN(2) == 0 {
				p.attest(name, []string{"", "boss", "boss"}[r.IntN(3)], at)
			}
		}
	}
	if r.IntN(3) == 0 {
		last := &p.log[len(p.log)-1]
		last.Recorded = last.Recorded.Add(time.Duration(hours(r.IntN(30))))
	}
}

// A walk is due exactly when Decide has events, its steps lead where those of Decide do, and have the same events, for
// as long as the log goes on with them.
func TestWalkIsDecide(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 7))
	seen := make(map[string]int)
	for range 400 {
		p := start(t, randomMap(r), day(1, 1))
		p.in.Segment = []string{"", "big"}[r.IntN(2)]
		asOf := day(1, 1)
		w := p.walk(asOf)
		signals := randomSignals(r, asOf)
		for range 20 {
			if r.IntN(3) == 0 {
				signals = randomSignals(r, asOf)
			}
			asOf = asOf.Add(time.Duration(hours(r.IntN(20))))
			if r.IntN(6) == 0 {
				p.interfere(r, asOf)
				w = p.walk(asOf)
				if after, events := w.Events(); after != int64(len(p.log)) || len(events) > 0 {
					t.Fatalf("before a step: %v after %d", events, after)
				}
			}
			d := p.step(w, signals, asOf)
			count(seen, d)
		}
	}
	for _, what := range []string{
		"calm", "need_began", "need_lost", "need_found", "need_ceased", "unknown", "moved", "several moves",
		"approved", "waited", "ended", "recorded later",
	} {
		if seen[what] < 10 {
			t.Errorf("%s: %d times only: the test tests little", what, seen[what])
		}
	}
}

// count notes what a decision has.
func count(seen map[string]int, d journey.Decision) {
	if len(d.Events) == 0 {
		seen["calm"]++
	}
	if len(moves(d.Events)) > 1 {
		seen["several moves"]++
	}
	for _, e := range d.Events {
		seen[string(e.Kind)]++
		seen[e.Note]++
		if e.Recorded.After(d.AsOf) {
			seen["recorded later"]++
		}
		if e.Phase == journey.Ended {
			seen["ended"]++
		}
		for _, g := range e.Guards {
			if g.Role != "" {
				seen["approved"]++
			}
			if !g.After.IsZero() {
				seen["waited"]++
			}
		}
	}
}

// What others do with the events, with Due or with a step that fails changes no events.
func TestWalkEvents(t *testing.T) {
	p := start(t, ring(), day(1, 1))
	all := journey.SignalMap{"seats": {Value: 9}, "depth": {Value: 9}, "tickets": {Value: 3}}
	w := p.walk(day(1, 1))
	if n, err := w.Step(all, day(1, 2)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	want := p.decide(day(1, 2), all).Events
	if len(want) != 4 || len(want[3].Guards) != 1 || len(want[3].Guards[0].Needs) != 3 {
		t.Fatalf("events %v", want)
	}
	_, events := w.Events()
	events[0].Name, events[3].Guards[0].Role, events[3].Guards[0].Needs[0].Value = "x", "x", 7
	w.Due(journey.SignalMap{}, day(1, 3))
	if _, err := w.Step(all, day(1, 1)); err == nil {
		t.Error("a step back in time")
	}
	after, again := w.Events()
	if diff := cmp.Diff(want, again); diff != "" || after != 1 {
		t.Errorf("after %d (-want +got):\n%s", after, diff)
	}
	if _, err := w.Step(all, day(1, 2)); err != nil {
		t.Fatal(err)
	}
	if after, none := w.Events(); after != 5 || none != nil {
		t.Errorf("nothing was due, and there are events after %d: %v", after, none)
	}
}

// What Decide refuses is due, whatever was calm before.
func TestWalkRefuses(t *testing.T) {
	m := onboarding()
	p := start(t, m, day(1, 1))
	w := p.walk(day(1, 2))
	calm := sso(0, time.Time{})
	for _, c := range []struct {
		name    string
		signals journey.SignalMap
		asOf    time.Time
		due     bool
	}{
		{"calm", calm, day(1, 3), false},
		{"calm for ever", calm, day(12, 31), false},
		{"no state", journey.SignalMap{"sso": {State: "maybe"}}, day(1, 3), true},
		{"no year", sso(0, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), day(1, 3), true},
		{"back in time", calm, day(1, 1), true},
		{"the zero time", calm, time.Time{}, true},
		{"beyond the calendar", calm, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), true},
		{"unknown", nil, day(1, 3), false},
		{"not a number", sso(math.NaN(), time.Time{}), day(1, 3), false},
		{"not yet seen", sso(1, day(1, 4)), day(1, 3), false},
		{"begins", sso(1, day(1, 4)), day(1, 4), true},
	} {
		w.Due(calm, day(1, 3))
		if got := w.Due(c.signals, c.asOf); got != c.due {
			t.Errorf("%s: due is %t", c.name, got)
		}
		p.in.Signals = c.signals
		d, err := p.model.Decide(p.in, c.asOf)
		if want := err != nil || len(d.Events) > 0; want != c.due {
			t.Errorf("%s: Decide has %d events, and says %v", c.name, len(d.Events), err)
		}
	}
	var data *journey.DataError
	if _, err := w.Step(calm, day(1, 1)); !errors.As(err, &data) || data.Field != "track" {
		t.Errorf("a step back in time: %v", err)
	}
	if _, err := w.Step(journey.SignalMap{"sso": {State: "maybe"}}, day(1, 3)); !errors.As(err, &data) || data.Field != `signal "sso"` {
		t.Errorf("a step on a signal without state: %v", err)
	}
	if _, err := p.model.Walk(journey.Input{}, day(1, 1)); err == nil {
		t.Error("an input without account is taken")
	}
	if w, err := p.model.Walk(journey.Input{Account: "new"}, day(1, 1)); err != nil || w.Phase() != "" || w.Due(calm, day(1, 2)) {
		t.Errorf("before the start: %v", err)
	}
}

func TestWalkAllocatesNothing(t *testing.T) {
	p := start(t, sixPhases(), day(1, 1))
	w := p.walk(day(1, 1))
	quiet := journey.SignalMap{"seats": {Value: -1}, "depth": {Value: -1}, "tickets": {Value: 20}}
	w.Due(quiet, day(1, 1))
	if n := testing.AllocsPerRun(100, func() { w.Due(quiet, day(1, 2)) }); n > 0 {
		t.Errorf("nothing to do: %v allocations", n)
	}
	p = start(t, ring(), day(1, 1))
	w = p.walk(day(1, 1))
	all, at := journey.SignalMap{"seats": {Value: 9}, "depth": {Value: 9}, "tickets": {Value: 3}}, day(1, 1)
	step := func() {
		at = at.Add(time.Hour)
		if n, err := w.Step(all, at); n != 1 || err != nil {
			t.Fatalf("%d moves, %v", n, err)
		}
	}
	step()
	if n := testing.AllocsPerRun(100, step); n > 0 {
		t.Errorf("a move: %v allocations", n)
	}
	turn := func(signals journey.SignalMap) {
		at = at.Add(time.Minute)
		if _, err := w.Step(signals, at); err != nil {
			t.Fatal(err)
		}
	}
	turns := func() { turn(quiet); turn(all) } // needs cease and begin
	turns()
	if n := testing.AllocsPerRun(100, turns); n > 0 {
		t.Errorf("needs that turn: %v allocations", n)
	}
}

// What Decide allocates is what it returns: the signals that it read, what is missing, and its needs.
func TestDecideAllocatesItsResult(t *testing.T) {
	p := start(t, sixPhases(), day(1, 1))
	p.decide(day(1, 1), journey.SignalMap{"seats": {Value: -1}, "depth": {Value: 5}, "tickets": {Value: 3}})
	var d journey.Decision
	n := testing.AllocsPerRun(100, func() {
		var err error
		if d, err = p.model.Decide(p.in, day(2, 1)); err != nil {
			t.Fatal(err)
		}
	})
	if len(d.Events) > 0 || len(d.Missing) != 1 || n > 3 {
		t.Errorf("%v allocations for %d events and %d missing", n, len(d.Events), len(d.Missing))
	}
}

// ring is a map of six phases, each move of which is guarded by three signals and waits for an hour.
func ring() journey.Map {
	m := journey.Map{Format: 1, Name: "ring"}
	for i := range 6 {
		from, to := fmt.Sprintf("p%d", i), fmt.Sprintf("p%d", (i+1)%6)
		m.Phases = append(m.Phases, journey.Phase{Name: from})
		m.Moves = append(m.Moves, journey.Move{
			Name: "m" + from, From: from, To: to, Kind: journey.Advance, Dwell: hours(1),
			Needs: []journey.Need{
				{Signal: "seats", When: journey.GreaterEqual, Value: 5}, {Signal: "depth", When: journey.GreaterEqual, Value: 5},
				{Signal: "tickets", When: journey.Less, Value: 10},
			},
		})
	}
	return m
}
