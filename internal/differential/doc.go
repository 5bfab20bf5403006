// Package differential sets what the library says beside what databases say of the same rows: conditions and schemes of
// package segment, pushed down by their SQL methods to PostgreSQL, SQLite and DuckDB.
//
//	go test ./...                        # over 100 000 pairs of condition and row on each database: seconds
//	go test . -pairs 5000000 -timeout 2h # as many as that
//
// It runs on the PostgreSQL that CS_PG_DSN names, or on one that it starts itself, and needs a C compiler, which DuckDB's
// driver is linked with. It is a module of its own, since databases are large; nothing imports it.
package differential
