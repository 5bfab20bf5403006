package survey

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// widest is the greatest absolute answer.
const widest = 1000

// A Model is a compiled instrument. It is immutable and safe for concurrent use.
type Model struct {
	def    Instrument
	digest health.Digest
}

// Compile checks an instrument and returns its Model.
//
// Compile returns an error if:
//   - anything in the instrument is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(i Instrument) (*Model, error) {
	if i.Format > Format {
		return nil, fmt.Errorf("survey: compile instrument %q: format %d: %w", i.Name, i.Format, ErrFormat)
	}
	if err := invalid(i.problems()); err != nil {
		return nil, err
	}
	digest, err := canon.Digest(i)
	if err != nil {
		return nil, fmt.Errorf("survey: compile instrument %q: %w", i.Name, err)
	}
	return &Model{def: i, digest: digest}, nil
}

// Instrument returns the definition.
func (m *Model) Instrument() Instrument { return m.def }

// Digest returns the digest of the definition.
func (m *Model) Digest() health.Digest { return m.digest }

// problems returns what is wrong with an instrument; the boxes are looked at once the scale is right.
func (i Instrument) problems() (list problem.List) {
	if i.Format != Format {
		list.Addf("/format", "must be %d, not %d", Format, i.Format)
	}
	if err := ident.Name(i.Name); err != nil {
		list.Addf("/name", "%v", err)
	}
	switch i.Method {
	case Net, TopBox, Mean:
	default:
		list.Addf("/method", "must be net, top_box or mean, not %q", i.Method)
	}
	switch i.Better {
	case Higher, Lower:
	default:
		list.Addf("/better", "must be higher or lower, not %q", i.Better)
	}
	if i.Low < -widest || i.Low > widest {
		list.Addf("/low", "must be within -%d and %d, not %d", widest, widest, i.Low)
	}
	if i.High < -widest || i.High > widest {
		list.Addf("/high", "must be within -%d and %d, not %d", widest, widest, i.High)
	}
	if len(list) > 0 {
		return list
	}
	points := i.High - i.Low + 1
	if points < 2 {
		list.Addf("/high", "must be above low, %d", i.Low)
		return list
	}
	switch boxes := i.Top != 0 || i.Bottom != 0; {
	case i.Method == Mean && boxes:
		list.Addf("/method", "a mean has neither top nor bottom")
	case i.Method == Mean:
	case i.Top < 1 || i.Top >= points:
		list.Addf("/top", "must be 1 to %d points of the scale, not %d", points-1, i.Top)
	case i.Method == TopBox && i.Bottom != 0:
		list.Addf("/bottom", "belongs to net alone")
	case i.Method == Net && (i.Bottom < 1 || i.Bottom > points-i.Top):
		list.Addf("/bottom", "must be 1 to %d points of the scale, not %d", points-i.Top, i.Bottom)
	}
	return list
}
