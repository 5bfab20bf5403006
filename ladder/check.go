package ladder

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// problems returns what is wrong with a ladder, in document order.
func problems(l Ladder) problem.List {
	c := checker{l: l}
	c.Format(l.Format, Format)
	c.Name("", "/name", l.Name)
	c.Text("", "/version", l.Version)
	if _, ok := amount.Minor(l.Currency); !ok {
		c.Addf("/currency", "%q is not a currency of ISO 4217 with a minor unit", check.Clip(l.Currency))
	}
	c.checkThemes()
	c.checkNodes()
	c.checkMetrics()
	c.checkPools()
	c.checkCapabilities()
	c.checkBenefits()
	c.checkLinks()
	c.checkCosts()
	c.checkHaircuts()
	c.checkThresholds()
	return c.List
}

func (c *checker) checkThemes() {
	if !c.Fits("", "/themes", len(c.l.Themes), maxList) {
		return
	}
	for i, t := range c.l.Themes {
		at := problem.Pointer("themes", i)
		c.Define(&c.themes, at, "/name", t.Name)
		c.Text(at, "/title", t.Title)
	}
}

func (c *checker) checkNodes() {
	if len(c.l.Nodes) == 0 {
		c.Addf("/nodes", "is empty: value needs somebody to whom it accrues")
	}
	if !c.Fits("", "/nodes", len(c.l.Nodes), maxList) {
		return
	}
	for i, n := range c.l.Nodes {
		at := problem.Pointer("nodes", i)
		c.Define(&c.nodes, at, "/name", n.Name)
		oneOf(c, at, "/rung", n.Rung, rungs)
		c.Text(at, "/stakeholder", n.Stakeholder)
		c.Text(at, "/budget", n.Budget)
		if n.Needs != "" {
			oneOf(c, at, "/needs", n.Needs, classes)
		}
	}
}

func (c *checker) checkMetrics() {
	if !c.Fits("", "/metrics", len(c.l.Metrics), maxList) {
		return
	}
	for i, m := range c.l.Metrics {
		at := problem.Pointer("metrics", i)
		c.Define(&c.metrics, at, "/name", m.Name)
		c.Text(at, "/unit", m.Unit)
		oneOf(c, at, "/better", m.Better, directions)
		c.number(at, "/base", m.Base, free)
		if m.Target != nil {
			c.number(at, "/target", *m.Target, free)
		}
		if m.Node != "" {
			c.Refer(&c.nodes, at, "/node", "node", m.Node)
		}
		if m.Readings < 0 {
			c.Addf(at+"/readings", "must not be negative")
		}
	}
}

// checkPools leaves the shares to the benefits, which claim them.
func (c *checker) checkPools() {
	if !c.Fits("", "/pools", len(c.l.Pools), maxList) {
		return
	}
	for i, p := range c.l.Pools {
		at := problem.Pointer("pools", i)
		c.Define(&c.pools, at, "/name", p.Name)
		c.Text(at, "/unit", p.Unit)
		c.term(at+"/capacity", p.Capacity, count)
		oneOf(c, at, "/basis", p.Basis, bases)
	}
	c.shares = make([]decimal.Decimal, len(c.l.Pools))
}

// checkCapabilities comes before the benefits, which name them.
func (c *checker) checkCapabilities() {
	if !c.Fits("", "/capabilities", len(c.l.Capabilities), maxList) {
		return
	}
	for i, p := range c.l.Capabilities {
		at := problem.Pointer("capabilities", i)
		c.Define(&c.capabilities, at, "/name", p.Name)
		c.Text(at, "/title", p.Title)
	}
}

func (c *checker) checkBenefits() {
	if len(c.l.Benefits) == 0 {
		c.Addf("/benefits", "is empty: there is nothing to value")
	}
	if !c.Fits("", "/benefits", len(c.l.Benefits), maxList) {
		return
	}
	for i := range c.l.Benefits {
		c.benefit(problem.Pointer("benefits", i), &c.l.Benefits[i])
	}
}

// benefit checks one formula, in the order of its fields. A driver that frees time or brings revenue needs the share of
// it that is value; without one it would count in full.
func (c *checker) benefit(at string, b *Benefit) {
	c.Define(&c.benefits, at, "/name", b.Name)
	oneOf(c, at, "/driver", b.Driver, drivers)
	if b.Saving != "" {
		oneOf(c, at, "/saving", b.Saving, savings)
	}
	oneOf(c, at, "/basis", b.Basis, bases)
	c.Refer(&c.nodes, at, "/node", "node", b.Node)
	if b.Theme != "" {
		c.Refer(&c.themes, at, "/theme", "theme", b.Theme)
	}
	if c.Text(at, "/capability", b.Capability) && b.Capability != "" && len(c.l.Capabilities) > 0 {
		c.Refer(&c.capabilities, at, "/capability", "capability", b.Capability)
	}
	if b.Metric != "" {
		c.Refer(&c.metrics, at, "/metric", "metric", b.Metric)
	}
	switch {
	case b.Metric != "" && b.Moved != nil:
		c.Addf(at+"/moved", "is given beside a metric, which moves by itself")
	case b.Metric == "" && b.Moved == nil:
		c.Addf(at+"/moved", "is missing, and so is a metric")
	case b.Moved != nil:
		c.term(at+"/moved", *b.Moved, free)
	}
	if len(b.Times) > maxTimes {
		c.Addf(at+"/times", "has %d terms, over %d", len(b.Times), maxTimes)
	} else {
		for j, t := range b.Times {
			c.term(problem.Join(at, "times", j), t, count)
		}
	}
	c.shareTerm(at+"/adoption", b.Adoption, "")
	attribution := c.attribution(at, b)
	c.term(at+"/unit_value", b.UnitValue, count)
	c.shareTerm(at+"/conversion", b.Conversion, needsConversion(b.Driver))
	c.shareTerm(at+"/margin", b.Margin, needsMargin(b.Driver))
	c.claim(at, b.Pool, attribution)
	if b.Evidence != "" {
		oneOf(c, at, "/evidence", b.Evidence, classes)
	}
}

// needsConversion says why a driver needs a conversion, or "".
func needsConversion(d Driver) string {
	if d == Productivity {
		return "time saved is money only in the share that is declared"
	}
	return ""
}

// needsMargin says why a driver needs a margin, or "".
func needsMargin(d Driver) string {
	if d == RevenueGrowth || d == TimeToMarket {
		return "revenue is value only in the share that remains"
	}
	return ""
}

// shareTerm checks a factor that may be absent, unless there is a reason why it is needed.
func (c *checker) shareTerm(at string, t *Term, needed string) {
	switch {
	case t != nil:
		c.term(at, *t, share)
	case needed != "":
		c.Addf(at, "is missing: %s", needed)
	}
}

// attribution returns the share of its pool that a benefit claims, or nil if that is not known.
func (c *checker) attribution(at string, b *Benefit) *decimal.Decimal {
	t := b.Attribution
	if t == nil {
		whole := one
		return &whole
	}
	at += "/attribution"
	constant := c.term(at, *t, share)
	if b.Pool != "" && t.Quantity != "" {
		c.Addf(at+"/quantity", "must be a value, since the benefit draws on a pool")
	}
	if !constant {
		return nil
	}
	return t.Value
}

// claim adds a benefit's attribution to what is claimed of its pool. Shares have at most 18 places, so that the sum is
// exact. Each benefit past the whole is a problem of its own.
func (c *checker) claim(at, pool string, attribution *decimal.Decimal) {
	if pool == "" {
		return
	}
	i, ok := c.Refer(&c.pools, at, "/pool", "pool", pool)
	if !ok || attribution == nil || i >= len(c.shares) {
		return
	}
	c.shares[i] = c.shares[i].Add(*attribution)
	if c.shares[i].Cmp(one) > 0 {
		c.Addf(at+"/pool", "the attributions on pool %q sum to %s, over 1", pool, amount.Text(c.shares[i]))
	}
}

// checkLinks lets links rise alone, from rung to higher rung: that rules out cycles, and each node is complete before
// value is carried on from it.
func (c *checker) checkLinks() {
	if !c.Fits("", "/links", len(c.l.Links), maxList) {
		return
	}
	type pair struct{ from, to string }
	seen := make(map[pair]int)
	sums := make([]decimal.Decimal, len(c.l.Nodes))
	for i, link := range c.l.Links {
		at := problem.Pointer("links", i)
		from, fromOK := c.Refer(&c.nodes, at, "/from", "node", link.From)
		to, toOK := c.Refer(&c.nodes, at, "/to", "node", link.To)
		if fromOK && toOK && rank(rungs, c.l.Nodes[from].Rung) >= rank(rungs, c.l.Nodes[to].Rung) {
			c.Addf(at+"/to", "%q is not on a higher rung than %q", link.To, link.From)
		}
		if first, twice := seen[pair{link.From, link.To}]; twice {
			c.Addf(at, "links the same nodes as element %d", first)
		} else {
			seen[pair{link.From, link.To}] = i
		}
		if c.number(at, "/share", link.Share, share) && fromOK {
			sums[from] = sums[from].Add(link.Share)
			if sums[from].Cmp(one) > 0 {
				c.Addf(at+"/share", "the shares from %q sum to %s, over 1", link.From, amount.Text(sums[from]))
			}
		}
	}
}

// checkCosts refuses amounts: a ladder says which kinds of cost there are, an input what was spent.
func (c *checker) checkCosts() {
	if !c.Fits("", "/costs", len(c.l.Costs), maxList) {
		return
	}
	for i, cost := range c.l.Costs {
		at := problem.Pointer("costs", i)
		c.Define(&c.costs, at, "/name", cost.Name)
		oneOf(c, at, "/kind", cost.Kind, costKinds)
		if !cost.Amount.IsZero() {
			c.Addf(at+"/amount", "belongs into an input")
		}
	}
}

// checkHaircuts takes at most one haircut for a class; the classes without one lose nothing.
func (c *checker) checkHaircuts() {
	if !c.Fits("", "/haircuts", len(c.l.Haircuts), maxList) {
		return
	}
	for i, h := range c.l.Haircuts {
		at := problem.Pointer("haircuts", i)
		oneOf(c, at, "/class", h.Class, classes)
		if slices.ContainsFunc(c.l.Haircuts[:i], func(other Haircut) bool { return other.Class == h.Class }) {
			c.Addf(at+"/class", "%q has a haircut already", check.Clip(string(h.Class)))
		}
		c.number(at, "/share", h.Share, share)
		c.Span(at, "/expire", time.Duration(h.Expire))
	}
}

func (c *checker) checkThresholds() {
	t := c.l.Thresholds
	if t == nil {
		return
	}
	const at = "/thresholds"
	for _, f := range []struct {
		name  string
		value decimal.Decimal
	}{
		{"/capability", t.Capability}, {"/goal", t.Goal}, {"/expectation", t.Expectation}, {"/untold", t.Untold},
		{"/happy", t.Happy}, {"/unhappy", t.Unhappy}, {"/rich", t.Rich}, {"/poor", t.Poor}, {"/serious", t.Serious},
	} {
		c.number(at, f.name, f.value, share)
	}
	if t.Unhappy.Cmp(t.Happy) >= 0 {
		c.Addf(at+"/unhappy", "must be below happy")
	}
	if t.Poor.Cmp(t.Rich) >= 0 {
		c.Addf(at+"/poor", "must be below rich")
	}
	for i, name := range t.Hold {
		oneOf(c, at, fmt.Sprintf("/hold/%d", i), name, patterns)
	}
}
