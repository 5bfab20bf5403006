package revenue

import "math"

// An SBG is the shifted beta-geometric model of customers under contract: each has a chance of its own to leave at every
// renewal, and the chances are beta distributed. As those likely to leave leave first, the retention of a cohort rises
// with its tenure. Fader and Hardie, How to project customer retention, Journal of Interactive Marketing 21 (2007).
type SBG struct {
	Alpha float64 `json:"alpha"` // above 0
	Beta  float64 `json:"beta"`  // above 0; Alpha / (Alpha + Beta) is the share that leaves at the first renewal
}

// leastDiscount is the lowest at which a sum without a horizon ends in time.
const leastDiscount = 1e-4

func (m SBG) valid() bool {
	return m.Alpha > 0 && m.Beta > 0 && m.Alpha <= math.MaxFloat64/4 && m.Beta <= math.MaxFloat64/4
}

// Retention returns the share of those up for their renewal-th renewal, counted from 1, who renew:
// (β + n - 1) / (α + β + n - 1). It is false for parameters out of range or a renewal outside 1 to 100 000.
func (m SBG) Retention(renewal int) (share float64, ok bool) {
	if !m.valid() || renewal < 1 || renewal > mostPayments {
		return 0, false
	}
	return m.retention(renewal), true
}

func (m SBG) retention(renewal int) float64 {
	return (m.Beta + float64(renewal-1)) / (m.Alpha + m.Beta + float64(renewal-1))
}

// Survival returns the share of a cohort that makes that many renewals: B(α, β + n) / B(α, β), as a product of
// retentions. It is false for parameters out of range or renewals outside 0 to 100 000.
func (m SBG) Survival(renewals int) (share float64, ok bool) {
	if !m.valid() || renewals < 0 || renewals > mostPayments {
		return 0, false
	}
	share = 1
	for n := range renewals {
		share = float64(share * m.retention(n+1))
	}
	return share, true
}

// DEL returns the expected discounted number of payments of a new customer, whose first payment is now and certain, in
// periods of one contract. Horizon is how many payments may come, 1 to 100 000, or 0 for all. Discount is a period's
// rate, 0 or more, and at least 0.0001 without a horizon. It is false for arguments out of range.
func (m SBG) DEL(discount float64, horizon int) (payments float64, ok bool) {
	if horizon == 1 {
		return 1, m.valid() && discount >= 0
	}
	later, ok := m.DERL(1, discount, max(0, horizon-1))
	return 1 + later/(1+discount), ok && horizon >= 0
}

// DERL returns the expected discounted number of payments of a customer who is up for their renewal-th renewal, counted
// from 1: the first is due now, and made with the chance of that renewal. Discount and horizon are as in [SBG.DEL].
// Fader and Hardie, Customer-base valuation in a contractual setting, Marketing Science 29 (2010), equation 6.
func (m SBG) DERL(renewal int, discount float64, horizon int) (payments float64, ok bool) {
	if !m.valid() || renewal < 1 || renewal > mostPayments || !(discount >= 0) || horizon < 0 || horizon > mostPayments ||
		horizon == 0 && !(discount >= leastDiscount) {
		return 0, false
	}
	term := 1.0
	for k := 0; horizon == 0 || k < horizon; k++ {
		term = float64(term * m.retention(renewal+k))
		payments += float64(term)
		term /= 1 + discount
		// What follows is at most a geometric series.
		if float64(term*(1+discount)) <= float64(float64(1e-17*payments)*discount) {
			break
		}
	}
	return payments, true
}

// LogLikelihood returns the natural logarithm of the likelihood of cohorts, which are as [FitSBG] takes them.
func (m SBG) LogLikelihood(cohorts [][]int) (float64, error) {
	a, err := countAges(cohorts)
	if err != nil {
		return 0, err
	}
	if !m.valid() {
		return 0, errParameters
	}
	return a.logLikelihood(m)
}
