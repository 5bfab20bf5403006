package cluster

import (
	"errors"
	"fmt"
	"math"

	"github.com/customersuccess-go/customersuccess/segment"
)

const (
	mostRows = math.MaxInt32
	largest  = 1 << 53 // of a value, either side of zero: what a fact of package segment may be
)

// A Column is what one number of every row says. Its name becomes an attribute of a scheme, and is held to the rules for
// those: lower-case letters, digits and _, not beginning with a digit.
type Column struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"` // for people
}

// A Table is numbers, row after row: those of row i stand from i·len(Columns) on. NaN is a missing value.
type Table struct {
	Columns []Column  `json:"columns"` // 1 to 1000
	Values  []float64 `json:"values"`  // in the columns' units, at most 2^53 either side of zero
}

// TableOf copies rows into a Table. It returns a *DataError that names the first row with another number of values than
// there are columns.
func TableOf(columns []Column, rows [][]float64) (Table, error) {
	t := Table{Columns: append([]Column(nil), columns...), Values: make([]float64, 0, len(rows)*len(columns))}
	for i, r := range rows {
		if len(r) != len(columns) {
			return Table{}, wrong(fmt.Sprint("row ", i), "has %d values, not %d", len(r), len(columns))
		}
		t.Values = append(t.Values, r...)
	}
	return t, nil
}

// Needs makes a table of answers about outcomes, one row a respondent: in each column twice the importance of the outcome
// less the satisfaction with it, 2 − top to 2·top − 1. Unlike the opportunity score of a group it is not clamped, so that
// who is served too well differs from who is served well. An answer that is NaN leaves the value missing. To classify
// accounts by a scheme made of such a table, compute their facts alike.
//
// Needs returns a *DataError that names the place if the two have not the same shape, or an answer is not 1 to top.
func Needs(outcomes []string, importance, satisfaction [][]float64, top int) (Table, error) {
	if top < 2 || top > 100 {
		return Table{}, wrong("top", "must be 2 to 100, not %d", top)
	}
	if len(importance) != len(satisfaction) {
		return Table{}, wrong("satisfaction", "has %d rows, not %d", len(satisfaction), len(importance))
	}
	t := Table{Values: make([]float64, 0, len(outcomes)*len(importance))}
	for _, name := range outcomes {
		t.Columns = append(t.Columns, Column{Name: name, Unit: "twice the importance less the satisfaction"})
	}
	for i, wants := range importance {
		gets := satisfaction[i]
		if len(wants) != len(outcomes) || len(gets) != len(outcomes) {
			return Table{}, wrong(fmt.Sprint("row ", i), "has %d and %d answers, not %d", len(wants), len(gets), len(outcomes))
		}
		for j := range wants {
			for _, answer := range [...]float64{wants[j], gets[j]} {
				if answer < 1 || answer > float64(top) {
					return Table{}, wrong(place(i, outcomes[j]), "answer %v is not 1 to %d", answer, top)
				}
			}
			t.Values = append(t.Values, 2*wants[j]-gets[j])
		}
	}
	return t, nil
}

func place(row int, column string) string { return fmt.Sprintf("row %d, column %q", row, column) }

// rows returns their number, and what is wrong with the table's shape.
func (t *Table) rows() (int, error) {
	if len(t.Columns) == 0 {
		return 0, wrong("columns", "are missing")
	}
	if _, err := segment.CompileCondition(t.Columns[0].Name+" IS NULL", t.attributes()); err != nil {
		var invalid *segment.InvalidError
		if errors.As(err, &invalid) && len(invalid.Problems) > 0 {
			p := invalid.Problems[0]
			return 0, wrong("columns", "%s: %s", p.Pointer, p.Message)
		}
		return 0, wrong("columns", "%v", err)
	}
	n, rest := len(t.Values)/len(t.Columns), len(t.Values)%len(t.Columns)
	switch {
	case rest != 0:
		return 0, wrong(fmt.Sprint("row ", n), "has %d values, not %d", rest, len(t.Columns))
	case n == 0:
		return 0, wrong("table", "has no rows")
	case n > mostRows:
		return 0, wrong("table", "has %d rows, over %d", n, mostRows)
	}
	return n, nil
}

func (t *Table) attributes() []segment.Attribute {
	out := make([]segment.Attribute, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = segment.Attribute{Name: c.Name, Type: segment.NumberType, Unit: c.Unit}
	}
	return out
}
