package health

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSums: the parts sum to the whole with ==, every number of points is on the grid, and a score can be made again
// from itself and from its JSON.
func TestSums(t *testing.T) {
	eachRandom(t, 800, func(t *testing.T, _ *rand.Rand, m *Model, in Input) {
		s, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		points := []float64{s.Value, s.Computed, s.Limited, s.Overridden, s.Low, s.High}
		for _, p := range s.Parts {
			sum += p.Points
			points = append(points, p.Points, p.OnCurve)
			if p.Points < 0 || p.Points > 100 || p.OnCurve < 0 || p.OnCurve > 100 || p.Weight < 0 || p.Weight > 1+1e-9 ||
				(p.Liveness == 0) != (p.Why != "") {
				t.Errorf("part out of bounds: %+v", p)
			}
		}
		for i := len(s.Parts) - 1; i >= 0; i-- {
			sum -= s.Parts[i].Points
		}
		for _, p := range s.Parts {
			sum += p.Points
		}
		for _, a := range s.Aspects {
			points = append(points, a.Value)
		}
		for _, x := range points {
			if math.Mod(x, unit) != 0 || math.Signbit(x) && x == 0 || math.IsNaN(x) {
				t.Errorf("%v is not on the grid", x)
			}
		}
		if sum != s.Computed || s.Value != s.Computed+s.Limited+s.Overridden {
			t.Errorf("parts sum to %v, computed %v; value %v = %v + %v", sum, s.Computed, s.Value, s.Limited, s.Overridden)
		}
		if s.Value < 0 || s.Value > 100 || s.Low > s.High || s.Low < 0 || s.High > 100 {
			t.Errorf("value %v, %v to %v", s.Value, s.Low, s.High)
		}
		if s.Known != (s.Band != Unknown) || !s.Known && (s.Value != 0 || s.Computed != 0 || s.Limit != nil) {
			t.Errorf("known %v, band %s, value %v", s.Known, s.Band, s.Value)
		}
		if s.Certain != (m.band(s.Low) == m.band(s.High)) {
			t.Errorf("certain %v from %v to %v", s.Certain, s.Low, s.High)
		}
		again, err := m.Score(s.Input(), s.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Errorf("scored again (-want +got):\n%s", diff)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back Score
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, back); diff != "" {
			t.Errorf("after JSON (-want +got):\n%s", diff)
		}
	})
}

// same sets every curve to one that gives a reading of 0 to 100 as it is, and every neutral value to v.
func same(groups []Group, v float64) {
	for i := range groups {
		same(groups[i].Groups, v)
		for j := range groups[i].Measures {
			x := &groups[i].Measures[j]
			x.Curve = Curve{Points, []Knot{{0, 0}, {100, 100}}}
			x.ByAge = nil
			if x.Missing.Policy == Worst {
				x.Missing.Policy = Exclude
			}
			if x.Missing.Policy == Neutral {
				x.Missing.Points = v
			}
		}
	}
}

// TestAllAlike: a card whose every measure is at v scores v, whatever is missing or old.
func TestAllAlike(t *testing.T) {
	for seed := range uint64(1000) {
		r := newRand(seed)
		card := randomCard(r)
		v := pick(r, 70.0, 100, 0, 50, 33.3333)
		same(card.Groups, v)
		card.Limits = nil
		m, err := Compile(card)
		if err != nil {
			t.Fatal(err)
		}
		in := randomInput(r, m)
		in.Overrides = nil
		readings := in.Readings.(ReadingMap)
		for name, x := range readings {
			if notFinite(x.Value) == "" {
				x.Value = v
			}
			readings[name] = x
		}
		s, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		v = grid(v)
		if s.Known && s.Value != v || s.Low > v || s.High < v || s.Coverage == 1 && (s.Low != v || s.High != v) {
			t.Fatalf("seed %d: all at %v: value %v, %v to %v, coverage %v", seed, v, s.Value, s.Low, s.High, s.Coverage)
		}
		for _, a := range s.Aspects {
			if a.Known && a.Value != v {
				t.Fatalf("seed %d: all at %v: %s %v", seed, v, a.Aspect, a.Value)
			}
		}
	}
}

// TestNothingUnknown: then Low, the value before the override and High are one number.
func TestNothingUnknown(t *testing.T) {
	full := 0
	eachRandom(t, 1000, func(t *testing.T, r *rand.Rand, m *Model, in Input) {
		readings := ReadingMap{}
		for _, x := range m.measures {
			readings[x.name] = Reading{Value: x.curve.Knots[0].X, At: noon}
			if r.IntN(8) == 0 {
				readings[x.name] = Reading{State: NotApplicable}
			}
		}
		in.Readings, in.Since = readings, noon.AddDate(-2, 0, 0)
		s, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		if s.Coverage != 1 {
			return // nothing applies
		}
		full++
		if v := s.Value - s.Overridden; !s.Known || s.Low != v || s.High != v || !s.Certain {
			t.Errorf("nothing is unknown: known %v, value %v, %v to %v, certain %v", s.Known, v, s.Low, s.High, s.Certain)
		}
	})
	if full < 900 {
		t.Errorf("only %d inputs were full", full)
	}
}

// TestFilledIn fills in missing readings one by one, through Score alone: the value stays within all bounds before.
func TestFilledIn(t *testing.T) {
	eachRandom(t, 1000, func(t *testing.T, r *rand.Rand, m *Model, in Input) {
		readings := in.Readings.(ReadingMap)
		in.Since, in.Overrides = noon.AddDate(-2, 0, 0), nil
		low, high := 0.0, 100.0
		for i := -1; i < len(m.measures); i++ {
			if i >= 0 {
				x := &m.measures[i]
				s, err := m.Score(in, noon)
				if err != nil {
					t.Fatal(err)
				}
				if l := s.Parts[i]; l.Liveness > 0 || l.Why == WhyNotApplicable {
					continue
				}
				k := x.curve.Knots
				inside := k[0].X + r.Float64()*(k[len(k)-1].X-k[0].X)
				readings[x.name] = Reading{Value: inside, At: noon}
			}
			s, err := m.Score(in, noon)
			if err != nil {
				t.Fatal(err)
			}
			if s.Low < low-unit || s.High > high+unit || s.Known && (s.Value < s.Low || s.Value > s.High) {
				t.Fatalf("after measure %d: value %v, %v to %v, before %v to %v", i, s.Value, s.Low, s.High, low, high)
			}
			low, high = s.Low, s.High
		}
	})
}

// TestMonotone: more of what is good never lowers the score.
func TestMonotone(t *testing.T) {
	for seed := range uint64(300) {
		r := newRand(seed)
		card := randomCard(r)
		same(card.Groups, 50)
		card.Limits = nil
		m, err := Compile(card)
		if err != nil {
			t.Fatal(err)
		}
		in := randomInput(r, m)
		in.Overrides = nil
		readings := in.Readings.(ReadingMap)
		name := pick(r, m.Measures()...)
		last := math.Inf(-1)
		for raw := -1.0; raw <= 101; raw += 0.37 {
			readings[name] = Reading{Value: raw, At: noon}
			s, err := m.Score(in, noon)
			if err != nil {
				t.Fatal(err)
			}
			if s.Value < last {
				t.Fatalf("seed %d: %s up to %v lowers the value from %v to %v", seed, name, raw, last, s.Value)
			}
			last = s.Value
		}
	}
}

// TestOrder: the order of siblings changes no result, nor does the weight of an only child.
func TestOrder(t *testing.T) {
	for seed := range uint64(500) {
		r := newRand(seed)
		card := randomCard(r)
		m, err := Compile(card)
		if err != nil {
			t.Fatal(err)
		}
		in := randomInput(r, m)
		want, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		other := copyCard(card)
		shuffle(r, other.Groups)
		m2, err := Compile(other)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m2.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]Part{}
		for _, p := range got.Parts {
			parts[p.Measure] = p
		}
		for _, p := range want.Parts {
			if q := parts[p.Measure]; math.Abs(p.Points-q.Points) > unit || p.OnCurve != q.OnCurve || p.Why != q.Why {
				t.Errorf("seed %d: part %+v became %+v", seed, p, q)
			}
		}
		for _, s := range []*Score{&want, &got} {
			s.Parts, s.Digest = nil, Digest{}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: in another order (-want +got):\n%s", seed, diff)
		}
	}
}

// shuffle changes the order of siblings, and doubles the weight of only children.
func shuffle(r *rand.Rand, groups []Group) {
	r.Shuffle(len(groups), func(i, j int) { groups[i], groups[j] = groups[j], groups[i] })
	for i := range groups {
		shuffle(r, groups[i].Groups)
		xs := groups[i].Measures
		r.Shuffle(len(xs), func(a, b int) { xs[a], xs[b] = xs[b], xs[a] })
		for j := range xs {
			if xs[j].Weight <= maxWeight/2 && len(xs) == 1 {
				xs[j].Weight *= 2
			}
		}
	}
}

func TestGrid(t *testing.T) {
	for _, c := range []struct{ in, want float64 }{
		{70, 70}, {100, 100}, {0, 0},
		{unit / 2, unit},                      // a tie goes up
		{math.Nextafter(unit/2, 0), 0},        // the float below one does not
		{-unit / 2, 0}, {-unit * 0.75, -unit}, // half up, not away from zero
		{100 - unit/4, 100}, {99.99999999, 100}, // a whole of ones that lost a bit
		{1.0 / 3, 349525 * unit},
	} {
		if got := grid(c.in); got != c.want {
			t.Errorf("grid(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

// TestGridTwin: grid is what takes a remainder apart, which is exact, beside ties and where exponents change.
func TestGridTwin(t *testing.T) {
	r := newRand(5)
	for range 200_000 {
		steps := float64(r.IntN(100*perPoint)>>r.IntN(28)) + pick(r, 0, 0.25, 0.5, 0.5, 0.75)
		for range r.IntN(4) {
			steps = math.Nextafter(steps, pick(r, 0.0, 200*perPoint))
		}
		want := math.Floor(steps)
		if steps-want >= 0.5 {
			want++
		}
		if got := grid(steps * unit); got != want*unit {
			t.Fatalf("grid of %v steps is %v steps, want %v", steps, got*perPoint, want)
		}
	}
}

// TestApportion is by hand: largest remainders first, ties in definition order, nothing to those without a remainder.
func TestApportion(t *testing.T) {
	for _, c := range []struct {
		whole float64
		exact []float64
		want  []float64 // steps
	}{
		{10, []float64{3.5, 3.5, 3}, []float64{4, 3, 3}},
		{11, []float64{3.25, 3.75, 3.5}, []float64{3, 4, 4}},
		{10, []float64{3.25, 3.5, 3.25}, []float64{3, 4, 3}},
		{2, []float64{0.5, 0, 0.5, 0.5}, []float64{1, 0, 1, 0}},
		{0, []float64{0.1, 0.2}, []float64{0, 0}},
	} {
		leaves := make([]leaf, len(c.exact))
		for i, x := range c.exact {
			leaves[i].exact = x * unit
		}
		apportion(c.whole*unit, leaves, make([]int32, len(leaves)))
		for i := range leaves {
			if leaves[i].part != c.want[i]*unit {
				t.Errorf("%v of %v: part %d is %v steps, want %v", c.exact, c.whole, i, leaves[i].part/unit, c.want[i])
			}
		}
	}
}

func TestCurves(t *testing.T) {
	hump := []Knot{{10, 0}, {20, 100}, {40, 100}, {50, 20}}
	for _, c := range []struct {
		kind CurveKind
		x    float64
		want float64 // NaN: impossible
	}{
		{Points, 10, 0}, {Points, 15, 50}, {Points, 20, 100}, {Points, 30, 100}, {Points, 45, 60}, {Points, 50, 20},
		{Points, -1e308, 0}, {Points, 9, 0}, {Points, 1e308, 20},
		{Bounded, 10, 0}, {Bounded, 15, 50}, {Bounded, 50, 20},
		{Bounded, math.Nextafter(10, 0), math.NaN()}, {Bounded, math.Nextafter(50, 60), math.NaN()},
		{StepsLower, 9, 0}, {StepsLower, 10, 0}, {StepsLower, 19.9, 0}, {StepsLower, 20, 100}, {StepsLower, 49, 100}, {StepsLower, 50, 20}, {StepsLower, 99, 20},
		{StepsUpper, 9, 0}, {StepsUpper, 10, 0}, {StepsUpper, 10.1, 100}, {StepsUpper, 20, 100}, {StepsUpper, 40, 100}, {StepsUpper, 40.1, 20}, {StepsUpper, 99, 20},
	} {
		curve := Curve{c.kind, hump}
		if got, ok := curve.at(c.x); ok == math.IsNaN(c.want) || ok && got != c.want {
			t.Errorf("%s at %v is %v, %v; want %v", c.kind, c.x, got, ok, c.want)
		}
	}
	far := Curve{Points, []Knot{{-maxRaw, 0}, {maxRaw, 100}}}
	if got, _ := far.at(0); got != 50 {
		t.Errorf("halfway between the farthest knots is %v, want 50", got)
	}
	close := Curve{Points, []Knot{{0, 0}, {math.SmallestNonzeroFloat64, 100}}}
	if got, _ := close.at(math.SmallestNonzeroFloat64); got != 100 {
		t.Errorf("at the upper of two neighbouring knots: %v, want 100", got)
	}
}

// TestDeepShares: shares below the smallest float give nothing, and no NaN.
func TestDeepShares(t *testing.T) {
	x := func(name string) Measure {
		return Measure{Name: name, Weight: 1, Curve: Curve{Points, []Knot{{0, 0}, {100, 100}}}}
	}
	deep := Group{Name: "deep", Weight: minWeight, Aspect: Experience, Measures: []Measure{x("low")}}
	for i := range 60 {
		deep = Group{Name: "deep", Weight: minWeight, Groups: []Group{deep, {
			Name: "wide", Weight: maxWeight, Measures: []Measure{x(fmt.Sprint("m", i))},
		}}}
	}
	m, err := Compile(Scorecard{Format: 1, Name: "deep", Groups: []Group{deep}, Bands: []Band{{"red", 0}}})
	if err != nil {
		t.Fatal(err)
	}
	readings := ReadingMap{"low": {Value: 10}}
	for i := range 60 {
		readings[fmt.Sprint("m", i)] = Reading{Value: 70}
	}
	s, err := m.Score(Input{Account: "a", Readings: readings}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if s.Value != 70 || s.Aspects[0].Known || s.Aspects[0].Coverage != 0 {
		t.Errorf("value %v, aspects %+v", s.Value, s.Aspects)
	}
	if _, err := s.MarshalJSON(); err != nil {
		t.Error(err)
	}
}

// TestOldest: an age beyond the longest duration is cut to it, and can be stored.
func TestOldest(t *testing.T) {
	m, err := Compile(Scorecard{
		Format: 1, Name: "old", Bands: []Band{{"red", 0}},
		Groups: []Group{{Name: "g", Weight: 1, Measures: []Measure{{Name: "a", Weight: 1, Curve: Curve{StepsLower, []Knot{{0, 50}}}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := m.Score(Input{Account: "a", Readings: ReadingMap{"a": {Value: 1, At: at}}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Score
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
}
