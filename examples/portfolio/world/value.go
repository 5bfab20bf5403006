package world

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// potential is a multiple of what is paid in a year.
var potential = deciles{1.2, 1.6, 1.9, 2.2, 2.5, 2.8, 3.2, 3.7, 4.3, 5.2, 8}

// annual is what the account pays in a year, by its last contract.
func (l *life) annual() decimal.Decimal {
	c := l.account.Contracts[len(l.account.Contracts)-1]
	return c.Amount.Mul(decimal.NewFromInt(int64(12 / l.term.months())))
}

// value makes the quantities that realized value is made of, each half year from first value on. One account in five
// has none of them.
func (l *life) value() {
	d := l.dice(ofValue)
	from := l.valued.Add(30 * day)
	if from.Before(begin) {
		from = begin.Add(time.Duration(d.between(10, 180)) * day)
	}
	some, incidents, revenue := d.chance(0.8), d.chance(0.75), d.chance(0.35)
	rate := int64(d.between(35, 80))
	cost := int64(d.between(5, 40)) * 100
	for at := from; some && at.Before(l.end); at = at.Add(182 * day) {
		health := l.at(at)
		users := int64(l.seatsAt(at) * clamp(0.48+float64(0.15*health), 0.01, 0.98))
		saved := int64(clamp(45+float64(15*health)+float64(8*d.bell()), 0, 120)) // tenths of an hour a month
		l.quantity(at, "users", users, 0, "measured")
		l.quantity(at, "hours_saved_per_user", saved, -1, d.pick([]string{"vendor_claimed", "measured", "measured", "confirmed"}))
		l.quantity(at, "hourly_rate", rate, 0, "confirmed")
		l.quantity(at, "team_hours", 140*max(users, 1), 0, "measured")
		if incidents {
			l.quantity(at, "incidents_avoided", int64(clamp(6+float64(3*health)+float64(3*d.bell()), 0, 40)), 0,
				d.pick([]string{"vendor_claimed", "measured", "corroborated"}))
			l.quantity(at, "incident_cost", cost, 0, "confirmed")
		}
		if revenue {
			l.quantity(at, "extra_revenue", l.annual().IntPart()*int64(d.between(10, 150))/100, 0,
				d.pick([]string{"vendor_claimed", "confirmed", "audited"}))
		}
	}
}

func (l *life) quantity(at time.Time, name string, digits int64, exp int32, evidence string) {
	l.account.Value = append(l.account.Value, book.Value{Quantity: name, At: at, Value: decimal.New(digits, exp), Evidence: evidence})
}

// levels makes what stands at each stage of the waterfall, in whole euros. What was adopted, told to the customer and
// felt is not known for all.
func (l *life) levels() {
	d := l.dice(ofLevels)
	health := l.at(l.end.Add(-day))
	level := int64(float64(float64(l.annual().IntPart()) * d.from(&potential)))
	top := level
	for _, s := range []struct {
		stage     string
		low, high int // percent of the stage before
		health    float64
		unknown   float64 // chance
	}{
		{"potential", 100, 100, 0, 0},
		{"sold", 60, 95, 0, 0},
		{"deployed", 70, 98, 0, 0},
		{"adopted", 45, 80, 12, 0.2},
		{"achieved", 60, 95, 5, 0},
		{"verified", 40, 90, 0, 0},
		{"communicated", 50, 95, 0, 0.4},
		{"felt", 50, 90, 5, 0.5},
	} {
		percent := clamp(float64(d.between(s.low, s.high))+float64(s.health*health), 5, 100)
		level = level * int64(percent) / 100
		if !d.chance(s.unknown) {
			l.account.Levels = append(l.account.Levels, book.Level{Stage: s.stage, Amount: decimal.New(level, 0)})
		}
		if s.stage == "achieved" {
			l.account.Truth.Leakage = decimal.New(top-level, 0)
		}
	}
}
