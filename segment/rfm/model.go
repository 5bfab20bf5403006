package rfm

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A Score is three digits, each 1, the worst, to the grid's number of classes. It is a label: sums and means of its
// digits have no meaning.
type Score struct {
	Recency   int `json:"recency"`   // 1 to the grid's classes
	Frequency int `json:"frequency"` // 1 to the grid's classes
	Monetary  int `json:"monetary"`  // 1 to the grid's classes
}

// String returns the digits, such as "543".
func (s Score) String() string { return fmt.Sprintf("%d%d%d", s.Recency, s.Frequency, s.Monetary) }

// A Row is one account that has bought.
type Row struct {
	Account   string          `json:"account"`
	Recency   int             `json:"recency"`   // whole days of 24 hours from the last purchase to as of, at least 0
	Purchases int64           `json:"purchases"` // the frequency, at least 1
	Refunds   int64           `json:"refunds"`   // their number, at least 0
	Amount    decimal.Decimal `json:"amount"`    // the monetary value: purchases less refunds, which may be negative
	Score     Score           `json:"score"`
	Cell      string          `json:"cell"` // "" if no cell matches and the grid names no other
}

// MarshalJSON writes the row with amounts as strings of plain digits.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	return canon.JSON(plain(r))
}

// An Unscored is an account that only has refunds: when and how often it bought is unknown.
type Unscored struct {
	Account string          `json:"account"`
	Refunds int64           `json:"refunds"` // their number, at least 1
	Amount  decimal.Decimal `json:"amount"`  // negative
}

// A CellTotal sums the accounts of one cell.
type CellTotal struct {
	Name      string          `json:"name"`
	Accounts  int             `json:"accounts"`  // their number
	Purchases int64           `json:"purchases"` // of these accounts
	Amount    decimal.Decimal `json:"amount"`    // of these accounts: purchases less refunds
}

// Sizes are the numbers of accounts by score, the first of score 1. Equal values have equal scores, so that sizes may
// differ much under [Quantile], and some be 0.
type Sizes struct {
	Recency   []int `json:"recency"`   // accounts
	Frequency []int `json:"frequency"` // accounts
	Monetary  []int `json:"monetary"`  // accounts
}

// A Result is a scored book.
type Result struct {
	Grid     segment.Digest `json:"grid"`
	AsOf     time.Time      `json:"as_of"`
	Currency string         `json:"currency"`
	Cuts     Cuts           `json:"cuts"`     // that were used; empty if nobody bought
	Sizes    Sizes          `json:"sizes"`    // each sums to the number of rows
	Rows     []Row          `json:"rows"`     // by account, as bytes
	Cells    []CellTotal    `json:"cells"`    // in the grid's order, then that of the accounts that no cell matches
	Unscored []Unscored     `json:"unscored"` // by account, as bytes
	Earlier  int64          `json:"earlier"`  // transactions left out: before the window
	Later    int64          `json:"later"`    // transactions left out: after as of
}

// MarshalJSON writes the result with amounts as strings of plain digits. It is an error if a sum needs over 127 bits.
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result
	return canon.JSON(plain(r))
}

// Score scores the accounts of a tally. The cuts of a Quantile result may stand in a [Fixed] grid: it gives the same
// scores for the same tally, and comparable ones for later tallies.
func (m *Model) Score(t *Tally) Result {
	out := Result{Grid: m.digest, AsOf: t.AsOf(), Currency: t.currency, Cuts: Cuts{}.clone(), Rows: []Row{}, Unscored: []Unscored{},
		Earlier: t.earlier, Later: t.later}
	for _, c := range m.def.Cells {
		out.Cells = append(out.Cells, CellTotal{Name: c.Name})
	}
	out.Cells = append(out.Cells, CellTotal{Name: m.def.Otherwise})
	for _, sizes := range []*[]int{&out.Sizes.Recency, &out.Sizes.Frequency, &out.Sizes.Monetary} {
		*sizes = make([]int, m.def.Classes)
	}
	order := t.order()
	b := newBook(t, len(order))
	for _, h := range order {
		s := t.sums[h]
		if s.purchases == 0 {
			total := t.total(h)
			out.Unscored = append(out.Unscored, Unscored{Account: t.ids[h], Refunds: s.refunds, Amount: total.Sum()})
			continue
		}
		b.add(h)
	}
	if len(b.accounts) == 0 {
		return out
	}
	out.Cuts = m.cuts(b)
	g := newGrader(m.def.Method, out.Cuts)
	sums := make([]amount.Total, len(out.Cells))
	out.Rows = make([]Row, len(b.accounts))
	for i, h := range b.accounts {
		s := t.sums[h]
		score := Score{above(b.recency[i], g.recency), above(b.frequency[i], g.frequency), g.money(b.monetary[i])}
		out.Sizes.Recency[score.Recency-1]++
		out.Sizes.Frequency[score.Frequency-1]++
		out.Sizes.Monetary[score.Monetary-1]++
		cell := m.cells[m.index(score)]
		total := &out.Cells[cell]
		total.Accounts++
		total.Purchases += s.purchases
		sums[cell].Merge(b.monetary[i])
		out.Rows[i] = Row{Account: t.ids[h], Recency: -int(b.recency[i]), Purchases: s.purchases, Refunds: s.refunds,
			Amount: b.monetary[i].Sum(), Score: score, Cell: total.Name}
	}
	for i := range sums {
		out.Cells[i].Amount = sums[i].Sum()
	}
	return out
}

// A book is the measures of the accounts that bought, in columns in which more is better.
type book struct {
	tally     *Tally
	accounts  []Handle
	recency   []int64 // days, negated
	frequency []int64
	monetary  []amount.Total
	minor     []int64 // monetary in minor units, which sort faster; nil if not all are such
}

// newBook returns an empty book with room for n accounts.
func newBook(t *Tally, n int) *book {
	b := &book{tally: t, accounts: make([]Handle, 0, n), recency: make([]int64, 0, n), frequency: make([]int64, 0, n), monetary: make([]amount.Total, 0, n)}
	if t.rest == nil {
		b.minor = make([]int64, 0, n)
	}
	return b
}

func (b *book) add(h Handle) {
	const day = 24 * int64(time.Hour/time.Microsecond)
	s := b.tally.sums[h]
	b.accounts = append(b.accounts, h)
	b.recency = append(b.recency, -((b.tally.asOf - s.last) / day))
	b.frequency = append(b.frequency, s.purchases)
	b.monetary = append(b.monetary, b.tally.total(h))
	if b.minor != nil {
		b.minor = append(b.minor, s.minor)
	}
}

// money returns the amount of each rank, from the worst on.
func (b *book) money() func(i int) decimal.Decimal {
	if b.minor != nil {
		sorted := slices.Clone(b.minor)
		slices.Sort(sorted)
		return func(i int) decimal.Decimal { return decimal.New(sorted[i], -b.tally.places) }
	}
	sorted := slices.Clone(b.monetary)
	slices.SortFunc(sorted, amount.Total.Cmp)
	return func(i int) decimal.Decimal { return sorted[i].Sum() }
}

// cuts returns the cuts of the grid, or those between equal shares of a book.
func (m *Model) cuts(b *book) Cuts {
	if m.def.Method == Fixed {
		return m.def.Cuts.clone()
	}
	n, classes := len(b.accounts), m.def.Classes
	recency, frequency := slices.Clone(b.recency), slices.Clone(b.frequency)
	slices.Sort(recency)
	slices.Sort(frequency)
	between := shares
	if m.def.Method == PlusOne {
		between = plusOne
	}
	cuts := Cuts{
		Frequency: between(n, classes, func(i int) decimal.Decimal { return decimal.New(frequency[i], 0) }),
		Monetary:  between(n, classes, b.money()),
	}
	if m.def.Method == PlusOne { // takes quantiles of days, and then reverses the scores
		cuts.Recency = plusOne(n, classes, func(i int) decimal.Decimal { return decimal.New(-recency[n-1-i], 0) })
		slices.Reverse(cuts.Recency)
	} else {
		cuts.Recency = shares(n, classes, func(i int) decimal.Decimal { return decimal.New(-recency[i], 0) })
	}
	return cuts
}

// shares returns the last of the worst n/classes values, of the worst 2n/classes and so on. To be better than that of i
// is to have at least i·n/classes accounts that are worse. Values come from the worst on.
func shares(n, classes int, value func(i int) decimal.Decimal) []decimal.Decimal {
	var out []decimal.Decimal
	for i := 1; i < classes; i++ {
		out = append(out, value((n*i+classes-1)/classes-1))
	}
	return out
}

// plusOne returns one more than the type 7 quantiles, to 18 places, of values in increasing order.
func plusOne(n, classes int, value func(i int) decimal.Decimal) []decimal.Decimal {
	var out []decimal.Decimal
	for i := 1; i < classes; i++ {
		low, part := (n-1)*i/classes, (n-1)*i%classes
		x := value(low).Mul(decimal.New(int64(classes-part), 0)).Add(value(min(low+1, n-1)).Mul(decimal.New(int64(part), 0)))
		out = append(out, x.DivRound(decimal.New(int64(classes), 0), 18).Add(decimal.New(1, 0)))
	}
	return out
}

// A grader holds cuts in the form of a book's columns.
type grader struct {
	recency, frequency []int64 // to be above
	monetary           []amount.Total
	reach              int // the least comparison with a cut of money that passes it: 1 is above, 0 is also at it
}

func newGrader(method Method, cuts Cuts) grader {
	g := grader{reach: 1}
	for _, c := range cuts.Recency {
		g.recency = append(g.recency, -whole(c.Ceil()))
	}
	for _, c := range cuts.Frequency {
		below := whole(c.Floor())
		if method == PlusOne {
			below = whole(c.Ceil()) - 1
		}
		g.frequency = append(g.frequency, below)
	}
	for _, c := range cuts.Monetary {
		var total amount.Total
		total.Add(c)
		g.monetary = append(g.monetary, total)
	}
	if method == PlusOne {
		g.reach = 0
	}
	return g
}

// whole returns a whole number of days or purchases, none of which is large.
func whole(d decimal.Decimal) int64 { return amount.Round(d, 0).CoefficientInt64() }

// above returns the score of a value.
func above(x int64, cuts []int64) int {
	score := 1
	for _, c := range cuts {
		if x > c {
			score++
		}
	}
	return score
}

func (g *grader) money(x amount.Total) int {
	score := 1
	for _, c := range g.monetary {
		if x.Cmp(c) >= g.reach {
			score++
		}
	}
	return score
}

// scores lists all scores by recency, frequency and monetary.
func (m *Model) scores() []Score {
	var out []Score
	for r := range m.def.Classes {
		for f := range m.def.Classes {
			for v := range m.def.Classes {
				out = append(out, Score{r + 1, f + 1, v + 1})
			}
		}
	}
	return out
}

// index returns the place of a score in scores.
func (m *Model) index(s Score) int {
	return ((s.Recency-1)*m.def.Classes+s.Frequency-1)*m.def.Classes + s.Monetary - 1
}
