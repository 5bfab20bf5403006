package adoption

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

const (
	maxParts = 1000 // of each kind in a plan, and within one part
	maxSteps = 100  // uses of a step
	maxCount = 1 << 30
	maxText  = 1024 // bytes of a text for people
)

// A Model is a compiled plan. It is immutable and safe for concurrent use.
type Model struct {
	def    Plan
	digest health.Digest
	kept   map[string]int // features of which more than the earliest use must be known, and how many
	work   [7]bool        // by weekday: stickiness counts it
}

// Compile checks a plan and returns its Model. It keeps a deep copy.
//
// Compile returns an error if:
//   - anything in the plan is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(p Plan) (*Model, error) {
	if p.Format > Format {
		return nil, fmt.Errorf("adoption: compile plan %q: format %d: %w", p.Name, p.Format, ErrFormat)
	}
	c := checker{plan: &p}
	c.check()
	if err := invalid(c.problems); err != nil {
		return nil, err
	}
	m := &Model{def: p.clone(), kept: make(map[string]int)}
	digest, err := canon.Digest(m.def)
	if err != nil {
		return nil, fmt.Errorf("adoption: compile plan %q: %w", p.Name, err)
	}
	m.digest = digest
	for i, day := range weekdays {
		m.work[i] = len(p.Workdays) == 0 || slices.Contains(p.Workdays, day)
	}
	for _, moment := range p.Moments {
		for _, step := range moment.Steps {
			if step.Uses > 1 {
				m.kept[step.Feature] = max(m.kept[step.Feature], step.Uses)
			}
		}
	}
	return m, nil
}

// Plan returns a copy of the definition.
func (m *Model) Plan() Plan { return m.def.clone() }

// Digest returns the digest of the definition.
func (m *Model) Digest() health.Digest { return m.digest }

// A checker collects the problems of a plan in document order.
type checker struct {
	plan     *Plan
	problems problem.List
}

// check goes through the plan.
func (c *checker) check() {
	p := c.plan
	if p.Format != Format {
		c.problems.Addf("/format", "must be %d, not %d", Format, p.Format)
	}
	c.name("/name", p.Name)
	if len(p.Version) > maxText {
		c.problems.Addf("/version", "has %d bytes, over %d", len(p.Version), maxText)
	}
	c.count("/min_uses", p.MinUses, maxCount)
	c.count("/min_days", p.MinDays, maxDays)
	for i, day := range p.Workdays {
		switch {
		case !slices.Contains(weekdays[:], day):
			c.problems.Addf(problem.Pointer("workdays", i), "must be sun, mon, tue, wed, thu, fri or sat, not %q", day)
		case slices.Contains(p.Workdays[:i], day):
			c.problems.Addf(problem.Pointer("workdays", i), "%q is there twice", day)
		}
	}
	names := make(map[string]bool)
	for i, process := range p.Processes {
		at := c.part("processes", i, process.Name, names)
		c.features(at+"/features", process.Features)
		c.count(at+"/uses", process.Uses, maxCount)
		c.count(at+"/users", process.Users, maxCount)
	}
	clear(names)
	for i, moment := range p.Moments {
		at := c.part("moments", i, moment.Name, names)
		if moment.Within <= 0 {
			c.problems.Addf(at+"/within", "must be above 0")
		} else if err := span.Check(time.Duration(moment.Within)); err != nil {
			c.problems.Addf(at+"/within", "%v", err)
		}
		features := make([]string, len(moment.Steps))
		for k, step := range moment.Steps {
			features[k] = step.Feature
			c.count(problem.Join(at, "steps", k, "uses"), step.Uses, maxSteps)
		}
		c.features(at+"/steps", features)
	}
	clear(names)
	for i, task := range p.Tasks {
		at := c.part("tasks", i, task.Name, names)
		c.feature(at+"/feature", task.Feature)
		c.count(at+"/uses", task.Uses, maxCount)
	}
	if s := p.SelfService; s != nil {
		c.features("/self_service/resolved", s.Resolved)
		c.features("/self_service/escalated", s.Escalated)
		for i, f := range s.Escalated {
			if slices.Contains(s.Resolved, f) {
				c.problems.Addf(problem.Pointer("self_service", "escalated", i), "%q is among resolved", f)
			}
		}
	}
}

// part checks what parts of each kind have in common, and returns the place of this one.
func (c *checker) part(kind string, i int, name string, earlier map[string]bool) string {
	at := problem.Pointer(kind, i)
	if i == maxParts {
		c.problems.Addf("/"+kind, "has over %d", maxParts)
	}
	c.name(at+"/name", name)
	if earlier[name] {
		c.problems.Addf(at+"/name", "%q is the name of an earlier one", name)
	}
	earlier[name] = true
	return at
}

// name checks a name for people inside the plan.
func (c *checker) name(at, name string) {
	if err := ident.Name(name); err != nil {
		c.problems.Addf(at, "%v", err)
	}
}

// count checks a number of uses, users or days.
func (c *checker) count(at string, n, most int) {
	if n < 1 || n > most {
		c.problems.Addf(at, "must be 1 to %d, not %d", most, n)
	}
}

// features checks the features of a part.
func (c *checker) features(at string, names []string) {
	if len(names) == 0 || len(names) > maxParts {
		c.problems.Addf(at, "must have 1 to %d features, not %d", maxParts, len(names))
		return
	}
	for i, name := range names {
		c.feature(problem.Join(at, i), name)
		if slices.Contains(names[:i], name) {
			c.problems.Addf(problem.Join(at, i), "feature %q is there twice", name)
		}
	}
}

// feature checks the ID of a feature, which events name.
func (c *checker) feature(at, id string) {
	if err := ident.Check(id); err != nil {
		c.problems.Addf(at, "%v", err)
	}
}
