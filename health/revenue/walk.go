package revenue

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A walk leads one account through its movements and notes its course through each period in which it moved.
type walk struct {
	currency string
	minor    int32 // places of the currency's minor unit
	options  Options
	gap      int64   // microseconds
	edges    []int64 // of the periods, in microseconds

	places        int32 // sizes are in units of 10^-places, at least as fine as the minor unit and every amount
	known, active bool  // by the movements: has been new; has not churned since
	ever, here    bool  // by the options: has been a customer; is one
	balance       size

	period  int     // of now; -1 is before the first
	now     *course // of the open period: the last of courses, or opening
	opening course  // its end is the state at the first edge
	courses []course
	named   []named
}

// A named movement is one with a source.
type named struct {
	period, kind int
	source       string
	size         size
}

// run takes all movements of an account before the last edge, in units of 10^-places, or finer ones if an amount needs
// them. It keeps what it needs of the movements by value.
func (w *walk) run(movements []Movement, places int32) *DataError {
	*w = walk{currency: w.currency, minor: w.minor, options: w.options, gap: w.gap, edges: w.edges, places: places, period: -1,
		courses: w.courses[:0], named: w.named[:0]}
	w.now = &w.opening
	account := movements[0].Account
	if err := ident.Check(account); err != nil {
		return &DataError{Account: account, Field: "account", Message: err.Error()}
	}
	end, last := w.edges[len(w.edges)-1], int64(math.MinInt64)
	for i := range movements {
		m := &movements[i]
		at, err := m.instant()
		if err == nil && (at <= last || m.Account != account) {
			err = follows(movements[:i], m, at)
		}
		last = at
		if err == nil && at >= end {
			continue // not seen, but none after it may be from before
		}
		if finer := -m.Amount.Exponent(); err == nil && finer > w.places && amount.Check(m.Amount) == nil {
			return w.run(movements, finer) // again from the first
		}
		kind := m.Kind.place()
		var by size
		if err == nil {
			by, err = w.check(m, kind)
		}
		if err == nil {
			err = w.move(m, kind, by, at, movements[i+1:])
		}
		if err != nil {
			return &DataError{Account: account, Field: fmt.Sprint("movement ", i), Message: err.Error()}
		}
	}
	w.close()
	return nil
}

// mostAtOnce bounds the movements of an account at one instant, each of which is compared with the others.
const mostAtOnce = 1000

// follows checks that m can come after those before it.
func follows(before []Movement, m *Movement, at int64) error {
	for i, p := range slices.Backward(before) {
		if i == len(before)-1 && p.Account != m.Account {
			return fmt.Errorf("is of account %q", m.Account)
		}
		switch then := instant.Micros(p.At); {
		case then > at:
			return fmt.Errorf("is at %s, before movement %d at %s", m.At.UTC().Format(time.RFC3339Nano), i, p.At.UTC().Format(time.RFC3339Nano))
		case then < at:
			return nil
		case p.Kind == m.Kind && p.Source == m.Source:
			return fmt.Errorf("is a second %s at %s, after movement %d", m.Kind, m.At.UTC().Format(time.RFC3339Nano), i)
		case len(before)-i >= mostAtOnce:
			return fmt.Errorf("is one of over %d at %s", mostAtOnce, m.At.UTC().Format(time.RFC3339Nano))
		}
	}
	return nil
}

// move takes one movement that can come next in time, if it can come next in the account's course.
func (w *walk) move(m *Movement, kind int, by size, at int64, later []Movement) error {
	begins := kind == kNew || kind == kReactivation
	switch {
	case kind == kNew && w.known:
		return fmt.Errorf("new, and it was a customer before")
	case kind == kReactivation && !w.known:
		return fmt.Errorf("reactivation, and it was never a customer")
	case kind == kReactivation && w.active:
		return fmt.Errorf("reactivation, and it has not left")
	case !begins && !w.active:
		return fmt.Errorf("%s, and it is no customer", m.Kind)
	}
	to := by
	switch kind {
	case kNew, kReactivation:
		w.known, w.active = true, true
	case kExpansion:
		to = w.balance.plus(by)
	case kContraction, kChurn:
		to = w.balance.minus(by)
		if to.sign() < 0 || kind == kChurn && to.sign() > 0 {
			return fmt.Errorf("%s of %s, and it has %s", m.Kind, amount.Text(m.Amount), amount.Text(w.balance.decimal(w.places)))
		}
		w.active = kind == kContraction
		if !w.active && w.returnsSoon(at, later) {
			return nil // the balance goes on until then
		}
	}
	w.enter(at)
	churns := w.now.times[kChurn]
	w.change(m, to)
	if kind == kChurn && w.now.times[kChurn] > churns && w.edges[len(w.edges)-1]-at < w.gap {
		w.now.pending, w.now.waits = by, true
	}
	return nil
}

// returnsSoon reports whether what follows a churn shows that it was none.
func (w *walk) returnsSoon(at int64, later []Movement) bool {
	if w.gap == 0 || len(later) == 0 || later[0].Kind != Reactivation {
		return false
	}
	back := instant.Micros(later[0].At)
	return back-at < w.gap && back < w.edges[len(w.edges)-1]
}

// enter opens the period of an instant.
func (w *walk) enter(at int64) {
	period := w.period
	for period+1 < len(w.edges) && w.edges[period+1] <= at {
		period++
	}
	if period == w.period {
		return
	}
	w.close()
	w.period = period
	w.courses = slices.Grow(w.courses, 1)[:len(w.courses)+1]
	w.now = &w.courses[len(w.courses)-1]
	*w.now = course{} // in place: it is large
	w.now.period, w.now.start, w.now.before, w.now.ever = period, w.balance, w.here, w.ever
}

// close ends the course through the open period.
func (w *walk) close() {
	w.now.end, w.now.after = w.balance, w.here
	if w.period < 0 {
		w.opening.ever = w.ever
	} else if w.options.Moves == MovesNet {
		w.ever = w.now.ever || w.now.after
		w.now.net()
	}
}

// change brings the balance to what it is after a movement, and notes what that is by the options.
func (w *walk) change(m *Movement, to size) {
	was := w.here
	w.here = to.sign() > 0 || w.options.Free == FreeLogos && w.active
	by := to.minus(w.balance)
	w.balance = to
	var kind int
	switch {
	case !was && w.here && !w.ever:
		kind = kNew
		w.ever = true
	case !was && w.here:
		kind = kReactivation
	case was && !w.here:
		kind = kChurn
	case by.sign() > 0:
		kind = kExpansion
	case by.sign() < 0:
		kind = kContraction
	default:
		return
	}
	if by.sign() < 0 {
		by = size{}.minus(by)
	}
	w.now.note(kind, by)
	if m.Price && kind == kExpansion {
		w.now.price = w.now.price.plus(by)
	}
	if m.Source != "" && w.period >= 0 {
		w.named = append(w.named, named{w.period, kind, m.Source, by})
	}
}
