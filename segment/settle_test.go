package segment_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/google/go-cmp/cmp"
)

// steady is three tiers with every rule of Settle: strategic stays down to 85, moves wait three days, and those to a lower
// segment for a person.
func steady() segment.Scheme {
	s := scheme([]segment.Attribute{numeric("arr"), numeric("nps")}, "strategic: arr >= 100", "growth: arr >= 20", "tech: arr < 20")
	s.Rules[0].Stay = &segment.Stay{While: "arr >= 85"}
	s.For, s.Review = 3*segment.Day, segment.ReviewDown
	return s
}

// A step is one day's verdict, and what is said of the membership then.
type step struct {
	day  float64
	arr  segment.Value
	want string // segment, reason, and what is pending since which day
}

func state(m segment.Membership) string {
	s := fmt.Sprintf("%s %s", m.Segment, m.Reason)
	if !m.PendingSince.IsZero() {
		s += fmt.Sprintf(", %s since %v", m.Pending, m.PendingSince.Sub(day(0)).Hours()/24)
	}
	return s
}

func TestSettle(t *testing.T) {
	n := segment.Number
	immediate := steady()
	immediate.For, immediate.Review = 0, ""
	reviewed := steady()
	reviewed.For = 0
	for _, c := range []struct {
		name   string
		scheme segment.Scheme
		start  segment.Membership
		steps  []step
	}{
		{"the first match enters at once", steady(), segment.Membership{}, []step{
			{0, segment.Null(), " none"}, {1, n(50), "growth match"}, {2, n(50), "growth match"},
		}},
		{"up waits, and begins anew when it stops being due", steady(), segment.Membership{}, []step{
			{0, n(50), "growth match"}, {1, n(120), "growth waiting, strategic since 1"}, {2, n(50), "growth match"},
			{3, n(120), "growth waiting, strategic since 3"}, {5.9, n(120), "growth waiting, strategic since 3"},
			{6, n(120), "strategic match"},
		}},
		{"another target begins anew", steady(), segment.Membership{}, []step{
			{0, n(10), "tech match"}, {1, n(50), "tech waiting, growth since 1"}, {2, n(120), "tech waiting, strategic since 2"},
			{4.9, n(120), "tech waiting, strategic since 2"}, {5, n(120), "strategic match"},
		}},
		{"a stay holds against later rules alone", immediate, segment.Membership{}, []step{
			{0, n(120), "strategic match"}, {1, n(90), "strategic held"}, {2, n(84.99), "growth match"},
			{3, n(90), "growth match"}, {4, n(100), "strategic match"},
		}},
		{"down waits for a person", steady(), segment.Membership{}, []step{
			{0, n(120), "strategic match"}, {1, n(50), "strategic waiting, growth since 1"},
			{4, n(50), "strategic review, growth since 1"}, {400, n(50), "strategic review, growth since 1"},
			{401, n(90), "strategic held"},
		}},
		{"out of all is down", reviewed, segment.Membership{}, []step{
			{0, n(120), "strategic match"}, {1, segment.Null(), "strategic review,  since 1"}, {2, n(120), "strategic match"},
		}},
		{"out of all, and back in", immediate, segment.Membership{}, []step{
			{0, n(120), "strategic match"}, {1, segment.Null(), " none"}, {2, n(10), "tech match"},
		}},
		{"an outage keeps everything", steady(), segment.Membership{}, []step{
			{0, segment.Failed("x"), " error"}, {1, n(120), "strategic match"}, {2, segment.Failed("x"), "strategic error"},
			{3, n(50), "strategic waiting, growth since 3"}, {4, segment.Failed("x"), "strategic error, growth since 3"},
			{6, n(50), "strategic review, growth since 3"}, {7, segment.Failed("x"), "strategic review, growth since 3"},
			{8, n(120), "strategic match"},
		}},
		{"what lies before the last verdict changes nothing", immediate, segment.Membership{}, []step{
			{5, n(120), "strategic match"}, {4, n(10), "strategic match"}, {5, n(10), "tech match"},
		}},
		{"a pin wins until it ends", immediate, segment.Membership{
			Segment: "growth", AsOf: day(0), Pin: &segment.Pin{Segment: "tech", By: "kim", Reason: "merger", From: day(1), Until: day(3)},
		}, []step{
			{0.5, n(120), "strategic match"}, {1, n(120), "tech pinned"}, {2, segment.Failed("x"), "tech pinned"}, {3, n(120), "strategic match"},
		}},
		{"after a pin a move waits as ever", steady(), segment.Membership{
			Segment: "growth", AsOf: day(0), Pin: &segment.Pin{Segment: "tech", By: "kim", Reason: "merger", From: day(0), Until: day(3)},
		}, []step{
			{1, n(120), "tech pinned"}, {3, n(120), "tech waiting, strategic since 3"}, {6, n(120), "strategic match"},
		}},
		{"an approved move happens at once", steady(), segment.Membership{
			Segment: "strategic", AsOf: day(0), Pending: "growth", PendingSince: day(0), Approved: "growth", ApprovedBy: "kim",
		}, []step{
			{1, n(50), "growth match"}, {2, n(10), "growth waiting, tech since 2"}, {5, n(10), "growth review, tech since 2"},
		}},
		{"an approval does not outlive its move", steady(), segment.Membership{
			Segment: "strategic", AsOf: day(0), Pending: "growth", PendingSince: day(0), Approved: "growth", ApprovedBy: "kim",
		}, []step{
			{1, n(120), "strategic match"}, {2, n(50), "strategic waiting, growth since 2"},
		}},
		{"a segment of another scheme is left at once", steady(), segment.Membership{Segment: "legacy", AsOf: day(0)}, []step{
			{1, n(10), "tech match"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compile(t, c.scheme)
			member := c.start
			for _, s := range c.steps {
				v := classify(t, m, segment.FactMap{"arr": s.arr}, day(s.day))
				member = m.Settle(member, v)
				if got := state(member); got != s.want {
					t.Fatalf("day %v: got %q, want %q", s.day, got, s.want)
				}
			}
		})
	}
}

// TestSettleProperties folds random histories: settling twice changes nothing, the previous membership is not modified,
// more evaluations of the same facts change nothing, and segments change only in ways that the scheme allows.
func TestSettleProperties(t *testing.T) {
	m := compile(t, steady())
	r := rand.New(rand.NewPCG(9, 10))
	kept := map[segment.Reason]int{}
	for range 400 {
		var member, twice segment.Membership
		if r.IntN(4) == 0 {
			from := float64(r.IntN(10))
			p := &segment.Pin{Segment: "growth", By: "kim", Reason: "r", From: day(from), Until: day(from + float64(1+r.IntN(10)))}
			member.Pin, twice.Pin = p, p
		}
		facts := segment.FactMap{}
		for d := 0.0; d < 30; d++ {
			if r.IntN(3) == 0 {
				facts["arr"] = pick(r, []segment.Value{
					segment.Number(120), segment.Number(90), segment.Number(50), segment.Number(10), segment.Null(), segment.Failed("x"),
				})
			}
			v := classify(t, m, facts, day(d))
			before := member
			next := m.Settle(member, v)
			if diff := cmp.Diff(before, member); diff != "" {
				t.Fatalf("Settle modified its argument (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(next, m.Settle(next, v)); diff != "" {
				t.Fatalf("settling twice (-want +got):\n%s", diff)
			}
			member = next
			kept[member.Reason]++
			if member.Segment != before.Segment && member.Reason != segment.Pinned && before.Segment != "" {
				rank := func(s string) int { return slices.Index(append(m.Segments(), ""), s) }
				if rank(member.Segment) > rank(before.Segment) {
					t.Fatalf("day %v: moved down from %s to %q without a person", d, before.Segment, member.Segment)
				}
				if day(d).Sub(before.PendingSince).Hours() < 72 {
					t.Fatalf("day %v: moved from %s to %q, pending since %v", d, before.Segment, member.Segment, before.PendingSince)
				}
			}

			if !member.PendingSince.IsZero() && r.IntN(6) == 0 { // a person says no
				decline := &segment.Decline{Segment: member.Pending, By: "kim", Reason: "r", At: day(d)}
				before := member
				member.Declined = decline
				member = m.Settle(member, segment.Verdict{AsOf: day(d), Segment: member.Segment, Reason: segment.Declined})
				if member.Segment != before.Segment || !member.Since.Equal(before.Since) || !member.PendingSince.IsZero() || *member.Declined != *decline {
					t.Fatalf("day %v: declined: %+v", d, member)
				}
				kept[member.Reason]++
				twice = member // asked again half a day later it would be pending since then
				continue
			}

			morning := m.Settle(twice, v)
			if diff := cmp.Diff(member, morning); diff != "" {
				t.Fatalf("day %v: evaluated once and twice a day (-want +got):\n%s", d, diff)
			}
			twice = m.Settle(morning, classify(t, m, facts, day(d+0.5)))
		}
	}
	for _, reason := range []segment.Reason{
		segment.Match, segment.None, segment.Error, segment.Held, segment.Waiting, segment.InReview, segment.Pinned, segment.Declined,
	} {
		if kept[reason] < 50 {
			t.Errorf("only %d memberships with reason %s", kept[reason], reason)
		}
	}
}
