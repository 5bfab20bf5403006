package revenue

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Tally sums what accounts did in the periods of a calendar, in one currency. It holds sums and counts alone, so that
// its size depends on the calendar and the sources, not on the accounts. Tallies of parts of a book merge to that of the
// whole, the same to the bit in any order. It is not safe for concurrent use: give each goroutine one of its own.
type Tally struct {
	currency string
	calendar Calendar
	options  Options

	accounts int64 // that were added
	opening  amount.Total
	openers  int64 // customers at the start
	cells    []cell
	cohorts  []cohort // those before the calendar, then those of each period
	walk     walk
}

// NewTally returns an empty tally.
func NewTally(currency string, calendar Calendar, options Options) (*Tally, error) {
	minor, ok := amount.Minor(currency)
	if !ok {
		return nil, fmt.Errorf("revenue: tally: currency %q is not in ISO 4217", currency)
	}
	if calendar.Periods() == 0 {
		return nil, errors.New("revenue: tally: the calendar has no periods")
	}
	options, err := options.complete()
	if err != nil {
		return nil, fmt.Errorf("revenue: tally: %w", err)
	}
	t := &Tally{currency: currency, calendar: calendar, options: options,
		cells: make([]cell, calendar.Periods()), cohorts: make([]cohort, calendar.Periods()+1)}
	t.walk = walk{currency: currency, minor: minor, options: options, gap: time.Duration(options.Gap).Microseconds(), edges: make([]int64, len(calendar.edges))}
	for i, e := range calendar.edges {
		t.walk.edges[i] = instant.Micros(e)
	}
	return t, nil
}

// Add adds all movements of one account, in order of time from its first. What lies before the calendar makes the start
// of the first period; of what lies at or after its end only the order is checked. Each account is added once, to one of the tallies
// that are merged. A [DataError] names the movement that can't follow those before it, and leaves the tally as it was.
func (t *Tally) Add(movements []Movement) error {
	if err := t.add(movements); err != nil {
		return err
	}
	return nil
}

func (t *Tally) add(movements []Movement) *DataError {
	if len(movements) == 0 {
		return nil
	}
	if len(t.cells) == 0 {
		return &DataError{Account: movements[0].Account, Message: "the tally has no calendar"}
	}
	w := &t.walk
	if err := w.run(movements, w.minor); err != nil {
		return err
	}
	t.accounts++
	row := -1 // of the account's cohort
	if w.opening.ever {
		row = 0
	}
	if w.opening.after {
		w.opening.end.addTo(&t.opening, w.places)
		t.openers++
	}
	for i := range w.courses {
		c := &w.courses[i]
		t.cells[c.period].add(c, w.places, &t.options)
		if row < 0 && c.times[kNew] > 0 {
			row = c.period + 1
		}
		if row >= 0 {
			t.cohorts[row].add(c, w.places, c.period-max(0, row-1), len(t.cells)-max(0, row-1))
		}
	}
	for _, n := range w.named {
		n.size.addTo(&t.cells[n.period].source(n.source)[n.kind], w.places)
	}
	return nil
}

// AddAll adds a stream of movements sorted by account, as bytes, and then by time, as [Tally.Add] adds each. It returns
// the accounts that can't be added, which it leaves out whole, in order; and an error where it could not go on: the
// stream's own, or an account that is not after the one before it. What came before stays added.
func (t *Tally) AddAll(movements iter.Seq2[Movement, error]) (failed []*DataError, err error) {
	var one []Movement
	flush := func() {
		if e := t.add(one); e != nil {
			failed = append(failed, e)
		}
		one = one[:0]
	}
	for m, err := range movements {
		if err != nil {
			flush()
			return failed, fmt.Errorf("revenue: add movements: %w", err)
		}
		if len(one) > 0 && m.Account != one[0].Account {
			before := one[0].Account
			flush()
			if m.Account < before {
				return failed, fmt.Errorf("revenue: add movements: account %q comes after %q", m.Account, before)
			}
		}
		one = append(one, m)
	}
	flush()
	return failed, nil
}

// Merge adds the accounts of another tally of the same currency, calendar and options. It refuses any other and is then
// unchanged.
func (t *Tally) Merge(u *Tally) error {
	if t.currency != u.currency {
		return fmt.Errorf("revenue: merge: a tally in %s into one in %s", u.currency, t.currency)
	}
	if !t.calendar.same(u.calendar) {
		return errors.New("revenue: merge: the calendars differ")
	}
	if t.options != u.options {
		return errors.New("revenue: merge: the options differ")
	}
	t.accounts += u.accounts
	t.openers += u.openers
	t.opening.Merge(u.opening)
	for i := range t.cells {
		t.cells[i].merge(&u.cells[i])
	}
	for i := range t.cohorts {
		t.cohorts[i].merge(&u.cohorts[i])
	}
	return nil
}

// Accounts returns how many accounts were added, customers or not.
func (t *Tally) Accounts() int { return int(t.accounts) }
