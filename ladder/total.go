package ladder

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// totals sums the known lines of each group.
func (a *axis) totals(lines []Line) []Total {
	totals := make([]Total, len(a.groups))
	sums := make([]struct{ gross, adjusted amount.Total }, len(a.groups))
	for i := range lines {
		if group := a.of[i]; lines[i].Known {
			sums[group].gross.Add(lines[i].Gross)
			sums[group].adjusted.Add(lines[i].Adjusted)
		} else {
			totals[group].Unknown++
		}
	}
	for i, group := range a.groups {
		t := &totals[i]
		t.Axis, t.Group, t.Gross, t.Adjusted = a.name, group, sums[i].gross.Sum(), sums[i].adjusted.Sum()
	}
	return totals
}

// carry takes the shares of the nodes' values up the links. Links rise strictly, so what a node has is complete before
// a link from it is followed.
func (m *Model) carry(lines []Line) []Carried {
	if len(m.def.Links) == 0 {
		return nil
	}
	values := make([]amount.Total, len(m.def.Nodes))
	for i := range lines {
		values[m.plan.nodes[lines[i].Node]].Add(lines[i].Gross)
	}
	carried := make([]Carried, len(m.def.Links))
	for _, i := range m.plan.climb {
		link := m.def.Links[i]
		from, to := m.plan.nodes[link.From], m.plan.nodes[link.To]
		carry := halfEven(values[from].Sum().Mul(link.Share), one, m.places)
		values[to].Add(carry)
		carried[i] = Carried{From: link.From, To: link.To, Amount: carry}
	}
	return carried
}

// bounded refuses a statement with a figure that no store is asked to hold.
func (s *Statement) bounded() error {
	for i := range s.Lines {
		line := &s.Lines[i]
		err := bounded(line.Units, line.Gross, line.Adjusted)
		if err == nil && len(line.Inputs) > 0 {
			err = bounded(line.Inputs[0].Value) // a metric's way; the others are as they came
		}
		if err != nil {
			return &DataError{s.Account, fmt.Sprintf("benefit %q", line.Benefit), err.Error()}
		}
	}
	for i := range s.Cuts {
		if err := bounded(s.Cuts[i].Units, s.Cuts[i].Amount); err != nil {
			return &DataError{s.Account, fmt.Sprintf("benefit %q", s.Cuts[i].Benefit), err.Error()}
		}
	}
	sums := []decimal.Decimal{s.Gross, s.Adjusted, s.Hard, s.Soft, s.Cost}
	if s.ROI != nil {
		sums = append(sums, *s.ROI)
	}
	for i := range s.Totals {
		sums = append(sums, s.Totals[i].Gross, s.Totals[i].Adjusted)
	}
	for i := range s.Carried {
		sums = append(sums, s.Carried[i].Amount)
	}
	if err := bounded(sums...); err != nil {
		return &DataError{s.Account, "sums", err.Error()}
	}
	return nil
}

// bounded refuses a computed figure that is beyond what is read.
func bounded(figures ...decimal.Decimal) error {
	for _, d := range figures {
		if err := amount.Check(d); err != nil {
			return fmt.Errorf("comes to a figure that %w", err)
		}
	}
	return nil
}
