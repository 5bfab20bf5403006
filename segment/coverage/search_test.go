package coverage

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// bare returns a book without skills and holders.
func bare(rng *rand.Rand, n, m int) Input {
	var in Input
	for i := range n {
		h := float64(1 + rng.IntN(40))
		in.Accounts = append(in.Accounts, Account{ID: fmt.Sprintf("a%02d", i), Hours: &h})
	}
	for i := range m {
		in.People = append(in.People, Person{ID: fmt.Sprint("p", i), Hours: float64(1000 + rng.IntN(1000))})
	}
	return in
}

// TestSearchAlone holds moves and swaps to the best there is, on books that the whole search can solve.
func TestSearchAlone(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	worst, off := 1.0, 0
	const rounds = 400
	for range rounds {
		r, err := read(bare(rng, 9+rng.IntN(4), 2+rng.IntN(2)))
		if err != nil {
			t.Fatal(err)
		}
		d := r.desk(Rules{})
		d.search()
		_, found := d.busiest()
		h := &hunt{desk: d, best: d.at, peak: found, any: true, steps: 1 << 24}
		for _, i := range d.open {
			d.give(i, -1)
		}
		h.try(0, 0)
		if h.steps == 0 {
			t.Fatal("the search is too long")
		}
		worst = max(worst, found/h.peak)
		if found > 1.05*h.peak {
			off++
		}
	}
	if worst > 1.1 || off > rounds/100 {
		t.Errorf("worst %.4f times the least, over 5 %%: %d of %d", worst, off, rounds)
	}
}

// TestCost holds the count of moves, and what one more would add, to a count from scratch.
func TestCost(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	in := bare(rng, 12, 3)
	for i := range in.Accounts {
		in.Accounts[i].Holder = fmt.Sprint("p", rng.IntN(4)) // p3 is not there
	}
	r, err := read(in)
	if err != nil {
		t.Fatal(err)
	}
	d := r.desk(Rules{})
	for range 500 {
		i, p := rng.IntN(12), rng.IntN(3)
		want := d.moves + d.cost(i, p)
		d.give(i, p)
		count := 0
		for j := range d.at {
			if d.home[j] >= 0 && d.at[j] >= 0 && d.at[j] != d.home[j] {
				count++
			}
		}
		if d.moves != count || want != count {
			t.Fatalf("counted %d moves, kept %d, foretold %d", count, d.moves, want)
		}
		if rng.IntN(5) == 0 {
			d.give(i, -1)
		}
	}
}
