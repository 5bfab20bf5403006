package health_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

func TestCheckRace(t *testing.T) {
	w := newWorld(t)
	m := w.monitor(t, health.Options{Retries: 20})
	for day := range 5 {
		records := make([]health.Record, 8)
		var wait sync.WaitGroup
		for i := range records {
			wait.Go(func() {
				var err error
				if records[i], err = m.Check(t.Context(), "acme", july.AddDate(0, 0, day)); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, r := range records {
			if diff := cmp.Diff(records[0], r); diff != "" {
				t.Errorf("day %d: two records of one instant (-one +other):\n%s", day, diff)
			}
		}
	}
	if last, _, err := w.Last(t.Context(), "acme"); err != nil || last.Version != 5 {
		t.Errorf("last record %d, %v; want 5", last.Version, err)
	}
}

func TestCheckAll(t *testing.T) {
	w := newWorld(t)
	var ops []string
	type key struct{}
	m := w.monitor(t, health.Options{Observe: func(ctx context.Context, op health.Op) (context.Context, func(error)) {
		depth, _ := ctx.Value(key{}).(int)
		ops = append(ops, fmt.Sprintf("%d %s %q %d", depth, op.Name, op.Account, op.Done))
		return context.WithValue(ctx, key{}, depth+1), func(err error) {
			ops = append(ops, fmt.Sprintf("%d end of %s: %v", depth, op.Name, err != nil))
		}
	}})
	broken := errors.New("lost connection")
	accounts := func(yield func(string, error) bool) {
		for _, account := range []string{"acme", "nobody", "zenith"} {
			if !yield(account, nil) {
				return
			}
		}
		yield("", broken)
	}
	var items []string
	var last error
	for item, err := range m.CheckAll(t.Context(), accounts, july) {
		if err != nil {
			last = err
			continue
		}
		if (item.Record == nil) != (item.Err != nil) || item.Score != nil {
			t.Errorf("item %+v has not exactly one of Record and Err", item)
		}
		items = append(items, fmt.Sprint(item.Account, " ", item.Err == nil))
	}
	if diff := cmp.Diff([]string{"acme true", "nobody false", "zenith true"}, items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if !errors.Is(last, broken) {
		t.Errorf("last error %v, want %v", last, broken)
	}
	want := []string{
		`0 check_all "" 0`,
		`1 check "acme" 0`, `1 end of check: false`,
		`1 check "nobody" 1`, `1 end of check: true`,
		`1 check "zenith" 2`, `1 end of check: false`,
		`0 end of check_all: true`,
	}
	if diff := cmp.Diff(want, ops); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}

	for range m.CheckAll(t.Context(), accounts, july) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for item, err := range m.CheckAll(ctx, accounts, july) {
		if n++; n == 1 {
			if item.Err != nil || err != nil {
				t.Errorf("first item: %v, %v", item.Err, err)
			}
			cancel()
		} else if !errors.Is(err, context.Canceled) {
			t.Errorf("after cancelling: item %+v, error %v", item, err)
		}
	}
	if n != 2 {
		t.Errorf("%d items, want one, and the context's error", n)
	}
}

// TestCheckCancelled: a context that ended before anything happened.
func TestCheckCancelled(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.monitor(t, health.Options{}).Check(ctx, "acme", july); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	var data *health.DataError
	if _, err := w.monitor(t, health.Options{}).Check(t.Context(), "acme", time.Time{}); !errors.As(err, &data) {
		t.Errorf("no instant: got %v, want a DataError", err)
	}
}
