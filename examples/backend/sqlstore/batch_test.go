package sqlstore

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// TestBatchTwins puts batches of more facts than one statement holds, some of them of one key, into the tables and into the
// packages' own memory.
func TestBatchTwins(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := migrated(t, url).Tenant("t")
		ctx, rng := t.Context(), rand.New(rand.NewPCG(3, 5))
		var measured outcome.Memory
		var touched engagement.Memory
		for range 5 {
			var values []outcome.Measurement
			var touches []engagement.Touch
			for range 3*statementRows - 7 {
				n, at, recorded := rng.IntN(600), instant(rng.IntN(3)), instant(rng.IntN(4))
				values = append(values, outcome.Measurement{Measure: pick(rng, "a", "b"), At: instant(n), Value: float64(rng.IntN(2)), Recorded: recorded})
				touches = append(touches, engagement.Touch{Format: 1, ID: fmt.Sprint(n / 8), Channel: engagement.Human,
					By: pick(rng, "kim", "lee"), At: at, Recorded: recorded})
			}
			if err := errors.Join(measured.Put(ctx, "acme", values...), s.Measurements().Put(ctx, "acme", values...),
				touched.Record(ctx, "acme", touches...), s.Touches().Record(ctx, "acme", touches...)); err != nil {
				t.Fatal(err)
			}
			for n := range 5 {
				var zero time.Time
				known := instant(n)
				alike(t, whole(s.Measurements().Measured(ctx, "acme", "a", zero, zero, known)), whole(measured.Measured(ctx, "acme", "a", zero, zero, known)))
				alike(t, whole(s.Touches().Made(ctx, "acme", zero, zero, known)), whole(touched.Made(ctx, "acme", zero, zero, known)))
			}
		}
	})
}

// TestBatchWhole appends batches of several statements: all or none.
func TestBatchWhole(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		s := migrated(t, url).Tenant("t").Ledger()
		const n = 2*statementRows + 50
		first, twice := entries(0, n), entries(n, n)
		twice[n-1].ID = twice[0].ID
		for _, tc := range []struct {
			name  string
			after int64
			batch []ladder.Entry
			want  error
			held  int
		}{
			{"first", 0, first, nil, n},
			{"again", 0, first, nil, n},
			{"an ID twice", n, twice, ladder.ErrConflict, n},
			{"the last is held", n, append(entries(n, n), first[n-1]), ladder.ErrConflict, n},
			{"next", n, entries(n, n), nil, 2 * n},
		} {
			if err := s.Append(t.Context(), "acme", tc.after, tc.batch...); !errors.Is(err, tc.want) {
				t.Errorf("%s: got error %v, want %v", tc.name, err, tc.want)
			}
			held := 0
			for e, err := range s.Entries(t.Context(), "acme", 0) {
				if want := fmt.Sprint("e", held); err != nil || e.ID != want {
					t.Fatalf("%s: got %q and error %v, want %q", tc.name, e.ID, err, want)
				}
				held++
			}
			if held != tc.held {
				t.Errorf("%s: %d entries, want %d", tc.name, held, tc.held)
			}
		}
	})
}

func entries(from, n int) []ladder.Entry {
	list := make([]ladder.Entry, n)
	for i := range list {
		list[i] = entry("acme", fmt.Sprint("e", from+i))
	}
	return list
}

// BenchmarkBatch measures one call that stores 20,000 rows of a new account.
func BenchmarkBatch(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkBatch(b, migrated(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"))) })
	b.Run("postgres", func(b *testing.B) { benchmarkBatch(b, migrated(b, emptySchema(b))) })
}

func benchmarkBatch(b *testing.B, db *DB) {
	const rows = 20_000
	values := make([]outcome.Measurement, rows)
	for i := range values {
		values[i] = outcome.Measurement{Measure: "hours", At: instant(i), Value: float64(i), Recorded: instant(rows)}
	}
	list := entries(0, rows)
	s, n := db.Tenant("t"), 0
	b.Run("Put", func(b *testing.B) {
		for b.Loop() {
			n++
			if err := s.Measurements().Put(b.Context(), fmt.Sprint(n), values...); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Append", func(b *testing.B) {
		for b.Loop() {
			n++
			if err := s.Ledger().Append(b.Context(), fmt.Sprint(n), 0, list...); err != nil {
				b.Fatal(err)
			}
		}
	})
}
