package engagement_test

import (
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

const oneDay = engagement.Day

// mails asks three times by mail, each time with three days for an answer, and then calls.
func mails(event string) engagement.TouchPlan {
	plan := on("mail", event, 0)
	plan.Escalate = []engagement.Escalation{{After: 3, Wait: 3 * oneDay, Channel: engagement.Human, Owner: "csm", Minutes: 20}}
	return plan
}

// TestScenario7Touches: three mails that nobody answers, a call that the budget holds back, and a notice that it does not.
func TestScenario7Touches(t *testing.T) {
	notice := on("notice", "breach", 0)
	notice.Notice = engagement.Security
	m := compileProgram(t, engagement.Program{
		Touches: []engagement.TouchPlan{mails("signed"), notice},
		Budgets: []engagement.Budget{{Name: "three in two weeks", Per: engagement.PerAccount, Most: 3, In: 14 * oneDay}},
	})
	type step struct {
		day  float64
		want string
	}
	for _, c := range []struct {
		name     string
		answered float64 // day, of the second mail; 0: never
		steps    []step
	}{
		{"unanswered", 0, []step{
			{0, "mail@0!"},
			{2, ">mail#2@3"},
			{3, "mail#2@3!"},
			{6, "mail#3@6!"},
			{8, ">mail#4@9"},
			{9, "notice@9! -mail#4@9(budgetthree in two weeks)until14"},
			{9.5, "-mail#4@9(budgetthree in two weeks)until14 >mail#4@9until14"},
			{13.99, "-mail#4@9(budgetthree in two weeks)until14 >mail#4@9until14"},
			{14, "mail#4@9!"},
			{15, ""},
		}},
		{"answered on day 4", 4, []step{{0, "mail@0!"}, {3, "mail#2@3!"}, {3.5, ">mail#3@6"}, {4, ""}, {6, ""}, {9, "notice@9!"}, {14, ""}}},
	} {
		in := engagement.Input{Account: "acme", Events: []engagement.Event{event("signed", 0), event("breach", 9)}}
		for _, s := range c.steps {
			for i := range in.Touches {
				if c.answered > 0 && in.Touches[i].At.Equal(day(3)) {
					in.Touches[i].Answered = day(c.answered)
				}
			}
			a := due(t, m, in, s.day)
			if got := text(a); got != s.want {
				t.Errorf("%s, day %v: got %q, want %q", c.name, s.day, got, s.want)
			}
			for _, task := range a.Due {
				if calls := task.Channel == engagement.Human && task.Owner == "csm" && task.Minutes == 20 && task.Why == engagement.ByEscalation && task.Ref == "digital"; calls != (task.Try == 4) {
					t.Errorf("%s, day %v: task %+v", c.name, s.day, task)
				}
				in.Touches = append(in.Touches, task.Made("kim", day(s.day), day(s.day)))
			}
		}
	}
}
