package engagement

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// weekdays are in the order of time.Weekday.
func weekdays() []Weekday {
	return []Weekday{Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday}
}

// maxSteps bounds the search for the end of quiet times that follow on each other: a year of two a day.
const maxSteps = 732

// A quiet is a Quiet with its clock in minutes after midnight. From and to are alike where there are no times.
type quiet struct {
	name     string
	from, to int
	days     [7]bool // by time.Weekday
	holidays bool
	channels []Channel // empty: all
}

func (d Date) check() error {
	if t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC); instant.Check(t) != nil || dateOf(t) != d {
		return fmt.Errorf("%v is not a day of the calendar", d)
	}
	return nil
}

// String returns the date as 2026-12-25.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// end returns t if it is not quiet then, and else when that ends.
func (q *quiet) end(t time.Time, place *Place) (end time.Time, why Reason) {
	midnight := func(day int) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d+day, 0, 0, 0, 0, t.Location())
	}
	if q.holidays && slices.Contains(place.Holidays, dateOf(t)) {
		return midnight(1), HeldByHoliday
	}
	if q.days[t.Weekday()] {
		return midnight(1), HeldByQuiet
	}
	at := func(day int) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d+day, q.to/60, q.to%60, 0, 0, t.Location())
	}
	switch minute := 60*t.Hour() + t.Minute(); {
	case q.from < q.to && q.from <= minute && minute < q.to, q.from > q.to && minute < q.to:
		return at(0), HeldByQuiet
	case q.from > q.to && q.from <= minute:
		return at(1), HeldByQuiet
	}
	return t, ""
}

// awake returns the first instant from a given one on at which a channel may be used, in microseconds, and what holds it
// back until then. Without an end, or with one that is out of the calendar, it returns false.
func (m *Model) awake(at int64, channel Channel, place *Place) (end int64, why Reason, ref string, ok bool) {
	if len(m.quiet) == 0 {
		return at, "", "", at < latest*1_000_000
	}
	zone := place.Zone
	if zone == nil {
		zone = time.UTC
	}
	t := instant.FromMicros(at).In(zone)
	for range maxSteps {
		moved := false
		for i := range m.quiet {
			q := &m.quiet[i]
			if len(q.channels) > 0 && !slices.Contains(q.channels, channel) {
				continue
			}
			next, reason := q.end(t, place)
			if reason == "" {
				continue
			}
			if why == "" {
				why, ref = reason, q.name
			}
			if !next.After(t) { // the clock is put back, or jumps over the time
				next = t.Add(time.Hour)
			}
			t, moved = next, true
		}
		if !moved {
			end = instant.Micros(t)
			return end, why, ref, end < latest*1_000_000
		}
	}
	return 0, why, ref, false
}
