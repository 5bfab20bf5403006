package adoption

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Account is what is known of an account beside its usage. Its lists hold nothing twice.
type Account struct {
	ID       string
	Since    time.Time // start of the relationship, not after asOf; zero: unknown
	Seats    *int      // licences, 0 or more; nil: as many as Holders, or unknown without
	Holders  []string  // users who hold a licence; empty: unknown
	Entitled []string  // features that the account may use; empty: unknown
	Planned  []string  // processes of the plan that are to run on the product
}

// An Item is one account's result in a batch. Err is nil, or the account's own failure.
type Item struct {
	Account  string
	Adoption *Adoption
	Err      error
}

// Assess returns the adoption of one account, which needs no usage. It looks at all that u holds: for many accounts use
// [Model.AssessAll]. It returns a *DataError if the account's data is wrong, if asOf is zero, before the window or
// before an event of the account, or if u was made by a plan with other steps.
func (m *Model) Assess(u *Usage, a Account, asOf time.Time) (Adoption, error) {
	if err := m.reads(u, asOf); err != nil {
		return Adoption{}, err
	}
	return m.assess(newIndex(u), a, instant.Of(asOf))
}

// AssessAll assesses each account as it arrives; u must not change meanwhile. One account's failure sits in its Item; the
// sequence's error comes once, last, when accounts itself fails or u or asOf can't be used. The result may be ranged
// over as often as accounts may.
func (m *Model) AssessAll(u *Usage, accounts iter.Seq2[Account, error], asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if err := m.reads(u, asOf); err != nil {
			yield(Item{}, err)
			return
		}
		x := newIndex(u)
		for a, err := range accounts {
			if err != nil {
				yield(Item{}, fmt.Errorf("adoption: assess accounts: %w", err))
				return
			}
			item := Item{Account: a.ID}
			if adoption, err := m.assess(x, a, instant.Of(asOf)); err != nil {
				item.Err = err
			} else {
				item.Adoption = &adoption
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}

// reads checks that the model can read a usage as of an instant.
func (m *Model) reads(u *Usage, asOf time.Time) error {
	if err := instant.Given(asOf); err != nil {
		return dataError("", "as of", err)
	}
	if err := u.ready(); err != nil {
		return err
	}
	if instant.Micros(instant.Of(asOf)) < u.window.from() {
		return dataError("", "as of", errors.New("is before the window"))
	}
	for _, feature := range slices.Sorted(maps.Keys(m.kept)) {
		if u.kept[feature] < m.kept[feature] {
			return dataError("", "usage", fmt.Errorf("keeps %d uses of %q, where the plan has a step of %d", max(1, u.kept[feature]), feature, m.kept[feature]))
		}
	}
	return nil
}

// check holds an account to what its fields say.
func (m *Model) check(a *Account, asOf time.Time) error {
	if err := ident.Check(a.ID); err != nil {
		return dataError("", "account", err)
	}
	if err := instant.Check(a.Since); err != nil {
		return dataError(a.ID, "since", err)
	}
	if a.Since.After(asOf) {
		return dataError(a.ID, "since", errors.New("is after as of"))
	}
	if a.Seats != nil && *a.Seats < 0 {
		return dataError(a.ID, "seats", errors.New("are below zero"))
	}
	for _, list := range []struct {
		field string
		ids   []string
	}{{"holders", a.Holders}, {"entitled", a.Entitled}, {"planned", a.Planned}} {
		seen := make(map[string]bool, len(list.ids))
		for _, id := range list.ids {
			if err := ident.Check(id); err != nil {
				return dataError(a.ID, list.field, fmt.Errorf("%q %w", id, err))
			}
			if seen[id] {
				return dataError(a.ID, list.field, fmt.Errorf("%q is there twice", id))
			}
			seen[id] = true
		}
	}
	for _, name := range a.Planned {
		if !slices.ContainsFunc(m.def.Processes, func(p Process) bool { return p.Name == name }) {
			return dataError(a.ID, "planned", fmt.Errorf("%q is no process of the plan", name))
		}
	}
	return nil
}
