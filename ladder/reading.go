package ladder

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A reading is a quantity as it stands at an instant. One that does not count has no value.
type reading struct {
	Quantity
	age Duration
	why string // it does not count: notApplicable, or the quantity and what is wrong; "": it counts
}

// notApplicable is why a reading, or what rests on it, does not apply.
const notApplicable = string(NotApplicable)

// read reads every quantity once.
func (m *Model) read(account string, quantities Quantities, asOf time.Time) ([]reading, error) {
	readings := make([]reading, len(m.plan.quantities))
	for i, q := range m.plan.quantities {
		r, why, wrong := m.readOne(q, quantities, asOf)
		switch {
		case wrong != "":
			return nil, &DataError{Account: account, Field: fmt.Sprintf("quantity %q", q.name), Message: wrong}
		case why == notApplicable:
			readings[i] = reading{why: why}
		case why != "":
			readings[i] = reading{why: fmt.Sprintf("quantity %q: %s", q.name, why)}
		default:
			readings[i] = r
		}
	}
	return readings, nil
}

// readOne returns a quantity; or why it does not count, and then it is not looked at further; or what is wrong with it.
func (m *Model) readOne(q quantity, quantities Quantities, asOf time.Time) (r reading, why, wrong string) {
	known := false
	if quantities != nil {
		r.Quantity, known = quantities.Quantity(q.name)
	}
	if !known || r.At.After(asOf) {
		return r, "missing", ""
	}
	if err := instant.Check(r.At); err != nil {
		return r, "", "at: " + err.Error()
	}
	switch r.State {
	case Known, "":
	case NotApplicable:
		return r, notApplicable, ""
	case Failed:
		return r, strings.TrimSuffix("failed: "+strings.ToValidUTF8(r.Why, "\uFFFD"), ": "), ""
	default:
		return r, "", fmt.Sprintf("has the unknown state %q", string(r.State))
	}
	r.Evidence = cmp.Or(r.Evidence, Assumed)
	class := rank(classes, r.Evidence)
	if class < 0 {
		return r, "", fmt.Sprintf("has the unknown evidence class %q", string(r.Evidence))
	}
	if !r.At.IsZero() {
		r.At = instant.Of(r.At)
		r.age = Duration(asOf.Sub(r.At).Truncate(time.Microsecond)) // at most 292 years
	}
	if expire := m.plan.haircuts[class].Expire; expire > 0 {
		if r.At.IsZero() {
			return r, "missing: of unknown age", ""
		}
		if r.age > expire {
			return r, fmt.Sprintf("expired: %v old, over %v", r.age, expire), ""
		}
	}
	return r, "", q.bound.refusal(r.Value)
}

// weaker returns the class with less weight; "" is none and gives way.
func weaker(a, b Evidence) Evidence {
	if a == "" || b != "" && rank(classes, b) < rank(classes, a) {
		return b
	}
	return a
}
