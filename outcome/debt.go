package outcome

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// debt sums the promises that nothing answers, by currency.
func debt(p *Plan, outcomes *check.Names, asOf time.Time) ([]Debt, error) {
	var debts []Debt
	position := make(map[string]int)
	for i := range p.Promises {
		q := &p.Promises[i]
		if instant.Of(q.At).After(asOf) || p.answered(q, outcomes, asOf) {
			continue
		}
		wrong := func(what string) error {
			return &DataError{p.Account, fmt.Sprintf("plan %q at /promises/%d", p.ID, i), what}
		}
		micros := instant.Micros(asOf) - instant.Micros(q.At)
		if micros > math.MaxInt64/int64(time.Microsecond) {
			return nil, wrong("is older than 292 years")
		}
		at, there := position[q.Currency]
		if !there {
			at = len(debts)
			position[q.Currency] = at
			debts = append(debts, Debt{Currency: q.Currency})
		}
		d := &debts[at]
		d.Amount = d.Amount.Add(q.Amount)
		d.Oldest = max(d.Oldest, Duration(micros)*Duration(time.Microsecond))
		d.Promises = append(d.Promises, q.ID)
		if err := amount.Check(d.Amount); err != nil {
			return nil, wrong(fmt.Sprintf("the debt in %s %v", q.Currency, err))
		}
	}
	slices.SortFunc(debts, func(a, b Debt) int { return cmp.Compare(a.Currency, b.Currency) })
	return debts, nil
}

// answered reports whether a promise is no debt: it was kept, waived, or an outcome that can still be reached takes it up.
func (p *Plan) answered(q *Promise, outcomes *check.Names, asOf time.Time) bool {
	if q.Evidence != "" || q.Waived != nil && !instant.Of(q.Waived.At).After(asOf) {
		return true
	}
	return slices.ContainsFunc(q.Answers, func(id string) bool {
		i, there := outcomes.Index(id)
		return there && p.Outcomes[i].State != Missed && p.Outcomes[i].State != Abandoned
	})
}

// gap returns the outcomes that were agreed, are due by the renewal and are not delivered.
func gap(p *Plan, progress []Progress) []string {
	var ids []string
	renewal := instant.Of(p.Renewal)
	for i := range p.Outcomes {
		o, r := &p.Outcomes[i], &progress[i]
		switch {
		case renewal.IsZero() || !r.Timed || instant.Of(o.Target.Due).After(renewal):
		case o.State == Draft || o.State == Abandoned:
		case o.State == Achieved && !r.Lost:
		case r.Known && o.Target.reached(r.Value):
		default:
			ids = append(ids, o.ID)
		}
	}
	return ids
}
