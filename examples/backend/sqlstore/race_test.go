package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
)

const writers = 8

// together runs f in as many goroutines as there are writers.
func together(t *testing.T, f func(w int) error) {
	t.Helper()
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() { errs[w] = f(w) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func instant(n int) time.Time {
	return time.Date(2026, 2, 28, 23, 59, 59, 999_999_000, time.UTC).Add(time.Duration(n) * time.Second)
}

func record(account string, version int64) health.Record {
	return health.Record{
		Format: 1, Version: version, Recorded: instant(int(version)),
		Score: health.Score{Account: account, AsOf: instant(int(version)), Parts: []health.Part{}},
	}
}

func entry(account, id string) ladder.Entry {
	return ladder.Entry{
		Format: 1, ID: id, Account: account, Benefit: "b", From: instant(0), To: instant(1), Amount: decimal.New(110, -2),
		Currency: "EUR", Evidence: ladder.Measured, Recorded: instant(2),
	}
}

func event(account, id string) journey.Event {
	return journey.Event{Format: 1, ID: id, Account: account, Kind: journey.NeedBegan, Happened: instant(0), Recorded: instant(1)}
}

// TestRacingBooks lets eight writers, half of them with connections of their own, book on one account until each has its
// entries there: all are, none twice, and no number is left out.
func TestRacingBooks(t *testing.T) {
	const entriesEach = 20
	each(t, func(t *testing.T, url string) {
		dbs := []*DB{migrated(t, url), open(t, url)}
		together(t, func(w int) error {
			ledger := dbs[w%2].Tenant("t").Ledger()
			after := int64(0)
			for n := range entriesEach {
				for {
					err := ledger.Append(t.Context(), "acme", after, entry("acme", fmt.Sprintf("%d/%d", w, n)))
					if err == nil {
						after++
						break
					}
					if !errors.Is(err, ladder.ErrConflict) {
						return err
					}
					after = 0
					for _, err := range ledger.Entries(t.Context(), "acme", 0) {
						if err != nil {
							return err
						}
						after++
					}
				}
			}
			return nil
		})
		seen := make(map[string]int)
		for e, err := range dbs[0].Tenant("t").Ledger().Entries(t.Context(), "acme", 0) {
			if err != nil {
				t.Fatal(err)
			}
			seen[e.ID]++
		}
		for w := range writers {
			for n := range entriesEach {
				if id := fmt.Sprintf("%d/%d", w, n); seen[id] != 1 {
					t.Errorf("entry %s is there %d times", id, seen[id])
				}
			}
		}
		var rows, last int64
		query := "SELECT COUNT(*), MAX(version) FROM ladder_entries"
		if _, err := dbs[0].first(t.Context(), query, nil, &rows, &last); err != nil || rows != writers*entriesEach || last != rows {
			t.Errorf("got %d rows up to number %d, and error %v, want %d", rows, last, err, writers*entriesEach)
		}
	})
}

// TestRacingForget lets writers append and forget one account: whenever it is read, its records are numbered from 1
// without a gap.
func TestRacingForget(t *testing.T) {
	const rounds = 30
	each(t, func(t *testing.T, url string) {
		dbs := []*DB{migrated(t, url), open(t, url)}
		together(t, func(w int) error {
			history := dbs[w%2].Tenant("t").History()
			for round := range rounds {
				if w == 0 && round%3 == 0 {
					if err := history.Forget(t.Context(), "acme"); err != nil {
						return err
					}
				}
				want := int64(1)
				for r, err := range history.Records(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{}) {
					if err != nil {
						return err
					}
					if r.Version != want {
						return fmt.Errorf("got record %d after record %d", r.Version, want-1)
					}
					want++
				}
				r := record("acme", want)
				r.Score.Card = fmt.Sprint("writer ", w)
				if err := history.Append(t.Context(), "acme", want-1, r); err != nil && !errors.Is(err, health.ErrConflict) {
					return err
				}
			}
			return nil
		})
	})
}

// TestForeignWriter has a program without the lock insert the row that an append is about to: the unique key decides. In
// SQLite there is no such case, since the append begins when the other writer is done.
func TestForeignWriter(t *testing.T) {
	db := migrated(t, emptySchema(t))
	tx, err := db.pool.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tx.ExecContext(t.Context(), `INSERT INTO health_records (tenant, account, version, as_of, recorded, body)
		VALUES ('t', 'acme', 1, 0, 0, '{}')`)
	if err != nil {
		t.Fatal(err)
	}
	appended := make(chan error)
	go func() { appended <- db.Tenant("t").History().Append(t.Context(), "acme", 0, record("acme", 1)) }()
	for waiting := false; !waiting; { // until the insert waits for the other transaction
		query := "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid')"
		if _, err := db.first(t.Context(), query, nil, &waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-appended; !errors.Is(err, health.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
}

// TestWaitEnds cancels writers that wait for another one.
func TestWaitEnds(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		held, release := make(chan bool), make(chan bool)
		done := make(chan error)
		go func() {
			done <- db.Tenant("t").write(t.Context(), "acme", func(write) error {
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := db.Tenant("t").History().Append(ctx, "acme", 0, record("acme", 1))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if _, ok, err := db.Tenant("t").History().Last(t.Context(), "acme"); ok || err != nil {
			t.Errorf("got a record %v and error %v, want neither", ok, err)
		}
	})
}
