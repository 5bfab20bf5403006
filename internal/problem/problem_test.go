package problem_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/google/go-cmp/cmp"
)

func TestPointer(t *testing.T) {
	for want, got := range map[string]string{
		"":                 problem.Pointer(),
		"/groups/0/weight": problem.Pointer("groups", 0, "weight"),
		"/":                problem.Pointer(""),
		"/a~1b/m~0n/~01":   problem.Pointer("a/b", "m~n", "~1"), // RFC 6901, section 3: "~" first
		"/7":               problem.Pointer(int64(7)),
		"/a/b/1":           problem.Join("/a", "b", 1),
		"/a":               problem.Join("/a"),
		"/é\" ":            problem.Pointer("é\" "),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func list(n int) problem.List {
	var l problem.List
	for i := range n {
		l.Addf(problem.Pointer("groups", i), "must be at least %d", i)
	}
	return l
}

func message(l problem.List) string {
	return problem.Message("health: invalid scorecard", len(l), func(i int) (string, string) { return l[i].Pointer, l[i].Message })
}

func TestMessage(t *testing.T) {
	whole := list(1)
	whole.Addf("", "must have a name")
	for want, l := range map[string]problem.List{
		"health: invalid scorecard":                                                              nil,
		"health: invalid scorecard: /groups/0: must be at least 0":                               list(1),
		"health: invalid scorecard: 2 problems: /groups/0: must be at least 0; must have a name": whole,
	} {
		if got := message(l); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := message(list(20)); !strings.HasSuffix(got, "; /groups/19: must be at least 19") {
		t.Errorf("20 problems: %s", got)
	}
	got := message(list(23))
	if !strings.HasPrefix(got, "health: invalid scorecard: 23 problems: /groups/0: ") ||
		!strings.HasSuffix(got, "; /groups/19: must be at least 19; and 3 more") {
		t.Errorf("23 problems: %s", got)
	}
}

func TestErr(t *testing.T) {
	if err := problem.List(nil).Err("x"); err != nil {
		t.Errorf("no problems: %v", err)
	}
	err := list(2).Err("health: invalid scorecard")
	if err.Error() != message(list(2)) {
		t.Errorf("got %v", err)
	}
	got, ok := problem.Of(fmt.Errorf("wrapped: %w", err))
	if diff := cmp.Diff(list(2), got); !ok || diff != "" {
		t.Errorf("%v (-want +got):\n%s", ok, diff)
	}
	if _, ok := problem.Of(errors.New("other")); ok {
		t.Error("another error has problems")
	}
}
