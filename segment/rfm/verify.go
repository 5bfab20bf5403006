package rfm

import (
	"fmt"
	"slices"
)

// A Finding is something about a grid that its author should know, with a score that shows it.
type Finding struct {
	Class   Class  `json:"class"`
	Pointer string `json:"pointer"` // JSON Pointer to the cell; "" for a gap
	Message string `json:"message"`
	Witness Score  `json:"witness"` // the first such score
}

// A Class is a kind of finding.
type Class string

// Classes.
const (
	Gap      Class = "gap"      // scores that no cell matches, in a grid without Otherwise
	Shadowed Class = "shadowed" // a cell whose every score an earlier one takes
)

// Verify looks at every score there can be and returns what it found, a gap first and then by cell. An empty result is a
// proof that every cell can be reached and, without Otherwise, that none is missing.
func (m *Model) Verify() []Finding {
	var out []Finding
	scores := m.scores()
	taken := make([]int, len(m.def.Cells)+1)
	for _, cell := range m.cells {
		taken[cell]++
	}
	if none := len(m.def.Cells); taken[none] > 0 && m.def.Otherwise == "" {
		out = append(out, Finding{Class: Gap, Message: fmt.Sprintf("no cell matches %d of %d scores", taken[none], len(scores)),
			Witness: scores[slices.Index(m.cells, none)]})
	}
	for i, c := range m.def.Cells {
		if taken[i] > 0 {
			continue
		}
		at := slices.IndexFunc(scores, c.holds)
		out = append(out, Finding{Class: Shadowed, Pointer: fmt.Sprintf("/cells/%d", i), Witness: scores[at],
			Message: fmt.Sprintf("earlier cells take every score of %q, %s is of %q", c.Name, scores[at], m.def.Cells[m.cells[at]].Name)})
	}
	return out
}
