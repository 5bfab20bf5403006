package segment

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options are a Roster's. The zero value is the default.
type Options struct {
	Now     func() time.Time // recorded times; nil is time.Now
	Retries int              // after a conflict; 0 is 3, below 0 none
	Observe Observer         // nil is silent
}

// An Observer is told of each operation before it starts; the function that it returns, of its end.
// It may put a span into the context. It must be safe for concurrent use.
type Observer func(ctx context.Context, op Op) (context.Context, func(error))

// An Op is an operation of a service.
type Op struct {
	Name    string // such as "check"
	Account string // "" for an operation over many
	Done    int    // accounts done so far, in an operation over many
}

// A Roster keeps who is in which segment: a Model over Assignments. It owns nothing that the host could not rebuild,
// starts no goroutine and is safe for concurrent use.
type Roster struct {
	model   *Model
	store   Assignments
	options Options
}

// NewRoster returns a Roster. It returns an error if the model or the store is nil.
func NewRoster(m *Model, a Assignments, o Options) (*Roster, error) {
	if m == nil {
		return nil, errors.New("segment: new roster: the model is nil")
	}
	if a == nil {
		return nil, errors.New("segment: new roster: the store is nil")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retries == 0 {
		o.Retries = 3
	}
	return &Roster{model: m, store: a, options: o}, nil
}

// Check classifies an account as of an instant, settles the verdict against the last record, appends the new record and
// returns it with its events. Asked again for the same instant it returns the stored record, the last one if a person's
// word fell on that instant too.
//
// Check returns an error if:
//   - the account's data is wrong, or the store gives another account's record (*DataError);
//   - a record of a later instant is there, and none of this one (*RefusedError, rule "in_order");
//   - a stored record's format is newer than [Format] (ErrFormat);
//   - other writers were first, more often than Options.Retries (ErrConflict);
//   - the store failed, or ctx ended.
func (r *Roster) Check(ctx context.Context, in Input, asOf time.Time) (Record, error) {
	return r.check(ctx, Op{Name: "check", Account: in.Account}, in, asOf)
}

func (r *Roster) check(ctx context.Context, op Op, in Input, asOf time.Time) (record Record, err error) {
	ctx, end := r.begin(ctx, op)
	defer func() { end(err) }()
	if err := atDoor(in.Account, asOf); err != nil {
		return Record{}, err
	}
	asOf = instant.Of(asOf)
	return r.update(ctx, "check", in.Account, func(last Record) (Record, error) {
		if last.Version > 0 && !last.Verdict.AsOf.Before(asOf) {
			return r.stored(ctx, in.Account, last, asOf)
		}
		v, err := r.model.Classify(in, asOf)
		if err != nil {
			return Record{}, err
		}
		return r.next(last, v, last.Membership), nil
	})
}

// stored returns the last record of an instant that is not after the last one.
func (r *Roster) stored(ctx context.Context, account string, last Record, asOf time.Time) (Record, error) {
	if last.Verdict.AsOf.Equal(asOf) {
		return last, nil
	}
	found := Record{}
	for record, err := range r.store.Records(ctx, account, asOf, asOf.Add(time.Microsecond), time.Time{}) {
		if err != nil {
			return Record{}, fmt.Errorf("segment: check %q: stored record: %w", account, err)
		}
		if err := readable("check", account, "stored record", record); err != nil {
			return Record{}, err
		}
		found = record
	}
	if found.Version == 0 {
		return Record{}, refusedOrder(account, asOf, last.Verdict.AsOf)
	}
	return found, nil
}

func refusedOrder(account string, asOf, last time.Time) error {
	return &RefusedError{
		Account: account, Rule: "in_order",
		Message: fmt.Sprintf("%s lies before the last record", asOf.Format(time.RFC3339Nano)),
		Needs:   fmt.Sprintf("%s or later", last.Format(time.RFC3339Nano)),
	}
}

// update loads the last record, makes the next one and appends it, and begins again when another writer was first.
// A record that is stored already is returned as it is.
func (r *Roster) update(ctx context.Context, verb, account string, advance func(last Record) (Record, error)) (Record, error) {
	for try := 0; ; try++ {
		last, err := r.last(ctx, verb, account)
		if err != nil {
			return Record{}, err
		}
		record, err := advance(last)
		if err != nil || record.Version <= last.Version {
			return record, err
		}
		err = r.store.Append(ctx, account, last.Version, record)
		if err == nil {
			return record, nil
		}
		if !errors.Is(err, ErrConflict) || try >= r.options.Retries {
			return Record{}, fmt.Errorf("segment: %s %q: append record: %w", verb, account, err)
		}
	}
}

// last returns the account's last record; the zero Record is that of an account never seen.
func (r *Roster) last(ctx context.Context, verb, account string) (Record, error) {
	last, found, err := r.store.Last(ctx, account)
	switch {
	case err != nil:
		return Record{}, fmt.Errorf("segment: %s %q: last record: %w", verb, account, err)
	case !found:
		return Record{}, nil
	}
	return last, readable(verb, account, "last record", last)
}

// readable checks that this release may go on from what a store gave.
func readable(verb, account, what string, r Record) error {
	if r.Format > Format {
		return fmt.Errorf("segment: %s %q: %s: format %d: %w", verb, account, what, r.Format, ErrFormat)
	}
	if r.Verdict.Account != account {
		return &DataError{Account: account, Field: what, Message: fmt.Sprintf("is that of account %q", r.Verdict.Account)}
	}
	return nil
}

// next returns the record that follows last when the verdict is settled against prev.
func (r *Roster) next(last Record, v Verdict, prev Membership) Record {
	recorded := instant.Of(r.options.Now())
	if recorded.Before(last.Recorded) {
		recorded = last.Recorded
	}
	next := Record{
		Format: Format, Version: last.Version + 1, Recorded: recorded,
		Verdict: v, Membership: r.model.Settle(prev, v),
	}
	next.Events = next.events(last.Membership)
	return next
}

// CheckAll checks each input as it arrives. One account's failure sits in its Item; the sequence's error comes once,
// last, when inputs itself fails or ctx ends. The observer is told of the whole as "check_all", and of each account as
// "check" with the number done before it.
func (r *Roster) CheckAll(ctx context.Context, inputs iter.Seq2[Input, error], asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		ctx, end := r.begin(ctx, Op{Name: "check_all"})
		var failed error
		defer func() { end(failed) }()
		n := 0
		for in, err := range inputs {
			item := Item{Account: in.Account}
			if err == nil {
				var record Record
				record, item.Err = r.check(ctx, Op{Name: "check", Account: in.Account, Done: n}, in, asOf)
				if item.Err == nil {
					item.Record = &record
				} else {
					err = ctx.Err()
				}
			}
			if err != nil {
				failed = fmt.Errorf("segment: check accounts: %w", err)
				yield(Item{}, failed)
				return
			}
			if !yield(item, nil) {
				return
			}
			n++
		}
	}
}

// begin tells the observer of an operation. Neither of what it returns is nil, even if what the observer returns is.
func (r *Roster) begin(ctx context.Context, op Op) (context.Context, func(error)) {
	end := func(error) {}
	if r.options.Observe == nil {
		return ctx, end
	}
	observed, observedEnd := r.options.Observe(ctx, op)
	if observed != nil {
		ctx = observed
	}
	if observedEnd != nil {
		end = observedEnd
	}
	return ctx, end
}
