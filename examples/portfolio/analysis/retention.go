package analysis

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// periods lays out the year ends between the first contract and AsOf.
func (c *collector) periods() {
	first := c.book.AsOf
	for a, err := range c.book.Accounts {
		if err != nil || c.book.Kind == book.Simulated {
			break
		}
		for _, k := range a.Contracts {
			if !k.From.IsZero() && k.From.Before(first) {
				first = k.From
			}
		}
	}
	if c.book.Kind == book.Simulated {
		first = c.book.AsOf.AddDate(-2, 0, 0).Add(-day) // the world's history begins two years ago
	}
	for at := time.Date(first.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(c.book.AsOf); at = at.AddDate(1, 0, 0) {
		c.snapshots = append(c.snapshots, revenue.Snapshot{At: at, Currency: c.book.Currency})
	}
	c.snapshots = append(c.snapshots, revenue.Snapshot{At: c.book.AsOf, Currency: c.book.Currency})
}

// revenue adds an account's recurring revenue at each year end: contracts that ran on the day before.
func (c *collector) revenue(a *book.Account) {
	for i := range c.snapshots {
		s := &c.snapshots[i]
		var sum decimal.Decimal
		for _, k := range a.Contracts {
			if k.Currency == s.Currency && k.From.Before(s.At) && (k.To.IsZero() || !k.To.Before(s.At)) {
				sum = sum.Add(annual(k))
			}
		}
		if sum.IsPositive() {
			s.Balances = append(s.Balances, revenue.Balance{Account: a.ID, Amount: sum})
		}
	}
}

func (c *collector) retention() ([]RetentionRow, error) {
	if len(c.snapshots) == 0 || c.book.Currency == "" {
		return nil, nil
	}
	var rows []RetentionRow
	var err error
	for p, e := range revenue.Periods(func(yield func(revenue.Snapshot, error) bool) {
		for _, s := range c.snapshots {
			if !yield(s, nil) {
				return
			}
		}
	}) {
		if err = e; err != nil {
			return nil, fmt.Errorf("revenue: %w", err)
		}
		row := RetentionRow{Period: fmt.Sprint(p.To.Add(-day).Year()), Start: p.Start, New: p.New, Reactivation: p.Reactivation, Expansion: p.Expansion,
			Contraction: p.Contraction, Churn: p.Churn, End: p.End, NRR: p.NRR, GRR: p.GRR, Customers: p.Customers, Lost: p.Lost,
			Partial: p.To.YearDay() != 1}
		if c.book.Kind == book.Simulated && len(rows) == 0 && p.From.IsZero() {
			row.Period = "before " + fmt.Sprint(p.To.Year())
		}
		rows = append(rows, row)
	}
	return rows, nil
}
