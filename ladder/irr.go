package ladder

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Flow is money at an instant; negative: spent.
type Flow struct {
	At     time.Time       `json:"at"`
	Amount decimal.Decimal `json:"amount"` // money, of one currency in all flows
}

// Rates are the internal rates of return of flows: the rates at which their present values sum to zero, from -0.999999
// to 999999. They are statistics (float64, equal on all platforms to about 1e-10) and nothing to be booked. Rates that
// lie closer together than the present values can tell, about 1e-7, count as one.
type Rates struct {
	Rate  *float64  `json:"rate"`          // nil unless there is exactly one
	Roots []float64 `json:"roots"`         // all of them, rising
	Why   Why       `json:"why,omitempty"` // why there is no Rate
}

// Reasons why there is no rate of return.
const (
	WhyNoSignChange Why = "no_sign_change" // nothing is spent, or nothing comes back
	WhyNoRoot       Why = "no_root"        // both, but at no rate do they balance
	WhySeveralRoots Why = "several_roots"  // flows that change sign more than once may have several, of which none is the one
)

// maxChanges bounds the time of the search.
const maxChanges = 32

// IRR returns the rates of return for each period of flows that are one period apart.
//
// IRR returns an error if there are over 1200 flows, one is out of bounds, or they change sign more than 32 times
// (*DataError).
func IRR(flows []decimal.Decimal) (Rates, error) {
	if err := checkFlows(flows); err != nil {
		return Rates{}, err
	}
	var s stat.Flows
	for i, flow := range flows {
		add(&s, float64(i), flow)
	}
	return rates(s)
}

// XIRR returns the yearly rates of return of dated flows, in any order; a year has 365 days of 24 h (actual/365 fixed).
//
// XIRR returns an error as [IRR] does, and if an instant is zero or beyond the year 9999 (*DataError).
func XIRR(flows []Flow) (Rates, error) {
	s, err := dated(flows)
	if err != nil {
		return Rates{}, err
	}
	return rates(s)
}

// XNPV returns the present value, at the earliest of them, of dated flows at a yearly rate; a year has 365 days of 24 h.
// It is a statistic (float64), since a part of a year takes a root of the rate.
//
// XNPV returns an error as [XIRR] does, and if the rate is not a number from -0.999999 to 999999
// or the value too large for a float64 (*DataError).
func XNPV(rate float64, flows []Flow) (float64, error) {
	if !(rate >= stat.LowestRate && rate <= stat.HighestRate) {
		return 0, &DataError{Field: "rate", Message: fmt.Sprintf("must be -0.999999 to 999999, not %v", rate)}
	}
	s, err := dated(flows)
	if err != nil {
		return 0, err
	}
	v := s.PresentValue(rate)
	if math.Abs(v) > math.MaxFloat64 || math.IsNaN(v) {
		return 0, &DataError{Field: "flows", Message: fmt.Sprintf("come to a value at the rate %v that no float64 holds", rate)}
	}
	return v, nil
}

// add adds a flow that is not 0.
func add(s *stat.Flows, at float64, flow decimal.Decimal) {
	if !flow.IsZero() {
		s.Amounts, s.Times = append(s.Amounts, flow.InexactFloat64()), append(s.Times, at)
	}
}

// dated puts flows in order. Those of one instant are summed, exactly.
func dated(flows []Flow) (stat.Flows, error) {
	var s stat.Flows
	if len(flows) > maxFlows {
		return s, &DataError{Field: "flows", Message: fmt.Sprintf("are %d, over %d", len(flows), maxFlows)}
	}
	flows = slices.Clone(flows)
	for i := range flows {
		f := &flows[i]
		err := instant.Given(f.At)
		if err == nil {
			err = amount.Check(f.Amount)
		}
		if err != nil {
			return s, &DataError{Field: fmt.Sprintf("flow %d", i), Message: err.Error()}
		}
		f.At = instant.Of(f.At)
	}
	slices.SortStableFunc(flows, func(a, b Flow) int { return a.At.Compare(b.At) })
	for i := 0; i < len(flows); {
		var sum amount.Total
		at := flows[i].At
		for ; i < len(flows) && flows[i].At.Equal(at); i++ {
			sum.Add(flows[i].Amount)
		}
		years := float64(instant.Micros(at)-instant.Micros(flows[0].At)) / float64(yearMicros)
		add(&s, years, sum.Sum())
	}
	return s, nil
}

// rates finds the roots.
func rates(s stat.Flows) (Rates, error) {
	changes := s.Changes()
	if changes > maxChanges {
		return Rates{}, &DataError{Field: "flows", Message: fmt.Sprintf("change sign %d times, over %d", changes, maxChanges)}
	}
	r := Rates{Roots: append([]float64{}, s.RatesOfReturn()...)}
	switch {
	case changes == 0:
		r.Why = WhyNoSignChange
	case len(r.Roots) == 0:
		r.Why = WhyNoRoot
	case len(r.Roots) > 1:
		r.Why = WhySeveralRoots
	default:
		rate := r.Roots[0]
		r.Rate = &rate
	}
	return r, nil
}
