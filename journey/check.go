package journey

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

// Limits on comparing an unknown name with the known ones, which is slow: the problems before it, and the known names.
const (
	maxGuesses = 100
	maxKnown   = 1000
)

// A checker collects the problems of a map in document order.
type checker struct {
	check.Report
	phases   names
	segments names                // the map's
	actions  names                // milestones and moves
	motions  map[[2]string]bool   // phase and motion of its milestones
	clocks   map[string]staleness // by the key of needs
}

// A names knows where each name was first given.
type names struct {
	places map[string]string
	list   []string // in document order
}

// A staleness is the first Stale of equal needs.
type staleness struct {
	value   Duration
	pointer string
}

// problems returns what is wrong with a map, in document order.
func problems(m *Map) problem.List {
	c := &checker{motions: make(map[[2]string]bool), clocks: make(map[string]staleness)}
	c.Format(m.Format, Format)
	c.Name("", "/name", m.Name)
	c.Text("", "/version", m.Version)
	c.list("/segments", m.Segments)
	for _, segment := range m.Segments {
		c.segments.add(segment, "")
	}
	if len(m.Phases) == 0 {
		c.Addf("/phases", "must have at least one phase")
	}
	var tenure Duration
	for i := range m.Phases {
		p := &m.Phases[i]
		at := problem.Pointer("phases", i)
		c.unique(&c.phases, at, p.Name)
		if p.Name == Ended {
			c.Addf(at+"/name", "%q is where journeys end, and no phase", Ended)
		}
		c.phase(at, p)
		if p.Tenure != 0 && p.Tenure <= tenure {
			c.Addf(at+"/tenure", "must rise from phase to phase: is %v after %v", p.Tenure, tenure)
		}
		tenure = max(tenure, p.Tenure)
	}
	for i := range m.Moves {
		c.move(problem.Pointer("moves", i), &m.Moves[i])
	}
	return c.List
}

func (c *checker) phase(at string, p *Phase) {
	c.Text(at, "/title", p.Title)
	c.Text(at, "/value/nature", p.Value.Nature)
	c.Text(at, "/value/reach", p.Value.Reach)
	c.Text(at, "/sponsor", p.Sponsor)
	roles := make(map[Role]bool)
	for i, r := range p.Roles {
		at := problem.Join(at, "roles", i)
		c.Name(at, "/name", r.Name)
		check.OneOf(&c.Report, at, "/duty", r.Duty, duties()...)
		if roles[r] {
			c.Addf(at, "%q is %s already", r.Name, r.Duty)
		}
		roles[r] = true
	}
	c.list(problem.Join(at, "users"), p.Users)
	c.list(problem.Join(at, "domains"), p.Domains)
	capabilities, useCases := c.capabilities(at, p)
	for i, e := range p.Expect {
		at := problem.Join(at, "expect", i)
		c.Name(at, "/persona", e.Persona)
		c.Text(at, "/outcome", e.Outcome)
		c.Text(at, "/experience", e.Experience)
	}
	for i := range p.Milestones {
		at, ms := problem.Join(at, "milestones", i), &p.Milestones[i]
		c.milestone(at, ms)
		c.known(at+"/capability", "capability of the phase", ms.Capability, &capabilities)
		c.known(at+"/use_case", "use case of the phase", ms.UseCase, &useCases)
		c.due(at+"/due", ms.Due)
		c.motions[[2]string{p.Name, ms.Motion}] = true
	}
	c.moments(at, p.Moments)
	last := Duration(0)
	for _, d := range []struct {
		field string
		value Duration
	}{{"expected", p.Pace.Expected}, {"behind", p.Pace.Behind}, {"stuck", p.Pace.Stuck}} {
		c.Span(at, "/pace/"+d.field, time.Duration(d.value))
		if d.value != 0 && d.value <= last {
			c.Addf(at+"/pace/"+d.field, "must be longer than the one before, %v", last)
		}
		last = max(last, d.value)
	}
	c.Span(at, "/tenure", time.Duration(p.Tenure))
}

func (c *checker) capabilities(at string, p *Phase) (capabilities, useCases names) {
	for i, capability := range p.Capabilities {
		at := problem.Join(at, "capabilities", i)
		c.unique(&capabilities, at, capability.Name)
		c.Text(at, "/area", capability.Area)
		for j, u := range capability.UseCases {
			at := problem.Join(at, "use_cases", j)
			c.Name(at, "", u)
			useCases.add(u, at)
		}
		c.Text(at, "/process", capability.Process)
		c.Text(at, "/impact", capability.Impact)
	}
	return capabilities, useCases
}

func (c *checker) milestone(at string, ms *Milestone) {
	c.unique(&c.actions, at, ms.Name)
	c.Text(at, "/title", ms.Title)
	c.Maybe(at, "/motion", ms.Motion)
	c.needs(at+"/needs", ms.Needs)
	c.list(at+"/segments", ms.Segments)
	for i, s := range ms.Segments {
		if len(c.segments.list) > 0 {
			c.known(problem.Join(at, "segments", i), "segment of the map", s, &c.segments)
		}
	}
	c.Maybe(at, "/owner", ms.Owner)
}

// list checks names that stand for themselves.
func (c *checker) list(at string, list []string) {
	var seen names
	for i, s := range list {
		at := problem.Join(at, i)
		c.Name(at, "", s)
		if !seen.add(s, at) {
			c.Addf(at, "%q is there already", s)
		}
	}
}

func (c *checker) due(at string, d *Due) {
	if d == nil {
		return
	}
	c.Name(at, "/anchor", d.Anchor)
	if err := span.Check(time.Duration(d.Offset)); err != nil {
		c.Addf(at+"/offset", "%v", err)
	}
}

func (c *checker) moments(at string, moments []Moment) {
	var seen names
	for i, mo := range moments {
		at := problem.Join(at, "moments", i)
		c.unique(&seen, at, mo.Name)
		c.Text(at, "/title", mo.Title)
		c.Maybe(at, "/persona", mo.Persona)
		c.Maybe(at, "/signal", mo.Signal)
		c.Maybe(at, "/owner", mo.Owner)
		c.Text(at, "/validated", mo.Validated)
	}
}

func (c *checker) move(at string, m *Move) {
	c.unique(&c.actions, at, m.Name)
	if m.From != Ended || m.Kind != Return {
		c.end(at+"/from", m.From, "the kind return comes from")
	}
	if m.To != Ended || m.Kind != Leave {
		c.end(at+"/to", m.To, "the kind leave leads to")
	}
	if m.To == m.From && m.Kind != Renew && c.phases.has(m.To) {
		c.Addf(at+"/to", "is where it comes from, which only the kind renew may")
	}
	check.OneOf(&c.Report, at, "/kind", m.Kind, moveKinds()...)
	switch {
	case m.Motion == "":
	case !onward(m.Kind):
		c.Addf(at+"/motion", "is for the kinds advance and renew, which milestones guard")
	case c.phases.has(m.From) && !c.motions[[2]string{m.From, m.Motion}]:
		c.Addf(at+"/motion", "no milestone of phase %q has the motion %q", m.From, m.Motion)
	}
	c.needs(at+"/needs", m.Needs)
	c.Span(at, "/dwell", time.Duration(m.Dwell))
	c.Span(at, "/cool_down", time.Duration(m.CoolDown))
	if m.Max < 0 {
		c.Addf(at+"/max", "must be 0 or more, not %d", m.Max)
	}
	c.Maybe(at, "/approver", m.Approver)
	if b := m.Break; b != nil {
		c.Text(at, "/break/value", b.Value)
		c.Text(at, "/break/sponsorship", b.Sponsorship)
		c.Text(at, "/break/risk", b.Risk)
		c.Text(at, "/break/stalls", b.Stalls)
	}
	if !onward(m.Kind) && slices.Contains(moveKinds(), m.Kind) &&
		len(m.Needs) == 0 && m.Approver == "" && m.Dwell == 0 {
		c.Addf(at, "must have needs, a dwell or an approver: a %s is guarded by nothing else", m.Kind)
	}
}

// end checks one end of a move that is not rightly Ended.
func (c *checker) end(at, name, only string) {
	if name == Ended {
		c.Addf(at, "%q is what only %s", Ended, only)
	} else if !c.phases.has(name) {
		c.unknown(at, "phase", name, c.phases.list)
	}
}

func (c *checker) needs(at string, needs []Need) {
	var keys names
	for i, n := range needs {
		at := problem.Join(at, i)
		c.Name(at, "/signal", n.Signal)
		check.OneOf(&c.Report, at, "/when", n.When, comparisons()...)
		finite := !math.IsNaN(n.Value) && !math.IsInf(n.Value, 0)
		if !finite {
			c.Addf(at+"/value", "must be finite, not %v", n.Value)
		}
		c.Span(at, "/for", time.Duration(n.For))
		c.Span(at, "/stale", time.Duration(n.Stale))
		if !finite {
			continue
		}
		key := needKey(n)
		if !keys.add(key, at) {
			c.Addf(at, "has the signal, comparison and value of %s", keys.places[key])
		} else if first, ok := c.clocks[key]; !ok {
			c.clocks[key] = staleness{n.Stale, at}
		} else if first.value != n.Stale {
			c.Addf(at+"/stale", "must be %v, as in %s: needs of one signal, comparison and value share one clock",
				first.value, first.pointer)
		}
	}
}

// unique checks the name of what is at a place, and that no other of its kind has it.
func (c *checker) unique(seen *names, at, name string) {
	c.Name(at, "/name", name)
	if !seen.add(name, at) {
		c.Addf(at+"/name", "%q is the name of %s already", name, seen.places[name])
	}
}

// known checks a reference that may be empty.
func (c *checker) known(at, what, name string, names *names) {
	if name != "" && !names.has(name) {
		c.unknown(at, what, name, names.list)
	}
}

func (c *checker) unknown(at, what, name string, known []string) {
	hint := ""
	if 0 < len(known) && len(known) <= 6 {
		hint = fmt.Sprintf("; it is one of %q", known)
	}
	if len(name) > 2 && len(c.List) < maxGuesses && len(known) <= maxKnown {
		if near, ok := nearest.Word(name, known); ok {
			hint = fmt.Sprintf(": did you mean %q?", near)
		}
	}
	c.Addf(at, "unknown %s %q%s", what, name, hint)
}

// add reports whether the name is new.
func (n *names) add(name, at string) bool {
	if n.has(name) {
		return false
	}
	if n.places == nil {
		n.places = make(map[string]string)
	}
	n.places[name] = at
	n.list = append(n.list, name)
	return true
}

func (n *names) has(name string) bool {
	_, ok := n.places[name]
	return ok
}

func duties() []Duty { return []Duty{Accountable, Responsible, Consulted, Informed} }

func moveKinds() []MoveKind { return []MoveKind{Advance, Regress, Renew, Leave, Return} }

func comparisons() []Comparison {
	return []Comparison{Less, LessEqual, Equal, NotEqual, GreaterEqual, Greater}
}
