package revenue

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// A ConsumptionRule says which recurring revenue bills by use stand for.
type ConsumptionRule string

// Rules for consumption.
const (
	ConsumptionLatest ConsumptionRule = "latest" // the last bill
	ConsumptionMean   ConsumptionRule = "mean"   // the mean of the last bills, rounded half to even to RatioPlaces
	ConsumptionLeast  ConsumptionRule = "least"  // the least of the last bills
)

// mostBills bounds the window.
const mostBills = 120

// Consumption is a declared rule that makes bills by use comparable with recurring revenue. Bills are of equal periods;
// one without use is a bill of 0, for a missing one is not seen.
type Consumption struct {
	Rule  ConsumptionRule
	Bills int             // how many of the last bills count, 1 to 120; fewer while there are fewer
	Floor decimal.Decimal // what the customer is committed to for a period, and pays at least; not negative
}

// Levels returns the level of recurring revenue from each bill on: what the rule makes of it and of those before it, but
// at least the floor. Bills rise strictly in At; unlike levels they may be negative, which are credits. Pass the result
// to [Movements].
func (c Consumption) Levels(account string, bills []Level) ([]Level, error) {
	switch c.Rule {
	case ConsumptionLatest, ConsumptionMean, ConsumptionLeast:
	default:
		return nil, fmt.Errorf("revenue: consumption: rule %q is none of latest, mean, least", string(c.Rule))
	}
	if c.Bills < 1 || c.Bills > mostBills {
		return nil, fmt.Errorf("revenue: consumption: %d bills is outside 1 to %d", c.Bills, mostBills)
	}
	if err := checkAmount(c.Floor); err != nil {
		return nil, fmt.Errorf("revenue: consumption: floor %w", err)
	}
	if err := rising(account, "bill", bills); err != nil {
		return nil, err
	}
	out := make([]Level, len(bills))
	for i, b := range bills {
		if err := amount.Check(b.Amount); err != nil {
			return nil, &DataError{Account: account, Field: fmt.Sprint("bill ", i), Message: "amount " + err.Error()}
		}
		out[i] = Level{At: b.At, Amount: decimal.Max(c.Floor, c.level(bills[max(0, i+1-c.Bills):i+1]))}
	}
	return out, nil
}

// level is that of the last bills, before the floor.
func (c Consumption) level(bills []Level) decimal.Decimal {
	switch c.Rule {
	case ConsumptionMean:
		var sum amount.Total
		for _, b := range bills {
			sum.Add(b.Amount)
		}
		return quotient(sum.Sum(), decimal.NewFromInt(int64(len(bills))), RatioPlaces)
	case ConsumptionLeast:
		return slices.MinFunc(bills, func(a, b Level) int { return a.Amount.Cmp(b.Amount) }).Amount
	}
	return bills[len(bills)-1].Amount
}
