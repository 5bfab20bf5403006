package sqlstore

import (
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkHistory measures one call each. The account has two years of records. SQLite has its writes on the disk; of
// PostgreSQL that depends on the server, and one that the tests start has not.
func BenchmarkHistory(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkHistory(b, migrated(b, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"))) })
	b.Run("postgres", func(b *testing.B) { benchmarkHistory(b, migrated(b, emptySchema(b))) })
}

func benchmarkHistory(b *testing.B, db *DB) {
	const days = 730
	history := db.Tenant("t").History()
	version := int64(0)
	add := func(b *testing.B) {
		if err := history.Append(b.Context(), "acme", version, record("acme", version+1)); err != nil {
			b.Fatal(err)
		}
		version++
	}
	for range days {
		add(b)
	}
	b.Run("Last", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, ok, err := history.Last(b.Context(), "acme"); !ok || err != nil {
				b.Fatal(ok, err)
			}
		}
	})
	b.Run("Records", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for _, err := range history.Records(b.Context(), "acme", time.Time{}, time.Time{}, time.Time{}) {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != days {
				b.Fatalf("got %d records, want %d", n, days)
			}
		}
	})
	b.Run("Append", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			add(b)
		}
	})
}
