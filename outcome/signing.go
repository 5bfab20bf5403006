package outcome

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// Sign adds a role's signature to the present terms. Once every signing role has signed them, drafts become agreed.
// Signing the same terms twice changes nothing.
//
// It is refused by signing_role if the template has no such role that signs, and by in_order if the terms are newer
// than the signature.
func (m *Model) Sign(p Plan, role, by string, at time.Time) (Plan, error) {
	p, at, err := begin(p, at)
	if err != nil {
		return Plan{}, err
	}
	if err := ident.Check(by); err != nil {
		return Plan{}, &DataError{p.Account, "by", err.Error()}
	}
	if !slices.Contains(m.signing(""), role) {
		return Plan{}, &RefusedError{p.Account, "signing_role", fmt.Sprintf("role %.64q does not sign", role),
			fmt.Sprintf("one of %q", m.signing(""))}
	}
	terms := p.Terms()
	if s, ok := p.signature(role, time.Time{}); !ok || s.Terms != terms {
		if err := p.afterScope(at); err != nil {
			return Plan{}, err
		}
		p.Signatures = append(p.Signatures, Signature{Role: role, By: by, At: at, Terms: terms})
	}
	if err := m.agree(&p, terms); err != nil {
		return Plan{}, err
	}
	return p, nil
}

// afterScope refuses what is older than the present terms.
func (p *Plan) afterScope(at time.Time) error {
	if len(p.Scope) == 0 {
		return nil
	}
	return inOrder(p, p.Scope[len(p.Scope)-1].At, at, "the terms are so")
}

// signing returns the roles that sign, of one side or of both, in the order of the template.
func (m *Model) signing(side Side) []string {
	var names []string
	for _, r := range m.def.Roles {
		if r.Signs && (side == "" || r.Side == side) {
			names = append(names, r.Name)
		}
	}
	return names
}

// signature returns a role's last signature that was given by an instant; a zero one is no bound.
func (p *Plan) signature(role string, asOf time.Time) (Signature, bool) {
	for _, s := range slices.Backward(p.Signatures) {
		if s.Role == role && (asOf.IsZero() || !s.At.After(asOf)) {
			return s, true
		}
	}
	return Signature{}, false
}

// unsigned returns the signing roles without a signature that counts for the present terms by an instant: one that is
// of these terms, or of earlier ones if no amendment since then asks the role again.
func (m *Model) unsigned(p *Plan, terms Digest, asOf time.Time) []string {
	return slices.DeleteFunc(m.signing(""), func(role string) bool {
		s, ok := p.signature(role, asOf)
		return ok && (s.Terms == terms || p.stands(s, terms))
	})
}

// stands reports whether the amendments lead from the terms of a signature to the present ones without asking its role.
func (p *Plan) stands(s Signature, terms Digest) bool {
	if n := len(p.Scope); n == 0 || p.Scope[n-1].Terms != terms {
		return false // the plan was changed by other means than an amendment
	}
	for _, change := range slices.Backward(p.Scope) {
		if change.Terms == s.Terms {
			return true
		}
		if slices.Contains(change.Asks, s.Role) {
			return false
		}
	}
	return p.Proposed == s.Terms
}

// agree makes drafts agreed if every signing role has signed, at the last of their signatures.
func (m *Model) agree(p *Plan, terms Digest) error {
	if len(m.unsigned(p, terms, time.Time{})) > 0 {
		return nil
	}
	var last time.Time
	for _, role := range m.signing("") {
		if s, _ := p.signature(role, time.Time{}); s.At.After(last) {
			last = s.At
		}
	}
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if o.State != Draft {
			continue
		}
		at := last
		if o.StateAt.After(last) {
			at = o.StateAt
		}
		if err := m.move(p, i, agree, at); err != nil {
			return err
		}
	}
	return nil
}

// concerned returns the signing roles that a change of an outcome asks again, in the order of the template: on each
// side the roles of its owners, or all of the side where an owner is no role's name and never signed for one.
func (m *Model) concerned(p *Plan, before, after *Outcome) []string {
	asked := make(map[string]bool)
	for _, o := range []*Outcome{before, after} {
		if o == nil {
			continue
		}
		for _, owner := range []struct {
			id   string
			side Side
		}{{o.Vendor, Vendor}, {o.Customer, Customer}} {
			for _, role := range m.rolesOf(p, owner.id, owner.side) {
				asked[role] = true
			}
		}
	}
	return slices.DeleteFunc(m.signing(""), func(role string) bool { return !asked[role] })
}

func (m *Model) rolesOf(p *Plan, owner string, side Side) []string {
	all := m.signing(side)
	own := slices.DeleteFunc(slices.Clone(all), func(role string) bool {
		signed := func(s Signature) bool { return s.Role == role && s.By == owner }
		return role != owner && !slices.ContainsFunc(p.Signatures, signed)
	})
	if len(own) == 0 {
		return all
	}
	return own
}

// isCustomers reports whether a person speaks for the customer on an outcome at an instant: its owner there, one of its
// sponsors, or someone who signed for a role on their side, unless they had left as a sponsor.
func (m *Model) isCustomers(p *Plan, o *Outcome, person string, at time.Time) bool {
	sponsors := func(present bool) bool {
		return slices.ContainsFunc(o.Sponsors, func(s Sponsor) bool { return s.Name == person && s.present(at) == present })
	}
	switch {
	case sponsors(true):
		return true
	case sponsors(false):
		return false
	case o.Customer == person:
		return true
	}
	roles := m.signing(Customer)
	return slices.ContainsFunc(p.Signatures, func(s Signature) bool {
		return s.By == person && slices.Contains(roles, s.Role)
	})
}
