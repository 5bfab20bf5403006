package laddertest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// forgetInTurn appends after three entries while the account is forgotten. Whichever comes first, nothing is left: the
// entries are forgotten, or the version is not there any more. A store that lets the two cross keeps a fourth entry alone.
func forgetInTurn(ctx context.Context, s ladder.Ledger) error {
	all := entries(acme, 0, 4)
	for range 20 {
		if err := seed(ctx, s, acme, 0, all[:3]...); err != nil {
			return err
		}
		var appended, forgotten error
		var wg sync.WaitGroup
		wg.Go(func() { appended = s.Append(ctx, acme, 3, all[3]) })
		wg.Go(func() { forgotten = s.Forget(ctx, acme) })
		wg.Wait()
		if appended != nil && !errors.Is(appended, ladder.ErrConflict) {
			return fmt.Errorf("append while forgetting: got %w, want nil or ErrConflict", appended)
		}
		if err := first(forgotten, holds(ctx, s, acme, 0, nil), posted(ctx, s, "", nil)); err != nil {
			return fmt.Errorf("after an append and a forget at once: %w", err)
		}
	}
	return nil
}
