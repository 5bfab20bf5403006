package engagement

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled program. It is immutable and safe for concurrent use.
type Model struct {
	def    Program
	digest Digest
	plans  []plan
}

// A plan is a TouchPlan with its condition, which may be nil.
type plan struct {
	TouchPlan
	when *segment.Condition
}

// Compile checks a program over the attributes that its conditions speak of, and returns its Model.
// It keeps deep copies: later changes to p and attributes have no effect.
//
// Compile returns an error if:
//   - anything in the program is wrong (*InvalidError with every problem, each with its place);
//   - the program's format is newer than [Format] (ErrFormat).
func Compile(p Program, attributes []segment.Attribute) (*Model, error) {
	if p.Format > Format {
		return nil, fmt.Errorf("engagement: compile program %q: format %d: %w", p.Name, p.Format, ErrFormat)
	}
	c := checker{attributes: attributes}
	c.program(&p)
	if len(c.problems) > 0 {
		return nil, &InvalidError{Problems: c.problems}
	}
	m := &Model{def: p.clone(), plans: c.plans}
	digest, err := canon.Digest(m.def)
	if err != nil {
		return nil, fmt.Errorf("engagement: compile program %q: %w", p.Name, err)
	}
	m.digest = digest
	return m, nil
}

// Program returns a copy of the definition.
func (m *Model) Program() Program { return m.def.clone() }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }
