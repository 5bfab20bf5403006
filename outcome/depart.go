package outcome

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Departure says that a sponsor or champion has left the customer or the role.
type Departure struct {
	Person    string // ID
	Successor string // ID of the person who stands for their outcomes from then on, in the same role; "": nobody yet
	At        time.Time
}

// Depart notes that a person left, on each outcome that they sponsor, and puts a successor beside them. What they signed and
// confirmed stands; later confirmations of theirs are refused, and an [Assessment] lists the outcomes that nobody
// sponsors any more. Sponsor.Leaves says what was planned for the case. A departure that is noted already, or whose
// successor sponsors the outcome already, changes nothing there. An owner who leaves is a matter of the terms: see [Model.Amend].
//
// It is refused by known_person if the person sponsors no outcome of the plan, and by in_order if it is older than
// the plan's start.
func (m *Model) Depart(p Plan, d Departure) (Plan, error) {
	p, at, err := begin(p, d.At)
	if err != nil {
		return Plan{}, err
	}
	if err := ident.Check(d.Person); err != nil {
		return Plan{}, &DataError{p.Account, "person", err.Error()}
	}
	if d.Successor != "" {
		if err := ident.Check(d.Successor); err != nil {
			return Plan{}, &DataError{p.Account, "successor", err.Error()}
		}
		if d.Successor == d.Person {
			return Plan{}, &DataError{p.Account, "successor", "is the person who leaves"}
		}
	}
	if err := inOrder(&p, p.Start, at, "the plan runs"); err != nil {
		return Plan{}, err
	}
	known := false
	for i := range p.Outcomes {
		known = p.Outcomes[i].depart(d, at) || known
	}
	if !known {
		return Plan{}, &RefusedError{p.Account, "known_person",
			fmt.Sprintf("%.64q sponsors no outcome of plan %q", d.Person, p.ID), "the ID of a sponsor"}
	}
	return p, nil
}

// depart notes that a person left and reports whether they sponsor the outcome.
func (o *Outcome) depart(d Departure, at time.Time) bool {
	named := func(name string) func(Sponsor) bool {
		return func(s Sponsor) bool { return s.Name == name && s.Left.IsZero() }
	}
	i := slices.IndexFunc(o.Sponsors, named(d.Person))
	if i < 0 {
		i = slices.IndexFunc(o.Sponsors, func(s Sponsor) bool { return s.Name == d.Person })
	}
	if i < 0 {
		return false
	}
	s := &o.Sponsors[i]
	if s.Left.IsZero() {
		s.Left = at
	}
	if d.Successor == "" || s.Successor != "" {
		return true
	}
	s.Successor = d.Successor
	if !slices.ContainsFunc(o.Sponsors, named(d.Successor)) {
		o.Sponsors = append(o.Sponsors, Sponsor{Name: d.Successor, Role: s.Role})
	}
	return true
}

// present reports whether a sponsor has not left by an instant.
func (s Sponsor) present(asOf time.Time) bool {
	return s.Left.IsZero() || instant.Of(s.Left).After(asOf)
}

// unsponsored returns the outcomes that have not ended and whose sponsors, of whom there were some, have all left.
func unsponsored(p *Plan, asOf time.Time) []string {
	var ids []string
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if len(o.Sponsors) > 0 && o.open() && !slices.ContainsFunc(o.Sponsors, func(s Sponsor) bool { return s.present(asOf) }) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}
