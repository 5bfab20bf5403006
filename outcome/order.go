package outcome

import (
	"fmt"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/check"
)

// predecessors lists for each of n elements the positions of those that come first, of the names that are known.
func predecessors(n int, first func(i int) []string, names *check.Names) [][]int {
	lists := make([][]int, n)
	for i := range n {
		for _, name := range first(i) {
			if k, ok := names.Index(name); ok {
				lists[i] = append(lists[i], k)
			}
		}
	}
	return lists
}

// circle returns the elements of one circle in which each waits for the next, or nil.
func circle(n int, first func(i int) []string, names *check.Names) []int {
	for i := range n {
		if len(first(i)) > 0 {
			return cycle(predecessors(n, first, names))
		}
	}
	return nil
}

// waiting returns the outcomes of one circle in which each waits for the next, or nil.
func waiting(outcomes []Outcome, ids *check.Names) []int {
	return circle(len(outcomes), func(i int) []string { return outcomes[i].After }, ids)
}

func chainOf(outcomes []Outcome, loop []int) string {
	return chain(loop, func(i int) string { return outcomes[i].ID })
}

// arranged returns the nodes with each after those that come first, else in the order of preferred, which has each once, or
// in their own where it is nil. There must be no cycle.
func arranged(before [][]int, preferred []int) []int {
	order := make([]int, 0, len(before))
	seen := make([]bool, len(before))
	var visit func(i int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, k := range before[i] {
			visit(k)
		}
		order = append(order, i)
	}
	for i := range before {
		if preferred != nil {
			i = preferred[i]
		}
		visit(i)
	}
	return order
}

// cycle returns the nodes of one cycle in a graph of which before lists each node's predecessors, or nil.
// Its work is linear in the graph.
func cycle(before [][]int) []int {
	after := make([][]int, len(before))
	open := make([]int, len(before)) // predecessors that are not yet done
	var ready []int
	for i, list := range before {
		open[i] = len(list)
		for _, k := range list {
			after[k] = append(after[k], i)
		}
		if len(list) == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		i := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for _, k := range after[i] {
			if open[k]--; open[k] == 0 {
				ready = append(ready, k)
			}
		}
	}
	at := slices.IndexFunc(open, func(n int) bool { return n > 0 })
	if at < 0 {
		return nil
	}
	// Every open node has an open predecessor, so that walking back must meet itself.
	var walk []int
	seen := make(map[int]int)
	for {
		if first, met := seen[at]; met {
			return walk[first:]
		}
		seen[at] = len(walk)
		walk = append(walk, at)
		at = before[at][slices.IndexFunc(before[at], func(k int) bool { return open[k] > 0 })]
	}
}

// chain writes a cycle for people, at most eight of its names.
func chain(loop []int, name func(int) string) string {
	const shown = 8
	var b strings.Builder
	for _, i := range loop[:min(len(loop), shown)] {
		fmt.Fprintf(&b, "%q after ", name(i))
	}
	if len(loop) > shown {
		b.WriteString("… after ")
	}
	fmt.Fprintf(&b, "%q", name(loop[0]))
	return b.String()
}
