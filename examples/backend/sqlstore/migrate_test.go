package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// childURL names the variable that makes this program a child of TestMigrateProcesses.
const childURL = "SQLSTORE_TEST_MIGRATE"

// migrateAsChild migrates a database, writes a record and returns the exit code.
func migrateAsChild(url string) int {
	ctx := context.Background()
	err := func() error {
		db, err := Open(ctx, url)
		if err != nil {
			return err
		}
		account := fmt.Sprint("account ", os.Getpid())
		return errors.Join(db.Migrate(ctx), db.Tenant("t").History().Append(ctx, account, 0, record(account, 1)), db.Close())
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestMigrateProcesses migrates one new database in several processes at once, each of which then works.
func TestMigrateProcesses(t *testing.T) {
	const processes = 4
	each(t, func(t *testing.T, url string) {
		program, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		children := make([]*exec.Cmd, processes)
		outputs := make([]strings.Builder, processes)
		for i := range children {
			children[i] = exec.CommandContext(t.Context(), program)
			children[i].Env = append(os.Environ(), childURL+"="+url)
			children[i].Stderr = &outputs[i]
			if err := children[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		for i, child := range children {
			if err := child.Wait(); err != nil {
				t.Errorf("process %d: %v: %s", i, err, outputs[i].String())
			}
		}
		n := 0
		for _, err := range open(t, url).Tenant("t").History().Accounts(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != processes {
			t.Errorf("%d processes wrote, want %d", n, processes)
		}
	})
}

// TestMigrateTogether migrates one new database through many connections at once, and again.
func TestMigrateTogether(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		var dbs [writers]*DB
		for i := range dbs {
			dbs[i] = open(t, url)
		}
		together(t, func(w int) error { return dbs[w].Migrate(t.Context()) })
		together(t, func(w int) error { return dbs[w].Migrate(t.Context()) })
		var n, last int
		if _, err := dbs[0].first(t.Context(), "SELECT COUNT(*), MAX(number) FROM sqlstore_migrations", nil, &n, &last); err != nil {
			t.Fatal(err)
		}
		if files, err := schema.ReadDir("schema"); err != nil || n != len(files) || last != n {
			t.Errorf("%d migrations up to number %d are noted, want %d", n, last, len(files))
		}
	})
}

// TestMigrateNumbers holds the names of the migrations to their order.
func TestMigrateNumbers(t *testing.T) {
	files, err := schema.ReadDir("schema")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(f.Name(), want) {
			t.Errorf("migration %s: want a name that begins with %s", f.Name(), want)
		}
	}
}

func TestMigrateNewer(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		err := db.write(t.Context(), 0, func(w write) error {
			return w.insert(t.Context(), "sqlstore_migrations", columns{{"number", int64(99)}, {"name", "0099_later.sql"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "at migration 99") {
			t.Errorf("got %v, want an error that names migration 99", err)
		}
	})
}

// TestMigrateWhole fails after a table was made: it must be gone.
func TestMigrateWhole(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		db := open(t, url)
		broken := errors.New("broken")
		err := db.write(t.Context(), 0, func(w write) error {
			if err := w.exec(t.Context(), "CREATE TABLE half (n BIGINT); INSERT INTO half VALUES (1);"); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if _, err := db.first(t.Context(), "SELECT n FROM half", nil, new(int)); err == nil {
			t.Error("the table is there")
		}
	})
}

func TestOpen(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"", "neither"}, {"customers.db", "neither"}, {"mysql://h/d", "neither"},
		{"sqlite:", "needs a file"}, {"sqlite::memory:", "needs a file"},
		{"sqlite:" + filepath.Join(t.TempDir(), "no such folder", "f"), "open"},
		{"postgres://nobody@127.0.0.1:1/none?connect_timeout=1", "open"},
	} {
		if _, err := Open(t.Context(), c.url); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want an error with %q", c.url, err, c.want)
		}
	}
}

// TestOpenUTF16 opens a file whose texts would be in another order.
func TestOpenUTF16(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "wide.db")
	db := open(t, url)
	for _, statement := range []string{"PRAGMA encoding = 'UTF-16le'", "CREATE TABLE t (n BIGINT)"} {
		if _, err := db.pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "UTF-16") {
		t.Errorf("got %v, want an error that names UTF-16", err)
	}
}
