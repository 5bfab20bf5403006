package segment

import "slices"

// A search looks for a row, of one value for each cell of each attribute, on which given rules are true and others are
// not. It chooses a cell for one attribute after the other and gives up a choice as soon as a rule is decided wrongly.
//
// Only whether a rule is true matters, and with NOT pushed down into the tests that depends on which tests are true:
// AND and OR are plain again, and an attribute without a cell yet makes its tests Unknown.
type search struct {
	model *Model
	now   int64
	lines []*line
	row   Row
	open  []bool // attributes without a cell yet
	left  *int   // steps that are left, over all searches of one question
}

// newSearch returns a search at a moment of as_of. It shares with like, another moment's, what does not depend on it.
func (m *Model) newSearch(now int64, like *search) *search {
	n := len(m.schema.columns)
	s := &search{model: m, now: now, lines: make([]*line, n), row: make(Row, n), open: make([]bool, n)}
	conditions := make([]*node, len(m.rules))
	for i := range m.rules {
		conditions[i] = &m.rules[i].when
	}
	for i, c := range m.schema.columns {
		if like != nil && c.kind != timeKind {
			s.lines[i] = like.lines[i]
			continue
		}
		l := m.schema.line(i, conditions, now)
		s.lines[i] = &l
	}
	s.reset()
	return s
}

// holds reports whether a condition is true, and, if that is undecided, an open attribute that it depends on.
func (s *search) holds(n *node) (t Truth, attr int) {
	if n.op > opOr {
		*s.left--
		switch {
		case s.open[n.attr]:
			return Unknown, n.attr
		case n.test(&s.row[n.attr], s.now) == True:
			return True, 0
		}
		return False, 0
	}
	settled, t := False, True
	if n.op == opOr {
		settled, t = True, False
	}
	for i := range n.parts {
		switch part, on := s.holds(&n.parts[i]); {
		case part == settled:
			return settled, 0
		case part == Unknown && t != Unknown:
			t, attr = Unknown, on
		}
	}
	return t, attr
}

// find reports whether there is a row on which the rules in yes are true and those in no are not. If so it is in s.row;
// its open attributes may have any value.
func (s *search) find(yes, no []int) bool {
	next := -1
	wrong := func(rules []int, never Truth) bool {
		return slices.ContainsFunc(rules, func(i int) bool {
			t, attr := s.holds(&s.model.rules[i].when)
			if t == Unknown && next < 0 {
				next = attr
			}
			return t == never
		})
	}
	switch {
	case wrong(yes, False), wrong(no, True):
		return false
	case next < 0:
		return true
	}
	s.open[next] = false
	for _, c := range s.lines[next].cells {
		s.row[next] = c.value
		if *s.left <= 0 {
			break
		}
		if s.find(yes, no) {
			return true
		}
	}
	s.free(next)
	return false
}

// free takes back the cell of an attribute.
func (s *search) free(attr int) {
	s.row[attr], s.open[attr] = s.lines[attr].cells[0].value, true
}

// reset takes back all cells.
func (s *search) reset() {
	for i := range s.open {
		s.free(i)
	}
}

// A side says in which of its cells an attribute lies.
type side struct {
	attr  int
	cells []int
}

// A box is the rows in which some attributes lie in given cells, whatever the others are.
type box []side

func sameBox(a, b box) bool {
	return slices.EqualFunc(a, b, func(x, y side) bool { return x.attr == y.attr && slices.Equal(x.cells, y.cells) })
}

// gaps returns disjoint boxes that are all the rows on which no rule is true, within the cells chosen so far.
// Where cells that touch leave the same gaps, they are taken together.
func (s *search) gaps() []box {
	next := -1
	for i := range s.model.rules {
		switch t, attr := s.holds(&s.model.rules[i].when); {
		case t == True:
			return nil
		case t == Unknown && next < 0:
			next = attr
		}
	}
	if next < 0 {
		return []box{{}}
	}
	l := s.lines[next]
	type group struct {
		cells []int
		boxes []box
	}
	var groups []group
	s.open[next] = false
	for i, c := range l.cells {
		if *s.left <= 0 {
			break
		}
		s.row[next] = c.value
		boxes := s.gaps()
		*s.left -= 16 * len(boxes) // to be compared and copied
		first := 0                 // of the groups that the cell may join
		if l.ordered() {
			first = max(0, len(groups)-1)
		}
		at := slices.IndexFunc(groups[first:], func(g group) bool { return slices.EqualFunc(g.boxes, boxes, sameBox) })
		isNull := i == len(l.cells)-1
		switch {
		case isNull && at == 0 && len(groups) == 1: // the attribute makes no difference
			s.free(next)
			return boxes
		case isNull || at < 0:
			groups = append(groups, group{[]int{i}, boxes})
		default:
			g := &groups[first+at]
			g.cells = append(g.cells, i)
		}
	}
	s.free(next)
	var all []box
	for _, g := range groups {
		for _, b := range g.boxes {
			all = append(all, append(box{{next, g.cells}}, b...))
		}
	}
	return all
}
