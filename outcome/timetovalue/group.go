package timetovalue

import (
	"cmp"
	"fmt"
	"slices"
)

// A Grouping says which cases are estimated together.
type Grouping string

const (
	BySegment          Grouping = "segment"            // whatever their cohort
	ByCohort           Grouping = "cohort"             // whatever their segment
	BySegmentAndCohort Grouping = "segment_and_cohort" // those that have both in common
)

// A Group is the cases of one segment, one cohort, or both; what they are not grouped by is "".
type Group struct {
	Segment   string    `json:"segment"`
	Cohort    string    `json:"cohort"`
	Incidence Incidence `json:"incidence"`
}

// EstimateBy returns the incidence of each group of cases, by segment and then by cohort in the order of their names. It
// returns an error as [Estimate] does, and if the grouping is unknown.
func EstimateBy(cases []Case, by Grouping) ([]Group, error) {
	if by != BySegment && by != ByCohort && by != BySegmentAndCohort {
		return nil, &DataError{Field: "grouping", Message: fmt.Sprintf("%q is unknown", by)}
	}
	type key struct{ segment, cohort string }
	of := func(c *Case) (k key) {
		if by != ByCohort {
			k.segment = c.Segment
		}
		if by != BySegment {
			k.cohort = c.Cohort
		}
		return k
	}
	var keys []key
	held := make(map[key][]Case)
	for i := range cases {
		k := of(&cases[i])
		if _, ok := held[k]; !ok {
			keys = append(keys, k)
		}
		held[k] = append(held[k], cases[i])
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.segment, b.segment), cmp.Compare(a.cohort, b.cohort))
	})
	groups := make([]Group, len(keys))
	for i, k := range keys {
		in, err := Estimate(held[k])
		if err != nil {
			return nil, err
		}
		groups[i] = Group{Segment: k.segment, Cohort: k.cohort, Incidence: in}
	}
	return groups, nil
}
