package health

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"
)

// The twin scores a card in exact arithmetic, from the definition itself and by the sentences of the package comment.
// It shares no code with the evaluation.

// near is how far the floats may be from the exact whole, in points.
var near = rat(1e-9)

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

func add(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }
func sub(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func mul(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func quo(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }

func maxRat(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}

// exactGrid rounds to the grid, half up. It is false where the value is too near to the middle of two steps to tell.
func exactGrid(x *big.Rat) (float64, bool) {
	steps := mul(x, rat(perPoint))
	doubled := add(steps, rat(0.5))
	floor := new(big.Int).Div(doubled.Num(), doubled.Denom()) // Euclidean: rounds down
	rest := sub(doubled, new(big.Rat).SetInt(floor))
	edge := mul(near, rat(perPoint))
	f, _ := quo(new(big.Rat).SetInt(floor), rat(perPoint)).Float64()
	return f, rest.Cmp(edge) > 0 && sub(rat(1), rest).Cmp(edge) > 0
}

// A twin is what the members of a group come to.
type twin struct {
	applies, required, empty         bool
	live, value, low, high, coverage *big.Rat
}

type twinLeaf struct {
	twin
	known, share, nominal *big.Rat
	aspect                Aspect
	raw                   float64
	unknown               bool
}

type twinCard struct {
	card   Scorecard
	in     Input
	asOf   time.Time
	leaves []*twinLeaf
	names  map[string]*twinLeaf
	// complete, if it is not nil, gives the points of the missing part of a measure, which then counts as known.
	complete func(name string) *big.Rat
}

func (c *twinCard) measure(x Measure, aspect Aspect) *twinLeaf {
	zero, one := rat(0), rat(1)
	l := &twinLeaf{aspect: aspect, known: zero}
	l.twin = twin{live: zero, value: zero, low: zero, high: zero, coverage: zero}
	c.leaves = append(c.leaves, l)
	c.names[x.Name] = l
	r, ok := c.in.Readings.Reading(x.Name)
	ok = ok && !r.At.After(c.asOf)
	aged := x.NotBefore > 0 || len(x.ByAge) > 0
	age := Duration(c.asOf.Sub(c.in.Since))
	switch {
	case ok && r.State == NotApplicable:
		return l
	case aged && c.in.Since.IsZero():
		ok = false
	case x.NotBefore > 0 && age < x.NotBefore:
		return l
	}
	l.applies = true
	points := zero
	if ok && r.State != Failed && !math.IsNaN(r.Value) && !math.IsInf(r.Value, 0) {
		curve := x.Curve
		for i := len(x.ByAge) - 1; i >= 0; i-- {
			if age < x.ByAge[i].Under {
				curve = x.ByAge[i].Curve
			}
		}
		if p := exactCurve(curve, r.Value); p != nil {
			points, l.raw = p, r.Value
			l.known = exactLiveness(x, r, c.asOf)
		}
	}
	l.unknown = l.known.Sign() == 0
	gone := sub(one, l.known)
	sure := mul(l.known, points)
	l.low, l.high = sure, add(sure, mul(gone, rat(100)))
	l.coverage = l.known
	l.required = x.Missing.Policy == Required && l.unknown
	switch x.Missing.Policy {
	case Neutral:
		l.live, l.value = one, add(sure, mul(gone, rat(x.Missing.Points)))
	case Worst:
		l.live, l.value = one, sure
	default:
		l.live, l.value = l.known, points
	}
	if c.complete != nil && gone.Sign() > 0 {
		l.live, l.value = one, add(sure, mul(gone, c.complete(x.Name)))
	}
	return l
}

func exactLiveness(x Measure, r Reading, asOf time.Time) *big.Rat {
	if x.Expire == 0 {
		return rat(1)
	}
	age := Duration(asOf.Sub(r.At))
	switch {
	case r.At.IsZero() || age >= x.Expire:
		return rat(0)
	case age <= x.Fresh:
		return rat(1)
	}
	return big.NewRat(int64(x.Expire-age), int64(x.Expire-x.Fresh))
}

func exactCurve(c Curve, x float64) *big.Rat {
	k, last := c.Knots, len(c.Knots)-1
	switch c.Kind {
	case StepsLower:
		p := k[0].Points
		for i := range k {
			if k[i].X <= x {
				p = k[i].Points
			}
		}
		return rat(p)
	case StepsUpper:
		for i := range k {
			if x <= k[i].X {
				return rat(k[i].Points)
			}
		}
		return rat(k[last].Points)
	}
	switch {
	case c.Kind == Bounded && (x < k[0].X || x > k[last].X):
		return nil
	case x <= k[0].X:
		return rat(k[0].Points)
	case x >= k[last].X:
		return rat(k[last].Points)
	}
	i := 0
	for k[i+1].X <= x {
		i++
	}
	slope := quo(sub(rat(k[i+1].Points), rat(k[i].Points)), sub(rat(k[i+1].X), rat(k[i].X)))
	return add(rat(k[i].Points), mul(sub(rat(x), rat(k[i].X)), slope))
}

// group evaluates what a group holds; weights and members come in the same order.
func (c *twinCard) group(g Group, inherited Aspect) twin {
	aspect := inherited
	if g.Aspect != "" {
		aspect = g.Aspect
	}
	first := len(c.leaves)
	var members []twin
	var weights []float64
	var ends []int
	for _, x := range g.Measures {
		members, weights = append(members, c.measure(x, aspect).twin), append(weights, x.Weight)
		ends = append(ends, len(c.leaves))
	}
	for _, child := range g.Groups {
		members, weights = append(members, c.group(child, aspect)), append(weights, child.Weight)
		ends = append(ends, len(c.leaves))
	}
	t := twin{live: rat(0), value: rat(0), low: rat(0), high: rat(0), coverage: rat(0)}
	live, full := rat(0), rat(0)
	for i, n := range members {
		if !n.applies {
			continue
		}
		w := rat(weights[i])
		t.applies, t.required, t.empty = true, t.required || n.required, t.empty || n.empty
		t.live = maxRat(t.live, n.live)
		live, full = add(live, mul(w, n.live)), add(full, w)
		t.value = add(t.value, mul(mul(w, n.live), n.value))
		t.low, t.high = add(t.low, mul(w, n.low)), add(t.high, mul(w, n.high))
		t.coverage = add(t.coverage, mul(w, n.coverage))
	}
	for i, n := range members {
		start := first
		if i > 0 {
			start = ends[i-1]
		}
		for _, l := range c.leaves[start:ends[i]] {
			if l.share == nil {
				l.share, l.nominal = rat(1), rat(1)
			}
			if !n.applies || live.Sign() == 0 {
				l.share = rat(0)
			} else {
				l.share = mul(l.share, quo(mul(rat(weights[i]), n.live), live))
			}
			if !n.applies {
				l.nominal = rat(0)
			} else {
				l.nominal = mul(l.nominal, quo(rat(weights[i]), full))
			}
		}
	}
	if !t.applies {
		t.high = rat(100)
		return t
	}
	if live.Sign() > 0 {
		t.value = quo(t.value, live)
	}
	t.low, t.high, t.coverage = quo(t.low, full), quo(t.high, full), quo(t.coverage, full)
	policy := g.Empty
	if policy == "" && g.Aspect == Outcome {
		policy = EmptyUnknown
	}
	t.empty = t.empty || t.live.Sign() == 0 && policy == EmptyUnknown
	return t
}

func newTwin(card Scorecard, in Input, asOf time.Time, complete func(string) *big.Rat) (*twinCard, twin) {
	c := &twinCard{card: card, in: in, asOf: asOf, names: map[string]*twinLeaf{}, complete: complete}
	whole := c.group(Group{Groups: card.Groups}, "")
	return c, whole
}

// limited applies the limits to a value on the grid. acts says whether a limit on an unknown measure acts.
func (c *twinCard) limited(v float64, acts func(Limit) bool) float64 {
	for _, kind := range []LimitKind{Floor, Cap} {
		for _, l := range c.card.Limits {
			leaf := c.names[l.Measure]
			if l.Kind != kind || !leaf.applies || leaf.unknown && !acts(l) || !leaf.unknown && !l.When.holds(leaf.raw, l.Value) {
				continue
			}
			points, _ := exactGrid(rat(l.Points))
			if kind == Floor {
				v = max(v, points)
			} else {
				v = min(v, points)
			}
		}
	}
	return v
}

func TestTwin(t *testing.T) {
	known, gated := 0, map[Why]int{}
	eachRandom(t, 800, func(t *testing.T, _ *rand.Rand, m *Model, in Input) {
		s, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		c, whole := newTwin(m.Scorecard(), in, noon, nil)
		gated[s.Why]++

		why := Why("")
		coverage, _ := whole.coverage.Float64()
		if !whole.applies {
			coverage = 0
		}
		coverage = math.Floor(coverage*1e9+0.5) / 1e9
		switch {
		case whole.required:
			why = "required"
		case whole.empty || whole.coverage.Sign() == 0:
			why = "empty"
		case coverage < m.card.MinCoverage:
			why = "coverage"
		}
		if s.Why != why || s.Known != (why == "") || math.Abs(s.Coverage-coverage) > 2e-9 {
			t.Errorf("known %v, why %q, coverage %v; the twin says %q, %v", s.Known, s.Why, s.Coverage, why, coverage)
		}
		low, okLow := exactGrid(whole.low)
		high, okHigh := exactGrid(whole.high)
		low = c.limited(low, func(l Limit) bool { return l.Kind == Cap })
		high = c.limited(high, func(l Limit) bool { return l.Kind == Floor })
		if okLow && s.Low != low || okHigh && s.High != high {
			t.Errorf("bounds %v to %v, the twin says %v to %v", s.Low, s.High, low, high)
		}
		for _, a := range s.Aspects {
			checkAspect(t, c, a)
		}
		if !s.Known {
			return
		}
		known++

		var room buffers
		work := m.open(&room, make([]Part, len(m.measures)))
		if err := m.read(&work, in, noon); err != nil {
			t.Fatal(err)
		}
		m.sum(&work)
		if off := sub(rat(work.whole().value), whole.value); new(big.Rat).Abs(off).Cmp(near) > 0 {
			t.Errorf("before rounding %v, the twin says %v", work.whole().value, whole.value.FloatString(12))
		}
		computed, ok := exactGrid(whole.value)
		if ok && s.Computed != computed {
			t.Errorf("computed %v, the twin says %v", s.Computed, computed)
		}
		if want := c.limited(s.Computed, func(Limit) bool { return false }); s.Computed+s.Limited != want {
			t.Errorf("limited to %v, the twin says %v", s.Computed+s.Limited, want)
		}
		for i, p := range s.Parts {
			l := c.leaves[i]
			exact := mul(l.share, l.value)
			if off := sub(rat(p.Points), exact); new(big.Rat).Abs(off).Cmp(add(rat(unit), near)) > 0 {
				t.Errorf("part %s is %v, the twin says %v", p.Path, p.Points, exact.FloatString(12))
			}
			if f, _ := l.share.Float64(); math.Abs(p.Weight-f) > 1e-12 {
				t.Errorf("weight of %s is %v, the twin says %v", p.Path, p.Weight, f)
			}
			if f, _ := l.known.Float64(); math.Abs(p.Liveness-f) > 1e-12 {
				t.Errorf("liveness of %s is %v, the twin says %v", p.Path, p.Liveness, f)
			}
		}
	})
	if known < 250 || gated["required"] < 20 || gated["empty"] < 20 || gated["coverage"] < 20 {
		t.Errorf("the cards are too much alike: %d known, %v", known, gated)
	}
}

func checkAspect(t *testing.T, c *twinCard, got AspectScore) {
	t.Helper()
	share, points, nominal, known := rat(0), rat(0), rat(0), rat(0)
	live := false
	for _, l := range c.leaves {
		if l.aspect == got.Aspect {
			live = live || l.known.Sign() > 0
			share, points = add(share, l.share), add(points, mul(l.share, l.value))
			nominal, known = add(nominal, l.nominal), add(known, mul(l.nominal, l.known))
		}
	}
	coverage := 0.0
	if nominal.Sign() > 0 {
		coverage, _ = quo(known, nominal).Float64()
	}
	if got.Known != live || math.Abs(got.Coverage-coverage) > 2e-9 {
		t.Errorf("%s: known %v, coverage %v; the twin says %v, %v", got.Aspect, got.Known, got.Coverage, live, coverage)
	}
	if !live {
		return
	}
	if want, ok := exactGrid(quo(points, share)); ok && got.Value != want {
		t.Errorf("%s: value %v, the twin says %v", got.Aspect, got.Value, want)
	}
}

// TestCompletions fills in the missing parts at random: the value must stay within the bounds.
func TestCompletions(t *testing.T) {
	open := 0
	eachRandom(t, 300, func(t *testing.T, r *rand.Rand, m *Model, in Input) {
		s, err := m.Score(in, noon)
		if err != nil {
			t.Fatal(err)
		}
		if s.Known && (s.Value-s.Overridden < s.Low || s.Value-s.Overridden > s.High) {
			t.Errorf("value %v before the override is outside of %v to %v", s.Value-s.Overridden, s.Low, s.High)
		}
		if s.Low < s.High {
			open++
		}
		card := m.Scorecard()
		for range 10 {
			c, whole := newTwin(card, in, noon, func(string) *big.Rat { return rat(fraction(r) * 100) })
			if !whole.applies {
				continue
			}
			v, _ := exactGrid(whole.value)
			v = c.limited(v, func(Limit) bool { return r.IntN(2) == 0 })
			if v < s.Low-unit || v > s.High+unit {
				t.Errorf("a completion gives %v, outside of %v to %v", v, s.Low, s.High)
			}
		}
	})
	if open < 150 {
		t.Errorf("only %d inputs left something open", open)
	}
}
