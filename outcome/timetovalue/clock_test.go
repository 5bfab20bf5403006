package timetovalue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

// achieved is a business outcome achieved after so many days, and verified after so many; below 0: not.
func achieved(outcome string, days, verified int) timetovalue.Achievement {
	a := timetovalue.Achievement{Outcome: outcome, Kind: timetovalue.Business, Achieved: after(days)}
	if verified >= 0 {
		a.Verified = after(verified)
	}
	return a
}

func TestHistoryCase(t *testing.T) {
	technical := achieved("it works", 3, 4)
	technical.Kind = timetovalue.Technical
	rejected := achieved("wrong", 5, -1)
	rejected.Rejected = after(6)
	restored := achieved("right after all", 5, 9)
	restored.Rejected = after(6)
	asOf := after(50)
	base := timetovalue.Case{Account: "acme", Segment: "s", Cohort: "c", From: start, Seen: asOf}
	with := func(change func(*timetovalue.Case)) *timetovalue.Case {
		c := base
		change(&c)
		return &c
	}
	for _, c := range []struct {
		name   string
		change func(*timetovalue.History)
		from   timetovalue.Anchor
		asOf   time.Time
		want   *timetovalue.Case // nil: no clock
	}{
		{"waits", nil, timetovalue.Signature, asOf, &base},
		{"verified", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, achieved("a", 20, 30)) },
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Value = after(20) })},
		{"verified later: pending as known then", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, achieved("a", 20, 51)) },
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Pending, c.Seen = true, after(20) })},
		{"achieved later", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, achieved("a", 51, 51)) },
			timetovalue.Signature, asOf, &base},
		{"the second is verified", func(h *timetovalue.History) {
			h.Achievements = append(h.Achievements, achieved("a", 20, -1), achieved("c", 40, 41), achieved("b", 30, 42))
		}, timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Value = after(30) })},
		{"the first of two that are pending", func(h *timetovalue.History) {
			h.Achievements = append(h.Achievements, achieved("b", 30, -1), achieved("a", 20, -1))
		}, timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Pending, c.Seen = true, after(20) })},
		{"rejected", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, rejected) },
			timetovalue.Signature, asOf, &base},
		{"rejected, not known yet", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, rejected) },
			timetovalue.Signature, after(5), with(func(c *timetovalue.Case) { c.Pending, c.Seen = true, after(5) })},
		{"rejected and verified after that", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, restored) },
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Value = after(5) })},
		{"left", func(h *timetovalue.History) { h.Left = after(25) },
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Left = after(25) })},
		{"leaves later", func(h *timetovalue.History) { h.Left = after(51) }, timetovalue.Signature, asOf, &base},
		{"value on the day of leaving", func(h *timetovalue.History) {
			h.Left, h.Achievements = after(25), append(h.Achievements, achieved("a", 25, 26))
		},
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Value = after(25) })},
		{"achieved after leaving", func(h *timetovalue.History) {
			h.Left, h.Achievements = after(25), append(h.Achievements, achieved("a", 26, 26))
		},
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Left = after(25) })},
		{"pending, then left", func(h *timetovalue.History) {
			h.Left, h.Achievements = after(25), append(h.Achievements, achieved("a", 20, -1))
		},
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Pending, c.Seen = true, after(20) })},
		{"from kick-off", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, achieved("a", 20, 20)) },
			timetovalue.KickOff, asOf, with(func(c *timetovalue.Case) { c.From, c.Value = after(7), after(20) })},
		{"before the anchor counts at the anchor", func(h *timetovalue.History) { h.Achievements = append(h.Achievements, achieved("a", 2, 20)) },
			timetovalue.KickOff, asOf, with(func(c *timetovalue.Case) { c.From, c.Value = after(7), after(7) })},
		{"not live", nil, timetovalue.GoLive, asOf, nil},
		{"left before kick-off", func(h *timetovalue.History) { h.Left = after(6) }, timetovalue.KickOff, asOf, nil},
		{"not begun", nil, timetovalue.KickOff, after(6), nil},
		{"value before the watch", func(h *timetovalue.History) {
			h.Watched, h.Achievements = after(21), append(h.Achievements, achieved("a", 20, 20))
		}, timetovalue.Signature, asOf, nil},
		{"watched after as of", func(h *timetovalue.History) { h.Watched = after(51) }, timetovalue.Signature, asOf, nil},
		{"within one microsecond", func(h *timetovalue.History) {
			a := achieved("a", 50, 50)
			a.Achieved, h.Left = a.Achieved.Add(900), after(50).Add(300)
			h.Achievements = append(h.Achievements, a)
		}, timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Value = asOf })},
		{"watched later", func(h *timetovalue.History) { h.Watched = after(9) },
			timetovalue.Signature, asOf, with(func(c *timetovalue.Case) { c.Watched = after(9) })},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := timetovalue.History{
				Account: "acme", Segment: "s", Cohort: "c", Signature: start, KickOff: after(7), Achievements: []timetovalue.Achievement{technical},
			}
			if c.change != nil {
				c.change(&h)
			}
			got, ok, err := h.Case(c.from, timetovalue.Business, c.asOf)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == nil {
				c.want = &timetovalue.Case{}
			}
			if diff := cmp.Diff(*c.want, got); diff != "" || ok != (c.want.Account != "") {
				t.Errorf("%v (-want +got):\n%s", ok, diff)
			}
			if ok {
				if _, err := timetovalue.Estimate([]timetovalue.Case{got}); err != nil {
					t.Error(err)
				}
			}
			got, _, err = h.Case(timetovalue.Signature, timetovalue.Technical, asOf)
			if err != nil || h.Watched.IsZero() && !got.Value.Equal(after(3)) {
				t.Errorf("technical value: %+v, %v", got, err)
			}
		})
	}
}

func TestBadHistories(t *testing.T) {
	good := timetovalue.History{Account: "acme", Signature: start}
	with := func(change func(*timetovalue.Achievement)) timetovalue.History {
		h, a := good, achieved("a", 20, 30)
		change(&a)
		h.Achievements = []timetovalue.Achievement{achieved("fine", 1, 2), a}
		return h
	}
	for _, c := range []struct {
		name string
		h    timetovalue.History
		from timetovalue.Anchor
		kind timetovalue.Kind
		asOf time.Time
		want string
	}{
		{"no account", timetovalue.History{Signature: start}, "signature", "business", start, `account "": is empty`},
		{"anchor", good, "", "business", start, `account "acme": anchor: "" is unknown`},
		{"kind", good, "signature", "", start, `kind: "" is unknown`},
		{"as of", good, "signature", "business", time.Time{}, `as of: is zero`},
		{"outcome", with(func(a *timetovalue.Achievement) { a.Outcome = "" }), "signature", "business", start, `achievement "": is empty`},
		{"its kind", with(func(a *timetovalue.Achievement) { a.Kind = "x" }), "signature", "business", start, `achievement "a": kind "x" is unknown`},
		{"its time", with(func(a *timetovalue.Achievement) { a.Achieved = time.Time{} }), "signature", "business", start, `achievement "a": time is zero`},
		{"verified too early", with(func(a *timetovalue.Achievement) { a.Verified = after(19) }), "signature", "business", start, `before it was achieved`},
		{"rejected too early", with(func(a *timetovalue.Achievement) { a.Rejected = after(19) }), "signature", "business", start, `before it was achieved`},
	} {
		_, ok, err := c.h.Case(c.from, c.kind, c.asOf)
		var bad *timetovalue.DataError
		if ok || !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "timetovalue: account ") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
