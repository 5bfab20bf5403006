package world

import (
	"math"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// A renewal is the end of a contract, and what came of it.
type renewal struct {
	at      time.Time
	months  int     // that the contract ran
	hazard  float64 // chance to leave within a year, as it stood then, without a play
	play    bool    // a play was made RescueBefore days earlier
	left    bool
	rescued bool
	grew    bool // seats were added
}

// seatPrice is in cents for a seat and month.
var seatPrice = deciles{900, 1300, 1600, 1850, 2100, 2350, 2600, 2950, 3400, 4100, 6500}

// hazard is the chance of an account to leave within a year, by its hidden health.
func hazard(health float64) float64 {
	x := float64(-2.2 * (health + 0.9))
	return 0.02 + float64(0.75*(0.5+x/(2*math.Sqrt(1+float64(x*x)))))
}

// months between two renewals.
func (t term) months() int { return [...]int{monthly: 1, quarterly: 3, yearly: 12}[t] }

// contracts makes the contract that runs when the history begins, or the first one, and those that follow until
// the account leaves. The first contract of an account that pays by the month runs for three months.
func (l *life) contracts() {
	d := l.dice(ofContracts)
	a := &l.account
	price, count := int(d.from(&seatPrice)), int(a.Seats)
	from, age := l.since, 0 // age in whole months
	if from.Before(begin) {
		age = (begin.Year()-from.Year())*12 + int(begin.Month()-from.Month())
		if from.Day() > 1 {
			age--
		}
		age -= age % l.term.months()
		from = from.AddDate(0, age, 0)
	}
	switch annual := 12 * price * count; {
	case annual >= 100_000_00:
		l.tier = enterprise
	case annual >= 20_000_00:
		l.tier = growth
	}
	a.Left = book.Left{Known: true}
	for number := 1; ; number++ {
		months := l.term.months()
		if l.term == monthly && age == 0 {
			months = 3
		}
		age += months
		to := from.AddDate(0, months, 0)
		a.Contracts = append(a.Contracts, l.contract(number, from, to, price*count, float64(count)))
		if to.After(asOf) {
			break
		}
		r := l.renew(&d, to, months)
		if !r.left && (l.term != monthly || age%12 == 0) {
			now := l.resize(&d, r, count)
			r.grew, count = now > count, now
			if l.term == yearly {
				price += price * 3 / 100
			}
		}
		l.renewals = append(l.renewals, r)
		if r.left {
			l.end = to
			a.Left.Left, a.Left.At = true, to
			break
		}
		from = to
	}
	a.Seats = float64(count)
}

func (l *life) contract(number int, from, to time.Time, cents int, seats float64) book.Contract {
	c := book.Contract{ID: "c" + strconv.Itoa(number), From: from, To: to, Currency: "EUR", Seats: seats}
	switch l.term {
	case yearly:
		c.Term, c.Per, cents = "one year", "year", 12*cents
	case quarterly:
		c.Term, c.Per, cents = "quarter", "term", 3*cents
	default:
		c.Term, c.Per = "month-to-month", "month"
	}
	c.Amount = decimal.New(int64(cents), -2)
	return c
}

// renew decides whether the account stays. Plays are made where hidden health is weak and people serve the account.
func (l *life) renew(d *dice, at time.Time, months int) renewal {
	r := renewal{at: at, months: months, hazard: hazard(l.at(at))}
	if l.trained {
		r.hazard = float64(r.hazard * TrainedLeaving)
	}
	earlier := at.Add(-RescueBefore * day)
	r.play = l.term != monthly && l.tier != tech && !earlier.Before(l.seen) && l.at(earlier) < -0.5 && d.chance(0.6)
	r.left = d.chance(float64(r.hazard*float64(months)) / 12)
	if r.left && r.play && d.chance(RescueShare) {
		r.left, r.rescued = false, true
		for w := int(at.Sub(begin) / (7 * day)); w < weeks; w++ {
			l.health[w] += 0.8
		}
	}
	return r
}

// resize is the number of seats from a renewal on: more for those who are well, fewer for the others and the rescued.
func (l *life) resize(d *dice, r renewal, count int) int {
	change := clamp(0.04+float64(0.05*l.at(r.at))+float64(0.1*d.bell()), -0.3, 0.5)
	if l.term == quarterly {
		change /= 3
	}
	if r.rescued {
		change = -0.15
	}
	return max(int(float64(float64(count)*(1+change))+0.5), 3)
}

// seatsAt is how many seats are paid for at an instant.
func (l *life) seatsAt(at time.Time) float64 {
	for _, c := range l.account.Contracts {
		if at.Before(c.To) {
			return c.Seats
		}
	}
	return l.account.Seats
}
