package ladder_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// booked is a ladder with three benefits on a pool of 1200 hours a year, and one without.
func booked() ladder.Ladder {
	l := hoursSaved()
	l.Pools = []ladder.Pool{{Name: "team", Capacity: *constant("1200"), Basis: ladder.Annual}}
	l.Benefits = nil
	for _, name := range []string{"calls", "mails", "chats", "fines"} {
		l.Benefits = append(l.Benefits, ladder.Benefit{
			Name: name, Driver: ladder.CostReduction, Basis: ladder.OneOff, Node: "users", Moved: quantity(name),
			Attribution: constant("0.25"), UnitValue: *constant("8"), Pool: "team",
		})
	}
	l.Benefits[3].Pool = ""
	return l
}

// clock gives instants a second apart from noon on, with nanoseconds that are to be dropped.
func clock() func() time.Time {
	at := epoch.Add(12 * time.Hour)
	return func() time.Time {
		at = at.Add(time.Second + time.Nanosecond)
		return at
	}
}

func newBooks(t testing.TB, l ladder.Ladder, store ladder.Ledger) *ladder.Books {
	t.Helper()
	b, err := ladder.NewBooks(compile(t, l), store, ladder.Options{Now: clock()})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// month returns an entry for the months from..to-1 of 2026, counted from 0.
func month(id, benefit string, from, to int, amount, units string) ladder.Entry {
	return ladder.Entry{
		ID: id, Account: "acme", Benefit: benefit, From: epoch.AddDate(0, from, 0), To: epoch.AddDate(0, to, 0),
		Amount: dec(amount), Units: dec(units), Evidence: ladder.Measured,
	}
}

// entriesOf reads a ledger.
func entriesOf(t *testing.T, store ladder.Ledger) (list []ladder.Entry) {
	t.Helper()
	for e, err := range store.Entries(t.Context(), "acme", 0) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

// refusal returns the rule that refused, or "".
func refusal(err error) string {
	var refused *ladder.RefusedError
	if errors.As(err, &refused) {
		return refused.Rule
	}
	return ""
}

func TestPost(t *testing.T) {
	store := new(ladder.Memory)
	books := newBooks(t, booked(), store)
	e := month("e1", "fines", 0, 3, "100.10", "0")
	e.Evidence = ""
	e.From = e.From.In(time.FixedZone("", 3600)).Add(999)
	got, err := books.Post(t.Context(), e, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := month("e1", "fines", 0, 3, "100.1", "0")
	want.Format, want.Currency, want.Evidence, want.Digest = 1, "EUR", ladder.Assumed, compile(t, booked()).Digest()
	want.Recorded = epoch.Add(12*time.Hour + time.Second)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := books.Post(t.Context(), e, nil)
	if diff := cmp.Diff(got, again); err != nil || diff != "" {
		t.Errorf("posted twice: %v (-first +second):\n%s", err, diff)
	}
	if diff := cmp.Diff([]ladder.Entry{got}, entriesOf(t, store)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	roundTrip(t, got)

	l := booked()
	l.Name = "another"
	later := newBooks(t, l, store)
	if again, err := later.Post(t.Context(), e, nil); err != nil || again.Digest != got.Digest {
		t.Errorf("posted again under another ladder: %v, digest %v", err, again.Digest)
	}
}

func TestPostRefuses(t *testing.T) {
	store := new(ladder.Memory)
	books := newBooks(t, booked(), store)
	if _, err := books.Post(t.Context(), month("e1", "fines", 0, 3, "100", "0"), nil); err != nil {
		t.Fatal(err)
	}
	good := func() ladder.Entry { return month("e2", "fines", 3, 4, "100", "0") }
	for _, test := range []struct {
		name  string
		spoil func(e *ladder.Entry)
		rule  string // "": a DataError
		want  string // a part of the message
	}{
		{"overlap at the start", func(e *ladder.Entry) { e.From = epoch.AddDate(0, 3, 0).Add(-time.Microsecond) }, "overlap", `entry "e1" has benefit "fines" booked in a part of its period`},
		{"overlap around", func(e *ladder.Entry) { e.From = epoch.AddDate(-1, 0, 0) }, "overlap", `the reversal of "e1"`},
		{"overlap within", func(e *ladder.Entry) { e.From, e.To = epoch.AddDate(0, 1, 0), epoch.AddDate(0, 1, 1) }, "overlap", "e1"},
		{"another entry's ID", func(e *ladder.Entry) { e.ID = "e1" }, "exists", `entry "e1" is booked with other content; needs another ID`},
		{"no ID", func(e *ladder.Entry) { e.ID = "" }, "", "entry ID: is empty"},
		{"no account", func(e *ladder.Entry) { e.Account = "" }, "", "account: is empty"},
		{"no period", func(e *ladder.Entry) { e.To = e.From }, "", "period: does not end after"},
		{"unknown benefit", func(e *ladder.Entry) { e.Benefit = "fine" }, "known_benefit", `the ladder has no benefit "fine"; needs a benefit of the ladder`},
		{"another currency", func(e *ladder.Entry) { e.Currency = "USD" }, "", `is in "USD", not in "EUR"`},
		{"finer than a cent", func(e *ladder.Entry) { e.Amount = dec("0.001") }, "", "amount 0.001 is finer than the minor unit of EUR"},
		{"40 digits", func(e *ladder.Entry) { e.Amount = dec("1234567890123456789012345678901234567891") }, "", "amount needs"},
		{"exponent", func(e *ladder.Entry) { e.Amount = decimal.New(1, 1e9) }, "", "amount has"},
		{"units with an exponent", func(e *ladder.Entry) { e.Units = decimal.New(1, -1e9) }, "", "units has"},
		{"evidence", func(e *ladder.Entry) { e.Evidence = "hearsay" }, "", `unknown evidence class "hearsay"`},
		{"reversal by hand", func(e *ladder.Entry) { e.Reverses = "e1" }, "", "only Reverse makes such entries"},
		{"source", func(e *ladder.Entry) { e.Source = "\xff" }, "", `entry "e2": source is not valid UTF-8`},
		{"source with NUL", func(e *ladder.Entry) { e.Source = "a\x00" }, "", "source contains U+0000"},
		{"source without end", func(e *ladder.Entry) { e.Source = strings.Repeat("x", 1025) }, "", "source has 1025 bytes, over 1024"},
		{"by with NUL", func(e *ladder.Entry) { e.By = "\x00" }, "", "by contains U+0000"},
		{"no start", func(e *ladder.Entry) { e.From = time.Time{} }, "", "from: is zero"},
		{"no end", func(e *ladder.Entry) { e.To = time.Time{} }, "", "to: is zero"},
		{"claims nothing of its pool", func(e *ladder.Entry) { e.Benefit = "calls" }, "", `claims no units of pool "team"`},
		{"above its pool", func(e *ladder.Entry) { e.Benefit, e.Units = "calls", dec("100.000000001") }, "pool",
			`100.000000001 units would take pool "team" above its capacity of 1200; needs at most 100 units in the period`},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := good()
			test.spoil(&e)
			_, err := books.Post(t.Context(), e, nil)
			var data *ladder.DataError
			if err == nil || !strings.Contains(err.Error(), test.want) || refusal(err) != test.rule || errors.As(err, &data) != (test.rule == "") {
				t.Errorf("got %v, want rule %q and …%s…", err, test.rule, test.want)
			}
		})
	}
	if n := len(entriesOf(t, store)); n != 1 {
		t.Errorf("%d entries", n)
	}
	if _, err := books.Post(t.Context(), good(), nil); err != nil {
		t.Errorf("the good entry: %v", err)
	}
}

func TestReverse(t *testing.T) {
	store := new(ladder.Memory)
	books := newBooks(t, booked(), store)
	e, err := books.Post(t.Context(), month("e1", "calls", 0, 12, "100.50", "1200"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := books.Reverse(t.Context(), "acme", "e1", "anna", "letter 4")
	if err != nil {
		t.Fatal(err)
	}
	want := e
	want.ID, want.Reverses, want.By, want.Source = r.ID, "e1", "anna", "letter 4"
	want.Amount, want.Units, want.Recorded = dec("-100.5"), dec("-1200"), e.Recorded.Add(time.Second)
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("reversal (-want +got):\n%s", diff)
	}
	again, err := books.Reverse(t.Context(), "acme", "e1", "zoe", "")
	if diff := cmp.Diff(r, again); err != nil || diff != "" {
		t.Errorf("reversed twice: %v (-first +second):\n%s", err, diff)
	}
	if _, err := books.Reverse(t.Context(), "acme", r.ID, "", ""); refusal(err) != "reversal" {
		t.Errorf("reversal of a reversal: %v", err)
	}
	var data *ladder.DataError
	if _, err := books.Reverse(t.Context(), "acme", "e2", "", ""); !errors.As(err, &data) {
		t.Errorf("reversal of nothing: %v", err)
	}
	if got, err := books.Post(t.Context(), month("e1", "calls", 0, 12, "100.50", "1200"), nil); err != nil || got.Recorded != e.Recorded {
		t.Errorf("the reversed entry again: %+v, %v", got, err)
	}
	if _, err := books.Post(t.Context(), month("e2", "calls", 0, 12, "90", "1200"), nil); err != nil {
		t.Errorf("posted anew in the period and the pool of the reversed one: %v", err)
	}

	taken := month(r.ID, "fines", 0, 1, "1", "0")
	taken.Account = "zeta"
	mine := month("e1", "fines", 1, 2, "1", "0")
	mine.Account = "zeta"
	for _, e := range []ladder.Entry{taken, mine} {
		if _, err := books.Post(t.Context(), e, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := books.Reverse(t.Context(), "zeta", "e1", "", ""); refusal(err) != "exists" {
		t.Errorf("reversal whose ID is taken: %v", err)
	}
	for _, text := range []string{"\xff", "\x00", strings.Repeat("x", 1025)} {
		for _, texts := range [][2]string{{text, ""}, {"", text}} {
			if _, err := books.Reverse(t.Context(), "zeta", "e1", texts[0], texts[1]); !errors.As(err, &data) {
				t.Errorf("reversed by %.9q because of %.9q: %v", texts[0], texts[1], err)
			}
		}
	}
}

// contested is a ledger in which other writers come first a number of times.
type contested struct {
	ladder.Memory
	times int
	other func(n int) ladder.Entry
}

func (c *contested) Append(ctx context.Context, account string, after int64, list ...ladder.Entry) error {
	if c.times > 0 {
		c.times--
		if err := c.Memory.Append(ctx, account, after, c.other(c.times)); err != nil {
			return err
		}
	}
	return c.Memory.Append(ctx, account, after, list...)
}

func TestConflicts(t *testing.T) {
	late := epoch.AddDate(1, 0, 0)
	other := func(n int) ladder.Entry {
		e := month(fmt.Sprintf("other %d", n), "fines", 10+n, 11+n, "1", "0")
		e.Currency, e.Recorded = "EUR", late
		return e
	}
	for _, test := range []struct {
		times, retries int
		ok             bool
	}{{0, -1, true}, {1, -1, false}, {3, 0, true}, {4, 0, false}, {1, 1, true}, {2, 1, false}} {
		store := &contested{times: test.times, other: other}
		books, err := ladder.NewBooks(compile(t, booked()), store, ladder.Options{Now: clock(), Retries: test.retries})
		if err != nil {
			t.Fatal(err)
		}
		e, err := books.Post(t.Context(), month("e1", "fines", 0, 1, "1", "0"), nil)
		if test.ok != (err == nil) || !test.ok && !errors.Is(err, ladder.ErrConflict) {
			t.Errorf("%d conflicts, %d retries: %v", test.times, test.retries, err)
		}
		if test.ok && test.times > 0 && !e.Recorded.Equal(late) {
			t.Errorf("recorded at %v, before the entry before it", e.Recorded)
		}
	}
	t.Run("the other booked the period", func(t *testing.T) {
		store := &contested{times: 1, other: func(int) ladder.Entry { return month("other", "fines", 0, 1, "1", "0") }}
		if _, err := newBooks(t, booked(), store).Post(t.Context(), month("e1", "fines", 0, 1, "1", "0"), nil); refusal(err) != "overlap" {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}

func TestBooksOptions(t *testing.T) {
	if _, err := ladder.NewBooks(nil, new(ladder.Memory), ladder.Options{}); err == nil {
		t.Error("books without a model")
	}
	if _, err := ladder.NewBooks(compile(t, booked()), nil, ladder.Options{}); err == nil {
		t.Error("books without a ledger")
	}
	type key struct{}
	var seen []string
	observe := func(ctx context.Context, op ladder.Op) (context.Context, func(error)) {
		return context.WithValue(ctx, key{}, 1), func(err error) {
			seen = append(seen, fmt.Sprintf("%s %s %v", op.Name, op.Account, err != nil))
		}
	}
	books, err := ladder.NewBooks(compile(t, booked()), new(ladder.Memory), ladder.Options{Observe: observe})
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().Add(-time.Second)
	e, err := books.Post(t.Context(), month("e1", "fines", 0, 1, "1", "0"), nil)
	if err != nil || e.Recorded.Before(before) {
		t.Errorf("recorded at %v, %v", e.Recorded, err)
	}
	_, _ = books.Post(t.Context(), month("e2", "fines", 0, 1, "1", "0"), nil)
	_, _ = books.Reverse(t.Context(), "acme", "e1", "", "")
	_, _ = books.Balance(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{})
	want := []string{"post acme false", "post acme true", "reverse acme false", "balance acme false"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
	for name, observe := range map[string]ladder.Observer{
		"no context":  func(context.Context, ladder.Op) (context.Context, func(error)) { return nil, func(error) {} },
		"no function": func(ctx context.Context, _ ladder.Op) (context.Context, func(error)) { return ctx, nil },
	} {
		books, err := ladder.NewBooks(compile(t, booked()), new(ladder.Memory), ladder.Options{Observe: observe})
		if err == nil {
			_, err = books.Balance(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{})
		}
		if err != nil {
			t.Errorf("an observer that returns %s: %v", name, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, postErr := books.Post(gone, month("e3", "fines", 1, 2, "1", "0"), nil)
	_, reverseErr := books.Reverse(gone, "acme", "e1", "", "")
	_, balanceErr := books.Balance(gone, "acme", time.Time{}, time.Time{}, time.Time{})
	for _, err := range []error{postErr, reverseErr, balanceErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the context's error", err)
		}
	}
}

// still is a ledger that keeps nothing new, so that what it allocates is out of the count.
type still struct{ *ladder.Memory }

func (still) Append(context.Context, string, int64, ...ladder.Entry) error { return nil }

// long is a ledger with so many entries, a month each.
func long(tb testing.TB, n int) *ladder.Memory {
	tb.Helper()
	store := new(ladder.Memory)
	var list []ladder.Entry
	for i := range n {
		e := month(fmt.Sprintf("e%d", i), []string{"calls", "mails", "fines"}[i%3], i, i+1, "100.10", "1")
		e.Currency, e.Evidence = "EUR", classes[i%6]
		list = append(list, e)
	}
	if err := store.Append(tb.Context(), "acme", 0, list...); err != nil {
		tb.Fatal(err)
	}
	return store
}

// TestBooksHoldLittle: a ledger is read through for each entry, and what doesn't decide about it is not held.
func TestBooksHoldLittle(t *testing.T) {
	const entries, bytes = 10_000, 64 << 10 // under 7 for each entry
	books := newBooks(t, booked(), still{long(t, entries)})
	for name, change := range map[string]func() error{
		"post": func() error {
			_, err := books.Post(t.Context(), month("next", "calls", entries, entries+1, "1", "1"), nil)
			return err
		},
		"reverse": func() error {
			_, err := books.Reverse(t.Context(), "acme", "e77", "", "")
			return err
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := change()
		runtime.ReadMemStats(&after)
		if held := after.TotalAlloc - before.TotalAlloc; err != nil || held > bytes {
			t.Errorf("%s: %v, allocated %d bytes", name, err, held)
		}
	}
}
