package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
	"github.com/customersuccess-go/customersuccess/journey/pace"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
	"github.com/customersuccess-go/customersuccess/segment"
)

// result completes what was collected.
func (c *collector) result(report backtest.Report) (*Result, error) {
	r := c.r
	c.say()
	c.r.Index = "experience index"
	for _, g := range c.defs.Health.Scorecard().Groups {
		if g.Aspect == health.Outcome {
			c.r.Index = "health score"
		}
	}
	c.prove()
	if !c.book.Dated && r.Totals.LeftKnown > 0 && r.Totals.Left > 0 {
		r.Separation = separate(c.rows, "contract term")
		r.LeftByBand = leftByBand(c.rows, c.bands)
	}
	if c.book.Dated {
		r.Backtest = c.trial.section(report, c.bands)
	}
	r.Riskiest, r.Movers, r.Stalled = c.views(c.riskiest), c.views(c.movers), c.views(c.stalled)
	if len(r.Riskiest) > 0 {
		r.Example = &r.Riskiest[0]
	}
	for i := range r.Phases {
		p := &r.Phases[i]
		sample := c.stays[p.Phase]
		if !c.book.Dated || sample == nil {
			continue
		}
		curve, err := sample.Estimate(pace.Options{})
		if err != nil {
			return nil, err
		}
		d := curve.Dwell()
		if d.Median != nil {
			p.Dwell, p.Dwelt = *d.Median, true
		}
		p.Note = fmt.Sprintf("%s stays, %s ended", counted(d.N), counted(d.Ended))
	}
	r.Diagram = c.defs.Journey.Mermaid()
	if o := r.Outcomes; o != nil && o.Plans > 0 {
		o.Coverage = c.coverage / float64(o.Plans)
		if o.Known > 0 {
			sum := 0.0
			for _, v := range c.plans {
				sum += v
			}
			o.Mean = sum / float64(o.Known)
		}
	}
	c.balances()
	r.Rungs = c.rungs()
	var err error
	if r.Leakage, err = c.leakage(); err != nil {
		return nil, err
	}
	if r.Retention, err = c.retention(); err != nil {
		return nil, err
	}
	if r.Opportunity, err = c.opportunities(); err != nil {
		return nil, err
	}
	if r.Incidence, err = c.incidence(); err != nil {
		return nil, err
	}
	r.Planted = c.planted()
	c.hours()
	c.unlock()
	return r, nil
}

func (c *collector) say() {
	r := c.r
	switch c.book.Kind {
	case book.Bundled:
		r.Banner = "Public sample data of a fictional company"
		r.About = []string{
			"The book of a fictional telecom company: one snapshot of its customers, with services, contract, charges, and who left in the last month.",
			"Services count as adoption, contract and payment as relationship, tenure as age, charges as revenue.",
		}
		r.Limits = []string{
			"Nothing in it is dated: no trend, no movement, no time to value, no backtest.",
			"Nobody asked these customers what they came for: outcomes are unknown for all, so what is scored is experience alone, an index and not health.",
			"The company does not exist; no rate here says anything about a real one.",
		}
	case book.Real:
		r.Banner = "Real, anonymised invoices"
		r.About = []string{
			"The customers of a B2B software vendor as its invoice lines show them: contracts, what was paid and when, who came back and who did not.",
			"Recurring revenue is a contract's value over its length in years; a customer has left when the last paid period is over.",
		}
		r.Limits = []string{
			"Invoices show neither usage, nor satisfaction, nor outcomes: what is scored is how the customer buys, an experience index and not health.",
			"Amounts are in one currency as the data gives them; exchange rates are not looked at.",
		}
	case book.Simulated:
		r.Banner = "Simulated: every customer here was made up by the program"
		r.About = []string{"A complete made-up world of two years: usage, surveys, tickets, contracts, milestones, outcomes, touches and value, with known truths planted in it."}
		r.Limits = []string{"It shows what the library does and whether it finds what was planted. It says nothing about any market."}
	default:
		r.Banner = "Your data"
		r.About = []string{"The book of business in the folder that you named."}
	}
}

func (c *collector) prove() {
	from, to := c.book.AsOf, c.book.AsOf.AddDate(1, 0, 0)
	findings := c.defs.Segment.Verify(from, to)
	c.r.Proof = Proof{Findings: findings}
	switch {
	case len(findings) == 0:
		c.r.Proof.Text = "Proven over every possible account: no rule is dead or shadowed, and nobody is left over, unknown values included."
	case slices.ContainsFunc(findings, func(f segment.Finding) bool { return f.Class == segment.Undecided }):
		c.r.Proof.Text = "Not proven: the scheme is too large to decide within the bound."
	default:
		c.r.Proof.Text = fmt.Sprintf("%d findings; each has an account that shows it.", len(findings))
	}
}

func (c *collector) views(t top) []AccountView {
	var views []AccountView
	for _, e := range t.kept {
		views = append(views, c.view(e))
	}
	return views
}

func (c *collector) view(e *evaluated) AccountView {
	v := AccountView{Account: e.account.ID, Segment: e.verdict.Segment, Monthly: e.monthly, Score: e.score, Decision: e.decision}
	if e.before != nil && e.before.Known {
		v.Before = e.before.Value
	}
	v.Reasons = reasons(e.score)
	in := health.Input{Account: e.account.ID, Since: e.account.Since, Readings: e.facts}
	if band := c.better(e.score.Band); band != "" {
		levers, err := c.defs.Health.Levers(in, c.book.AsOf, band)
		for _, l := range levers {
			if err == nil && l.Reachable && len(v.Levers) < 3 {
				v.Levers = append(v.Levers, fmt.Sprintf("%s at %s alone would make it %s", plain(l.Measure), short(l.Value), band))
			}
		}
		if err == nil && len(v.Levers) == 0 {
			v.Levers = []string{"no measure alone would make it " + band}
		}
	}
	if ask, err := c.defs.Health.Ask(in, c.book.AsOf); err == nil {
		for _, measure := range ask[:min(len(ask), 3)] {
			v.Ask = append(v.Ask, plain(measure))
		}
	}
	if d := e.decision; d != nil {
		for _, m := range d.Missing {
			if v.Missing == "" && !m.Optional {
				v.Missing = cmp.Or(m.Title, m.Milestone)
				if m.Owner != "" {
					v.Missing += ", owed by " + m.Owner
				}
			}
		}
	}
	return v
}

// better is the band above.
func (c *collector) better(band string) string {
	i := slices.Index(c.bands, band)
	if i < 0 || i >= len(c.bands)-2 {
		return ""
	}
	return c.bands[i+1]
}

// reasons are the three measures that keep most points from the account.
func reasons(s health.Score) []string {
	type loss struct {
		words  string
		points float64
	}
	var losses []loss
	for _, p := range s.Parts {
		most := 100 * p.Weight
		if lost := most - p.Points; lost > 0.05 {
			state := "is " + short(p.Reading.Value)
			if p.Missing || p.Liveness == 0 {
				state = "is unknown"
			}
			losses = append(losses, loss{fmt.Sprintf("%s %s: %.1f of %.1f points", plain(p.Measure), state, p.Points, most), lost})
		}
	}
	slices.SortStableFunc(losses, func(a, b loss) int { return cmp.Compare(b.points, a.points) })
	var out []string
	for _, l := range losses[:min(3, len(losses))] {
		out = append(out, l.words)
	}
	if s.Limit != nil {
		out = append([]string{s.Limit.Reason}, out...)
	}
	return out[:min(3, len(out))]
}

// plain is a measure's name for people.
func plain(measure string) string {
	return strings.ReplaceAll(strings.TrimPrefix(measure, "usage_"), "_", " ")
}

func short(v float64) string {
	s := fmt.Sprintf("%.2f", v)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// leakage is the waterfall of all accounts together. A stage counts where every account has it: otherwise its sum
// would be a loss that nobody had.
func (c *collector) leakage() (*ladder.Leakage, error) {
	if c.leaking == 0 {
		return nil, nil
	}
	var levels []ladder.Level
	for _, s := range []ladder.Stage{ladder.Potential, ladder.Sold, ladder.Deployed, ladder.Adopted, ladder.Achieved, ladder.Verified, ladder.Communicated, ladder.Felt} {
		if c.leveled[s] == c.leaking {
			levels = append(levels, ladder.Level{Stage: s, Amount: c.levels[s]})
		}
	}
	l, err := c.defs.Ladder.Leakage("all accounts", levels, c.book.AsOf)
	return &l, err
}

func (c *collector) incidence() (*Incidence, error) {
	if len(c.clocks) == 0 {
		return nil, nil
	}
	in, err := timetovalue.Estimate(c.clocks)
	if err != nil {
		return nil, err
	}
	out := &Incidence{N: in.N, Valued: in.Valued, LeftN: in.Left, Pending: in.Pending}
	for _, s := range in.Steps {
		out.Steps = append(out.Steps, IncidenceStep{Day: s.Day, Value: s.Value, Left: s.Left, Waiting: s.Waiting, AtRisk: s.AtRisk})
	}
	if d, ok := in.Quantile(0.5); ok {
		out.Median = &d
	}
	return out, nil
}

// hours fills in a year's hours by segment from the cadences of its program, and the touches themselves where nothing
// is dated.
func (c *collector) hours() {
	for i := range c.r.Segments {
		s := &c.r.Segments[i]
		m := c.defs.program(s.Segment)
		if m == nil {
			continue
		}
		remaining := float64(s.Accounts)
		if !c.book.Dated {
			remaining -= float64(s.Left)
		}
		for _, t := range m.Program().Touches {
			if t.Every <= 0 {
				continue
			}
			perYear := 365 * 24 / time.Duration(t.Every).Hours()
			hours := remaining * perYear * t.Minutes / 60
			s.Hours += hours
			if !c.book.Dated {
				c.r.Touches = append(c.r.Touches, TouchRow{Segment: s.Segment, Touch: t.Name, Channel: string(t.Channel), Owner: t.Owner,
					Due: int(math.Round(remaining * perYear)), Hours: hours})
			}
		}
	}
	rank := func(segment string) int {
		return slices.IndexFunc(c.r.Segments, func(s SegmentRow) bool { return s.Segment == segment })
	}
	slices.SortStableFunc(c.r.Touches, func(a, b TouchRow) int {
		return cmp.Or(cmp.Compare(rank(a.Segment), rank(b.Segment)), cmp.Compare(a.Touch, b.Touch))
	})
}

// unlock says which file would tell what is unknown.
func (c *collector) unlock() {
	r := c.r
	add := func(missing bool, what, file string) {
		if missing {
			r.Unlocks = append(r.Unlocks, Unlock{what, file})
		}
	}
	surveyed := slices.ContainsFunc(r.Inputs, func(x InputCoverage) bool { return x.Name == "nps" && x.Known > 0 })
	add(r.Outcomes == nil || r.Outcomes.Known == 0, "whether customers reach what they came for, and so health instead of an index", "outcomes.csv and measurements.csv")
	add(r.Opportunity == nil, "which desired outcomes are under-served", "ratings.csv")
	add(!surveyed, "what customers say", "surveys.csv")
	add(!c.book.Dated, "trend, movers, and a backtest with lead time", "dates in usage.csv and contracts.csv")
	add(len(r.Retention) == 0, "net and gross revenue retention", "from and to in contracts.csv")
	add(!c.book.Dated, "how long phases take and who is stalled", "since in accounts.csv, milestones.csv")
	add(r.Incidence == nil, "time to value", "achieved in outcomes.csv")
	add(r.Value == nil, "value realized", "value.csv")
	add(r.Booked == nil, "value booked, against what was promised and stated", "ledger.csv")
	add(r.Leakage == nil, "where value leaks away", "leakage.csv")
	add(c.book.Kind != book.Simulated && !slices.ContainsFunc(r.Touches, func(t TouchRow) bool { return t.Overdue > 0 }) && !c.book.Dated, "which touches are due now", "touches.csv")
}

var errNoAccounts = errors.New("the book holds no account that can be read")

// Check says what makes a result useless.
func (r *Result) Check() error {
	if r.Totals.Accounts == 0 {
		return errNoAccounts
	}
	return nil
}
