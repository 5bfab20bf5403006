package health

// A limit is a card's limit with its measure found and its points on the grid.
type limit struct {
	Limit
	measure int
}

// acts reports whether the limit acts on a live reading.
func (l *limit) acts(liveness, raw float64) bool { return liveness > 0 && l.When.holds(raw, l.Value) }

// limited applies the limits: floors first, then caps; the highest floor and the lowest cap win, ties by definition
// order. The limits of one kind also act where their measure is unknown. It returns the limit that decided, or nil.
func (m *Model) limited(v float64, s *sheet, unknown LimitKind) (float64, *limit) {
	var floor, lid *limit
	for i := range m.limits {
		l := &m.limits[i]
		leaf := &s.leaves[l.measure]
		guess := l.Kind == unknown && leaf.applies && leaf.known == 0
		if !guess && !l.acts(leaf.known, s.parts[l.measure].Reading.Value) {
			continue
		}
		if l.Kind == Floor && (floor == nil || l.Points > floor.Points) {
			floor = l
		}
		if l.Kind == Cap && (lid == nil || l.Points < lid.Points) {
			lid = l
		}
	}
	var decided *limit
	if floor != nil && v < floor.Points {
		v, decided = floor.Points, floor
	}
	if lid != nil && v > lid.Points {
		v, decided = lid.Points, lid
	}
	return v, decided
}

// band returns the position of the band that a value belongs to.
func (m *Model) band(v float64) int {
	b := 0
	for i := range m.bands {
		if m.bands[i].Floor <= v {
			b = i
		}
	}
	return b
}

// bandNamed returns the position of a band, or -1.
func (m *Model) bandNamed(name string) int {
	for i := range m.bands {
		if m.bands[i].Name == name {
			return i
		}
	}
	return -1
}
