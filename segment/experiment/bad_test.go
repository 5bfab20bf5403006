package experiment_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
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

func TestBadOutcomes(t *testing.T) {
	_, _, err := compile(t, halves("s")).Assign("a\n")
	refused(t, "unit", err, "unit: contains the control character U+000A at byte 1")
	good := []experiment.Outcome{{Unit: "a", Arm: "holdout", Value: 1}, {Unit: "b", Arm: "holdout", Value: 2}, {Unit: "c", Arm: "call", Value: 3}, {Unit: "d", Arm: "call", Value: 4}}
	if _, err := analyse(t, means("s"), good); err != nil {
		t.Fatal(err)
	}
	_, err = compile(t, means("s")).Analyse(segment.Digest{}, good)
	refused(t, "not registered", err, "registered: is zero")
	for _, tc := range []struct {
		name   string
		change func(p *experiment.Plan, o []experiment.Outcome) []experiment.Outcome
		want   string
	}{
		{"none", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome { return nil }, "outcomes: there are none"},
		{"one unit", func(_ *experiment.Plan, o []experiment.Outcome) []experiment.Outcome {
			o[2].Arm = "holdout"
			return o
		}, `arm "call": has outcomes of 1 accounts, want at least 2`},
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
	} {
		trial := means("s")
		_, err := analyse(t, trial, tc.change(&trial.Plan, slices.Clone(good)))
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
		"burn-in: burn-in: is -1":                                       func() error { _, err := experiment.Sequential{BurnIn: -1}.Interval(1, 1, 1, 2, 0); return err },
		"tuned: tuned: is -1":                                           func() error { _, err := experiment.Sequential{Tuned: -1}.Interval(1, 1, 1, 2, 0); return err },
	} {
		name, want, _ := strings.Cut(name, ": ")
		refused(t, name, call(), want)
	}
}
