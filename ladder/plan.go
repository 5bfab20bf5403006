package ladder

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// A plan is a valid ladder with its names resolved to positions.
type plan struct {
	quantities []quantity // in the order in which the ladder mentions them
	pools      []pool
	benefits   []benefit
	haircuts   []Haircut // one for each class, by rank
	axes       []axis
	climb      []int          // positions of the links, those from lower rungs first
	nodes      map[string]int // positions
	costs      map[string]CostKind
	named      map[string]int // positions of the benefits
}

// A quantity is a name under which formulas read, with the narrowest bound that they set.
type quantity struct {
	name  string
	bound bound
}

// A pool has the positions of the benefits that draw on it.
type pool struct {
	name     string
	capacity factor
	basis    Basis
	members  []int
}

// A benefit is one formula: factors that make units, then factors that turn them into money.
type benefit struct {
	name      string
	driver    Driver
	saving    Saving
	basis     Basis
	node      string
	pool      int // -1: none
	moved     movement
	units     []factor // after moved: times, adoption, attribution
	money     []factor // unit value, conversion, margin
	constants Evidence // class of the formula's constants; "": it has none
	single    bool     // the metric's base is one reading
}

// A movement is the first factor of a formula: as given, or the way of a metric from its base.
type movement struct {
	factor
	base *decimal.Decimal // nil: as given
	down bool             // less is better
}

// A factor is a constant, or the quantity at a position.
type factor struct {
	role     string          // in the trace
	name     string          // in the trace
	value    decimal.Decimal // of a constant
	quantity int             // -1: a constant
}

// An axis groups the benefits.
type axis struct {
	name   Axis
	groups []string // in order of first appearance
	of     []int    // position of each benefit's group
}

// newPlan resolves a ladder that check found nothing wrong with.
func newPlan(l Ladder) plan {
	p := plan{nodes: make(map[string]int), costs: make(map[string]CostKind), named: make(map[string]int)}
	b := planner{plan: &p, at: make(map[string]int)}
	for i, n := range l.Nodes {
		p.nodes[n.Name] = i
	}
	for _, c := range l.Costs {
		p.costs[c.Name] = c.Kind
	}
	for _, class := range classes {
		h := Haircut{Class: class}
		if i := slices.IndexFunc(l.Haircuts, func(h Haircut) bool { return h.Class == class }); i >= 0 {
			h = l.Haircuts[i]
		}
		p.haircuts = append(p.haircuts, h)
	}
	pools := make(map[string]int)
	for i, d := range l.Pools {
		pools[d.Name] = i
		p.pools = append(p.pools, pool{name: d.Name, capacity: b.factor("capacity", d.Capacity, count), basis: d.Basis})
	}
	metrics := make(map[string]Metric)
	for _, m := range l.Metrics {
		metrics[m.Name] = m
	}
	for i, d := range l.Benefits {
		p.named[d.Name] = i
		f := b.benefit(d, metrics)
		if d.Pool != "" {
			f.pool = pools[d.Pool]
			p.pools[f.pool].members = append(p.pools[f.pool].members, i)
		}
		p.benefits = append(p.benefits, f)
	}
	for i := range l.Links {
		p.climb = append(p.climb, i)
	}
	rung := func(link int) int { return rank(rungs, l.Nodes[p.nodes[l.Links[link].From]].Rung) }
	slices.SortStableFunc(p.climb, func(i, j int) int { return cmp.Compare(rung(i), rung(j)) })
	p.axes = axes(l, p.nodes)
	return p
}

// A planner numbers the quantities as it meets them.
type planner struct {
	plan *plan
	at   map[string]int
}

// quantity returns the position of a quantity. Read under several bounds it must keep the narrowest: they are nested.
func (b *planner) quantity(name string, within bound) int {
	i, ok := b.at[name]
	if !ok {
		i = len(b.plan.quantities)
		b.at[name] = i
		b.plan.quantities = append(b.plan.quantities, quantity{name: name})
	}
	q := &b.plan.quantities[i]
	q.bound = max(q.bound, within)
	return i
}

// factor names a factor for the trace: as the term says, or after its quantity.
func (b *planner) factor(role string, t Term, within bound) factor {
	f := factor{role: role, name: cmp.Or(t.Name, t.Quantity), quantity: -1}
	if t.Value != nil {
		f.value = *t.Value
	} else {
		f.quantity = b.quantity(t.Quantity, within)
	}
	return f
}

// benefit resolves a formula. Constants have one class of evidence, and a metric's base is one of them.
func (b *planner) benefit(d Benefit, metrics map[string]Metric) benefit {
	f := benefit{
		name: d.Name, driver: d.Driver, saving: cmp.Or(d.Saving, usual(d.Driver)), basis: d.Basis, node: d.Node, pool: -1,
	}
	if d.Moved != nil {
		f.moved.factor = b.factor("moved", *d.Moved, free)
	} else {
		m := metrics[d.Metric]
		f.single = m.Readings == 1
		f.moved = movement{b.factor("moved", Term{Quantity: m.Name}, free), &m.Base, m.Better == Down}
	}
	for _, t := range d.Times {
		f.units = append(f.units, b.factor("times", t, count))
	}
	add := func(to *[]factor, role string, t *Term, within bound) {
		if t != nil {
			*to = append(*to, b.factor(role, *t, within))
		}
	}
	add(&f.units, "adoption", d.Adoption, share)
	add(&f.units, "attribution", d.Attribution, share)
	add(&f.money, "unit_value", &d.UnitValue, count)
	add(&f.money, "conversion", d.Conversion, share)
	add(&f.money, "margin", d.Margin, share)
	constant := func(f factor) bool { return f.quantity < 0 }
	if constant(f.moved.factor) || f.moved.base != nil || slices.ContainsFunc(f.units, constant) || slices.ContainsFunc(f.money, constant) {
		f.constants = cmp.Or(d.Evidence, Assumed)
	}
	return f
}

// usual is the saving of a driver where a benefit names none.
func usual(d Driver) Saving {
	if d == CostReduction || d == RevenueGrowth {
		return Hard
	}
	return Soft
}

// axes groups the benefits on each axis. What has no stakeholder or theme is in the group "", so that each axis sums to
// the whole.
func axes(l Ladder, nodes map[string]int) []axis {
	keys := []struct {
		name Axis
		of   func(Benefit) string
	}{
		{ByDriver, func(b Benefit) string { return string(b.Driver) }},
		{ByRung, func(b Benefit) string { return string(l.Nodes[nodes[b.Node]].Rung) }},
		{ByNode, func(b Benefit) string { return b.Node }},
		{ByStakeholder, func(b Benefit) string { return l.Nodes[nodes[b.Node]].Stakeholder }},
		{ByTheme, func(b Benefit) string { return b.Theme }},
	}
	var out []axis
	for _, key := range keys {
		a := axis{name: key.name}
		at := make(map[string]int)
		for _, b := range l.Benefits {
			group := key.of(b)
			i, ok := at[group]
			if !ok {
				i = len(a.groups)
				at[group] = i
				a.groups = append(a.groups, group)
			}
			a.of = append(a.of, i)
		}
		out = append(out, a)
	}
	return out
}
