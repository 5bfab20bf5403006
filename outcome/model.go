package outcome

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

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

// A Measurement is one value of a measure. NaN and infinities are refused. A Series is asked for a measure by name and
// its values' own Measure and Recorded are not read.
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
	Series  Series            // nil: nothing was measured
	Units   map[string]string // of measures, where the host knows them: another than the target's is a *DataError
}

// Assess evaluates a plan as of an instant, which is inclusive: what was measured, signed, verified, promised or waived
// later is not seen. States are those of the plan given; to assess as known then, give the plan as it was stored then.
// Targets are the present ones. Assess does not modify or keep in.
//
// Assess returns an error if:
//   - the account's ID is not the plan's, asOf is zero, or the plan is wrong in any place (*DataError);
//   - a measured value that counts is NaN, infinite or out of all proportion to its target, a series is not in rising
//     order, or a measure is in another unit than its target (*DataError);
//   - the promises in debt sum to more than 127 bits of digits, or one is older than 292 years (*DataError);
//   - the plan's format is newer than [Format] (ErrFormat).
//
// A measure that never arrives is not an error: it lowers Coverage and widens Low to High.
func (m *Model) Assess(in Input, asOf time.Time) (Assessment, error) {
	var e evaluation
	return m.assess(&e, in, asOf)
}

// begin takes an input to evaluate, and returns the positions of its outcomes.
func (e *evaluation) begin(in *Input, asOf time.Time) (*check.Names, error) {
	if err := ident.Check(in.Account); err != nil {
		return nil, &DataError{in.Account, "account", err.Error()}
	}
	if err := instant.Given(asOf); err != nil {
		return nil, &DataError{in.Account, "as of", err.Error()}
	}
	if in.Plan.Account != in.Account {
		return nil, &DataError{in.Account, "plan", fmt.Sprintf("is of account %q", in.Plan.Account)}
	}
	e.plan, e.series, e.units, e.asOf = &in.Plan, in.Series, in.Units, instant.Of(asOf)
	return in.Plan.check()
}

func (m *Model) assess(e *evaluation, in Input, asOf time.Time) (Assessment, error) {
	outcomes, err := e.begin(&in, asOf)
	if err != nil {
		return Assessment{}, err
	}
	p, asOf := e.plan, e.asOf
	a := Assessment{Account: p.Account, Plan: p.ID, AsOf: asOf,
		Template: m.def.Name, Version: m.def.Version, Digest: m.digest, Terms: p.Terms()}
	if roles := m.unsigned(p, a.Terms, asOf); len(roles) > 0 {
		a.Unsigned = roles
	}
	a.Outcomes = make([]Progress, len(p.Outcomes))
	whole := &e.room
	*whole = whole.again()
	for i := range p.Outcomes {
		if a.Outcomes[i], err = e.progress(&p.Outcomes[i]); err != nil {
			return Assessment{}, err
		}
		whole.add(&p.Outcomes[i], &a.Outcomes[i])
	}
	a.Whole = whole.attainment()
	whole.share(a.Whole.Low, p.Outcomes, a.Outcomes)
	for _, axis := range m.axes {
		a.Rollups = groups(a.Rollups, axis, p.Outcomes, a.Outcomes, whole)
	}
	a.Unsponsored = unsponsored(p, asOf)
	a.Gap = gap(p, a.Outcomes)
	if a.Debt, err = debt(p, outcomes, asOf); err != nil {
		return Assessment{}, err
	}
	return a, nil
}
