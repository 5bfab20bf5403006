package ladder_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

func state(t testing.TB, m *ladder.Model, quantities ladder.QuantityMap) ladder.Statement {
	t.Helper()
	s, err := m.Statement(year(quantities), epoch.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func compare(t testing.TB, promised, realized ladder.Statement) ladder.Comparison {
	t.Helper()
	c, err := ladder.Compare(promised, realized)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shareByOrders is the mean over all orders of what each factor changes when it goes, in rationals.
func shareByOrders(from, to []*big.Rat) []*big.Rat {
	sums := make([]*big.Rat, len(from))
	for i := range sums {
		sums[i] = new(big.Rat)
	}
	orders := int64(0)
	now := append([]*big.Rat(nil), from...)
	product := func() *big.Rat {
		p := big.NewRat(1, 1)
		for _, v := range now {
			p.Mul(p, v)
		}
		return p
	}
	var walk func(left []int)
	walk = func(left []int) {
		if len(left) == 0 {
			orders++
		}
		for k, i := range left {
			before := product()
			now[i] = to[i]
			step := new(big.Rat).Sub(product(), before)
			count := int64(1) // orders of those that are left
			for n := int64(2); n < int64(len(left)); n++ {
				count *= n
			}
			sums[i].Add(sums[i], mul(step, big.NewRat(count, 1)))
			walk(append(append([]int(nil), left[:k]...), left[k+1:]...))
			now[i] = from[i]
		}
	}
	all := make([]int, len(from))
	for i := range all {
		all[i] = i
	}
	walk(all)
	for _, s := range sums {
		s.Mul(s, big.NewRat(1, orders))
	}
	return sums
}

// factorValue is the exact value of a factor of a trace.
func factorValue(t *testing.T, f ladder.Factor) *big.Rat {
	if f.Role != "period" {
		return rat(f.Value)
	}
	v, ok := new(big.Rat).SetString(f.Name)
	if !ok {
		t.Fatalf("period %q", f.Name)
	}
	return v
}

// TestCompareTwin checks seeded pairs of statements: the parts sum to the gap to the minor unit, and each is less than a
// unit from the mean over all orders.
func TestCompareTwin(t *testing.T) {
	causes := map[string]int{}
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 21))
		m := compile(t, randomLadder(r))
		var s [2]ladder.Statement
		for i := range s {
			in, asOf := randomInput(r)
			var err error
			if s[i], err = m.Statement(in, asOf); err != nil {
				t.Fatal(err)
			}
		}
		c := compare(t, s[0], s[1])
		places := map[string]int32{"EUR": 2, "JPY": 0, "KWD": 3}[c.Currency]
		lines := map[string][2]ladder.Line{}
		for i := range s[0].Lines {
			lines[s[0].Lines[i].Benefit] = [2]ladder.Line{s[0].Lines[i], s[1].Lines[i]}
		}
		var gap, promised, realized, parts decimal.Decimal
		for _, cause := range c.Causes {
			parts = parts.Add(cause.Amount)
		}
		for _, line := range c.Lines {
			gap, promised, realized = gap.Add(line.Gap), promised.Add(line.Promised), realized.Add(line.Realized)
			pair := lines[line.Benefit]
			var from, to []*big.Rat
			common := big.NewRat(1, 1)
			if pair[0].Applies && pair[1].Applies {
				for i := range pair[0].Inputs {
					a, b := factorValue(t, pair[0].Inputs[i]), factorValue(t, pair[1].Inputs[i])
					if a.Cmp(b) == 0 {
						common.Mul(common, a)
					} else {
						from, to = append(from, a), append(to, b)
					}
				}
			}
			want := shareByOrders(from, to)
			var sum decimal.Decimal
			n := 0
			for _, cause := range line.Causes {
				causes[cause.Role]++
				sum = sum.Add(cause.Amount)
				if cause.Role == "pool" || cause.Role == "applies" {
					continue
				}
				off := new(big.Rat).Sub(rat(cause.Amount), mul(want[n], common))
				if off.Abs(off).Cmp(rat(decimal.New(1, -places))) > 0 {
					t.Fatalf("seed %d, %s: %+v, want %s", seed, line.Benefit, cause, mul(want[n], common).FloatString(6))
				}
				n++
			}
			if n != len(want) || !sum.Equal(line.Gap) || !line.Realized.Sub(line.Promised).Equal(line.Gap) {
				t.Fatalf("seed %d: %d inputs of %d, causes sum to %v in %+v", seed, n, len(want), sum, line)
			}
		}
		if !gap.Equal(c.Gap) || !parts.Equal(c.Gap) || !promised.Equal(c.Promised) || !realized.Equal(c.Realized) ||
			len(c.Lines)+len(c.Unknown) != len(lines) {
			t.Fatalf("seed %d: lines sum to %v, causes to %v: %+v", seed, gap, parts, c)
		}
		back := compare(t, s[1], s[0])
		if !back.Gap.Equal(c.Gap.Neg()) {
			t.Fatalf("seed %d: back %v, there %v", seed, back.Gap, c.Gap)
		}
		roundTrip(t, c)
	}
	for _, role := range []string{"moved", "times", "adoption", "attribution", "unit_value", "conversion", "margin", "period", "pool", "applies"} {
		if causes[role] < 15 {
			t.Errorf("only %d causes are %s", causes[role], role)
		}
	}
}

// TestCompareRounding: shares that can't be whole cents go by largest remainder, the first of equals first, and a gap
// that rounding alone makes smaller than its shares is taken from the last.
func TestCompareRounding(t *testing.T) {
	m := compile(t, ladder.Ladder{
		Format: 1, Name: "cents", Currency: "EUR", Nodes: []ladder.Node{{Name: "users", Rung: ladder.Operational}},
		Benefits: []ladder.Benefit{{
			Name: "cents", Driver: ladder.CostReduction, Basis: ladder.OneOff, Node: "users",
			Moved: quantity("a"), Times: []ladder.Term{*quantity("b"), *quantity("c")}, UnitValue: *constant("0.01"),
		}},
	})
	for _, test := range []struct {
		name     string
		from, to [3]string
		want     string
	}{
		{"one cent among three", [3]string{"1", "1", "1"}, [3]string{"2", "2", "2"}, "0.07: a 0.03, b 0.02, c 0.02"},
		{"to nothing", [3]string{"1", "1", "1"}, [3]string{"0", "0", "0"}, "-0.01: a 0, b 0, c -0.01"},
		{"both halves go away from each other", [3]string{"0.5", "1", "1"}, [3]string{"1.5", "1", "1"}, "0.02: a 0.02"},
		{"both halves go toward each other", [3]string{"1.5", "1", "1"}, [3]string{"2.5", "1", "1"}, "0: a 0"},
		{"whole shares of a gap that is rounded down", [3]string{"0.5", "3", "1"}, [3]string{"2.5", "1", "1"}, "0: a 0.04, b -0.04"},
		{"the same", [3]string{"1", "2", "3"}, [3]string{"1", "2", "3"}, "0:"},
		{"sign changes", [3]string{"-1", "2", "1"}, [3]string{"2", "1", "1"}, "0.04: a 0.05, b -0.01"},
	} {
		t.Run(test.name, func(t *testing.T) {
			values := func(v [3]string) ladder.QuantityMap {
				q := ladder.QuantityMap{}
				for i, name := range []string{"a", "b", "c"} {
					q[name] = ladder.Quantity{Value: dec(v[i])}
				}
				return q
			}
			c := compare(t, state(t, m, values(test.from)), state(t, m, values(test.to)))
			var parts []string
			for _, cause := range c.Causes {
				parts = append(parts, fmt.Sprintf(" %s %v", cause.Name, cause.Amount))
			}
			if got := c.Gap.String() + ":" + strings.Join(parts, ","); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestCompareRefuses(t *testing.T) {
	m := compile(t, hoursSaved())
	good := state(t, m, ladder.QuantityMap{"hours": {Value: dec("54")}, "adoption": {Value: dec("0.8")}})
	for _, test := range []struct {
		name   string
		change func(s *ladder.Statement)
		want   string
	}{
		{"account", func(s *ladder.Statement) { s.Account = "other" }, `realized: is of account "other"`},
		{"ladder", func(s *ladder.Statement) { s.Digest[0]++ }, "realized: is of another ladder"},
		{"currency", func(s *ladder.Statement) { s.Currency = "USD" }, "realized: is of another ladder"},
		{"lines", func(s *ladder.Statement) { s.Lines = nil }, "realized: has 0 lines, not 1"},
		{"benefit", func(s *ladder.Statement) { s.Lines[0].Benefit = "x" }, `realized: has the benefit "x" where`},
		{"gross", func(s *ladder.Statement) { s.Lines[0].Gross = dec("1") }, "is not what its inputs multiply to"},
		{"huge", func(s *ladder.Statement) { s.Lines[0].Gross = decimal.New(1, 1_000_000_000) }, "comes to a figure that"},
		{"input", func(s *ladder.Statement) { s.Lines[0].Inputs[0].Value = decimal.New(1, 1_000_000_000) }, `has an input "hours" that`},
		{"inputs", func(s *ladder.Statement) { s.Lines[0].Inputs = nil }, "has 7 and 0 inputs"},
		{"role", func(s *ladder.Statement) { s.Lines[0].Inputs[0].Role = "times" }, `has the input "times" "hours" where`},
	} {
		t.Run(test.name, func(t *testing.T) {
			bad := state(t, m, ladder.QuantityMap{"hours": {Value: dec("54")}, "adoption": {Value: dec("0.8")}})
			test.change(&bad)
			_, err := ladder.Compare(good, bad)
			var data *ladder.DataError
			if !errors.As(err, &data) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	bad := good
	bad.Currency = "XXX"
	if _, err := ladder.Compare(bad, bad); err == nil {
		t.Error("a currency without a minor unit is compared")
	}
}

func TestCompareUnknownAndNotApplicable(t *testing.T) {
	l := hoursSaved()
	l.Benefits = append(l.Benefits, l.Benefits[0])
	l.Benefits[1].Name, l.Benefits[1].Moved = "more hours", quantity("more")
	m := compile(t, l)
	full := func(more ladder.Quantity) ladder.Statement {
		return state(t, m, ladder.QuantityMap{"hours": {Value: dec("54")}, "more": more, "adoption": {Value: dec("0.8")}})
	}
	c := compare(t, full(ladder.Quantity{Value: dec("10")}), full(ladder.Quantity{State: ladder.Failed}))
	if diff := cmp.Diff([]string{"more hours"}, c.Unknown); diff != "" || !c.Gap.IsZero() || c.Promised.StringFixed(2) != "64800.00" {
		t.Errorf("gap %v of %v (-want +got):\n%s", c.Gap, c.Promised, diff)
	}
	c = compare(t, full(ladder.Quantity{Value: dec("10")}), full(ladder.Quantity{State: ladder.NotApplicable}))
	want := []ladder.Cause{{Role: "applies", Name: "more hours", Promised: dec("1"), Amount: dec("-12000")}}
	if diff := cmp.Diff(want, c.Causes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		m := compile(t, randomLadder(rand.New(rand.NewPCG(a, 22))))
		var s [2]ladder.Statement
		for i, seed := range []uint64{a, b} {
			in, asOf := randomInput(rand.New(rand.NewPCG(seed, 23)))
			var err error
			if s[i], err = m.Statement(in, asOf); err != nil {
				t.Skip("out of bounds")
			}
		}
		c := compare(t, s[0], s[1])
		sum := decimal.Decimal{}
		for _, cause := range c.Causes {
			sum = sum.Add(cause.Amount)
		}
		if !sum.Equal(c.Gap) {
			t.Errorf("causes sum to %v, not %v", sum, c.Gap)
		}
	})
}
