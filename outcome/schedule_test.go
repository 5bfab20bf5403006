package outcome_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// TestSchedule counts back by hand. Rollout is due on 11 April: train takes 10 days and ends then, so that it begins on 1
// April; invite takes 20 and begins on 12 March; clean takes 5 and, due on 10 March, begins on 5 March, before both.
func TestSchedule(t *testing.T) {
	m := mustCompile(t, bare())
	rollout := aim("rollout", outcome.Target{Measure: "m", Goal: 1, Due: on(4, 11)})
	rollout.Vendor = "success"
	rollout.Milestones = []outcome.Milestone{
		{Name: "train", After: []string{"invite", "clean"}, Takes: 10 * outcome.Day, Owner: "training"},
		{Name: "choose"},
		{Name: "invite", After: []string{"choose"}, Takes: 20 * outcome.Day},
		{Name: "clean", Takes: 5 * outcome.Day},
	}
	p := mustPropose(t, m, rollout)
	p.Outcomes[0].Milestones[1].Done = on(1, 5)
	schedule := func(asOf time.Time) outcome.Route {
		routes, err := m.Schedule(p, asOf)
		if err != nil || len(routes) != 1 {
			t.Fatalf("got %v and %v", routes, err)
		}
		return routes[0]
	}
	want := outcome.Route{Outcome: "rollout", Timed: true, End: on(4, 11), Start: on(3, 12), Slack: 40 * outcome.Day, Certain: true, Critical: []outcome.Leg{
		{Milestone: "invite", Owner: "success", Takes: 20 * outcome.Day, Start: on(3, 12), End: on(4, 1)},
		{Milestone: "train", Owner: "training", Takes: 10 * outcome.Day, Start: on(4, 1), End: on(4, 11)},
	}}
	if diff := cmp.Diff(want, schedule(on(1, 31))); diff != "" {
		t.Errorf("route (-want +got):\n%s", diff)
	}
	if got := schedule(on(3, 13)).Slack; got != -outcome.Day {
		t.Errorf("a day late: slack %v", got)
	}
	if got := schedule(on(1, 4)); got.Certain || len(got.Critical) != 3 || got.Critical[0].Milestone != "choose" || !got.Start.Equal(on(3, 12)) {
		t.Errorf("before the choice is made: %+v", got)
	}
	p.Outcomes[0].Milestones[3].Due = on(3, 10)
	want.Start, want.Slack = on(3, 5), 33*outcome.Day
	want.Critical = []outcome.Leg{{Milestone: "clean", Owner: "success", Takes: 5 * outcome.Day, Start: on(3, 5), End: on(3, 10)}}
	if diff := cmp.Diff(want, schedule(on(1, 31))); diff != "" {
		t.Errorf("with a due date of its own (-want +got):\n%s", diff)
	}
	p.Outcomes[0].Target.Due, p.Renewal = time.Time{}, on(4, 12)
	if got := schedule(on(1, 31)); !got.End.Equal(on(4, 12)) || !got.Start.Equal(on(3, 5)) {
		t.Errorf("back from the renewal: %+v", got)
	}
	p.Renewal = time.Time{}
	if got := schedule(on(1, 31)); got.Timed || len(got.Critical) != 2 || got.Critical[0] != (outcome.Leg{Milestone: "invite", Owner: "success", Takes: 20 * outcome.Day}) ||
		!got.Start.IsZero() {
		t.Errorf("without an end: %+v", got)
	}
	p.Outcomes[0].State = outcome.Achieved
	if routes, err := m.Schedule(p, on(1, 31)); err != nil || len(routes) != 0 {
		t.Errorf("of what has ended: %v, %v", routes, err)
	}
}

// TestScheduleAcross has an outcome that another waits for: that begins 30 days before its due date, on 1 April.
func TestScheduleAcross(t *testing.T) {
	m := mustCompile(t, bare())
	first, second := aim("first", outcome.Target{Measure: "m", Goal: 1, Due: on(6, 1)}), aim("second", outcome.Target{Measure: "n", Goal: 1, Due: on(5, 1)})
	first.Milestones = []outcome.Milestone{{Name: "x", Takes: 10 * outcome.Day}}
	second.Milestones = []outcome.Milestone{{Name: "x", Takes: 30 * outcome.Day}}
	second.After = []string{"first"}
	p := mustPropose(t, m, second, first)
	end := func() string {
		routes, err := m.Schedule(p, on(1, 1))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(routes[len(routes)-1].Outcome, " ", routes[len(routes)-1].End.Format(time.DateOnly))
	}
	if got := end(); got != "first 2026-04-01" {
		t.Errorf("got %s", got)
	}
	p.Outcomes[0].State = outcome.Abandoned
	if got := end(); got != "first 2026-06-01" {
		t.Errorf("nobody waits: got %s", got)
	}
	p, err := m.Amend(p, outcome.Amendment{Outcome: outcome.Outcome{ID: "first"}, Drop: true, By: "u", Reason: "r", At: on(2, 1)})
	if err != nil || len(p.Outcomes[0].After) != 0 {
		t.Errorf("dropped: second still waits for %q, %v", p.Outcomes[0].After, err)
	}
}

// TestScheduleTwin finds the longest chain by trying all.
func TestScheduleTwin(t *testing.T) {
	m := mustCompile(t, bare())
	rng := rand.New(rand.NewPCG(21, 22))
	for range 300 {
		o := aim("a", outcome.Target{Measure: "m", Goal: 1, Due: on(12, 1)})
		n := 1 + rng.IntN(8)
		for i := range n {
			ms := outcome.Milestone{Name: fmt.Sprint("m", i), Takes: outcome.Duration(rng.IntN(20)) * outcome.Day}
			for k := range n {
				if k > i && rng.IntN(3) == 0 { // those later in the list come first
					ms.After = append(ms.After, fmt.Sprint("m", k))
				}
			}
			o.Milestones = append(o.Milestones, ms)
		}
		p := mustPropose(t, m, o)
		for i := range n {
			if rng.IntN(4) == 0 {
				p.Outcomes[0].Milestones[i].Done = on(1, 2)
			}
		}
		ms := p.Outcomes[0].Milestones
		var longest func(i int) outcome.Duration // to the end, from the start of i
		longest = func(i int) outcome.Duration {
			var rest outcome.Duration
			for k := range ms {
				if ms[k].Done.IsZero() && strings.Contains(join(ms[k].After)+",", ms[i].Name+",") {
					rest = max(rest, longest(k))
				}
			}
			return ms[i].Takes + rest
		}
		var want outcome.Duration
		for i := range ms {
			if ms[i].Done.IsZero() {
				want = max(want, longest(i))
			}
		}
		routes, err := m.Schedule(p, on(2, 1))
		if err != nil {
			t.Fatal(err)
		}
		r := routes[0]
		sum, at := outcome.Duration(0), r.Start
		for i, leg := range r.Critical {
			if sum += leg.Takes; !leg.Start.Equal(at) || i == len(r.Critical)-1 && !leg.End.Equal(r.End) {
				t.Fatalf("leg %d of %+v does not follow", i, r)
			}
			at = leg.End
		}
		if sum != want || on(12, 1).Sub(r.Start) != time.Duration(want) {
			t.Fatalf("%+v takes %v back to %v, want %v", r.Critical, sum, r.Start, want)
		}
	}
}

func TestScheduleBadInput(t *testing.T) {
	m := mustCompile(t, bare())
	a, b := aim("a", outcome.Target{Measure: "m", Goal: 1, Due: on(2, 1)}), aim("b", outcome.Target{Measure: "n", Goal: 1})
	a.After, b.After = []string{"b"}, []string{"a"}
	_, err := m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1), Outcomes: []outcome.Outcome{a, b}})
	want := []outcome.Problem{{Pointer: "/outcomes/0/after", Message: `outcomes wait for each other: "a" after "b" after "a"`}}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("proposed in a circle (-want +got):\n%s", diff)
	}
	a.After = []string{"c"}
	_, err = m.Propose(outcome.Proposal{Account: "acme", ID: "p", Start: on(1, 1), Outcomes: []outcome.Outcome{a}})
	if got := problems(t, err); len(got) != 1 || got[0].Pointer != "/outcomes/0/after/0" {
		t.Errorf("after what is not there: %v", got)
	}
	a.After = nil
	p := mustPropose(t, m, a, b)
	a.After = []string{"b"}
	_, err = m.Amend(p, outcome.Amendment{Outcome: a, By: "u", Reason: "r", At: on(1, 5)})
	want[0] = outcome.Problem{Pointer: "/outcome/after", Message: `outcomes wait for each other: "a" after "b" after "a"`}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("amended to a circle (-want +got):\n%s", diff)
	}
	if _, err := m.Schedule(p, time.Time{}); err == nil || err.Error() != `outcome: account "acme": as of: is zero` {
		t.Errorf("as of no time: %v", err)
	}
	for i := range p.Outcomes {
		p.Outcomes[i].Milestones = []outcome.Milestone{{Name: "x", Takes: outcome.Duration(292*365) * outcome.Day}, {Name: "y", Takes: outcome.Duration(292*365) * outcome.Day, After: []string{"x"}}}
	}
	for range 8 {
		x := p.Outcomes[0].Milestones
		p.Outcomes[0].Milestones = append(x, outcome.Milestone{Name: fmt.Sprint("z", len(x)), Takes: x[0].Takes, After: []string{x[len(x)-1].Name}})
	}
	routes, err := m.Schedule(p, on(1, 1))
	if err != nil || routes[0].Start.Year() != 1 {
		t.Errorf("thousands of years: %v, %v", routes, err)
	}
	p.Outcomes[0].Milestones[0].Takes = -1
	if _, err := m.Schedule(p, on(1, 1)); err == nil || !strings.Contains(err.Error(), "/outcomes/0/milestones/0/takes: must not be negative") {
		t.Errorf("less than no time: %v", err)
	}
}
