package segment

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Truth is a value of SQL's three-valued logic.
type Truth int8

// Truths, in the order in which AND takes the least and OR the greatest.
const (
	False   Truth = -1
	Unknown Truth = 0 // the SQL term: neither true nor false, since a fact is NULL
	True    Truth = 1
)

// String returns FALSE, UNKNOWN or TRUE.
func (t Truth) String() string {
	switch t {
	case False:
		return "FALSE"
	case True:
		return "TRUE"
	}
	return "UNKNOWN"
}

// A Condition is a compiled boolean expression over attributes, for use outside of a scheme, as in touch programs.
// It is immutable and safe for concurrent use.
type Condition struct {
	text   string
	root   node
	schema *schema // of the attributes that it reads, in the order in which it does
}

// CompileCondition parses and type-checks a condition. Its error says line, column, what was found and what was
// expected, and points at the character (*InvalidError, one problem with the empty pointer; where the attributes
// themselves are wrong, their problems).
func CompileCondition(text string, attributes []Attribute) (*Condition, error) {
	var c checker
	c.attributes(attributes)
	if err := c.err(); err != nil {
		return nil, err
	}
	root, err := parseCondition(text, newSchema(attributes))
	if err != nil {
		return nil, &InvalidError{Problems: []Problem{{Message: err.Error()}}}
	}
	var read []Attribute
	position := make(map[int]int)
	root.tests(func(n *node) {
		i, ok := position[n.attr]
		if !ok {
			i = len(read)
			position[n.attr] = i
			read = append(read, attributes[n.attr])
		}
		n.attr = i
	})
	return &Condition{text: text, root: root, schema: newSchema(read)}, nil
}

// String returns the text that the condition was compiled from.
func (c *Condition) String() string { return c.text }

// Eval evaluates the condition over the facts that it reads; nil facts are all NULL. failedOn names the first attribute
// in the condition's order whose fact failed and on which the truth depends; it is "" where none does, and the truth is
// then that of SQL.
//
// Eval returns an error if asOf or one of the facts can't be evaluated, as in [Model.Classify] (*DataError without account).
func (c *Condition) Eval(facts Facts, asOf time.Time) (truth Truth, failedOn string, err error) {
	now, err := instantOf(asOf)
	if err != nil {
		return Unknown, "", err
	}
	var space [4]Value
	row := c.schema.row(facts, space[:0])
	if _, err := c.schema.admit(row); err != nil {
		return Unknown, "", err
	}
	truth = c.root.eval(row, now)
	if truth == failed {
		return Unknown, c.schema.columns[c.root.failure(row, now)].name, nil
	}
	return truth, "", nil
}

// instantOf returns asOf in microseconds since 1970.
func instantOf(asOf time.Time) (int64, error) {
	if sec := asOf.Unix(); earliest/1_000_000 < sec && sec < latest/1_000_000 { // the quick way, for all but the edges
		return sec*1_000_000 + int64(asOf.Nanosecond()/1000), nil
	}
	asOf = instant.Of(asOf)
	return instant.Micros(asOf), dataError("", "as of", instant.Given(asOf))
}

// row appends the facts in the order of the schema.
func (s *schema) row(facts Facts, row Row) Row {
	row = slices.Grow(row, len(s.columns))
	for i := range s.columns {
		var v Value
		if facts != nil {
			if found, ok := facts.Fact(s.columns[i].name); ok {
				v = found
			}
		}
		row = append(row, v)
	}
	return row
}
