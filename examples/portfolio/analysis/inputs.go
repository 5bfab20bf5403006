package analysis

import (
	"slices"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/segment"
)

func (c *collector) engage(e *evaluated) {
	if e.agenda == nil {
		return
	}
	row := func(name string) *TouchRow {
		k := e.verdict.Segment + "\x00" + name
		i, ok := c.touches[k]
		if !ok {
			i, c.touches[k] = len(c.r.Touches), len(c.r.Touches)
			c.r.Touches = append(c.r.Touches, TouchRow{Segment: e.verdict.Segment, Touch: name})
		}
		return &c.r.Touches[i]
	}
	for _, t := range e.agenda.Due {
		x := row(t.Touch)
		x.Channel, x.Owner = string(t.Channel), t.Owner
		x.Due++
		x.Hours += t.Minutes / 60
		if t.Overdue {
			x.Overdue++
		}
		if i := slices.IndexFunc(c.r.Segments, func(s SegmentRow) bool { return s.Segment == e.verdict.Segment }); i >= 0 {
			c.r.Segments[i].Touches++
		}
	}
	for _, t := range e.agenda.Suppressed {
		x := row(t.Touch)
		x.Channel, x.Owner = string(t.Channel), t.Owner
		x.Held++
	}
}

// input counts one value among the inputs of a package.
func (c *collector) input(group, name string) *InputCoverage {
	k := group + "\x00" + name
	i, ok := c.inputs[k]
	if !ok {
		i, c.inputs[k] = len(c.r.Inputs), len(c.r.Inputs)
		c.r.Inputs = append(c.r.Inputs, InputCoverage{Name: name, Group: group})
	}
	return &c.r.Inputs[i]
}

func (c *collector) measureInputs(e *evaluated) {
	if !c.here(e) {
		return
	}
	for _, p := range e.score.Parts {
		x := c.input("health", p.Measure)
		switch {
		case p.Missing:
			x.Missing++
		case p.Reading.State == health.NotApplicable:
			x.NotApplicable++
		case p.Reading.State == health.Failed:
			x.Failed++
		default:
			x.Known++
		}
	}
	if e.decision != nil {
		for _, s := range e.decision.Signals {
			x := c.input("journey", s.Name)
			switch {
			case s.Known:
				x.Known++
			case s.Signal.State == journey.NotApplicable:
				x.NotApplicable++
			case s.Signal.State == journey.Failed:
				x.Failed++
			default:
				x.Missing++
			}
		}
	}
	for _, name := range c.defs.Segment.Attributes() {
		x := c.input("segment", name)
		v, ok := e.facts.Fact(name)
		switch {
		case ok && v == segment.Failed("could not be read"):
			x.Failed++
		case ok:
			x.Known++
		case stateOf(e.facts, name) == book.NotApplicable:
			x.NotApplicable++
		default:
			x.Missing++
		}
	}
	x := c.input("outcome", "plan with a measured outcome")
	if e.assessed != nil && e.assessed.Whole.Known {
		x.Known++
	} else {
		x.Missing++
	}
	for _, name := range c.defs.Ladder.Quantities() {
		x := c.input("ladder", name)
		if _, ok := e.facts.Quantity(name); ok {
			x.Known++
		} else {
			x.Missing++
		}
	}
}
