package ladder

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// load refuses an entry that would take its pool above capacity at any instant. Rationals keep it exact: a claim of all
// that is left is taken, one more unit in the last place is not.
func (m *Model) load(b *book, e *Entry, quantities Quantities) error {
	p := m.poolOf(e.Benefit)
	if p == nil || e.Units.Sign() <= 0 {
		return nil
	}
	capacity, err := m.capacity(p, e, quantities)
	if err != nil {
		return err
	}
	peak, err := m.peak(b, p, e)
	if err != nil {
		return err
	}
	left := new(big.Rat).Sub(capacity.Rat(), peak)
	if p.weight(e).Cmp(left) <= 0 {
		return nil
	}
	in := newPeriod(e.From, e.To)
	left.Mul(left, big.NewRat(in.num(p.basis), in.den()))
	units := truncated(decimal.NewFromBigInt(left.Num(), 0), decimal.NewFromBigInt(left.Denom(), 0), unitPlaces)
	if units.Sign() < 0 {
		units = decimal.Decimal{}
	}
	return &RefusedError{e.Account, "pool",
		fmt.Sprintf("%s units would take pool %q above its capacity of %s", amount.Text(e.Units), p.name, amount.Text(capacity)),
		fmt.Sprintf("at most %s units in the period", amount.Text(units))}
}

// capacity returns what a pool has for its basis when the entry is recorded.
func (m *Model) capacity(p *pool, e *Entry, quantities Quantities) (decimal.Decimal, error) {
	if p.capacity.quantity < 0 {
		return p.capacity.value, nil
	}
	q := m.plan.quantities[p.capacity.quantity]
	r, wrong := m.readOne(q, quantities, e.Recorded)
	switch {
	case wrong != "":
		return decimal.Decimal{}, &DataError{e.Account, fmt.Sprintf("quantity %q", q.name), wrong}
	case r.why != "":
		return decimal.Decimal{}, &RefusedError{e.Account, "pool",
			fmt.Sprintf("the capacity of pool %q is not known: %v", p.name, r.lack()), "a reading of it"}
	}
	return r.Value, nil
}

// weight is what an entry takes of its pool at each instant of its period, in units for the pool's basis: an even 100 in
// one month weigh 1200 on a pool that is for a year.
func (p *pool) weight(e *Entry) *big.Rat {
	in := newPeriod(e.From, e.To)
	return new(big.Rat).Mul(e.Units.Rat(), big.NewRat(in.den(), in.num(p.basis)))
}

// A change is what the load of a pool gains or loses at an instant.
type change struct {
	at     time.Time
	weight *big.Rat
}

// peak returns the highest load that the entries which stand put on a pool at an instant of e's period.
// Those on a one-off pool load it at all times.
func (m *Model) peak(b *book, p *pool, e *Entry) (*big.Rat, error) {
	var changes []change
	for i := range b.entries {
		other := &b.entries[i]
		if m.poolOf(other.Benefit) != p || !b.stands(other) || other.Units.Sign() <= 0 {
			continue
		}
		from, to := e.From, e.To
		if p.basis != OneOff {
			from, to = later(from, other.From), earlier(to, other.To)
		}
		if !from.Before(to) {
			continue
		}
		if err := other.bounded("units", other.Units); err != nil {
			return nil, err
		}
		weight := p.weight(other)
		changes = append(changes, change{from, weight}, change{to, new(big.Rat).Neg(weight)})
	}
	slices.SortFunc(changes, func(a, b change) int {
		return cmp.Or(a.at.Compare(b.at), a.weight.Sign()-b.weight.Sign()) // what ends, ends before what begins
	})
	sum, peak := new(big.Rat), new(big.Rat)
	for _, c := range changes {
		if sum.Add(sum, c.weight); sum.Cmp(peak) > 0 {
			peak.Set(sum)
		}
	}
	return peak, nil
}

// poolOf returns the pool that a benefit draws on, or nil.
func (m *Model) poolOf(benefit string) *pool {
	i, ok := m.plan.named[benefit]
	if !ok || m.plan.benefits[i].pool < 0 {
		return nil
	}
	return &m.plan.pools[m.plan.benefits[i].pool]
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
