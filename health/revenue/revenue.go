// Package revenue compares recurring revenue between instants: movements, net and gross revenue retention, churn.
//
// # Conventions
//
// A customer is an account with recurring revenue above zero. Retention is that of a closed cohort: the customers at
// the start of a period, so that new and reactivated revenue are in neither ratio. Both instants are snapshots: an
// account that leaves and returns between them has not moved.
//
//	NRR = revenue at the end of the cohort / its revenue at the start
//	GRR = the same with each account capped at its own start, so never above 1 (end-state formula)
//	quick ratio = (new + reactivation + expansion) / (contraction + churn)
//	logo churn = customers lost / customers at the start
//
// For every period Start + New + Reactivation + Expansion - Contraction - Churn = End, exactly. A ratio without a
// denominator is undefined, which is nil, never 0 or infinite. Ratios are rounded half to even to 12 places.
//
// # Concurrency
//
// The functions are pure; a sequence that they return may be ranged over as often as its source may.
package revenue

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// RatioPlaces is the number of decimal places of a ratio.
const RatioPlaces = 12

// A Balance is an account's recurring revenue at an instant: zero, or absent, when it is no customer.
type Balance struct {
	Account string
	Amount  decimal.Decimal // of the snapshot's currency, not negative
}

// A Snapshot is the recurring revenue of all accounts at an instant, in one currency and one unit (a month or a year).
type Snapshot struct {
	At       time.Time
	Currency string // ISO 4217
	Balances []Balance
}

// A Period is what happened to recurring revenue between two snapshots.
type Period struct {
	From         time.Time       `json:"from"`
	To           time.Time       `json:"to"`
	Currency     string          `json:"currency"`
	Start        decimal.Decimal `json:"start"`        // recurring revenue, of Currency, like all amounts here
	New          decimal.Decimal `json:"new"`          // of accounts never a customer in an earlier snapshot
	Reactivation decimal.Decimal `json:"reactivation"` // of customers in an earlier snapshot, not at the start
	Expansion    decimal.Decimal `json:"expansion"`    // not negative
	Contraction  decimal.Decimal `json:"contraction"`  // not negative
	Churn        decimal.Decimal `json:"churn"`        // not negative
	End          decimal.Decimal `json:"end"`          // Start plus and minus the movements, exactly

	Customers   int `json:"customers"`   // at the end
	Cohort      int `json:"cohort"`      // customers at the start
	Lost        int `json:"lost"`        // of the cohort
	Gained      int `json:"gained"`      // new
	Reactivated int `json:"reactivated"` // came back

	NRR        *decimal.Decimal `json:"nrr"`         // share, 0 or more; nil: undefined, as below
	GRR        *decimal.Decimal `json:"grr"`         // share, 0 to 1
	QuickRatio *decimal.Decimal `json:"quick_ratio"` // 0 or more
	LogoChurn  *decimal.Decimal `json:"logo_churn"`  // share, 0 to 1
}

// Periods compares each snapshot with the one before; the first is compared with an empty one. Snapshots come in
// rising order of At. The error comes once, last: that of the source, or of a snapshot that is out of order, in another
// currency, or has an account twice, a negative amount, or one that is out of bounds.
func Periods(snapshots iter.Seq2[Snapshot, error]) iter.Seq2[Period, error] {
	return func(yield func(Period, error) bool) {
		var prev Snapshot
		held := map[string]decimal.Decimal{} // revenue at prev
		ever := map[string]bool{}            // customers of any snapshot so far
		for s, err := range snapshots {
			if err == nil {
				err = inOrder(prev, s)
			}
			if err != nil {
				yield(Period{}, err)
				return
			}
			p, now, err := compare(prev, s, held, ever)
			if err != nil {
				yield(Period{}, err)
				return
			}
			if !yield(p, nil) {
				return
			}
			prev, held = s, now
		}
	}
}

func inOrder(prev, s Snapshot) error {
	if _, ok := amount.Minor(s.Currency); !ok {
		return fmt.Errorf("revenue: snapshot of %s: currency %q is not in ISO 4217", s.At.Format(time.DateOnly), s.Currency)
	}
	if prev.At.IsZero() {
		return nil
	}
	if !s.At.After(prev.At) {
		return fmt.Errorf("revenue: snapshot of %s is not after that of %s", s.At.Format(time.DateOnly), prev.At.Format(time.DateOnly))
	}
	if s.Currency != prev.Currency {
		return fmt.Errorf("revenue: snapshot of %s is in %s, the one before in %s", s.At.Format(time.DateOnly), s.Currency, prev.Currency)
	}
	return nil
}

// compare adds the customers of s to ever and returns their revenue.
func compare(prev, s Snapshot, held map[string]decimal.Decimal, ever map[string]bool) (Period, map[string]decimal.Decimal, error) {
	p := Period{From: prev.At, To: s.At, Currency: s.Currency, Cohort: len(held)}
	now := make(map[string]decimal.Decimal, len(s.Balances))
	seen := make(map[string]bool, len(s.Balances))
	var kept, capped decimal.Decimal
	for _, b := range s.Balances {
		if err := check(b); err == nil && seen[b.Account] {
			return p, nil, fmt.Errorf("revenue: account %q: is there twice on %s", b.Account, s.At.Format(time.DateOnly))
		} else if err != nil {
			return p, nil, fmt.Errorf("revenue: account %q: %w", b.Account, err)
		}
		seen[b.Account] = true
		if b.Amount.IsZero() {
			continue
		}
		now[b.Account] = b.Amount
		p.End = p.End.Add(b.Amount)
		p.Customers++
		before, customer := held[b.Account]
		change := b.Amount.Sub(before)
		switch {
		case !customer && ever[b.Account]:
			p.Reactivation = p.Reactivation.Add(b.Amount)
			p.Reactivated++
		case !customer:
			p.New = p.New.Add(b.Amount)
			p.Gained++
			ever[b.Account] = true
		case change.IsNegative():
			p.Contraction = p.Contraction.Sub(change)
		default:
			p.Expansion = p.Expansion.Add(change)
		}
		if customer {
			kept = kept.Add(b.Amount)
			capped = capped.Add(decimal.Min(before, b.Amount))
		}
	}
	for _, b := range prev.Balances {
		before, customer := held[b.Account]
		if !customer {
			continue
		}
		p.Start = p.Start.Add(before)
		if _, stays := now[b.Account]; !stays {
			p.Churn = p.Churn.Add(before)
			p.Lost++
		}
	}
	p.NRR = ratio(kept, p.Start)
	p.GRR = ratio(capped, p.Start)
	p.QuickRatio = ratio(p.New.Add(p.Reactivation).Add(p.Expansion), p.Contraction.Add(p.Churn))
	p.LogoChurn = ratio(decimal.NewFromInt(int64(p.Lost)), decimal.NewFromInt(int64(p.Cohort)))
	return p, now, nil
}

func check(b Balance) error {
	if err := ident.Check(b.Account); err != nil {
		return err
	}
	if err := amount.Check(b.Amount); err != nil {
		return err
	}
	if b.Amount.IsNegative() {
		return errors.New("recurring revenue is negative")
	}
	return nil
}

// ratio is undefined without a denominator.
func ratio(numerator, denominator decimal.Decimal) *decimal.Decimal {
	if denominator.IsZero() {
		return nil
	}
	q, r := numerator.QuoRem(denominator, RatioPlaces)
	twice := r.Abs().Mul(decimal.NewFromInt(2)).Cmp(denominator.Abs())
	odd := !q.Shift(RatioPlaces).Mod(decimal.NewFromInt(2)).IsZero()
	if twice > 0 || twice == 0 && odd {
		step := decimal.New(1, -RatioPlaces)
		if numerator.Sign()*denominator.Sign() < 0 {
			step = step.Neg()
		}
		q = q.Add(step)
	}
	return &q
}
