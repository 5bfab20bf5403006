package segment_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// TestRowTwin compares ClassifyRow with the twin on random rules of any shape, with and without failed facts.
func TestRowTwin(t *testing.T) {
	w := wide()
	r := rand.New(rand.NewPCG(11, 12))
	matched := make([]int, 5)
	for range 600 {
		s := segment.Scheme{Format: 1, Name: "random", Attributes: w.attributes, Otherwise: "rest"}
		var exprs []expr
		for i := range 4 {
			exprs = append(exprs, w.expr(r, 3))
			s.Rules = append(s.Rules, segment.Rule{Segment: string(rune('a' + i)), When: exprs[i].String()})
		}
		m := compile(t, s)
		for i := range 40 {
			kinds := []string{"null", "failed"}[:1+i%2]
			facts, asOf := w.row(r, kinds...), day(float64(r.IntN(5)-2))
			want := len(exprs)
			for i, e := range exprs {
				truth := e.eval(facts, asOf)
				if truth == "T" {
					want = i
				}
				if truth == "X" {
					want = -2
				}
				if truth == "T" || truth == "X" {
					break
				}
			}
			row := make(segment.Row, len(w.attributes))
			for i, a := range w.attributes {
				row[i] = facts[a.Name].value()
			}
			got, err := m.ClassifyRow(row, asOf)
			if err != nil || got != want {
				t.Fatalf("%v over %v as of %v: got %d, %v, want %d", s.Rules, facts, asOf, got, err, want)
			}
			if want >= 0 {
				matched[want]++
			}
		}
	}
	for i, n := range matched {
		if n < 500 {
			t.Errorf("only %d rows of 24 000 are of rule %d", n, i)
		}
	}
}

// TestRowOrder compares numbers and instants in all orders, below 0 and before 1970 too, with how Go does.
func TestRowOrder(t *testing.T) {
	numbers := []float64{
		-1 << 53, -2, -1, -math.SmallestNonzeroFloat64, math.Copysign(0, -1), 0, math.SmallestNonzeroFloat64, 1, 1.5, 1 << 53,
	}
	instants := []time.Time{
		time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Unix(0, 0).UTC(),
		time.Date(1970, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	}
	attributes := []segment.Attribute{numeric("n"), {Name: "w", Type: segment.TimeType}}
	check := func(when string, row segment.Row, holds bool) {
		t.Helper()
		m := compile(t, scheme(attributes, "yes: "+when))
		want := -1
		if holds {
			want = 0
		}
		if got, err := m.ClassifyRow(row, epoch); err != nil || got != want {
			t.Errorf("%s over %v: got %d, %v, want %d", when, row, got, err, want)
		}
	}
	for _, sign := range []string{"=", "<>", "<", "<=", ">", ">="} {
		holds := func(order int) bool {
			switch sign {
			case "=":
				return order == 0
			case "<>":
				return order != 0
			case "<":
				return order < 0
			case "<=":
				return order <= 0
			case ">":
				return order > 0
			}
			return order >= 0
		}
		for _, x := range numbers {
			for _, y := range numbers {
				order := 0
				if x < y {
					order = -1
				} else if x > y {
					order = 1
				}
				check(fmt.Sprintf("n %s %v", sign, y), segment.Row{segment.Number(x), segment.Null()}, holds(order))
			}
		}
		for _, x := range instants {
			for _, y := range instants {
				when := "w " + sign + y.Format(" TIMESTAMP '2006-01-02 15:04:05.000000'")
				check(when, segment.Row{segment.Null(), segment.Time(x)}, holds(x.Compare(y)))
			}
		}
	}
	for _, x := range numbers {
		check("n BETWEEN -1 AND 1", segment.Row{segment.Number(x), segment.Null()}, -1 <= x && x <= 1)
		check("NOT n BETWEEN -1 AND 1", segment.Row{segment.Number(x), segment.Null()}, x < -1 || 1 < x)
	}
}
