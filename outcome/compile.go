package outcome

import "github.com/customersuccess-go/customersuccess/internal/canon"

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled template. It is immutable and safe for concurrent use.
type Model struct {
	def    Template
	digest Digest
}

// Compile checks a template and returns its Model. It keeps a deep copy: later changes to t have no effect.
//
// Compile returns an error if:
//   - anything in the template is wrong (*InvalidError with every problem, each with its place);
//   - the template's format is not known (ErrFormat).
func Compile(t Template) (*Model, error) { panic("unbuilt") }

// Template returns a copy of the definition.
func (m *Model) Template() Template { panic("unbuilt") }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }
