package survey

import (
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// An Input holds all that an estimate reads. The order of its slices does not matter.
type Input struct {
	Answers []Answer
	Worths  []Worth // for ByWorth; an account at most once, all in one currency and unit (such as yearly revenue)
}

// An Answer is one person's answer to the instrument.
type Answer struct {
	Account    string    // ID of the account
	Respondent string    // ID of the person within the account; a person in two accounts is two respondents
	Instrument string    // the model's name
	Group      string    // to estimate within, such as a journey phase; may be empty
	Value      float64   // whole number on the scale
	At         time.Time // when it was given, not after asOf; a respondent has one answer at an instant
}

// A Worth is what an account is worth.
type Worth struct {
	Account  string
	Amount   decimal.Decimal // of Currency, not negative
	Currency string          // ISO 4217
}

// A Sample says whose votes count, and how.
type Sample struct {
	From       time.Time // votes are the latest answers within [From, To)
	To         time.Time // after From
	Group      string    // of this group alone; "": of all, with and without group
	Weighting  Weighting // "": ByRespondent
	Confidence float64   // of intervals, 0.5 to 0.9999; 0: 0.95
}

// A Weighting says how much each vote counts.
type Weighting string

// Weightings.
const (
	ByRespondent Weighting = "respondent" // each vote the same
	ByAccount    Weighting = "account"    // each account the same, shared by its votes
	ByWorth      Weighting = "worth"      // each account by its worth, shared by its votes
)

// Estimate returns the statistic of one sample. It returns a *DataError if an answer, a worth, the sample or asOf can't
// be used; every answer is checked, also those outside of the sample.
func (m *Model) Estimate(in Input, s Sample, asOf time.Time) (Estimate, error) {
	r, err := m.read(in, asOf)
	if err != nil {
		return Estimate{}, err
	}
	t, err := r.tally(s)
	if err != nil {
		return Estimate{}, err
	}
	return t.estimate(), nil
}

// Groups returns one estimate for each group that has a vote within the sample, by name; s.Group must be empty. A
// respondent who answered in two groups has a vote in each. Errors are those of [Model.Estimate].
func (m *Model) Groups(in Input, s Sample, asOf time.Time) ([]Estimate, error) {
	r, err := m.read(in, asOf)
	if err != nil {
		return nil, err
	}
	if s.Group != "" {
		return nil, &DataError{Field: "group", Message: "must be empty to estimate every group"}
	}
	if s, err = s.settled(); err != nil {
		return nil, err
	}
	var out []Estimate
	within := r.groups(s)
	for _, group := range slices.Sorted(maps.Keys(within)) {
		s.Group, r.answers = group, within[group]
		t, err := r.tally(s)
		if err != nil {
			return nil, err
		}
		out = append(out, t.estimate())
	}
	return out, nil
}

// Compare says whether after differs from before: two periods, or two groups of one period. Both must have the same
// weighting and confidence. Errors are those of [Model.Estimate].
func (m *Model) Compare(in Input, before, after Sample, asOf time.Time) (Difference, error) {
	r, err := m.read(in, asOf)
	if err != nil {
		return Difference{}, err
	}
	b, err := r.tally(before)
	if err != nil {
		return Difference{}, err
	}
	a, err := r.tally(after)
	if err != nil {
		return Difference{}, err
	}
	switch {
	case a.sample.Weighting != b.sample.Weighting:
		return Difference{}, &DataError{Field: "weighting", Message: "differs between the samples"}
	case a.sample.Confidence != b.sample.Confidence:
		return Difference{}, &DataError{Field: "confidence", Message: "differs between the samples"}
	}
	return compare(b, a), nil
}
