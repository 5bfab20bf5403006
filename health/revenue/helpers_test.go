package revenue_test

import (
	"iter"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
	"github.com/customersuccess-go/customersuccess/internal/refdata"
)

func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func at(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// sequence gives its arguments one after another.
func sequence[T any](items ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range items {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// course reads movements of one account, such as "2026-01-05 new 100", in EUR; what follows the amount is the source,
// and "price" a rise of the price.
func course(account string, movements ...string) []revenue.Movement {
	var out []revenue.Movement
	for _, text := range movements {
		f := strings.Fields(text)
		when, err := time.Parse(time.DateOnly, f[0])
		if err != nil {
			panic(err)
		}
		m := revenue.Movement{Account: account, At: when, Kind: revenue.Kind(f[1]), Amount: d(f[2]), Currency: "EUR"}
		if len(f) > 3 && f[3] == "price" {
			m.Price = true
		} else if len(f) > 3 {
			m.Source = f[3]
		}
		out = append(out, m)
	}
	return out
}

// tally adds courses to a tally in EUR of the periods of a unit in 2026.
func tally(t testing.TB, unit revenue.Unit, o revenue.Options, courses ...[]revenue.Movement) *revenue.Tally {
	t.Helper()
	c, err := revenue.NewCalendar(unit, at(2026), at(2027), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := revenue.NewTally("EUR", c, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range courses {
		if err := out.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// equal compares a ratio, or its absence, with text.
func equal(t *testing.T, what string, got *decimal.Decimal, want string) {
	t.Helper()
	if text := ratioText(got); text != want {
		t.Errorf("%s = %s, want %s", what, text, want)
	}
}

// parse reads an amount.
func parse(s string) (decimal.Decimal, error) { return decimal.NewFromString(s) }

func ratioText(r *decimal.Decimal) string {
	if r == nil {
		return "undefined"
	}
	return r.String()
}

// reference returns a folder of known answers that are not part of the project.
func reference(t *testing.T, folder string) string {
	t.Helper()
	dir := refdata.Reference(t, "../../../shared/reference", folder)
	return dir
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func read(t *testing.T, path string) []map[string]string {
	t.Helper()
	return refdata.Rows(t, path)
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	return refdata.Number(t, s)
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
