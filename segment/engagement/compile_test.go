package engagement_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

func attributes() []segment.Attribute {
	return []segment.Attribute{{Name: "arr", Type: segment.NumberType}, {Name: "answered", Type: segment.FlagType}}
}

func compile(t testing.TB, touches ...engagement.TouchPlan) *engagement.Model {
	t.Helper()
	return compileProgram(t, engagement.Program{Touches: touches})
}

// compileProgram gives a program the format, and a name if it has none.
func compileProgram(t testing.TB, p engagement.Program) *engagement.Model {
	t.Helper()
	if p.Format = 1; p.Name == "" {
		p.Name = "test"
	}
	m, err := engagement.Compile(p, attributes())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func problems(t *testing.T, err error) []string {
	t.Helper()
	var invalid *engagement.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got error %v, want an InvalidError", err)
	}
	var got []string
	for _, p := range invalid.Problems {
		message, _, _ := strings.Cut(p.Message, "\n")
		got = append(got, p.Pointer+": "+message)
	}
	return got
}

func TestCompileReportsEverything(t *testing.T) {
	_, err := engagement.Compile(engagement.Program{
		Format: -1, Name: "", Version: "\xff", Segment: "\x00",
		Touches: []engagement.TouchPlan{
			{Name: "a", Title: "\xff", Channel: "humen", Owner: "", Every: -1, Within: -engagement.Day, When: "ar > 5", Minutes: math.NaN()},
			{Name: "a", Channel: "fax", Owner: "csm", Every: engagement.Day, On: &engagement.Trigger{}, Minutes: -1},
			{Name: "b/c", Title: strings.Repeat("x", 1025), Channel: engagement.Human, Owner: "csm"},
			{Name: "d", Channel: engagement.Human, Owner: "csm", On: &engagement.Trigger{Event: "e", Anchor: "a", Offset: -engagement.Day}, Minutes: math.Inf(1)},
			{Name: "e", Channel: engagement.Human, Owner: "csm", On: &engagement.Trigger{Anchor: " a", Offset: 1}},
		},
	}, attributes())
	want := []string{
		"/format: must be 1, not -1",
		"/name: is empty",
		"/version: is not valid UTF-8",
		"/segment: contains U+0000",
		"/touches/0/title: is not valid UTF-8",
		`/touches/0/channel: must be one of human, digital, product, community, partner, not "humen": did you mean "human"?`,
		"/touches/0/owner: is empty",
		"/touches/0/every: must not be negative",
		"/touches/0/within: must not be negative",
		"/touches/0/when: line 1, column 1: expected an attribute, found ar: did you mean arr?",
		"/touches/0/minutes: must be 0 to 10000, not NaN",
		`/touches/1/name: "a" is the name of element 0 already`,
		`/touches/1/channel: must be one of human, digital, product, community, partner, not "fax"`,
		"/touches/1/on: must not stand beside every",
		"/touches/1/on: must have an event or an anchor",
		"/touches/1/minutes: must be 0 to 10000, not -1",
		"/touches/2/name: contains '/', which joins names to paths",
		"/touches/2/title: has 1025 bytes, over 1024",
		"/touches/2: must have a cadence (every) or a trigger (on)",
		"/touches/3/on/anchor: must not stand beside event",
		"/touches/3/on/offset: must not be negative",
		"/touches/3/minutes: must be 0 to 10000, not +Inf",
		"/touches/4/on/anchor: begins or ends with a space",
		"/touches/4/on/offset: duration 1ns is not a whole number of microseconds",
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	conditional := engagement.TouchPlan{Name: "a", Channel: engagement.Human, Owner: "csm", Every: engagement.Day, When: "arr > 5"}
	second := conditional
	second.Name = "b"
	_, err = engagement.Compile(engagement.Program{Format: 1, Name: "x", Touches: []engagement.TouchPlan{conditional, second}},
		[]segment.Attribute{{Name: "arr", Type: "numer"}})
	want = []string{`: the scheme's attributes/0/type: must be one of number, text, flag, time, not "numer": did you mean "number"?`}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("wrong attributes (-want +got):\n%s", diff)
	}

	for name, p := range map[string]engagement.Program{
		"none": {Format: 1, Name: "x"}, "too many": {Format: 1, Name: "x", Touches: make([]engagement.TouchPlan, 1001)},
	} {
		if _, err := engagement.Compile(p, nil); len(problems(t, err)) != 1 {
			t.Errorf("%s: got error %v", name, err)
		}
	}
	_, err = engagement.Compile(engagement.Program{Format: 2, Name: "x"}, nil)
	if !errors.Is(err, engagement.ErrFormat) || err.Error() != `engagement: compile program "x": format 2: unknown format` {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
}

func TestCompileReportsRules(t *testing.T) {
	plan := func(change func(*engagement.TouchPlan)) engagement.TouchPlan {
		p := on("a", "e", 5)
		change(&p)
		return p
	}
	cadence := every("a", 5)
	cadence.Done, cadence.Skip, cadence.To = "answered", "answered", "users"
	for _, c := range []struct {
		name    string
		program engagement.Program
		want    []string
	}{
		{"a cadence", engagement.Program{Touches: []engagement.TouchPlan{cadence}}, []string{
			`/touches/0/to: must be one of user, sponsor, partner, peer, not "users": did you mean "user"?`,
			"/touches/0/done: must not stand beside every", "/touches/0/skip: must not stand beside every",
		}},
		{"a notice", engagement.Program{Touches: []engagement.TouchPlan{plan(func(p *engagement.TouchPlan) { p.Notice, p.Needs, p.Ask, p.When = "fire", "a/b", "money", "arr > 0" })}}, []string{
			"/touches/0/needs: contains '/', which joins names to paths",
			`/touches/0/notice: must be one of security, outage, legal, billing, not "fire"`,
			"/touches/0/notice: must not stand beside needs: a notice needs no consent",
			`/touches/0/ask: must be one of reference, review, advisory_board, referral, not "money"`, "/touches/0/ask: must not stand beside notice",
		}},
		{"an ask", engagement.Program{Touches: []engagement.TouchPlan{plan(func(p *engagement.TouchPlan) { p.Ask = engagement.Review })}}, []string{
			"/touches/0/when: is missing: an ask needs to know that all is well",
		}},
		{"an escalation", engagement.Program{Touches: []engagement.TouchPlan{plan(func(p *engagement.TouchPlan) {
			p.Escalate = []engagement.Escalation{{After: 0, Channel: engagement.Digital, Minutes: -1}, {After: 1e9, Wait: -1, Channel: "x", Owner: "csm"}}
		})}}, []string{
			"/touches/0/escalate/0/after: must be 1 to 20, not 0", "/touches/0/escalate/0/wait: must be longer than 0",
			"/touches/0/escalate/0/channel: must be another than the one before it", "/touches/0/escalate/0/owner: is empty",
			"/touches/0/escalate/0/minutes: must be 0 to 10000, not -1", "/touches/0/escalate/1/after: must be 1 to 20, not 1e+09",
			"/touches/0/escalate/1/wait: must not be negative", `/touches/0/escalate/1/channel: must be one of human, digital, product, community, partner, not "x"`,
		}},
		{"too many levels", engagement.Program{Touches: []engagement.TouchPlan{plan(func(p *engagement.TouchPlan) { p.Escalate = make([]engagement.Escalation, 11) })}}, []string{
			"/touches/0/escalate: has 11 elements, over 10",
		}},
		{"a playbook", engagement.Program{Trial: " ", Ordered: true, Touches: []engagement.TouchPlan{every("a", 1), on("b", "e", 5), on("c", "e", 4), on("d", "f", 5)}}, []string{
			"/trial: begins or ends with a space", "/touches/0: must have a trigger, as a step of a playbook", "/touches/1/on: must be the trigger of the step before it",
			"/touches/2/on/offset: must not be before that of the step before it", "/touches/3/on: must be the trigger of the step before it",
		}},
		{"budgets", engagement.Program{Budgets: []engagement.Budget{{Name: "x", Per: "team", Most: 0, In: 0, Channel: "y"}, {Name: "x", Per: engagement.PerPerson, Most: 1001, In: -1}}}, []string{
			`/budgets/0/per: must be one of account, person, not "team"`, "/budgets/0/most: must be 1 to 1000, not 0", "/budgets/0/in: must be longer than 0",
			`/budgets/0/channel: must be one of human, digital, product, community, partner, not "y"`,
			`/budgets/1/name: "x" is the name of element 0 already`, "/budgets/1/most: must be 1 to 1000, not 1001", "/budgets/1/in: must not be negative",
		}},
		{"quiet times", engagement.Program{Quiet: []engagement.Quiet{
			{Name: "a"}, {Name: "b", From: "8:00", To: "25:00"}, {Name: "c", From: "08:00", To: "08:00"}, {Name: "d", To: "08:00"},
			{Name: "e", Days: []engagement.Weekday{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}, {Name: "f", Days: []engagement.Weekday{"moon"}, Channels: []engagement.Channel{"fax"}},
		}}, []string{
			"/quiet/0: must have times, days or holidays", `/quiet/1/from: must be a time of day like 08:00, not "8:00"`, `/quiet/1/to: must be a time of day like 08:00, not "25:00"`,
			"/quiet/2/to: must be another time than from", `/quiet/3/from: must be a time of day like 08:00, not ""`, "/quiet/4/days: must leave a day",
			`/quiet/5/days/0: must be one of sun, mon, tue, wed, thu, fri, sat, not "moon": did you mean "mon"?`,
			`/quiet/5/channels/0: must be one of human, digital, product, community, partner, not "fax"`,
		}},
		{"too many rules", engagement.Program{Budgets: make([]engagement.Budget, 101), Quiet: make([]engagement.Quiet, 101)}, []string{
			"/budgets: has 101 elements, over 100", "/quiet: has 101 elements, over 100",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.program.Format, c.program.Name = 1, "x"
			_, err := engagement.Compile(c.program, attributes())
			if diff := cmp.Diff(c.want, problems(t, err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompileKeepsACopy(t *testing.T) {
	p := engagement.Program{Format: 1, Name: "x", Touches: []engagement.TouchPlan{
		{Name: "a", Channel: engagement.Human, Owner: "csm", On: &engagement.Trigger{Event: "signed"}},
	}}
	m, err := engagement.Compile(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Touches[0].On.Event = "spoilt"
	m.Program().Touches[0].On.Event = "spoilt"
	agenda := due(t, m, engagement.Input{Events: []engagement.Event{{Name: "signed", At: day(0)}}}, 0)
	if m.Program().Touches[0].On.Event != "signed" || len(agenda.Due) != 1 {
		t.Errorf("a caller's change reached the model: %+v, %+v", m.Program().Touches[0].On, agenda)
	}
	if m.Digest() == compile(t, p.Touches...).Digest() || !strings.HasPrefix(m.Digest().String(), "sha256:") {
		t.Errorf("digest %s", m.Digest())
	}
	text, err := m.Digest().MarshalText()
	var again engagement.Digest
	if err != nil || again.UnmarshalText(text) != nil || again != m.Digest() {
		t.Errorf("the digest %s reads back as %s", text, again)
	}
}

func TestParse(t *testing.T) {
	p, err := engagement.Parse([]byte(`{"format": 1, "name": "growth", "segment": "growth", "touches": [
	  {"name": "review", "channel": "human", "owner": "csm", "every": "90d", "within": "2w", "when": "arr >= 50000", "minutes": 60},
	  {"name": "welcome", "channel": "digital", "owner": "program", "on": {"event": "signed"}, "within": "1d"},
	  {"name": "renewal", "channel": "human", "owner": "csm", "on": {"anchor": "renewal", "offset": "-90d"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := engagement.Compile(p, attributes()); err != nil {
		t.Fatal(err)
	}
	if p.Touches[0].Every != 90*engagement.Day || p.Touches[2].On.Offset != -90*engagement.Day {
		t.Errorf("got %+v", p)
	}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := engagement.Parse(data)
	if diff := cmp.Diff(p, again); err != nil || diff != "" {
		t.Errorf("%v: reading what was written (-want +got):\n%s", err, diff)
	}
	_, err = engagement.Parse([]byte(`{"format": 1, "touches": [{"evry": "90d", "within": "soon", "every": "1d"}], "x": 1}`))
	want := []string{
		`/touches/0/evry: unknown key "evry": did you mean "every"?`,
		`/touches/0/within: duration "soon" is not a series of integers with units, like 90d, 36h or 1h30m`,
		`/x: unknown key "x"`,
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := engagement.Parse([]byte(`{"format": 2, "anything": []}`)); !errors.Is(err, engagement.ErrFormat) {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
}

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&engagement.InvalidError{Problems: []engagement.Problem{{"/name", "is empty"}}}, "engagement: invalid definition: /name: is empty"},
		{&engagement.DataError{Account: "a", Field: `time of event "x"`, Message: "is zero"}, `engagement: account "a": time of event "x": is zero`},
		{&engagement.DataError{Account: "a", Message: "is empty"}, `engagement: account "a": is empty`},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
