package sqlstore

import (
	"context"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// A Tenant gives the stores of one tenant. What it gives reaches that tenant's rows alone.
type Tenant struct {
	db   *DB
	name string
}

// Tenant returns the stores of a tenant. A name has 1 to 256 bytes; a tenant needs no set-up.
func (db *DB) Tenant(name string) Tenant { return Tenant{db, name} }

// History keeps the records of health.
func (t Tenant) History() health.History {
	return records[health.Record]{log[health.Record]{
		tenant: t, table: "health_records", conflict: health.ErrConflict,
		row: func(r health.Record, version int64) (same column, more columns) {
			return column{"version", version}, timed(r.Score.AsOf, r.Recorded)
		},
	}}
}

// Assignments keeps the memberships in segments.
func (t Tenant) Assignments() segment.Assignments {
	return records[segment.Record]{log[segment.Record]{
		tenant: t, table: "segment_records", conflict: segment.ErrConflict,
		row: func(r segment.Record, version int64) (same column, more columns) {
			return column{"version", version}, timed(r.Verdict.AsOf, r.Recorded)
		},
	}}
}

func timed(asOf, recorded time.Time) columns {
	return columns{{"as_of", micros(asOf)}, {"recorded", micros(recorded)}}
}

// Log keeps the events of one journey, which has a name of at most 256 bytes.
func (t Tenant) Log(name string) journey.Log {
	return journeys{log[journey.Event]{
		tenant: t, table: "journey_events", stream: columns{{"journey", name}}, conflict: journey.ErrConflict,
		aside: func(stored, e journey.Event) journey.Event {
			stored.Recorded = e.Recorded // a retry comes later
			return stored
		},
		row: func(e journey.Event, _ int64) (same column, more columns) {
			return column{"id", e.ID}, columns{{"id", e.ID}}
		},
	}}
}

// Ledger keeps booked value.
func (t Tenant) Ledger() ladder.Ledger {
	return books{log[ladder.Entry]{
		tenant: t, table: "ladder_entries", conflict: ladder.ErrConflict,
		row: func(e ladder.Entry, _ int64) (same column, more columns) {
			return column{"id", e.ID}, columns{{"id", e.ID}}
		},
	}}
}

// Plans keeps success plans.
func (t Tenant) Plans() outcome.Plans { return plans{t} }

// Measurements keeps measured values.
func (t Tenant) Measurements() outcome.Measurements { return measurements{t} }

// Touches keeps what was done with accounts.
func (t Tenant) Touches() engagement.Touches { return touches{t} }

// Readings keeps the input of health.
func (t Tenant) Readings() Readings { return Readings{t} }

// Forget removes an account from all of the tenant's stores at once, every journey included.
func (t Tenant) Forget(ctx context.Context, account string) error {
	return t.forget(ctx, account, nil, "health_records", "segment_records", "journey_events", "ladder_entries",
		"outcome_plans", "health_starts", "health_readings", "outcome_measurements", "engagement_touches")
}

// forget deletes an account's rows from tables.
func (t Tenant) forget(ctx context.Context, account string, stream columns, tables ...string) error {
	err := t.write(ctx, account, func(w write) error {
		for _, table := range tables {
			if err := w.delete(ctx, table, t.rows(account, stream...)); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(ctx, err, "forget %q", account)
}

// write runs f in a transaction that no other write to the account overlaps.
func (t Tenant) write(ctx context.Context, account string, f func(w write) error) error {
	return t.db.write(ctx, lockOf(t.name, account), f)
}

// rows returns the condition of an account's rows.
func (t Tenant) rows(account string, stream ...column) columns {
	return columns{{"tenant", t.name}}.and(stream...).and(column{"account", account})
}
