package segment_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// TestSatisfyTwin compares Satisfy with the twin's answers at every point of the grid, on random conditions.
func TestSatisfyTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 4))
	seen := map[segment.Truth]int{}
	for range 400 {
		w := small()
		r.Shuffle(len(w.attributes), func(i, j int) { w.attributes[i], w.attributes[j] = w.attributes[j], w.attributes[i] })
		w.attributes = w.attributes[:2]
		a, b := w.attributes[0].Name, w.attributes[1].Name
		var exprs []expr
		var conditions []*segment.Condition
		for range 1 + r.IntN(4) {
			e := w.expr(r, 2)
			c, err := segment.CompileCondition(e.String(), w.attributes)
			if err != nil {
				t.Fatal(err)
			}
			exprs, conditions = append(exprs, e), append(conditions, c)
		}
		n := r.IntN(len(exprs) + 1)
		want := segment.False
		for d := -1.0; d <= 1; d += 0.5 {
			for _, x := range w.facts[a] {
				for _, y := range w.facts[b] {
					facts := map[string]fact{a: x, b: y}
					yes := func(e expr) bool { return e.eval(facts, day(d)) == "T" }
					no := func(e expr) bool { return !yes(e) }
					if !slices.ContainsFunc(exprs[:n], no) && !slices.ContainsFunc(exprs[n:], yes) {
						want = segment.True
					}
				}
			}
		}
		facts, asOf, got := segment.Satisfy(conditions[:n], conditions[n:], day(-1), day(1))
		if got != want {
			t.Fatalf("%v, and none of %v: got %v, want %v", exprs[:n], exprs[n:], got, want)
		}
		seen[got]++
		if got != segment.True {
			if facts != nil || !asOf.IsZero() {
				t.Fatalf("got facts %v as of %v, and %v", facts, asOf, got)
			}
			continue
		}
		witness := segment.FactMap{}
		for _, f := range facts {
			witness[f.Attribute] = f.Value
		}
		for i, c := range conditions {
			truth, _, err := c.Eval(witness, asOf)
			if err != nil || (truth == segment.True) != (i < n) || asOf.Before(day(-1)) || asOf.After(day(1)) {
				t.Fatalf("%v over %v as of %v: got %v, %v", c, facts, asOf, truth, err)
			}
		}
	}
	if seen[segment.True] < 100 || seen[segment.False] < 100 {
		t.Errorf("got %v", seen)
	}
}

func TestSatisfyUndecided(t *testing.T) {
	condition := func(text string, attributes ...segment.Attribute) *segment.Condition {
		c, err := segment.CompileCondition(text, attributes)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	one := 1.0
	text := segment.Attribute{Name: "n", Type: segment.TextType}
	listed := segment.Attribute{Name: "n", Type: segment.TextType, Values: []string{"a", "b"}}
	low := segment.Attribute{Name: "n", Type: segment.NumberType, Max: &one}
	plain := condition("n > 0", numeric("n"))
	for _, c := range []struct {
		name     string
		yes, no  []*segment.Condition
		from, to time.Time
		want     segment.Truth
	}{
		{"nothing asked", nil, nil, epoch, epoch, segment.True},
		{"alike", []*segment.Condition{plain}, []*segment.Condition{plain}, epoch, epoch, segment.False},
		{"of another type", []*segment.Condition{plain, condition("n = 'a'", text)}, nil, epoch, epoch, segment.Unknown},
		{"of other texts", []*segment.Condition{condition("n = 'a'", listed)}, []*segment.Condition{condition("n = 'a'", text)}, epoch, epoch, segment.Unknown},
		{"of other bounds", []*segment.Condition{plain, condition("n < 1", low)}, nil, epoch, epoch, segment.Unknown},
		{"within its bounds", []*segment.Condition{condition("n > 1", low)}, nil, epoch, epoch, segment.False},
		{"the span ends first", []*segment.Condition{plain}, nil, epoch, day(-1), segment.Unknown},
		{"no span", []*segment.Condition{plain}, nil, time.Time{}, epoch, segment.Unknown},
	} {
		if _, _, got := segment.Satisfy(c.yes, c.no, c.from, c.to); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestSatisfyBound asks whether so many pigeons can each have a hole of its own.
func TestSatisfyBound(t *testing.T) {
	for _, c := range []struct {
		pigeons, holes int
		want           segment.Truth
	}{{4, 4, segment.True}, {4, 3, segment.False}, {10, 9, segment.Unknown}} {
		in := func(pigeon, hole int) string { return fmt.Sprintf("p%d_in_%d", pigeon, hole) }
		var attributes []segment.Attribute
		var yes []*segment.Condition
		add := func(text string) {
			condition, err := segment.CompileCondition(text, attributes)
			if err != nil {
				t.Fatal(err)
			}
			yes = append(yes, condition)
		}
		for p := range c.pigeons {
			for h := range c.holes {
				attributes = append(attributes, segment.Attribute{Name: in(p, h), Type: segment.FlagType})
			}
		}
		for p := range c.pigeons {
			text := in(p, 0)
			for h := 1; h < c.holes; h++ {
				text += " OR " + in(p, h)
			}
			add(text)
			for other := range p {
				for h := range c.holes {
					add("NOT " + in(p, h) + " OR NOT " + in(other, h))
				}
			}
		}
		if _, _, got := segment.Satisfy(yes, nil, epoch, epoch); got != c.want {
			t.Errorf("%d pigeons for %d holes: got %v, want %v", c.pigeons, c.holes, got, c.want)
		}
	}
}
