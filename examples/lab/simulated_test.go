package lab_test

import (
	"context"
	"fmt"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/world"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// Hypothesis: customers who use the product stay, and what they do says more than what they say. SIMULATED: the world is made
// of a seed, and a hidden health moves usage, answers and renewals alike.
func Example_simulated() {
	b := world.New(3000, 1)
	s, decisions := collected(b), due(b)
	use := compile("use", line{"active_share", 1, 0, 0.8}, line{"core_tasks", 1, 0, 6})
	say := compile("say", line{"nps", 1, 0, 10})
	byUse, err := collect(use, s, decisions)
	if err != nil {
		panic(err)
	}
	bySay, err := collect(say, s, decisions)
	if err != nil {
		panic(err)
	}
	c, err := backtest.Compare(bySay, byUse)
	if err != nil {
		panic(err)
	}
	r := byUse.Report(backtest.Options{Seed: 1})
	fmt.Printf("SIMULATED: %d renewals judged, %d lost; apart %d that a play rescued\n", r.Decisions, r.Lost, r.Rescued)
	fmt.Print(conclude("use", r), conclude("say", bySay.Report(backtest.Options{Seed: 1})), better("say", "use", c))
	fmt.Println("stage:", r.Readiness(false).Stage)
	// Output:
	// SIMULATED: 3415 renewals judged, 272 lost; apart 26 that a play rescued
	// use: area 0.758 (0.727 to 0.786), weighted by money 0.762: predictive
	//   where its best measure, active_share, is known, that alone has 0.759; the card adds -0.001 (-0.015 to +0.013)
	//   alerts at red or worse: 46 % of the lost, 15 % of the kept
	//   alerts at amber or worse: 79 % of the lost, 39 % of the kept
	// say: area 0.734 (0.683 to 0.780), weighted by money 0.807: predictive
	//   alerts at red or worse: 9 % of the lost, 1 % of the kept
	//   alerts at amber or worse: 38 % of the lost, 11 % of the kept
	// use is better than say by 0.054 (0.016 to 0.093)
	// stage: predictive
}

// A score is no probability. A map from an earlier window makes one of it, and a later window judges the map. SIMULATED.
func Example_calibration() {
	b := world.New(3000, 1)
	s, decisions := collected(b), due(b)
	t, err := collect(compile("use", line{"active_share", 1, 0, 0.8}, line{"core_tasks", 1, 0, 6}), s, decisions)
	if err != nil {
		panic(err)
	}
	c, err := t.Calibrate(middle(decisions))
	if err != nil {
		panic(err)
	}
	fmt.Printf("SIMULATED: fitted on %d renewals, judged on %d scored later\n", c.Fitted, c.Judged.N)
	for _, bin := range c.Judged.Bins {
		if bin.N >= 100 {
			fmt.Printf("  stated %4.1f %%: %4.1f %% of %d lost\n", 100*bin.Stated, 100*bin.Share, bin.N)
		}
	}
	fmt.Printf("skill %.3f over the share lost; %d rescued apart, to whom %.1f %% was stated\n", c.Judged.Skill, c.Rescued.N, 100*mean(c.Rescued))
	// Output:
	// SIMULATED: fitted on 1470 renewals, judged on 1352 scored later
	//   stated  1.0 %:  2.7 % of 331 lost
	//   stated  4.7 %:  5.4 % of 404 lost
	//   stated 11.6 %:  9.3 % of 150 lost
	//   stated 27.3 %: 21.7 % of 120 lost
	// skill 0.026 over the share lost; 7 rescued apart, to whom 24.2 % was stated
}

// mean is the mean risk stated.
func mean(r backtest.Reliability) (sum float64) {
	for _, b := range r.Bins {
		sum += b.Stated * float64(b.N) / float64(r.N)
	}
	return sum
}

// Weights by hand, and weights that the losses suggest, held against each other on renewals that came after. SIMULATED.
func Example_weights() {
	b := world.New(3000, 1)
	s, decisions := collected(b), due(b)
	card := compile("by hand", line{"active_share", 1, 0, 0.8}, line{"core_tasks", 1, 0, 6}, line{"nps", 1, 0, 10}, line{"attainment", 1, 0, 1}).Scorecard()
	f, err := backtest.Fit(context.Background(), card, s, each(decisions), lead)
	if err != nil {
		panic(err)
	}
	fmt.Printf("SIMULATED: fitted on %d renewals, %d lost\n", f.Decisions, f.Losses)
	for _, w := range f.Weights {
		fmt.Printf("  %s: %.1f %% by hand, %.1f %% suggested\n", w.Measure, w.Before, w.After)
	}
	fmt.Print("afterwards ", better("the card by hand", "the suggestion", f.Validated))
	// Output:
	// SIMULATED: fitted on 2832 renewals, 235 lost
	//   active_share: 25.0 % by hand, 47.4 % suggested
	//   core_tasks: 25.0 % by hand, 19.2 % suggested
	//   nps: 25.0 % by hand, 20.7 % suggested
	//   attainment: 25.0 % by hand, 12.7 % suggested
	// afterwards the suggestion is better than the card by hand by 0.037 (0.018 to 0.056)
}
