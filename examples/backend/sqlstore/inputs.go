package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/health"
)

// Input implements health.Source.
func (s Readings) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	held, err := s.page(ctx, []string{account}, asOf, knownAt)
	if err != nil {
		return health.Input{}, false, wrap(ctx, err, "input of %q", account)
	}
	item := held.item(ctx, account)
	if item.Input == nil {
		return health.Input{}, false, item.Err
	}
	return *item.Input, true, nil
}

// Inputs implements health.BulkSource: one statement for each page of accounts, whose inputs are so of one moment.
func (s Readings) Inputs(ctx context.Context, accounts []string, asOf, knownAt time.Time) iter.Seq2[health.Item, error] {
	return func(yield func(health.Item, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(health.Item{}, wrap(ctx, err, "inputs"))
			return
		}
		for page := range slices.Chunk(accounts, pageSize) {
			held, err := s.page(ctx, page, asOf, knownAt)
			if err != nil {
				yield(health.Item{}, wrap(ctx, err, "inputs"))
				return
			}
			for _, account := range page {
				if err := ctx.Err(); err != nil {
					yield(health.Item{}, wrap(ctx, err, "inputs"))
					return
				}
				if !yield(held.item(ctx, account), nil) {
					return
				}
			}
		}
	}
}

// inputs are the rows of each account: its start, and then its readings.
type inputs map[string][]item

// page reads the rows of accounts. A reading that is of a later instant, or was not known, has no body.
func (s Readings) page(ctx context.Context, accounts []string, asOf, knownAt time.Time) (held inputs, err error) {
	tenant := s.tenant.name
	_, _, known := bounds(time.Time{}, time.Time{}, knownAt)
	of, some := anyOf(accounts)
	query := `SELECT account, since, '', '', 0 FROM health_starts f
			WHERE tenant = ? AND account IN ` + of + ` AND seq = (SELECT n.seq FROM health_starts n
				WHERE n.tenant = f.tenant AND n.account = f.account AND n.recorded <= ?
				ORDER BY n.recorded DESC, n.seq DESC LIMIT 1)
		UNION ALL SELECT account, 0, name, (SELECT r.body FROM health_readings r
				WHERE r.tenant = ? AND r.account = m.account AND r.name = m.name AND r.at <= ? AND r.recorded <= ?
				ORDER BY r.at DESC, r.recorded DESC, r.seq DESC LIMIT 1), 1
			FROM (SELECT DISTINCT account, name FROM health_readings WHERE tenant = ? AND account IN ` + of + `) m
		ORDER BY 5`
	values := slices.Concat([]any{tenant}, some, []any{known, tenant, micros(asOf), known, tenant}, some)
	rows, err := s.tenant.db.pool.QueryContext(ctx, s.tenant.db.dialect.text(query), values...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	held = make(inputs, len(accounts))
	for rows.Next() {
		var account string
		var i item
		if err := rows.Scan(&account, &i.place, &i.id, &i.body, &i.last); err != nil {
			return nil, err
		}
		held[account] = append(held[account], i)
	}
	return held, rows.Err()
}

// anyOf returns the list of those accounts that a database can hold, for IN, and its values. Since a list is never empty,
// "" is in it, which no account is.
func anyOf(accounts []string) (list string, values []any) {
	values = []any{""}
	for _, account := range accounts {
		if utf8.ValidString(account) && !strings.Contains(account, "\x00") {
			values = append(values, account)
		}
	}
	return "(VALUES (?)" + strings.Repeat(", (?)", len(values)-1) + ")", values
}

// item returns an account's input, with readings of its own. Without a start the account is not known.
func (held inputs) item(ctx context.Context, account string) health.Item {
	rows := held[account]
	if len(rows) == 0 || rows[0].id != "" {
		return health.Item{Account: account}
	}
	readings := make(health.ReadingMap)
	for _, row := range rows[1:] {
		if row.body == nil {
			continue
		}
		var r health.Reading
		if err := json.Unmarshal(row.body, &r); err != nil {
			return health.Item{Account: account, Err: wrap(ctx, err, "input of %q: measure %q", account, row.id)}
		}
		readings[row.id] = r
	}
	in := health.Input{Account: account, Since: time.UnixMicro(rows[0].place).UTC(), Readings: readings}
	return health.Item{Account: account, Input: &in}
}
