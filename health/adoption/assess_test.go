package adoption_test

import (
	"errors"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// TestKnown has figures that a person can count. The 28 days from Sunday, 1 February 2026 on have 20 workdays.
func TestKnown(t *testing.T) {
	m := compile(t, plan())
	day := func(n int) time.Time { return from.AddDate(0, 0, n-1).Add(9 * time.Hour) }
	var events []adoption.Event
	for _, e := range []struct {
		user, feature string
		days          []int
	}{
		{"ann", "feature-001", []int{2, 3, 4, 9}}, {"ann", "feature-002", []int{4, 5}}, {"bob", "feature-001", []int{7}},
		{"bob", "feature-006", []int{8, 10, 12}}, {"cyd", "feature-007", []int{28}},
	} {
		for _, d := range e.days {
			events = append(events, adoption.Event{Account: "acme", User: e.user, Feature: e.feature, At: day(d)})
		}
	}
	seats := 2
	a, err := m.Assess(fill(t, m, events), adoption.Account{
		ID: "acme", Since: from, Seats: &seats, Holders: []string{"ann", "dee"},
		Entitled: []string{"feature-001", "feature-002", "feature-004", "feature-006"}, Planned: []string{"invoicing"},
	}, from.AddDate(0, 0, 28))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		got         adoption.Ratio
		part, whole int64
	}{
		{"breadth", a.Breadth, 2, 4},               // 001 five times and 006 three times
		{"depth", a.Depth, 2, 3},                   // ann and bob on two days or more
		{"frequency", a.Frequency, 10, 5},          // weeks of ann: 4 days, 1; bob: 1 day, 3; cyd: 1
		{"intensity", a.Intensity, 11, 3},          // actions
		{"process", a.Process, 0, 1},               // 002 has one user
		{"penetration", a.Penetration, 3, 2},       // over
		{"stickiness", a.Stickiness, 7, 60},        // ann on Monday 2 to Thursday 5 and Monday 9; bob on the 10th and 12th
		{"self-service", a.SelfService, 3, 4},      // one ticket
		{"aha of users", a.Moments[0].Users, 1, 2}, // cyd's week is not over
	} {
		if c.got.Part != c.part || c.got.Whole != c.whole || *c.got.Value != float64(c.part)/float64(c.whole) {
			t.Errorf("%s = %d of %d, want %d of %d", c.name, c.got.Part, c.got.Whole, c.part, c.whole)
		}
	}
	if a.Over != 1 || *a.Unlicensed != 2 || a.Users != 3 || a.Uses != 11 {
		t.Errorf("over %d, unlicensed %d, %d users, %d uses", a.Over, *a.Unlicensed, a.Users, a.Uses)
	}
	if f := a.FirstUse; f.State != adoption.Reached || *f.Took != 33*health.Day/24 {
		t.Errorf("first use %+v, want after 33 hours", f)
	}
	if r := a.Moments[0].Reach; r.State != adoption.Reached || !r.At.Equal(day(4)) {
		t.Errorf("aha %+v, want on the fourth day", r)
	}
	if len(a.Reengage) != 4 || a.Reengage[3].User != "dee" || a.Reengage[3].Last != nil || len(a.Reengage[0].Missing) != 1 {
		t.Errorf("re-engage %+v, want all four for connect, which alone is entitled", a.Reengage)
	}
}

func TestUndefined(t *testing.T) {
	m := compile(t, plan())
	zero := 0
	p := plan()
	p.SelfService = nil
	bare := compile(t, p)
	u, used := usage(t, m), fill(t, m, []adoption.Event{{Account: "acme", User: "ann", Feature: "x", At: from}})
	late := from.AddDate(0, 0, 20)
	for _, c := range []struct {
		name    string
		model   *adoption.Model
		usage   *adoption.Usage
		account adoption.Account
		asOf    time.Time
		get     func(a adoption.Adoption) adoption.Ratio
		why     adoption.Reason
	}{
		{"breadth", m, used, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Breadth }, adoption.NoEntitlements},
		{"depth", m, u, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Depth }, adoption.NoUsers},
		{"frequency", m, u, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Frequency }, adoption.NoUsers},
		{"week", m, used, adoption.Account{ID: "acme"}, from, func(a adoption.Adoption) adoption.Ratio { return a.Frequency }, adoption.UnderAWeek},
		{"intensity", m, u, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Intensity }, adoption.NoUsers},
		{"process", m, used, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Process }, adoption.NothingPlanned},
		{"unknown licences", m, used, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Penetration }, adoption.UnknownLicences},
		{"no licences", m, used, adoption.Account{ID: "acme", Seats: &zero}, late, func(a adoption.Adoption) adoption.Ratio { return a.Penetration }, adoption.NoLicences},
		{"stickiness", m, u, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Stickiness }, adoption.NoUsers},
		{"Sunday", m, used, adoption.Account{ID: "acme"}, from, func(a adoption.Adoption) adoption.Ratio { return a.Stickiness }, adoption.NoWorkdays},
		{"questions", m, used, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.SelfService }, adoption.NoQuestions},
		{"self-service", bare, used, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.SelfService }, adoption.NotDeclared},
		{"since", m, used, adoption.Account{ID: "acme"}, late, func(a adoption.Adoption) adoption.Ratio { return a.Moments[0].Users }, adoption.UnknownStart},
		{"before", m, used, adoption.Account{ID: "acme", Since: from.Add(-1)}, late, func(a adoption.Adoption) adoption.Ratio { return a.Moments[0].Users }, adoption.BeganBefore},
	} {
		a, err := c.model.Assess(c.usage, c.account, c.asOf)
		if err != nil {
			t.Fatal(err)
		}
		if r := c.get(a); r.Value != nil || r.Whole != 0 || r.Why != c.why {
			t.Errorf("%s: %+v, want undefined for %s", c.name, r, c.why)
		}
	}
	if a, _ := m.Assess(used, adoption.Account{ID: "acme", Seats: &zero}, late); a.Over != 1 {
		t.Errorf("one user without a licence: over by %d", a.Over)
	}
}

func TestBadAccounts(t *testing.T) {
	m := compile(t, plan())
	u := fill(t, m, []adoption.Event{{Account: "acme", User: "ann", Feature: "x", At: from.Add(time.Hour)}})
	below := -1
	accounts := func(yield func(adoption.Account, error) bool) {
		for _, a := range []adoption.Account{
			{}, {ID: "a", Since: from.AddDate(1, 0, 0)}, {ID: "b", Seats: &below}, {ID: "c", Holders: []string{"x", "x"}},
			{ID: "d", Entitled: []string{""}}, {ID: "e", Planned: []string{"dreaming"}}, {ID: "acme"}, {ID: "f"},
		} {
			if !yield(a, nil) {
				return
			}
		}
		yield(adoption.Account{}, errors.New("source"))
	}
	wanted := []string{
		`adoption: account: is empty`,
		`adoption: account "a": since: is after as of`,
		`adoption: account "b": seats: are below zero`,
		`adoption: account "c": holders: "x" is there twice`,
		`adoption: account "d": entitled: "" is empty`,
		`adoption: account "e": planned: "dreaming" is no process of the plan`,
		`adoption: account "acme": usage: the latest event, at 2026-02-01T01:00:00Z, is after as of`,
		``,
	}
	i := 0
	for item, err := range m.AssessAll(u, accounts, from) {
		if i == len(wanted) {
			if err == nil || err.Error() != "adoption: assess accounts: source" {
				t.Errorf("last: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		if item.Err != nil {
			text = item.Err.Error()
		}
		if text != wanted[i] || (item.Adoption == nil) != (text != "") {
			t.Errorf("%q: got  %s\nwant %s", item.Account, text, wanted[i])
		}
		i++
	}
	if i != len(wanted) {
		t.Errorf("%d items", i)
	}
	for item, err := range m.AssessAll(u, accounts, time.Time{}) {
		if err == nil {
			t.Errorf("without as of: %+v", item)
		}
	}
}

func TestBadPlans(t *testing.T) {
	for _, c := range []struct {
		name   string
		spoil  func(p *adoption.Plan)
		wanted string
	}{
		{"format", func(p *adoption.Plan) { p.Format = 0 }, "/format: must be 1, not 0"},
		{"name", func(p *adoption.Plan) { p.Name = "" }, "/name: is empty"},
		{"version", func(p *adoption.Plan) { p.Version = strings.Repeat("x", 1025) }, "/version: has 1025 bytes, over 1024"},
		{"uses", func(p *adoption.Plan) { p.MinUses = 0 }, "/min_uses: must be 1 to 1073741824, not 0"},
		{"days", func(p *adoption.Plan) { p.MinDays = 1101 }, "/min_days: must be 1 to 1100, not 1101"},
		{"weekday", func(p *adoption.Plan) { p.Workdays[1] = "friday" }, `/workdays/1: must be sun, mon, tue, wed, thu, fri or sat, not "friday"`},
		{"weekdays", func(p *adoption.Plan) { p.Workdays[1] = "mon" }, `/workdays/1: "mon" is there twice`},
		{"process", func(p *adoption.Plan) { p.Processes[1].Name = "invoicing" }, `/processes/1/name: "invoicing" is the name of an earlier one`},
		{"no features", func(p *adoption.Plan) { p.Processes[0].Features = nil }, "/processes/0/features: must have 1 to 1000 features, not 0"},
		{"no users", func(p *adoption.Plan) { p.Processes[0].Users = 0 }, "/processes/0/users: must be 1 to 1073741824, not 0"},
		{"within", func(p *adoption.Plan) { p.Moments[0].Within = 0 }, "/moments/0/within: must be above 0"},
		{"precision", func(p *adoption.Plan) { p.Moments[0].Within = 1 }, "/moments/0/within: "},
		{"step", func(p *adoption.Plan) { p.Moments[0].Steps[1].Uses = 101 }, "/moments/0/steps/1/uses: must be 1 to 100, not 101"},
		{"steps", func(p *adoption.Plan) { p.Moments[0].Steps[1].Feature = "feature-001" }, `/moments/0/steps/1: feature "feature-001" is there twice`},
		{"task", func(p *adoption.Plan) { p.Tasks[0].Feature = "" }, "/tasks/0/feature: is empty"},
		{"self-service", func(p *adoption.Plan) { p.SelfService.Escalated[0] = "feature-006" }, `/self_service/escalated/0: "feature-006" is among resolved`},
	} {
		p := plan()
		c.spoil(&p)
		_, err := adoption.Compile(p)
		var bad *adoption.InvalidError
		if !errors.As(err, &bad) || len(bad.Problems) != 1 || !strings.HasPrefix(bad.Problems[0].Pointer+": "+bad.Problems[0].Message, c.wanted) {
			t.Errorf("%s: got  %v\nwant %s", c.name, err, c.wanted)
		}
	}
	if _, err := adoption.Compile(adoption.Plan{Format: 2}); !errors.Is(err, adoption.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
	if _, err := adoption.Parse([]byte(`{"format":2}`)); !errors.Is(err, adoption.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
}

// TestAssessAll: a batch gives what single assessments give, and one Usage serves readers side by side.
func TestAssessAll(t *testing.T) {
	m := compile(t, plan())
	r := rand.New(rand.NewPCG(1, 9))
	u := fill(t, m, randomEvents(r, 400))
	asOf := from.AddDate(0, 0, 30)
	accounts := make([]adoption.Account, 20)
	for i := range accounts {
		accounts[i] = randomAccount(r, asOf)
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			i := 0
			for item, err := range m.AssessAll(u, each(accounts), asOf) {
				if err != nil || item.Err != nil {
					t.Error(err, item.Err)
					return
				}
				want, err := m.Assess(u, accounts[i], asOf)
				if err != nil {
					t.Error(err)
				}
				if d := gocmp.Diff(want, *item.Adoption); d != "" || item.Account != accounts[i].ID {
					t.Errorf("%s: (-want +got)\n%s", item.Account, d)
				}
				i++
			}
			if i != len(accounts) {
				t.Errorf("%d items of %d accounts", i, len(accounts))
			}
		})
	}
	readers.Wait()
}

func each(accounts []adoption.Account) iter.Seq2[adoption.Account, error] {
	return func(yield func(adoption.Account, error) bool) {
		for _, a := range accounts {
			if !yield(a, nil) {
				return
			}
		}
	}
}
