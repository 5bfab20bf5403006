package ladder

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are those of Books. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3, below 0 none
	Observe Observer         // nil is silent
}

// An Observer is told of each operation before it starts; the function that it returns, of its end.
// It may put a span into the context. It must be safe for concurrent use. What it returns may be nil.
type Observer func(ctx context.Context, op Op) (context.Context, func(error))

// An Op is an operation of a service.
type Op struct {
	Name    string // post, reverse or balance
	Account string
}

// Books keep the value that was booked: a Model over a Ledger. They own nothing that the host could not rebuild,
// start no goroutine and are safe for concurrent use.
type Books struct {
	model   *Model
	ledger  Ledger
	now     func() time.Time
	retries int
	observe Observer
}

// NewBooks returns Books. It returns an error if the model or the ledger is nil.
func NewBooks(m *Model, l Ledger, o Options) (*Books, error) {
	if m == nil {
		return nil, errors.New("ladder: new books: the model is nil")
	}
	if l == nil {
		return nil, errors.New("ladder: new books: the ledger is nil")
	}
	b := &Books{model: m, ledger: l, now: o.Now, retries: max(cmp.Or(o.Retries, 3), 0), observe: o.Observe}
	if b.now == nil {
		b.now = time.Now
	}
	return b, nil
}

// Post books an entry; Format, Recorded, Digest and Currency are filled in, and Evidence where it is empty: assumed.
// The same entry again is a no-op, and so is one that was reversed since: post anew under another ID.
// quantities are read for the capacity of the entry's pool, where that is not a constant; nil otherwise.
//
// Units are spread evenly over an entry's period. An entry loads its pool with its units for the capacity of its own
// period, as a statement would prorate it; at no instant may the loads of the unreversed entries sum above 1, the
// capacity being what it is when the entry is recorded. A one-off pool has one capacity for all time: there the units
// of all unreversed entries count. Entries with units of 0 or less do not load a pool.
//
// Post returns an error if:
//   - its period overlaps that of an unreversed entry of the same benefit (*RefusedError, rule "overlap");
//   - it would take its pool above capacity together with what is posted, or the capacity is not known (*RefusedError,
//     rule "pool");
//   - the ladder has no such benefit (*RefusedError, rule "known_benefit");
//   - its ID is another entry's (*RefusedError, rule "exists");
//   - it is wrong in itself, or the ledger holds an entry of another account (*DataError);
//   - an entry in the ledger has a format above [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the ledger failed, or ctx ended.
func (b *Books) Post(ctx context.Context, e Entry, quantities Quantities) (Entry, error) {
	posted, _, err := b.post(ctx, []Entry{e}, quantities)
	if err != nil {
		return Entry{}, err
	}
	return posted[0], nil
}

// PostAll books entries of one account, all or none, in one Append and after reading the ledger once, as for a first import.
// It returns them in their order as they are booked; those that are new have one Recorded.
//
// The rules are those of [Books.Post] for each entry after the ones before it; what is booked already, or comes twice, is
// skipped. Errors are those of Post; a *DataError names the place of its entry, from 0, in its Field, and a *RefusedError
// in its Message. An entry of another account than the first's is a *DataError. Of several wrong entries, the first
// that is wrong in itself is reported, and else the first that is refused. Without entries PostAll does nothing.
func (b *Books) PostAll(ctx context.Context, entries []Entry, quantities Quantities) ([]Entry, error) {
	if len(entries) == 0 {
		return nil, ctx.Err()
	}
	posted, at, err := b.post(ctx, entries, quantities)
	var data *DataError
	var refused *RefusedError
	switch {
	case at < 0:
	case errors.As(err, &data):
		data.Field = fmt.Sprintf("entry %d: %s", at, data.Field)
	case errors.As(err, &refused):
		refused.Message = fmt.Sprintf("entry %d: %s", at, refused.Message)
	}
	return posted, err
}

// post books entries, and returns them as they are booked. An error is about the one of them at a place; below 0: all.
func (b *Books) post(ctx context.Context, entries []Entry, quantities Quantities) (posted []Entry, at int, err error) {
	account := entries[0].Account
	ctx, done := b.start(ctx, "post", account)
	defer func() { done(err) }()
	list, at, err := b.model.postings(entries)
	if err != nil {
		return nil, at, err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	err = b.add(ctx, "post", account, ids, b.model.matters(list), func(book *book, recorded time.Time) (fresh []Entry, err error) {
		for i := range list {
			list[i].Recorded = recorded
		}
		first := len(book.entries)
		book.arrange(b.model, list)
		posted = make([]Entry, len(list))
		for i, e := range list {
			at = i
			held, ok := book.find(e.ID)
			if ok {
				err = repeated(held, e)
			} else {
				held, fresh = e, append(fresh, e)
				err = book.post(b.model, first+i, quantities)
			}
			if err != nil {
				return nil, err
			}
			posted[i] = held
		}
		at = -1
		return fresh, nil
	})
	if err != nil {
		return nil, at, err
	}
	return posted, -1, nil
}

// Reverse takes an entry back: the same period, the amount and units negated, an ID that derives from the entry's, so
// that it happens once. Again it returns the reversal that is there.
//
// Reverse returns an error if:
//   - the entry is itself a reversal (*RefusedError, rule "reversal"): post anew;
//   - another entry was posted under the ID of the reversal (*RefusedError, rule "exists");
//   - the entry is not in the ledger, an argument is wrong, or the ledger holds an entry of another account (*DataError);
//   - an entry in the ledger has a format above [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the ledger failed, or ctx ended.
func (b *Books) Reverse(ctx context.Context, account, id, by, source string) (reversal Entry, err error) {
	ctx, done := b.start(ctx, "reverse", account)
	defer func() { done(err) }()
	if err := checkTexts(account, id, by, source); err != nil {
		return Entry{}, err
	}
	none := func(Entry) bool { return false }
	err = b.add(ctx, "reverse", account, []string{id, reversalID(id)}, none, func(book *book, recorded time.Time) ([]Entry, error) {
		e, ok := book.find(id)
		if !ok {
			return nil, entryError(account, id, "is not in the ledger")
		}
		if reversal, err = b.model.reversal(e); err != nil {
			return nil, err
		}
		if held, ok := book.find(reversal.ID); ok {
			reversal = held
			return nil, mirrored(held, e)
		}
		reversal.By, reversal.Source, reversal.Recorded = by, source, recorded
		return []Entry{reversal}, nil
	})
	if err != nil {
		return Entry{}, err
	}
	return reversal, nil
}

// Balance sums what is booked for an account, by benefit and evidence class, over the entries whose period lies within
// [from, to) and that were recorded at or before knownAt. A zero bound is none; others are truncated to microseconds.
// An entry whose period lies within it in part only is left out whole.
//
// Balance returns an error if:
//   - the account's ID is not one, a bound is beyond the year 9999, or from is not before to (*DataError);
//   - an entry's amount is out of bounds or not of the ladder's currency, or an entry is of another account (*DataError);
//   - an entry in the ledger has a format above [Format] (ErrFormat);
//   - the ledger failed, or ctx ended.
func (b *Books) Balance(ctx context.Context, account string, from, to, knownAt time.Time) (balance Balance, err error) {
	ctx, done := b.start(ctx, "balance", account)
	defer func() { done(err) }()
	if err := ident.Check(account); err != nil {
		return Balance{}, &DataError{account, "account", err.Error()}
	}
	for _, bound := range []struct {
		field string
		at    time.Time
	}{{"from", from}, {"to", to}, {"known at", knownAt}} {
		if err := instant.Check(bound.at); err != nil {
			return Balance{}, &DataError{account, bound.field, err.Error()}
		}
	}
	m := b.model
	within := bounds{from: instant.Of(from), to: instant.Of(to), knownAt: instant.Of(knownAt)}
	if !from.IsZero() && !to.IsZero() {
		if _, _, err := interval(account, from, to); err != nil {
			return Balance{}, err
		}
	}
	version := int64(0)
	var t tally
	for e, err := range b.entries(ctx, "balance", account) {
		if err != nil {
			return Balance{}, err
		}
		version++
		if !within.hold(&e) {
			continue
		}
		if err := m.booked(&e); err != nil {
			return Balance{}, err
		}
		line := t.line(e.Benefit, e.Evidence)
		line.total.Add(e.Amount)
		line.entries++
	}
	return m.balance(account, version, &t)
}

// start tells the observer of an operation. Neither of what it returns is nil.
func (b *Books) start(ctx context.Context, name, account string) (context.Context, func(error)) {
	done := func(error) {}
	if b.observe == nil {
		return ctx, done
	}
	observed, end := b.observe(ctx, Op{Name: name, Account: account})
	if observed != nil {
		ctx = observed
	}
	if end != nil {
		done = end
	}
	return ctx, done
}

// add appends the entries that decide makes of what is booked and matters or has one of the IDs; after a conflict it asks
// again. Without any there is nothing to do.
func (b *Books) add(ctx context.Context, op, account string, ids []string, matters func(Entry) bool,
	decide func(book *book, recorded time.Time) ([]Entry, error),
) error {
	for retries := b.retries; ; retries-- {
		book := newBook(ids...)
		for e, err := range b.entries(ctx, op, account) {
			if err != nil {
				return err
			}
			book.read(&e, matters(e))
		}
		fresh, err := decide(book, book.recorded(instant.Of(b.now())))
		if err != nil || len(fresh) == 0 {
			return err
		}
		err = b.ledger.Append(ctx, account, book.version, fresh...)
		if err == nil {
			return nil
		}
		if retries == 0 || !errors.Is(err, ErrConflict) {
			return fmt.Errorf("ladder: %s %q: append: %w", op, account, err)
		}
	}
}

// entries gives what is booked for an account, with instants in the form of the module. It ends with its first error.
func (b *Books) entries(ctx context.Context, op, account string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range b.ledger.Entries(ctx, account, 0) {
			switch {
			case err != nil:
				err = fmt.Errorf("ladder: %s %q: read: %w", op, account, err)
			case e.Format > Format:
				err = fmt.Errorf("ladder: %s %q: entry %q: format %d: %w", op, account, e.ID, e.Format, ErrFormat)
			case e.Account != account:
				err = entryError(account, e.ID, fmt.Sprintf("is of account %q", e.Account))
			}
			if err != nil {
				yield(Entry{}, err)
				return
			}
			e.From, e.To, e.Recorded = instant.Of(e.From), instant.Of(e.To), instant.Of(e.Recorded)
			if !yield(e, nil) {
				return
			}
		}
	}
}
