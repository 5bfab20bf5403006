package ladder_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/ladder"
)

func TestBalance(t *testing.T) {
	store := new(ladder.Memory)
	books := newBooks(t, booked(), store)
	post := func(id, benefit string, from, to int, amount string, class ladder.Evidence) ladder.Entry {
		t.Helper()
		e := month(id, benefit, from, to, amount, "1")
		e.Evidence = class
		e, err := books.Post(t.Context(), e, nil)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	post("e1", "fines", 0, 1, "10.10", ladder.Measured)
	post("e2", "mails", 0, 1, "20.20", ladder.Measured)
	post("e3", "mails", 1, 2, "30.30", ladder.Audited)
	last := post("e4", "mails", 2, 3, "40.40", ladder.Measured)
	before, err := books.Balance(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := ladder.Balance{
		Account: "acme", Version: 4, Ladder: "to the cent", Digest: compile(t, booked()).Digest(), Currency: "EUR", Amount: dec("101"),
		Lines: []ladder.BalanceLine{
			{Benefit: "mails", Evidence: ladder.Audited, Amount: dec("30.30"), Entries: 1},
			{Benefit: "mails", Evidence: ladder.Measured, Amount: dec("60.60"), Entries: 2},
			{Benefit: "fines", Evidence: ladder.Measured, Amount: dec("10.10"), Entries: 1},
		},
	}
	if diff := cmp.Diff(want, before); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	roundTrip(t, before)
	post("e5", "calls", 0, 1, "0.01", ladder.Assumed)
	if _, err := books.Reverse(t.Context(), "acme", "e5", "", ""); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name              string
		from, to, knownAt time.Time
		amount            string
		lines             int
	}{
		{"all, and what is taken back", time.Time{}, time.Time{}, time.Time{}, "101", 4},
		{"known before the last", time.Time{}, time.Time{}, last.Recorded.Add(-time.Microsecond), "60.6", 3},
		{"known with the last", time.Time{}, time.Time{}, last.Recorded, "101", 3},
		{"within February, but for nanoseconds", epoch.AddDate(0, 1, 0).Add(999), epoch.AddDate(0, 2, 0).Add(999), last.Recorded.Add(999), "30.3", 1},
		{"within February", epoch.AddDate(0, 1, 0), epoch.AddDate(0, 2, 0), time.Time{}, "30.3", 1},
		{"ends outside", epoch, epoch.AddDate(0, 2, 0).Add(-time.Microsecond), time.Time{}, "30.3", 3},
		{"begins outside", epoch.AddDate(0, 1, 0).Add(time.Microsecond), epoch.AddDate(0, 3, 0), time.Time{}, "40.4", 1},
		{"nothing", epoch.AddDate(1, 0, 0), time.Time{}, time.Time{}, "0", 0},
	} {
		got, err := books.Balance(t.Context(), "acme", test.from, test.to, test.knownAt)
		if err != nil || !got.Amount.Equal(dec(test.amount)) || len(got.Lines) != test.lines || got.Version != 6 {
			t.Errorf("%s: %+v, %v, want %s on %d lines", test.name, got, err, test.amount, test.lines)
		}
	}
	if got, err := books.Balance(t.Context(), "nobody", time.Time{}, time.Time{}, time.Time{}); err != nil || got.Version != 0 || !got.Amount.IsZero() {
		t.Errorf("nobody: %+v, %v", got, err)
	}
}

// far is an instant that RFC 3339 can't write.
var far = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)

// TestForeignEntries has what only another release, or a store that mixes accounts up, can bring.
func TestForeignEntries(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(e *ladder.Entry)
		is    error
		want  string // after the operation
	}{
		{"a format to come", func(e *ladder.Entry) { e.Format = ladder.Format + 1 }, ladder.ErrFormat, `"acme": entry "e1": format 2: unknown format`},
		{"another account's", func(e *ladder.Entry) { e.Account = "zeta" }, nil, `"acme": entry "e1": is of account "zeta"`},
	} {
		store := new(ladder.Memory)
		e := month("e1", "fines", 0, 1, "1", "0")
		e.Format, e.Currency = ladder.Format, "EUR"
		test.spoil(&e)
		if err := store.Append(t.Context(), "acme", 0, e); err != nil {
			t.Fatal(err)
		}
		books := newBooks(t, booked(), store)
		_, post := books.Post(t.Context(), month("e2", "fines", 1, 2, "1", "0"), nil)
		_, reverse := books.Reverse(t.Context(), "acme", "e1", "", "")
		_, balance := books.Balance(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{})
		for _, err := range []error{post, reverse, balance} {
			var data *ladder.DataError
			if err == nil || !strings.HasSuffix(err.Error(), test.want) || errors.Is(err, ladder.ErrFormat) == errors.As(err, &data) || test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("%s: got %v, want …%s", test.name, err, test.want)
			}
		}
	}
}

// TestBalanceOfStore sums a ledger that others wrote: benefits of an earlier ladder come last, and what can't be summed
// is an error.
func TestBalanceOfStore(t *testing.T) {
	entry := func(text string) ladder.Entry {
		t.Helper()
		e := month("e", "fines", 0, 1, "1", "0")
		e.Currency = "EUR"
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	nines := strings.Repeat("9", 38)
	for _, test := range []struct {
		name string
		list []ladder.Entry
		want string // benefits, or a part of the error
	}{
		{"earlier benefits", []ladder.Entry{entry(`{"id":"1","benefit":"zebra"}`), entry(`{"id":"2","benefit":"ape"}`), entry(`{"id":"3"}`)}, "fines ape zebra "},
		{"unknown keys", []ladder.Entry{entry(`{"id":"1","format":1,"new":1}`)}, "fines "},
		{"mixed currencies", []ladder.Entry{entry(`{"id":"1"}`), entry(`{"id":"2","currency":"USD"}`)}, `entry "2": is in "USD", not in "EUR"`},
		{"exponent", []ladder.Entry{entry(`{"id":"1","amount":"1e5000"}`)}, `entry "1": amount has`},
		{"digits", []ladder.Entry{entry(`{"id":"1","amount":"` + strings.Repeat("9", 40) + `"}`)}, `entry "1": amount needs`},
		{"sum of digits", []ladder.Entry{entry(`{"id":"1","amount":"` + nines + `"}`), entry(`{"id":"2","amount":"` + nines + `"}`)}, "balance: comes to"},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := new(ladder.Memory)
			if err := store.Append(t.Context(), "acme", 0, test.list...); err != nil {
				t.Fatal(err)
			}
			b, err := newBooks(t, booked(), store).Balance(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{})
			got := ""
			for _, line := range b.Lines {
				got += line.Benefit + " "
			}
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	for _, bounds := range [][3]time.Time{{far}, {1: far}, {2: far}, {epoch, epoch}, {epoch.AddDate(0, 1, 0), epoch}, {epoch, epoch.Add(999)}} {
		var data *ladder.DataError
		_, err := newBooks(t, booked(), new(ladder.Memory)).Balance(t.Context(), "acme", bounds[0], bounds[1], bounds[2])
		if !errors.As(err, &data) {
			t.Errorf("bounds %v: %v", bounds, err)
		}
	}
	var e ladder.Entry
	if err := json.Unmarshal([]byte(`{"amount":"1e1000000000"}`), &e); err == nil {
		t.Error("an amount of 1e1000000000 is read")
	}
}
