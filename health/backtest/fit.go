package backtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// MinFit is how many losses, and how many kept, [Fit] asks for.
const MinFit = 100

// A Fitted is a suggestion. Whether to publish it is a person's decision; [Diff] shows what it would change, since bands
// and limits are those of the card before.
type Fitted struct {
	Card      health.Scorecard `json:"card"`      // with new weights, without the measures that got none
	Weights   []Weight         `json:"weights"`   // in the card's order
	Decisions int              `json:"decisions"` // that the weights are made of: due before Cut
	Losses    int              `json:"losses"`    // of Decisions
	Penalty   float64          `json:"penalty"`   // on half the squares of the coefficients, which are for 100 points each
	Cut       time.Time        `json:"cut"`
	Validated Comparison       `json:"validated"` // the card before against the suggestion, on what was scored at or after Cut
	Verdict   Verdict          `json:"verdict"`   // on the suggestion there, by the area alone
}

// A Weight is one measure's share of the card, in percent.
type Weight struct {
	Measure string  `json:"measure"`
	Before  float64 `json:"before"` // of the whole while all is live, 0 to 100
	After   float64 `json:"after"`  // 0 to 100, one place; 0: left out; at least 0.1 if it is required, or a limit or an alarm reads it
}

// MarshalJSON returns the canonical encoding.
func (f Fitted) MarshalJSON() ([]byte, error) {
	type plain Fitted
	return canon.JSON(plain(f))
}

// Fit suggests weights for the measures of a card, by logistic regression of the losses on the points that each measure
// falls short of 100, with coefficients that are never negative and a ridge penalty. Where a measure was not live it
// counts as its policy says: neutral and worst as their points, others as the mean of the decisions fitted.
//
// Decisions that a play rescued or that stood under an override are left out. Time runs one way: the weights are made of
// the earlier three quarters of the decisions, the penalty is chosen by the loss on the later parts of these after a fit on
// the parts before, and the suggestion, scored as [Score] does, is held against the card on decisions that were scored
// after all of them. decisions is ranged over twice.
//
// Fit returns an error if:
//   - fewer than MinFit decisions were lost, or were kept (*RefusedError, rule "losses" or "kept");
//   - the earlier decisions are all lost or all kept, as when all are due at one time (*RefusedError, rule "times");
//   - readings have no times (*RefusedError, rule "dates"), or no measure tells lost from kept (rule "signal");
//   - lead is not above zero, a decision is not such (*DataError), or a sequence fails.
func Fit(ctx context.Context, card health.Scorecard, s health.Source, decisions iter.Seq2[Decision, error], lead health.Duration) (Fitted, error) {
	m, err := health.Compile(card)
	if err != nil {
		return Fitted{}, err
	}
	f := fitter{policies: policies(m.Scorecard().Groups)}
	for c, err := range Score(ctx, m, s, decisions, lead) {
		if err == nil {
			err = f.add(c)
		}
		if err != nil {
			return Fitted{}, err
		}
	}
	out, err := f.fit(m.Scorecard())
	if err != nil {
		return Fitted{}, err
	}
	suggested, err := health.Compile(out.Card)
	if err != nil {
		return Fitted{}, fmt.Errorf("backtest: fit: suggestion: %w", err)
	}
	late := Trial{}
	for c, err := range Score(ctx, suggested, s, decisions, lead) {
		if err == nil {
			err = late.Add(c)
		}
		if err != nil {
			return Fitted{}, err
		}
	}
	cut := out.Cut.UnixMicro()
	before := f.trial
	before.rows, late.rows = since(before.rows, cut), since(late.rows, cut)
	if out.Validated, err = Compare(&before, &late); err != nil {
		return Fitted{}, err
	}
	out.Verdict = out.Validated.After.Verdict()
	return out, nil
}

func since(rows []row, cut int64) []row {
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.asOf < cut })
}

// policies returns what the measures below say of missing values, in the card's order.
func policies(groups []health.Group) (all []health.Missing) {
	for _, g := range groups {
		for _, m := range g.Measures {
			all = append(all, m.Missing)
		}
		all = append(all, policies(g.Groups)...)
	}
	return all
}

// A fitter has a trial, and of each of its rows how far each measure falls short, 0 to 1; NaN is not known.
type fitter struct {
	trial    Trial
	policies []health.Missing
	short    [][]float64
}

func (f *fitter) add(c Case) error {
	kept := len(f.trial.rows)
	if err := f.trial.Add(c); err != nil || len(f.trial.rows) == kept {
		return err
	}
	short := make([]float64, len(c.Score.Parts))
	for i, p := range c.Score.Parts {
		gone := 1 - p.Liveness
		switch policy := f.policies[i]; {
		case policy.Policy == health.Neutral:
			short[i] = 1 - (float64(p.Liveness*p.OnCurve)+float64(gone*policy.Points))/100
		case policy.Policy == health.Worst:
			short[i] = 1 - float64(p.Liveness*p.OnCurve)/100
		case p.Liveness > 0:
			short[i] = 1 - p.OnCurve/100
		default:
			short[i] = math.NaN()
		}
	}
	f.short = append(f.short, short)
	return nil
}

func (f *fitter) fit(card health.Scorecard) (Fitted, error) {
	t := &f.trial
	rows := t.pick((*row).judged)
	slices.SortFunc(rows, func(a, b int32) int {
		x, y := &t.rows[a], &t.rows[b]
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(t.accounts.list[x.account], t.accounts.list[y.account]))
	})
	if err := f.refuse(rows); err != nil {
		return Fitted{}, err
	}
	cut := t.rows[rows[len(rows)*3/4]].at
	early := rows[:slices.IndexFunc(rows, func(at int32) bool { return t.rows[at].at >= cut })]
	out := Fitted{Decisions: len(early), Cut: instant.FromMicros(cut)}
	for _, at := range early {
		if t.rows[at].lost {
			out.Losses++
		}
	}
	if out.Losses == 0 || out.Losses == len(early) {
		return Fitted{}, &RefusedError{
			Rule: "times", Message: fmt.Sprintf("of %d decisions due before %s %d were lost", len(early), out.Cut.Format(time.RFC3339), out.Losses),
			Needs: "lost and kept decisions among the earlier three quarters",
		}
	}
	penalty, err := f.penalty(early)
	if err != nil {
		return Fitted{}, err
	}
	x, lost := f.design(early, early)
	l, ok := regress(x, lost, penalty)
	if !ok {
		return Fitted{}, errUnfit
	}
	tenths, ok := shares(l.beta)
	if !ok {
		return Fitted{}, &RefusedError{Rule: "signal", Message: "no measure is lower where customers are lost", Needs: "a measure that is"}
	}
	out.Penalty = penalty
	out.Card, out.Weights = reweigh(card, tenths)
	return out, nil
}

var errUnfit = errors.New("backtest: fit: the regression does not converge")

func (f *fitter) refuse(rows []int32) error {
	lost, undated := 0, 0
	for _, at := range rows {
		r := &f.trial.rows[at]
		if r.lost {
			lost++
		}
		if r.undated {
			undated++
		}
	}
	refused := func(rule string, have int, what string) error {
		return &RefusedError{Rule: rule, Message: fmt.Sprintf("%d decisions were judged and %s", have, what), Needs: fmt.Sprintf("%d", MinFit)}
	}
	switch {
	case lost < MinFit:
		return refused("losses", lost, "lost")
	case len(rows)-lost < MinFit:
		return refused("kept", len(rows)-lost, "kept")
	case undated > 0:
		return &RefusedError{Rule: "dates", Message: fmt.Sprintf("%d decisions have a reading without a time", undated), Needs: "dated readings"}
	}
	return nil
}

// penalty returns the one with the least loss on the third and on the last quarter after a fit on what was before; of
// equals the largest.
func (f *fitter) penalty(rows []int32) (float64, error) {
	best, least := 0.0, math.Inf(1)
	for _, penalty := range []float64{100, 10, 1, 0.1} {
		loss := 0.0
		for _, quarter := range []int{2, 3} {
			train, test := rows[:len(rows)*quarter/4], rows[len(rows)*quarter/4:len(rows)*(quarter+1)/4]
			l, ok := regressRows(f, train, penalty)
			if !ok {
				return 0, errUnfit
			}
			x, lost := f.design(test, train)
			loss += l.loss(x, lost)
		}
		if loss < least {
			best, least = penalty, loss
		}
	}
	return best, nil
}

func regressRows(f *fitter, rows []int32, penalty float64) (logistic, bool) {
	x, lost := f.design(rows, rows)
	return regress(x, lost, penalty)
}

// design returns how far rows fall short, and in place of what is not known its mean over the decisions of known.
func (f *fitter) design(rows, known []int32) (x [][]float64, lost []bool) {
	mean := make([]float64, len(f.policies))
	for j := range mean {
		n := 0.0
		for _, at := range known {
			if v := f.short[at][j]; !math.IsNaN(v) {
				mean[j] += v
				n++
			}
		}
		mean[j] /= max(n, 1)
	}
	for _, at := range rows {
		filled := slices.Clone(f.short[at])
		for j, v := range filled {
			if math.IsNaN(v) {
				filled[j] = mean[j]
			}
		}
		x, lost = append(x, filled), append(lost, f.trial.rows[at].lost)
	}
	return x, lost
}
