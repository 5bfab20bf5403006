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
func (m *Model) load(c *calendar, e *Entry, sharing []int, quantities Quantities) error {
	p := m.poolOf(e.Benefit)
	if p == nil || e.Units.Sign() <= 0 {
		return nil
	}
	capacity, err := m.capacity(p, e, quantities)
	if err != nil {
		return err
	}
	var peak *big.Rat
	if p.basis == OneOff {
		peak, err = c.sum(p)
	} else {
		peak, err = c.peak(p, sharing, e)
	}
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

// loads reports whether an entry loads its pool.
func (e *Entry) loads() (bool, error) {
	if e.Units.Sign() <= 0 {
		return false, nil
	}
	return true, e.bounded("units", e.Units)
}

// sum returns the load on a one-off pool, at all times.
func (c *calendar) sum(p *pool) (*big.Rat, error) {
	for ; len(c.fresh) > 0; c.fresh = c.fresh[1:] {
		e := &c.entries[c.fresh[0]]
		if loads, err := e.loads(); err != nil {
			return nil, err
		} else if loads {
			c.total.Add(&c.total, p.weight(e))
		}
	}
	return &c.total, nil
}

// peak returns the highest load that the entries which share a part of e's period put on a pool at an instant of it.
func (c *calendar) peak(p *pool, sharing []int, e *Entry) (*big.Rat, error) {
	var changes []change
	for _, i := range sharing {
		other := &c.entries[i]
		loads, err := other.loads()
		if err != nil {
			return nil, err
		}
		if !loads {
			continue
		}
		weight := p.weight(other)
		changes = append(changes, change{later(e.From, other.From), weight}, change{earlier(e.To, other.To), new(big.Rat).Neg(weight)})
	}
	slices.SortFunc(changes, func(a, b change) int {
		return cmp.Or(a.at.Compare(b.at), a.weight.Sign()-b.weight.Sign()) // what ends, ends before what begins
	})
	sum, peak := new(big.Rat), new(big.Rat)
	for _, at := range changes {
		if sum.Add(sum, at.weight); sum.Cmp(peak) > 0 {
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
