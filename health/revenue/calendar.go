package revenue

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Unit is a length of calendar time.
type Unit string

// Units.
const (
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// PerYear returns how many of a unit make a year, and 0 for what is no unit.
func (u Unit) PerYear() int {
	switch u {
	case Month:
		return 12
	case Quarter:
		return 4
	case Year:
		return 1
	}
	return 0
}

// mostPeriods bounds the periods of a calendar, whose cohort table grows with their square.
const mostPeriods = 480

// A Calendar is consecutive periods [from, to) of one unit. The zero value has none.
type Calendar struct {
	unit  Unit
	edges []time.Time // one more than there are periods
	cut   bool        // the last period ends before its unit does
}

// NewCalendar returns the periods of a unit from one instant until another, at most 480. They begin on the day of the
// month and at the hour that from has in loc, or on the last day of a month that is shorter; nil is UTC. So a from of
// 1 February makes fiscal years that begin in February. The last period is partial if until cuts it.
func NewCalendar(unit Unit, from, until time.Time, loc *time.Location) (Calendar, error) {
	fail := func(format string, args ...any) (Calendar, error) {
		return Calendar{}, fmt.Errorf("revenue: calendar: "+format, args...)
	}
	if unit.PerYear() == 0 {
		return fail("unit %q is none of month, quarter, year", unit)
	}
	if err := instant.Given(from); err != nil {
		return fail("from %w", err)
	}
	if err := instant.Given(until); err != nil {
		return fail("until %w", err)
	}
	if loc == nil {
		loc = time.UTC
	}
	from, until = instant.Of(from), instant.Of(until)
	if !from.Before(until) {
		return fail("until %s is not after from %s", until.Format(time.RFC3339), from.Format(time.RFC3339))
	}
	c := Calendar{unit: unit, edges: []time.Time{from}}
	months := 12 / unit.PerYear()
	for i := 1; c.edges[i-1].Before(until); i++ {
		if i > mostPeriods {
			return fail("has over %d periods", mostPeriods)
		}
		edge := instant.Of(monthsAfter(from.In(loc), i*months))
		if c.cut = edge.After(until); c.cut {
			edge = until
		}
		c.edges = append(c.edges, edge)
	}
	return c, nil
}

// monthsAfter moves a wall clock by months, to the last day of a month that has no such day.
func monthsAfter(t time.Time, months int) time.Time {
	moved := t.AddDate(0, months, 0)
	if moved.Day() != t.Day() {
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	return moved
}

// Periods returns how many periods there are.
func (c Calendar) Periods() int { return max(0, len(c.edges)-1) }

// same reports whether two calendars have the same periods.
func (c Calendar) same(d Calendar) bool {
	return c.unit == d.unit && c.cut == d.cut && slices.EqualFunc(c.edges, d.edges, time.Time.Equal)
}
