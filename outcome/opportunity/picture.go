package opportunity

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/svg"
)

// Where things are in the picture.
const (
	plotLeft, plotTop, plotSide = 58.0, 58.0, 420.0
	listLeft, listWide          = 504.0, 500.0
	rowHigh                     = 19.0
	mostRows                    = 40
)

// SVG returns the landscape as a picture: each need with a score at its importance and satisfaction, with their
// intervals, numbered by rank; beside it the first 40 in words. By top two boxes the bands are tinted. It needs nothing
// from outside, and its title and description say what it shows.
func (l Landscape) SVG() string {
	scored := 0
	for scored < len(l.Needs) && l.Needs[scored].Score.Known {
		scored++
	}
	rows := min(scored, mostRows)
	high := max(plotTop+plotSide+54, plotTop+float64(rowHigh*float64(rows+4)))
	var c svg.Canvas
	c.Begin(listLeft+listWide, high, l.title(), l.describe(scored))
	c.Text(`font-size="15" font-weight="bold" fill="#222222"`, plotLeft, 26, svg.Shorten(l.title(), 110))
	p := plot{low: 0, high: 10}
	p.low, p.high = l.Method.scale()
	p.ground(&c, l.Method)
	for i := scored - 1; i >= 0; i-- { // the highest score on top
		p.cross(&c, &l.Needs[i])
	}
	for i := scored - 1; i >= 0; i-- {
		n := &l.Needs[i]
		x, y := p.x(n.Importance.Value), p.y(n.Satisfaction.Value)
		c.Circle(fmt.Sprintf(`fill="%s"`, n.color()), x, y, 8.5)
		c.Text(`font-size="10" font-weight="bold" fill="#ffffff" text-anchor="middle"`, x, y+3.5, fmt.Sprint(n.Rank))
	}
	l.list(&c, rows, scored)
	return c.End()
}

func (l *Landscape) title() string {
	title := "Opportunity landscape"
	if l.Segment != "" {
		title += " of " + l.Segment
	}
	if l.Service != "" {
		title += " with " + l.Service
	}
	return title
}

// describe says in words what the picture shows.
func (l *Landscape) describe(scored int) string {
	text := fmt.Sprintf("%d respondents as of %s; %d of %d needs have a score.", l.Respondents, l.AsOf.Format(time.DateOnly), scored, len(l.Needs))
	for i := range min(scored, 5) {
		n := &l.Needs[i]
		text += fmt.Sprintf(" %d: %s, %.1f (%.1f to %.1f).", n.Rank, n.Outcome, n.Score.Value, n.Score.Low, n.Score.High)
	}
	return text
}

// A plot maps the scale of the answers to the square.
type plot struct{ low, high float64 }

func (p plot) at(v float64) float64 {
	return float64(plotSide * min(max((v-p.low)/(p.high-p.low), 0), 1))
}
func (p plot) x(importance float64) float64   { return plotLeft + p.at(importance) }
func (p plot) y(satisfaction float64) float64 { return plotTop + plotSide - p.at(satisfaction) }

// ground draws the square, its scales and its regions.
func (p plot) ground(c *svg.Canvas, m Method) {
	left, right, top, bottom := p.x(p.low), p.x(p.high), p.y(p.high), p.y(p.low)
	const label = `fill="#666666" font-size="11"`
	c.Area(`fill="#f3f3f3"`, left, top, right, top, right, bottom, left, bottom)
	c.Area(`fill="#e3ecf5"`, left, top, right, top, left, bottom)
	if m == TopTwoBox {
		// A score of e is on 2·importance − satisfaction = e, from satisfaction 0 up to 2·10 − e, or 10.
		edge := func(e float64) (x1, y1, x2, y2 float64) {
			return p.x(e / 2), bottom, p.x(min(10, (10+e)/2)), p.y(min(10, 20-e))
		}
		x1, y1, x2, y2 := edge(underservedFrom)
		c.Area(`fill="#fbe9d9"`, x1, y1, x2, y2, right, bottom)
		for _, e := range []float64{underservedFrom, strongFrom, strongTo} {
			x1, y1, x2, y2 := edge(e)
			c.Line(`stroke="#d9a574" stroke-dasharray="4 3"`, x1, y1, x2, y2)
			c.Text(`fill="#a0622a" font-size="10"`, x1+3, bottom-5, fmt.Sprint(e))
		}
		c.Text(label+` text-anchor="end"`, right, top-6, "under-served")
		c.Text(label, left+44, bottom-5, "appropriately served")
	}
	c.Text(label, left, top-6, "over-served")
	for v := p.low; v <= p.high; v += (p.high - p.low) / 4 {
		c.Line(`stroke="#ffffff"`, left, p.y(v), right, p.y(v))
		c.Line(`stroke="#ffffff"`, p.x(v), top, p.x(v), bottom)
		c.Text(label+` text-anchor="middle"`, p.x(v), bottom+16, fmt.Sprintf("%.3g", v))
		c.Text(label+` text-anchor="end"`, left-6, p.y(v)+4, fmt.Sprintf("%.3g", v))
	}
	c.Line(`stroke="#9aaec2"`, left, bottom, right, top)
	c.Text(`fill="#222222" text-anchor="middle"`, plotLeft+plotSide/2, bottom+36, "importance")
	c.Text(`fill="#222222" text-anchor="middle" transform="rotate(-90 16.0 268.0)"`, 16, plotTop+plotSide/2, "satisfaction")
}

// cross draws the intervals of a need.
func (p plot) cross(c *svg.Canvas, n *Need) {
	style := fmt.Sprintf(`stroke="%s" stroke-opacity="0.45" stroke-width="1.5"`, n.color())
	x, y := p.x(n.Importance.Value), p.y(n.Satisfaction.Value)
	c.Line(style, p.x(n.Importance.Low), y, p.x(n.Importance.High), y)
	c.Line(style, x, p.y(n.Satisfaction.Low), x, p.y(n.Satisfaction.High))
}

func (n *Need) color() string {
	switch {
	case n.Grade == Extreme || n.Grade == Strong:
		return "#b3401a"
	case n.Band == Underserved:
		return "#c9742b"
	case n.Band == Overserved:
		return "#3d6a94"
	}
	return "#6b6b6b"
}

// list writes the needs in words.
func (l *Landscape) list(c *svg.Canvas, rows, scored int) {
	y := plotTop + 10.0
	const head, number = `fill="#666666" font-size="11"`, `fill="#222222" text-anchor="end"`
	right := listLeft + listWide - 12
	c.Text(head, listLeft, y, "rank, desired outcome")
	c.Text(head+` text-anchor="end"`, right, y, fmt.Sprintf("score [%.0f %%]", 100*l.Confidence))
	for i := range rows {
		y += rowHigh
		n := &l.Needs[i]
		c.Text(fmt.Sprintf(`fill="%s" font-weight="bold" text-anchor="end"`, n.color()), listLeft+16, y, fmt.Sprint(n.Rank))
		c.Text(`fill="#222222"`, listLeft+24, y, svg.Shorten(n.Outcome, 50))
		c.Text(number, right, y, fmt.Sprintf("%.1f [%.1f, %.1f]", n.Score.Value, n.Score.Low, n.Score.High))
	}
	note := func(text string) {
		y += rowHigh
		c.Text(head, listLeft, y, text)
	}
	if scored > rows {
		note(fmt.Sprintf("and %d more", scored-rows))
	}
	if rest := len(l.Needs) - scored; rest > 0 {
		note(fmt.Sprintf("%d without enough answers", rest))
	}
	note(fmt.Sprintf("%d respondents, as of %s", l.Respondents, l.AsOf.Format(time.DateOnly)))
}
