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
