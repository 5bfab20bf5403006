package segment_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
)

// Module internal/differential runs what is written here on real databases.

func TestConditionSQL(t *testing.T) {
	asOf := time.Date(2027, 1, 15, 8, 30, 0, 250_000_000, time.FixedZone("east", 3600))
	for when, want := range map[string][3]string{ // PostgreSQL, SQLite, DuckDB
		"arr >= 100000": {
			`(CAST("arr" AS double precision) >= 100000)`, `(CAST([arr] AS REAL) >= 100000)`, `(CAST("arr" AS DOUBLE) >= 100000)`,
		},
		"NOT (arr < 0.5 OR trial)": {
			`(CAST("arr" AS double precision) >= CAST('0.5' AS double precision) AND NOT CAST("trial" AS boolean))`,
			`(CAST([arr] AS REAL) >= 0.5 AND CAST([trial] AS INTEGER) = 0)`,
			`(CAST("arr" AS DOUBLE) >= CAST('0.5' AS DOUBLE) AND NOT CAST("trial" AS BOOLEAN))`,
		},
		"arr NOT BETWEEN -1 AND 2 AND region IS NOT NULL": {
			`(CAST("arr" AS double precision) NOT BETWEEN -1 AND 2 AND "region" IS NOT NULL)`,
			`(CAST([arr] AS REAL) NOT BETWEEN -1 AND 2 AND [region] IS NOT NULL)`,
			`(CAST("arr" AS DOUBLE) NOT BETWEEN -1 AND 2 AND "region" IS NOT NULL)`,
		},
		`note IN ('it''s', 'a\b')`: {
			`(CAST("note" AS text) COLLATE "C" IN (E'a\\b', 'it''s'))`,
			`(CAST([note] AS TEXT) COLLATE BINARY IN ('a\b', 'it''s'))`,
			`(CAST("note" AS VARCHAR) COLLATE "C" IN ('a\b', 'it''s'))`,
		},
		"renewal < as_of + INTERVAL '90 days'": {
			`(CAST("renewal" AS timestamptz) < TIMESTAMPTZ '2027-04-15 07:30:00.25+00')`,
			`(CAST([renewal] AS INTEGER) < 1807774200250000)`,
			`(CAST("renewal" AS TIMESTAMPTZ) < TIMESTAMPTZ '2027-04-15 07:30:00.25+00')`,
		},
		"renewal > as_of + INTERVAL '9999999 days'": { // no instant is after the last
			`(CAST("renewal" AS timestamptz) > TIMESTAMPTZ '10000-01-01 00:00:00+00')`,
			`(CAST([renewal] AS INTEGER) > 253402300800000000)`,
			`(CAST("renewal" AS TIMESTAMPTZ) > TIMESTAMPTZ '10000-01-01 00:00:00+00')`,
		},
	} {
		c, err := segment.CompileCondition(when, language())
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range []segment.Dialect{segment.PostgreSQL, segment.SQLite, segment.DuckDB} {
			if got, err := c.SQL(d, asOf); got != want[i] || err != nil {
				t.Errorf("%s in %s: got %s, %v\nwant %s", when, d, got, err, want[i])
			}
		}
	}
}

// TestConditionSQLSigns: each comparison and its opposite come back as they were written.
func TestConditionSQLSigns(t *testing.T) {
	for _, sign := range []string{"=", "<>", "<", "<=", ">", ">="} {
		for attribute, c := range map[string][2]string{
			"arr": {"7", `CAST("arr" AS DOUBLE)`}, "renewal": {"TIMESTAMP '2026-07-01 00:00:00'", `CAST("renewal" AS TIMESTAMPTZ)`},
		} {
			opposite := map[string]string{"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}[sign]
			for when, want := range map[string]string{
				attribute + " " + sign + " " + c[0]: sign, "NOT " + attribute + " " + sign + " " + c[0]: opposite,
			} {
				condition, err := segment.CompileCondition(when, language())
				if err != nil {
					t.Fatal(err)
				}
				got, err := condition.SQL(segment.DuckDB, epoch)
				if err != nil || !strings.HasPrefix(got, "("+c[1]+" "+want+" ") {
					t.Errorf("%s is %s, %v, want %s", when, got, err, want)
				}
			}
		}
	}
}

func TestSchemeSQL(t *testing.T) {
	least := 0.0
	s := scheme([]segment.Attribute{
		{Name: "arr", Type: segment.NumberType, Min: &least}, {Name: "unread", Type: segment.NumberType},
		{Name: "region", Type: segment.TextType, Values: []string{"US", "EU"}}, {Name: "trial", Type: segment.FlagType},
		{Name: "renewal", Type: segment.TimeType},
	}, "it's: trial OR renewal <= as_of", "strategic: arr >= 100000 AND region = 'EU'")
	s.Otherwise = "tech"
	for d, want := range map[segment.Dialect]string{
		segment.PostgreSQL: `CASE
  WHEN CAST("arr" AS double precision) NOT BETWEEN 0 AND 9007199254740992 THEN NULL
  WHEN CAST("region" AS text) COLLATE "C" NOT IN ('EU', 'US') THEN NULL
  WHEN CAST("renewal" AS timestamptz) NOT BETWEEN TIMESTAMPTZ '0001-01-01 00:00:00.000001+00' AND TIMESTAMPTZ '9999-12-31 23:59:59.999999+00' THEN NULL
  WHEN CAST("trial" AS boolean) OR CAST("renewal" AS timestamptz) <= TIMESTAMPTZ '2026-07-01 12:00:00+00' THEN 'it''s'
  WHEN CAST("arr" AS double precision) >= 100000 AND CAST("region" AS text) COLLATE "C" = 'EU' THEN 'strategic'
  ELSE 'tech'
END`,
		segment.SQLite: `CASE
  WHEN typeof([arr]) NOT IN ('real', 'integer', 'null') OR CAST([arr] AS REAL) NOT BETWEEN 0 AND 9007199254740992 THEN NULL
  WHEN typeof([region]) NOT IN ('text', 'null') OR CAST([region] AS TEXT) COLLATE BINARY NOT IN ('EU', 'US') THEN NULL
  WHEN typeof([trial]) NOT IN ('integer', 'null') OR CAST([trial] AS INTEGER) NOT IN (0, 1) THEN NULL
  WHEN typeof([renewal]) NOT IN ('integer', 'null') OR CAST([renewal] AS INTEGER) NOT BETWEEN -62135596799999999 AND 253402300799999999 THEN NULL
  WHEN CAST([trial] AS INTEGER) = 1 OR CAST([renewal] AS INTEGER) <= 1782907200000000 THEN 'it''s'
  WHEN CAST([arr] AS REAL) >= 100000 AND CAST([region] AS TEXT) COLLATE BINARY = 'EU' THEN 'strategic'
  ELSE 'tech'
END`,
	} {
		got, err := compile(t, s).SQL(d, epoch)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d, diff)
		}
	}
	s.Otherwise = ""
	if got, err := compile(t, s).SQL(segment.DuckDB, epoch); err != nil || !strings.HasSuffix(got, "ELSE NULL\nEND") {
		t.Errorf("without default: %v\n%s", err, got)
	}
}

func TestSQLRefuses(t *testing.T) {
	m := compile(t, scheme([]segment.Attribute{numeric("arr")}, "a: arr > 0"))
	c, err := segment.CompileCondition("arr > 0", []segment.Attribute{numeric("arr")})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		dialect segment.Dialect
		asOf    time.Time
		want    string
	}{
		{"mysql", epoch, `segment: dialect: must be one of postgresql, sqlite, duckdb, not "mysql"`},
		{segment.SQLite, time.Time{}, "segment: as of: is zero"},
	} {
		_, errModel := m.SQL(tc.dialect, tc.asOf)
		_, errCondition := c.SQL(tc.dialect, tc.asOf)
		for _, err := range []error{errModel, errCondition} {
			var data *segment.DataError
			if !errors.As(err, &data) || err.Error() != tc.want {
				t.Errorf("got error %v, want %s", err, tc.want)
			}
		}
	}
}

// bare returns what a database reads outside of texts, and false where a text has no end.
func bare(d segment.Dialect, query string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(query); i++ {
		if query[i] != '\'' {
			b.WriteByte(query[i])
			continue
		}
		escapes := d == segment.PostgreSQL && i > 0 && query[i-1] == 'E'
		for i++; ; i++ {
			switch {
			case i >= len(query):
				return "", false
			case escapes && query[i] == '\\', query[i] == '\'' && i+1 < len(query) && query[i+1] == '\'':
				i++
				continue
			}
			if query[i] == '\'' {
				break
			}
			if query[i] == '\\' && d == segment.PostgreSQL { // what that means depends on the session
				return "", false
			}
		}
	}
	return b.String(), true
}

// harmless reports an error unless all that something says in a dialect is tests of columns, whatever its texts are.
func harmless(t testing.TB, c interface {
	SQL(segment.Dialect, time.Time) (string, error)
}) {
	t.Helper()
	for _, d := range []segment.Dialect{segment.PostgreSQL, segment.SQLite, segment.DuckDB} {
		query, err := c.SQL(d, epoch)
		if err != nil {
			t.Fatal(err)
		}
		rest, ok := bare(d, query)
		const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ \"[]().,<>=-\n"
		if !ok || strings.Trim(rest, safe) != "" || strings.Contains(rest, "--") || strings.Count(rest, "(") != strings.Count(rest, ")") {
			t.Errorf("in %s what is no text reads %q\n%s", d, rest, query)
		}
	}
}

// hostile returns texts that end a literal, a name, a comment or a statement somewhere.
func hostile() []string {
	return []string{
		`'; DROP TABLE t; --`, `\'; DROP TABLE t; --`, `\\`, `\`, `'\`, `''\''`, `' OR '1'='1`, `*/ --`, "`", `"`, `]`, "\n;\u2028", "\uff07", "ʼ",
		`"; DROP TABLE t; --`, `$$`, `a') THEN 'b' END; --`,
	}
}

func TestSQLIsHarmless(t *testing.T) {
	for _, text := range hostile() {
		c, err := segment.CompileCondition("note IN ('"+strings.ReplaceAll(text, "'", "''")+"', 'b') OR arr < -1e-7", language())
		if err != nil {
			t.Fatal(err)
		}
		harmless(t, c)
	}
}

// TestSchemeSQLIsHarmless puts hostile texts where a scheme has names and texts.
func TestSchemeSQLIsHarmless(t *testing.T) {
	compiled := 0
	for _, text := range hostile() {
		quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
		s := scheme([]segment.Attribute{{Name: "t", Type: segment.TextType, Unit: text, Values: []string{"a", text}}}, "a: t <> "+quoted, "b: t IN ('a', "+quoted+")")
		s.Version, s.Rules[0].Why, s.Rules[0].Stay = text, text, &segment.Stay{While: "t = " + quoted}
		harmless(t, compile(t, s))

		s.Name, s.Rules[0].Segment, s.Otherwise = "x "+text+" x", "x "+text+" x", "y "+text+" y"
		if m, err := segment.Compile(s); err == nil { // a name has no control character and no '/'
			compiled++
			harmless(t, m)
		}
		s.Attributes[0].Name = text
		if _, err := segment.Compile(s); err == nil {
			t.Errorf("an attribute may be named %q", text)
		}
	}
	if compiled < len(hostile())-3 {
		t.Errorf("only %d schemes have hostile names", compiled)
	}
}
