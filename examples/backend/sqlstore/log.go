package sqlstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// A log is a table whose rows are numbered from 1 within their account, and only ever added.
type log[E any] struct {
	tenant   Tenant
	table    string
	stream   columns // what a log is one of, beside its tenant
	conflict error
	aside    func(stored, e E) E // what makes no difference between an entry and the stored one, taken from the entry; nil: nothing

	// row returns the column by which a row is the same one again, and those beside number and body.
	row func(e E, version int64) (same column, more columns)
}

// add appends entries after a version, all or none.
func (l log[E]) add(ctx context.Context, account string, after int64, entries ...E) error {
	bodies := make([][]byte, len(entries))
	for i, e := range entries {
		var err error
		if bodies[i], err = json.Marshal(e); err != nil {
			return wrap(ctx, err, "append to %q after %d", account, after)
		}
	}
	err := l.tenant.write(ctx, account, func(w write) error {
		held, err := l.held(ctx, w, account, after, entries, bodies)
		if err != nil || held == len(entries) {
			return err
		}
		where, values := l.rows(account).where()
		var last int64
		query := "SELECT version FROM " + l.table + " WHERE " + where + " ORDER BY version DESC LIMIT 1"
		if _, err := w.first(ctx, query, values, &last); err != nil {
			return err
		}
		if held > 0 || last != after {
			return l.conflict
		}
		rows := make([]columns, len(entries))
		for i, e := range entries {
			version := after + int64(i) + 1
			_, more := l.row(e, version)
			rows[i] = l.rows(account).and(column{"version", version}, column{"body", string(bodies[i])}).and(more...)
		}
		err = w.insert(ctx, l.table, rows...)
		if l.tenant.db.dialect.duplicate(err) {
			return l.conflict // an ID that is in the batch twice, or a row of a writer without the lock
		}
		return err
	})
	return wrap(ctx, err, "append to %q after %d", account, after)
}

// held returns how many of the entries the log has. One that it has with other content is a conflict.
func (l log[E]) held(ctx context.Context, w write, account string, after int64, entries []E, bodies [][]byte) (n int, err error) {
	for from := 0; from < len(entries); from += statementRows {
		part := entries[from:min(from+statementRows, len(entries))]
		stored, err := l.stored(ctx, w, account, after+int64(from), part)
		if err != nil {
			return n, err
		}
		for i, e := range part {
			same, _ := l.row(e, after+int64(from+i)+1)
			body, ok := stored[same.value]
			if !ok {
				continue
			}
			if body, err = l.again(body, e); err != nil {
				return n, err
			}
			if !bytes.Equal(body, bodies[from+i]) {
				return n, l.conflict
			}
			n++
		}
	}
	return n, nil
}

// stored returns the bodies of those entries that the log has, by the value of the column by which an entry is the same.
func (l log[E]) stored(ctx context.Context, w write, account string, after int64, entries []E) (bodies map[any][]byte, err error) {
	where, values := l.rows(account).where()
	var same column
	for i, e := range entries {
		same, _ = l.row(e, after+int64(i)+1)
		values = append(values, same.value)
	}
	query := "SELECT " + same.name + ", body FROM " + l.table + " WHERE " + where +
		" AND " + same.name + " IN (" + strings.Repeat(", ?", len(entries))[2:] + ")"
	rows, err := w.tx.QueryContext(ctx, w.dialect.text(query), values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	bodies = make(map[any][]byte)
	for rows.Next() {
		var value any // a string or an int64, as it was given
		var body []byte
		if err := rows.Scan(&value, &body); err != nil {
			return nil, err
		}
		bodies[value] = body
	}
	return bodies, rows.Err()
}

// again encodes a stored entry as this release does, with what makes no difference taken from e.
func (l log[E]) again(body []byte, e E) ([]byte, error) {
	var stored E
	if err := json.Unmarshal(body, &stored); err != nil {
		return nil, err
	}
	if l.aside != nil {
		stored = l.aside(stored, e)
	}
	return json.Marshal(stored)
}

func (l log[E]) rows(account string) columns { return l.tenant.rows(account, l.stream...) }

// entries yields the entries with a number above after that fulfil a condition.
func (l log[E]) entries(ctx context.Context, what, account string, after int64, condition string, more ...any) iter.Seq2[E, error] {
	where, values := l.rows(account).where()
	query := "SELECT version, '', body, (SELECT seq FROM " + l.table + " WHERE " + where + " ORDER BY version DESC LIMIT 1)" +
		" FROM " + l.table + " WHERE " + where + " AND version > ? AND seq <= ?" + condition + " ORDER BY version LIMIT ?"
	read := func(after item, last int64) ([]item, error) {
		all := append(append(values[:len(values):len(values)], values...), after.place, last)
		return l.tenant.db.items(ctx, query, append(append(all, more...), pageSize)...)
	}
	return ranged[E](ctx, l.tenant.db, what, account, l.table, item{place: after}, read)
}

func (l log[E]) accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	of := columns{{"tenant", l.tenant.name}}.and(l.stream...)
	return l.tenant.db.accounts(ctx, l.table, after, of, " AND version = 1")
}

func (l log[E]) Forget(ctx context.Context, account string) error {
	return l.tenant.forget(ctx, account, l.stream, l.table)
}

// records is a log of health or of segment: a row is a record, which is the same one by its number.
type records[R any] struct{ log[R] }

func (s records[R]) Append(ctx context.Context, account string, after int64, r R) error {
	return s.add(ctx, account, after, r)
}

func (s records[R]) Last(ctx context.Context, account string) (r R, ok bool, err error) {
	where, values := s.rows(account).where()
	var body []byte
	query := "SELECT body FROM " + s.table + " WHERE " + where + " ORDER BY version DESC LIMIT 1"
	ok, err = s.tenant.db.first(ctx, query, values, &body)
	if ok {
		err = json.Unmarshal(body, &r)
	}
	return r, ok, wrap(ctx, err, "last record of %q", account)
}

func (s records[R]) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[R, error] {
	low, high, known := bounds(from, to, knownAt)
	return s.entries(ctx, "records", account, 0, " AND as_of >= ? AND as_of < ? AND recorded <= ?", low, high, known)
}

func (s records[R]) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.accounts(ctx, after)
}

// journeys is a log of journey: a row is an event, which is the same one by its ID and content, but for when it was
// recorded.
type journeys struct{ log[journey.Event] }

func (s journeys) Append(ctx context.Context, account string, after int64, events ...journey.Event) error {
	return s.add(ctx, account, after, events...)
}

func (s journeys) Events(ctx context.Context, account string, after int64) iter.Seq2[journey.Event, error] {
	return s.entries(ctx, "events", account, after, "")
}

func (s journeys) Subjects(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.accounts(ctx, after)
}

// books is a log of ladder: a row is an entry, which is the same one by its ID and content.
type books struct{ log[ladder.Entry] }

func (s books) Append(ctx context.Context, account string, after int64, entries ...ladder.Entry) error {
	return s.add(ctx, account, after, entries...)
}

func (s books) Entries(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
	return s.entries(ctx, "entries", account, after, "")
}

func (s books) Posted(ctx context.Context, after string) iter.Seq2[string, error] {
	return s.accounts(ctx, after)
}
