package engagement_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// lines writes findings as "class pointer: message".
func lines(findings []engagement.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %s: %s", f.Class, f.Pointer, f.Message))
	}
	return list
}

// named finds the touch that a pointer leads to.
func named(t *testing.T, m *engagement.Model, pointer string) engagement.TouchPlan {
	t.Helper()
	programs, program, touch := m.Programs(), 0, 0
	if len(programs) > 1 {
		if _, err := fmt.Sscanf(pointer, "/%d/touches/%d", &program, &touch); err != nil {
			t.Fatalf("pointer %q: %v", pointer, err)
		}
	} else if _, err := fmt.Sscanf(pointer, "/touches/%d", &touch); err != nil {
		t.Fatalf("pointer %q: %v", pointer, err)
	}
	return programs[program].Touches[touch]
}

// confirm asks Due for the witness of a finding.
func confirm(t *testing.T, m *engagement.Model, f engagement.Finding) {
	t.Helper()
	if f.Class == engagement.Undecided {
		return
	}
	if f.Witness == nil {
		t.Fatalf("%s %s has no witness", f.Class, f.Pointer)
	}
	a, err := m.Due(*f.Witness, f.AsOf)
	if err != nil {
		t.Fatalf("%s %s: %v", f.Class, f.Pointer, err)
	}
	tasks := func(list []engagement.Task, name string) (found []engagement.Task) {
		for _, task := range list {
			if task.Touch == name {
				found = append(found, task)
			}
		}
		return found
	}
	ok := false
	switch f.Class {
	case engagement.Never:
		p := named(t, m, f.Pointer)
		held := tasks(a.Suppressed, p.Name)
		ok = len(tasks(a.Due, p.Name)) == 0
		if strings.HasSuffix(f.Pointer, "/when") {
			ok = ok && len(held) == 1 && (held[0].Why == engagement.WhenFalse || held[0].Why == engagement.WhenUnknown)
		} else {
			ok = ok && len(held) == 0
		}
	case engagement.Blocked:
		held := tasks(a.Suppressed, named(t, m, f.Pointer).Name)
		ok = len(held) == 1 && held[0].Why == engagement.HeldByStep && strings.Contains(f.Message, fmt.Sprintf("waits for %q", held[0].Ref))
	case engagement.Closed:
		held := tasks(a.Suppressed, named(t, m, f.Pointer).Name)
		ok = len(held) > 0 && held[0].Until.IsZero() && strings.HasSuffix(f.Message, string(held[0].Channel))
	case engagement.Unreached:
		p := named(t, m, f.Pointer)
		var level int
		_, at, _ := strings.Cut(f.Pointer, "/escalate/")
		if _, err := fmt.Sscan(at, &level); err != nil {
			t.Fatal(err)
		}
		tries := 1
		for _, e := range p.Escalate[:level+1] {
			tries += e.After
		}
		ok = !slices.ContainsFunc(slices.Concat(tasks(a.Due, p.Name), tasks(a.Suppressed, p.Name)), func(task engagement.Task) bool { return task.Try >= tries })
	case engagement.OverBudget:
		ok = slices.ContainsFunc(a.Suppressed, func(task engagement.Task) bool {
			return task.Why == engagement.HeldByBudget || task.Why == engagement.HeldByAsk
		})
	case engagement.Late:
		due := tasks(a.Due, named(t, m, f.Pointer).Name)
		ok = len(due) > 0 && due[0].Overdue && !due[0].Due.Add(time.Duration(named(t, m, f.Pointer).Within)).After(f.AsOf)
	case engagement.Untouched:
		ok = len(a.Due)+len(a.Suppressed) == 0 && a.Next == nil
	}
	if !ok {
		t.Errorf("%s %s: %s: the witness %+v as of %v has the agenda %s", f.Class, f.Pointer, f.Message, *f.Witness, f.AsOf, text(a))
	}
}
