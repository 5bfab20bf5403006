package health

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// CheckAll checks each account as it arrives. One account's failure sits in its Item; the sequence's error comes
// once, last, when accounts itself fails or ctx ends. The observer is told of the whole as "check_all", and of each
// account as "check" with the number done before it, which is the progress.
//
// From a [BulkSource] inputs are read for 256 accounts at once: so many arrive before the first of them is checked, and
// no more are held. Their records' Recorded is when the inputs were asked for. What is not given so is read alone, and
// the results are the same. The observer is told of each such read as "inputs".
func (m *Monitor) CheckAll(ctx context.Context, accounts iter.Seq2[string, error], asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		ctx, end := m.begin(ctx, Op{Name: "check_all"})
		var failed error
		defer func() { end(failed) }()
		fail := func(err error) {
			failed = fmt.Errorf("health: check accounts: %w", err)
			yield(Item{}, failed)
		}
		bulk, _ := m.source.(BulkSource)
		size := 1
		if bulk != nil {
			size = mostInputs
		}
		done := 0
		for group, err := range groups(accounts, size) {
			if err != nil {
				fail(err)
				return
			}
			inputs := m.readAhead(ctx, bulk, group, asOf, done)
			for _, account := range group {
				item := Item{Account: account}
				r, err := m.check(ctx, Op{Name: "check", Account: account, Done: done}, asOf, inputs)
				if err == nil {
					item.Record = &r
				} else if item.Err = err; ctx.Err() != nil {
					fail(ctx.Err())
					return
				}
				if !yield(item, nil) {
					return
				}
				done++
			}
		}
	}
}

// mostInputs is how many inputs are read at once.
const mostInputs = 256

// groups yields accounts in groups of a size, the last of which may be smaller, and then the error with which they end.
// A group is valid until the next.
func groups(accounts iter.Seq2[string, error], size int) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		group := make([]string, 0, size)
		var failed error
		for account, err := range accounts {
			if failed = err; err != nil {
				break
			}
			if group = append(group, account); len(group) == size {
				if !yield(group, nil) {
					return
				}
				group = group[:0]
			}
		}
		if len(group) > 0 && !yield(group, nil) {
			return
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

// ahead are inputs that were read at once, as known at an instant. A nil *ahead holds none.
type ahead struct {
	knownAt time.Time
	items   map[string]Item
}

// readAhead reads the inputs of a group, and returns those that it got: each is checked with all else about its account.
func (m *Monitor) readAhead(ctx context.Context, bulk BulkSource, group []string, asOf time.Time, done int) *ahead {
	if bulk == nil || instant.Given(asOf) != nil {
		return nil
	}
	ctx, end := m.begin(ctx, Op{Name: "inputs", Done: done})
	var failed error
	defer func() { end(failed) }()
	asked := make([]string, 0, len(group))
	for _, account := range group {
		if ident.Check(account) == nil {
			asked = append(asked, account)
		}
	}
	read := &ahead{knownAt: instant.Of(m.now()), items: make(map[string]Item, len(asked))}
	for item, err := range bulk.Inputs(ctx, asked, instant.Of(asOf), read.knownAt) {
		if err != nil {
			failed = err
			break
		}
		read.items[item.Account] = item
	}
	return read
}

// of returns the item of an account, if it was read as known at that instant or later.
func (a *ahead) of(account string, earliest time.Time) (Item, bool) {
	if a == nil || a.knownAt.Before(earliest) {
		return Item{}, false
	}
	item, ok := a.items[account]
	return item, ok
}
