package outcome

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

const maxWeight = 1e6 // of an outcome

var errRequired = errors.New("is missing")

// A checker collects what is wrong, in document order. What checks an element of a list writes places from the element
// on; [checker.in] puts the element's own before them, once something is wrong.
type checker struct {
	check.Report
	start time.Time // of the plan
}

// in says that all problems but the first n are of one element of a list.
func (c *checker) in(n int, list string, i int) {
	if len(c.List) > n {
		c.under(n, problem.Pointer(list, i))
	}
}

// under puts a place before those of all problems but the first n.
func (c *checker) under(n int, place string) {
	for k := n; k < len(c.List); k++ {
		c.List[k].Pointer = place + c.List[k].Pointer
	}
}

// id checks an ID, and that no other of the list has it.
func (c *checker) id(ids *check.Names, id string, i int) {
	if c.Err("", "/id", ident.Check(id)) {
		if first, _ := ids.Index(id); first != i {
			c.Addf("/id", "%q is the ID of element %d already", id, first)
		}
	}
}

// namesOf returns names with their first positions, whether they are right or not.
func namesOf(n int, name func(i int) string) *check.Names {
	var unread check.Report
	names := new(check.Names)
	for i := range n {
		unread.Define(names, "", "", name(i))
	}
	return names
}

func outcomeIDs(list []Outcome) *check.Names {
	return namesOf(len(list), func(i int) string { return list[i].ID })
}

// given checks a text that must be there.
func (c *checker) given(field, text string) { c.Err("", field, required(text)) }

func required(text string) error {
	if strings.TrimSpace(text) == "" {
		return errRequired
	}
	return ident.Text(text)
}

// A setting is where an outcome stands, which decides what it may hold.
type setting int

const (
	blueprint setting = iota // in a template: neither state nor dates
	proposed                 // in a proposal or an amendment: its state is not read
	stored                   // in a plan
)

// outcome checks all of an outcome but its ID against others. A nil desired leaves Desired unchecked.
func (c *checker) outcome(o *Outcome, in setting, desired *check.Names) {
	c.given("/statement", o.Statement)
	if o.Desired != "" && desired != nil {
		c.Refer(desired, "", "/desired", "desired outcome", o.Desired)
	}
	check.OneOf(&c.Report, "", "/horizon", o.Horizon, "", Short, Medium, Long)
	c.Maybe("", "/persona", o.Persona)
	if !(o.Weight > 0 && o.Weight <= maxWeight) {
		c.Addf("/weight", "must be above 0 and at most %v, not %v", maxWeight, o.Weight)
	}
	if o.Target != nil {
		n := len(c.List)
		c.target(o.Target, in)
		if len(c.List) > n {
			c.under(n, "/target")
		}
	}
	c.dueIn(o, in)
	c.owner("/vendor", o.Vendor)
	c.owner("/customer", o.Customer)
	for i, s := range o.Sponsors {
		n := len(c.List)
		c.sponsor(s, in)
		c.in(n, "sponsors", i)
	}
	c.milestones(o.Milestones, in)
	c.Text("", "/risk", o.Risk)
	switch in {
	case blueprint:
		if o.State != "" || !o.StateAt.IsZero() || o.StateBy != "" || o.StateWhy != "" || o.Verification != (Verification{}) {
			c.Addf("/state", "belongs in a plan: an outcome of a template has neither state nor verification")
		}
	case stored:
		c.standing(o)
	}
}

// owner checks who owns an outcome or does a step, who may be unknown.
func (c *checker) owner(field, id string) {
	if id != "" {
		c.Err("", field, ident.Check(id))
	}
}

func (c *checker) sponsor(s Sponsor, in setting) {
	c.Err("", "/name", ident.Check(s.Name))
	c.Text("", "/role", s.Role)
	c.Text("", "/leaves", s.Leaves)
	if in == blueprint && !(s.Left.IsZero() && s.Successor == "") {
		c.Addf("/left", "belongs in a plan: nobody leaves a template")
	}
	c.Err("", "/left", instant.Check(s.Left))
	c.owner("/successor", s.Successor)
}

// target checks a target; directions need no check, since they follow from base and goal.
func (c *checker) target(t *Target, in setting) {
	c.Name("", "/measure", t.Measure)
	c.Text("", "/unit", t.Unit)
	kept := t.maintained()
	switch {
	case !c.Finite("", "/base", t.Base) || !c.Finite("", "/goal", t.Goal):
	case t.NoBase && t.Base != 0:
		c.Addf("/no_base", "is there beside the base %v", t.Base)
	case !finite(t.Goal - t.Base):
		c.Addf("/goal", "is too far from the base %v: %v", t.Base, t.Goal)
	case kept && !(t.Band > 0 && finite(t.Band)):
		c.Addf("/band", "must be above 0 and finite, since the goal is the base; not %v", t.Band)
	case !kept && t.Band != 0:
		c.Addf("/band", "is for a goal that is the base; not %v", t.Band)
	}
	if c.Within("", "/share", t.Share, 0, 1) && t.Share != 0 && kept {
		c.Addf("/share", "is of a change, and this value is to be maintained")
	}
	if in == blueprint {
		if !t.Start.IsZero() || !t.Due.IsZero() {
			c.Addf("/due", "belongs in a plan: an outcome of a template has due_in")
		}
		return
	}
	c.Err("", "/start", instant.Check(t.Start))
	c.Err("", "/due", instant.Check(t.Due))
	if start := from(c.start, t); !t.Due.IsZero() && !instant.Of(t.Due).After(start) {
		c.Addf("/due", "must be after the start %s, not %s", date(start), date(t.Due))
	}
}

func (c *checker) dueIn(o *Outcome, in setting) {
	switch {
	case o.DueIn == 0:
	case in == stored:
		c.Addf("/due_in", "is for templates and proposals; a plan has target/due")
	case o.DueIn < 0:
		c.Addf("/due_in", "must be above 0, not %v", o.DueIn)
	case o.Target == nil:
		c.Addf("/due_in", "needs a target that is due")
	case !o.Target.Due.IsZero():
		c.Addf("/due_in", "is there beside target/due")
	default:
		c.Err("", "/due_in", span.Check(time.Duration(o.DueIn)))
	}
}

// milestones checks names, references and dates, and that no milestone waits for itself.
func (c *checker) milestones(ms []Milestone, in setting) {
	if len(ms) == 0 {
		return
	}
	names := namesOf(len(ms), func(i int) string { return ms[i].Name })
	loop := circle(len(ms), func(i int) []string { return ms[i].After }, names)
	var seen check.Names
	for i, m := range ms {
		n := len(c.List)
		c.Define(&seen, "", "/name", m.Name)
		c.after(m.After, names, "milestone")
		if len(loop) > 0 && loop[0] == i {
			c.Addf("/after", "milestones wait for each other: %s", chain(loop, func(i int) string { return ms[i].Name }))
		}
		c.Text("", "/owner", m.Owner)
		c.Span("", "/takes", time.Duration(m.Takes))
		if in == blueprint && !(m.Due.IsZero() && m.Done.IsZero()) {
			c.Addf("/due", "belongs in a plan: a milestone of a template has no dates")
		}
		c.Err("", "/due", cmp.Or(instant.Check(m.Due), instant.Check(m.Done)))
		c.in(n, "milestones", i)
	}
}

// after checks references to what comes first.
func (c *checker) after(first []string, names *check.Names, what string) {
	for k, name := range first {
		if _, ok := names.Index(name); !ok {
			c.Refer(names, problem.Pointer("after", k), "", what, name)
		}
	}
}

// order checks what the outcomes of one plan wait for. The place of an outcome is written once something is wrong.
func (c *checker) order(outcomes []Outcome, ids *check.Names, place func(i int) string) {
	for i := range outcomes {
		n := len(c.List)
		if c.after(outcomes[i].After, ids, "outcome"); len(c.List) > n {
			c.under(n, place(i))
		}
	}
	if loop := waiting(outcomes, ids); len(loop) > 0 {
		c.Addf(place(loop[0])+"/after", "outcomes wait for each other: %s", chainOf(outcomes, loop))
	}
}

// shares checks that the change of one measure is claimed once: by one outcome, or by several with a share each. Measures
// that were claimed twice already are passed over.
func (c *checker) shares(outcomes []Outcome, already []string, place func(i int) string) {
	for _, claim := range claims(outcomes) {
		if what := claim.wrong(outcomes); what != "" && !slices.Contains(already, claim.measure) {
			c.Addf(place(claim.by[len(claim.by)-1])+"/target/measure", "%s", what)
		}
	}
}

// finite reports whether a number is neither NaN nor infinite.
func finite(v float64) bool { return math.Abs(v) <= math.MaxFloat64 }

// date writes an instant for people.
func date(t time.Time) string { return instant.Of(t).Format(time.RFC3339Nano) }

// from returns since when what is measured counts for a target.
func from(start time.Time, t *Target) time.Time {
	if t.Start.IsZero() {
		return instant.Of(start)
	}
	return instant.Of(t.Start)
}
