package mining_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// TestInput has logs that come out of real systems. What is made of them is paths, an asterisk where the journey ended, and
// then what failed.
func TestInput(t *testing.T) {
	at := func(account, activity string, minutes int) mining.Event {
		return mining.Event{Account: account, Activity: activity, At: begin.Add(time.Duration(minutes) * time.Minute)}
	}
	abroad := func(e mining.Event) mining.Event {
		e.At = e.At.In(time.FixedZone("", -7*3600))
		return e
	}
	quiet := mining.Options{Ending: mining.Ending{Quiet: journey.Duration(time.Hour), AsOf: begin.Add(24 * time.Hour)}}
	for _, c := range []struct {
		name    string
		options mining.Options
		log     []mining.Event
		want    string
	}{
		{"an empty log", quiet, nil, ""},
		{"one account", quiet, []mining.Event{at("1", "a", 0)}, "a*"},
		{"only an open visit", mining.Options{}, []mining.Event{at("1", "a", 0)}, "a"},
		{"all open", mining.Options{}, []mining.Event{at("1", "a", 0), at("2", "b", 0)}, "a b"},
		{"two events at one instant", quiet, []mining.Event{at("1", "b", 0), at("1", "a", 0)}, "ba*"},
		{"twice", quiet, []mining.Event{at("1", "a", 0), at("1", "a", 0), at("1", "b", 1)}, "aab*"},
		{"twice, once", mining.Options{Once: true}, []mining.Event{at("1", "a", 0), at("1", "a", 0), at("1", "b", 1)}, "ab"},
		{"mixed offsets", quiet, []mining.Event{abroad(at("1", "a", 0)), at("1", "b", 1), abroad(at("1", "c", 2))}, "abc*"},
		{"by a clock an hour behind", quiet, []mining.Event{at("1", "a", 0), at("1", "b", 30-60), at("2", "a", 0)},
			`a* mining: account "1": event 1: 2025-12-31T23:30:00Z is before the event before it, 2026-01-01T00:00:00Z`},
		{"after the instant of the ending", quiet, []mining.Event{at("1", "a", 0), at("1", "b", 25*60)}, "ab"},
		{"after an activity that ends", mining.Options{Ending: mining.Ending{Activities: []string{"z"}}},
			[]mining.Event{at("1", "a", 0), at("1", "z", 1), at("1", "b", 2)}, "azb"},
		{"before there are years", quiet, []mining.Event{{Account: "1", Activity: "a", At: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)}},
			`mining: account "1": event 0: instant year 0 is outside 1 to 9999`},
		{"a cycle", quiet, []mining.Event{at("1", "a", 0), at("1", "b", 1), at("1", "a", 2), at("1", "b", 3)}, "abab*"},
	} {
		g := newGraph(t, c.options)
		failed, err := g.AddAll(sequence(c.log...))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []string
		for _, v := range g.Variants() {
			got = append(got, text(v.Path)+strings.Repeat("*", int(v.Ended)))
		}
		for _, bad := range failed {
			got = append(got, bad.Error())
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestUnknownPhases: activities of a map that has changed since belong nowhere, which is said, and costs what they cost.
func TestUnknownPhases(t *testing.T) {
	g := graphOf(t, of("1", "aoc"), of("2", "abc"))
	c, err := aligner(t, mapOf(t, "abc", "ab", "bc"), mining.AlignOptions{}).Conform(g)
	if err != nil || c.Fitting != 1 || c.Cost != 2 || fmt.Sprint(c.Unknown) != "[o]" {
		t.Errorf("%+v, %v", c, err)
	}
}
