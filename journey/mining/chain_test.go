package mining_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey/mining"
)

func chain(t testing.TB, p [][]float64) *mining.Chain {
	t.Helper()
	states := make([]mining.State, len(p))
	for i := range states {
		states[i].Name = strconv.Itoa(i)
	}
	c, err := mining.NewChain(states, p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func nearAll(t *testing.T, what string, got, want [][]float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d rows, want %d", what, len(got), len(want))
	}
	for i := range want {
		if len(got[i]) != len(want[i]) {
			t.Fatalf("%s: row %d has %d columns, want %d", what, i, len(got[i]), len(want[i]))
		}
		for j, x := range want[i] {
			if !(math.Abs(got[i][j]-x) <= tolerance*max(1, math.Abs(x))) {
				t.Errorf("%s: %d, %d is %v, want %v", what, i, j, got[i][j], x)
			}
		}
	}
}

// The drunkard's walk and the weather in Oz: Grinstead and Snell, Introduction to Probability, chapter 11
// (reference/stats/markov_expected.json).
func TestMarkov(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(reference(t, "stats"), "markov_expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Drunkard struct {
			P, N, B [][]float64
			Steps   []float64 `json:"t"`
		}
		Oz struct {
			P, P3      [][]float64
			Stationary []float64
			Passage    [][]float64 `json:"mean_first_passage_diag_is_recurrence"`
		}
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	a, err := chain(t, want.Drunkard.P).Absorption()
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "visits", a.Visits, want.Drunkard.N, 1e-12)
	nearAll(t, "ends", a.Ends, want.Drunkard.B, 1e-12)
	nearAll(t, "steps", [][]float64{a.Steps}, [][]float64{want.Drunkard.Steps}, 1e-12)

	oz := chain(t, want.Oz.P)
	stationary, err := oz.Stationary()
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "stationary", [][]float64{stationary}, [][]float64{want.Oz.Stationary}, 1e-12)
	passage, err := oz.FirstPassage()
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "first passage", passage, want.Oz.Passage, 1e-12)
	nearAll(t, "third power", oz.After(3), want.Oz.P3, 1e-12)
}

// randomChain has states that are left, and absorbing ones after them.
func randomChain(r *rand.Rand, left, absorbing int) [][]float64 {
	n := left + absorbing
	p := make([][]float64, n)
	for i := range p {
		p[i] = make([]float64, n)
		if i >= left {
			p[i][i] = 1
			continue
		}
		sum := 0.0
		for j := range p[i] {
			if r.IntN(3) > 0 || j == n-1 {
				p[i][j] = 0.2 + r.Float64()
				sum += p[i][j]
			}
		}
		for j := range p[i] {
			p[i][j] /= sum
		}
	}
	return p
}

// Against powers of the matrix: what is not absorbed after many steps is next to nothing, and the visits sum them.
func TestAbsorptionAgainstPowers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 50 {
		left, absorbing := 1+r.IntN(6), 1+r.IntN(3)
		p := randomChain(r, left, absorbing)
		c := chain(t, p)
		a, err := c.Absorption()
		if err != nil {
			t.Fatal(err)
		}
		visits, ends, steps := make([][]float64, left), make([][]float64, left), make([]float64, left)
		far := c.After(1 << 12)
		for i := range left {
			visits[i], ends[i] = make([]float64, left), far[i][left:]
		}
		for n := range 600 {
			power := c.After(n)
			for i := range left {
				for j := range left {
					visits[i][j] += power[i][j]
					steps[i] += power[i][j]
				}
			}
		}
		nearAll(t, "visits", a.Visits, visits, 1e-9)
		nearAll(t, "ends", a.Ends, ends, 1e-9)
		nearAll(t, "steps", [][]float64{a.Steps}, [][]float64{steps}, 1e-9)
	}
}

func TestStationaryIsKept(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for range 50 {
		p := randomChain(r, 2+r.IntN(6), 0)
		c := chain(t, p)
		share, err := c.Stationary()
		if err != nil {
			var refused *mining.RefusedError
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			continue
		}
		passage, err := c.FirstPassage()
		if err != nil {
			t.Fatal(err)
		}
		for j := range p {
			sum := 0.0
			for i := range p {
				sum += share[i] * p[i][j]
			}
			near(t, "a share after one step", sum, share[j])
			near(t, "a recurrence", passage[j][j]*share[j], 1)
			for i := range p {
				again := 1.0
				for k := range p {
					if k != j {
						again += p[i][k] * passage[k][j]
					}
				}
				near(t, "a passage by its first step", passage[i][j]/again, 1)
			}
		}
	}
}

// An end that is hardly ever reached is no worse known: 1 - 1e-13 would leave three digits.
func TestRareEnds(t *testing.T) {
	a, err := chain(t, [][]float64{{0, 1, 0, 0}, {1 - 1e-13, 0, 1e-13 / 4, 3e-13 / 4}, {0, 0, 1, 0}, {0, 0, 0, 1}}).Absorption()
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "ends", a.Ends, [][]float64{{0.25, 0.75}, {0.25, 0.75}}, 1e-12)
	near(t, "steps", a.Steps[0]/2e13, 1)
}

func TestChainOfGraph(t *testing.T) {
	g := newGraph(t, mining.Options{Ending: mining.Ending{Activities: []string{"x", "y"}}})
	for account, path := range map[string]string{"1": "abx", "2": "aby", "3": "abx", "4": "aab", "5": "abc"} {
		if err := g.Add(of(account, path)); err != nil {
			t.Fatal(err)
		}
	}
	c, err := g.Chain()
	if err != nil {
		t.Fatal(err)
	}
	states := []mining.State{{"a", mining.StateDone}, {"b", mining.StateDone}, {"c", mining.StateDone}, {"x", mining.StateDone}, {"y", mining.StateDone},
		{"c", mining.StateOpen}, {"x", mining.StateEnded}, {"y", mining.StateEnded}}
	if diff := cmp.Diff(states, c.States()); diff != "" {
		t.Errorf("states (-want +got)\n%s", diff)
	}
	a, err := c.Absorption()
	if err != nil {
		t.Fatal(err)
	}
	// The journey that stands after b has said nothing of what comes next: three in four of the others ended.
	nearAll(t, "ends", a.Ends[:2], [][]float64{{0.25, 0.5, 0.25}, {0.25, 0.5, 0.25}}, 1e-12)
	near(t, "steps from a", a.Steps[0], 1.2+2)
}

func TestChainRefuses(t *testing.T) {
	states := func(n int) []mining.State {
		return []mining.State{{Name: "a"}, {Name: "b"}, {Name: "c"}}[:n]
	}
	for _, c := range []struct {
		name   string
		states []mining.State
		p      [][]float64
		want   string
	}{
		{"nothing", nil, nil, "mining: chain: has 0 states and 0 rows"},
		{"a row too few", states(2), [][]float64{{1, 0}}, "mining: chain: has 2 states and 1 rows"},
		{"a short row", states(2), [][]float64{{1}, {0, 1}}, "mining: row 0: has 1 probabilities of 2"},
		{"negative", states(2), [][]float64{{1.5, -0.5}, {0, 1}}, "mining: row 0: probability 0 is 1.5"},
		{"NaN", states(1), [][]float64{{math.NaN()}}, "mining: row 0: probability 0 is NaN"},
		{"a sum", states(2), [][]float64{{0.5, 0.4}, {0, 1}}, "mining: row 0: sums to 0.9"},
		{"a state twice", []mining.State{{Name: "a"}, {Name: "a"}}, [][]float64{{1, 0}, {0, 1}}, `mining: state 1: "a" is there already`},
	} {
		if _, err := mining.NewChain(c.states, c.p); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	round := chain(t, [][]float64{{0, 1, 0}, {1, 0, 0}, {0, 0, 1}})
	if _, err := round.Absorption(); err == nil || err.Error() != `mining: refused by absorbing: from state "0" no end can be reached; needs a way to a state that is never left` {
		t.Error(err)
	}
	if _, err := round.Stationary(); err == nil || err.Error() != `mining: refused by irreducible: from state "2" state "0" can't be reached; needs a way between any two states` {
		t.Error(err)
	}
	if _, err := round.FirstPassage(); err == nil {
		t.Error("a chain in two parts has first passages")
	}
	never := chain(t, [][]float64{{0, 1, 0}, {1, 0, 5e-324}, {1, 0, 0}})
	ends := chain(t, [][]float64{{0, 1, 0}, {1, 0, 5e-324}, {0, 0, 1}})
	var refused *mining.RefusedError
	if _, err := ends.Absorption(); !errors.As(err, &refused) || refused.Rule != "range" {
		t.Error(err)
	}
	if _, err := never.FirstPassage(); !errors.As(err, &refused) || refused.Rule != "range" {
		t.Error(err)
	}
	if got, err := never.Stationary(); err != nil {
		t.Error(err)
	} else {
		nearAll(t, "stationary", [][]float64{got}, [][]float64{{0.5, 0.5, 5e-324}}, 1e-12)
	}
	if _, err := new(mining.Graph).Chain(); err == nil || err.Error() != "mining: refused by events: the log has none; needs a journey" {
		t.Error(err)
	}
}
