package health

import (
	"context"
	"fmt"
	"iter"
	"time"
)

// A BulkSource is a [Source] that reads the inputs of many accounts at once, such as in one query. It is optional:
// [Inputs] asks any Source, and [Monitor.CheckAll] uses it where it is there. healthtest.RunSource tests it.
//
//   - [B1] Inputs gives one Item for each of accounts, in that order; one that is there twice has two. Item.Account is the
//     ID as it was asked for. A [Monitor] asks for at most 256 accounts at once.
//   - [B2] Item.Input is what Input gives as of asOf and known at knownAt; where that is false, it is nil without an error.
//     What S4 says of Input holds between the items too.
//   - [B3] One account's failure sits in its Item's Err, and the others are given; an ID that can't be stored is no more
//     than such a failure, or is not known. The sequence's error comes once, last, when it can't go on.
//   - [B4] A caller may stop the sequence early, and may call the source while it ranges. The slice accounts is read until
//     the sequence ends, and neither changed nor kept.
//   - [B5] It gives up with the context's error (errors.Is) when that is cancelled, over nothing too, and is safe for
//     concurrent use.
type BulkSource interface {
	Source
	Inputs(ctx context.Context, accounts []string, asOf, knownAt time.Time) iter.Seq2[Item, error]
}

// Inputs reads the inputs of accounts as [BulkSource] says: at once if s is one, and else one after the other.
func Inputs(ctx context.Context, s Source, accounts []string, asOf, knownAt time.Time) iter.Seq2[Item, error] {
	if bulk, ok := s.(BulkSource); ok {
		return bulk.Inputs(ctx, accounts, asOf, knownAt)
	}
	return func(yield func(Item, error) bool) {
		ended := func() bool {
			if err := ctx.Err(); err != nil {
				yield(Item{}, fmt.Errorf("health: read inputs: %w", err))
				return true
			}
			return false
		}
		if ended() {
			return
		}
		for _, account := range accounts {
			in, known, err := s.Input(ctx, account, asOf, knownAt)
			if ended() {
				return
			}
			item := Item{Account: account, Err: err}
			if known && err == nil {
				item.Input = &in
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}
