package mining

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/journey"
)

// DraftOptions say what is drawn from a log.
type DraftOptions struct {
	Name     string  // of the map; as the names of maps must be
	Noise    float64 // edges below it are left out, as in [Graph.Dependencies]; 0 to 1
	Approver string  // role that decides on every move until people know what it takes; "": "customer success"
}

// A Draft is a map of what journeys do, for people to edit: it has seen what happens, and not why or what should.
type Draft struct {
	Map        journey.Map
	Activities []Label            // the activity of each phase, for [AlignOptions]
	Statistics journey.Statistics // to draw the map with, by journey.Model.Annotate
}

// Draft returns a map with a phase for each activity: first the one with which most journeys begin, then by the mean place
// in a journey at which each is first done. An edge to a later phase becomes a move of the kind advance, one to an
// earlier phase regress, and where journeys ended a move of the kind leave; an activity done twice in a row is no move.
// Every move waits for an approver, phases have no pace, and their names are those of the activities where they can be.
// The map compiles. It returns a *DataError for options that can't be, and a *RefusedError if g is empty.
func (g *Graph) Draft(o DraftOptions) (Draft, error) {
	o.Approver = cmp.Or(o.Approver, "customer success")
	if err := ident.Name(o.Name); err != nil {
		return Draft{}, wrong("draft name", "%v", err)
	}
	if err := ident.Name(o.Approver); err != nil {
		return Draft{}, wrong("draft approver", "%v", err)
	}
	if !(o.Noise >= 0 && o.Noise <= 1) {
		return Draft{}, wrong("draft noise", "must be 0 to 1, not %v", o.Noise)
	}
	nodes := g.inOrder()
	if len(nodes) == 0 {
		return Draft{}, &RefusedError{"events", "the log has none", "a journey"}
	}
	d := Draft{Map: journey.Map{Format: journey.Format, Name: o.Name, Version: "draft"}}
	phases, moves := newNames(journey.Ended), newNames()
	place := make(map[string]int) // of an activity among the phases
	for i, n := range nodes {
		name := phases.take(n.Activity, "phase")
		place[n.Activity] = i
		d.Map.Phases = append(d.Map.Phases, journey.Phase{Name: name, Title: n.Activity})
		d.Activities = append(d.Activities, Label{n.Activity, name})
		entered, ends, open := clamp(n.Events), clamp(n.Ends), clamp(n.Open)
		d.Statistics.Phases = append(d.Statistics.Phases, journey.PhaseStatistic{Phase: name, Now: open, Entered: entered, Dropped: ends})
	}
	add := func(from, to string, kind journey.MoveKind, count int64) {
		name := moves.take(from+" to "+to, "move")
		d.Map.Moves = append(d.Map.Moves, journey.Move{Name: name, From: from, To: to, Kind: kind, Approver: o.Approver})
		d.Statistics.Moves = append(d.Statistics.Moves, journey.MoveStatistic{Move: name, Count: clamp(count)})
	}
	strong := g.strong(o.Noise)
	edges := slices.DeleteFunc(slices.Clone(strong.cells), func(c cell) bool { return c.from == c.to })
	slices.SortFunc(edges, func(a, b cell) int {
		return cmp.Or(cmp.Compare(place[g.names[a.from]], place[g.names[b.from]]), cmp.Compare(b.n, a.n), cmp.Compare(place[g.names[a.to]], place[g.names[b.to]]))
	})
	for _, c := range edges {
		from, to, kind := place[g.names[c.from]], place[g.names[c.to]], journey.Advance
		if to < from {
			kind = journey.Regress
		}
		add(d.Map.Phases[from].Name, d.Map.Phases[to].Name, kind, c.n)
	}
	for i, n := range nodes {
		if n.Ends > 0 {
			add(d.Map.Phases[i].Name, journey.Ended, journey.Leave, n.Ends)
		}
	}
	return d, nil
}

// clamp makes a count an int on every platform.
func clamp(n int64) int { return int(min(n, math.MaxInt32)) }

// inOrder returns the nodes in the order of their phases.
func (g *Graph) inOrder() []Node {
	nodes := g.Nodes()
	places := make(map[string]*big.Int) // sum over journeys of the place at which each activity is first done
	for _, n := range nodes {
		places[n.Activity] = new(big.Int)
	}
	met := make([]int, len(g.names)) // the last variant in which it was, counted from 1
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		for k, a := range g.paths.of(v) {
			if met[a] != i+1 {
				met[a] = i + 1
				sum := places[g.names[a]]
				sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(k)), big.NewInt(v.ended+v.open)))
			}
		}
	}
	slices.SortFunc(nodes, func(a, b Node) int {
		left := new(big.Int).Mul(places[a.Activity], big.NewInt(b.Journeys))
		right := new(big.Int).Mul(places[b.Activity], big.NewInt(a.Journeys))
		return cmp.Or(left.Cmp(right), cmp.Compare(a.Activity, b.Activity))
	})
	first := 0
	for i, n := range nodes {
		if n.Starts > nodes[first].Starts {
			first = i
		}
	}
	if len(nodes) > 0 {
		start := nodes[first]
		nodes = slices.Insert(slices.Delete(nodes, first, first+1), 0, start)
	}
	return nodes
}

// A names gives out names, each once.
type names map[string]bool

func newNames(taken ...string) names {
	n := make(names)
	for _, name := range taken {
		n[name] = true
	}
	return n
}

// take returns the wanted name if it can be one and is free, and else a numbered one.
func (n names) take(want, otherwise string) string {
	err := ident.Name(want)
	for i := 1; err != nil || n[want]; i++ {
		want, err = fmt.Sprintf("%s %d", otherwise, i), nil
	}
	n[want] = true
	return want
}
