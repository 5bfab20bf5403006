package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

var (
	errDown    = errors.New("store is down")
	errCorrupt = errors.New("row is corrupt")
)

// A clinic is a Memory some of whose accounts can't be read, and some of whose appends come second.
type clinic struct {
	*health.Memory
	corrupt map[string]bool // accounts whose input can't be read
	foreign map[string]bool // accounts that get another's input
	rivals  map[string]bool // accounts to whose next record another writer comes first
	alone   []string        // accounts whose input was read alone
	rival   func(ctx context.Context, account string)
}

func (c *clinic) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	c.alone = append(c.alone, account)
	return c.input(ctx, account, asOf, knownAt)
}

func (c *clinic) input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	in, known, err := c.Memory.Input(ctx, account, asOf, knownAt)
	if c.corrupt[account] {
		return health.Input{}, false, errCorrupt
	}
	if c.foreign[account] {
		in.Account = "other"
	}
	return in, known, err
}

func (c *clinic) Append(ctx context.Context, account string, after int64, r health.Record) error {
	if c.rivals[account] && c.rival != nil {
		delete(c.rivals, account)
		c.rival(ctx, account)
	}
	return c.Memory.Append(ctx, account, after, r)
}

// bulkClinic reads many inputs at once.
type bulkClinic struct {
	*clinic
	asked   [][]string
	knownAt []time.Time
	fails   func(call, i int) bool // what ends a sequence at its ith item
	drops   func(account string) bool
}

func (b *bulkClinic) Inputs(ctx context.Context, accounts []string, asOf, knownAt time.Time) iter.Seq2[health.Item, error] {
	b.asked, b.knownAt = append(b.asked, slices.Clone(accounts)), append(b.knownAt, knownAt)
	call := len(b.asked)
	return func(yield func(health.Item, error) bool) {
		for i, account := range accounts {
			if b.fails != nil && b.fails(call, i) {
				yield(health.Item{}, errDown)
				return
			}
			in, known, err := b.input(ctx, account, asOf, knownAt)
			item := health.Item{Account: account, Err: err}
			if known && err == nil {
				item.Input = &in
			}
			if b.drops != nil && b.drops(account) {
				continue
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}

// TestInputs: the function asks a BulkSource at once and any other Source one after the other, and both give the same.
func TestInputs(t *testing.T) {
	w := newWorld(t)
	c := &clinic{Memory: w.Memory, corrupt: map[string]bool{"bad": true}}
	b := &bulkClinic{clinic: c}
	accounts := []string{"zenith", "bad", "nobody", "acme", "acme"}
	read := func(s health.Source) (items []health.Item) {
		for item, err := range health.Inputs(t.Context(), s, accounts, july, time.Time{}) {
			if err != nil {
				t.Fatal(err)
			}
			items = append(items, item)
		}
		return items
	}
	one, many := read(c), read(b)
	if !slices.Equal(c.alone, accounts) || len(b.asked) != 1 || !slices.Equal(b.asked[0], accounts) {
		t.Errorf("asked for %q alone and for %q at once, want each once", c.alone, b.asked)
	}
	for _, items := range [][]health.Item{one, many} {
		var got []string
		for _, item := range items {
			got = append(got, fmt.Sprint(item.Account, " ", item.Input != nil && item.Input.Account == item.Account, " ", item.Err))
		}
		want := []string{"zenith true <nil>", "bad false row is corrupt", "nobody false <nil>", "acme true <nil>", "acme true <nil>"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("items (-want +got):\n%s", diff)
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for item, err := range health.Inputs(ctx, c, accounts, july, time.Time{}) {
		if n++; n == 1 {
			cancel()
		} else if !errors.Is(err, context.Canceled) || item.Account != "" {
			t.Errorf("after cancelling: %+v, %v", item, err)
		}
	}
	if n != 2 {
		t.Errorf("%d items, want one, and the context's error", n)
	}
}

// A round is one CheckAll.
type round struct {
	accounts []string
	broken   bool // the accounts end with an error
	asOf     time.Time
	items    []string // what came out, records as JSON
}

func (r *round) run(t *testing.T, m *health.Monitor) {
	accounts := func(yield func(string, error) bool) {
		for _, account := range r.accounts {
			if !yield(account, nil) {
				return
			}
		}
		if r.broken {
			yield("", errDown)
		}
	}
	for item, err := range m.CheckAll(t.Context(), accounts, r.asOf) {
		r.items = append(r.items, fmt.Sprintf("%q %v %v %s", item.Account, item.Err, err, text(t, item.Record)))
	}
}

func text(t *testing.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCheckAllBulk: whatever befalls a bulk read, items and records are those of reading one account after the other.
func TestCheckAllBulk(t *testing.T) {
	model := mustCompile(t, renewals())
	for seed := range uint64(12) {
		var rounds [2][]round
		var stored [2][]string
		calls := 0
		for side := range 2 {
			r := rand.New(rand.NewPCG(seed, 11)) // both sides see the same
			c := &clinic{Memory: new(health.Memory), corrupt: map[string]bool{}, foreign: map[string]bool{}, rivals: map[string]bool{}}
			b := &bulkClinic{clinic: c}
			spoil := rand.New(rand.NewPCG(seed, 12)) // only the bulk reads draw from it
			if seed%3 == 1 {
				b.fails = func(int, int) bool { return spoil.IntN(100) == 0 }
			}
			if seed%4 == 1 {
				b.drops = func(string) bool { return spoil.IntN(9) == 0 }
			}
			source := []health.Source{c, b}[side]
			all := someAccounts(t, r, c)
			for day := range 3 {
				now := july.AddDate(0, 0, 1+day).Add(time.Duration(r.IntN(72)-36) * time.Hour) // may go back
				at := july.AddDate(0, 0, day)
				m, err := health.NewMonitor(model, source, c, health.Options{Now: func() time.Time { return now }, Retries: 1 - 2*r.IntN(2)})
				if err != nil {
					t.Fatal(err)
				}
				other, err := health.NewMonitor(model, c.Memory, c.Memory, health.Options{Now: func() time.Time { return now.Add(time.Hour) }})
				if err != nil {
					t.Fatal(err)
				}
				c.rival = func(ctx context.Context, account string) {
					if _, err := other.Check(ctx, account, at.Add(-time.Hour)); err != nil {
						t.Error(err)
					}
				}
				if clear(c.rivals); day < 2 { // the last round is the first again in part, and a rival would be out of order
					for _, account := range all {
						c.rivals[account] = r.IntN(5) == 0
					}
				}
				x := round{accounts: someOf(r, all), broken: r.IntN(4) == 0, asOf: at}
				x.run(t, m)
				again := round{accounts: someOf(r, all), asOf: at}
				again.run(t, m)
				rounds[side] = append(rounds[side], x, again)
			}
			for account, err := range c.Accounts(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				for rec, err := range c.Records(t.Context(), account, time.Time{}, time.Time{}, time.Time{}) {
					if err != nil {
						t.Fatal(err)
					}
					stored[side] = append(stored[side], text(t, rec))
				}
			}
			calls += len(b.asked)
			for _, asked := range b.asked {
				if slices.ContainsFunc(asked, func(id string) bool { return id == "" || id == "\x00" || len(id) > 256 }) || len(asked) > 256 {
					t.Fatalf("seed %d: asked for %q", seed, asked)
				}
			}
		}
		for i := range rounds[0] {
			if diff := cmp.Diff(rounds[0][i].items, rounds[1][i].items); diff != "" {
				t.Fatalf("seed %d, round %d: items (-alone +at once):\n%s", seed, i, diff)
			}
		}
		if diff := cmp.Diff(stored[0], stored[1]); diff != "" || calls == 0 || len(stored[0]) == 0 {
			t.Fatalf("seed %d: %d bulk reads; %d stored records (-alone +at once):\n%s", seed, calls, len(stored[0]), diff)
		}
	}
}

// someAccounts puts readings of random accounts, of which some can't be read, and returns them with some that are unknown
// or malformed.
func someAccounts(t *testing.T, r *rand.Rand, c *clinic) []string {
	all := []string{"", "\x00", strings.Repeat("x", 300), "nobody"}
	for i := range r.IntN(400) {
		account := fmt.Sprint("account ", i)
		all = append(all, account)
		c.corrupt[account], c.foreign[account] = r.IntN(20) == 0, r.IntN(20) == 0
		for range 3 {
			at := july.Add(time.Duration(r.IntN(72)) * time.Hour)
			err := c.Put(account, july.AddDate(-1, 0, 0), at.Add(time.Duration(r.IntN(48))*time.Hour), map[string]health.Reading{
				"attainment": {Value: r.Float64(), At: at}, "nps": {Value: 10 * r.Float64(), At: at},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// someOf returns some accounts in any order, some of them twice.
func someOf(r *rand.Rand, all []string) []string {
	some := make([]string, r.IntN(2*len(all)))
	for i := range some {
		some[i] = all[r.IntN(len(all))]
	}
	return some
}

// TestCheckAllAhead: from a BulkSource 256 accounts are read at once and no more are held; from another Source, one.
func TestCheckAllAhead(t *testing.T) {
	const n = 600
	for _, most := range []int{1, 256} {
		w := newWorld(t)
		c := &clinic{Memory: w.Memory}
		b := &bulkClinic{clinic: c}
		source := health.Source(c)
		if most > 1 {
			source = b
		}
		var ops []string
		m, err := health.NewMonitor(mustCompile(t, renewals()), source, w, health.Options{
			Now: func() time.Time { return w.now },
			Observe: func(ctx context.Context, op health.Op) (context.Context, func(error)) {
				name := fmt.Sprint(op.Name, " ", op.Done)
				return ctx, func(err error) {
					if op.Name != "check" {
						ops = append(ops, fmt.Sprint(name, " ", err))
					}
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		b.fails = func(call, i int) bool { return call == 2 && i == 7 }
		arrived, done, ahead := 0, 0, 0
		accounts := func(yield func(string, error) bool) {
			for i := range n {
				arrived++
				ahead = max(ahead, arrived-done)
				if !yield(fmt.Sprint("account ", i), nil) {
					return
				}
			}
		}
		for item, err := range m.CheckAll(t.Context(), accounts, july) {
			if err != nil || item.Err == nil {
				t.Fatalf("%+v, %v; want an account that is not known", item, err)
			}
			done++
		}
		if done != n || ahead != most {
			t.Errorf("%d accounts done, at most %d at once; want %d, %d", done, ahead, n, most)
		}
		want, asked := []string{"check_all 0 <nil>"}, []int(nil)
		if most > 1 {
			want = []string{"inputs 0 <nil>", "inputs 256 store is down", "inputs 512 <nil>", "check_all 0 <nil>"}
			asked = []int{256, 256, 88}
		}
		if diff := cmp.Diff(want, ops); diff != "" {
			t.Errorf("operations (-want +got):\n%s", diff)
		}
		var got []int
		for _, accounts := range b.asked {
			got = append(got, len(accounts))
		}
		if diff := cmp.Diff(asked, got); diff != "" {
			t.Errorf("accounts asked for at once (-want +got):\n%s", diff)
		}
		failing := func(yield func(string, error) bool) { _ = yield("acme", nil) && yield("", errDown) }
		for range m.CheckAll(t.Context(), failing, july) {
			break // nothing comes after it, not even the error
		}
		if most > 1 && len(c.alone) != 249 { // what the read that failed did not give
			t.Errorf("%d accounts read alone, want 249", len(c.alone))
		}
	}
}

// TestCheckAllRecorded: a record holds what was known at its Recorded, however time goes on between the reads.
func TestCheckAllRecorded(t *testing.T) {
	w := newWorld(t)
	b := &bulkClinic{clinic: &clinic{Memory: w.Memory, rivals: map[string]bool{"zenith": true}}}
	ticks := 0
	now := func() time.Time {
		ticks++
		return july.AddDate(0, 0, 1).Add(time.Duration(ticks) * time.Microsecond)
	}
	m, err := health.NewMonitor(mustCompile(t, renewals()), b, b, health.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	b.rival = func(ctx context.Context, account string) {
		if _, err := w.monitor(t, health.Options{Now: now}).Check(ctx, account, july.Add(-time.Hour)); err != nil {
			t.Error(err)
		}
	}
	w.put(t, "late", 0, 0.9, 9, 80) // its last record is of tomorrow
	tomorrow := july.AddDate(0, 0, 2)
	ahead := w.monitor(t, health.Options{Now: func() time.Time { return tomorrow }})
	if _, err := ahead.Check(t.Context(), "late", july.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	accounts := func(yield func(string, error) bool) {
		_ = yield("acme", nil) && yield("zenith", nil) && yield("late", nil) && yield("acme", nil)
	}
	var got []string
	for item, err := range m.CheckAll(t.Context(), accounts, july) {
		if err != nil || item.Err != nil {
			t.Fatal(item.Err, err)
		}
		since := item.Record.Recorded.Sub(july.AddDate(0, 0, 1))
		got = append(got, fmt.Sprint(item.Account, " ", item.Record.Version, " ", since))
	}
	// Tick 1 is that of the bulk read; tick 2 of the rival, and tick 3 of the second attempt.
	want := []string{"acme 1 1µs", "zenith 2 3µs", "late 2 24h0m0s", "acme 1 1µs"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if want := []string{"zenith", "late"}; !slices.Equal(b.alone, want) {
		t.Errorf("read alone: %q, want %q", b.alone, want)
	}
	if len(b.knownAt) != 1 || !b.knownAt[0].Equal(july.AddDate(0, 0, 1).Add(time.Microsecond)) {
		t.Errorf("asked for what was known at %v, want once, at the first tick", b.knownAt)
	}
}
