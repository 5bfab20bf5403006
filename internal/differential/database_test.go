package differential

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/customersuccess-go/customersuccess/segment"
)

// A database is one connection, so that what is set for the session holds.
type database struct {
	*sql.DB
	dialect segment.Dialect
	types   map[segment.Type]string // of columns, as the package comment of segment states them
}

var plainTypes = map[segment.Dialect]map[segment.Type]string{
	segment.PostgreSQL: {
		segment.NumberType: "double precision", segment.TextType: "text", segment.FlagType: "boolean", segment.TimeType: "timestamptz",
	},
	segment.SQLite: {
		segment.NumberType: "REAL", segment.TextType: "TEXT", segment.FlagType: "INTEGER", segment.TimeType: "INTEGER",
	},
	segment.DuckDB: {
		segment.NumberType: "DOUBLE", segment.TextType: "VARCHAR", segment.FlagType: "BOOLEAN", segment.TimeType: "TIMESTAMPTZ",
	},
}

// each runs a test on each database as it comes, and on each with a session and columns that are set to mislead.
func each(t *testing.T, test func(t *testing.T, d *database)) {
	t.Run("postgresql", func(t *testing.T) { test(t, open(t, segment.PostgreSQL)) })
	t.Run("postgresql set to mislead", func(t *testing.T) {
		d := open(t, segment.PostgreSQL)
		d.exec(t, "CREATE COLLATION pg_temp.folding (provider = icu, locale = 'und-u-ks-level1', deterministic = false)")
		d.exec(t, "SET TimeZone = 'Asia/Kolkata'")
		d.exec(t, "SET DateStyle = 'SQL, DMY'")
		d.exec(t, "SET standard_conforming_strings = off")
		d.exec(t, "SET escape_string_warning = off")
		d.types[segment.TextType] = "text COLLATE pg_temp.folding"
		test(t, d)
	})
	t.Run("sqlite", func(t *testing.T) { test(t, open(t, segment.SQLite)) })
	t.Run("sqlite set to mislead", func(t *testing.T) {
		d := open(t, segment.SQLite)
		d.types = map[segment.Type]string{
			segment.NumberType: "", segment.TextType: "TEXT COLLATE NOCASE", segment.FlagType: "", segment.TimeType: "",
		}
		test(t, d)
	})
	t.Run("duckdb", func(t *testing.T) { test(t, open(t, segment.DuckDB)) })
	t.Run("duckdb set to mislead", func(t *testing.T) {
		d := open(t, segment.DuckDB)
		d.exec(t, "SET TimeZone = 'Asia/Kolkata'")
		d.exec(t, "PRAGMA default_collation = NOCASE")
		test(t, d)
	})
}

// open opens an empty database. Without a PostgreSQL the test is skipped, or fails where CI says that all must be there.
func open(t testing.TB, dialect segment.Dialect) *database {
	t.Helper()
	driver, source := "sqlite", ":memory:"
	switch dialect {
	case segment.PostgreSQL:
		if driver, source = "pgx", postgres.url; postgres.lack != "" && os.Getenv("CI") != "" {
			t.Fatal(postgres.lack)
		} else if postgres.lack != "" {
			t.Skip(postgres.lack)
		}
	case segment.DuckDB:
		driver, source = "duckdb", ""
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &database{DB: db, dialect: dialect, types: map[segment.Type]string{}}
	for kind, column := range plainTypes[dialect] {
		d.types[kind] = column
	}
	return d
}

func (d *database) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := d.Exec(query, args...); err != nil {
		t.Fatalf("%v\n%s", err, clipped(query))
	}
}

// clipped shortens a query that a message shows.
func clipped(query string) string {
	if len(query) > 2000 {
		return query[:2000] + "…"
	}
	return query
}

// fill makes the table t with columns for the attributes, and rows with the IDs 0, 1, 2 …
func (d *database) fill(t testing.TB, attributes []segment.Attribute, rows [][]any) {
	t.Helper()
	d.exec(t, "DROP TABLE IF EXISTS t")
	columns := "id INTEGER PRIMARY KEY"
	for _, a := range attributes {
		columns += fmt.Sprintf(`, "%s" %s`, a.Name, d.types[a.Type])
	}
	d.exec(t, "CREATE TEMPORARY TABLE t ("+columns+")")
	const most = 500 // rows of one statement
	for from := 0; from < len(rows); from += most {
		var tuples []string
		var args []any
		for i, row := range rows[from:min(from+most, len(rows))] {
			tuple := fmt.Sprint("(", from+i)
			for _, v := range row {
				args = append(args, d.stored(v))
				tuple += fmt.Sprint(", $", len(args))
			}
			tuples = append(tuples, tuple+")")
		}
		d.exec(t, "INSERT INTO t VALUES "+strings.Join(tuples, ", "), args...)
	}
}

// stored returns a value as the database's column takes it.
func (d *database) stored(v any) any {
	if d.dialect == segment.SQLite {
		switch v := v.(type) {
		case bool:
			if v {
				return 1
			}
			return 0
		case time.Time:
			return v.UnixMicro()
		}
	}
	return v
}

// ids returns the IDs of the rows for which a predicate is true.
func (d *database) ids(t testing.TB, predicate string) []int {
	t.Helper()
	return column[int](t, d, "SELECT id FROM t WHERE "+predicate+" ORDER BY id")
}

// column returns what a query gives.
func column[T any](t testing.TB, d *database, query string) []T {
	t.Helper()
	rows, err := d.Query(query)
	if err != nil {
		t.Fatalf("%v\n%s", err, clipped(query))
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%s", err, clipped(query))
	}
	return list
}
