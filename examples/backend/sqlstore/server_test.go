package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// postgres is where the tests find a PostgreSQL, or why they have none. TestMain sets it.
var postgres struct{ url, lack string }

// TestMain runs the tests on the PostgreSQL that CS_PG_DSN names, a postgres:// URL, or else on one that it starts if the
// machine has the programs, and stops at the end.
func TestMain(m *testing.M) {
	if child := os.Getenv(childURL); child != "" {
		os.Exit(migrateAsChild(child))
	}
	os.Exit(func() int {
		if postgres.url = os.Getenv("CS_PG_DSN"); postgres.url == "" {
			url, stop, err := startPostgres()
			defer stop()
			postgres.url = url
			if err != nil {
				postgres.lack = "CS_PG_DSN is not set, and no server could be started: " + err.Error()
			}
		}
		return m.Run()
	}())
}

// startPostgres starts a server of its own on the loopback, without regard to crashes. It is stopped by stop, which is
// never nil.
func startPostgres() (url string, stop func(), err error) {
	stop = func() {}
	bin, err := postgresPrograms()
	if err != nil {
		return "", stop, err
	}
	dir, err := os.MkdirTemp("", "sqlstore-pg-")
	if err != nil {
		return "", stop, err
	}
	stop = func() { os.RemoveAll(dir) }
	run := func(program string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, program), args...)
		if os.Geteuid() == 0 { // the server refuses to run as root
			cmd = exec.Command("runuser", append([]string{"-u", "postgres", "--", cmd.Path}, args...)...)
		}
		cmd.Dir = dir
		cmd.Stdout, cmd.Stderr = nil, nil // the server would keep a pipe open
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		return nil
	}
	if err := errors.Join(giveToPostgres(dir), run("initdb", "-D", dir+"/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")); err != nil {
		return "", stop, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // to learn of a port that is free
	if err != nil {
		return "", stop, err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	options := fmt.Sprintf("-h 127.0.0.1 -p %d -k %s -c fsync=off -c synchronous_commit=off -c full_page_writes=off", port, dir)
	if err := run("pg_ctl", "-D", dir+"/data", "-w", "-t", "30", "-l", dir+"/log", "-o", options, "start"); err != nil {
		return "", stop, err
	}
	stop = func() {
		run("pg_ctl", "-D", dir+"/data", "-m", "immediate", "stop")
		os.RemoveAll(dir)
	}
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port), stop, nil
}

// postgresPrograms returns the folder of initdb and pg_ctl: that in PATH, or the newest where Debian has them.
func postgresPrograms() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb), nil
	}
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(folders) == 0 {
		return "", errors.New("initdb is not found")
	}
	version := func(folder string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		return n
	}
	return slices.MaxFunc(folders, func(a, b string) int { return version(a) - version(b) }), nil
}

func giveToPostgres(dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, errU := strconv.Atoi(u.Uid)
	gid, errG := strconv.Atoi(u.Gid)
	return errors.Join(errU, errG, os.Chown(dir, uid, gid))
}

// each runs a test on each kind of database, with a URL of an empty one.
func each(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "a file?#%41.db"))
	})
	t.Run("postgres", func(t *testing.T) { test(t, emptySchema(t)) })
}

var schemas atomic.Int64

// emptySchema makes a PostgreSQL schema that lives as long as the test, and returns the URL with it. Without a server it
// skips the test, or fails it where CI says that all must be there.
func emptySchema(t testing.TB) string {
	t.Helper()
	if postgres.lack != "" && os.Getenv("CI") != "" {
		t.Fatal(postgres.lack)
	} else if postgres.lack != "" {
		t.Skip(postgres.lack)
	}
	admin, err := Open(t.Context(), postgres.url)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("sqlstore_test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := admin.pool.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the test's context has ended by then
		_, err := admin.pool.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		if err := errors.Join(err, admin.Close()); err != nil {
			t.Error(err)
		}
	})
	separator := "?"
	if strings.Contains(postgres.url, "?") {
		separator = "&"
	}
	return postgres.url + separator + "search_path=" + name
}

// open opens a database for as long as the test lives.
func open(t testing.TB, url string) *DB {
	t.Helper()
	db, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// migrated opens a database with its tables.
func migrated(t testing.TB, url string) *DB {
	t.Helper()
	db := open(t, url)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}
