package health

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Columns are the data of many accounts, one in each row: all columns have the same length. Those of the measures stand
// in the order of [Model.Measures]. They are read where they are, and neither changed nor kept. Instants are
// microseconds since 1970-01-01 UTC; [NoTime] is the lack of one, and so is the UnixMicro of the zero time.
type Columns struct {
	Since  []int64     // start of the relationship; nil: all ages are unknown
	Values [][]float64 // raw, in the measure's unit; NaN is missing
	At     [][]int64   // when a value was true; nil, or nil for one measure: undated
	States [][]uint8   // codes such as CodeMissing; nil, or nil for one measure: CodeKnown
}

// NoTime is the lack of an instant in [Columns]. NumPy's NaT is the same number.
const NoTime int64 = math.MinInt64

// Codes of Columns.States. Any other code is that of a reading that failed, and so is a known one that is no number.
const (
	CodeKnown         uint8 = 0
	CodeMissing       uint8 = 1
	CodeNotApplicable uint8 = 2 // excluded, and not counted against coverage
	CodeFailed        uint8 = 3
)

// Results are the columns that [Model.ScoreColumns] writes into: as long as those it reads, or nil where they are not
// wanted. Each is what the field of that name in [Score] would hold, before any override.
type Results struct {
	Value    []float64 // points, 0 to 100; NaN: unknown
	Coverage []float64 // share, 0 to 1
	Low      []float64 // points, 0 to 100
	High     []float64 // points, 0 to 100
	Band     []int32   // position in Scorecard.Bands; -1: unknown
	Bad      []bool    // the row can't be scored: its numbers are NaN, its Band is -1
}

// Rows returns the rows from, inclusive, to to, exclusive. They share memory with c. Rows panics as slicing does.
func (c Columns) Rows(from, to int) Columns {
	return Columns{part(c.Since, from, to), parts(c.Values, from, to), parts(c.At, from, to), parts(c.States, from, to)}
}

// Rows returns the rows from, inclusive, to to, exclusive. They share memory with r. Rows panics as slicing does.
func (r Results) Rows(from, to int) Results {
	return Results{
		part(r.Value, from, to), part(r.Coverage, from, to), part(r.Low, from, to), part(r.High, from, to),
		part(r.Band, from, to), part(r.Bad, from, to),
	}
}

func part[T any](column []T, from, to int) []T {
	if column == nil {
		return nil
	}
	return column[from:to:to]
}

func parts[T any](columns [][]T, from, to int) [][]T {
	if columns == nil {
		return nil
	}
	some := make([][]T, len(columns))
	for i, c := range columns {
		some[i] = part(c, from, to)
	}
	return some
}

// ScoreColumns scores each row of in as of an instant, which is inclusive, and writes what comes of it into out. The
// numbers are those of [Model.Score] to the bit. It allocates for its working once a call, and nothing for each row.
//
// A row whose start lies before the year 1 or after asOf is bad, and does not stop the others. Disjoint rows may be scored
// by several goroutines at once, each with its own Rows of in and of out. It is pure and tells no observer: a caller who
// wants progress scores some Rows at a time, each call being so many done.
//
// ScoreColumns returns an error, and has written nothing, if:
//   - asOf is zero or outside of the years 1 to 9999;
//   - out is nil or has no column;
//   - in does not have one column for each measure, or two columns are not equally long: the error names one;
//   - a measure expires and has no instants, so that none of its values would ever count.
func (m *Model) ScoreColumns(out *Results, in Columns, asOf time.Time) error {
	if err := instant.Given(asOf); err != nil {
		return fmt.Errorf("health: score columns: as of %w", err)
	}
	if out == nil {
		return errors.New("health: score columns: there are no results to write into")
	}
	if err := m.checkColumns(out, &in); err != nil {
		return fmt.Errorf("health: score columns: %w", err)
	}
	b := m.newBlock(in, instant.Micros(instant.Of(asOf)))
	for rows := len(in.Values[0]); b.first < rows; b.first += b.size {
		b.size = min(b.size, rows-b.first)
		b.evaluate()
		b.write(out)
	}
	return nil
}

// checkColumns checks that there is a column for each measure, and that all have one length. It returns the first
// problem.
func (m *Model) checkColumns(out *Results, in *Columns) (err error) {
	columns := func(kind string, n int, absent bool) {
		if err == nil && n != len(m.measures) && !absent {
			err = fmt.Errorf("%s: %d columns for %d measures", kind, n, len(m.measures))
		}
	}
	columns("values", len(in.Values), false)
	columns("at", len(in.At), in.At == nil)
	columns("states", len(in.States), in.States == nil)
	if err != nil {
		return err
	}
	rows := len(in.Values[0])
	fits := func(kind, measure string, n int, absent bool) {
		if err != nil || n == rows || absent {
			return
		}
		if measure != "" {
			kind = fmt.Sprintf("%s of %q", kind, measure)
		}
		err = fmt.Errorf("%s: %d rows, and values of %q have %d", kind, n, m.measures[0].name, rows)
	}
	for i := range m.measures {
		x := &m.measures[i]
		fits("values", x.name, len(in.Values[i]), false)
		dated := in.At != nil && in.At[i] != nil
		if dated {
			fits("at", x.name, len(in.At[i]), false)
		}
		if err == nil && !dated && x.expire > 0 {
			err = fmt.Errorf("at of %q: there is none, and the measure expires", x.name)
		}
		if in.States != nil {
			fits("states", x.name, len(in.States[i]), in.States[i] == nil)
		}
	}
	fits("since", "", len(in.Since), in.Since == nil)
	fits("result value", "", len(out.Value), out.Value == nil)
	fits("result coverage", "", len(out.Coverage), out.Coverage == nil)
	fits("result low", "", len(out.Low), out.Low == nil)
	fits("result high", "", len(out.High), out.High == nil)
	fits("result band", "", len(out.Band), out.Band == nil)
	fits("result bad", "", len(out.Bad), out.Bad == nil)
	none := out.Value == nil && out.Coverage == nil && out.Low == nil && out.High == nil && out.Band == nil && out.Bad == nil
	if err == nil && none {
		err = errors.New("the results have no column")
	}
	return err
}
