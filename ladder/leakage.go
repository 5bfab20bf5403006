package ladder

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// stages in order.
var stages = []Stage{Potential, Sold, Deployed, Adopted, Achieved, Verified, Communicated, Felt}

// Leakage states where value is lost between what could be had and what is felt, in the ladder's currency.
//
// Leakage returns an error if the account's ID is not one, asOf is zero, or a level is out of bounds, negative, of an
// unknown stage or given twice (*DataError).
func (m *Model) Leakage(account string, levels []Level, asOf time.Time) (Leakage, error) {
	if err := ident.Check(account); err != nil {
		return Leakage{}, &DataError{account, "account", err.Error()}
	}
	if err := instant.Given(asOf); err != nil {
		return Leakage{}, &DataError{account, "as of", err.Error()}
	}
	w, err := m.fall(account, levels)
	if err != nil {
		return Leakage{}, err
	}
	l := Leakage{
		Account: account, AsOf: instant.Of(asOf),
		Ladder: m.def.Name, Version: m.def.Version, Digest: m.digest, Currency: m.def.Currency,
		Steps: w.steps(), Value: w.between(Potential, Achieved), Visibility: w.between(Achieved, Felt),
	}
	if last := w.before(len(w)); w[len(w)-1] == nil && last >= 0 {
		l.AtStake = cloneOf(w[last])
	}
	if err := l.bounded(); err != nil {
		return Leakage{}, err
	}
	return l, nil
}

// A waterfall has the level of each stage in order; nil: unknown.
type waterfall []*decimal.Decimal

func (m *Model) fall(account string, levels []Level) (waterfall, error) {
	w := make(waterfall, len(stages))
	for _, level := range levels {
		wrong := func(message string) error {
			return &DataError{account, fmt.Sprintf("level %q", check.Clip(string(level.Stage))), message}
		}
		i := rank(stages, level.Stage)
		switch {
		case i < 0:
			return nil, wrong("is not a stage")
		case w[i] != nil:
			return nil, wrong("is given twice")
		}
		if why := count.refusal(level.Amount); why != "" {
			return nil, wrong(why)
		}
		rounded := amount.Round(level.Amount, m.places)
		w[i] = &rounded
	}
	return w, nil
}

// before returns the last stage before i that is known, or -1.
func (w waterfall) before(i int) int {
	for i--; i >= 0 && w[i] == nil; i-- {
	}
	return i
}

// from returns the first stage from i on that is known, or the number of stages.
func (w waterfall) from(i int) int {
	for i < len(w) && w[i] == nil {
		i++
	}
	return i
}

// steps returns the losses between known stages, and the unknown ones at the ends, so that they lie over all stages.
func (w waterfall) steps() []Loss {
	var steps []Loss
	for i := 0; i < len(w)-1; {
		next := min(w.from(i+1), len(w)-1)
		loss := Loss{From: stages[i], To: stages[next], Located: next == i+1, Over: slices.Clone(stages[i+1 : next+1])}
		if w[i] != nil && w[next] != nil {
			loss.Known, loss.Amount = true, w[i].Sub(*w[next])
		}
		steps = append(steps, loss)
		i = next
	}
	return steps
}

// between returns the loss from one stage to another, or the range that the known levels leave for it. The lowest loss
// is from the lowest level of the one to the highest of the other.
func (w waterfall) between(from, to Stage) Amount {
	i, j := rank(stages, from), rank(stages, to)
	iLow, iHigh := w.level(i)
	jLow, jHigh := w.level(j)
	if w.from(i) > j { // no level from the one to the other is known
		return Amount{High: cloneOf(iHigh)}
	}
	// Something is known at or before j, so that jHigh is there.
	a := Amount{Known: w[i] != nil && w[j] != nil, Low: iLow.Sub(*jHigh)}
	if iHigh != nil {
		high := iHigh.Sub(jLow)
		a.High = &high
	}
	return a
}

// level returns the bounds of the level of a stage: itself, or the known levels next to it; high is nil if there is none.
func (w waterfall) level(i int) (low decimal.Decimal, high *decimal.Decimal) {
	if w[i] != nil {
		return *w[i], w[i]
	}
	before, after := w.before(i), w.from(i)
	switch {
	case before < 0 && after == len(w):
		return decimal.Decimal{}, nil
	case before < 0:
		return *w[after], nil
	case after == len(w):
		return decimal.Decimal{}, w[before]
	case w[after].Cmp(*w[before]) > 0:
		return *w[before], w[after]
	}
	return *w[after], w[before]
}

// bounded refuses a waterfall with a figure that no store is asked to hold.
func (l *Leakage) bounded() error {
	figures := []decimal.Decimal{l.Value.Low, l.Visibility.Low}
	for _, high := range []*decimal.Decimal{l.Value.High, l.Visibility.High, l.AtStake} {
		if high != nil {
			figures = append(figures, *high)
		}
	}
	for i := range l.Steps {
		figures = append(figures, l.Steps[i].Amount)
	}
	if err := bounded(figures...); err != nil {
		return &DataError{l.Account, "levels", err.Error()}
	}
	return nil
}
