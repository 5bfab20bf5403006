package sqlstore

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"time"
)

// ErrForgotten ends a range over an account that was forgotten before the range was done.
var ErrForgotten = errors.New("the account was forgotten while it was ranged over")

// A DB is an open database. It is safe for concurrent use.
type DB struct {
	pool    *sql.DB
	dialect dialect
	turn    chan struct{} // has room for one writer, where there is one at a time; else nil
}

// Open opens the database at "sqlite:FILE" or "postgres://…", as pgx takes it. It fails if the database can't be reached
// or keeps text in another encoding than UTF-8, in which the order of IDs is another. The caller closes the DB.
func Open(ctx context.Context, url string) (*DB, error) {
	d, name, err := source(url)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open: %w", err)
	}
	pool, err := sql.Open(d.driver, name)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open: %w", err)
	}
	encoding, err := d.reach(ctx, pool)
	if err == nil && strings.ReplaceAll(encoding, "-", "") != "UTF8" {
		err = fmt.Errorf("its text is in %s, not UTF-8", encoding)
	}
	if err != nil {
		return nil, errors.Join(wrap(ctx, err, "open"), pool.Close())
	}
	db := &DB{pool: pool, dialect: d}
	if d.lock == "" {
		db.turn = make(chan struct{}, 1)
	}
	return db, nil
}

// reach returns the encoding of the database's text. Processes that open a new SQLite file at once fail, without waiting,
// while one of them turns it to write-ahead logging: they ask again for a while.
func (d dialect) reach(ctx context.Context, pool *sql.DB) (encoding string, err error) {
	for wait := time.Millisecond; ; wait *= 2 {
		err = pool.QueryRowContext(ctx, d.encoding).Scan(&encoding)
		if err == nil || !d.busy(err) || wait > 4*time.Second {
			return encoding, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// Close closes the database after the calls that are under way.
func (db *DB) Close() error { return db.pool.Close() }

// A write is a transaction that has the lock it needs.
type write struct {
	tx      *sql.Tx
	dialect dialect
}

// write runs f in a transaction that no other with the same lock overlaps. If f fails nothing is changed.
func (db *DB) write(ctx context.Context, lock int64, f func(w write) error) error {
	if db.turn != nil { // SQLite waits for other processes by asking again and again; the writers of this one queue here
		select {
		case db.turn <- struct{}{}:
			defer func() { <-db.turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	tx, err := db.pool.BeginTx(ctx, db.dialect.isolation)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	w := write{tx, db.dialect}
	if db.dialect.lock != "" {
		if err := w.exec(ctx, db.dialect.lock, lock); err != nil {
			return err
		}
	}
	if err := f(w); err != nil {
		return err
	}
	return tx.Commit()
}

func (w write) exec(ctx context.Context, statement string, values ...any) error {
	_, err := w.tx.ExecContext(ctx, w.dialect.text(statement), values...)
	return err
}

// statementRows is how many rows one statement looks up or adds: each is a way to the server and back, and databases
// limit the parameters and the parts of a statement.
const statementRows = 100

// insert adds rows, which have the same columns, and which the database numbers in their order.
func (w write) insert(ctx context.Context, table string, rows ...columns) error {
	for part := range slices.Chunk(rows, statementRows) {
		statement, values := insert(table, part)
		if err := w.exec(ctx, statement, values...); err != nil {
			return err
		}
	}
	return nil
}

func (w write) delete(ctx context.Context, table string, of columns) error {
	where, values := of.where()
	return w.exec(ctx, "DELETE FROM "+table+" WHERE "+where, values...)
}

// first scans the first row of a query, and reports whether there is one.
func (w write) first(ctx context.Context, query string, values []any, into ...any) (bool, error) {
	return found(w.tx.QueryRowContext(ctx, w.dialect.text(query), values...).Scan(into...))
}

func (db *DB) first(ctx context.Context, query string, values []any, into ...any) (bool, error) {
	return found(db.pool.QueryRowContext(ctx, db.dialect.text(query), values...).Scan(into...))
}

func found(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// lockOf returns the number of the lock for texts. That two have the same one costs time alone.
func lockOf(texts ...string) int64 {
	h := fnv.New64a()
	for _, text := range texts {
		h.Write(binary.AppendUvarint(nil, uint64(len(text))))
		h.Write([]byte(text))
	}
	return int64(h.Sum64())
}

// wrap says where an error is from. After the end of ctx it is the context's, whatever a driver makes of that.
func wrap(ctx context.Context, err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = ended
	}
	return fmt.Errorf("sqlstore: %s: %w", fmt.Sprintf(format, args...), err)
}

// least is before every stored instant, and low enough for one to be before it.
const least = math.MinInt64 + 1

// micros returns an instant as it is stored: whole microseconds, truncated toward the past.
func micros(t time.Time) int64 {
	switch year := t.UTC().Year(); {
	case year > 9999:
		return math.MaxInt64
	case year < 1:
		return least
	}
	return t.UnixMicro()
}

// bounds returns [from, to) as [low, high) over stored instants, and knownAt, which is inclusive. Zero is no bound.
func bounds(from, to, knownAt time.Time) (low, high, known int64) {
	low, high, known = least, math.MaxInt64, math.MaxInt64
	if !from.IsZero() {
		low = micros(from.Add(time.Microsecond - 1)) // toward the future
	}
	if !to.IsZero() {
		high = micros(to.Add(time.Microsecond - 1))
	}
	if !knownAt.IsZero() {
		known = micros(knownAt)
	}
	return low, high, known
}

// truncated returns t in UTC, truncated toward the past to whole microseconds.
func truncated(t time.Time) time.Time {
	t = t.UTC()
	return t.Add(-time.Duration(t.Nanosecond() % 1000))
}
