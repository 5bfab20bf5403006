package revenue

import (
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Period is what happened to recurring revenue in [From, To), or between two snapshots.
type Period struct {
	From     time.Time `json:"from"` // zero: before the first snapshot
	To       time.Time `json:"to"`
	Unit     Unit      `json:"unit"`    // the period's length; empty: that between two snapshots
	Partial  bool      `json:"partial"` // it ends before its unit does, so that its ratios are not those of a unit
	Currency string    `json:"currency"`
	Options  Options   `json:"options"` // the conventions of the numbers below

	Start        decimal.Decimal `json:"start"`        // recurring revenue, of Currency, like all amounts here
	New          decimal.Decimal `json:"new"`          // of accounts that were never customers before
	Reactivation decimal.Decimal `json:"reactivation"` // of accounts that were, and had left
	Expansion    decimal.Decimal `json:"expansion"`    // not negative
	Contraction  decimal.Decimal `json:"contraction"`  // not negative
	Churn        decimal.Decimal `json:"churn"`        // not negative
	End          decimal.Decimal `json:"end"`          // Start plus and minus the movements, exactly
	NetNew       decimal.Decimal `json:"net_new"`      // End less Start
	PriceRise    decimal.Decimal `json:"price_rise"`   // part of Expansion
	Pending      decimal.Decimal `json:"pending"`      // part of Churn that is too recent to know, see Options.Gap

	Customers    int `json:"customers"`     // at the end
	Cohort       int `json:"cohort"`        // customers at the start
	Lost         int `json:"lost"`          // of the cohort, none at the end
	LostOnce     int `json:"lost_once"`     // of the cohort, left at least once
	Gained       int `json:"gained"`        // new
	Reactivated  int `json:"reactivated"`   // times anyone came back
	Churned      int `json:"churned"`       // times anyone left
	Expanded     int `json:"expanded"`      // accounts that expanded
	PendingCount int `json:"pending_count"` // times anyone left that are pending

	NRR        *decimal.Decimal `json:"nrr"`         // share, 0 or more; nil: undefined, as below
	GRR        *decimal.Decimal `json:"grr"`         // share, 0 to 1, by the formula Options.GRR
	QuickRatio *decimal.Decimal `json:"quick_ratio"` // 0 or more
	LogoChurn  *decimal.Decimal `json:"logo_churn"`  // share, 0 to 1 unless Options.Logos counts events
	ARPA       *decimal.Decimal `json:"arpa"`        // End for each customer at the end
	ARR        *decimal.Decimal `json:"arr"`         // End a year, exactly; nil between snapshots, whose unit is not known
}

// MarshalJSON returns the canonical encoding.
func (p Period) MarshalJSON() ([]byte, error) {
	type plain Period
	return canon.JSON(plain(p))
}

// Periods returns the periods of the calendar in order.
func (t *Tally) Periods() []Period {
	out := make([]Period, len(t.cells))
	start, customers := t.opening, t.openers
	for i := range out {
		p := &out[i]
		*p = Period{From: t.calendar.edges[i], To: t.calendar.edges[i+1], Unit: t.calendar.unit,
			Partial: t.calendar.cut && i == len(out)-1, Currency: t.currency, Options: t.options}
		start, customers = t.cells[i].fill(p, start, customers)
		var year amount.Total
		for range t.options.Per.PerYear() {
			year.Merge(start)
		}
		arr := year.Sum()
		p.ARR = &arr
	}
	return out
}

// fill completes a period that has its options, and returns the revenue and the customers at its end.
func (c *cell) fill(p *Period, start amount.Total, customers int64) (amount.Total, int64) {
	gains, losses := c.moved[kNew], c.moved[kContraction]
	gains.Merge(c.moved[kReactivation])
	gains.Merge(c.moved[kExpansion])
	losses.Merge(c.moved[kChurn])
	net := gains
	net.Merge(losses.Neg())
	end := start
	end.Merge(net)
	kept, capped := start, start
	kept.Merge(c.growth)
	capped.Merge(c.loss.Neg())
	now := customers + c.times[kNew] + c.times[kReactivation] - c.times[kChurn]

	p.Start, p.End, p.NetNew = start.Sum(), end.Sum(), net.Sum()
	p.New, p.Reactivation, p.Expansion = c.moved[kNew].Sum(), c.moved[kReactivation].Sum(), c.moved[kExpansion].Sum()
	p.Contraction, p.Churn = c.moved[kContraction].Sum(), c.moved[kChurn].Sum()
	p.PriceRise, p.Pending = c.price.Sum(), c.pending.Sum()
	p.Customers, p.Cohort, p.Lost, p.LostOnce = int(now), int(customers), int(c.lost), int(c.left)
	p.Gained, p.Reactivated, p.Churned = int(c.times[kNew]), int(c.times[kReactivation]), int(c.times[kChurn])
	p.Expanded, p.PendingCount = int(c.expanded), int(c.waiting)

	p.NRR = ratio(kept.Sum(), p.Start)
	p.GRR = ratio(capped.Sum(), p.Start)
	p.QuickRatio = ratio(gains.Sum(), losses.Sum())
	p.ARPA = ratio(p.End, decimal.NewFromInt(now))
	switch p.Options.Logos {
	case LogosGross:
		p.LogoChurn = share(c.left, customers)
	case LogosNet:
		p.LogoChurn = share(c.lost, customers)
	case LogosEvents:
		p.LogoChurn = share(c.times[kChurn], customers+c.times[kNew])
	}
	return end, now
}

// A SourceShare is what one source brought and took within a period. The rest of a period's sums has no source.
type SourceShare struct {
	Source string `json:"source"`

	// Recurring revenue that it moved, of the tally's currency, not negative.
	New          decimal.Decimal `json:"new"`
	Reactivation decimal.Decimal `json:"reactivation"`
	Expansion    decimal.Decimal `json:"expansion"`
	Contraction  decimal.Decimal `json:"contraction"`
	Churn        decimal.Decimal `json:"churn"`
}

// MarshalJSON returns the canonical encoding.
func (s SourceShare) MarshalJSON() ([]byte, error) {
	type plain SourceShare
	return canon.JSON(plain(s))
}

// Sources returns the named sources of a period of the calendar, counted from 0, in order of name. They are of every
// movement, also where the options count only the net one.
func (t *Tally) Sources(period int) []SourceShare {
	if period < 0 || period >= len(t.cells) {
		return nil
	}
	sums := t.cells[period].sources
	out := make([]SourceShare, 0, len(sums))
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		s := sums[name]
		out = append(out, SourceShare{name, s[kNew].Sum(), s[kReactivation].Sum(), s[kExpansion].Sum(), s[kContraction].Sum(), s[kChurn].Sum()})
	}
	return out
}
