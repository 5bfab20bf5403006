package sqlstore

import (
	"context"
	"embed"
	"fmt"
	"strings"
)

// The migrations, numbered from 0001 without gaps. One that was released is never changed: what comes after is a new one.
//
//go:embed schema
var schema embed.FS

// Migrate brings the tables to the form that this package works with. It applies the migrations that are missing, in
// order and all or none. Of several that run at once one works and the others wait and find it done.
//
// It fails if the database has migrations that this package does not know: a newer release was there.
func (db *DB) Migrate(ctx context.Context) error {
	files, err := schema.ReadDir("schema") // in order of their names
	if err != nil {
		return fmt.Errorf("sqlstore: migrate: %w", err)
	}
	err = db.write(ctx, lockOf("sqlstore", "migrate"), func(w write) error {
		err := w.exec(ctx, "CREATE TABLE IF NOT EXISTS sqlstore_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL)")
		if err != nil {
			return err
		}
		var applied int
		if _, err := w.first(ctx, "SELECT COALESCE(MAX(number), 0) FROM sqlstore_migrations", nil, &applied); err != nil {
			return err
		}
		if applied > len(files) {
			return fmt.Errorf("the database is at migration %d, and this program knows %d", applied, len(files))
		}
		for i := applied; i < len(files); i++ {
			if err := w.migrate(ctx, int64(i+1), files[i].Name()); err != nil {
				return fmt.Errorf("%s: %w", files[i].Name(), err)
			}
		}
		return nil
	})
	return wrap(ctx, err, "migrate")
}

// migrate applies one migration and notes that.
func (w write) migrate(ctx context.Context, number int64, name string) error {
	text, err := schema.ReadFile("schema/" + name)
	if err != nil {
		return err
	}
	statements := strings.NewReplacer("{seq}", w.dialect.seq, "{id}", w.dialect.id).Replace(string(text))
	if err := w.exec(ctx, statements); err != nil {
		return err
	}
	return w.insert(ctx, "sqlstore_migrations", columns{{"number", number}, {"name", name}})
}
