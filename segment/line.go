package segment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A line is the domain of one attribute cut into cells. Conditions can't tell two values of one cell apart, so that one
// value of each stands for all.
type line struct {
	name  string
	kind  kind
	cuts  []cut    // rising: the constants that numbers or instants are compared with
	texts []string // rising: the constants that texts are compared with
	cells []cell   // numbers and instants rising, texts as in texts; the last is NULL
}

// A cut is a constant within the domain.
type cut struct {
	number float64
	text   string // the number as it is written in a condition
	us     int64  // of an instant, microseconds since 1970
	moment moment
}

// A cell is one cut, or what lies between two neighbours.
type cell struct {
	value Value // a member
	cut   int   // the cut that it is, or the one below it; -1: it lies below all cuts
	on    bool  // it is the cut
}

// line cuts the domain of an attribute by the constants of some conditions. Time constants that meet at now are one
// cut, which the same one of them names each time.
func (s *schema) line(attr int, conditions []*node, now int64) line {
	c := &s.columns[attr]
	l := line{name: c.name, kind: c.kind}
	for _, condition := range conditions {
		condition.tests(func(n *node) {
			if n.attr != attr {
				return
			}
			l.texts = append(l.texts, n.texts...)
			for _, f := range n.numbers {
				if c.min <= f && f <= c.max {
					l.cuts = append(l.cuts, cut{number: f})
				}
			}
			for _, m := range n.moments {
				if us := m.at(now); earliest <= us && us <= latest {
					l.cuts = append(l.cuts, cut{us: us, moment: m})
				}
			}
		})
	}
	switch c.kind {
	case numberKind:
		slices.SortFunc(l.cuts, func(a, b cut) int { return cmp.Compare(a.number, b.number) })
		l.cuts = slices.CompactFunc(l.cuts, func(a, b cut) bool { return a.number == b.number })
		for i := range l.cuts {
			l.cuts[i].text = numberText(l.cuts[i].number)
		}
		l.numberCells(c.min, c.max)
	case timeKind:
		slices.SortFunc(l.cuts, func(a, b cut) int {
			return cmp.Or(cmp.Compare(a.us, b.us), cmp.Compare(a.moment.us, b.moment.us))
		})
		l.cuts = slices.CompactFunc(l.cuts, func(a, b cut) bool { return a.us == b.us })
		l.timeCells(now)
	case textKind:
		slices.Sort(l.texts)
		l.texts = slices.Compact(l.texts)
		l.textCells(c)
	case flagKind:
		l.cells = []cell{{value: Flag(true)}, {value: Flag(false)}}
	}
	l.cells = append(l.cells, cell{value: Null()})
	return l
}

// numberCells cuts the numbers from lo to hi. A cell between two cuts is left out where no float64 lies between them.
func (l *line) numberCells(lo, hi float64) {
	add := func(f float64, cut int, on bool) { l.cells = append(l.cells, cell{Number(f), cut, on}) }
	if len(l.cuts) == 0 {
		add(min(max(0, lo), hi), -1, false)
		return
	}
	if first := l.cuts[0].number; lo < first {
		add(max(lo, first-1), -1, false)
	}
	for i, c := range l.cuts {
		add(c.number, i, true)
		switch {
		case i+1 < len(l.cuts):
			if above := l.cuts[i+1].number; math.Nextafter(c.number, above) < above {
				add(between(c.number, above), i, false)
			}
		case c.number < hi:
			add(min(hi, c.number+1), i, false)
		}
	}
}

// between returns a number above a and below b, a whole one if there is one near the middle.
func between(a, b float64) float64 {
	mid := a + (b-a)/2
	if mid <= a || mid >= b {
		return math.Nextafter(a, b)
	}
	if whole := math.Floor(mid); whole > a {
		return whole
	}
	return mid
}

// timeCells cuts the instants of the domain. A cell between two cuts is left out where no microsecond lies between them.
func (l *line) timeCells(now int64) {
	add := func(us int64, cut int, on bool) { l.cells = append(l.cells, cell{timeAt(us), cut, on}) }
	if len(l.cuts) == 0 {
		add(max(now, earliest), -1, false)
		return
	}
	if first := l.cuts[0].us; earliest < first {
		add(max(earliest, first-microsPerDay), -1, false)
	}
	for i, c := range l.cuts {
		add(c.us, i, true)
		switch {
		case i+1 < len(l.cuts):
			if above := l.cuts[i+1].us; c.us+1 < above {
				add(betweenInstants(c.us, above), i, false)
			}
		case c.us < latest:
			add(min(latest, c.us+microsPerDay), i, false)
		}
	}
}

// betweenInstants returns an instant after a and before b, near the middle and as round as can be.
func betweenInstants(a, b int64) int64 {
	mid := a + (b-a)/2
	for _, unit := range [...]int64{microsPerDay, microsPerHour, microsPerMinute, int64(time.Second / time.Microsecond)} {
		if round := mid - (mid%unit+unit)%unit; round > a {
			return round
		}
	}
	return mid
}

// textCells gives each text that a condition names a cell of its own, and one to any other.
func (l *line) textCells(c *column) {
	for i, text := range l.texts {
		l.cells = append(l.cells, cell{Text(text), i, true})
	}
	if other, ok := c.other(l.texts); ok {
		l.cells = append(l.cells, cell{Text(other), -1, false})
	}
}

// other returns an allowed text that is not in sorted, if there is one.
func (c *column) other(sorted []string) (string, bool) {
	in := func(text string) bool {
		_, ok := slices.BinarySearch(sorted, text)
		return ok
	}
	for _, text := range c.listed {
		if !in(text) {
			return text, true
		}
	}
	if len(c.listed) > 0 {
		return "", false
	}
	other := "other"
	for i := 2; in(other); i++ {
		other = fmt.Sprint("other ", i)
	}
	return other, true
}

// ordered reports whether cells that touch each other make a range.
func (l *line) ordered() bool { return l.kind == numberKind || l.kind == timeKind }

// literal returns a cut as it is written in a condition.
func (l *line) literal(i int) string {
	if l.kind == timeKind {
		return l.cuts[i].moment.String()
	}
	return l.cuts[i].text
}

// condition describes cells, given by rising positions, as a condition that holds in them and nowhere else. They are
// the NULL cell alone, or others; those of an ordered line follow each other. Of many texts the first most are written.
func (l *line) condition(cells []int, most int) string {
	known := len(l.cells) - 1
	first, last := cells[0], cells[len(cells)-1]
	switch {
	case first == known:
		return l.name + " IS NULL"
	case len(cells) == known:
		return l.name + " IS NOT NULL"
	case l.kind == flagKind:
		return l.name + " = " + l.cells[first].value.String()
	case l.kind == textKind:
		return l.textCondition(cells, most)
	}
	from, to := &l.cells[first], &l.cells[last]
	switch {
	case first == last && from.on:
		return l.name + " = " + l.literal(from.cut)
	case first > 0 && last < known-1 && from.on && to.on:
		return l.name + " BETWEEN " + l.literal(from.cut) + " AND " + l.literal(to.cut)
	}
	above, below := "", ""
	switch {
	case first == 0: // nothing lies below
	case from.on:
		above = l.name + " >= " + l.literal(from.cut)
	default:
		above = l.name + " > " + l.literal(from.cut)
	}
	switch {
	case last == known-1: // nothing lies above
	case to.on:
		below = l.name + " <= " + l.literal(to.cut)
	default:
		below = l.name + " < " + l.literal(to.cut+1)
	}
	if above == "" || below == "" {
		return above + below
	}
	return above + " AND " + below
}

// textCondition names the texts of the cells, or, where any other text is among them, those that are not.
func (l *line) textCondition(cells []int, most int) string {
	others := !l.cells[cells[len(cells)-1]].on
	var texts []string
	for i := range l.texts {
		if slices.Contains(cells, i) != others {
			texts = append(texts, quoted(l.texts[i]))
		}
	}
	one, many := " = ", " IN ("
	if others {
		one, many = " <> ", " NOT IN ("
	}
	if len(texts) == 1 {
		return l.name + one + texts[0]
	}
	if n := len(texts) - most; n > 0 {
		texts = append(texts[:most], fmt.Sprintf("and %d more", n))
	}
	return l.name + many + strings.Join(texts, ", ") + ")"
}
