package differential

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
)

// hostile are texts that would end a literal, or begin something else, where they are not quoted for their dialect.
var hostile = []string{
	`'; DROP TABLE t; --`, `'); DROP TABLE t; --`, `\'; DROP TABLE t; --`, `\\'; DROP TABLE t; --`, `\`, `\\`, `'\`, `''\''`, `' OR '1'='1`,
	`' OR 1=1 /*`, `*/ OR 1=1 --`, `"; DROP TABLE t; --`, "`; DROP TABLE t; --", `]; DROP TABLE t; --`, `$$; DROP TABLE t; $$`, `$1`, `?`, `:x`,
	`E'\''`, `U&'\0027'`, `\047 OR 1=1`, `\x27 OR 1=1`, `\u0027 OR 1=1`, "\u02bc; DROP TABLE t", "\uff07; DROP TABLE t; --", "a\nb'\n;", "%27", "||'a", `{{x}}`,
}

// TestHostileLiterals: each text is found where it is stored, and nowhere else.
func TestHostileLiterals(t *testing.T) {
	each(t, func(t *testing.T, db *database) {
		from := []segment.Attribute{{Name: "x", Type: segment.TextType}}
		var rows [][]any
		for _, s := range hostile {
			rows = append(rows, []any{s})
		}
		db.fill(t, from, rows)
		for i, s := range hostile {
			q := "'" + strings.ReplaceAll(s, "'", "''") + "'"
			for _, when := range []string{"x = " + q, "x IN ('-', " + q + ")", "NOT (x <> " + q + ")"} {
				if got := db.ids(t, predicate(t, db, when, segment.TextType)); !slices.Equal(got, []int{i}) {
					t.Errorf("%s takes %v, want row %d alone", when, got, i)
				}
			}
		}
		if n := column[int](t, db, "SELECT count(*) FROM t")[0]; n != len(hostile) {
			t.Errorf("%d rows are left of %d", n, len(hostile))
		}
	})
}

// TestHostileNames: names of segments and allowed values come back as they are; a name of an attribute is refused before.
func TestHostileNames(t *testing.T) {
	each(t, func(t *testing.T, db *database) {
		from := []segment.Attribute{{Name: "x", Type: segment.TextType}}
		db.fill(t, from, [][]any{{"a"}})
		for _, s := range hostile {
			scheme := segment.Scheme{
				Format: segment.Format, Name: "hostile", Otherwise: s,
				Attributes: []segment.Attribute{{Name: "x", Type: segment.TextType, Values: []string{"a", s}}},
				Rules:      []segment.Rule{{Segment: s, When: "x = 'a'"}},
			}
			m, err := segment.Compile(scheme)
			if err != nil {
				if strings.ContainsAny(s, "/\n") { // not in a name
					continue
				}
				t.Fatal(err)
			}
			expression, err := m.SQL(db.dialect, epoch)
			if err != nil {
				t.Fatal(err)
			}
			if got := column[sql.NullString](t, db, "SELECT "+expression+" FROM t"); len(got) != 1 || got[0].String != s {
				t.Errorf("got segment %v, want %q", got, s)
			}
			for _, name := range []string{s, "x" + s, `x" > 0 OR "x`, "x] > 0 OR [x"} {
				scheme.Attributes[0].Name = name
				if _, err := segment.Compile(scheme); err == nil {
					t.Errorf("an attribute may have the name %q", name)
				}
			}
		}
	})
}

// TestWordsAsNames: every attribute's name that the language allows is a column's, even if it is a word of SQL.
func TestWordsAsNames(t *testing.T) {
	words := []string{
		"select", "from", "where", "order", "group", "table", "user", "end", "case", "when", "cast", "collate", "check", "default", "primary",
		"references", "limit", "all", "any", "current_date", "current_user", "session_user", "rowid_", "_", "a1", strings.Repeat("z", 63),
	}
	each(t, func(t *testing.T, db *database) {
		for _, word := range words {
			from := []segment.Attribute{{Name: word, Type: segment.NumberType}}
			db.fill(t, from, [][]any{{1.0}, {3.0}, {nil}})
			c, err := segment.CompileCondition(word+" > 2", from)
			if err != nil {
				t.Fatal(err)
			}
			p, err := c.SQL(db.dialect, epoch)
			if err != nil {
				t.Fatal(err)
			}
			if got := db.ids(t, p); !slices.Equal(got, []int{1}) {
				t.Errorf("%s takes %v, want row 1", p, got)
			}
		}
	})
}

// TestLarge: what is at the bounds of the language is within those of each database.
func TestLarge(t *testing.T) {
	long, deep, many := make([]string, 5000), "x = 1", make([]segment.Rule, 1000)
	for i := range long {
		long[i] = fmt.Sprint("x = ", i)
	}
	for i := range 99 {
		deep = fmt.Sprint("(x = ", i, " AND x > ", i, " OR NOT ", deep, ")")
		deep = strings.Replace(deep, "OR NOT (", "OR NOT (x IS NULL OR ", 1)
	}
	for i := range many {
		many[i] = segment.Rule{Segment: fmt.Sprint("s", i), When: fmt.Sprint("x = ", i)}
	}
	each(t, func(t *testing.T, db *database) {
		from := []segment.Attribute{{Name: "x", Type: segment.NumberType}}
		rows := [][]any{{nil}, {-1.0}, {0.0}, {999.0}, {4999.0}, {5000.0}}
		db.fill(t, from, rows)
		for name, when := range map[string]string{"long": strings.Join(long, " OR "), "deep": deep} {
			c, err := segment.CompileCondition(when, from)
			if err != nil {
				t.Fatal(err)
			}
			var want []int
			for i, row := range rows {
				if truth, _, err := c.Eval(segment.FactMap{"x": value(row[0])}, epoch); err != nil {
					t.Fatal(err)
				} else if truth == segment.True {
					want = append(want, i)
				}
			}
			if got := db.ids(t, predicate(t, db, when, segment.NumberType)); !slices.Equal(got, want) {
				t.Errorf("%s: takes %v, want %v", name, got, want)
			}
		}
		m, err := segment.Compile(segment.Scheme{Format: segment.Format, Name: "many", Attributes: from, Rules: many})
		if err != nil {
			t.Fatal(err)
		}
		expression, err := m.SQL(db.dialect, epoch)
		if err != nil {
			t.Fatal(err)
		}
		got := column[sql.NullString](t, db, "SELECT "+expression+" FROM t ORDER BY id")
		for i, want := range []string{"", "", "s0", "s999", "", ""} {
			if got[i].String != want {
				t.Errorf("row %d: got %v, want %q", i, got[i], want)
			}
		}
	})
}
