package segment

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Reviews gives the accounts that wait for a person as of an instant, in order of their bytes: those whose last record at or
// before it is in review. It evaluates nothing, so that a move whose For has passed since is not among them before the next
// [Roster.Check]. It begins after an account, or with "" at the first, and so can be resumed. The answers are
// [Roster.Approve] and [Roster.Decline].
//
// A record that can't be read sits in its own item: *DataError if it is of another account, ErrFormat if its format is newer
// than [Format]. The sequence's error comes once, last: asOf is missing (*DataError), the store failed, or ctx ended.
func (r *Roster) Reviews(ctx context.Context, after string, asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		ctx, end := r.begin(ctx, Op{Name: "reviews"})
		var failed error
		defer func() { end(failed) }()
		failed = r.reviews(ctx, after, instant.Of(asOf), func(item Item) bool { return yield(item, nil) })
		if failed != nil {
			yield(Item{}, failed)
		}
	}
}

func (r *Roster) reviews(ctx context.Context, after string, asOf time.Time, yield func(Item) bool) error {
	if err := dataError("", "as of", instant.Given(asOf)); err != nil {
		return err
	}
	for account, err := range r.store.Accounts(ctx, after) {
		if err != nil {
			return fmt.Errorf("segment: reviews: %w", err)
		}
		item := Item{Account: account}
		for record, err := range r.store.Records(ctx, account, time.Time{}, asOf.Add(time.Microsecond), time.Time{}) {
			if err != nil {
				return fmt.Errorf("segment: reviews: records of %q: %w", account, err)
			}
			if item.Err = readable("review", account, "record", record); item.Err != nil {
				break
			}
			item.Record = nil
			if record.Membership.Reason == InReview {
				item.Record = &record
			}
		}
		if item.Err != nil {
			item.Record = nil
		}
		if (item.Record != nil || item.Err != nil) && !yield(item) {
			return nil
		}
	}
	return nil
}
