package health

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// smallCard returns a card of up to three measures with steps and lines on 0 to 4, whose inputs can be tried one by one.
func smallCard(r *rand.Rand) Scorecard {
	card := Scorecard{Format: 1, Name: "small", MinCoverage: pick(r, 0, 0.5, 1)}
	card.Bands = []Band{{"red", 0}, {"amber", 20 + 10*float64(r.IntN(4))}, {"green", 60 + 10*float64(r.IntN(5))}}
	n := 1 + r.IntN(3)
	measures := make([]Measure, n)
	for i := range measures {
		x := &measures[i]
		*x = Measure{Name: fmt.Sprint("m", i), Weight: pick(r, 1.0, 2, 9, 40), Missing: Missing{Policy: pick(r, Exclude, Required, Worst, Neutral)}}
		if x.Missing.Policy == Neutral {
			x.Missing.Points = pick(r, 0, 50, 70.0)
		}
		x.Curve.Kind = pick(r, StepsLower, StepsUpper, Bounded, Points)
		for at := range 2 + r.IntN(2) {
			x.Curve.Knots = append(x.Curve.Knots, Knot{float64(2 * at), pick(r, 0, 10, 50, 60, 100.0)})
		}
		if r.IntN(4) == 0 {
			x.NotBefore = 10 * Day
		}
		if r.IntN(4) == 0 {
			x.Expire = 4 * Day
		}
	}
	for i := 0; i < n; i += 2 {
		card.Groups = append(card.Groups, Group{
			Name: fmt.Sprint("g", i), Weight: pick(r, 1.0, 3), Aspect: pick(r, "", Outcome, Experience), Measures: measures[i:min(i+2, n)],
		})
	}
	for range r.IntN(3) {
		card.Limits = append(card.Limits, Limit{
			Measure: fmt.Sprint("m", r.IntN(n)), When: pick(r, Less, LessEqual, Equal, NotEqual, GreaterEqual, Greater),
			Value: float64(r.IntN(6)) - 1, Kind: pick(r, Cap, Floor), Points: pick(r, 0, 30, 55, 80, 100.0), Reason: "because",
		})
	}
	return card
}

// TestVerifyBruteForce tries all inputs on a lattice of values and ages: what one of them shows is never denied, and on
// cards of steps alone, whose inputs are all on the lattice, what none shows is found or undecided.
func TestVerifyBruteForce(t *testing.T) {
	count := map[FindingClass]int{}
	wrong := 0
	for seed := range uint64(200) {
		r := newRand(seed)
		card := smallCard(r)
		m, found := findings(t, card)
		for _, f := range found {
			confirm(t, m, f)
			count[f.Class]++
		}
		says := classes(found)
		b := bruteForce(t, m)
		for i, pointer := range pointers(card.Groups, "/groups") {
			wrong += b.judge(t, seed, says, MeasureIdle, pointer, b.moved[i])
		}
		for i := range card.Bands {
			wrong += b.judge(t, seed, says, BandUnreachable, fmt.Sprint("/bands/", i), b.reached[i])
		}
		for i := range card.Limits {
			wrong += b.judge(t, seed, says, LimitNever, fmt.Sprint("/limits/", i), b.decided[i])
		}
		if wrong > 5 {
			t.FailNow()
		}
	}
	if count[MeasureIdle] < 30 || count[BandUnreachable] < 30 || count[LimitNever] < 30 || count[LimitAlways] < 3 || count[OutcomeWeight] < 30 {
		t.Errorf("the cards are too much alike: %v", count)
	}
}

// A brute holds what trying all inputs of a lattice has shown.
type brute struct {
	moved, reached, decided []bool
	whole                   bool // the lattice holds all inputs that differ
}

func (b *brute) judge(t *testing.T, seed uint64, says []string, class FindingClass, pointer string, shown bool) int {
	t.Helper()
	denied := slices.Contains(says, fmt.Sprint(class, " ", pointer))
	undecided := slices.Contains(says, fmt.Sprint(Undecided, " ", pointer))
	if denied && shown || b.whole && !shown && !denied && !undecided {
		t.Errorf("seed %d: %s %s: found %v, undecided %v, shown otherwise %v", seed, class, pointer, denied, undecided, shown)
		return 1
	}
	return 0
}

func bruteForce(t *testing.T, m *Model) *brute {
	b := &brute{
		moved: make([]bool, len(m.measures)), reached: make([]bool, len(m.bands)), decided: make([]bool, len(m.limits)), whole: true,
	}
	for i := range m.measures {
		b.whole = b.whole && !m.measures[i].curve.linear() && m.measures[i].expire == 0
	}
	values := []float64{-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5}
	starts := []time.Time{{}, noon, noon.AddDate(0, 0, -10)}
	n := 1
	for range m.measures {
		n *= len(values) + 1
	}
	bands := make([]int, n)
	for _, since := range starts {
		for c := range n {
			readings := ReadingMap{}
			rest := c
			for i := range m.measures {
				if v := rest % (len(values) + 1); v < len(values) {
					readings[m.measures[i].name] = Reading{Value: values[v], At: noon}
				}
				rest /= len(values) + 1
			}
			s, err := m.Score(Input{Account: "a", Since: since, Readings: readings}, noon)
			if err != nil {
				t.Fatal(err)
			}
			if bands[c] = -1; s.Known {
				bands[c] = m.bandNamed(s.Band)
				b.reached[bands[c]] = true
			}
			if s.Limit != nil {
				for i := range m.limits {
					b.decided[i] = b.decided[i] || m.limits[i].Limit == *s.Limit
				}
			}
		}
		stride := 1
		for i := range m.measures {
			for c, band := range bands {
				for other := c; other < n && other/stride/(len(values)+1) == c/stride/(len(values)+1); other += stride {
					b.moved[i] = b.moved[i] || band >= 0 && bands[other] >= 0 && band != bands[other]
				}
			}
			stride *= len(values) + 1
		}
	}
	return b
}

// TestVerifyAgeing: what a reading of any age shows is never denied.
func TestVerifyAgeing(t *testing.T) {
	shown := 0
	for seed := range uint64(300) {
		r := newRand(seed)
		card := smallCard(r)
		card.Groups[0].Measures[0].Expire = 9 * Day
		m, found := findings(t, card)
		says := classes(found)
		for range 200 {
			readings := ReadingMap{}
			for i := range m.measures {
				if r.IntN(5) > 0 {
					readings[m.measures[i].name] = Reading{Value: randomValue(r, m.measures[i].curve), At: noon.Add(-time.Duration(r.IntN(10*24*60)) * time.Minute)}
				}
			}
			in := Input{Account: "a", Since: noon.AddDate(0, 0, -r.IntN(20)), Readings: readings}
			s, err := m.Score(in, noon)
			if err != nil {
				t.Fatal(err)
			}
			i := r.IntN(len(m.measures))
			name := m.measures[i].name
			readings[name] = Reading{Value: randomValue(r, m.measures[i].curve), At: noon.Add(-time.Duration(r.IntN(10*24*60)) * time.Minute)}
			other, err := m.Score(in, noon)
			if err != nil {
				t.Fatal(err)
			}
			if !s.Known {
				continue
			}
			denied := []string{fmt.Sprint(BandUnreachable, " /bands/", m.bandNamed(s.Band))}
			if other.Known && other.Band != s.Band {
				shown++
				denied = append(denied, fmt.Sprint(MeasureIdle, " ", pointers(card.Groups, "/groups")[i]))
			}
			for at := range card.Limits {
				if s.Limit != nil && *s.Limit == m.limits[at].Limit {
					denied = append(denied, fmt.Sprint(LimitNever, " /limits/", at))
				}
			}
			for _, d := range denied {
				if slices.Contains(says, d) && strings.Count(fmt.Sprint(card.Limits), fmt.Sprint(s.Limit)) < 2 {
					t.Fatalf("seed %d: %s is found, and %+v shows the contrary", seed, d, s)
				}
			}
		}
	}
	if shown < 3000 {
		t.Errorf("only %d changes of a band", shown)
	}
}
