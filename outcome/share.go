package outcome

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A claim is a measure of which several outcomes count the change.
type claim struct {
	measure string
	by      []int // positions of the outcomes
}

// claims returns the measures that several outcomes claim, in order of first appearance. Those that were missed or
// abandoned claim nothing.
func claims(outcomes []Outcome) []claim {
	var all []claim
	position := make(map[string]int)
	for i := range outcomes {
		o := &outcomes[i]
		if o.Target == nil || o.State == Missed || o.State == Abandoned {
			continue
		}
		at, there := position[o.Target.Measure]
		if !there {
			at = len(all)
			position[o.Target.Measure] = at
			all = append(all, claim{measure: o.Target.Measure})
		}
		all[at].by = append(all[at].by, i)
	}
	several := all[:0]
	for _, c := range all {
		if len(c.by) > 1 {
			several = append(several, c)
		}
	}
	return several
}

// wrong says why a claim counts a change twice, or in two units, and what to do; "" if it doesn't.
func (c claim) wrong(outcomes []Outcome) string {
	last := len(c.by) - 1
	unit, shares := outcomes[c.by[0]].Target.Unit, make([]float64, len(c.by))
	undeclared := -1
	for k, i := range c.by {
		t := outcomes[i].Target
		if t.Unit != unit {
			return fmt.Sprintf("is in %q here and in %q in outcome %q", t.Unit, unit, outcomes[c.by[0]].ID)
		}
		if shares[k] = t.Share; t.Share == 0 {
			undeclared = i
		}
	}
	if undeclared >= 0 {
		return fmt.Sprintf("%q is claimed by the outcomes %q and %q: give each a share, or a measure of its own",
			c.measure, outcomes[c.by[0]].ID, outcomes[c.by[last]].ID)
	}
	if sum, _ := stat.Sum(shares); sum > 1 {
		return fmt.Sprintf("the shares of %q sum to %v, over 1", c.measure, sum)
	}
	return ""
}

// doubled returns the measures whose change is counted twice.
func doubled(outcomes []Outcome) []string {
	var measures []string
	for _, c := range claims(outcomes) {
		if c.wrong(outcomes) != "" {
			measures = append(measures, c.measure)
		}
	}
	return measures
}

// own returns the part of the measured values that is the outcome's: its share of their change from the base.
func (t *Target) own(values []Measurement) []Measurement {
	if t.Share == 0 || t.Share == 1 {
		return values
	}
	parts := make([]Measurement, len(values))
	for i, v := range values {
		v.Value = t.Base + float64(t.Share*(v.Value-t.Base))
		parts[i] = v
	}
	return parts
}

// maintained reports whether the value is to stay where it is.
func (t *Target) maintained() bool { return t.Base == t.Goal && !t.NoBase }
