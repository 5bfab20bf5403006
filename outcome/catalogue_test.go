package outcome_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

// library has a job with one that serves it, which another serves, and one beside it.
func library() outcome.Template {
	wish := func(name string, step outcome.Step, personas, themes []string) outcome.Desired {
		return outcome.Desired{Name: name, Step: step, Direction: outcome.Minimise, Measure: "time", Object: "for " + name, Personas: personas, Themes: themes}
	}
	def := bare()
	def.Jobs = []outcome.Job{
		{Name: "books", Text: "Keep the books", Parties: []string{"clerk", "owner"}, Outcomes: []outcome.Desired{
			wish("close", outcome.Conclude, nil, []string{"cost"}), wish("audit", "", []string{"auditor"}, []string{"risk", "cost"}),
		}},
		{Name: "match", Text: "Match what was paid", Parent: "pay", Parties: []string{"clerk"}, Outcomes: []outcome.Desired{
			wish("find", outcome.Locate, nil, []string{"cost"}),
		}},
		{Name: "pay", Text: "Pay what is due", Parent: "books", Related: []string{"save"}, Parties: []string{"owner"}, Outcomes: []outcome.Desired{
			wish("approve", outcome.Confirm, nil, nil),
		}},
		{Name: "save", Text: "Put money aside", Parties: []string{"owner"}},
	}
	return def
}

func TestCatalogue(t *testing.T) {
	m := mustCompile(t, library())
	tests := []struct {
		name   string
		search outcome.Search
		want   string // job path: desired outcome
	}{
		{"all", outcome.Search{}, "books: close, books: audit, books/pay/match: find, books/pay: approve"},
		{"below a job", outcome.Search{Job: "pay"}, "books/pay/match: find, books/pay: approve"},
		{"step", outcome.Search{Step: outcome.Locate}, "books/pay/match: find"},
		{"theme", outcome.Search{Theme: "cost"}, "books: close, books: audit, books/pay/match: find"},
		{"persona by the job's parties", outcome.Search{Persona: "clerk"}, "books: close, books/pay/match: find"},
		{"persona of its own", outcome.Search{Persona: "auditor"}, "books: audit"},
		{"all of them", outcome.Search{Job: "books", Persona: "clerk", Theme: "cost", Step: outcome.Conclude}, "books: close"},
		{"none", outcome.Search{Theme: "growth"}, ""},
	}
	for _, tt := range tests {
		entries, err := m.Catalogue(tt.search)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, strings.Join(e.Path, "/")+": "+e.Desired.Name)
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, strings.Join(got, ", "), tt.want)
		}
	}
	entries, _ := m.Catalogue(outcome.Search{})
	entries[1].Desired.Themes[0], entries[1].Path[0] = "spoiled", "spoiled"
	if diff := cmp.Diff(library(), m.Template()); diff != "" {
		t.Errorf("an entry changed the model (-want +got):\n%s", diff)
	}
}

func TestJobMap(t *testing.T) {
	m := mustCompile(t, library())
	stages, err := m.JobMap("books")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range stages {
		got = append(got, string(s.Step))
		for _, d := range s.Outcomes {
			got[len(got)-1] += " " + d.Name
		}
	}
	want := "define,locate,prepare,confirm,execute,monitor,modify,conclude close, audit"
	if join(got) != want {
		t.Errorf("got %s, want %s", join(got), want)
	}
	for job, want := range map[string]string{"pay": "save", "save": "pay", "books": ""} {
		if got, err := m.Related(job); err != nil || join(got) != want {
			t.Errorf("beside %s: got %q, %v, want %s", job, got, err, want)
		}
	}
}

func TestUnknownJob(t *testing.T) {
	m := mustCompile(t, library())
	const want = `outcome: refused by known_job: template "bare" has no job "saves": did you mean "save"?; needs a job of the template`
	_, searched := m.Catalogue(outcome.Search{Job: "saves"})
	_, mapped := m.JobMap("saves")
	_, related := m.Related("saves")
	for _, err := range []error{searched, mapped, related} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	def := library()
	def.Jobs[3].Related = []string{"save", "sav"}
	def.Jobs[0].Outcomes[0].Themes = []string{"a/b"}
	def.Jobs[0].Outcomes[1].Personas = []string{""}
	_, err := outcome.Compile(def)
	wrong := []outcome.Problem{
		{Pointer: "/jobs/0/outcomes/0/themes/0", Message: "contains '/', which joins names to paths"},
		{Pointer: "/jobs/0/outcomes/1/personas/0", Message: "is empty"},
		{Pointer: "/jobs/3/related/0", Message: "is the job itself"},
		{Pointer: "/jobs/3/related/1", Message: `there is no job "sav": did you mean "save"?`},
	}
	if diff := cmp.Diff(wrong, problems(t, err)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestDerive(t *testing.T) {
	m := mustCompile(t, outcome.Starter())
	own := mustCompile(t, m.Derive("own", "2"))
	want := outcome.Starter()
	want.Name, want.Version, want.From = "own", "2", &outcome.Lineage{Name: "starter", Version: "1", Digest: m.Digest()}
	if diff := cmp.Diff(want, own.Template()); diff != "" {
		t.Errorf("template (-want +got):\n%s", diff)
	}
	spoiled := own.Template()
	spoiled.From.Name = "spoiled"
	if own.Template().From.Name != "starter" || own.Digest() == m.Digest() {
		t.Error("the lineage is shared, or not part of the digest")
	}
	if p := mustPropose(t, own); p.Template != "own" || p.TemplateVersion != "2" || p.Digest != own.Digest() {
		t.Errorf("the plan remembers %s %s", p.Template, p.TemplateVersion)
	}
	spoiled.From.Name = ""
	if _, err := outcome.Compile(spoiled); len(problems(t, err)) != 1 {
		t.Errorf("got %v, want one problem", err)
	}
}
