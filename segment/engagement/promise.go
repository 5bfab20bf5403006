package engagement

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

// A PromiseEvent is one step of a promise: of something that is owed to the customer, such as an answer or a refund.
// All steps of one promise are one thread, whichever team takes them. Its JSON is canonical.
type PromiseEvent struct {
	Format  int         `json:"format"`  // 1
	ID      string      `json:"id"`      // unique in the account
	Promise string      `json:"promise"` // ID of the promise
	Kind    PromiseStep `json:"kind"`
	At      time.Time   `json:"at"`
	Due     time.Time   `json:"due,omitzero"`   // of Promised and Moved: by when, included
	What    string      `json:"what,omitempty"` // of Promised: what is owed
	Team    string      `json:"team,omitempty"` // of Promised and Handed: who owes it from here on
	Person  string      `json:"person,omitempty"`
	By      string      `json:"by,omitempty"`
	Note    string      `json:"note,omitempty"`
}

// MarshalJSON returns the canonical encoding.
func (e PromiseEvent) MarshalJSON() ([]byte, error) {
	type plain PromiseEvent
	return canon.JSON(plain(e))
}

// A PromiseStep says what happened to a promise.
type PromiseStep string

// Steps of a promise.
const (
	Promised PromiseStep = "promised" // always the first
	Handed   PromiseStep = "handed"   // to another team
	Chased   PromiseStep = "chased"   // the customer asked where it is
	Moved    PromiseStep = "moved"    // the customer agreed to another Due; of no effect once it is broken
	Kept     PromiseStep = "kept"     // the last
	Released PromiseStep = "released" // the last: the customer does not want it any more
)

// A Promise is the fold of its events.
type Promise struct {
	ID      string       `json:"id"`
	What    string       `json:"what,omitempty"`
	Person  string       `json:"person,omitempty"`
	Team    string       `json:"team,omitempty"` // that owes it, or kept it
	Since   time.Time    `json:"since"`          // when it was made
	Due     time.Time    `json:"due"`            // the one in force
	State   PromiseState `json:"state"`
	Ended   time.Time    `json:"ended,omitzero"`    // when it was kept or released
	Broken  time.Time    `json:"broken,omitzero"`   // since when it is broken, even if it was kept later
	Handed  int          `json:"handed,omitempty"`  // how often
	Moved   int          `json:"moved,omitempty"`   // how often
	Chased  int          `json:"chased,omitempty"`  // how often
	Overdue Duration     `json:"overdue,omitempty"` // how long after Due it ended, or is open; 0: not
}

// MarshalJSON returns the canonical encoding.
func (p Promise) MarshalJSON() ([]byte, error) {
	type plain Promise
	return canon.JSON(plain(p))
}

// A PromiseState says how a promise stands.
type PromiseState string

// States of a promise.
const (
	PromiseOpen     PromiseState = "open"
	PromiseOverdue  PromiseState = "overdue" // after Due
	PromiseBroken   PromiseState = "broken"  // after Due + grace
	PromiseKept     PromiseState = "kept"
	PromiseReleased PromiseState = "released"
)

// Promises returns an account's promises as of an instant, which is inclusive, by Due and then by ID. The order in which
// events arrive does not matter: they count by At, then by the bytes of ID, and the same one twice is one. A promise that
// is not kept or released by Due + grace is broken, and stays so. What follows on its end changes nothing.
//
// Promises returns an error if (each a *DataError):
//   - the account's ID, or that of an event or a promise, is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf, or At or the Due of a promise or a move, is zero, or outside of the years 1 to 9999;
//   - a text is over 1024 bytes, not UTF-8 or has a NUL;
//   - grace is negative, or not in whole microseconds;
//   - an event has an unknown kind, two events have one ID and are not the same, or a promise does not begin with Promised.
//
// It returns ErrFormat if an event's format is newer than [Format].
func Promises(account string, events []PromiseEvent, grace Duration, asOf time.Time) ([]Promise, error) {
	r := reader{account: account}
	if err := ident.Check(account); err != nil {
		r.fail("account", err)
	}
	now := r.micros(asOf, "as of", "")
	if grace < 0 {
		r.fail("grace", errors.New("must not be negative"))
	} else if err := span.Check(time.Duration(grace)); err != nil {
		r.fail("grace", err)
	}
	list := make([]PromiseEvent, len(events))
	for i := range events {
		list[i] = r.promiseEvent(events[i])
	}
	slices.SortFunc(list, func(a, b PromiseEvent) int { return strings.Compare(a.ID, b.ID) })
	for i := range list[min(1, len(list)):] {
		if list[i].ID == list[i+1].ID && list[i] != list[i+1] {
			r.fail(fmt.Sprintf("event %q", list[i].ID), errors.New("is there twice, and not the same"))
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	list = slices.DeleteFunc(slices.Compact(list), func(e PromiseEvent) bool { return instant.Micros(e.At) > now })
	slices.SortStableFunc(list, func(a, b PromiseEvent) int { return cmp.Or(strings.Compare(a.Promise, b.Promise), a.At.Compare(b.At)) })
	var promises []Promise
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Promise == list[0].Promise {
			n++
		}
		p, err := foldPromise(list[:n], grace, instant.FromMicros(now))
		if err != nil {
			return nil, dataError(account, fmt.Sprintf("promise %q", list[0].Promise), err)
		}
		promises, list = append(promises, p), list[n:]
	}
	slices.SortStableFunc(promises, func(a, b Promise) int { return a.Due.Compare(b.Due) })
	return promises, nil
}

// promiseEvent returns an event in the form of the module.
func (r *reader) promiseEvent(e PromiseEvent) PromiseEvent {
	if e.Format > Format && r.err == nil {
		r.err = fmt.Errorf("engagement: promises of %q: event %q: format %d: %w", r.account, e.ID, e.Format, ErrFormat)
	}
	if err := cmp.Or(ident.Check(e.ID), ident.Check(e.Promise)); err != nil {
		r.fail(fmt.Sprintf("ID or promise of event %q", e.ID), err)
	}
	for _, text := range [...]string{e.What, e.Team, e.Person, e.By, e.Note} {
		if err := ident.Text(text); err != nil {
			r.fail(fmt.Sprintf("a text of event %q", e.ID), err)
		}
	}
	r.micros(e.At, "time of event", e.ID)
	switch e.Kind {
	case Promised, Moved:
		r.micros(e.Due, "due of event", e.ID)
	case Handed, Chased, Kept, Released:
		r.maybe(e.Due, "due of event", e.ID)
	default:
		r.fail(fmt.Sprintf("kind of event %q", e.ID), fmt.Errorf("is %q, which is not known", e.Kind))
	}
	e.At, e.Due = instant.Of(e.At), instant.Of(e.Due)
	return e
}

// foldPromise folds the events of one promise, oldest first, at least one.
func foldPromise(events []PromiseEvent, grace Duration, now time.Time) (Promise, error) {
	first := events[0]
	if first.Kind != Promised {
		return Promise{}, fmt.Errorf("is %s before it is promised", first.Kind)
	}
	p := Promise{ID: first.Promise, What: first.What, Person: first.Person, Team: first.Team, Since: first.At, Due: first.Due}
	broken := func() time.Time { return p.Due.Add(time.Duration(grace)) }
	for _, e := range events[1:] {
		if !p.Ended.IsZero() {
			break
		}
		switch e.Kind {
		case Promised:
			return Promise{}, errors.New("is promised twice")
		case Handed:
			p.Handed++
			p.Team = e.Team
		case Chased:
			p.Chased++
		case Moved:
			if !e.At.After(broken()) {
				p.Moved++
				p.Due = e.Due
			}
		case Kept, Released:
			p.Ended = e.At
			p.State = PromiseState(e.Kind)
		}
	}
	end := now
	if !p.Ended.IsZero() {
		end = p.Ended
	}
	if end.After(p.Due) {
		p.Overdue = Duration(end.Sub(p.Due))
	}
	if end.After(broken()) {
		p.Broken = broken()
	}
	switch {
	case p.State != "":
	case !p.Broken.IsZero():
		p.State = PromiseBroken
	case p.Overdue > 0:
		p.State = PromiseOverdue
	default:
		p.State = PromiseOpen
	}
	return p, nil
}

// A PromiseTally counts promises, as readings for a health score.
type PromiseTally struct {
	Open    int `json:"open"`    // not yet ended, those below included
	Overdue int `json:"overdue"` // of them, after their Due
	Broken  int `json:"broken"`  // broken in the window, whether or not they ended since
	Kept    int `json:"kept"`    // kept in the window by Due + grace
	Chased  int `json:"chased"`  // how often the open ones were asked for
}

// Tally counts promises as of the instant that [Promises] had, in the window (asOf − window, asOf]. An account to which
// nothing was promised has all zeros: whether that is good is for the host to say.
func Tally(promises []Promise, window Duration, asOf time.Time) PromiseTally {
	from := instant.Of(asOf).Add(-time.Duration(window))
	var t PromiseTally
	for _, p := range promises {
		if p.Ended.IsZero() {
			t.Open++
			t.Chased += p.Chased
			if p.Overdue > 0 {
				t.Overdue++
			}
		}
		switch {
		case p.Broken.After(from):
			t.Broken++
		case p.Broken.IsZero() && p.State == PromiseKept && p.Ended.After(from):
			t.Kept++
		}
	}
	return t
}
