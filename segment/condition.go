package segment

import "time"

// A Truth is a value of SQL's three-valued logic.
type Truth int8

// Truths, in the order in which AND takes the least and OR the greatest.
const (
	False   Truth = -1
	Unknown Truth = 0 // the SQL term: neither true nor false, since a fact is NULL
	True    Truth = 1
)

// String returns FALSE, UNKNOWN or TRUE.
func (t Truth) String() string { panic("unbuilt") }

// A Condition is a compiled boolean expression over attributes, for use outside of a scheme, as in touch programs.
// It is immutable and safe for concurrent use.
type Condition struct {
	text string
}

// CompileCondition parses and type-checks a condition. Its error says line, column, what was found and what was
// expected, and points at the character (*InvalidError, one problem with the empty pointer).
func CompileCondition(text string, attributes []Attribute) (*Condition, error) { panic("unbuilt") }

// String returns the text that the condition was compiled from.
func (c *Condition) String() string { return c.text }

// Eval evaluates the condition. failed names the first attribute in the condition's order whose fact failed and on
// which the truth depends; it is "" where none does, and the truth is then that of SQL.
func (c *Condition) Eval(facts Facts, asOf time.Time) (truth Truth, failed string, err error) {
	panic("unbuilt")
}
