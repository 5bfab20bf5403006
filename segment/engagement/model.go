package engagement

import (
	"errors"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// An Input is all that an agenda is made of. What is not in it can't influence the agenda.
type Input struct {
	Account string
	Began   time.Time     // when the program began for the account; zero: unknown, cadences without a touch are not due
	Facts   segment.Facts // for conditions; nil: all NULL
	Touches []Touch       // made so far, in any order
	Events  []Event       // that happened, in any order
	Anchors []Anchor
}

// An Event is something that touches react to. The same name and instant twice is one event.
type Event struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// An Anchor is a dated fact that touches relate to, such as "renewal".
type Anchor struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Due returns what is due for an account as of an instant, which is inclusive: touches and events after it are not seen.
// The order in which touches and events arrive does not matter. It does not modify or keep in.
//
// Due returns an error if (each a *DataError):
//   - the account's ID is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf, Began, or the instant of a touch, an event or an anchor, or what follows from it, is outside of the years 1 to
//     9999; of these only Began may be zero;
//   - a touch has no ID, or a text that can't be kept: over 1024 bytes, not UTF-8 or with a NUL;
//   - two anchors have one name, or two touches one ID that differ in more than Recorded;
//   - a fact that a condition reads can't be evaluated.
//
// It returns ErrFormat if a touch's format is newer than [Format].
func (m *Model) Due(in Input, asOf time.Time) (Agenda, error) {
	past, err := read(in, asOf)
	if err != nil {
		return Agenda{}, err
	}
	a := Agenda{Account: in.Account, AsOf: past.asOf, Program: m.def.Name, Version: m.def.Version, Digest: m.digest}
	for i := range m.plans {
		p := &m.plans[i]
		why, ref, err := p.suppressed(in, past.asOf)
		if err != nil {
			return Agenda{}, err
		}
		tasks, err := p.open(past)
		if err != nil {
			return Agenda{}, err
		}
		for _, t := range tasks {
			switch {
			case t.Due.After(past.asOf):
				if a.Next == nil || t.Due.Before(a.Next.Due) {
					a.Next = &t
				}
			case why != "":
				t.Why, t.Ref = why, ref
				a.Suppressed = append(a.Suppressed, t)
			default:
				t.Overdue = !past.asOf.Before(t.Due.Add(time.Duration(p.Within)))
				a.Due = append(a.Due, t)
			}
		}
	}
	byDue := func(x, y Task) int { return x.Due.Compare(y.Due) }
	slices.SortStableFunc(a.Due, byDue)
	slices.SortStableFunc(a.Suppressed, byDue)
	if len(a.Due) > 0 {
		a.Next = nil
	}
	return a, nil
}

// suppressed says why the touch must not be made now, and on which attribute that depends; "" if it may.
func (p *plan) suppressed(in Input, asOf time.Time) (why Reason, ref string, err error) {
	if p.when == nil {
		return "", "", nil
	}
	truth, failedOn, err := p.when.Eval(in.Facts, asOf)
	var data *segment.DataError
	switch {
	case errors.As(err, &data):
		return "", "", &DataError{Account: in.Account, Field: data.Field, Message: data.Message}
	case err != nil:
		return "", "", err
	case failedOn != "":
		return WhenFailed, failedOn, nil
	case truth == segment.Unknown:
		return WhenUnknown, "", nil
	case truth == segment.False:
		return WhenFalse, "", nil
	}
	return "", "", nil
}
