package mining

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/journey"
)

// An Event is one activity of an account. Account and Activity have 1 to 256 bytes of UTF-8 without control characters.
type Event struct {
	Account  string
	Activity string
	At       time.Time // truncated to microseconds
}

// A Step is one activity on a journey.
type Step struct {
	Activity string
	At       time.Time // never before the step before it
}

// A Journey is all that one account did, in order of time. Steps at one instant count in the order in which they stand.
type Journey struct {
	Account string
	Steps   []Step // at least one
}

// Duration returns the time from the first step to the last, 0 if there are fewer than two, in seconds.
func (j Journey) Duration() float64 {
	if len(j.Steps) == 0 {
		return 0
	}
	return seconds(instant.Micros(j.Steps[len(j.Steps)-1].At) - instant.Micros(j.Steps[0].At))
}

// seconds converts microseconds.
func seconds(us int64) float64 { return float64(us) / 1e6 }

// Sort sorts events by the bytes of the account, then by instant. Events of an account at one instant keep their order.
func Sort(events []Event) {
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(instant.Micros(a.At), instant.Micros(b.At)))
	})
}

// Journeys gathers events that are sorted by the bytes of the account into one journey for each account, and holds one at
// a time. It does not look at instants and activities: what takes a journey does. The sequence ends with an error that
// names the place where an account comes after a later one, or with that of events.
func Journeys(events iter.Seq2[Event, error]) iter.Seq2[Journey, error] {
	return func(yield func(Journey, error) bool) {
		var j Journey
		row := 0
		for e, err := range events {
			if err != nil {
				yield(Journey{}, fmt.Errorf("mining: read event %d: %w", row, err))
				return
			}
			if row > 0 && e.Account != j.Account {
				if !yield(j, nil) {
					return
				}
				if e.Account < j.Account {
					yield(Journey{}, unsorted(row, e.Account, j.Account))
					return
				}
				j = Journey{}
			}
			j.Account = e.Account
			j.Steps = append(j.Steps, Step{e.Activity, e.At})
			row++
		}
		if row > 0 {
			yield(j, nil)
		}
	}
}

// unsorted names the place where accounts are out of order.
func unsorted(row int, account, before string) *DataError {
	return wrong(fmt.Sprintf("event %d", row), "account %.256q comes after %.256q: sort events by account", account, before)
}

// check returns the instants of a journey in microseconds, appended to dst, or names what can't be used.
func (j Journey) check(dst []int64) ([]int64, *DataError) {
	if err := ident.Check(j.Account); err != nil {
		return dst, wrong("account", "%v", err)
	}
	if len(j.Steps) == 0 {
		return dst, &DataError{j.Account, "journey", "has no events"}
	}
	for i, s := range j.Steps {
		err := ident.Check(s.Activity)
		if err != nil {
			err = fmt.Errorf("activity %w", err)
		} else if err = instant.Given(s.At); err != nil {
			err = fmt.Errorf("instant %w", err)
		} else if dst = append(dst, instant.Micros(s.At)); i > 0 && dst[len(dst)-1] < dst[len(dst)-2] {
			err = backwards(dst[len(dst)-1], dst[len(dst)-2])
		}
		if err != nil {
			return dst, &DataError{j.Account, fmt.Sprintf("event %d", i), err.Error()}
		}
	}
	return dst, nil
}

func backwards(at, before int64) error {
	return fmt.Errorf("%s is before the event before it, %s", written(at), written(before))
}

// written gives an instant as people read it.
func written(us int64) string { return instant.FromMicros(us).Format(time.RFC3339Nano) }

// An Ending says which journeys have ended. One that has not is open: where it stands is no end, and its time is not up.
// The zero Ending knows of none that has ended.
type Ending struct {
	All        bool             `json:"all,omitempty"`        // every journey of the log has; excludes the others
	Activities []string         `json:"activities,omitempty"` // one whose last activity is of these has
	Quiet      journey.Duration `json:"quiet,omitempty"`      // one without an event for this long until AsOf has; 0: not so
	AsOf       time.Time        `json:"as_of,omitzero"`       // with Quiet, and only then
}

// Ended reports whether a journey has ended.
func (e Ending) Ended(j Journey) bool {
	if len(j.Steps) == 0 {
		return false
	}
	last := j.Steps[len(j.Steps)-1]
	return e.All || slices.Contains(e.Activities, last.Activity) || e.quiet(instant.Micros(last.At))
}

// quiet reports whether nothing has come for long enough since an instant.
func (e Ending) quiet(last int64) bool {
	return e.Quiet > 0 && instant.Micros(e.AsOf)-last >= time.Duration(e.Quiet).Microseconds()
}

// complete checks an ending and returns it in its one form.
func (e Ending) complete() (Ending, *DataError) {
	e.Activities = slices.Sorted(slices.Values(e.Activities))
	for i, a := range e.Activities {
		if err := ident.Check(a); err != nil {
			return e, wrong("ending activities", "%q %v", a, err)
		}
		if i > 0 && a == e.Activities[i-1] {
			return e, wrong("ending activities", "%q is there twice", a)
		}
	}
	switch {
	case e.All && (len(e.Activities) > 0 || e.Quiet != 0):
		return e, wrong("ending", "says that all have ended, and which")
	case e.Quiet < 0 || time.Duration(e.Quiet)%time.Microsecond != 0:
		return e, wrong("ending quiet", "must be whole microseconds and not negative: %v", e.Quiet)
	case (e.Quiet > 0) != !e.AsOf.IsZero():
		return e, wrong("ending as of", "belongs to quiet, and quiet to it")
	}
	if err := instant.Check(e.AsOf); err != nil {
		return e, wrong("ending as of", "%v", err)
	}
	e.AsOf = instant.Of(e.AsOf)
	return e, nil
}

// equal compares endings in their one form.
func (e Ending) equal(o Ending) bool {
	return e.All == o.All && e.Quiet == o.Quiet && e.AsOf == o.AsOf && slices.Equal(e.Activities, o.Activities)
}
