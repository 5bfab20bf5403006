package segment

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Exposed is an account as a scheme is about to meet it.
type Exposed struct {
	Input      Input
	Membership Membership      // of its last record; zero: never classified
	Money      decimal.Decimal // at stake, such as a year's revenue; not negative
	Currency   string          // ISO 4217, one for all; empty: the money is not known
}

// Changes is what publishing a scheme would do at an instant.
type Changes struct {
	Before   Digest          `json:"before"`
	After    Digest          `json:"after"`
	AsOf     time.Time       `json:"as_of"`
	Accounts int             `json:"accounts"` // that both schemes could settle
	Failed   int             `json:"failed"`   // that one of them could not, or whose money is wrong
	Currency string          `json:"currency,omitempty"`
	Money    decimal.Decimal `json:"money"`   // of Currency, of the accounts that would move
	Moves    []Move          `json:"moves"`   // in order of rank: from under the running scheme, then to under the new one
	Changed  []Changed       `json:"changed"` // accounts that would move, in order of ID
	Errors   []error         `json:"-"`       // of Failed, as they came; at most 100
}

// A Move is the accounts that go from one segment to another. "" is out of all.
type Move struct {
	From     string          `json:"from,omitempty"`
	To       string          `json:"to,omitempty"`
	Accounts int             `json:"accounts"` // number of them
	Money    decimal.Decimal `json:"money"`    // of Currency
}

// A Changed account is, or has a move pending to, another segment under the new scheme than under the running one.
type Changed struct {
	Account string          `json:"account"`
	From    string          `json:"from,omitempty"`
	To      string          `json:"to,omitempty"`
	Reason  Reason          `json:"reason"` // of the membership under the new scheme: Waiting and InReview are pending
	Money   decimal.Decimal `json:"money"`  // of Currency
}

// MarshalJSON returns the canonical encoding.
func (c Changes) MarshalJSON() ([]byte, error) {
	c.Errors = nil
	type plain Changes
	return canon.JSON(plain(c))
}

// Diff settles each account under the running scheme and another time under the next one, either on top of its last
// membership. An account that fails, or whose membership is of a later instant, is counted and left out.
//
// Diff returns an error if:
//   - a model is nil;
//   - asOf is zero or outside of the years 1 to 9999, an account comes twice, or its currency is not ISO 4217 or differs
//     from those before (*DataError);
//   - the sequence fails.
func Diff(before, after *Model, accounts iter.Seq2[Exposed, error], asOf time.Time) (Changes, error) {
	if before == nil || after == nil {
		return Changes{}, errors.New("segment: diff: a model is nil")
	}
	now, err := instantOf(asOf)
	if err != nil {
		return Changes{}, err
	}
	asOf = instant.FromMicros(now)
	c := Changes{Before: before.digest, After: after.digest, AsOf: asOf}
	b := newBook(asOf)
	for x, err := range accounts {
		if err != nil {
			return Changes{}, fmt.Errorf("segment: diff accounts: %w", err)
		}
		if err := b.enter(x); err != nil {
			return Changes{}, err
		}
		var settled [2]Membership
		err := b.check(x)
		for i, m := range []*Model{before, after} {
			var v Verdict
			if err == nil {
				v, err = m.Classify(x.Input, asOf)
				settled[i] = m.Settle(x.Membership, v)
			}
		}
		if b.fails(err) {
			continue
		}
		from, to := settled[0].destination(), settled[1].destination()
		if from != to {
			c.Changed = append(c.Changed, Changed{x.Input.Account, from, to, settled[1].Reason, x.Money})
		}
	}
	c.Accounts, c.Failed, c.Errors, c.Currency = b.accounts, b.failed, b.errors, b.currency
	c.finish(before, after)
	return c, nil
}

// destination returns where an account is, or will be when what is pending has happened.
func (s *Membership) destination() string {
	if !s.PendingSince.IsZero() {
		return s.Pending
	}
	return s.Segment
}

// finish puts the changes in order and adds them up.
func (c *Changes) finish(before, after *Model) {
	slices.SortFunc(c.Changed, func(a, b Changed) int { return strings.Compare(a.Account, b.Account) })
	byMove := make(map[[2]string]int)
	for _, x := range c.Changed {
		c.Money = c.Money.Add(x.Money)
		way := [2]string{x.From, x.To}
		i, ok := byMove[way]
		if !ok {
			i = len(c.Moves)
			byMove[way] = i
			c.Moves = append(c.Moves, Move{From: x.From, To: x.To})
		}
		c.Moves[i].Accounts++
		c.Moves[i].Money = c.Moves[i].Money.Add(x.Money)
	}
	slices.SortFunc(c.Moves, func(a, b Move) int {
		return cmp.Or(
			cmp.Compare(before.rank(a.From), before.rank(b.From)), strings.Compare(a.From, b.From),
			cmp.Compare(after.rank(a.To), after.rank(b.To)), strings.Compare(a.To, b.To),
		)
	})
}

// A book is accounts with their money as they come, each once and all of one currency.
type book struct {
	asOf     time.Time
	seen     map[string]bool
	currency string
	accounts int
	failed   int
	errors   []error
}

func newBook(asOf time.Time) *book { return &book{asOf: asOf, seen: make(map[string]bool)} }

// enter returns an error where the accounts as a whole are wrong.
func (b *book) enter(x Exposed) error {
	account := x.Input.Account
	if b.seen[account] {
		return &DataError{Account: account, Message: "is there twice"}
	}
	b.seen[account] = true
	if _, ok := amount.Minor(x.Currency); !ok && x.Currency != "" {
		return &DataError{Account: account, Field: "currency", Message: fmt.Sprintf("%q is not in ISO 4217", shortened(x.Currency))}
	}
	if b.currency != "" && x.Currency != "" && x.Currency != b.currency {
		return &DataError{Account: account, Field: "currency", Message: "is " + x.Currency + ", that of the accounts before " + b.currency}
	}
	b.currency = cmp.Or(b.currency, x.Currency)
	return nil
}

// check returns what is wrong with one account beside its facts.
func (b *book) check(x Exposed) error {
	account := x.Input.Account
	switch err := amount.Check(x.Money); {
	case err != nil:
		return dataError(account, "money", err)
	case x.Money.IsNegative():
		return &DataError{Account: account, Field: "money", Message: "is negative"}
	case x.Currency == "" && !x.Money.IsZero():
		return &DataError{Account: account, Field: "money", Message: "has no currency"}
	case x.Membership.AsOf.After(b.asOf):
		return &DataError{Account: account, Field: "membership", Message: "is from after " + b.asOf.Format(time.RFC3339Nano)}
	}
	return nil
}

// fails counts an account, and reports whether it fails.
func (b *book) fails(err error) bool {
	if err == nil {
		b.accounts++
		return false
	}
	const most = 100
	b.failed++
	if len(b.errors) < most {
		b.errors = append(b.errors, err)
	}
	return true
}
