package ladder

import "github.com/customersuccess-go/customersuccess/internal/canon"

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
}

// Compile checks a ladder and returns its Model. It keeps a deep copy: later changes to l have no effect.
//
// Compile returns an error if:
//   - anything in the ladder is wrong (*InvalidError with every problem, each with its place);
//   - the ladder's format is not known (ErrFormat).
func Compile(l Ladder) (*Model, error) { panic("unbuilt") }

// Ladder returns a copy of the definition.
func (m *Model) Ladder() Ladder { panic("unbuilt") }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

// Quantities returns the names of the quantities that the formulas read, in definition order, each once.
func (m *Model) Quantities() []string { panic("unbuilt") }
