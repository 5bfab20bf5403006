package bench

import (
	"database/sql/driver"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/adoption"
)

const (
	usageEvents   = 50_000_000
	usageDays     = 28
	usageFeatures = 60
	usageEntitled = 30 // the first of them
	usageSeats    = 12
	perUser       = 200 // events
	perAccount    = 10  // users
)

var usageFrom = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) // a Monday

// A stream is the work of telling from usage events, in time order, how each account uses a product.
type stream struct {
	model    *adoption.Model
	users    []adoption.User
	features []adoption.Feature
	at       []int64
	entitled []string
	names    []string // of users, as is
	accounts []string // of each user
	figures  [][]float64
}

// newStream draws events over four weeks; a few features make up most of the use.
func newStream(tb testing.TB, events int) *stream {
	tb.Helper()
	s := &stream{users: make([]adoption.User, events), features: make([]adoption.Feature, events), at: make([]int64, events)}
	var err error
	if s.model, err = adoption.Compile(adoption.Plan{
		Format: 1, Name: "bench", MinUses: 3, MinDays: 14,
		Workdays: []adoption.Weekday{adoption.Monday, adoption.Tuesday, adoption.Wednesday, adoption.Thursday, adoption.Friday},
	}); err != nil {
		tb.Fatal(err)
	}
	r := newRand(6)
	users := events / perUser
	step := usageDays * 24 * time.Hour.Microseconds() / int64(events)
	for i := range events {
		s.users[i] = adoption.User(r.IntN(users))
		s.features[i] = adoption.Feature(usageFeatures * r.Float64() * r.Float64() * r.Float64())
		s.at[i] = usageFrom.UnixMicro() + int64(i)*step
	}
	for i := range users {
		s.names = append(s.names, fmt.Sprintf("user-%07d", i))
		s.accounts = append(s.accounts, fmt.Sprintf("account-%06d", i/perAccount))
	}
	for i := range usageEntitled {
		s.entitled = append(s.entitled, fmt.Sprintf("feature-%03d", i))
	}
	return s
}

// fill names the users and the features, and adds the events.
func (s *stream) fill() (*adoption.Usage, error) {
	u, err := s.model.NewUsage(usageFrom, usageDays, time.UTC)
	if err != nil {
		return nil, err
	}
	for i := range s.names {
		if _, err := u.User(s.accounts[i], s.names[i]); err != nil {
			return nil, err
		}
	}
	for i := range usageFeatures {
		if _, err := u.Feature(fmt.Sprintf("feature-%03d", i)); err != nil {
			return nil, err
		}
	}
	return u, u.AddColumns(s.users, s.features, s.at)
}

// ours goes over the events once, and then over the accounts.
func (s *stream) ours() error {
	u, err := s.fill()
	if err != nil {
		return err
	}
	seats := usageSeats
	accounts := func(yield func(adoption.Account, error) bool) {
		for _, id := range slices.Compact(slices.Clone(s.accounts)) {
			if !yield(adoption.Account{ID: id, Since: usageFrom, Seats: &seats, Entitled: s.entitled}, nil) {
				return
			}
		}
	}
	s.figures = make([][]float64, 11)
	for item, err := range s.model.AssessAll(u, accounts, usageFrom.AddDate(0, 0, usageDays)) {
		if err != nil {
			return err
		}
		if item.Err != nil {
			return item.Err
		}
		a := item.Adoption
		k := 0
		for _, r := range []adoption.Ratio{a.Breadth, a.Depth, a.Frequency, a.Intensity, a.Stickiness} {
			s.figures[k] = append(s.figures[k], float64(r.Part))
			s.figures[k+1] = append(s.figures[k+1], float64(r.Whole))
			k += 2
		}
		s.figures[k] = append(s.figures[k], *a.Penetration.Value)
	}
	return nil
}

// duckCells is what a Usage keeps, from which it tells first uses, moments and tasks, too, and merges with others.
const duckCells = `CREATE OR REPLACE TABLE cells AS SELECT person, feature, count(*) AS uses, min(happened) AS first,
	max(happened) AS last, bit_or(day) AS days FROM named GROUP BY person, feature;`

// duckUsage is the same figures in SQL: of the events in two passes over them, which DuckDB is fastest with of the forms
// tried, where the days of a user are bits and not rows; or of the table of duckCells. Uses says how they are counted.
func duckUsage(from, uses string) string {
	var work, week, weeks string
	for day := range usageDays {
		if day%7 < 5 {
			work += fmt.Sprintf(" | (1::BIGINT << %d)", day)
		}
	}
	for w := range usageDays / 7 {
		mask := fmt.Sprintf("bit_count(days & (127::BIGINT << %d))", 7*w)
		week += " + " + mask
		weeks += fmt.Sprintf(" + (%s > 0)::INTEGER", mask)
	}
	return fmt.Sprintf(`CREATE OR REPLACE TABLE figures AS
		WITH people AS (SELECT person, %[9]s AS uses, bit_or(days) AS days FROM %[1]s GROUP BY person),
		accounts AS (SELECT person // %[2]d AS account, count(*) AS users, sum(uses) AS uses,
				count(*) FILTER (bit_count(days) >= 14) AS deep,
				sum(0%[3]s) AS week_days, sum(0%[4]s) AS weeks, sum(bit_count(days & (0%[5]s))) AS worked
			FROM people GROUP BY account),
		used AS (SELECT person // %[2]d AS account, feature, %[9]s AS uses FROM %[1]s WHERE feature < %[6]d GROUP BY account, feature),
		features AS (SELECT account, count(*) FILTER (uses >= 3) AS adopted FROM used GROUP BY account)
		SELECT account, coalesce(adopted, 0) AS breadth, %[6]d AS entitled, deep AS depth, users AS of_users,
			week_days AS frequency, weeks, uses AS intensity, users, worked AS stickiness, users * %[7]d AS days,
			users / %[8]d AS penetration
		FROM accounts LEFT JOIN features USING (account)`,
		from, perAccount, week, weeks, work, usageEntitled, usageDays/7*5, usageSeats, uses)
}

// duck returns DuckDB as two contestants, once their numbers are ours.
func (s *stream) duck(tb testing.TB) []contestant {
	tb.Helper()
	if err := s.ours(); err != nil {
		tb.Fatal(err)
	}
	db := openDuck(tb, 1)
	duckExec(tb, db, "CREATE TABLE events (person INTEGER, feature UTINYINT, happened TIMESTAMP)")
	fillDuck(tb, db, "events", len(s.at), 3, func(row int, values []driver.Value) {
		values[0], values[1], values[2] = int32(s.users[row]), uint8(s.features[row]), time.UnixMicro(s.at[row]).UTC()
	})
	duckExec(tb, db, fmt.Sprintf("CREATE VIEW named AS SELECT *, 1::BIGINT << ((epoch_us(happened) - %d) // 86400000000) AS day "+
		"FROM events", usageFrom.UnixMicro()))
	duckExec(tb, db, "CREATE VIEW each AS SELECT person, feature, day AS days FROM named")
	contestants := []contestant{{name: "duckdb", goal: 1.0 / 2}, {name: "duckdb-cells"}}
	for i, query := range []string{duckUsage("each", "count(*)"), duckCells + duckUsage("cells", "sum(uses)")} {
		duckExec(tb, db, query)
		got := readDuck(tb, db, "SELECT * EXCLUDE account FROM figures ORDER BY account")
		if len(got) != len(s.figures) {
			tb.Fatalf("duckdb has %d columns, want %d", len(got), len(s.figures))
		}
		for k := range got {
			agree(tb, fmt.Sprint("duckdb column ", k), s.figures[k], got[k], 0)
		}
		contestants[i].run = timed(func() error {
			_, err := db.Exec(query)
			return err
		})
	}
	return contestants
}

// held returns how many bytes the events have become.
func (s *stream) held(tb testing.TB) float64 {
	tb.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	u, err := s.fill()
	if err != nil {
		tb.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(u)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}

func TestUsage(t *testing.T) {
	newStream(t, 100_000).duck(t)
}

// BenchmarkUsage reports how many bytes a Usage holds for an event, beside the columns of the events themselves.
func BenchmarkUsage(b *testing.B) {
	s := newStream(b, size(1_000_000, usageEvents))
	compare(b, len(s.at), "event", slices.Concat([]contestant{{name: "ours", run: timed(s.ours)}}, s.duck(b))...)
	b.ReportMetric(s.held(b)/float64(len(s.at)), "ours-B/event")
}
