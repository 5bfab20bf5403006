package engagement_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

func TestVerify(t *testing.T) {
	type plans = []engagement.TouchPlan
	change := func(p engagement.TouchPlan, f func(*engagement.TouchPlan)) engagement.TouchPlan {
		f(&p)
		return p
	}
	within := func(p engagement.TouchPlan, days float64) engagement.TouchPlan {
		return change(p, func(p *engagement.TouchPlan) { p.Within = engagement.Duration(days * float64(oneDay)) })
	}
	when := func(p engagement.TouchPlan, text string) engagement.TouchPlan {
		return change(p, func(p *engagement.TouchPlan) { p.When = text })
	}
	to := func(p engagement.TouchPlan, kind engagement.Party) engagement.TouchPlan {
		return change(p, func(p *engagement.TouchPlan) { p.To, p.Needs = kind, "news" })
	}
	ask := func(p engagement.TouchPlan) engagement.TouchPlan {
		return change(p, func(p *engagement.TouchPlan) { p.Ask, p.When = engagement.Reference, "arr > 5" })
	}
	notice := func(p engagement.TouchPlan, n engagement.Notice) engagement.TouchPlan {
		return change(p, func(p *engagement.TouchPlan) { p.Notice = n })
	}
	budget := func(per engagement.Scope, most int, days float64) []engagement.Budget {
		return []engagement.Budget{{Name: "b", Per: per, Most: most, In: engagement.Duration(days * float64(oneDay))}}
	}
	weekend := engagement.Quiet{Name: "weekend", Days: []engagement.Weekday{engagement.Saturday, engagement.Sunday}}
	week := engagement.Quiet{Name: "week", Days: []engagement.Weekday{engagement.Monday, engagement.Tuesday, engagement.Wednesday, engagement.Thursday, engagement.Friday}}
	night := engagement.Quiet{Name: "night", From: "20:00", To: "08:00", Channels: []engagement.Channel{engagement.Digital}}
	daytime := engagement.Quiet{Name: "daytime", From: "08:00", To: "20:00", Channels: []engagement.Channel{engagement.Digital}}
	gap := daytime
	gap.To = "19:59"
	for _, c := range []struct {
		name    string
		program engagement.Program
		want    []string
	}{
		{"nothing wrong", engagement.Program{
			Touches: plans{within(every("review", 30), 7), mails("signed"), around("call", "renewal", -90)},
			Budgets: budget(engagement.PerAccount, 3, 14), Quiet: []engagement.Quiet{weekend, night, gap},
		}, nil},
		{"rules alone", engagement.Program{Budgets: budget(engagement.PerAccount, 1, 1)}, nil},

		{"a contradiction", engagement.Program{Touches: plans{every("ok", 30), when(every("a", 30), "arr > 5 AND arr < 3")}},
			[]string{`never /touches/1/when: the condition of "a" is never TRUE when it is due`}},
		{"a contradiction of a trigger", engagement.Program{Touches: plans{when(around("a", "renewal", 30), "arr > 5 AND NOT arr > 5")}},
			[]string{`never /touches/0/when: the condition of "a" is never TRUE when it is due`}},
		{"unknown is not done", engagement.Program{Touches: plans{change(on("a", "e", 0), func(p *engagement.TouchPlan) { p.Done, p.Skip = "arr > 5", "arr <= 5" })}}, nil},
		{"always done or skipped", engagement.Program{Touches: plans{change(on("a", "e", 0), func(p *engagement.TouchPlan) {
			p.When, p.Done, p.Skip = "arr > 5", "arr > 9", "arr < 10"
		})}}, []string{`never /touches/0: "a" is done or skipped whenever its condition is TRUE`}},
		{"longer than the span", engagement.Program{Touches: plans{every("a", 366), on("b", "e", 370), every("c", 365)}}, []string{
			`never /touches/0: "a" comes due 366d after the program or its event began, and the span is shorter`,
			`never /touches/1: "b" comes due 370d after the program or its event began, and the span is shorter`,
		}},

		{"a step that is never made", engagement.Program{Ordered: true, Touches: plans{on("one", "e", 0), when(on("two", "e", 1), "arr > 5 AND arr < 3"), on("three", "e", 2), on("four", "e", 2)}},
			[]string{
				`never /touches/1/when: the condition of "two" is never TRUE when it is due`,
				`blocked /touches/2: "three" waits for "two", which by then can be neither made, done nor skipped`,
				`blocked /touches/3: "four" waits for "two", which by then can be neither made, done nor skipped`,
			}},
		{"but skipped", engagement.Program{Ordered: true, Touches: plans{change(on("two", "e", 1), func(p *engagement.TouchPlan) {
			p.When, p.Skip = "arr > 5 AND arr < 3", "answered"
		}), on("three", "e", 2)}}, []string{`never /touches/0/when: the condition of "two" is never TRUE when it is due`}},
		{"but skipped for others", engagement.Program{Ordered: true, Touches: plans{change(on("two", "e", 1), func(p *engagement.TouchPlan) {
			p.When, p.Skip = "arr > 5 AND arr < 3", "answered"
		}), when(on("three", "e", 2), "NOT answered")}}, []string{
			`never /touches/0/when: the condition of "two" is never TRUE when it is due`,
			`blocked /touches/1: "three" waits for "two", which by then can be neither made, done nor skipped`,
		}},

		{"no hour", engagement.Program{Touches: plans{on("mail", "e", 0), every("call", 30)}, Quiet: []engagement.Quiet{night, daytime}},
			[]string{`closed /touches/0: "mail": quiet times leave no hour of the week open on channel digital`}},
		{"no day", engagement.Program{Touches: plans{every("call", 30)}, Quiet: []engagement.Quiet{weekend, week}},
			[]string{`closed /touches/0: "call": quiet times leave no hour of the week open on channel human`}},
		{"an outage does not wait", engagement.Program{
			Touches: plans{notice(on("outage", "e", 0), engagement.Outage), notice(on("terms", "e", 0), engagement.Legal)}, Quiet: []engagement.Quiet{weekend, week},
		}, []string{`closed /touches/1: "terms": quiet times leave no hour of the week open on channel digital`}},
		{"a closed level, and those after it", engagement.Program{Touches: plans{change(every("call", 30), func(p *engagement.TouchPlan) {
			p.Escalate = []engagement.Escalation{
				{After: 2, Wait: oneDay, Channel: engagement.Digital, Owner: "p"}, {After: 1, Wait: oneDay, Channel: engagement.Partner, Owner: "p"},
			}
		})}, Quiet: []engagement.Quiet{night, daytime}}, []string{
			`closed /touches/0/escalate/0: level 1 of "call": quiet times leave no hour of the week open on channel digital`,
			`unreached /touches/0/escalate/1: level 2 of "call" waits for a try that quiet times never let through`,
		}},
		{"a level after the span", engagement.Program{Touches: plans{change(every("call", 180), func(p *engagement.TouchPlan) {
			p.Escalate = []engagement.Escalation{
				{After: 2, Wait: 5 * oneDay, Channel: engagement.Digital, Owner: "p"}, {After: 1, Wait: oneDay, Channel: engagement.Partner, Owner: "p"},
			}
		}), mails("e"), change(on("series", "e", 300), func(p *engagement.TouchPlan) {
			p.Escalate = []engagement.Escalation{{After: 3, Wait: 30 * oneDay, Channel: engagement.Human, Owner: "csm"}}
		})}}, []string{
			`unreached /touches/0/escalate/1: level 2 of "call" comes after the span, even if nobody answers`,
			`unreached /touches/2/escalate/0: level 1 of "series" comes after the span, even if nobody answers`,
		}},

		{"more than a budget", engagement.Program{Touches: plans{every("a", 7), every("b", 10), when(every("c", 9), "arr > 5")}, Budgets: budget(engagement.PerAccount, 4, 14)},
			[]string{`over_budget /budgets/0: budget "b" lets 4 in 14d through, and the cadences of "a", "c", "b" ask for 4.96`}},
		{"just a budget", engagement.Program{Touches: plans{every("a", 7), every("b", 14), every("c", 14)}, Budgets: budget(engagement.PerAccount, 4, 14)}, nil},
		{"cadences that do not go together", engagement.Program{
			Touches: plans{when(every("a", 7), "arr > 5"), when(every("b", 7), "arr <= 5")}, Budgets: budget(engagement.PerAccount, 2, 14),
		}, nil},
		{"the first and the last go together", engagement.Program{
			Touches: plans{when(every("a", 7), "arr > 5"), when(every("b", 8), "arr <= 5"), every("c", 9)}, Budgets: budget(engagement.PerAccount, 3, 14),
		}, []string{`over_budget /budgets/0: budget "b" lets 3 in 14d through, and the cadences of "a", "c" ask for 3.56`}},
		{"as often as a budget lets through", engagement.Program{Touches: plans{every("a", 10), every("b", 10)}, Budgets: budget(engagement.PerAccount, 3, 15)}, nil},
		{"of another channel", engagement.Program{
			Touches: plans{every("a", 2)}, Budgets: []engagement.Budget{{Name: "b", Per: engagement.PerAccount, Most: 1, In: 14 * oneDay, Channel: engagement.Digital}},
		}, nil},
		{"a notice", engagement.Program{Touches: plans{notice(every("a", 2), engagement.Billing)}, Budgets: budget(engagement.PerAccount, 1, 14)}, nil},
		{"more than one person should get", engagement.Program{
			Touches: plans{to(every("a", 10), engagement.User), to(every("b", 10), engagement.User), to(every("c", 10), engagement.Sponsor)}, Budgets: budget(engagement.PerPerson, 2, 14),
			Quiet: []engagement.Quiet{weekend, night},
		}, []string{`over_budget /budgets/0: budget "b" lets through to one user 2 in 14d through, and the cadences of "a", "b" ask for 2.8`}},
		{"asked too often", engagement.Program{Touches: plans{ask(every("a", 180)), ask(every("b", 180)), ask(every("c", 400))}}, []string{
			`never /touches/2: "c" comes due 400d after the program or its event began, and the span is shorter`,
			`over_budget /touches/1/ask: the rest between asks lets 1 in 92d through, and the cadences of "a", "b" ask for 1.02`,
		}},
		{"only in digital", engagement.Program{
			Touches: plans{every("call", 1), within(change(every("a", 10), func(p *engagement.TouchPlan) { p.Channel = engagement.Digital }), 1)},
			Budgets: []engagement.Budget{{Name: "b", Per: engagement.PerAccount, Most: 1, In: 20 * oneDay, Channel: engagement.Digital}},
		}, []string{`over_budget /budgets/0: budget "b" lets 1 in 20d through, and the cadences of "a" ask for 2`}},

		{"late where cadences meet", engagement.Program{Touches: plans{within(every("a", 30), 2), within(every("b", 30), 2), every("c", 30)}, Budgets: budget(engagement.PerAccount, 1, 3)},
			[]string{`late /touches/1/within: "b" is overdue by the time that it may be made, though all else is made at once`}},
		{"in time where cadences meet", engagement.Program{Touches: plans{within(every("a", 30), 2), within(every("b", 30), 4), every("c", 30)}, Budgets: budget(engagement.PerAccount, 1, 3)}, nil},
		{"late after one event", engagement.Program{Touches: plans{on("a", "e", 0), within(on("b", "e", 1), 1)}, Budgets: budget(engagement.PerAccount, 1, 3)},
			[]string{`late /touches/1/within: "b" is overdue by the time that it may be made, though all else is made at once`}},
		{"late after one anchor, asked for two things", engagement.Program{Touches: plans{ask(around("a", "renewal", -90)), within(ask(around("b", "renewal", -60)), 30)}},
			[]string{`late /touches/1/within: "b" is overdue by the time that it may be made, though all else is made at once`}},
		{"late behind a step that waits for the morning", engagement.Program{
			Ordered: true, Touches: plans{on("a", "e", 0), within(change(on("b", "e", 0), func(p *engagement.TouchPlan) { p.Channel = engagement.Human }), 0.25)}, Quiet: []engagement.Quiet{night},
		}, []string{`late /touches/1/within: "b" is overdue by the time that it may be made, though all else is made at once`}},
		{"quiet times alone make nothing late", engagement.Program{Touches: plans{within(on("a", "e", 0), 0.1), within(every("b", 30), 0.1)}, Quiet: []engagement.Quiet{night, weekend}}, nil},

		{"no touch", engagement.Program{Segment: "growth", Budgets: budget(engagement.PerAccount, 1, 1)}, []string{`untouched /segment: nothing is done for segment "growth"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := compileProgram(t, c.program)
			findings := m.Verify(day(0), day(365))
			if diff := cmp.Diff(c.want, lines(findings)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, f := range findings {
				confirm(t, m, f)
			}
		})
	}
}

// In joined programs a pointer begins with the program, budgets hold for all, and a program for all segments touches each.
func TestVerifyJoined(t *testing.T) {
	compile := func(p engagement.Program) *engagement.Model { return compileProgram(t, p) }
	growth := compile(engagement.Program{Name: "growth", Segment: "growth", Touches: []engagement.TouchPlan{every("a", 7), on("x", "e", 400)}})
	care := compile(engagement.Program{Name: "care", Segment: "growth", Touches: []engagement.TouchPlan{every("b", 7)}})
	rules := compile(engagement.Program{Name: "rules", Segment: "tech", Budgets: []engagement.Budget{{Name: "b", Per: engagement.PerAccount, Most: 3, In: 14 * oneDay}}})
	all := compile(engagement.Program{Name: "all", Touches: []engagement.TouchPlan{every("c", 300)}})
	join := func(models ...*engagement.Model) *engagement.Model {
		m, err := engagement.Join(models...)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct {
		m    *engagement.Model
		want []string
	}{
		{join(growth, care, rules), []string{
			`never /0/touches/1: "x" comes due 400d after the program or its event began, and the span is shorter`,
			`over_budget /2/budgets/0: budget "b" lets 3 in 14d through, and the cadences of "a", "b" ask for 4`,
			`untouched /2/segment: nothing is done for segment "tech"`,
		}},
		{join(rules, all), nil},
		{yearModel(t), nil},
	} {
		findings := c.m.Verify(day(0), day(365))
		if diff := cmp.Diff(c.want, lines(findings)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, f := range findings {
			if f.Class != engagement.Untouched { // there are programs of another segment
				confirm(t, c.m, f)
			}
		}
	}
}

// Relative conditions hold at some instants of the span, and the proof finds them.
func TestVerifySpan(t *testing.T) {
	renewal := []segment.Attribute{{Name: "renewal", Type: segment.TimeType}}
	touch := every("call", 30)
	touch.When = "renewal < DATE '2026-06-01' AND renewal > as_of"
	m, err := engagement.Compile(engagement.Program{Format: 1, Name: "p", Touches: []engagement.TouchPlan{touch}}, renewal)
	if err != nil {
		t.Fatal(err)
	}
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	if got := lines(m.Verify(day(0), june)); len(got) != 0 {
		t.Errorf("before June: %q", got)
	}
	findings := m.Verify(june.AddDate(0, -1, 31), june.AddDate(1, 0, 0))
	if got := lines(findings); len(got) != 1 || got[0] != `never /touches/0/when: the condition of "call" is never TRUE when it is due` {
		t.Errorf("from June on: %q", got)
	}
	for _, f := range findings {
		confirm(t, m, f)
	}
	for _, span := range [][2]time.Time{{day(1), day(0)}, {{}, day(0)}, {day(0), {}}} {
		if got := m.Verify(span[0], span[1]); len(got) != 1 || got[0].Class != engagement.Undecided {
			t.Errorf("%v: %q", span, lines(got))
		}
	}
}

// A condition that holds only before a cadence comes due for the first time never lets it through.
func TestVerifyTooLate(t *testing.T) {
	touch := every("call", 100)
	touch.When = "renewal > as_of AND renewal < DATE '2026-02-01'"
	p := engagement.Program{Format: 1, Name: "p", Touches: []engagement.TouchPlan{touch}}
	m, err := engagement.Compile(p, []segment.Attribute{{Name: "renewal", Type: segment.TimeType}})
	if err != nil {
		t.Fatal(err)
	}
	findings := m.Verify(day(0), day(365))
	if got := lines(findings); len(got) != 1 || got[0] != `never /touches/0/when: the condition of "call" is never TRUE when it is due` {
		t.Errorf("got %q", got)
	}
	for _, f := range findings {
		confirm(t, m, f)
	}
}

// The program of the package comment has nothing to be found.
func TestVerifyPackageComment(t *testing.T) {
	p, err := engagement.Parse([]byte(`{"format": 1, "name": "growth", "segment": "growth", "touches": [
	  {"name": "review", "channel": "human", "owner": "csm", "every": "90d", "within": "2w", "when": "arr >= 50000", "minutes": 60},
	  {"name": "welcome", "channel": "digital", "owner": "program", "on": {"event": "signed"}, "needs": "news",
	   "escalate": [{"after": 3, "wait": "3d", "channel": "human", "owner": "csm"}]},
	  {"name": "renewal", "channel": "human", "owner": "csm", "to": "sponsor", "on": {"anchor": "renewal", "offset": "-90d"}}],
	 "budgets": [{"name": "fortnight", "per": "account", "most": 3, "in": "2w"}],
	 "quiet": [{"name": "night", "from": "20:00", "to": "08:00", "days": ["sat", "sun"], "holidays": true}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(compileProgram(t, p).Verify(day(0), day(365))); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// TestVerifyRandom confirms whatever is found in random programs, and finds something of most classes.
func TestVerifyRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	classes := map[engagement.FindingClass]int{}
	for range 400 {
		p := engagement.Program{Name: "random", Ordered: r.IntN(4) == 0}
		for i := range 1 + r.IntN(5) {
			touch := every(fmt.Sprint(i), float64(1+r.IntN(60)))
			if p.Ordered || r.IntN(2) == 0 {
				touch = on(fmt.Sprint(i), "e", float64(i))
			}
			conditions := []string{"", "arr > 5", "arr <= 5", "arr > 5 AND arr < 3", "answered", "arr IS NULL"}
			touch.When = conditions[r.IntN(len(conditions))]
			if touch.On != nil {
				touch.Done, touch.Skip = conditions[r.IntN(4)], conditions[r.IntN(3)]
			}
			touch.Within = engagement.Duration(r.IntN(4)) * oneDay
			touch.To = []engagement.Party{"", engagement.User, engagement.Sponsor}[r.IntN(3)]
			if r.IntN(3) == 0 {
				touch.Escalate = []engagement.Escalation{{After: 1 + r.IntN(3), Wait: engagement.Duration(1+r.IntN(20)) * oneDay, Channel: engagement.Product, Owner: "p"}}
			}
			p.Touches = append(p.Touches, touch)
		}
		for i := range r.IntN(3) {
			p.Budgets = append(p.Budgets, engagement.Budget{
				Name: fmt.Sprint(i), Per: []engagement.Scope{engagement.PerAccount, engagement.PerPerson}[r.IntN(2)],
				Most: 1 + r.IntN(3), In: engagement.Duration(1+r.IntN(20)) * oneDay,
			})
		}
		for i := range r.IntN(3) {
			p.Quiet = append(p.Quiet, engagement.Quiet{
				Name: fmt.Sprint(i), From: []string{"00:00", "12:00"}[r.IntN(2)], To: []string{"06:00", "12:01", "00:01"}[r.IntN(3)],
				Channels: []engagement.Channel{engagement.Digital, engagement.Human, engagement.Product}[r.IntN(3):],
			})
		}
		m := compileProgram(t, p)
		for _, f := range m.Verify(day(0), day(100)) {
			classes[f.Class]++
			confirm(t, m, f)
		}
	}
	for _, class := range []engagement.FindingClass{
		engagement.Never, engagement.Blocked, engagement.Closed, engagement.Unreached, engagement.OverBudget, engagement.Late,
	} {
		if classes[class] < 10 {
			t.Errorf("only %d findings of class %s", classes[class], class)
		}
	}
}

// A thousand touches under a hundred budgets are no matter.
func TestVerifyLarge(t *testing.T) {
	var p engagement.Program
	for i := range 1000 {
		touch := every(fmt.Sprint(i), float64(30+i%7))
		touch.Within, touch.When = oneDay, fmt.Sprintf("arr > %d", i%100)
		p.Touches = append(p.Touches, touch)
	}
	for i := range 100 {
		p.Budgets = append(p.Budgets, engagement.Budget{Name: fmt.Sprint(i), Per: engagement.PerAccount, Most: 900, In: 30 * oneDay})
	}
	m := compileProgram(t, p)
	findings := m.Verify(day(0), day(365))
	if len(findings) != 100 {
		t.Errorf("%d findings, want one of each budget", len(findings))
	}
	for _, f := range findings[:5] {
		if f.Class != engagement.OverBudget {
			t.Errorf("found %s %s: %s", f.Class, f.Pointer, f.Message)
		}
		confirm(t, m, f)
	}
}

// What is too large to decide is undecided, and not fine.
func TestVerifyBound(t *testing.T) {
	var attributes []segment.Attribute
	var text []string
	in := func(pigeon, hole int) string { return fmt.Sprintf("p%d_in_%d", pigeon, hole) }
	for p := range 10 {
		var home []string
		for h := range 9 {
			attributes = append(attributes, segment.Attribute{Name: in(p, h), Type: segment.FlagType})
			home = append(home, in(p, h))
			for other := range p {
				text = append(text, fmt.Sprintf("(NOT %s OR NOT %s)", in(p, h), in(other, h)))
			}
		}
		text = append(text, "("+strings.Join(home, " OR ")+")")
	}
	var touches []engagement.TouchPlan
	for i := range 12 {
		touch := every(fmt.Sprint(i), 30)
		touch.When = strings.Join(text, " AND ") + fmt.Sprintf(" AND (%s OR p0_in_0)", in(i%10, i%9))
		touches = append(touches, touch)
	}
	m, err := engagement.Compile(engagement.Program{Format: 1, Name: "pigeons", Touches: touches}, attributes)
	if err != nil {
		t.Fatal(err)
	}
	findings := m.Verify(day(0), day(365))
	if len(findings) != 8 || findings[7].Pointer != "" {
		t.Errorf("got %q", lines(findings))
	}
	for _, f := range findings {
		if f.Class != engagement.Undecided || f.Witness != nil {
			t.Errorf("got %+v", f)
		}
	}
}
