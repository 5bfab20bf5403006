package bench

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey/mining"
)

const miningEvents = 10_000_000

// An eventLog is sorted by account and instant: each account walks five to fifteen steps through twelve activities, mostly
// on to the next.
type eventLog struct {
	accounts   []string // account-00000001, …
	activities []mining.Activity
	at         []int64 // microseconds, rising within an account
	graph      *mining.Graph
}

func newMiningLog(tb testing.TB, events int) *eventLog {
	tb.Helper()
	l := &eventLog{
		accounts: make([]string, 0, events+15), activities: make([]mining.Activity, 0, events+15), at: make([]int64, 0, events+15),
	}
	r := newRand(3)
	for account := 0; len(l.at) < events; account++ {
		name, now, at := fmt.Sprintf("account-%08d", account), 0, int64(1.7e15)+r.Int64N(1e13)
		for range 5 + r.IntN(11) {
			l.accounts, l.activities, l.at = append(l.accounts, name), append(l.activities, mining.Activity(now)), append(l.at, at)
			at += 1 + r.Int64N(1e12)
			if now++; r.IntN(20) == 0 || now == 12 {
				now = r.IntN(12)
			}
		}
	}
	return l
}

// newMiningGraph knows the twelve activities by their numbers.
func newMiningGraph() (*mining.Graph, error) {
	g, err := mining.NewGraph(mining.Options{Ending: mining.Ending{All: true}})
	if err != nil {
		return nil, err
	}
	for i := range 12 {
		if a, err := g.Activity(strconv.Itoa(i)); err != nil || int(a) != i {
			return nil, fmt.Errorf("activity %d is %d, %v", i, a, err)
		}
	}
	return g, nil
}

// ours mines with that many goroutines, each an equal part of the rows up to whole accounts, and merges what they have.
func (l *eventLog) ours(goroutines int) error {
	var wait sync.WaitGroup
	graphs, errs := make([]*mining.Graph, goroutines), make([]error, goroutines)
	cut := func(g int) int {
		row := g * len(l.at) / goroutines
		for row > 0 && row < len(l.at) && l.accounts[row] == l.accounts[row-1] {
			row++
		}
		return row
	}
	for g := range goroutines {
		wait.Go(func() {
			from, to := cut(g), cut(g+1)
			if graphs[g], errs[g] = newMiningGraph(); errs[g] != nil {
				return
			}
			failed, err := graphs[g].AddColumns(l.accounts[from:to], l.activities[from:to], l.at[from:to])
			if errs[g] = err; len(failed) > 0 {
				errs[g] = failed[0]
			}
		})
	}
	wait.Wait()
	for g, err := range errs {
		if err == nil && g > 0 {
			err = graphs[0].Merge(graphs[g])
		}
		if err != nil {
			return err
		}
	}
	l.graph = graphs[0]
	return nil
}

// A miningForm is the same in SQL: edges with their times by window functions, and paths by an aggregate.
type miningForm struct {
	name            string
	edges, variants string
	path            string // of a variant, as numbers with commas
}

// duckMining returns the forms, of those tried, that DuckDB is fastest with: one needs no order of the rows; the other
// relies on it, as ours does, for the paths too where there is one thread (with more, the aggregate mixes them up).
func duckMining(threads int) []miningForm {
	sorted := miningForm{"duckdb-in-order",
		duckEdges + `(SELECT activity, CASE WHEN lag(account) OVER () = account THEN lag(activity) OVER () END AS before,
			us - lag(us) OVER () AS took FROM log) WHERE before IS NOT NULL GROUP BY ALL`,
		duckVariants + `(SELECT list(activity) AS path FROM log GROUP BY account) GROUP BY path`,
		"array_to_string(path, ',')",
	}
	if threads > 1 {
		sorted.path = "array_to_string(list_transform(string_split(path, ''), x -> ascii(x) - 97), ',')"
		sorted.variants = duckVariants + `(SELECT string_agg(chr(97 + activity), '' ORDER BY us) AS path FROM log GROUP BY account) GROUP BY path`
	}
	return []miningForm{{"duckdb",
		duckEdges + `(SELECT activity, lag(activity) OVER w AS before, us - lag(us) OVER w AS took
			FROM log WINDOW w AS (PARTITION BY account ORDER BY us)) WHERE before IS NOT NULL GROUP BY ALL`,
		duckVariants + `(SELECT list(activity ORDER BY us) AS path FROM log GROUP BY account) GROUP BY path`,
		"array_to_string(path, ',')",
	}, sorted}
}

const (
	duckEdges = `CREATE OR REPLACE TABLE edges AS SELECT before, activity, count(*) AS n, sum(took) AS total, min(took) AS least,
		max(took) AS most, stddev_samp(took) AS sd FROM `
	duckVariants = `CREATE OR REPLACE TABLE variants AS SELECT path, count(*) AS n FROM `
)

// duck returns DuckDB as contestants, once their numbers are ours. It has accounts and activities as small integers, which
// it is fastest with.
func (l *eventLog) duck(tb testing.TB, threads int) []contestant {
	tb.Helper()
	db := openDuck(tb, threads)
	duckExec(tb, db, "CREATE TABLE log (account UINTEGER, activity UTINYINT, us BIGINT)")
	account := uint32(0)
	fillDuck(tb, db, "log", len(l.at), 3, func(row int, values []driver.Value) {
		if row > 0 && l.accounts[row] != l.accounts[row-1] {
			account++
		}
		values[0], values[1], values[2] = account, uint8(l.activities[row]), l.at[row]
	})
	var out []contestant
	for _, form := range duckMining(threads) {
		run := func() error {
			for _, query := range []string{form.edges, form.variants} {
				if _, err := db.Exec(query); err != nil {
					return err
				}
			}
			return nil
		}
		if err := run(); err != nil {
			tb.Fatal(err)
		}
		l.agree(tb, form, db)
		out = append(out, contestant{name: form.name, goal: 1.0 / 3, run: timed(run)})
	}
	return out
}

// agree ends the test unless the edges and paths in a database are ours.
func (l *eventLog) agree(tb testing.TB, form miningForm, db *sql.DB) {
	tb.Helper()
	edges := make([][]float64, 5)
	for _, e := range l.graph.Edges() { // sorted by name
		sd := math.NaN() // of one time, which DuckDB has as NULL
		if e.Times.SD != nil {
			sd = *e.Times.SD
		}
		for i, x := range []float64{float64(e.Count()), e.Times.Sum, *e.Times.Min, *e.Times.Max, sd} {
			edges[i] = append(edges[i], x)
		}
	}
	got := readDuck(tb, db, "SELECT n, total / 1e6, least / 1e6, most / 1e6, sd / 1e6 FROM edges ORDER BY before::VARCHAR, activity::VARCHAR")
	for i, column := range edges {
		agree(tb, fmt.Sprint(form.name, " edges, column ", i), column, got[i], 1e-4)
	}
	rows, err := db.Query("SELECT " + form.path + ", n FROM variants")
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	theirs := make(map[string]int64)
	for rows.Next() {
		var path string
		var n int64
		if err := rows.Scan(&path, &n); err != nil {
			tb.Fatal(err)
		}
		theirs[path] = n
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	variants := l.graph.Variants()
	for _, v := range variants {
		if path := strings.Join(v.Path, ","); theirs[path] != v.Journeys() {
			tb.Fatalf("%s: %d took %s, want %d", form.name, theirs[path], path, v.Journeys())
		}
	}
	if len(theirs) != len(variants) {
		tb.Fatalf("%s has %d variants, want %d", form.name, len(theirs), len(variants))
	}
}

func TestMining(t *testing.T) {
	l := newMiningLog(t, 20_000)
	for _, threads := range []int{1, 2} {
		if err := l.ours(threads); err != nil {
			t.Fatal(err)
		}
		l.duck(t, threads)
	}
}

func BenchmarkMining(b *testing.B) {
	l := newMiningLog(b, size(500_000, miningEvents))
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			ours := contestant{name: "ours", run: timed(func() error { return l.ours(threads) })}
			if _, err := ours.run(); err != nil {
				b.Fatal(err)
			}
			compare(b, len(l.at), "event", append([]contestant{ours}, l.duck(b, threads)...)...)
		})
	}
}
