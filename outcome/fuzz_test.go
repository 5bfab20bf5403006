package outcome_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/outcome"
)

// FuzzParse holds that what was read is written and read as the same, and that what compiles makes plans.
func FuzzParse(f *testing.F) {
	starter, err := canon.JSON(outcome.Starter())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(starter)
	f.Add([]byte(`{"format":1,"name":"x","roles":[{"name":"c","side":"customer","signs":true}],"outcomes":[{"id":"a","statement":"s","weight":1e-9,"target":{"measure":"m","base":1,"goal":1,"band":0.1},"due_in":"2w"}]}`))
	f.Add([]byte(`{"format":1,"jobs":[{"parent":"a","name":"a"}],"outcomes":[{"milestones":[{"name":"x","after":["x"]}]}]}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"roles":[],"roles":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := outcome.Parse(data)
		if err != nil {
			return
		}
		text, err := canon.JSON(first)
		if err != nil {
			t.Fatalf("what was read can't be written: %v", err)
		}
		second, err := outcome.Parse(text)
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, text)
		}
		if again, err := canon.JSON(second); err != nil || string(again) != string(text) {
			t.Fatalf("written again (%v):\n%s\n%s", err, text, again)
		}
		m, err := outcome.Compile(first)
		if err != nil {
			return
		}
		refused := false
		for _, f := range m.Verify() {
			refused = refused || f.Class == outcome.DependencyCycle || f.Class == outcome.MeasureShared
			if f.Witness == nil {
				continue
			}
			if _, err := m.Assess(*f.Witness, f.AsOf); err != nil {
				t.Fatalf("the witness of %v: %v\n%s", f.Message, err, text)
			}
		}
		p, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1)})
		if refused != (err != nil) {
			t.Fatalf("a template that compiled, and Verify finds refused to be %v, makes a plan with error %v\n%s", refused, err, text)
		}
		if err != nil {
			return
		}
		if _, err := m.Assess(outcome.Input{Account: "acme", Plan: p}, on(6, 1)); err != nil {
			t.Fatalf("a plan can't be assessed: %v\n%s", err, text)
		}
	})
}

// FuzzAssess changes a plan and its values in ways that no check foresees: the answer keeps the sums, or is an error
// with a place.
func FuzzAssess(f *testing.F) {
	m := mustCompile(f, bare())
	f.Add(uint64(1), 0.0, 1.0, 0.0, 0.5, 1.0, int64(0))
	f.Add(uint64(2), 5e-324, -5e-324, 0.0, 1e308, 1e6, int64(86400e6))
	f.Add(uint64(3), 1.0, 1.0, 5e-324, math.Inf(1), 1e-300, int64(-1))
	f.Add(uint64(4), math.NaN(), 0.0, -1.0, math.Copysign(0, -1), 0.0, int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, seed uint64, base, goal, band, value, weight float64, micros int64) {
		in := randomInput(rand.New(rand.NewPCG(seed, 0)), 5)
		o := aim("fuzzed", outcome.Target{Measure: "fuzzed", Base: base, Goal: goal, Band: band, Due: time.UnixMicro(micros)})
		o.Weight, o.State = weight, outcome.InProgress
		in.Plan.Outcomes = append(in.Plan.Outcomes, o)
		in.Series.(outcome.SeriesMap)["fuzzed"] = measured(on(1, 2), time.Duration(micros%1e12)*time.Microsecond, 0, value, value/2, value)
		a, err := m.Assess(in, on(3, 1))
		if err != nil {
			var data *outcome.DataError
			if !errors.As(err, &data) || data.Account != "acme" || data.Field == "" {
				t.Fatalf("got %v, want a DataError with a place", err)
			}
			return
		}
		sum := 0.0
		for _, r := range a.Outcomes {
			sum += r.Points
		}
		if sum != a.Whole.Low {
			t.Fatalf("points sum to %v, low is %v", sum, a.Whole.Low)
		}
		bounded(t, a.Whole)
		if text, err := json.Marshal(a); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	})
}

// FuzzTransitions reads a plan from JSON and takes an action: what comes out is a plan again.
func FuzzTransitions(f *testing.F) {
	m := mustCompile(f, signers())
	text, err := json.Marshal(mustPropose(f, m, aim("a", outcome.Target{Measure: "m", Goal: 1})))
	if err != nil {
		f.Fatal(err)
	}
	actions := []string{"activate", "pause", "achieve", "miss", "abandon", "attest", "sign", "amend", "same", "drop"}
	for i := range actions {
		f.Add(text, uint8(i))
	}
	f.Add([]byte(`{"format":1,"outcomes":[{"id":"a","state":"achieved","state_at":"9999-12-31T23:59:59Z"}]}`), uint8(7))
	f.Fuzz(func(t *testing.T, data []byte, action uint8) {
		var p outcome.Plan
		if json.Unmarshal(data, &p) != nil || !hasOutcome(p, "a") {
			return
		}
		next, err := act(m, p, actions[int(action)%len(actions)], on(5, 1))
		if err != nil {
			return
		}
		if _, err := m.Assess(outcome.Input{Account: next.Account, Plan: next}, on(6, 1)); err != nil {
			var data *outcome.DataError
			if !errors.As(err, &data) || data.Field[:6] != `plan "` {
				t.Fatalf("a transition made a plan that can't be assessed: %v", err)
			}
		}
		if _, err := json.Marshal(next); err != nil {
			t.Fatalf("a transition made a plan without JSON: %v", err)
		}
	})
}

func hasOutcome(p outcome.Plan, id string) bool {
	for _, o := range p.Outcomes {
		if o.ID == id {
			return true
		}
	}
	return false
}
