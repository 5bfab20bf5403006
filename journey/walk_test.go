package journey_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

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

// A walk is due exactly when Decide has events, and its steps lead where those of Decide do.
func TestWalkIsDecide(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 7))
	due, calm, moved := 0, 0, 0
	for i := range 400 {
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
			if r.IntN(6) == 0 && p.track(asOf).Phase != journey.Ended {
				p.attest([]string{"m00", "m11", "go1", "go3"}[r.IntN(4)], []string{"", "boss"}[r.IntN(2)], asOf)
				w = p.walk(asOf)
			}
			got := w.Due(signals, asOf)
			d := p.decide(asOf, signals)
			if want := len(d.Events) > 0; got != want {
				t.Fatalf("map %d as of %v: due is %t, and there are %d events: %v", i, asOf, got, len(d.Events), d.Events)
			}
			if got {
				due++
			} else {
				calm++
			}
			n, err := w.Step(signals, asOf)
			if err != nil || n != len(moves(d.Events)) || w.Phase() != d.Phase {
				t.Fatalf("map %d as of %v: stepped to %q with %d moves, %v; decided %q with %v", i, asOf, w.Phase(), n, err, d.Phase, d.Events)
			}
			moved += n
		}
	}
	if due < 1000 || calm < 1000 || moved < 200 {
		t.Errorf("%d due, %d calm, %d moves: the test tests little", due, calm, moved)
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
