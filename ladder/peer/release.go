package peer

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest format of releases and records that this release of the library reads and writes.
const Format = 1

// A Release holds the benchmarks of one period, for everybody to see. Each contributor is in exactly one of its groups.
// All figures are values for each unit of spend. Its JSON is canonical; [ParseRelease] reads it.
type Release struct {
	Format   int       `json:"format"` // 1
	From     time.Time `json:"from"`   // of the period [From, To)
	To       time.Time `json:"to"`
	Number   int       `json:"number"` // 1 for the period's first; one more whenever a group is refreshed
	Currency string    `json:"currency"`
	Best     int       `json:"best"`   // the percentile of mature peers that is called best in class, 1 to 99
	Groups   []Group   `json:"groups"` // in order of stage, segment, industry and size
}

// A Group is a cell, or what a total holds beside the cells that are released: where Size is empty, companies of the
// industry in other sizes than those with a group of their own, and so on up to Stage.
type Group struct {
	Stage        Stage           `json:"stage,omitempty"`
	Segment      string          `json:"segment,omitempty"`
	Industry     string          `json:"industry,omitempty"`
	Size         string          `json:"size,omitempty"`
	Number       int             `json:"number"`                 // of the release in which its figures were last made
	Count        int             `json:"count"`                  // companies
	Grid         decimal.Decimal `json:"grid"`                   // all figures are multiples of it, above 0
	Mean         decimal.Decimal `json:"mean"`                   // of the total over the companies
	Quantiles    []Quantile      `json:"quantiles,omitempty"`    // of the total, those that are safe, in increasing order
	Drivers      []Mean          `json:"drivers,omitempty"`      // those that are safe, in order of name
	Capabilities []Mean          `json:"capabilities,omitempty"` // likewise
}

// A Quantile is the value below which a percentage of companies lies (Hyndman and Fan's type 7), rounded to the grid, and
// on to the next point of it that is no company's value.
type Quantile struct {
	Percent int             `json:"percent"` // 1 to 99
	Value   decimal.Decimal `json:"value"`   // for each unit of spend
}

// A Mean is what companies gained on average through one driver or capability; those without any of it count as 0.
type Mean struct {
	Name  string          `json:"name"`
	Value decimal.Decimal `json:"value"` // for each unit of spend
}

// A Total is a line above groups.
type Total struct {
	Stage    Stage  // empty for all
	Segment  string // empty for all of the stage
	Industry string // empty for all of the segment
	Count    int    // companies
	// Mean of the total for each unit of spend, rounded half to even to the finest grid among the groups.
	Mean decimal.Decimal
}

func (g *Group) path() path { return path{string(g.Stage), g.Segment, g.Industry, g.Size} }

// depth is how many parts of a path are given.
func (p path) depth() int {
	for i, part := range p {
		if part == "" {
			return i
		}
	}
	return len(p)
}

// up returns the first parts of a path.
func (p path) up(depth int) path {
	var q path
	copy(q[:depth], p[:depth])
	return q
}

func comparePaths(a, b path) int { return slices.CompareFunc(a[:], b[:], strings.Compare) }

// find returns the group of a company in a cell: the one whose path has the most parts in common with the cell's, all of
// its own among them.
func (r *Release) find(cell path) (int, bool) {
	for depth := len(cell); depth >= 0; depth-- {
		want := cell.up(depth)
		i, ok := slices.BinarySearchFunc(r.Groups, want, func(g Group, want path) int { return comparePaths(g.path(), want) })
		if ok {
			return i, true
		}
	}
	return 0, false
}

// Totals gives the count and mean of every stage, segment and industry that has several groups, in their order. They are
// worked out from the groups, so that they tell nothing that the groups don't.
func (r Release) Totals() []Total {
	var totals []Total
	for depth := range len(path{}) {
		for i := 0; i < len(r.Groups); {
			of := r.Groups[i].path().up(depth)
			j := i
			for j < len(r.Groups) && r.Groups[j].path().up(depth) == of {
				j++
			}
			// A group at a shallower path than depth is itself a line already.
			if j-i > 1 && of.depth() == depth {
				totals = append(totals, total(of, r.Groups[i:j]))
			}
			i = j
		}
	}
	slices.SortStableFunc(totals, func(a, b Total) int {
		return cmp.Or(strings.Compare(string(a.Stage), string(b.Stage)), strings.Compare(a.Segment, b.Segment),
			strings.Compare(a.Industry, b.Industry))
	})
	return totals
}

func total(of path, groups []Group) Total {
	t := Total{Stage: Stage(of[0]), Segment: of[1], Industry: of[2]}
	var all amount.Total
	finest := int32(places)
	for i := range groups {
		g := &groups[i]
		t.Count += g.Count
		all.Add(g.Mean.Mul(decimal.NewFromInt(int64(g.Count))))
		if place, ok := gridPlace(g.Grid); ok {
			finest = min(finest, place)
		}
	}
	mean := all.Sum().DivRound(decimal.NewFromInt(int64(max(t.Count, 1))), divided)
	t.Mean = mean.RoundBank(-finest)
	return t
}

// MarshalJSON returns the canonical encoding.
func (r Release) MarshalJSON() ([]byte, error) {
	type plain Release
	return canon.JSON(plain(r))
}

// ParseRelease reads a release from its canonical JSON, strictly: other bytes than those that encoding a release gives,
// and figures that no release has, are problems.
//
// ParseRelease returns an error if:
//   - the document is not a release (*InvalidError with every problem);
//   - the format is newer than [Format] (ErrFormat).
func ParseRelease(data []byte) (Release, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Release{}, fmt.Errorf("peer: parse release: format %d: %w", format, ErrFormat)
	}
	type plain Release
	var p plain
	problems := strictjson.Decode(data, &p)
	r := Release(p)
	if len(problems) == 0 {
		r.problems("", &problems)
	}
	if len(problems) == 0 {
		if again, err := r.MarshalJSON(); err != nil || !bytes.Equal(again, data) {
			problems.Addf("", "must be in the canonical encoding")
		}
	}
	if err := invalid(problems); err != nil {
		return Release{}, err
	}
	return r, nil
}

// problems adds what a release can't hold.
func (r *Release) problems(base string, list *problem.List) {
	if r.Format != Format {
		list.Addf(problem.Join(base, "format"), "must be %d, not %d", Format, r.Format)
	}
	if why := periodProblem(r.From, r.To); why != "" {
		list.Addf(problem.Join(base, "to"), "%s", why)
	}
	if r.Number < 1 {
		list.Addf(problem.Join(base, "number"), "must be 1 or more")
	}
	if _, ok := amount.Minor(r.Currency); !ok && (r.Currency != "" || len(r.Groups) > 0) {
		list.Addf(problem.Join(base, "currency"), "must be an ISO 4217 code with a minor unit")
	}
	if r.Best < 1 || r.Best > 99 {
		list.Addf(problem.Join(base, "best"), "must be 1 to 99")
	}
	for i := range r.Groups {
		at := problem.Join(base, "groups", i)
		if i > 0 && comparePaths(r.Groups[i-1].path(), r.Groups[i].path()) >= 0 {
			list.Addf(at, "must come after the group before it")
		}
		r.Groups[i].problems(at, r.Number, list)
	}
}

func (g *Group) problems(at string, latest int, list *problem.List) {
	cell := g.path()
	for i, part := range cell {
		if i >= cell.depth() && part != "" {
			list.Addf(at, "has a part below an empty one")
		} else if part != "" && ident.Check(part) != nil {
			list.Addf(at, "has a name that is not one")
		}
	}
	if g.Stage != "" && g.Stage != Mature && g.Stage != Maturing {
		list.Addf(problem.Join(at, "stage"), "must be mature or maturing")
	}
	if g.Number < 1 || g.Number > latest {
		list.Addf(problem.Join(at, "number"), "must be 1 to that of the release")
	}
	if g.Count < 1 || g.Count > mostCompanies {
		list.Addf(problem.Join(at, "count"), "must be 1 to %d", mostCompanies)
	}
	if _, ok := gridPlace(g.Grid); !ok {
		list.Addf(problem.Join(at, "grid"), "must be a power of ten from 0.000001 to 1000000")
		return
	}
	figure := func(d decimal.Decimal, parts ...any) {
		if d.Sign() < 0 || d.Cmp(decimal.NewFromInt(2*million)) > 0 || !d.Mod(g.Grid).IsZero() {
			list.Addf(problem.Join(at, parts...), "must be a multiple of the grid from 0 to 2000000")
		}
	}
	figure(g.Mean, "mean")
	for i, q := range g.Quantiles {
		figure(q.Value, "quantiles", i, "value")
		if q.Percent < 1 || q.Percent > 99 || i > 0 && (q.Percent <= g.Quantiles[i-1].Percent || q.Value.Cmp(g.Quantiles[i-1].Value) < 0) {
			list.Addf(problem.Join(at, "quantiles", i), "must have a percentage of 1 to 99, and not lie below the one before it")
		}
	}
	for k, means := range [2][]Mean{g.Drivers, g.Capabilities} {
		key := []string{"drivers", "capabilities"}[k]
		for i, m := range means {
			figure(m.Value, key, i, "value")
			if ident.Check(m.Name) != nil || i > 0 && m.Name <= means[i-1].Name {
				list.Addf(problem.Join(at, key, i, "name"), "must be a name, after the one before it")
			}
		}
	}
}

// divided is how many digits a quotient has before it is rounded to a grid: enough to tell a half.
const divided = 20

// gridPlace returns the power of ten that a grid is, and false for another number.
func gridPlace(d decimal.Decimal) (int32, bool) {
	for e := int32(-places); e <= places; e++ {
		if d.Equal(decimal.New(1, e)) {
			return e, true
		}
	}
	return 0, false
}

// periodProblem says why [from, to) is no period, or "".
func periodProblem(from, to time.Time) string {
	for _, t := range []time.Time{from, to} {
		if err := instant.Given(t); err != nil {
			return "period: " + err.Error()
		}
	}
	if !from.Before(to) {
		return "must be after from"
	}
	return ""
}
