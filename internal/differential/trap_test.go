package differential

import (
	"database/sql"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// predicate compiles a condition over one attribute x and writes it in the database's dialect.
func predicate(t testing.TB, db *database, when string, kind segment.Type) string {
	t.Helper()
	c, err := segment.CompileCondition(when, []segment.Attribute{{Name: "x", Type: kind}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.SQL(db.dialect, epoch)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// expression compiles a scheme of one rule over an attribute x, for the segment "in" and else "out".
func expression(t testing.TB, db *database, when string, kind segment.Type) string {
	t.Helper()
	m, err := segment.Compile(segment.Scheme{
		Format: segment.Format, Name: "trap", Attributes: []segment.Attribute{{Name: "x", Type: kind}},
		Rules: []segment.Rule{{Segment: "in", When: when}}, Otherwise: "out",
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.SQL(db.dialect, epoch)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holds reports what a query of one boolean says.
func holds(t testing.TB, db *database, query string) bool {
	t.Helper()
	list := column[sql.NullBool](t, db, query)
	if len(list) != 1 {
		t.Fatalf("%d rows\n%s", len(list), query)
	}
	return list[0].Valid && list[0].Bool
}

// A trap is a value at which a database, left to itself, says something else than the evaluator. Naive is what one would
// write by hand, and what that says; the dialect's predicate must say want.
type trap struct {
	name    string
	setup   []string
	x       string // the value, as SQL
	naive   string
	says    bool
	when    string
	kind    segment.Type
	want    bool
	segment string // of a scheme of that rule alone; "": none, since the row is refused
}

func (c trap) run(t *testing.T, db *database) {
	for _, s := range c.setup {
		db.exec(t, s)
	}
	from := " FROM (SELECT " + c.x + " AS x) AS t"
	if strings.HasPrefix(c.x, "SELECT") {
		from = " FROM (" + c.x + ") AS t"
	}
	if got := holds(t, db, "SELECT "+c.naive+from); got != c.says {
		t.Errorf("by hand, %s is %t: no longer a trap", c.naive, got)
	}
	if p := predicate(t, db, c.when, c.kind); holds(t, db, "SELECT "+p+from) != c.want {
		t.Errorf("%s is %t", p, !c.want)
	}
	e := expression(t, db, c.when, c.kind)
	if got := column[sql.NullString](t, db, "SELECT "+e+from)[0]; got.String != c.segment || got.Valid != (c.segment != "") {
		t.Errorf("got segment %v, want %q\n%s", got, c.segment, e)
	}
}

func TestTraps(t *testing.T) {
	number, text, flag, instant := segment.NumberType, segment.TextType, segment.FlagType, segment.TimeType
	for _, c := range []struct {
		dialect segment.Dialect
		trap
	}{
		{segment.SQLite, trap{name: "NaN is NULL", x: "9e999 - 9e999", naive: "x IS NULL", says: true, when: "x IS NULL", kind: number, want: true, segment: "in"}},
		{segment.SQLite, trap{name: "a text is above all numbers", x: "'10'", naive: "x > 99", says: true, when: "x > 99", kind: number, want: false}},
		{segment.SQLite, trap{name: "a text that is no number", x: "'none'", naive: "x > 99", says: true, when: "x > 99", kind: number, want: false}},
		{segment.SQLite, trap{name: "infinity", x: "9e999", naive: "x > 99", says: true, when: "x > 99", kind: number, want: true}},
		{segment.SQLite, trap{name: "times as text compare by character", x: "'2026-07-01T00:00:00Z'", naive: "x < '2026-07-01 12:00:00'", says: false, when: "x < as_of", kind: instant, want: true}},
		{segment.SQLite, trap{name: "a missing column is a text", x: "1 AS y, 5", naive: `"z" > 9`, says: true, when: "x > 9", kind: number, want: false, segment: "out"}},
		{segment.SQLite, trap{name: "NOCASE", x: "SELECT x COLLATE NOCASE AS x FROM (SELECT 'eu' AS x)", naive: "x = 'EU'", says: true, when: "x = 'EU'", kind: text, want: false, segment: "out"}},
		{segment.SQLite, trap{name: "a flag of 2", x: "2", naive: "x AND 1", says: true, when: "x", kind: flag, want: false}},

		{segment.PostgreSQL, trap{name: "NaN is above all", x: "'NaN'::double precision", naive: "x > 1e300", says: true, when: "x > 99", kind: number, want: true}},
		{segment.PostgreSQL, trap{name: "NaN equals itself", x: "'NaN'::double precision", naive: "x = x", says: true, when: "x <= 99", kind: number, want: false}},
		{segment.PostgreSQL, trap{name: "infinity", x: "'-Infinity'::double precision", naive: "x < 99", says: true, when: "x < 99", kind: number, want: true}},
		{segment.PostgreSQL, trap{name: "a decimal has more digits than a float64", x: "0.1::double precision", naive: "x::numeric(30, 20) = 0.1000000000000000055", says: false, when: "x = 0.1000000000000000055", kind: number, want: true, segment: "in"}},
		{segment.PostgreSQL, trap{name: "char(n) has no blanks at its end", x: "'EU'::char(5)", naive: "x = 'EU   '", says: true, when: "x = 'EU   '", kind: text, want: false, segment: "out"}},
		{segment.PostgreSQL, trap{name: "text keeps them", x: "'EU '::text", naive: "x = 'EU'", says: false, when: "x = 'EU'", kind: text, want: false, segment: "out"}},
		{segment.PostgreSQL, trap{
			name:  "a collation folds case and accents",
			setup: []string{"CREATE COLLATION pg_temp.folding (provider = icu, locale = 'und-u-ks-level1', deterministic = false)"},
			x:     "'É'::text COLLATE pg_temp.folding", naive: "x = 'e'", says: true, when: "x = 'e'", kind: text, want: false, segment: "out",
		}},
		{segment.PostgreSQL, trap{
			name: "a backslash escapes", setup: []string{"SET standard_conforming_strings = off", "SET escape_string_warning = off"},
			x: `E'a\\b'::text`, naive: `x = 'a\b'`, says: false, when: `x = 'a\b'`, kind: text, want: true, segment: "in",
		}},
		{segment.PostgreSQL, trap{
			name: "a date is midnight of the session", setup: []string{"SET TimeZone = 'Asia/Tokyo'"},
			x: "'2026-07-01 00:00:00+00'::timestamptz", naive: "x = DATE '2026-07-01'", says: false, when: "x = DATE '2026-07-01'", kind: instant, want: true, segment: "in",
		}},
		{segment.PostgreSQL, trap{
			name: "instants round to microseconds", x: "'2026-07-01 12:00:00.0000006+00'::timestamptz", naive: "x = '2026-07-01 12:00:00+00'", says: false,
			when: "x = TIMESTAMP '2026-07-01 12:00:00.000001'", kind: instant, want: true, segment: "in",
		}},
		{segment.PostgreSQL, trap{name: "an instant without end", x: "'infinity'::timestamptz", naive: "x > now()", says: true, when: "x > as_of", kind: instant, want: true}},

		{segment.DuckDB, trap{
			name: "a decimal is not the float64 that it is written as", x: "'0.0037768892312111083'::DOUBLE", naive: "x = 0.0037768892312111083", says: false,
			when: "x = 0.0037768892312111083", kind: number, want: true, segment: "in",
		}},
		{segment.DuckDB, trap{name: "NaN is above all", x: "'NaN'::DOUBLE", naive: "x > 1e300", says: true, when: "x > 99", kind: number, want: true}},
		{segment.DuckDB, trap{
			name: "a default collation folds", setup: []string{"PRAGMA default_collation = NOCASE"},
			x: "'eu'", naive: "x = 'EU'", says: true, when: "x IN ('EU', 'UK')", kind: text, want: false, segment: "out",
		}},
		{segment.DuckDB, trap{
			name: "a timestamp without zone is of the session", setup: []string{"SET TimeZone = 'Asia/Tokyo'"},
			x: "'2026-07-01 00:00:00+00'::TIMESTAMPTZ", naive: "x = DATE '2026-07-01'", says: false, when: "x = DATE '2026-07-01'", kind: instant, want: true, segment: "in",
		}},
		{segment.DuckDB, trap{name: "an instant without end", x: "'infinity'::TIMESTAMPTZ", naive: "x > now()", says: true, when: "x > as_of", kind: instant, want: true}},
	} {
		t.Run(string(c.dialect)+" "+c.name, func(t *testing.T) { c.run(t, open(t, c.dialect)) })
	}
}

// TestRefusedAlike: what a database gives for a trap is refused when it is read as a fact.
func TestRefusedAlike(t *testing.T) {
	c, err := segment.CompileCondition("x > 99", []segment.Attribute{{Name: "x", Type: segment.NumberType}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []segment.Value{segment.Number(math.NaN()), segment.Number(math.Inf(1)), segment.Text("10"), segment.Number(0x1p54)} {
		if truth, _, err := c.Eval(segment.FactMap{"x": x}, epoch); err == nil {
			t.Errorf("%v > 99 is %v, want an error", x, truth)
		}
	}
}

// TestSubMicrosecond: a host that stores a time with nanoseconds must truncate it, as segment.Time does; what pgx writes is
// truncated, what is written as text is rounded.
func TestSubMicrosecond(t *testing.T) {
	db := open(t, segment.PostgreSQL)
	at := epoch.Add(1999 * time.Nanosecond)
	db.fill(t, []segment.Attribute{{Name: "x", Type: segment.TimeType}}, [][]any{{at}, {epoch.Add(time.Microsecond)}})
	db.exec(t, "INSERT INTO t VALUES (2, '2026-07-01 12:00:00.000001999+00')")
	p := predicate(t, db, "x = TIMESTAMP '2026-07-01 12:00:00.000001'", segment.TimeType)
	if got := db.ids(t, p); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("%s takes rows %v, want 0 and 1", p, got)
	}
	if segment.Time(at) != segment.Time(epoch.Add(time.Microsecond)) {
		t.Error("segment.Time does not truncate")
	}
}

// TestMissingColumn: a column that is not there is an error on every database, never a text.
func TestMissingColumn(t *testing.T) {
	each(t, func(t *testing.T, db *database) {
		db.exec(t, "CREATE TEMPORARY TABLE t (id INTEGER, y INTEGER)")
		p := predicate(t, db, "x > 9", segment.NumberType)
		if _, err := db.Exec("SELECT 1 FROM t WHERE " + p); err == nil {
			t.Errorf("%s is no error", p)
		}
	})
}

// TestScenario: region NULL, EU, EU, EU, EU, NULL.
func TestScenario(t *testing.T) {
	each(t, func(t *testing.T, db *database) {
		db.fill(t, []segment.Attribute{{Name: "x", Type: segment.TextType}}, [][]any{{nil}, {"EU"}, {"EU"}, {"EU"}, {"EU"}, {nil}})
		if got := db.ids(t, predicate(t, db, "NOT (x = 'EU')", segment.TextType)); len(got) != 0 {
			t.Errorf("NOT (region = 'EU') takes %v, want none", got)
		}
		if got := db.ids(t, predicate(t, db, "x <> 'EU' OR x IS NULL", segment.TextType)); !slices.Equal(got, []int{0, 5}) {
			t.Errorf("region <> 'EU' OR region IS NULL takes %v, want 0 and 5", got)
		}
	})
}
