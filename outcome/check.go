package outcome

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

const (
	maxWeight = 1e6  // of an outcome
	maxText   = 1024 // bytes of a text for people
	hinted    = 20   // problems after which no more names are suggested: the search takes time
)

var (
	errUTF8     = errors.New("is not valid UTF-8")
	errNUL      = errors.New("contains U+0000")
	errRequired = errors.New("is missing")
	errFinite   = errors.New("must be a finite number")
)

// A checker collects what is wrong, in document order. Places are written only once something is.
type checker struct {
	problems problem.List
	list     string    // the list that is being read; "" at the top of the document
	index    int       // position in it; negative for what stands alone, as in an amendment
	start    time.Time // of the plan
}

// A vocabulary has the names that may be referred to, each with its position.
type vocabulary map[string]int

// bad adds a problem at a place within the present element.
func (c *checker) bad(place, format string, args ...any) {
	base := ""
	if c.list != "" {
		base = problem.Pointer(c.list)
		if c.index >= 0 {
			base = problem.Join(base, c.index)
		}
	}
	c.problems.Addf(base+place, format, args...)
}

func (c *checker) err(place string, err error) {
	if err != nil {
		c.bad(place, "%v", err)
	}
}

// twin reports a name that was seen before, and else notes it.
func (c *checker) twin(place string, seen vocabulary, name string, i int) {
	if _, twice := seen[name]; twice {
		c.bad(place, "is there twice: %q", name)
		return
	}
	seen[name] = i
}

// known reports a reference to a name that is not there.
func (c *checker) known(place string, names vocabulary, name, what string) {
	if _, ok := names[name]; ok {
		return
	}
	if len(c.problems) < hinted {
		if near, ok := nearest.Word(name, slices.Sorted(maps.Keys(names))); ok {
			c.bad(place, "unknown %s %q: did you mean %q?", what, name, near)
			return
		}
	}
	c.bad(place, "unknown %s %q", what, name)
}

// A setting is where an outcome stands, which decides what it may hold.
type setting int

const (
	blueprint setting = iota // in a template: neither state nor dates
	proposed                 // in a proposal or an amendment: its state is not read
	stored                   // in a plan
)

// outcome checks all of an outcome but that its ID is unique. A nil vocabulary leaves Desired unchecked.
func (c *checker) outcome(o *Outcome, in setting, desired vocabulary) {
	c.err("/id", ident.Check(o.ID))
	c.err("/statement", required(o.Statement))
	if o.Desired != "" && desired != nil {
		c.known("/desired", desired, o.Desired, "desired outcome")
	}
	switch o.Horizon {
	case "", Short, Medium, Long:
	default:
		c.bad("/horizon", "must be one of %q, not %q", []Horizon{Short, Medium, Long}, o.Horizon)
	}
	if o.Persona != "" {
		c.err("/persona", ident.Name(o.Persona))
	}
	if !(o.Weight > 0 && o.Weight <= maxWeight) {
		c.bad("/weight", "must be above 0 and at most %v, not %v", maxWeight, o.Weight)
	}
	if o.Target != nil {
		c.target(o.Target, in)
	}
	c.dueIn(o, in)
	for _, owner := range [...]struct{ place, id string }{{"/vendor", o.Vendor}, {"/customer", o.Customer}} {
		if owner.id != "" {
			c.err(owner.place, ident.Check(owner.id))
		}
	}
	for i, s := range o.Sponsors {
		if err := cmp.Or(ident.Check(s.Name), text(s.Role), text(s.Leaves)); err != nil {
			c.bad(fmt.Sprintf("/sponsors/%d", i), "%v", err)
		}
	}
	c.milestones(o.Milestones, in)
	c.err("/risk", text(o.Risk))
	switch in {
	case blueprint:
		if o.State != "" || !o.StateAt.IsZero() || o.StateBy != "" || o.StateWhy != "" || o.Verification != (Verification{}) {
			c.bad("/state", "belongs in a plan: an outcome of a template has neither state nor verification")
		}
	case stored:
		c.standing(o)
	}
}

// target checks a target; directions need no check, since they follow from base and goal.
func (c *checker) target(t *Target, in setting) {
	c.err("/target/measure", ident.Name(t.Measure))
	c.err("/target/unit", text(t.Unit))
	switch {
	case !finite(t.Base):
		c.bad("/target/base", "%v, not %v", errFinite, t.Base)
	case !finite(t.Goal):
		c.bad("/target/goal", "%v, not %v", errFinite, t.Goal)
	case !finite(t.Goal - t.Base):
		c.bad("/target/goal", "is too far from the base %v: %v", t.Base, t.Goal)
	case t.Base == t.Goal && !(t.Band > 0 && finite(t.Band)):
		c.bad("/target/band", "must be above 0 and finite, since the goal is the base; not %v", t.Band)
	case t.Base != t.Goal && t.Band != 0:
		c.bad("/target/band", "is for a goal that is the base; not %v", t.Band)
	}
	if in == blueprint {
		if !t.Start.IsZero() || !t.Due.IsZero() {
			c.bad("/target/due", "belongs in a plan: an outcome of a template has due_in")
		}
		return
	}
	c.err("/target/start", instant.Check(t.Start))
	c.err("/target/due", instant.Check(t.Due))
	if start := from(c.start, t); !t.Due.IsZero() && !instant.Of(t.Due).After(start) {
		c.bad("/target/due", "must be after the start %s, not %s", date(start), date(t.Due))
	}
}

func (c *checker) dueIn(o *Outcome, in setting) {
	switch {
	case o.DueIn == 0:
	case in == stored:
		c.bad("/due_in", "is for templates and proposals; a plan has target/due")
	case o.DueIn < 0:
		c.bad("/due_in", "must be above 0, not %v", o.DueIn)
	case o.Target == nil:
		c.bad("/due_in", "needs a target that is due")
	case !o.Target.Due.IsZero():
		c.bad("/due_in", "is there beside target/due")
	default:
		c.err("/due_in", span.Check(time.Duration(o.DueIn)))
	}
}

// milestones checks names, references and dates, and that no milestone waits for itself.
func (c *checker) milestones(ms []Milestone, in setting) {
	if len(ms) == 0 {
		return
	}
	names := make(vocabulary, len(ms))
	linked := false
	for i, m := range ms {
		if _, twice := names[m.Name]; !twice {
			names[m.Name] = i
		}
		linked = linked || len(m.After) > 0
	}
	var loop []int
	if linked {
		loop = cycle(predecessors(ms, names))
	}
	for i, m := range ms {
		bad := func(place, format string, args ...any) {
			c.bad(fmt.Sprintf("/milestones/%d%s", i, place), format, args...)
		}
		if err := ident.Name(m.Name); err != nil {
			bad("/name", "%v", err)
		}
		if names[m.Name] != i {
			bad("/name", "is there twice: %q", m.Name)
		}
		for k, after := range m.After {
			if _, ok := names[after]; !ok {
				c.known(fmt.Sprintf("/milestones/%d/after/%d", i, k), names, after, "milestone")
			}
		}
		if len(loop) > 0 && loop[0] == i {
			bad("/after", "milestones wait for each other: %s", chain(loop, func(i int) string { return ms[i].Name }))
		}
		if err := text(m.Owner); err != nil {
			bad("/owner", "%v", err)
		}
		if in == blueprint && !(m.Due.IsZero() && m.Done.IsZero()) {
			bad("/due", "belongs in a plan: a milestone of a template has no dates")
		}
		if err := cmp.Or(instant.Check(m.Due), instant.Check(m.Done)); err != nil {
			bad("/due", "%v", err)
		}
	}
}

func predecessors(ms []Milestone, names vocabulary) [][]int {
	before := make([][]int, len(ms))
	for i, m := range ms {
		for _, after := range m.After {
			if k, ok := names[after]; ok {
				before[i] = append(before[i], k)
			}
		}
	}
	return before
}

// cycle returns the nodes of one cycle in a graph of which before lists each node's predecessors, or nil.
// Its work is linear in the graph.
func cycle(before [][]int) []int {
	after := make([][]int, len(before))
	open := make([]int, len(before)) // predecessors that are not yet done
	var ready []int
	for i, list := range before {
		open[i] = len(list)
		for _, k := range list {
			after[k] = append(after[k], i)
		}
		if len(list) == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		i := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for _, k := range after[i] {
			if open[k]--; open[k] == 0 {
				ready = append(ready, k)
			}
		}
	}
	at := slices.IndexFunc(open, func(n int) bool { return n > 0 })
	if at < 0 {
		return nil
	}
	// Every open node has an open predecessor, so that walking back must meet itself.
	var walk []int
	seen := make(map[int]int)
	for {
		if first, met := seen[at]; met {
			return walk[first:]
		}
		seen[at] = len(walk)
		walk = append(walk, at)
		at = before[at][slices.IndexFunc(before[at], func(k int) bool { return open[k] > 0 })]
	}
}

// chain writes a cycle for people, at most eight of its names.
func chain(loop []int, name func(int) string) string {
	const shown = 8
	var b strings.Builder
	for _, i := range loop[:min(len(loop), shown)] {
		fmt.Fprintf(&b, "%q after ", name(i))
	}
	if len(loop) > shown {
		b.WriteString("… after ")
	}
	fmt.Fprintf(&b, "%q", name(loop[0]))
	return b.String()
}

// text holds what people read to what every store can keep.
func text(s string) error {
	switch {
	case len(s) > maxText:
		return fmt.Errorf("has %d bytes, over %d", len(s), maxText)
	case !utf8.ValidString(s):
		return errUTF8
	case strings.IndexByte(s, 0) >= 0:
		return errNUL
	}
	return nil
}

func required(s string) error {
	if strings.TrimSpace(s) == "" {
		return errRequired
	}
	return text(s)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// date writes an instant for people.
func date(t time.Time) string { return instant.Of(t).Format(time.RFC3339Nano) }

// from returns since when what is measured counts for a target.
func from(start time.Time, t *Target) time.Time {
	if t.Start.IsZero() {
		return instant.Of(start)
	}
	return instant.Of(t.Start)
}
