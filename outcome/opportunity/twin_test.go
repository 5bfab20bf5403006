package opportunity_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// twinScore is the score of some respondents' answers to one outcome, by fractions; false without answers. An answer of 0
// is none.
func twinScore(who []uint32, importance, satisfaction []int, m opportunity.Method) (score float64, ok bool) {
	level := func(answers []int) *big.Rat {
		sum, n := int64(0), int64(0)
		for _, r := range who {
			switch a := answers[r]; {
			case a == 0:
				continue
			case m == opportunity.Mean:
				sum += int64(a)
			case a >= 4:
				sum += 10
			}
			n++
		}
		if n == 0 {
			return nil
		}
		return big.NewRat(sum, n)
	}
	i, s := level(importance), level(satisfaction)
	if i == nil || s == nil {
		return 0, false
	}
	if gap := new(big.Rat).Sub(i, s); gap.Sign() > 0 {
		i.Add(i, gap)
	}
	score, _ = i.Float64()
	return score, true
}

// TestTwin computes scores, their intervals, ranks and bands of random surveys one answer at a time.
func TestTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for round := range 30 {
		respondents, outcomes, missing := 2+r.IntN(90), 1+r.IntN(9), 0.4*r.Float64()
		if round == 0 {
			respondents, outcomes = 5000, 2 // more than four adders in a row hold
		}
		o := opportunity.Options{Minimum: 1, Resamples: 100, Seed: r.Uint64(), Confidence: 0.9, Method: opportunity.TopTwoBox}
		if round%3 == 1 {
			o.Method = opportunity.Mean
		}
		ratings := survey(r, respondents, outcomes, missing)
		said := map[string][2][]int{} // by outcome
		people := map[string]bool{}
		for _, x := range ratings {
			if x.Importance+x.Satisfaction > 0 {
				people[x.Respondent] = true
			}
		}
		var ids []string // who answered, in order
		for i := range respondents {
			if id := fmt.Sprintf("r%04d", i); people[id] {
				ids = append(ids, id)
			}
		}
		for _, x := range ratings {
			if _, ok := said[x.Outcome]; !ok {
				said[x.Outcome] = [2][]int{make([]int, len(ids)), make([]int, len(ids))}
			}
			if at, ok := slices.BinarySearch(ids, x.Respondent); ok {
				said[x.Outcome][0][at], said[x.Outcome][1][at] = x.Importance, x.Satisfaction
			}
		}
		l := evaluate(t, ratings, o)
		if l.Respondents != len(ids) || len(l.Needs) != outcomes {
			t.Fatalf("%d respondents and %d needs, want %d and %d", l.Respondents, len(l.Needs), len(ids), outcomes)
		}
		checkTwin(t, l, said, len(ids), o)
	}
}

func checkTwin(t *testing.T, l opportunity.Landscape, said map[string][2][]int, n int, o opportunity.Options) {
	t.Helper()
	all, drawn := make([]uint32, n), make([]uint32, n)
	for i := range all {
		all[i] = uint32(i)
	}
	draws := map[string][]float64{}
	ranks := map[string][]int{}
	source := stat.NewResampler(o.Seed)
	for range o.Resamples {
		source.Draw(drawn, n)
		scores := map[string]float64{}
		for _, need := range l.Needs {
			if v, ok := twinScore(drawn, said[need.Outcome][0], said[need.Outcome][1], o.Method); ok && need.Score.Known {
				scores[need.Outcome] = v
				draws[need.Outcome] = append(draws[need.Outcome], v)
			}
		}
		for name, v := range scores {
			rank := 1
			for _, other := range scores {
				if other > v {
					rank++
				}
			}
			ranks[name] = append(ranks[name], rank)
		}
	}
	for _, need := range l.Needs {
		want, ok := twinScore(all, said[need.Outcome][0], said[need.Outcome][1], o.Method)
		if ok != need.Score.Known || need.Score.Value != want {
			t.Fatalf("%s: score %v, %v, want %v, %v", need.Outcome, need.Score.Value, need.Score.Known, want, ok)
		}
		if !ok || same(said[need.Outcome][0], o.Method) || same(said[need.Outcome][1], o.Method) {
			continue // its interval is wider than the resamples'
		}
		sorted := slices.Sorted(slices.Values(draws[need.Outcome]))
		i, _ := stat.Percentiles(sorted, need.Score.N, o.Confidence)
		if got := [2]float64{need.Score.Low, need.Score.High}; got != [2]float64{min(want, i.Low), max(want, i.High)} {
			t.Errorf("%s: interval %v, want %v", need.Outcome, got, i)
		}
		slices.Sort(ranks[need.Outcome])
		tail := int((1 - o.Confidence) / 2 * float64(len(sorted)))
		wantRanks := []int{min(need.Rank, ranks[need.Outcome][tail]), max(need.Rank, ranks[need.Outcome][len(sorted)-1-tail])}
		if diff := cmp.Diff(wantRanks, []int{need.RankLow, need.RankHigh}); diff != "" {
			t.Errorf("%s: ranks (-want +got):\n%s", need.Outcome, diff)
		}
	}
}

// same reports whether all answers count the same.
func same(answers []int, m opportunity.Method) bool {
	first := -1
	for _, a := range answers {
		if m == opportunity.TopTwoBox && a > 0 {
			a = 1 + a/4
		}
		if a > 0 && first >= 0 && a != first {
			return false
		}
		if a > 0 {
			first = a
		}
	}
	return true
}
