package journey

import "slices"

// clone returns a copy that shares nothing with m.
func (m *Map) clone() Map {
	c := *m
	c.Phases = slices.Clone(m.Phases)
	for i := range c.Phases {
		p := &c.Phases[i]
		p.Roles = slices.Clone(p.Roles)
		p.Expect = slices.Clone(p.Expect)
		p.Moments = slices.Clone(p.Moments)
		p.Capabilities = slices.Clone(p.Capabilities)
		for j := range p.Capabilities {
			p.Capabilities[j].UseCases = slices.Clone(p.Capabilities[j].UseCases)
		}
		p.Milestones = slices.Clone(p.Milestones)
		for j := range p.Milestones {
			ms := &p.Milestones[j]
			ms.Needs = slices.Clone(ms.Needs)
			ms.Segments = slices.Clone(ms.Segments)
			ms.Due = clonePointer(ms.Due)
		}
	}
	c.Moves = slices.Clone(m.Moves)
	for i := range c.Moves {
		c.Moves[i].Needs = slices.Clone(c.Moves[i].Needs)
		c.Moves[i].Break = clonePointer(c.Moves[i].Break)
	}
	return c
}

// clone returns a copy that a fold may change without changing t.
func (t *Track) clone() Track {
	c := *t
	c.Needs = slices.Clone(t.Needs)
	c.Evidence = slices.Clone(t.Evidence)
	c.Passes = slices.Clone(t.Passes)
	for i := range c.Passes {
		c.Passes[i].Open = cloneGuards(c.Passes[i].Open)
	}
	c.Left = slices.Clone(t.Left)
	return c
}

// clone returns a copy that shares nothing with e.
func (e *Event) clone() Event {
	c := *e
	c.Guards = cloneGuards(e.Guards)
	return c
}

func cloneGuards(guards []Guard) []Guard {
	c := slices.Clone(guards)
	for i := range c {
		c[i].Needs = slices.Clone(c[i].Needs)
	}
	return c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
