package health

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// randomPair returns two evaluations of one account, some days apart, of one card or of two.
func randomPair(t testing.TB, r *rand.Rand) (before, after Evaluation) {
	t.Helper()
	compile := func(card Scorecard) *Model {
		m, err := Compile(card)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	card := randomCard(r)
	before = Evaluation{Model: compile(card), AsOf: noon}
	after = before
	switch r.IntN(3) {
	case 0:
		card.Groups[0].Weight = randomWeight(r)
		card.Limits = nil
		after.Model = compile(card)
	case 1:
		after.Model = compile(randomCard(r))
	}
	before.Input = randomInput(r, before.Model)
	if after.Input = before.Input; r.IntN(4) > 0 {
		after.Input = randomInput(r, after.Model)
	}
	if r.IntN(4) > 0 {
		after.AsOf = noon.Add(time.Duration(r.IntN(20*24)) * time.Hour)
	}
	if r.IntN(2) == 0 {
		return after, before
	}
	return before, after
}

// ungated is a card without gates: what can make a score unknown but for want of any live weight.
func ungated(t *testing.T, m *Model) *Model {
	t.Helper()
	card := m.Scorecard()
	card.MinCoverage = 0
	var open func(groups []Group)
	open = func(groups []Group) {
		for i := range groups {
			groups[i].Empty = EmptyRedistribute
			open(groups[i].Groups)
			for j := range groups[i].Measures {
				if x := &groups[i].Measures[j]; x.Missing.Policy == Required {
					x.Missing.Policy = Exclude
				}
			}
		}
	}
	open(card.Groups)
	free, err := Compile(card)
	if err != nil {
		t.Fatal(err)
	}
	return free
}

// combined scores a combination by the text of Explain: the data of one evaluation at the instant of another, under the
// card of a third and the overrides of a fourth. It is false without live weight.
func combined(t *testing.T, data Evaluation, at time.Time, card *Model, over Evaluation) (value float64, parts map[string]float64, ok bool) {
	t.Helper()
	in := Input{Account: data.Input.Account, Since: data.Input.Since}
	if in.Since.After(at) {
		in.Since = at
	}
	readings := ReadingMap{}
	for name, reading := range data.Input.Readings.(ReadingMap) {
		if !reading.At.After(data.AsOf) {
			if reading.At.After(at) {
				reading.At = at
			}
			readings[name] = reading
		}
	}
	in.Readings = readings
	s, err := card.Score(in, at)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Known { // no reading, but perhaps a neutral or worst measure
		return 0, nil, false
	}
	parts = map[string]float64{}
	for _, p := range s.Parts {
		parts[p.Measure] = p.Points
	}
	value = s.Value
	var force *Override
	for i, o := range over.Input.Overrides {
		if !o.From.After(over.AsOf) && o.Until.After(at) && (force == nil || !o.From.Before(force.From)) {
			force = &over.Input.Overrides[i]
		}
	}
	if force != nil {
		points := grid(force.Points)
		switch force.Kind {
		case OverrideValue:
			value = points
		case OverrideFloor:
			value = max(value, points)
		case OverrideCap:
			value = min(value, points)
		}
	}
	return value, parts, true
}

// TestExplainTwin walks all 24 orders in exact arithmetic, turning one cause after the other.
func TestExplainTwin(t *testing.T) {
	explained, unknown := 0, 0
	for seed := range uint64(200) {
		r := newRand(seed)
		before, after := randomPair(t, r)
		change, err := Explain(before, after)
		sides := [2]Evaluation{before, after}
		models := [2]*Model{ungated(t, before.Model), ungated(t, after.Model)}
		score := func(c [4]int) (float64, map[string]float64, bool) {
			return combined(t, sides[c[0]], sides[c[1]].AsOf, models[c[2]], sides[c[3]])
		}
		all := true
		for c := range 16 {
			_, _, ok := score([4]int{c & 1, c >> 1 & 1, c >> 2 & 1, c >> 3})
			all = all && ok
		}
		if !all {
			if err != nil && !errors.Is(err, ErrUnknown) {
				t.Fatalf("seed %d: %v", seed, err)
			}
			unknown++
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		explained++
		var causes [4]*big.Rat
		for i := range causes {
			causes[i] = rat(0)
		}
		measures := map[string]*big.Rat{}
		share := func(name string, x float64) {
			if measures[name] == nil {
				measures[name] = rat(0)
			}
			measures[name] = add(measures[name], mul(big.NewRat(1, 24), rat(x)))
		}
		for _, order := range orders() {
			var c [4]int
			was, wasParts, _ := score(c)
			for _, cause := range order {
				c[cause] = 1
				is, isParts, _ := score(c)
				causes[cause] = add(causes[cause], mul(big.NewRat(1, 24), rat(is-was)))
				if cause == 0 {
					rest := is - was
					for name, x := range isParts {
						share(name, x-wasParts[name])
						rest -= x - wasParts[name]
					}
					share("", rest)
				}
				was, wasParts = is, isParts
			}
		}
		first, _, _ := score([4]int{})
		last, _, _ := score([4]int{1, 1, 1, 1})
		if change.Before != first || change.After != last || change.Total != last-first {
			t.Errorf("seed %d: from %v to %v is %v; want from %v to %v", seed, change.Before, change.After, change.Total, first, last)
		}
		for i, got := range []float64{change.Data, change.Time, change.Definition, change.Override} {
			if off := sub(rat(got), causes[i]); new(big.Rat).Abs(off).Cmp(rat(unit)) >= 0 {
				t.Errorf("seed %d: cause %d is %v, want %s", seed, i, got, causes[i].FloatString(9))
			}
		}
		got := map[string]float64{}
		for _, m := range change.Measures {
			got[m.Measure] = m.Points
		}
		for name, want := range measures {
			if off := sub(rat(got[name]), want); new(big.Rat).Abs(off).Cmp(rat(unit)) >= 0 {
				t.Errorf("seed %d: measure %q is %v, want %s", seed, name, got[name], want.FloatString(9))
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if explained < 100 || unknown < 15 {
		t.Errorf("%d explained, %d unknown: too few of one", explained, unknown)
	}
}

// orders returns the 24 orders of four.
func orders() (all [][]int) {
	var extend func(order []int)
	extend = func(order []int) {
		if len(order) == 4 {
			all = append(all, slices.Clone(order))
			return
		}
		for i := range 4 {
			if !slices.Contains(order, i) {
				extend(append(order, i))
			}
		}
	}
	extend(nil)
	return all
}
