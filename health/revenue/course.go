package revenue

import "github.com/customersuccess-go/customersuccess/internal/amount"

// A course is what one account did in one period. Its sizes are in the units of its account.
type course struct {
	period        int
	start, end    size
	before, after bool // a customer at the start, at the end
	ever          bool // a customer before the period
	left          bool // a customer at the start who left at least once
	waits         bool // left too short ago to know

	times   [kinds]int64
	moved   [kinds]size
	price   size // part of the expansion
	pending size // part of the churn
}

// note adds one movement.
func (c *course) note(kind int, by size) {
	c.moved[kind] = c.moved[kind].plus(by)
	c.times[kind]++
	if kind == kChurn && c.before {
		c.left = true
	}
}

// net replaces the movements by the one from the start to the end.
func (c *course) net() {
	c.moved, c.times, c.left = [kinds]size{}, [kinds]int64{}, false
	by := c.end.minus(c.start)
	switch {
	case !c.before && c.after && c.ever:
		c.note(kReactivation, by)
	case !c.before && c.after:
		c.note(kNew, by)
	case c.before && !c.after:
		c.note(kChurn, size{}.minus(by))
	case by.sign() > 0:
		c.note(kExpansion, by)
	case by.sign() < 0:
		c.note(kContraction, size{}.minus(by))
	}
	c.price = least(c.price, c.moved[kExpansion])
	if c.waits = c.waits && c.left; !c.waits {
		c.pending = size{}
	}
}

// kept returns the revenue at the end that the ratios count.
func (c *course) kept(o *Options) size {
	if c.left && o.Returns == ReturnsOut {
		return size{}
	}
	if o.Prices == PricesApart {
		if kept := c.end.minus(c.price); kept.sign() > 0 {
			return kept
		}
		return size{}
	}
	return c.end
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

// add adds a course in units of 10^-places.
func (c *cell) add(a *course, places int32, o *Options) {
	for k := range kinds {
		if a.times[k] > 0 {
			a.moved[k].addTo(&c.moved[k], places)
			c.times[k] += a.times[k]
		}
	}
	if a.price.sign() > 0 {
		a.price.addTo(&c.price, places)
	}
	if a.waits {
		a.pending.addTo(&c.pending, places)
	}
	c.expanded += one(a.times[kExpansion] > 0)
	c.lost += one(a.before && !a.after)
	c.left += one(a.left)
	c.waiting += one(a.waits)

	kept := a.kept(o)
	if a.start.sign() > 0 {
		loss := a.start.minus(kept) // by the state at the end
		size{}.minus(loss).addTo(&c.growth, places)
		if o.GRR == GRRMovements {
			loss = least(a.moved[kContraction].plus(a.moved[kChurn]), a.start)
		}
		if loss.sign() > 0 {
			loss.addTo(&c.loss, places)
		}
	} else if o.Returns == ReturnsAll && a.ever && !a.before {
		kept.addTo(&c.growth, places)
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

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
