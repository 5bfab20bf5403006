// Package world makes a vendor's book of business out of nothing but a seed: complete accounts over two years, with
// truths planted in them that an analysis can be held against.
//
// Each account is a function of the seed and its index alone, so that a book of any size takes no memory, and accounts
// can be made in any order. A hidden health moves each account; contracts are renewed or not by it, and usage, answers,
// tickets and results show it through noise. What an analysis may not see is in [book.Truth] and in the constants here.
//
// Usage, surveys, tickets, measurements, touches, ratings and booked entries begin with [Begin], or with the account.
// About half of the accounts are older: of their time before, only Since, milestones, the contract that runs at Begin and
// results are known, and those that left before Begin are not in the book.
package world

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

const (
	day    = 24 * time.Hour
	window = 731 // days from begin to asOf
	weeks  = (window + 6) / 7
)

var (
	begin = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	asOf  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Begin is when the history begins.
func Begin() time.Time { return begin }

// AsOf is the instant that the book is read at.
func AsOf() time.Time { return asOf }

// New returns a book of n simulated accounts. It may be ranged over any number of times, and gives the same each time.
func New(n int, seed uint64) *book.Book {
	n = max(n, 0)
	b := &book.Book{Kind: book.Simulated, Title: "A simulated book of business", AsOf: asOf, Dated: true, Currency: "EUR", Len: n,
		Source: fmt.Sprintf("made by this program from the seed %d; no customer in it is real", seed)}
	b.Accounts = func(yield func(book.Account, error) bool) {
		for i := range n {
			if !yield(Account(i, seed), nil) {
				return
			}
		}
	}
	return b
}

// Account returns the account with the given index in every book of the seed. It is safe for concurrent use.
func Account(index int, seed uint64) book.Account {
	l := life{index: index, seed: seed}
	l.decide()
	l.milestones()
	l.usage()
	l.surveys()
	l.tickets()
	l.outcomes()
	l.promises()
	l.touches()
	l.value()
	l.levels()
	l.ledger()
	l.ratings()
	l.truth()
	return l.account
}

// decide makes who the account is, how well it is, and how long it stays.
func (l *life) decide() {
	l.profile()
	l.feel()
	l.plant()
	l.contracts()
}

// A life is an account in the making.
type life struct {
	index   int
	seed    uint64
	account book.Account

	since time.Time
	end   time.Time // first instant at which it is no customer, or asOf
	seen  time.Time // from when on it is watched: Since or begin
	api   bool      // its plan has the programming interface
	term  term
	tier  tier // by the annual amount of its first known contract

	level  float64        // of hidden health
	health [weeks]float64 // hidden, at the beginning of each week from begin on; mean about 0, deviation about 1.2

	trained  bool      // in the arm that is trained early
	valued   time.Time // when value comes, or would have come
	toValue  int       // days from Since to valued
	renewals []renewal
}

func (l *life) dice(about topic) dice { return throw(l.seed, l.index, about) }

// at is the hidden health at an instant; before begin, that at begin.
func (l *life) at(t time.Time) float64 {
	return l.health[min(max(int(t.Sub(begin)/(7*day)), 0), weeks-1)]
}

// age is whole days since the relationship began.
func (l *life) age(t time.Time) int { return int(t.Sub(l.since) / day) }

// after is an instant some days after the relationship began.
func (l *life) after(days int) time.Time { return l.since.Add(time.Duration(days) * day) }

// happens says whether the account was a customer at an instant of the past.
func (l *life) happens(t time.Time) bool { return !t.Before(l.since) && t.Before(l.end) }

// truth writes down what the analysis has to find.
func (l *life) truth() {
	t := l.account.Truth
	t.Healthy = l.at(l.end.Add(-day)) >= 0
	t.Trained = l.trained
	t.MonthsToValue = float64(l.toValue) / 30.4375
	if n := len(l.renewals); n > 0 {
		t.Hazard = l.renewals[n-1].hazard / 12
	}
	for _, r := range l.renewals {
		t.Rescued = t.Rescued || r.rescued
	}
}
