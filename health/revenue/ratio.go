package revenue

import "github.com/shopspring/decimal"

// RatioPlaces is the number of decimal places of a ratio, and of an amount for each customer.
const RatioPlaces = 12

// ratio divides, a half to the even neighbour. It is nil without a denominator.
func ratio(numerator, denominator decimal.Decimal) *decimal.Decimal {
	if denominator.IsZero() {
		return nil
	}
	q := quotient(numerator, denominator, RatioPlaces)
	return &q
}

// share is ratio of two counts.
func share(part, whole int64) *decimal.Decimal {
	return ratio(decimal.NewFromInt(part), decimal.NewFromInt(whole))
}

// quotient divides exactly and rounds once, a half to the even neighbour. The denominator is not zero.
func quotient(numerator, denominator decimal.Decimal, places int32) decimal.Decimal {
	q, r := numerator.QuoRem(denominator, places)
	twice := r.Abs().Mul(decimal.NewFromInt(2)).Cmp(denominator.Abs().Shift(-places))
	odd := !q.Shift(places).Mod(decimal.NewFromInt(2)).IsZero()
	if twice > 0 || twice == 0 && odd {
		step := decimal.New(1, -places)
		if numerator.Sign()*denominator.Sign() < 0 {
			step = step.Neg()
		}
		q = q.Add(step)
	}
	return q
}

// powerPlaces is how many places are kept while a ratio is raised to a power.
const powerPlaces = 30

// Annualised returns what a share retained in the period, such as *p.NRR, comes to if every period of a year retained
// the same: it is raised to the number of periods in a year, and rounded half to even to [RatioPlaces] places. That is a
// projection. What a year's cohort did retain needs a calendar of years: the periods of a year have different cohorts.
// It is nil if share is nil or out of bounds, and for a partial period or one without a unit.
func (p Period) Annualised(share *decimal.Decimal) *decimal.Decimal {
	if share == nil || p.Partial || p.Unit.PerYear() == 0 || checkAmount(*share) != nil {
		return nil
	}
	power := decimal.NewFromInt(1)
	for range p.Unit.PerYear() {
		power = power.Mul(*share).RoundBank(powerPlaces)
	}
	power = power.RoundBank(RatioPlaces)
	return &power
}
