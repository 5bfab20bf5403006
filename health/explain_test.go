package health

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestExplainSums: the parts sum to the whole with ==, a cause that is the same on both sides is 0, both ends are those of
// the scores, and the way back is the way there with other signs.
func TestExplainSums(t *testing.T) {
	explained := 0
	for seed := range uint64(600) {
		before, after := randomPair(t, newRand(seed))
		c, err := Explain(before, after)
		if err != nil {
			if !errors.Is(err, ErrUnknown) {
				t.Fatal(err)
			}
			continue
		}
		explained++
		data := 0.0
		for _, m := range c.Measures {
			if data += m.Points; m.Points == 0 {
				t.Errorf("seed %d: %q has no share", seed, m.Measure)
			}
		}
		if c.Total != c.After-c.Before || c.Total != c.Data+c.Time+c.Definition+c.Override || c.Data != data {
			t.Errorf("seed %d: parts of %+v don't sum", seed, c)
		}
		for i, e := range []Evaluation{before, after} {
			s, err := e.Model.Score(e.Input, e.AsOf)
			if err != nil {
				t.Fatal(err)
			}
			if got := []float64{c.Before, c.After}[i]; s.Known && got != s.Value {
				t.Errorf("seed %d: end %d is %v, the score %v", seed, i, got, s.Value)
			}
		}
		if before.AsOf.Equal(after.AsOf) && c.Time != 0 || before.Model == after.Model && c.Definition != 0 {
			t.Errorf("seed %d: %+v, though the instant or the card is the same", seed, c)
		}
		back, err := Explain(after, before)
		if err != nil {
			t.Fatal(err)
		}
		byName := func(a, b MeasureChange) int { return compareText(a.Measure, b.Measure) }
		slices.SortFunc(c.Measures, byName)
		slices.SortFunc(back.Measures, byName)
		for i := range back.Measures {
			back.Measures[i].Points *= -1
		}
		want := Change{c.After, c.Before, -c.Total, -c.Data, -c.Time, -c.Definition, -c.Override, back.Measures}
		if diff := cmp.Diff(want, back); diff != "" || !slices.Equal(c.Measures, back.Measures) {
			t.Errorf("seed %d: the way back (-want +got):\n%s%s", seed, diff, cmp.Diff(c.Measures, back.Measures))
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if explained < 200 {
		t.Errorf("only %d explained", explained)
	}
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// direct is a measure whose reading is its points, fresh for 10 days and expired after 30.
func directMeasure(name string, weight float64) Measure {
	return Measure{Name: name, Weight: weight, Curve: Curve{Points, []Knot{{0, 0}, {100, 100}}}, Fresh: 10 * Day, Expire: 30 * Day}
}

func explainCard(weight float64) Scorecard {
	return Scorecard{
		Format: 1, Name: "two",
		Groups: []Group{{Name: "g", Weight: 1, Measures: []Measure{directMeasure("a", weight), directMeasure("b", 1)}}},
		Bands:  []Band{{"red", 0}, {"green", 50}},
		Limits: []Limit{{Measure: "b", When: Less, Value: 10, Kind: Cap, Points: 40, Reason: "low"}},
	}
}

// TestExplainOne changes one thing at a time, with answers by hand.
func TestExplainOne(t *testing.T) {
	equal, heavy := ungated(t, mustModel(t, explainCard(1))), ungated(t, mustModel(t, explainCard(3)))
	at := func(a, b float64) ReadingMap { return ReadingMap{"a": {Value: a, At: noon}, "b": {Value: b, At: noon}} }
	later := noon.AddDate(0, 0, 20) // half alive
	kim := Override{By: "kim", Reason: "call", Kind: OverrideValue, Points: 90, From: noon, Until: noon.AddDate(0, 0, 9)}
	base := Evaluation{Model: equal, Input: Input{Account: "acme", Readings: at(80, 40)}, AsOf: noon} // 60
	for _, c := range []struct {
		name   string
		change func(*Evaluation)
		want   Change
	}{
		{"nothing", func(*Evaluation) {}, Change{Before: 60, After: 60}},
		{"data", func(e *Evaluation) { e.Input.Readings = at(60, 60) }, Change{
			Before: 60, After: 60, Measures: []MeasureChange{{"a", -10}, {"b", 10}},
		}},
		{"data under a limit", func(e *Evaluation) { e.Input.Readings = at(100, 0) }, Change{
			Before: 60, After: 40, Total: -20, Data: -20, Measures: []MeasureChange{{"a", 10}, {"b", -20}, {"", -10}},
		}},
		{"ageing alike", func(e *Evaluation) { e.AsOf = later }, Change{Before: 60, After: 60}},
		{"definition", func(e *Evaluation) { e.Model = heavy }, Change{Before: 60, After: 70, Total: 10, Definition: 10}},
		{"override", func(e *Evaluation) { e.Input.Overrides = []Override{kim} }, Change{Before: 60, After: 90, Total: 30, Override: 30}},
		{"an override of later", func(e *Evaluation) {
			kim := kim
			kim.From = noon.AddDate(0, 0, 1)
			e.AsOf, e.Input.Overrides = noon.AddDate(0, 0, 2), []Override{kim}
		}, Change{Before: 60, After: 90, Total: 30, Override: 30}},
		{"readings of later", func(e *Evaluation) {
			e.AsOf = later
			e.Input.Readings = ReadingMap{"a": {Value: 100, At: later}, "b": {Value: 40, At: later}}
		}, Change{Before: 60, After: 70, Total: 10, Data: 10, Measures: []MeasureChange{{"a", 10}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			after := base
			c.change(&after)
			got, err := Explain(base, after)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("an override that ended", func(t *testing.T) {
		before, after := base, base
		before.Input.Overrides, after.Input.Overrides = []Override{kim}, []Override{kim}
		after.AsOf = noon.AddDate(0, 0, 9)
		got, err := Explain(before, after)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Change{Before: 90, After: 60, Total: -30, Time: -30}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("data and card at once", func(t *testing.T) {
		after := base
		after.Model, after.Input.Readings = heavy, at(100, 40)
		got, err := Explain(base, after) // from 60: data alone 70, card alone 70, both 85
		if err != nil {
			t.Fatal(err)
		}
		want := Change{Before: 60, After: 85, Total: 25, Data: 12.5, Definition: 12.5, Measures: []MeasureChange{{"a", 12.5}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("from a stored score", func(t *testing.T) {
		s, err := equal.Score(base.Input, base.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Explain(Evaluation{equal, s.Input(), s.AsOf}, base)
		if diff := cmp.Diff(Change{Before: 60, After: 60}, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func mustModel(t testing.TB, card Scorecard) *Model {
	t.Helper()
	m, err := Compile(card)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestExplainGates: what makes a score unknown but for live weight is left aside.
func TestExplainGates(t *testing.T) {
	card := explainCard(1)
	card.MinCoverage, card.Groups[0].Aspect, card.Groups[0].Measures[1].Missing.Policy = 1, Outcome, Required
	m := mustModel(t, card)
	before := Evaluation{m, Input{Account: "acme", Readings: ReadingMap{"a": {Value: 80, At: noon}}}, noon}
	after := Evaluation{m, Input{Account: "acme", Readings: ReadingMap{"a": {Value: 80, At: noon}, "b": {Value: 40, At: noon}}}, noon}
	got, err := Explain(before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := Change{Before: 80, After: 60, Total: -20, Data: -20, Measures: []MeasureChange{{"a", -40}, {"b", 20}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	before.Input.Readings = nil
	if _, err := Explain(before, after); !errors.Is(err, ErrUnknown) ||
		err.Error() != `health: explain "acme": data as of 2026-07-01T12:00:00Z at 2026-07-01T12:00:00Z under card "two": no live weight: unknown` {
		t.Errorf("nothing before: %v, want ErrUnknown", err)
	}
}

func TestExplainErrors(t *testing.T) {
	m := mustModel(t, explainCard(1))
	good := Evaluation{m, Input{Account: "acme", Readings: ReadingMap{"a": {Value: 1, At: noon}}}, noon}
	for _, c := range []struct {
		name   string
		change func(*Evaluation)
		field  string
	}{
		{"no model", func(e *Evaluation) { e.Model = nil }, "model"},
		{"another account", func(e *Evaluation) { e.Input.Account = "other" }, "account"},
		{"no instant", func(e *Evaluation) { e.AsOf = time.Time{} }, "as of"},
		{"start to come", func(e *Evaluation) { e.Input.Since = noon.AddDate(0, 0, 1) }, "start"},
		{"override of nobody", func(e *Evaluation) {
			e.Input.Overrides = []Override{{From: noon, Until: noon.AddDate(0, 0, 1)}}
		}, "override 0"},
	} {
		bad := good
		c.change(&bad)
		for i, pair := range [][2]Evaluation{{good, bad}, {bad, good}} {
			_, err := Explain(pair[0], pair[1])
			var data *DataError
			if !errors.As(err, &data) || data.Field != c.field {
				t.Errorf("%s, side %d: got %v, want a DataError of %q", c.name, i, err, c.field)
			}
		}
	}
}

// TestExplainOther: data that one evaluation alone did not look at is checked where a combination looks at it.
func TestExplainOther(t *testing.T) {
	other := explainCard(1)
	other.Groups[0].Measures[1].Name, other.Limits = "c", nil
	a := ReadingMap{"a": {Value: 1, At: noon}, "c": {Value: 1, At: noon, Why: "\xff"}}
	before := Evaluation{mustModel(t, explainCard(1)), Input{Account: "acme", Readings: a}, noon}
	after := Evaluation{mustModel(t, other), Input{Account: "acme", Readings: ReadingMap{"a": a["a"]}}, noon}
	ended := before
	ended.Input.Readings = after.Input.Readings
	ended.AsOf = noon.AddDate(0, 0, 2)
	ended.Input.Overrides = []Override{{From: noon, Until: noon.AddDate(0, 0, 1)}} // of nobody
	for _, c := range []struct {
		before, after Evaluation
		field         string
	}{{before, after, `measure "c"`}, {after, ended, "override 0"}} {
		_, err := Explain(c.before, c.after)
		var data *DataError
		if !errors.As(err, &data) || data.Field != c.field {
			t.Errorf("got %v, want a DataError of %s", err, c.field)
		}
	}
}

// FuzzExplain explains any pair of evaluations: no panic, and the parts sum.
func FuzzExplain(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, int64(seed)*1e15)
	}
	f.Fuzz(func(t *testing.T, seed uint64, apart int64) {
		before, after := randomPair(t, newRand(seed))
		after.AsOf = after.AsOf.Add(time.Duration(apart))
		c, err := Explain(before, after)
		var data *DataError
		if err != nil && !errors.Is(err, ErrUnknown) && !errors.As(err, &data) {
			t.Fatal(err)
		}
		sum := 0.0
		for _, m := range c.Measures {
			sum += m.Points
		}
		if sum != c.Data || c.Total != c.Data+c.Time+c.Definition+c.Override || c.After-c.Before != c.Total {
			t.Fatalf("%+v", c)
		}
	})
}
