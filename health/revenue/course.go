package revenue

import "github.com/customersuccess-go/customersuccess/internal/amount"

// A course is what one account did in one period.
type course struct {
	period        int
	start, end    amount.Total
	before, after bool // a customer at the start, at the end
	ever          bool // a customer before the period
	left          bool // a customer at the start who left at least once

	moved   [kinds]amount.Total
	times   [kinds]int64
	price   amount.Total // part of the expansion
	pending amount.Total // part of the churn
	waits   bool         // left too short ago to know
}

// note adds one movement.
func (c *course) note(kind int, size amount.Total) {
	c.moved[kind].Merge(size)
	c.times[kind]++
	if kind == kChurn && c.before {
		c.left = true
	}
}

// net replaces the movements by the one from the start to the end.
func (c *course) net() {
	c.moved, c.times, c.left = [kinds]amount.Total{}, [kinds]int64{}, false
	by := c.end
	by.Merge(c.start.Neg())
	switch {
	case !c.before && c.after && c.ever:
		c.note(kReactivation, by)
	case !c.before && c.after:
		c.note(kNew, by)
	case c.before && !c.after:
		c.note(kChurn, by.Neg())
	case by.Sign() > 0:
		c.note(kExpansion, by)
	case by.Sign() < 0:
		c.note(kContraction, by.Neg())
	}
	c.price = least(c.price, c.moved[kExpansion])
	if c.waits = c.waits && c.left; !c.waits {
		c.pending = amount.Total{}
	}
}

// kept returns the revenue at the end that the ratios count.
func (c *course) kept(o *Options) amount.Total {
	if c.left && o.Returns == ReturnsOut {
		return amount.Total{}
	}
	kept := c.end
	if o.Prices == PricesApart {
		kept.Merge(c.price.Neg())
		if kept.Sign() < 0 {
			return amount.Total{}
		}
	}
	return kept
}

// A cell is the sum of the courses of all accounts through one period.
type cell struct {
	moved   [kinds]amount.Total
	price   amount.Total
	pending amount.Total
	growth  amount.Total // from the start to what NRR counts, of the accounts that it counts
	loss    amount.Total // from the start to what GRR counts

	times    [kinds]int64
	expanded int64 // accounts
	lost     int64 // customers at the start who are none at the end
	left     int64 // customers at the start who left at least once
	waiting  int64 // customers whose churn is pending

	sources map[string]*[kinds]amount.Total
}

// add adds a course.
func (c *cell) add(a *course, o *Options) {
	for k := range kinds {
		if a.times[k] > 0 {
			c.moved[k].Merge(a.moved[k])
			c.times[k] += a.times[k]
		}
	}
	if a.price.Sign() > 0 {
		c.price.Merge(a.price)
	}
	if a.waits {
		c.pending.Merge(a.pending)
	}
	c.expanded += one(a.times[kExpansion] > 0)
	c.lost += one(a.before && !a.after)
	c.left += one(a.left)
	c.waiting += one(a.waits)

	kept := a.kept(o)
	if a.start.Sign() > 0 {
		kept.Merge(a.start.Neg())
		c.growth.Merge(kept)
		loss := kept.Neg() // by the state at the end
		if o.GRR == GRRMovements {
			loss = a.moved[kContraction]
			loss.Merge(a.moved[kChurn])
			loss = least(loss, a.start)
		}
		if loss.Sign() > 0 {
			c.loss.Merge(loss)
		}
	} else if o.Returns == ReturnsAll && a.ever && !a.before {
		c.growth.Merge(kept)
	}
}

// merge adds the courses of other accounts.
func (c *cell) merge(d *cell) {
	for k := range kinds {
		c.moved[k].Merge(d.moved[k])
		c.times[k] += d.times[k]
	}
	c.price.Merge(d.price)
	c.pending.Merge(d.pending)
	c.growth.Merge(d.growth)
	c.loss.Merge(d.loss)
	c.expanded += d.expanded
	c.lost += d.lost
	c.left += d.left
	c.waiting += d.waiting
	for source, moved := range d.sources { //det:sorted sums of each source, in any order
		for k := range kinds {
			c.source(source)[k].Merge(moved[k])
		}
	}
}

// source returns the sums of a source.
func (c *cell) source(name string) *[kinds]amount.Total {
	if c.sources == nil {
		c.sources = make(map[string]*[kinds]amount.Total)
	}
	if c.sources[name] == nil {
		c.sources[name] = new([kinds]amount.Total)
	}
	return c.sources[name]
}

// least returns the lesser of two totals.
func least(a, b amount.Total) amount.Total {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
