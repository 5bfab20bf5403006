package engagement_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

// step is an event of promise p on a day.
func step(kind engagement.PromiseStep, d float64) engagement.PromiseEvent {
	return engagement.PromiseEvent{Format: 1, ID: fmt.Sprint(kind, " on ", d), Promise: "p", Kind: kind, At: day(d)}
}

func until(e engagement.PromiseEvent, d float64) engagement.PromiseEvent {
	e.Due = day(d)
	return e
}

func TestPromises(t *testing.T) {
	promised := until(step(engagement.Promised, 0), 10) // and with a grace of 3 days
	promised.What, promised.Person, promised.Team = "refund", "pat", "support"
	handed := step(engagement.Handed, 4)
	handed.Team = "finance"
	kept, released := step(engagement.Kept, 9), step(engagement.Released, 9)
	late, broken := step(engagement.Kept, 12), step(engagement.Kept, 20)
	const us = 1.0 / 24 / 3600 / 1e6
	for _, c := range []struct {
		name   string
		events []engagement.PromiseEvent
		asOf   float64
		want   string // state, team, days after due, day on which it broke
	}{
		{"open", nil, 5, "open support 0"},
		{"due", nil, 10, "open support 0"},
		{"a microsecond later", nil, 10 + 2*us, "overdue support 0"},
		{"overdue", nil, 12, "overdue support 2"},
		{"at the end of its grace", nil, 13, "overdue support 3"},
		{"broken", nil, 14, "broken support 4 broken on 13"},
		{"kept", []engagement.PromiseEvent{kept}, 50, "kept support 0"},
		{"not kept yet", []engagement.PromiseEvent{kept}, 8, "open support 0"},
		{"kept late", []engagement.PromiseEvent{late}, 50, "kept support 2"},
		{"kept when it was broken", []engagement.PromiseEvent{broken}, 50, "kept support 10 broken on 13"},
		{"released", []engagement.PromiseEvent{released}, 50, "released support 0"},
		{"across teams", []engagement.PromiseEvent{handed, step(engagement.Chased, 5), step(engagement.Chased, 6)}, 7, "open finance 0 handed 1 chased 2"},
		{"moved", []engagement.PromiseEvent{until(step(engagement.Moved, 9), 20)}, 15, "open support 0 moved 1"},
		{"moved in the grace", []engagement.PromiseEvent{until(step(engagement.Moved, 13), 20)}, 15, "open support 0 moved 1"},
		{"moved when it was broken", []engagement.PromiseEvent{until(step(engagement.Moved, 13.5), 20)}, 15, "broken support 5 broken on 13"},
		{"chased after its end", []engagement.PromiseEvent{kept, step(engagement.Chased, 10)}, 15, "kept support 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := engagement.Promises("acme", append(c.events, promised), 3*oneDay, day(c.asOf))
			if err != nil || len(list) != 1 {
				t.Fatalf("%v: got %+v", err, list)
			}
			p := list[0]
			got := fmt.Sprintf("%s %s %v", p.State, p.Team, int(time.Duration(p.Overdue).Hours()/24))
			if !p.Broken.IsZero() {
				got += fmt.Sprintf(" broken on %v", dayOf(p.Broken))
			}
			for _, n := range []struct {
				name string
				n    int
			}{{"handed", p.Handed}, {"moved", p.Moved}, {"chased", p.Chased}} {
				if n.n > 0 {
					got += fmt.Sprintf(" %s %d", n.name, n.n)
				}
			}
			if got != c.want || p.What != "refund" || p.Person != "pat" || !p.Since.Equal(day(0)) {
				t.Errorf("got %q, want %q: %+v", got, c.want, p)
			}
		})
	}
}

func TestTally(t *testing.T) {
	var events []engagement.PromiseEvent
	add := func(id string, list ...engagement.PromiseEvent) {
		for _, e := range list {
			e.Promise, e.ID = id, id+e.ID
			events = append(events, e)
		}
	}
	add("broken long ago", until(step(engagement.Promised, 0), 1))
	add("broken", until(step(engagement.Promised, 0), 60))
	add("broken and kept", until(step(engagement.Promised, 0), 70), step(engagement.Kept, 80))
	add("kept", until(step(engagement.Promised, 0), 90), step(engagement.Kept, 80))
	add("kept long ago", until(step(engagement.Promised, 0), 9), step(engagement.Kept, 8))
	add("overdue", until(step(engagement.Promised, 0), 99), step(engagement.Chased, 80), step(engagement.Chased, 81))
	add("open", until(step(engagement.Promised, 0), 190), step(engagement.Chased, 85))
	add("released", until(step(engagement.Promised, 0), 190), step(engagement.Released, 85))
	list, err := engagement.Promises("acme", events, 3*oneDay, day(100))
	if err != nil {
		t.Fatal(err)
	}
	want := engagement.PromiseTally{Open: 4, Overdue: 3, Broken: 2, Kept: 1, Chased: 3}
	if got := engagement.Tally(list, 50*oneDay, day(100)); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := engagement.Tally(nil, 50*oneDay, day(100)); got != (engagement.PromiseTally{}) {
		t.Errorf("of nothing: %+v", got)
	}
	var order []string
	for _, p := range list {
		order = append(order, p.ID)
	}
	if diff := cmp.Diff([]string{"broken long ago", "kept long ago", "broken", "broken and kept", "kept", "overdue", "open", "released"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		again, err := engagement.Promises("acme", permuted(r, slices.Concat(events, events)), 3*oneDay, day(100))
		if diff := cmp.Diff(list, again); err != nil || diff != "" {
			t.Fatalf("%v: in another order (-want +got):\n%s", err, diff)
		}
	}
	for _, e := range events {
		data, err := json.Marshal(e)
		var again engagement.PromiseEvent
		if err != nil || json.Unmarshal(data, &again) != nil || again != e {
			t.Errorf("%v: %s reads back as %+v", err, data, again)
		}
	}
	data, err := json.Marshal(list)
	var read []engagement.Promise
	if err != nil || json.Unmarshal(data, &read) != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list, read); diff != "" {
		t.Errorf("reads back (-want +got):\n%s", diff)
	}
}

func TestPromisesRefuse(t *testing.T) {
	good := until(step(engagement.Promised, 0), 10)
	with := func(change func(*engagement.PromiseEvent)) []engagement.PromiseEvent {
		e := good
		change(&e)
		return []engagement.PromiseEvent{e}
	}
	other := good
	other.Note = "x"
	again := until(step(engagement.Promised, 1), 10)
	for _, c := range []struct {
		account string
		events  []engagement.PromiseEvent
		grace   engagement.Duration
		asOf    time.Time
		want    string
	}{
		{"", nil, 0, day(0), `account "": account: is empty`},
		{"a", nil, 0, time.Time{}, `account "a": as of: is zero`},
		{"a", nil, -1, day(0), `account "a": grace: must not be negative`},
		{"a", nil, 1, day(0), `account "a": grace: duration 1ns is not a whole number of microseconds`},
		{"a", with(func(e *engagement.PromiseEvent) { e.ID = "" }), 0, day(0), `account "a": ID or promise of event "": is empty`},
		{"a", with(func(e *engagement.PromiseEvent) { e.Promise = "" }), 0, day(0), `account "a": ID or promise of event "promised on 0": is empty`},
		{"a", with(func(e *engagement.PromiseEvent) { e.At = time.Time{} }), 0, day(0), `account "a": time of event "promised on 0": is zero`},
		{"a", with(func(e *engagement.PromiseEvent) { e.Due = time.Time{} }), 0, day(0), `account "a": due of event "promised on 0": is zero`},
		{"a", with(func(e *engagement.PromiseEvent) { e.Kind = "keept" }), 0, day(0), `account "a": kind of event "promised on 0": is "keept", which is not known`},
		{"a", with(func(e *engagement.PromiseEvent) { e.Note = strings.Repeat("x", 1025) }), 0, day(0), `account "a": a text of event "promised on 0": has 1025 bytes, over 1024`},
		{"a", []engagement.PromiseEvent{good, other}, 0, day(0), `account "a": event "promised on 0": is there twice, and not the same`},
		{"a", []engagement.PromiseEvent{good, again}, 0, day(5), `account "a": promise "p": is promised twice`},
		{"a", []engagement.PromiseEvent{step(engagement.Chased, 0)}, 0, day(5), `account "a": promise "p": is chased before it is promised`},
	} {
		_, err := engagement.Promises(c.account, c.events, c.grace, c.asOf)
		var data *engagement.DataError
		if !errors.As(err, &data) || err.Error() != "engagement: "+c.want {
			t.Errorf("got error %v, want %s", err, c.want)
		}
	}
	newer := with(func(e *engagement.PromiseEvent) { e.Format, e.Kind = 2, "forgiven" })
	if _, err := engagement.Promises("a", newer, 0, day(0)); !errors.Is(err, engagement.ErrFormat) {
		t.Errorf("format 2: got error %v, want ErrFormat", err)
	}
}
