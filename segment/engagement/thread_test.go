package engagement_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

func answered(t engagement.Touch, d float64) engagement.Touch {
	t.Answered = day(d)
	return t
}

func TestEscalation(t *testing.T) {
	monthly := every("letter", 30)
	monthly.Channel = engagement.Digital
	monthly.Escalate = []engagement.Escalation{{After: 2, Wait: 5 * oneDay, Channel: engagement.Human, Owner: "csm"}}
	levels := on("mail", "e", 1)
	levels.Escalate = []engagement.Escalation{
		{After: 1, Wait: 2 * oneDay, Channel: engagement.Human, Owner: "csm"},
		{After: 2, Wait: 3 * oneDay, Channel: engagement.Partner, Owner: "director"},
	}
	type touches = []engagement.Touch
	once := []engagement.Event{event("e", 0)}
	for _, c := range []struct {
		name string
		plan engagement.TouchPlan
		in   engagement.Input
		asOf float64
		want string
	}{
		{"a cadence", monthly, engagement.Input{Began: day(0), Touches: touches{made("letter", 30)}}, 40, ">letter#2@60"},
		{"nobody answers", monthly, engagement.Input{Began: day(0), Touches: touches{made("letter", 30), made("letter", 60)}}, 61, ">letter#3@65"},
		{"an answer to the last", monthly, engagement.Input{Began: day(0), Touches: touches{made("letter", 30), answered(made("letter", 60), 62)}}, 65, ">letter@90"},
		{"an answer that comes after the call is due", monthly, engagement.Input{Began: day(0), Touches: touches{made("letter", 30), answered(made("letter", 60), 66)}}, 65, "letter#3@65!"},
		{"and then makes it needless", monthly, engagement.Input{Began: day(0), Touches: touches{made("letter", 30), answered(made("letter", 60), 66)}}, 66, ">letter@90"},
		{"an answer to the first alone", monthly, engagement.Input{Began: day(0), Touches: touches{answered(made("letter", 30), 31), made("letter", 60)}}, 66, ">letter#2@90"},
		{"after the call it begins anew", monthly, engagement.Input{Began: day(0), Touches: touches{made("letter", 30), made("letter", 60), made("letter", 67)}}, 70, ">letter@97"},
		{"the first", levels, engagement.Input{Events: once}, 0, ">mail@1"},
		{"the second level", levels, engagement.Input{Events: once, Touches: touches{made("mail", 2)}}, 3, ">mail#2@4"},
		{"its second try", levels, engagement.Input{Events: once, Touches: touches{made("mail", 2), made("mail", 4)}}, 5, ">mail#3@7"},
		{"the last level", levels, engagement.Input{Events: once, Touches: touches{made("mail", 2), made("mail", 4), made("mail", 7)}}, 8, ">mail#4@10"},
		{"all are tried", levels, engagement.Input{Events: once, Touches: touches{made("mail", 2), made("mail", 4), made("mail", 7), made("mail", 10)}}, 99, ""},
		{"answered on the way", levels, engagement.Input{Events: once, Touches: touches{made("mail", 2), answered(made("mail", 4), 6)}}, 99, ""},
		{"made too early to be the next", levels, engagement.Input{Events: once, Touches: touches{made("mail", 2), made("mail", 3)}}, 5, "mail#2@4!"},
		{"two occurrences", levels, engagement.Input{Events: append(once, event("e", 2)), Touches: touches{made("mail", 2), made("mail", 3)}}, 5, "mail#2@4! mail#2@5!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text(due(t, compile(t, c.plan), c.in, c.asOf)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestEscalationByID does the tries of two threads by their IDs, in an order in which they were not due.
func TestEscalationByID(t *testing.T) {
	m := compile(t, mails("e"))
	in := engagement.Input{Events: []engagement.Event{event("e", 0), event("e", 1)}}
	a := due(t, m, in, 1)
	in.Touches = []engagement.Touch{a.Due[1].Made("kim", day(2), day(2))}
	if got := text(due(t, m, in, 2)); got != "mail@0!" {
		t.Errorf("got %q", got)
	}
	if got := text(due(t, m, in, 5)); got != "mail@0! mail#2@5!" {
		t.Errorf("got %q", got)
	}
	early := in
	early.Touches = []engagement.Touch{a.Due[0].Made("kim", day(-1), day(-1)), a.Due[1].Made("kim", day(1), day(1))}
	if got := text(due(t, m, early, 1)); got != ">mail#2@2" {
		t.Errorf("made before it was due: got %q", got)
	}
	third := due(t, m, in, 5).Due[1]
	if third.Channel != engagement.Digital || third.Why != engagement.ByEvent || third.ID == a.Due[1].ID {
		t.Errorf("the second try is %+v", third)
	}
}

func TestPlaybook(t *testing.T) {
	first, second, third := on("diagnose", "risk", 0), on("plan", "risk", 2), on("check", "risk", 2)
	second.Skip, third.Done, third.When = "arr < 10", "answered", "arr > 0"
	m := compileProgram(t, engagement.Program{Ordered: true, Touches: []engagement.TouchPlan{first, second, third}})
	rich, poor, failed := segment.FactMap{"arr": segment.Number(50)}, segment.FactMap{"arr": segment.Number(5)}, segment.FactMap{"arr": segment.Failed("down")}
	done := segment.FactMap{"arr": segment.Number(50), "answered": segment.Flag(true)}
	type in = engagement.Input
	for _, c := range []struct {
		name string
		in   in
		asOf float64
		want string
	}{
		{"the first step", in{Facts: rich}, 0, "diagnose@0!"},
		{"the others wait", in{Facts: rich}, 3, "diagnose@0! -plan@2(stepdiagnose) -check@2(stepdiagnose)"},
		{"the second", in{Facts: rich, Touches: []engagement.Touch{made("diagnose", 1)}}, 3, "plan@2! -check@2(stepplan)"},
		{"not before its time", in{Facts: rich, Touches: []engagement.Touch{made("diagnose", 1)}}, 1, ">plan@2"},
		{"skipped", in{Facts: poor, Touches: []engagement.Touch{made("diagnose", 1)}}, 3, "check@2!"},
		{"a skipped step does not let the one after it come first", in{Facts: poor}, 3, "diagnose@0! -check@2(stepdiagnose)"},
		{"nobody knows if it is skipped", in{Facts: failed, Touches: []engagement.Touch{made("diagnose", 1)}}, 3, "-plan@2(failedarr) -check@2(failedarr)"},
		{"done without a touch", in{Facts: done, Touches: []engagement.Touch{made("diagnose", 1), made("plan", 2)}}, 3, ""},
		{"all are done", in{Facts: rich, Touches: []engagement.Touch{made("diagnose", 1), made("plan", 2), made("check", 3)}}, 3, ""},
		{"two at once", in{Facts: rich, Events: []engagement.Event{event("risk", 1)}, Touches: []engagement.Touch{made("diagnose", 1)}}, 3.5,
			"diagnose@1! plan@2! -check@2(stepplan) -plan@3(stepdiagnose) -check@3(stepdiagnose)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Events = append(c.in.Events, event("risk", 0))
			if got := text(due(t, m, c.in, c.asOf)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestPlaybookJoined: what other programs make of the same occurrence holds no step back.
func TestPlaybookJoined(t *testing.T) {
	playbook := compileProgram(t, engagement.Program{Ordered: true, Touches: []engagement.TouchPlan{on("a", "risk", 0), on("b", "risk", 0)}})
	other := func(name string) *engagement.Model {
		return compileProgram(t, engagement.Program{Name: name, Touches: []engagement.TouchPlan{on(name, "risk", 0)}})
	}
	m, err := engagement.Join(other("x"), playbook, other("y"))
	if err != nil {
		t.Fatal(err)
	}
	if got := text(due(t, m, engagement.Input{Events: []engagement.Event{event("risk", 1)}}, 1)); got != "x@1! a@1! y@1! -b@1(stepa)" {
		t.Errorf("got %q", got)
	}
}

func TestJoin(t *testing.T) {
	named := func(name string, b []engagement.Budget, plans ...engagement.TouchPlan) *engagement.Model {
		return compileProgram(t, engagement.Program{Name: name, Touches: plans, Budgets: b})
	}
	conditional := every("b", 5)
	conditional.When = "arr > 0"
	a := named("one", nil, every("a", 5))
	b := named("two", []engagement.Budget{{Name: "x", Per: engagement.PerAccount, Most: 1, In: oneDay}}, conditional, on("c", "e", 0))
	m, err := engagement.Join(a, b)
	if err != nil {
		t.Fatal(err)
	}
	in := engagement.Input{
		Began: day(0), Starts: []engagement.Start{{Program: "two", At: day(2)}}, Facts: segment.FactMap{"arr": segment.Number(1)},
		Events: []engagement.Event{event("e", 1), event("e", 5)},
	}
	agenda := due(t, m, in, 7)
	if got := text(agenda); got != "a@5! -c@5(budgetx)until8 -b@7(budgetx)until8" {
		t.Errorf("got %q", got)
	}
	if agenda.Program != "one/two" || agenda.Due[0].Program != "one" || agenda.Suppressed[1].Program != "two" || agenda.Digest == a.Digest() {
		t.Errorf("got %+v", agenda)
	}
	var names []string
	for _, p := range m.Programs() {
		names = append(names, p.Name)
		p.Touches[0].Name = "spoilt"
	}
	if diff := cmp.Diff([]string{"one", "two"}, names); diff != "" || m.Program().Touches[0].Name != "a" {
		t.Errorf("programs (-want +got):\n%s", diff)
	}
	alone, err := engagement.Join(a)
	if err != nil || alone.Digest() != a.Digest() {
		t.Errorf("joined with nothing: %v, %v", alone, err)
	}
	_, err = engagement.Join(a, b, named("one", nil, on("c", "f", 0)))
	want := []string{`/2/touches/0/name: "c" is the name of element 2 already`, `/2/name: "one" is the name of element 0 already`}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := engagement.Join(); len(problems(t, err)) != 1 {
		t.Errorf("of nothing: %v", err)
	}
}

// TestJoinIsTheSum: without rules, a joined model has the agendas of its parts.
func TestJoinIsTheSum(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 300 {
		a, in := random(t, r)
		series := mails("referral")
		series.Name = "series"
		b := compileProgram(t, engagement.Program{Name: "other", Touches: []engagement.TouchPlan{every("x", float64(1+r.IntN(9))), series}})
		m, err := engagement.Join(a, b)
		if err != nil {
			t.Fatal(err)
		}
		asOf := float64(r.IntN(25))
		var want []string
		for _, part := range []*engagement.Model{a, b} {
			want = append(want, strings.Fields(text(due(t, part, in, asOf)))...)
		}
		got := strings.Fields(text(due(t, m, in, asOf)))
		next := func(s string) bool { return strings.HasPrefix(s, ">") }
		want, got = slices.DeleteFunc(want, next), slices.DeleteFunc(got, next)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

// TestNothingIsLostOnMoving: a touch long before the program began does not end its cadence.
func TestNothingIsLostOnMoving(t *testing.T) {
	in := engagement.Input{Began: day(100), Touches: []engagement.Touch{made("review", 1)}}
	m := compile(t, every("review", 30))
	if got := text(due(t, m, in, 100)); got != ">review@130" {
		t.Errorf("got %q", got)
	}
	in.Touches = append(in.Touches, made("review", 90))
	if got := text(due(t, m, in, 100)); got != ">review@120" {
		t.Errorf("got %q", got)
	}
}

func TestDueRefusesMore(t *testing.T) {
	m := compile(t, every("review", 30))
	for name, c := range map[string]struct {
		in   engagement.Input
		want string
	}{
		"people":     {engagement.Input{People: []engagement.Person{{ID: "a"}, {ID: "b"}, {ID: "a"}}}, `person "a": is there twice`},
		"no ID":      {engagement.Input{People: []engagement.Person{{}}}, `person "": is empty`},
		"starts":     {engagement.Input{Starts: []engagement.Start{{"x", day(1)}, {"x", day(2)}}}, `start of program "x": is there twice`},
		"no start":   {engagement.Input{Starts: []engagement.Start{{Program: "x"}}}, `start of program "x": is zero`},
		"holiday":    {engagement.Input{Place: engagement.Place{Holidays: []engagement.Date{{2026, 2, 29}}}}, `holiday: 2026-02-29 is not a day of the calendar`},
		"consent":    {engagement.Input{Consents: []engagement.Consent{{Name: "news", To: day(1).AddDate(9000, 0, 0)}}}, `end of consent "news": year 11026 is outside 1 to 9999`},
		"of a place": {engagement.Input{People: []engagement.Person{{ID: "a", Place: &engagement.Place{Holidays: []engagement.Date{{}}}}}}, `holiday: 0000-00-00 is not a day of the calendar`},
	} {
		c.in.Account = "acme"
		_, err := m.Due(c.in, day(0))
		var data *engagement.DataError
		if !errors.As(err, &data) || err.Error() != `engagement: account "acme": `+c.want {
			t.Errorf("%s: got error %v, want %s", name, err, c.want)
		}
	}
}
