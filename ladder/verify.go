package ladder

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// A Finding is something in a valid ladder that is hardly meant.
type Finding struct {
	Class   FindingClass `json:"class"`
	Pointer string       `json:"pointer"` // JSON Pointer (RFC 6901) into the ladder
	Message string       `json:"message"` // says what to do instead
	Witness *Input       `json:"-"`       // an input that shows it; nil where the ladder itself does
	AsOf    time.Time    `json:"-"`       // when to state the witness
}

// A FindingClass says what was found, and what its witness shows when it is stated.
type FindingClass string

// Finding classes. Links that lead round in a circle, and attributions over 1 on a pool, are none: [Compile] refuses them.
const (
	// OrphanGoal: no benefit serves a theme, or moves a metric that has a target.
	OrphanGoal FindingClass = "orphan_goal"
	// OrphanCapability: a capability of which no benefit comes.
	OrphanCapability FindingClass = "orphan_capability"
	// MixedBases: the value of a node adds what comes once to what comes at a rate. In the witness, a year, the node has
	// both; in two years only one of them doubles.
	MixedBases FindingClass = "run_rate_with_one_off"
	// SingleReading: the base of a metric is one reading. An extreme one is followed by one that is less so, whatever is
	// done: part of what moved would have moved by itself.
	SingleReading FindingClass = "base_single_reading"
	// UnitMismatch: the units of a formula don't cancel to those of its pool or to money, or a quantity has two.
	UnitMismatch FindingClass = "unit_mismatch"
	// MoneyNoEvidence: constants that are assumed make money. In the witness every quantity is audited, and the line is
	// assumed.
	MoneyNoEvidence FindingClass = "money_without_evidence"
	// AttributionOver: benefits that claim one movement have attributions that sum to over 1. In the witness they claim
	// more units than moved.
	AttributionOver FindingClass = "attribution_over_whole"
	// ClaimsOverlap: benefits claim one movement, and their attributions are quantities, which nothing keeps from summing
	// to over 1. In the witness they do.
	ClaimsOverlap FindingClass = "overlapping_claims"
)

// Verify looks for what is hardly meant, in document order.
func (m *Model) Verify() []Finding {
	v := verifier{m: m}
	v.themes()
	v.nodes()
	v.metrics()
	v.benefits()
	v.capabilities()
	return v.found
}

type verifier struct {
	m     *Model
	found []Finding
	shows *Input // the witness of all, once it was asked for
}

func (v *verifier) add(class FindingClass, pointer, format string, args ...any) {
	v.found = append(v.found, Finding{Class: class, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

// named returns the names that benefits give in one of their fields.
func (v *verifier) named(field func(b *Benefit) string) map[string]bool {
	names := make(map[string]bool)
	for i := range v.m.def.Benefits {
		names[field(&v.m.def.Benefits[i])] = true
	}
	return names
}

func (v *verifier) themes() {
	served := v.named(func(b *Benefit) string { return b.Theme })
	for i, t := range v.m.def.Themes {
		if !served[t.Name] {
			v.add(OrphanGoal, problem.Pointer("themes", i), "no benefit serves the theme %q: name it in one, or take it out", t.Name)
		}
	}
}

// nodes follows the links from below, and tells only of the node at which two kinds first meet.
func (v *verifier) nodes() {
	once, rate := make([]bool, len(v.m.def.Nodes)), make([]bool, len(v.m.def.Nodes))
	for _, b := range v.m.def.Benefits {
		node := v.m.plan.nodes[b.Node]
		once[node] = once[node] || b.Basis == OneOff
		rate[node] = rate[node] || b.Basis != OneOff
	}
	below := make([]bool, len(v.m.def.Nodes)) // mixed further down
	for _, i := range v.m.plan.climb {
		from, to := v.m.plan.nodes[v.m.def.Links[i].From], v.m.plan.nodes[v.m.def.Links[i].To]
		below[to] = below[to] || below[from] || once[from] && rate[from]
		once[to], rate[to] = once[to] || once[from], rate[to] || rate[from]
	}
	for i, n := range v.m.def.Nodes {
		if once[i] && rate[i] && !below[i] {
			v.add(MixedBases, problem.Pointer("nodes", i),
				"the value of %q adds what comes once to what comes at a rate: give what comes once a node of its own", n.Name)
			v.witness()
		}
	}
}

func (v *verifier) metrics() {
	moved := v.named(func(b *Benefit) string { return b.Metric })
	for i, metric := range v.m.def.Metrics {
		at := problem.Pointer("metrics", i)
		if metric.Target != nil && !moved[metric.Name] {
			v.add(OrphanGoal, at+"/target", "no benefit moves the metric %q to its target: name it in one, or take the target out", metric.Name)
		}
		if metric.Readings == 1 {
			v.add(SingleReading, at+"/readings", "the base of %q is one reading, which may be an extreme one: take the mean of several", metric.Name)
		}
	}
}

func (v *verifier) benefits() {
	units := v.m.def.units()
	for i := range v.m.def.Benefits {
		b, at := &v.m.def.Benefits[i], problem.Pointer("benefits", i)
		v.units(at, b, units)
		if v.m.plan.benefits[i].constants == Assumed {
			v.add(MoneyNoEvidence, at+"/evidence", "constants of %q are assumed: measure them, or let the customer confirm them, and say so", b.Name)
			v.witness()
		}
	}
	v.claims()
}

func (v *verifier) capabilities() {
	named := v.named(func(b *Benefit) string { return b.Capability })
	for i, c := range v.m.def.Capabilities {
		if !named[c.Name] {
			v.add(OrphanCapability, problem.Pointer("capabilities", i), "nothing comes of the capability %q: name it in a benefit, or take it out", c.Name)
		}
	}
}

// claims tells of a movement at the last benefit that claims it.
func (v *verifier) claims() {
	by := make(map[string][]int)
	for i := range v.m.def.Benefits {
		key := movementOf(&v.m.def.Benefits[i])
		by[key] = append(by[key], i)
	}
	for i := range v.m.def.Benefits {
		key := movementOf(&v.m.def.Benefits[i])
		if same := by[key]; key != "" && len(same) > 1 && same[len(same)-1] == i {
			v.claim(same)
		}
	}
}

// claim looks at the attributions of benefits that claim one movement.
func (v *verifier) claim(same []int) {
	var sum decimal.Decimal
	var names []string
	open, pooled := false, true
	for _, i := range same {
		b := &v.m.def.Benefits[i]
		names = append(names, fmt.Sprintf("%q", b.Name))
		pooled = pooled && b.Pool != "" && b.Pool == v.m.def.Benefits[same[0]].Pool
		switch {
		case b.Attribution == nil:
			sum = sum.Add(one)
		case b.Attribution.Value != nil:
			sum = sum.Add(*b.Attribution.Value)
		default:
			open = true
		}
	}
	at := problem.Pointer("benefits", same[len(same)-1], "attribution")
	switch {
	case pooled: // one pool keeps its claims at most whole
	case sum.Cmp(one) > 0:
		v.add(AttributionOver, at, "%s claim one movement with attributions of %s: let them sum to 1 at most", strings.Join(names, ", "), amount.Text(sum))
		v.witness()
	case open:
		v.add(ClaimsOverlap, at, "%s claim one movement with attributions that are quantities: let them draw on one pool, or declare the attributions", strings.Join(names, ", "))
		v.witness()
	}
}

// movementOf identifies what a benefit claims: a metric, or a quantity with the volumes that it is multiplied with. It is
// "" of a constant, which is nobody else's.
func movementOf(b *Benefit) string {
	moved := "metric " + b.Metric
	if b.Moved != nil {
		if b.Moved.Quantity == "" {
			return ""
		}
		moved = "quantity " + b.Moved.Quantity
	}
	var times []string
	for _, t := range b.Times {
		if t.Quantity != "" {
			times = append(times, t.Quantity)
		}
	}
	slices.Sort(times)
	return moved + "\x00" + strings.Join(times, "\x00")
}

// witness gives the last finding a year in which every quantity is 1 and audited, every metric is 1 from its base in the
// better direction, and pools have plenty. All findings share its quantities.
func (v *verifier) witness() {
	if v.shows == nil {
		in := v.m.plenty()
		v.shows = &in
	}
	in := *v.shows
	f := &v.found[len(v.found)-1]
	if in.Quantities != nil { // else a quantity has two bounds that no one value meets
		f.Witness, f.AsOf = &in, in.To
	}
}

func (m *Model) plenty() Input {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	in := Input{Account: "witness", From: start, To: start.AddDate(1, 0, 0)}
	q := make(QuantityMap)
	for _, name := range m.plan.quantities {
		q[name.name] = Quantity{Value: one, At: in.To, Evidence: Audited}
	}
	for _, p := range m.def.Pools {
		if name := p.Capacity.Quantity; name != "" {
			q[name] = Quantity{Value: decimal.New(1, 9), At: in.To, Evidence: Audited}
		}
	}
	for _, metric := range m.def.Metrics {
		if _, read := q[metric.Name]; read {
			way := one
			if metric.Better == Down {
				way = one.Neg()
			}
			q[metric.Name] = Quantity{Value: metric.Base.Add(way), At: in.To, Evidence: Audited}
		}
	}
	in.Quantities = q
	if _, err := m.Statement(in, in.To); err != nil {
		in.Quantities = nil
	}
	return in
}
