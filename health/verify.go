package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// A Finding is something in a valid card that is hardly meant.
type Finding struct {
	Class   FindingClass `json:"class"`
	Pointer string       `json:"pointer"` // JSON Pointer (RFC 6901) into the definition
	Message string       `json:"message"`
	Witness *Input       `json:"-"` // an input that shows it, without overrides; nil where undecided
	AsOf    time.Time    `json:"-"` // when to score the witness
}

// A FindingClass says what was found, and what its witness shows when it is scored.
type FindingClass string

// Finding classes.
const (
	// MeasureIdle: whatever is read of the measure, the band stays. Give the witness another reading of it, or none.
	MeasureIdle FindingClass = "measure_idle"
	// LimitNever: the limit changes no score. In the witness its comparison holds, if it can hold at all.
	LimitNever FindingClass = "limit_never"
	// LimitAlways: the comparison holds for every value that the measure can have. In the witness the limit decides.
	LimitAlways FindingClass = "limit_always"
	// BandUnreachable: no score lies in the band. Of the scores looked at, that of the witness comes nearest.
	BandUnreachable FindingClass = "band_unreachable"
	// OutcomeWeight: in a card that names experience, outcomes do not weigh more. In the witness they are at their worst, the
	// rest at its best.
	OutcomeWeight FindingClass = "outcome_weight"
	// Undecided: one of the above, which the message names, was neither shown nor ruled out within the bounds of the search.
	Undecided FindingClass = "undecided"
)

// Bounds of the search. What is not decided within them is said to be undecided.
const (
	maxAges  = 1 << 8  // ranges of account ages
	maxBoxes = 1 << 12 // regions of inputs
	maxEach  = 1 << 22 // regions times measures
	maxWork  = 1 << 25 // members of groups summed, and limits applied
	maxCuts  = 1 << 26 // comparisons to cut the measures' values at knots and limits
)

// Verify looks for what is hardly meant, over all inputs without overrides in which each measure applies or is too young
// to: of any age of the account, with any reading, fresh, ageing or missing. Findings come in document order.
//
// A finding is proven: the inputs are cut into regions by age, by the steps of curves and by the sides of limits, and the
// scores of a region are bounded from below and above. That something is fine is shown by an input. What neither settles
// is Undecided, and never passed over: a card with many limits or steps has more regions than the 4096 that are looked at.
// Verify takes at most a few seconds.
func (m *Model) Verify() []Finding {
	v := newVerifier(m)
	v.run()
	var found []Finding
	add := func(class FindingClass, pointer, message string, w *state) {
		f := Finding{Class: class, Pointer: pointer, Message: message}
		if w != nil {
			f.Witness, f.AsOf = v.input(w), verifyAt
		}
		found = append(found, f)
	}
	undecided := func(pointer, question string) {
		add(Undecided, pointer, "whether "+question+" is not decided within the bounds of the search", nil)
	}
	if out, experience := v.weights(); slices.Contains(m.aspects, Experience) && out <= experience {
		message := fmt.Sprintf("outcomes weigh %v of the whole, and experience %v", share9(out), share9(experience))
		add(OutcomeWeight, "/groups", message, v.sided())
	}
	for i, pointer := range pointers(m.card.Groups, "/groups") {
		what := fmt.Sprintf("the measure %q can move the band", m.measures[i].name)
		switch {
		case v.moved[i]:
		case v.idle[i] || !v.vast && v.constant(i):
			add(MeasureIdle, pointer, fmt.Sprintf("whatever is read of the measure %q, the band stays", m.measures[i].name), v.any())
		default:
			undecided(pointer, what)
		}
	}
	for b := range m.bands {
		pointer, name := problem.Pointer("bands", b), m.bands[b].Name
		switch {
		case v.reached[b]:
		case !v.possible[b]:
			add(BandUnreachable, pointer, fmt.Sprintf("no score lies in the band %q", name), cmp.Or(v.near[b].state, v.any()))
		default:
			undecided(pointer, fmt.Sprintf("any score lies in the band %q", name))
		}
	}
	for i := range m.limits {
		l, pointer := &m.limits[i], problem.Pointer("limits", i)
		switch {
		case v.decided[i] == nil && !v.decides[i]:
			add(LimitNever, pointer, fmt.Sprintf("the limit on %q changes no score", l.Measure), v.holding(i))
		case v.decided[i] == nil:
			undecided(pointer, fmt.Sprintf("the limit on %q changes any score", l.Measure))
		case v.vast:
			undecided(pointer, fmt.Sprintf("the limit on %q ever does not hold", l.Measure))
		case v.always[i]:
			add(LimitAlways, pointer, fmt.Sprintf("the limit on %q holds for every value of the measure", l.Measure), v.decided[i])
		}
	}
	return found
}

// pointers returns the places of the measures, in definition order.
func pointers(groups []Group, at string) []string {
	var all []string
	for i := range groups {
		here := problem.Join(at, i)
		for j := range groups[i].Measures {
			all = append(all, problem.Join(here, "measures", j))
		}
		all = append(all, pointers(groups[i].Groups, here+"/groups")...)
	}
	return all
}

// weights returns the nominal shares of the two aspects where every measure applies.
func (v *verifier) weights() (outcome, experience float64) {
	s := v.sheet(len(v.ages) - 1)
	v.fill(s, v.corner(len(v.ages)-1, true))
	v.m.distribute(s)
	for i := range s.leaves {
		switch a := v.m.measures[i].aspect; {
		case a < 0:
		case v.m.aspects[a] == Outcome:
			outcome += s.leaves[i].nominal
		default:
			experience += s.leaves[i].nominal
		}
	}
	return outcome, experience
}

// sided returns the state of the oldest account with outcomes at their worst and the rest at its best.
func (v *verifier) sided() *state {
	age := len(v.ages) - 1
	w, worst := v.corner(age, true), v.corner(age, false)
	for i := range v.m.measures {
		if a := v.m.measures[i].aspect; a >= 0 && v.m.aspects[a] == Outcome {
			w.raws[i] = worst.raws[i]
		}
	}
	return w
}

// any returns a state in which every measure of the oldest account is read.
func (v *verifier) any() *state { return v.corner(len(v.ages)-1, true) }

// holding returns a state in which a limit's comparison holds, if it can, and the rest is such that the limit would matter.
func (v *verifier) holding(limit int) *state {
	l := &v.m.limits[limit]
	age := len(v.ages) - 1
	w := v.corner(age, l.Kind == Cap)
	for _, c := range v.cells(age, l.measure, true) {
		if c.live && slices.Contains(c.acts, limit) {
			w.raws[l.measure] = c.best
			return w
		}
	}
	for _, raw := range [...]float64{l.Value, before(l.Value), after(l.Value)} { // the curve does not take it
		if l.When.holds(raw, l.Value) && notFinite(raw) == "" {
			w.raws[l.measure] = raw
		}
	}
	return w
}
