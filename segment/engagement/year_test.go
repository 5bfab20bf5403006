package engagement_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

const yearEnd = 365.0

// yearModel joins a playbook, a program of cadences and triggers, and one of rules.
func yearModel(t testing.TB) *engagement.Model {
	kickoff, training, review := on("kick-off", "signed", 0), on("training", "signed", 0.5), on("first review", "signed", 30)
	training.Skip, review.Done = "arr > 90", "answered"
	letter := every("letter", 14)
	letter.To, letter.Needs, letter.Channel = engagement.User, "marketing", engagement.Digital
	outage := on("outage", "down", 0)
	outage.Notice = engagement.Outage
	ask := on("ask", "thanks", 1)
	ask.Ask, ask.When, ask.To = engagement.Reference, "arr >= 10", engagement.Sponsor
	trial := every("tips", 10)
	trial.Channel = engagement.Product
	compile := func(name string, p engagement.Program) *engagement.Model {
		p.Name = name
		return compileProgram(t, p)
	}
	m, err := engagement.Join(
		compile("onboarding", engagement.Program{Ordered: true, Touches: []engagement.TouchPlan{kickoff, training, review}}),
		compile("care", engagement.Program{Touches: []engagement.TouchPlan{
			letter, mails("risk"), every("check-in", 30), around("renewal", "renewal", -90), outage, ask,
		}}),
		compile("tips", engagement.Program{Trial: "tips trial", Touches: []engagement.TouchPlan{trial}}),
		compile("rules", engagement.Program{Budgets: yearBudgets, Quiet: []engagement.Quiet{
			{Name: "night", From: "20:00", To: "07:30"},
			{Name: "days off", Days: []engagement.Weekday{engagement.Saturday, engagement.Sunday}, Holidays: true, Channels: []engagement.Channel{engagement.Human}},
		}}),
	)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var yearBudgets = []engagement.Budget{
	{Name: "account", Per: engagement.PerAccount, Most: 3, In: 7 * oneDay},
	{Name: "person", Per: engagement.PerPerson, Most: 2, In: 14 * oneDay},
	{Name: "digital", Per: engagement.PerAccount, Most: 1, In: 3 * oneDay, Channel: engagement.Digital},
}

// yearInput returns an account of which all that happens in the year is known to the test, and not to Due.
func yearInput(r *rand.Rand, n int) engagement.Input {
	place := engagement.Place{
		Zone:     time.FixedZone("", (r.IntN(25)-12)*3600+1800),
		Holidays: []engagement.Date{{Year: 2026, Month: time.December, Day: 25}, {Year: 2026, Month: time.May, Day: 1}},
	}
	in := engagement.Input{
		Account: fmt.Sprint("account ", n), Began: day(0), Place: place,
		Facts:   segment.FactMap{"arr": segment.Number(float64(r.IntN(100))), "answered": segment.Flag(r.IntN(4) == 0)},
		Anchors: []engagement.Anchor{{Name: "renewal", At: day(float64(60 + r.IntN(360)))}},
	}
	if r.IntN(3) == 0 {
		in.Starts = []engagement.Start{{Program: "care", At: day(float64(r.IntN(100)))}}
	}
	if r.IntN(4) == 0 {
		in.Holdouts = []string{"tips trial"}
	}
	for i := range r.IntN(4) {
		p := engagement.Person{ID: fmt.Sprint("person ", i), Kind: []engagement.Party{engagement.User, engagement.Sponsor}[r.IntN(2)]}
		if r.IntN(2) == 0 {
			p.Place = &engagement.Place{Zone: time.FixedZone("", (r.IntN(25)-12)*3600)}
		}
		in.People = append(in.People, p)
		from := float64(r.IntN(200))
		in.Consents = append(in.Consents, engagement.Consent{Name: "marketing", Person: p.ID, From: day(from), To: day(from + float64(r.IntN(200)))})
	}
	for _, e := range []struct {
		name string
		most int
	}{{"signed", 3}, {"risk", 8}, {"down", 4}, {"thanks", 9}} {
		for range r.IntN(e.most) {
			in.Events = append(in.Events, event(e.name, float64(r.IntN(365*24))/24))
		}
	}
	for i := range r.IntN(20) { // by people, bound by no budget
		in.Touches = append(in.Touches, engagement.Touch{
			Format: 1, ID: fmt.Sprint("other ", i), Channel: engagement.Human, At: day(float64(r.IntN(365))).Add(7 * time.Microsecond),
			Direction: []engagement.Direction{"", engagement.Outbound, engagement.Inbound, engagement.Between}[r.IntN(4)],
		})
	}
	return in
}

// a yearRun is one account's year.
type yearRun struct {
	t    *testing.T
	r    *rand.Rand
	m    *engagement.Model
	in   engagement.Input
	done []engagement.Task // in the order in which they were done
	at   []time.Time       // when
}

// TestYearOfAThousandAccounts lets a year pass for each, with a host that does most of what is due at once and the rest a
// day later, and people who answer a third of it. No budget is ever broken, nothing is sent at night, and nothing is lost.
func TestYearOfAThousandAccounts(t *testing.T) {
	m := yearModel(t)
	reasons, total := map[engagement.Reason]int{}, 0
	for n := range 1000 {
		r := rand.New(rand.NewPCG(11, uint64(n)))
		run := yearRun{t: t, r: r, m: m, in: yearInput(r, n)}
		for at := day(0); at.Before(day(yearEnd)); {
			a, err := m.Due(run.in, at)
			if err != nil {
				t.Fatal(err)
			}
			for _, task := range a.Suppressed {
				reasons[task.Why]++
			}
			if r.IntN(8) == 0 {
				run.complete(a, at)
			}
			if r.IntN(32) == 0 {
				run.check(a, at)
			}
			at = run.work(a, at)
		}
		end, err := m.Due(run.in, day(yearEnd))
		if err != nil {
			t.Fatal(err)
		}
		run.complete(end, day(yearEnd))
		run.verify()
		total += len(run.done)
	}
	for _, why := range []engagement.Reason{
		engagement.WhenFalse, engagement.HeldByStep, engagement.HeldByTrial, engagement.HeldByNobody, engagement.HeldByConsent,
		engagement.HeldByBudget, engagement.HeldByAsk, engagement.HeldByQuiet, engagement.HeldByHoliday,
	} {
		if reasons[why] < 100 {
			t.Errorf("only %d tasks were suppressed by %s", reasons[why], why)
		}
	}
	if total < 50_000 {
		t.Errorf("only %d touches", total)
	}
}

// work does what is due, and returns when to look again.
func (run *yearRun) work(a engagement.Agenda, at time.Time) time.Time {
	next := at.Add(7 * 24 * time.Hour) // a condition or a consent may change
	for _, e := range run.in.Events {
		if e.At.After(at) && e.At.Before(next) {
			next = e.At
		}
	}
	for _, task := range a.Due {
		if run.r.IntN(5) == 0 {
			if tomorrow := at.Add(24 * time.Hour); tomorrow.Before(next) {
				next = tomorrow
			}
			continue
		}
		touch := task.Made("host", at, at)
		if run.r.IntN(3) == 0 {
			touch.Answered = at.Add(48 * time.Hour)
		}
		run.in.Touches = append(run.in.Touches, touch)
		run.done, run.at = append(run.done, task), append(run.at, at)
	}
	if len(a.Due) > 0 {
		if soon := at.Add(time.Minute); soon.Before(next) {
			next = soon
		}
	}
	if a.Next != nil {
		wake := a.Next.Due
		if !a.Next.Until.IsZero() {
			wake = a.Next.Until
		}
		if !wake.After(at) {
			run.t.Fatalf("%s: next at %v comes not after %v", a.Account, wake, at)
		}
		if wake.Before(next) {
			next = wake
		}
	}
	return next
}

// complete holds an agenda to all that was to be done by then: each first try of an occurrence is made or on the agenda,
// and so is each second, third and fourth of what nobody answered.
func (run *yearRun) complete(a engagement.Agenda, at time.Time) {
	type key struct {
		touch string
		try   int
	}
	got, want := map[key]int{}, map[key]int{}
	try := func(t engagement.Task) int { return max(t.Try, 1) }
	for _, task := range slices.Concat(run.done, a.Due, a.Suppressed) {
		got[key{task.Touch, try(task)}]++
	}
	began := day(0)
	for _, s := range run.in.Starts {
		began = s.At
	}
	arr := run.in.Facts.(segment.FactMap)["arr"]
	for _, c := range []struct {
		touch, event string
		offset       float64
		began        time.Time
		off          bool
	}{
		{"kick-off", "signed", 0, day(0), false},
		{"training", "signed", 0.5, day(0), slices.ContainsFunc([]float64{91, 92, 93, 94, 95, 96, 97, 98, 99}, func(x float64) bool { return arr == segment.Number(x) })},
		{"first review", "signed", 30, day(0), run.in.Facts.(segment.FactMap)["answered"] == segment.Flag(true)},
		{"mail", "risk", 0, began, false},
		{"outage", "down", 0, began, false},
		{"ask", "thanks", 1, began, false},
	} {
		seen := map[time.Time]bool{}
		for _, e := range run.in.Events {
			if due := e.At.Add(time.Duration(c.offset * 24 * float64(time.Hour))); e.Name == c.event && !c.off && !seen[e.At] && !e.At.Before(c.began) && !due.After(at) {
				want[key{c.touch, 1}]++
			}
			seen[e.At] = seen[e.At] || e.Name == c.event
		}
	}
	if due := run.in.Anchors[0].At.AddDate(0, 0, -90); !due.Before(began) && !due.After(at) {
		want[key{"renewal", 1}]++
	}
	answered := func(i int) bool {
		for _, t := range run.in.Touches {
			if t.ID == run.done[i].ID {
				return !t.Answered.IsZero() && !t.Answered.After(at)
			}
		}
		return false
	}
	last := map[string]time.Time{"letter": began, "check-in": began, "tips": day(0)}
	for i, task := range run.done {
		if task.Touch == "mail" && try(task) < 4 && !answered(i) && !run.at[i].Add(72*time.Hour).After(at) {
			want[key{"mail", try(task) + 1}]++
		}
		if from, ok := last[task.Touch]; ok {
			want[key{task.Touch, 1}]++
			if every := map[string]float64{"letter": 14, "check-in": 30, "tips": 10}[task.Touch]; run.at[i].Sub(from).Hours() < every*24 {
				run.t.Fatalf("%s: %s after %v", a.Account, task.Touch, run.at[i].Sub(from))
			}
			last[task.Touch] = run.at[i]
		}
	}
	for touch, every := range map[string]float64{"letter": 14, "check-in": 30, "tips": 10} {
		if !last[touch].Add(time.Duration(every) * 24 * time.Hour).After(at) {
			want[key{touch, 1}]++
		}
	}
	if !maps.Equal(want, got) {
		diff := cmp.Diff(want, got)
		run.t.Fatalf("%s on day %v: touches that are made or on the agenda (-want +got):\n%s", a.Account, dayOf(at), diff)
	}
}

// check gives the same history in another order, and holds Next to what it says.
func (run *yearRun) check(a engagement.Agenda, at time.Time) {
	in := run.in
	in.Touches, in.Events = permuted(run.r, slices.Concat(in.Touches, in.Touches)), permuted(run.r, slices.Concat(in.Events, in.Events))
	in.People, in.Consents = permuted(run.r, in.People), permuted(run.r, in.Consents)
	again, err := run.m.Due(in, at)
	if diff := cmp.Diff(a, again); err != nil || diff != "" {
		run.t.Fatalf("%v: in another order (-want +got):\n%s", err, diff)
	}
	if a.Next == nil || a.Next.Until.IsZero() {
		return
	}
	in.Events = slices.DeleteFunc(in.Events, func(e engagement.Event) bool { return e.At.After(at) })
	in.Touches = slices.DeleteFunc(in.Touches, func(t engagement.Touch) bool { return t.At.After(at) })
	in.Consents = slices.Clone(in.Consents)
	for i, c := range in.Consents { // as it is now
		if c.From.After(at) {
			in.Consents[i].From, in.Consents[i].To = day(1000), day(1001)
		} else if c.To.After(at) {
			in.Consents[i].To = time.Time{}
		}
	}
	for _, wake := range []struct {
		at   time.Time
		want bool
	}{{a.Next.Until, true}, {a.Next.Until.Add(-time.Microsecond), false}} {
		then, err := run.m.Due(in, wake.at)
		if err != nil || (len(then.Due) > 0) != wake.want {
			run.t.Fatalf("%v: on day %v, next is %s of day %v; at %v there is %s", err, dayOf(at), a.Next.Touch, dayOf(a.Next.Until), dayOf(wake.at), text(then))
		}
	}
}

// verify looks at the year from its end, by brute force.
func (run *yearRun) verify() {
	person := func(id string) engagement.Person {
		for _, p := range run.in.People {
			if p.ID == id {
				return p
			}
		}
		return engagement.Person{}
	}
	var lastAsk time.Time
	for i, task := range run.done {
		at, p := run.at[i], person(task.Person)
		if task.Notice != "" {
			if !at.Equal(task.Due) && at.Sub(task.Due) < time.Minute {
				run.t.Fatalf("an outage notice of %v waited until %v", task.Due, at)
			}
			continue
		}
		for _, b := range yearBudgets {
			if b.Per == engagement.PerPerson && task.Person == "" || b.Channel != "" && b.Channel != task.Channel {
				continue
			}
			n := 0
			for _, t := range run.in.Touches {
				counts := t.Notice == "" && (t.Direction == "" || t.Direction == engagement.Outbound) && !t.At.After(at) && t.At.After(at.Add(-time.Duration(b.In)))
				if counts && (b.Per == engagement.PerAccount || t.Person == task.Person) && (b.Channel == "" || t.Channel == b.Channel) {
					n++
				}
			}
			if n > b.Most {
				run.t.Fatalf("%s of day %v is number %d of budget %s", task.Touch, dayOf(at), n, b.Name)
			}
		}
		place := run.in.Place
		if p.Place != nil {
			place = *p.Place
		}
		local := at.In(place.Zone)
		y, month, d := local.Date()
		off := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday || slices.Contains(place.Holidays, engagement.Date{Year: y, Month: month, Day: d})
		if minute := local.Hour()*60 + local.Minute(); minute < 450 || minute >= 1200 || off && task.Channel == engagement.Human {
			run.t.Fatalf("%s by %s at %v", task.Touch, task.Channel, local)
		}
		if task.Touch == "letter" {
			agreed := slices.ContainsFunc(run.in.Consents, func(c engagement.Consent) bool {
				return c.Person == task.Person && !c.From.After(at) && c.To.After(at)
			})
			if !agreed || p.Kind != engagement.User {
				run.t.Fatalf("a letter to %q without consent", task.Person)
			}
		}
		if task.Ask != "" {
			if !lastAsk.IsZero() && at.Sub(lastAsk) < 92*24*time.Hour {
				run.t.Fatalf("asked on day %v and day %v", dayOf(lastAsk), dayOf(at))
			}
			lastAsk = at
		}
		if task.Touch == "tips" && len(run.in.Holdouts) > 0 {
			run.t.Fatal("an account of the holdout got tips")
		}
	}
}
