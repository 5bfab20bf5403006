package ladder

import (
	"cmp"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A reading is a quantity as it stands at an instant. One that does not count has no value.
type reading struct {
	Quantity
	name string
	age  Duration
	why  Why // it does not count: notApplicable, or a reason that is shown; "": it counts
}

// notApplicable is why a reading, or what rests on it, does not apply. It leaves nothing unknown and is not shown.
const notApplicable = Why(NotApplicable)

// without returns the reading as one that does not count. Its value goes, since nobody checked it.
func (r reading) without(why Why) reading {
	r.Value, r.why = decimal.Decimal{}, why
	return r
}

// lack returns what a line says of a reading that does not count.
func (r *reading) lack() Lack {
	l := Lack{Quantity: r.name, Why: r.why}
	switch r.why {
	case WhyExpired:
		l.Age = r.age
	case WhyFailed:
		l.Text = r.Why
	}
	return l
}

// read reads every quantity once.
func (m *Model) read(account string, quantities Quantities, asOf time.Time) ([]reading, error) {
	readings := make([]reading, len(m.plan.quantities))
	for i, q := range m.plan.quantities {
		r, wrong := m.readOne(q, quantities, asOf)
		if wrong != "" {
			return nil, &DataError{Account: account, Field: fmt.Sprintf("quantity %q", q.name), Message: wrong}
		}
		readings[i] = r
	}
	return readings, nil
}

// readOne returns a quantity, or what is wrong with it. Of one that does not count nothing further is looked at.
// asOf must be an instant as [instant.Of] gives it.
func (m *Model) readOne(q quantity, quantities Quantities, asOf time.Time) (r reading, wrong string) {
	r.name = q.name
	known := false
	if quantities != nil {
		r.Quantity, known = quantities.Quantity(q.name)
	}
	if !known {
		return r.without(WhyMissing), ""
	}
	if err := instant.Check(r.At); err != nil {
		return r, "at: " + err.Error()
	}
	if r.At = instant.Of(r.At); r.At.After(asOf) {
		return r.without(WhyMissing), ""
	}
	switch r.State {
	case Known, "":
	case NotApplicable:
		return r.without(notApplicable), ""
	case Failed:
		if err := ident.Text(r.Why); err != nil {
			return r, "why: " + err.Error()
		}
		return r.without(WhyFailed), ""
	default:
		return r, fmt.Sprintf("has the unknown state %q", check.Clip(string(r.State)))
	}
	r.Evidence = cmp.Or(r.Evidence, Assumed)
	class := rank(classes, r.Evidence)
	if class < 0 {
		return r, fmt.Sprintf("has the unknown evidence class %q", check.Clip(string(r.Evidence)))
	}
	if !r.At.IsZero() {
		r.age = Duration(asOf.Sub(r.At).Truncate(time.Microsecond)) // at most 292 years
	}
	if expire := m.plan.haircuts[class].Expire; expire > 0 {
		if r.At.IsZero() {
			return r.without(WhyUndated), ""
		}
		if r.age >= expire {
			return r.without(WhyExpired), ""
		}
	}
	return r, q.bound.refusal(r.Value)
}

// weaker returns the class with less weight; "" is none and gives way.
func weaker(a, b Evidence) Evidence {
	if a == "" || b != "" && rank(classes, b) < rank(classes, a) {
		return b
	}
	return a
}
