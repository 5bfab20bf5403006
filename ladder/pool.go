package ladder

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Reasons of a Cut.
const (
	poolExhausted = "pool exhausted"
	poolUnknown   = "pool unknown"
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
	capacity, why := p.value(readings)
	switch why {
	case "":
		capacity = capacity.Mul(decimal.NewFromInt(in.num(p.basis)))
		allot(capacity, byEvidence(claims, drafts), drafts)
	case notApplicable:
		for _, i := range claims {
			drafts[i].leave()
		}
		return nil
	default:
		for _, i := range claims {
			drafts[i].kept = decimal.Decimal{}
			drafts[i].unknown(fmt.Sprintf("pool %q: %s", p.name, why))
		}
	}
	var cuts []Cut
	for _, i := range claims {
		d := &drafts[i]
		if d.kept.Cmp(d.units) == 0 {
			continue
		}
		c := Cut{
			Pool: p.name, Benefit: d.line.Benefit, Why: poolExhausted,
			Units:  in.units(d.units).Sub(in.units(d.kept)),
			Amount: d.gross(d.units, in, m.places).Sub(d.gross(d.kept, in, m.places)),
		}
		if !d.line.Known {
			c.Why = poolUnknown
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

// value returns the capacity for the pool's basis, or why it is not known.
func (p *pool) value(readings []reading) (capacity decimal.Decimal, why string) {
	if p.capacity.quantity < 0 {
		return p.capacity.value, ""
	}
	r := &readings[p.capacity.quantity]
	return r.Value, r.why
}
