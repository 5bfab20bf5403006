package differential

import (
	"database/sql"
	"errors"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

var pairs = flag.Int("pairs", 100_000, "pairs of condition and row, and of scheme and row, on each database")

const rowsOfTable = 400

// compiled returns a random condition. Some have their bounds of BETWEEN in the wrong order, and are thrown again.
func (d *dice) compiled(t testing.TB, from []segment.Attribute) *segment.Condition {
	t.Helper()
	for range 1000 {
		c, err := segment.CompileCondition(d.condition(from, 3), from)
		if err == nil {
			return c
		}
		if !strings.Contains(err.Error(), "expected the lesser bound first") {
			t.Fatal(err)
		}
	}
	t.Fatal("no condition is right")
	return nil
}

// TestConditions: WHERE p takes the rows for which the evaluator says TRUE, WHERE NOT p those for which it says FALSE, and
// neither takes those for which it says UNKNOWN.
func TestConditions(t *testing.T) {
	each(t, func(t *testing.T, db *database) {
		const perTable = 50
		seen := map[segment.Truth]int{}
		for round, left := uint64(0), *pairs; left > 0; round, left = round+1, left-perTable*rowsOfTable {
			d := newDice(round)
			from := attributes()
			asOf := epoch.Add(time.Duration(d.IntN(1_000_000)) * time.Minute)
			rows, inputs := make([][]any, rowsOfTable), make([]segment.FactMap, rowsOfTable)
			for i := range rows {
				inputs[i] = segment.FactMap{}
				for _, a := range from {
					v := d.fact(a, asOf)
					rows[i] = append(rows[i], v)
					inputs[i][a.Name] = value(v)
				}
			}
			db.fill(t, from, rows)
			for range perTable {
				c := d.compiled(t, from)
				predicate, err := c.SQL(db.dialect, asOf)
				if err != nil {
					t.Fatal(err)
				}
				want := map[segment.Truth][]int{}
				for i, facts := range inputs {
					truth, failedOn, err := c.Eval(facts, asOf)
					if err != nil || failedOn != "" {
						t.Fatalf("%s: row %d: %v, failed on %q", c, i, err, failedOn)
					}
					want[truth] = append(want[truth], i)
					seen[truth]++
				}
				for truth, where := range map[segment.Truth]string{segment.True: predicate, segment.False: "NOT " + predicate} {
					if got := db.ids(t, where); !slices.Equal(got, want[truth]) {
						i := differs(got, want[truth])
						t.Fatalf("%s is %s of rows %v, the database says %v\n%s\nrow %d: %v as of %v", clipped(c.String()), truth,
							want[truth], got, clipped(predicate), i, rows[i], asOf)
					}
				}
			}
		}
		for _, truth := range []segment.Truth{segment.True, segment.False, segment.Unknown} {
			if seen[truth] < *pairs/50 {
				t.Errorf("only %d of %d pairs are %s", seen[truth], *pairs, truth)
			}
		}
	})
}

// differs returns the first element that only one of two rising lists has.
func differs(a, b []int) int {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			if i < len(b) {
				return min(a[i], b[i])
			}
			return a[i]
		}
	}
	return b[len(a)]
}

// scheme returns a random scheme whose attributes are bounded, so that rows can be refused.
func (d *dice) scheme(t testing.TB) *segment.Model {
	t.Helper()
	s := segment.Scheme{Format: segment.Format, Name: "random", Attributes: attributes()}
	lo, hi := -50000.0, 0x1p52
	s.Attributes[0].Min, s.Attributes[1].Max = &lo, &hi
	s.Attributes[3].Values = []string{"EU", "eu", "'", `\`, "é", "株式会社", ""}
	names := []string{"a", "it's", `back\slash`, `"`, "株式会社", "a"}
	for i := range 1 + d.IntN(6) {
		s.Rules = append(s.Rules, segment.Rule{Segment: names[i], When: d.compiled(t, s.Attributes).String()})
	}
	if d.IntN(2) == 0 {
		s.Otherwise = "o'therwise"
	}
	m, err := segment.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSchemes: CASE gives the segment that the evaluator gives, and NULL where that gives none or refuses the row for an
// attribute that a rule reads.
func TestSchemes(t *testing.T) {
	each(t, func(t *testing.T, db *database) {
		const perTable = 25
		var segments, nothing, refused int
		for round, left := uint64(0), *pairs; left > 0; round, left = round+1, left-perTable*rowsOfTable {
			d := newDice(1_000_000 + round)
			from := attributes()
			asOf := epoch.Add(time.Duration(d.IntN(1_000_000)) * time.Minute)
			rows := make([][]any, rowsOfTable)
			for i := range rows {
				for _, a := range from {
					rows[i] = append(rows[i], d.fact(a, asOf))
				}
			}
			db.fill(t, from, rows)
			for range perTable {
				m := d.scheme(t)
				expression, err := m.SQL(db.dialect, asOf)
				if err != nil {
					t.Fatal(err)
				}
				got := column[sql.NullString](t, db, "SELECT "+expression+" FROM t ORDER BY id")
				for i, row := range rows {
					facts := make(segment.Row, len(row))
					for k, v := range row {
						if name := from[k].Name; strings.Contains(expression, `"`+name+`"`) || strings.Contains(expression, "["+name+"]") { // a rule reads it
							facts[k] = value(v)
						}
					}
					rule, err := m.ClassifyRow(facts, asOf)
					var want sql.NullString
					var data *segment.DataError
					switch {
					case errors.As(err, &data):
						refused++
					case err != nil:
						t.Fatal(err)
					case rule == -1:
						nothing++
					default:
						want = sql.NullString{String: segmentOf(m, rule), Valid: true}
						segments++
					}
					if got[i] != want {
						t.Fatalf("row %d %v as of %v: got %v, want %v (%v)\n%s", i, row, asOf, got[i], want, err, clipped(expression))
					}
				}
			}
		}
		if least := *pairs / 50; segments < least || nothing < least || refused < least {
			t.Errorf("of %d pairs %d have a segment, %d none and %d are refused", *pairs, segments, nothing, refused)
		}
	})
}

func segmentOf(m *segment.Model, rule int) string {
	s := m.Scheme()
	if rule < len(s.Rules) {
		return s.Rules[rule].Segment
	}
	return s.Otherwise
}
