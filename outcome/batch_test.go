package outcome_test

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/outcome"
)

func TestAssessAll(t *testing.T) {
	m := mustCompile(t, bare())
	good := outcome.Input{Account: "acme", Plan: mustPropose(t, m, aim("a", outcome.Target{Measure: "m", Goal: 1}))}
	bad := good
	bad.Account = "other"
	disk := errors.New("disk")
	inputs := func(yield func(outcome.Input, error) bool) {
		_ = yield(good, nil) && yield(bad, nil) && yield(good, nil) && yield(outcome.Input{}, disk) && yield(good, nil)
	}
	for range 2 { // as often as the inputs may
		var got []string
		for item, err := range m.AssessAll(inputs, on(2, 1)) {
			switch {
			case err != nil:
				if !errors.Is(err, disk) || !strings.HasPrefix(err.Error(), "outcome: assess accounts: ") {
					t.Errorf("got %v, want the error of the inputs", err)
				}
				got = append(got, "end")
			case item.Err != nil:
				got = append(got, item.Account+" failed")
				if item.Assessment != nil {
					t.Error("a failure has an assessment")
				}
			default:
				got = append(got, item.Assessment.Account)
			}
		}
		if want := "acme,other failed,acme,end"; join(got) != want {
			t.Errorf("got %s, want %s", join(got), want)
		}
	}
	next, stop := iter.Pull2(m.AssessAll(inputs, on(2, 1)))
	defer stop()
	if item, _, ok := next(); !ok || item.Account != "acme" {
		t.Errorf("first item %+v", item)
	}
}
