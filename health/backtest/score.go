package backtest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Decision is a renewal that was due, and what came of it. One whose outcome is not known yet is none.
type Decision struct {
	Account  string
	At       time.Time       // when it was due; required
	Lost     bool            // the customer left
	Rescued  bool            // a play kept it: reported apart, since a rescue makes a good alert look false
	Group    string          // to report within, such as a segment or a contract type; may be empty
	Tenure   string          // to report within, such as "first year"; may be empty
	Money    decimal.Decimal // what was at stake, not negative; of one Currency in a trial
	Currency string          // ISO 4217; empty: the money is not known
}

// A Case is a decision with the score that was known a lead time before.
type Case struct {
	Decision
	Score    health.Score
	Standing health.Standing // the steadied band at the score's instant; zero: not replayed
	Bands    []string        // of the card, worst first; without them bands are ordered by the values that had them
	Err      error           // the account could not be scored
}

// Score scores each decision as known lead before it, which must be above zero. An account's own failure, that the
// source does not know it included, sits in its Case; the sequence's error comes once, last.
func Score(ctx context.Context, m *health.Model, s health.Source, decisions iter.Seq2[Decision, error], lead health.Duration) iter.Seq2[Case, error] {
	return replay(ctx, m, s, decisions, lead, Steps{})
}

// Steps are the evaluations that the running program would have made before a decision's score.
type Steps struct {
	Every health.Duration // between two of them, above zero
	Count int             // before the score's own, 1 to 10000, over at most 292 years
}

// Steadied is Score, and besides folds the evaluations of steps, each as known at its own instant, and the decision's
// score into the Standing of its Case. A step at which the source did not know the account is passed over.
func Steadied(ctx context.Context, m *health.Model, s health.Source, decisions iter.Seq2[Decision, error], lead health.Duration, steps Steps) iter.Seq2[Case, error] {
	if steps.Every <= 0 || steps.Count < 1 || steps.Count > 10000 {
		return func(yield func(Case, error) bool) {
			yield(Case{}, fmt.Errorf("backtest: %d steps every %v are not 1 to 10000 of more than nothing", steps.Count, steps.Every))
		}
	}
	if time.Duration(steps.Every) > math.MaxInt64/time.Duration(steps.Count) {
		return func(yield func(Case, error) bool) {
			yield(Case{}, fmt.Errorf("backtest: %d steps every %v reach back over 292 years", steps.Count, steps.Every))
		}
	}
	return replay(ctx, m, s, decisions, lead, steps)
}

func replay(ctx context.Context, m *health.Model, s health.Source, decisions iter.Seq2[Decision, error], lead health.Duration, steps Steps) iter.Seq2[Case, error] {
	return func(yield func(Case, error) bool) {
		var bad error
		switch {
		case m == nil:
			bad = errors.New("backtest: the model is nil")
		case s == nil:
			bad = errors.New("backtest: the source is nil")
		case lead <= 0:
			bad = fmt.Errorf("backtest: lead time %v is not above zero: that would be no forecast", lead)
		}
		if bad != nil {
			yield(Case{}, bad)
			return
		}
		var bands []string
		for _, b := range m.Scorecard().Bands {
			bands = append(bands, b.Name)
		}
		for d, err := range decisions {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Case{}, fmt.Errorf("backtest: decisions: %w", err))
				return
			}
			c := Case{Decision: d, Bands: bands}
			if c.Err = dataError(d.Account, "decision", instant.Given(d.At)); c.Err == nil {
				c.replay(ctx, m, s, d.At.Add(-time.Duration(lead)), steps)
			}
			if err := ctx.Err(); c.Err != nil && err != nil { // that of the whole, not of the account
				yield(Case{}, fmt.Errorf("backtest: decisions: %w", err))
				return
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// replay evaluates the account at each step and at the cut.
func (c *Case) replay(ctx context.Context, m *health.Model, s health.Source, cut time.Time, steps Steps) {
	for left := steps.Count; left >= 0; left-- {
		asOf := instant.Of(cut.Add(-time.Duration(left) * time.Duration(steps.Every)))
		in, ok, err := s.Input(ctx, c.Account, asOf, asOf)
		switch {
		case err != nil:
			c.Err = fmt.Errorf("backtest: read %.256q: %w", c.Account, err)
			return
		case !ok && left > 0:
			continue
		case !ok:
			c.Err = &DataError{Account: c.Account, Message: "was not known to the source at " + asOf.Format(time.RFC3339Nano)}
			return
		case in.Account != c.Account:
			c.Err = &DataError{Account: c.Account, Field: "input", Message: fmt.Sprintf("is of account %.256q", in.Account)}
			return
		}
		score, err := m.Score(in, asOf)
		if err != nil {
			c.Err = err
			return
		}
		if steps.Count > 0 {
			c.Standing = m.Settle(c.Standing, score)
		}
		if left == 0 {
			c.Score = score
		}
	}
}
