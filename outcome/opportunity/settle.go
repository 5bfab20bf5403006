package opportunity

import (
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// settle gives needs, in the order of their ranks and beside their questions, what only resamples tell.
func settle(needs []Need, questions []question, sh *sheet, o Options) {
	t := newTrial(needs, questions, o)
	for b := range o.Resamples {
		sh.resample()
		t.take(b, sh)
	}
	for i := range needs {
		t.settle(i)
	}
}

// A trial is what needs come to in each resample. What is not defined in one is not a number there.
type trial struct {
	options   Options
	needs     []Need
	questions []question
	scored    int         // needs with a score come first
	scores    [][]float64 // by need and resample
	levels    [][]float64 // of importance and satisfaction by turns, where their intervals are not Wilson's
	inBand    []int       // by need: resamples in which it is in its band
	defined   []int       // by need: resamples in which it has a score
	ranks     [][]int32   // by need and resample; 0 where it has no score
	sorted    []float64   // scores of one resample
	scratch   []float64
}

func newTrial(needs []Need, questions []question, o Options) *trial {
	t := &trial{options: o, needs: needs, questions: questions}
	for t.scored < len(needs) && needs[t.scored].Score.Known {
		t.scored++
	}
	t.scores = matrix[float64](t.scored, o.Resamples)
	if o.Method == Mean {
		t.levels = matrix[float64](2*len(needs), o.Resamples)
	}
	t.inBand, t.defined = make([]int, t.scored), make([]int, t.scored)
	t.ranks = matrix[int32](t.scored, o.Resamples)
	return t
}

func matrix[T any](rows, columns int) [][]T {
	all := make([]T, rows*columns)
	m := make([][]T, rows)
	for i := range m {
		m[i] = all[i*columns:][:columns:columns]
	}
	return m
}

// take evaluates resample b.
func (t *trial) take(b int, sh *sheet) {
	m := t.options.Method
	t.sorted = t.sorted[:0]
	for i := range t.questions {
		q := &t.questions[i]
		if i >= t.scored && m != Mean {
			break
		}
		importance, satisfaction := sh.share(&q.importance), sh.share(&q.satisfaction)
		if m == Mean {
			t.levels[2*i][b], t.levels[2*i+1][b] = importance.level(m), satisfaction.level(m)
		}
		if i >= t.scored {
			continue
		}
		if importance.n == 0 || satisfaction.n == 0 {
			t.scores[i][b] = math.NaN()
			continue
		}
		v := score(importance, satisfaction, m)
		t.scores[i][b] = v
		t.sorted = append(t.sorted, v)
		t.defined[i]++
		if band(v, gap(importance, satisfaction, m), m) == t.needs[i].Band {
			t.inBand[i]++
		}
	}
	slices.Sort(t.sorted)
	for i := range t.scored {
		if v := t.scores[i][b]; !math.IsNaN(v) {
			t.ranks[i][b] = int32(1 + above(t.sorted, v))
		}
	}
}

// above is how many of sorted are above v, one of them.
func above(sorted []float64, v float64) int {
	from, to := 0, len(sorted)
	for from < to {
		if middle := (from + to) / 2; sorted[middle] > v {
			to = middle
		} else {
			from = middle + 1
		}
	}
	return len(sorted) - from
}

// settle finishes a need.
func (t *trial) settle(i int) {
	n, q, o := &t.needs[i], &t.questions[i], t.options
	if o.Method == Mean {
		t.bound(&n.Importance, t.levels[2*i], q.importance.span(o))
		t.bound(&n.Satisfaction, t.levels[2*i+1], q.satisfaction.span(o))
	} else {
		q.importance.bound(&n.Importance, o)
		q.satisfaction.bound(&n.Satisfaction, o)
	}
	if i >= t.scored {
		return
	}
	t.bound(&n.Score, t.scores[i], q.span(o))
	if n.Band != Unknown && t.defined[i] > 0 {
		n.BandShare = float64(t.inBand[i]) / float64(t.defined[i])
	}
	n.RankLow, n.RankHigh = n.Rank, n.Rank
	if some := t.defined[i]; some > 0 {
		slices.Sort(t.ranks[i])
		ranks := t.ranks[i][len(t.ranks[i])-some:]
		tail := int((1 - o.Confidence) / 2 * float64(some)) // so many are left out at either end
		n.RankLow = min(n.Rank, int(ranks[tail]))
		n.RankHigh = max(n.Rank, int(ranks[some-1-tail]))
	}
	if i+1 < t.scored {
		n.Lead = t.lead(i)
	}
}

// lead compares a need with the next one.
func (t *trial) lead(i int) *Lead {
	n, next := &t.needs[i], &t.needs[i+1]
	l := &Lead{Over: next.Outcome, Difference: Estimate{
		Known: true, Value: n.Score.Value - next.Score.Value, N: min(n.Score.N, next.Score.N),
	}}
	differences := make([]float64, t.options.Resamples)
	for b := range differences {
		differences[b] = t.scores[i][b] - t.scores[i+1][b]
	}
	a, b := t.questions[i].span(t.options), t.questions[i+1].span(t.options)
	t.bound(&l.Difference, differences, stat.Interval{Low: a.Low - b.High, High: a.High - b.Low})
	l.Distinguished = l.Difference.Low > 0
	return l
}

// bound gives an estimate the percentiles of what resamples gave, and what span adds to them.
func (t *trial) bound(e *Estimate, draws []float64, span stat.Interval) {
	t.scratch = percentiles(e, draws, span, t.options.Confidence, t.scratch)
}
