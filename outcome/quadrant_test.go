package outcome_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// stance is felt and measured in full.
func stance(account string, experience, attainment float64) outcome.Stance {
	return outcome.Stance{Account: account, Experience: experience, Felt: true,
		Attainment: outcome.Attainment{Known: true, Value: attainment, Coverage: 1, Low: attainment, High: attainment}}
}

var edges = outcome.Edges{Experience: 7, Attainment: 0.6}

func TestQuadrant(t *testing.T) {
	unfelt, unmeasured, partly := stance("unfelt", 0, 1), stance("unmeasured", 9, 0), stance("partly", 9, 0.6)
	unfelt.Felt = false
	unmeasured.Attainment = outcome.Attainment{High: 1}
	partly.Attainment.Coverage, partly.Attainment.Low, partly.Attainment.High = 0.5, 0.3, 0.8
	before := []outcome.Stance{stance("a", 9, 0.9), stance("b", 9, 0.9), stance("c", 2, 0.1), stance("gone", 7, 0.6), unmeasured}
	now := []outcome.Stance{stance("c", 6.9, 0.6), stance("b", 8, 0.2), stance("a", 7, 0.6), stance("new", 1, 0.1), unfelt, unmeasured, partly}
	got, err := outcome.NewQuadrant(edges, before, now)
	if err != nil {
		t.Fatal(err)
	}
	want := outcome.Quadrant{
		Cells: []outcome.Cell{
			{Corner: outcome.Thriving, Accounts: []string{"a", "partly"}, Uncertain: []string{"partly"}},
			{Corner: outcome.Charmed, Accounts: []string{"b"}},
			{Corner: outcome.Enduring, Accounts: []string{"c"}},
			{Corner: outcome.Failing, Accounts: []string{"new"}},
			{Corner: outcome.Unplaced, Accounts: []string{"unfelt", "unmeasured"}},
		},
		Moves: []outcome.Move{
			{From: outcome.Thriving, To: outcome.Charmed, Accounts: []string{"b"}},
			{From: outcome.Thriving, Accounts: []string{"gone"}},
			{From: outcome.Failing, To: outcome.Enduring, Accounts: []string{"c"}},
			{To: outcome.Thriving, Accounts: []string{"partly"}},
			{To: outcome.Failing, Accounts: []string{"new"}},
			{To: outcome.Unplaced, Accounts: []string{"unfelt"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("quadrant (-want +got):\n%s", diff)
	}
}

// TestQuadrantCounts holds that each account is in one cell, and that the moves lead from the cells before to those of now.
func TestQuadrantCounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	draw := func() []outcome.Stance {
		var list []outcome.Stance
		for _, a := range strings.Split("abcdefghij", "") {
			if rng.IntN(5) > 0 {
				s := stance(a, float64(rng.IntN(11)), float64(rng.IntN(11))/10)
				s.Felt = rng.IntN(4) > 0
				list = append(list, s)
			}
		}
		rng.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
		return list
	}
	cells := func(q outcome.Quadrant) map[string]outcome.Corner {
		at := map[string]outcome.Corner{}
		for _, c := range q.Cells {
			for _, a := range c.Accounts {
				if at[a] != "" {
					t.Fatalf("%s is in two cells", a)
				}
				at[a] = c.Corner
			}
		}
		return at
	}
	for range 300 {
		before, now := draw(), draw()
		was, err := outcome.NewQuadrant(edges, nil, before)
		if err != nil {
			t.Fatal(err)
		}
		is, err := outcome.NewQuadrant(edges, before, now)
		if err != nil {
			t.Fatal(err)
		}
		at := cells(was)
		for _, move := range is.Moves {
			for _, a := range move.Accounts {
				if at[a] != move.From || move.From == move.To {
					t.Fatalf("%s moved from %q to %q, and was at %q", a, move.From, move.To, at[a])
				}
				if at[a] = move.To; move.To == "" {
					delete(at, a)
				}
			}
		}
		if diff := cmp.Diff(at, cells(is)); diff != "" || len(at) != len(now) {
			t.Fatalf("after all moves (-want +got):\n%s", diff)
		}
	}
}

func TestQuadrantRefuses(t *testing.T) {
	good := []outcome.Stance{stance("a", 1, 1)}
	nan := stance("a", 1, math.NaN())
	for want, run := range map[string]func() (outcome.Quadrant, error){
		`outcome: account "a": now: is there twice`: func() (outcome.Quadrant, error) { return outcome.NewQuadrant(edges, nil, append(good, good...)) },
		`outcome: account "a": before: the experience is NaN`: func() (outcome.Quadrant, error) {
			return outcome.NewQuadrant(edges, []outcome.Stance{stance("a", math.NaN(), 1)}, good)
		},
		`outcome: account "a": now: the attainment is NaN, which is not 0 to 1`: func() (outcome.Quadrant, error) {
			return outcome.NewQuadrant(edges, nil, []outcome.Stance{nan})
		},
		`outcome: account "a": before: the attainment is 85, which is not 0 to 1`: func() (outcome.Quadrant, error) {
			return outcome.NewQuadrant(edges, []outcome.Stance{stance("a", 9, 85)}, nil)
		},
		`outcome: now: is empty`: func() (outcome.Quadrant, error) { return outcome.NewQuadrant(edges, nil, []outcome.Stance{{}}) },
		`outcome: edges: must be finite, and from 0 to 1, not 7 and 1.1`: func() (outcome.Quadrant, error) {
			return outcome.NewQuadrant(outcome.Edges{Experience: 7, Attainment: 1.1}, nil, good)
		},
	} {
		if _, err := run(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
