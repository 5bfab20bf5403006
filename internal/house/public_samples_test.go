package house_test

var publicSamples = []sample{
	{check: "doc", name: "documented", source: `// Package p does.
package p

// Parse reads.
func Parse() {}

// A Model is.
type Model struct {
	Name string

	// Weight and Floor are points, 0 to 100.
	Weight float64
	Floor  float64

	Share float64 // 0 to 1
}

// Score computes.
func (*Model) Score() {}

// Kinds.
const (
	KindA = "a"
	KindB = "b"
)

type hidden struct{ N int }

func (hidden) Do() {}

// A Store keeps.
type Store interface {
	// Append adds.
	Append()
}

// A Log keeps. Events are read in order; a reader must Close it.
type Log interface {
	Events()
	Close()
}

// A DataError says what.
type DataError struct{}

func (*DataError) Error() string { return "" }
`},
	{check: "doc", name: "undocumented", source: `package p // bad

func Parse() {} // bad

// This reads.
func Read() {} // bad

type Model struct { // bad
	Weight float64 // points

	Floor  float64 // bad
	Known  bool
	Amount []float64 // bad
}
`},
	{check: "doc", name: "members", source: `// Package p does.
package p

// A Model is.
type Model struct{}

func (m *Model) Score() {} // bad

// A Store keeps.
type Store interface {
	Append() // bad
}

const Unknown = "unknown" // of no band

const Other = 3 // bad

type ( // Modeler is not above its type
	Modeler int // bad
)
`},
	{check: "signature", name: "plain", source: `package p

import (
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

type hidden struct{ x any }

type Model struct{ h hidden }

func (m *Model) Score(at time.Time) (decimal.Decimal, error) { return decimal.Decimal{}, nil }

func All[T any](xs []T) iter.Seq2[T, error] { return nil }

type Observer func(string) func(error)
`},
	{check: "signature", name: "any", source: `package p

type Model struct {
	Extra any // bad
}

func Decode(v interface{}) error { return nil } // bad

type Facts map[string]any // bad

type Source interface{ Fact(string) any } // bad

func (*Model) With(opts ...func(map[string][]any)) {} // bad
`},
	{check: "signature", name: "unnameable", source: `package p

import "github.com/customersuccess-go/customersuccess/internal/problem"

type card struct{}

func New() *card { return nil } // bad

func Points(s problem.List) {} // bad

type Model struct{ problem.List } // bad
`},
}
