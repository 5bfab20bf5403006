package engagement

import (
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// An Expectation says what is expected of one account over a period.
type Expectation struct {
	Over     Duration    // longer than 0
	Answered float64     // share of tries that are answered, 0 to 1
	Times    []TimesEach // of touches that a trigger makes due; of a cadence the rounds of tries, if not those that fit
}

// TimesEach says how often a touch comes due for one account.
type TimesEach struct {
	Touch string  // name in the program
	Times float64 // 0 to 10000 in the period; of a condition that holds for a part of the accounts, that part of it
}

// An Effort is the owners' time that a program is expected to take for one account: the demand that coverage plans for.
type Effort struct {
	Hours   float64       `json:"hours"` // the sum of Roles
	Roles   []RoleEffort  `json:"roles,omitempty"`
	Touches []TouchEffort `json:"touches,omitempty"` // in program order
	Unknown []string      `json:"unknown,omitempty"` // touches of triggers of which nobody said how often: not counted
}

// RoleEffort is the effort of one role. Roles are in order of their bytes.
type RoleEffort struct {
	Owner string  `json:"owner"`
	Hours float64 `json:"hours"` // 0 or more
}

// TouchEffort is the effort for one touch and one role.
type TouchEffort struct {
	Touch string  `json:"touch"`
	Owner string  `json:"owner"`
	Tries float64 `json:"tries"` // expected number, 0 or more
	Hours float64 `json:"hours"` // 0 or more
}

// Effort returns the expected effort for one account in the long run, if nothing is held back. Of what becomes due once, try
// number k is made with probability q^(k−1), where q = 1 − Answered. A cadence is a renewal process: a round of tries takes
// the sum of q^(k−1) × its wait on average, which for try k is Every, or the Wait of the escalation before it.
//
// Effort returns an *InvalidError, with pointers into e, if a number is out of bounds, a touch is not in the program or
// named twice.
func (m *Model) Effort(e Expectation) (Effort, error) {
	var names check.Names
	var c check.Report
	for i := range m.plans {
		c.Define(&names, "", "", m.plans[i].Name)
	}
	if c.Span("", "/Over", time.Duration(e.Over)) && e.Over == 0 {
		c.Addf("/Over", "must be longer than 0")
	}
	c.Within("", "/Answered", e.Answered, 0, 1)
	times := make([]float64, len(m.plans)) // below 0: not given
	for i := range times {
		times[i] = -1
	}
	for i, t := range e.Times {
		at := problem.Pointer("Times", i)
		j, ok := c.Refer(&names, at, "/Touch", "touch", t.Touch)
		if c.Within(at, "/Times", t.Times, 0, 10_000) && ok {
			if times[j] >= 0 {
				c.Addf(at+"/Touch", "%q is there already", t.Touch)
			}
			times[j] = t.Times
		}
	}
	if err := invalid(c.List); err != nil {
		return Effort{}, err
	}
	var out Effort
	for i := range m.plans {
		p := &m.plans[i]
		n := times[i]
		if n < 0 && p.On == nil {
			n = float64(e.Over) / p.round(1-e.Answered)
		}
		if n < 0 {
			out.Unknown = append(out.Unknown, p.Name)
			continue
		}
		out.Touches = append(out.Touches, p.effort(n, 1-e.Answered)...)
	}
	out.sum()
	return out, nil
}

// round returns how long the tries of a cadence take on average, in nanoseconds. A try is not answered with probability q.
func (p *plan) round(q float64) float64 {
	sum, reached := 0.0, 1.0
	for i := range p.tries {
		wait := float64(p.Every)
		if t := &p.tries[i]; t.level > 0 {
			wait = float64(t.wait) * float64(time.Microsecond)
		}
		sum += float64(reached * wait)
		reached = float64(reached * q)
	}
	return sum
}

// effort returns the effort for what becomes due n times, for each of its owners in the order of tries.
func (p *plan) effort(n, q float64) []TouchEffort {
	var list []TouchEffort
	tries := n
	for _, t := range p.tries {
		at := slices.IndexFunc(list, func(e TouchEffort) bool { return e.Owner == t.owner })
		if at < 0 {
			at = len(list)
			list = append(list, TouchEffort{Touch: p.Name, Owner: t.owner})
		}
		list[at].Tries += tries
		list[at].Hours += float64(tries*t.minutes) / 60
		tries = float64(tries * q)
	}
	return list
}

// sum adds up the touches by role, and the roles.
func (e *Effort) sum() {
	for _, t := range e.Touches {
		at, found := slices.BinarySearchFunc(e.Roles, t.Owner, func(r RoleEffort, owner string) int { return strings.Compare(r.Owner, owner) })
		if !found {
			e.Roles = slices.Insert(e.Roles, at, RoleEffort{Owner: t.Owner})
		}
		e.Roles[at].Hours += t.Hours
	}
	for _, r := range e.Roles {
		e.Hours += r.Hours
	}
}
