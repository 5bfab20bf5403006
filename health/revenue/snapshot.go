package revenue

import (
	"fmt"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

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

// Periods compares each snapshot with the one before; the first is compared with an empty one. Snapshots come in
// rising order of At. An account that leaves and returns between two has not moved, which in [Options] is MovesNet with
// ReturnsCohort and LogosNet. The error comes once, last: that of the source, or of a snapshot that is out of order, in
// another currency, has no instant, or has an account twice, a negative amount, or one that is out of bounds.
func Periods(snapshots iter.Seq2[Snapshot, error]) iter.Seq2[Period, error] {
	return func(yield func(Period, error) bool) {
		b := book{ever: make(map[string]bool)}
		for s, err := range snapshots {
			if err != nil {
				yield(Period{}, fmt.Errorf("revenue: compare snapshots: %w", err))
				return
			}
			p, err := b.compare(s)
			if err != nil {
				yield(Period{}, err)
				return
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// A book is the customers of a snapshot. The zero At is before the first.
type book struct {
	at       time.Time
	currency string
	accounts []string                   // customers, in the order of the snapshot
	revenue  map[string]decimal.Decimal // of customers
	ever     map[string]bool            // customers of any snapshot so far
	start    amount.Total
}

// follows checks that a snapshot can come next.
func (b *book) follows(s Snapshot) error {
	if err := instant.Given(s.At); err != nil {
		return fmt.Errorf("revenue: compare snapshots: instant %w", err)
	}
	day := s.At.Format(time.DateOnly)
	if _, ok := amount.Minor(s.Currency); !ok {
		return fmt.Errorf("revenue: snapshot of %s: currency %q is not in ISO 4217", day, s.Currency)
	}
	if b.at.IsZero() {
		return nil
	}
	if !s.At.After(b.at) {
		return fmt.Errorf("revenue: snapshot of %s is not after that of %s", day, b.at.Format(time.DateOnly))
	}
	if s.Currency != b.currency {
		return fmt.Errorf("revenue: snapshot of %s is in %s, the one before in %s", day, s.Currency, b.currency)
	}
	return nil
}

// compare returns what happened until a snapshot, which it then holds.
func (b *book) compare(s Snapshot) (Period, error) {
	if err := b.follows(s); err != nil {
		return Period{}, err
	}
	p := Period{From: b.at, To: s.At, Currency: s.Currency,
		Options: Options{Returns: ReturnsCohort, GRR: GRREndState, Logos: LogosNet, Prices: PricesIn, Moves: MovesNet, Free: FreeApart}}
	var sums cell
	note := func(account string, end decimal.Decimal) {
		start, before := b.revenue[account]
		places := max(-start.Exponent(), -end.Exponent(), 0)
		c := course{start: sizeOf(start, places), end: sizeOf(end, places), before: before, after: !end.IsZero(), ever: b.ever[account]}
		c.net()
		sums.add(&c, places, &p.Options)
	}
	var accounts []string
	now := make(map[string]decimal.Decimal, len(s.Balances))
	seen := make(map[string]bool, len(s.Balances))
	for _, x := range s.Balances {
		err := ident.Check(x.Account)
		if err == nil {
			err = checkAmount(x.Amount)
		}
		if err != nil {
			return p, &DataError{Account: x.Account, Field: "snapshot of " + s.At.Format(time.DateOnly), Message: err.Error()}
		}
		if seen[x.Account] {
			return p, &DataError{Account: x.Account, Message: "is there twice on " + s.At.Format(time.DateOnly)}
		}
		seen[x.Account] = true
		if x.Amount.IsZero() {
			continue
		}
		note(x.Account, x.Amount)
		now[x.Account] = x.Amount
		b.ever[x.Account] = true
		accounts = append(accounts, x.Account)
	}
	for _, account := range b.accounts {
		if _, stays := now[account]; !stays {
			note(account, decimal.Decimal{})
		}
	}
	b.start, _ = sums.fill(&p, b.start, int64(len(b.accounts)))
	b.at, b.currency, b.accounts, b.revenue = s.At, s.Currency, accounts, now
	return p, nil
}
