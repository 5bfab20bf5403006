package ladder

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
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

// A tally sums entries as they come.
type tally struct {
	from, to, knownAt time.Time // zero: no bound
	lines             []BalanceLine
	at                map[cell]int // position in lines
}

type cell struct {
	benefit  string
	evidence Evidence
}

// counts reports whether an entry lies within the bounds.
func (t *tally) counts(e *Entry) bool {
	return (t.from.IsZero() || !e.From.Before(t.from)) &&
		(t.to.IsZero() || !e.To.After(t.to)) &&
		(t.knownAt.IsZero() || !e.Recorded.After(t.knownAt))
}

func (t *tally) add(e *Entry) {
	key := cell{e.Benefit, e.Evidence}
	i, ok := t.at[key]
	if !ok {
		i = len(t.lines)
		t.at[key] = i
		t.lines = append(t.lines, BalanceLine{Benefit: e.Benefit, Evidence: e.Evidence})
	}
	t.lines[i].Amount = t.lines[i].Amount.Add(e.Amount)
	t.lines[i].Entries++
}

// sorted returns the lines in the order of a balance.
func (t *tally) sorted(m *Model) []BalanceLine {
	position := func(benefit string) int {
		if i, ok := m.plan.named[benefit]; ok {
			return i
		}
		return len(m.plan.named)
	}
	slices.SortFunc(t.lines, func(a, b BalanceLine) int {
		return cmp.Or(
			cmp.Compare(position(a.Benefit), position(b.Benefit)),
			strings.Compare(a.Benefit, b.Benefit),
			cmp.Compare(rank(classes, b.Evidence), rank(classes, a.Evidence)),
			strings.Compare(string(a.Evidence), string(b.Evidence)),
		)
	})
	return t.lines
}
