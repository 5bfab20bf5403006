package analysis

import (
	"math"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// annual is a contract's amount a year. A term's is its amount over its length in years of 365.25 days, which is rounded
// where that makes it a quarter, a half, three quarters or whole years.
func annual(c book.Contract) decimal.Decimal {
	switch c.Per {
	case "year":
		return c.Amount
	case "term":
		days := int64(c.To.Sub(c.From) / day)
		if days <= 0 {
			return decimal.Decimal{}
		}
		switch hundredths := int64(math.Round(float64(days) / 3.6525)); hundredths {
		case 25, 50, 75, 100, 200, 300, 400, 500, 600:
			return c.Amount.Mul(decimal.NewFromInt(100)).DivRound(decimal.NewFromInt(hundredths), 12)
		}
		return c.Amount.Mul(decimal.New(36525, -2)).DivRound(decimal.NewFromInt(days), 12)
	}
	return c.Amount.Mul(decimal.NewFromInt(12))
}

// monthly is a contract's amount a month.
func monthly(c book.Contract) decimal.Decimal {
	if c.Per == "month" {
		return c.Amount
	}
	return annual(c).DivRound(decimal.NewFromInt(12), 6)
}

// runs says whether a contract runs as of an instant. One without dates always does.
func runs(c book.Contract, asOf time.Time) bool {
	return !c.From.After(asOf) && (c.To.IsZero() || c.To.After(asOf))
}

// recurring is the recurring revenue a month as of an instant, in one currency, and how many contracts run. It is whole
// if all of them are in that currency: amounts in others are in no sum.
func recurring(a *book.Account, asOf time.Time, currency string) (sum decimal.Decimal, running int, whole bool) {
	whole = true
	for _, c := range a.Contracts {
		if !runs(c, asOf) {
			continue
		}
		running++
		if c.Currency == currency {
			sum = sum.Add(monthly(c))
		} else {
			whole = false
		}
	}
	return sum, running, whole
}

// renewal is when the contract that runs as of an instant ends; zero where that is not known.
func renewal(a *book.Account, asOf time.Time) time.Time {
	var end time.Time
	for _, c := range a.Contracts {
		if runs(c, asOf) && c.To.After(end) {
			end = c.To
		}
	}
	return end
}

func (f *facts) contracts() {
	a := f.account
	begun, last := 0, -1
	for i, c := range a.Contracts {
		if !c.From.After(f.asOf) {
			begun, last = begun+1, i
		}
	}
	if last < 0 { // before the first contract that is known, nothing is known of any
		return
	}
	sum, running, whole := recurring(a, f.asOf, f.money)
	if whole {
		m := sum.InexactFloat64()
		f.derived("monthly", m)
		f.derived("annual", 12*m)
	}
	f.derived("contracts", float64(running))
	c := a.Contracts[last]
	if c.Term != "" {
		f.add(fact{name: "contract_term", text: c.Term})
		if months, ok := map[string]float64{"month-to-month": 1, "one year": 12, "two year": 24, "three year": 36}[c.Term]; ok {
			f.derived("commitment_months", months)
		}
	}
	if end := renewal(a, f.asOf); !end.IsZero() {
		f.derived("days_to_renewal", float64(end.Sub(f.asOf)/day))
	}
	if c.From.IsZero() {
		return
	}
	f.derived("renewals", float64(begun-1))
	f.derived("commitment_months", math.Round(float64(c.To.Sub(c.From)/day)/30.4375))
	before := f.asOf.AddDate(-1, 0, 0)
	if was, _, all := recurring(a, before, f.money); whole && all && was.IsPositive() {
		change, _ := sum.Sub(was).DivRound(was, 6).Float64()
		f.derived("revenue_change_12m", change)
	}
	if begun > 1 {
		gap := c.From.Sub(a.Contracts[last-1].To) / day
		f.derived("gap_days", math.Max(float64(gap), 0))
	}
	if seats, was := seatsAt(a, f.asOf), seatsAt(a, before); seats > 0 {
		f.derived("seats", seats)
		if was > 0 {
			f.derived("seat_change_12m", seats/was-1)
		}
	}
}

func seatsAt(a *book.Account, asOf time.Time) (seats float64) {
	for _, c := range a.Contracts {
		if runs(c, asOf) {
			seats += c.Seats
		}
	}
	return seats
}
