package world

import (
	"io/fs"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/data"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(data.Files, "simulated/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// compiled parses and compiles a definition.
func compiled[D, M any](t *testing.T, name string, parse func([]byte) (D, error), compile func(D) (*M, error)) *M {
	t.Helper()
	d, err := parse(read(t, name))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	m, err := compile(d)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

func TestScorecard(t *testing.T) {
	compiled(t, "scorecard.json", health.Parse, health.Compile)
}

func TestTemplate(t *testing.T) {
	compiled(t, "template.json", outcome.Parse, outcome.Compile)
}

// No account, whatever is known of it, falls into a gap.
func TestScheme(t *testing.T) {
	m := compiled(t, "scheme.json", segment.Parse, segment.Compile)
	for _, f := range m.Verify(Begin(), AsOf()) {
		t.Errorf("%+v", f)
	}
}

// A journey refuses evidence of what its map does not name, so the map names every milestone.
func TestMap(t *testing.T) {
	m := compiled(t, "map.json", journey.Parse, journey.Compile)
	var known []string
	for _, p := range m.Map().Phases {
		for _, ms := range p.Milestones {
			known = append(known, ms.Name)
		}
	}
	slices.Sort(known)
	var got []string
	for i := range 500 {
		for _, ms := range Account(i, seed).Milestones {
			got = append(got, ms.Name)
		}
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, known) {
		t.Errorf("the world makes the milestones %q, the map knows %q", got, known)
	}
}

func TestLadder(t *testing.T) {
	m := compiled(t, "ladder.json", ladder.Parse, ladder.Compile)
	want := m.Quantities()
	slices.Sort(want)
	var got []string
	for i := range 500 {
		for _, v := range Account(i, seed).Value {
			got = append(got, v.Quantity)
		}
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("the world makes the quantities %q, the ladder reads %q", got, want)
	}
}

// What is rated are the desired outcomes of the template, and what is booked are benefits of the ladder.
func TestNames(t *testing.T) {
	var wanted, benefits []string
	for _, job := range compiled(t, "template.json", outcome.Parse, outcome.Compile).Template().Jobs {
		for _, d := range job.Outcomes {
			wanted = append(wanted, d.Name)
		}
	}
	for _, b := range compiled(t, "ladder.json", ladder.Parse, ladder.Compile).Ladder().Benefits {
		benefits = append(benefits, b.Name)
	}
	var rated, booked []string
	for i := range 500 {
		a := Account(i, seed)
		for _, r := range a.Ratings {
			rated = append(rated, r.Outcome)
		}
		for _, e := range a.Ledger {
			booked = append(booked, e.Benefit)
		}
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{{"ratings", rated, wanted}, {"entries", booked, benefits}} {
		slices.Sort(c.got)
		slices.Sort(c.want)
		if got := slices.Compact(c.got); !slices.Equal(got, c.want) {
			t.Errorf("%s of %q, want %q", c.what, got, c.want)
		}
	}
}

// Every touch is in the program of its segment, on the same channel.
func TestPrograms(t *testing.T) {
	attributes := compiled(t, "scheme.json", segment.Parse, segment.Compile).Scheme().Attributes
	programs := map[tier]*engagement.Model{}
	for kind, name := range map[tier]string{tech: "tech", growth: "growth", enterprise: "enterprise"} {
		programs[kind] = compiled(t, "program_"+name+".json", engagement.Parse,
			func(p engagement.Program) (*engagement.Model, error) { return engagement.Compile(p, attributes) })
	}
	for i := range 1000 {
		l := life{index: i, seed: seed}
		l.decide()
		plans := programs[l.tier].Program().Touches
		for _, h := range Account(i, seed).Touches {
			if !slices.ContainsFunc(plans, func(p engagement.TouchPlan) bool {
				return p.Name == h.Touch && string(p.Channel) == h.Channel
			}) {
				t.Fatalf("account %d: the program of its segment lacks %+v", i, h)
			}
		}
	}
}
