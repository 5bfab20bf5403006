package outcome_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestStarter(t *testing.T) {
	m := mustCompile(t, outcome.Starter())
	horizons := map[outcome.Horizon]bool{}
	for _, o := range m.Template().Outcomes {
		horizons[o.Horizon] = true
	}
	if len(horizons) != 3 {
		t.Errorf("%d horizons, want 3", len(horizons))
	}
	p := mustPropose(t, m)
	if due := p.Outcomes[0].Target.Due; !due.Equal(on(1, 1).Add(60*day)) || p.Outcomes[0].DueIn != 0 {
		t.Errorf("due %v after %v, want 60 days after the start", due, p.Outcomes[0].DueIn)
	}
	if got := mustAssess(t, m, p, nil, on(1, 2)).Unsigned; !cmp.Equal(got, []string{"sales", "success", "customer"}) {
		t.Errorf("unsigned %q", got)
	}
	again := outcome.Starter()
	again.Outcomes[0].Target.Goal = 1
	if outcome.Starter().Outcomes[0].Target.Goal == 1 {
		t.Error("Starter hands out one value twice")
	}
}

func TestDesiredSentence(t *testing.T) {
	d := outcome.Desired{Direction: outcome.Minimise, Measure: "time", Object: "it takes to close the books"}
	for _, c := range []struct{ context, example, want string }{
		{"", "", "minimise the time it takes to close the books"},
		{"at the end of a quarter", "", "minimise the time it takes to close the books, at the end of a quarter"},
		{"", "with two currencies", "minimise the time it takes to close the books, e.g. with two currencies"},
		{"at the end of a quarter", "with two currencies", "minimise the time it takes to close the books, at the end of a quarter, e.g. with two currencies"},
	} {
		d.Context, d.Example = c.context, c.example
		if got := d.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func problems(t *testing.T, err error) []outcome.Problem {
	t.Helper()
	var invalid *outcome.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v, want an InvalidError", err)
	}
	return invalid.Problems
}

// TestEveryMistakeAtOnce has one mistake after the other, in the order of the document.
func TestEveryMistakeAtOnce(t *testing.T) {
	_, err := outcome.Compile(outcome.Template{
		Name: " x", Version: "\xff",
		Jobs: []outcome.Job{
			{Name: "a", Text: "t", Parent: "b", Outcomes: []outcome.Desired{
				{Name: "d", Step: "exec", Direction: "minimize", Measure: "time", Object: " "},
				{Name: "d", Direction: outcome.Reduce, Measure: "time", Object: "o"},
			}},
			{Name: "b", Parent: "a", Parties: []string{""}},
			{Name: "a", Text: "t", Parent: "bb"},
		},
		Roles: []outcome.Role{{Name: "sales/x", Side: "ours"}, {Name: "sales", Side: outcome.Vendor}, {Name: "sales", Side: outcome.Vendor}},
		Outcomes: []outcome.Outcome{
			{ID: "o", Statement: "s", Desired: "dd", Horizon: "far", Persona: "p/q", Weight: math.Inf(1), DueIn: outcome.Day, Vendor: "\x00",
				Sponsors: []outcome.Sponsor{{}}, State: outcome.Draft},
			{ID: "o", Weight: -1, DueIn: -1, Target: &outcome.Target{Base: math.NaN(), Due: time.Unix(0, 0)}},
			{ID: "", Statement: "s", Weight: 1, DueIn: 1500, Target: &outcome.Target{Measure: "m", Goal: 1, Band: 2},
				Milestones: []outcome.Milestone{{Name: "m", After: []string{"n", "m"}}, {Name: "m", Due: time.Unix(0, 0)}}},
		},
		Axes: []outcome.Axis{"persona", "team", "persona"},
	})
	want := []outcome.Problem{
		{Pointer: "/format", Message: "must be 1, not 0"},
		{Pointer: "/name", Message: "begins or ends with a space"},
		{Pointer: "/version", Message: "is not valid UTF-8"},
		{Pointer: "/jobs/0/parent", Message: `jobs serve each other: "a" after "b" after "a"`},
		{Pointer: "/jobs/0/outcomes/0/step", Message: `must be one of define, locate, prepare, confirm, execute, monitor, modify, conclude, not "exec"`},
		{Pointer: "/jobs/0/outcomes/0/direction", Message: `must be one of minimise, maximise, increase, reduce, not "minimize": did you mean "minimise"?`},
		{Pointer: "/jobs/0/outcomes/0/object", Message: "is missing"},
		{Pointer: "/jobs/0/outcomes/1/name", Message: `"d" is the name of element 0 already`},
		{Pointer: "/jobs/1/text", Message: "is missing"},
		{Pointer: "/jobs/1/parties/0", Message: "is empty"},
		{Pointer: "/jobs/2/name", Message: `"a" is the name of element 0 already`},
		{Pointer: "/jobs/2/parent", Message: `there is no job "bb"`},
		{Pointer: "/roles", Message: "none of them signs, so that no plan could be agreed"},
		{Pointer: "/roles/0/name", Message: "contains '/', which joins names to paths"},
		{Pointer: "/roles/0/side", Message: `must be one of vendor, customer, not "ours"`},
		{Pointer: "/roles/2/name", Message: `"sales" is the name of element 1 already`},
		{Pointer: "/outcomes/0/desired", Message: `there is no desired outcome "dd"`},
		{Pointer: "/outcomes/0/horizon", Message: `must be one of short, medium, long, not "far"`},
		{Pointer: "/outcomes/0/persona", Message: "contains '/', which joins names to paths"},
		{Pointer: "/outcomes/0/weight", Message: "must be above 0 and at most 1e+06, not +Inf"},
		{Pointer: "/outcomes/0/due_in", Message: "needs a target that is due"},
		{Pointer: "/outcomes/0/vendor", Message: "contains the control character U+0000 at byte 0"},
		{Pointer: "/outcomes/0/sponsors/0/name", Message: "is empty"},
		{Pointer: "/outcomes/0/state", Message: "belongs in a plan: an outcome of a template has neither state nor verification"},
		{Pointer: "/outcomes/1/id", Message: `"o" is the ID of element 0 already`},
		{Pointer: "/outcomes/1/statement", Message: "is missing"},
		{Pointer: "/outcomes/1/weight", Message: "must be above 0 and at most 1e+06, not -1"},
		{Pointer: "/outcomes/1/target/measure", Message: "is empty"},
		{Pointer: "/outcomes/1/target/base", Message: "must be finite, not NaN"},
		{Pointer: "/outcomes/1/target/due", Message: "belongs in a plan: an outcome of a template has due_in"},
		{Pointer: "/outcomes/1/due_in", Message: "must be above 0, not -1ns"},
		{Pointer: "/outcomes/2/id", Message: "is empty"},
		{Pointer: "/outcomes/2/target/band", Message: "is for a goal that is the base; not 2"},
		{Pointer: "/outcomes/2/due_in", Message: "duration 1.5µs is not a whole number of microseconds"},
		{Pointer: "/outcomes/2/milestones/0/after/0", Message: `there is no milestone "n"`},
		{Pointer: "/outcomes/2/milestones/0/after", Message: `milestones wait for each other: "m" after "m"`},
		{Pointer: "/outcomes/2/milestones/1/name", Message: `"m" is the name of element 0 already`},
		{Pointer: "/outcomes/2/milestones/1/due", Message: "belongs in a plan: a milestone of a template has no dates"},
		{Pointer: "/axes/1", Message: `must be one of horizon, persona, not "team"`},
		{Pointer: "/axes/2", Message: `"persona" is there already`},
	}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if text := err.Error(); !strings.HasPrefix(text, "outcome: invalid definition: 40 problems: /format: must be 1, not 0; /name: ") ||
		!strings.HasSuffix(text, "; and 20 more") {
		t.Errorf("message %q", text)
	}
}

// fullTemplate has every list and pointer that a template can have.
func fullTemplate() outcome.Template {
	def := outcome.Starter()
	words := outcome.English()
	def.Words, def.From = &words, &outcome.Lineage{Name: "first"}
	def.Jobs[0].Outcomes[0].Personas, def.Jobs[0].Outcomes[0].Themes = []string{"user"}, []string{"speed"}
	def.Jobs = append(def.Jobs, outcome.Job{Name: "learn", Text: "Learn from the work done", Related: []string{"work"}})
	def.Outcomes[1].After = []string{"in-use"}
	def.Outcomes[0].Sponsors = []outcome.Sponsor{{Name: "s"}}
	return def
}

func TestCompileCopies(t *testing.T) {
	def := fullTemplate()
	m := mustCompile(t, def)
	digest := m.Digest()
	spoil := func(def outcome.Template) {
		def.Jobs[0].Outcomes[0].Name = "spoiled"
		def.Jobs[0].Parties[0] = "spoiled"
		def.Roles[0].Name = "spoiled"
		def.Outcomes[0].Target.Goal = 7
		def.Outcomes[0].Milestones[1].After[0] = "spoiled"
		def.Axes[0] = "spoiled"
		def.Words.Vague[0].Word = "spoiled"
		def.From.Name = "spoiled"
		def.Jobs[0].Outcomes[0].Personas[0], def.Jobs[0].Outcomes[0].Themes[0] = "spoiled", "spoiled"
		def.Jobs[1].Related[0] = "spoiled"
		def.Outcomes[1].After[0] = "spoiled"
		def.Outcomes[0].Sponsors[0].Name = "spoiled"
	}
	spoil(def)
	spoil(m.Template())
	if diff := cmp.Diff(fullTemplate(), m.Template()); diff != "" {
		t.Errorf("the model changed (-want +got):\n%s", diff)
	}
	p := mustPropose(t, m)
	p.Outcomes[0].Target.Goal = 7
	p.Outcomes[0].Milestones[1].After[0] = "spoiled"
	p.Outcomes[1].After[0] = "spoiled"
	if diff := cmp.Diff(fullTemplate(), m.Template()); diff != "" {
		t.Errorf("a plan changed the model (-want +got):\n%s", diff)
	}
	if got := mustCompile(t, fullTemplate()).Digest(); got != digest {
		t.Errorf("digest %v, want %v", got, digest)
	}
	other := fullTemplate()
	other.Outcomes[0].Weight = 1.5
	if got := mustCompile(t, other).Digest(); got == digest {
		t.Error("another template has the same digest")
	}
	var read outcome.Digest
	if err := read.UnmarshalText([]byte(digest.String())); err != nil || read != digest {
		t.Errorf("digest read back as %v, error %v", read, err)
	}
}

func TestFormat(t *testing.T) {
	def := outcome.Starter()
	def.Format = 2
	want := `outcome: compile template "starter": format 2: unknown format`
	if _, err := outcome.Compile(def); !errors.Is(err, outcome.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	want = "outcome: parse template: format 2: unknown format"
	if _, err := outcome.Parse([]byte(`{"format": 2, "new": true}`)); !errors.Is(err, outcome.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestParse(t *testing.T) {
	text, err := canon.JSON(outcome.Starter())
	if err != nil {
		t.Fatal(err)
	}
	got, err := outcome.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(outcome.Starter(), got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if mustCompile(t, got).Digest() != mustCompile(t, outcome.Starter()).Digest() {
		t.Error("read back it has another digest")
	}
	_, err = outcome.Parse([]byte(`{"format": 1, "rolls": [], "Name": "x", "outcomes": [{"weight": 1e999, "due_in": "3 months", "id": null}]}`))
	want := []string{"/rolls", "/Name", "/outcomes/0/weight", "/outcomes/0/due_in", "/outcomes/0/id"}
	var places []string
	for _, p := range problems(t, err) {
		places = append(places, p.Pointer)
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestHugeTemplates are bounded in time: the work is linear, and names are suggested for the first problems alone.
func TestHugeTemplates(t *testing.T) {
	const n = 20_000
	def := bare()
	var o outcome.Outcome
	for i := range n {
		name := fmt.Sprint("name ", i)
		o.Milestones = append(o.Milestones, outcome.Milestone{Name: name, After: []string{fmt.Sprint("name ", (i+1)%n)}})
		def.Jobs = append(def.Jobs, outcome.Job{Name: name, Text: "t", Parent: fmt.Sprint("nam ", i)})
	}
	o.ID, o.Statement, o.Weight = "o", "s", 1
	def.Outcomes = []outcome.Outcome{o}
	_, err := outcome.Compile(def)
	got := problems(t, err)
	if len(got) != n+1 {
		t.Errorf("%d problems, want an unknown parent of each job and one circle", len(got))
	}
	if last := got[len(got)-1]; last.Pointer != "/outcomes/0/milestones/0/after" || !strings.Contains(last.Message, `"name 7" after … after "name 0"`) {
		t.Errorf("the circle is %+v", last)
	}
}

// TestCycles finds a circle that milestones without one lead into and out of.
func TestCycles(t *testing.T) {
	def := outcome.Starter()
	def.Outcomes[0].Milestones = []outcome.Milestone{
		{Name: "in"}, {Name: "x", After: []string{"in", "z"}}, {Name: "out", After: []string{"z"}},
		{Name: "z", After: []string{"y"}}, {Name: "y", After: []string{"x"}},
	}
	_, err := outcome.Compile(def)
	want := []outcome.Problem{{Pointer: "/outcomes/0/milestones/1/after", Message: `milestones wait for each other: "x" after "z" after "y" after "x"`}}
	if diff := cmp.Diff(want, problems(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
