package mining

import (
	"cmp"
	"math"
	"slices"
)

// A Summary counts what a graph holds.
type Summary struct {
	Events   int64 `json:"events"`   // without Repeated
	Repeated int64 `json:"repeated"` // left out as repeats, with Options.Once
	Journeys int64 `json:"journeys"` // one for each account
	Ended    int64 `json:"ended"`    // of Journeys; the others are open
	Variants int   `json:"variants"` // different paths
	Duration Times `json:"duration"` // of ended journeys, from the first event to the last
}

// Summary returns the counts of g.
func (g *Graph) Summary() Summary {
	s := Summary{Events: g.events, Repeated: g.repeated, Variants: len(g.paths.variants), Duration: g.spans.times(g.spans.kept)}
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		s.Ended += v.ended
		s.Journeys += v.ended + v.open
	}
	return s
}

// A Variant is a path that at least one journey took.
type Variant struct {
	Path  []string `json:"path"`  // activities in order
	Ended int64    `json:"ended"` // journeys that ended after it
	Open  int64    `json:"open"`  // journeys that have come so far
}

// Journeys returns how many took the path.
func (v Variant) Journeys() int64 { return v.Ended + v.Open }

// Variants returns all paths, those of most journeys first, then in the order of their activities' bytes.
func (g *Graph) Variants() []Variant {
	out := make([]Variant, 0, len(g.paths.variants))
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		path := make([]string, v.until-v.from)
		for k, a := range g.paths.of(v) {
			path[k] = g.names[a]
		}
		out = append(out, Variant{path, v.ended, v.open})
	}
	slices.SortFunc(out, func(a, b Variant) int {
		return cmp.Or(cmp.Compare(b.Journeys(), a.Journeys()), slices.Compare(a.Path, b.Path))
	})
	return out
}

// TopVariants returns the most common paths that together are of at least that share of the journeys, 0 to 1, and all
// that are as common as the last of them. A share of 0 or below gives none, one of 1 and above, or NaN, all.
func (g *Graph) TopVariants(share float64) []Variant {
	return leading(g.Variants(), share, Variant.Journeys)
}

// An Edge is a pair of activities, one directly after the other.
type Edge struct {
	From  string  `json:"from"`
	To    string  `json:"to"`
	Share float64 `json:"share"` // of the time between all steps of all journeys, 0 to 1; 0 where none took time
	Times Times   `json:"times"` // its Count is how often To followed From
}

// Count returns how often To followed From.
func (e Edge) Count() int64 { return e.Times.Count }

// Edges returns the directly-follows graph, sorted by From and To.
func (g *Graph) Edges() []Edge {
	var all sums
	for i := range g.edges.cells {
		all.merge(&g.edges.cells[i].sums)
	}
	out := make([]Edge, 0, len(g.edges.cells))
	for i := range g.edges.cells {
		c := &g.edges.cells[i]
		e := Edge{From: g.names[c.from], To: g.names[c.to], Times: c.times(c.kept)}
		if all.total().Sign() > 0 {
			e.Share = ratio(c.total(), all.total())
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// TopEdges returns the most frequent edges that together are at least that share of all steps from one activity to the
// next, by the rules of [Graph.TopVariants], the most frequent first.
func (g *Graph) TopEdges(share float64) []Edge {
	out := g.Edges()
	slices.SortStableFunc(out, func(a, b Edge) int { return cmp.Compare(b.Count(), a.Count()) })
	return leading(out, share, Edge.Count)
}

// Bottlenecks returns the edges by the time that all journeys spent on them, the most first, then by From and To. Only
// steps that were made are timed: where journeys stand still, [Node] counts them, and package pace times them.
func (g *Graph) Bottlenecks() []Edge {
	out := g.Edges()
	slices.SortStableFunc(out, func(a, b Edge) int { return cmp.Compare(b.Times.Sum, a.Times.Sum) })
	return out
}

// leading returns the first items, sorted by falling count, that have the share, and those that tie with the last.
func leading[T any](items []T, share float64, count func(T) int64) []T {
	var all, sum int64
	for _, x := range items {
		all += count(x)
	}
	need := share * float64(all)
	for i, x := range items {
		reached := float64(sum) >= need && !math.IsNaN(share)
		if reached && share < 1 && (i == 0 || count(x) < count(items[i-1])) {
			return items[:i]
		}
		sum += count(x)
	}
	return items
}

// A Node is an activity, with what journeys do there.
type Node struct {
	Activity string `json:"activity"`
	Events   int64  `json:"events"`   // how often it was done
	Journeys int64  `json:"journeys"` // in which it was done
	Reworked int64  `json:"reworked"` // of Journeys: in which it was done again
	Starts   int64  `json:"starts"`   // journeys that began with it
	Ends     int64  `json:"ends"`     // ended journeys that ended with it
	Open     int64  `json:"open"`     // open journeys that stand after it
}

// Nodes returns the activities, sorted by name.
func (g *Graph) Nodes() []Node {
	nodes, seen := make([]Node, len(g.names)), make([]int, len(g.names))
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		path, n := g.paths.of(v), v.ended+v.open
		for _, a := range path {
			nodes[a].Events += n
			seen[a]++
		}
		for _, a := range path {
			if seen[a] > 0 {
				nodes[a].Journeys += n
			}
			if seen[a] > 1 {
				nodes[a].Reworked += n
			}
			seen[a] = 0
		}
		nodes[path[0]].Starts += n
		nodes[path[len(path)-1]].Ends += v.ended
		nodes[path[len(path)-1]].Open += v.open
	}
	out := make([]Node, 0, len(nodes))
	for a, n := range nodes {
		if n.Activity = g.names[a]; n.Events > 0 {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b Node) int { return cmp.Compare(a.Activity, b.Activity) })
	return out
}

// A Follow is a pair of activities, one at any time after the other in a journey.
type Follow struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int64  `json:"count"` // of pairs: three of To after two of From are six; 1<<63 - 1 if there are more than that
}

// Follows returns the eventually-follows graph, sorted by From and To.
func (g *Graph) Follows() []Follow {
	var pairs table
	seen := make([]int64, len(g.names))
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		var met []Activity // in order of their first time
		for _, to := range g.paths.of(v) {
			for _, from := range met {
				c := pairs.at(from, to)
				if journeys := v.ended + v.open; seen[from] > (math.MaxInt64-c.n)/journeys {
					c.n = math.MaxInt64
				} else {
					c.n += seen[from] * journeys
				}
			}
			if seen[to] == 0 {
				met = append(met, to)
			}
			seen[to]++
		}
		for _, a := range met {
			seen[a] = 0
		}
	}
	out := make([]Follow, 0, len(pairs.cells))
	for _, c := range pairs.cells {
		out = append(out, Follow{g.names[c.from], g.names[c.to], c.n})
	}
	slices.SortFunc(out, func(a, b Follow) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}
