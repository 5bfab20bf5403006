package health_test

import (
	"fmt"
	"maps"
	"slices"
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

// TestErrorsStayShort: whatever an account's ID is, an error quotes at most 256 runes of it.
func TestErrorsStayShort(t *testing.T) {
	model, memory := mustCompile(t, renewals()), new(health.Memory)
	monitor, err := health.NewMonitor(model, memory, memory, health.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const size = 1 << 20
	for _, char := range []string{"a", "é", "\x00", "\xff", "\U0010ffff"} {
		id := strings.Repeat(char, size)
		in := health.Input{Account: id}
		e := health.Evaluation{Model: model, Input: in, AsOf: july}
		one := func(yield func(string, error) bool) { yield(id, nil) }
		errs := map[string]error{
			"DataError":          &health.DataError{Account: id, Message: "is odd"},
			"DataError, a field": &health.DataError{Account: id, Field: "start", Message: "is odd"},
			"RefusedError":       &health.RefusedError{Account: id, Rule: "r", Message: "m", Needs: "n"},
			"Put":                memory.Put(id, july, july, nil),
			"Put of a measure":   memory.Put("acme", july, july, map[string]health.Reading{id: {}}),
			"Append":             memory.Append(t.Context(), "acme", 0, health.Record{Version: 1, Score: health.Score{Account: id}}),
		}
		_, errs["Score"] = model.Score(in, july)
		_, errs["Ask"] = model.Ask(in, july)
		_, errs["Levers"] = model.Levers(in, july, "green")
		_, errs["Explain"] = health.Explain(e, e)
		_, errs["Check"] = monitor.Check(t.Context(), id, july)
		_, errs["Act"] = monitor.Act(t.Context(), id, health.Act{At: july})
		_, errs["Rollup"] = health.Rollup([]health.Child{{Account: id}}, health.How{Method: health.RollMean})
		_, errs["Rollup below it"] = health.Rollup([]health.Child{{Account: "acme", Parent: id}}, health.How{Method: health.RollMean})
		_, errs["Rollup of a currency"] = health.Rollup([]health.Child{{Account: "acme", Currency: id}}, health.How{Method: health.RollMoney})
		for item := range model.ScoreAll(func(yield func(health.Input, error) bool) { yield(in, nil) }, july) {
			errs["ScoreAll"] = item.Err
		}
		for item := range monitor.CheckAll(t.Context(), one, july) {
			errs["CheckAll"] = item.Err
		}
		quoted := strings.Trim(fmt.Sprintf("%.256q", id), `"`)
		for _, name := range slices.Sorted(maps.Keys(errs)) {
			if errs[name] == nil {
				t.Errorf("%s of %q…: no error", name, char)
				continue
			}
			text := errs[name].Error()
			if len(text) > len(quoted)+200 || strings.Count(text, quoted) > 1 {
				t.Errorf("%s of %q…: %d bytes: %.300s", name, char, len(text), text)
			}
			if strings.HasPrefix(name, "DataError") && !strings.HasPrefix(text, `health: account "`+quoted+`": `) {
				t.Errorf("%s of %q…: %.300s", name, char, text)
			}
		}
	}
}
