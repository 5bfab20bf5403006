package experiment_test

import (
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

// Half of the accounts get a call. Do more of them renew? All is fixed before the first is called, and the digest kept.
func Example() {
	trial, err := experiment.Parse([]byte(`{
		"format": 1,
		"name": "renewal call",
		"seed": "renewal call 2026",
		"arms": [{"name": "holdout", "weight": 1}, {"name": "call", "weight": 1}],
		"plan": {"control": "holdout", "measure": "share", "better": "higher", "margin": 0.02, "horizon": 400}
	}`))
	if err != nil {
		panic(err)
	}
	model, err := experiment.Compile(trial)
	if err != nil {
		panic(err)
	}
	registered := model.Digest()
	var outcomes []experiment.Outcome
	for i := range 400 {
		account := fmt.Sprint("account ", i)
		arm, in, err := model.Assign(account)
		if err != nil {
			panic(err)
		}
		o := experiment.Outcome{Unit: account, Arm: arm}
		if renewed := i%10 < 7 || arm == "call" && i%10 < 9; in && renewed {
			o.Value = 1
		}
		outcomes = append(outcomes, o)
	}
	a, err := model.Analyse(registered, outcomes)
	if err != nil {
		panic(err)
	}
	for _, arm := range a.Arms {
		fmt.Printf("%s: %d accounts, %.3f renewed\n", arm.Arm, arm.Units, *arm.Mean)
	}
	fmt.Printf("the split has p %.2f\n", a.Ratio.P)
	fmt.Println(a.Effects[0])

	// Output:
	// holdout: 203 accounts, 0.695 renewed
	// call: 197 accounts, 0.898 renewed
	// the split has p 0.76
	// call: better: 0.2039 (0.1263 to 0.279)
}

// How long would it take? A share of 10 % that becomes 12 % needs thousands of accounts; few books have them.
func ExampleSizeForShares() {
	size, err := experiment.SizeForShares(0.10, 0.12, experiment.Sizing{})
	if err != nil {
		panic(err)
	}
	power, err := experiment.PowerForShares(0.10, 0.12, 60, experiment.Sizing{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d accounts an arm; with 60 it shows in %.0f of 100 trials\n", size.PerArm, 100*power)

	// Output:
	// 3841 accounts an arm; with 60 it shows in 5 of 100 trials
}

// A trial may be looked at every day, and stopped at any look. Outcomes have a standard deviation of 6 here.
func ExampleSequential_Interval() {
	var s experiment.Sequential
	for _, accounts := range []int{60, 120, 240, 480} {
		i, err := s.Interval(2.5, math.Sqrt(2*6*6/float64(accounts)), accounts, accounts, 0.95)
		if err != nil {
			panic(err)
		}
		if i == nil {
			fmt.Println(accounts, "accounts an arm: too early")
			continue
		}
		fmt.Printf("%d accounts an arm: %.1f to %.1f\n", accounts, i.Low, i.High)
	}

	// Output:
	// 60 accounts an arm: too early
	// 120 accounts an arm: 0.1 to 4.9
	// 240 accounts an arm: 0.8 to 4.2
	// 480 accounts an arm: 1.3 to 3.7
}

// The counts of each arm are watched from the first day. Here the second arm loses units from the third look on.
func ExampleWatchRatio() {
	var watch experiment.RatioWatch
	for _, counts := range [][]int{{52, 48}, {101, 99}, {200, 150}, {310, 190}} {
		var err error
		if watch, err = experiment.WatchRatio(watch, counts, []int{1, 1}); err != nil {
			panic(err)
		}
		fmt.Printf("%v p %.5f\n", watch.Counts, watch.P)
	}

	// Output:
	// [52 48] p 1.00000
	// [101 99] p 1.00000
	// [200 150] p 0.13058
	// [310 190] p 0.00001
}
