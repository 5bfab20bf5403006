package outcome_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestRescopes has 57 under 84 → 30, which is 1/2, under 84 → 75, which is 3, and under 84 → 57, which is 1.
func TestRescopes(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	for i, goal := range []float64{75, 57} {
		o := p.Outcomes[0]
		target := *o.Target
		target.Goal = goal
		o.Target = &target
		var err error
		if p, err = m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "learned", At: on(3, 1+i)}); err != nil {
			t.Fatal(err)
		}
	}
	added := aim("d", outcome.Target{Measure: "d", Goal: 4})
	p, err := m.Amend(p, outcome.Amendment{Outcome: added, By: "u", Reason: "new", At: on(3, 3)})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "d"}, Drop: true, By: "u", Reason: "no use", At: on(3, 4)}); err != nil {
		t.Fatal(err)
	}
	in := outcome.Input{Account: "acme", Plan: p, Series: outcome.SeriesMap{"m": measured(on(2, 1), day, 57), "d": measured(on(2, 1), day, 1)}}
	type row struct {
		outcome       string
		before, after float64 // -1: unknown
	}
	rows := func(asOf time.Time) []row {
		list, err := m.Rescopes(in, asOf)
		if err != nil {
			t.Fatal(err)
		}
		var rows []row
		for _, r := range list {
			raw := func(p outcome.Progress) float64 {
				if !p.Known {
					return -1
				}
				return p.Raw
			}
			rows = append(rows, row{r.Change.Outcome, raw(r.Before), raw(r.After)})
		}
		return rows
	}
	want := []row{{"a", 0.5, 3}, {"a", 3, 1}, {"d", -1, 0.25}, {"d", 0.25, -1}}
	if diff := cmp.Diff(want, rows(on(3, 4)), cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("rescopes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], rows(on(3, 1)), cmp.AllowUnexported(row{})); diff != "" {
		t.Errorf("after the first (-want +got):\n%s", diff)
	}
	last := mustAssess(t, m, p, in.Series, on(3, 4)).Outcomes[0]
	if list, _ := m.Rescopes(in, on(3, 4)); list[1].After.Raw != last.Raw || list[1].After.Value != last.Value {
		t.Errorf("the last target is %+v there and %+v in the assessment", list[1].After, last)
	}
	in.Account = "other"
	if _, err := m.Rescopes(in, on(3, 4)); err == nil {
		t.Error("another account's plan was read")
	}
}

func TestDepart(t *testing.T) {
	m := mustCompile(t, signers())
	a, b := aim("a", outcome.Target{Measure: "m", Goal: 1}), aim("b", outcome.Target{Measure: "n", Goal: 1})
	a.Sponsors = []outcome.Sponsor{{Name: "ada", Role: "champion", Leaves: "ask the board"}, {Name: "ben"}}
	b.Sponsors = []outcome.Sponsor{{Name: "ada"}}
	p := mustPropose(t, m, a, b, aim("c", outcome.Target{Measure: "o", Goal: 1}))
	p, err := act(m, p, "sign", on(1, 10))
	if err != nil {
		t.Fatal(err)
	}
	if p, err = m.Activate(p, "a", on(1, 11)); err != nil {
		t.Fatal(err)
	}
	terms := p.Terms()
	depart := func(p outcome.Plan, person, successor string, at time.Time) outcome.Plan {
		t.Helper()
		next, err := m.Depart(p, outcome.Departure{Person: person, Successor: successor, At: at})
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	unsponsored := func(p outcome.Plan, asOf time.Time) string {
		return join(mustAssess(t, m, p, nil, asOf).Unsponsored)
	}
	gone := depart(p, "ada", "", on(3, 1))
	if unsponsored(gone, on(3, 1)) != "b" || unsponsored(gone, on(3, 1).Add(-time.Microsecond)) != "" || gone.Terms() != terms ||
		len(mustAssess(t, m, gone, nil, on(3, 1)).Unsigned) > 0 {
		t.Errorf("unsponsored %q, or the terms changed", unsponsored(gone, on(3, 1)))
	}
	if again := depart(gone, "ada", "", on(4, 1)); mustJSON(t, again) != mustJSON(t, gone) {
		t.Error("a departure again changed the plan")
	}
	if both := depart(gone, "ben", "", on(4, 1)); unsponsored(both, on(4, 1)) != "a,b" {
		t.Errorf("both gone: %s", unsponsored(both, on(4, 1)))
	}
	late := depart(gone, "ada", "cem", on(4, 1))
	want := []outcome.Sponsor{{Name: "ada", Role: "champion", Leaves: "ask the board", Left: on(3, 1), Successor: "cem"}, {Name: "ben"}, {Name: "cem", Role: "champion"}}
	if diff := cmp.Diff(want, late.Outcomes[0].Sponsors); diff != "" || unsponsored(late, on(4, 1)) != "" {
		t.Errorf("sponsors (-want +got):\n%s", diff)
	}
	if heir := depart(p, "ada", "ben", on(3, 1)); len(heir.Outcomes[0].Sponsors) != 2 || heir.Outcomes[1].Sponsors[1].Name != "ben" {
		t.Errorf("one who sponsors it already: %+v", heir.Outcomes[0].Sponsors)
	}
	confirm := func(p outcome.Plan, by string, at time.Time) error {
		_, err := m.Attest(p, "a", outcome.Verification{Level: outcome.Confirmed, By: by, At: at})
		return err
	}
	if err := confirm(gone, "ada", on(2, 1)); err != nil {
		t.Errorf("confirmed before she left: %v", err)
	}
	if err := confirm(gone, "ada", on(3, 2)); ruleOf(err) != "customer_confirms" {
		t.Errorf("confirmed after she left: %v", err)
	}
	back := depart(late, "cem", "ada", on(5, 1))
	if err := confirm(back, "ada", on(5, 2)); err != nil {
		t.Errorf("confirmed after she came back: %v", err)
	}
	for _, c := range []struct {
		d    outcome.Departure
		want string
	}{
		{outcome.Departure{Person: "dan", At: on(3, 1)}, `outcome: account "acme": refused by known_person: "dan" sponsors no outcome of plan "p"; needs the ID of a sponsor`},
		{outcome.Departure{Person: "ada", At: on(1, 1).Add(-day)}, `outcome: account "acme": refused by in_order: the plan runs since 2026-01-01T00:00:00Z, not 2025-12-31T00:00:00Z; needs an instant that is not earlier`},
		{outcome.Departure{At: on(3, 1)}, `outcome: account "acme": person: is empty`},
		{outcome.Departure{Person: "ada"}, `outcome: account "acme": at: is zero`},
		{outcome.Departure{Person: "ada", Successor: "ada", At: on(3, 1)}, `outcome: account "acme": successor: is the person who leaves`},
		{outcome.Departure{Person: "ada", Successor: "\x00", At: on(3, 1)}, `outcome: account "acme": successor: contains the control character U+0000 at byte 0`},
	} {
		if _, err := m.Depart(p, c.d); err == nil || err.Error() != c.want {
			t.Errorf("got %v\nwant %s", err, c.want)
		}
	}
}

func TestNobodyLeavesATemplate(t *testing.T) {
	def := outcome.Starter()
	def.Outcomes[0].Sponsors = []outcome.Sponsor{{Name: "s", Left: on(1, 1)}, {Name: "t", Successor: "\x00"}}
	_, err := outcome.Compile(def)
	want := []outcome.Problem{
		{Pointer: "/outcomes/0/sponsors/0/left", Message: "belongs in a plan: nobody leaves a template"},
		{Pointer: "/outcomes/0/sponsors/1/left", Message: "belongs in a plan: nobody leaves a template"},
		{Pointer: "/outcomes/0/sponsors/1/successor", Message: "contains the control character U+0000 at byte 0"},
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

// TestWrongSeries holds that what reads a series beside Assess names the place of a wrong value too.
func TestWrongSeries(t *testing.T) {
	m := mustCompile(t, signers())
	p := agreedPlan(t, m)
	o := p.Outcomes[0]
	o.Weight = 2
	p, err := m.Amend(p, outcome.Amendment{Outcome: o, By: "u", Reason: "r", At: on(3, 1)})
	if err != nil {
		t.Fatal(err)
	}
	in := outcome.Input{Account: "acme", Plan: p, Series: outcome.SeriesMap{"m": measured(on(2, 1), day, math.NaN())}}
	const want = `outcome: account "acme": measure "m": the value at 2026-02-01T00:00:00Z is NaN`
	if _, err := m.Rescopes(in, on(3, 1)); err == nil || err.Error() != want {
		t.Errorf("rescopes: %v", err)
	}
	shared := mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Base: -1e308, Goal: 0, Share: 0.5}))
	in.Plan, in.Series = shared, outcome.SeriesMap{"m": measured(on(2, 1), day, 1e308)}
	if _, err := m.Assess(in, on(3, 1)); err == nil || err.Error() != `outcome: account "acme": measure "m": a value is out of all proportion to base -1e+308 and goal 0` {
		t.Errorf("a share of too much: %v", err)
	}
	in.Account = "other"
	if _, err := m.Guide(in, nil, on(3, 1)); err == nil || err.Error() != `outcome: account "other": plan: is of account "acme"` {
		t.Errorf("guide: %v", err)
	}
}
