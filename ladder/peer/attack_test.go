package peer_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// An attacker bounds the values of one group out of all its releases and its own values, and is told much more than a
// release tells: for each anonymous value whether it lies above or below each quantile, and in which releases it was.
// It takes each figure for whatever rounds to it. What it is not told is which of these values belongs to whom.
type attacker struct {
	kept    peer.Kept
	self    int // among the members
	names   [2][]string
	columns int // variables of a member: a driver each, the drivers without a figure, and a capability each
	p       program
	truth   []float64
}

// values returns a member's variables as they are.
func (a *attacker) values(m peer.Member) []float64 {
	out := make([]float64, a.columns)
	rest := m.Total
	for _, u := range m.Drivers {
		if i := slices.Index(a.names[0], u.Name); i >= 0 {
			out[i] = float64(u.Amount)
			rest -= u.Amount
		}
	}
	out[len(a.names[0])] = float64(rest)
	for _, u := range m.Capabilities {
		if i := slices.Index(a.names[1], u.Name); i >= 0 {
			out[len(a.names[0])+1+i] = float64(u.Amount)
		}
	}
	return out
}

// A form is a sum of members' variables.
type form map[[2]int]float64 // by member and column

// total adds a member's total.
func (a *attacker) total(f form, member int, times float64) form {
	for c := range len(a.names[0]) + 1 {
		f[[2]int{member, c}] += times
	}
	return f
}

// atMost adds the row form ≤ limit. Variables are x = truth + up − down, so that the truth is the start.
func (a *attacker) atMost(f form, limit float64) {
	row := a.row(f)
	for at, times := range f {
		limit -= times * a.truth[at[0]*a.columns+at[1]]
	}
	a.p.rows = append(a.p.rows, row)
	a.p.limits = append(a.p.limits, max(limit, 0))
}

// row gives the form in the program's variables; the attacker's own values don't move.
func (a *attacker) row(f form) []float64 {
	n := len(a.truth)
	row := make([]float64, 2*n)
	for at, times := range f {
		if at[0] != a.self {
			row[at[0]*a.columns+at[1]] += times
			row[n+at[0]*a.columns+at[1]] -= times
		}
	}
	return row
}

// within adds low ≤ form ≤ high.
func (a *attacker) within(f form, low, high float64) {
	a.atMost(f, high)
	negative := form{}
	for at, times := range f {
		negative[at] = -times
	}
	a.atMost(negative, -low)
}

func units(d decimal.Decimal) float64 { return d.Shift(6).InexactFloat64() }

func attack(kept peer.Kept, self int) *attacker {
	a := &attacker{kept: kept, self: self}
	for _, v := range kept.Versions {
		for k, means := range [2][]peer.Mean{v.Drivers, v.Capabilities} {
			for _, m := range means {
				if !slices.Contains(a.names[k], m.Name) {
					a.names[k] = append(a.names[k], m.Name)
				}
			}
		}
	}
	a.columns = len(a.names[0]) + 1 + len(a.names[1])
	for _, m := range kept.Members {
		a.truth = append(a.truth, a.values(m)...)
	}
	n := len(a.truth)
	for i, v := range a.truth { // x ≥ 0
		row := make([]float64, 2*n)
		row[n+i] = 1
		a.p.rows, a.p.limits = append(a.p.rows, row), append(a.p.limits, v)
	}
	for i := range kept.Members { // capabilities are parts of the total
		if len(a.names[1]) > 0 && i != self {
			f := a.total(form{}, i, -1)
			for c := range a.names[1] {
				f[[2]int{i, len(a.names[0]) + 1 + c}] = 1
			}
			a.atMost(f, 0)
		}
	}
	for _, v := range kept.Versions {
		a.version(v)
	}
	return a
}

// version adds what one release of the group tells.
func (a *attacker) version(v peer.Group) {
	grid := units(v.Grid)
	var members []int
	for i, m := range a.kept.Members {
		if slices.Contains(m.In, v.Number) {
			members = append(members, i)
		}
	}
	mean := func(d decimal.Decimal, of func(f form, i int)) {
		f := form{}
		for _, i := range members {
			of(f, i)
		}
		n := float64(len(members))
		a.within(f, n*(units(d)-grid/2), n*(units(d)+grid/2))
	}
	mean(v.Mean, func(f form, i int) { a.total(f, i, 1) })
	for k, means := range [2][]peer.Mean{v.Drivers, v.Capabilities} {
		for _, m := range means {
			column := slices.Index(a.names[k], m.Name) + k*(len(a.names[0])+1)
			mean(m.Value, func(f form, i int) { f[[2]int{i, column}] = 1 })
		}
	}
	slices.SortStableFunc(members, func(i, j int) int { return int(a.kept.Members[i].Total - a.kept.Members[j].Total) })
	for _, q := range v.Quantiles {
		at := float64(len(members)-1) * float64(q.Percent) / 100
		low := int(math.Floor(at + 1e-9))
		share := max(0, at-float64(low))
		f := a.total(form{}, members[low], 1-share)
		high := low
		if share > 1e-9 {
			high = low + 1
			a.total(f, members[high], share)
			a.atMost(a.total(a.total(form{}, members[low], 1), members[high], -1), 0)
		}
		a.within(f, units(q.Value)-3.5*grid, units(q.Value)+0.5*grid)
		for i := range members {
			if i < low {
				a.atMost(a.total(a.total(form{}, members[i], 1), members[low], -1), 0)
			}
			if i > high {
				a.atMost(a.total(a.total(form{}, members[high], 1), members[i], -1), 0)
			}
		}
	}
}

// highest returns the most that a form can be.
func (a *attacker) highest(f form) float64 {
	most := a.p.maximum(a.row(f))
	for at, times := range f {
		most += times * a.truth[at[0]*a.columns+at[1]]
	}
	return most
}

// succeeds reports whether the attacker gets somebody's total, or part of it, below (1 + p %) of what it is, and how far.
func (a *attacker) succeeds(percent float64) (what string, share float64, yes bool) {
	classes := map[string][]int{}
	for i, m := range a.kept.Members {
		if i != a.self {
			key := string(encodeInts(m.In))
			classes[key] = append(classes[key], i)
		}
	}
	for _, class := range classes {
		// Whoever is named may stand behind any value of the class, the highest one first.
		slices.SortStableFunc(class, func(i, j int) int { return int(a.kept.Members[j].Total - a.kept.Members[i].Total) })
		for column := -1; column < a.columns; column++ {
			of := func(i int) form {
				if column < 0 {
					return a.total(form{}, i, 1)
				}
				return form{{i, column}: 1}
			}
			largest := 0.0
			for _, i := range class {
				value := 0.0
				for at, times := range of(i) {
					value += times * a.truth[at[0]*a.columns+at[1]]
				}
				largest = max(largest, value)
			}
			most := 0.0
			for _, i := range class {
				if most = max(most, a.highest(of(i))); most >= largest*(1+percent/100)-1 {
					break
				}
			}
			if most < largest*(1+percent/100)-1 {
				return map[bool]string{true: "total", false: "part"}[column < 0], most/largest - 1, true
			}
		}
	}
	return "", 0, false
}

func encodeInts(list []int) []byte {
	var out []byte
	for _, n := range list {
		out = append(out, byte(n))
	}
	return out
}

// TestAttack lets attackers try all that was released of thousands of groups, in which companies join, leave and restate.
func TestAttack(t *testing.T) {
	worlds := 2000
	if testing.Short() {
		worlds = 100
	}
	tried, refreshed, quantiles := 0, 0, 0
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 8))
		percent := []int64{5, 10, 30}[r.IntN(3)]
		o := peer.Options{Rules: peer.Rules{K: 2 + r.IntN(3), Percent: decimal.NewFromInt(percent)}, Digits: 1 + r.IntN(5)}
		v := &village{Rand: r, shapes: [2]float64{0.2 + 1.5*r.Float64(), 0.1 * r.Float64()}, parts: r.IntN(3)}
		list := v.companies(5 + r.IntN(60))
		pub := publish(t, list, nil, o)
		for range r.IntN(4) {
			list = v.drift(list, r.IntN(30), 0.4*r.Float64(), 0.1*r.Float64())
			pub = publish(t, list, &pub.Record, o)
		}
		for _, kept := range pub.Record.Kept {
			if len(kept.Members) > 16 {
				continue // a larger group hides more, and takes long
			}
			if len(kept.Versions) > 1 {
				refreshed++
			}
			quantiles += len(kept.Versions[0].Quantiles)
			order := make([]int, len(kept.Members))
			for i := range order {
				order[i] = i
			}
			slices.SortFunc(order, func(i, j int) int { return int(kept.Members[j].Total - kept.Members[i].Total) })
			for _, self := range []int{order[r.IntN(2)], order[r.IntN(len(order))]} {
				tried++
				if what, share, yes := attack(kept, self).succeeds(float64(percent)); yes {
					t.Fatalf("world %d: member %d knows a %s of another to %.2f %%, not %d:\n%+v", seed, self, what, 100*share, percent, kept)
				}
			}
		}
	}
	t.Logf("%d attacks, %d groups refreshed, %d quantiles", tried, refreshed, quantiles)
	if !testing.Short() && (tried < 2000 || refreshed < 50 || quantiles < 1000) {
		t.Errorf("%d attacks, %d groups refreshed, %d quantiles: too few to say anything", tried, refreshed, quantiles)
	}
}

// TestAttackBites: the attacker succeeds where a rule is broken, so that its failures above say something.
func TestAttackBites(t *testing.T) {
	member := func(total int64, in ...int) peer.Member {
		return peer.Member{Company: "x", Total: total * 1_000_000, In: in}
	}
	figures := func(number, count int, mean string, quantiles ...peer.Quantile) peer.Group {
		return peer.Group{Number: number, Count: count, Grid: dec("0.01"), Mean: dec(mean), Quantiles: quantiles}
	}
	six := []peer.Member{member(100, 1), member(60, 1), member(20, 1), member(10, 1), member(5, 1), member(5, 1)}
	for _, tt := range []struct {
		name    string
		kept    peer.Kept
		self    int
		percent float64
		share   float64 // by which the attacker is off, or 0 if it fails
	}{
		{"40 hide the 100", peer.Kept{Versions: []peer.Group{figures(1, 6, "33.33")}, Members: six}, 1, 30, 0},
		{"20 don't", peer.Kept{Versions: []peer.Group{figures(1, 5, "36")},
			Members: []peer.Member{six[0], six[1], six[3], six[4], six[5]}}, 1, 30, 0.20},
		{"the median fixes half of them", peer.Kept{Versions: []peer.Group{figures(1, 7, "30.00", peer.Quantile{Percent: 50, Value: dec("10")})},
			Members: append([]peer.Member{member(10, 1)}, six...)}, 2, 40, 0.30},
		{"a quantile that is the largest value", peer.Kept{Versions: []peer.Group{figures(1, 6, "33.33", peer.Quantile{Percent: 99, Value: dec("98")})},
			Members: six}, 2, 10, 0.03},
		{"one joined between two releases", peer.Kept{Versions: []peer.Group{figures(1, 6, "33.33"), figures(2, 7, "34.29")},
			Members: append([]peer.Member{member(40, 2)}, both(six)...)}, 3, 10, 0.01},
	} {
		t.Run(tt.name, func(t *testing.T) {
			what, share, yes := attack(tt.kept, tt.self).succeeds(tt.percent)
			if yes != (tt.share > 0) || yes && (what != "total" || math.Abs(share-tt.share) > 0.03) {
				t.Errorf("%t: a %s off by %v, want %v", yes, what, share, tt.share)
			}
		})
	}
}

// both are the members of two releases.
func both(members []peer.Member) []peer.Member {
	list := slices.Clone(members)
	for i := range list {
		list[i].In = []int{1, 2}
	}
	return list
}
