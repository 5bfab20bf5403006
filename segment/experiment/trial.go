package experiment

import (
	"fmt"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// Buckets is how many parts units are spread over. Splits are rounded down to whole buckets.
const Buckets = 10_000

// maxWeight keeps products of weights and buckets far from overflow.
const maxWeight = 100_000

// layerPrefix keeps the hash of a layer apart from that of a trial.
const layerPrefix = "__"

// A Trial says which units take part and how they are split. It is plain data; [Compile] checks it.
type Trial struct {
	// Seed is the trial's own: trials with one seed split units alike. It does not begin with "__", and no other
	// trial's seed should begin with it.
	Seed string `json:"seed"`

	Arms     []Arm  `json:"arms"`               // 2 to 100; their order is part of the split
	Coverage int    `json:"coverage,omitempty"` // of each arm's buckets, how many in 10 000 take part; 0 is all
	Layer    *Layer `json:"layer,omitempty"`    // nil: the trial excludes no other
}

// An Arm is one way to treat a unit: a playbook, or nothing (a holdout).
type Arm struct {
	Name   string `json:"name"`
	Weight int    `json:"weight"` // 1 to 100 000, in relation to the other arms
}

// A Layer spreads units over buckets of its own. Of the trials that name it, those with disjoint buckets have no unit
// in common.
type Layer struct {
	Name string `json:"name"`
	From int    `json:"from"` // the trial's first bucket, from 0
	To   int    `json:"to"`   // the bucket after its last, at most 10 000
}

// A Model is a checked trial. It is immutable and safe for concurrent use.
type Model struct {
	trial Trial
	edges []int // where each arm's buckets begin, and the end of the last
	taken []int // buckets of each arm that take part
}

// Compile checks a trial.
//
// Compile returns a *DataError if:
//   - the seed, an arm's or the layer's name is empty, longer than 256 bytes, not UTF-8 or has control characters;
//   - there are fewer than 2 or more than 100 arms, or two of one name;
//   - a weight is out of its range, or so small beside the others that no bucket is left for the arm;
//   - the coverage or the layer's buckets are out of their range.
func Compile(t Trial) (*Model, error) {
	if err := checkTrial(t); err != nil {
		return nil, err
	}
	m := &Model{trial: t, edges: make([]int, 1, len(t.Arms)+1)}
	m.trial.Arms = append([]Arm(nil), t.Arms...)
	if t.Layer != nil {
		layer := *t.Layer
		m.trial.Layer = &layer
	}
	coverage := t.Coverage
	if coverage == 0 {
		coverage = Buckets
	}
	total := 0
	for _, a := range t.Arms {
		total += a.Weight
	}
	sum := 0
	for i, a := range t.Arms {
		sum += a.Weight
		m.edges = append(m.edges, int(int64(sum)*Buckets/int64(total)))
		taken := (m.edges[i+1] - m.edges[i]) * coverage / Buckets
		if taken == 0 {
			return nil, wrong(fmt.Sprintf("weight of arm %q", a.Name), "%d of %d leaves it no bucket", a.Weight, total)
		}
		m.taken = append(m.taken, taken)
	}
	return m, nil
}

func checkTrial(t Trial) error {
	if err := ident.Check(t.Seed); err != nil {
		return wrong("seed", "%v", err)
	}
	if strings.HasPrefix(t.Seed, layerPrefix) {
		return wrong("seed", "begins with %q, which layers do", layerPrefix)
	}
	if len(t.Arms) < 2 || len(t.Arms) > 100 {
		return wrong("arms", "are %d, want 2 to 100", len(t.Arms))
	}
	seen := map[string]bool{}
	for i, a := range t.Arms {
		if err := ident.Check(a.Name); err != nil {
			return wrong(fmt.Sprintf("name of arm %d", i), "%v", err)
		}
		if seen[a.Name] {
			return wrong(fmt.Sprintf("arm %q", a.Name), "is there twice")
		}
		seen[a.Name] = true
		if a.Weight < 1 || a.Weight > maxWeight {
			return wrong(fmt.Sprintf("weight of arm %q", a.Name), "%d is not between 1 and %d", a.Weight, maxWeight)
		}
	}
	if t.Coverage < 0 || t.Coverage > Buckets {
		return wrong("coverage", "%d is not between 0 and %d", t.Coverage, Buckets)
	}
	if l := t.Layer; l != nil {
		if err := ident.Check(l.Name); err != nil {
			return wrong("name of the layer", "%v", err)
		}
		if l.From < 0 || l.To > Buckets || l.From >= l.To {
			return wrong("buckets of the layer", "[%d, %d) is not a range within [0, %d)", l.From, l.To, Buckets)
		}
	}
	return nil
}
