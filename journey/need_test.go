package journey_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

// oneNeed is a map whose only move waits for one need.
func oneNeed(n journey.Need) journey.Map {
	return journey.Map{
		Format: 1, Name: "one need",
		Phases: []journey.Phase{{Name: "a"}, {Name: "b"}},
		Moves:  []journey.Move{{Name: "on", From: "a", To: "b", Kind: journey.Advance, Needs: []journey.Need{n}}},
	}
}

func active(held, stale journey.Duration) journey.Need {
	return journey.Need{Signal: "active", When: journey.GreaterEqual, Value: 0.5, For: held, Stale: stale}
}

// An observation is what a check on a day finds; nothing is a missing signal.
type observation struct {
	asOf    time.Time
	signal  *journey.Signal
	events  []string // kind and time of what is to be appended
	missing *journey.NeedState
}

func value(v float64) *journey.Signal { return &journey.Signal{Value: v} }

func valueAt(v float64, at time.Time) *journey.Signal { return &journey.Signal{Value: v, At: at} }

func TestNeed(t *testing.T) {
	month := active(30*journey.Day, 0)
	stale := active(30*journey.Day, 2*journey.Day)
	state := func(n journey.Need, code journey.NeedCode, held int, met time.Time) *journey.NeedState {
		return &journey.NeedState{Need: n, State: code, Held: journey.Duration(held) * journey.Day, Met: met}
	}
	for _, c := range []struct {
		name string
		need journey.Need
		days []observation
	}{
		{"met at once without For", active(0, 0), []observation{
			{day(1, 2), value(0.4), nil, state(active(0, 0), journey.NeedUnmet, 0, time.Time{})},
			{day(1, 3), value(0.5), []string{"need_began 3 Jan 00:00", "moved 3 Jan 00:00"}, nil},
		}},
		{"an unknown signal begins nothing", month, []observation{
			{day(1, 2), nil, nil, state(month, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 3), &journey.Signal{Value: 1, State: journey.Failed}, nil, state(month, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 4), &journey.Signal{Value: 1, State: journey.NotApplicable}, nil, state(month, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 5), value(math.NaN()), nil, state(month, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 6), value(math.Inf(1)), nil, state(month, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 7), valueAt(1, day(1, 8)), nil, state(month, journey.NeedUnknown, 0, time.Time{})}, // from after asOf
		}},
		{"one missing night does not end thirty days", month, []observation{
			{day(1, 1), value(0.6), []string{"need_began 1 Jan 00:00"}, state(month, journey.NeedHolding, 0, day(1, 31))},
			{day(1, 15), nil, []string{"need_lost 15 Jan 00:00"}, state(month, journey.NeedUnknown, 14, time.Time{})},
			{day(1, 16), value(0.6), []string{"need_found 16 Jan 00:00"}, state(month, journey.NeedHolding, 15, day(1, 31))},
			{day(1, 30), value(0.6), nil, state(month, journey.NeedHolding, 29, day(1, 31))},
			{day(1, 31), value(0.6), []string{"moved 31 Jan 00:00"}, nil},
		}},
		{"an unknown signal satisfies nothing new", month, []observation{
			{day(1, 1), value(0.6), []string{"need_began 1 Jan 00:00"}, state(month, journey.NeedHolding, 0, day(1, 31))},
			{day(1, 30), nil, []string{"need_lost 30 Jan 00:00"}, state(month, journey.NeedUnknown, 29, time.Time{})},
			{day(2, 2), nil, nil, state(month, journey.NeedUnknown, 32, time.Time{})},
			{day(2, 3), value(0.6), []string{"need_found 3 Feb 00:00", "moved 3 Feb 00:00"}, nil},
		}},
		{"known not to satisfy", month, []observation{
			{day(1, 1), value(0.6), []string{"need_began 1 Jan 00:00"}, state(month, journey.NeedHolding, 0, day(1, 31))},
			{day(1, 10), nil, []string{"need_lost 10 Jan 00:00"}, state(month, journey.NeedUnknown, 9, time.Time{})},
			{day(1, 12), valueAt(0.4, day(1, 11)), []string{"need_ceased 11 Jan 00:00"}, state(month, journey.NeedUnmet, 0, time.Time{})},
			{day(1, 13), value(0.6), []string{"need_began 13 Jan 00:00"}, state(month, journey.NeedHolding, 0, day(2, 12))},
		}},
		{"unknown for Stale", stale, []observation{
			{day(1, 1), value(0.6), []string{"need_began 1 Jan 00:00"}, state(stale, journey.NeedHolding, 0, day(1, 31))},
			{day(1, 10), nil, []string{"need_lost 10 Jan 00:00"}, state(stale, journey.NeedUnknown, 9, time.Time{})},
			{day(1, 12).Add(-time.Microsecond), value(0.6), []string{"need_found 11 Jan 23:59"},
				&journey.NeedState{Need: stale, State: journey.NeedHolding, Held: 11*journey.Day - 1000, Met: day(1, 31)}},
			{day(1, 13), nil, []string{"need_lost 13 Jan 00:00"}, state(stale, journey.NeedUnknown, 12, time.Time{})},
			{day(1, 16), nil, []string{"need_ceased 15 Jan 00:00"}, state(stale, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 17), value(0.6), []string{"need_began 17 Jan 00:00"}, state(stale, journey.NeedHolding, 0, day(2, 16))},
		}},
		{"unknown for Stale while nobody checked", stale, []observation{
			{day(1, 1), value(0.6), []string{"need_began 1 Jan 00:00"}, state(stale, journey.NeedHolding, 0, day(1, 31))},
			{day(1, 10), nil, []string{"need_lost 10 Jan 00:00"}, state(stale, journey.NeedUnknown, 9, time.Time{})},
			{day(1, 20), value(0.6), []string{"need_ceased 12 Jan 00:00", "need_began 20 Jan 00:00"},
				state(stale, journey.NeedHolding, 0, day(2, 19))},
		}},
		{"an old observation breaks a silence", stale, []observation{
			{day(1, 5), valueAt(0.6, day(1, 1)), []string{"need_began 1 Jan 00:00"}, state(stale, journey.NeedHolding, 4, day(1, 31))},
			{day(1, 10), nil, []string{"need_lost 10 Jan 00:00"}, state(stale, journey.NeedUnknown, 9, time.Time{})},
			{day(1, 11), valueAt(0.6, day(1, 1)), []string{"need_found 10 Jan 00:00"}, state(stale, journey.NeedHolding, 10, day(1, 31))},
			{day(1, 12), nil, []string{"need_lost 12 Jan 00:00"}, state(stale, journey.NeedUnknown, 11, time.Time{})},
			{day(1, 14), nil, []string{"need_ceased 14 Jan 00:00"}, state(stale, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 20), valueAt(0.6, day(1, 1)), []string{"need_began 20 Jan 00:00"}, state(stale, journey.NeedHolding, 0, day(2, 19))},
			{day(1, 21), valueAt(0.6, day(1, 1)), nil, state(stale, journey.NeedHolding, 1, day(2, 19))},
		}},
		{"a silence that ends in a refusal is no silence", stale, []observation{
			{day(1, 1), value(0.6), []string{"need_began 1 Jan 00:00"}, state(stale, journey.NeedHolding, 0, day(1, 31))},
			{day(1, 10), nil, []string{"need_lost 10 Jan 00:00"}, state(stale, journey.NeedUnknown, 9, time.Time{})},
			{day(1, 14), nil, []string{"need_ceased 12 Jan 00:00"}, state(stale, journey.NeedUnknown, 0, time.Time{})},
			{day(1, 15), value(0.4), []string{"need_ceased 15 Jan 00:00"}, state(stale, journey.NeedUnmet, 0, time.Time{})},
			{day(1, 16), valueAt(0.6, day(1, 11)), nil, state(stale, journey.NeedUnmet, 0, time.Time{})},
		}},
		{"what was observed before the clock's state is late", month, []observation{
			{day(1, 10), value(0.6), []string{"need_began 10 Jan 00:00"}, state(month, journey.NeedHolding, 0, day(2, 9))},
			{day(1, 11), valueAt(0.4, day(1, 9)), nil, state(month, journey.NeedHolding, 1, day(2, 9))},
			{day(1, 12), value(0.4), []string{"need_ceased 12 Jan 00:00"}, state(month, journey.NeedUnmet, 0, time.Time{})},
			{day(1, 13), valueAt(0.6, day(1, 11)), nil, state(month, journey.NeedUnmet, 0, time.Time{})},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, oneNeed(c.need), day(1, 1))
			for _, o := range c.days {
				signals := journey.SignalMap{}
				if o.signal != nil {
					signals["active"] = *o.signal
				}
				d := p.decide(o.asOf, signals)
				if diff := cmp.Diff(o.events, edges(d.Events)); diff != "" {
					t.Errorf("%v: events (-want +got):\n%s", o.asOf, diff)
				}
				var want, got []journey.NeedState
				if o.missing != nil {
					want = append(want, *o.missing)
				}
				if len(d.Missing) > 0 {
					got = d.Missing[0].Needs
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%v: missing needs (-want +got):\n%s", o.asOf, diff)
				}
			}
		})
	}
}

func TestComparisons(t *testing.T) {
	for _, c := range []struct {
		when             journey.Comparison
		below, at, above bool
	}{
		{journey.Less, true, false, false},
		{journey.LessEqual, true, true, false},
		{journey.Equal, false, true, false},
		{journey.NotEqual, true, false, true},
		{journey.GreaterEqual, false, true, true},
		{journey.Greater, false, false, true},
	} {
		for value, want := range map[float64]bool{
			math.Nextafter(0.1, 0): c.below, 0.1: c.at, math.Nextafter(0.1, 1): c.above,
		} {
			p := start(t, oneNeed(journey.Need{Signal: "x", When: c.when, Value: 0.1}), day(1, 1))
			d := p.decide(day(1, 2), journey.SignalMap{"x": {Value: value}})
			if moved := d.Phase == "b"; moved != want {
				t.Errorf("%v %s 0.1: moved is %t, want %t", value, c.when, moved, want)
			}
		}
	}
}

// Signals are read once each, in the order of the map, and kept as they were.
func TestObserved(t *testing.T) {
	m := oneNeed(active(0, 0))
	m.Phases[0].Milestones = []journey.Milestone{{Name: "m", Needs: []journey.Need{
		{Signal: "z", When: journey.Less, Value: 3}, {Signal: "a", When: journey.Less, Value: 3},
		{Signal: "z", When: journey.Greater, Value: 1},
	}}}
	m.Phases[1].Milestones = []journey.Milestone{{Name: "n", Needs: []journey.Need{{Signal: "later", When: journey.Less, Value: 3}}}}
	p := start(t, m, day(1, 1))
	d := p.decide(day(1, 2), journey.SignalMap{
		"z": {Value: 2, At: day(1, 1)}, "a": {Value: math.NaN()}, "active": {State: journey.Failed, Value: 3, Why: "timeout \xff"},
		"later": {Value: 1, At: day(1, 3)}, "not in the map": {Value: 1},
	})
	want := []journey.Observed{
		{Name: "z", Known: true, Signal: journey.Signal{Value: 2, At: day(1, 1)}},
		{Name: "a", Signal: journey.Signal{State: journey.Failed, Why: "is NaN"}},
		{Name: "later"},
		{Name: "active", Signal: journey.Signal{State: journey.Failed, Why: "timeout \uFFFD"}},
	}
	if diff := cmp.Diff(want, d.Signals); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}
