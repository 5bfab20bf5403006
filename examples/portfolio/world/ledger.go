package world

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// posts are how each benefit of the ladder is booked: three months of its formula, over the quantities of the account,
// in units of 10⁻⁴ and in cents.
var posts = [...]struct {
	benefit  string
	evidence []string
	formula  func(q quantities, percent int64) (units, cents int64)
}{
	{"time saved", []string{"measured", "measured", "corroborated", "confirmed"}, func(q quantities, percent int64) (int64, int64) {
		units := q["hours_saved_per_user"] * q["users"] * 3 * 60 * percent / 10 // hours are in tenths; 0.6 of them are ours
		return units, units * q["hourly_rate"] * 4 / 1000                       // 0.4 becomes money
	}},
	{"incidents avoided", []string{"vendor_claimed", "measured", "corroborated"}, func(q quantities, percent int64) (int64, int64) {
		return 0, q["incidents_avoided"] * q["incident_cost"] * 50 * percent / 400 // 0.5 of them are ours, a quarter of a year's
	}},
	{"revenue won", []string{"confirmed", "audited"}, func(q quantities, percent int64) (int64, int64) {
		return 0, q["extra_revenue"] * 6 * percent / 400 // 0.2 of it is ours, 0.3 of that margin, a quarter of a year's
	}},
}

// quantities are the digits of an account's latest values by name.
type quantities map[string]int64

// ledger books value for seven accounts in ten that have any: at the end of each quarter what the customer signs of it,
// 60 to 100 percent of what the formula says. One entry in fifteen was wrong and is taken back; half of those are booked
// anew for less.
func (l *life) ledger() {
	d := l.dice(ofLedger)
	if !d.chance(0.7) {
		return
	}
	values := l.account.Value
	q := make(quantities)
	for from := begin; from.Before(asOf); from = from.AddDate(0, 3, 0) {
		to := from.AddDate(0, 3, 0)
		at := to.Add(time.Duration(d.between(3, 25)) * day)
		if to.Equal(asOf) {
			at = to // on the last day, so that the year is whole
		}
		for ; len(values) > 0 && !values[0].At.After(at); values = values[1:] {
			q[values[0].Quantity] = values[0].Value.Coefficient().Int64()
		}
		if at.After(l.end) || l.valued.After(from) {
			continue
		}
		for _, p := range posts {
			l.post(&d, book.Entry{Benefit: p.benefit, From: from, To: to, Currency: "EUR", Evidence: d.pick(p.evidence), Recorded: at}, p.formula, q)
		}
	}
}

// post books what a formula gives, if anything, and sees to its being wrong.
func (l *life) post(d *dice, e book.Entry, formula func(quantities, int64) (units, cents int64), q quantities) {
	percent := int64(d.between(60, 100))
	wrong, later, anew, less := d.chance(1.0/15), d.between(20, 120), d.chance(0.5), int64(d.between(30, 80))
	units, cents := formula(q, percent)
	if cents <= 0 {
		return
	}
	a := &l.account
	put := func(units, cents int64) {
		e.ID = "e" + strconv.Itoa(len(a.Ledger)+1)
		e.Units, e.Amount = decimal.New(units, -4), decimal.New(cents, -2)
		a.Ledger = append(a.Ledger, e)
		if e.Reversed.IsZero() {
			a.Truth.Booked = a.Truth.Booked.Add(e.Amount)
		}
	}
	if at := e.Recorded.Add(time.Duration(later) * day); wrong && !at.After(l.end) {
		e.Reversed = at
		put(units, cents)
		if e.Recorded, e.Reversed = at, (time.Time{}); !anew {
			return
		}
		units, cents = formula(q, percent*less/100)
	}
	put(units, cents)
}
