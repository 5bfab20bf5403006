package journey

import "slices"

// clone returns a copy that shares nothing with m.
func (m *Map) clone() Map {
	c := *m
	c.Segments = slices.Clone(m.Segments)
	c.Phases = slices.Clone(m.Phases)
	for i := range c.Phases {
		p := &c.Phases[i]
		p.Roles = slices.Clone(p.Roles)
		p.Users = slices.Clone(p.Users)
		p.Domains = slices.Clone(p.Domains)
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
	c.Needs = cloneRoomy(t.Needs)
	c.Evidence = cloneRoomy(t.Evidence)
	c.Passes = cloneRoomy(t.Passes)
	for i := range c.Passes {
		c.Passes[i].Open = cloneGuards(c.Passes[i].Open)
	}
	c.Left = cloneRoomy(t.Left)
	return c
}

// clone returns a copy that shares nothing with e.
func (e *Event) clone() Event {
	c := *e
	c.Guards = cloneGuards(e.Guards)
	return c
}

// cloneGuards keeps the needs of all guards in one array.
func cloneGuards(guards []Guard) []Guard {
	c := slices.Clone(guards)
	n := 0
	for i := range c {
		n += len(c[i].Needs)
	}
	if n == 0 {
		return c
	}
	needs := make([]Need, 0, n)
	for i := range c {
		if len(c[i].Needs) > 0 {
			from := len(needs)
			needs = append(needs, c[i].Needs...)
			c[i].Needs = slices.Clip(needs[from:])
		}
	}
	return c
}

// cloneRoomy leaves room for what a decision usually adds.
func cloneRoomy[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return append(make([]T, 0, len(list)+2), list...)
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
