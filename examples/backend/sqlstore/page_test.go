package sqlstore

import (
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// many is more than two pages, and not a whole number of them.
const many = 2*pageSize + 44

// A long is a range over more than one page of one account, and what can overtake it.
type long struct {
	name string
	fill func(t *testing.T, s Tenant)
	read func(t *testing.T, s Tenant) iter.Seq2[string, error] // texts that rise
	more func(t *testing.T, s Tenant)                          // adds rows, and revises those of the last page
}

func longs() []long {
	var none time.Time
	id := func(n int) string { return fmt.Sprintf("%06d", n) }
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	events := func(from, to int) (list []journey.Event) {
		for n := from; n < to; n++ {
			list = append(list, event("acme", id(n)))
		}
		return list
	}
	entries := func(from, to int) (list []ladder.Entry) {
		for n := from; n < to; n++ {
			list = append(list, entry("acme", id(n)))
		}
		return list
	}
	values := func(from, to, recorded int, value float64) (list []outcome.Measurement) {
		for n := from; n < to; n++ {
			list = append(list, outcome.Measurement{Measure: "m", At: instant(n), Value: value, Recorded: instant(recorded)})
		}
		return list
	}
	made := func(from, to, recorded int, by string) (list []engagement.Touch) {
		for n := from; n < to; n++ {
			list = append(list, engagement.Touch{Format: 1, ID: id(n), By: by, At: instant(n / 300), Recorded: instant(recorded)})
		}
		return list
	}
	return []long{
		{
			"journey.Log", func(t *testing.T, s Tenant) { must(t, s.Log("j").Append(t.Context(), "acme", 0, events(0, many)...)) },
			func(t *testing.T, s Tenant) iter.Seq2[string, error] {
				return texts(s.Log("j").Events(t.Context(), "acme", 0), func(e journey.Event) string { return e.ID })
			},
			func(t *testing.T, s Tenant) {
				must(t, s.Log("j").Append(t.Context(), "acme", many, events(many, many+9)...))
			},
		},
		{
			"ladder.Ledger", func(t *testing.T, s Tenant) { must(t, s.Ledger().Append(t.Context(), "acme", 0, entries(0, many)...)) },
			func(t *testing.T, s Tenant) iter.Seq2[string, error] {
				return texts(s.Ledger().Entries(t.Context(), "acme", 0), func(e ladder.Entry) string { return e.ID })
			},
			func(t *testing.T, s Tenant) {
				must(t, s.Ledger().Append(t.Context(), "acme", many, entries(many, many+9)...))
			},
		},
		{
			"outcome.Measurements",
			func(t *testing.T, s Tenant) {
				must(t, s.Measurements().Put(t.Context(), "acme", values(0, many, 1000, 1)...))
			},
			func(t *testing.T, s Tenant) iter.Seq2[string, error] {
				return texts(s.Measurements().Measured(t.Context(), "acme", "m", none, none, none), func(m outcome.Measurement) string {
					return fmt.Sprintf("%06d %v", m.At.Sub(instant(0))/time.Second, m.Value)
				})
			},
			func(t *testing.T, s Tenant) {
				must(t, s.Measurements().Put(t.Context(), "acme", values(many-9, many+9, 1001, 2)...))
			},
		},
		{
			"engagement.Touches",
			func(t *testing.T, s Tenant) {
				must(t, s.Touches().Record(t.Context(), "acme", made(0, many, 1000, "kim")...))
			},
			func(t *testing.T, s Tenant) iter.Seq2[string, error] {
				return texts(s.Touches().Made(t.Context(), "acme", none, none, none), func(m engagement.Touch) string { return m.ID + m.By })
			},
			func(t *testing.T, s Tenant) {
				must(t, s.Touches().Record(t.Context(), "acme", made(many-9, many+9, 1001, "lee")...))
			},
		},
	}
}

// texts yields a text of each item.
func texts[T any](seq iter.Seq2[T, error], text func(T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for v, err := range seq {
			if !yield(text(v), err) {
				return
			}
		}
	}
}

// eachLong runs a test on each long range on each database, on one connection.
func eachLong(t *testing.T, test func(t *testing.T, s Tenant, l long)) {
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		db.pool.SetMaxOpenConns(1)
		for _, l := range longs() {
			t.Run(l.name, func(t *testing.T) {
				l.fill(t, db.Tenant(l.name))
				test(t, db.Tenant(l.name), l)
			})
		}
	})
}

// TestPages changes what a range reads while it reads its first page: the pages after it are as they were.
func TestPages(t *testing.T) {
	eachLong(t, func(t *testing.T, s Tenant, l long) {
		var before []string
		for text, err := range l.read(t, s) {
			if err != nil {
				t.Fatal(err)
			}
			if len(before) > 0 && text <= before[len(before)-1] {
				t.Fatalf("got %q after %q", text, before[len(before)-1])
			}
			before = append(before, text)
		}
		if len(before) != many {
			t.Fatalf("got %d items, want %d", len(before), many)
		}
		n := 0
		for text, err := range l.read(t, s) {
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				l.more(t, s)
			}
			if n >= many || text != before[n] {
				t.Fatalf("item %d is %q, which was not there when the range began", n, text)
			}
			n++
		}
		if n != many {
			t.Errorf("got %d items, want %d", n, many)
		}
		n = 0
		for _, err := range l.read(t, s) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != many+9 {
			t.Errorf("a range that began later has %d items, want %d", n, many+9)
		}
	})
}

// TestForgottenWithin forgets the account while a range reads its first page, and puts the same rows again: the range
// must not take the new account for the old one, nor end as if it were whole.
func TestForgottenWithin(t *testing.T) {
	eachLong(t, func(t *testing.T, s Tenant, l long) {
		n := 0
		for _, err := range l.read(t, s) {
			if err != nil {
				if !errors.Is(err, ErrForgotten) || n != pageSize {
					t.Fatalf("got %d items and %v, want %d and ErrForgotten", n, err, pageSize)
				}
				return
			}
			if n == 0 {
				if err := s.Forget(t.Context(), "acme"); err != nil {
					t.Fatal(err)
				}
				l.fill(t, s)
			}
			n++
		}
		t.Errorf("the range ended after %d items without an error", n)
	})
}

// TestManyAccounts lists more accounts than a page has, on one connection, with calls in between.
func TestManyAccounts(t *testing.T) {
	const accounts = pageSize + 44
	each(t, func(t *testing.T, url string) {
		db := migrated(t, url)
		db.pool.SetMaxOpenConns(1)
		s := db.Tenant("t")
		plan := outcome.Plan{Format: 1, ID: "p", Version: 1, Recorded: instant(0), Start: instant(0), Outcomes: []outcome.Outcome{}}
		touch := engagement.Touch{Format: 1, ID: "a", At: instant(0), Recorded: instant(0)}
		for n := range accounts {
			plan.Account = fmt.Sprintf("account %06d", n)
			if err := errors.Join(
				s.Plans().Save(t.Context(), 0, plan),
				s.Touches().Record(t.Context(), plan.Account, touch),
				s.Ledger().Append(t.Context(), plan.Account, 0, entry(plan.Account, "a"), entry(plan.Account, "b")),
			); err != nil {
				t.Fatal(err)
			}
		}
		for what, seq := range map[string]iter.Seq2[string, error]{
			"plans": s.Plans().Planned(t.Context(), "account 000009"), "touches": s.Touches().Touched(t.Context(), "account 000009"),
			"entries": s.Ledger().Posted(t.Context(), "account 000009"),
		} {
			n := 10
			for account, err := range seq {
				if err != nil {
					t.Fatal(err)
				}
				if want := fmt.Sprintf("account %06d", n); account != want {
					t.Fatalf("%s: got account %q, want %q", what, account, want)
				}
				if _, ok, err := s.Plans().Load(t.Context(), account, "p"); !ok || err != nil {
					t.Fatalf("%s: load within: %v, %v", what, ok, err)
				}
				n++
			}
			if n != accounts {
				t.Errorf("%s: got accounts up to %d, want %d", what, n, accounts)
			}
		}
	})
}
