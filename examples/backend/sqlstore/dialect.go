package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A dialect is what the databases differ in.
type dialect struct {
	driver    string
	seq, id   string           // column types
	lock      string           // statement that waits for a lock until the transaction ends; "": its start has waited already
	encoding  string           // query for the encoding of text
	numbered  bool             // parameters are $1, $2, …, not ?
	isolation *sql.TxOptions   // of transactions that write
	duplicate func(error) bool // reports whether a unique key refused a row
	busy      func(error) bool // reports whether another process was in the way
}

func sqliteDialect() dialect {
	return dialect{
		driver:    "sqlite",
		seq:       `INTEGER PRIMARY KEY AUTOINCREMENT`,
		id:        `TEXT NOT NULL`, // compared by bytes, which is the default
		encoding:  `PRAGMA encoding`,
		duplicate: isSQLiteDuplicate,
		busy:      isSQLiteBusy,
	}
}

func postgresDialect() dialect {
	return dialect{
		driver:    "pgx",
		seq:       `BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY`,
		id:        `TEXT COLLATE "C" NOT NULL`,
		lock:      `SELECT pg_advisory_xact_lock(?)`,
		encoding:  `SHOW server_encoding`,
		numbered:  true,
		isolation: &sql.TxOptions{Isolation: sql.LevelReadCommitted}, // each statement sees what the lock waited for
		duplicate: isPostgresDuplicate,
		busy:      func(error) bool { return false },
	}
}

func isSQLiteDuplicate(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) &&
		(e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func isSQLiteBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY // whatever its extended code
}

func isPostgresDuplicate(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505" // unique_violation
}

// source returns the dialect of a URL, and the name under which its driver opens it.
func source(url string) (dialect, string, error) {
	scheme, file, _ := strings.Cut(url, ":")
	switch scheme {
	case "postgres", "postgresql":
		return postgresDialect(), url, nil
	case "sqlite":
		if file == "" || file == ":memory:" {
			return dialect{}, "", errors.New(`sqlite needs a file: each connection would have a database of its own`)
		}
		// Writers wait for each other from the start of a transaction, readers for none; what is committed is on the
		// disk, and what is deleted is overwritten.
		return sqliteDialect(), "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(file) +
			"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
			"&_pragma=secure_delete(1)", nil
	}
	return dialect{}, "", fmt.Errorf("scheme %q is neither sqlite nor postgres", scheme)
}

// text returns a statement in the dialect. Parameters are written as ? and nothing else is.
func (d dialect) text(statement string) string {
	if !d.numbered {
		return statement
	}
	var b strings.Builder
	n := 0
	for {
		before, after, found := strings.Cut(statement, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		fmt.Fprintf(&b, "$%d", n)
		statement = after
	}
}

// A column is a name with the value that a row has there.
type column struct {
	name  string
	value any // string, int64 or []byte
}

// columns are a condition, or a row.
type columns []column

// and returns the columns and more, without changing c.
func (c columns) and(more ...column) columns {
	return append(c[:len(c):len(c)], more...)
}

// where returns the condition that each column has its value, and the values.
func (c columns) where() (condition string, values []any) {
	for i, col := range c {
		if i > 0 {
			condition += " AND "
		}
		condition += col.name + " = ?"
		values = append(values, col.value)
	}
	return condition, values
}

// insert returns the statement that adds rows, which have the same columns, and the values.
func insert(table string, rows []columns) (statement string, values []any) {
	names := make([]string, len(rows[0]))
	for i, col := range rows[0] {
		names[i] = col.name
	}
	for _, row := range rows {
		for _, col := range row {
			values = append(values, col.value)
		}
	}
	marks := ", (" + strings.Repeat(", ?", len(names))[2:] + ")"
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES " + strings.Repeat(marks, len(rows))[2:], values
}
