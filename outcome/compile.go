package outcome

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A Digest identifies content: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled template. It is immutable and safe for concurrent use.
type Model struct {
	def     Template
	digest  Digest
	axes    []Axis // of def, or the default
	desired vocabulary
}

// Compile checks a template and returns its Model. It keeps a deep copy: later changes to t have no effect.
//
// Compile returns an error if:
//   - anything in the template is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(t Template) (*Model, error) {
	if t.Format > Format {
		return nil, fmt.Errorf("outcome: compile template %q: format %d: %w", t.Name, t.Format, ErrFormat)
	}
	var c checker
	desired := c.template(&t)
	if len(c.problems) > 0 {
		return nil, invalid(c.problems)
	}
	m := &Model{def: copyTemplate(t), axes: []Axis{ByHorizon, ByPersona}, desired: desired}
	if len(t.Axes) > 0 {
		m.axes = m.def.Axes
	}
	digest, err := canon.Digest(m.def)
	if err != nil {
		return nil, fmt.Errorf("outcome: compile template %q: %w", t.Name, err)
	}
	m.digest = digest
	return m, nil
}

// Template returns a copy of the definition.
func (m *Model) Template() Template { return copyTemplate(m.def) }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

func copyTemplate(t Template) Template {
	t.Jobs = slices.Clone(t.Jobs)
	for i := range t.Jobs {
		t.Jobs[i].Parties = slices.Clone(t.Jobs[i].Parties)
		t.Jobs[i].Outcomes = slices.Clone(t.Jobs[i].Outcomes)
	}
	t.Roles = slices.Clone(t.Roles)
	t.Outcomes = slices.Clone(t.Outcomes)
	for i := range t.Outcomes {
		t.Outcomes[i] = copyOutcome(t.Outcomes[i])
	}
	t.Axes = slices.Clone(t.Axes)
	return t
}

// template checks a template in document order and returns the names of its desired outcomes.
func (c *checker) template(t *Template) (desired vocabulary) {
	if t.Format < 1 {
		c.bad("/format", "must be %d, not %d", Format, t.Format)
	}
	c.err("/name", ident.Name(t.Name))
	c.err("/version", text(t.Version))
	desired = c.jobs(t.Jobs)
	c.roles(t.Roles)
	ids := make(vocabulary, len(t.Outcomes))
	for i := range t.Outcomes {
		c.list, c.index = "outcomes", i
		o := &t.Outcomes[i]
		c.twin("/id", ids, o.ID, i)
		c.outcome(o, blueprint, desired)
	}
	c.list = ""
	for i, a := range t.Axes {
		if a != ByHorizon && a != ByPersona {
			c.bad(fmt.Sprintf("/axes/%d", i), "must be one of %q, not %q", []Axis{ByHorizon, ByPersona}, a)
		} else if slices.Contains(t.Axes[:i], a) {
			c.bad(fmt.Sprintf("/axes/%d", i), "is there twice: %q", a)
		}
	}
	return desired
}

func (c *checker) jobs(jobs []Job) (desired vocabulary) {
	desired = make(vocabulary)
	names := make(vocabulary, len(jobs))
	for i, j := range jobs {
		if _, twice := names[j.Name]; !twice {
			names[j.Name] = i
		}
	}
	parents := make([][]int, len(jobs))
	for i, j := range jobs {
		if parent, ok := names[j.Parent]; ok && j.Parent != "" {
			parents[i] = []int{parent}
		}
	}
	loop := cycle(parents)
	for i, j := range jobs {
		c.list, c.index = "jobs", i
		c.err("/name", ident.Name(j.Name))
		if names[j.Name] != i {
			c.bad("/name", "is there twice: %q", j.Name)
		}
		c.err("/text", required(j.Text))
		if j.Parent != "" {
			c.known("/parent", names, j.Parent, "job")
		}
		if len(loop) > 0 && loop[0] == i {
			c.bad("/parent", "jobs serve each other: %s", chain(loop, func(i int) string { return jobs[i].Name }))
		}
		for k, party := range j.Parties {
			if err := ident.Check(party); err != nil {
				c.bad(fmt.Sprintf("/parties/%d", k), "%v", err)
			}
		}
		for k := range j.Outcomes {
			c.wish(fmt.Sprintf("/outcomes/%d", k), &j.Outcomes[k], desired)
		}
	}
	c.list = ""
	return desired
}

// wish checks a desired outcome of a job.
func (c *checker) wish(place string, d *Desired, seen vocabulary) {
	c.err(place+"/name", ident.Name(d.Name))
	c.twin(place+"/name", seen, d.Name, len(seen))
	switch d.Step {
	case "", Define, Locate, Prepare, Confirm, Execute, Monitor, Modify, Conclude:
	default:
		c.bad(place+"/step", "must be a step of the job map, such as %q, not %q", Execute, d.Step)
	}
	switch d.Direction {
	case Minimise, Maximise, Increase, Reduce:
	default:
		c.bad(place+"/direction", "must be one of %q, not %q", []Direction{Minimise, Maximise, Increase, Reduce}, d.Direction)
	}
	c.err(place+"/measure", required(d.Measure))
	c.err(place+"/object", required(d.Object))
	c.err(place+"/context", text(d.Context))
	c.err(place+"/example", text(d.Example))
}

func (c *checker) roles(roles []Role) {
	if !slices.ContainsFunc(roles, func(r Role) bool { return r.Signs }) {
		c.bad("/roles", "none of them signs, so that no plan could be agreed")
	}
	names := make(vocabulary, len(roles))
	for i, r := range roles {
		c.list, c.index = "roles", i
		c.err("/name", ident.Name(r.Name))
		c.twin("/name", names, r.Name, i)
		if r.Side != Vendor && r.Side != Customer {
			c.bad("/side", "must be one of %q, not %q", []Side{Vendor, Customer}, r.Side)
		}
	}
	c.list = ""
}
