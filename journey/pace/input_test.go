package pace_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// TestInput has logs that come out of real systems. Stays are phase:from-to in days, with an asterisk where they ended.
func TestInput(t *testing.T) {
	abroad := func(e journey.Event) journey.Event {
		e.Happened = e.Happened.In(time.FixedZone("", 9*3600))
		return e
	}
	for _, c := range []struct {
		name   string
		events []journey.Event
		want   string
	}{
		{"an empty log", nil, ""},
		{"only an open visit", []journey.Event{on(0, journey.Started, "x", ""), on(4, journey.EvidenceGiven, "", "")}, "x:0-4"},
		{"two events at one instant", []journey.Event{on(0, journey.Started, "x", ""), on(0, journey.Moved, "y", journey.Advance),
			on(3, journey.JourneyEnded, "", "")}, "x:0-0* y:0-3*"},
		{"mixed offsets", []journey.Event{abroad(on(0, journey.Started, "x", "")), on(2, journey.Moved, "y", journey.Advance),
			abroad(on(3, journey.Moved, "z", journey.Advance))}, "x:0-2* y:2-3* z:3-3"},
		{"after the end", []journey.Event{on(0, journey.Started, "x", ""), on(2, journey.JourneyEnded, "", ""), on(5, journey.EvidenceGiven, "", "")}, "x:0-2*"},
		{"a cycle", []journey.Event{on(0, journey.Started, "x", ""), on(1, journey.Moved, "y", journey.Advance), on(2, journey.Moved, "x", journey.Regress),
			on(3, journey.Moved, "y", journey.Advance)}, "x:0-1* y:1-2* x:2-3* y:3-3"},
		{"a phase that the changed map does not have", []journey.Event{on(0, journey.Started, "x", ""), on(2, journey.MapChanged, "new", ""),
			on(5, journey.Moved, "z", journey.Advance)}, "x:0-2 new:2-5* z:5-5"},
		{"evidence that happened before the start", []journey.Event{on(3, journey.Started, "x", ""), on(1, journey.EvidenceGiven, "", ""),
			on(5, journey.Moved, "z", journey.Advance)}, "x:3-5* z:5-5"},
	} {
		stays, err := pace.Stays(logged(c.events...), pace.Watch{}, after(100), time.Time{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []string
		for _, s := range stays {
			from := s.From
			if from.IsZero() {
				from = s.Watched
			}
			text := fmt.Sprintf("%s:%.0f-%.0f", s.Phase, from.Sub(start).Hours()/24, s.To.Sub(start).Hours()/24)
			if s.Ended {
				text += "*"
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestLongLog reads a million events of one account, which goes round a thousand phases.
func TestLongLog(t *testing.T) {
	const million, phases = 1_000_000, 1000
	events := func(yield func(journey.Event, error) bool) {
		for i := range million {
			e := journey.Event{Account: "a", Kind: journey.Moved, Move: journey.Advance, Phase: fmt.Sprint(i % phases), Happened: start.Add(time.Duration(i) * time.Second)}
			if i == 0 {
				e.Kind = journey.Started
			}
			if !yield(e, nil) {
				return
			}
		}
	}
	stays, err := pace.Stays(events, pace.Watch{}, after(100), time.Time{})
	if err != nil || len(stays) != million {
		t.Fatalf("%d stays, %v", len(stays), err)
	}
	s, ok := pace.Between(stays, "0", "999")
	if days, known := s.Days(); !ok || !s.Ended || !known || days != 999.0/86400 {
		t.Errorf("%+v, %v", s, ok)
	}
}

// TestFewStays: nothing at all, one account, and accounts none of which has ended.
func TestFewStays(t *testing.T) {
	one, open := stay(5, journey.Advance), stay(9, "open")
	for _, c := range []struct {
		name  string
		stays []pace.Stay
		want  string
	}{
		{"none", nil, `{"n":0,"ended":0,"unknown":0,"start":0,"median":null,"low":null,"high":null}`},
		{"one account", []pace.Stay{one}, `{"n":1,"ended":1,"unknown":0,"start":0,"median":5,"low":null,"high":null}`},
		{"all censored", slices.Repeat([]pace.Stay{open}, 30), `{"n":30,"ended":0,"unknown":0,"start":0,"median":null,"low":null,"high":null}`},
	} {
		d, err := pace.Estimate(c.stays)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.MarshalJSON()
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v, want %s", c.name, got, err, c.want)
		}
	}
	// Of thirty that were watched for nine days, none ended: the chance to last that long is not sure for that.
	share, ok := curve(t, pace.Options{}, slices.Repeat([]pace.Stay{open}, 30)...).Lasting(9)
	if !ok || share.Value != 1 || share.High != 1 || share.Low > 0.9 {
		t.Errorf("%+v, %v", share, ok)
	}
}
