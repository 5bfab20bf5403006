package outcome_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// number is a decimal fraction from integers alone, the same on every platform.
func number(rng *rand.Rand) float64 { return float64(rng.IntN(20001)-10000) / 10 }

func pick[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// randomInput makes a plan of up to n outcomes with series, promises and states.
func randomInput(rng *rand.Rand, n int) outcome.Input {
	p := outcome.Plan{Format: 1, Account: "acme", ID: "p", Version: 1, Recorded: on(1, 1), Template: "random", Start: on(1, 1)}
	if rng.IntN(3) > 0 {
		p.Renewal = on(12, 31)
	}
	series := outcome.SeriesMap{}
	for i := range rng.IntN(n + 1) {
		o := outcome.Outcome{
			ID: fmt.Sprint("o", i), Statement: "We get there.", Weight: float64(1+rng.IntN(999)) / 100,
			Horizon: pick(rng, outcome.Short, outcome.Medium, outcome.Long, ""), Persona: pick(rng, "user", "manager", ""),
			State:   pick(rng, outcome.Draft, outcome.Agreed, outcome.InProgress, outcome.InProgress, outcome.Paused, outcome.Achieved, outcome.Missed, outcome.Abandoned),
			StateAt: on(1, 1+rng.IntN(90)),
		}
		if rng.IntN(8) > 0 {
			o.Target = randomTarget(rng, fmt.Sprint("m", rng.IntN(n+1)))
		}
		if rng.IntN(4) == 0 {
			o.Verification = outcome.Verification{Level: pick(rng, outcome.Claimed, outcome.Evidenced), By: "u", At: on(1, 1+rng.IntN(60)), Evidence: "e"}
		}
		p.Outcomes = append(p.Outcomes, o)
	}
	for i := range rng.IntN(4) {
		q := outcome.Promise{ID: fmt.Sprint("q", i), Text: "As sold.", Amount: decimal.New(int64(rng.IntN(1_000_000)), -2),
			Currency: pick(rng, "EUR", "USD", "JPY"), At: on(1, 1+rng.IntN(200))}
		if len(p.Outcomes) > 0 && rng.IntN(2) == 0 {
			q.Answers = []string{p.Outcomes[rng.IntN(len(p.Outcomes))].ID}
		}
		p.Promises = append(p.Promises, q)
	}
	for i := range n {
		if rng.IntN(4) > 0 {
			var values []float64
			for range rng.IntN(12) {
				values = append(values, number(rng))
			}
			series[fmt.Sprint("m", i)] = measured(on(1, 1+rng.IntN(20)).Add(-10*day), time.Duration(1+rng.IntN(200))*time.Hour, values...)
		}
	}
	return outcome.Input{Account: "acme", Plan: p, Series: series}
}

func randomTarget(rng *rand.Rand, measure string) *outcome.Target {
	t := &outcome.Target{Measure: measure, Base: number(rng), Goal: number(rng)}
	if rng.IntN(5) == 0 || t.Base == t.Goal {
		t.Goal, t.Band = t.Base, float64(1+rng.IntN(100))/10
	}
	if rng.IntN(3) > 0 {
		t.Due = on(1, 2+rng.IntN(300))
	}
	return t
}

// TestTwin computes the roll-up in exact fractions. Weights and values are taken as the float64 that they are, so that
// the tolerance is of the rounding to twelve places and of products.
func TestTwin(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(1, 2))
	const tolerance = 1e-12
	for range 2000 {
		in := randomInput(rng, 12)
		a := mustAssess(t, m, in.Plan, in.Series, on(4, 1))
		all, known, earned := new(big.Rat), new(big.Rat), new(big.Rat)
		sum := 0.0
		for i, r := range a.Outcomes {
			o := in.Plan.Outcomes[i]
			w := new(big.Rat).SetFloat64(o.Weight)
			exact := exactRaw(o.Target, r)
			if r.Known {
				near(t, "raw", r.Raw, exact, 1e-12*max(1, math.Abs(r.Raw)))
			}
			sum += r.Points
			if o.State == outcome.Abandoned {
				continue
			}
			all.Add(all, w)
			if r.Known {
				known.Add(known, w)
				earned.Add(earned, w.Mul(w, clamp(exact)))
			}
		}
		if sum != a.Whole.Low {
			t.Fatalf("points sum to %v, low is %v", sum, a.Whole.Low)
		}
		if all.Sign() == 0 {
			continue
		}
		near(t, "low", a.Whole.Low, new(big.Rat).Quo(earned, all), tolerance)
		near(t, "coverage", a.Whole.Coverage, new(big.Rat).Quo(known, all), tolerance)
		most := new(big.Rat).Sub(all, known)
		near(t, "high", a.Whole.High, most.Quo(most.Add(most, earned), all), tolerance)
		if known.Sign() > 0 {
			near(t, "value", a.Whole.Value, new(big.Rat).Quo(earned, known), tolerance)
		}
		for i, r := range a.Outcomes {
			o := in.Plan.Outcomes[i]
			share := new(big.Rat).SetFloat64(o.Weight)
			share.Mul(share, clamp(exactRaw(o.Target, r)))
			if o.State == outcome.Abandoned || !r.Known {
				share.SetInt64(0)
			}
			near(t, "points", r.Points, share.Quo(share, all), tolerance)
		}
	}
}

func exactRaw(t *outcome.Target, r outcome.Progress) *big.Rat {
	if t == nil {
		return new(big.Rat)
	}
	now, base, goal := new(big.Rat).SetFloat64(r.Value), new(big.Rat).SetFloat64(t.Base), new(big.Rat).SetFloat64(t.Goal)
	if t.Base != t.Goal {
		return now.Quo(now.Sub(now, base), goal.Sub(goal, base))
	}
	away, band := now.Abs(now.Sub(now, goal)), new(big.Rat).SetFloat64(t.Band)
	if away.Cmp(band) <= 0 {
		return big.NewRat(1, 1)
	}
	return away.Sub(big.NewRat(2, 1), away.Quo(away, band))
}

func clamp(r *big.Rat) *big.Rat {
	switch {
	case r.Sign() < 0:
		return new(big.Rat)
	case r.Cmp(big.NewRat(1, 1)) > 0:
		return big.NewRat(1, 1)
	}
	return r
}

func near(t *testing.T, what string, got float64, want *big.Rat, tolerance float64) {
	t.Helper()
	off := new(big.Rat).SetFloat64(got)
	off.Abs(off.Sub(off, want))
	if off.Cmp(new(big.Rat).SetFloat64(tolerance)) > 0 {
		exact, _ := want.Float64()
		t.Fatalf("%s: got %v, want %v within %v", what, got, exact, tolerance)
	}
}

func TestProperties(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		in := randomInput(rng, 10)
		asOf := on(1, 1+rng.IntN(200))
		before := mustJSON(t, in.Plan)
		a := mustAssess(t, m, in.Plan, in.Series, asOf)
		if mustJSON(t, in.Plan) != before {
			t.Fatal("Assess changed the plan")
		}
		bounded(t, a.Whole)
		for _, r := range a.Rollups {
			bounded(t, r.Attainment)
		}
		shuffled(t, m, rng, in, a)
		betterIsBetter(t, m, rng, in, a)
		laterIsUnseen(t, m, in, a)
		scaled(t, m, in, a)
	}
}

// bounded holds 0 <= Low <= Value <= High <= 1, twelve places, and that whole coverage leaves nothing open.
func bounded(t *testing.T, a outcome.Attainment) {
	t.Helper()
	value := a.Value
	if !a.Known {
		value = a.Low
	}
	if !(0 <= a.Low && a.Low <= value && value <= a.High && a.High <= 1) || a.Coverage < 0 || a.Coverage > 1 ||
		a.Known != (a.Coverage > 0) || a.Coverage == 1 && a.Low != a.High {
		t.Fatalf("out of bounds: %+v", a)
	}
	for _, v := range []float64{a.Value, a.Coverage, a.Low, a.High} {
		if twelve, err := strconv.ParseFloat(fmt.Sprintf("%.12f", v), 64); err != nil || v != twelve {
			t.Fatalf("not of twelve places: %+v", a)
		}
	}
}

// shuffled holds that the order of the outcomes changes no roll-up, and each outcome's points by a unit in the last
// place at most: ties go by order.
func shuffled(t *testing.T, m *outcome.Model, rng *rand.Rand, in outcome.Input, a outcome.Assessment) {
	t.Helper()
	p := in.Plan
	p.Outcomes = append([]outcome.Outcome(nil), p.Outcomes...)
	rng.Shuffle(len(p.Outcomes), func(i, k int) { p.Outcomes[i], p.Outcomes[k] = p.Outcomes[k], p.Outcomes[i] })
	got := mustAssess(t, m, p, in.Series, a.AsOf)
	byGroup := cmpopts.SortSlices(func(x, y outcome.Rollup) bool {
		return x.Axis+"/"+outcome.Axis(x.Group) < y.Axis+"/"+outcome.Axis(y.Group)
	})
	byID := cmpopts.SortSlices(func(x, y outcome.Progress) bool { return x.Outcome < y.Outcome })
	sets := cmpopts.SortSlices(func(x, y string) bool { return x < y })
	steps := cmpopts.EquateApprox(0, 0x1p-52)
	if diff := cmp.Diff(a, got, cmpopts.IgnoreFields(outcome.Assessment{}, "Terms"), byGroup, byID, sets, cmp.FilterPath(func(p cmp.Path) bool {
		return p.Last().String() == ".Points"
	}, steps)); diff != "" {
		t.Fatalf("in another order (-first +second):\n%s", diff)
	}
}

// betterIsBetter holds that a last value nearer to the goal lowers nothing.
func betterIsBetter(t *testing.T, m *outcome.Model, rng *rand.Rand, in outcome.Input, a outcome.Assessment) {
	t.Helper()
	if len(in.Plan.Outcomes) == 0 {
		return
	}
	i := rng.IntN(len(in.Plan.Outcomes))
	target := in.Plan.Outcomes[i].Target
	if target == nil || !a.Outcomes[i].Known {
		return
	}
	own := *target
	own.Measure = "own"
	p := in.Plan
	p.Outcomes = append([]outcome.Outcome(nil), p.Outcomes...)
	p.Outcomes[i].Target = &own
	series := outcome.SeriesMap{"own": {{Measure: "own", At: a.Outcomes[i].At, Value: (a.Outcomes[i].Value + own.Goal) / 2}}}
	for name, values := range in.Series.(outcome.SeriesMap) {
		series[name] = values
	}
	got := mustAssess(t, m, p, series, a.AsOf)
	if got.Whole.Value < a.Whole.Value || got.Whole.Low < a.Whole.Low || got.Whole.High < a.Whole.High ||
		got.Outcomes[i].Clamped < a.Outcomes[i].Clamped {
		t.Fatalf("nearer to its goal outcome %d fell from %+v to %+v, the whole from %+v to %+v",
			i, a.Outcomes[i], got.Outcomes[i], a.Whole, got.Whole)
	}
}

// laterIsUnseen holds that what is measured after asOf changes no byte.
func laterIsUnseen(t *testing.T, m *outcome.Model, in outcome.Input, a outcome.Assessment) {
	t.Helper()
	series := outcome.SeriesMap{}
	for name, values := range in.Series.(outcome.SeriesMap) {
		for _, v := range values {
			if !v.At.After(a.AsOf) {
				series[name] = append(series[name], v)
			}
		}
		series[name] = append(series[name], outcome.Measurement{At: a.AsOf.Add(time.Microsecond), Value: math.NaN()})
	}
	if got := mustAssess(t, m, in.Plan, series, a.AsOf); mustJSON(t, got) != mustJSON(t, a) {
		t.Fatalf("what was measured later is seen:\n%s\n%s", mustJSON(t, a), mustJSON(t, got))
	}
}

// scaled holds that weights count in proportion: twice of all is the same, to the bit.
func scaled(t *testing.T, m *outcome.Model, in outcome.Input, a outcome.Assessment) {
	t.Helper()
	p := in.Plan
	p.Outcomes = append([]outcome.Outcome(nil), p.Outcomes...)
	for i := range p.Outcomes {
		p.Outcomes[i].Weight *= 2
	}
	got := mustAssess(t, m, p, in.Series, a.AsOf)
	if diff := cmp.Diff(a, got, cmpopts.IgnoreFields(outcome.Assessment{}, "Terms")); diff != "" {
		t.Fatalf("with weights twice as large (-first +second):\n%s", diff)
	}
}

// TestMeantShares has outcomes that all stand at the same share: so does the whole, to the bit, whatever the weights, and
// the points sum to it in any order.
func TestMeantShares(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(11, 12))
	for range 500 {
		percent := rng.IntN(101)
		in := outcome.Input{Account: "acme", Plan: mustPropose(t, m)}
		for i := range 1 + rng.IntN(30) {
			o := aim(fmt.Sprint("o", i), outcome.Target{Measure: "m", Goal: 100})
			o.Weight = float64(1+rng.IntN(999)) / 100
			o.State = outcome.InProgress
			in.Plan.Outcomes = append(in.Plan.Outcomes, o)
		}
		a := mustAssess(t, m, in.Plan, outcome.SeriesMap{"m": measured(on(1, 2), day, float64(percent))}, on(2, 1))
		share := float64(percent) / 100
		if want := (outcome.Attainment{Known: true, Value: share, Coverage: 1, Low: share, High: share}); a.Whole != want {
			t.Fatalf("got %+v, want %+v", a.Whole, want)
		}
		for range 5 {
			rng.Shuffle(len(a.Outcomes), func(i, k int) { a.Outcomes[i], a.Outcomes[k] = a.Outcomes[k], a.Outcomes[i] })
			half := len(a.Outcomes) / 2
			left, right := 0.0, 0.0
			for i, r := range a.Outcomes {
				if i < half {
					left += r.Points
				} else {
					right += r.Points
				}
			}
			if left+right != a.Whole.Low {
				t.Fatalf("points sum to %v, low is %v", left+right, a.Whole.Low)
			}
		}
	}
}

// TestManyOutcomes has weights over twelve orders of magnitude.
func TestManyOutcomes(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(5, 6))
	in := outcome.Input{Account: "acme", Plan: mustPropose(t, m)}
	series := outcome.SeriesMap{}
	for i := range 10_000 {
		name := fmt.Sprint("m", i)
		o := aim(name, outcome.Target{Measure: name, Goal: 3})
		o.Weight = float64(1+rng.IntN(1_000_000)) / float64(pick(rng, 1, 1000, 1_000_000))
		o.Persona, o.State = name, outcome.InProgress
		in.Plan.Outcomes = append(in.Plan.Outcomes, o)
		if i%5 > 0 {
			series[name] = measured(on(1, 2), day, float64(rng.IntN(4)))
		}
	}
	a := mustAssess(t, m, in.Plan, series, on(2, 1))
	sum := 0.0
	for _, r := range a.Outcomes {
		sum += r.Points
	}
	if sum != a.Whole.Low || len(a.Rollups) != 10_001 {
		t.Errorf("points sum to %v, low is %v, with %d groups", sum, a.Whole.Low, len(a.Rollups))
	}
	bounded(t, a.Whole)
}
