package revenue

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A walk leads one account through its movements and notes its course through each period in which it moved.
type walk struct {
	currency string
	options  Options
	gap      int64   // microseconds
	edges    []int64 // of the periods, in microseconds

	known, active bool // by the movements: has been new; has not churned since
	ever, here    bool // by the options: has been a customer; is one
	balance       amount.Total

	period  int    // of now; -1 is before the first
	now     course // open while period is not -1
	opening course // its end is the state at the first edge
	courses []course
	named   []named
}

// A named movement is one with a source.
type named struct {
	period, kind int
	source       string
	amount       amount.Total
}

// run takes all movements of an account before the last edge. It keeps what it needs of them by value.
func (w *walk) run(movements []Movement) *DataError {
	*w = walk{currency: w.currency, options: w.options, gap: w.gap, edges: w.edges, period: -1,
		courses: w.courses[:0], named: w.named[:0]}
	account := movements[0].Account
	if err := ident.Check(account); err != nil {
		return &DataError{Account: account, Field: "account", Message: err.Error()}
	}
	for i := range movements {
		m := &movements[i]
		at, err := m.instant()
		if err == nil {
			err = follows(movements[:i], m, at)
		}
		if err == nil && at >= w.edges[len(w.edges)-1] {
			continue // not seen, but none after it may be from before
		}
		if err == nil {
			err = m.check(w.currency)
		}
		if err == nil {
			err = w.move(m, at, movements[i+1:])
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
func (w *walk) move(m *Movement, at int64, later []Movement) error {
	var size amount.Total
	size.Add(m.Amount)
	switch {
	case m.Kind == New && w.known:
		return fmt.Errorf("new, and it was a customer before")
	case m.Kind == Reactivation && !w.known:
		return fmt.Errorf("reactivation, and it was never a customer")
	case m.Kind == Reactivation && w.active:
		return fmt.Errorf("reactivation, and it has not left")
	case m.Kind != New && m.Kind != Reactivation && !w.active:
		return fmt.Errorf("%s, and it is no customer", m.Kind)
	}
	to := w.balance
	switch m.Kind {
	case New, Reactivation:
		w.known, w.active = true, true
		to = size
	case Expansion:
		to.Merge(size)
	case Contraction:
		if size.Cmp(w.balance) > 0 {
			return fmt.Errorf("contraction of %s, and it has %s", amount.Text(m.Amount), amount.Text(w.balance.Sum()))
		}
		to.Merge(size.Neg())
	case Churn:
		if size.Cmp(w.balance) != 0 {
			return fmt.Errorf("churn of %s, and it has %s", amount.Text(m.Amount), amount.Text(w.balance.Sum()))
		}
		w.active = false
		if w.returnsSoon(at, later) {
			return nil // the balance goes on until then
		}
		to = amount.Total{}
	}
	w.enter(at)
	churns := w.now.times[kChurn]
	w.change(m, to)
	if until := w.edges[len(w.edges)-1]; m.Kind == Churn && w.now.times[kChurn] > churns && until-at < w.gap {
		w.now.pending, w.now.waits = size, true
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
	w.now = course{period: period, start: w.balance, before: w.here, ever: w.ever}
}

// close ends the course through the open period.
func (w *walk) close() {
	w.now.end, w.now.after = w.balance, w.here
	if w.period < 0 {
		w.opening = w.now
		w.opening.ever = w.ever
		return
	}
	if w.options.Moves == MovesNet {
		w.ever = w.now.ever || w.now.after
		w.now.net()
	}
	w.courses = append(w.courses, w.now)
}

// change brings the balance to what it is after a movement, and notes what that is by the options.
func (w *walk) change(m *Movement, to amount.Total) {
	was := w.here
	w.here = to.Sign() > 0 || w.options.Free == FreeLogos && w.active
	by := to
	by.Merge(w.balance.Neg())
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
	case by.Sign() > 0:
		kind = kExpansion
	case by.Sign() < 0:
		kind = kContraction
	default:
		return
	}
	if by.Sign() < 0 {
		by = by.Neg()
	}
	w.now.note(kind, by)
	if m.Price && kind == kExpansion {
		w.now.price.Merge(by)
	}
	if m.Source != "" && w.period >= 0 {
		w.named = append(w.named, named{w.period, kind, m.Source, by})
	}
}
