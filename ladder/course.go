package ladder

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Accrual is money that comes or goes evenly over [From, To), or at once.
type Accrual struct {
	From   time.Time       `json:"from"`
	To     time.Time       `json:"to,omitzero"` // zero: all of it at From
	Amount decimal.Decimal `json:"amount"`      // of the ladder's currency
}

// Accrual returns the entry's amount over its period. That of a reversal takes its entry's back at every instant.
func (e Entry) Accrual() Accrual { return Accrual{From: e.From, To: e.To, Amount: e.Amount} }

// A Course sets cumulative value against cumulative spend over the days of a contract, and is the clock of its value.
// Its JSON is canonical.
//
// What has accrued of each amount is rounded once, half to even, to the minor unit; sums are exact, and lie on straight
// lines between Points.
type Course struct {
	Account   string          `json:"account"`
	Start     time.Time       `json:"start"` // of the contract
	AsOf      time.Time       `json:"as_of"`
	Ladder    string          `json:"ladder"` // name
	Digest    Digest          `json:"digest"` // of the ladder
	Currency  string          `json:"currency"`
	Day       int64           `json:"day"`        // of the contract at AsOf, each of 24 h; its first is 0
	Value     decimal.Decimal `json:"value"`      // had up to AsOf, money
	Spend     decimal.Decimal `json:"spend"`      // spent up to AsOf, money
	PerDay    decimal.Decimal `json:"per_day"`    // what comes evenly at AsOf, money in 24 h, rounded half to even to the minor unit
	BreakEven *time.Time      `json:"break_even"` // the first instant from the first spend on at which value is not below spend, rounded up; after AsOf it is expected; nil: never
	Dips      bool            `json:"dips"`       // after BreakEven value falls below spend again
	Points    []Point         `json:"points"`     // in order of time; two of one instant where something comes at once
}

// MarshalJSON returns the canonical encoding.
func (c Course) MarshalJSON() ([]byte, error) {
	type plain Course
	return canon.JSON(plain(c))
}

// A Point is what has come and gone up to an instant.
type Point struct {
	At    time.Time       `json:"at"`
	Day   int64           `json:"day"`   // of the contract; negative before it
	Value decimal.Decimal `json:"value"` // money
	Spend decimal.Decimal `json:"spend"` // money
}

func (p *Point) net() decimal.Decimal { return p.Value.Sub(p.Spend) }

// Course states value against spend over all that is given, as of an instant. What lies after asOf is what is planned.
//
// Course returns an error if (each a *DataError) the account's ID is not one; start, asOf or the From of an accrual is
// zero or beyond the year 9999; there are over 1200 accruals on a side; or one does not end after its beginning, is out
// of bounds, or is a spend below zero.
func (m *Model) Course(account string, start time.Time, value, spend []Accrual, asOf time.Time) (Course, error) {
	if err := ident.Check(account); err != nil {
		return Course{}, &DataError{account, "account", err.Error()}
	}
	for _, given := range []struct {
		field string
		at    time.Time
	}{{"start", start}, {"as of", asOf}} {
		if err := instant.Given(given.at); err != nil {
			return Course{}, &DataError{account, given.field, err.Error()}
		}
	}
	t := timeline{start: instant.Of(start), places: m.places}
	var err error
	if t.value, err = accruals(account, "value", value, free); err != nil {
		return Course{}, err
	}
	if t.spend, err = accruals(account, "spend", spend, count); err != nil {
		return Course{}, err
	}
	c := Course{
		Account: account, Start: t.start, AsOf: instant.Of(asOf),
		Ladder: m.def.Name, Digest: m.digest, Currency: m.def.Currency,
	}
	now := t.at(c.AsOf, true)
	c.Day, c.Value, c.Spend, c.PerDay = now.Day, now.Value, now.Spend, t.pace(c.AsOf)
	c.Points = t.points()
	c.breakEven()
	if err := c.bounded(); err != nil {
		return Course{}, err
	}
	return c, nil
}

// accruals checks those of one side.
func accruals(account, side string, list []Accrual, within bound) ([]Accrual, error) {
	if len(list) > maxFlows {
		return nil, &DataError{account, side, fmt.Sprintf("has %d accruals, over %d", len(list), maxFlows)}
	}
	list = slices.Clone(list)
	for i := range list {
		a := &list[i]
		wrong := within.refusal(a.Amount)
		if err := instant.Given(a.From); err != nil {
			wrong = "from: " + err.Error()
		} else if err := instant.Check(a.To); err != nil {
			wrong = "to: " + err.Error()
		}
		if a.From, a.To = instant.Of(a.From), instant.Of(a.To); wrong == "" && !a.To.IsZero() && !a.From.Before(a.To) {
			wrong = "does not end after its beginning"
		}
		if wrong != "" {
			return nil, &DataError{account, fmt.Sprintf("%s %d", side, i), wrong}
		}
	}
	return list, nil
}

// A timeline sums accruals up to an instant.
type timeline struct {
	start        time.Time
	places       int32
	value, spend []Accrual
}

// at returns what has come and gone up to an instant. What comes at once then counts if it is included.
func (t *timeline) at(now time.Time, included bool) Point {
	return Point{At: now, Day: daysBetween(t.start, now), Value: t.sum(t.value, now, included), Spend: t.sum(t.spend, now, included)}
}

func (t *timeline) sum(list []Accrual, now time.Time, included bool) decimal.Decimal {
	var sum amount.Total
	for i := range list {
		a := &list[i]
		switch {
		case now.Before(a.From) || a.To.IsZero() && now.Equal(a.From) && !included:
		case a.To.IsZero() || !now.Before(a.To):
			sum.Add(a.Amount)
		default:
			sum.Add(a.part(instant.Micros(now)-instant.Micros(a.From), t.places))
		}
	}
	return sum.Sum()
}

// part returns what accrues in some of the microseconds.
func (a *Accrual) part(micros int64, places int32) decimal.Decimal {
	whole := decimal.NewFromInt(instant.Micros(a.To) - instant.Micros(a.From))
	return halfEven(a.Amount.Mul(decimal.NewFromInt(micros)), whole, places)
}

const dayMicros = int64(24 * time.Hour / time.Microsecond)

// pace returns what comes evenly in a day, at the rate of an instant.
func (t *timeline) pace(now time.Time) decimal.Decimal {
	var sum decimal.Decimal
	for i := range t.value {
		if a := &t.value[i]; !a.To.IsZero() && !now.Before(a.From) && now.Before(a.To) {
			sum = sum.Add(a.part(dayMicros, t.places))
		}
	}
	return sum
}

// points returns what has come and gone at each instant at which something begins or ends, and before it where something
// comes at once.
func (t *timeline) points() []Point {
	var at []time.Time
	atOnce := make(map[int64]bool) // microseconds since 1970
	for _, list := range [][]Accrual{t.value, t.spend} {
		for i := range list {
			at = append(at, list[i].From)
			if list[i].To.IsZero() {
				atOnce[instant.Micros(list[i].From)] = true
			} else {
				at = append(at, list[i].To)
			}
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	at = slices.CompactFunc(at, time.Time.Equal)
	points := make([]Point, 0, len(at))
	for _, now := range at {
		after := t.at(now, true)
		if atOnce[instant.Micros(now)] {
			if before := t.at(now, false); !before.Value.Equal(after.Value) || !before.Spend.Equal(after.Spend) {
				points = append(points, before)
			}
		}
		points = append(points, after)
	}
	return points
}

// breakEven finds where value first meets spend on the lines between the points.
func (c *Course) breakEven() {
	for i := range c.Points {
		p := &c.Points[i]
		net := p.net()
		switch {
		case c.BreakEven != nil:
			c.Dips = c.Dips || net.Sign() < 0
		case p.Spend.Sign() <= 0 || net.Sign() < 0:
		default:
			at := p.At
			if i > 0 {
				at = crossing(&c.Points[i-1], p)
			}
			c.BreakEven = &at
		}
	}
}

// crossing returns when the line between two points meets zero from below, rounded up to a microsecond. One that begins at
// zero or above does so at once.
func crossing(from, to *Point) time.Time {
	below, above := from.net(), to.net()
	if below.Sign() >= 0 {
		return from.At
	}
	micros := instant.Micros(to.At) - instant.Micros(from.At)
	return instant.FromMicros(instant.Micros(from.At) + quotientUp(decimal.NewFromInt(micros).Mul(below.Neg()), above.Sub(below)).Int64())
}

// quotientUp divides and rounds up; both are above zero, or num is zero.
func quotientUp(num, den decimal.Decimal) *big.Int {
	q, r, _ := divide(num, den, 0)
	if r.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// daysBetween returns the whole days from start to an instant, negative before it.
func daysBetween(start, at time.Time) int64 {
	micros := instant.Micros(at) - instant.Micros(start)
	day := micros / dayMicros
	if micros%dayMicros < 0 {
		day--
	}
	return day
}

// bounded refuses a course with a figure that no store is asked to hold.
func (c *Course) bounded() error {
	figures := []decimal.Decimal{c.Value, c.Spend, c.PerDay}
	for i := range c.Points {
		figures = append(figures, c.Points[i].Value, c.Points[i].Spend)
	}
	if err := bounded(figures...); err != nil {
		return &DataError{c.Account, "sums", err.Error()}
	}
	return nil
}

// Payback returns when Gross, coming evenly over the statement's period and after it as it did in it, has paid back
// Cost, rounded up to a microsecond. ok is false where nothing is paid back by the year 9999, or nothing was spent.
func (s *Statement) Payback() (at time.Time, ok bool) {
	if s.Cost.Sign() <= 0 || s.Gross.Sign() <= 0 || bounded(s.Cost, s.Gross) != nil {
		return time.Time{}, false
	}
	period := decimal.NewFromInt(instant.Micros(s.To) - instant.Micros(s.From))
	q := quotientUp(period.Mul(s.Cost), s.Gross)
	if !q.IsInt64() || q.Int64() > 1<<62 {
		return time.Time{}, false
	}
	at = instant.FromMicros(instant.Micros(s.From) + q.Int64())
	return at, instant.Check(at) == nil
}
