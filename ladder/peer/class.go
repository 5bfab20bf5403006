package peer

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A stay is a contributor with its values in a group, and the numbers of the releases of the group that it was part of.
// A company whose values were restated is another contributor.
type stay struct {
	firm  *firm
	in    []int
	floor int64 // the total could be anything from floor to top without a change to a quantile of any release
	top   int64
}

func (s *stay) was(number int) bool { return slices.Contains(s.in, number) }

// same reports whether two firms have the same values; their names are in the same lists.
func (f *firm) same(g *firm) bool {
	return f.total == g.total && slices.Equal(f.parts[0], g.parts[0]) && slices.Equal(f.parts[1], g.parts[1])
}

// A group is the host's side of a [Group]: all who ever were in it, and what was released.
type group struct {
	path     path
	stays    []*stay
	versions []Group
}

// members returns those of a version in order of total.
func (g *group) members(number int) []*stay {
	var list []*stay
	for _, s := range g.stays {
		if s.was(number) {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b *stay) int { return cmp.Compare(a.firm.total, b.firm.total) })
	return list
}

// free sets how far each total can move between the values that the quantiles of all versions are read from. Whoever
// knows those values exactly, which is more than what is released, knows no more of the others than this.
func (g *group) free(versions []version) {
	for _, s := range g.stays {
		s.floor, s.top = 0, math.MaxInt64
	}
	for _, v := range versions {
		for i, q := 0, 0; i < len(v.members); i++ {
			for q < len(v.fixed) && v.fixed[q] < i {
				q++
			}
			s := v.members[i]
			if q > 0 {
				s.floor = max(s.floor, v.members[v.fixed[q-1]].firm.total)
			}
			if q < len(v.fixed) {
				s.top = min(s.top, v.members[v.fixed[q]].firm.total)
				if v.fixed[q] == i {
					s.floor = s.firm.total
				}
			}
		}
	}
}

// A version is one release of a group.
type version struct {
	members []*stay // in order of total
	fixed   []int   // positions that the quantiles are read from, in order
}

// newVersion returns the version whose quantiles are the given percentages.
func newVersion(members []*stay, percents []int) version {
	v := version{members: members}
	for _, p := range percents {
		low, share := position(len(members), p)
		v.fixed = append(v.fixed, low)
		if share > 0 {
			v.fixed = append(v.fixed, low+1)
		}
	}
	slices.Sort(v.fixed)
	v.fixed = slices.Compact(v.fixed)
	return v
}

// position is where a percentile of n values in order lies: between low and low+1, so many hundredths of the way.
func position(n, percent int) (low, hundredths int) {
	at := (n - 1) * percent
	return at / 100, at % 100
}

// classes parts all stays by the versions that they were in. Sums of versions tell the sums of classes at most: nothing
// within a class can be told apart.
func (g *group) classes() [][]*stay {
	sorted := slices.Clone(g.stays)
	slices.SortStableFunc(sorted, func(a, b *stay) int { return slices.Compare(a.in, b.in) })
	var list [][]*stay
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && slices.Equal(sorted[i].in, sorted[j].in) {
			j++
		}
		list = append(list, sorted[i:j])
		i = j
	}
	return list
}

// hides reports whether a class whose total is known hides each of its contributors from each other one.
// The one that asks takes its own value off; the largest of the others could be as much larger as the remaining ones
// could be smaller. With nothing known but the total that is the p % rule.
func (b bar) hides(class []*stay) bool {
	n := len(class)
	if n <= b.k {
		return false
	}
	sorted := slices.SortedStableFunc(slices.Values(class), func(x, y *stay) int { return cmp.Compare(x.firm.total, y.firm.total) })
	first, second := sorted[n-1], sorted[n-2]
	slack, largest := int64(0), int64(0)
	for _, s := range sorted[:n-1] {
		slack += s.firm.total - s.floor
		largest = max(largest, s.firm.total-s.floor)
	}
	asSecond := min(slack-largest, first.top-first.firm.total)
	asFirst := min(slack-(second.firm.total-second.floor), second.top-second.firm.total)
	return b.covers(asSecond, first.firm.total) && b.covers(asFirst, second.firm.total)
}

// hidesPart holds the p % rule to the sum of some positions of a part over a class.
func (b bar) hidesPart(class []*stay, kind int, in func(i int) bool) bool {
	total, first, second := int64(0), int64(0), int64(0)
	for _, s := range class {
		v := s.firm.partial(kind, in)
		total += v
		if v > first {
			first, second = v, first
		} else {
			second = max(second, v)
		}
	}
	return b.covers(total-first-second, first)
}

func (f *firm) partial(kind int, in func(i int) bool) int64 {
	v := int64(0)
	for i, units := range f.parts[kind] {
		if in(i) {
			v += units
		}
	}
	return v
}

// compareStays orders by company, and those of one company by their values.
func compareStays(a, b *stay) int {
	return cmp.Or(strings.Compare(a.firm.company, b.firm.company), cmp.Compare(a.firm.total, b.firm.total),
		slices.Compare(a.firm.parts[0], b.firm.parts[0]), slices.Compare(a.firm.parts[1], b.firm.parts[1]))
}
