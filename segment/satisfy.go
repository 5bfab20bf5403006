package segment

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Satisfy looks for facts, and for an instant from from to to, both included, of which every condition in yes is TRUE and
// none in no is. It is what [Model.Verify] asks, for conditions outside of a scheme.
//
// The truth is TRUE if it found them, and FALSE if there are none: a proof. It is UNKNOWN if that takes more than 4 194 304
// looks at a test, relative and absolute times change places too often, the span is wrong, or two conditions have
// different attributes of one name. Facts are those that the conditions read, each once, in the order in which they do.
func Satisfy(yes, no []*Condition, from, to time.Time) (facts []Fact, asOf time.Time, truth Truth) {
	nowFrom, errFrom := instantOf(from)
	nowTo, errTo := instantOf(to)
	if errFrom != nil || errTo != nil || nowTo < nowFrom {
		return nil, time.Time{}, Unknown
	}
	all := slices.Concat(yes, no)
	m := &Model{schema: &schema{index: make(map[string]int)}, rules: make([]rule, len(all))}
	var wanted, unwanted []int
	for i, c := range all {
		attrs, ok := m.schema.join(c.schema)
		if !ok {
			return nil, time.Time{}, Unknown
		}
		m.rules[i].when = c.root.moved(attrs)
		if i < len(yes) {
			wanted = append(wanted, i)
		} else {
			unwanted = append(unwanted, i)
		}
	}
	moments, ok := m.crossings(nowFrom, nowTo)
	if !ok {
		return nil, time.Time{}, Unknown
	}
	left := maxSteps
	var like *search
	for _, now := range moments {
		like = m.newSearch(now, like)
		like.left = &left
		if like.find(wanted, unwanted) {
			return like.witness(), instant.FromMicros(now), True
		}
		if left <= 0 {
			return nil, time.Time{}, Unknown
		}
	}
	return nil, time.Time{}, False
}

// join adds the columns of another schema, and returns where they are. It reports false if one of them is there and
// differs.
func (s *schema) join(other *schema) (attrs []int, ok bool) {
	for _, c := range other.columns {
		i, found := s.index[c.name]
		if !found {
			i = len(s.columns)
			s.index[c.name] = i
			s.columns = append(s.columns, c)
		}
		attrs = append(attrs, i)
		if have := &s.columns[i]; have.kind != c.kind || have.within != c.within || !slices.Equal(have.sorted, c.sorted) {
			return nil, false
		}
	}
	return attrs, true
}

// moved returns a copy of the condition that reads its attributes elsewhere.
func (n node) moved(attrs []int) node {
	if n.op > opOr {
		n.attr = attrs[n.attr]
		return n
	}
	n.parts = slices.Clone(n.parts)
	for i := range n.parts {
		n.parts[i] = n.parts[i].moved(attrs)
	}
	return n
}
