package bench

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/looplab/fsm"
	"github.com/qmuntal/stateless"

	"github.com/customersuccess-go/customersuccess/journey"
)

const (
	walkPhases = 6
	walkSteps  = 1_000_000
	replayed   = 1_000_000
)

var walkFrom = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// A facts is what a host knows of an account, which the guards of all contestants read from the same place.
type facts struct{ seats, depth, tickets float64 }

// Signal implements journey.Signals.
func (f *facts) Signal(name string) (journey.Signal, bool) {
	switch name {
	case "seats":
		return journey.Signal{Value: f.seats}, true
	case "depth":
		return journey.Signal{Value: f.depth}, true
	case "tickets":
		return journey.Signal{Value: f.tickets}, true
	}
	return journey.Signal{}, false
}

var (
	walkOn   = facts{seats: 9, depth: 9, tickets: 3}
	walkStay = facts{seats: 9, depth: 9, tickets: 30}
)

func phaseName(i int) string { return fmt.Sprint("p", i%walkPhases) }

// A ring is the work of going round six phases, each with one way out that three signals guard.
type ring struct {
	model *journey.Model
	log   []journey.Event // the start
	track journey.Track
	facts *facts
}

func newRing(tb testing.TB) *ring {
	tb.Helper()
	m := journey.Map{Format: 1, Name: "ring"}
	for i := range walkPhases {
		m.Phases = append(m.Phases, journey.Phase{Name: phaseName(i)})
		m.Moves = append(m.Moves, journey.Move{
			Name: "leave " + phaseName(i), From: phaseName(i), To: phaseName(i + 1), Kind: journey.Advance,
			Dwell: journey.Duration(time.Hour), // one move a step
			Needs: []journey.Need{
				{Signal: "seats", When: journey.GreaterEqual, Value: 5},
				{Signal: "depth", When: journey.GreaterEqual, Value: 5},
				{Signal: "tickets", When: journey.Less, Value: 10},
			},
		})
	}
	r := &ring{facts: new(facts)}
	var err error
	if r.model, err = journey.Compile(m); err != nil {
		tb.Fatal(err)
	}
	r.log = []journey.Event{{
		Format: 1, ID: "1", Account: "acme", Kind: journey.Started, Phase: phaseName(0), Happened: walkFrom, Recorded: walkFrom,
	}}
	if r.track, err = journey.Replay(events(r.log), walkFrom, time.Time{}); err != nil {
		tb.Fatal(err)
	}
	return r
}

func events(list []journey.Event) func(func(journey.Event, error) bool) {
	return func(yield func(journey.Event, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (r *ring) walk() (*journey.Walk, error) {
	return r.model.Walk(journey.Input{Account: "acme", Track: r.track}, walkFrom)
}

// stateless and fsm are the same ring, with a guard that reads the facts.
func (r *ring) stateless() *stateless.StateMachine {
	m := stateless.NewStateMachine(phaseName(0))
	m.OnUnhandledTrigger(func(context.Context, stateless.State, stateless.Trigger, []string) error { return nil })
	seats := func(context.Context, ...any) bool { return r.facts.seats >= 5 }
	depth := func(context.Context, ...any) bool { return r.facts.depth >= 5 }
	tickets := func(context.Context, ...any) bool { return r.facts.tickets < 10 }
	for i := range walkPhases {
		m.Configure(phaseName(i)).Permit("leave", phaseName(i+1), seats, depth, tickets)
	}
	return m
}

func (r *ring) fsm() *fsm.FSM {
	var ways fsm.Events
	for i := range walkPhases {
		ways = append(ways, fsm.EventDesc{Name: "leave", Src: []string{phaseName(i)}, Dst: phaseName(i + 1)})
	}
	return fsm.NewFSM(phaseName(0), ways, fsm.Callbacks{"before_leave": func(_ context.Context, e *fsm.Event) {
		if f := r.facts; f.seats < 5 || f.depth < 5 || f.tickets >= 10 {
			e.Cancel()
		}
	}})
}

// leave moves on if the guards let it.
func leave(ctx context.Context, m *fsm.FSM) error {
	err := m.Event(ctx, "leave")
	if errors.As(err, &fsm.CanceledError{}) {
		return nil
	}
	return err
}

// agree takes all contestants through the same steps at random, of which one in two leads on. The walk's events must be
// those of Decide, on the log that goes on with them.
func (r *ring) agree(tb testing.TB) {
	tb.Helper()
	w, err := r.walk()
	if err != nil {
		tb.Fatal(err)
	}
	a, b, random, moved, log := r.stateless(), r.fsm(), newRand(7), 0, r.log
	for i := range 2000 {
		*r.facts = []facts{walkOn, walkOn, walkOn, {4, 9, 3}, {9, 4, 3}, walkStay}[random.IntN(6)]
		at := walkFrom.Add(time.Duration(i+1) * time.Hour)
		due := w.Due(r.facts, at)
		n, err := w.Step(r.facts, at)
		if err := errors.Join(err, a.Fire("leave"), leave(tb.Context(), b)); err != nil {
			tb.Fatal(err)
		}
		after, walked := w.Events()
		if decided := r.decided(tb, log, at); !reflect.DeepEqual(walked, decided) || after != int64(len(log)) || due != (len(decided) > 0) {
			tb.Fatalf("step %d after %d events: due is %v, and\n%v\nof the walk are not\n%v", i, after, due, walked, decided)
		}
		log = append(log, walked...)
		moved += n
		if phase := w.Phase(); phase != phaseName(moved) || phase != a.MustState() || phase != b.Current() {
			tb.Fatalf("step %d: in %q after %d moves, but stateless in %v and fsm in %q", i, phase, moved, a.MustState(), b.Current())
		}
	}
	if moved < 500 {
		tb.Fatalf("%d moves", moved)
	}
}

// decided returns the events of Decide on a log.
func (r *ring) decided(tb testing.TB, log []journey.Event, at time.Time) []journey.Event {
	tb.Helper()
	track, err := journey.Replay(events(log), at, time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	d, err := r.model.Decide(journey.Input{Account: "acme", Track: track, Signals: r.facts}, at)
	if err != nil {
		tb.Fatal(err)
	}
	return d.Events
}

// moves are contestants that make n moves, from the start of the ring on.
func (r *ring) moves(n int) []contestant {
	*r.facts = walkOn
	walk := func(history bool) func() (time.Duration, error) {
		return func() (time.Duration, error) {
			w, err := r.walk()
			if err != nil {
				return 0, err
			}
			return timed(func() error {
				at := walkFrom
				for range n {
					at = at.Add(time.Hour)
					if moved, err := w.Step(r.facts, at); err != nil || moved != 1 {
						return fmt.Errorf("%d moves: %w", moved, err)
					}
					if !history {
						continue
					}
					if _, list := w.Events(); len(list) == 0 {
						return errors.New("a move without an event")
					}
				}
				return nil
			})()
		}
	}
	return []contestant{
		{name: "walk", run: walk(false)},
		{name: "walk-events", run: walk(true)}, // as they are appended to a log
		r.decide(n, "p1", 4),                   // three needs began, and a move
		{name: "stateless", goal: 1, run: func() (time.Duration, error) {
			m := r.stateless()
			return timed(func() error {
				for range n {
					if err := m.Fire("leave"); err != nil {
						return err
					}
				}
				return nil
			})()
		}},
		{name: "fsm", goal: 1, run: func() (time.Duration, error) {
			m, ctx := r.fsm(), context.Background()
			return timed(func() error {
				for range n {
					if err := m.Event(ctx, "leave"); err != nil {
						return err
					}
				}
				return nil
			})()
		}},
	}
}

// decide decides n times on the same track, which gives all that is due as events, with the prescription.
func (r *ring) decide(n int, phase string, events int) contestant {
	return contestant{name: "decide", run: timed(func() error {
		in, at := journey.Input{Account: "acme", Track: r.track, Signals: r.facts}, walkFrom.Add(time.Hour)
		for range n {
			d, err := r.model.Decide(in, at)
			if err != nil || d.Phase != phase || len(d.Events) != events {
				return fmt.Errorf("in %q with %d events: %w", d.Phase, len(d.Events), err)
			}
		}
		return nil
	})}
}

// stays are contestants that ask n times whether to move on, in an account of which nothing comes.
func (r *ring) stays(tb testing.TB, n int) []contestant {
	tb.Helper()
	*r.facts = walkStay
	w, err := r.walk()
	if err != nil {
		tb.Fatal(err)
	}
	at := walkFrom.Add(time.Hour)
	if _, err := w.Step(r.facts, at); err != nil { // two needs begin
		tb.Fatal(err)
	}
	if allocs := testing.AllocsPerRun(100, func() { w.Due(r.facts, at) }); allocs > 0 {
		tb.Fatalf("%v allocations where nothing is to be done", allocs)
	}
	a, b, ctx := r.stateless(), r.fsm(), context.Background()
	return []contestant{
		{name: "walk", run: timed(func() error {
			for range n {
				if w.Due(r.facts, at) {
					return errors.New("something is due")
				}
			}
			return nil
		})},
		r.decide(n, "p0", 2), // of the track before these needs
		{name: "stateless", goal: 1.0 / 4, run: timed(func() error {
			for range n {
				if err := a.Fire("leave"); err != nil {
					return err
				}
			}
			return nil
		})},
		{name: "stateless-ask", goal: 1.0 / 4, run: timed(func() error {
			for range n {
				if can, err := a.CanFire("leave"); can || err != nil {
					return fmt.Errorf("can fire: %v, %w", can, err)
				}
			}
			return nil
		})},
		{name: "fsm", goal: 1.0 / 4, run: timed(func() error {
			for range n {
				if err := leave(ctx, b); err != nil {
					return err
				}
			}
			return nil
		})},
	}
}

// longLog is a log of n events of three needs that begin and cease by turns, a minute apart.
func longLog(n int) []journey.Event {
	log := make([]journey.Event, n)
	for i := range log {
		at := walkFrom.Add(time.Duration(i) * time.Minute)
		log[i] = journey.Event{
			Format: 1, ID: fmt.Sprint(i), Account: "acme", Kind: []journey.EventKind{journey.NeedBegan, journey.NeedCeased}[i%2],
			Name: fmt.Sprintf("s%d = 1", i/2%3), Happened: at, Recorded: at,
		}
	}
	log[0].Kind, log[0].Name, log[0].Phase = journey.Started, "", phaseName(0)
	return log
}

func TestWalk(t *testing.T) {
	r := newRing(t)
	r.agree(t)
	run := func(contestants []contestant) {
		for _, c := range contestants {
			if _, err := c.run(); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
	}
	run(r.stays(t, 10))
	run(r.moves(10))
}

func BenchmarkWalk(b *testing.B) {
	r, n := newRing(b), size(100_000, walkSteps)
	r.agree(b)
	b.Run("move", func(b *testing.B) { compare(b, n, "step", r.moves(n)...) })
	b.Run("nothing", func(b *testing.B) { compare(b, n, "step", r.stays(b, n)...) })
}

// BenchmarkReplay has nobody beside it: it says how many events a second a track is folded from.
func BenchmarkReplay(b *testing.B) {
	log := longLog(size(100_000, replayed))
	last := log[len(log)-1].Recorded
	compare(b, len(log), "event", contestant{name: "ours", run: timed(func() error {
		track, err := journey.Replay(events(log), last, time.Time{})
		if err == nil && track.Version != int64(len(log)) {
			err = fmt.Errorf("%d events, want %d", track.Version, len(log))
		}
		return err
	})})
}
