package ladder_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// counted is a ledger that counts.
type counted struct {
	ladder.Memory
	reads, appends int
}

func (c *counted) Append(ctx context.Context, account string, after int64, list ...ladder.Entry) error {
	c.appends++
	return c.Memory.Append(ctx, account, after, list...)
}

func (c *counted) Entries(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
	c.reads++
	return c.Memory.Entries(ctx, account, after)
}

// unrecorded are entries without the time of their recording.
func unrecorded(list []ladder.Entry) []ladder.Entry {
	list = slices.Clone(list)
	for i := range list {
		list[i].Recorded = time.Time{}
	}
	return list
}

// claims are entries of acme at random, some of them again, some in the way of others.
func claims(r *rand.Rand, n int) []ladder.Entry {
	var list []ladder.Entry
	for range n {
		if len(list) > 0 && r.IntN(8) == 0 {
			list = append(list, list[r.IntN(len(list))])
			continue
		}
		e := month(fmt.Sprintf("e%d", r.IntN(1000)), pick(r, "calls", "mails", "chats", "fines"), 0, 1, "1", "0")
		e.From = epoch.AddDate(0, 0, r.IntN(1500))
		e.To = e.From.AddDate(0, 0, 1+r.IntN(40))
		e.Amount, e.Evidence = decimal.New(r.Int64N(1000)-100, -2), pick(r, classes...)
		e.Units = decimal.New(1+r.Int64N(4000), -2)
		list = append(list, e)
	}
	return list
}

// TestPostAllTwin: what PostAll books and refuses is what Post does, entry by entry.
func TestPostAllTwin(t *testing.T) {
	counts := map[string]int{}
	for _, basis := range []ladder.Basis{ladder.Annual, ladder.RunRate, ladder.OneOff} {
		l := booked()
		l.Pools[0].Basis = basis
		for seed := range uint64(150) {
			r := rand.New(rand.NewPCG(seed, 5))
			one, all := new(ladder.Memory), new(counted)
			single, many := newBooks(t, l, one), newBooks(t, l, all)
			for _, e := range claims(r, 30) { // what both have at first, a part of it reversed
				reverse := r.IntN(4) == 0
				for _, books := range []*ladder.Books{single, many} {
					if _, err := books.Post(t.Context(), e, nil); err == nil && reverse {
						if _, err := books.Reverse(t.Context(), "acme", e.ID, "", ""); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			before := entriesOf(t, all)
			list := append(claims(r, 1+r.IntN(20)), before[r.IntN(len(before))])
			if e := list[len(list)-1]; e.Reverses != "" {
				list = list[:len(list)-1]
			}
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			var want []ladder.Entry
			var wantErr error
			for _, e := range list {
				posted, err := single.Post(t.Context(), e, nil)
				if wantErr = err; err != nil {
					break
				}
				want = append(want, posted)
			}
			all.reads, all.appends = 0, 0
			got, err := many.PostAll(t.Context(), list, nil)
			if rule := refusal(wantErr); rule != "" {
				counts[rule]++
				place := fmt.Sprintf("refused by %s: entry %d: ", rule, len(want))
				if text := fmt.Sprint(err); refusal(err) != rule || strings.Replace(text, place, fmt.Sprintf("refused by %s: ", rule), 1) != wantErr.Error() || !strings.Contains(text, place) {
					t.Fatalf("%s, seed %d: %v, want %v of entry %d", basis, seed, err, wantErr, len(want))
				}
				if diff := cmp.Diff(before, entriesOf(t, all)); diff != "" || got != nil || all.reads != 2 || all.appends > 0 {
					t.Fatalf("%s, seed %d: refused, and changed (-before +after):\n%s", basis, seed, diff)
				}
				continue
			}
			if err != nil || wantErr != nil {
				t.Fatalf("%s, seed %d: %v, %v", basis, seed, err, wantErr)
			}
			counts[""]++
			if diff := cmp.Diff(unrecorded(want), unrecorded(got)); diff != "" || all.reads != 1 || all.appends > 1 {
				t.Fatalf("%s, seed %d: %d reads, %d appends; posted (-one by one +all):\n%s", basis, seed, all.reads, all.appends, diff)
			}
			if diff := cmp.Diff(unrecorded(entriesOf(t, one)), unrecorded(entriesOf(t, all))); diff != "" {
				t.Fatalf("%s, seed %d: ledger (-one by one +all):\n%s", basis, seed, diff)
			}
		}
	}
	for _, what := range []string{"", "overlap", "pool", "exists"} {
		if counts[what] < 10 {
			t.Errorf("%q happened %d times", what, counts[what])
		}
	}
}

func TestPostAll(t *testing.T) {
	store := new(counted)
	books := newBooks(t, booked(), store)
	held, err := books.Post(t.Context(), month("e2", "fines", 1, 2, "2", "0"), nil)
	if err != nil {
		t.Fatal(err)
	}
	list := []ladder.Entry{
		month("e1", "fines", 0, 1, "1", "0"), month("e2", "fines", 1, 2, "2", "0"),
		month("e3", "fines", 2, 3, "3", "0"), month("e1", "fines", 0, 1, "1", "0"),
	}
	given := slices.Clone(list)
	posted, err := books.PostAll(t.Context(), list, nil)
	if err != nil || len(posted) != 4 {
		t.Fatalf("%d posted, %v", len(posted), err)
	}
	if diff := cmp.Diff(given, list); diff != "" {
		t.Errorf("what was given is changed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]ladder.Entry{held, posted[0], posted[2]}, entriesOf(t, store)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]ladder.Entry{held, posted[0]}, []ladder.Entry{posted[1], posted[3]}); diff != "" {
		t.Errorf("repeats (-want +got):\n%s", diff)
	}
	if !posted[0].Recorded.Equal(posted[2].Recorded) {
		t.Errorf("recorded at %v and %v", posted[0].Recorded, posted[2].Recorded)
	}
	store.appends = 0
	again, err := books.PostAll(t.Context(), list, nil)
	if diff := cmp.Diff(posted, again); err != nil || diff != "" || store.appends > 0 {
		t.Errorf("again: %v, %d appends (-first +second):\n%s", err, store.appends, diff)
	}
	if none, err := books.PostAll(t.Context(), nil, nil); err != nil || none != nil {
		t.Errorf("none: %v, %v", none, err)
	}
}

// TestPostAllRefuses: the error names the entry in the middle, and nothing is booked.
func TestPostAllRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		middle ladder.Entry
		want   string
	}{
		{"overlap in the list", month("e2", "fines", 0, 2, "1", "0"), `ladder: account "acme": refused by overlap: entry 1: entry "e1" has benefit "fines" booked in a part of its period; needs a period beside it, or the reversal of "e1"`},
		{"pool filled in the list", month("e2", "mails", 0, 2, "1", "200.01"), `refused by pool: entry 1: 200.01 units`},
		{"ID in the list", month("e1", "fines", 1, 2, "1", "0"), `refused by exists: entry 1: entry "e1" is booked with other content`},
		{"unknown benefit", month("e2", "cats", 1, 2, "1", "0"), `refused by known_benefit: entry 1: the ladder has no benefit`},
		{"too fine", month("e2", "fines", 1, 2, "1.001", "0"), `ladder: account "acme": entry 1: entry "e2": amount 1.001 is finer`},
		{"no ID", month("", "fines", 1, 2, "1", "0"), `ladder: account "acme": entry 1: entry ID: is empty`},
		{"another account", func() ladder.Entry { e := month("e2", "fines", 1, 2, "1", "0"); e.Account = "zeta"; return e }(),
			`ladder: account "acme": entry 1: entry "e2": is of account "zeta"`},
	} {
		store := new(ladder.Memory)
		books := newBooks(t, booked(), store)
		list := []ladder.Entry{month("e1", "fines", 0, 1, "1", "0"), test.middle, month("e3", "fines", 5, 6, "1", "0")}
		posted, err := books.PostAll(t.Context(), list, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) || posted != nil || len(entriesOf(t, store)) > 0 {
			t.Errorf("%s: %v, %d posted, want %s", test.name, err, len(posted), test.want)
		}
	}
	// What is wrong with the ledger is about no entry of the list.
	store := new(ladder.Memory)
	if err := store.Append(t.Context(), "acme", 0, ladder.Entry{ID: "e0", Account: "zeta"}); err != nil {
		t.Fatal(err)
	}
	_, err := newBooks(t, booked(), store).PostAll(t.Context(), []ladder.Entry{month("e1", "fines", 0, 1, "1", "0")}, nil)
	if want := `ladder: account "acme": entry "e0": is of account "zeta"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPostAllConflicts(t *testing.T) {
	list := []ladder.Entry{month("e1", "fines", 0, 1, "1", "0"), month("e2", "fines", 1, 2, "1", "0")}
	for _, test := range []struct {
		name  string
		times int
		other ladder.Entry
		want  string
	}{
		{"beside", 1, month("other", "fines", 5, 6, "1", "0"), ""},
		{"in the way", 1, month("other", "fines", 1, 2, "1", "0"), "refused by overlap: entry 1: "},
		{"of another account", 1, ladder.Entry{ID: "other", Account: "zeta"}, `ladder: account "acme": entry "other0": is of account "zeta"`},
		{"too often", 4, month("other", "fines", 5, 6, "1", "0"), `ladder: post "acme": append: `},
	} {
		store := &contested{times: test.times, other: func(n int) ladder.Entry {
			e := test.other
			e.ID, e.From, e.To = fmt.Sprint(e.ID, n), e.From.AddDate(0, n, 0), e.To.AddDate(0, n, 0)
			return e
		}}
		posted, err := newBooks(t, booked(), store).PostAll(t.Context(), list, nil)
		switch {
		case test.want == "":
			if err != nil || len(posted) != 2 || len(entriesOf(t, store)) != 3 {
				t.Errorf("%s: %v, %d posted, %d in the ledger", test.name, err, len(posted), len(entriesOf(t, store)))
			}
		case err == nil || !strings.Contains(err.Error(), test.want) || errors.Is(err, ladder.ErrConflict) != (test.times > 1):
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		case len(entriesOf(t, store)) != test.times:
			t.Errorf("%s: %d in the ledger", test.name, len(entriesOf(t, store)))
		}
	}
}

// TestFirstOverlap: of several entries in the way the one booked first is named, wherever its period lies.
func TestFirstOverlap(t *testing.T) {
	list := []ladder.Entry{month("e1", "fines", 5, 6, "1", "0"), month("e2", "fines", 3, 4, "1", "0"), month("e3", "fines", 2, 9, "1", "0")}
	books := newBooks(t, booked(), new(ladder.Memory))
	const want = `entry "e1" has benefit`
	if _, err := books.PostAll(t.Context(), list, nil); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("all: got %v, want %s", err, want)
	}
	if _, err := books.PostAll(t.Context(), list[:2], nil); err != nil {
		t.Fatal(err)
	}
	if _, err := books.Post(t.Context(), list[2], nil); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("one: got %v, want %s", err, want)
	}
}

// BenchmarkPostAll imports the ledger of one account: months of three benefits, of which two share a pool.
func BenchmarkPostAll(b *testing.B) {
	ctx := context.Background()
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			list := make([]ladder.Entry, n)
			for i := range list {
				list[i] = month(fmt.Sprintf("e%d", i), []string{"calls", "mails", "fines"}[i%3], i/3, i/3+1, "100.10", "1")
			}
			rand.New(rand.NewPCG(1, 2)).Shuffle(n, func(i, j int) { list[i], list[j] = list[j], list[i] })
			b.ReportAllocs()
			for b.Loop() {
				books := newBooks(b, booked(), still{new(ladder.Memory)})
				if posted, err := books.PostAll(ctx, list, nil); err != nil || len(posted) != n {
					b.Fatal(len(posted), err)
				}
			}
		})
	}
}
