package segment

import (
	"fmt"
	"slices"

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

// A Model is a compiled scheme. It is immutable and safe for concurrent use.
type Model struct {
	def      Scheme
	digest   Digest
	schema   *schema
	rules    []rule
	program  program  // of the rules
	segments []string // in order of rank
}

// A parsedScheme is what checking a scheme leaves behind for its Model.
type parsedScheme struct {
	schema *schema
	rules  []rule
}

// A rule is a Rule made ready.
type rule struct {
	when  node
	stay  *node
	reads []int  // attributes of when, rising
	lines []line // of reads, the cells that when tells apart; of times only in Near, since they move with as_of
}

// Compile checks a scheme and returns its Model. It keeps a deep copy: later changes to s have no effect.
//
// Compile returns an error if:
//   - anything in the scheme is wrong (*InvalidError with every problem, each with its place);
//   - the scheme's format is newer than [Format] (ErrFormat).
func Compile(s Scheme) (*Model, error) {
	if s.Format > Format {
		return nil, fmt.Errorf("segment: compile scheme %q: format %d: %w", s.Name, s.Format, ErrFormat)
	}
	var c checker
	var parsed parsedScheme
	c.scheme(&s, &parsed)
	if err := c.err(); err != nil {
		return nil, err
	}
	m := &Model{def: s.clone(), schema: parsed.schema, rules: parsed.rules}
	digest, err := canon.Digest(m.def)
	if err != nil {
		return nil, fmt.Errorf("segment: compile scheme %q: %w", s.Name, err)
	}
	m.digest = digest
	for i, r := range s.Rules {
		if !slices.Contains(m.segments, r.Segment) {
			m.segments = append(m.segments, r.Segment)
		}
		m.rules[i].prepare(m.schema)
	}
	m.program = newProgram(m.rules)
	if s.Otherwise != "" && !slices.Contains(m.segments, s.Otherwise) {
		m.segments = append(m.segments, s.Otherwise)
	}
	return m, nil
}

func (r *rule) prepare(s *schema) {
	r.when.tests(func(n *node) { r.reads = append(r.reads, n.attr) })
	slices.Sort(r.reads)
	r.reads = slices.Compact(r.reads)
	r.lines = make([]line, len(r.reads))
	for i, attr := range r.reads {
		if s.columns[attr].kind != timeKind {
			r.lines[i] = s.line(attr, []*node{&r.when}, 0)
		}
	}
}

// Scheme returns a copy of the definition.
func (m *Model) Scheme() Scheme { return m.def.clone() }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

// Attributes returns the names of the attributes in definition order, which is the order of a Row.
func (m *Model) Attributes() []string { return m.schema.names() }

// Segments returns the segments in order of rank, each once, the default last.
func (m *Model) Segments() []string { return slices.Clone(m.segments) }

func (s Scheme) clone() Scheme {
	s.Attributes = slices.Clone(s.Attributes)
	for i := range s.Attributes {
		a := &s.Attributes[i]
		a.Values = slices.Clone(a.Values)
		a.Min, a.Max = copied(a.Min), copied(a.Max)
	}
	s.Rules = slices.Clone(s.Rules)
	for i := range s.Rules {
		s.Rules[i].Stay = copied(s.Rules[i].Stay)
	}
	return s
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
