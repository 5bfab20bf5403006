package health

// A node is what one member, a measure or a group, gives to the group that holds it.
type node struct {
	applies  bool    // false: not applicable, as if it were not in the card
	required bool    // a required measure has no live reading
	empty    bool    // a group that must not be empty has no live member
	live     float64 // greatest liveness; a neutral or worst member has 1
	value    float64 // points, weighted by liveness
	low      float64 // points, all missing parts at 0
	high     float64 // points, all missing parts at 100
	coverage float64 // share that is known
}

// A leaf is one measure in one evaluation.
type leaf struct {
	node
	known   float64 // liveness of the reading, 0 to 1
	points  float64 // of the raw value, on the curve
	fixed   bool    // no reading would make the measure count
	valued  bool    // the reading has a place on the curve, expired or not
	share   float64 // of the whole, by what is live
	nominal float64 // of the whole, by what applies
	exact   float64 // points given to the whole, not yet on the grid
	part    float64 // exact on the grid
	rest    float64 // what rounding down left over, in steps
}

// A tally is one group in one evaluation: a node, and the sums that its means divide by.
type tally struct {
	node
	weight  float64 // of the members, by what is live
	full    float64 // of the members that apply
	share   float64 // of the whole, by what is live
	nominal float64 // of the whole, by what applies
}

func (t *tally) add(weight float64, n *node) {
	if !n.applies {
		return
	}
	live := float64(weight * n.live)
	t.applies = true
	t.required = t.required || n.required
	t.empty = t.empty || n.empty
	t.live = max(t.live, n.live)
	t.weight += live
	t.full += weight
	t.value += float64(live * n.value)
	t.low += float64(weight * n.low)
	t.high += float64(weight * n.high)
	t.coverage += float64(weight * n.coverage)
}

// mean turns the sums into means. Where nothing applies, anything between 0 and 100 is possible.
func (t *tally) mean(mustLive bool) {
	if !t.applies {
		t.high = 100
		return
	}
	if t.live > 0 {
		t.value /= t.weight
	} else if mustLive {
		t.empty = true
	}
	t.low /= t.full
	t.high /= t.full
	t.coverage /= t.full
}

// A sheet is the working of one evaluation.
type sheet struct {
	moment
	parts  []Part  // readings, ages and reasons
	leaves []leaf  // by measure
	groups []tally // by group; the last is the whole card
}

func (s *sheet) whole() *tally { return &s.groups[len(s.groups)-1] }

// sum tallies all groups, members before the group that holds them.
func (m *Model) sum(s *sheet) {
	for g := range m.groups {
		m.sumGroup(s, g)
	}
}

// sumAbove tallies again the groups that hold one measure.
func (m *Model) sumAbove(s *sheet, measure int) {
	for g := m.measures[measure].group; g >= 0; g = m.groups[g].parent {
		m.sumGroup(s, g)
	}
}

func (m *Model) sumGroup(s *sheet, g int) {
	group := &m.groups[g]
	var t tally
	for i := group.first; i < group.end; i++ {
		t.add(m.measures[i].weight, &s.leaves[i].node)
	}
	for _, i := range group.groups {
		t.add(m.groups[i].weight, &s.groups[i].node)
	}
	t.mean(group.mustLive)
	s.groups[g] = t
}

// distribute gives each measure its share of the whole, and its exact points.
func (m *Model) distribute(s *sheet) {
	whole := s.whole()
	whole.share, whole.nominal = 1, 1
	for g := len(m.groups) - 1; g >= 0; g-- {
		group, t := &m.groups[g], &s.groups[g]
		for i := group.first; i < group.end; i++ {
			l := &s.leaves[i]
			l.share, l.nominal = t.split(m.measures[i].weight, &l.node)
			l.exact = float64(l.share * l.value)
		}
		for _, i := range group.groups {
			child := &s.groups[i]
			child.share, child.nominal = t.split(m.groups[i].weight, &child.node)
		}
	}
}

// split returns a member's shares of the whole.
func (t *tally) split(weight float64, n *node) (share, nominal float64) {
	if !n.applies {
		return 0, 0
	}
	if t.weight > 0 {
		share = float64(t.share * (float64(weight*n.live) / t.weight))
	}
	return share, float64(t.nominal * (weight / t.full))
}
