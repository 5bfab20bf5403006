package acceleration

import (
	"cmp"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Account is one customer's course until the end that is looked at, such as an advance, a renewal or a loss.
type Account struct {
	ID      string
	Segment string    // accounts are compared within segments; "" is one, too
	From    time.Time // when its clock starts
	To      time.Time // when it ended, or was last watched
	End     End
	// Until is when an account that left would have been watched until, as the day of the data; zero: beyond the horizon.
	Until time.Time
	Done  []Done // in any order; of a step done more than once the first counts
}

// A Done is a step that an account did.
type Done struct {
	Step string
	At   time.Time // may be before the clock starts
}

// An End says how an account's clock stopped.
type End string

// Ends. The empty one is open: not ended when last watched.
const (
	Open    End = ""
	Reached End = "reached" // what is looked at happened
	Left    End = "left"    // it will not happen any more
)

// A Goal says which ends are good.
type Goal string

// Goals.
const (
	Sooner Goal = "sooner" // the end is progress
	Later  Goal = "later"  // the end is a loss
)

// A StepKind says what a step is. It changes no number.
type StepKind string

// Step kinds.
const (
	OfCustomer StepKind = "step"       // by the customer
	Capability StepKind = "capability" // of the product, taken into use
	Play       StepKind = "play"       // of the vendor's people
)

// A Step is something that accounts do or are given.
type Step struct {
	Name  string   `json:"name"`
	Kind  StepKind `json:"kind,omitempty"`
	Trial bool     `json:"trial,omitempty"` // a random draw decided who did it, and those drawn count as having done it
}

// A Plan is what is looked for, written before the data are looked at.
type Plan struct {
	Goal         Goal
	Landmark     float64 // day by which a step counts; 0 or more
	Horizon      float64 // days after the landmark that are compared; above 0
	Steps        []Step  // by distinct names, at most 1000; what accounts did beside them is not looked at
	Control      string  // one of Steps that can't matter; "": none
	Minimum      int     // accounts with a step and without it, each, from which it is looked at; 0: 20
	Discovery    float64 // the false-discovery rate to keep, above 0 and below 1; 0: 0.05
	Confidence   float64 // of intervals, above 0 and below 1; 0: 0.95
	Permutations int     // 99 to 100 000; 0: 1999
	Seed         uint64  // of the permutations
}

// longest is about what an instant can lie after another, in days.
const longest = 3_700_000

func (p Plan) complete() (Plan, error) {
	p.Minimum = cmp.Or(p.Minimum, 20)
	p.Discovery = cmp.Or(p.Discovery, 0.05)
	p.Confidence = cmp.Or(p.Confidence, 0.95)
	p.Permutations = cmp.Or(p.Permutations, 1999)
	switch {
	case p.Goal != Sooner && p.Goal != Later:
		return p, argument("goal", "%q is unknown", p.Goal)
	case !(p.Landmark >= 0 && p.Landmark <= longest):
		return p, argument("landmark", "%v is not within 0 to %d", p.Landmark, longest)
	case !(p.Horizon > 0 && p.Horizon <= longest):
		return p, argument("horizon", "%v is not above 0 and up to %d", p.Horizon, longest)
	case p.Minimum < 2:
		return p, argument("minimum", "%d is below 2", p.Minimum)
	case !(p.Discovery > 0 && p.Discovery < 1):
		return p, argument("discovery", "%v is not between 0 and 1", p.Discovery)
	case !(p.Confidence > 0 && p.Confidence < 1):
		return p, argument("confidence", "%v is not between 0 and 1", p.Confidence)
	case p.Permutations < 99 || p.Permutations > 100_000:
		return p, argument("permutations", "%d is outside 99 to 100000", p.Permutations)
	case len(p.Steps) == 0 || len(p.Steps) > 1000:
		return p, argument("steps", "%d are not 1 to 1000", len(p.Steps))
	}
	index := make(map[string]int, len(p.Steps))
	for i, s := range p.Steps {
		field := fmt.Sprintf("step %q", s.Name)
		if err := ident.Check(s.Name); err != nil {
			return p, argument(field, "%s", err)
		}
		if _, twice := index[s.Name]; twice {
			return p, argument(field, "is there twice")
		}
		switch s.Kind {
		case "", OfCustomer, Capability, Play:
		default:
			return p, argument(field, "the kind %q is unknown", s.Kind)
		}
		index[s.Name] = i
	}
	if _, ok := index[p.Control]; !ok && p.Control != "" {
		return p, argument("control", "%q is not among the steps", p.Control)
	}
	return p, nil
}

func (a *Account) check(i int) error {
	if err := identified(a.ID, "ID of account", i); err != nil {
		return err
	}
	wrong := func(field, format string, args ...any) error {
		return &DataError{a.ID, field, fmt.Sprintf(format, args...)}
	}
	if err := instant.Given(a.From); err != nil {
		return wrong("from", "%s", err)
	}
	if err := instant.Given(a.To); err != nil {
		return wrong("to", "%s", err)
	}
	if err := instant.Check(a.Until); err != nil {
		return wrong("until", "%s", err)
	}
	switch a.End {
	case Open, Reached, Left:
	default:
		return wrong("end", "%.256q is unknown", a.End)
	}
	if a.To.Before(a.From) {
		return wrong("to", "is before from")
	}
	for _, d := range a.Done {
		if err := instant.Given(d.At); err != nil {
			return wrong(fmt.Sprintf("step %.256q", d.Step), "%s", err)
		}
	}
	return nil
}

// days returns the days from one instant to another.
func days(from, to time.Time) float64 {
	us := instant.Micros(instant.Of(to)) - instant.Micros(instant.Of(from))
	return float64(us) / float64((24 * time.Hour).Microseconds())
}
