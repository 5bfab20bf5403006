package mining

import (
	"cmp"
	"math"
	"slices"
)

// A Misfit is one kind of deviation from a map, over all journeys.
type Misfit struct {
	Fit      Fit    `json:"fit"` // extra, missing or instead
	Activity string `json:"activity,omitempty"`
	Phase    string `json:"phase,omitempty"`
	Count    int64  `json:"count"`    // how often
	Journeys int64  `json:"journeys"` // with it
	Cost     int64  `json:"cost"`     // of all Count
}

// A Conformance tells how far the journeys of a log match a map.
type Conformance struct {
	Journeys int64    `json:"journeys"` // that were aligned
	Fitting  int64    `json:"fitting"`  // journeys without a deviation
	Cost     int64    `json:"cost"`     // of all deviations
	Worst    int64    `json:"worst"`    // sum of Worst over the journeys
	Fitness  float64  `json:"fitness"`  // of the log: 1 - Cost / Worst, in which long journeys weigh more
	Mean     float64  `json:"mean"`     // of the journeys' own fitness
	Misfits  []Misfit `json:"misfits"`  // what cost most first, then by fit, activity and phase
	Unknown  []string `json:"unknown"`  // activities that belong to no phase, sorted
}

// Conform aligns all journeys of a graph, each of its paths once. Which have ended is up to the graph. It returns a
// *RefusedError if the graph is empty, or all costs together don't fit into an int64.
func (a *Aligner) Conform(g *Graph) (Conformance, error) {
	var c Conformance
	found := make(map[Pair]int) // position in Misfits
	fitness := 0.0
	for _, v := range g.Variants() {
		for _, part := range []struct {
			journeys int64
			ended    bool
		}{{v.Ended, true}, {v.Open, false}} {
			if part.journeys == 0 {
				continue
			}
			x := a.align(v.Path, part.ended)
			if part.journeys > (math.MaxInt64-c.Worst)/x.Worst {
				return Conformance{}, &RefusedError{"range", "the costs of the log exceed what can be counted", "lower costs, or a part of the log"}
			}
			c.Journeys += part.journeys
			c.Cost += part.journeys * x.Cost
			c.Worst += part.journeys * x.Worst
			if x.Cost == 0 {
				c.Fitting += part.journeys
			}
			fitness += float64(float64(part.journeys) * x.Fitness)
			c.count(found, x.Pairs, part.journeys, a.costs)
		}
	}
	if c.Journeys == 0 {
		return Conformance{}, &RefusedError{"events", "the log has none", "a journey"}
	}
	c.Fitness = float64(c.Worst-c.Cost) / float64(c.Worst)
	c.Mean = fitness / float64(c.Journeys)
	slices.SortFunc(c.Misfits, func(x, y Misfit) int {
		return cmp.Or(cmp.Compare(y.Cost, x.Cost), cmp.Compare(x.Fit, y.Fit), cmp.Compare(x.Activity, y.Activity), cmp.Compare(x.Phase, y.Phase))
	})
	for _, n := range g.Nodes() {
		if len(a.labels[n.Activity]) == 0 {
			c.Unknown = append(c.Unknown, n.Activity)
		}
	}
	return c, nil
}

// count adds the deviations of one alignment.
func (c *Conformance) count(found map[Pair]int, pairs []Pair, journeys int64, costs Costs) {
	seen := make(map[Pair]bool)
	for _, p := range pairs {
		var cost int64
		switch p.Fit {
		case Extra:
			cost = costs.Extra
		case Missing:
			cost = costs.Missing
		case Instead:
			cost = costs.Instead
		default:
			continue
		}
		k, ok := found[p]
		if !ok {
			k = len(c.Misfits)
			found[p] = k
			c.Misfits = append(c.Misfits, Misfit{Fit: p.Fit, Activity: p.Activity, Phase: p.Phase})
		}
		m := &c.Misfits[k]
		m.Count += journeys
		m.Cost += journeys * cost
		if !seen[p] {
			seen[p] = true
			m.Journeys += journeys
		}
	}
}
