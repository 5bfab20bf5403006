package acceleration

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Customer is what is known of one account in the question whether a journey can be prescribed.
type Customer struct {
	Account  string
	Personas []string // roles that work with the product, each 1 to 256 bytes of UTF-8 without control characters
	UseCases []string // likewise
	Best     bool     // one of those that grow as all should
	Steps    []string // done, in order
	Outcomes []string // desired, in the customer's own words

	Retained *float64 // 1 or 0, or how long; nil: not known
	Revenue  *float64 // its growth
	NPS      *float64 // −100 to 100, or an answer of 0 to 10
	Usage    *float64 // in any unit
}

// Ground says how much must be in common. The zero value is the default.
type Ground struct {
	Few        int     // personas, and use cases, that are few; 0: 5
	Cover      float64 // share of accounts that those must cover, above 0 and up to 1; 0: 0.8
	Agreement  float64 // of the best customers' steps, above 0 and up to 1; 0: 0.6
	Words      float64 // that the best customers' outcomes share, above 0 and up to 1; 0: 0.4
	Minimum    int     // customers from which something is told; 0: 20
	Confidence float64 // of intervals, and one less it the false-discovery rate of associations; 0: 0.95
}

// A Prescription says whether there is enough common ground to prescribe a journey.
type Prescription struct {
	Enough   bool       `json:"enough"`   // all criteria are met
	Criteria []Evidence `json:"criteria"` // personas, use cases, steps, words, signs
	Links    []Link     `json:"links"`    // among retention, revenue, NPS and usage
}

// An Evidence is how one criterion stands.
type Evidence struct {
	Criterion Criterion `json:"criterion"`
	State     State     `json:"state"`
	N         int       `json:"n"`       // customers that tell
	Value     float64   `json:"value"`   // 0 to 1: share covered, or mean agreement of pairs; of signs, of the pairs that are linked
	Low       float64   `json:"low"`     // end of the interval of a share covered; else Value
	High      float64   `json:"high"`    // likewise
	Needed    float64   `json:"needed"`  // least Value
	Others    *float64  `json:"others"`  // of steps and words: the agreement among the other customers; nil: too few
	Names     []string  `json:"names"`   // of personas or use cases, that which covers the most first
	Lacking   string    `json:"lacking"` // "" if met
}

// A Criterion of common ground.
type Criterion string

// Criteria.
const (
	FewPersonas Criterion = "personas"  // few personas cover most accounts
	FewUseCases Criterion = "use_cases" // few use cases cover most accounts
	SameSteps   Criterion = "steps"     // the best customers grew by the same steps in the same order, more so than others
	SameWords   Criterion = "words"     // the best customers say what they want in the same words
	LinkedSigns Criterion = "signs"     // retention, revenue, NPS and usage go together
)

// A State says whether a criterion is met.
type State string

// States.
const (
	Met     State = "met"
	NotMet  State = "not_met"
	Unknown State = "unknown" // too few customers tell
)

// A Link is the association of two signs.
type Link struct {
	A        string  `json:"a"`
	B        string  `json:"b"`
	N        int     `json:"n"`        // customers of whom both are known
	Tau      float64 `json:"tau"`      // Kendall's rank correlation, −1 to 1
	Adjusted float64 `json:"adjusted"` // p-value of no association, for all links
	Known    bool    `json:"known"`    // false: too few, or one of the two never varies
}

// mostPairs bounds the customers among whom all pairs are compared: the first in the order of their IDs.
const mostPairs = 2000

// Prescribable tells whether there is enough common ground among customers to prescribe a journey, and what is lacking. It looks
// at pairs of customers, of at most 2 000 in the order of their IDs. It returns a [DataError] for a customer or a ground that
// can't be.
func Prescribable(customers []Customer, g Ground) (Prescription, error) {
	g.Few, g.Minimum = cmp.Or(g.Few, 5), cmp.Or(g.Minimum, 20)
	g.Cover, g.Agreement, g.Words = cmp.Or(g.Cover, 0.8), cmp.Or(g.Agreement, 0.6), cmp.Or(g.Words, 0.4)
	g.Confidence = cmp.Or(g.Confidence, 0.95)
	share := func(v float64) bool { return v > 0 && v <= 1 }
	switch {
	case g.Few < 1:
		return Prescription{}, argument("few", "%d is below 1", g.Few)
	case g.Minimum < 3:
		return Prescription{}, argument("minimum", "%d is below 3", g.Minimum)
	case !share(g.Cover) || !share(g.Agreement) || !share(g.Words):
		return Prescription{}, argument("ground", "cover, agreement and words are not above 0 and up to 1")
	case !(g.Confidence > 0 && g.Confidence < 1):
		return Prescription{}, argument("confidence", "%v is not between 0 and 1", g.Confidence)
	}
	for i := range customers {
		if err := customers[i].check(i); err != nil {
			return Prescription{}, err
		}
	}
	sorted := slices.Clone(customers)
	slices.SortFunc(sorted, func(a, b Customer) int { return strings.Compare(a.Account, b.Account) })
	for i := range sorted {
		if i > 0 && sorted[i-1].Account == sorted[i].Account {
			return Prescription{}, &DataError{sorted[i].Account, "account", "is there twice"}
		}
	}
	var best, others []*Customer
	for i := range sorted {
		if c := &sorted[i]; c.Best {
			best = append(best, c)
		} else {
			others = append(others, c)
		}
	}
	var p Prescription
	p.Criteria = append(p.Criteria,
		g.covered(FewPersonas, sorted, func(c *Customer) []string { return c.Personas }),
		g.covered(FewUseCases, sorted, func(c *Customer) []string { return c.UseCases }),
		g.steps(best, others), g.words(best, others))
	p.Links = g.links(sorted)
	p.Criteria = append(p.Criteria, g.signs(p.Links))
	p.Enough = !slices.ContainsFunc(p.Criteria, func(e Evidence) bool { return e.State != Met })
	return p, nil
}

func (c *Customer) check(i int) error {
	if err := identified(c.Account, "account of customer", i); err != nil {
		return err
	}
	for _, list := range []struct {
		what  string
		names []string
	}{{"persona", c.Personas}, {"use case", c.UseCases}} {
		for i, name := range list.names {
			if err := ident.Check(name); err != nil {
				return &DataError{c.Account, fmt.Sprintf("%s %d", list.what, i), err.Error()}
			}
		}
	}
	for i, v := range c.signs() {
		if v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0)) {
			return &DataError{c.Account, signNames()[i], fmt.Sprintf("is %v", *v)}
		}
	}
	return nil
}

// covered chooses names one by one, each time the one that most accounts have that none chosen covers, ties in the order of bytes.
func (g Ground) covered(k Criterion, customers []Customer, names func(*Customer) []string) Evidence {
	e := Evidence{Criterion: k, Needed: g.Cover}
	has := map[string][]int{}
	for i := range customers {
		list := slices.Clone(names(&customers[i]))
		slices.Sort(list)
		if len(list) > 0 {
			e.N++
		}
		for _, name := range slices.Compact(list) {
			has[name] = append(has[name], i)
		}
	}
	all := sortedKeys(has)
	covered := make([]bool, len(customers))
	count := 0
	for len(e.Names) < g.Few && float64(count)/float64(e.N) < g.Cover {
		pick, most := "", 0
		for _, name := range all {
			n := 0
			for _, i := range has[name] {
				if !covered[i] {
					n++
				}
			}
			if n > most {
				pick, most = name, n
			}
		}
		for _, i := range has[pick] {
			covered[i] = true
		}
		count += most
		e.Names = append(e.Names, pick)
	}
	if e.N > 0 {
		e.Value = float64(count) / float64(e.N)
	}
	if i, ok := stat.Wilson(count, e.N, g.Confidence); ok {
		e.Low, e.High = i.Low, i.High
	}
	return e.judge(g.Minimum, fmt.Sprintf("%d cover too few accounts", len(e.Names)))
}

// judge completes evidence; lacking is what is so where its value is below what is needed.
func (e Evidence) judge(minimum int, lacking string) Evidence {
	switch {
	case e.N < minimum:
		e.State, e.Lacking = Unknown, fmt.Sprintf("%d customers tell, of %d needed", e.N, minimum)
	case e.Value < e.Needed:
		e.State, e.Lacking = NotMet, lacking
	default:
		e.State = Met
	}
	return e
}
