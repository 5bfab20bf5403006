package backtest

import (
	"math"
	"slices"
)

// A logistic is a chance of loss 1/(1+exp(-(first + Σ beta·x))) with beta >= 0.
type logistic struct {
	first float64
	beta  []float64
}

func (l *logistic) score(x []float64) float64 {
	sum := l.first
	for j, b := range l.beta {
		sum += float64(b * x[j])
	}
	return sum
}

// loss is the negative log-likelihood.
func (l *logistic) loss(x [][]float64, lost []bool) float64 {
	sum := 0.0
	for i := range x {
		s := l.score(x[i])
		if lost[i] {
			s = -s
		}
		sum += max(s, 0) + math.Log1p(math.Exp(-math.Abs(s)))
	}
	return sum
}

// penalised is the loss plus half of penalty times the squares of beta.
func (l *logistic) penalised(x [][]float64, lost []bool, penalty float64) float64 {
	squares := 0.0
	for _, b := range l.beta {
		squares += float64(b * b)
	}
	return l.loss(x, lost) + float64(penalty*squares)/2
}

// regress returns the least penalised loss with beta >= 0, by Newton's method on the coefficients that the bound does not
// hold (Bertsekas, SIAM Journal on Control and Optimization 20, 1982). It is false where none was reached, as for a
// penalty of 0 where some x tells all lost from all kept.
func regress(x [][]float64, lost []bool, penalty float64) (logistic, bool) {
	if len(x) == 0 {
		return logistic{}, false
	}
	l := logistic{beta: make([]float64, len(x[0]))}
	now := l.penalised(x, lost, penalty)
	for range 200 {
		slope, curve := l.derivatives(x, lost, penalty)
		free := []int{0}
		steepest := math.Abs(slope[0])
		for j, b := range l.beta {
			if b > 0 || slope[j+1] < 0 {
				free = append(free, j+1)
				steepest = max(steepest, math.Abs(slope[j+1]))
			}
		}
		if steepest <= 1e-10*float64(len(x)) {
			return l, true
		}
		step, ok := solve(curve, slope, free)
		if !ok {
			return l, false
		}
		next, value, ok := l.search(x, lost, penalty, step, free, now)
		if !ok { // no step lowers what rounding can tell apart
			return l, steepest <= 1e-6*float64(len(x))
		}
		l, now = next, value
	}
	return l, false
}

// derivatives returns the first and second ones by the first coefficient and beta.
func (l *logistic) derivatives(x [][]float64, lost []bool, penalty float64) (slope []float64, curve [][]float64) {
	p := len(l.beta) + 1
	slope, curve = make([]float64, p), make([][]float64, p)
	for j := range curve {
		curve[j] = make([]float64, p)
	}
	at := make([]float64, p)
	at[0] = 1
	for i := range x {
		copy(at[1:], x[i])
		chance := expit(l.score(x[i]))
		off, weight := chance, chance*(1-chance)
		if lost[i] {
			off = chance - 1
		}
		for j, a := range at {
			slope[j] += float64(off * a)
			wa := float64(weight * a)
			for k := range j + 1 {
				curve[j][k] += float64(wa * at[k])
			}
		}
	}
	for j, b := range l.beta {
		slope[j+1] += float64(penalty * b)
		curve[j+1][j+1] += penalty
	}
	return slope, curve
}

// search halves the step until the penalised loss falls enough.
func (l *logistic) search(x [][]float64, lost []bool, penalty float64, step []float64, free []int, now float64) (logistic, float64, bool) {
	for size := 1.0; size > 1e-12; size /= 2 {
		next := logistic{first: l.first, beta: slices.Clone(l.beta)}
		for i, j := range free {
			if j == 0 {
				next.first += float64(size * step[i])
			} else {
				next.beta[j-1] = max(0, next.beta[j-1]+float64(size*step[i]))
			}
		}
		if value := next.penalised(x, lost, penalty); value < now {
			return next, value, true
		}
	}
	return logistic{}, 0, false
}

// solve returns the step s with curve·s = -slope over the free coefficients, by Cholesky's method.
func solve(curve [][]float64, slope []float64, free []int) ([]float64, bool) {
	n := len(free)
	low := make([][]float64, n)
	for i := range n {
		low[i] = make([]float64, i+1)
		for j := range i + 1 {
			sum := curve[max(free[i], free[j])][min(free[i], free[j])]
			for k := range j {
				sum -= float64(low[i][k] * low[j][k])
			}
			if i > j {
				low[i][j] = sum / low[j][j]
				continue
			}
			if !(sum > 1e-12*curve[free[i]][free[i]]) {
				return nil, false
			}
			low[i][i] = math.Sqrt(sum)
		}
	}
	step := make([]float64, n)
	for i := range n {
		sum := -slope[free[i]]
		for k := range i {
			sum -= float64(low[i][k] * step[k])
		}
		step[i] = sum / low[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		sum := step[i]
		for k := i + 1; k < n; k++ {
			sum -= float64(low[k][i] * step[k])
		}
		step[i] = sum / low[i][i]
	}
	return step, true
}
