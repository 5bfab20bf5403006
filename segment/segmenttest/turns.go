package segmenttest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// forgetInTurn appends after three records while the account is forgotten. Whichever comes first, nothing is left: the
// records are forgotten, or the version is not there any more. A store that lets the two cross keeps a fourth record alone.
func forgetInTurn(ctx context.Context, s store) error {
	for range 20 {
		if err := fill(ctx, s, "acme", 3); err != nil {
			return err
		}
		var appended, forgotten error
		var wg sync.WaitGroup
		wg.Go(func() { appended = s.Append(ctx, "acme", 3, record("acme", 4)) })
		wg.Go(func() { forgotten = s.Forget(ctx, "acme") })
		wg.Wait()
		if appended != nil && !errors.Is(appended, segment.ErrConflict) {
			return fmt.Errorf("append while forgetting: got %w, want nil or ErrConflict", appended)
		}
		if forgotten != nil {
			return fmt.Errorf("forget while appending: %w", forgotten)
		}
		left, err := versions(s.Records(ctx, "acme", time.Time{}, time.Time{}, time.Time{}))
		if err := same(left, nil, err); err != nil {
			return fmt.Errorf("records after both: %w", err)
		}
	}
	return nil
}
