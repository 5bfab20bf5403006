package health

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// newRand returns seeded randomness: the same on every platform.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 42)) }

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// pick returns one of the choices.
func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// fraction returns a number from 0 to 1, often an end or a plain one.
func fraction(r *rand.Rand) float64 {
	switch r.IntN(4) {
	case 0:
		return float64(r.IntN(2))
	case 1:
		return float64(r.IntN(21)) / 20
	}
	return r.Float64()
}

// randomCard returns a valid card with everything that a card can have.
func randomCard(r *rand.Rand) Scorecard {
	c := Scorecard{Format: 1, Name: "random", MinCoverage: pick(r, 0, 0, 0.25, 0.6)}
	n := 0
	c.Groups = randomGroups(r, 1+r.IntN(3), &n)
	c.Bands = []Band{{"red", 0}, {"amber", float64(20 + r.IntN(40))}, {"green", 60 + float64(fraction(r)*30)}}
	for range r.IntN(4) {
		c.Limits = append(c.Limits, Limit{
			Measure: fmt.Sprint("m", r.IntN(n)), When: pick(r, Less, LessEqual, Equal, NotEqual, GreaterEqual, Greater),
			Value: float64(r.IntN(41)), Kind: pick(r, Cap, Floor), Points: fraction(r) * 100, Reason: "because",
		})
	}
	c.Steady = Steady{
		Worse:  Hold{Margin: float64(r.IntN(4)), Dwell: Duration(r.IntN(3)) * 2 * Day},
		Better: Hold{Margin: float64(r.IntN(4)), Dwell: Duration(r.IntN(3)) * 3 * Day},
	}
	return c
}

func randomWeight(r *rand.Rand) float64 {
	switch r.IntN(8) {
	case 0:
		return minWeight
	case 1:
		return maxWeight
	case 2:
		return 0.1
	}
	return pick(r, float64(1+r.IntN(9)), math.Max(r.Float64()*100, minWeight))
}

func randomGroups(r *rand.Rand, depth int, measures *int) []Group {
	groups := make([]Group, 1+r.IntN(4))
	for i := range groups {
		g := &groups[i]
		g.Name = fmt.Sprint("g", i)
		g.Weight = randomWeight(r)
		g.Aspect = pick(r, "", "", Outcome, Experience)
		g.Empty = pick(r, EmptyRedistribute, EmptyRedistribute, EmptyRedistribute, EmptyUnknown, "")
		if depth > 1 && r.IntN(2) == 0 {
			g.Groups = randomGroups(r, depth-1, measures)
			continue
		}
		g.Measures = make([]Measure, 1+r.IntN(4))
		for j := range g.Measures {
			g.Measures[j] = randomMeasure(r, fmt.Sprint("m", *measures))
			*measures++
		}
	}
	return groups
}

func randomMeasure(r *rand.Rand, name string) Measure {
	x := Measure{Name: name, Weight: randomWeight(r), Curve: randomCurve(r)}
	if r.IntN(6) == 0 {
		x.ByAge = []AgeCurve{{100 * Day, randomCurve(r)}, {200 * Day, randomCurve(r)}}
	}
	if r.IntN(8) == 0 {
		x.NotBefore = Duration(1+r.IntN(200)) * Day
	}
	if r.IntN(2) == 0 {
		x.Fresh = Duration(r.IntN(30)) * Day
		x.Expire = x.Fresh + Duration(r.IntN(60)+1)*Day
	}
	switch x.Missing.Policy = pick(r, "", Exclude, Exclude, Neutral, Worst, Required); x.Missing.Policy {
	case Neutral:
		x.Missing.Points = fraction(r) * 100
	case Required:
		x.Missing.Policy = pick(r, Required, Exclude, Exclude)
	}
	return x
}

func randomCurve(r *rand.Rand) Curve {
	c := Curve{Kind: pick(r, Points, Points, Bounded, StepsLower, StepsUpper)}
	x := float64(r.IntN(10)) - 2
	for range 2 + r.IntN(4) {
		c.Knots = append(c.Knots, Knot{x, fraction(r) * 100})
		x += pick(r, 1, 5, 10, r.Float64()+0.001)
	}
	return c
}

// randomInput returns readings in all states and of all ages.
func randomInput(r *rand.Rand, m *Model) Input {
	in := Input{Account: "acme", Since: noon.AddDate(0, 0, -r.IntN(300))}
	if r.IntN(6) == 0 {
		in.Since = time.Time{}
	}
	readings := ReadingMap{}
	for _, x := range m.measures {
		if r.IntN(8) == 0 {
			continue
		}
		age := time.Duration(r.IntN(60*24)) * time.Hour
		reading := Reading{Value: randomValue(r, x.curve), At: noon.Add(-age)}
		switch r.IntN(24) {
		case 0:
			reading.State, reading.Why = Failed, "timeout"
		case 1:
			reading.State, reading.Why = NotApplicable, "no such module"
		case 2:
			reading.Value = pick(r, math.NaN(), math.Inf(1), math.Inf(-1))
		case 3:
			reading.At = time.Time{}
		case 4:
			reading.At = noon.Add(time.Hour)
		case 5:
			reading.State = Known
		}
		readings[x.name] = reading
	}
	in.Readings = readings
	for range r.IntN(3) {
		in.Overrides = append(in.Overrides, Override{
			By: "someone", Reason: "a call", Kind: pick(r, OverrideValue, OverrideFloor, OverrideCap),
			Points: fraction(r) * 100, From: noon.AddDate(0, 0, -r.IntN(5)), Until: noon.AddDate(0, 0, r.IntN(5)),
		})
	}
	return in
}

// randomValue returns a raw value at, between or beyond the knots.
func randomValue(r *rand.Rand, c Curve) float64 {
	i := r.IntN(len(c.Knots))
	x := c.Knots[i].X
	switch r.IntN(5) {
	case 0:
		return x
	case 1:
		return pick(r, c.Knots[0].X-1, c.Knots[len(c.Knots)-1].X+1)
	}
	if i > 0 {
		return x - float64(r.Float64()*(x-c.Knots[i-1].X))
	}
	return x
}

// eachRandom calls f for n random cards with an input each.
func eachRandom(t *testing.T, n uint64, f func(t *testing.T, r *rand.Rand, m *Model, in Input)) {
	t.Helper()
	for seed := range n {
		r := newRand(seed)
		m, err := Compile(randomCard(r))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		in := randomInput(r, m)
		if f(t, r, m, in); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
