package mining

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Label says that an activity belongs to a phase of a map. An activity may belong to several, and a phase have several.
type Label struct {
	Activity string `json:"activity"`
	Phase    string `json:"phase"`
}

// Costs are what deviations from a map cost, each at most 1e6. Zeros are the defaults.
type Costs struct {
	Extra   int64 `json:"extra,omitempty"`   // of an activity that has no place; 0: 1
	Missing int64 `json:"missing,omitempty"` // of a phase that was not seen; 0: 1
	Instead int64 `json:"instead,omitempty"` // of an activity in the place of a phase; 0: it is always extra, and the phase missing
}

const maxCost = 1_000_000

// AlignOptions say how journeys are laid along a map.
type AlignOptions struct {
	Activities []Label  // none: an activity belongs to the phase of its name
	Starts     []string // phases in which a journey may begin; none: the first of the map
	Ending     Ending   // an ended journey must have come to where the map lets journeys end; an open one may stand anywhere
	Strict     bool     // each activity enters a phase; otherwise those of the phase that one is in cost nothing
	Costs      Costs
}

// An Aligner lays journeys along the phases of a map: of all ways that the map's moves allow, it takes one that deviates
// least. Guards of moves do not count. Journeys end in a phase that a move of the kind leave comes from, or that no move
// leads on from; if there is none, anywhere. Return moves lead on from where leave moves led. An Aligner is immutable,
// and safe for concurrent use.
type Aligner struct {
	ending  Ending
	costs   Costs
	strict  bool
	phases  []string
	labels  map[string][]int // phases of an activity, rising
	between [][]int          // fewest phases between one and another, the start being the last row; -1: no way
	next    [][]int          // the first phase on that way
	rest    []int            // fewest phases from one, the start the last, until the map may end; -1: no way
	last    []int            // where that way ends, or the phase itself
}

// NewAligner returns an aligner to a map. It returns a *DataError for options that can't be or name phases that the map
// does not have, and a *RefusedError if no way leads from the start to an end.
func NewAligner(m *journey.Model, o AlignOptions) (*Aligner, error) {
	if m == nil {
		return nil, wrong("map", "is nil")
	}
	ending, bad := o.Ending.complete()
	if bad != nil {
		return nil, bad
	}
	def := m.Map()
	a := &Aligner{ending: ending, strict: o.Strict, labels: make(map[string][]int)}
	for _, p := range def.Phases {
		a.phases = append(a.phases, p.Name)
	}
	if err := a.price(o.Costs); err != nil {
		return nil, err
	}
	if err := a.label(o.Activities); err != nil {
		return nil, err
	}
	if len(o.Starts) == 0 {
		o.Starts = a.phases[:1]
	}
	edges, ends, err := a.graph(def.Moves, o.Starts)
	if err != nil {
		return nil, err
	}
	a.measure(edges, ends)
	if a.rest[len(a.phases)] < 0 {
		return nil, &RefusedError{"end", "no way leads from the start of the map to an end", "a start from which a phase with a leave move or without a way on is reached"}
	}
	return a, nil
}

func (a *Aligner) price(c Costs) error {
	for _, x := range []struct {
		name string
		cost int64
	}{{"extra", c.Extra}, {"missing", c.Missing}, {"instead", c.Instead}} {
		if x.cost < 0 || x.cost > maxCost {
			return wrong("cost of "+x.name, "must be 0 to %d, not %d", maxCost, x.cost)
		}
	}
	if c.Extra == 0 {
		c.Extra = 1
	}
	if c.Missing == 0 {
		c.Missing = 1
	}
	a.costs = c
	return nil
}

func (a *Aligner) label(labels []Label) error {
	if len(labels) == 0 {
		for i, name := range a.phases {
			a.labels[name] = []int{i}
		}
	}
	for i, l := range labels {
		at := fmt.Sprintf("label %d", i)
		if err := ident.Check(l.Activity); err != nil {
			return wrong(at, "activity %v", err)
		}
		phase := slices.Index(a.phases, l.Phase)
		if phase < 0 {
			return wrong(at, "the map has no phase %q", l.Phase)
		}
		if slices.Contains(a.labels[l.Activity], phase) {
			return wrong(at, "activity %q belongs to %q already", l.Activity, l.Phase)
		}
		a.labels[l.Activity] = append(a.labels[l.Activity], phase)
		slices.Sort(a.labels[l.Activity])
	}
	return nil
}

// graph returns the phases that each phase, and the start after them, leads to, rising, and those in which journeys end.
func (a *Aligner) graph(moves []journey.Move, starts []string) (edges [][]int, ends []bool, err error) {
	n := len(a.phases)
	edges, ends = make([][]int, n+1), make([]bool, n)
	for _, name := range starts {
		i := slices.Index(a.phases, name)
		if i < 0 {
			return nil, nil, wrong("starts", "the map has no phase %q", name)
		}
		edges[n] = append(edges[n], i)
	}
	var again []int // where journeys that left may return to
	for _, m := range moves {
		from, to := slices.Index(a.phases, m.From), slices.Index(a.phases, m.To)
		switch {
		case from < 0:
			again = append(again, to)
		case to < 0:
			ends[from] = true
		default:
			edges[from] = append(edges[from], to)
		}
	}
	some := false
	for i := range ends {
		if ends[i] {
			edges[i] = append(edges[i], again...)
		}
		ends[i] = ends[i] || len(edges[i]) == 0
		some = some || ends[i]
	}
	for i := range ends {
		ends[i] = ends[i] || !some
	}
	for i := range edges {
		slices.Sort(edges[i])
		edges[i] = slices.Compact(edges[i])
	}
	return edges, ends, nil
}

// measure finds the shortest ways: from each phase and the start to each phase, and to an end. Of several of one length
// it takes that of the earlier phases of the map.
func (a *Aligner) measure(edges [][]int, ends []bool) {
	n := len(a.phases)
	a.rest, a.last = make([]int, n+1), make([]int, n+1)
	for from := range edges {
		between, next := slices.Repeat([]int{-1}, n), make([]int, n)
		var queue []int
		for _, to := range edges[from] {
			between[to], next[to] = 0, to
			queue = append(queue, to)
		}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			for _, to := range edges[at] {
				if between[to] < 0 {
					between[to], next[to] = between[at]+1, next[at]
					queue = append(queue, to)
				}
			}
		}
		a.between, a.next = append(a.between, between), append(a.next, next)
		a.rest[from], a.last[from] = -1, from
		if from < n && ends[from] {
			a.rest[from] = 0
			continue
		}
		for to, phases := range between {
			if ends[to] && phases >= 0 && (a.rest[from] < 0 || phases+1 < a.rest[from]) {
				a.rest[from], a.last[from] = phases+1, to
			}
		}
	}
}

// way appends the phases between two, which are connected.
func (a *Aligner) way(dst []int, from, to int) []int {
	for {
		step := a.next[from][to]
		if a.between[from][to] == 0 {
			return dst
		}
		dst = append(dst, step)
		from = step
	}
}
