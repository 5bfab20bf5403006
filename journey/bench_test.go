package journey_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
)

// sixPhases is a map whose moves are guarded by three signals.
func sixPhases() journey.Map {
	m := journey.Map{Format: 1, Name: "six"}
	for i := range 6 {
		m.Phases = append(m.Phases, journey.Phase{
			Name: fmt.Sprintf("p%d", i),
			Milestones: []journey.Milestone{
				{Name: fmt.Sprintf("a%d", i), Needs: []journey.Need{{Signal: "seats", When: journey.GreaterEqual, Value: float64(i)}}},
				{Name: fmt.Sprintf("b%d", i), Needs: []journey.Need{
					{Signal: "depth", When: journey.GreaterEqual, Value: float64(i), For: 7 * journey.Day},
					{Signal: "tickets", When: journey.Less, Value: 10},
				}},
			},
			Pace: journey.Pace{Behind: 45 * journey.Day, Stuck: 90 * journey.Day},
		})
		if i > 0 {
			m.Moves = append(m.Moves, journey.Move{
				Name: fmt.Sprintf("m%d", i), From: fmt.Sprintf("p%d", i-1), To: fmt.Sprintf("p%d", i), Kind: journey.Advance,
			})
		}
	}
	return m
}

func benchmarkDecide(b *testing.B, signals journey.SignalMap, wantPhase string, wantEvents int) {
	model := compile(b, sixPhases())
	log := []journey.Event{{Format: 1, ID: "1", Account: "acme", Kind: journey.Started, Phase: "p0", Happened: day(1, 1), Recorded: day(1, 1)}}
	decide := func(asOf time.Time) journey.Decision {
		track, err := journey.Replay(sequence(log), asOf, time.Time{})
		if err != nil {
			b.Fatal(err)
		}
		d, err := model.Decide(journey.Input{Account: "acme", Track: track, Signals: journey.SignalMap{
			"seats": {Value: 2.5}, "depth": {Value: 5}, "tickets": {Value: 3},
		}}, asOf)
		if err != nil {
			b.Fatal(err)
		}
		return d
	}
	log = append(log, decide(day(1, 1)).Events...)
	log = append(log, decide(day(1, 10)).Events...)
	track, err := journey.Replay(sequence(log), day(2, 1), time.Time{})
	if err != nil {
		b.Fatal(err)
	}
	in := journey.Input{Account: "acme", Track: track, Signals: signals}
	b.ReportAllocs()
	var d journey.Decision
	for b.Loop() {
		if d, err = model.Decide(in, day(2, 1)); err != nil {
			b.Fatal(err)
		}
	}
	if d.Phase != wantPhase || len(d.Events) != wantEvents {
		b.Fatalf("in %q with %d events, want %q with %d", d.Phase, len(d.Events), wantPhase, wantEvents)
	}
}

func BenchmarkDecideNothing(b *testing.B) {
	benchmarkDecide(b, journey.SignalMap{"seats": {Value: 2.5}, "depth": {Value: 5}, "tickets": {Value: 3}}, "p3", 0)
}

func BenchmarkDecideMove(b *testing.B) {
	benchmarkDecide(b, journey.SignalMap{"seats": {Value: 3}, "depth": {Value: 5}, "tickets": {Value: 3}}, "p4", 2)
}

// BenchmarkWalkDueNothing asks for an account in the third of six phases, with three signals, of which nothing comes.
func BenchmarkWalkDueNothing(b *testing.B) {
	p := start(b, sixPhases(), day(1, 1))
	p.decide(day(1, 1), journey.SignalMap{"seats": {Value: 2.5}, "depth": {Value: 5}, "tickets": {Value: 3}})
	signals := journey.SignalMap{"seats": {Value: 2.5}, "depth": {Value: 5}, "tickets": {Value: 3}}
	p.decide(day(1, 10), signals)
	w := p.walk(day(2, 1))
	at := day(2, 1)
	b.ReportAllocs()
	for b.Loop() {
		if w.Due(signals, at) {
			b.Fatal("due")
		}
	}
}

// benchmarkWalk makes one move a step, guarded by three signals.
func benchmarkWalk(b *testing.B, events bool) {
	p := start(b, ring(), day(1, 1))
	signals := journey.SignalMap{"seats": {Value: 9}, "depth": {Value: 9}, "tickets": {Value: 3}}
	w := p.walk(day(1, 1))
	at := day(1, 1)
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(time.Hour)
		if n, err := w.Step(signals, at); n != 1 || err != nil {
			b.Fatal(n, err)
		}
		if !events {
			continue
		}
		if _, events := w.Events(); len(events) == 0 {
			b.Fatal("no events")
		}
	}
}

func BenchmarkWalkStep(b *testing.B)       { benchmarkWalk(b, false) }
func BenchmarkWalkStepEvents(b *testing.B) { benchmarkWalk(b, true) }

// BenchmarkTracker takes an account through a year: a start, eight attests and eight checks, on a log of its own.
func BenchmarkTracker(b *testing.B) {
	model := compile(b, journey.LAER())
	steps := []struct {
		name, role string
		signals    journey.SignalMap
	}{
		{"kick_off", "onboarding", journey.SignalMap{"active_share": {Value: 0.3}, "cancelled": {}}},
		{"goals", "", journey.SignalMap{"first_value": {Value: 1}, "active_share": {Value: 0.7}, "cancelled": {}}},
		{"new_need", "", journey.SignalMap{"first_value": {Value: 1}, "active_share": {Value: 0.8}, "cancelled": {}}},
		{"value_shown", "", journey.SignalMap{"first_value": {Value: 1}, "cancelled": {}}},
		{"signed", "sales", journey.SignalMap{"first_value": {Value: 1}, "active_share": {Value: 0.8}, "cancelled": {}}},
		{"goals", "", journey.SignalMap{"first_value": {Value: 1}, "active_share": {Value: 0.9}, "cancelled": {}}},
		{"case", "sales", journey.SignalMap{"first_value": {Value: 1}, "active_share": {Value: 0.3}, "cancelled": {}}},
		{"expand", "sales", journey.SignalMap{"first_value": {Value: 1}, "active_share": {Value: 0.3}, "cancelled": {}}},
	}
	ctx := b.Context()
	b.ReportAllocs()
	var phase string
	var log *journey.Memory
	for b.Loop() {
		log = new(journey.Memory)
		tracker, err := journey.NewTracker(model, log, journey.Options{Now: func() time.Time { return day(12, 31) }})
		if err != nil {
			b.Fatal(err)
		}
		if err := tracker.Start(ctx, "acme", "", day(1, 1)); err != nil {
			b.Fatal(err)
		}
		for i, s := range steps {
			at := day(time.Month(1+i), 10)
			if err := tracker.Attest(ctx, "acme", journey.Evidence{Name: s.name, Role: s.role, By: "ada", Note: "minutes", At: at}); err != nil {
				b.Fatal(err)
			}
			d, err := tracker.Check(ctx, journey.Input{Account: "acme", Signals: s.signals, Since: day(1, 1)}, at.AddDate(0, 0, 5))
			if err != nil {
				b.Fatal(err)
			}
			phase = d.Phase
		}
	}
	n := 0
	for range log.Events(ctx, "acme", 0) {
		n++
	}
	if phase != "adopt" || n != 23 {
		b.Fatalf("in %q after %d events", phase, n)
	}
}

func benchmarkReplay(b *testing.B, late bool) {
	const n = 100_000
	events := make([]journey.Event, n)
	for i := range events {
		e := &events[i]
		*e = journey.Event{Format: 1, ID: fmt.Sprint(i), Account: "acme", Name: fmt.Sprintf("s%d = 1", i/2%3)}
		e.Happened, e.Recorded = hour(i), hour(i)
		e.Kind = []journey.EventKind{journey.NeedBegan, journey.NeedCeased}[i%2]
	}
	events[0] = journey.Event{Format: 1, ID: "0", Account: "acme", Kind: journey.Started, Phase: "p0", Happened: hour(0), Recorded: hour(0)}
	if late {
		events[n-1].Happened = hour(1)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := journey.Replay(sequence(events), hour(n), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
}

func BenchmarkReplay(b *testing.B)     { benchmarkReplay(b, false) }
func BenchmarkReplayLate(b *testing.B) { benchmarkReplay(b, true) }

// BenchmarkVerify verifies a map of a thousand phases.
func BenchmarkVerify(b *testing.B) {
	const n = 1000
	m := journey.Map{Format: 1, Name: "long"}
	for i := range n {
		m.Phases = append(m.Phases, journey.Phase{Name: fmt.Sprint(i), Milestones: []journey.Milestone{
			{Name: fmt.Sprintf("m%d", i), Owner: "all", Needs: when(fmt.Sprintf("s%d", i%50), journey.GreaterEqual, float64(i), journey.Day)},
		}})
		m.Moves = append(m.Moves,
			journey.Move{Name: fmt.Sprintf("on %d", i), From: fmt.Sprint(i), To: fmt.Sprint((i + 1) % n), Kind: journey.Advance, Dwell: journey.Day},
			journey.Move{Name: fmt.Sprintf("out %d", i), From: fmt.Sprint(i), To: journey.Ended, Kind: journey.Leave, Needs: when("gone", journey.Equal, 1, 0)})
	}
	model := compile(b, m)
	b.ReportAllocs()
	for b.Loop() {
		if found := model.Verify(); len(found) != n || found[0].Class != journey.Ambiguous {
			b.Fatal(len(found))
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	model := compile(b, journey.LAER())
	b.ReportAllocs()
	for b.Loop() {
		if len(model.SVG()) < 5000 {
			b.Fatal("short")
		}
	}
}
