package mining

import (
	"fmt"
	"math"
	"slices"
)

// A State is where a journey can be.
type State struct {
	Name string    `json:"name"` // an activity
	Kind StateKind `json:"kind,omitempty"`
}

// A StateKind says what a state of [Graph.Chain] means.
type StateKind string

// Kinds of states.
const (
	StateDone  StateKind = "done"  // the activity was the latest
	StateEnded StateKind = "ended" // the journey ended after it
	StateOpen  StateKind = "open"  // all journeys that did the activity stand there still: what follows is not known
)

// A Chain is a Markov chain in discrete steps: where a journey goes next depends only on where it is, not on how it came
// there, nor on time. That is an assumption: compare it with the variants. A Chain is immutable, and may be shared.
type Chain struct {
	states []State
	p      [][]float64
}

// rowSlack is how far a row of probabilities may be from a sum of 1.
const rowSlack = 1e-9

// NewChain returns the chain of distinct states with these probabilities: p[i][j] of going from state i to state j. It
// returns a *DataError if p is not square, a probability is not between 0 and 1, or a row's sum is not 1 to 1e-9.
func NewChain(states []State, p [][]float64) (*Chain, error) {
	if len(states) == 0 || len(p) != len(states) {
		return nil, wrong("chain", "has %d states and %d rows", len(states), len(p))
	}
	c := &Chain{states: slices.Clone(states)}
	seen := make(map[State]bool)
	for i, row := range p {
		if seen[states[i]] {
			return nil, wrong(fmt.Sprintf("state %d", i), "%q is there already", states[i].Name)
		}
		seen[states[i]] = true
		if len(row) != len(states) {
			return nil, wrong(fmt.Sprintf("row %d", i), "has %d probabilities of %d", len(row), len(states))
		}
		sum := 0.0
		for j, x := range row {
			if !(x >= 0 && x <= 1) {
				return nil, wrong(fmt.Sprintf("row %d", i), "probability %d is %v", j, x)
			}
			sum += x
		}
		if math.Abs(sum-1) > rowSlack {
			return nil, wrong(fmt.Sprintf("row %d", i), "sums to %v", sum)
		}
		c.p = append(c.p, slices.Clone(row))
	}
	return c, nil
}

// Chain returns the chain of g: its activities, sorted, and after them the ends of journeys, which are a step too. Open
// journeys tell of the steps that they made, and nothing of where they stand: that is no end. It returns a *RefusedError
// if g is empty.
func (g *Graph) Chain() (*Chain, error) {
	nodes := g.Nodes()
	if len(nodes) == 0 {
		return nil, &RefusedError{"events", "the log has none", "a journey"}
	}
	position := make([]int, len(g.names)) // among the nodes
	var states []State
	ends := make([]int, len(nodes)) // the state after an activity
	out := make([]int64, len(nodes))
	for i, n := range nodes {
		position[g.byName[n.Activity]] = i
		states = append(states, State{n.Activity, StateDone})
		out[i] = n.Ends
	}
	for _, e := range g.edges.cells {
		out[position[e.from]] += e.n
	}
	for i, n := range nodes {
		ends[i] = len(states)
		switch {
		case n.Ends > 0:
			states = append(states, State{n.Activity, StateEnded})
		case out[i] == 0:
			states = append(states, State{n.Activity, StateOpen})
		}
	}
	p := make([][]float64, len(states))
	for i := range p {
		p[i] = make([]float64, len(states))
		switch {
		case i >= len(nodes):
			p[i][i] = 1
		case out[i] == 0:
			p[i][ends[i]] = 1
		case nodes[i].Ends > 0:
			p[i][ends[i]] = float64(nodes[i].Ends) / float64(out[i])
		}
	}
	for _, e := range g.edges.cells {
		from := position[e.from]
		p[from][position[e.to]] = float64(e.n) / float64(out[from])
	}
	return &Chain{states, p}, nil
}

// States returns the states in order.
func (c *Chain) States() []State { return slices.Clone(c.states) }

// After returns the probabilities of going from each state to each in so many steps; below 1 step it is the identity.
func (c *Chain) After(steps int) [][]float64 {
	out, power := unit(len(c.states)), c.p
	for ; steps > 0; steps >>= 1 {
		if steps&1 == 1 {
			out = product(out, power)
		}
		power = product(power, power)
	}
	return out
}

func unit(n int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, n)
		out[i][i] = 1
	}
	return out
}

func product(a, b [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for i := range a {
		out[i] = make([]float64, len(b))
		for k, x := range a[i] {
			for j, y := range b[k] {
				out[i][j] += float64(x * y)
			}
		}
	}
	return out
}

// An Absorption tells where journeys end, from each transient state.
type Absorption struct {
	Transient []State     `json:"transient"` // that are left for good sooner or later
	Absorbing []State     `json:"absorbing"` // that are never left
	Visits    [][]float64 `json:"visits"`    // expected times in transient state j from i, the start included: the fundamental matrix
	Steps     []float64   `json:"steps"`     // expected, until an absorbing state is entered
	Ends      [][]float64 `json:"ends"`      // probability of absorbing state j from transient state i
}

// Absorption returns where journeys end. It returns a *RefusedError if there is a state from which no absorbing one can
// be reached, or only in more steps than a number can hold. Its arithmetic subtracts nothing, so that every number is good
// to about as many digits as the chain's. Time grows with the cube of the number of states.
func (c *Chain) Absorption() (Absorption, error) {
	var a Absorption
	var in, out []int // positions of transient and absorbing states
	for i, s := range c.states {
		if c.absorbs(i) {
			a.Absorbing, out = append(a.Absorbing, s), append(out, i)
		} else {
			a.Transient, in = append(a.Transient, s), append(in, i)
		}
	}
	if i, ok := c.lost(out); ok {
		return Absorption{}, &RefusedError{"absorbing", fmt.Sprintf("from state %q no end can be reached", c.states[i].Name), "a way to a state that is never left"}
	}
	r := newReduction(c.p, in, out)
	steps, err := r.steps()
	if err != nil {
		return Absorption{}, err
	}
	a.Steps = steps
	a.Visits, a.Ends = matrix(len(in), len(in)), matrix(len(in), len(out))
	for j := range in {
		reward := make([]float64, len(in))
		reward[j] = 1
		setColumn(a.Visits, j, r.solve(reward))
	}
	for j, to := range out {
		reward := make([]float64, len(in))
		for i, from := range in {
			reward[i] = c.p[from][to]
		}
		setColumn(a.Ends, j, r.solve(reward))
	}
	return a, nil
}

// absorbs reports whether a state is never left.
func (c *Chain) absorbs(i int) bool {
	for j, x := range c.p[i] {
		if j != i && x > 0 {
			return false
		}
	}
	return true
}

// lost returns the first state from which none of the targets can be reached.
func (c *Chain) lost(targets []int) (int, bool) {
	reaches := make([]bool, len(c.states))
	queue := slices.Clone(targets)
	for _, i := range targets {
		reaches[i] = true
	}
	for len(queue) > 0 {
		to := queue[0]
		queue = queue[1:]
		for from := range c.p {
			if c.p[from][to] > 0 && !reaches[from] {
				reaches[from] = true
				queue = append(queue, from)
			}
		}
	}
	i := slices.Index(reaches, false)
	return i, i >= 0
}

func matrix(rows, columns int) [][]float64 {
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, columns)
	}
	return out
}

func setColumn(m [][]float64, j int, values []float64) {
	for i, x := range values {
		m[i][j] = x
	}
}
