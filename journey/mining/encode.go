package mining

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// The first two bytes of an encoding: what it is of, and its format.
const (
	graphKind   = 'G'
	profileKind = 'P'
	encoding    = 1
)

// MarshalBinary returns the one encoding of what g holds: the same for equal journeys, however they were added and merged.
//
// It is, in unsigned varints but where said: the bytes 'G' and 1; the options in JSON with their length; repeated; the
// names of activities, sorted, each with its length; each variant in the order of its path, with its length, the
// positions of its activities, ended and open; the sums of the durations of ended journeys; each edge in order of its
// activities' positions, with its sums. Sums are count, least, most less least, the words of sum and squares, and with
// medians the times in order, each less the one before.
func (g *Graph) MarshalBinary() ([]byte, error) {
	head, err := canon.JSON(g.options)
	if err != nil {
		return nil, fmt.Errorf("mining: encode graph: %w", err)
	}
	e := encoder{Encoder: wire.Encoder{Out: []byte{graphKind, encoding}}, medians: g.options.Medians}
	e.Text(string(head))
	e.Number(g.repeated)
	rank := e.names(g.names, g.used())

	type ranked struct {
		path []Activity
		*variant
	}
	variants := make([]ranked, len(g.paths.variants))
	for i := range variants {
		v := &g.paths.variants[i]
		path := make([]Activity, v.until-v.from)
		for k, a := range g.paths.of(v) {
			path[k] = rank[a]
		}
		variants[i] = ranked{path, v}
	}
	slices.SortFunc(variants, func(a, b ranked) int { return slices.Compare(a.path, b.path) })
	e.Number(int64(len(variants)))
	for _, v := range variants {
		e.Number(int64(len(v.path)))
		for _, a := range v.path {
			e.Number(int64(a))
		}
		e.Number(v.ended)
		e.Number(v.open)
	}
	e.sums(&g.spans.sums, g.spans.kept)
	e.table(&g.edges, rank)
	return e.Out, nil
}

// used says which activities are on a path.
func (g *Graph) used() []bool {
	used := make([]bool, len(g.names))
	for _, a := range g.paths.arena {
		used[a] = true
	}
	return used
}

// An encoder appends names, sums and tables too.
type encoder struct {
	wire.Encoder
	medians bool
}

// names writes the names that are used, sorted, and returns the position of each.
func (e *encoder) names(names []string, used []bool) []Activity {
	var order []int
	for i := range names {
		if used[i] {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(names[a], names[b]) })
	e.Number(int64(len(order)))
	rank := make([]Activity, len(names))
	for position, i := range order {
		rank[i] = Activity(position)
		e.Text(names[i])
	}
	return rank
}

func (e *encoder) sums(s *sums, kept []int64) {
	e.Number(s.n)
	if s.n == 0 {
		return
	}
	e.Number(s.min)
	e.Number(s.max - s.min)
	for _, word := range []uint64{s.sum0, s.sum1, s.sq0, s.sq1, s.sq2} {
		e.Word(word)
	}
	if e.medians {
		before := int64(0)
		for _, us := range slices.Sorted(slices.Values(kept)) {
			e.Number(us - before)
			before = us
		}
	}
}

// table writes the cells of a table whose activities have these positions.
func (e *encoder) table(t *table, rank []Activity) {
	order := make([]*cell, len(t.cells))
	for i := range t.cells {
		order[i] = &t.cells[i]
	}
	slices.SortFunc(order, func(a, b *cell) int {
		return cmp.Or(cmp.Compare(rank[a.from], rank[b.from]), cmp.Compare(rank[a.to], rank[b.to]))
	})
	e.Number(int64(len(order)))
	for _, c := range order {
		e.Number(int64(rank[c.from]))
		e.Number(int64(rank[c.to]))
		e.sums(&c.sums, c.kept)
	}
}
