package ladder

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled ladder. It is immutable and safe for concurrent use.
type Model struct {
	def    Ladder
	digest Digest
	places int32 // digits of the currency's minor unit
	plan   plan
}

// Compile checks a ladder and returns its Model. It keeps a deep copy: later changes to l have no effect.
//
// Compile returns an error if:
//   - anything in the ladder is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(l Ladder) (*Model, error) {
	if l.Format > Format {
		return nil, fmt.Errorf("ladder: compile ladder %q: format %d: %w", l.Name, l.Format, ErrFormat)
	}
	if err := invalid(problems(l)); err != nil {
		return nil, err
	}
	def := clone(l)
	digest, err := canon.Digest(def)
	if err != nil {
		return nil, fmt.Errorf("ladder: compile ladder %q: %w", l.Name, err)
	}
	places, _ := amount.Minor(def.Currency)
	return &Model{def: def, digest: digest, places: places, plan: newPlan(def)}, nil
}

// Ladder returns a copy of the definition.
func (m *Model) Ladder() Ladder { return clone(m.def) }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

// Quantities returns the names of the quantities that the formulas and the capacities of pools read, in definition
// order, each once.
func (m *Model) Quantities() []string {
	names := make([]string, len(m.plan.quantities))
	for i, q := range m.plan.quantities {
		names[i] = q.name
	}
	return names
}

func clone(l Ladder) Ladder {
	l.Themes = slices.Clone(l.Themes)
	l.Nodes = slices.Clone(l.Nodes)
	l.Metrics = slices.Clone(l.Metrics)
	for i := range l.Metrics {
		l.Metrics[i].Target = cloneOf(l.Metrics[i].Target)
	}
	l.Pools = slices.Clone(l.Pools)
	for i := range l.Pools {
		l.Pools[i].Capacity = cloneTerm(l.Pools[i].Capacity)
	}
	l.Benefits = slices.Clone(l.Benefits)
	for i := range l.Benefits {
		b := &l.Benefits[i]
		b.Times = slices.Clone(b.Times)
		for j := range b.Times {
			b.Times[j] = cloneTerm(b.Times[j])
		}
		for _, t := range []**Term{&b.Moved, &b.Adoption, &b.Attribution, &b.Conversion, &b.Margin} {
			if *t = cloneOf(*t); *t != nil {
				**t = cloneTerm(**t)
			}
		}
		b.UnitValue = cloneTerm(b.UnitValue)
	}
	l.Links = slices.Clone(l.Links)
	l.Costs = slices.Clone(l.Costs)
	l.Haircuts = slices.Clone(l.Haircuts)
	l.Capabilities = slices.Clone(l.Capabilities)
	if l.Thresholds != nil {
		t := *l.Thresholds
		t.Hold = slices.Clone(t.Hold)
		l.Thresholds = &t
	}
	return l
}

func cloneTerm(t Term) Term {
	t.Value = cloneOf(t.Value)
	return t
}

func cloneOf[T Term | decimal.Decimal](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
