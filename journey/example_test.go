package journey_test

import (
	"context"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
)

func Example() {
	model, err := journey.Compile(journey.Map{
		Format: 1, Name: "onboarding",
		Phases: []journey.Phase{
			{Name: "setup", Milestones: []journey.Milestone{{
				Name:  "sso_live",
				Needs: []journey.Need{{Signal: "sso", When: journey.Equal, Value: 1, For: 7 * journey.Day}},
			}}},
			{Name: "adoption"},
		},
		Moves: []journey.Move{{Name: "go_live", From: "setup", To: "adoption", Kind: journey.Advance}},
	})
	if err != nil {
		panic(err) // every problem at once, each with its place in the definition
	}
	january := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	tracker, _ := journey.NewTracker(model, &journey.Memory{}, journey.Options{})
	ctx := context.Background()
	_ = tracker.Start(ctx, "acme", "setup", january(1))

	for _, d := range []int{20, 26, 27} {
		decision, err := tracker.Check(ctx, journey.Input{
			Account: "acme", Signals: journey.SignalMap{"sso": {Value: 1}},
		}, january(d))
		if err != nil {
			panic(err)
		}
		fmt.Println(d, decision.Phase)
		for _, m := range decision.Missing {
			n := m.Needs[0]
			fmt.Println("  missing", m.Milestone, n.State, n.Held, "of", n.Need.For)
		}
	}
	// Output:
	// 20 setup
	//   missing sso_live holding 0s of 7d
	// 26 setup
	//   missing sso_live holding 6d of 7d
	// 27 adoption
}

// An account stays in memory, and its log grows when something has come.
func ExampleWalk() {
	model, err := journey.Compile(journey.Map{
		Format: 1, Name: "onboarding",
		Phases: []journey.Phase{{Name: "setup"}, {Name: "adoption"}},
		Moves: []journey.Move{{
			Name: "go_live", From: "setup", To: "adoption", Kind: journey.Advance,
			Needs: []journey.Need{{Signal: "sso", When: journey.Equal, Value: 1, For: 7 * journey.Day}},
		}},
	})
	if err != nil {
		panic(err)
	}
	january := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	ctx, log := context.Background(), new(journey.Memory)
	tracker, _ := journey.NewTracker(model, log, journey.Options{Now: func() time.Time { return january(1) }})
	_ = tracker.Start(ctx, "acme", "setup", january(1))

	track, err := journey.Replay(log.Events(ctx, "acme", 0), january(1), time.Time{})
	if err != nil {
		panic(err)
	}
	walk, err := model.Walk(journey.Input{Account: "acme", Track: track}, january(1))
	if err != nil {
		panic(err)
	}
	for d := 18; d <= 28; d++ {
		signals := journey.SignalMap{"sso": {Value: 1}}
		if d < 20 {
			signals = nil
		}
		if !walk.Due(signals, january(d)) {
			continue
		}
		if _, err := walk.Step(signals, january(d)); err != nil {
			panic(err)
		}
		after, events := walk.Events()
		if err := log.Append(ctx, "acme", after, events...); err != nil {
			panic(err)
		}
		for _, e := range events {
			fmt.Println(d, walk.Phase(), e.Kind, e.Name)
		}
	}
	// Output:
	// 20 setup need_began sso = 1
	// 27 adoption moved go_live
}

func ExampleReplay() {
	january := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	event := func(kind journey.EventKind, happened, recorded int) journey.Event {
		return journey.Event{
			Format: 1, ID: fmt.Sprint(kind, recorded), Account: "acme", Kind: kind, Phase: "setup",
			Happened: january(happened), Recorded: january(recorded),
		}
	}
	log := func(yield func(journey.Event, error) bool) {
		for _, e := range []journey.Event{
			event(journey.Started, 1, 1),
			event(journey.PauseBegan, 10, 25), // told two weeks later
			event(journey.PauseEnded, 15, 25),
		} {
			if !yield(e, nil) {
				return
			}
		}
	}
	now, _ := journey.Replay(log, january(20), time.Time{})
	then, _ := journey.Replay(log, january(20), january(20))
	fmt.Println("stood still, as known now:", now.Stood, "as known then:", then.Stood)
	// Output: stood still, as known now: 5d as known then: 0s
}

func ExampleModel_Verify() {
	low := []journey.Need{{Signal: "active_share", When: journey.Less, Value: 0.4}}
	model, err := journey.Compile(journey.Map{
		Format: 1, Name: "draft",
		Phases: []journey.Phase{
			{Name: "setup", Milestones: []journey.Milestone{{Name: "kick_off", Owner: "onboarding"}}},
			{Name: "adoption"},
			{Name: "expansion"},
		},
		Moves: []journey.Move{
			{Name: "go_live", From: "setup", To: "adoption", Kind: journey.Advance},
			{Name: "slip", From: "adoption", To: "setup", Kind: journey.Regress, Needs: low},
		},
	})
	if err != nil {
		panic(err)
	}
	for _, f := range model.Verify() {
		fmt.Println(f.Class, f.Pointer)
		if f.Class == journey.Spinning {
			in, _ := f.Witness.Input()
			d, _ := model.Decide(in, f.Witness.AsOf)
			for _, e := range d.Events {
				fmt.Println("  ", e.Kind, e.Name)
			}
		}
	}
	// Output:
	// unreachable /phases/2
	// dead_end /phases/2
	// spinning /moves/0
	//    moved go_live
	//    moved slip
}

func ExampleModel_Walk() {
	model, _ := journey.Compile(journey.LAER())
	january := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	started := journey.Event{
		Format: 1, ID: "e1", Account: "acme", Kind: journey.Started, Phase: "grow", Happened: january(1), Recorded: january(1),
	}
	track, _ := journey.Replay(func(yield func(journey.Event, error) bool) { yield(started, nil) }, january(2), time.Time{})
	walk, _ := model.Walk(journey.Input{Account: "acme", Track: track}, january(2))
	for _, cancelled := range []float64{0, 1} { // from here on: as often as signals come in
		fmt.Println(walk.Due(journey.SignalMap{"cancelled": {Value: cancelled}}, january(3)))
	}
	// Output:
	// false
	// true
}

func ExampleChanges() {
	january := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	then := journey.Track{Account: "acme", Passes: []journey.Pass{{Move: "go_live", At: january(27), DueAt: january(27)}}}
	now := journey.Track{Account: "acme", Passes: []journey.Pass{{Move: "go_live", At: january(27), DueAt: january(31)}}}
	for _, c := range journey.Changes(then, now) {
		fmt.Println(c.What, c.Name, c.Then.Format(time.DateOnly), c.Now.Format(time.DateOnly))
	}
	// Output: due go_live 2026-01-27 2026-01-31
}

func ExampleRollUp() {
	desk, _ := journey.Compile(journey.Map{Format: 1, Name: "desk", Phases: []journey.Phase{{Name: "land"}, {Name: "adopt"}}})
	app, _ := journey.Compile(journey.Map{Format: 1, Name: "app", Phases: []journey.Phase{{Name: "try"}, {Name: "rely"}}})
	both, err := journey.RollUp{
		Format: 1, Name: "both", Rule: journey.RollUpLeast,
		Stages: []journey.Stage{
			{Name: "early", Phases: []journey.MapPhase{{Map: "desk", Phase: "land"}, {Map: "app", Phase: "try"}}},
			{Name: "grown", Phases: []journey.MapPhase{{Map: "desk", Phase: "adopt"}, {Map: "app", Phase: "rely"}}},
		},
	}.Compile(desk, app)
	if err != nil {
		panic(err)
	}
	s, _ := both.Of(journey.Decision{Account: "acme", Map: "desk", Phase: "adopt"}, journey.Decision{Account: "acme", Map: "app", Phase: "try"})
	fmt.Println(s.Stage, "because of", s.Map)
	// Output: early because of app
}
