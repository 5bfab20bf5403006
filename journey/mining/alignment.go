package mining

import (
	"iter"
	"math"
	"slices"
)

// A Fit is how one thing in a journey fits a map.
type Fit string

// Fits.
const (
	Fits    Fit = "fits"    // the activity belongs to the phase
	Extra   Fit = "extra"   // the activity has no place; it has no phase
	Missing Fit = "missing" // the phase was not seen; it has no activity
	Instead Fit = "instead" // the activity is in the place of a phase that it does not belong to
)

// A Pair is one step of an alignment.
type Pair struct {
	Fit      Fit    `json:"fit"`
	Activity string `json:"activity,omitempty"`
	Phase    string `json:"phase,omitempty"`
}

// An Alignment is a journey laid along a map.
type Alignment struct {
	Pairs   []Pair  `json:"pairs"` // in order: the activities are the journey's, the phases a way that the map allows
	Ended   bool    `json:"ended"`
	Cost    int64   `json:"cost"`    // of all deviations: no way costs less
	Worst   int64   `json:"worst"`   // cost if nothing fitted: all activities extra, and the phases of the shortest way missing
	Fitness float64 `json:"fitness"` // 1 - Cost / Worst: 1 fits, 0 has nothing of the map
}

// Align lays a journey along the map. Of several alignments that cost the same it takes, from the end back to the start,
// one whose phase comes first in the map, in which an activity fits rather than is instead or extra, coming from the
// phase that comes first. Memory grows with the number of activities times that of the phases that one may belong to (all
// of them, if Costs.Instead is given), time with that times the number of phases. It returns a *DataError if the journey
// can't be used.
func (a *Aligner) Align(j Journey) (Alignment, error) {
	path, bad := a.path(j)
	if bad != nil {
		return Alignment{}, bad
	}
	return a.align(path, a.ending.Ended(j)), nil
}

func (a *Aligner) path(j Journey) ([]string, *DataError) {
	if _, bad := j.check(nil); bad != nil {
		return nil, bad
	}
	path := make([]string, len(j.Steps))
	for i, s := range j.Steps {
		path[i] = s.Activity
	}
	return path, nil
}

// impossible is a cost above all that journeys have.
const impossible = math.MaxInt64 / 4

// An entry is how an alignment came into a phase by an activity.
type entry struct {
	phase, from int
	fit         Fit
}

// align is the dynamic program: after i activities cost[v] is the least cost with v as the phase that one is in, the start
// being the last. Phases are missing only right before one that is entered, or at the end. Where no entry of an activity is
// of the phase that one is in, the activity was extra.
func (a *Aligner) align(path []string, ended bool) Alignment {
	n := len(a.phases)
	cost, next := slices.Repeat([]int64{impossible}, n+1), make([]int64, n+1)
	cost[n] = 0
	entries := make([]entry, 0, len(path))
	first := make([]int, len(path)+1) // of an activity among the entries
	for i, activity := range path {
		for v, before := range cost {
			next[v] = before + a.costs.Extra
		}
		enter := func(v int, fit Fit, price int64) {
			if from, total := a.enter(cost, v, fit, price); total < impossible && total <= next[v] {
				next[v] = total
				entries = append(entries, entry{v, from, fit})
			}
		}
		labels := a.labels[activity]
		for _, v := range labels {
			enter(v, Fits, 0)
		}
		for v := range n {
			if a.costs.Instead > 0 && !slices.Contains(labels, v) {
				enter(v, Instead, a.costs.Instead)
			}
		}
		cost, next, first[i+1] = next, cost, len(entries)
	}
	at, least := 0, int64(impossible)
	for v, c := range cost {
		if ended && a.rest[v] >= 0 {
			c += int64(a.rest[v]) * a.costs.Missing
		} else if ended {
			continue
		}
		if c < least {
			at, least = v, c
		}
	}
	out := Alignment{Pairs: a.trace(path, entries, first, at, ended), Ended: ended, Cost: least, Worst: int64(len(path)) * a.costs.Extra}
	if ended {
		out.Worst += int64(a.rest[n]) * a.costs.Missing
	}
	out.Fitness = float64(out.Worst-out.Cost) / float64(out.Worst)
	return out
}

// enter returns the phase from which it costs least to enter another by an activity at this price, and what it costs then.
func (a *Aligner) enter(cost []int64, v int, fit Fit, price int64) (from int, least int64) {
	least = impossible
	for u, c := range cost {
		phases := a.between[u][v]
		if u == v && fit == Fits && !a.strict {
			phases = 0
		}
		if total := c + int64(phases)*a.costs.Missing + price; phases >= 0 && total < least {
			from, least = u, total
		}
	}
	return from, least
}

// trace follows the entries back from a phase. Those of activity i are from first[i] up to first[i+1].
func (a *Aligner) trace(path []string, entries []entry, first []int, at int, ended bool) []Pair {
	var back []Pair // the last first
	missing := func(from, to int) {
		for _, p := range slices.Backward(a.way(nil, from, to)) {
			back = append(back, Pair{Fit: Missing, Phase: a.phases[p]})
		}
	}
	if last := a.last[at]; ended && last != at {
		back = append(back, Pair{Fit: Missing, Phase: a.phases[last]})
		missing(at, last)
	}
	for i, activity := range slices.Backward(path) {
		here := entries[first[i]:first[i+1]]
		k := slices.IndexFunc(here, func(e entry) bool { return e.phase == at })
		if k < 0 {
			back = append(back, Pair{Fit: Extra, Activity: activity})
			continue
		}
		e := here[k]
		back = append(back, Pair{e.fit, activity, a.phases[at]})
		if e.from != at || e.fit != Fits || a.strict {
			missing(e.from, at)
		}
		at = e.from
	}
	slices.Reverse(back)
	return back
}

// An Item is one account's result in a batch. Err is nil, or the account's own failure.
type Item struct {
	Account   string
	Alignment *Alignment // shared by accounts of one path: not to be changed
	Err       error
}

// AlignAll aligns the journeys of events that are sorted by the bytes of the account. Each path is aligned once: memory
// grows with different paths. One account's failure sits in its Item; the sequence's error comes once, last, when
// events itself fails or is not sorted.
func (a *Aligner) AlignAll(events iter.Seq2[Event, error]) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var activities index
		var known paths
		var numbers []Activity
		type key struct {
			path  int
			ended bool
		}
		aligned := make(map[key]*Alignment)
		for j, err := range Journeys(events) {
			if err != nil {
				yield(Item{}, err)
				return
			}
			item := Item{Account: j.Account}
			if path, bad := a.path(j); bad != nil {
				item.Err = bad
			} else {
				numbers = numbers[:0]
				for _, name := range path {
					numbers = append(numbers, activities.of(name))
				}
				k := key{known.at(numbers, hashOf(numbers)), a.ending.Ended(j)}
				if aligned[k] == nil {
					x := a.align(path, k.ended)
					aligned[k] = &x
				}
				item.Alignment = aligned[k]
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}
