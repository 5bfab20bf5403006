package bench

import (
	"database/sql/driver"
	"fmt"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

const (
	shopTransactions = 10_000_000
	shopEach         = 10 // transactions of an account, on average
)

var shopAsOf = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// A shop is the work of scoring accounts by recency, frequency and monetary value: three years of transactions, in no
// order, a fiftieth of them refunds.
type shop struct {
	model   *rfm.Model
	ids     []string
	columns rfm.Columns
	result  rfm.Result // ours
}

func newShop(tb testing.TB, transactions int) *shop {
	tb.Helper()
	model, err := rfm.Compile(rfm.Starter())
	if err != nil {
		tb.Fatal(err)
	}
	s := &shop{model: model}
	for i := range transactions / shopEach {
		s.ids = append(s.ids, fmt.Sprintf("account-%07d", i))
	}
	r := newRand(7)
	for range transactions {
		minor := 1 + r.Int64N(100_000)
		if r.IntN(50) == 0 {
			minor = -minor
		}
		s.columns.Accounts = append(s.columns.Accounts, rfm.Handle(r.IntN(len(s.ids))))
		s.columns.At = append(s.columns.At, shopAsOf.UnixMicro()-r.Int64N(3*365*24*3600*1_000_000))
		s.columns.Minor = append(s.columns.Minor, minor)
	}
	return s
}

// ours makes a tally, names the accounts, adds the transactions and scores them.
func (s *shop) ours() error {
	tally, err := rfm.NewTally("EUR", shopAsOf, 0)
	if err != nil {
		return err
	}
	for i, id := range s.ids {
		if h, err := tally.Intern(id); err != nil || int(h) != i {
			return fmt.Errorf("account %d has handle %d, %v", i, h, err)
		}
	}
	if err := tally.AddColumns(s.columns); err != nil {
		return err
	}
	s.result = s.model.Score(tally)
	return nil
}

// duckShop is the same figures in SQL, over accounts that are integers where ours have names. The scores are from quintiles,
// with which DuckDB is no slower than with ranks of all accounts.
func (s *shop) duckShop() string {
	grid := s.model.Grid()
	score := func(value, cuts string) string {
		points := "1"
		for i := 1; i < grid.Classes; i++ {
			points += fmt.Sprintf(" + (%s > %s[%d])::INTEGER", value, cuts, i)
		}
		return points
	}
	holds := func(field string, r rfm.Range) string {
		if r == (rfm.Range{}) {
			return "TRUE"
		}
		return fmt.Sprintf("%s BETWEEN %d AND %d", field, r.Low, r.High)
	}
	cell := "CASE"
	for i, c := range grid.Cells {
		cell += fmt.Sprintf(" WHEN %s AND %s AND %s THEN %d", holds("r", c.Recency), holds("f", c.Frequency), holds("m", c.Monetary), i)
	}
	cell += fmt.Sprintf(" ELSE %d END", len(grid.Cells))
	return fmt.Sprintf(`CREATE OR REPLACE TABLE measures AS
		SELECT account, (%[1]d - epoch_us(last)) // 86400000000 AS days, purchases, refunds, amount FROM (
			SELECT account, max(CASE WHEN cents >= 0 THEN happened END) AS last, count(CASE WHEN cents < 0 THEN 1 END) AS refunds,
				count(*) - refunds AS purchases, sum(cents)::BIGINT AS amount
			FROM transactions WHERE happened <= make_timestamp(%[1]d) GROUP BY account);
		CREATE OR REPLACE TABLE figures AS
		WITH cuts AS (SELECT quantile_disc(-days, %[2]s) AS days, quantile_disc(purchases, %[2]s) AS purchases,
				quantile_disc(amount, %[2]s) AS amount FROM measures WHERE purchases > 0),
		scored AS (SELECT m.account, m.days, m.purchases, m.refunds, m.amount, %[3]s AS r, %[4]s AS f, %[5]s AS m
			FROM measures m, cuts WHERE m.purchases > 0)
		SELECT *, %[6]s AS cell FROM scored;
		CREATE OR REPLACE TABLE cells AS SELECT cell, count(*) AS accounts, sum(purchases) AS purchases, sum(amount) AS amount
			FROM figures GROUP BY cell;`,
		shopAsOf.UnixMicro(), "[1/5, 2/5, 3/5, 4/5]", score("-m.days", "cuts.days"), score("m.purchases", "cuts.purchases"),
		score("m.amount", "cuts.amount"), cell)
}

// duck returns DuckDB as a contestant, once its figures are ours.
func (s *shop) duck(tb testing.TB) contestant {
	tb.Helper()
	if err := s.ours(); err != nil {
		tb.Fatal(err)
	}
	db := openDuck(tb, 1)
	duckExec(tb, db, "CREATE TABLE transactions (account INTEGER, happened TIMESTAMP, cents INTEGER)")
	fillDuck(tb, db, "transactions", len(s.columns.At), 3, func(i int, values []driver.Value) {
		values[0], values[1], values[2] = int32(s.columns.Accounts[i]), time.UnixMicro(s.columns.At[i]).UTC(), int32(s.columns.Minor[i])
	})
	query := s.duckShop()
	duckExec(tb, db, query)
	numbers := make(map[string]int)
	for i, c := range s.result.Cells {
		numbers[c.Name] = i
	}
	ours, cells := make([][]float64, 8), make([][]float64, 4)
	for _, row := range s.result.Rows {
		for k, x := range []float64{
			float64(row.Recency), float64(row.Purchases), float64(row.Refunds), row.Amount.Shift(2).InexactFloat64(),
			float64(row.Score.Recency), float64(row.Score.Frequency), float64(row.Score.Monetary), float64(numbers[row.Cell]),
		} {
			ours[k] = append(ours[k], x)
		}
	}
	for i, c := range s.result.Cells {
		for k, x := range []float64{float64(i), float64(c.Accounts), float64(c.Purchases), c.Amount.Shift(2).InexactFloat64()} {
			cells[k] = append(cells[k], x)
		}
	}
	for k, column := range readDuck(tb, db, "SELECT * EXCLUDE account FROM figures ORDER BY account") {
		agree(tb, fmt.Sprint("duckdb column ", k), ours[k], column, 0)
	}
	for k, column := range readDuck(tb, db, "SELECT * FROM cells ORDER BY cell") {
		agree(tb, fmt.Sprint("duckdb cells ", k), cells[k], column, 0)
	}
	return contestant{name: "duckdb", goal: 2, run: timed(func() error {
		_, err := db.Exec(query)
		return err
	})}
}

func TestRFM(t *testing.T) {
	newShop(t, 50_000).duck(t)
}

func BenchmarkRFM(b *testing.B) {
	s := newShop(b, size(1_000_000, shopTransactions))
	compare(b, len(s.columns.At), "transaction", contestant{name: "ours", run: timed(s.ours)}, s.duck(b))
}
