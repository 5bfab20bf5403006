// Package sqlstore keeps all that the five packages store in SQLite or PostgreSQL, through database/sql.
//
//	db, err := sqlstore.Open(ctx, "sqlite:customers.db")
//	...
//	err = db.Migrate(ctx)
//	...
//	acme := db.Tenant("acme-corp")
//	monitor, err := health.NewMonitor(card, acme.Readings(), acme.History(), health.Options{})
//
// # Model
//
// There is one code path. The databases differ in a small value: their column types, how they number parameters, which
// error a duplicate is, and how writers wait for each other.
//
// Each write is one transaction, and the writes to one tenant's account happen one after the other: in SQLite since
// there is one writer at a time, in PostgreSQL behind an advisory lock. So what a write reads first (the last version, the
// latest revision) holds when it commits; the unique keys of the tables hold against any other program too.
//
// A range reads pages, and has no connection while the caller has the item. Its first page notes the last row that the
// account had, and the pages after it stop there. The database numbers rows and gives no number twice, so that an account
// which is forgotten and comes back can't be taken for what it was: a range over more than a page that is overtaken by
// Forget ends with [ErrForgotten].
//
// # Tenants
//
// A [Tenant] is bound when a store is taken from it; no call takes one. Its name is part of every key and every condition.
//
// # Concurrency
//
// All methods are safe for concurrent use, by many goroutines and by many processes on one database.
package sqlstore
