package segment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Bounds of Verify. A step looks at one test of a condition.
const (
	maxSteps    = 1 << 22 // of one question, such as whether one rule can match
	maxAllSteps = 1 << 27 // of all: about a second
	maxSpans    = 500     // instants at which relative and absolute constants change places
	maxGaps     = 32      // that are reported one by one
	maxOverlaps = 100     // pairs of rules, after which no others are looked at
)

// A Finding is something about a scheme that its author should know, with a row that shows it.
type Finding struct {
	Class    FindingClass `json:"class"`
	Pointer  string       `json:"pointer"` // JSON Pointer to the rule; "" for a gap
	Message  string       `json:"message"`
	Witness  []Fact       `json:"witness,omitempty"` // an account that shows it, in attribute order
	AsOf     time.Time    `json:"as_of,omitzero"`    // of the witness
	Segments []string     `json:"segments,omitempty"`
}

// A FindingClass is a kind of finding.
type FindingClass string

// Classes.
const (
	Gap       FindingClass = "gap"       // an account that no rule matches, in a scheme without default
	Never     FindingClass = "never"     // a rule that can't match
	Shadowed  FindingClass = "shadowed"  // a rule whose every match an earlier one takes
	Overlap   FindingClass = "overlap"   // an account that two rules of different segments match
	Undecided FindingClass = "undecided" // too large to decide within the bound; never a sign that all is well
)

// Verify proves, over the whole domain of the attributes and every instant from from to to, both included, that no rule
// is dead, none is shadowed and, in a scheme without default, that nothing is left over; in an exclusive one, that no two
// rules overlap. It returns what it found, gaps first and then by rule; an empty result is a proof. It proves the rules,
// not Stay.
//
// The message of a gap ends in the condition that would fill it. A question that takes more than 4 194 304 looks at a
// test is undecided, as is whatever is left after 134 217 728 of them, and pairs of rules after 100 that overlap.
func (m *Model) Verify(from, to time.Time) []Finding {
	nowFrom, errFrom := instantOf(from)
	nowTo, errTo := instantOf(to)
	if errFrom != nil || errTo != nil || nowTo < nowFrom {
		return undecided("the span of as_of ends before it begins, or is outside of the years 1 to 9999")
	}
	moments, ok := m.crossings(nowFrom, nowTo)
	if !ok {
		return undecided(fmt.Sprintf("relative and absolute times change places at more than %d instants", maxSpans))
	}
	v := verification{model: m, left: maxAllSteps}
	var like *search
	for _, now := range moments {
		like = m.newSearch(now, like)
		v.searches = append(v.searches, like)
	}
	if m.def.Otherwise == "" {
		v.gaps()
	}
	for i := range m.rules {
		v.rule(i)
	}
	if m.def.Exclusive {
		v.overlaps()
	}
	return v.findings
}

func undecided(message string) []Finding { return []Finding{{Class: Undecided, Message: message}} }

// A verification asks its questions one after the other.
type verification struct {
	model    *Model
	searches []*search // one for each moment of as_of that is unlike the others
	left     int       // steps
	findings []Finding
}

// ask runs a question over all moments until it is answered, and reports whether it was, or else cut short.
func (v *verification) ask(question func(*search) bool) (found, cut bool) {
	allowed := min(v.left, maxSteps)
	left := allowed
	for _, s := range v.searches {
		s.left = &left
		s.reset()
		if left > 0 && question(s) {
			found = true
			break
		}
	}
	v.left -= allowed - left
	return found, left <= 0
}

func (v *verification) add(f Finding) { v.findings = append(v.findings, f) }

// find looks for a row on which the rules in yes are true and those in no are not, and returns it as a finding.
func (v *verification) find(yes, no []int) (f Finding, found, cut bool) {
	found, cut = v.ask(func(s *search) bool {
		if !s.find(yes, no) {
			return false
		}
		f.Witness, f.AsOf = s.witness(), instant.FromMicros(s.now)
		return true
	})
	return f, found, cut && !found
}

// witness returns the row of the search.
func (s *search) witness() []Fact {
	facts := make([]Fact, len(s.row))
	for i, value := range s.row {
		facts[i] = Fact{s.model.schema.columns[i].name, value}
	}
	return facts
}

// rule asks whether a rule can match at all, and before all others.
func (v *verification) rule(i int) {
	pointer, segment := problem.Pointer("rules", i), v.model.def.Rules[i].Segment
	earlier := make([]int, i)
	for j := range earlier {
		earlier[j] = j
	}
	_, first, cutFirst := v.find([]int{i}, earlier)
	if first {
		return
	}
	f, matches, cut := v.find([]int{i}, nil)
	f.Pointer = pointer
	switch {
	case cutFirst || cut:
		f = Finding{Class: Undecided, Pointer: pointer}
		f.Message = fmt.Sprintf("too large to decide whether the rule for %q ever decides", segment)
	case !matches:
		f.Class, f.Segments = Never, []string{segment}
		f.Message = fmt.Sprintf("the rule for %q matches no account", segment)
	default:
		taker, _ := v.model.match(rowOf(f.Witness), instant.Micros(f.AsOf))
		f.Class, f.Segments = Shadowed, []string{segment, v.model.def.Rules[taker].Segment}
		f.Message = fmt.Sprintf("every account that the rule for %q matches is taken by an earlier one, as here by rule %d for %q",
			segment, taker, f.Segments[1])
	}
	v.add(f)
}

func rowOf(facts []Fact) Row {
	row := make(Row, len(facts))
	for i, f := range facts {
		row[i] = f.Value
	}
	return row
}

// overlaps asks for each pair of rules of different segments whether one account matches both.
func (v *verification) overlaps() {
	rules := v.model.def.Rules
	overlaps := 0
	for j := range rules {
		for i := range j {
			if rules[i].Segment == rules[j].Segment {
				continue
			}
			f, found, cut := v.find([]int{i, j}, nil)
			f.Pointer, f.Segments = problem.Pointer("rules", j), []string{rules[i].Segment, rules[j].Segment}
			pair := fmt.Sprintf("the rules %d for %q and %d for %q", i, rules[i].Segment, j, rules[j].Segment)
			switch {
			case found && overlaps == maxOverlaps:
				v.add(Finding{Class: Undecided, Message: fmt.Sprintf("more than %d pairs of rules overlap: the others are not looked at", maxOverlaps)})
				return
			case found:
				overlaps++
				f.Class, f.Message = Overlap, pair+" match one account"
			case cut:
				f.Class, f.Message = Undecided, "too large to decide whether "+pair+" overlap"
			default:
				continue
			}
			v.add(f)
		}
	}
}

const noRule = "no rule matches: "

// gaps reports the boxes that no rule matches, each once however long it lasts.
func (v *verification) gaps() {
	var messages []string
	_, cut := v.ask(func(s *search) bool {
		for _, b := range s.gaps() {
			message := noRule + s.condition(b)
			if slices.Contains(messages, message) {
				continue
			}
			if messages = append(messages, message); len(messages) > maxGaps {
				continue
			}
			for _, side := range b {
				s.row[side.attr] = s.lines[side.attr].cells[side.cells[0]].value
			}
			v.add(Finding{Class: Gap, Message: message, Witness: s.witness(), AsOf: instant.FromMicros(s.now)})
			s.reset()
		}
		return false
	})
	if more := len(messages) - maxGaps; more > 0 {
		last := &v.findings[maxGaps-1].Message
		*last = strings.Replace(*last, noRule, fmt.Sprintf("no rule matches, besides %d more gaps: ", more), 1)
	}
	if cut {
		v.add(Finding{Class: Undecided, Message: "too large to decide whether there are gaps, or more of them"})
	}
}

// condition describes a box as a condition, in attribute order.
func (s *search) condition(b box) string {
	if len(b) == 0 {
		return "any account"
	}
	b = slices.Clone(b)
	slices.SortFunc(b, func(x, y side) int { return cmp.Compare(x.attr, y.attr) })
	parts := make([]string, len(b))
	for i, side := range b {
		parts[i] = s.lines[side.attr].condition(side.cells, math.MaxInt)
	}
	return strings.Join(parts, " AND ")
}
