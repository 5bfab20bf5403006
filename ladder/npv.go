package ladder

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// Bounds of a series of flows, so that discounting it takes bounded time.
const (
	maxFlows      = 1200 // a century of months
	maxRate       = 1000 // a thousandfold for each period
	discountPlace = 28   // digits after the point of what is discounted
	periodPlace   = 18   // digits after the point of a number of periods
)

// A Convention says when the first of a series of flows comes.
type Convention string

// Conventions.
const (
	FirstNow         Convention = "first_now"          // the first flow counts in full: the net present value of finance
	FirstAfterPeriod Convention = "first_after_period" // the first flow is discounted by one period: the NPV of spreadsheets
)

// NPV returns the net present value of flows that are one period apart, at a rate for each period. Each flow is divided
// by the product of (1 + rate) over its periods, and rounded half away from zero to 28 digits after the point: round the
// result before you store it.
//
// NPV returns an error if there are over 1200 flows, one is out of bounds, the rate is not above -1 and at most 1000, or
// the convention is unknown (*DataError).
func NPV(rate decimal.Decimal, flows []decimal.Decimal, c Convention) (decimal.Decimal, error) {
	discounted, err := discount(rate, flows, c)
	if err != nil {
		return decimal.Decimal{}, err
	}
	var sum decimal.Decimal
	for _, d := range discounted {
		sum = sum.Add(d)
	}
	return sum, nil
}

// A Payback says after how many periods flows have paid back what was spent.
type Payback struct {
	Reached bool            `json:"reached"` // false: never, within the flows
	Periods decimal.Decimal `json:"periods"` // until the sum is first not below zero after the first flow that is not 0, interpolated within its period, rounded half away from zero to 18 digits after the point
	Dips    bool            `json:"dips"`    // the sum falls below zero again after that
}

// MarshalJSON returns the canonical encoding.
func (p Payback) MarshalJSON() ([]byte, error) {
	type plain Payback
	return canon.JSON(plain(p))
}

// PaybackOf returns the payback of flows that are one period apart, the first of them now, each discounted at a rate for
// each period as [NPV] does; 0 is the plain payback. Within a period a flow comes evenly.
//
// PaybackOf returns an error as NPV does.
func PaybackOf(flows []decimal.Decimal, rate decimal.Decimal) (Payback, error) {
	discounted, err := discount(rate, flows, FirstNow)
	if err != nil {
		return Payback{}, err
	}
	var p Payback
	var sum decimal.Decimal
	begun := false
	for i, d := range discounted {
		before := sum
		sum = sum.Add(d)
		begun = begun || !d.IsZero()
		switch {
		case !begun:
		case p.Reached:
			p.Dips = p.Dips || sum.Sign() < 0
		case sum.Sign() >= 0:
			p.Reached = true
			if before.Sign() < 0 {
				p.Periods = decimal.NewFromInt(int64(i - 1)).Add(before.Neg().DivRound(d, periodPlace))
			}
		}
	}
	return p, nil
}

// discount returns each flow as it is worth now.
func discount(rate decimal.Decimal, flows []decimal.Decimal, c Convention) ([]decimal.Decimal, error) {
	if err := amount.Check(rate); err != nil {
		return nil, &DataError{Field: "rate", Message: err.Error()}
	}
	growth := one.Add(rate)
	switch {
	case growth.Sign() <= 0 || rate.Cmp(decimal.NewFromInt(maxRate)) > 0:
		return nil, &DataError{Field: "rate", Message: fmt.Sprintf("must be above -1 and at most %d, not %s", maxRate, amount.Text(rate))}
	case c != FirstNow && c != FirstAfterPeriod:
		return nil, &DataError{Field: "convention", Message: fmt.Sprintf("%q is unknown", string(c))}
	}
	if err := checkFlows(flows); err != nil {
		return nil, err
	}
	factor := one
	if c == FirstAfterPeriod {
		factor = growth
	}
	out := make([]decimal.Decimal, len(flows))
	for i, flow := range flows {
		out[i] = flow
		if !rate.IsZero() {
			out[i] = flow.DivRound(factor, discountPlace)
			factor = factor.Mul(growth)
		}
	}
	return out, nil
}

func checkFlows(flows []decimal.Decimal) error {
	if len(flows) > maxFlows {
		return &DataError{Field: "flows", Message: fmt.Sprintf("are %d, over %d", len(flows), maxFlows)}
	}
	for i, flow := range flows {
		if err := amount.Check(flow); err != nil {
			return &DataError{Field: fmt.Sprintf("flow %d", i), Message: err.Error()}
		}
	}
	return nil
}
