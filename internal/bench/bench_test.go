package bench

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

var full = flag.Bool("full", false, "run benchmarks at the sizes that the README states, not at a tenth of them or less")

// size returns how much data a benchmark has.
func size(quick, whole int) int {
	if *full {
		return whole
	}
	return quick
}

// newRand returns seeded randomness.
func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) }

// A contestant does the work of a subject once and returns how long that took, without what comes before and after.
type contestant struct {
	name string
	run  func() (time.Duration, error)
	goal float64 // at most this part of its time is what ours should take; 0: none
}

// timed makes a contestant's run of a function.
func timed(f func() error) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		start := time.Now()
		err := f()
		return time.Since(start), err
	}
}

// compare runs the contestants in turns, ours first, and reports the best time of each for one of n items, and the part
// of each other's time that ours takes. A round is one iteration: -benchtime 5x gives the best of five.
func compare(b *testing.B, n int, item string, contestants ...contestant) {
	b.Helper()
	best := make([]time.Duration, len(contestants))
	for b.Loop() {
		for i, c := range contestants {
			d, err := c.run()
			if err != nil {
				b.Fatalf("%s: %v", c.name, err)
			}
			if best[i] == 0 || d < best[i] {
				best[i] = d
			}
		}
	}
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	for i, c := range contestants {
		each := float64(best[i].Nanoseconds()) / float64(n)
		b.ReportMetric(each, c.name+"-ns/"+item)
		row := []string{b.Name(), c.name, strconv.FormatFloat(each, 'f', 1, 64) + " ns/" + item, "", ""}
		if i > 0 {
			part := float64(best[0]) / float64(best[i])
			b.ReportMetric(part, "of-"+c.name)
			row[3] = strconv.FormatFloat(part, 'f', 3, 64)
			if c.goal > 0 {
				row[4] = strconv.FormatFloat(c.goal, 'g', 3, 64)
			}
		}
		report = slices.DeleteFunc(report, func(r []string) bool { return r[0] == row[0] && r[1] == row[1] })
		report = append(report, row)
	}
}

// report has the rows of the table that is printed at the end.
var report [][]string

func TestMain(m *testing.M) {
	code := m.Run()
	if len(report) > 0 {
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "\nbenchmark\twho\tbest\tours takes\tat most")
		for _, row := range report {
			fmt.Fprintln(w, strings.Join(row, "\t"))
		}
		if err := w.Flush(); err != nil {
			code = cmp.Or(code, 1)
		}
	}
	os.Exit(code)
}

// agree ends the test unless two columns have the same numbers, up to a tolerance, and NaN in the same places.
func agree(tb testing.TB, name string, want, got []float64, tolerance float64) {
	tb.Helper()
	if len(got) != len(want) {
		tb.Fatalf("%s: %d rows, want %d", name, len(got), len(want))
	}
	for i, x := range want {
		if d := math.Abs(got[i] - x); !(d <= tolerance) && !(math.IsNaN(x) && math.IsNaN(got[i])) {
			tb.Fatalf("%s: row %d is %v, want %v", name, i, got[i], x)
		}
	}
}

// openDuck returns an empty DuckDB in memory with that many threads, over one connection.
func openDuck(tb testing.TB, threads int) *sql.DB {
	tb.Helper()
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		tb.Fatal(err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	tb.Cleanup(func() { db.Close() })
	duckExec(tb, db, fmt.Sprintf("SET threads = %d", threads))
	return db
}

func duckExec(tb testing.TB, db *sql.DB, query string) {
	tb.Helper()
	if _, err := db.Exec(query); err != nil {
		tb.Fatalf("%v\n%s", err, query)
	}
}

// fillDuck appends n rows to a table; row puts the values of row i into the slice it is given.
func fillDuck(tb testing.TB, db *sql.DB, table string, n, columns int, row func(i int, values []driver.Value)) {
	tb.Helper()
	conn, err := db.Conn(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) error {
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", table)
		if err != nil {
			return err
		}
		values := make([]driver.Value, columns)
		for i := range n {
			row(i, values)
			if err := appender.AppendRow(values...); err != nil {
				return err
			}
		}
		return appender.Close()
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// readDuck reads columns of numbers; NULL becomes NaN.
func readDuck(tb testing.TB, db *sql.DB, query string) [][]float64 {
	tb.Helper()
	rows, err := db.Query(query)
	if err != nil {
		tb.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		tb.Fatal(err)
	}
	columns, values, into := make([][]float64, len(names)), make([]sql.NullFloat64, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			tb.Fatal(err)
		}
		for i, v := range values {
			if !v.Valid {
				v.Float64 = math.NaN()
			}
			columns[i] = append(columns[i], v.Float64)
		}
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return columns
}

// findPython returns a Python that has the modules, or "" and what is lacking.
func findPython(modules ...string) (python, lacks string) {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import "+strings.Join(modules, ", ")).Run() == nil {
			return name, ""
		}
	}
	return "", "there is no python3 with " + strings.Join(modules, " and ") + " (Debian: python3-" + modules[0] + ")"
}

// runScript runs a script of the folder scripts with a program, on one thread and in the folder dir. The last line that it
// prints is how many seconds its work took.
func runScript(program, script, dir string, args ...string) (time.Duration, error) {
	path, err := filepath.Abs(filepath.Join("scripts", script))
	if err != nil {
		return 0, err
	}
	c := exec.Command(program, append([]string{path}, args...)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", script, err, stderr.Bytes())
	}
	lines := strings.Fields(string(out))
	if len(lines) == 0 {
		return 0, fmt.Errorf("%s printed nothing", script)
	}
	seconds, err := strconv.ParseFloat(lines[len(lines)-1], 64)
	return time.Duration(seconds * float64(time.Second)), err
}

// writeRaw writes numbers as a script reads them with numpy.fromfile: little endian, one after the other.
func writeRaw[T float64 | int64](tb testing.TB, dir, name string, columns ...[]T) {
	tb.Helper()
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		tb.Fatal(err)
	}
	for _, c := range columns {
		if err := binary.Write(f, binary.LittleEndian, c); err != nil {
			tb.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
}

// readRaw reads columns of n numbers that a script wrote with tofile.
func readRaw(tb testing.TB, dir, name string, n int) [][]float64 {
	tb.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var columns [][]float64
	for {
		c := make([]float64, n)
		switch err := binary.Read(f, binary.LittleEndian, c); err {
		case nil:
			columns = append(columns, c)
		case io.EOF:
			return columns
		default:
			tb.Fatal(err)
		}
	}
}
