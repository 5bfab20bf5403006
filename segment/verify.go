package segment

import "time"

// A Finding is something about a scheme that its author should know, with a row that shows it.
type Finding struct {
	Class    Class     `json:"class"`
	Pointer  string    `json:"pointer"` // JSON Pointer to the rule; "" for a gap
	Message  string    `json:"message"`
	Witness  []Fact    `json:"witness,omitempty"` // an account that shows it, in attribute order
	AsOf     time.Time `json:"as_of,omitzero"`    // of the witness
	Segments []string  `json:"segments,omitempty"`
}

// A Class is a kind of finding.
type Class string

// Classes.
const (
	Gap       Class = "gap"       // an account that no rule matches, in a scheme without default
	Never     Class = "never"     // a rule that can't match
	Shadowed  Class = "shadowed"  // a rule whose every match an earlier one takes
	Overlap   Class = "overlap"   // an account that two rules of different segments match
	Undecided Class = "undecided" // too large to decide within the bound; never a sign that all is well
)

// Verify proves, over the whole domain of the attributes and every instant from from to to, that no rule is dead,
// none is shadowed and, in a scheme without default, that nothing is left over; in an exclusive one, that no two rules
// overlap. It returns what it found, gaps first; an empty result is a proof. It proves the rules, not Stay.
func (m *Model) Verify(from, to time.Time) []Finding { panic("unbuilt") }
