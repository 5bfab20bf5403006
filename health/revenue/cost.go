package revenue

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// Costs is what a period cost, each amount not negative and spent for one purpose alone.
type Costs struct {
	Currency    string          // ISO 4217, that of the period
	Acquisition decimal.Decimal // sales and marketing to win new customers
	Retention   decimal.Decimal // to keep the customers at the start
	Expansion   decimal.Decimal // to expand what customers have
}

// CostRatios are the costs for each customer, and for each unit of recurring revenue, that they were spent on. Amounts
// for a customer are of the period's currency. A nil ratio is undefined.
type CostRatios struct {
	CAC *decimal.Decimal `json:"cac"` // acquisition cost for each new customer
	CRC *decimal.Decimal `json:"crc"` // retention cost for each customer at the start who is one at the end
	CEC *decimal.Decimal `json:"cec"` // expansion cost for each account that expanded

	PerNew       *decimal.Decimal `json:"per_new"`       // acquisition cost for each unit of new revenue
	PerStart     *decimal.Decimal `json:"per_start"`     // retention cost for each unit of revenue at the start
	PerExpansion *decimal.Decimal `json:"per_expansion"` // expansion cost for each unit of expansion, price rises included
}

// MarshalJSON returns the canonical encoding.
func (r CostRatios) MarshalJSON() ([]byte, error) {
	type plain CostRatios
	return canon.JSON(plain(r))
}

// CostRatios relates costs to what the period brought. Costs are as of the same period: one that sells for longer than a
// period lasts compares with later customers than those it spends on.
func (p Period) CostRatios(c Costs) (CostRatios, error) {
	if c.Currency != p.Currency {
		return CostRatios{}, fmt.Errorf("revenue: cost ratios: costs are in %q, the period in %q", c.Currency, p.Currency)
	}
	for _, x := range []struct {
		name   string
		amount decimal.Decimal
	}{{"acquisition", c.Acquisition}, {"retention", c.Retention}, {"expansion", c.Expansion}} {
		if err := checkAmount(x.amount); err != nil {
			return CostRatios{}, fmt.Errorf("revenue: cost ratios: %s %w", x.name, err)
		}
	}
	each := func(cost decimal.Decimal, customers int) *decimal.Decimal {
		return ratio(cost, decimal.NewFromInt(int64(customers)))
	}
	return CostRatios{
		CAC: each(c.Acquisition, p.Gained), CRC: each(c.Retention, p.Cohort-p.Lost), CEC: each(c.Expansion, p.Expanded),
		PerNew: ratio(c.Acquisition, p.New), PerStart: ratio(c.Retention, p.Start), PerExpansion: ratio(c.Expansion, p.Expansion),
	}, nil
}

// Served is what it cost to serve an account in a period, and what it brought.
type Served struct {
	Account  string
	Segment  string
	Currency string          // ISO 4217
	Cost     decimal.Decimal // not negative
	Revenue  decimal.Decimal // not negative; 0 is a free account
}

// A SegmentCost is the cost to serve a segment.
type SegmentCost struct {
	Segment     string           `json:"segment"`
	Accounts    int              `json:"accounts"`     // served, free ones too
	Customers   int              `json:"customers"`    // accounts with revenue
	Cost        decimal.Decimal  `json:"cost"`         // of all accounts, like Revenue in the currency asked for
	Revenue     decimal.Decimal  `json:"revenue"`      //
	PerCustomer *decimal.Decimal `json:"per_customer"` // Cost for each customer; nil: undefined
	PerRevenue  *decimal.Decimal `json:"per_revenue"`  // Cost for each unit of Revenue; nil: undefined
}

// MarshalJSON returns the canonical encoding.
func (s SegmentCost) MarshalJSON() ([]byte, error) {
	type plain SegmentCost
	return canon.JSON(plain(s))
}

// CostToServe sums what it cost to serve accounts, each once, by segment; segments are in order of name. The costs of
// free accounts are borne by the customers of their segment. The first account in another currency, there twice or
// with a bad amount ends it with a [DataError].
func CostToServe(currency string, accounts iter.Seq2[Served, error]) ([]SegmentCost, error) {
	if _, ok := amount.Minor(currency); !ok {
		return nil, fmt.Errorf("revenue: cost to serve: currency %q is not in ISO 4217", currency)
	}
	type sums struct {
		accounts, customers int64
		cost, revenue       amount.Total
	}
	segments := make(map[string]*sums)
	seen := make(map[string]bool)
	for a, err := range accounts {
		if err != nil {
			return nil, fmt.Errorf("revenue: cost to serve: %w", err)
		}
		if err := a.check(currency); err != nil {
			return nil, err
		}
		if seen[a.Account] {
			return nil, &DataError{Account: a.Account, Message: "is there twice"}
		}
		seen[a.Account] = true
		s := segments[a.Segment]
		if s == nil {
			s = new(sums)
			segments[a.Segment] = s
		}
		s.accounts++
		s.customers += one(a.Revenue.IsPositive())
		s.cost.Add(a.Cost)
		s.revenue.Add(a.Revenue)
	}
	out := make([]SegmentCost, 0, len(segments))
	for _, name := range slices.Sorted(maps.Keys(segments)) {
		s := segments[name]
		cost, revenue := s.cost.Sum(), s.revenue.Sum()
		out = append(out, SegmentCost{Segment: name, Accounts: int(s.accounts), Customers: int(s.customers), Cost: cost, Revenue: revenue,
			PerCustomer: ratio(cost, decimal.NewFromInt(s.customers)), PerRevenue: ratio(cost, revenue)})
	}
	return out, nil
}

func (a *Served) check(currency string) error {
	fail := func(field string, err error) error {
		return &DataError{Account: a.Account, Field: field, Message: err.Error()}
	}
	if err := ident.Check(a.Account); err != nil {
		return fail("account", err)
	}
	if err := ident.Check(a.Segment); err != nil {
		return fail("segment", err)
	}
	if a.Currency != currency {
		return fail("currency", fmt.Errorf("is %q, that of the sum %q", a.Currency, currency))
	}
	if err := checkAmount(a.Cost); err != nil {
		return fail("cost", err)
	}
	if err := checkAmount(a.Revenue); err != nil {
		return fail("revenue", err)
	}
	return nil
}
