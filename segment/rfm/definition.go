package rfm

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
	"github.com/customersuccess-go/customersuccess/segment"
)

// Format is the newest grid format that this release reads. It versions the document and the arithmetic.
const Format = 1

const (
	mostClasses = 9 // so that a score is one digit
	mostCells   = 100
	widestCut   = 1_000_000_000 // days or purchases
)

// A Grid says how recency, frequency and monetary value become scores, and scores become named cells. It is plain data:
// build it in Go or read it with [Parse], then [Compile] it. The zero Grid is not valid.
type Grid struct {
	Format    int    `json:"format"` // 1
	Name      string `json:"name"`
	Method    Method `json:"method"`
	Classes   int    `json:"classes"`   // scores are 1, the worst, to Classes; 2 to 9
	Cuts      Cuts   `json:"cuts"`      // of fixed; empty for the other methods
	Cells     []Cell `json:"cells"`     // the first that matches counts
	Otherwise string `json:"otherwise"` // the cell of what none matches; "" leaves such accounts without a cell
}

// MarshalJSON writes the grid in the form that its digest is made of, with cuts as strings of plain digits.
func (g Grid) MarshalJSON() ([]byte, error) {
	type plain Grid
	return canon.JSON(plain(g.clone()))
}

// A Method says where the cuts between scores come from.
type Method string

// Methods.
const (
	Quantile Method = "quantile"    // from the accounts at hand, an equal share to each score; equal values score alike
	Fixed    Method = "fixed"       // from the grid, so that scores of different days and books compare
	PlusOne  Method = "r_rfm_1plus" // as the R package rfm does, for comparison with it; see the package comment
)

// Cuts are the values between scores, those of one measure from the one above score 1 to the one below the highest, one
// fewer than there are classes. The score is 1 and one more for each cut that the account's value is strictly better
// than: below it in recency, above it in frequency and monetary. (Under [PlusOne] it may also be equal in the latter
// two.) Equal cuts leave the score between them empty.
type Cuts struct {
	Recency   []decimal.Decimal `json:"recency"`   // whole days or parts; never increasing
	Frequency []decimal.Decimal `json:"frequency"` // purchases; never decreasing
	Monetary  []decimal.Decimal `json:"monetary"`  // amounts; never decreasing
}

// A Cell is a box of scores. Boxes may overlap.
type Cell struct {
	Name      string `json:"name"` // no other cell has it
	Recency   Range  `json:"recency"`
	Frequency Range  `json:"frequency"`
	Monetary  Range  `json:"monetary"`
}

// A Range is the scores from Low to High, both included. The zero Range is all of them.
type Range struct {
	Low  int `json:"low"`  // 1 to High
	High int `json:"high"` // Low to the grid's classes
}

func (r Range) holds(score int) bool { return r == Range{} || r.Low <= score && score <= r.High }

func (c *Cell) holds(s Score) bool {
	return c.Recency.holds(s.Recency) && c.Frequency.holds(s.Frequency) && c.Monetary.holds(s.Monetary)
}

// Starter returns a grid of quintiles with eight cells and no gap. It is a beginning: where bills come on a calendar,
// recency is the billing cycle's, and usage makes better transactions than invoices.
func Starter() Grid {
	best, middle, worst := Range{4, 5}, Range{3, 3}, Range{1, 2}
	return Grid{Format: 1, Name: "starter", Method: Quantile, Classes: 5, Otherwise: "steady", Cells: []Cell{
		{Name: "champions", Recency: best, Frequency: best, Monetary: best},
		{Name: "loyal", Recency: best, Frequency: best},
		{Name: "spenders", Recency: best, Monetary: best},
		{Name: "recent", Recency: best},
		{Name: "cooling", Recency: middle, Frequency: best},
		{Name: "at_risk", Recency: worst, Frequency: best},
		{Name: "dormant", Recency: worst},
	}}
}

// Parse reads a grid from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and numbers out of
// bounds are problems. It checks the document, not the grid: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not a grid (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Grid, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Grid{}, fmt.Errorf("rfm: parse grid: format %d: %w", format, ErrFormat)
	}
	var g Grid
	if err := invalid(strictjson.Decode(data, &g)); err != nil {
		return Grid{}, err
	}
	return g, nil
}

// A Model is a compiled grid. It is immutable and safe for concurrent use.
type Model struct {
	def    Grid
	digest segment.Digest
	cells  []int // of each score in the order of scores(): index into def.Cells, or their number for Otherwise
}

// Compile checks a grid and returns its Model, which keeps no part of the grid that the caller could change.
//
// Compile returns an error if:
//   - anything in the grid is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(g Grid) (*Model, error) {
	if g.Format > Format {
		return nil, fmt.Errorf("rfm: compile grid %q: format %d: %w", g.Name, g.Format, ErrFormat)
	}
	if err := invalid(g.problems()); err != nil {
		return nil, err
	}
	g = g.clone()
	digest, err := canon.Digest(g)
	if err != nil {
		return nil, fmt.Errorf("rfm: compile grid %q: %w", g.Name, err)
	}
	m := &Model{def: g, digest: digest}
	for _, s := range m.scores() {
		m.cells = append(m.cells, g.first(s))
	}
	return m, nil
}

// Grid returns a copy of the definition.
func (m *Model) Grid() Grid { return m.def.clone() }

// Digest returns the digest of the definition.
func (m *Model) Digest() segment.Digest { return m.digest }

func (g Grid) clone() Grid {
	g.Cuts, g.Cells = g.Cuts.clone(), list(g.Cells)
	return g
}

func (c Cuts) clone() Cuts {
	return Cuts{Recency: list(c.Recency), Frequency: list(c.Frequency), Monetary: list(c.Monetary)}
}

// list copies a list; that of nothing is empty, not nil, so that both have one digest.
func list[T any](of []T) []T { return append([]T{}, of...) }

// first returns the index of the first cell that holds a score, or the number of cells.
func (g *Grid) first(s Score) int {
	for i := range g.Cells {
		if g.Cells[i].holds(s) {
			return i
		}
	}
	return len(g.Cells)
}

func (g Grid) problems() problem.List {
	var r check.Report
	r.Format(g.Format, Format)
	r.Name("", "/name", g.Name)
	check.OneOf(&r, "", "/method", g.Method, Quantile, Fixed, PlusOne)
	classes := g.Classes
	if classes < 2 || classes > mostClasses {
		r.Addf("/classes", "must be 2 to %d, not %d", mostClasses, classes)
		classes = mostClasses // for the ranges of cells
	} else {
		g.checkCuts(&r)
	}
	if r.Fits("", "/cells", len(g.Cells), mostCells) {
		var names check.Names
		for i, c := range g.Cells {
			at := fmt.Sprintf("/cells/%d", i)
			r.Define(&names, at, "/name", c.Name)
			checkRange(&r, at, "/recency", c.Recency, classes)
			checkRange(&r, at, "/frequency", c.Frequency, classes)
			checkRange(&r, at, "/monetary", c.Monetary, classes)
		}
		if g.Otherwise != "" {
			r.Define(&names, "", "/otherwise", g.Otherwise)
		}
	}
	return r.List
}

func checkRange(r *check.Report, at, field string, of Range, classes int) {
	if of != (Range{}) && (of.Low < 1 || of.High < of.Low || of.High > classes) {
		r.Addf(at+field, "must lie within 1 to %d and not be reversed, not %d to %d", classes, of.Low, of.High)
	}
}

func (g Grid) checkCuts(r *check.Report) {
	for i, cuts := range [][]decimal.Decimal{g.Cuts.Recency, g.Cuts.Frequency, g.Cuts.Monetary} {
		at := [...]string{"/cuts/recency", "/cuts/frequency", "/cuts/monetary"}[i]
		want := 0
		if g.Method == Fixed {
			want = g.Classes - 1
		}
		if len(cuts) != want {
			r.Addf(at, "must have %d elements, not %d: method %s, %d classes", want, len(cuts), g.Method, g.Classes)
			continue
		}
		before := 0 // the last cut that can be compared; after it none is
		for j, c := range cuts {
			place := fmt.Sprintf("%s/%d", at, j)
			if !r.Err(place, "", amount.Check(c)) {
				break
			}
			if i < 2 && (c.IsNegative() || c.Cmp(decimal.New(widestCut, 0)) > 0) {
				r.Addf(place, "must be 0 to %d, not %s", widestCut, amount.Text(c))
			}
			if step := c.Cmp(cuts[before]); i == 0 && step > 0 || i > 0 && step < 0 {
				r.Addf(place, "%s is worse than the cut before it, %s", amount.Text(c), amount.Text(cuts[before]))
			}
			before = j
		}
	}
}
