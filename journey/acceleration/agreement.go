package acceleration

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
)

// steps compares in what order customers did what.
func (g Ground) steps(best, others []*Customer) Evidence {
	tell := func(c *Customer) []string { return c.Steps }
	e := g.agreement(SameSteps, g.Agreement, best, others, tell, sequences)
	if e.State == Met && e.Others != nil && *e.Others >= e.Value {
		e.State, e.Lacking = NotMet, "the other customers agree as much: these steps don't set the best apart"
	}
	return e
}

// words compares which words the outcomes are made of.
func (g Ground) words(best, others []*Customer) Evidence {
	return g.agreement(SameWords, g.Words, best, others, func(c *Customer) []string { return wordsOf(c.Outcomes) }, overlaps)
}

// agreement is the mean over all pairs of customers that tell, alike being the sum over pairs.
func (g Ground) agreement(k Criterion, needed float64, best, others []*Customer, tell func(*Customer) []string, alike func([][]string) float64) Evidence {
	mean := func(customers []*Customer) (float64, int) {
		var told [][]string
		for _, c := range customers {
			if list := tell(c); len(list) > 0 && len(told) < mostPairs {
				told = append(told, list)
			}
		}
		return alike(told) / float64(max(1, len(told)*(len(told)-1)/2)), len(told)
	}
	e := Evidence{Criterion: k, Needed: needed}
	e.Value, e.N = mean(best)
	e.Low, e.High = e.Value, e.Value
	if v, n := mean(others); n >= g.Minimum {
		e.Others = &v
	}
	return e.judge(g.Minimum, "the best customers agree too little")
}

// sequences sums over pairs how much is in common in order: twice the longest common subsequence over both lengths. It
// holds 64 places of a sequence at a time against a step of another (Hyyrö, Bit-parallel LCS-length Computation Revisited,
// 2004).
func sequences(told [][]string) (sum float64) {
	number := make(map[string]int)
	numbered := make([][]int, len(told))
	for i, list := range told {
		for _, step := range list {
			if _, ok := number[step]; !ok {
				number[step] = len(number)
			}
			numbered[i] = append(numbered[i], number[step])
		}
	}
	places := make([][]uint64, len(number)) // of each step in a, a bit a place
	for i, a := range numbered {
		open := make([]uint64, (len(a)+63)/64) // places of a at which no common subsequence grew longer
		for at, step := range a {
			if places[step] == nil {
				places[step] = make([]uint64, len(open))
			}
			places[step][at/64] |= 1 << (at % 64)
		}
		for _, b := range numbered[:i] {
			for w := range open {
				open[w] = ^uint64(0)
			}
			for _, step := range b {
				var carry uint64
				for w, in := range places[step] {
					v := open[w]
					open[w], carry = bits.Add64(v, v&in, carry)
					open[w] |= v &^ in
				}
			}
			common := 64 * len(open)
			for _, v := range open {
				common -= bits.OnesCount64(v)
			}
			sum += 2 * float64(common) / float64(len(a)+len(b))
		}
		for _, step := range a {
			places[step] = nil
		}
	}
	return sum
}

// overlaps sums over pairs the share of the words of two sorted lists, each word once, that both have.
func overlaps(told [][]string) (sum float64) {
	for i, a := range told {
		for _, b := range told[:i] {
			sum += overlap(a, b)
		}
	}
	return sum
}

// overlap is the share of the words of two sorted lists, each word once, that both have.
func overlap(a, b []string) float64 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch strings.Compare(a[i], b[j]) {
		case -1:
			i++
		case 1:
			j++
		default:
			common, i, j = common+1, i+1, j+1
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}

// wordsOf returns the words of texts in lower case, sorted, each once. Words are runs of letters and digits.
func wordsOf(texts []string) []string {
	var words []string
	for _, text := range texts {
		words = append(words, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}
