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

// TestSearchAlone holds the search for larger books to the best there is, on books that the whole search can solve: with
// hours to spare, and with hours for about three quarters.
func TestSearchAlone(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	worst, off, scarce, left, lost := 1.0, 0, 0, 0, 0.0
	const rounds = 400
	for round := range rounds {
		in := bare(rng, 9+rng.IntN(4), 2+rng.IntN(2))
		if round%2 == 0 {
			for p := range in.People {
				in.People[p].Hours = float64(40 + rng.IntN(40))
			}
		}
		r, err := read(in)
		if err != nil {
			t.Fatal(err)
		}
		d := r.desk(Rules{})
		d.start()
		d.search()
		found := d.score()
		h := d.hunt(found, 1<<24)
		h.try(0, score{})
		switch {
		case h.steps == 0:
			t.Fatal("the whole search is too long")
		case h.best.left > 0:
			scarce++
			left += found.left - h.best.left
			lost += float64(found.lost-h.best.lost) / book
			if found.left > h.best.left+1 {
				t.Errorf("%d left, the fewest are %d", found.left, h.best.left)
			}
		case found.left > 0:
			left += found.left
		default:
			worst = max(worst, found.peak/h.best.peak)
			if found.peak > 1.05*h.best.peak {
				off++
			}
		}
	}
	if worst > 1.1 || off > rounds/100 {
		t.Errorf("worst %.4f times the least, over 5 %%: %d of %d", worst, off, rounds)
	}
	if left > scarce/20 || lost > 0.03*float64(scarce) {
		t.Errorf("%d books with leftovers: %d accounts too many, %.4f of a book too much each", scarce, left, lost/float64(scarce))
	}
}

// TestSearchHolders does the same where three quarters have a holder, and hours are for some.
func TestSearchHolders(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	scarce, orphans, left := 0, 0, 0
	for range 1000 {
		m := 2 + rng.IntN(2)
		in := bare(rng, 9+rng.IntN(3), m)
		for i := range in.Accounts {
			if rng.IntN(4) > 0 {
				in.Accounts[i].Holder = fmt.Sprint("p", rng.IntN(m))
			}
		}
		for p := range in.People {
			in.People[p].Hours = float64(30 + rng.IntN(60))
		}
		r, err := read(in)
		if err != nil {
			t.Fatal(err)
		}
		d := r.desk(Rules{MaxMoves: rng.IntN(5)})
		d.start()
		d.search()
		found := d.score()
		h := d.hunt(found, steps)
		h.try(0, score{})
		if h.steps == 0 {
			t.Fatal("the whole search is too long")
		}
		if h.best.left > 0 {
			scarce++
		}
		if found.orphans > h.best.orphans+1 {
			t.Errorf("%d lost their holder, the fewest are %d", found.orphans, h.best.orphans)
		}
		if orphans += found.orphans - h.best.orphans; found.orphans == h.best.orphans {
			left += found.left - h.best.left
		}
	}
	if scarce < 500 || orphans > scarce/50 || left > scarce/20 {
		t.Errorf("%d books with leftovers: %d lost their holder too many, %d are left too many", scarce, orphans, left)
	}
}

// TestReclaim holds that an account with a home takes the place of two without: the largest, since they are fewer; or of
// one alone if it may move.
func TestReclaim(t *testing.T) {
	six, three, two := 6.0, 3.0, 2.0
	in := Input{
		Accounts: []Account{
			{ID: "a", Hours: &six, Holder: "p"}, {ID: "b", Hours: &two}, {ID: "c", Hours: &three}, {ID: "d", Hours: &three}, {ID: "e", Hours: &two},
			{ID: "f", Hours: &six},
		},
		People: []Person{{ID: "p", Hours: 10}, {ID: "q", Hours: 6}},
	}
	r, err := read(in)
	if err != nil {
		t.Fatal(err)
	}
	for moves, wanted := range []string{"[0 0 -1 -1 0 1]", "[1 0 0 0 0 -1]"} {
		d := r.desk(Rules{MaxMoves: moves})
		for i := 1; i < 5; i++ {
			d.give(i, 0)
		}
		d.give(5, 1)
		if !d.fill(6) || fmt.Sprint(d.at) != wanted {
			t.Errorf("%d moves: people %v, want %s", moves, d.at, wanted)
		}
	}
}

// TestChain holds that burden reaches who may not take it from the busiest, by way of a third person: both accounts in
// German are with p, q has the one in French, and r has no German.
func TestChain(t *testing.T) {
	two := 2.0
	in := Input{
		Accounts: []Account{
			{ID: "a", Hours: &two, Language: "de", Holder: "p"}, {ID: "b", Hours: &two, Language: "de", Holder: "p"},
			{ID: "c", Hours: &two, Language: "fr", Holder: "q"},
		},
		People: []Person{
			{ID: "p", Hours: 10, Languages: []string{"de"}}, {ID: "q", Hours: 10, Languages: []string{"de", "fr"}},
			{ID: "r", Hours: 10, Languages: []string{"fr"}},
		},
	}
	for moves, wanted := range []int{2, 2, 1} {
		r, err := read(in)
		if err != nil {
			t.Fatal(err)
		}
		d := r.desk(Rules{MaxMoves: moves})
		d.start()
		d.search()
		if p, _ := d.busiest(); len(d.held[p]) != wanted || d.moves > moves {
			t.Errorf("%d moves: the busiest has %d accounts, %d moved", moves, len(d.held[p]), d.moves)
		}
	}
}

// TestRecall holds that an account goes home when its move serves one that nobody has: a is with q although p has room,
// and r has no hours for both b and c.
func TestRecall(t *testing.T) {
	two := 2.0
	in := Input{
		Accounts: []Account{
			{ID: "a", Hours: &two, Holder: "p"}, {ID: "b", Hours: &two, Holder: "r"}, {ID: "c", Hours: &two, Holder: "r"},
		},
		People: []Person{{ID: "p", Hours: 10}, {ID: "q", Hours: 10}, {ID: "r", Hours: 2}},
	}
	r, err := read(in)
	if err != nil {
		t.Fatal(err)
	}
	d := r.desk(Rules{MaxMoves: 1})
	d.give(0, 1)
	d.give(2, 2)
	if !d.fill(3) || d.at[0] != 0 || d.at[1] < 0 || d.at[1] == 2 || d.at[2] != 2 || d.moves != 1 {
		t.Errorf("people %v, %d moves", d.at, d.moves)
	}
}

// TestSteps holds that a book of ten accounts and four people, who may all take all, is searched whole.
func TestSteps(t *testing.T) {
	all, ways := 0, 1
	for range 10 {
		ways *= 4 + 1
		all += ways
	}
	if all > steps {
		t.Errorf("%d steps, of at most %d", all, steps)
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

// TestTooLarge holds that nothing is proven when steps run out.
func TestTooLarge(t *testing.T) {
	in := bare(rand.New(rand.NewPCG(5, 6)), small, 7)
	for i := range in.Accounts {
		*in.Accounts[i].Hours = float64(3 + i)
	}
	for p := range in.People {
		in.People[p].Hours = 35 + float64(p)/2 // 255.5 for 250
	}
	r, err := read(in)
	if err != nil {
		t.Fatal(err)
	}
	d := r.desk(Rules{})
	d.start()
	d.search()
	before := d.score()
	d.exhaust()
	plan := d.plan()
	if d.proven || plan.LeftBound >= plan.Left && *plan.Bound >= *plan.Imbalance {
		t.Errorf("proven without an end of the search: %+v", plan.Outcome)
	}
	if before.less(d.score()) {
		t.Errorf("%+v, %+v before", d.score(), before)
	}
}
