package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
)

// pageSize is how many rows are read at once. A caller has at most so many that it has not seen.
const pageSize = 256

// An item is a row that a range reads: its body, where it stands in the order of the range, and the number of the last
// row that there was of the account when it was read.
type item struct {
	place int64
	id    string
	body  []byte
	last  int64
}

// items reads a page: place, id, body, last. It returns when the connection is free again.
func (db *DB) items(ctx context.Context, query string, values ...any) (page []item, err error) {
	rows, err := db.pool.QueryContext(ctx, db.dialect.text(query), values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var i item
		if err := rows.Scan(&i.place, &i.id, &i.body, &i.last); err != nil {
			return nil, err
		}
		page = append(page, i)
	}
	return page, rows.Err()
}

// ranged yields an account's rows of a table as they were when the range began. The function read returns the page after
// an item, of rows whose number is at most last; it must return the same for the same, as long as no row is taken away.
func ranged[T any](
	ctx context.Context, db *DB, what, account, table string, start item,
	read func(after item, last int64) ([]item, error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		fail := func(err error) {
			var none T
			yield(none, wrap(ctx, err, "%s of %q", what, account))
		}
		after, last := start, int64(math.MaxInt64)
		for {
			page, err := read(after, last)
			if err == nil && last < math.MaxInt64 {
				err = db.holds(ctx, table, last)
			}
			if err != nil {
				fail(err)
				return
			}
			for _, i := range page {
				var v T
				err := ctx.Err()
				if err == nil {
					err = json.Unmarshal(i.body, &v)
				}
				if err != nil {
					fail(err)
					return
				}
				if !yield(v, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			after, last = page[len(page)-1], min(last, page[0].last)
		}
	}
}

// holds fails if a row is gone. It is asked after a page was read: Forget takes the account's last row with the others,
// so that the page was whole if the last row is there.
func (db *DB) holds(ctx context.Context, table string, seq int64) error {
	var there int
	ok, err := db.first(ctx, "SELECT 1 FROM "+table+" WHERE seq = ?", []any{seq}, &there)
	if err == nil && !ok {
		return ErrForgotten
	}
	return err
}

// accounts yields the accounts after one that have a row on a condition, each once, in order of their bytes.
func (db *DB) accounts(ctx context.Context, table, after string, of columns, condition string) iter.Seq2[string, error] {
	where, values := of.where()
	query := "SELECT DISTINCT account FROM " + table + " WHERE " + where + condition + " AND account > ? ORDER BY account LIMIT ?"
	return func(yield func(string, error) bool) {
		after := after
		for {
			page, err := db.texts(ctx, query, append(values[:len(values):len(values)], after, pageSize)...)
			if err != nil {
				yield("", wrap(ctx, err, "accounts after %q", after))
				return
			}
			for _, account := range page {
				if err := ctx.Err(); err != nil {
					yield("", wrap(ctx, err, "accounts after %q", after))
					return
				}
				if !yield(account, nil) {
					return
				}
				after = account
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

// texts reads one column.
func (db *DB) texts(ctx context.Context, query string, values ...any) (page []string, err error) {
	rows, err := db.pool.QueryContext(ctx, db.dialect.text(query), values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		page = append(page, text)
	}
	return page, rows.Err()
}
