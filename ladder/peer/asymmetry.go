package peer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Result is one company's financial result, such as revenue for each employee, or growth of revenue less growth of
// headcount.
type Result struct {
	Company  string // ID, given once
	Industry string
	Size     string
	Mature   bool    // otherwise lagging, or no customer
	Value    float64 // finite, in one unit and currency for all
}

// A Design says which companies are compared.
type Design string

// Designs.
const (
	Stratified Design = "stratified" // those of one industry and size
	Pooled     Design = "pooled"     // all, whatever their industry and size
)

// AsymmetryOptions say how cohorts are compared. The zero value is the default.
type AsymmetryOptions struct {
	Design       Design  // "" is Stratified
	Confidence   float64 // of the interval, above 0 and below 1; 0: 0.95
	Permutations int     // 99 to 1 000 000; 0: 9999
	Minimum      int     // companies a cohort needs not to be called few; 0: 10
	Seed         uint64  // of the permutations
}

// An Asymmetry is how far the results of mature customers lie from those of the others.
type Asymmetry struct {
	Mature int // companies that were compared
	Others int // likewise
	Strata int // industries and sizes with both cohorts; 1 when pooled

	LeftOutMature int // companies without a counterpart in their industry and size
	LeftOutOthers int // likewise

	Known      bool    // false: nobody could be compared, and the numbers below mean nothing
	Difference float64 // Hodges and Lehmann's: the median difference, mature less other, over all pairs that are compared; in the results' unit
	Low        float64 // of the interval of Difference
	High       float64 // likewise
	Bounded    bool    // false: too few companies for an interval with the confidence asked for, or all alike
	P          float64 // two-sided, by permutation within strata, 0 to 1: how often chance alone gives ranks as uneven
	Effect     float64 // Cliff's delta, −1 to 1: how much oftener the mature one of a pair is ahead than behind

	Cautions []Caution // what stands against reading the difference as the effect of maturity; never empty
}

// A Caution is a reason to doubt a comparison.
type Caution string

// Cautions.
const (
	Observed       Caution = "observed"        // always: nobody was assigned to mature
	NoCounterparts Caution = "no_counterparts" // no industry and size has both cohorts
	Few            Caution = "few"             // a cohort is below Minimum
	LeftOut        Caution = "left_out"        // over a fifth of a cohort has no counterpart
	Composition    Caution = "composition"     // pooled cohorts differ by over a fifth in their mix of industries and sizes
	Concentrated   Caution = "concentrated"    // over half of the pairs come from one of several strata
)

// String says the caution in English.
func (c Caution) String() string {
	switch c {
	case Observed:
		return "companies were observed, not assigned: those that do well may mature more easily"
	case NoCounterparts:
		return "no industry and size has both mature and other companies"
	case Few:
		return "a cohort is small: the difference may be chance, and so may its absence"
	case LeftOut:
		return "over a fifth of a cohort has no counterpart of its industry and size and is left out"
	case Composition:
		return "the cohorts differ in industries and sizes: they are not comparable as they are"
	case Concentrated:
		return "over half of the pairs come from one industry and size"
	}
	return string(c)
}

const (
	mostPairs       = 20_000_000
	fewestPermuted  = 99
	mostPermuted    = 1_000_000
	usualPermuted   = 9999
	usualMinimum    = 10
	usualConfidence = 0.95
	tolerated       = 0.2
)

func (o AsymmetryOptions) complete() (AsymmetryOptions, error) {
	o.Design = cmp.Or(o.Design, Stratified)
	o.Confidence = cmp.Or(o.Confidence, usualConfidence)
	o.Permutations = cmp.Or(o.Permutations, usualPermuted)
	o.Minimum = cmp.Or(o.Minimum, usualMinimum)
	switch {
	case o.Design != Stratified && o.Design != Pooled:
		return o, &DataError{"", "design", fmt.Sprintf("%q is unknown", o.Design)}
	case !(o.Confidence > 0 && o.Confidence < 1):
		return o, &DataError{"", "confidence", fmt.Sprintf("%v is not between 0 and 1", o.Confidence)}
	case o.Permutations < fewestPermuted || o.Permutations > mostPermuted:
		return o, &DataError{"", "permutations", fmt.Sprintf("%d is not between %d and %d", o.Permutations, fewestPermuted, mostPermuted)}
	case o.Minimum < 0:
		return o, &DataError{"", "minimum", fmt.Sprintf("%d is negative", o.Minimum)}
	}
	return o, nil
}

// Compare sets the results of mature customers against those of lagging or non-customers. The order of results does not
// matter. Memory grows with the pairs that are compared; over 20 million are refused.
//
// The interval inverts the rank sum test: exactly where no two results of a stratum are equal and there are at most 2500
// pairs, by the normal approximation with ties otherwise.
//
// Compare returns a *DataError if an ID or an option is wrong, a company is given twice, a value is not finite, or there
// are too many pairs.
func Compare(results []Result, o AsymmetryOptions) (Asymmetry, error) {
	o, err := o.complete()
	if err != nil {
		return Asymmetry{}, err
	}
	sorted := slices.SortedStableFunc(slices.Values(results), func(a, b Result) int { return strings.Compare(a.Company, b.Company) })
	for i, r := range sorted {
		for _, id := range []struct{ field, text string }{{"company", r.Company}, {"industry", r.Industry}, {"size", r.Size}} {
			if err := ident.Check(id.text); err != nil {
				return Asymmetry{}, &DataError{r.Company, id.field, err.Error()}
			}
		}
		if i > 0 && r.Company == sorted[i-1].Company {
			return Asymmetry{}, &DataError{r.Company, "company", "is given twice"}
		}
		if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
			return Asymmetry{}, &DataError{r.Company, "value", fmt.Sprintf("is %v", r.Value)}
		}
	}
	strata := stratify(sorted)
	mix := composition(strata)
	if o.Design == Pooled {
		strata = []stratum{{results: sorted}}
	}
	a := Asymmetry{Cautions: []Caution{Observed}}
	var both []stratum
	pairs, most := 0, 0
	for _, s := range strata {
		s.split()
		m, n := len(s.mature), len(s.others)
		if m == 0 || n == 0 {
			a.LeftOutMature, a.LeftOutOthers = a.LeftOutMature+m, a.LeftOutOthers+n
			continue
		}
		a.Mature, a.Others = a.Mature+m, a.Others+n
		if int64(m)*int64(n) > int64(mostPairs-pairs) {
			return Asymmetry{}, &DataError{"", "results", fmt.Sprintf("make over %d pairs", mostPairs)}
		}
		pairs += m * n
		most = max(most, m*n)
		both = append(both, s)
	}
	a.Strata = len(both)
	if pairs == 0 {
		a.Cautions = append(a.Cautions, NoCounterparts)
		return a, nil
	}
	over := func(part, whole int) bool { return float64(part) > float64(tolerated*float64(whole)) }
	for _, c := range []struct {
		holds bool
		Caution
	}{
		{min(a.Mature, a.Others) < o.Minimum, Few},
		{over(a.LeftOutMature, a.Mature+a.LeftOutMature) || over(a.LeftOutOthers, a.Others+a.LeftOutOthers), LeftOut},
		{o.Design == Pooled && mix > tolerated, Composition},
		{a.Strata > 1 && 2*most > pairs, Concentrated},
	} {
		if c.holds {
			a.Cautions = append(a.Cautions, c.Caution)
		}
	}
	if err := a.estimate(both, pairs, o); err != nil {
		return Asymmetry{}, err
	}
	return a, nil
}

// A stratum is the results of one industry and size.
type stratum struct {
	results        []Result
	mature, others []float64 // values in increasing order
}

// stratify parts results by industry and size, in their order.
func stratify(results []Result) []stratum {
	compare := func(a, b Result) int {
		return cmp.Or(strings.Compare(a.Industry, b.Industry), strings.Compare(a.Size, b.Size))
	}
	sorted := slices.SortedStableFunc(slices.Values(results), compare)
	var list []stratum
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && compare(sorted[i], sorted[j]) == 0 {
			j++
		}
		list = append(list, stratum{results: sorted[i:j]})
		i = j
	}
	return list
}

func (s *stratum) split() {
	for _, r := range s.results {
		if r.Mature {
			s.mature = append(s.mature, r.Value)
		} else {
			s.others = append(s.others, r.Value)
		}
	}
	slices.Sort(s.mature)
	slices.Sort(s.others)
}

// composition returns the share of one cohort that would have to change industry or size for the mixes to be the same.
func composition(strata []stratum) float64 {
	var mature, others []int
	m, n := 0, 0
	for _, s := range strata {
		s.split()
		mature, others = append(mature, len(s.mature)), append(others, len(s.others))
		m, n = m+len(s.mature), n+len(s.others)
	}
	if m == 0 || n == 0 {
		return 0
	}
	apart := 0.0
	for i := range mature {
		apart += math.Abs(float64(mature[i])/float64(m)-float64(others[i])/float64(n)) / 2
	}
	return apart
}

// estimate fills in what the pairs say.
func (a *Asymmetry) estimate(strata []stratum, pairs int, o AsymmetryOptions) error {
	differences := make([]float64, 0, pairs)
	ahead := 0 // pairs that the mature one leads, less those that it trails
	for _, s := range strata {
		for _, x := range s.mature {
			for _, y := range s.others {
				differences = append(differences, x-y)
				ahead += cmp.Compare(x, y)
			}
		}
	}
	slices.Sort(differences)
	middle, ok := stat.Quantile(differences, 0.5)
	if !ok {
		return &DataError{"", "results", "have differences beyond what a float can hold"}
	}
	a.Known, a.Difference, a.Effect = true, middle, float64(ahead)/float64(pairs)
	if rank := intervalRank(strata, pairs, o.Confidence); rank >= 1 {
		a.Bounded, a.Low, a.High = true, differences[rank-1]+0, differences[pairs-rank]+0 // never −0
	}
	a.P = permuted(strata, o.Permutations, o.Seed)
	return nil
}
