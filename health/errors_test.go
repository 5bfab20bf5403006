package health_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
)

func TestErrorMessages(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&health.InvalidError{Problems: []health.Problem{{Pointer: "/name", Message: "is empty"}}}, "health: invalid scorecard: /name: is empty"},
		{
			&health.InvalidError{Problems: []health.Problem{{Pointer: "/name", Message: "is empty"}, {Message: "is odd"}}},
			"health: invalid scorecard: 2 problems: /name: is empty; is odd",
		},
		{&health.DataError{Account: "acme", Field: "start", Message: "is after the as-of time"}, `health: account "acme": start: is after the as-of time`},
		{&health.DataError{Field: "account", Message: "is empty"}, `health: account "": account: is empty`},
		{&health.DataError{Account: "acme", Message: "is not known to the source"}, `health: account "acme": is not known to the source`},
		{
			&health.RefusedError{Account: "acme", Rule: "in_order", Message: "too late", Needs: "an instant after"},
			`health: account "acme": refused by in_order: too late; needs an instant after`,
		},
	} {
		if diff := cmp.Diff(c.want, c.err.Error()); diff != "" {
			t.Errorf("%T (-want +got):\n%s", c.err, diff)
		}
	}
}

// TestManyWrongLimits: suggestions end where they would take too long, problems do not; long names are cut.
func TestManyWrongLimits(t *testing.T) {
	card := wide(1000)
	for i := range 300 {
		card.Limits = append(card.Limits, health.Limit{
			Measure: fmt.Sprint("m", i, "x"), When: health.Less, Kind: health.Cap, Reason: "because",
		})
	}
	card.Limits[299].Measure = strings.Repeat("é", 100)
	got := problems(t, card)
	if len(got) != 300 || !strings.Contains(got[0].Message, "did you mean") || strings.Contains(got[298].Message, "did you mean") || len(got[299].Message) > 120 {
		t.Errorf("%d problems, from %v to %v", len(got), got[0], got[len(got)-1])
	}
}
