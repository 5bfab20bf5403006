package survey

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A reading is a checked Input.
type reading struct {
	model   *Model
	asOf    time.Time
	answers []Answer // by account, respondent, instant
	worths  map[string]float64
}

// read checks an input and sorts its answers.
func (m *Model) read(in Input, asOf time.Time) (*reading, error) {
	if err := instant.Given(asOf); err != nil {
		return nil, dataError("", "as of", err)
	}
	r := &reading{model: m, asOf: instant.Of(asOf)}
	if err := r.readAnswers(in.Answers); err != nil {
		return nil, err
	}
	return r, r.readWorths(in.Worths)
}

// readAnswers checks every answer before it sorts them, so that an error names the first bad one as given.
func (r *reading) readAnswers(answers []Answer) error {
	r.answers = slices.Clone(answers)
	order := make([]int, len(answers))
	for i := range r.answers {
		order[i] = i
		a := &r.answers[i]
		a.At = instant.Of(a.At)
		if err := r.checkAnswer(i, a); err != nil {
			return err
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(compareAnswers(&r.answers[i], &r.answers[j]), cmp.Compare(i, j))
	})
	sorted := make([]Answer, len(answers))
	for k, i := range order {
		sorted[k] = r.answers[i]
		if k > 0 && compareAnswers(&sorted[k-1], &sorted[k]) == 0 {
			return &DataError{sorted[k].Account, place(i, &sorted[k]), fmt.Sprintf("is given at the instant of answer %d", order[k-1])}
		}
	}
	r.answers = sorted
	return nil
}

// compareAnswers is 0 for answers that one respondent gave at one instant.
func compareAnswers(a, b *Answer) int {
	return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Respondent, b.Respondent), a.At.Compare(b.At))
}

// place names an answer by its position in the input.
func place(i int, a *Answer) string { return fmt.Sprintf("answer %d of %q", i, a.Respondent) }

func (r *reading) checkAnswer(i int, a *Answer) error {
	if err := ident.Check(a.Account); err != nil {
		return &DataError{Field: fmt.Sprintf("account of answer %d", i), Message: err.Error()}
	}
	if err := ident.Check(a.Respondent); err != nil {
		return dataError(a.Account, fmt.Sprintf("respondent of answer %d", i), err)
	}
	if a.Group != "" {
		if err := ident.Check(a.Group); err != nil {
			return dataError(a.Account, place(i, a), fmt.Errorf("group %w", err))
		}
	}
	if err := instant.Given(a.At); err != nil {
		return dataError(a.Account, place(i, a), fmt.Errorf("instant %w", err))
	}
	def := r.model.def
	switch {
	case a.Instrument != def.Name:
		return &DataError{a.Account, place(i, a), fmt.Sprintf("instrument %.256q is not %q", a.Instrument, def.Name)}
	case math.IsNaN(a.Value):
		return &DataError{a.Account, place(i, a), "is NaN"}
	case a.Value < float64(def.Low) || a.Value > float64(def.High):
		return &DataError{a.Account, place(i, a), fmt.Sprintf("%v is outside %d to %d", a.Value, def.Low, def.High)}
	case a.Value != math.Trunc(a.Value):
		return &DataError{a.Account, place(i, a), fmt.Sprintf("%v is not a whole number", a.Value)}
	case a.At.After(r.asOf):
		return &DataError{a.Account, place(i, a), fmt.Sprintf("%s is after as of", a.At.Format(time.RFC3339Nano))}
	}
	return nil
}

// readWorths checks worths and turns them into weights, which are statistics.
func (r *reading) readWorths(worths []Worth) error {
	r.worths = make(map[string]float64, len(worths))
	for i, w := range worths {
		if err := ident.Check(w.Account); err != nil {
			return &DataError{Field: fmt.Sprintf("account of worth %d", i), Message: err.Error()}
		}
		_, twice := r.worths[w.Account]
		_, known := amount.Minor(w.Currency)
		err := amount.Check(w.Amount)
		switch {
		case err != nil:
		case twice:
			err = errors.New("is there twice")
		case !known:
			err = fmt.Errorf("currency %.256q is not in ISO 4217", w.Currency)
		case w.Currency != worths[0].Currency:
			err = fmt.Errorf("is in %s, others in %s", w.Currency, worths[0].Currency)
		case w.Amount.IsNegative():
			err = errors.New("is negative")
		}
		if err != nil {
			return dataError(w.Account, "worth", err)
		}
		r.worths[w.Account] = w.Amount.InexactFloat64()
	}
	return nil
}

// settled returns a sample with its defaults, checked.
func (s Sample) settled() (Sample, error) {
	if err := instant.Given(s.From); err != nil {
		return s, dataError("", "from", err)
	}
	if err := instant.Given(s.To); err != nil {
		return s, dataError("", "to", err)
	}
	s.From, s.To = instant.Of(s.From), instant.Of(s.To)
	s.Weighting = cmp.Or(s.Weighting, ByRespondent)
	s.Confidence = cmp.Or(s.Confidence, 0.95)
	switch {
	case !s.To.After(s.From):
		return s, &DataError{Field: "to", Message: "is not after from"}
	case s.Weighting != ByRespondent && s.Weighting != ByAccount && s.Weighting != ByWorth:
		return s, &DataError{Field: "weighting", Message: fmt.Sprintf("%q is not respondent, account or worth", s.Weighting)}
	case !(s.Confidence >= 0.5 && s.Confidence <= 0.9999):
		return s, &DataError{Field: "confidence", Message: fmt.Sprintf("%v is not within 0.5 and 0.9999", s.Confidence)}
	}
	return s, nil
}

// holds reports whether an answer is in the sample.
func (s Sample) holds(a *Answer) bool {
	return !a.At.Before(s.From) && a.At.Before(s.To) && (s.Group == "" || s.Group == a.Group)
}

// groups returns the answers within the sample by their group, in the order of r.
func (r *reading) groups(s Sample) map[string][]Answer {
	within := make(map[string][]Answer)
	for i := range r.answers {
		if a := &r.answers[i]; a.Group != "" && s.holds(a) {
			within[a.Group] = append(within[a.Group], *a)
		}
	}
	return within
}
