package engagement_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

func TestEffort(t *testing.T) {
	review, call := every("review", 30), mails("risk")
	review.Minutes = 60
	call.Owner, call.Minutes = "bot", 0
	m := compile(t, review, call, on("thanks", "referral", 0))
	got, err := m.Effort(engagement.Expectation{Over: 360 * oneDay, Answered: 0.5, Times: []engagement.TimesEach{{Touch: "mail", Times: 4}}})
	if err != nil {
		t.Fatal(err)
	}
	want := engagement.Effort{
		Hours: 12 + 1.0/6, Unknown: []string{"thanks"},
		Roles: []engagement.RoleEffort{{"bot", 0}, {"csm", 12 + 1.0/6}},
		Touches: []engagement.TouchEffort{
			{"review", "csm", 12, 12}, {"mail", "bot", 4 + 2 + 1, 0}, {"mail", "csm", 0.5, 0.5 * 20 / 60},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err = m.Effort(engagement.Expectation{Answered: math.NaN(), Times: []engagement.TimesEach{
		{"revew", 1}, {"review", -1}, {"review", 1}, {"review", 2},
	}})
	problem := []string{
		"/Over: must be longer than 0", "/Answered: must be 0 to 1, not NaN", `/Times/0/Touch: there is no touch "revew": did you mean "review"?`,
		"/Times/1/Times: must be 0 to 10000, not -1", `/Times/3/Touch: "review" is there already`,
	}
	if diff := cmp.Diff(problem, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEffortOfACadence holds the formula to what Due makes of a long time: a letter each ten days, after two without an
// answer a call, each try answered by a third.
func TestEffortOfACadence(t *testing.T) {
	letter := every("letter", 10)
	letter.Channel, letter.Owner, letter.Minutes = engagement.Digital, "bot", 1
	letter.Escalate = []engagement.Escalation{{After: 2, Wait: 4 * oneDay, Channel: engagement.Human, Owner: "csm", Minutes: 30}}
	m := compile(t, letter)
	const days = 20_000
	r := rand.New(rand.NewPCG(1, 2))
	tries := map[string]float64{}
	in := engagement.Input{Account: "acme", Began: day(0)}
	for at := 0.0; ; {
		a := due(t, m, in, at)
		if len(a.Due) == 0 {
			if at = dayOf(a.Next.Due); at > days {
				break
			}
			continue
		}
		tries[a.Due[0].Owner]++
		touch := a.Due[0].Made("", day(at), day(at))
		if r.IntN(3) == 0 {
			touch.Answered = day(at)
		}
		in.Touches = append(in.Touches, touch)
		in.Touches = in.Touches[max(0, len(in.Touches)-60):] // rounds are much shorter
	}
	got, err := m.Effort(engagement.Expectation{Over: days * oneDay, Answered: 1.0 / 3})
	if err != nil {
		t.Fatal(err)
	}
	// A round takes 10 + 2/3·10 + 4/9·4 days and has 1 + 2/3 letters and 4/9 calls.
	rounds := days / (10 + 20.0/3 + 16.0/9)
	for i, want := range []float64{rounds * 5 / 3, rounds * 4 / 9} {
		if math.Abs(got.Touches[i].Tries-want) > 1e-6 {
			t.Errorf("%s: %v tries, want %v", got.Touches[i].Owner, got.Touches[i].Tries, want)
		}
		if seen := tries[got.Touches[i].Owner]; math.Abs(seen-want) > 0.08*want {
			t.Errorf("%s: %v tries in a run, expected %v", got.Touches[i].Owner, seen, want)
		}
	}
}
