package health

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLevers(t *testing.T) {
	line := func(top float64) Curve { return Curve{Bounded, []Knot{{0, 0}, {top, 100}}} }
	card := Scorecard{
		Format: 1, Name: "levers", Bands: []Band{{"red", 0}, {"amber", 50}, {"green", 75}},
		Groups: []Group{
			{Name: "outcome", Weight: 60, Aspect: Outcome, Measures: []Measure{{Name: "attainment", Weight: 1, Curve: line(1)}}},
			{Name: "experience", Weight: 40, Measures: []Measure{
				{Name: "nps", Weight: 1, Curve: line(10)},
				{Name: "usage", Weight: 1, Curve: line(100)},
			}},
		},
	}
	falling := Measure{Name: "tickets", Weight: 1, Curve: Curve{Points, []Knot{{0, 100}, {10, 0}}}}
	steps := Measure{Name: "seats", Weight: 1, Curve: Curve{StepsLower, []Knot{{0, 0}, {5, 60}, {10, 100}}}}
	hump := Measure{Name: "load", Weight: 1, Curve: Curve{Points, []Knot{{0, 0}, {40, 100}, {60, 100}, {100, 0}}}}
	one := func(x Measure, limits ...Limit) Scorecard {
		return Scorecard{
			Format: 1, Name: "one", Bands: card.Bands, Limits: limits,
			Groups: []Group{{Name: "g", Weight: 1, Measures: []Measure{x}}},
		}
	}
	veto := Limit{Measure: "tickets", When: GreaterEqual, Value: 2, Kind: Cap, Points: 49, Reason: "tickets"}
	no := Lever{}
	at := func(x float64) Lever { return Lever{Value: x, Reachable: true} }
	below := func(x float64) Lever { return at(math.Nextafter(x, math.Inf(-1))) }
	for _, c := range []struct {
		name     string
		card     Scorecard
		readings ReadingMap
		band     string
		want     []Lever
	}{
		// 0.6 a + 0.2·90 + 0.2·80: green from a = (75-34)/0.6; nothing else can help while outcomes are unknown.
		{"the unknown one", card, ReadingMap{"nps": {Value: 9}, "usage": {Value: 80}}, "green", []Lever{at(41.0 / 60), no, no}},
		// 49 red: amber by a = 16/0.6, nps = 9.5 or usage = 85; green by a alone.
		{"amber", card, ReadingMap{"attainment": {Value: 0.25}, "nps": {Value: 9}, "usage": {Value: 80}}, "amber", []Lever{at(16.0 / 60), at(9.5), at(85)}},
		{"green", card, ReadingMap{"attainment": {Value: 0.25}, "nps": {Value: 9}, "usage": {Value: 80}}, "green", []Lever{at(41.0 / 60), no, no}},
		{"where it is already", card, ReadingMap{"attainment": {Value: 0.25}, "nps": {Value: 9}, "usage": {Value: 80}}, "red", []Lever{at(0.25), at(9), at(80)}},
		{"falling, none known: from the worst knot", one(falling), nil, "amber", []Lever{at(5)}},
		{"falling, from below", one(falling), ReadingMap{"tickets": {Value: 0}}, "amber", []Lever{at(2.5 + unit/10)}},
		{"falling, from beyond the knots", one(falling), ReadingMap{"tickets": {Value: 99}}, "green", []Lever{at(2.5)}},
		{"steps, upward", one(steps), ReadingMap{"seats": {Value: 1}}, "green", []Lever{at(10)}},
		{"steps, down to the next float", one(steps), ReadingMap{"seats": {Value: 12}}, "amber", []Lever{below(10)}},
		{"steps, not to be had", one(steps), nil, "red", []Lever{at(0)}},
		{"a hump from the left", one(hump), ReadingMap{"load": {Value: 10}}, "green", []Lever{at(30)}},
		{"a hump from the right", one(hump), ReadingMap{"load": {Value: 95}}, "green", []Lever{at(70)}},
		{"a veto of its own", one(falling, veto), ReadingMap{"tickets": {Value: 9}}, "amber", []Lever{no}},
		{"just under its veto", one(falling, veto), ReadingMap{"tickets": {Value: 9}}, "green", []Lever{below(2)}},
		{"an impossible present value", one(Measure{Name: "p", Weight: 1, Curve: line(10)}), ReadingMap{"p": {Value: -3}}, "amber", []Lever{at(5)}},
		{"not applicable", one(falling), ReadingMap{"tickets": {State: NotApplicable}}, "red", []Lever{no}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Compile(c.card)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Levers(Input{Account: "a", Readings: c.readings}, noon, c.band)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Clone(c.want)
			for i, name := range m.Measures() {
				want[i].Measure = name
				if math.Abs(got[i].Value-want[i].Value) < 1e-12 {
					got[i].Value = want[i].Value
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	m, err := Compile(card)
	if err != nil {
		t.Fatal(err)
	}
	var data *DataError
	var refused *RefusedError
	want := `health: account "a": refused by known_band: the card has no band "gold"; needs a band of the card`
	if _, err := m.Levers(Input{Account: "a"}, noon, "gold"); !errors.As(err, &refused) || err.Error() != want {
		t.Errorf("a band that is not there: %v, want %s", err, want)
	}
	if _, err := m.Levers(Input{}, noon, "red"); !errors.As(err, &data) || data.Field != "account" {
		t.Errorf("no account: %v", err)
	}
}

// TestLeverJSON: a value that is not there is null, and not 0, which may be one that is.
func TestLeverJSON(t *testing.T) {
	for text, lever := range map[string]Lever{
		`{"measure":"a","value":null,"reachable":false}`: {Measure: "a"},
		`{"measure":"a","value":0,"reachable":true}`:     {Measure: "a", Reachable: true},
		`{"measure":"a","value":-2.5,"reachable":true}`:  {Measure: "a", Value: -2.5, Reachable: true},
	} {
		got, err := json.Marshal(lever)
		if err != nil || string(got) != text {
			t.Errorf("%+v is %s, %v; want %s", lever, got, err, text)
		}
		back := Lever{Value: 9}
		if err := json.Unmarshal([]byte(text), &back); err != nil || back != lever {
			t.Errorf("%s is %+v, %v; want %+v", text, back, err, lever)
		}
	}
}

// TestLeversReach scores again with what Levers returns, and looks for nearer values by brute force.
func TestLeversReach(t *testing.T) {
	reached, missed := 0, 0
	eachRandom(t, 120, func(t *testing.T, r *rand.Rand, m *Model, in Input) {
		in.Overrides = nil
		before, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		own := in.Readings.(ReadingMap)
		target := r.IntN(len(m.bands))
		levers, err := m.Levers(in, noon, m.bands[target].Name)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range levers {
			x := &m.measures[i]
			score := func(raw float64) Score {
				in := in
				with := maps.Clone(own)
				with[x.name] = Reading{Value: raw, At: noon}
				in.Readings = with
				s, err := m.Score(in, noon)
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			part := before.Parts[i]
			if part.Why == WhyTooYoung || part.Why == WhyNoAge || part.Why == WhyNotApplicable {
				if l.Reachable {
					t.Errorf("%s: no reading would count, and %v is said to do it", x.name, l.Value)
				}
				continue
			}
			curve := x.curveAt(&moment{asOf: noon, since: in.Since, age: noon.Sub(in.Since)})
			from, _ := curve.ends()
			if _, ok := curve.at(part.Reading.Value); ok && !part.Missing && part.Reading.State != Failed {
				from = part.Reading.Value
			}
			at := score(l.Value)
			if l.Reachable {
				reached++
				if !at.Known || at.Band != m.bands[target].Name {
					t.Errorf("%s at %v: the score is %v %s, not %s", x.name, l.Value, at.Value, at.Band, m.bands[target].Name)
				}
			} else {
				missed++
			}
			for _, raw := range samples(r, m, i, curve, from) {
				s := score(raw)
				if !s.Known || s.Band != m.bands[target].Name || l.Reachable && math.Abs(raw-from) >= math.Abs(l.Value-from) {
					continue
				}
				if !l.Reachable || math.Abs(s.Value-at.Value) > unit {
					t.Errorf("%s from %v to %s: %v does it with %v, the lever says %+v with %v",
						x.name, from, s.Band, raw, s.Value, l, at.Value)
				}
			}
		}
	})
	if reached < 150 || missed < 150 {
		t.Errorf("only %d reached, %d not", reached, missed)
	}
}

// samples returns raw values at, beside and between all that could matter, and some at random.
func samples(r *rand.Rand, m *Model, i int, curve *Curve, from float64) []float64 {
	raws := []float64{from}
	for _, k := range curve.Knots {
		raws = append(raws, k.X)
	}
	for _, l := range m.limits {
		if l.measure == i {
			raws = append(raws, l.Value)
		}
	}
	for _, x := range slices.Clone(raws) {
		raws = append(raws, before(x), after(x))
	}
	low, high := slices.Min(raws), slices.Max(raws)
	for range 40 {
		raws = append(raws, low-1+r.Float64()*(high-low+2))
	}
	return slices.DeleteFunc(raws, func(x float64) bool {
		_, ok := curve.at(x)
		return !ok // a failed reading is no lever
	})
}

// TestLeversCoarse: where floats lie farther apart than the score can bear, the next one is taken.
func TestLeversCoarse(t *testing.T) {
	const x0 = 1e15 // floats lie 0.125 apart
	for floor := 1.0; floor < 100; floor++ {
		m, err := Compile(Scorecard{
			Format: 1, Name: "coarse", Bands: []Band{{"red", 0}, {"green", floor}},
			Groups: []Group{{Name: "g", Weight: 1, Measures: []Measure{
				{Name: "up", Weight: 1, Curve: Curve{Points, []Knot{{x0, 0}, {x0 + 1, 100}}}},
			}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			from, step float64
			band       string
		}{{x0 - 5, 0.125, "green"}, {x0 + 5, -0.125, "red"}} {
			in := Input{Account: "a", Readings: ReadingMap{"up": {Value: c.from}}}
			levers, err := m.Levers(in, noon, c.band)
			if err != nil {
				t.Fatal(err)
			}
			want := c.from // the first float that does it, one by one
			for m.bands[m.band(100*min(max(want-x0, 0), 1))].Name != c.band {
				want += c.step
			}
			if !levers[0].Reachable || levers[0].Value != want {
				t.Errorf("floor %v, from %v: %+v, want %v", floor, c.from, levers[0], want)
			}
		}
	}
}

func TestAsk(t *testing.T) {
	direct := Curve{Points, []Knot{{0, 0}, {100, 100}}}
	narrow := Curve{Points, []Knot{{0, 40}, {100, 60}}}
	card := func(limits []Limit, xs ...Measure) Scorecard {
		return Scorecard{
			Format: 1, Name: "ask", Bands: []Band{{"red", 0}, {"green", 50}}, Limits: limits,
			Groups: []Group{{Name: "g", Weight: 1, Measures: xs}},
		}
	}
	x := func(name string, weight float64) Measure { return Measure{Name: name, Weight: weight, Curve: direct} }
	expiring := x("old", 4)
	expiring.Expire = 10 * Day
	young := x("young", 9)
	young.NotBefore = 30 * Day
	flat := Measure{Name: "flat", Weight: 3, Curve: narrow}
	veto := []Limit{{Measure: "flag", When: Less, Value: 1, Kind: Cap, Points: 5, Reason: "flag"}}
	for _, c := range []struct {
		name     string
		card     Scorecard
		readings ReadingMap
		want     []string
	}{
		{"by weight", card(nil, x("a", 1), x("b", 3), x("c", 2)), nil, []string{"b", "c", "a"}},
		{"ties in definition order", card(nil, x("a", 1), x("b", 3), x("c", 1), x("d", 3)), nil, []string{"b", "d", "a", "c"}},
		{"not what is known", card(nil, x("a", 1), x("b", 3)), ReadingMap{"b": {Value: 1}}, []string{"a"}},
		{"not what does not apply", card(nil, x("a", 1), x("b", 3)), ReadingMap{"b": {State: NotApplicable}}, []string{"a"}},
		{"failed is unknown", card(nil, x("a", 1), x("b", 3)), ReadingMap{"b": {State: Failed}}, []string{"b", "a"}},
		{"ageing in part", card(nil, x("a", 1), expiring), ReadingMap{"old": {Value: 9, At: noon.Add(-9 * 24 * time.Hour)}}, []string{"old", "a"}},
		{"ageing by little", card(nil, x("a", 1), expiring), ReadingMap{"old": {Value: 9, At: noon.Add(-1 * 24 * time.Hour)}}, []string{"a", "old"}},
		{"a veto weighs more than a weight", card(veto, x("a", 9), x("flag", 1)), nil, []string{"flag", "a"}},
		{"what can't be learnt comes last", card(nil, x("a", 1), young, x("b", 2)), nil, []string{"b", "a", "young"}},
		{"a flat curve closes its whole gap", card(nil, x("a", 2), flat), nil, []string{"flat", "a"}},
		{"nothing", card(nil, x("a", 1)), ReadingMap{"a": {Value: 1}}, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Compile(c.card)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Ask(Input{Account: "a", Readings: c.readings}, noon)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	m, err := Compile(card(nil, x("a", 1)))
	if err != nil {
		t.Fatal(err)
	}
	var data *DataError
	if _, err := m.Ask(Input{}, noon); !errors.As(err, &data) {
		t.Errorf("no account: %v", err)
	}
}

// TestAskNarrows measures by scoring again what each answer would narrow, and leaves the input as it was.
func TestAskNarrows(t *testing.T) {
	asked := 0
	eachRandom(t, 300, func(t *testing.T, _ *rand.Rand, m *Model, in Input) {
		in.Overrides = nil
		own := in.Readings.(ReadingMap)
		copied := maps.Clone(own)
		names, err := m.Ask(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		before, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		open := 0
		for _, p := range before.Parts {
			if p.Liveness < 1 && p.Why != WhyNotApplicable && p.Why != WhyTooYoung {
				open++
			}
		}
		if len(names) != open {
			t.Errorf("asks for %q, %d are open", names, open)
		}
		last := math.Inf(1)
		for _, name := range names {
			i := slices.Index(m.Measures(), name)
			narrows := 0.0
			if before.Parts[i].Why != WhyNoAge {
				worst, best := m.measures[i].curveAt(&moment{age: noon.Sub(in.Since)}).ends()
				narrows = before.High - before.Low
				for _, raw := range []float64{worst, best} {
					with := maps.Clone(own)
					with[name] = Reading{Value: raw, At: noon}
					s, err := m.Score(Input{Account: "a", Since: in.Since, Readings: with}, noon)
					if err != nil {
						t.Fatal(err)
					}
					low, high := s.Low, s.High
					narrows -= (high - low) / 2
				}
			}
			if narrows > last+2*unit {
				t.Errorf("%s narrows by %v, and comes after one that narrows by %v", name, narrows, last)
			}
			last = narrows
			asked++
		}
		for name, r := range own { // NaN is not itself
			if c := copied[name]; c != r && !math.IsNaN(r.Value) {
				t.Errorf("the input was changed: %v to %v", c, r)
			}
		}
	})
	if asked < 300 {
		t.Errorf("only %d questions", asked)
	}
}
