package outcome_test

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome"
)

var _ interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
} = new(outcome.Paths)

// course is a template with one outcome of three steps, of which "go" comes after "plan".
func course() outcome.Template {
	def := bare()
	o := aim("live", outcome.Target{Measure: "m", Goal: 1})
	o.Vendor, o.Milestones = "success", []outcome.Milestone{{Name: "plan", Owner: "sales"}, {Name: "go", After: []string{"plan"}}, {Name: "train"}}
	def.Outcomes = []outcome.Outcome{o}
	return def
}

// took is a plan whose steps were done at the ends of days, and which reached its outcome at the end of the last; day 0 is
// for none.
func took(t testing.TB, m *outcome.Model, steps string, days ...int) outcome.Plan {
	t.Helper()
	p := mustPropose(t, m)
	o := &p.Outcomes[0]
	for i, name := range strings.Fields(steps) {
		for k := range o.Milestones {
			if o.Milestones[k].Name == name {
				o.Milestones[k].Done = on(1, 1).AddDate(0, 0, days[i])
			}
		}
	}
	o.State, o.StateAt = outcome.InProgress, on(1, 1)
	if last := days[len(days)-1]; last > 0 {
		o.State, o.StateAt = outcome.Achieved, on(1, 1).AddDate(0, 0, last)
	}
	return p
}

func add(t testing.TB, ps *outcome.Paths, times int, p outcome.Plan) {
	t.Helper()
	for range times {
		if err := ps.Add(p, on(12, 1)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestGuide knows, from its start: plan, go, train in 30 days (five accounts), train, plan, go in 20 (six), and go, plan,
// train in 5 (four, too few). After train those who began so took 20-5 = 15 days; after plan those who did took 30-10 = 20.
func TestGuide(t *testing.T) {
	m := mustCompile(t, course())
	var ps outcome.Paths
	add(t, &ps, 5, took(t, m, "plan go train", 10, 20, 25, 30))
	add(t, &ps, 6, took(t, m, "train plan go", 5, 10, 15, 20))
	add(t, &ps, 4, took(t, m, "go plan train", 1, 2, 3, 5))
	add(t, &ps, 3, took(t, m, "plan", 1, 0))
	tests := []struct {
		name  string
		plan  outcome.Plan
		paths *outcome.Paths
		want  outcome.Guidance
	}{
		{"from the start", took(t, m, "", 0), &ps, outcome.Guidance{Outcome: "live", State: outcome.InProgress, Begun: 18, Reached: 15, Accounts: 6, Matched: true, Days: 20,
			Steps: []outcome.Next{{"train", "success", true}, {"plan", "sales", true}, {"go", "success", false}}}},
		{"after train", took(t, m, "train", 3, 0), &ps, outcome.Guidance{Outcome: "live", State: outcome.InProgress, Begun: 18, Reached: 15, Accounts: 6, Matched: true, Days: 15,
			Steps: []outcome.Next{{"plan", "sales", true}, {"go", "success", false}}}},
		{"after plan", took(t, m, "plan", 3, 0), &ps, outcome.Guidance{Outcome: "live", State: outcome.InProgress, Begun: 18, Reached: 15, Accounts: 5, Matched: true, Days: 20,
			Steps: []outcome.Next{{"go", "success", true}, {"train", "success", true}}}},
		{"begun as nobody did", took(t, m, "go", 3, 0), &ps, outcome.Guidance{Outcome: "live", State: outcome.InProgress, Begun: 18, Reached: 15, Accounts: 6,
			Steps: []outcome.Next{{"train", "success", true}, {"plan", "sales", true}}}},
		{"nothing known", took(t, m, "", 0), nil, outcome.Guidance{Outcome: "live", State: outcome.InProgress,
			Steps: []outcome.Next{{"plan", "sales", true}, {"go", "success", false}, {"train", "success", true}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := m.Guide(outcome.Input{Account: "acme", Plan: tt.plan}, tt.paths, on(3, 1))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]outcome.Guidance{tt.want}, got); diff != "" {
				t.Errorf("guidance (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGuideTwin chooses among all orders in exact fractions.
func TestGuideTwin(t *testing.T) {
	def := course()
	def.Outcomes[0].Milestones[1].After = nil // any order will do
	m := mustCompile(t, def)
	rng := rand.New(rand.NewPCG(71, 72))
	for range 60 {
		type tally struct{ accounts, days int64 }
		known := map[string]tally{}
		var ps outcome.Paths
		for range 60 {
			names := []string{"plan", "go", "train"}
			rng.Shuffle(3, func(i, k int) { names[i], names[k] = names[k], names[i] })
			last := 4 + rng.IntN(3)
			order := strings.Join(names, " ")
			add(t, &ps, 1, took(t, m, order, 1, 2, 3, last))
			known[order] = tally{known[order].accounts + 1, known[order].days + int64(last)}
		}
		better := func(a, b string) bool { // a than b
			x, y := known[a], known[b]
			if order := big.NewRat(x.days, x.accounts).Cmp(big.NewRat(y.days, y.accounts)); order != 0 {
				return order < 0
			}
			return x.accounts > y.accounts || x.accounts == y.accounts && a < b
		}
		best := ""
		for order, k := range known {
			if k.accounts >= 5 && (best == "" || better(order, best)) {
				best = order
			}
		}
		got, err := m.Guide(outcome.Input{Account: "acme", Plan: took(t, m, "", 0)}, &ps, on(3, 1))
		if err != nil {
			t.Fatal(err)
		}
		var steps []string
		for _, next := range got[0].Steps {
			steps = append(steps, next.Milestone)
		}
		if strings.Join(steps, " ") != best || got[0].Accounts != known[best].accounts {
			t.Fatalf("got %q of %d, want %q of %v", steps, got[0].Accounts, best, known)
		}
	}
}

// TestGuideKeepsThePlan has dependencies that those who were quick did not keep, steps that they did not take, and an
// outcome that comes first.
func TestGuideKeepsThePlan(t *testing.T) {
	m := mustCompile(t, course())
	var ps outcome.Paths
	add(t, &ps, 5, took(t, m, "go train", 1, 2, 3))
	p := took(t, m, "", 0)
	p.Outcomes[0].Milestones = append(p.Outcomes[0].Milestones, outcome.Milestone{Name: "own"})
	p.Outcomes[0].After = []string{"first"}
	p.Outcomes = append(p.Outcomes, aim("first", outcome.Target{Measure: "n", Goal: 1}))
	p.Outcomes[1].State = outcome.Missed
	guide := func() outcome.Guidance {
		got, err := m.Guide(outcome.Input{Account: "acme", Plan: p}, &ps, on(3, 1))
		if err != nil || len(got) != 1 {
			t.Fatalf("got %v, %v", got, err)
		}
		return got[0]
	}
	want := outcome.Guidance{Outcome: "live", State: outcome.InProgress, Waits: []string{"first"}, Begun: 5, Reached: 5, Accounts: 5, Matched: true, Days: 3,
		Steps: []outcome.Next{{"plan", "sales", false}, {"go", "success", false}, {"train", "success", false}, {"own", "success", false}}}
	if diff := cmp.Diff(want, guide()); diff != "" {
		t.Errorf("guidance (-want +got):\n%s", diff)
	}
	p.Outcomes[1].State = outcome.Achieved
	if got := guide(); got.Waits != nil || !got.Steps[0].Ready || got.Steps[1].Ready {
		t.Errorf("once the first is achieved: %+v", got)
	}
	p.Template = "other"
	_, err := m.Guide(outcome.Input{Account: "acme", Plan: p}, &ps, on(3, 1))
	if err == nil || err.Error() != `outcome: account "acme": paths: are of another template than the plan` {
		t.Errorf("another template: %v", err)
	}
	p.Template, p.Outcomes[0].State = "bare", outcome.Abandoned
	if got, err := m.Guide(outcome.Input{Account: "acme", Plan: p}, &ps, on(3, 1)); err != nil || got != nil {
		t.Errorf("all ended: %v, %v", got, err)
	}
}

// randomPaths has up to n plans.
func randomPaths(t testing.TB, m *outcome.Model, rng *rand.Rand, n int) *outcome.Paths {
	var ps outcome.Paths
	for range rng.IntN(n + 1) {
		names := []string{"plan", "go", "train"}
		rng.Shuffle(3, func(i, k int) { names[i], names[k] = names[k], names[i] })
		names = names[:rng.IntN(4)]
		days := make([]int, len(names)+1)
		for i := range days {
			days[i] = 1 + i*rng.IntN(4)
		}
		if rng.IntN(3) == 0 {
			days[len(names)] = 0
		}
		add(t, &ps, 1, took(t, m, strings.Join(names, " "), days...))
	}
	return &ps
}

func encoded(t testing.TB, ps *outcome.Paths) []byte {
	t.Helper()
	data, err := ps.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPathsMerge holds that merging is associative and commutative to the bit, with the zero value as its one.
func TestPathsMerge(t *testing.T) {
	m := mustCompile(t, course())
	rng := rand.New(rand.NewPCG(41, 42))
	merged := func(parts ...*outcome.Paths) *outcome.Paths {
		var sum outcome.Paths
		for _, p := range parts {
			if err := sum.Merge(p); err != nil {
				t.Fatal(err)
			}
		}
		return &sum
	}
	for range 100 {
		a, b, c := randomPaths(t, m, rng, 6), randomPaths(t, m, rng, 6), randomPaths(t, m, rng, 6)
		want := encoded(t, merged(a, b, c))
		for i, other := range []*outcome.Paths{merged(c, b, a), merged(merged(a, b), c), merged(a, merged(b, c)), merged(b, new(outcome.Paths), merged(c, a))} {
			if got := encoded(t, other); !bytes.Equal(got, want) {
				t.Fatalf("order %d:\n%x\n%x", i, want, got)
			}
		}
		var read outcome.Paths
		if err := read.UnmarshalBinary(want); err != nil || !bytes.Equal(encoded(t, &read), want) {
			t.Fatalf("read back: %v", err)
		}
	}
	a := randomPaths(t, m, rng, 6)
	if one, two := merged(a, a), merged(a); two.Merge(two) != nil || !bytes.Equal(encoded(t, one), encoded(t, two)) {
		t.Error("merged with itself it is not twice")
	}
	if sum := merged(a); sum.Merge(nil) != nil || !bytes.Equal(encoded(t, sum), encoded(t, merged(a))) {
		t.Error("merged with nil it is another")
	}
}

// TestPathsAsOf holds that what happens later changes no byte.
func TestPathsAsOf(t *testing.T) {
	m := mustCompile(t, course())
	var none, all outcome.Paths
	p := took(t, m, "plan go", 10, 60, 20) // "go" was done after the outcome was reached
	if err := none.Add(p, on(1, 20)); err != nil || !bytes.Equal(encoded(t, &none), encoded(t, new(outcome.Paths))) {
		t.Errorf("before it ended: %x, %v", encoded(t, &none), err)
	}
	if err := all.Add(p, on(1, 21)); err != nil {
		t.Fatal(err)
	}
	const tenDays = "\x80\xde\x34" // 864 000 s
	want := "\x01\x04bare\x01\x04live\x01\x01\x01\x04plan\x01" + tenDays + tenDays
	if got := string(encoded(t, &all)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPathsRefuse(t *testing.T) {
	m := mustCompile(t, course())
	var ps outcome.Paths
	add(t, &ps, 1, took(t, m, "plan", 1, 2))
	before := encoded(t, &ps)
	other := took(t, m, "plan", 1, 2)
	other.Template = "other"
	wrong := took(t, m, "plan", 1, 2)
	wrong.Start = time.Time{}
	newer := took(t, m, "plan", 1, 2)
	newer.Format = 2
	for _, c := range []struct {
		err  error
		want string
	}{
		{ps.Add(other, on(2, 1)), `outcome: account "acme": plan "p": of the template "other", not "bare"`},
		{ps.Add(wrong, on(2, 1)), `outcome: account "acme": plan "p" at /start: is zero`},
		{ps.Add(other, time.Time{}), `outcome: account "acme": as of: is zero`},
		{ps.Add(newer, on(2, 1)), `outcome: account "acme": plan "p": format 2: unknown format`},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("got %v, want %s", c.err, c.want)
		}
	}
	huge := append([]byte("\x01\x04bare\x01\x04live\x01\x01\x01\x04plan\x01\x00"), 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40) // 2^62
	var most outcome.Paths
	if err := most.UnmarshalBinary(huge); err != nil {
		t.Fatal(err)
	}
	if err := most.Merge(&ps); err == nil || err.Error() != "outcome: paths: a sum is above 2^62" || !bytes.Equal(encoded(t, &most), huge) {
		t.Errorf("a sum that is too large: %v", err)
	}
	if !bytes.Equal(encoded(t, &ps), before) {
		t.Error("what was refused was added")
	}
}

func TestPathsDecode(t *testing.T) {
	const head, plan = "\x01\x04bare\x01\x04live", "\x04plan"
	for name, data := range map[string]string{
		"empty": "", "no version": "\x00\x00\x00", "long varint": "\x81\x00\x00\x00", "data after its end": "\x01\x00\x00\x00",
		"template without outcomes": "\x01\x04bare\x00", "template too long": "\x01\x7fbare\x00", "template that is no text": "\x01\x01\xff\x00",
		"outcome begun by none": head + "\x00\x00", "cut off": head + "\x01\x01\x01" + plan + "\x01\x05",
		"more reached than begun":  head + "\x01\x01\x00\x02\x05",
		"order of nobody":          head + "\x01\x01\x00\x00\x05",
		"step twice":               head + "\x01\x01\x02" + plan + plan + "\x01\x01\x01\x01",
		"step with a slash":        head + "\x01\x01\x01\x03a/b\x01\x01\x01",
		"orders not in order":      head + "\x02\x02\x01\x01b\x01\x01\x01\x01\x01a\x01\x01\x01",
		"one order twice":          head + "\x02\x02\x01\x01b\x01\x01\x01\x01\x01b\x01\x01\x01",
		"outcomes not in order":    "\x01\x00\x02\x01b\x01\x00\x01a\x01\x00",
		"sum above its bound":      head + "\x01\x01\x01" + plan + "\x01\x01\x80\x80\x80\x80\x80\x80\x80\x80\x40",
		"more things than can be":  "\x01\x04bare\xff\xff\xff\xff\x0f",
		"varint beyond all digits": head + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
	} {
		ps := outcome.Paths{}
		add(t, &ps, 1, took(t, mustCompile(t, course()), "plan", 1, 2))
		before := encoded(t, &ps)
		err := ps.UnmarshalBinary([]byte(data))
		var wrong *outcome.DataError
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), "outcome: paths at byte ") {
			t.Errorf("%s: got %v, want a DataError", name, err)
		}
		if !bytes.Equal(encoded(t, &ps), before) {
			t.Errorf("%s: the paths changed", name)
		}
	}
	var ps outcome.Paths
	if err := ps.UnmarshalBinary([]byte{2}); !errors.Is(err, outcome.ErrFormat) || err.Error() != "outcome: decode paths: version 2: unknown format" {
		t.Errorf("of version 2: %v", err)
	}
}

// FuzzPaths holds that what reads encodes to the same bytes, merges, and guides.
func FuzzPaths(f *testing.F) {
	m := mustCompile(f, course())
	rng := rand.New(rand.NewPCG(51, 52))
	for range 4 {
		f.Add(encoded(f, randomPaths(f, m, rng, 8)))
	}
	f.Add([]byte("\x01\x04bare\x01\x04live\x05\x01\x01\x04plan\x05\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var ps, sum outcome.Paths
		if ps.UnmarshalBinary(data) != nil {
			return
		}
		if got := encoded(t, &ps); !bytes.Equal(got, data) {
			t.Fatalf("%x reads, and encodes to %x", data, got)
		}
		if err := sum.Merge(&ps); err != nil || !bytes.Equal(encoded(t, &sum), data) {
			t.Fatalf("merged into nothing: %v", err)
		}
		p := took(t, m, "plan", 1, 0)
		if _, err := m.Guide(outcome.Input{Account: "acme", Plan: p}, &ps, on(3, 1)); err != nil && !strings.Contains(err.Error(), "another template") {
			t.Fatal(err)
		}
	})
}

func ExampleModel_Guide() {
	template := outcome.Starter()
	model, _ := outcome.Compile(template)
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	year := start.AddDate(1, 0, 0)

	var paths outcome.Paths // of the accounts that have been there
	for i := range 5 {
		plan, _ := model.Propose(outcome.Proposal{Account: fmt.Sprint("account ", i), ID: "2026", Start: start})
		steps := plan.Outcomes[0].Milestones
		steps[0].Done, steps[1].Done = start.AddDate(0, 0, 5), start.AddDate(0, 0, 15)
		plan.Outcomes[0].State, plan.Outcomes[0].StateAt = outcome.Achieved, start.AddDate(0, 0, 40)
		if err := paths.Add(plan, year); err != nil {
			fmt.Println(err)
		}
	}
	plan, _ := model.Propose(outcome.Proposal{Account: "acme", ID: "2026", Start: year})
	plan.Outcomes[0].Milestones[0].Done = year.AddDate(0, 0, 3)
	guidance, _ := model.Guide(outcome.Input{Account: "acme", Plan: plan}, &paths, year.AddDate(0, 0, 4))
	g := guidance[0]
	fmt.Println(g.Outcome, g.State, "from", g.Accounts, "accounts that took", g.Days, "days from here")
	for _, next := range g.Steps {
		fmt.Println(next.Milestone, "by", next.Owner, next.Ready)
	}
	// Output:
	// in-use draft from 5 accounts that took 35 days from here
	// people trained by success true
	// old way ended by success false
}
