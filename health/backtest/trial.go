package backtest

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Trial collects the scored decisions of one scorecard. The zero value is ready. The order in which cases are added
// does not matter. It keeps about 200 bytes a decision and 8 for each measure, and no score. One goroutine may use it.
type Trial struct {
	digest   health.Digest
	scored   bool // a score came, and set the digest and the measures
	currency string
	accounts names
	bands    names
	ordered  int // bands that cases named as the card's, in its order: those with the lowest numbers
	groups   names
	tenures  names
	measures []string
	points   [][]float64 // by measure, then by row: on the curve; NaN where it was not live
	rows     []row
	seen     map[exposure]struct{}
	unknown  int
	failed   int
}

// A row is a decision whose score was known.
type row struct {
	value      float64 // of the score
	without    float64 // of the score before the override
	asOf, at   int64   // of score and decision, in microseconds
	money      decimal.Decimal
	account    int32
	band       int32 // of the value
	steady     int32 // the steadied one; none: not replayed
	group      int32
	tenure     int32
	lost       bool
	rescued    bool
	overridden bool
	undated    bool // a live reading has no time
	valued     bool // the money is known
}

// judged reports whether the row is evidence for or against the card alone.
func (r *row) judged() bool { return !r.rescued && !r.overridden }

type exposure struct {
	account int32
	at      int64
}

// names numbers texts in order of first appearance.
type names struct {
	list  []string
	index map[string]int32
}

// none is the number of the empty text.
const none = -1

func (n *names) number(s string) int32 {
	if s == "" {
		return none
	}
	if i, ok := n.index[s]; ok {
		return i
	}
	if n.index == nil {
		n.index = make(map[string]int32)
	}
	i := int32(len(n.list))
	n.index[s], n.list = i, append(n.list, s)
	return i
}

// Add adds a case. One whose Err is set counts as failed, one whose score is unknown as unknown.
//
// Add returns an error (*DataError), and adds nothing, if:
//   - the account's ID is no ID, the decision has no instant, or it is there already;
//   - it was both lost and rescued;
//   - the group or the tenure is longer than 256 bytes or not plain UTF-8;
//   - money has no ISO 4217 currency or another one than the decisions before, is negative, or is out of bounds;
//   - the score is of another account or by another card than those before, has no band, or is no number.
func (t *Trial) Add(c Case) error {
	if c.Err != nil && (ident.Check(c.Account) != nil || instant.Given(c.At) != nil) {
		t.failed++
		return nil
	}
	if err := t.check(c); err != nil {
		return err
	}
	e := exposure{t.accounts.number(c.Account), instant.Of(c.At).UnixMicro()}
	if _, twice := t.seen[e]; twice {
		return &DataError{Account: c.Account, Field: "decision", Message: "of " + c.At.Format(time.RFC3339) + " is there twice"}
	}
	if t.seen == nil {
		t.seen = make(map[exposure]struct{})
	}
	t.seen[e] = struct{}{}
	switch {
	case c.Err != nil:
		t.failed++
	case !c.Score.Known:
		t.unknown++
	default:
		t.keep(c, e)
	}
	return nil
}

func (t *Trial) check(c Case) error {
	fail := func(field, message string) error {
		return &DataError{Account: c.Account, Field: field, Message: message}
	}
	if err := ident.Check(c.Account); err != nil {
		return fail("account", err.Error())
	}
	if err := instant.Given(c.At); err != nil {
		return fail("decision", err.Error())
	}
	if c.Lost && c.Rescued {
		return fail("decision", "was both lost and rescued")
	}
	for _, x := range []struct{ field, text string }{{"group", c.Group}, {"tenure", c.Tenure}} {
		if err := ident.Check(x.text); x.text != "" && err != nil {
			return fail(x.field, err.Error())
		}
	}
	if why := t.badMoney(c.Decision); why != "" {
		return fail("money", why)
	}
	if c.Err != nil || !c.Score.Known {
		return nil
	}
	switch s := &c.Score; {
	case s.Account != "" && s.Account != c.Account:
		return fail("score", fmt.Sprintf("is of account %.256q", s.Account))
	case t.scored && (s.Digest != t.digest || !slices.EqualFunc(s.Parts, t.measures, sameMeasure)):
		return fail("score", "is by another card than those before")
	case s.Band == "":
		return fail("score", "has no band")
	case math.IsNaN(s.Value) || math.IsInf(s.Value, 0):
		return fail("score", "is no number")
	}
	return nil
}

func (t *Trial) badMoney(d Decision) string {
	if d.Currency == "" {
		if !d.Money.IsZero() {
			return "has no currency"
		}
		return ""
	}
	if _, ok := amount.Minor(d.Currency); !ok {
		return fmt.Sprintf("currency %.256q is not in ISO 4217", d.Currency)
	}
	if t.currency != "" && d.Currency != t.currency {
		return "is in " + d.Currency + ", that of the decisions before in " + t.currency
	}
	if err := amount.Check(d.Money); err != nil {
		return err.Error()
	}
	if d.Money.IsNegative() {
		return "is negative"
	}
	return ""
}

// keep adds a checked case whose score is known.
func (t *Trial) keep(c Case, e exposure) {
	s := &c.Score
	if !t.scored {
		t.scored, t.digest = true, s.Digest
		for _, p := range s.Parts {
			t.measures = append(t.measures, p.Measure)
		}
		t.points = make([][]float64, len(t.measures))
		for _, b := range c.Bands {
			t.bands.number(b)
		}
		t.ordered = len(t.bands.list)
	}
	if c.Currency != "" {
		t.currency = c.Currency
	}
	r := row{
		value: s.Value, without: s.Value - s.Overridden, asOf: instant.Of(s.AsOf).UnixMicro(), at: e.at,
		money: c.Money, valued: c.Currency != "", account: e.account,
		band: t.bands.number(s.Band), steady: t.bands.number(c.Standing.Band),
		group: t.groups.number(c.Group), tenure: t.tenures.number(c.Tenure),
		lost: c.Lost, rescued: c.Rescued, overridden: s.Override != nil,
	}
	for i := range s.Parts {
		v := math.NaN()
		if p := &s.Parts[i]; p.Liveness > 0 {
			v = p.OnCurve
			r.undated = r.undated || p.Reading.At.IsZero()
		}
		t.points[i] = append(t.points[i], v)
	}
	t.rows = append(t.rows, r)
}

// pick returns the positions of the rows that f holds for.
func (t *Trial) pick(f func(r *row) bool) []int32 {
	var at []int32
	for i := range t.rows {
		if f(&t.rows[i]) {
			at = append(at, int32(i))
		}
	}
	return at
}

// column returns a number of some rows.
func (t *Trial) column(rows []int32, value func(at int32, r *row) float64) *column {
	c := &column{
		values: make([]float64, len(rows)), lost: make([]bool, len(rows)),
		account: make([]int32, len(rows)), accounts: len(t.accounts.list),
	}
	for i, at := range rows {
		r := &t.rows[at]
		c.values[i], c.lost[i], c.account[i] = value(at, r), r.lost, r.account
	}
	if len(rows) < c.accounts/4 { // a small group takes no memory for all accounts
		c.accounts = len(renumber(c.account))
	}
	return c
}

func (t *Trial) scores(rows []int32) *column {
	return t.column(rows, func(_ int32, r *row) float64 { return r.value })
}

func (t *Trial) measure(rows []int32, m int) *column {
	return t.column(rows, func(at int32, _ *row) float64 { return t.points[m][at] })
}
