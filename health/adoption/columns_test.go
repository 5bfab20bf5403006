package adoption_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// columns are events as [adoption.Usage.AddColumns] takes them.
type columns struct {
	users    []adoption.User
	features []adoption.Feature
	at       []int64
}

// event returns a row as [adoption.Usage.Add] takes it.
func (c columns) event(i int) adoption.Event {
	account, user := userName(int(c.users[i]))
	return adoption.Event{Account: account, User: user, Feature: featureName(int(c.features[i])), At: time.UnixMicro(c.at[i])}
}

// randomColumns returns n rows, of which a part of one in late is before its turn, one in again repeats the row before,
// and some are outside of the window, on either side.
func randomColumns(r *rand.Rand, n, users, late, again int) (c columns) {
	us, step := from.Add(-12*time.Hour).UnixMicro(), 29*24*time.Hour.Microseconds()/int64(n)
	for range n {
		us += step
		user, feature, at := r.IntN(users), int(benchFeatures*r.Float64()*r.Float64()), us
		if late > 0 && r.IntN(late) == 0 {
			at -= r.Int64N(24 * time.Hour.Microseconds())
		}
		if last := len(c.at) - 1; last >= 0 && again > 0 && r.IntN(again) == 0 {
			user, feature, at = int(c.users[last]), int(c.features[last]), c.at[last]
		}
		c.users, c.features, c.at = append(c.users, adoption.User(user)), append(c.features, adoption.Feature(feature)), append(c.at, at)
	}
	return c
}

// named returns a usage that knows users and features by number.
func named(t *testing.T, m *adoption.Model, users int) *adoption.Usage {
	t.Helper()
	u := usage(t, m)
	for i := range users {
		if _, err := u.User(userName(i)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range benchFeatures {
		if _, err := u.Feature(featureName(i)); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// TestColumns: columns of any length and order are what their rows are, one after the other: the bytes, the row that is
// refused first, and what went before it.
func TestColumns(t *testing.T) {
	m := compile(t, plan())
	refused, added := 0, 0
	for seed, c := range []struct {
		users, rows, late, again, pieces int
		mixed                            bool // with single events in between
	}{
		{users: 1, rows: 300, again: 9, pieces: 1},
		{users: 3, rows: 3000, late: 50, pieces: 4},
		{users: 256, rows: 70_000, again: 20, pieces: 1},
		{users: 257, rows: 70_000, late: 40_000, pieces: 2},
		{users: 1000, rows: 70_000, late: 200, pieces: 1},
		{users: 1000, rows: 70_000, late: 15_000, again: 50, pieces: 3, mixed: true},
		{users: 5000, rows: 70_000, again: 10, pieces: 30, mixed: true},
		{users: 5000, rows: 70_000, late: 20_000, pieces: 1},
		{users: 30_000, rows: 70_000, again: 900, pieces: 7},
	} {
		r := rand.New(rand.NewPCG(uint64(seed), 12))
		rows := randomColumns(r, c.rows, c.users, c.late, c.again)
		whole, single := named(t, m, c.users), named(t, m, c.users)
		for i := 0; i < c.rows; {
			until := min(i+1+r.IntN(2*c.rows/c.pieces), c.rows)
			if c.pieces == 1 {
				until = c.rows
			}
			err := whole.AddColumns(rows.users[i:until], rows.features[i:until], rows.at[i:until])
			var want error
			for k := i; k < until && want == nil; k++ {
				if want = single.Add(rows.event(k)); want != nil {
					text := strings.Replace(want.Error(), "use of", fmt.Sprintf("row %d: use of", k-i), 1)
					if err == nil || err.Error() != text {
						t.Fatalf("case %d: got  %v\nwant %s", seed, err, text)
					}
					until, refused = k+1, refused+1
				}
			}
			if want == nil && err != nil {
				t.Fatalf("case %d: %v, which row by row is fine", seed, err)
			}
			added += until - i
			i = until
			if c.mixed {
				for _, u := range []*adoption.Usage{whole, single} {
					next := rows.event(min(i, c.rows-1))
					next.At = next.At.Add(time.Hour)
					if err := u.Add(next); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if encoded(t, whole) != encoded(t, single) {
			t.Fatalf("case %d: the bytes differ", seed)
		}
		if whole.Uses() != single.Uses() || whole.Repeated() != single.Repeated() || whole.Outside() != single.Outside() || whole.Outside() == 0 {
			t.Errorf("case %d: %d uses, %d repeated and %d outside; row by row %d, %d and %d", seed, whole.Uses(), whole.Repeated(), whole.Outside(),
				single.Uses(), single.Repeated(), single.Outside())
		}
	}
	if refused < 20 || added < 300_000 {
		t.Errorf("%d rows, of which %d were refused: the test tells too little", added, refused)
	}
}
