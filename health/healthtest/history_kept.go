package healthtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

func keepsApart(ctx context.Context, h health.History) error {
	for i, account := range ids() {
		if err := h.Append(ctx, account, 0, record(account, 1, float64(i))); err != nil {
			return fmt.Errorf("append %q: %w", account, err)
		}
	}
	for i, account := range ids() {
		last, ok, err := h.Last(ctx, account)
		if err != nil || !ok {
			return fmt.Errorf("last of %q: got %v, error %v", account, ok, err)
		}
		if err := same(fmt.Sprintf("last of %q", account), last, record(account, 1, float64(i))); err != nil {
			return err
		}
	}
	return nil
}

func keepsBits(ctx context.Context, h health.History) error {
	want := []health.Record{record("a", 1, 0.1), record("a", 2, 5e-324), unknown("a", 3), record("a", 4, 1.7976931348623157e308), act("a", 5)}
	for i, r := range want {
		if err := h.Append(ctx, "a", int64(i), r); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	got, err := collect("records", h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}))
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		return fmt.Errorf("got %d records, want %d", len(got), len(want))
	}
	for i := range want {
		if err := same(fmt.Sprintf("record %d", i+1), got[i], want[i]); err != nil {
			return err
		}
	}
	return nil
}

func keepsItsOwn(ctx context.Context, h health.History) error {
	spoil := func(r health.Record) {
		r.Score.Aspects[1].Value, r.Score.Parts[0].Measure = 1, "spoilt"
		r.Score.Limit.Reason, r.Score.Override.Reason, r.Events[0].ID = "spoilt", "spoilt", "spoilt"
		r.Standing.Peaks[0].Points, r.Risks[0].Owner, r.Act.By = 1, "spoilt", "spoilt"
	}
	whole := func() health.Record {
		r := record("a", 1, 1)
		r.Act = act("a", 2).Act
		return r
	}
	given := whole()
	if err := h.Append(ctx, "a", 0, given); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	spoil(given)
	for _, what := range []string{"last after a change of what was given", "last after a change of what was returned"} {
		last, _, err := h.Last(ctx, "a")
		if err != nil {
			return fmt.Errorf("last: %w", err)
		}
		if err := same(what, last, whole()); err != nil {
			return err
		}
		spoil(last)
	}
	for _, what := range []string{"records", "records after a change of what was returned"} {
		got, err := collect(what, h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}))
		if err != nil {
			return err
		}
		if len(got) != 1 {
			return fmt.Errorf("%s: got %d, want 1", what, len(got))
		}
		if err := same(what, got[0], whole()); err != nil {
			return err
		}
		spoil(got[0])
	}
	return nil
}

func stopsEarly(ctx context.Context, h health.History) error {
	for _, account := range []string{"a", "b", "c"} {
		if err := fill(ctx, h, account, 3); err != nil {
			return err
		}
	}
	for _, err := range h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			return fmt.Errorf("records: %w", err)
		}
		break
	}
	for _, err := range h.Accounts(ctx, "") {
		if err != nil {
			return fmt.Errorf("accounts: %w", err)
		}
		break
	}
	return patient(func() error { return h.Append(ctx, "a", 3, record("a", 4, 4)) })
}

func callsWithin(ctx context.Context, h health.History) error {
	for _, account := range []string{"a", "b"} {
		if err := fill(ctx, h, account, 2); err != nil {
			return err
		}
	}
	return patient(func() error {
		for account, err := range h.Accounts(ctx, "") {
			if err != nil {
				return fmt.Errorf("accounts: %w", err)
			}
			for r, err := range h.Records(ctx, account, time.Time{}, time.Time{}, time.Time{}) {
				if err != nil {
					return fmt.Errorf("records within accounts: %w", err)
				}
				last, _, err := h.Last(ctx, account)
				if err != nil {
					return fmt.Errorf("last within records: %w", err)
				}
				if last.Version < r.Version {
					return fmt.Errorf("last within records: got version %d, below %d", last.Version, r.Version)
				}
			}
			if err := h.Append(ctx, account, 2, record(account, 3, 3)); err != nil {
				return fmt.Errorf("append within accounts: %w", err)
			}
		}
		return nil
	})
}

func givesUp(ctx context.Context, h health.History) error {
	if err := fill(ctx, h, "a", 1); err != nil {
		return err
	}
	over := ended(ctx)
	_, _, errLast := h.Last(over, "a")
	_, errRecords := collect("records", h.Records(over, "a", time.Time{}, time.Time{}, time.Time{}))
	_, errAccounts := collect("accounts", h.Accounts(over, ""))
	for _, err := range []error{
		gaveUp("append", h.Append(over, "a", 1, record("a", 2, 2))),
		gaveUp("last", errLast),
		gaveUp("records", errRecords),
		gaveUp("accounts", errAccounts),
		gaveUp("forget", h.Forget(over, "a")),
	} {
		if err != nil {
			return err
		}
	}
	return versions("records afterwards", h.Records(ctx, "a", time.Time{}, time.Time{}, time.Time{}), 1)
}

func givesUpEmpty(ctx context.Context, h health.History) error {
	over := ended(ctx)
	_, errRecords := collect("records", h.Records(over, "a", time.Time{}, time.Time{}, time.Time{}))
	_, errAccounts := collect("accounts", h.Accounts(over, ""))
	return cmp.Or(gaveUp("records", errRecords), gaveUp("accounts", errAccounts))
}

func isConcurrent(ctx context.Context, h health.History) error {
	const workers = 8
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			account := fmt.Sprint("account ", w)
			errs[w] = func() error {
				for v := int64(1); v <= 5; v++ {
					if err := h.Append(ctx, account, v-1, record(account, v, float64(w))); err != nil {
						return fmt.Errorf("append %q: %w", account, err)
					}
					last, _, err := h.Last(ctx, account)
					if err != nil {
						return fmt.Errorf("last of %q: %w", account, err)
					}
					if err := same("last of "+account, last, record(account, v, float64(w))); err != nil {
						return err
					}
					if _, err := collect("accounts", h.Accounts(ctx, "")); err != nil {
						return err
					}
				}
				return versions(account, h.Records(ctx, account, time.Time{}, time.Time{}, time.Time{}), 1, 2, 3, 4, 5)
			}()
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}
