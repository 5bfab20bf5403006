package journey

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Change is one thing that two tracks of an account tell differently.
type Change struct {
	What ChangeCode `json:"what"`
	Name string     `json:"name,omitempty"` // of the need, evidence, move or phase
	Role string     `json:"role,omitempty"` // of evidence
	Then time.Time  `json:"then,omitzero"`  // zero: it was not so
	Now  time.Time  `json:"now,omitzero"`   // likewise
	Took Duration   `json:"took,omitempty"` // of stood: how much longer; negative: shorter
}

// A ChangeCode says what changed.
type ChangeCode string

// Change codes.
const (
	ChangedPhase    ChangeCode = "phase"    // phase, entered at
	ChangedStart    ChangeCode = "start"    // when the journey started
	ChangedPause    ChangeCode = "pause"    // since when the clock stands still
	ChangedStood    ChangeCode = "stood"    // how long it stood still in the phase, before
	ChangedHolds    ChangeCode = "holds"    // since when a need has held
	ChangedUnknown  ChangeCode = "unknown"  // since when its signal has been unknown
	ChangedCeased   ChangeCode = "ceased"   // since when it has not held
	ChangedEvidence ChangeCode = "evidence" // since when it has stood
	ChangedMade     ChangeCode = "made"     // when a move was made last
	ChangedDue      ChangeCode = "due"      // since when a move that was made has been due
)

// Changes reports what changed between two tracks of an account, in the order of the codes above and then by name:
// mostly as of one instant, as known before and after late events. It is empty if they tell the same.
//
//	then, err := journey.Replay(events, asOf, before)      // as it was known
//	now, err := journey.Replay(events, asOf, time.Time{})  // as it is known
//	for _, c := range journey.Changes(then, now) { … }
//
// Changes returns nil for tracks of two accounts.
func Changes(then, now Track) []Change {
	if then.Account != now.Account && then.Account != "" && now.Account != "" {
		return nil
	}
	var c changes
	if then.Phase != now.Phase {
		c.at(ChangedPhase, then.Phase, "", then.Since, time.Time{})
		c.at(ChangedPhase, now.Phase, "", time.Time{}, now.Since)
	} else {
		c.at(ChangedPhase, now.Phase, "", then.Since, now.Since)
	}
	c.at(ChangedStart, "", "", then.Started, now.Started)
	c.at(ChangedPause, "", "", then.Paused, now.Paused)
	if then.Stood != now.Stood && then.Phase == now.Phase {
		c = append(c, Change{What: ChangedStood, Took: now.Stood - then.Stood})
	}
	needs := func(what ChangeCode, of func(*NeedTime) time.Time) {
		pairs(then.Needs, now.Needs, func(a, b *NeedTime) int { return strings.Compare(a.Key, b.Key) }, func(a, b *NeedTime) {
			c.at(what, cmp.Or(a.Key, b.Key), "", of(a), of(b))
		})
	}
	needs(ChangedHolds, func(n *NeedTime) time.Time { return n.Since })
	needs(ChangedUnknown, func(n *NeedTime) time.Time { return n.Unknown })
	needs(ChangedCeased, func(n *NeedTime) time.Time { return n.Ceased })
	pairs(then.Evidence, now.Evidence, func(a, b *Evidence) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Role, b.Role))
	}, func(a, b *Evidence) {
		c.at(ChangedEvidence, cmp.Or(a.Name, b.Name), cmp.Or(a.Role, b.Role), a.At, b.At)
	})
	passes := func(what ChangeCode, of func(*Pass) time.Time) {
		pairs(then.Passes, now.Passes, func(a, b *Pass) int { return strings.Compare(a.Move, b.Move) }, func(a, b *Pass) {
			c.at(what, cmp.Or(a.Move, b.Move), "", of(a), of(b))
		})
	}
	passes(ChangedMade, func(p *Pass) time.Time { return p.At })
	passes(ChangedDue, func(p *Pass) time.Time { return p.DueAt })
	return c
}

type changes []Change

// at adds a change of an instant if it is one.
func (c *changes) at(what ChangeCode, name, role string, then, now time.Time) {
	if !then.Equal(now) {
		*c = append(*c, Change{What: what, Name: name, Role: role, Then: then, Now: now})
	}
}

// pairs gives the entries of two sorted lists that compare alike together, and those of one with a zero entry.
func pairs[T any](then, now []T, compare func(a, b *T) int, yield func(a, b *T)) {
	for len(then) > 0 || len(now) > 0 {
		var a, b T
		order := 0
		switch {
		case len(now) == 0:
			order = -1
		case len(then) == 0:
			order = 1
		default:
			order = compare(&then[0], &now[0])
		}
		if order <= 0 {
			a, then = then[0], then[1:]
		}
		if order >= 0 {
			b, now = now[0], now[1:]
		}
		yield(&a, &b)
	}
}

// An Adoption is a capability of the product that comes next, and why.
type Adoption struct {
	Phase      string     `json:"phase"`
	Milestone  string     `json:"milestone,omitempty"` // missing, that it serves; "": of the phase that comes next
	Capability Capability `json:"capability"`
	UseCase    string     `json:"use_case,omitempty"` // that the milestone is about; "": any of the capability's
}

// Adopt returns which capabilities and use cases come next, by what a decision says is missing: those of missing
// milestones in their order, each once, and then those of the phase that is next, in map order.
func (m *Model) Adopt(d Decision) []Adoption {
	var list []Adoption
	add := func(a Adoption) {
		known := func(b Adoption) bool {
			return b.Phase == a.Phase && b.Capability.Name == a.Capability.Name && b.UseCase == a.UseCase
		}
		if !slices.ContainsFunc(list, known) {
			a.Capability.UseCases = slices.Clone(a.Capability.UseCases)
			list = append(list, a)
		}
	}
	for _, ms := range d.Missing {
		p := m.phase(ms.Phase)
		if p == nil || ms.Capability == "" && ms.UseCase == "" {
			continue
		}
		for _, c := range p.def.Capabilities {
			if c.Name == ms.Capability || ms.Capability == "" && slices.Contains(c.UseCases, ms.UseCase) {
				add(Adoption{ms.Phase, ms.Milestone, c, ms.UseCase})
			}
		}
	}
	if p := m.phase(d.Next); p != nil && d.Next != d.Phase {
		for _, c := range p.def.Capabilities {
			add(Adoption{Phase: d.Next, Capability: c})
		}
	}
	return list
}

// An Experience is what a persona is to live through in a phase.
type Experience struct {
	Expect  []Expectation `json:"expect,omitempty"`
	Moments []Moment      `json:"moments,omitempty"` // of truth, those of all personas included
}

// Experience returns what a persona expects of a phase and which moments of truth it has there; persona "" is all.
// It is empty for a phase that the map does not have.
func (m *Model) Experience(phase, persona string) Experience {
	var x Experience
	p := m.phase(phase)
	if p == nil {
		return x
	}
	for _, e := range p.def.Expect {
		if persona == "" || e.Persona == persona {
			x.Expect = append(x.Expect, e)
		}
	}
	for _, mo := range p.def.Moments {
		if persona == "" || mo.Persona == "" || mo.Persona == persona {
			x.Moments = append(x.Moments, mo)
		}
	}
	return x
}
