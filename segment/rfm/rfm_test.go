package rfm_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

var asOf = time.Date(2006, 12, 31, 0, 0, 0, 0, time.UTC)

func compile(t testing.TB, g rfm.Grid) *rfm.Model {
	t.Helper()
	m, err := rfm.Compile(g)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tally(t testing.TB, window segment.Duration) *rfm.Tally {
	t.Helper()
	out, err := rfm.NewTally("USD", asOf, window)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func add(t testing.TB, to *rfm.Tally, xs ...rfm.Transaction) {
	t.Helper()
	for _, x := range xs {
		if err := to.Add(x); err != nil {
			t.Fatal(err)
		}
	}
}

func buy(account string, daysAgo int, amount string) rfm.Transaction {
	return rfm.Transaction{Account: account, At: asOf.AddDate(0, 0, -daysAgo), Amount: dec(amount), Currency: "USD"}
}

// lines prints what a test compares of a result.
func lines(got rfm.Result) []string {
	var out []string
	for _, r := range got.Rows {
		out = append(out, fmt.Sprintf("%s %dd %d-%d %s %s %s", r.Account, r.Recency, r.Purchases, r.Refunds, r.Amount, r.Score, r.Cell))
	}
	for _, u := range got.Unscored {
		out = append(out, fmt.Sprintf("%s unscored %d %s", u.Account, u.Refunds, u.Amount))
	}
	return append(out, fmt.Sprintf("earlier %d later %d", got.Earlier, got.Later))
}

func TestScore(t *testing.T) {
	micro := func(x rfm.Transaction, d time.Duration) rfm.Transaction {
		x.At = x.At.Add(d)
		return x
	}
	for _, c := range []struct {
		name   string
		window segment.Duration
		xs     []rfm.Transaction
		want   []string
	}{
		{name: "nothing", want: []string{"earlier 0 later 0"}},
		{name: "one account", xs: []rfm.Transaction{buy("a", 3, "10"), buy("a", 1, "5.5")},
			want: []string{"a 1d 2-0 15.5 111 dormant", "earlier 0 later 0"}},
		{name: "all equal", xs: []rfm.Transaction{buy("a", 3, "10"), buy("b", 3, "10.00"), buy("c", 3, "1e1")},
			want: []string{"a 3d 1-0 10 111 dormant", "b 3d 1-0 10 111 dormant", "c 3d 1-0 10 111 dormant", "earlier 0 later 0"}},
		{name: "refunds take back money alone", xs: []rfm.Transaction{buy("a", 9, "10"), buy("a", 0, "-12.5"), buy("b", 3, "0")},
			want: []string{"a 9d 1-1 -2.5 111 dormant", "b 3d 1-0 0 313 steady", "earlier 0 later 0"}},
		{name: "refunds alone", xs: []rfm.Transaction{buy("a", 0, "-1"), buy("a", 1, "-2"), buy("b", 3, "4")},
			want: []string{"b 3d 1-0 4 111 dormant", "a unscored 2 -3", "earlier 0 later 0"}},
		{name: "as of is included", xs: []rfm.Transaction{buy("a", 0, "1"), micro(buy("b", 0, "1"), time.Microsecond), micro(buy("c", 0, "1"), 999)},
			want: []string{"a 0d 1-0 1 111 dormant", "c 0d 1-0 1 111 dormant", "earlier 0 later 1"}},
		{name: "a day is 24 hours", xs: []rfm.Transaction{micro(buy("a", 1, "1"), time.Microsecond), buy("b", 1, "1")},
			want: []string{"a 0d 1-0 1 311 steady", "b 1d 1-0 1 111 dormant", "earlier 0 later 0"}},
		{name: "the window excludes its start", window: 7 * segment.Day, xs: []rfm.Transaction{buy("a", 7, "1"), micro(buy("b", 7, "1"), time.Microsecond)},
			want: []string{"b 6d 1-0 1 111 dormant", "earlier 1 later 0"}},
		{name: "each its own score", xs: []rfm.Transaction{buy("e", 1, "5"), buy("d", 2, "4"), buy("c", 3, "3"), buy("b", 4, "2"), buy("a", 5, "1")},
			want: []string{"a 5d 1-0 1 111 dormant", "b 4d 1-0 2 212 dormant", "c 3d 1-0 3 313 steady", "d 2d 1-0 4 414 spenders", "e 1d 1-0 5 515 spenders", "earlier 0 later 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := tally(t, c.window)
			add(t, book, c.xs...)
			if diff := cmp.Diff(c.want, lines(compile(t, rfm.Starter()).Score(book))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
