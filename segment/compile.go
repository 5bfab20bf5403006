package segment

import "github.com/customersuccess-go/customersuccess/internal/canon"

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
	def    Scheme
	digest Digest
}

// Compile checks a scheme and returns its Model. It keeps a deep copy: later changes to s have no effect.
//
// Compile returns an error if:
//   - anything in the scheme is wrong (*InvalidError with every problem, each with its place);
//   - the scheme's format is not known (ErrFormat).
func Compile(s Scheme) (*Model, error) { panic("unbuilt") }

// Scheme returns a copy of the definition.
func (m *Model) Scheme() Scheme { panic("unbuilt") }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

// Attributes returns the names of the attributes in definition order, which is the order of a Row.
func (m *Model) Attributes() []string { panic("unbuilt") }

// Segments returns the segments in order of rank, each once, the default last.
func (m *Model) Segments() []string { panic("unbuilt") }
