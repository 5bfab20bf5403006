package revenue

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Cohort is the accounts that became customers in one period, or before the first, and what is left of them at the end
// of each period. Who returns returns to the old cohort.
type Cohort struct {
	From      time.Time       `json:"from"` // start of the period; zero: before the calendar
	Partial   bool            `json:"partial"`
	Customers int             `json:"customers"` // that became so; before the calendar: that were so at its start
	Revenue   decimal.Decimal `json:"revenue"`   // with which they did; before the calendar: at its start
	Ages      []CohortAge     `json:"ages"`      // at the end of the period of joining, of the next, and so on
}

// A CohortAge is a cohort at the end of a period.
type CohortAge struct {
	Customers int              `json:"customers"` // at that time, like Revenue
	Revenue   decimal.Decimal  `json:"revenue"`   // recurring, of the tally's currency, like that of the cohort
	Logos     *decimal.Decimal `json:"logos"`     // share of the cohort's customers; nil: undefined
	Retention *decimal.Decimal `json:"retention"` // share of the cohort's revenue; nil: undefined
}

// MarshalJSON returns the canonical encoding.
func (c Cohort) MarshalJSON() ([]byte, error) {
	type plain Cohort
	return canon.JSON(plain(c))
}

// Cohorts returns the cohort table: the accounts from before the calendar first, then a cohort of each period. Every one
// is there, with or without customers.
func (t *Tally) Cohorts() []Cohort {
	out := make([]Cohort, len(t.cohorts))
	for i := range t.cohorts {
		row, c := &t.cohorts[i], &out[i]
		revenue, customers := t.opening, t.openers
		if i > 0 {
			revenue, customers = row.revenue, row.joined
			c.From, c.Partial = t.calendar.edges[i-1], t.calendar.cut && i == len(t.cells)
		}
		c.Revenue, c.Customers = revenue.Sum(), int(customers)
		if i > 0 {
			revenue, customers = amount.Total{}, 0
		}
		for age := range len(t.cells) - max(0, i-1) {
			if age < len(row.ages) {
				revenue.Merge(row.ages[age].revenue)
				customers += row.ages[age].customers
			}
			c.Ages = append(c.Ages, CohortAge{Customers: int(customers), Revenue: revenue.Sum(),
				Logos: share(customers, int64(c.Customers)), Retention: ratio(revenue.Sum(), c.Revenue)})
		}
	}
	return out
}

// A cohort sums what its accounts did, by age in periods.
type cohort struct {
	revenue amount.Total // when they became customers
	joined  int64
	ages    []change // nil while there is none
}

// A change is that of one period.
type change struct {
	revenue   amount.Total
	customers int64
}

// add adds a course, in units of 10^-places, at an age below ages.
func (c *cohort) add(a *course, places int32, age, ages int) {
	if c.ages == nil {
		c.ages = make([]change, ages)
	}
	if n := a.times[kNew]; n > 0 {
		a.moved[kNew].addTo(&c.revenue, places)
		c.joined += n
	}
	at := &c.ages[age]
	a.end.minus(a.start).addTo(&at.revenue, places)
	at.customers += one(a.after) - one(a.before)
}

func (c *cohort) merge(d *cohort) {
	c.revenue.Merge(d.revenue)
	c.joined += d.joined
	if c.ages == nil && d.ages != nil {
		c.ages = make([]change, len(d.ages))
	}
	for i := range d.ages {
		c.ages[i].revenue.Merge(d.ages[i].revenue)
		c.ages[i].customers += d.ages[i].customers
	}
}
