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
	m, err := engagement.Compile(engagement.Program{Format: 1, Name: "test", Touches: touches}, attributes())
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
		"/segment: contains NUL",
		"/touches/0/title: is not valid UTF-8",
		`/touches/0/channel: must be human, digital, product, community or partner, not "humen": did you mean "human"?`,
		"/touches/0/owner: is empty",
		"/touches/0/every: must not be negative",
		"/touches/0/every: duration -1ns is not a whole number of microseconds",
		"/touches/0/within: must not be negative",
		"/touches/0/when: line 1, column 1: expected an attribute, found ar: did you mean arr?",
		"/touches/0/minutes: must be a number from 0 on, not NaN",
		`/touches/1/name: "a" is the name of an earlier touch`,
		`/touches/1/channel: must be human, digital, product, community or partner, not "fax"`,
		"/touches/1/on: must not stand beside every",
		"/touches/1/on: must have an event or an anchor",
		"/touches/1/minutes: must be a number from 0 on, not -1",
		"/touches/2/name: contains '/', which joins names to paths",
		"/touches/2/title: has 1025 bytes, over 1024",
		"/touches/2: must have a cadence (every) or a trigger (on)",
		"/touches/3/on/anchor: must not stand beside event",
		"/touches/3/on/offset: must not be negative",
		"/touches/3/minutes: must be a number from 0 on, not +Inf",
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
	want = []string{`: the scheme's attributes/0/type: must be number, text, flag or time, not "numer": did you mean "number"?`}
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
		{&engagement.InvalidError{Problems: []engagement.Problem{{"/name", "is empty"}}}, "engagement: invalid program: /name: is empty"},
		{&engagement.DataError{Account: "a", Field: `time of event "x"`, Message: "is zero"}, `engagement: account "a": time of event "x": is zero`},
		{&engagement.DataError{Account: "a", Message: "is empty"}, `engagement: account "a": is empty`},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
