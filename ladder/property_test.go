package ladder_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// statements calls f with the statements of seeded ladders and inputs.
func statements(t *testing.T, n uint64, f func(m *ladder.Model, in ladder.Input, s ladder.Statement)) {
	t.Helper()
	for seed := range n {
		r := rand.New(rand.NewPCG(seed, 9))
		m := compile(t, randomLadder(r))
		in, asOf := randomInput(r)
		s, err := m.Statement(in, asOf)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		f(m, in, s)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestStatementSums(t *testing.T) {
	statements(t, 1000, func(_ *ladder.Model, _ ladder.Input, s ladder.Statement) {
		var gross, adjusted, cost decimal.Decimal
		unknown := 0
		for _, line := range s.Lines {
			gross, adjusted = gross.Add(line.Gross), adjusted.Add(line.Adjusted)
			if !line.Known {
				unknown++
			}
		}
		for _, c := range s.Costs {
			cost = cost.Add(c.Amount)
		}
		axes := map[ladder.Axis]ladder.Total{}
		for _, total := range s.Totals {
			a := axes[total.Axis]
			a.Gross, a.Adjusted, a.Unknown = a.Gross.Add(total.Gross), a.Adjusted.Add(total.Adjusted), a.Unknown+total.Unknown
			axes[total.Axis] = a
		}
		if len(axes) != 5 {
			t.Errorf("%d axes, want 5", len(axes))
		}
		for axis, a := range axes {
			if !a.Gross.Equal(s.Gross) || !a.Adjusted.Equal(s.Adjusted) || a.Unknown != s.Unknown {
				t.Errorf("axis %s sums to %v, %v and %d unknown, want %v, %v and %d",
					axis, a.Gross, a.Adjusted, a.Unknown, s.Gross, s.Adjusted, s.Unknown)
			}
		}
		if !gross.Equal(s.Gross) || !adjusted.Equal(s.Adjusted) || !cost.Equal(s.Cost) || unknown != s.Unknown ||
			!s.Hard.Add(s.Soft).Equal(s.Gross) {
			t.Errorf("lines sum to %v, %v, %v and %d unknown; statement %v = %v + %v, %v, %v and %d",
				gross, adjusted, cost, unknown, s.Gross, s.Hard, s.Soft, s.Adjusted, s.Cost, s.Unknown)
		}
	})
}

// TestPoolCapacity checks that what is claimed never exceeds a pool, and that lines and cuts sum to what the formulas
// give where there are no pools.
func TestPoolCapacity(t *testing.T) {
	cuts := 0
	statements(t, 2000, func(m *ladder.Model, in ladder.Input, s ladder.Statement) {
		l := m.Ladder()
		free := m.Ladder()
		for i := range free.Benefits {
			free.Benefits[i].Pool = ""
		}
		whole, err := compile(t, free).Statement(in, s.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		taken := map[string]ladder.Cut{}
		for _, c := range s.Cuts {
			taken[c.Benefit] = c
			cuts++
		}
		claimed := map[string]decimal.Decimal{}
		for i, line := range s.Lines {
			if pool := l.Benefits[i].Pool; line.Units.Sign() > 0 && pool != "" {
				claimed[pool] = claimed[pool].Add(line.Units)
			}
			if c := taken[line.Benefit]; line.Applies && !(line.Gross.Add(c.Amount).Equal(whole.Lines[i].Gross) &&
				line.Units.Add(c.Units).Equal(whole.Lines[i].Units)) {
				t.Errorf("%s: %v + cut %v, without the pool %v", line.Benefit, line.Gross, c.Amount, whole.Lines[i].Gross)
			}
		}
		for _, p := range l.Pools {
			w := twin{l: l, in: in, asOf: s.AsOf}
			capacity, _, why := w.value(p.Capacity)
			if why == "" && rat(claimed[p.Name]).Cmp(mul(capacity, w.share(p.Basis))) > 0 {
				t.Errorf("pool %s: %v claimed, over %v", p.Name, claimed[p.Name], capacity)
			}
		}
	})
	if cuts < 100 {
		t.Errorf("only %d cuts", cuts)
	}
}

func TestCarried(t *testing.T) {
	carried := 0
	statements(t, 1000, func(m *ladder.Model, _ ladder.Input, s ladder.Statement) {
		l := m.Ladder()
		value := map[string]decimal.Decimal{}
		for _, line := range s.Lines {
			value[line.Node] = value[line.Node].Add(line.Gross)
		}
		for _, c := range s.Carried {
			value[c.To] = value[c.To].Add(c.Amount)
			carried++
		}
		places := map[string]int{"EUR": 2, "JPY": 0, "KWD": 3}[l.Currency]
		for i, link := range l.Links {
			c := s.Carried[i]
			if want := rounded(mul(rat(value[link.From]), rat(link.Share)), places); c.From != link.From || c.To != link.To || rat(c.Amount).Cmp(want) != 0 {
				t.Errorf("%v: want %v of %v", c, want.FloatString(places), value[link.From])
			}
		}
	})
	if carried < 500 {
		t.Errorf("only %d links", carried)
	}
}

// TestTrace checks that the product of a line's inputs is what the formula gives.
func TestTrace(t *testing.T) {
	statements(t, 1000, func(m *ladder.Model, in ladder.Input, s ladder.Statement) {
		places := map[string]int{"EUR": 2, "JPY": 0, "KWD": 3}[s.Currency]
		cut := map[string]decimal.Decimal{}
		for _, c := range s.Cuts {
			cut[c.Benefit] = c.Amount
		}
		for _, line := range s.Lines {
			if !line.Known || !line.Applies {
				continue
			}
			product := rat(dec("1"))
			for _, f := range line.Inputs {
				v := rat(f.Value)
				if f.Role == "period" {
					if _, ok := v.SetString(f.Name); !ok {
						t.Errorf("the period's share %q is no fraction", f.Name)
					}
				}
				product = mul(product, v)
			}
			if want := rounded(product, places); rat(line.Gross.Add(cut[line.Benefit])).Cmp(want) != 0 {
				t.Errorf("%s: gross %v + cut %v, but the inputs multiply to %v", line.Benefit, line.Gross, cut[line.Benefit], want.FloatString(places))
			}
		}
	})
}

// TestStatementOrder checks that the order of costs and of the benefits without a pool changes no line.
func TestStatementOrder(t *testing.T) {
	statements(t, 500, func(m *ladder.Model, in ladder.Input, s ladder.Statement) {
		l := m.Ladder()
		for i := range l.Benefits {
			l.Benefits[i].Pool = ""
		}
		r := rand.New(rand.NewPCG(1, 1))
		before, err := compile(t, l).Statement(in, s.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		r.Shuffle(len(l.Benefits), func(i, j int) { l.Benefits[i], l.Benefits[j] = l.Benefits[j], l.Benefits[i] })
		r.Shuffle(len(in.Costs), func(i, j int) { in.Costs[i], in.Costs[j] = in.Costs[j], in.Costs[i] })
		after, err := compile(t, l).Statement(in, s.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		byName := func(s ladder.Statement) map[string]ladder.Line {
			lines := map[string]ladder.Line{}
			for _, line := range s.Lines {
				lines[line.Benefit] = line
			}
			return lines
		}
		if diff := cmp.Diff(byName(before), byName(after)); diff != "" {
			t.Errorf("lines (-before +after):\n%s", diff)
		}
		if !before.Gross.Equal(after.Gross) || !before.Adjusted.Equal(after.Adjusted) || !before.Cost.Equal(after.Cost) {
			t.Errorf("totals before %v, after %v", before.Gross, after.Gross)
		}
	})
}
