package journeytest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/customersuccess-go/customersuccess/journey"
)

// forgetInTurn appends after three events while the account is forgotten. Whichever comes first, nothing is left: the
// events are forgotten, or the version is not there any more. A store that lets the two cross keeps a fourth event alone.
func forgetInTurn(ctx context.Context, s journey.Log) error {
	all := events(acme, 0, 4)
	for range 20 {
		if err := add(ctx, s, acme, 0, all[:3]...); err != nil {
			return err
		}
		var appended, forgotten error
		var wg sync.WaitGroup
		wg.Go(func() { appended = s.Append(ctx, acme, 3, all[3]) })
		wg.Go(func() { forgotten = s.Forget(ctx, acme) })
		wg.Wait()
		if appended != nil && !errors.Is(appended, journey.ErrConflict) {
			return fmt.Errorf("append while forgetting: got %w, want nil or ErrConflict", appended)
		}
		if err := first(forgotten, holds(ctx, s, acme, 0, nil), subjects(ctx, s, "", nil)); err != nil {
			return fmt.Errorf("after an append and a forget at once: %w", err)
		}
	}
	return nil
}
