package engagement_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

func day(n float64) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n * float64(24*time.Hour)))
}

func dayOf(at time.Time) float64 { return at.Sub(day(0)).Hours() / 24 }

func due(t testing.TB, m *engagement.Model, in engagement.Input, d float64) engagement.Agenda {
	t.Helper()
	if in.Account == "" {
		in.Account = "acme"
	}
	a, err := m.Due(in, day(d))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// text writes an agenda as "touch@day", with "#" and the try, "!" when overdue, "-" and the reason when suppressed, with
// "until" and the day if that is known, and ">" for what is next.
func text(a engagement.Agenda) string {
	var parts []string
	add := func(sign string, t engagement.Task, rest string) {
		s := sign + t.Touch
		if t.Try > 0 {
			s += fmt.Sprint("#", t.Try)
		}
		if t.Person != "" {
			s += " " + t.Person
		}
		s += fmt.Sprintf("@%v", dayOf(t.Due)) + rest
		if !t.Until.IsZero() {
			s += fmt.Sprintf("until%v", dayOf(t.Until))
		}
		parts = append(parts, s)
	}
	for _, t := range a.Due {
		rest := ""
		if t.Overdue {
			rest = "!"
		}
		add("", t, rest)
	}
	for _, t := range a.Suppressed {
		add("-", t, fmt.Sprintf("(%s%s)", t.Why, t.Ref))
	}
	if a.Next != nil {
		add(">", *a.Next, "")
	}
	return strings.Join(parts, " ")
}

func made(name string, d float64) engagement.Touch {
	return engagement.Touch{Format: 1, ID: fmt.Sprintf("%s on %v", name, d), Touch: name, Channel: engagement.Human, At: day(d)}
}

func every(name string, days float64) engagement.TouchPlan {
	return engagement.TouchPlan{Name: name, Channel: engagement.Human, Owner: "csm", Every: engagement.Duration(days * float64(engagement.Day))}
}

func on(name, event string, offset float64) engagement.TouchPlan {
	return engagement.TouchPlan{Name: name, Channel: engagement.Digital, Owner: "program", On: &engagement.Trigger{Event: event, Offset: engagement.Duration(offset * float64(engagement.Day))}}
}

func around(name, anchor string, offset float64) engagement.TouchPlan {
	p := on(name, "", offset)
	p.On.Event, p.On.Anchor = "", anchor
	return p
}

func event(name string, d float64) engagement.Event { return engagement.Event{Name: name, At: day(d)} }

func TestDue(t *testing.T) {
	within := every("review", 30)
	within.Within = 7 * engagement.Day
	gated := every("review", 30)
	gated.When = "arr >= 50000"
	facts := func(v segment.Value) segment.Facts { return segment.FactMap{"arr": v} }
	type in = engagement.Input
	for _, c := range []struct {
		name  string
		plans []engagement.TouchPlan
		in    in
		asOf  float64
		want  string
	}{
		{"a cadence begins with the program", []engagement.TouchPlan{every("review", 30)}, in{Began: day(0)}, 29.9, ">review@30"},
		{"at its instant it is due, and overdue", []engagement.TouchPlan{every("review", 30)}, in{Began: day(0)}, 30, "review@30!"},
		{"within its service level", []engagement.TouchPlan{within}, in{Began: day(0)}, 36.9, "review@30"},
		{"at the end of its service level", []engagement.TouchPlan{within}, in{Began: day(0)}, 37, "review@30!"},
		{"a missed cadence is due once", []engagement.TouchPlan{every("review", 30)}, in{Began: day(0)}, 200, "review@30!"},
		{"a cadence counts from the last touch", []engagement.TouchPlan{every("review", 30)},
			in{Began: day(0), Touches: []engagement.Touch{made("review", 33), made("review", 5), made("other", 40)}}, 50, ">review@63"},
		{"a touch to come is not seen", []engagement.TouchPlan{every("review", 30)}, in{Began: day(0), Touches: []engagement.Touch{made("review", 31)}}, 30.5, "review@30!"},
		{"nobody knows when it began", []engagement.TouchPlan{every("review", 30)}, in{}, 50, ""},
		{"nobody knows, but there was a touch", []engagement.TouchPlan{every("review", 30)}, in{Touches: []engagement.Touch{made("review", 1)}}, 50, "review@31!"},
		{"the program has not begun", []engagement.TouchPlan{every("review", 30)}, in{Began: day(10)}, 5, ">review@40"},

		{"each event makes one touch due", []engagement.TouchPlan{on("thanks", "referral", 2)},
			in{Events: []engagement.Event{event("referral", 9), event("referral", 1), event("other", 1), event("referral", 20)}}, 15, "thanks@3! thanks@11!"},
		{"one event given twice", []engagement.TouchPlan{on("thanks", "referral", 2)},
			in{Events: []engagement.Event{event("referral", 1), event("referral", 1)}}, 2, ">thanks@3"},
		{"before the program began", []engagement.TouchPlan{on("thanks", "referral", 2), around("call", "renewal", -90)},
			in{Began: day(5), Events: []engagement.Event{event("referral", 4), event("referral", 5)}, Anchors: []engagement.Anchor{{"renewal", day(94)}}}, 20, "thanks@7!"},
		{"a touch that a person logged does the earliest", []engagement.TouchPlan{on("thanks", "referral", 2)},
			in{Events: []engagement.Event{event("referral", 1), event("referral", 2)}, Touches: []engagement.Touch{made("thanks", 5)}}, 15, "thanks@4!"},
		{"but none that was not due yet", []engagement.TouchPlan{on("thanks", "referral", 2)},
			in{Events: []engagement.Event{event("referral", 1)}, Touches: []engagement.Touch{made("thanks", 2)}}, 15, "thanks@3!"},

		{"before an anchor", []engagement.TouchPlan{around("call", "renewal", -90)}, in{Anchors: []engagement.Anchor{{"renewal", day(100)}}}, 9, ">call@10"},
		{"due before an anchor", []engagement.TouchPlan{around("call", "renewal", -90)}, in{Anchors: []engagement.Anchor{{"renewal", day(100)}}}, 10, "call@10!"},
		{"after an anchor", []engagement.TouchPlan{around("call", "go live", 14)}, in{Anchors: []engagement.Anchor{{"go live", day(1)}}}, 16, "call@15!"},
		{"the anchor is not known", []engagement.TouchPlan{around("call", "renewal", -90)}, in{Anchors: []engagement.Anchor{{"Renewal", day(100)}}}, 10, ""},
		{"last year's call is not this year's", []engagement.TouchPlan{around("call", "renewal", -90)},
			in{Anchors: []engagement.Anchor{{"renewal", day(400)}}, Touches: []engagement.Touch{made("call", 10)}}, 320, "call@310!"},

		{"a condition", []engagement.TouchPlan{gated}, in{Began: day(0), Facts: facts(segment.Number(50000))}, 30, "review@30!"},
		{"not met", []engagement.TouchPlan{gated}, in{Began: day(0), Facts: facts(segment.Number(49999))}, 30, "-review@30(condition)"},
		{"unknown", []engagement.TouchPlan{gated}, in{Began: day(0)}, 30, "-review@30(unknown)"},
		{"failed", []engagement.TouchPlan{gated}, in{Began: day(0), Facts: facts(segment.Failed("down"))}, 30, "-review@30(failedarr)"},
		{"what is suppressed does not hide what is next", []engagement.TouchPlan{gated, every("mail", 40)}, in{Began: day(0)}, 30, "-review@30(unknown) >mail@40"},
		{"in order of due, then of the program", []engagement.TouchPlan{every("c", 9), every("b", 5), every("a", 5)}, in{Began: day(0)}, 10, "b@5! a@5! c@9!"},
		{"the next of several", []engagement.TouchPlan{every("c", 9), every("b", 5), every("a", 5)}, in{Began: day(0)}, 4, ">b@5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text(due(t, compile(t, c.plans...), c.in, c.asOf)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTask(t *testing.T) {
	m := compile(t, engagement.TouchPlan{
		Name: "review", Title: "Quarterly review", Channel: engagement.Human, Owner: "csm", Minutes: 45,
		On: &engagement.Trigger{Anchor: "renewal", Offset: -engagement.Day}, Within: engagement.Day,
	})
	in := engagement.Input{Account: "acme", Anchors: []engagement.Anchor{{"renewal", day(2).Add(999)}}}
	a := due(t, m, in, 1)
	want := []engagement.Task{{
		ID: a.Due[0].ID, Touch: "review", Title: "Quarterly review", Channel: engagement.Human, Owner: "csm",
		Due: day(1), Minutes: 45, Why: "anchor", Ref: "renewal",
	}}
	if diff := cmp.Diff(want, a.Due); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := due(t, m, in, 1.5); again.Due[0].ID != a.Due[0].ID {
		t.Error("the same task has another ID half a day later")
	}
	in.Account = "beta"
	if other := due(t, m, in, 1); other.Due[0].ID == a.Due[0].ID {
		t.Error("tasks of two accounts have one ID")
	}
	in.Account = "acme"
	early := made("", 0.5)
	early.ID = a.Due[0].ID // done before it was due, under another name
	in.Touches = []engagement.Touch{early}
	if got := text(due(t, m, in, 1)); got != "" {
		t.Errorf("done, and yet %s", got)
	}
}

func TestDueRefuses(t *testing.T) {
	gated := every("review", 30)
	gated.When = "arr > 0"
	m := compile(t, gated, on("late", "x", 300), around("call", "renewal", -90), mails("risk"))
	far := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	twice := []engagement.Touch{made("review", 1), made("review", 1)}
	twice[1].Touch = "call"
	answered := []engagement.Touch{made("review", 1), made("review", 1)}
	answered[1].Answered = day(2)
	with := func(change func(*engagement.Touch)) engagement.Input {
		touch := made("review", 1)
		change(&touch)
		return engagement.Input{Account: "a", Touches: []engagement.Touch{touch}}
	}
	for _, c := range []struct {
		in   engagement.Input
		asOf time.Time
		want string
	}{
		{engagement.Input{Account: " \n"}, day(0), "account \" \\n\": account: contains the control character U+000A at byte 1"},
		{engagement.Input{Account: "a"}, time.Time{}, `account "a": as of: is zero`},
		{engagement.Input{Account: "a", Began: far.AddDate(1, 0, 0)}, day(0), `account "a": began: year 10000 is outside 1 to 9999`},
		{engagement.Input{Account: "a", Events: []engagement.Event{{Name: "x"}}}, day(0), `account "a": time of event "x": is zero`},
		{engagement.Input{Account: "a", Events: []engagement.Event{{Name: "x", At: far}}}, far, `account "a": due of touch "late": year 10000 is outside 1 to 9999`},
		{engagement.Input{Account: "a", Events: []engagement.Event{{Name: "risk", At: far}}, Touches: []engagement.Touch{{ID: "x", Touch: "mail", At: far}}}, far.Add(time.Hour),
			`account "a": due of touch "mail": year 10000 is outside 1 to 9999`},
		{engagement.Input{Account: "a", Anchors: []engagement.Anchor{{"renewal", day(0)}, {"renewal", day(1)}}}, day(0), `account "a": anchor "renewal": is there twice`},
		{engagement.Input{Account: "a", Touches: []engagement.Touch{{At: day(0)}}}, day(0), `account "a": ID of touch "": is empty`},
		{engagement.Input{Account: "a", Touches: []engagement.Touch{{ID: "x"}}}, day(0), `account "a": time of touch "x": is zero`},
		{engagement.Input{Account: "a", Touches: twice}, day(0), `account "a": touch "review on 1": is there twice, and not the same`},
		{engagement.Input{Account: "a", Touches: answered}, day(0), `account "a": touch "review on 1": is there twice, and not the same`},
		{with(func(t *engagement.Touch) { t.By = "kim\x00" }), day(0), `account "a": by of touch "review on 1": contains U+0000`},
		{with(func(t *engagement.Touch) { t.Person = strings.Repeat("x", 1025) }), day(0), `account "a": person of touch "review on 1": has 1025 bytes, over 1024`},
		{with(func(t *engagement.Touch) { t.Touch = "\xff" }), day(0), `account "a": name of touch "review on 1": is not valid UTF-8`},
		{with(func(t *engagement.Touch) { t.Channel = "\xff" }), day(0), `account "a": channel of touch "review on 1": is not valid UTF-8`},
		{with(func(t *engagement.Touch) { t.Answered = far.AddDate(1, 0, 0) }), day(0), `account "a": answered time of touch "review on 1": year 10000 is outside 1 to 9999`},
		{with(func(t *engagement.Touch) { t.Recorded = far.AddDate(1, 0, 0) }), day(0), `account "a": recorded time of touch "review on 1": year 10000 is outside 1 to 9999`},
		{engagement.Input{Account: "a", Facts: segment.FactMap{"arr": segment.Text("1")}}, day(0), `account "a": attribute "arr": is a text, not a number`},
	} {
		_, err := m.Due(c.in, c.asOf)
		var data *engagement.DataError
		if !errors.As(err, &data) || err.Error() != "engagement: "+c.want {
			t.Errorf("got error %v, want %s", err, c.want)
		}
	}
}

// TestDueOneTouchTwice gives a touch as two reads may have it: recorded at two instants, and in another zone.
func TestDueOneTouchTwice(t *testing.T) {
	again := made("review", 1)
	again.At, again.Recorded = again.At.In(time.FixedZone("", 3600)).Add(999), day(5)
	in := engagement.Input{Touches: []engagement.Touch{made("review", 1), again}}
	if got := text(due(t, compile(t, every("review", 30)), in, 2)); got != ">review@31" {
		t.Errorf("got %q", got)
	}
}

func TestDueNewerTouch(t *testing.T) {
	newer := made("review", 1)
	newer.Format, newer.By = 2, "a\x00"
	_, err := compile(t, every("review", 30)).Due(engagement.Input{Account: "acme", Touches: []engagement.Touch{newer}}, day(2))
	if !errors.Is(err, engagement.ErrFormat) || err.Error() != `engagement: due "acme": touch "review on 1": format 2: unknown format` {
		t.Errorf("got error %v, want ErrFormat", err)
	}
}

// random returns a model and an input of many touches and events.
func random(t testing.TB, r *rand.Rand) (*engagement.Model, engagement.Input) {
	gated := every("gated", float64(1+r.IntN(5)))
	gated.When = "answered OR arr > 5"
	m := compile(t, every("review", float64(1+r.IntN(9))), on("thanks", "referral", float64(r.IntN(3))), around("call", "renewal", float64(r.IntN(9)-4)), gated, on("mail", "signed", 0))
	in := engagement.Input{Account: "acme", Facts: segment.FactMap{"answered": segment.Flag(r.IntN(2) == 0)}}
	if r.IntN(2) == 0 {
		in.Began = day(float64(r.IntN(10)))
	}
	if r.IntN(2) == 0 {
		in.Anchors = []engagement.Anchor{{"renewal", day(float64(r.IntN(20)))}, {"other", day(3)}}
	}
	for i := range r.IntN(12) {
		name := []string{"review", "thanks", "call", "mail", ""}[r.IntN(5)]
		touch := made(name, float64(r.IntN(20)))
		touch.ID = fmt.Sprint("t", i)
		in.Touches = append(in.Touches, touch)
	}
	for range r.IntN(8) {
		in.Events = append(in.Events, event([]string{"referral", "signed"}[r.IntN(2)], float64(r.IntN(20))))
	}
	return m, in
}

func permuted[T any](r *rand.Rand, from []T) []T {
	to := make([]T, len(from))
	for i, j := range r.Perm(len(from)) {
		to[j] = from[i]
	}
	return to
}

// TestDueProperties holds agendas of random inputs to what Due promises.
func TestDueProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tasks := 0
	for range 1000 {
		m, in := random(t, r)
		asOf := float64(r.IntN(25))
		want := due(t, m, in, asOf)
		tasks += len(want.Due)

		shuffled := in
		shuffled.Touches = permuted(r, slices.Concat(in.Touches, in.Touches)) // delivered twice
		shuffled.Events = permuted(r, slices.Concat(in.Events, in.Events))
		shuffled.Anchors = permuted(r, in.Anchors)
		if diff := cmp.Diff(want, due(t, m, shuffled, asOf)); diff != "" {
			t.Fatalf("in another order (-want +got):\n%s", diff)
		}

		later := in
		later.Touches = slices.Concat(in.Touches, []engagement.Touch{made("review", asOf+0.5), made("thanks", asOf+0.5)})
		later.Events = slices.Concat(in.Events, []engagement.Event{event("referral", asOf+0.5)})
		if diff := cmp.Diff(want, due(t, m, later, asOf)); diff != "" {
			t.Fatalf("with what lies after asOf (-want +got):\n%s", diff)
		}

		done := in
		done.Touches = slices.Clone(in.Touches)
		for _, task := range append(want.Due, want.Suppressed...) {
			done.Touches = append(done.Touches, engagement.Touch{ID: task.ID, Touch: task.Touch, At: day(asOf)})
		}
		if left := due(t, m, done, asOf); len(left.Due)+len(left.Suppressed) > 0 {
			t.Fatalf("all tasks are done, and yet: %s\nbefore: %s", text(left), text(want))
		}
		after := day(asOf).Add(1) // nothing happens from here on
		done.Touches = slices.DeleteFunc(done.Touches, func(x engagement.Touch) bool { return x.At.After(after) })
		done.Events = slices.DeleteFunc(slices.Clone(done.Events), func(x engagement.Event) bool { return x.At.After(after) })
		if next := due(t, m, done, asOf).Next; next != nil {
			reached := due(t, m, done, dayOf(next.Due))
			found := false
			for _, task := range append(reached.Due, reached.Suppressed...) {
				found = found || task.ID == next.ID
			}
			if !found {
				t.Fatalf("%s was next, and when it is due there is %s", next.Touch, text(reached))
			}
			if before, err := m.Due(done, next.Due.Add(-time.Microsecond)); err != nil || len(before.Due)+len(before.Suppressed) > 0 {
				t.Fatalf("%s was next, and before that %s is due: %v", next.Touch, text(before), err)
			}
		}
	}
	if tasks < 1000 {
		t.Errorf("only %d tasks", tasks)
	}
}

// TestYear lets a year pass, jumping from task to task, and counts what a success manager would do.
func TestYear(t *testing.T) {
	monthly, mail := every("check-in", 30), on("welcome", "signed", 1)
	m := compile(t, monthly, mail, around("renewal", "renewal", -90))
	in := engagement.Input{
		Account: "acme", Began: day(0), Events: []engagement.Event{event("signed", 0)}, Anchors: []engagement.Anchor{{"renewal", day(365)}},
	}
	counts := map[string]int{}
	for at := day(0); at.Before(day(365)); {
		a, err := m.Due(in, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range a.Due {
			counts[task.Touch]++
			in.Touches = append(in.Touches, engagement.Touch{ID: task.ID, Touch: task.Touch, At: at})
		}
		if len(a.Due) == 0 {
			at = a.Next.Due
		}
	}
	want := map[string]int{"check-in": 12, "welcome": 1, "renewal": 1}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
