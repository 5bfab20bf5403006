package engagement

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/segment"
)

// Bounds of Verify.
const (
	maxHard  = 8       // questions about conditions that are too large to decide, after which none is asked
	maxAsked = 1 << 13 // questions about conditions
	maxLooks = 1 << 24 // looks of a budget at a touch, for agendas
)

// A Finding is something in a valid program that is hardly meant.
type Finding struct {
	Class   FindingClass `json:"class"`
	Pointer string       `json:"pointer"` // JSON Pointer (RFC 6901) into the program; of several it begins with its position
	Message string       `json:"message"`
	Witness *Input       `json:"-"` // an account that shows it; nil where undecided, or none is in the calendar
	AsOf    time.Time    `json:"-"` // when to ask what is due for the witness
}

// A FindingClass says what was found, and what [Model.Due] says of its witness.
type FindingClass string

// Finding classes.
const (
	// Never: a touch can't come due: its condition is never TRUE by then, in which case the witness holds it back, or it is
	// done or skipped whenever that is, or the span is shorter than it takes: then the witness has no task of it.
	Never FindingClass = "never"
	// Blocked: a step of a playbook waits for one that can be neither made, done nor skipped. In the witness it is held back
	// by an open step.
	Blocked FindingClass = "blocked"
	// Closed: quiet times leave no hour of the week open to a touch, or to a level of its escalation. The witness holds it
	// back, and there is no instant of its release.
	Closed FindingClass = "closed"
	// Unreached: a level of an escalation does not come, since the one before it is closed or the span is too short. In the
	// witness the tries before it are made as soon as they can be, and nobody answers.
	Unreached FindingClass = "unreached"
	// OverBudget: cadences that go together ask for more than a budget, or the rest between asks, lets through in the long
	// run. In the witness they have been kept until now, and one of them is held back by a budget.
	OverBudget FindingClass = "over_budget"
	// Late: a service level is missed even if all is made and answered as soon as it may be. In the witness it is, and the
	// touch is overdue.
	Late FindingClass = "late"
	// Untouched: a segment gets no touch. The agenda of the witness is empty, but for programs of other segments.
	Untouched FindingClass = "untouched"
	// Undecided: too large to decide within the bounds; never a sign that all is well.
	Undecided FindingClass = "undecided"
)

// Verify looks for what is hardly meant in a program that runs from from to to, both included: whatever the facts are at
// each instant, and with people and consents for every touch. Findings come by class, in the order above, then by place.
//
// What is found is proven. Of Never, Closed, Unreached and Untouched so is what is not found. Blocked looks at two steps at
// a time. For OverBudget and Late some accounts are looked at: for each budget one in which its cadences come due at once,
// from the shortest on all whose conditions go together, and for each trigger one in which it occurs once.
//
// Conditions are decided as by [segment.Satisfy]. After 8 that are too large, 8192 questions, or 16 777 216 looks of a
// budget at a touch, the rest is undecided.
func (m *Model) Verify(from, to time.Time) []Finding {
	from, to = instant.Of(from), instant.Of(to)
	if instant.Given(from) != nil || instant.Given(to) != nil || to.Before(from) {
		return []Finding{{Class: Undecided, Message: "the span ends before it begins, or is outside of the years 1 to 9999"}}
	}
	v := verifier{
		model: m, from: from, to: to, span: instant.Micros(to) - instant.Micros(from),
		states: make([]state, len(m.plans)), late: make([]bool, len(m.plans)), closed: make(map[Channel]bool),
	}
	for _, channel := range [...]Channel{Human, Digital, Product, Community, Partner} {
		v.closed[channel] = m.alwaysQuiet(channel)
	}
	for i := range m.plans {
		v.never(&m.plans[i])
	}
	for i := range m.plans {
		v.blocked(&m.plans[i])
		v.levels(&m.plans[i])
	}
	v.budgets()
	v.triggers()
	v.untouched()
	if v.hard > v.told || v.cut() {
		v.add(Undecided, "", "too large to decide whether there is more", nil, 0)
	}
	order := []FindingClass{Never, Blocked, Closed, Unreached, OverBudget, Late, Untouched, Undecided}
	slices.SortStableFunc(v.findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(order, a.Class), slices.Index(order, b.Class))
	})
	return v.findings
}

// A verifier asks its questions one after the other.
type verifier struct {
	model              *Model
	from, to           time.Time
	span               int64   // from from to to
	states             []state // by plan
	late               []bool  // by plan: found to be
	closed             map[Channel]bool
	asked, hard, looks int
	told               int // of hard, those that a finding is about
	findings           []Finding
}

// A state says whether a touch can come due, and of what facts and when it may.
type state struct {
	can   segment.Truth
	dead  bool // its condition is never TRUE, or its channel is closed: it is never made
	facts segment.FactMap
	at    int64
}

func (v *verifier) add(class FindingClass, pointer, message string, witness *Input, at int64) {
	f := Finding{Class: class, Pointer: pointer, Message: message, Witness: witness}
	if witness != nil {
		f.AsOf = instant.FromMicros(at)
	}
	v.findings = append(v.findings, f)
}

// cut reports whether the rest is left undecided.
func (v *verifier) cut() bool { return v.hard >= maxHard || v.asked >= maxAsked || v.looks >= maxLooks }

// place points at a touch, or at a part of it.
func (v *verifier) place(p *plan, parts ...any) string {
	first := slices.IndexFunc(v.model.plans, func(other plan) bool { return other.program == p.program })
	return v.pointer(p.program, append([]any{"touches", p.index - first}, parts...)...)
}

func (v *verifier) pointer(program int, parts ...any) string {
	if len(v.model.programs) > 1 {
		parts = append([]any{program}, parts...)
	}
	return problem.Pointer(parts...)
}

// solve looks for facts of which the conditions in yes are TRUE and those in no are not, and for when they are, no earlier
// than so long after the span began. Conditions below 0 are none.
func (v *verifier) solve(after int64, yes, no []int) (segment.FactMap, int64, segment.Truth) {
	if v.cut() {
		return nil, 0, segment.Unknown
	}
	v.asked++
	conditions := func(at []int) (list []*segment.Condition) {
		for _, i := range at {
			if i >= 0 {
				list = append(list, v.model.conditions[i])
			}
		}
		return list
	}
	from := instant.FromMicros(instant.Micros(v.from) + after)
	facts, at, truth := segment.Satisfy(conditions(yes), conditions(no), from, v.to)
	if truth == segment.Unknown {
		v.hard++
	}
	found := make(segment.FactMap, len(facts))
	for _, f := range facts {
		found[f.Attribute] = f.Value
	}
	return found, instant.Micros(at), truth
}

// earliest returns how long after the program began a touch comes due at the earliest.
func (p *plan) earliest() int64 {
	switch {
	case p.On == nil:
		return time.Duration(p.Every).Microseconds()
	case p.On.Event != "":
		return time.Duration(p.On.Offset).Microseconds()
	}
	return 0
}

// never asks whether a touch can come due at all.
func (v *verifier) never(p *plan) {
	s := &v.states[p.index]
	s.can, s.dead = segment.False, v.closed[p.Channel] && !p.Notice.urgent()
	begin, end := instant.Micros(v.from), instant.Micros(v.to)
	if earliest := p.earliest(); earliest > v.span {
		in := v.account(nil)
		if in.Began = v.from; p.On != nil {
			p.occur(&in, begin)
		}
		v.add(Never, v.place(p), fmt.Sprintf("%q comes due %s after the program or its event began, and the span is shorter",
			p.Name, Duration(earliest*1000)), &in, end)
		return
	}
	s.facts, s.at, s.can = v.solve(p.earliest(), []int{p.when}, []int{p.done, p.skip})
	if s.can == segment.Unknown && !v.cut() {
		v.told++
		v.add(Undecided, v.place(p), fmt.Sprintf("too large to decide whether %q ever comes due", p.Name), nil, 0)
	}
	if s.can != segment.False {
		return
	}
	switch facts, at, truth := v.solve(p.earliest(), []int{p.when}, nil); truth {
	case segment.False:
		s.dead = true
		v.add(Never, v.place(p, "when"), fmt.Sprintf("the condition of %q is never TRUE when it is due", p.Name), v.scene(p, nil, end, 0), end)
	case segment.True:
		v.add(Never, v.place(p), fmt.Sprintf("%q is done or skipped whenever its condition is TRUE", p.Name), v.scene(p, facts, at, 0), at)
	default:
		v.add(Never, v.place(p), fmt.Sprintf("%q never comes due, for its condition or since it is done or skipped then", p.Name), nil, 0)
	}
}

// blocked asks whether a step of a playbook waits for one that is never made.
func (v *verifier) blocked(p *plan) {
	if v.states[p.index].can != segment.True {
		return
	}
	for i := p.first; i < p.index; i++ {
		q := &v.model.plans[i]
		if !v.states[i].dead {
			continue
		}
		free := func(closing int) bool {
			if closing < 0 {
				return false
			}
			_, _, truth := v.solve(p.earliest(), []int{p.when, closing}, []int{p.done, p.skip})
			return truth != segment.False
		}
		if free(q.done) || free(q.skip) {
			continue
		}
		s := &v.states[p.index]
		in := v.scene(p, s.facts, s.at, 0)
		for j := p.first; in != nil && j < p.index; j++ { // all that can be made is
			if other := &v.model.plans[j]; !v.states[j].dead {
				in.Touches = append(in.Touches, other.touch(0, s.at, true))
			}
		}
		v.add(Blocked, v.place(p), fmt.Sprintf("%q waits for %q, which by then can be neither made, done nor skipped", p.Name, q.Name), in, s.at)
		return
	}
}

// levels asks whether a touch and the levels of its escalation find an open hour, and whether they are reached.
func (v *verifier) levels(p *plan) {
	s := &v.states[p.index]
	if s.can != segment.True {
		return
	}
	reached := p.earliest()
	closed := -1 // the try that is never made
	for k, t := range p.tries {
		if k > 0 {
			reached += p.wait(k)
		}
		if k > 0 && t.level == p.tries[k-1].level {
			continue
		}
		place := v.place(p)
		what := fmt.Sprintf("%q", p.Name)
		if t.level > 0 {
			place, what = v.place(p, "escalate", t.level-1), fmt.Sprintf("level %d of %q", t.level, p.Name)
		}
		switch {
		case closed >= 0:
			v.add(Unreached, place, what+" waits for a try that quiet times never let through", v.scene(p, s.facts, s.at, closed), s.at)
		case reached > v.span:
			v.add(Unreached, place, what+" comes after the span, even if nobody answers", v.unanswered(p), instant.Micros(v.to))
		case v.closed[t.channel] && !p.Notice.urgent():
			closed = k
			v.add(Closed, place, fmt.Sprintf("%s: quiet times leave no hour of the week open on channel %s", what, t.channel),
				v.scene(p, s.facts, s.at, k), s.at)
		}
	}
}

// untouched looks for segments whose programs have no touch.
func (v *verifier) untouched() {
	for i, p := range v.model.programs {
		touched := slices.ContainsFunc(v.model.programs, func(other Program) bool {
			return (other.Segment == p.Segment || other.Segment == "") && len(other.Touches) > 0
		})
		if p.Segment != "" && !touched {
			in := v.account(nil)
			in.Began = v.from
			v.add(Untouched, v.pointer(i, "segment"), fmt.Sprintf("nothing is done for segment %q", p.Segment), &in, instant.Micros(v.to))
		}
	}
}

// alwaysQuiet reports whether quiet times leave a channel no hour of the week.
func (m *Model) alwaysQuiet(channel Channel) bool {
	var days [7]bool
	var minutes [24 * 60]bool
	for i := range m.quiet {
		q := &m.quiet[i]
		if len(q.channels) > 0 && !slices.Contains(q.channels, channel) {
			continue
		}
		for d, quiet := range q.days {
			days[d] = days[d] || quiet
		}
		for at := q.from; at != q.to; at = (at + 1) % len(minutes) {
			minutes[at] = true
		}
	}
	return !slices.Contains(days[:], false) || !slices.Contains(minutes[:], false)
}
