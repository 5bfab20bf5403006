package acceleration_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// course makes sixty accounts that got there one by one, every other with a step before the landmark.
func course() []acceleration.Account {
	var out []acceleration.Account
	for i := range 60 {
		a := acceleration.Account{ID: fmt.Sprint(i), From: start, To: after(40 + float64(i)), End: acceleration.Reached}
		if i%2 == 0 {
			a.Done = []acceleration.Done{{Step: "planted", At: after(9)}}
		}
		out = append(out, a)
	}
	return out
}

// TestInput: what a real log has besides changes nothing that it should not.
func TestInput(t *testing.T) {
	p := plan([]acceleration.Step{{Name: "planted"}})
	p.Control, p.Permutations = "", 99
	report := func(accounts []acceleration.Account) string {
		b, err := json.Marshal(analyze(t, accounts, p))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	want := report(course())
	zone := time.FixedZone("", 11*3600)
	for name, change := range map[string]func(a *acceleration.Account){
		"twice": func(a *acceleration.Account) { a.Done = append(a.Done, a.Done...) },
		"a million times": func(a *acceleration.Account) {
			if a.ID == "0" {
				a.Done = slices.Repeat(a.Done, 1_000_000)
			}
		},
		"again later":   func(a *acceleration.Account) { a.Done = append(later(a), a.Done...) },
		"unknown steps": func(a *acceleration.Account) { a.Done = append(a.Done, acceleration.Done{Step: "x", At: after(1)}) },
		"mixed offsets": func(a *acceleration.Account) { a.From, a.To = a.From.In(zone), a.To.In(zone) },
		"before its start": func(a *acceleration.Account) {
			for i := range a.Done {
				a.Done[i].At = after(-9)
			}
		},
	} {
		accounts := course()
		for i := range accounts {
			change(&accounts[i])
		}
		if diff := cmp.Diff(want, report(accounts)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	// What was done after the account's end is later, and not with the step.
	accounts := course()
	accounts[1].Done = []acceleration.Done{{Step: "planted", At: after(500)}}
	if f := finding(t, analyze(t, accounts, p), "planted"); f.Later != 1 || f.With.N != 30 {
		t.Errorf("%+v", f)
	}
}

func later(a *acceleration.Account) (out []acceleration.Done) {
	for _, d := range a.Done {
		out = append(out, acceleration.Done{Step: d.Step, At: after(35)})
	}
	return out
}

// TestTooLittle: no account, one, and many that nobody saw end are too few to tell, whatever they did.
func TestTooLittle(t *testing.T) {
	open := course()
	for i := range open {
		open[i].End, open[i].To = acceleration.Open, after(400)
	}
	for name, accounts := range map[string][]acceleration.Account{"none": nil, "one": course()[:1], "all censored": open} {
		p := plan([]acceleration.Step{{Name: "planted"}, {Name: "control"}})
		r := analyze(t, accounts, p)
		if f := finding(t, r, "planted"); f.Verdict != acceleration.TooFew || f.P != nil || len(r.Insights) > 0 || r.Control != acceleration.WeakControl {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
