package differential

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

var epoch = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// attributes has two of each kind that has an order. Half of the names are words of SQL.
func attributes() []segment.Attribute {
	return []segment.Attribute{
		{Name: "arr", Type: segment.NumberType}, {Name: "select", Type: segment.NumberType},
		{Name: "region", Type: segment.TextType}, {Name: "order", Type: segment.TextType},
		{Name: "trial", Type: segment.FlagType}, {Name: "user", Type: segment.FlagType},
		{Name: "renewal", Type: segment.TimeType}, {Name: "from", Type: segment.TimeType},
	}
}

// A dice makes random schemes and rows. Constants come from small pools, and facts are those constants, what lies beside
// them, or anything, so that edges meet.
type dice struct {
	*rand.Rand
	numbers []float64
	texts   []string
	times   []time.Time
}

func newDice(seed uint64) *dice {
	d := &dice{Rand: rand.New(rand.NewPCG(seed, 7))}
	d.numbers = []float64{0, -1, 100000, 0.1, 0.30000000000000004, 99999.99, 1e-7, 5e-324, 0x1p-1022, 1 << 53, -1 << 53}
	for range 6 {
		d.numbers = append(d.numbers, d.number())
	}
	d.texts = []string{
		"", "EU", "eu", "EU ", " EU", "'", "''", `\`, `\'`, `\\'; DROP TABLE t; --`, "%", "_", "a\nb\t", "é", "e\u0301", "ß", "SS", "İ",
		"株式会社", "😀", "\u200b", "10", "9", "NULL", "null", "TRUE", `"`, "$1", "?1", ":a", "@a", "{}", "/*", "--", ";", "\u2019", "\x01",
	}
	for _, n := range []int{1023, 1024, 9000} {
		d.texts = append(d.texts, strings.Repeat("x", n), strings.Repeat("'", n/2))
	}
	for range 6 {
		d.times = append(d.times, epoch.Add(time.Duration(d.IntN(100_000_000))*time.Second+time.Duration(d.IntN(1_000_000))*time.Microsecond))
	}
	for _, at := range []string{"2026-07-01", "2024-02-29", "1969-12-31", "0001-01-02", "9999-12-31"} {
		t, err := time.Parse(time.DateOnly, at)
		if err != nil {
			panic(err)
		}
		d.times = append(d.times, t)
	}
	return d
}

// number returns a number of up to 17 digits and any size up to 2^53.
func (d *dice) number() float64 {
	f := (d.Float64() - 0.5) * math.Pow(10, float64(d.IntN(24)-8))
	if d.IntN(2) == 0 {
		f = math.Round(f)
	}
	return f + 0
}

func pick[T any](d *dice, list []T) T { return list[d.IntN(len(list))] }

// fact returns a value of an attribute, nil for NULL.
func (d *dice) fact(a segment.Attribute, asOf time.Time) any {
	if d.IntN(6) == 0 {
		return nil
	}
	switch a.Type {
	case segment.NumberType:
		f := pick(d, d.numbers)
		switch d.IntN(5) {
		case 0:
			f = d.number()
		case 1:
			f = math.Nextafter(f, -1<<53)
		case 2:
			f = math.Nextafter(f, 1<<53)
		}
		return f
	case segment.TextType:
		return pick(d, d.texts)
	case segment.FlagType:
		return d.IntN(2) == 0
	}
	at := pick(d, d.times)
	if d.IntN(2) == 0 {
		at = asOf.Add(time.Duration(d.IntN(5)-2) * 24 * time.Hour)
	}
	return at.Add(time.Duration(d.IntN(3)-1) * time.Microsecond)
}

// value returns a stored value as the evaluator reads it.
func value(v any) segment.Value {
	switch v := v.(type) {
	case float64:
		return segment.Number(v)
	case string:
		return segment.Text(v)
	case bool:
		return segment.Flag(v)
	case time.Time:
		return segment.Time(v)
	}
	return segment.Null()
}

// constant returns a constant of an attribute as it is written in a condition.
func (d *dice) constant(a segment.Attribute) string {
	switch a.Type {
	case segment.NumberType:
		f := pick(d, d.numbers)
		if s := strconv.FormatFloat(f, 'f', -1, 64); len(s) < 60 {
			return s
		}
		return strconv.FormatFloat(f, 'e', -1, 64)
	case segment.TextType:
		for {
			if s := pick(d, append(d.texts, a.Values...)); len(s) <= 1024 && (len(a.Values) == 0 || contains(a.Values, s)) {
				return "'" + strings.ReplaceAll(s, "'", "''") + "'"
			}
		}
	case segment.FlagType:
		return pick(d, []string{"TRUE", "FALSE"})
	}
	switch d.IntN(4) {
	case 0:
		return "as_of"
	case 1:
		unit := pick(d, []string{"days", "hours", "minutes"})
		return fmt.Sprintf("as_of %s INTERVAL '%d %s'", pick(d, []string{"+", "-"}), pick(d, []int{0, 1, 2, 24, 48, 1440, 9_999_999}), unit)
	}
	if t := pick(d, d.times); t.Truncate(24*time.Hour).Equal(t) && d.IntN(2) == 0 {
		return t.Format("DATE '2006-01-02'")
	} else {
		return t.Format("TIMESTAMP '2006-01-02 15:04:05.000000'")
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// condition returns a random condition, at most depth deep.
func (d *dice) condition(from []segment.Attribute, depth int) string {
	if depth > 0 && d.IntN(3) > 0 {
		word, not := pick(d, []string{" AND ", " OR "}), pick(d, []string{"", "", "NOT "})
		parts := make([]string, 2+d.IntN(3))
		if d.IntN(20) == 0 {
			parts = make([]string, 9+d.IntN(30)) // which are grouped
		}
		for i := range parts {
			parts[i] = d.condition(from, depth-1)
			if len(parts) > 4 {
				parts[i] = d.condition(from, 0)
			}
		}
		return not + "(" + strings.Join(parts, word) + ")"
	}
	return d.test(pick(d, from))
}

// test returns a random test of an attribute.
func (d *dice) test(a segment.Attribute) string {
	not := pick(d, []string{"", "NOT "})
	n := 7
	switch a.Type {
	case segment.TextType:
		n = 5
	case segment.FlagType:
		n = 4
	}
	switch d.IntN(n) {
	case 0:
		return a.Name + " IS " + not + "NULL"
	case 1:
		return not + a.Name + pick(d, []string{" = ", " <> "}) + d.constant(a)
	case 2:
		return d.constant(a) + pick(d, []string{" = ", " <> "}) + a.Name
	case 3, 4:
		if a.Type == segment.FlagType {
			return not + a.Name
		}
		list := make([]string, 1+d.IntN(12))
		for i := range list {
			list[i] = d.constant(a)
		}
		return a.Name + " " + not + "IN (" + strings.Join(list, ", ") + ")"
	case 5:
		return not + a.Name + pick(d, []string{" < ", " <= ", " > ", " >= "}) + d.constant(a)
	}
	return a.Name + " " + not + "BETWEEN " + d.constant(a) + " AND " + d.constant(a)
}
