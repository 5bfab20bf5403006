package ladder

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A Balance is what is booked for an account: sums of entries, exact.
type Balance struct {
	Account  string          `json:"account"`
	Version  int64           `json:"version"` // entries in the ledger when it was summed
	Ladder   string          `json:"ladder"`  // name
	Digest   Digest          `json:"digest"`  // of the ladder
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"` // money, may be negative
	Lines    []BalanceLine   `json:"lines"`  // by benefit in definition order, then those of earlier ladders by name; then class, best first
}

// A BalanceLine is what is booked of one benefit under one class of evidence.
type BalanceLine struct {
	Benefit  string          `json:"benefit"`
	Evidence Evidence        `json:"evidence"`
	Amount   decimal.Decimal `json:"amount"`  // money, may be negative
	Entries  int             `json:"entries"` // reversed ones and their reversals included
}

// MarshalJSON returns the canonical encoding.
func (b Balance) MarshalJSON() ([]byte, error) {
	type plain Balance
	return canon.JSON(plain(b))
}

// bounded refuses a balance with a figure that no store is asked to hold.
func (b *Balance) bounded() error {
	figures := []decimal.Decimal{b.Amount}
	for i := range b.Lines {
		figures = append(figures, b.Lines[i].Amount)
	}
	if err := bounded(figures...); err != nil {
		return &DataError{b.Account, "balance", err.Error()}
	}
	return nil
}

// A Column holds amounts of one benefit under one class of evidence, as a column store gives them: in minor units.
type Column struct {
	Benefit  string
	Evidence Evidence
	Amounts  []int64 // in minor units of the ladder's currency, reversals included
}

// BalanceColumns sums columns as [Books.Balance] does entries, exactly and in the time that it takes to read them.
// Columns may come in parts, in any order; what they hold is not kept. Version counts the amounts. The periods and
// currencies of entries are for the host to choose by.
//
// BalanceColumns returns an error if the account's ID is not one or a sum is out of bounds (*DataError), or if columns
// fails.
func (m *Model) BalanceColumns(account string, columns iter.Seq2[Column, error]) (Balance, error) {
	if err := ident.Check(account); err != nil {
		return Balance{}, &DataError{account, "account", err.Error()}
	}
	var t tally
	version := int64(0)
	for c, err := range columns {
		if err != nil {
			return Balance{}, fmt.Errorf("ladder: balance %q: %w", account, err)
		}
		line := t.line(c.Benefit, c.Evidence)
		line.total.AddUnits(c.Amounts, m.places)
		line.entries += len(c.Amounts)
		version += int64(len(c.Amounts))
	}
	return m.balance(account, version, &t)
}

// balance states a tally.
func (m *Model) balance(account string, version int64, t *tally) (Balance, error) {
	b := Balance{
		Account: account, Version: version, Ladder: m.def.Name, Digest: m.digest, Currency: m.def.Currency,
		Lines: t.sorted(m),
	}
	var sum amount.Total
	for i := range t.lines {
		sum.Merge(t.lines[i].total)
	}
	b.Amount = sum.Sum()
	return b, b.bounded()
}

// A tally sums amounts by benefit and class.
type tally struct {
	lines []tallyLine
	at    map[cell]int // position in lines
	last  int          // that of the line that was asked for last: entries of one benefit often come together
}

type tallyLine struct {
	cell
	total   amount.Total
	entries int
}

type cell struct {
	benefit  string
	evidence Evidence
}

// line returns the sum of a benefit and class, which the next call may move.
func (t *tally) line(benefit string, evidence Evidence) *tallyLine {
	key := cell{benefit, evidence}
	if t.last < len(t.lines) && t.lines[t.last].cell == key {
		return &t.lines[t.last]
	}
	i, ok := t.at[key]
	if !ok {
		if t.at == nil {
			t.at = make(map[cell]int)
		}
		i = len(t.lines)
		t.at[key] = i
		t.lines = append(t.lines, tallyLine{cell: key})
	}
	t.last = i
	return &t.lines[i]
}

// sorted returns the lines in the order of a balance.
func (t *tally) sorted(m *Model) []BalanceLine {
	position := func(benefit string) int {
		if i, ok := m.plan.named[benefit]; ok {
			return i
		}
		return len(m.plan.named)
	}
	lines := make([]BalanceLine, len(t.lines))
	for i := range t.lines {
		l := &t.lines[i]
		lines[i] = BalanceLine{Benefit: l.benefit, Evidence: l.evidence, Amount: l.total.Sum(), Entries: l.entries}
	}
	slices.SortFunc(lines, func(a, b BalanceLine) int {
		return cmp.Or(
			cmp.Compare(position(a.Benefit), position(b.Benefit)),
			strings.Compare(a.Benefit, b.Benefit),
			cmp.Compare(rank(classes, b.Evidence), rank(classes, a.Evidence)),
			strings.Compare(string(a.Evidence), string(b.Evidence)),
		)
	})
	return lines
}

// bounds choose entries; a zero one is none.
type bounds struct{ from, to, knownAt time.Time }

// hold reports whether an entry lies within the bounds.
func (b *bounds) hold(e *Entry) bool {
	return (b.from.IsZero() || !e.From.Before(b.from)) &&
		(b.to.IsZero() || !e.To.After(b.to)) &&
		(b.knownAt.IsZero() || !e.Recorded.After(b.knownAt))
}
