package health

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flag returns a measure of 0 or 1 whose reading gives 0 or 100 points.
func flag(name string, weight float64, policy MissingPolicy) Measure {
	return Measure{
		Name: name, Weight: weight, Missing: Missing{Policy: policy},
		Curve: Curve{StepsLower, []Knot{{0, 0}, {1, 100}}},
	}
}

// planted returns a card in which Verify finds nothing: every measure required, outcomes 60 of 100.
func planted(change func(*Scorecard)) Scorecard {
	line := func(name string) Measure {
		return Measure{Name: name, Weight: 1, Curve: Curve{Bounded, []Knot{{0, 0}, {10, 100}}}, Missing: Missing{Policy: Required}}
	}
	card := Scorecard{
		Format: 1, Name: "planted",
		Groups: []Group{
			{Name: "outcome", Weight: 60, Aspect: Outcome, Measures: []Measure{line("attainment")}},
			{Name: "experience", Weight: 40, Aspect: Experience, Measures: []Measure{line("nps"), flag("sponsor", 1, Worst)}},
		},
		Bands:  []Band{{"red", 0}, {"amber", 50}, {"green", 75}},
		Limits: []Limit{{Measure: "nps", When: Less, Value: 3, Kind: Cap, Points: 60, Reason: "unhappy"}},
	}
	change(&card)
	return card
}

func findings(t *testing.T, card Scorecard) (*Model, []Finding) {
	t.Helper()
	m, err := Compile(card)
	if err != nil {
		t.Fatal(err)
	}
	return m, m.Verify()
}

// classes prints findings without their messages.
func classes(found []Finding) (all []string) {
	for _, f := range found {
		all = append(all, fmt.Sprint(f.Class, " ", f.Pointer))
	}
	return all
}

func TestVerifyPlanted(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Scorecard)
		want   []string
	}{
		{"as it is", func(*Scorecard) {}, nil},
		{"one band", func(c *Scorecard) { c.Bands, c.Limits = c.Bands[:1], nil }, []string{
			"measure_idle /groups/0/measures/0", "measure_idle /groups/1/measures/0", "measure_idle /groups/1/measures/1",
		}},
		{"a flag too light for its place", func(c *Scorecard) {
			c.Groups = []Group{{Name: "g", Weight: 1, Measures: []Measure{flag("heavy", 90, Required), flag("light", 10, Worst)}}}
			c.Limits = nil
		}, []string{"measure_idle /groups/0/measures/1", "band_unreachable /bands/1"}},
		{"a measure that says one thing", func(c *Scorecard) {
			c.Groups[1].Measures[1].Curve.Knots = c.Groups[1].Measures[1].Curve.Knots[:1]
		}, []string{"measure_idle /groups/1/measures/1"}},
		{"everything capped", func(c *Scorecard) { c.Limits[0].When, c.Limits[0].Value, c.Limits[0].Points = GreaterEqual, 0, 40 }, []string{
			"measure_idle /groups/0/measures/0", "measure_idle /groups/1/measures/0", "measure_idle /groups/1/measures/1",
			"band_unreachable /bands/1", "band_unreachable /bands/2", "limit_always /limits/0",
		}},
		{"a floor under all", func(c *Scorecard) {
			c.Limits[0] = Limit{Measure: "nps", When: NotEqual, Value: -1, Kind: Floor, Points: 55, Reason: "kind"}
		}, []string{"band_unreachable /bands/0", "limit_always /limits/0"}},
		{"a value that can't be", func(c *Scorecard) { c.Limits[0].Value = 0 }, []string{"limit_never /limits/0"}},
		{"a cap at the top", func(c *Scorecard) { c.Limits[0].Points = 100 }, []string{"limit_never /limits/0"}},
		{"a cap over a lower one", func(c *Scorecard) {
			c.Limits = append(c.Limits, Limit{Measure: "nps", When: LessEqual, Value: 2, Kind: Cap, Points: 70, Reason: "very"})
		}, []string{"limit_never /limits/1"}},
		{"a floor on the worst", func(c *Scorecard) {
			c.Limits[0] = Limit{Measure: "sponsor", When: Equal, Value: 1, Kind: Floor, Points: 20, Reason: "sponsor"}
		}, []string{"limit_never /limits/0"}}, // a sponsor alone gives 20
		{"no way to the top", func(c *Scorecard) {
			c.Groups[0].Measures[0].Curve.Knots[1].Points = 50
			c.Limits = nil
		}, []string{"band_unreachable /bands/2"}},
		{"a hole between two steps", func(c *Scorecard) {
			c.Groups = []Group{{Name: "g", Weight: 1, Measures: []Measure{flag("only", 1, Required)}}}
			c.Limits = nil
		}, []string{"band_unreachable /bands/1"}},
		{"outcomes alike", func(c *Scorecard) { c.Groups[0].Weight = 40 }, []string{"outcome_weight /groups"}},
		{"no outcomes", func(c *Scorecard) { c.Groups[0].Aspect = "" }, []string{"outcome_weight /groups"}},
		{"no aspects", func(c *Scorecard) { c.Groups[0].Aspect, c.Groups[1].Aspect = "", "" }, nil},
		{"a way by age", func(c *Scorecard) {
			c.Groups[0].Measures[0].ByAge = []AgeCurve{{90 * Day, Curve{Bounded, []Knot{{0, 0}, {1, 1}}}}}
		}, nil},
		{"no way at any age", func(c *Scorecard) {
			c.Groups[0].Measures[0].Curve.Knots[1].Points = 50
			c.Groups[0].Measures[0].ByAge = []AgeCurve{{90 * Day, Curve{Bounded, []Knot{{0, 0}, {1, 1}}}}}
		}, []string{"band_unreachable /bands/2", "limit_never /limits/0"}}, // what nps leaves is below the cap
		{"young accounts are not asked", func(c *Scorecard) {
			c.Groups[0].Measures[0].Curve.Knots[1].Points = 50
			c.Groups[0].Measures[0].NotBefore = 90 * Day
		}, nil},
		{"a hole that ageing fills", func(c *Scorecard) {
			c.Groups = []Group{{Name: "g", Weight: 1, Measures: []Measure{flag("a", 1, Worst)}}}
			c.Groups[0].Measures[0].Expire = Day
			c.Limits = nil
		}, []string{"undecided /bands/1"}}, // by a reading of half a day, which the search does not try
	} {
		t.Run(c.name, func(t *testing.T) {
			m, found := findings(t, planted(c.change))
			if diff := cmp.Diff(c.want, classes(found)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, f := range found {
				confirm(t, m, f)
			}
		})
	}
}

// confirm scores a finding's witness, and holds it to what its class says.
func confirm(t *testing.T, m *Model, f Finding) {
	t.Helper()
	if f.Message == "" || (f.Witness == nil) != (f.Class == Undecided) {
		t.Fatalf("finding %+v has no message, or not a witness where it must", f)
	}
	if f.Witness == nil {
		return
	}
	s, err := m.Score(*f.Witness, f.AsOf)
	if err != nil {
		t.Fatalf("%s %s: %v", f.Class, f.Pointer, err)
	}
	place := 0
	if _, err := fmt.Sscanf(f.Pointer[strings.LastIndexByte(f.Pointer, '/')+1:], "%d", &place); err != nil && f.Class != OutcomeWeight {
		t.Fatal(err)
	}
	switch f.Class {
	case MeasureIdle:
		name := m.measures[slices.Index(pointers(m.card.Groups, "/groups"), f.Pointer)].name
		readings := f.Witness.Readings.(ReadingMap)
		for x := -2.0; x <= 12; x += 0.5 {
			readings[name] = Reading{Value: x, At: f.AsOf}
			other, err := m.Score(*f.Witness, f.AsOf)
			if err != nil || other.Known && s.Known && other.Band != s.Band {
				t.Errorf("%s: with %v the band is %s, else %s; %v", f.Pointer, x, other.Band, s.Band, err)
			}
		}
	case LimitNever:
		if s.Limit != nil && *s.Limit == m.card.Limits[place] && s.Limited != 0 {
			t.Errorf("%s: it took %v", f.Pointer, s.Limited)
		}
	case LimitAlways:
		if s.Limit == nil || *s.Limit != m.card.Limits[place] || s.Limited == 0 {
			t.Errorf("%s: the witness is limited by %+v", f.Pointer, s.Limit)
		}
		l := m.limits[place]
		for x := -3.0; x <= 12; x += 0.25 {
			f.Witness.Readings.(ReadingMap)[l.Measure] = Reading{Value: x, At: f.AsOf}
			other, err := m.Score(*f.Witness, f.AsOf)
			if err != nil || other.Parts[l.measure].Liveness > 0 && !l.When.holds(x, l.Value) {
				t.Errorf("%s: it does not hold for %v; %v", f.Pointer, x, err)
			}
		}
	case BandUnreachable:
		if !s.Known || s.Band == m.bands[place].Name {
			t.Errorf("%s: the witness is in %s", f.Pointer, s.Band)
		}
	case OutcomeWeight:
		outcome, experience := 0.0, 0.0
		for _, p := range s.Parts {
			switch a := m.measures[slices.IndexFunc(m.measures, func(x measure) bool { return x.name == p.Measure })].aspect; {
			case a < 0:
			case m.aspects[a] == Outcome:
				outcome += p.Weight
			default:
				experience += p.Weight
			}
		}
		if outcome > experience {
			t.Errorf("%s: outcomes weigh %v, experience %v", f.Pointer, outcome, experience)
		}
	default:
		t.Errorf("class %q", f.Class)
	}
}

// TestVerifyLarge: cards with far too many regions are searched for what inputs can show, and what is left is undecided.
func TestVerifyLarge(t *testing.T) {
	card := Scorecard{Format: 1, Name: "large", Bands: []Band{{"red", 0}, {"amber", 50}, {"green", 75}}}
	for g := range 100 {
		group := Group{Name: fmt.Sprint("g", g), Weight: 1, Aspect: Outcome}
		for i := range 100 {
			group.Measures = append(group.Measures, directMeasure(fmt.Sprint("m", 100*g+i), 1))
		}
		card.Groups = append(card.Groups, group)
	}
	for i := range 30 {
		card.Limits = append(card.Limits, Limit{fmt.Sprint("m", i), Less, 20, Cap, 30 + float64(i), "low"})
	}
	m, found := findings(t, card)
	for _, f := range found {
		if confirm(t, m, f); f.Class != Undecided {
			t.Errorf("%s %s: %s", f.Class, f.Pointer, f.Message)
		}
	}
	card.Limits = nil
	if _, found := findings(t, card); len(found) > 0 {
		t.Errorf("without limits %d findings, such as %+v", len(found), found[0])
	}
	// A hundred thousand limits on one measure.
	huge := planted(func(c *Scorecard) {
		for i := range 100_000 {
			c.Limits = append(c.Limits, Limit{"nps", Less, float64(i), Cap, 30, "low"})
		}
	})
	if _, found := findings(t, huge); len(found) < 100_000 || found[0].Class != Undecided {
		t.Errorf("with many limits %d findings", len(found))
	}
	// As many ages as measures.
	card.Groups = card.Groups[:5]
	for g := range card.Groups {
		for i := range card.Groups[g].Measures {
			card.Groups[g].Measures[i].NotBefore = Duration(100*g+i) * Day
		}
	}
	if _, found := findings(t, card); slices.ContainsFunc(found, func(f Finding) bool { return f.Class != Undecided }) {
		t.Errorf("with many ages: %+v", found)
	}
}

// FuzzVerify verifies any card: no panic, and every witness is one.
func FuzzVerify(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, seed uint64, small bool) {
		card := randomCard(newRand(seed))
		if small {
			card = smallCard(newRand(seed))
		}
		m, found := findings(t, card)
		for _, x := range found {
			if x.Witness == nil {
				continue
			}
			if _, err := m.Score(*x.Witness, x.AsOf); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestVerifyReady: nothing is found in the ready-made cards.
func TestVerifyReady(t *testing.T) {
	for _, card := range []Scorecard{Starter(), Practices()} {
		if _, found := findings(t, card); len(found) > 0 {
			t.Errorf("%s: %+v", card.Name, found)
		}
	}
}
