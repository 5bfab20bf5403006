package mining

import (
	"fmt"
	"math"
	"slices"
)

// A reduction takes the states of a chain off one by one, the last first, and sends what went through each on to the
// others (Grassmann, Taksar and Heyman, Regenerative Analysis and Steady State Distributions for Markov Chains, Operations
// Research 33, 1985). A state is left with the sum of the probabilities that lead away from it, which takes no
// subtraction from 1.
type reduction struct {
	q     [][]float64 // among the states that are kept
	leave []float64   // probability of leaving k for a state before it or for good, when those after it are off
}

// newReduction reduces the states in, from each of which out can be reached.
func newReduction(p [][]float64, in, out []int) *reduction {
	n := len(in)
	r := &reduction{q: matrix(n, n), leave: make([]float64, n)}
	gone := make([]float64, n) // probability of going out
	for i, from := range in {
		for j, to := range in {
			r.q[i][j] = p[from][to]
		}
		for _, to := range out {
			gone[i] += p[from][to]
		}
	}
	for k := n - 1; k >= 0; k-- {
		r.leave[k] = gone[k]
		for j := range k {
			r.leave[k] += r.q[k][j]
		}
		for i := range k {
			via := r.q[i][k] / r.leave[k]
			gone[i] += float64(via * gone[k])
			for j := range k {
				r.q[i][j] += float64(via * r.q[k][j])
			}
		}
	}
	return r
}

// solve returns what is earned in all from each state on, if each visit of state i earns reward[i], which it changes.
func (r *reduction) solve(reward []float64) []float64 {
	for k := len(reward) - 1; k >= 0; k-- {
		for i := range k {
			reward[i] += float64(r.q[i][k] / r.leave[k] * reward[k])
		}
	}
	for k := range reward {
		for j := range k {
			reward[k] += float64(r.q[k][j] * reward[j])
		}
		reward[k] /= r.leave[k]
	}
	return reward
}

// steps returns how many steps it takes to go out, which is the sum of all visits. It refuses what overflows.
func (r *reduction) steps() ([]float64, error) {
	out := r.solve(slices.Repeat([]float64{1}, len(r.leave)))
	for _, x := range out {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, &RefusedError{"range", "it takes more steps to an end than can be counted", "probabilities that are not as small"}
		}
	}
	return out, nil
}

// Stationary returns the share of steps that the chain spends in each state in the long run. It returns a *RefusedError
// if not every state can be reached from every other.
func (c *Chain) Stationary() ([]float64, error) {
	if err := c.irreducible(); err != nil {
		return nil, err
	}
	n := len(c.states)
	in := make([]int, n-1)
	for i := range in {
		in[i] = i + 1
	}
	// The shares are those of the visits in one round from state 0 back to it.
	r := newReduction(c.p, in, []int{0})
	if _, err := r.steps(); err != nil {
		return nil, err
	}
	visits := append([]float64{1}, make([]float64, n-1)...)
	for j := range in {
		reward := make([]float64, n-1)
		reward[j] = 1
		for i, x := range r.solve(reward) {
			visits[j+1] += float64(c.p[0][i+1] * x)
		}
	}
	sum := 0.0
	for _, x := range visits {
		sum += x
	}
	for i := range visits {
		visits[i] /= sum
	}
	return visits, nil
}

// FirstPassage returns the expected number of steps from each state until each is first reached; from a state to itself,
// until it is reached again. Time grows with the fourth power of the number of states. It returns a *RefusedError if not
// every state can be reached from every other.
func (c *Chain) FirstPassage() ([][]float64, error) {
	if err := c.irreducible(); err != nil {
		return nil, err
	}
	n := len(c.states)
	out := matrix(n, n)
	for to := range n {
		var in []int
		for i := range n {
			if i != to {
				in = append(in, i)
			}
		}
		steps, err := newReduction(c.p, in, []int{to}).steps()
		if err != nil {
			return nil, err
		}
		again := 1.0
		for k, from := range in {
			out[from][to] = steps[k]
			again += float64(c.p[to][from] * steps[k])
		}
		out[to][to] = again
	}
	return out, nil
}

// irreducible refuses a chain with a state from which another can't be reached.
func (c *Chain) irreducible() error {
	for to := range c.states {
		if from, ok := c.lost([]int{to}); ok {
			return &RefusedError{"irreducible",
				fmt.Sprintf("from state %q state %q can't be reached", c.states[from].Name, c.states[to].Name), "a way between any two states"}
		}
	}
	return nil
}
