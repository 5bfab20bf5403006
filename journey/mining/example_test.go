package mining_test

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// The journeys of five accounts, a step a week.
func sample() []mining.Event {
	var events []mining.Event
	for _, j := range []struct {
		account string
		steps   []string
	}{
		{"acme", []string{"signed", "trained", "live", "renewed"}},
		{"birch", []string{"signed", "live", "trained", "live", "renewed"}},
		{"cedar", []string{"signed", "trained", "live"}},
		{"dune", []string{"signed", "trained", "live", "renewed"}},
		{"elm", []string{"signed", "live", "left"}},
	} {
		for week, step := range j.steps {
			events = append(events, mining.Event{Account: j.account, Activity: step, At: time.Date(2026, 1, 5+7*week, 9, 0, 0, 0, time.UTC)})
		}
	}
	return events
}

// The graph of the sample; a test of its own shows how it is made.
func sampleGraph() *mining.Graph {
	graph, err := mining.NewGraph(mining.Options{Ending: mining.Ending{Activities: []string{"renewed", "left"}}})
	if err == nil {
		_, err = graph.AddAll(sequence(sample()...))
	}
	if err != nil {
		panic(err)
	}
	return graph
}

func ExampleGraph() {
	graph, err := mining.NewGraph(mining.Options{Ending: mining.Ending{Activities: []string{"renewed", "left"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if failed, err := graph.AddAll(sequence(sample()...)); err != nil || len(failed) > 0 {
		fmt.Println(failed, err)
		return
	}
	for _, v := range graph.TopVariants(0.3) {
		fmt.Println(v.Path, "ended", v.Ended, "open", v.Open)
	}
	for _, e := range graph.TopEdges(0.5) {
		fmt.Printf("%s to %s: %d, after %.0f days\n", e.From, e.To, e.Count(), *e.Times.Mean/86400)
	}
	for _, l := range graph.Loops() {
		fmt.Println("round", l.Path, l.Count)
	}
	// Output:
	// [signed trained live renewed] ended 2 open 0
	// trained to live: 4, after 7 days
	// live to renewed: 3, after 7 days
	// signed to trained: 3, after 7 days
	// round [live trained] 1
}

func ExampleGraph_Chain() {
	graph := sampleGraph()
	chain, err := graph.Chain()
	if err != nil {
		fmt.Println(err)
		return
	}
	ends, err := chain.Absorption()
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, from := range ends.Transient {
		if from.Name != "signed" {
			continue
		}
		fmt.Printf("from %s %.2f steps on, on average:\n", from.Name, ends.Steps[i])
		for k, end := range ends.Absorbing {
			fmt.Printf("%s after %s %.2f\n", end.Kind, end.Name, ends.Ends[i][k])
		}
	}
	// Output:
	// from signed 4.10 steps on, on average:
	// ended after left 0.25
	// ended after renewed 0.75
}

func ExampleAligner_AlignAll() {
	onboarding := journey.Map{
		Format: journey.Format, Name: "onboarding",
		Phases: []journey.Phase{{Name: "signed"}, {Name: "trained"}, {Name: "live"}, {Name: "renewed"}},
		Moves: []journey.Move{
			{Name: "kick off", From: "signed", To: "trained", Kind: journey.Advance},
			{Name: "go live", From: "trained", To: "live", Kind: journey.Advance},
			{Name: "renew", From: "live", To: "renewed", Kind: journey.Advance},
		},
	}
	model, err := journey.Compile(onboarding)
	if err != nil {
		fmt.Println(err)
		return
	}
	aligner, err := mining.NewAligner(model, mining.AlignOptions{Ending: mining.Ending{Activities: []string{"renewed", "left"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for item, err := range aligner.AlignAll(sequence(sample()...)) {
		if err != nil || item.Err != nil {
			fmt.Println(err, item.Err)
			return
		}
		fmt.Printf("%s %.3f", item.Account, item.Alignment.Fitness)
		for _, p := range item.Alignment.Pairs {
			if p.Fit != mining.Fits {
				fmt.Print(" ", p.Fit, " ", p.Activity, p.Phase)
			}
		}
		fmt.Println()
	}
	// Output:
	// acme 1.000
	// birch 0.889 extra live
	// cedar 1.000
	// dune 1.000
	// elm 0.571 missing trained extra left missing renewed
}

func ExampleProfile_Deviations() {
	var profile mining.Profile
	for i := range 9 {
		day := func(n int) time.Time { return time.Date(2026, 1, 5+n, 9, 0, 0, 0, time.UTC) }
		steps := []mining.Step{{Activity: "signed", At: day(0)}, {Activity: "live", At: day(20 + i)}}
		if err := profile.Add(mining.Journey{Account: fmt.Sprint("account ", i), Steps: steps}); err != nil {
			fmt.Println(err)
			return
		}
	}
	slow := mining.Journey{Account: "fern", Steps: []mining.Step{
		{Activity: "signed", At: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)},
		{Activity: "live", At: time.Date(2026, 2, 23, 9, 0, 0, 0, time.UTC)},
	}}
	found, err := profile.Deviations(slow, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range found {
		fmt.Printf("%s to %s took %.0f days, %.1f deviations above the mean\n", d.From, d.To, d.Took/86400, d.Zeta)
	}
	// Output:
	// signed to live took 49 days, 9.1 deviations above the mean
}

func ExampleGraph_Draft() {
	graph := sampleGraph()
	draft, err := graph.Draft(mining.DraftOptions{Name: "as seen"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, m := range draft.Map.Moves {
		fmt.Println(m.Kind, m.Name, draft.Statistics.Moves[i].Count)
	}
	model, err := journey.Compile(draft.Map)
	if err != nil {
		fmt.Println(err)
		return
	}
	picture, err := model.Annotate(draft.Statistics)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(picture.SVG()) > 0)
	// Output:
	// advance signed to trained 3
	// advance signed to live 2
	// advance trained to live 4
	// advance live to renewed 3
	// regress live to trained 1
	// advance live to left 1
	// leave left to ended 1
	// leave renewed to ended 3
	// true
}
