package ladder

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// sharePool lets the lines of a pool claim what it has, best evidence first, then in definition order, and returns what
// was cut, in definition order. Losses do not draw on the pool, and give nothing back to it.
func (m *Model) sharePool(p *pool, drafts []draft, readings []reading, in period) []Cut {
	var claims []int
	for _, i := range p.members {
		if drafts[i].counts() && drafts[i].units.Sign() > 0 {
			claims = append(claims, i)
		}
	}
	capacity := p.value(readings)
	switch capacity.why {
	case "":
		allot(capacity.Value.Mul(decimal.NewFromInt(in.num(p.basis))), byEvidence(claims, drafts), drafts)
	case notApplicable:
		for _, i := range claims {
			drafts[i].leave()
		}
		return nil
	default:
		for _, i := range claims {
			drafts[i].kept = decimal.Decimal{}
			drafts[i].unknown(WhyPoolUnknown, capacity.lack())
		}
	}
	var cuts []Cut
	for _, i := range claims {
		d := &drafts[i]
		if d.kept.Cmp(d.units) == 0 {
			continue
		}
		c := Cut{
			Pool: p.name, Benefit: d.line.Benefit, Why: WhyPoolExhausted,
			Units:  in.units(d.units).Sub(in.units(d.kept)),
			Amount: d.gross(d.units, in, m.places).Sub(d.gross(d.kept, in, m.places)),
		}
		if !d.line.Known {
			c.Why = WhyPoolUnknown
		}
		cuts = append(cuts, c)
	}
	return cuts
}

// byEvidence returns the drafts at the positions, best evidence first; equals stay in order.
func byEvidence(positions []int, drafts []draft) []int {
	order := slices.Clone(positions)
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(rank(classes, drafts[j].line.Evidence), rank(classes, drafts[i].line.Evidence))
	})
	return order
}

// allot gives each draft in order its units, or what is left of the capacity, which is scaled as they are.
func allot(capacity decimal.Decimal, order []int, drafts []draft) {
	for _, i := range order {
		d := &drafts[i]
		if d.kept.Cmp(capacity) > 0 {
			d.kept = capacity
		}
		capacity = capacity.Sub(d.kept)
	}
}

// value returns the capacity for the pool's basis, of which a constant is a reading too.
func (p *pool) value(readings []reading) reading {
	if p.capacity.quantity < 0 {
		return reading{Quantity: Quantity{Value: p.capacity.value}}
	}
	return readings[p.capacity.quantity]
}
