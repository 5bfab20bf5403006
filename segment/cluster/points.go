package cluster

import (
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Scale says what makes columns comparable.
type Scale string

// Scales. Under each of them a column whose values are all equal tells no rows apart, and counts for nothing.
const (
	ZScore   Scale = "z_score"  // (x − mean) / standard deviation with n in the denominator
	Range    Scale = "range"    // (x − least) / (greatest − least)
	Unscaled Scale = "unscaled" // x: columns with larger numbers count for more
)

// A Missing says what becomes of rows with a missing value.
type Missing string

// What becomes of rows with a missing value. No value is ever filled in.
const (
	Refuse Missing = "refuse" // an error that names the first
	Omit   Missing = "omit"   // they are no points: they count nowhere, and their label is -1
)

const (
	widestWeight  = 1e6
	narrowestUnit = 1e-100 // of a range or a deviation, below which squares would be lost
)

// A Scaling says how a table becomes points. The zero Scaling is [ZScore], all weights 1, and [Refuse].
type Scaling struct {
	Scale   Scale     `json:"scale,omitempty"`   // "" is ZScore
	Weights []float64 `json:"weights,omitempty"` // of the columns in squared distances, above 0 to 1 000 000; none: all 1
	Missing Missing   `json:"missing,omitempty"` // "" is Refuse
}

// Points are the rows of a table, scaled. They are immutable, keep no part of the table, and are safe for concurrent use:
// several goroutines may cluster the same points, each with its own seed.
type Points struct {
	columns []Column
	rows    int     // of the table
	kept    []int32 // the table's row of each point
	n, d    int
	values  []float64 // n·d, point after point
	units   []unit    // of each column
	grid    []step    // of each column
}

// A unit turns numbers of a column into coordinates: (x − shift) / size · root.
type unit struct {
	shift, size float64
	root        float64 // of the weight
	constant    bool    // all coordinates are 0

	least, greatest float64 // of the column
}

func (u *unit) coordinate(x float64) float64 {
	if u.constant {
		return 0
	}
	return float64((x - u.shift) / u.size * u.root)
}

// number returns the number of a mean's coordinate. Rounding does not take it beyond the column's own.
func (u *unit) number(coordinate float64) float64 {
	return min(max(u.shift+float64(coordinate/u.root*u.size), u.least), u.greatest)
}

// Prepare checks and scales a table. It copies what it needs.
//
// Prepare returns a *DataError that names the place if:
//   - the table has no columns or over 1000, a column whose name can't be an attribute's, no rows, or a last row in part;
//   - a value is infinite or beyond 2^53, or missing under [Refuse], or every row is left out under [Omit];
//   - a column's values differ by less than 1e-100;
//   - the scaling is none of those above, or has weights that are not one to a column, above 0 and at most 1 000 000.
func Prepare(t Table, s Scaling) (*Points, error) {
	n, err := t.rows()
	if err != nil {
		return nil, err
	}
	d := len(t.Columns)
	if err := s.check(d); err != nil {
		return nil, err
	}
	p := &Points{columns: slices.Clone(t.Columns), rows: n, d: d}
	for i := range n {
		missing := false
		for j, x := range t.Values[i*d : (i+1)*d] {
			switch {
			case math.IsInf(x, 0):
				return nil, wrong(place(i, t.Columns[j].Name), "is infinite")
			case math.Abs(x) > largest:
				return nil, wrong(place(i, t.Columns[j].Name), "is %v, beyond 2^53", x)
			case math.IsNaN(x) && s.Missing != Omit:
				return nil, wrong(place(i, t.Columns[j].Name), "is missing")
			}
			missing = missing || math.IsNaN(x)
		}
		if !missing {
			p.kept = append(p.kept, int32(i))
		}
	}
	if p.n = len(p.kept); p.n == 0 {
		return nil, wrong("table", "has no row without a missing value")
	}
	p.values = make([]float64, p.n*d)
	column := make([]float64, p.n)
	for j := range d {
		for i, row := range p.kept {
			column[i] = t.Values[int(row)*d+j]
		}
		u, ok := s.unit(column, j)
		if !ok {
			return nil, wrong(fmt.Sprintf("column %q", t.Columns[j].Name), "has values that differ by less than %v", narrowestUnit)
		}
		p.units = append(p.units, u)
		for i, x := range column {
			p.values[i*d+j] = u.coordinate(x)
		}
	}
	p.lay()
	return p, nil
}

func (s *Scaling) check(columns int) error {
	switch s.Scale {
	case "", ZScore, Range, Unscaled:
	default:
		return wrong("scale", "must be one of z_score, range, unscaled, not %q", s.Scale)
	}
	switch s.Missing {
	case "", Refuse, Omit:
	default:
		return wrong("missing", "must be one of refuse, omit, not %q", s.Missing)
	}
	if len(s.Weights) > 0 && len(s.Weights) != columns {
		return wrong("weights", "are %d, not one to each of %d columns", len(s.Weights), columns)
	}
	for j, w := range s.Weights {
		if !(w > 0 && w <= widestWeight) {
			return wrong(fmt.Sprint("weight ", j), "must be above 0 and at most %v, not %v", widestWeight, w)
		}
	}
	return nil
}

// unit returns the unit of a column, and reports whether squares of what its values differ by are numbers.
func (s *Scaling) unit(column []float64, j int) (unit, bool) {
	least, greatest := slices.Min(column), slices.Max(column)
	u := unit{shift: least, size: 1, root: 1, constant: least == greatest, least: least, greatest: greatest}
	if u.constant {
		return u, true
	}
	if len(s.Weights) > 0 {
		u.root = math.Sqrt(s.Weights[j])
	}
	ok := greatest-least >= narrowestUnit
	switch s.Scale {
	case Range:
		u.size = greatest - least
	case Unscaled:
		u.shift = 0
	default:
		mean, sd, found := stat.MeanSD(column)
		n := float64(len(column))
		u.shift, u.size = mean, float64(sd*math.Sqrt((n-1)/n))
		ok = ok && found && u.size > 0
	}
	return u, ok
}

// Len returns the number of points: of the table's rows that are not left out.
func (p *Points) Len() int { return p.n }

// Constant returns the names of the columns whose values are all equal, in their order. They count for nothing.
func (p *Points) Constant() []string {
	var out []string
	for j := range p.units {
		if p.units[j].constant {
			out = append(out, p.columns[j].Name)
		}
	}
	return out
}

func (p *Points) at(i int) []float64 { return p.values[i*p.d : (i+1)*p.d] }

// take returns the points at some places, in that order, as points of a table of their own.
func (p *Points) take(places []uint32) *Points {
	out := &Points{columns: p.columns, rows: len(places), n: len(places), d: p.d, units: p.units}
	for i, from := range places {
		out.kept = append(out.kept, int32(i))
		out.values = append(out.values, p.at(int(from))...)
	}
	out.lay()
	return out
}

// labels returns the labels of points as those of the table's rows.
func (p *Points) labels(of []int32) []int {
	out := make([]int, p.rows)
	for i := range out {
		out[i] = -1
	}
	for i, row := range p.kept {
		out[row] = int(of[i])
	}
	return out
}

// given reads labels of the table's rows: those of the points, and the number of labels, some of which may have no point.
func (p *Points) given(labels []int) ([]int32, int, error) {
	if len(labels) != p.rows {
		return nil, 0, wrong("labels", "are %d, not one to each of %d rows", len(labels), p.rows)
	}
	out, k := make([]int32, p.n), 0
	for i, row := range p.kept {
		label := labels[row]
		if label < 0 || label >= p.rows {
			return nil, 0, wrong(fmt.Sprint("label of row ", row), "must be 0 to %d, not %d", p.rows-1, label)
		}
		out[i], k = int32(label), max(k, label+1)
	}
	return out, k, nil
}
