package experiment_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/experiment"
)

func FuzzAssign(f *testing.F) {
	f.Add("seed", "acme", 1, 1, 0)
	f.Add("三つ", "Łódź 😀", 3, 7, 500)
	f.Add("__", "a\xff", 0, -1, 10_001)
	f.Fuzz(func(t *testing.T, seed, unit string, first, second, coverage int) {
		trial := letters(seed, first, second)
		trial.Coverage = coverage
		m, err := experiment.Compile(trial)
		var invalid *experiment.InvalidError
		var data *experiment.DataError
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		arm, in, err := m.Assign(unit)
		if err != nil {
			if !errors.As(err, &data) {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		again, inAgain, _ := m.Assign(unit)
		if arm != again || in != inAgain || in != (arm == "a" || arm == "b") || !in && arm != "" {
			t.Errorf("unit %q is in %q, %t and then in %q, %t", unit, arm, in, again, inAgain)
		}
	})
}

// FuzzAnalyse reads three bytes an outcome: account and arm, value, covariate. Results are finite and agree with themselves.
func FuzzAnalyse(f *testing.F) {
	f.Add(uint8(0), 1.0, []byte("abcdefghijklmnopqrstuvwx"))
	f.Add(uint8(3), 1e99, []byte{0, 1, 2, 129, 0, 1, 2, 1, 7, 131, 0, 4, 4, 4, 4, 133, 5, 6})
	f.Add(uint8(5), 1e-300, []byte{0, 1, 2, 129, 0, 1, 2, 1, 7, 131, 0, 4})
	f.Add(uint8(6), 1.0, []byte{0, 0, 0, 128, 1, 0, 1, 1, 0, 129, 0, 0})
	f.Fuzz(func(t *testing.T, kind uint8, scale float64, data []byte) {
		trial := means("fuzz")
		plan := &trial.Plan
		plan.Better, plan.Adjust = experiment.Lower, kind&1 > 0
		if kind&2 > 0 {
			plan.Measure = experiment.Share
		}
		if kind&4 > 0 {
			plan.Horizon = 0
			plan.Sequential = &experiment.Sequential{BurnIn: 2, Tuned: 1 + int(kind)}
		}
		var outcomes []experiment.Outcome
		for ; len(data) >= 3; data = data[3:] {
			o := experiment.Outcome{
				Unit: fmt.Sprint(len(outcomes)), Account: fmt.Sprint("a", data[0]%32), Arm: []string{"holdout", "call"}[data[0]/128],
				Value: float64(data[1]) * scale, Before: float64(data[2]) * scale,
			}
			if plan.Measure == experiment.Share {
				o.Value = float64(data[1] % 2)
			}
			outcomes = append(outcomes, o)
		}
		a, err := analyse(t, trial, outcomes)
		if err != nil {
			if bad := new(experiment.DataError); !errors.As(err, &bad) {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		e := a.Effects[0]
		if (e.Value == nil) != (e.SE == nil) || (e.Interval == nil) != (e.Reason == experiment.BurnIn || e.Reason == experiment.Early || e.Reason == experiment.NoSpread) && e.Reason != experiment.BrokenSplit {
			t.Errorf("%+v does not agree with itself", e)
		}
		for _, x := range []*float64{e.Value, e.SE, e.P, e.Reduction} {
			if x != nil && (math.IsNaN(*x) || math.IsInf(*x, 0)) {
				t.Errorf("%+v is not finite", e)
			}
		}
		if i := e.Interval; i != nil && !(i.Low <= *e.Value && *e.Value <= i.High) {
			t.Errorf("%v lies outside %+v", *e.Value, *i)
		}
		if e.Verdict != experiment.CantTell && e.Reason != experiment.ByInterval {
			t.Errorf("%+v", e)
		}
	})
}
