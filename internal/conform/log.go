package conform

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// A Log describes a store of type S that keeps, for each account, a numbered list of records of type E which only grows:
// a journey's events, a ledger's entries. [Log.Cases] holds it to eleven clauses that all such stores share:
// the prefix with 1 to 11.
type Log[S, E any] struct {
	Prefix   string // of the clauses: "L"
	Conflict error  // what an append after another version is refused with

	// The methods, such as journey.Log.Append, and the names of the two that read.
	Append       func(s S, ctx context.Context, account string, after int64, list ...E) error
	Read         func(s S, ctx context.Context, account string, after int64) iter.Seq2[E, error]
	Subjects     func(s S, ctx context.Context, after string) iter.Seq2[string, error]
	Forget       func(s S, ctx context.Context, account string) error
	ReadName     string
	SubjectsName string

	Record func(account string, n int) E // the n-th of an account, with an ID of its own
	ID     func(e *E) *string
	Text   func(e E) string // two records are the same if their texts are

	Delicate func(account string) []E // what a store could harm
	Others   []Other[E]               // contents that differ from those of Delicate under the same ID
	Spoil    func(list []E)           // changes what list refers to, as a caller may after an append and a read
}

// Other is a record that a store must tell from one of the delicate ones.
type Other[E any] struct {
	Of     int // position in Delicate
	Change func(e *E)
}

// acme is the account that most cases write.
const acme = "acme"

// list returns the records from..to-1 of an account.
func (l Log[S, E]) list(account string, from, to int) []E {
	var list []E
	for n := from; n < to; n++ {
		list = append(list, l.Record(account, n))
	}
	return list
}

// add appends records that must fit.
func (l Log[S, E]) add(ctx context.Context, s S, account string, after int64, list ...E) error {
	if err := l.Append(s, ctx, account, after, list...); err != nil {
		return fmt.Errorf("Append(%q, %d) of %d records: %w", account, after, len(list), err)
	}
	return nil
}

// refused demands a conflict.
func (l Log[S, E]) refused(ctx context.Context, s S, account string, after int64, list ...E) error {
	if err := l.Append(s, ctx, account, after, list...); !errors.Is(err, l.Conflict) {
		return fmt.Errorf("Append(%q, %d) of %d records: got %v, want ErrConflict", account, after, len(list), err)
	}
	return nil
}

// read returns the records of an account with a number above after.
func (l Log[S, E]) read(ctx context.Context, s S, account string, after int64) ([]E, error) {
	list, err := Collect(l.Read(s, ctx, account, after))
	if err != nil {
		return nil, fmt.Errorf("%s(%q, %d): %w", l.ReadName, account, after, err)
	}
	return list, nil
}

// holds reports how the records of an account with a number above after differ from want.
func (l Log[S, E]) holds(ctx context.Context, s S, account string, after int64, want []E) error {
	got, err := l.read(ctx, s, account, after)
	if err != nil {
		return err
	}
	return l.differ(fmt.Sprintf("%s(%q, %d)", l.ReadName, account, after), got, want)
}

func (l Log[S, E]) differ(what string, got, want []E) error {
	for i := range min(len(got), len(want)) {
		if g, w := l.Text(got[i]), l.Text(want[i]); g != w {
			return fmt.Errorf("%s: record %d:\n got %s\nwant %s", what, i, g, w)
		}
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s: %d records, want %d", what, len(got), len(want))
	}
	return nil
}

// subjects reports how the accounts after one differ from want.
func (l Log[S, E]) subjects(ctx context.Context, s S, after string, want []string) error {
	got, err := Collect(l.Subjects(s, ctx, after))
	if err != nil {
		return fmt.Errorf("%s(%q): %w", l.SubjectsName, after, err)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s(%q): got %q, want %q", l.SubjectsName, after, got, want)
	}
	return nil
}

// Collect returns what a sequence gives before its first error.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var list []T
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// First returns the first error.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
