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
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
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

// MarshalJSON returns the canonical encoding.
func (p Period) MarshalJSON() ([]byte, error) {
	type plain Period
	return canon.JSON(plain(p))
}

// Periods compares each snapshot with the one before; the first is compared with an empty one. Snapshots come in
// rising order of At. The error comes once, last: that of the source, or of a snapshot that is out of order, in another
// currency, has no instant, or has an account twice, a negative amount, or one that is out of bounds.
func Periods(snapshots iter.Seq2[Snapshot, error]) iter.Seq2[Period, error] {
	return func(yield func(Period, error) bool) {
		prev := cohort{ever: make(map[string]bool)}
		for s, err := range snapshots {
			if err != nil {
				yield(Period{}, fmt.Errorf("revenue: compare snapshots: %w", err))
				return
			}
			if err := prev.follows(s); err != nil {
				yield(Period{}, err)
				return
			}
			p, next, err := prev.compare(s)
			if err != nil {
				yield(Period{}, err)
				return
			}
			if !yield(p, nil) {
				return
			}
			prev = next
		}
	}
}

// A cohort is the customers of a snapshot. The zero At is before the first.
type cohort struct {
	at       time.Time
	currency string
	accounts []string                   // customers, in the order of the snapshot
	revenue  map[string]decimal.Decimal // of customers
	ever     map[string]bool            // customers of any snapshot so far
}

// follows checks that a snapshot can come next.
func (c cohort) follows(s Snapshot) error {
	if err := instant.Given(s.At); err != nil {
		return fmt.Errorf("revenue: compare snapshots: instant %w", err)
	}
	day := s.At.Format(time.DateOnly)
	if _, ok := amount.Minor(s.Currency); !ok {
		return fmt.Errorf("revenue: snapshot of %s: currency %q is not in ISO 4217", day, s.Currency)
	}
	if c.at.IsZero() {
		return nil
	}
	if !s.At.After(c.at) {
		return fmt.Errorf("revenue: snapshot of %s is not after that of %s", day, c.at.Format(time.DateOnly))
	}
	if s.Currency != c.currency {
		return fmt.Errorf("revenue: snapshot of %s is in %s, the one before in %s", day, s.Currency, c.currency)
	}
	return nil
}

// compare returns what happened until a snapshot, and its customers. It adds them to ever.
func (c cohort) compare(s Snapshot) (Period, cohort, error) {
	p := Period{From: c.at, To: s.At, Currency: s.Currency, Cohort: len(c.accounts)}
	now := cohort{at: s.At, currency: s.Currency, revenue: make(map[string]decimal.Decimal, len(s.Balances)), ever: c.ever}
	seen := make(map[string]bool, len(s.Balances))
	var kept, capped decimal.Decimal
	for _, b := range s.Balances {
		if err := check(b); err == nil && seen[b.Account] {
			return p, now, fmt.Errorf("revenue: account %q: is there twice on %s", b.Account, s.At.Format(time.DateOnly))
		} else if err != nil {
			return p, now, fmt.Errorf("revenue: account %q: %w", b.Account, err)
		}
		seen[b.Account] = true
		if b.Amount.IsZero() {
			continue
		}
		now.accounts = append(now.accounts, b.Account)
		now.revenue[b.Account] = b.Amount
		p.End = p.End.Add(b.Amount)
		p.Customers++
		before, customer := c.revenue[b.Account]
		change := b.Amount.Sub(before)
		switch {
		case !customer && c.ever[b.Account]:
			p.Reactivation = p.Reactivation.Add(b.Amount)
			p.Reactivated++
		case !customer:
			p.New = p.New.Add(b.Amount)
			p.Gained++
			c.ever[b.Account] = true
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
	for _, account := range c.accounts {
		before := c.revenue[account]
		p.Start = p.Start.Add(before)
		if _, stays := now.revenue[account]; !stays {
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
