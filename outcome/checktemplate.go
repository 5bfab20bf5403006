package outcome

import (
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// template checks a template in document order and returns the names of its desired outcomes.
func (c *checker) template(t *Template) (desired *check.Names) {
	c.Format(t.Format, Format)
	c.Name("", "/name", t.Name)
	c.Text("", "/version", t.Version)
	if t.From != nil {
		c.Name("/from", "/name", t.From.Name)
		c.Text("/from", "/version", t.From.Version)
	}
	desired = c.jobs(t.Jobs)
	c.roles(t.Roles)
	ids := outcomeIDs(t.Outcomes)
	for i := range t.Outcomes {
		n := len(c.List)
		o := &t.Outcomes[i]
		c.id(ids, o.ID, i)
		c.outcome(o, blueprint, desired)
		c.after(o.After, ids, "outcome")
		c.in(n, "outcomes", i)
	}
	for i, a := range t.Axes {
		at := problem.Pointer("axes", i)
		if check.OneOf(&c.Report, at, "", a, ByHorizon, ByPersona) && slices.Contains(t.Axes[:i], a) {
			c.Addf(at, "%q is there already", a)
		}
	}
	if t.Words != nil {
		c.words(t.Words)
	}
	return desired
}

func (c *checker) jobs(jobs []Job) (desired *check.Names) {
	desired = new(check.Names)
	names := namesOf(len(jobs), func(i int) string { return jobs[i].Name })
	loop := circle(len(jobs), func(i int) []string {
		if jobs[i].Parent == "" {
			return nil
		}
		return []string{jobs[i].Parent}
	}, names)
	var seen check.Names
	for i, j := range jobs {
		n := len(c.List)
		c.Define(&seen, "", "/name", j.Name)
		c.given("/text", j.Text)
		if j.Parent != "" {
			c.Refer(names, "", "/parent", "job", j.Parent)
		}
		if len(loop) > 0 && loop[0] == i {
			c.Addf("/parent", "jobs serve each other: %s", chain(loop, func(i int) string { return jobs[i].Name }))
		}
		for k, name := range j.Related {
			if at := problem.Pointer("related", k); name == j.Name {
				c.Addf(at, "is the job itself")
			} else {
				c.Refer(names, at, "", "job", name)
			}
		}
		c.list("parties", j.Parties, ident.Check)
		for k := range j.Outcomes {
			n := len(c.List)
			c.wish(&j.Outcomes[k], desired)
			c.in(n, "outcomes", k)
		}
		c.in(n, "jobs", i)
	}
	return desired
}

// list checks each text of a list.
func (c *checker) list(name string, texts []string, rule func(string) error) {
	for k, text := range texts {
		if err := rule(text); err != nil {
			c.Err(problem.Pointer(name, k), "", err)
		}
	}
}

// wish checks a desired outcome of a job.
func (c *checker) wish(d *Desired, seen *check.Names) {
	c.Define(seen, "", "/name", d.Name)
	if d.Step != "" {
		check.OneOf(&c.Report, "", "/step", d.Step, Steps()...)
	}
	c.sentence(d)
	c.list("personas", d.Personas, ident.Check)
	c.list("themes", d.Themes, ident.Name)
}

// sentence checks what a desired outcome says.
func (c *checker) sentence(d *Desired) {
	check.OneOf(&c.Report, "", "/direction", d.Direction, directions()...)
	c.given("/measure", d.Measure)
	c.given("/object", d.Object)
	c.Text("", "/context", d.Context)
	c.Text("", "/example", d.Example)
}

func (c *checker) roles(roles []Role) {
	if !slices.ContainsFunc(roles, func(r Role) bool { return r.Signs }) {
		c.Addf("/roles", "none of them signs, so that no plan could be agreed")
	}
	var names check.Names
	for i, r := range roles {
		at := problem.Pointer("roles", i)
		c.Define(&names, at, "/name", r.Name)
		check.OneOf(&c.Report, at, "/side", r.Side, Vendor, Customer)
	}
}

func (c *checker) words(w *Words) {
	lists := []struct {
		name string
		of   []Word
	}{{"solutions", w.Solutions}, {"vague", w.Vague}, {"compound", w.Compound}}
	for _, l := range lists {
		for i, word := range l.of {
			at := problem.Pointer("words", l.name, i)
			if word.plain() == "" {
				c.Addf(at+"/word", "has neither letters nor digits")
			}
			c.Text(at, "/word", word.Word)
			c.Text(at, "/instead", word.Instead)
		}
	}
}
