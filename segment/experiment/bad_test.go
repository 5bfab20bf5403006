package experiment_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

// refused fails the test unless err is a *DataError with this text.
func refused(t *testing.T, name string, err error, want string) {
	t.Helper()
	var data *experiment.DataError
	if !errors.As(err, &data) || err.Error() != "experiment: "+want {
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func TestBadTrial(t *testing.T) {
	arms := func(weights ...int) (out []experiment.Arm) {
		for i, w := range weights {
			out = append(out, experiment.Arm{Name: fmt.Sprint("arm ", i), Weight: w})
		}
		return out
	}
	for _, tc := range []struct {
		name  string
		trial experiment.Trial
		want  string
	}{
		{"no seed", experiment.Trial{Arms: arms(1, 1)}, "seed: is empty"},
		{"layer's seed", experiment.Trial{Seed: "__s", Arms: arms(1, 1)}, `seed: begins with "__", which layers do`},
		{"one arm", experiment.Trial{Seed: "s", Arms: arms(1)}, "arms: are 1, want 2 to 100"},
		{"many arms", experiment.Trial{Seed: "s", Arms: arms(make([]int, 101)...)}, "arms: are 101, want 2 to 100"},
		{"zero weight", experiment.Trial{Seed: "s", Arms: arms(1, 0)}, `weight of arm "arm 1": 0 is not between 1 and 100000`},
		{"large weight", experiment.Trial{Seed: "s", Arms: arms(1, 100_001)}, `weight of arm "arm 1": 100001 is not between 1 and 100000`},
		{"no bucket", experiment.Trial{Seed: "s", Arms: arms(1, 100_000)}, `weight of arm "arm 0": 1 of 100001 leaves it no bucket`},
		{"no name", experiment.Trial{Seed: "s", Arms: []experiment.Arm{{"a", 1}, {"", 1}}}, "name of arm 1: is empty"},
		{"same name", experiment.Trial{Seed: "s", Arms: []experiment.Arm{{"a", 1}, {"a", 1}}}, `arm "a": is there twice`},
		{"coverage", experiment.Trial{Seed: "s", Arms: arms(1, 1), Coverage: -1}, "coverage: -1 is not between 0 and 10000"},
		{"layer", experiment.Trial{Seed: "s", Arms: arms(1, 1), Layer: &experiment.Layer{To: 1}}, "name of the layer: is empty"},
		{"empty layer", experiment.Trial{Seed: "s", Arms: arms(1, 1), Layer: &experiment.Layer{Name: "l", From: 5, To: 5}}, "buckets of the layer: [5, 5) is not a range within [0, 10000)"},
	} {
		_, err := experiment.Compile(tc.trial)
		refused(t, tc.name, err, tc.want)
	}
	_, _, err := compile(t, halves("s")).Assign("a\n")
	refused(t, "unit", err, "unit: contains the control character U+000A at byte 1")
}

func TestBadOutcomes(t *testing.T) {
	m := compile(t, halves("s"))
	plan := experiment.Plan{Control: "holdout", Measure: experiment.Mean, Better: experiment.Higher}
	good := []experiment.Outcome{{Unit: "a", Arm: "holdout", Value: 1}, {Unit: "b", Arm: "holdout", Value: 2}, {Unit: "c", Arm: "call", Value: 3}, {Unit: "d", Arm: "call", Value: 4}}
	if _, err := m.Analyse(plan, good); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		change func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome
		want   string
	}{
		{"none", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { return nil }, "outcomes: there are none"},
		{"one unit", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { return o[:3] }, `arm "call": has outcomes of 1 accounts, want at least 2`},
		{"twice", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { return append(o, o[0]) }, `unit "a": outcome: is there twice`},
		{"NaN", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			o[1].Value = math.NaN()
			return o
		}, `unit "b": outcome: is NaN`},
		{"infinite", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			o[1].Value = math.Inf(-1)
			return o
		}, `unit "b": outcome: -Inf is beyond ±1e+100`},
		{"share", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			p.Measure = experiment.Share
			return o
		}, `unit "b": outcome: 2 is neither 0 nor 1`},
		{"arm", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { o[2].Arm = "x"; return o }, `unit "c": arm: the trial has no arm "x"`},
		{"unit", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { o[2].Unit = ""; return o }, "unit: is empty"},
		{"account", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { o[2].Account = "\xff"; return o }, `unit "c": account: is not valid UTF-8`},
		{"before", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			p.Adjust, o[0].Before = true, math.NaN()
			return o
		}, `unit "a": before: NaN is not a number within ±1e+100`},
		{"same before", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { p.Adjust = true; return o }, `covariate in arms "holdout" and "call": is the same for all, or too uneven`},
		{"control", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { p.Control = ""; return o }, `control: the trial has no arm ""`},
		{"measure", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { p.Measure = ""; return o }, `measure: "" is neither "mean" nor "share"`},
		{"better", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { p.Better = "up"; return o }, `better: "up" is neither "higher" nor "lower"`},
		{"margin", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			p.Margin = math.NaN()
			return o
		}, "margin: NaN is not between 0 and 1e+100"},
		{"confidence", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { p.Confidence = 1; return o }, "confidence: 1 is not between 0.5 and 0.999999"},
		{"burn-in", func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			p.Sequential = &experiment.Sequential{BurnIn: -1}
			return o
		}, "burn-in: is -1"},
	} {
		p, o := plan, append([]experiment.Outcome(nil), good...)
		o = tc.change(&p, o)
		_, err := m.Analyse(p, o)
		refused(t, tc.name, err, tc.want)
	}
}

func TestBadNumbers(t *testing.T) {
	nan := math.NaN()
	for name, call := range map[string]func() error{
		"no units: counts: have no unit":                  func() error { _, err := experiment.CheckRatio([]int{0, 0}, []int{1, 1}); return err },
		"one arm: counts: are of 1 arms, want at least 2": func() error { _, err := experiment.CheckRatio([]int{1}, []int{1}); return err },
		"lengths: weights: are 1 for 2 arms":              func() error { _, err := experiment.CheckRatio([]int{1, 1}, []int{1}); return err },
		"zero weight: weight of arm 1: 0 is not positive": func() error { _, err := experiment.CheckRatio([]int{1, 1}, []int{1, 0}); return err },
		"negative: count of arm 0: -1 is negative": func() error {
			_, err := experiment.WatchRatio(experiment.RatioWatch{}, []int{-1, 1}, []int{1, 1})
			return err
		},
		"fell: count of arm 0: fell from 3 to 2": func() error {
			_, err := experiment.WatchRatio(experiment.RatioWatch{Counts: []int{3, 3}}, []int{2, 3}, []int{1, 1})
			return err
		},
		"other watch: watch: is of another trial": func() error {
			_, err := experiment.WatchRatio(experiment.RatioWatch{Counts: []int{3}}, []int{2, 3}, []int{1, 1})
			return err
		},
		"many: counts: sum to more than 1e9 units": func() error {
			_, err := experiment.WatchRatio(experiment.RatioWatch{}, []int{1e9, 1}, []int{1, 1})
			return err
		},
		"events: treated: 3 events of 2 units": func() error {
			_, err := experiment.CompareShares(experiment.Count{N: 1}, experiment.Count{Events: 3, N: 2}, 0)
			return err
		},
		"no unit: control: 0 events of 0 units": func() error {
			_, err := experiment.CompareShares(experiment.Count{}, experiment.Count{N: 1}, 0)
			return err
		},
		"one outcome: outcomes of treated: are 1, want at least 2":      func() error { _, err := experiment.CompareMeans([]float64{1, 2}, []float64{1}, 0); return err },
		"NaN: outcome 1 of control: NaN is not a number within ±1e+100": func() error { _, err := experiment.CompareMeans([]float64{1, nan}, []float64{1, 2}, 0); return err },
		"confidence: confidence: NaN is not between 0.5 and 0.999999":   func() error { _, err := experiment.CompareMeans(nil, nil, nan); return err },
		"equal: shares: 0.5 and 0.5 are not two shares between 0 and 1": func() error { _, err := experiment.SizeForShares(0.5, 0.5, experiment.Sizing{}); return err },
		"power: power: 0.5 is not above 0.5 and at most 0.999":          func() error { _, err := experiment.SizeForShares(0.5, 0.6, experiment.Sizing{Power: 0.5}); return err },
		"comparisons: comparisons: are -1, want 1 to 99":                func() error { _, err := experiment.SizeForMeans(1, 1, experiment.Sizing{Comparisons: -1}); return err },
		"tiny: difference: is too small for any trial":                  func() error { _, err := experiment.SizeForMeans(1e-300, 1, experiment.Sizing{}); return err },
		"no spread: standard deviation: is 0":                           func() error { _, err := experiment.SizeForMeans(1, 0, experiment.Sizing{}); return err },
		"no difference: difference: is 0":                               func() error { _, err := experiment.PowerForMeans(0, 1, 5, experiment.Sizing{}); return err },
		"few: units an arm: are 1, want at least 2":                     func() error { _, err := experiment.PowerForShares(0.1, 0.2, 1, experiment.Sizing{}); return err },
		"error: difference: is 1 with standard error NaN":               func() error { _, err := experiment.Sequential{}.Interval(1, nan, 9, 9, 0); return err },
		"units: units: are -1 and 2":                                    func() error { _, err := experiment.Sequential{}.Interval(1, 1, -1, 2, 0); return err },
		"tuned: tuned: is -1":                                           func() error { _, err := experiment.Sequential{Tuned: -1}.Interval(1, 1, 1, 2, 0); return err },
	} {
		name, want, _ := strings.Cut(name, ": ")
		refused(t, name, call(), want)
	}
}
