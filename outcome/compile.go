package outcome

import (
	"fmt"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
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
	desired *check.Names
	jobs    *check.Names
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
	if len(c.List) > 0 {
		return nil, invalid(c.List)
	}
	m := &Model{def: copyTemplate(t), axes: []Axis{ByHorizon, ByPersona}, desired: desired,
		jobs: namesOf(len(t.Jobs), func(i int) string { return t.Jobs[i].Name })}
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

// Derive returns a copy of the definition under another name and version that says what it was made from.
func (m *Model) Derive(name, version string) Template {
	t := m.Template()
	t.From = &Lineage{Name: t.Name, Version: t.Version, Digest: m.digest}
	t.Name, t.Version = name, version
	return t
}

func copyTemplate(t Template) Template {
	if t.From != nil {
		from := *t.From
		t.From = &from
	}
	t.Jobs = slices.Clone(t.Jobs)
	for i := range t.Jobs {
		t.Jobs[i] = copyJob(t.Jobs[i])
	}
	t.Roles = slices.Clone(t.Roles)
	t.Outcomes = slices.Clone(t.Outcomes)
	for i := range t.Outcomes {
		t.Outcomes[i] = copyOutcome(t.Outcomes[i])
	}
	t.Axes = slices.Clone(t.Axes)
	if t.Words != nil {
		t.Words = &Words{slices.Clone(t.Words.Solutions), slices.Clone(t.Words.Vague), slices.Clone(t.Words.Compound)}
	}
	return t
}

func copyJob(j Job) Job {
	j.Related, j.Parties = slices.Clone(j.Related), slices.Clone(j.Parties)
	j.Outcomes = slices.Clone(j.Outcomes)
	for i := range j.Outcomes {
		d := &j.Outcomes[i]
		d.Personas, d.Themes = slices.Clone(d.Personas), slices.Clone(d.Themes)
	}
	return j
}
