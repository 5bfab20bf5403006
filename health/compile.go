package health

import "github.com/customersuccess-go/customersuccess/internal/canon"

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled scorecard. It is immutable and safe for concurrent use.
type Model struct {
	card   Scorecard
	digest Digest
}

// Compile checks a scorecard and returns its Model. It keeps a deep copy: later changes to card have no effect.
//
// Compile returns an error if:
//   - anything in the card is wrong (*InvalidError with every problem, each with its place);
//   - the card's format is not known (ErrFormat).
func Compile(card Scorecard) (*Model, error) { panic("unbuilt") }

// Scorecard returns a copy of the definition.
func (m *Model) Scorecard() Scorecard { panic("unbuilt") }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

// Measures returns the names of the measures in definition order, which is the order of Score.Parts.
func (m *Model) Measures() []string { panic("unbuilt") }
