package world

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// seed is that of all worlds in tests.
const seed = 7

// digest is SHA-256 of the accounts as JSON, one a line.
func digest(t *testing.T, b *book.Book) string {
	t.Helper()
	h := sha256.New()
	enc := json.NewEncoder(h)
	for a, err := range b.Accounts {
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(a); err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A change of this digest changes every simulated figure that anybody has noted down.
func TestGolden(t *testing.T) {
	const want = "c6a9b33b5caac9237b28e255c14a794db7db23873d6bb7a8276603e5dcb480dc"
	b := New(200, seed)
	if got := digest(t, b); got != want {
		t.Errorf("digest of 200 accounts %s, want %s", got, want)
	}
	if again := digest(t, b); again != digest(t, New(200, seed)) {
		t.Error("a second range gives other accounts")
	}
	if digest(t, New(200, seed+1)) == want {
		t.Error("another seed gives the same accounts")
	}
}

func TestBook(t *testing.T) {
	b := New(3, seed)
	if b.Kind != book.Simulated || !b.Dated || !b.AsOf.Equal(AsOf()) || b.Currency != "EUR" || b.Len != 3 || b.Title == "" || b.Source == "" {
		t.Errorf("book %+v", b)
	}
	n := 0
	for a := range b.Accounts {
		if n++; n == 2 {
			if want := Account(1, seed); a.ID != want.ID {
				t.Errorf("account %s, want %s", a.ID, want.ID)
			}
			break
		}
	}
	for range New(-1, seed).Accounts {
		t.Error("an account of none")
	}
}

// An account depends on its seed and index alone, whoever makes it.
func TestAccountConcurrently(t *testing.T) {
	const n = 64
	var wg sync.WaitGroup
	var got [n]book.Account
	for i := n - 1; i >= 0; i-- {
		wg.Go(func() { got[i] = Account(i, seed) })
	}
	wg.Wait()
	i := 0
	for want := range New(n, seed).Accounts {
		if diff := cmp.Diff(want, got[i], sameAmount); diff != "" {
			t.Errorf("account %d (-want +got):\n%s", i, diff)
		}
		i++
	}
}

var sameAmount = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })

// What is written as a folder of CSV files is read back as it was, but for the truth, which is in no file.
func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	b := New(50, seed)
	if err := book.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	read, err := book.Folder(os.DirFS(dir), AsOf())
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Rejects) > 0 {
		t.Errorf("%d rejects, the first: %+v", len(read.Rejects), read.Rejects[0])
	}
	var got []book.Account
	for a := range read.Accounts {
		got = append(got, a)
	}
	var want []book.Account
	for a := range b.Accounts {
		a.Truth = nil
		want = append(want, a)
	}
	if diff := cmp.Diff(want, got, sameAmount, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("accounts (-written +read):\n%s", diff)
	}
}

// Every account keeps the order of things: nothing before it began or after it left, contracts without gaps, dates that follow
// each other.
func TestConsistent(t *testing.T) {
	for i := range 3000 {
		a := Account(i, seed)
		gone := AsOf()
		if a.Left.Left {
			gone = a.Left.At
		}
		within := func(what string, at time.Time) {
			if at.Before(a.Since) || at.After(gone) {
				t.Errorf("%s: %s at %v, not from %v to %v", a.ID, what, at, a.Since, gone)
			}
		}
		follows := func(what string, first, then time.Time) {
			if !then.IsZero() && then.Before(first) {
				t.Errorf("%s: %s at %v, before %v", a.ID, what, then, first)
			}
		}
		for k, c := range a.Contracts {
			if k > 0 && !c.From.Equal(a.Contracts[k-1].To) || !c.From.Before(c.To) || !c.Amount.IsPositive() || c.Seats < 3 {
				t.Errorf("%s: contract %+v", a.ID, c)
			}
		}
		if last := a.Contracts[len(a.Contracts)-1].To; a.Left.Left != last.Equal(a.Left.At) || !a.Left.Left && !last.After(AsOf()) {
			t.Errorf("%s: left %+v, last contract until %v", a.ID, a.Left, last)
		}
		for _, u := range a.Usage {
			within("usage", u.At)
			if u.Value < 0 || u.Feature == "active_users" && u.Value > 3*a.Seats || u.State != "" && u.Value != 0 {
				t.Errorf("%s: usage %+v of %v seats", a.ID, u, a.Seats)
			}
		}
		for _, s := range a.Surveys {
			within("survey", s.At)
			if most := map[string]float64{"nps": 10, "csat": 5}[s.Instrument]; s.Score > most || s.Score < 0 {
				t.Errorf("%s: survey %+v", a.ID, s)
			}
		}
		for _, k := range a.Tickets {
			within("ticket", k.Opened)
			follows("ticket's end", k.Opened, k.Closed)
		}
		for _, m := range a.Milestones {
			within("milestone "+m.Name, m.At)
		}
		for _, o := range a.Outcomes {
			follows("due", o.Start, o.Due)
			follows("agreed", o.Start, o.Agreed)
			follows("achieved", o.Agreed, o.Achieved)
			follows("confirmed", o.Achieved, o.Confirmed)
		}
		for _, m := range a.Measured {
			within("measurement", m.At)
			follows("recorded", m.At, m.Recorded)
		}
		for _, h := range a.Touches {
			within("touch", h.At)
			follows("answer", h.At, h.Answered)
		}
		var booked decimal.Decimal
		for _, e := range a.Ledger {
			within("entry", e.Recorded)
			follows("recorded", e.To, e.Recorded)
			follows("reversed", e.Recorded, e.Reversed)
			if !e.From.Before(e.To) || !e.Amount.IsPositive() || e.Reversed.After(gone) || !e.Amount.Equal(e.Amount.Round(2)) {
				t.Errorf("%s: entry %+v", a.ID, e)
			}
			if e.Reversed.IsZero() {
				booked = booked.Add(e.Amount)
			}
		}
		if !booked.Equal(a.Truth.Booked) {
			t.Errorf("%s: %v stands, truth %v", a.ID, booked, a.Truth.Booked)
		}
		for _, r := range a.Ratings {
			within("rating", r.At)
			if r.Importance < 0 || r.Importance > 5 || r.Satisfaction < 0 || r.Satisfaction > 5 || r.Importance+r.Satisfaction == 0 {
				t.Errorf("%s: rating %+v", a.ID, r)
			}
		}
		for k, v := range a.Levels {
			if v.Amount.IsNegative() || k > 0 && v.Amount.Cmp(a.Levels[k-1].Amount) > 0 {
				t.Errorf("%s: level %+v", a.ID, v)
			}
		}
	}
}

func BenchmarkAccount(b *testing.B) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		Account(i, seed)
		i++
	}
}
