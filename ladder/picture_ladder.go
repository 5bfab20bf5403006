package ladder

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/svg"
)

// Where things are in the picture of a ladder: a row for each rung, the highest on top.
const (
	rowTop, rowHigh           = 64.0, 168.0
	boxLeft, boxWide, boxTall = 130.0, 190.0, 78.0
	boxGap                    = 40.0
	widestFlow, narrowestFlow = 22.0, 1.5
	boxLine                   = 15.0
)

// SVG returns the ladder with a statement's value: each node on its rung with what its benefits are worth, and what the
// links carry up from it, as wide as it is much. It needs nothing from outside, and its title and description say what
// it shows. It returns an error if the statement is nil or not of this ladder (*DataError).
func (m *Model) SVG(s *Statement) (string, error) {
	if s == nil {
		return "", &DataError{"", "statement", "is missing"}
	}
	if err := m.made(s.Account, "statement", s); err != nil {
		return "", err
	}
	if err := s.bounded(); err != nil {
		return "", err
	}
	if len(s.Carried) != len(m.def.Links) {
		return "", &DataError{s.Account, "carried", fmt.Sprintf("has %d links, not %d", len(s.Carried), len(m.def.Links))}
	}
	rows := m.rows()
	most := 0
	for _, row := range rows {
		most = max(most, len(row))
	}
	width := boxLeft + float64(float64(max(most, 3))*(boxWide+boxGap)) + 20
	title := "Value ladder of " + s.Account
	var c svg.Canvas
	c.Begin(width, rowTop+float64(rowHigh*float64(len(rungs)))+20, title, m.describe(s))
	c.Text(inkTitle, 24, 28, svg.Shorten(title, 80))
	c.Text(inkSoft, 24, 46, fmt.Sprintf("%s, %s to %s: %s, %s after haircuts", m.def.Name,
		s.From.Format("2006-01-02"), s.To.Format("2006-01-02"), money(s.Gross, s.Currency), money(s.Adjusted, s.Currency)))
	place := make([][2]float64, len(m.def.Nodes))
	for i, row := range rows {
		y := rowTop + float64(rowHigh*float64(i))
		c.Rect(`fill="#f6f6f4"`, 20, y, width-40, rowHigh-50)
		c.Text(inkSoft, 30, y+float64(rowHigh-50)/2+4, string(rungs[len(rungs)-1-i]))
		indent := float64(float64(max(most, 3)-len(row)) * (boxWide + boxGap) / 2)
		for k, node := range row {
			place[node] = [2]float64{boxLeft + indent + float64(float64(k)*(boxWide+boxGap)), y + 20}
		}
	}
	m.flows(&c, s, place)
	for i := range m.def.Nodes {
		m.box(&c, s, i, place[i])
	}
	return c.End(), nil
}

// rows returns the nodes of each rung, the highest first.
func (m *Model) rows() [][]int {
	rows := make([][]int, len(rungs))
	for i := range m.def.Nodes {
		row := len(rungs) - 1 - rank(rungs, m.def.Nodes[i].Rung)
		rows[row] = append(rows[row], i)
	}
	return rows
}

// flows draws what the links carry, from the upper edge of the lower box to the lower edge of the higher one.
func (m *Model) flows(c *svg.Canvas, s *Statement, place [][2]float64) {
	greatest := decimal.New(1, 0)
	for i := range s.Carried {
		if a := s.Carried[i].Amount.Abs(); a.Cmp(greatest) > 0 {
			greatest = a
		}
	}
	for i, link := range m.def.Links {
		from, to := place[m.plan.nodes[link.From]], place[m.plan.nodes[link.To]]
		x1, y1, x2, y2 := from[0]+boxWide/2, from[1], to[0]+boxWide/2, to[1]+boxTall
		wide := max(float64(widestFlow*s.Carried[i].Amount.Abs().InexactFloat64()/greatest.InexactFloat64()), narrowestFlow)
		hue := hueValue
		if s.Carried[i].Amount.Sign() < 0 {
			hue = hueLost
		}
		c.Line(fmt.Sprintf(`stroke="%s" stroke-opacity="0.4" stroke-width="%.1f"`, hue, wide), x1, y1, x2, y2)
		c.Text(`fill="#222222" font-size="11" text-anchor="middle" stroke="#ffffff" stroke-width="3" paint-order="stroke"`,
			x1+float64((x2-x1)/3), y1+float64((y2-y1)/3), money(s.Carried[i].Amount, s.Currency))
	}
}

// box draws a node with its stakeholder and the value of its own benefits.
func (m *Model) box(c *svg.Canvas, s *Statement, node int, at [2]float64) {
	n := &m.def.Nodes[node]
	c.Rect(`fill="#ffffff" stroke="#6d6d6d" rx="5"`, at[0], at[1], boxWide, boxTall)
	x, y := at[0]+10, at[1]+18
	c.Text(inkText+` font-weight="bold"`, x, y, svg.Shorten(n.Name, 25))
	held := n.Stakeholder
	if n.Budget != "" {
		held = strings.TrimPrefix(held+", budget "+n.Budget, ", ")
	}
	c.Text(inkSoft, x, y+boxLine, svg.Shorten(held, 27))
	c.Text(inkText, x, y+2*boxLine+4, m.worth(s, n.Name))
	if t, ok := ofNode(s, n.Name); ok && t.Unknown > 0 && anyKnown(s, n.Name) {
		c.Text(inkSoft, x, y+3*boxLine+4, fmt.Sprintf("and %d not known", t.Unknown))
	}
}

func ofNode(s *Statement, node string) (Total, bool) {
	i := slices.IndexFunc(s.Totals, func(t Total) bool { return t.Axis == ByNode && t.Group == node })
	if i < 0 {
		return Total{}, false
	}
	return s.Totals[i], true
}

// worth says what the benefits of a node are worth: where none is known, nothing is said of money.
func (m *Model) worth(s *Statement, node string) string {
	t, ok := ofNode(s, node)
	if !ok {
		return "no benefits of its own"
	}
	if !anyKnown(s, node) {
		return "not known"
	}
	return money(t.Gross, s.Currency)
}

func anyKnown(s *Statement, node string) bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Node == node && l.Known })
}

// describe says in words what the picture shows.
func (m *Model) describe(s *Statement) string {
	var b strings.Builder
	for _, row := range m.rows() {
		for _, i := range row {
			n := &m.def.Nodes[i]
			fmt.Fprintf(&b, "%s (%s): %s. ", n.Name, n.Rung, m.worth(s, n.Name))
		}
	}
	for _, c := range s.Carried {
		fmt.Fprintf(&b, "%s carries %s to %s. ", c.From, money(c.Amount, s.Currency), c.To)
	}
	return strings.TrimSpace(b.String())
}
