package ladder_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// TestPoolOfBooks posts claims that fill a pool of 100 hours a month to the brim, and checks what more it takes.
func TestPoolOfBooks(t *testing.T) {
	books := newBooks(t, booked(), new(ladder.Memory))
	for _, step := range []struct {
		name string
		e    ladder.Entry
		ok   bool
	}{
		{"half of the year", month("e1", "calls", 0, 12, "1", "600"), true},
		{"the other half of February", month("e2", "mails", 1, 2, "1", "50"), true},
		{"above half of March and April", month("e3", "mails", 2, 4, "1", "100.000000000000000001"), false},
		{"half of March and April", month("e4", "mails", 2, 4, "1", "100"), true},
		{"a loss counts nothing", month("e5", "mails", 4, 6, "-1", "-1000"), true},
		{"and gives nothing back", month("e6", "mails", 6, 18, "1", "600.01"), false},
		{"half of a year, half a year later", month("e7", "mails", 6, 18, "1", "600"), true},
		{"from when the first ends", month("e8", "calls", 12, 24, "1", "600"), true},
		{"the whole of what is free", month("e9", "calls", 24, 25, "1", "100"), true},
		{"half a day at the rate of 365 days", ladder.Entry{
			ID: "e10", Account: "acme", Benefit: "mails", From: epoch.AddDate(3, 0, 0), To: epoch.AddDate(3, 0, 0).Add(12 * time.Hour),
			Amount: dec("1"), Units: dec("1.643835616"), // 1200/730 = 1.6438356164…
		}, true},
		{"more than that", ladder.Entry{
			ID: "e11", Account: "acme", Benefit: "mails", From: epoch.AddDate(3, 0, 1), To: epoch.AddDate(3, 0, 1).Add(12 * time.Hour),
			Amount: dec("1"), Units: dec("1.643835617"),
		}, false},
	} {
		_, err := books.Post(t.Context(), step.e, nil)
		if step.ok && err != nil || !step.ok && refusal(err) != "pool" {
			t.Errorf("%s: %v", step.name, err)
		}
	}
}

// TestPoolAtEdges fills a pool with claims that end as others begin, and with a loss.
func TestPoolAtEdges(t *testing.T) {
	books := newBooks(t, booked(), new(ladder.Memory))
	for _, step := range []struct {
		e    ladder.Entry
		rule string
	}{
		{month("e1", "calls", 0, 2, "1", "100"), ""},
		{month("e2", "calls", 2, 4, "1", "100"), ""},
		{month("e3", "mails", 0, 4, "1", "200.01"), "pool"},
		{month("e4", "mails", 0, 4, "1", "200"), ""},
		{month("e5", "calls", 4, 5, "-1", "-50"), ""},
		{month("e6", "mails", 4, 5, "1", "60"), ""},
		{month("e7", "chats", 4, 5, "1", "40.01"), "pool"},
		{month("e8", "chats", 4, 5, "1", "40"), ""},
	} {
		if _, err := books.Post(t.Context(), step.e, nil); refusal(err) != step.rule || (err == nil) != (step.rule == "") {
			t.Errorf("%s: got %v, want %q", step.e.ID, err, step.rule)
		}
	}
}

func TestPoolOfQuantity(t *testing.T) {
	l := booked()
	l.Pools[0].Capacity = *quantity("capacity")
	l.Haircuts = []ladder.Haircut{{Class: ladder.Assumed, Expire: 10 * ladder.Day}}
	books := newBooks(t, l, new(ladder.Memory))
	e := month("e1", "calls", 0, 1, "1", "10")
	for _, test := range []struct {
		name       string
		quantities ladder.Quantities
		want       string
	}{
		{"none", nil, "pool"},
		{"missing", ladder.QuantityMap{}, "pool"},
		{"expired", ladder.QuantityMap{"capacity": {Value: dec("1200"), At: epoch.AddDate(0, 0, -10)}}, "pool"},
		{"not applicable", ladder.QuantityMap{"capacity": {State: ladder.NotApplicable}}, "pool"},
		{"from after the booking", ladder.QuantityMap{"capacity": {Value: dec("1200"), At: epoch.AddDate(0, 0, 1)}}, "pool"},
		{"too little", ladder.QuantityMap{"capacity": {Value: dec("119.99"), At: epoch}}, "pool"},
		{"enough", ladder.QuantityMap{"capacity": {Value: dec("120"), At: epoch}}, ""},
	} {
		if _, err := books.Post(t.Context(), e, test.quantities); refusal(err) != test.want || (err == nil) != (test.want == "") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	wrong := ladder.QuantityMap{"capacity": {Value: dec("-1"), At: epoch}}
	var data *ladder.DataError
	if _, err := books.Post(t.Context(), month("e2", "mails", 1, 2, "1", "1"), wrong); !errors.As(err, &data) {
		t.Errorf("a capacity below 0: %v", err)
	}
}

func TestOneOffPool(t *testing.T) {
	l := booked()
	l.Pools[0].Basis = ladder.OneOff
	books := newBooks(t, l, new(ladder.Memory))
	for _, step := range []struct {
		e  ladder.Entry
		ok bool
	}{
		{month("e1", "calls", 0, 1, "1", "700"), true},
		{month("e2", "calls", 5, 6, "1", "500.01"), false},
		{month("e3", "mails", 5, 6, "1", "500"), true},
		{month("e4", "mails", 50, 51, "1", "0.01"), false},
	} {
		if _, err := books.Post(t.Context(), step.e, nil); (err == nil) != step.ok || err != nil && refusal(err) != "pool" {
			t.Errorf("%s: %v", step.e.ID, err)
		}
	}
}

// TestBooksTwin posts and reverses at random, and compares with rules that look at every day of the ledger.
func TestBooksTwin(t *testing.T) {
	l := booked()
	counts := map[string]int{}
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 11))
		store := new(ladder.Memory)
		books := newBooks(t, l, store)
		var held []ladder.Entry // those that stand
		total := map[string]decimal.Decimal{}
		for n := range 60 {
			if len(held) > 0 && r.IntN(4) == 0 {
				i := r.IntN(len(held))
				if _, err := books.Reverse(t.Context(), "acme", held[i].ID, "", ""); err != nil {
					t.Fatal(err)
				}
				total[held[i].Benefit] = total[held[i].Benefit].Sub(held[i].Amount)
				held = slices.Delete(held, i, i+1)
				counts["reversed"]++
				continue
			}
			e := ladder.Entry{
				ID: fmt.Sprintf("e%d", n), Account: "acme", Benefit: pick(r, "calls", "mails"), Evidence: pick(r, classes...),
				From: epoch.AddDate(0, 0, r.IntN(200)), Amount: decimal.New(1+r.Int64N(1e6), -2),
			}
			days := 1 + r.IntN(60)
			e.To = e.From.AddDate(0, 0, days)
			if r.IntN(3) == 0 { // whole months, which are prorated as such
				e.From = epoch.AddDate(0, r.IntN(6), 0)
				e.To = e.From.AddDate(0, 1+r.IntN(3), 0)
			}
			e.Units = decimal.New(r.Int64N(int64(e.To.Sub(e.From)/(24*time.Hour))*5000)+1, -3)
			want := ""
			for _, h := range held {
				if h.Benefit == e.Benefit && h.From.Before(e.To) && e.From.Before(h.To) {
					want = "overlap"
				}
			}
			if want == "" && overfull(l, append(slices.Clip(held), e)) {
				want = "pool"
			}
			_, err := books.Post(t.Context(), e, nil)
			if refusal(err) != want || (err == nil) != (want == "") {
				t.Fatalf("seed %d, %d: got %v, want %q", seed, n, err, want)
			}
			counts[want]++
			if want == "" {
				held = append(held, e)
				total[e.Benefit] = total[e.Benefit].Add(e.Amount)
			}
		}
		balance, err := books.Balance(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range balance.Lines {
			total[line.Benefit] = total[line.Benefit].Sub(line.Amount)
			balance.Amount = balance.Amount.Sub(line.Amount)
		}
		if !total["calls"].IsZero() || !total["mails"].IsZero() || !balance.Amount.IsZero() {
			t.Fatalf("seed %d: the balance is off by %v and %v, its lines by %v", seed, total["calls"], total["mails"], balance.Amount)
		}
	}
	for _, what := range []string{"", "overlap", "pool", "reversed"} {
		if counts[what] < 50 {
			t.Errorf("%q happened %d times", what, counts[what])
		}
	}
}

// overfull reports whether on any day the entries' loads, each its units for the capacity of its period, sum above 1.
func overfull(l ladder.Ladder, entries []ladder.Entry) bool {
	for day := range 500 {
		at := epoch.AddDate(0, 0, day)
		load := new(big.Rat)
		for _, e := range entries {
			if !at.Before(e.From) && at.Before(e.To) {
				w := twin{l: l, in: ladder.Input{From: e.From, To: e.To}}
				capacity := mul(rat(*l.Pools[0].Capacity.Value), w.share(ladder.Annual))
				load.Add(load, new(big.Rat).Quo(rat(e.Units), capacity))
			}
		}
		if load.Cmp(big.NewRat(1, 1)) > 0 {
			return true
		}
	}
	return false
}
