package revenue

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// mostPayments bounds a horizon.
const mostPayments = 100_000

// A Lifetime is the simple model of what a customer is worth: a margin each period, and the same retention always. Where
// retention rises with tenure, as it does with contracts, it values those who stayed too low; see [SBG].
type Lifetime struct {
	Currency  string          // ISO 4217
	Margin    decimal.Decimal // a period's revenue less what it costs to serve; may be negative
	Retention decimal.Decimal // share of customers who go on to the next period, 0 to 1
	Discount  decimal.Decimal // a period's rate, 0 or more
	Periods   int             // the horizon: how many payments count, 1 to 100 000. The first is made at once.
}

// Value returns Margin · Σ (Retention / (1 + Discount))^t over t from 0 to Periods - 1, rounded half to even to the
// currency's minor unit.
func (l Lifetime) Value() (decimal.Decimal, error) {
	fail := func(format string, args ...any) (decimal.Decimal, error) {
		return decimal.Decimal{}, fmt.Errorf("revenue: lifetime: "+format, args...)
	}
	places, ok := amount.Minor(l.Currency)
	if !ok {
		return fail("currency %q is not in ISO 4217", l.Currency)
	}
	if err := amount.Check(l.Margin); err != nil {
		return fail("margin %w", err)
	}
	one := decimal.NewFromInt(1)
	if err := checkAmount(l.Retention); err != nil {
		return fail("retention %w", err)
	}
	if l.Retention.GreaterThan(one) {
		return fail("retention is over 1")
	}
	if err := checkAmount(l.Discount); err != nil {
		return fail("discount %w", err)
	}
	if l.Periods < 1 || l.Periods > mostPayments {
		return fail("%d periods is outside 1 to %d", l.Periods, mostPayments)
	}
	step := quotient(l.Retention, one.Add(l.Discount), powerPlaces)
	payments, payment := one, one
	for range l.Periods - 1 {
		if payment = payment.Mul(step).RoundBank(powerPlaces); payment.IsZero() {
			break
		}
		payments = payments.Add(payment)
	}
	return payments.Mul(l.Margin).RoundBank(places), nil
}

// Worth returns a margin for each of an expected number of payments, such as those of [SBG.DERL], which is rounded to
// nine places; the amount is rounded half to even to the currency's minor unit.
func Worth(margin decimal.Decimal, currency string, payments float64) (decimal.Decimal, error) {
	places, ok := amount.Minor(currency)
	if !ok {
		return decimal.Decimal{}, fmt.Errorf("revenue: worth: currency %q is not in ISO 4217", currency)
	}
	if err := amount.Check(margin); err != nil {
		return decimal.Decimal{}, fmt.Errorf("revenue: worth: margin %w", err)
	}
	if !(payments >= 0 && payments <= mostPayments) {
		return decimal.Decimal{}, fmt.Errorf("revenue: worth: %v payments is outside 0 to %d", payments, mostPayments)
	}
	return decimal.New(int64(float64(payments*1e9)+0.5), -9).Mul(margin).RoundBank(places), nil
}
