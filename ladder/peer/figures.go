package peer

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// A press makes the figures of groups.
type press struct {
	bar
	names    [2][]string
	percents []int // asked for, in increasing order, best among them
	best     int
	digits   int
}

// nudges is how many points of the grid a quantile may move away from somebody's value before it is withheld.
const nudges = 3

// release makes the figures of the group's members under a number and reports whether they may be released, after all
// that was released of the group before.
func (p *press) release(g *group, number int) (Group, bool) {
	members := g.members(number)
	totals := make([]int64, len(members))
	for i, s := range members {
		totals[i] = s.firm.total
	}
	if p.broken(totals) != "" {
		return Group{}, false
	}
	var versions []version
	for i := range g.versions {
		var percents []int
		for _, q := range g.versions[i].Quantiles {
			percents = append(percents, q.Percent)
		}
		versions = append(versions, newVersion(g.members(g.versions[i].Number), percents))
	}
	classes := g.classes()
	hidden := func(percents []int) bool {
		g.free(append(slices.Clip(versions), newVersion(members, percents)))
		return !slices.ContainsFunc(classes, func(c []*stay) bool { return !p.hides(c) })
	}
	if !hidden(nil) {
		return Group{}, false
	}
	out := Group{
		Stage: Stage(g.path[0]), Segment: g.path[1], Industry: g.path[2], Size: g.path[3], Number: number, Count: len(members),
	}
	n := int64(len(members))
	grid := p.grid(sum(totals) / n)
	figure := func(units int64) decimal.Decimal { return decimal.New(units, -places) }
	out.Grid, out.Mean = figure(grid), figure(nearest(sum(totals), n, grid))
	for kind, into := range [2]*[]Mean{&out.Drivers, &out.Capabilities} {
		released, ok := p.parts(g, members, classes, kind)
		if !ok {
			return Group{}, false
		}
		for _, i := range released {
			*into = append(*into, Mean{p.names[kind][i], figure(nearest(partSum(members, kind, i), n, grid))})
		}
	}
	var chosen []int
	for _, percent := range p.order(out.Stage) {
		low, share := position(len(totals), percent)
		high := low + min(share, 1)
		value, ok := quantile(totals, low, share, grid)
		if !ok || low < p.k || len(totals)-1-high < p.k {
			continue
		}
		if more := append(slices.Clip(chosen), percent); hidden(more) {
			chosen = more
			out.Quantiles = append(out.Quantiles, Quantile{percent, figure(value)})
		}
	}
	slices.SortFunc(out.Quantiles, func(a, b Quantile) int { return cmp.Compare(a.Percent, b.Percent) })
	return out, true
}

// order returns the percentages in the order in which they are tried: best in class first for mature companies, then
// from the middle outwards.
func (p *press) order(stage Stage) []int {
	return slices.SortedStableFunc(slices.Values(p.percents), func(a, b int) int {
		away := func(percent int) int {
			if stage == Mature && percent == p.best {
				return -1
			}
			return max(percent-50, 50-percent)
		}
		return cmp.Compare(away(a), away(b))
	})
}

// grid returns the power of ten that leaves a value the digits asked for.
func (p *press) grid(value int64) int64 {
	grid, least := int64(1), int64(1)
	for range p.digits {
		least *= 10
	}
	for value/grid >= least {
		grid *= 10
	}
	return grid
}

// nearest returns the multiple of grid that is nearest to a/b, the higher one of two.
func nearest(a, b, grid int64) int64 {
	whole, rest := a/b, a%b
	steps, units := whole/grid, whole%grid
	// Twice the remainder units + rest/b is compared with the grid.
	if twice := 2 * units; twice >= grid || twice == grid-1 && 2*rest >= b {
		steps++
	}
	return steps * grid
}

// quantile returns the value between two neighbours on the grid, moved up to a point that is nobody's value.
func quantile(totals []int64, low, hundredths int, grid int64) (int64, bool) {
	whole, rest := totals[low], int64(0)
	if hundredths > 0 {
		step := totals[low+1] - totals[low]
		// step·hundredths fits: a total is at most a million millions.
		whole += step * int64(hundredths) / 100
		rest = step * int64(hundredths) % 100
	}
	value := nearest(whole*100+rest, 100, grid)
	for range nudges + 1 {
		if _, taken := slices.BinarySearch(totals, value); !taken {
			return value, true
		}
		value += grid
	}
	return 0, false
}

func partSum(members []*stay, kind, i int) int64 {
	total := int64(0)
	for _, s := range members {
		total += s.firm.parts[kind][i]
	}
	return total
}

// parts returns which names may be released: those that enough contributors have and that hide each of them, as long as
// what the others come to does so too. It reports false where what was released before no longer hides somebody.
func (p *press) parts(g *group, members []*stay, classes [][]*stay, kind int) ([]int, bool) {
	names := p.names[kind]
	open := make([]bool, len(names)) // released now or before
	for i := range g.versions {
		for _, m := range [2][]Mean{g.versions[i].Drivers, g.versions[i].Capabilities}[kind] {
			at, _ := slices.BinarySearch(names, m.Name)
			open[at] = true
		}
	}
	before := slices.Clone(open)
	safe := func(in func(i int) bool) bool {
		return !slices.ContainsFunc(classes, func(c []*stay) bool { return !p.hidesPart(c, kind, in) })
	}
	having := func(in func(i int) bool) int {
		n := 0
		for _, s := range members {
			if s.firm.partial(kind, in) > 0 {
				n++
			}
		}
		return n
	}
	var released []int
	for i := 1; i < len(names); i++ {
		only := func(j int) bool { return i == j }
		switch hides := safe(only); {
		case before[i] && !hides:
			return nil, false
		case hides && having(only) > p.k:
			released, open[i] = append(released, i), true
		}
	}
	rest := func(i int) bool { return !open[i] }
	for {
		n := having(rest)
		if safe(rest) && (n == 0 || n > p.k || !slices.Contains(open, true)) {
			return released, true
		}
		least := -1 // of those that can still be hidden
		for at, i := range released {
			if !before[i] && (least < 0 || partSum(members, kind, i) < partSum(members, kind, released[least])) {
				least = at
			}
		}
		if least < 0 {
			return nil, false
		}
		open[released[least]] = false
		released = slices.Delete(released, least, least+1)
	}
}
