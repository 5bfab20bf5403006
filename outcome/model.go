package outcome

import "time"

// Series are an account's measured values. Measurement returns a measure's values in rising order of At, or false
// where it was never measured. The caller only reads the slice.
// A host's own type may implement it; it must answer alike for as long as a call runs.
type Series interface {
	Measurement(measure string) ([]Measurement, bool)
}

// A SeriesMap is the simplest Series.
type SeriesMap map[string][]Measurement

// Measurement returns a measure's values.
func (m SeriesMap) Measurement(measure string) ([]Measurement, bool) {
	s, ok := m[measure]
	return s, ok
}

// A Measurement is one value of a measure. NaN and infinities are refused.
type Measurement struct {
	Measure  string    `json:"measure"`
	At       time.Time `json:"at"`       // when it was so
	Value    float64   `json:"value"`    // in the target's unit, finite
	Recorded time.Time `json:"recorded"` // when it became known
}

// An Input is all that an assessment is made of. What is not in it can't influence the assessment.
type Input struct {
	Account string
	Plan    Plan
	Series  Series // nil: nothing was measured
}

// Assess evaluates a plan as of an instant, which is inclusive: values measured later are not seen.
// It does not modify or keep in.
//
// Assess returns an error if (each a *DataError):
//   - the account's ID is not the plan's, or is empty, longer than 256 bytes, or not plain UTF-8;
//   - a measured value that counts is NaN or infinite, or a series is not in rising order;
//   - the plan's promises are in a currency that ISO 4217 does not list.
func (m *Model) Assess(in Input, asOf time.Time) (Assessment, error) { panic("unbuilt") }
