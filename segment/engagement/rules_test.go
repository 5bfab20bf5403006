package engagement_test

import (
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// outbound is a touch outside of all programs.
func outbound(id string, d float64, change func(*engagement.Touch)) engagement.Touch {
	t := engagement.Touch{Format: 1, ID: id, Channel: engagement.Human, At: day(d)}
	if change != nil {
		change(&t)
	}
	return t
}

func TestHeld(t *testing.T) {
	type in = engagement.Input
	plan := func(change func(*engagement.TouchPlan)) engagement.Program {
		p := on("mail", "e", 0)
		change(&p)
		return engagement.Program{Touches: []engagement.TouchPlan{p}}
	}
	budget := func(b engagement.Budget, change func(*engagement.TouchPlan)) engagement.Program {
		p := plan(change)
		b.Name = "b"
		p.Budgets = []engagement.Budget{b}
		return p
	}
	nothing := func(*engagement.TouchPlan) {}
	toUser := func(p *engagement.TouchPlan) { p.To = engagement.User }
	perAccount := engagement.Budget{Per: engagement.PerAccount, Most: 2, In: 5 * oneDay}
	perPerson := engagement.Budget{Per: engagement.PerPerson, Most: 1, In: 5 * oneDay}
	digital := engagement.Budget{Per: engagement.PerAccount, Most: 1, In: 5 * oneDay, Channel: engagement.Digital}
	reach := func(person string) func(*engagement.Touch) {
		return func(t *engagement.Touch) { t.Person = person }
	}
	people := []engagement.Person{{ID: "z", Kind: engagement.User}, {ID: "b", Kind: engagement.Sponsor}, {ID: "c", Kind: engagement.User}}
	needs := plan(func(p *engagement.TouchPlan) { p.Needs = "news" })
	needsUser := plan(func(p *engagement.TouchPlan) { p.To, p.Needs = engagement.User, "news" })
	ask := plan(func(p *engagement.TouchPlan) { p.Ask, p.When = engagement.Review, "arr > 0" })
	trial := plan(nothing)
	trial.Trial = "x"
	for _, c := range []struct {
		name    string
		program engagement.Program
		in      in
		asOf    float64
		want    string
	}{
		{"consent of the account", needs, in{Consents: []engagement.Consent{{Name: "news"}}}, 10, "mail@10!"},
		{"no consent", needs, in{Consents: []engagement.Consent{{Name: "other"}}}, 10, "-mail@10(consentnews)"},
		{"a person's is not the account's", needs, in{Consents: []engagement.Consent{{Name: "news", Person: "c"}}}, 10, "-mail@10(consentnews)"},
		{"from is included", needs, in{Consents: []engagement.Consent{{Name: "news", From: day(10)}}}, 10, "mail@10!"},
		{"not yet", needs, in{Consents: []engagement.Consent{{Name: "news", From: day(10).Add(time.Microsecond)}}}, 10, "-mail@10(consentnews)"},
		{"to is excluded", needs, in{Consents: []engagement.Consent{{Name: "news", To: day(10)}}}, 10, "-mail@10(consentnews)"},
		{"withdrawn, and given again", needs, in{Consents: []engagement.Consent{{Name: "news", To: day(5)}, {Name: "news", From: day(9)}}}, 10, "mail@10!"},

		{"the first of the kind by ID", plan(toUser), in{People: people}, 10, "mail c@10!"},
		{"the one who agreed", needsUser, in{People: people, Consents: []engagement.Consent{{Name: "news", Person: "z"}}}, 10, "mail z@10!"},
		{"the account's consent is not a person's", needsUser, in{People: people, Consents: []engagement.Consent{{Name: "news"}}}, 10, "-mail c@10(consentnews)"},
		{"nobody of the kind", plan(func(p *engagement.TouchPlan) { p.To = engagement.Peer }), in{People: people}, 10, "-mail@10(nobodypeer)"},
		{"nobody at all", plan(toUser), in{}, 10, "-mail@10(nobodyuser)"},

		{"room in the budget", budget(perAccount, nothing), in{Touches: []engagement.Touch{outbound("1", 9, nil)}}, 10, "mail@10!"},
		{"no room", budget(perAccount, nothing), in{Touches: []engagement.Touch{outbound("1", 9, nil), outbound("2", 8, nil)}}, 10, "-mail@10(budgetb)until13 >mail@10until13"},
		{"far over", budget(perAccount, nothing), in{Touches: []engagement.Touch{outbound("1", 9, nil), outbound("2", 8, nil), outbound("3", 7, nil), outbound("4", 6, nil)}}, 10,
			"-mail@10(budgetb)until13 >mail@10until13"},
		{"the window begins after its first instant", budget(perAccount, nothing), in{Touches: []engagement.Touch{outbound("1", 9, nil), outbound("2", 5, nil)}}, 10, "mail@10!"},
		{"what came in does not count", budget(perAccount, nothing), in{Touches: []engagement.Touch{
			outbound("1", 9, func(t *engagement.Touch) { t.Direction = engagement.Inbound }), outbound("2", 9, func(t *engagement.Touch) { t.Direction = engagement.Between }),
			outbound("3", 9, func(t *engagement.Touch) { t.Notice = engagement.Billing }), outbound("4", 9, func(t *engagement.Touch) { t.Direction = engagement.Outbound }),
		}}, 10, "mail@10!"},
		{"a notice needs no room", budget(perAccount, func(p *engagement.TouchPlan) { p.Notice = engagement.Legal }),
			in{Touches: []engagement.Touch{outbound("1", 9, nil), outbound("2", 9, nil)}}, 10, "mail@10!"},
		{"of one channel", budget(digital, nothing), in{Touches: []engagement.Touch{outbound("1", 9, nil)}}, 10, "mail@10!"},
		{"of the same channel", budget(digital, nothing), in{Touches: []engagement.Touch{outbound("1", 9, func(t *engagement.Touch) { t.Channel = engagement.Digital })}}, 10,
			"-mail@10(budgetb)until14 >mail@10until14"},
		{"another channel has its own", budget(digital, func(p *engagement.TouchPlan) { p.Channel = engagement.Human }),
			in{Touches: []engagement.Touch{outbound("1", 9, func(t *engagement.Touch) { t.Channel = engagement.Digital })}}, 10, "mail@10!"},
		{"what is released takes its part", budget(digital, nothing), in{Events: []engagement.Event{event("e", 9), event("e", 9.5)}}, 10,
			"mail@9! -mail@9.5(budgetb)until15 -mail@10(budgetb)until15"},
		{"a person's", budget(perPerson, toUser), in{People: people[2:], Touches: []engagement.Touch{outbound("1", 8, reach("c"))}}, 10, "-mail c@10(budgetb)until13 >mail c@10until13"},
		{"then somebody else", budget(perPerson, toUser), in{People: people, Touches: []engagement.Touch{outbound("1", 8, reach("c"))}}, 10, "mail z@10!"},
		{"who is free first", budget(perPerson, toUser), in{People: people, Touches: []engagement.Touch{outbound("1", 9, reach("c")), outbound("2", 8, reach("z"))}}, 10,
			"-mail z@10(budgetb)until13 >mail z@10until13"},
		{"a person's is not that of a task for nobody", budget(perPerson, nothing), in{Touches: []engagement.Touch{outbound("1", 8, nil)}}, 10, "mail@10!"},

		{"in the holdout", trial, in{Holdouts: []string{"y", "x"}}, 10, "-mail@10(holdoutx)"},
		{"of another trial", trial, in{Holdouts: []string{"y"}}, 10, "mail@10!"},

		{"an ask", ask, in{Facts: segment.FactMap{"arr": segment.Number(1)}}, 10, "mail@10!"},
		{"all is not well", ask, in{Facts: segment.FactMap{"arr": segment.Number(0)}}, 10, "-mail@10(condition)"},
		{"asked for something else", ask, in{Facts: segment.FactMap{"arr": segment.Number(1)}, Touches: []engagement.Touch{
			outbound("1", -81, func(t *engagement.Touch) { t.Ask = engagement.Referral }),
		}}, 10, "-mail@10(askedreview)until11 >mail@10until11"},
		{"a quarter ago", ask, in{Facts: segment.FactMap{"arr": segment.Number(1)}, Touches: []engagement.Touch{
			outbound("1", -82, func(t *engagement.Touch) { t.Ask = engagement.Referral }),
		}}, 10, "mail@10!"},
		{"two asks at once", ask, in{Facts: segment.FactMap{"arr": segment.Number(1)}, Events: []engagement.Event{event("e", 9)}}, 10, "mail@9! -mail@10(askedreview)until102"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Events = append(c.in.Events, event("e", 10))
			if got := text(due(t, compileProgram(t, c.program), c.in, c.asOf)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestQuiet gives instants and the first ones at which somebody may be called.
func TestQuiet(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	india := time.FixedZone("", 5*3600+1800)
	night := engagement.Quiet{Name: "night", From: "20:00", To: "08:00"}
	noon := engagement.Quiet{Name: "noon", From: "12:00", To: "13:30"}
	weekend := engagement.Quiet{Name: "weekend", Days: []engagement.Weekday{engagement.Saturday, engagement.Sunday}}
	holidays := engagement.Quiet{Name: "holidays", Holidays: true}
	digital := engagement.Quiet{Name: "digital", From: "00:00", To: "23:59", Channels: []engagement.Channel{engagement.Digital}}
	gap := engagement.Quiet{Name: "gap", From: "01:00", To: "02:30"} // on 8 March 2026 there is no 02:30 in New York
	for _, c := range []struct {
		name     string
		quiet    []engagement.Quiet
		zone     *time.Location
		holidays []engagement.Date
		at       string
		want     string // "": at once
		why      engagement.Reason
	}{
		{"by day", []engagement.Quiet{night}, nil, nil, "2026-01-05T08:00:00Z", "", ""},
		{"a microsecond early", []engagement.Quiet{night}, nil, nil, "2026-01-05T07:59:59.999999Z", "2026-01-05T08:00:00Z", engagement.HeldByQuiet},
		{"in the evening", []engagement.Quiet{night}, nil, nil, "2026-01-05T20:00:00Z", "2026-01-06T08:00:00Z", engagement.HeldByQuiet},
		{"just before", []engagement.Quiet{night}, nil, nil, "2026-01-05T19:59:59.999999Z", "", ""},
		{"at noon", []engagement.Quiet{noon}, nil, nil, "2026-01-05T12:00:00Z", "2026-01-05T13:30:00Z", engagement.HeldByQuiet},
		{"after noon", []engagement.Quiet{noon}, nil, nil, "2026-01-05T13:30:00Z", "", ""},
		{"elsewhere", []engagement.Quiet{night}, india, nil, "2026-01-05T14:30:00Z", "2026-01-06T02:30:00Z", engagement.HeldByQuiet},
		{"the weekend, and the night after it", []engagement.Quiet{night, weekend}, nil, nil, "2026-01-03T10:00:00Z", "2026-01-05T08:00:00Z", engagement.HeldByQuiet},
		{"night, then the weekend", []engagement.Quiet{weekend, night}, nil, nil, "2026-01-02T23:00:00Z", "2026-01-05T08:00:00Z", engagement.HeldByQuiet},
		{"a holiday", []engagement.Quiet{holidays}, nil, []engagement.Date{{2026, 1, 6}}, "2026-01-06T10:00:00Z", "2026-01-07T00:00:00Z", engagement.HeldByHoliday},
		{"a holiday elsewhere", []engagement.Quiet{holidays}, india, []engagement.Date{{2026, 1, 6}}, "2026-01-05T18:30:00Z", "2026-01-06T18:30:00Z", engagement.HeldByHoliday},
		{"a holiday, a weekend, nights", []engagement.Quiet{holidays, night, weekend}, nil, []engagement.Date{{2026, 1, 2}}, "2026-01-01T21:00:00Z", "2026-01-05T08:00:00Z", engagement.HeldByQuiet},
		{"no holidays are quiet", []engagement.Quiet{weekend}, nil, []engagement.Date{{2026, 1, 6}}, "2026-01-06T10:00:00Z", "", ""},
		{"for mails", []engagement.Quiet{digital}, nil, nil, "2026-01-06T10:00:00Z", "", ""},
		{"the night in which clocks go forward", []engagement.Quiet{night}, newYork, nil, "2026-03-08T02:00:00Z", "2026-03-08T12:00:00Z", engagement.HeldByQuiet},
		{"the night in which clocks go back", []engagement.Quiet{night}, newYork, nil, "2026-11-01T02:00:00Z", "2026-11-01T13:00:00Z", engagement.HeldByQuiet},
		{"an end that the clock leaves out", []engagement.Quiet{gap}, newYork, nil, "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z", engagement.HeldByQuiet},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339Nano, c.at)
			if err != nil {
				t.Fatal(err)
			}
			call := on("call", "e", 0)
			call.Channel = engagement.Human
			m := compileProgram(t, engagement.Program{Touches: []engagement.TouchPlan{call}, Quiet: c.quiet})
			in := engagement.Input{
				Account: "acme", Events: []engagement.Event{{Name: "e", At: at}}, Place: engagement.Place{Zone: c.zone, Holidays: c.holidays},
			}
			a, err := m.Due(in, at)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if len(a.Due) != 1 {
					t.Errorf("got %+v, want it at once", a.Suppressed)
				}
				return
			}
			if len(a.Suppressed) != 1 || a.Suppressed[0].Until.Format(time.RFC3339Nano) != c.want || a.Suppressed[0].Why != c.why {
				t.Fatalf("got %+v, want until %s", a.Suppressed, c.want)
			}
			in.Place = engagement.Place{}
			in.People = []engagement.Person{{ID: "kim", Kind: engagement.User, Place: &engagement.Place{Zone: c.zone, Holidays: c.holidays}}}
			call.To, call.Within = engagement.User, 2*oneDay
			m = compileProgram(t, engagement.Program{Touches: []engagement.TouchPlan{call}, Quiet: c.quiet})
			until := a.Suppressed[0].Until
			for _, later := range []struct {
				at      time.Time
				overdue bool
			}{{until, false}, {until.Add(48*time.Hour - time.Microsecond), false}, {until.Add(48 * time.Hour), true}} {
				a, err := m.Due(in, later.at)
				held := err == nil && len(a.Suppressed) == 1 // two days later may be a quiet time again
				if err != nil || !held && (len(a.Due) != 1 || a.Due[0].Overdue != later.overdue) {
					t.Errorf("at the person's place, at %v: %v, %+v", later.at, err, a)
				}
			}
		})
	}
}

// TestQuietWithoutEnd: all days are holidays, or quiet by two rules together.
func TestQuietWithoutEnd(t *testing.T) {
	m := compileProgram(t, engagement.Program{Touches: []engagement.TouchPlan{on("mail", "e", 0)}, Quiet: []engagement.Quiet{
		{Name: "morning", From: "00:00", To: "12:00"}, {Name: "afternoon", From: "12:00", To: "00:00"},
	}})
	in := engagement.Input{Events: []engagement.Event{event("e", 1)}}
	if got := text(due(t, m, in, 1)); got != "-mail@1(quietmorning)" {
		t.Errorf("got %q", got)
	}
	urgent := on("mail", "e", 0)
	urgent.Notice = engagement.Outage
	bill := on("bill", "e", 0)
	bill.Notice = engagement.Billing
	m = compileProgram(t, engagement.Program{Touches: []engagement.TouchPlan{bill, urgent}, Quiet: []engagement.Quiet{{Name: "night", From: "20:00", To: "08:00"}}})
	if got := text(due(t, m, in, 1)); got != "mail@1! -bill@1(quietnight)until1.3333333333333333" {
		t.Errorf("notices at midnight: got %q", got)
	}
}
