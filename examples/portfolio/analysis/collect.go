package analysis

import (
	"cmp"
	"math"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/world"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/revenue"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

// How many accounts are shown, and how many failures and points are kept.
const (
	shown       = 8
	maxFailures = 100
	maxPoints   = 1500
)

// A collector adds evaluated accounts up. It is used by one goroutine.
type collector struct {
	book   *book.Book
	defs   Definitions
	r      *Result
	bands  []string // of the card, worst first, then unknown
	inputs map[string]int
	trial  *trial

	rows      []snapshotRow
	riskiest  top
	movers    top
	stalled   top
	stays     map[string]*pace.Sample // by phase
	clocks    []timetovalue.Case
	plans     []float64 // attainment of known plans
	coverage  float64
	levels    map[ladder.Stage]decimal.Decimal
	leveled   map[ladder.Stage]int
	leaking   int
	ratings   []opportunity.Rating
	people    int // respondents so far
	ladder    ladder.Ladder
	carried   map[string]decimal.Decimal // by node, from the nodes below
	promised  Against
	stated    Against
	snapshots []revenue.Snapshot
	touches   map[string]int
	recovery  *world.Recovery // of a simulated book
}

func newCollector(b *book.Book, defs Definitions, o Options) *collector {
	c := &collector{book: b, defs: defs, trial: newTrial(), inputs: make(map[string]int), stays: make(map[string]*pace.Sample),
		levels: make(map[ladder.Stage]decimal.Decimal), leveled: make(map[ladder.Stage]int), touches: make(map[string]int),
		r: &Result{Kind: b.Kind, Title: b.Title, Source: b.Source, Licence: b.Licence, Command: o.Command, AsOf: b.AsOf, Dated: b.Dated,
			Currency: b.Currency, Files: b.Files, Rejects: b.Rejects, Digests: defs.digests()}}
	c.ladder, c.carried = defs.Ladder.Ladder(), make(map[string]decimal.Decimal)
	c.riskiest.less = func(a, b *evaluated) int {
		return cmp.Or(cmp.Compare(a.score.Value, b.score.Value), b.monthly.Cmp(a.monthly), cmp.Compare(a.account.ID, b.account.ID))
	}
	fall := func(e *evaluated) float64 { return e.score.Value - e.before.Value }
	c.movers.less = func(a, b *evaluated) int {
		return cmp.Or(cmp.Compare(fall(a), fall(b)), cmp.Compare(a.account.ID, b.account.ID))
	}
	c.stalled.less = func(a, b *evaluated) int {
		return cmp.Or(b.monthly.Cmp(a.monthly), cmp.Compare(a.account.ID, b.account.ID))
	}
	for _, band := range defs.Health.Scorecard().Bands {
		c.bands = append(c.bands, band.Name)
	}
	c.bands = append(c.bands, health.Unknown)
	for _, band := range c.bands {
		c.r.Bands = append(c.r.Bands, BandRow{Band: band})
	}
	scheme := defs.Segment.Scheme()
	for _, s := range defs.Segment.Segments() {
		row := SegmentRow{Segment: s}
		for _, rule := range scheme.Rules {
			if rule.Segment == s && row.Why == "" {
				row.Why = rule.Why
			}
		}
		c.r.Segments = append(c.r.Segments, row)
		for _, band := range c.bands {
			c.r.Matrix = append(c.r.Matrix, MatrixCell{Segment: s, Band: band})
		}
	}
	for _, p := range defs.Journey.Map().Phases {
		c.r.Phases = append(c.r.Phases, PhaseRow{Phase: p.Name, Title: cmp.Or(p.Title, p.Name)})
	}
	for i := range 20 {
		c.r.Histogram = append(c.r.Histogram, HistogramBin{From: float64(5 * i), To: float64(5 * (i + 1))})
	}
	if b.Dated {
		c.periods()
	}
	if b.Kind == book.Simulated {
		c.recovery = &world.Recovery{}
	}
	return c
}

// top keeps the first few by an order.
type top struct {
	less func(a, b *evaluated) int
	kept []*evaluated
}

func (t *top) offer(e *evaluated) {
	i, _ := slices.BinarySearchFunc(t.kept, e, t.less)
	if i < shown {
		t.kept = slices.Insert(t.kept, i, e)[:min(len(t.kept)+1, shown)]
	}
}

func (c *collector) add(e *evaluated) {
	c.totals(e)
	c.health(e)
	c.journey(e)
	c.outcomes(e)
	c.value(e)
	c.booked(e)
	c.rate(e)
	c.engage(e)
	c.measureInputs(e)
	c.revenue(e.account)
	if c.recovery != nil {
		c.recovery.Add(e.account)
	}
	for _, f := range e.failures {
		if len(c.r.Failed) < maxFailures {
			c.r.Failed = append(c.r.Failed, f)
		}
	}
}

func (c *collector) totals(e *evaluated) {
	t, left := &c.r.Totals, e.account.Left
	t.Accounts++
	// The revenue of a customer in an undated snapshot is that of the snapshot; in a dated book those who left pay nothing now.
	t.Monthly = t.Monthly.Add(e.monthly)
	if left.Known {
		t.LeftKnown++
	}
	if !left.Left {
		t.Remaining++
		return
	}
	t.Left++
	if c.book.Dated {
		t.MonthlyLeft = t.MonthlyLeft.Add(e.lastPaid)
	} else {
		t.MonthlyLeft = t.MonthlyLeft.Add(e.monthly)
	}
}

// here says whether an account counts among those scored now: in a dated book, those that are still customers.
func (c *collector) here(e *evaluated) bool { return !c.book.Dated || !e.account.Left.Left }

func (c *collector) health(e *evaluated) {
	left := e.account.Left
	for _, x := range e.cases {
		c.trial.add(x)
	}
	if !c.here(e) {
		return
	}
	s, r := &e.score, c.r
	band := cmp.Or(s.Band, health.Unknown)
	i := slices.Index(c.bands, band)
	row := &r.Bands[i]
	row.Accounts++
	row.Monthly = row.Monthly.Add(e.monthly)
	if left.Left {
		row.Left++
	}
	if s.Certain {
		row.Certain++
		r.Totals.Certain++
	}
	if j := slices.IndexFunc(r.Segments, func(x SegmentRow) bool { return x.Segment == e.verdict.Segment }); j >= 0 {
		seg := &r.Segments[j]
		seg.Accounts++
		seg.Monthly = seg.Monthly.Add(e.monthly)
		if left.Left {
			seg.Left++
		}
		cell := &r.Matrix[j*len(c.bands)+i]
		cell.Accounts++
		cell.Monthly = cell.Monthly.Add(e.monthly)
	}
	value := math.NaN()
	if s.Known {
		r.Totals.Known++
		value = s.Value
		bin := &r.Histogram[min(int(value/5), len(r.Histogram)-1)]
		if left.Left {
			bin.Left++
		} else {
			bin.Stayed++
		}
		if !left.Left {
			c.riskiest.offer(e)
			if e.before != nil && e.before.Known && e.before.Value > s.Value {
				c.movers.offer(e)
			}
		}
	}
	if !c.book.Dated {
		c.rows = append(c.rows, c.snapshotRow(e, band, value))
	}
	c.quadrant(e)
}

func (c *collector) snapshotRow(e *evaluated, band string, value float64) snapshotRow {
	row := snapshotRow{group: textOf(e.facts, "contract_term"), band: band, value: value, left: e.account.Left.Left}
	for _, name := range separationColumns {
		known, _ := e.facts.find(name)
		x, ok := known.value()
		if !ok {
			x = math.NaN()
		}
		row.columns = append(row.columns, x)
	}
	return row
}

func (c *collector) quadrant(e *evaluated) {
	p := Point{Outcome: math.NaN(), Experience: math.NaN(), Left: e.account.Left.Left}
	for _, a := range e.score.Aspects {
		switch {
		case a.Known && a.Aspect == health.Outcome:
			p.Outcome = a.Value
		case a.Known && a.Aspect == health.Experience:
			p.Experience = a.Value
		}
	}
	if !math.IsNaN(p.Outcome+p.Experience) && len(c.r.Quadrant) < maxPoints {
		c.r.Quadrant = append(c.r.Quadrant, p)
	}
}

func (c *collector) journey(e *evaluated) {
	for _, s := range e.stays {
		if c.stays[s.Phase] == nil {
			c.stays[s.Phase] = new(pace.Sample)
		}
		if err := c.stays[s.Phase].Add(s); err != nil {
			e.fail("pace", err)
		}
	}
	if e.decision == nil || !c.here(e) {
		return
	}
	i := slices.IndexFunc(c.r.Phases, func(p PhaseRow) bool { return p.Phase == e.decision.Phase })
	if i < 0 {
		return
	}
	row := &c.r.Phases[i]
	row.Accounts++
	switch e.decision.Clock.State {
	case journey.Behind:
		row.Behind++
	case journey.Stuck:
		row.Stuck++
	case journey.ClockUnknown:
		row.Unknown++
	}
	if e.decision.Clock.State == journey.Stuck && len(e.decision.Missing) > 0 {
		c.stalled.offer(e)
	}
}

func (c *collector) outcomes(e *evaluated) {
	if e.clock != nil {
		c.clocks = append(c.clocks, *e.clock)
	}
	a := e.assessed
	if a == nil || !c.here(e) {
		return
	}
	if c.r.Outcomes == nil {
		c.r.Outcomes = &Outcomes{}
	}
	o := c.r.Outcomes
	o.Plans++
	c.coverage += a.Whole.Coverage
	if a.Whole.Known {
		o.Known++
		c.plans = append(c.plans, a.Whole.Value)
	}
	for _, p := range a.Outcomes {
		if p.State != outcome.Draft {
			o.Agreed++
		}
		if p.State == outcome.Achieved {
			o.Achieved++
		}
		if p.Level == outcome.Confirmed {
			o.Confirmed++
		}
		if p.Lost {
			o.Lost++
		}
	}
	for _, d := range a.Debt {
		if d.Currency == c.book.Currency {
			o.Debt = o.Debt.Add(d.Amount)
			o.Debtors++
		}
	}
}

func (c *collector) value(e *evaluated) {
	if l := e.leakage; l != nil && c.here(e) {
		c.leaking++
		for _, x := range e.account.Levels {
			s := ladder.Stage(x.Stage)
			c.levels[s] = c.levels[s].Add(x.Amount)
			c.leveled[s]++
		}
	}
	s := e.statement
	if s == nil || !c.here(e) {
		return
	}
	if c.r.Value == nil {
		c.r.Value = &Value{Currency: c.ladder.Currency}
	}
	v := c.r.Value
	v.Gross, v.Adjusted, v.Cost = v.Gross.Add(s.Gross), v.Adjusted.Add(s.Adjusted), v.Cost.Add(s.Cost)
	v.Unknown += s.Unknown
	v.Known += len(s.Lines) - s.Unknown
	for _, x := range s.Carried {
		c.carried[x.To] = c.carried[x.To].Add(x.Amount)
	}
	for _, t := range s.Totals {
		switch t.Axis {
		case "driver":
			v.Drivers = addTotal(v.Drivers, t)
		case "rung":
			v.Rungs = addTotal(v.Rungs, t)
		}
	}
}

func addTotal(totals []ladder.Total, t ladder.Total) []ladder.Total {
	i := slices.IndexFunc(totals, func(x ladder.Total) bool { return x.Group == t.Group })
	if i < 0 {
		return append(totals, t)
	}
	x := &totals[i]
	x.Gross, x.Adjusted, x.Unknown = x.Gross.Add(t.Gross), x.Adjusted.Add(t.Adjusted), x.Unknown+t.Unknown
	return totals
}
