package healthtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// forgetsInTurn appends after three records while the account is forgotten. Whichever comes first, nothing is left: the
// records are forgotten, or the version is not there any more. A store that lets the two cross keeps a fourth record alone.
func forgetsInTurn(ctx context.Context, h health.History) error {
	for range 20 {
		if err := fill(ctx, h, "a", 3); err != nil {
			return err
		}
		var appended, forgotten error
		var wg sync.WaitGroup
		wg.Go(func() { appended = h.Append(ctx, "a", 3, record("a", 4, 4)) })
		wg.Go(func() { forgotten = h.Forget(ctx, "a") })
		wg.Wait()
		if appended != nil && !errors.Is(appended, health.ErrConflict) {
			return fmt.Errorf("append while forgetting: got %w, want nil or ErrConflict", appended)
		}
		if forgotten != nil {
			return fmt.Errorf("forget while appending: %w", forgotten)
		}
		if err := versions("records after both", h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{})); err != nil {
			return err
		}
	}
	return nil
}
