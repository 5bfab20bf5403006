package engagement

import (
	"errors"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
	"github.com/customersuccess-go/customersuccess/segment"
)

const (
	maxTouches = 1000 // of a program
	maxRules   = 100  // budgets, and quiet times, of a program
	maxLevels  = 10   // of an escalation
	maxTries   = 20   // of a level
	maxMost    = 1000 // touches of a budget
	maxMinutes = 10_000
)

// checker collects the problems of a program in document order, and compiles its conditions and clocks.
type checker struct {
	check.Report
	attributes []segment.Attribute
	conditions []*segment.Condition
	texts      []string // of the conditions
	plans      []plan   // in program order
	quiet      []quiet  // in program order
}

func (c *checker) program(p *Program) {
	c.Format(p.Format, Format)
	c.Name("", "/name", p.Name)
	c.Text("", "/version", p.Version)
	c.Text("", "/segment", p.Segment)
	c.Maybe("", "/trial", p.Trial)
	if len(p.Touches)+len(p.Budgets)+len(p.Quiet) == 0 {
		c.Addf("/touches", "is empty, and there are no rules")
	}
	if c.Fits("", "/touches", len(p.Touches), maxTouches) {
		var names check.Names
		for i := range p.Touches {
			at := problem.Pointer("touches", i)
			c.Define(&names, at, "/name", p.Touches[i].Name)
			c.touch(&p.Touches[i], at)
			if p.Ordered && i > 0 {
				c.order(p.Touches[i-1].On, p.Touches[i].On, at)
			} else if p.Ordered && p.Touches[i].On == nil {
				c.Addf(at, "must have a trigger, as a step of a playbook")
			}
		}
	}
	c.budgets(p.Budgets)
	c.quiets(p.Quiet)
}

func (c *checker) touch(t *TouchPlan, at string) {
	c.Text(at, "/title", t.Title)
	check.OneOf(&c.Report, at, "/channel", t.Channel, Human, Digital, Product, Community, Partner)
	c.Name(at, "/owner", t.Owner)
	check.OneOf(&c.Report, at, "/to", t.To, "", User, Sponsor, PartnerParty, Peer)
	c.Span(at, "/every", time.Duration(t.Every))
	switch {
	case t.Every == 0 && t.On == nil:
		c.Addf(at, "must have a cadence (every) or a trigger (on)")
	case t.Every != 0 && t.On != nil:
		c.Addf(at+"/on", "must not stand beside every")
	}
	if t.On != nil {
		c.trigger(t.On, at+"/on")
	}
	c.Span(at, "/within", time.Duration(t.Within))
	compiled := plan{TouchPlan: t.clone(), when: c.condition(t.When, at+"/when")}
	compiled.done, compiled.skip = c.condition(t.Done, at+"/done"), c.condition(t.Skip, at+"/skip")
	if t.On == nil && t.Done != "" {
		c.Addf(at+"/done", "must not stand beside every")
	}
	if t.On == nil && t.Skip != "" {
		c.Addf(at+"/skip", "must not stand beside every")
	}
	c.Maybe(at, "/needs", t.Needs)
	if t.Notice != "" {
		check.OneOf(&c.Report, at, "/notice", t.Notice, Security, Outage, Legal, Billing)
		if t.Needs != "" {
			c.Addf(at+"/notice", "must not stand beside needs: a notice needs no consent")
		}
	}
	if t.Ask != "" {
		check.OneOf(&c.Report, at, "/ask", t.Ask, Reference, Review, AdvisoryBoard, Referral)
		if t.Notice != "" {
			c.Addf(at+"/ask", "must not stand beside notice")
		}
		if t.When == "" {
			c.Addf(at+"/when", "is missing: an ask needs to know that all is well")
		}
	}
	c.escalate(t, at)
	c.Within(at, "/minutes", t.Minutes, 0, maxMinutes)
	compiled.tries = tries(t)
	c.plans = append(c.plans, compiled)
}

func (c *checker) trigger(t *Trigger, at string) {
	switch {
	case t.Event == "" && t.Anchor == "":
		c.Addf(at, "must have an event or an anchor")
	case t.Event != "" && t.Anchor != "":
		c.Addf(at+"/anchor", "must not stand beside event")
	}
	if c.Maybe(at, "/event", t.Event); t.Event != "" {
		c.Span(at, "/offset", time.Duration(t.Offset)) // what happens can't be foreseen
		return
	}
	c.Maybe(at, "/anchor", t.Anchor)
	c.Err(at, "/offset", span.Check(time.Duration(t.Offset)))
}

// order holds two steps of a playbook to one trigger, and to offsets that do not fall.
func (c *checker) order(before, t *Trigger, at string) {
	switch {
	case before == nil || t == nil || before.Event != t.Event || before.Anchor != t.Anchor:
		c.Addf(at+"/on", "must be the trigger of the step before it")
	case t.Offset < before.Offset:
		c.Addf(at+"/on/offset", "must not be before that of the step before it")
	}
}

func (c *checker) escalate(t *TouchPlan, at string) {
	if !c.Fits(at, "/escalate", len(t.Escalate), maxLevels) {
		return
	}
	before := t.Channel
	for i, e := range t.Escalate {
		at := problem.Join(at, "escalate", i)
		c.Within(at, "/after", float64(e.After), 1, maxTries)
		if c.Span(at, "/wait", time.Duration(e.Wait)) && e.Wait == 0 {
			c.Addf(at+"/wait", "must be longer than 0")
		}
		if check.OneOf(&c.Report, at, "/channel", e.Channel, Human, Digital, Product, Community, Partner) && e.Channel == before {
			c.Addf(at+"/channel", "must be another than the one before it")
		}
		before = e.Channel
		c.Name(at, "/owner", e.Owner)
		c.Within(at, "/minutes", e.Minutes, 0, maxMinutes)
	}
}

func (c *checker) budgets(budgets []Budget) {
	if !c.Fits("", "/budgets", len(budgets), maxRules) {
		return
	}
	var names check.Names
	for i, b := range budgets {
		at := problem.Pointer("budgets", i)
		c.Define(&names, at, "/name", b.Name)
		check.OneOf(&c.Report, at, "/per", b.Per, PerAccount, PerPerson)
		c.Within(at, "/most", float64(b.Most), 1, maxMost)
		if c.Span(at, "/in", time.Duration(b.In)) && b.In == 0 {
			c.Addf(at+"/in", "must be longer than 0")
		}
		check.OneOf(&c.Report, at, "/channel", b.Channel, "", Human, Digital, Product, Community, Partner)
	}
}

func (c *checker) quiets(list []Quiet) {
	if !c.Fits("", "/quiet", len(list), maxRules) {
		return
	}
	var names check.Names
	for i, q := range list {
		at := problem.Pointer("quiet", i)
		c.Define(&names, at, "/name", q.Name)
		compiled := quiet{name: q.Name, holidays: q.Holidays, channels: slices.Clone(q.Channels)}
		if q.From == "" && q.To == "" && len(q.Days) == 0 && !q.Holidays {
			c.Addf(at, "must have times, days or holidays")
		}
		if q.From != "" || q.To != "" {
			compiled.from, compiled.to = c.clock(at, "/from", q.From), c.clock(at, "/to", q.To)
			if q.From == q.To {
				c.Addf(at+"/to", "must be another time than from")
			}
		}
		for j, day := range q.Days {
			check.OneOf(&c.Report, problem.Join(at, "days", j), "", day, weekdays()...)
			if k := slices.Index(weekdays(), day); k >= 0 {
				compiled.days[k] = true
			}
		}
		if !slices.Contains(compiled.days[:], false) {
			c.Addf(at+"/days", "must leave a day")
		}
		for j, channel := range q.Channels {
			check.OneOf(&c.Report, problem.Join(at, "channels", j), "", channel, Human, Digital, Product, Community, Partner)
		}
		c.quiet = append(c.quiet, compiled)
	}
}

// clock returns a time of day in minutes after midnight.
func (c *checker) clock(at, field, text string) int {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		c.Addf(at+field, "must be a time of day like 08:00, not %q", check.Clip(text))
	}
	return 60*t.Hour() + t.Minute()
}

// condition compiles a condition, if there is one, and returns its position among those of the program, or -1. Wrong
// attributes are a problem of the whole, once.
func (c *checker) condition(text, at string) int {
	if text == "" {
		return -1
	}
	if i := slices.Index(c.texts, text); i >= 0 {
		return i
	}
	compiled, err := segment.CompileCondition(text, c.attributes)
	var invalid *segment.InvalidError
	if !errors.As(err, &invalid) {
		c.texts = append(c.texts, text)
		c.conditions = append(c.conditions, compiled)
		return len(c.conditions) - 1
	}
	for _, p := range invalid.Problems {
		if p.Pointer == "" {
			c.Addf(at, "%s", p.Message)
			continue
		}
		wrong := problem.Problem{Message: "the scheme's " + p.Pointer[1:] + ": " + p.Message}
		if !slices.Contains(c.List, wrong) {
			c.List = append(c.List, wrong)
		}
	}
	return -1
}
