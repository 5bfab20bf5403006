package differential

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
)

// postgres is the URL of a server, or why there is none. TestMain sets it.
var postgres struct{ url, lack string }

// TestMain runs the tests on the PostgreSQL that CS_PG_DSN names, a postgres:// URL, or on one that lives as long as they do.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		if postgres.url = os.Getenv("CS_PG_DSN"); postgres.url == "" {
			dir, err := os.MkdirTemp("", "differential-")
			if err != nil {
				postgres.lack = err.Error()
				return m.Run()
			}
			defer os.RemoveAll(dir)
			s := server{dir: dir}
			if err := s.start(); err != nil {
				postgres.lack = "CS_PG_DSN is not set, and no server could be started: " + err.Error()
			}
			defer s.run("pg_ctl", "-D", dir+"/data", "-m", "immediate", "stop")
		}
		return m.Run()
	}())
}

// A server is a PostgreSQL in a folder, on the loopback, that does not outlive a crash.
type server struct{ dir, bin string }

// start makes the server and sets where it is.
func (s *server) start() error {
	initdb, err := exec.LookPath("initdb")
	if err != nil { // Debian keeps it out of PATH
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			return err
		}
		initdb = found[len(found)-1]
	}
	s.bin = filepath.Dir(initdb)
	if os.Geteuid() == 0 { // as which the server refuses to run
		u, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, errU := strconv.Atoi(u.Uid)
		gid, errG := strconv.Atoi(u.Gid)
		if err := errors.Join(errU, errG, os.Chown(s.dir, uid, gid)); err != nil {
			return err
		}
	}
	if err := s.run("initdb", "-D", s.dir+"/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	postgres.url = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	options := fmt.Sprintf("-h 127.0.0.1 -p %d -k %s -c fsync=off -c synchronous_commit=off", port, s.dir)
	return s.run("pg_ctl", "-D", s.dir+"/data", "-w", "-t", "30", "-l", s.dir+"/log", "-o", options, "start")
}

func (s *server) run(program string, args ...string) error {
	if s.bin == "" {
		return nil
	}
	c := exec.Command(filepath.Join(s.bin, program), args...)
	if os.Geteuid() == 0 {
		c = exec.Command("runuser", append([]string{"-u", "postgres", "--", c.Path}, args...)...)
	}
	c.Dir = s.dir
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	return nil
}
