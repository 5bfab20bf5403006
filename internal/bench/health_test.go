package bench

import (
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

const (
	scoreMeasures = 12
	scoreRows     = 2_000_000
	pointsWithin  = 0x1p-20 // ours are on a grid of that step
	sharesWithin  = 1e-9    // ours have nine decimal places
)

var scoreAsOf = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// A scoring is the work of scoring accounts, all at once: twelve measures with weights 1 to 12, each on one curve, one
// value in twenty missing.
type scoring struct {
	model *health.Model
	in    health.Columns
	out   health.Results
}

func newScoring(tb testing.TB, rows int) *scoring {
	tb.Helper()
	card := health.Scorecard{Format: health.Format, Name: "bench", Bands: []health.Band{{Name: "all"}}}
	group := health.Group{Name: "all", Weight: 1}
	s := &scoring{out: health.Results{
		Value: make([]float64, rows), Coverage: make([]float64, rows), Low: make([]float64, rows), High: make([]float64, rows),
	}}
	r := newRand(1)
	for i := range scoreMeasures {
		group.Measures = append(group.Measures, health.Measure{
			Name: fmt.Sprint("m", i), Weight: float64(i + 1),
			Curve: health.Curve{Kind: health.Points, Knots: []health.Knot{
				{X: 0, Points: 0}, {X: 10, Points: 40}, {X: 30, Points: 80}, {X: 100, Points: 100},
			}},
		})
		column := make([]float64, rows)
		for k := range column {
			if column[k] = r.Float64() * 100; r.IntN(20) == 0 {
				column[k] = math.NaN()
			}
		}
		s.in.Values = append(s.in.Values, column)
	}
	card.Groups = []health.Group{group}
	var err error
	if s.model, err = health.Compile(card); err != nil {
		tb.Fatal(err)
	}
	return s
}

func (s *scoring) rows() int { return len(s.out.Value) }

// ours scores with that many goroutines, each an equal part of the rows.
func (s *scoring) ours(goroutines int) error {
	var wait sync.WaitGroup
	errs := make([]error, goroutines)
	for g := range goroutines {
		from, to := g*s.rows()/goroutines, (g+1)*s.rows()/goroutines
		in, out := s.in.Rows(from, to), s.out.Rows(from, to)
		wait.Go(func() { errs[g] = s.model.ScoreColumns(&out, in, scoreAsOf) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// agree ends the test unless ours are the numbers of another.
func (s *scoring) agree(tb testing.TB, who string, got [][]float64) {
	tb.Helper()
	if len(got) != 4 {
		tb.Fatalf("%s has %d columns", who, len(got))
	}
	agree(tb, who+" value", s.out.Value, got[0], pointsWithin)
	agree(tb, who+" coverage", s.out.Coverage, got[1], sharesWithin)
	agree(tb, who+" low", s.out.Low, got[2], pointsWithin)
	agree(tb, who+" high", s.out.High, got[3], pointsWithin)
}

// duckScore is the same arithmetic in SQL, in the form that DuckDB is fastest with of those tried.
func duckScore() string {
	var points, value, known []string
	for i := range scoreMeasures {
		weight := i + 1
		points = append(points, fmt.Sprintf("CASE WHEN m%[1]d < 0 THEN 0 WHEN m%[1]d < 10 THEN m%[1]d / 10 * 40 "+
			"WHEN m%[1]d < 30 THEN 40 + (m%[1]d - 10) / 20 * 40 WHEN m%[1]d < 100 THEN 80 + (m%[1]d - 30) / 70 * 20 "+
			"WHEN m%[1]d >= 100 THEN 100 END AS p%[1]d", i))
		value = append(value, fmt.Sprintf("coalesce(%d * p%d, 0)", weight, i))
		known = append(known, fmt.Sprintf("CASE WHEN m%d IS NULL THEN 0 ELSE %d END", i, weight))
	}
	return "CREATE OR REPLACE TABLE scores AS SELECT v / nullif(k, 0) AS value, k / 78.0::DOUBLE AS coverage, v / 78 AS low, " +
		"(v + 100 * (78 - k)) / 78 AS high FROM (SELECT " + strings.Join(value, " + ") + " AS v, " + strings.Join(known, " + ") +
		" AS k FROM (SELECT *, " + strings.Join(points, ", ") + " FROM accounts))"
}

// duck returns DuckDB as a contestant, once its numbers are ours.
func (s *scoring) duck(tb testing.TB, threads int) contestant {
	tb.Helper()
	db := openDuck(tb, threads)
	var columns []string
	for i := range scoreMeasures {
		columns = append(columns, fmt.Sprint("m", i, " DOUBLE"))
	}
	duckExec(tb, db, "CREATE TABLE accounts ("+strings.Join(columns, ", ")+")")
	fillDuck(tb, db, "accounts", s.rows(), scoreMeasures, func(row int, values []driver.Value) {
		for i, c := range s.in.Values {
			if values[i] = c[row]; math.IsNaN(c[row]) {
				values[i] = nil
			}
		}
	})
	query := duckScore()
	duckExec(tb, db, query)
	s.agree(tb, "duckdb", readDuck(tb, db, "SELECT value, coverage, low, high FROM scores ORDER BY rowid"))
	return contestant{name: "duckdb", goal: 1.0 / 5, run: timed(func() error {
		_, err := db.Exec(query)
		return err
	})}
}

// numpy returns NumPy as a contestant, once its numbers are ours.
func (s *scoring) numpy(tb testing.TB, python string) contestant {
	tb.Helper()
	dir := tb.TempDir()
	writeRaw(tb, dir, "values.f64", s.in.Values...)
	run := func() (time.Duration, error) { return runScript(python, "score.py", dir, strconv.Itoa(s.rows())) }
	if _, err := run(); err != nil {
		tb.Fatal(err)
	}
	s.agree(tb, "numpy", readRaw(tb, dir, "scores.f64", s.rows()))
	return contestant{name: "numpy", goal: 1.0 / 2, run: run}
}

func TestScoreColumns(t *testing.T) {
	s := newScoring(t, 3000)
	if err := s.ours(2); err != nil {
		t.Fatal(err)
	}
	t.Run("duckdb", func(t *testing.T) { s.duck(t, 1) })
	t.Run("numpy", func(t *testing.T) {
		python, lacks := findPython("numpy")
		if lacks != "" {
			t.Skip(lacks)
		}
		s.numpy(t, python)
	})
}

func BenchmarkScoreColumns(b *testing.B) {
	s := newScoring(b, size(100_000, scoreRows))
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			contestants := []contestant{{name: "ours", run: timed(func() error { return s.ours(threads) })}}
			if _, err := contestants[0].run(); err != nil {
				b.Fatal(err)
			}
			contestants = append(contestants, s.duck(b, threads))
			if python, lacks := findPython("numpy"); lacks != "" {
				b.Log("without NumPy: " + lacks)
			} else if threads == 1 {
				contestants = append(contestants, s.numpy(b, python))
			} else { // how the work spreads
				contestants = append(contestants, contestant{name: "one", goal: 1 / 1.8, run: timed(func() error { return s.ours(1) })})
			}
			compare(b, s.rows(), "account", contestants...)
		})
	}
}
