package outcome

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// A Finding is something in a valid template or sentence that is hardly meant.
type Finding struct {
	Class   FindingClass `json:"class"`
	Pointer string       `json:"pointer"` // JSON Pointer (RFC 6901) into the definition
	Message string       `json:"message"` // says what to do instead
	Witness *Input       `json:"-"`       // an input that shows it; nil where the definition itself does
	AsOf    time.Time    `json:"-"`       // when to assess the witness
}

// A FindingClass says what was found, and what its witness shows when it is assessed.
type FindingClass string

// Finding classes.
const (
	// DependencyCycle: outcomes wait for each other, so that no plan can be proposed unless it replaces one of them.
	DependencyCycle FindingClass = "dependency_cycle"
	// OutcomeUnmeasured: an outcome has no target. In the witness all others are at their goals, and it is unknown.
	OutcomeUnmeasured FindingClass = "outcome_unmeasured"
	// BaseMissing: a target has no base. In the witness its goal is measured, and its attainment is unknown.
	BaseMissing FindingClass = "base_missing"
	// GoalBehindBase: a target leads the other way than the desired outcome that its measure is named after.
	GoalBehindBase FindingClass = "goal_behind_base"
	// MeasureShared: two outcomes claim the change of one measure. In the witness that alone is measured, and counts twice;
	// where several do so with a share each, these are over 1.
	MeasureShared FindingClass = "measure_shared"
	// RoleUnheld: a role signs, but owns none of the outcomes and takes part in no job: nobody is known to hold it.
	RoleUnheld FindingClass = "role_unheld"
	// SolutionNamed: a job, a desired outcome or a statement names a solution.
	SolutionNamed FindingClass = "solution_named"
	// CompoundOutcome: a desired outcome joins two.
	CompoundOutcome FindingClass = "compound_outcome"
	// MeasureVague: what a desired outcome measures can't be counted.
	MeasureVague FindingClass = "measure_vague"
	// DirectionMissing: a sentence does not say which way its measure should go.
	DirectionMissing FindingClass = "direction_missing"
	// SentenceAmbiguous: a desired outcome's sentence reads as other fields than its own.
	SentenceAmbiguous FindingClass = "sentence_ambiguous"
)

// Verify looks for what is hardly meant, in document order. Statements are read by the template's Words. The witnesses of
// all findings share their plan.
func (m *Model) Verify() []Finding {
	v := verifier{m: m}
	wishes := m.wishes()
	words := English()
	if m.def.Words != nil {
		words = *m.def.Words
	}
	for i, j := range m.def.Jobs {
		at := problem.Pointer("jobs", i)
		v.all(at+"/text", words.solutions(j.Text))
		for k, d := range j.Outcomes {
			v.desired(problem.Join(at, "outcomes", k), d, words)
		}
	}
	for i, r := range m.def.Roles {
		if r.Signs && len(m.def.Outcomes) > 0 && !m.held(r) {
			v.add(RoleUnheld, problem.Pointer("roles", i),
				"the role %q signs, but owns no outcome and takes part in no job: name it where it does, or let it not sign", r.Name)
		}
	}
	loop := waiting(m.def.Outcomes, outcomeIDs(m.def.Outcomes))
	for i, o := range m.def.Outcomes {
		at := problem.Pointer("outcomes", i)
		v.all(at+"/statement", words.solutions(o.Statement))
		if len(loop) > 0 && loop[0] == i {
			v.add(DependencyCycle, at+"/after", "outcomes wait for each other: %s; take one of them out", chainOf(m.def.Outcomes, loop))
		}
		switch {
		case o.Target == nil:
			v.add(OutcomeUnmeasured, at+"/target", "nobody measures the outcome %q: give it a target", o.ID)
			v.witness(v.allGoals())
		case o.Target.NoBase:
			v.add(BaseMissing, at+"/target/base", "the outcome %q has no base: measure it before a plan starts", o.ID)
			v.witness(v.goals(i))
		case o.behind(wishes[o.Desired]):
			v.add(GoalBehindBase, at+"/target/goal", "the goal %v of %q is behind its base %v, since %q is to %s: swap them, or name another desired outcome",
				o.Target.Goal, o.Target.Measure, o.Target.Base, o.Desired, wishes[o.Desired].Direction)
		}
	}
	for _, c := range claims(m.def.Outcomes) {
		if what := c.wrong(m.def.Outcomes); what != "" {
			v.add(MeasureShared, problem.Pointer("outcomes", c.by[len(c.by)-1], "target", "measure"), "%s", what)
			v.witness(v.goals(c.by...))
		}
	}
	return v.found
}

// held reports whether a role owns an outcome or takes part in a job.
func (m *Model) held(r Role) bool {
	return slices.ContainsFunc(m.def.Jobs, func(j Job) bool { return slices.Contains(j.Parties, r.Name) }) ||
		slices.ContainsFunc(m.def.Outcomes, func(o Outcome) bool {
			return r.Side == Vendor && o.Vendor == r.Name || r.Side == Customer && o.Customer == r.Name
		})
}

// wishes returns the desired outcomes by name.
func (m *Model) wishes() map[string]*Desired {
	by := make(map[string]*Desired)
	for i := range m.def.Jobs {
		for k := range m.def.Jobs[i].Outcomes {
			d := &m.def.Jobs[i].Outcomes[k]
			by[d.Name] = d
		}
	}
	return by
}

// behind reports whether a target leads the other way than its desired outcome, which may be nil. Only a measure with that
// one's word in its own name is taken to measure the same.
func (o *Outcome) behind(d *Desired) bool {
	if d == nil || !(Word{Word: d.Measure}).in(o.Target.Measure) {
		return false
	}
	falls := d.Direction == Minimise || d.Direction == Reduce
	return falls && o.Target.Goal > o.Target.Base || !falls && o.Target.Goal < o.Target.Base
}

type verifier struct {
	m     *Model
	found []Finding
	shown Plan      // of all witnesses, once one was asked for
	every SeriesMap // of those in which all is at its goal
}

func (v *verifier) add(class FindingClass, pointer, format string, args ...any) {
	v.found = append(v.found, Finding{Class: class, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
}

// all adds what was found in one text.
func (v *verifier) all(pointer string, found []Finding) {
	for _, f := range found {
		f.Pointer = pointer
		v.found = append(v.found, f)
	}
}

func (v *verifier) desired(at string, d Desired, words Words) {
	sentence := d.String()
	read, err := ParseDesired(sentence)
	if err != nil || !read.says(d) {
		v.add(SentenceAmbiguous, at, "%q reads as the measure %q, the object %q, the context %q and the example %q: "+
			"write the measure as one word, and no comma in the object", sentence, read.Measure, read.Object, read.Context, read.Example)
	}
	if err == nil {
		v.all(at, words.Lint(sentence))
	}
}

// shownAt is when witnesses are assessed; what they show was measured then.
func shownAt() time.Time { return time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC) }

// goals returns a series in which the outcomes at some positions, those with a target, are at their goals.
func (v *verifier) goals(positions ...int) SeriesMap {
	series := make(SeriesMap, len(positions))
	for _, i := range positions {
		if t := v.m.def.Outcomes[i].Target; t != nil {
			series[t.Measure] = []Measurement{{Measure: t.Measure, At: shownAt(), Value: t.Goal, Recorded: shownAt()}}
		}
	}
	return series
}

// allGoals returns the goals of all outcomes.
func (v *verifier) allGoals() SeriesMap {
	if v.every == nil {
		positions := make([]int, len(v.m.def.Outcomes))
		for i := range positions {
			positions[i] = i
		}
		v.every = v.goals(positions...)
	}
	return v.every
}

// witness gives the last finding an input in which that was measured.
func (v *verifier) witness(series SeriesMap) {
	if v.shown.Account == "" {
		outcomes := slices.Clone(v.m.def.Outcomes)
		for i := range outcomes {
			outcomes[i].After = nil // a circle would be refused
		}
		v.shown = v.m.draft(Proposal{Account: "witness", ID: "witness", Start: shownAt().Add(-time.Duration(Day))}, outcomes)
	}
	f := &v.found[len(v.found)-1]
	f.Witness, f.AsOf = &Input{Account: v.shown.Account, Series: series, Plan: v.shown}, shownAt()
}
