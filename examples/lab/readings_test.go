package lab_test

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

const day = 24 * time.Hour

// grace is how late a customer may renew and still count as kept.
const grace = 60 * day

// A shelf answers what was known of each account at an instant: a health.Source. Rows have no second date, so that each
// counts as known from its own on.
type shelf map[string]book.Account

// collected puts a book on the shelf.
func collected(b *book.Book) shelf {
	s := make(shelf)
	for a, err := range b.Accounts {
		if err != nil {
			panic(err)
		}
		s[a.ID] = a
	}
	return s
}

// Input gives every fact the date on which it was so: what is derived from contracts, that of asOf.
func (s shelf) Input(_ context.Context, account string, asOf, _ time.Time) (health.Input, bool, error) {
	a, ok := s[account]
	if !ok || a.Since.After(asOf) {
		return health.Input{}, false, nil
	}
	r := health.ReadingMap{}
	contracts(r, &a, asOf)
	usage(r, &a, asOf)
	survey(r, &a, asOf)
	outcomes(r, &a, asOf)
	return health.Input{Account: account, Since: a.Since, Readings: r}, true, nil
}

func contracts(r health.ReadingMap, a *book.Account, asOf time.Time) {
	begun, last := 0.0, book.Contract{}
	for _, c := range a.Contracts {
		if !c.From.After(asOf) {
			begun, last = begun+1, c
		}
	}
	if begun == 0 {
		return
	}
	r["tenure"] = health.Reading{Value: asOf.Sub(a.Since).Hours() / 24 / 365.25, At: asOf}
	r["renewals"] = health.Reading{Value: begun - 1, At: asOf}
	r["term"] = health.Reading{Value: last.To.Sub(last.From).Hours() / 24 / 365.25, At: asOf}
	now, before := paid(a, asOf), paid(a, asOf.AddDate(-1, 0, 0))
	if before > 0 {
		r["growth"] = health.Reading{Value: now/before - 1, At: asOf}
	}
}

// paid is the money a day that runs as of an instant. It is a statistic, and no sum to be billed.
func paid(a *book.Account, asOf time.Time) (sum float64) {
	for _, c := range a.Contracts {
		if !c.From.After(asOf) && c.To.After(asOf) {
			sum += atStake(c).InexactFloat64()
		}
	}
	return sum
}

// atStake is a contract's amount a year.
func atStake(c book.Contract) decimal.Decimal {
	switch c.Per {
	case "year":
		return c.Amount
	case "month":
		return c.Amount.Mul(decimal.NewFromInt(12))
	}
	days := max(int64(c.To.Sub(c.From)/day), 1)
	return c.Amount.Mul(decimal.NewFromInt(365)).DivRound(decimal.NewFromInt(days), 2)
}

// usage is the mean of the last four weeks.
func usage(r health.ReadingMap, a *book.Account, asOf time.Time) {
	type tally struct {
		sum, n float64
		at     time.Time
	}
	by := map[string]tally{}
	for _, u := range a.Usage {
		if u.State == "" && !u.At.After(asOf) && u.At.After(asOf.Add(-28*day)) {
			t := by[u.Feature]
			by[u.Feature] = tally{t.sum + u.Value, t.n + 1, u.At}
		}
	}
	if t := by["core_tasks"]; t.n > 0 {
		r["core_tasks"] = health.Reading{Value: t.sum / t.n, At: t.at}
	}
	seats := 0.0
	for _, c := range a.Contracts {
		if !c.From.After(asOf) && c.To.After(asOf) {
			seats += c.Seats
		}
	}
	if t := by["active_users"]; t.n > 0 && seats > 0 {
		r["active_share"] = health.Reading{Value: t.sum / t.n / seats, At: t.at}
	}
}

// survey is the mean answer of half a year.
func survey(r health.ReadingMap, a *book.Account, asOf time.Time) {
	sum, n, at := 0.0, 0.0, time.Time{}
	for _, s := range a.Surveys {
		if s.Instrument == "nps" && !s.At.After(asOf) && s.At.After(asOf.Add(-180*day)) {
			sum, n = sum+s.Score, n+1
			if s.At.After(at) {
				at = s.At
			}
		}
	}
	if n > 0 {
		r["nps"] = health.Reading{Value: sum / n, At: at}
	}
}

// outcomes is the share of the outcomes due so far that have been achieved.
func outcomes(r health.ReadingMap, a *book.Account, asOf time.Time) {
	achieved, due := 0.0, 0.0
	for _, o := range a.Outcomes {
		if o.Agreed.IsZero() || o.Agreed.After(asOf) || o.Due.After(asOf) {
			continue
		}
		due++
		if !o.Achieved.IsZero() && !o.Achieved.After(asOf) {
			achieved++
		}
	}
	if due > 0 {
		r["attainment"] = health.Reading{Value: achieved / due, At: asOf}
	}
}

// due lists the ends of contracts of 60 days or more whose grace is over. A customer is kept who pays for a time after
// the end that begins within the grace. Where another contract runs on, nothing was decided.
func due(b *book.Book) (out []backtest.Decision) {
	for a, err := range b.Accounts {
		if err != nil {
			panic(err)
		}
		for i, c := range a.Contracts {
			if c.To.Sub(c.From) < 60*day || c.To.Add(grace).After(b.AsOf) {
				continue
			}
			kept, runsOn := false, false
			for j, other := range a.Contracts {
				runsOn = runsOn || other.From.Before(c.To) && other.To.After(c.To) || other.To.Equal(c.To) && j < i
				kept = kept || j != i && !other.From.After(c.To.Add(grace)) && other.To.After(c.To)
			}
			if runsOn {
				continue
			}
			d := backtest.Decision{Account: a.ID, At: c.To, Lost: !kept, Tenure: "later years", Money: atStake(c), Currency: b.Currency}
			if c.To.Before(a.Since.AddDate(1, 0, 15)) {
				d.Tenure = "first year"
			}
			d.Rescued = kept && rescued(&a, c.To)
			out = append(out, d)
		}
	}
	return out
}

// rescued says whether a play was made for a renewal. Only a simulated account can say that it was what kept it.
func rescued(a *book.Account, renewal time.Time) bool {
	if a.Truth == nil || !a.Truth.Rescued {
		return false
	}
	for _, t := range a.Touches {
		if t.Touch == "save_play" && t.At.Before(renewal) && t.At.After(renewal.Add(-90*day)) {
			return true
		}
	}
	return false
}
