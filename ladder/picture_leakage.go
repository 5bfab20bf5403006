package ladder

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/svg"
)

// Where things are in the picture of a waterfall: one column for each stage after the first.
const (
	fallLeft, fallTop, fallHigh = 60.0, 74.0, 260.0
	fallColumn                  = 118.0
)

// SVG returns the waterfall as a picture: each loss hangs from where the one before it ended, over the stages that it
// lies over; one that is not located is dashed, and one that is not known is an empty frame. The two subtotals stand
// side by side. It needs nothing from outside, and its title and description say what it shows.
func (l *Leakage) SVG() string {
	width := fallLeft + float64(fallColumn*float64(len(stages)-1)) + 40
	height, title := fallTop+fallHigh+104, "Value leakage of "+l.Account
	var c svg.Canvas
	if l.bounded() != nil {
		c.Begin(width, height, title, "Its figures are out of bounds.")
		return c.End()
	}
	c.Begin(width, height, title, l.describe())
	c.Text(inkTitle, 24, 28, svg.Shorten(title, 90))
	c.Text(inkSoft, 24, 46, "as of "+l.AsOf.Format("2006-01-02")+"; each bar is what is lost up to the stage below it")
	low, high := l.reach()
	scale := float64(fallHigh / max(high-low, 1))
	y := func(depth float64) float64 { return fallTop + float64(scale*(depth-low)) }
	c.Line(inkAxis, fallLeft, y(0), width-40, y(0))
	depth := decimal.Decimal{}
	for i := range l.Steps {
		depth = l.step(&c, &l.Steps[i], depth, y)
	}
	for i, stage := range stages[1:] {
		c.Text(softMiddle, fallLeft+float64(fallColumn*(float64(i)+0.5)), fallTop+fallHigh+30, string(stage))
	}
	bottom := fallTop + fallHigh + 62
	c.Rect(fmt.Sprintf(`fill="%s"`, hueLost), fallLeft, bottom-10, 12, 12)
	c.Text(inkText, fallLeft+18, bottom, "value leakage "+l.Value.extent(l.Currency))
	c.Rect(fmt.Sprintf(`fill="%s"`, hueUnseen), fallLeft+420, bottom-10, 12, 12)
	c.Text(inkText, fallLeft+438, bottom, "visibility gap "+l.Visibility.extent(l.Currency))
	c.Text(inkSoft, fallLeft, bottom+22, "value that is lost and value that is had but not seen are not added to each other")
	return c.End()
}

// step draws one loss and returns how deep the next one begins.
func (l *Leakage) step(c *svg.Canvas, s *Loss, depth decimal.Decimal, y func(float64) float64) decimal.Decimal {
	first := rank(stages, s.From)
	x := fallLeft + float64(fallColumn*float64(first)) + 8
	wide := float64(fallColumn*float64(len(s.Over))) - 16
	at := y(depth.InexactFloat64())
	if !s.Known {
		high, words := 26.0, "not known"
		if s.To == Felt && l.AtStake != nil {
			words = "up to " + money(*l.AtStake, l.Currency)
			high = max(y(depth.Add(*l.AtStake).InexactFloat64())-at, 4)
		}
		c.Rect(`fill="#ffffff" stroke="#8a8a8a" stroke-dasharray="4 3"`, x, at, wide, high)
		c.Text(softMiddle, x+wide/2, at+high+14, words)
		return depth
	}
	end := depth.Add(s.Amount)
	style := fmt.Sprintf(`fill="%s"`, s.hue())
	if !s.Located {
		style = fmt.Sprintf(`fill="%s" fill-opacity="0.35" stroke="%s" stroke-dasharray="5 3"`, s.hue(), s.hue())
	}
	above, below := at, y(end.InexactFloat64())
	if below < above {
		above, below = below, above
	}
	c.Rect(style, x, above, wide, max(below-above, 1.5))
	words := money(s.Amount, l.Currency)
	if s.Amount.Sign() < 0 {
		words = "gain of " + money(s.Amount.Neg(), l.Currency)
	}
	c.Text(inkMiddle+` font-size="11"`, x+wide/2, above-5, words)
	if !s.Located {
		c.Text(softMiddle, x+wide/2, below+14, "not located")
	}
	return end
}

// hue says to which subtotal a loss belongs; one across achieved belongs to both.
func (s *Loss) hue() string {
	switch {
	case s.Amount.Sign() < 0:
		return hueGain
	case rank(stages, s.To) <= rank(stages, Achieved):
		return hueLost
	case rank(stages, s.From) >= rank(stages, Achieved):
		return hueUnseen
	}
	return hueMixed
}

// reach returns the least and the greatest depth.
func (l *Leakage) reach() (low, high float64) {
	depth := decimal.Decimal{}
	for i := range l.Steps {
		s := &l.Steps[i]
		deepest := depth
		if s.Known {
			depth = depth.Add(s.Amount)
			deepest = depth
		} else if l.AtStake != nil {
			deepest = depth.Add(*l.AtStake)
		}
		v := deepest.InexactFloat64()
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// describe says in words what the picture shows.
func (l *Leakage) describe() string {
	var b strings.Builder
	for i := range l.Steps {
		s := &l.Steps[i]
		fmt.Fprintf(&b, "From %s to %s: ", s.From, s.To)
		switch {
		case !s.Known:
			b.WriteString("not known. ")
		case s.Amount.Sign() < 0:
			b.WriteString("a gain of " + money(s.Amount.Neg(), l.Currency) + ". ")
		case s.Located:
			b.WriteString(money(s.Amount, l.Currency) + " lost. ")
		default:
			b.WriteString(money(s.Amount, l.Currency) + " lost, not located. ")
		}
	}
	return b.String() + "Value leakage " + l.Value.extent(l.Currency) + "; visibility gap " + l.Visibility.extent(l.Currency) + "."
}
