package coverage_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment/coverage"
)

// small is a book whose answers fit on paper: demand 10 + 10 + 4 + 0 of known effort, supply 20 + 8.
func small() coverage.Input {
	return coverage.Input{
		Accounts: []coverage.Account{
			{ID: "a", Segment: "enterprise", Health: "red", Revenue: euros(100), Currency: "EUR", Holder: "ann"},
			{ID: "b", Segment: "enterprise", Health: "green", Hours: hours(10), Revenue: euros(50), Currency: "EUR", Holder: "ann"},
			{ID: "c", Segment: "mid", Health: "red", Holder: "bob"},
			{ID: "d", Segment: "tail", Health: "red", Hours: hours(0), Holder: "gone"},
			{ID: "e", Segment: "tail", Health: "red", Revenue: euros(50), Currency: "EUR", Skills: []string{"law"}},
		},
		People: []coverage.Person{{ID: "cid"}, {ID: "bob", Hours: 16, Ramp: 0.5}, {ID: "ann", Hours: 20}},
		Efforts: []coverage.Effort{
			{Segment: "enterprise", Health: "red", Hours: 10}, {Segment: "enterprise", Hours: 6}, {Segment: "mid", Hours: 4},
		},
	}
}

func text[T any](t testing.TB, v T) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMeasure(t *testing.T) {
	got, err := coverage.Measure(small())
	if err != nil {
		t.Fatal(err)
	}
	used, accounts, effort, needed, each := 24.0/28, 2.5, 12.0, int64(2), euros(100) // a standard person has (16 + 20) / 3 = 12 hours
	full, half := 1.0, 0.5
	want := coverage.Capacity{
		Accounts: 5, People: 2, Demand: 24, Supply: 28, Revenue: euros(200), Currency: "EUR",
		Used: &used, Needed: &needed, AccountsEach: &accounts, HoursEach: &effort, RevenueEach: &each,
		Cells: []coverage.Cell{
			{Segment: "enterprise", Health: "green", Accounts: 1, Hours: 10, Revenue: euros(50)},
			{Segment: "enterprise", Health: "red", Accounts: 1, Hours: 10, Revenue: euros(100)},
			{Segment: "mid", Health: "red", Accounts: 1, Hours: 4},
			{Segment: "tail", Health: "red", Accounts: 2, Unknown: 1, Revenue: euros(50)},
		},
		Books: []coverage.Book{
			{Person: "ann", Accounts: 2, Hours: 20, Capacity: 20, Used: &full, Revenue: euros(150)},
			{Person: "bob", Accounts: 1, Hours: 4, Capacity: 8, Used: &half},
			{Person: "cid"},
		},
		Findings: []coverage.Finding{
			{Code: coverage.NoHours, IDs: []string{"cid"}}, {Code: coverage.UnknownEffort, IDs: []string{"e"}},
			{Code: coverage.ZeroEffort, IDs: []string{"d"}}, {Code: coverage.NobodyMayTake, IDs: []string{"e"}},
		},
	}
	if d := cmp.Diff(text(t, want), text(t, got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNeeded(t *testing.T) {
	for _, c := range []struct {
		standard float64
		want     int64
	}{{8, 3}, {7.999, 4}, {24, 1}, {25, 1}, {100_000, 1}} {
		in := small()
		in.Standard = c.standard
		got, err := coverage.Measure(in)
		if err != nil || *got.Needed != c.want {
			t.Errorf("of %v hours: %v, %v; want %d", c.standard, *got.Needed, err, c.want)
		}
	}
}

// TestNothing holds that what is not there is said: no ratio is 0 or infinite for want of a denominator.
func TestNothing(t *testing.T) {
	in := small()
	in.People = nil
	got, err := coverage.Measure(in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Used != nil || got.Needed != nil || got.AccountsEach != nil || got.HoursEach != nil || got.RevenueEach != nil || got.Findings[0].Code != coverage.NoPeople {
		t.Errorf("without people: %s", text(t, got))
	}
	for name, c := range map[string]struct {
		spoil  func(in *coverage.Input)
		reason coverage.Reason
	}{
		"no people":   {func(in *coverage.Input) { in.People = nil }, coverage.ReasonEligible},
		"no hours":    {func(in *coverage.Input) { in.People[1].Ramp, in.People[2].Hours = 1, 0 }, coverage.ReasonCapacity},
		"no effort":   {func(in *coverage.Input) { in.Efforts, in.Accounts[1].Hours = nil, nil }, coverage.ReasonEffort},
		"no language": {func(in *coverage.Input) { in.Accounts[0].Language = "fi" }, coverage.ReasonEligible},
		"no region":   {func(in *coverage.Input) { in.Accounts[0].Region = "emea" }, coverage.ReasonEligible},
	} {
		in := small()
		c.spoil(&in)
		plan := assign(t, in, coverage.Rules{})
		if plan.Unassigned[0] != (coverage.Leftover{Account: "a", Before: in.Accounts[0].Holder, Reason: c.reason}) {
			t.Errorf("%s: %s", name, text(t, plan))
		}
		if len(plan.Assigned)+plan.Left != len(in.Accounts) {
			t.Errorf("%s: %d assigned, %d left", name, len(plan.Assigned), plan.Left)
		}
	}
	for i := range in.Accounts {
		in.Accounts[i].Hours, in.Accounts[i].Skills = hours(0), nil
	}
	in.People = []coverage.Person{{ID: "x", Hours: 1}, {ID: "y", Hours: 1}}
	plan := assign(t, in, coverage.Rules{})
	if plan.Imbalance != nil || plan.Bound != nil || plan.Left != 0 || plan.Books[0].Accounts != 3 {
		t.Errorf("zero effort: %s", text(t, plan))
	}
}

// TestNoCapacity takes all hours from all people, in each way in which that can be said, and then the accounts as well.
func TestNoCapacity(t *testing.T) {
	for name, spoil := range map[string]func(p *coverage.Person){
		"no hours": func(p *coverage.Person) { p.Hours = 0 },
		"all ramp": func(p *coverage.Person) { p.Hours, p.Ramp = 40, 1 },
	} {
		in := small()
		for i := range in.People {
			spoil(&in.People[i])
		}
		got, err := coverage.Measure(in)
		if err != nil {
			t.Fatal(err)
		}
		if got.People != 0 || got.Supply != 0 || got.Demand != 24 || got.Used != nil || got.HoursEach != nil || got.RevenueEach != nil {
			t.Errorf("%s: %s", name, text(t, got))
		}
		plan := assign(t, in, coverage.Rules{})
		for _, left := range plan.Unassigned[:3] { // the others need no hours, or a skill that nobody has
			if left.Reason != coverage.ReasonCapacity {
				t.Errorf("%s: %s", name, text(t, plan))
			}
		}
		if plan.Imbalance != nil || plan.Peak != 0 {
			t.Errorf("%s: %s", name, text(t, plan))
		}
	}
	got, err := coverage.Measure(coverage.Input{})
	if err != nil || got.Accounts != 0 || got.Used != nil || got.AccountsEach != nil {
		t.Errorf("nothing at all: %s, %v", text(t, got), err)
	}
	plan := assign(t, coverage.Input{}, coverage.Rules{})
	if len(plan.Assigned)+len(plan.Unassigned)+len(plan.Books) > 0 || plan.Imbalance != nil {
		t.Errorf("nothing at all: %s", text(t, plan))
	}
}

func TestContinuity(t *testing.T) {
	in := coverage.Input{People: []coverage.Person{{ID: "x", Hours: 10}, {ID: "y", Hours: 10}}}
	for _, id := range []string{"a", "b", "c", "d"} {
		in.Accounts = append(in.Accounts, coverage.Account{ID: id, Hours: hours(2), Holder: "x"})
	}
	// All on one of two people: 2. One away: 6 of 8 on half the hours, 1.5. Two: even, and there is no use for a third.
	for moves, want := range []float64{2, 1.5, 1, 1} {
		plan := assign(t, in, coverage.Rules{MaxMoves: moves})
		if *plan.Imbalance != want || *plan.Bound != want || plan.Moves != min(moves, 2) {
			t.Errorf("%d moves: %s", moves, text(t, plan.Outcome))
		}
	}
	in.People[0].Hours = 5 // two stay; the others may not go, and y has room
	plan := assign(t, in, coverage.Rules{})
	want := []coverage.Leftover{{"c", "x", coverage.ReasonMoves}, {"d", "x", coverage.ReasonMoves}}
	if d := cmp.Diff(want, plan.Unassigned); d != "" || plan.LeftHours != 4 {
		t.Errorf("(-want +got):\n%s", d)
	}
	in.People = in.People[1:] // the holder left: no allowance is needed
	plan = assign(t, in, coverage.Rules{})
	if plan.Forced != 4 || plan.Moves != 0 || plan.Left != 0 {
		t.Errorf("holder gone: %s", text(t, plan))
	}
}

// TestHolders holds that nobody loses its person for others, be they many, and what goes where it must.
func TestHolders(t *testing.T) {
	account := func(id string, h float64, holder string) coverage.Account {
		return coverage.Account{ID: id, Hours: hours(h), Holder: holder}
	}
	x, y := coverage.Person{ID: "x", Hours: 10}, coverage.Person{ID: "y", Hours: 5}
	away := coverage.Person{ID: "z", Hours: 10, Ramp: 1}
	two := []coverage.Account{account("a", 10, "x"), account("b", 5, ""), account("c", 5, "")}
	many := []coverage.Account{account("a", 10, "x")}
	over := []string{}
	for i := range 30 {
		many = append(many, account(fmt.Sprintf("b%02d", i), 0.25, ""))
		over = append(over, many[i+1].ID)
	}
	full := []coverage.Account{account("a", 6, "x"), account("b", 5, "x"), account("c", 4, "x"), account("d", 5, "")}
	for _, c := range []struct {
		name   string
		in     coverage.Input
		moves  int
		left   []string
		fewest int
	}{
		{"two others", coverage.Input{Accounts: two, People: []coverage.Person{x}}, 0, []string{"b", "c"}, 1},
		{"many others", coverage.Input{Accounts: many, People: []coverage.Person{x}}, 0, over, 1},
		{"one too many, and no move", coverage.Input{Accounts: full, People: []coverage.Person{x, y}}, 0, []string{"b"}, 1},
		{"one too many, and a move", coverage.Input{Accounts: full, People: []coverage.Person{x, y}}, 1, []string{"d"}, 1},
		{"nobody held", coverage.Input{
			Accounts: []coverage.Account{account("a", 6, ""), account("b", 6, ""), account("c", 6, ""), account("d", 6, "")},
			People:   []coverage.Person{{ID: "x", Hours: 9}, {ID: "y", Hours: 9}},
		}, 0, []string{"c", "d"}, 2},
		{"a holder without hours", coverage.Input{
			Accounts: []coverage.Account{account("a", 10, "z"), two[1], two[2]}, People: []coverage.Person{x, away},
		}, 0, []string{"a"}, 1},
	} {
		plan := assign(t, c.in, coverage.Rules{MaxMoves: c.moves})
		left := []string{}
		for _, u := range plan.Unassigned {
			left = append(left, u.Account)
		}
		if d := cmp.Diff(c.left, left); d != "" || plan.LeftBound != c.fewest {
			t.Errorf("%s: bound %d, left (-want +got):\n%s", c.name, plan.LeftBound, d)
		}
	}
}

func TestHire(t *testing.T) {
	in := coverage.Input{People: []coverage.Person{{ID: "x", Hours: 10}}}
	for _, id := range []string{"a", "b", "c"} {
		in.Accounts = append(in.Accounts, coverage.Account{ID: id, Hours: hours(5), Holder: "x"})
	}
	got, err := coverage.Hire(in, coverage.Rules{MaxMoves: 1}, coverage.Person{ID: "y", Hours: 20})
	if err != nil {
		t.Fatal(err)
	}
	even, twice, quarter := 1.0, 2.0, 0.25
	want := coverage.Change{
		Before: coverage.Outcome{Imbalance: &even, Bound: &even, Peak: 1, Left: 1, LeftBound: 1, LeftHours: 5},
		After:  coverage.Outcome{Imbalance: &twice, Bound: &twice, Peak: 1, Moves: 1},
		Book:   coverage.Book{Person: "y", Accounts: 1, Hours: 5, Capacity: 20, Used: &quarter},
	}
	if d := cmp.Diff(text(t, want), text(t, got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err = coverage.Hire(in, coverage.Rules{}, in.People[0]); err == nil || err.Error() != `coverage: ID of person "x": is there twice` {
		t.Errorf("the same person: %v", err)
	}
	if _, err = coverage.Hire(in, coverage.Rules{MaxMoves: -1}, coverage.Person{ID: "y"}); err == nil {
		t.Error("bad rules: no error")
	}
}
