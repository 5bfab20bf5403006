package mining

import (
	"cmp"
	"slices"
	"strings"
)

// A Loop is a way round from an activity back to it, without another loop within.
type Loop struct {
	Path     []string `json:"path"`     // from the activity on, which comes again after the last
	Count    int64    `json:"count"`    // how often journeys went round
	Journeys int64    `json:"journeys"` // that went round at least once
}

// Loops returns the rework of all journeys: each is followed, and whenever it comes to an activity that lies on its way,
// the way since then is a loop and is taken off (loop erasure). So every step is in at most one loop. Loops of most rounds
// come first, then shorter ones, then those in the order of their activities' bytes.
func (g *Graph) Loops() []Loop {
	found := make(map[string]int) // position in out, by the activities
	var out []Loop
	at := make([]int, len(g.names)) // position on the way, counted from 1
	for i := range g.paths.variants {
		v := &g.paths.variants[i]
		var way []Activity
		rounds := make(map[string]bool) // loops that this variant has
		for _, a := range g.paths.of(v) {
			if at[a] == 0 {
				way = append(way, a)
				at[a] = len(way)
				continue
			}
			path := make([]string, 0, len(way)-at[a]+1)
			for _, b := range way[at[a]-1:] {
				path = append(path, g.names[b])
				if b != a {
					at[b] = 0
				}
			}
			way = way[:at[a]]
			key := strings.Join(path, "\x00")
			k, ok := found[key]
			if !ok {
				k = len(out)
				found[key] = k
				out = append(out, Loop{Path: path})
			}
			out[k].Count += v.ended + v.open
			if !rounds[key] {
				rounds[key] = true
				out[k].Journeys += v.ended + v.open
			}
		}
		for _, a := range way {
			at[a] = 0
		}
	}
	slices.SortFunc(out, func(a, b Loop) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(len(a.Path), len(b.Path)), slices.Compare(a.Path, b.Path))
	})
	return out
}

// A Dependency says how surely one activity leads to another rather than the other way round.
type Dependency struct {
	From  string  `json:"from"`
	To    string  `json:"to"`
	Value float64 `json:"value"` // above -1 and below 1
}

// Dependencies returns the dependency measure of every pair that follows directly in either direction, sorted by From and
// To. With |a>b| for how often b directly followed a, it is
//
//	(|a>b| - |b>a|) / (|a>b| + |b>a| + 1), and |a>a| / (|a>a| + 1) of an activity with itself.
//
// An edge counts as not there if it is less frequent than noise times the most frequent edge from or to From, and likewise
// of To. So an activity keeps its most frequent edge. Noise is from 0, which keeps all, to 1; NaN is 0.
func (g *Graph) Dependencies(noise float64) []Dependency {
	strong := g.strong(noise)
	var out []Dependency
	for _, c := range strong.cells {
		var back float64
		if b := strong.find(c.to, c.from); b != nil && c.from != c.to {
			back = float64(b.n)
		}
		n := float64(c.n)
		value := (n - back) / (n + back + 1)
		out = append(out, Dependency{g.names[c.from], g.names[c.to], value})
		if back == 0 && c.from != c.to {
			out = append(out, Dependency{g.names[c.to], g.names[c.from], -value})
		}
	}
	slices.SortFunc(out, func(a, b Dependency) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// strong returns the counts of edges that are not noise.
func (g *Graph) strong(noise float64) *table {
	most := make([]int64, len(g.names))
	for _, c := range g.edges.cells {
		most[c.from] = max(most[c.from], c.n)
		most[c.to] = max(most[c.to], c.n)
	}
	var out table
	for _, c := range g.edges.cells {
		if !(float64(c.n) < noise*float64(min(most[c.from], most[c.to]))) {
			out.at(c.from, c.to).n = c.n
		}
	}
	return &out
}
