package ladder

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/svg"
)

// Colours and faces of the pictures.
const (
	inkTitle   = `font-size="15" font-weight="bold" fill="#222222"`
	inkText    = `fill="#222222"`
	inkSoft    = `fill="#5f5f5f" font-size="11"`
	inkMiddle  = inkText + ` text-anchor="middle"`
	softMiddle = inkSoft + ` text-anchor="middle"`
	inkGrid    = `stroke="#e4e4e4"`
	inkAxis    = `stroke="#8a8a8a"`
	hueValue   = "#2f6f4f"
	hueLost    = "#b3401a"
	hueUnseen  = "#3d6a94"
	hueMixed   = "#7a6a86"
	hueGain    = "#2f8f5b"
)

// money writes an amount with its currency, in groups of three digits.
func money(d decimal.Decimal, currency string) string {
	places, _ := amount.Minor(currency)
	text := d.StringFixed(places)
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	var b strings.Builder
	if d.Sign() < 0 {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(digit)
	}
	if strings.Trim(fraction, "0") != "" {
		b.WriteString("." + fraction)
	}
	return b.String() + " " + currency
}

// extent writes an amount that may lie in a range.
func (a *Amount) extent(currency string) string {
	switch {
	case a.Known:
		return money(a.Low, currency)
	case a.High == nil && a.Low.IsZero():
		return "not known"
	case a.High == nil:
		return "at least " + money(a.Low, currency)
	}
	return money(a.Low, currency) + " to " + money(*a.High, currency)
}

// A chart maps dates and amounts to a rectangle.
type chart struct {
	left, top, width, height float64
	from, to                 time.Time
	low, high                decimal.Decimal
}

func (c *chart) x(at time.Time) float64 {
	from, to := instant.Micros(c.from), instant.Micros(c.to)
	return c.left + float64(c.width*float64(instant.Micros(at)-from)/float64(to-from))
}

func (c *chart) y(v decimal.Decimal) float64 {
	return c.top + float64(c.height*c.high.Sub(v).InexactFloat64()/c.high.Sub(c.low).InexactFloat64())
}

// SVG returns the course as a picture: cumulative value and spend by day of the contract, the day of AsOf and the
// break-even. It needs nothing from outside, and its title and description say what it shows.
func (c *Course) SVG() string {
	const width, height = 860.0, 420.0
	title := "Value against spend of " + c.Account
	var out svg.Canvas
	if c.bounded() != nil {
		out.Begin(width, height, title, "Its figures are out of bounds.")
		return out.End()
	}
	out.Begin(width, height, title, c.describe())
	out.Text(inkTitle, 24, 28, svg.Shorten(title, 80))
	plot := c.plot()
	zero := plot.y(decimal.Decimal{})
	for i := range int64(5) {
		v := plot.low.Add(plot.high.Sub(plot.low).Mul(decimal.New(25*i, -2)))
		out.Line(inkGrid, plot.left, plot.y(v), plot.left+plot.width, plot.y(v))
		out.Text(inkSoft+` text-anchor="end"`, plot.left-8, plot.y(v)+4, money(amount.Round(v, 0), c.Currency))
		at := instant.FromMicros(instant.Micros(plot.from) + (instant.Micros(plot.to)-instant.Micros(plot.from))/4*i)
		out.Text(softMiddle, plot.x(at), plot.top+plot.height+18, fmt.Sprintf("day %d", daysBetween(c.Start, at)))
	}
	out.Line(inkAxis, plot.left, zero, plot.left+plot.width, zero)
	var value, spend []float64
	for i := range c.Points {
		p := &c.Points[i]
		value = append(value, plot.x(p.At), plot.y(p.Value))
		spend = append(spend, plot.x(p.At), plot.y(p.Spend))
	}
	out.Path(fmt.Sprintf(`fill="none" stroke="%s" stroke-width="2.5" stroke-dasharray="7 4"`, hueLost), spend...)
	out.Path(fmt.Sprintf(`fill="none" stroke="%s" stroke-width="2.5"`, hueValue), value...)
	c.mark(&out, &plot, c.AsOf, "#8a8a8a", fmt.Sprintf("as of day %d", c.Day), 8)
	if c.BreakEven != nil {
		c.mark(&out, &plot, *c.BreakEven, hueValue, "break-even "+c.BreakEven.Format(time.DateOnly), 22)
	}
	bottom := plot.top + plot.height + 46
	out.Line(fmt.Sprintf(`stroke="%s" stroke-width="2.5"`, hueValue), plot.left, bottom-4, plot.left+26, bottom-4)
	out.Text(inkText, plot.left+32, bottom, "value "+money(c.Value, c.Currency))
	out.Line(fmt.Sprintf(`stroke="%s" stroke-width="2.5" stroke-dasharray="7 4"`, hueLost), plot.left+300, bottom-4, plot.left+326, bottom-4)
	out.Text(inkText, plot.left+332, bottom, "spend "+money(c.Spend, c.Currency))
	return out.End()
}

// plot fits the scales to the points, AsOf and zero, and at least to four days and 4.
func (c *Course) plot() chart {
	p := chart{left: 150, top: 64, width: 680, height: 286, from: c.AsOf, to: c.AsOf.AddDate(0, 0, 4), high: decimal.New(4, 0)}
	for i := range c.Points {
		at := &c.Points[i]
		p.from, p.to = earlier(p.from, at.At), later(p.to, at.At)
		for _, v := range []decimal.Decimal{at.Value, at.Spend} {
			if v.Cmp(p.low) < 0 {
				p.low = v
			}
			if v.Cmp(p.high) > 0 {
				p.high = v
			}
		}
	}
	return p
}

// mark draws an instant as an upright line with words over it, on the side where there is room.
func (c *Course) mark(out *svg.Canvas, plot *chart, at time.Time, hue, words string, up float64) {
	x := plot.x(at)
	if x < plot.left || x > plot.left+plot.width {
		return
	}
	out.Line(fmt.Sprintf(`stroke="%s" stroke-dasharray="3 3"`, hue), x, plot.top-up, x, plot.top+plot.height)
	anchor, dx := "start", 4.0
	if x > plot.left+plot.width-160 || at.Equal(c.AsOf) && x > plot.left+120 {
		anchor, dx = "end", -4.0
	}
	out.Text(fmt.Sprintf(`fill="%s" font-size="11" text-anchor="%s"`, hue, anchor), x+dx, plot.top-up, words)
}

// describe says in words what the picture shows.
func (c *Course) describe() string {
	text := fmt.Sprintf("On day %d of the contract value is %s and spend %s.", c.Day, money(c.Value, c.Currency), money(c.Spend, c.Currency))
	switch {
	case c.BreakEven == nil:
		text += " Value never meets spend."
	case c.BreakEven.After(c.AsOf):
		text += " Value is expected to meet spend on " + c.BreakEven.Format(time.DateOnly) + "."
	default:
		text += " Value met spend on " + c.BreakEven.Format(time.DateOnly) + "."
	}
	if c.Dips {
		text += " It falls below again after that."
	}
	return text
}
