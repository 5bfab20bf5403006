package acceleration

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// A contrast is the log-rank statistic of one step in the form that permutations need: the sum of the scores of those with
// the step, over its standard deviation among all ways to hand the outcomes out within strata.
type contrast struct {
	strata []stratum
	with   []int // numbers of the accounts with the step in those strata
	sd     float64
}

// scores returns for each account its end, 0 or 1, less what the accounts of its stratum ended by then on average, so
// that they sum to 0 in each stratum: a negative score is of one that went on for longer than the others.
func (f *field) scores() []float64 {
	scores := make([]float64, len(f.obs))
	order := make([]int, 0, len(f.obs))
	for _, s := range f.strata {
		order = order[:0]
		for i := s.first; i < s.last; i++ {
			order = append(order, i)
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(f.obs[a].Time, f.obs[b].Time), a-b)
		})
		hazard := 0.0
		for from := 0; from < len(order); {
			to, ended := from, 0
			for ; to < len(order) && f.obs[order[to]].Time == f.obs[order[from]].Time; to++ {
				ended += f.obs[order[to]].Cause
			}
			hazard += float64(ended) / float64(len(order)-from)
			for _, i := range order[from:to] {
				scores[i] = float64(f.obs[i].Cause) - hazard
			}
			from = to
		}
	}
	return scores
}

// contrast returns that of a step; ok is false where no two outcomes differ that could be handed out.
func (f *field) contrast(step int, scores []float64) (c contrast, ok bool) {
	c.strata = f.compared(step)
	variance := 0.0
	for _, s := range c.strata {
		with, squares := 0, 0.0
		for i := s.first; i < s.last; i++ {
			squares += float64(scores[i] * scores[i])
			if f.with[step][i] {
				c.with = append(c.with, i)
				with++
			}
		}
		if n := float64(s.last - s.first); n > 1 {
			variance += float64(float64(with) * (n - float64(with)) / n / (n - 1) * squares)
		}
	}
	c.sd = math.Sqrt(variance)
	return c, c.sd > 1e-9
}

func (c *contrast) z(scores []float64) float64 {
	sum := 0.0
	for _, i := range c.with {
		sum += scores[i]
	}
	return sum / c.sd
}

// A tested contrast has its statistic and its p-values.
type tested struct {
	z        float64
	p        float64 // of the step alone
	adjusted float64 // for all
}

// slack lets a permutation that gives the same sum in another order count as reaching it.
const slack = 1e-9

// test permutes the scores within strata. The adjusted p-value of the contrast with the k-th largest statistic counts the
// permutations in which the largest among it and those below it is as large, and is not below that of the one before it.
func (f *field) test(contrasts []contrast, scores []float64) []tested {
	out := make([]tested, len(contrasts))
	order := make([]int, len(contrasts))
	for j := range contrasts {
		out[j].z, order[j] = contrasts[j].z(scores), j
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(math.Abs(out[b].z), math.Abs(out[a].z))
	})
	source := rand.NewPCG(f.plan.Seed, 0x9e3779b97f4a7c15)
	shuffled := slices.Clone(scores)
	alone, together := make([]int, len(order)), make([]int, len(order))
	for range f.plan.Permutations {
		for _, s := range f.strata {
			shuffle(shuffled[s.first:s.last], source)
		}
		largest := 0.0
		for k := len(order) - 1; k >= 0; k-- {
			j := order[k]
			z, seen := math.Abs(contrasts[j].z(shuffled)), math.Abs(out[j].z)-slack
			if z >= seen {
				alone[k]++
			}
			if largest = max(largest, z); largest >= seen {
				together[k]++
			}
		}
	}
	all, last := float64(f.plan.Permutations+1), 0.0
	for k, j := range order {
		out[j].p = float64(alone[k]+1) / all
		last = max(last, float64(together[k]+1)/all)
		out[j].adjusted = last
	}
	return out
}

// shuffle brings x into an order in which all are equally likely.
func shuffle(x []float64, source *rand.PCG) {
	for i := len(x) - 1; i > 0; i-- {
		j := below(uint64(i+1), source)
		x[i], x[j] = x[j], x[i]
	}
}

// below returns a number below n, all equally likely (Lemire, ACM Transactions on Modeling and Computer Simulation 29, 2019).
func below(n uint64, source *rand.PCG) uint64 {
	for {
		if high, low := bits.Mul64(source.Uint64(), n); low >= -n%n {
			return high
		}
	}
}
