package bench

import (
	"database/sql/driver"
	"fmt"
	"testing"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

const (
	tallyMovements = 10_000_000
	tallyEach      = 12 // movements of an account
	tallyMonths    = 60
)

var (
	tallyFrom = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	allKinds  = []revenue.Kind{revenue.New, revenue.Expansion, revenue.Contraction, revenue.Churn, revenue.Reactivation}
)

// A book is the work of summing movements of recurring revenue by month, sorted by account and then by time.
type book struct {
	movements []revenue.Movement
	calendar  revenue.Calendar
}

// newBook draws five years of accounts that begin, change nine times, leave and come back.
func newBook(tb testing.TB, movements int) *book {
	tb.Helper()
	b := &book{movements: make([]revenue.Movement, 0, movements)}
	r := newRand(3)
	for account := range movements / tallyEach {
		when, has, id := tallyFrom.AddDate(0, 0, r.IntN(700)), int64(5_000_000), fmt.Sprintf("account-%07d", account)
		add := func(kind revenue.Kind, cents int64) {
			b.movements = append(b.movements, revenue.Movement{
				Account: id, At: when, Kind: kind, Amount: decimal.New(cents, -2), Currency: "EUR",
			})
			when = when.Add(time.Duration(1+r.IntN(150*24)) * time.Hour)
		}
		add(revenue.New, has)
		for range tallyEach - 3 {
			if cents := 1 + r.Int64N(100_000); r.IntN(2) == 0 {
				add(revenue.Expansion, cents)
				has += cents
			} else {
				add(revenue.Contraction, cents)
				has -= cents
			}
		}
		add(revenue.Churn, has)
		add(revenue.Reactivation, 1+r.Int64N(100_000))
	}
	var err error
	if b.calendar, err = revenue.NewCalendar(revenue.Month, tallyFrom, tallyFrom.AddDate(0, tallyMonths, 0), nil); err != nil {
		tb.Fatal(err)
	}
	return b
}

// ours checks every account's course, and makes cohorts and retention besides.
func (b *book) ours() ([]revenue.Period, error) {
	t, err := revenue.NewTally("EUR", b.calendar, revenue.Options{})
	if err != nil {
		return nil, err
	}
	failed, err := t.AddAll(func(yield func(revenue.Movement, error) bool) {
		for _, m := range b.movements {
			if !yield(m, nil) {
				return
			}
		}
	})
	if err == nil && len(failed) > 0 {
		err = failed[0]
	}
	if err != nil {
		return nil, err
	}
	return t.Periods(), nil
}

// months turns the periods into columns of cents: start, by kind, end.
func (b *book) months(tb testing.TB) [][]float64 {
	tb.Helper()
	periods, err := b.ours()
	if err != nil {
		tb.Fatal(err)
	}
	columns := make([][]float64, len(allKinds)+2)
	for _, p := range periods {
		for i, d := range []decimal.Decimal{p.Start, p.New, p.Expansion, p.Contraction, p.Churn, p.Reactivation, p.End} {
			columns[i] = append(columns[i], d.Shift(2).InexactFloat64()) // below 2^53: exact
		}
	}
	return columns
}

// naive is what a host would write: a sum for each month and kind with decimal's Add, and a running one.
func (b *book) naive() (sums [tallyMonths]map[revenue.Kind]decimal.Decimal, start, end [tallyMonths]decimal.Decimal) {
	for i := range sums {
		sums[i] = make(map[revenue.Kind]decimal.Decimal, len(allKinds))
	}
	for i := range b.movements {
		m := &b.movements[i]
		if month := (m.At.Year()-tallyFrom.Year())*12 + int(m.At.Month()) - 1; month < tallyMonths {
			sums[month][m.Kind] = sums[month][m.Kind].Add(m.Amount)
		}
	}
	var has decimal.Decimal
	for i, s := range sums {
		start[i] = has
		has = has.Add(s[revenue.New]).Add(s[revenue.Reactivation]).Add(s[revenue.Expansion])
		has = has.Sub(s[revenue.Contraction]).Sub(s[revenue.Churn])
		end[i] = has
	}
	return sums, start, end
}

// loop returns the naive loop as a contestant, once its numbers are ours.
func (b *book) loop(tb testing.TB, ours [][]float64) contestant {
	tb.Helper()
	sums, start, end := b.naive()
	for i := range tallyMonths {
		want := []decimal.Decimal{start[i]}
		for _, k := range allKinds {
			want = append(want, sums[i][k])
		}
		for k, d := range append(want, end[i]) {
			if got := d.Shift(2).InexactFloat64(); got != ours[k][i] {
				tb.Fatalf("decimal: column %d of month %d is %v, want %v", k, i, got, ours[k][i])
			}
		}
	}
	return contestant{name: "decimal", run: timed(func() error {
		b.naive()
		return nil
	})}
}

// duckMonths gives a row for each month. The sums are of DECIMAL, and exact.
const duckMonths = `CREATE OR REPLACE TABLE months AS
	WITH sums AS (SELECT month,
			coalesce(sum(amount) FILTER (kind = 'new'), 0) AS added,
			coalesce(sum(amount) FILTER (kind = 'expansion'), 0) AS expansion,
			coalesce(sum(amount) FILTER (kind = 'contraction'), 0) AS contraction,
			coalesce(sum(amount) FILTER (kind = 'churn'), 0) AS churn,
			coalesce(sum(amount) FILTER (kind = 'reactivation'), 0) AS reactivation
		FROM (SELECT date_trunc('month', moved) AS month, kind, amount FROM movements WHERE moved < '2027-01-01') GROUP BY month),
	ends AS (SELECT *, sum(added + expansion - contraction - churn + reactivation) OVER (ORDER BY month) AS until FROM sums)
	SELECT month, until - added - expansion + contraction + churn - reactivation AS start,
		added, expansion, contraction, churn, reactivation, until FROM ends`

// duck returns DuckDB as a contestant, once its numbers are ours.
func (b *book) duck(tb testing.TB, ours [][]float64) contestant {
	tb.Helper()
	db := openDuck(tb, 1)
	duckExec(tb, db, "CREATE TYPE kind AS ENUM ('new', 'expansion', 'contraction', 'churn', 'reactivation')")
	duckExec(tb, db, "CREATE TABLE movements (account INTEGER, moved TIMESTAMP, kind kind, amount DECIMAL(18, 2))")
	fillDuck(tb, db, "movements", len(b.movements), 4, func(row int, values []driver.Value) {
		m := &b.movements[row]
		amount := duckdb.Decimal{Width: 18, Scale: 2, Value: m.Amount.Coefficient()}
		values[0], values[1], values[2], values[3] = int32(row/tallyEach), m.At, string(m.Kind), amount
	})
	duckExec(tb, db, duckMonths)
	got := readDuck(tb, db, `SELECT (start * 100)::DOUBLE, (added * 100)::DOUBLE, (expansion * 100)::DOUBLE, (contraction * 100)::DOUBLE,
		(churn * 100)::DOUBLE, (reactivation * 100)::DOUBLE, (until * 100)::DOUBLE FROM months ORDER BY month`)
	for i := range ours {
		agree(tb, fmt.Sprint("duckdb column ", i), ours[i], got[i], 0)
	}
	return contestant{name: "duckdb", run: timed(func() error {
		_, err := db.Exec(duckMonths)
		return err
	})}
}

func TestTally(t *testing.T) {
	b := newBook(t, 12_000)
	ours := b.months(t)
	b.loop(t, ours)
	b.duck(t, ours)
}

func BenchmarkTally(b *testing.B) {
	k := newBook(b, size(240_000, tallyMovements))
	ours := k.months(b)
	compare(b, len(k.movements), "movement",
		contestant{name: "ours", run: timed(func() error { _, err := k.ours(); return err })},
		k.loop(b, ours), k.duck(b, ours))
}
