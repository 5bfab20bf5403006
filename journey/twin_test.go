package journey_test

import (
	"cmp"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
)

var hour0 = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func hour(n int) time.Time { return hour0.Add(time.Duration(n) * time.Hour) }

func hours(n int) journey.Duration { return journey.Duration(n) * journey.Duration(time.Hour) }

func sequence(events []journey.Event) iter.Seq2[journey.Event, error] {
	return func(yield func(journey.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// needOf is the need of a key in the logs of this test: "s0 = 1", "s1 = 1", ….
func needOf(signal, held int) journey.Need {
	return journey.Need{Signal: fmt.Sprintf("s%d", signal), When: journey.Equal, Value: 1, For: hours(held)}
}

func keyOf(n journey.Need) string { return n.Signal + " = 1" }

// randomLog returns a log that Replay takes: moves follow each other, and all else happens at any hour.
func randomLog(r *rand.Rand) []journey.Event {
	const last = 60
	var events []journey.Event
	phase, entered, recorded := "", 0, 0
	add := func(e journey.Event, at int) {
		recorded += r.IntN(3)
		e.Format, e.Account, e.ID = 1, "acme", fmt.Sprintf("e%d", len(events))
		e.Happened, e.Recorded = hour(at), hour(recorded)
		events = append(events, e)
	}
	add(journey.Event{Kind: journey.Started, Phase: "p0"}, 10)
	phase, entered = "p0", 10
	kinds := []journey.EventKind{
		journey.NeedBegan, journey.NeedBegan, journey.NeedCeased, journey.NeedLost, journey.NeedFound,
		journey.EvidenceGiven, journey.EvidenceGiven, journey.EvidenceWithdrawn, journey.PauseBegan, journey.PauseEnded,
	}
	for range 5 + r.IntN(40) {
		if r.IntN(4) > 0 {
			e := journey.Event{Kind: kinds[r.IntN(len(kinds))]}
			switch e.Kind {
			case journey.EvidenceGiven, journey.EvidenceWithdrawn:
				e.Name, e.Role, e.By = fmt.Sprintf("m%d", r.IntN(3)), []string{"", "x", "y"}[r.IntN(3)], "ada"
			case journey.PauseBegan, journey.PauseEnded:
			default:
				e.Name = keyOf(needOf(r.IntN(3), 0))
				if e.Kind == journey.NeedCeased && r.IntN(3) == 0 {
					e.Note = "unknown"
				}
			}
			add(e, r.IntN(last))
			continue
		}
		if entered = entered + r.IntN(4); entered >= last {
			break
		}
		if r.IntN(12) == 0 && phase != journey.Ended {
			phase = journey.Ended
			add(journey.Event{Kind: journey.JourneyEnded}, entered)
			continue
		}
		e := journey.Event{Kind: journey.Moved, Name: fmt.Sprintf("m%d", r.IntN(3)), From: phase, Move: journey.Advance}
		if r.IntN(5) == 0 {
			e.Move = journey.Renew
		}
		phase = fmt.Sprintf("p%d", r.IntN(3))
		e.Phase = phase
		for range r.IntN(3) {
			g := journey.Guard{}
			if r.IntN(2) == 0 {
				g.Name, g.Role = fmt.Sprintf("m%d", r.IntN(3)), []string{"", "x"}[r.IntN(2)]
			}
			if g.Name == "" || r.IntN(2) == 0 {
				g.Needs = append(g.Needs, needOf(r.IntN(3), r.IntN(8)))
			}
			if r.IntN(3) == 0 {
				g.After = hour(max(0, entered-r.IntN(6)))
			}
			e.Guards = append(e.Guards, g)
		}
		add(e, entered)
	}
	return events
}

// A twin is the state of a journey at one instant, computed from scratch with no care for speed.
type twin struct {
	phase    string
	since    time.Time
	rounds   int
	needs    map[string]journey.NeedTime
	evidence map[[2]string]time.Time
	paused   bool
	left     map[string]time.Time
	passes   map[string]int
	lastPass map[string]int // index of the event in sorted order
}

// at folds the sorted events up to and with index n-1.
func twinAt(sorted []journey.Event, n int) twin {
	s := twin{
		needs: map[string]journey.NeedTime{}, evidence: map[[2]string]time.Time{}, left: map[string]time.Time{},
		passes: map[string]int{}, lastPass: map[string]int{},
	}
	for i, e := range sorted[:n] {
		clock := s.needs[e.Name]
		clock.Key = e.Name
		switch e.Kind {
		case journey.Started:
			s.phase, s.since = e.Phase, e.Happened
		case journey.JourneyEnded, journey.Moved:
			s.left[s.phase] = e.Happened
			if s.phase, s.since = e.Phase, e.Happened; e.Kind == journey.JourneyEnded {
				s.phase = journey.Ended
			}
			if s.phase == journey.Ended {
				s.paused = false
			}
			if e.Kind == journey.Moved {
				s.passes[e.Name]++
				s.lastPass[e.Name] = i
			}
			for k := range s.evidence {
				if s.phase == journey.Ended || e.Move == journey.Renew || k[0] == e.Name {
					delete(s.evidence, k)
				}
			}
			if e.Move == journey.Renew {
				s.rounds++
			}
		case journey.NeedBegan:
			if clock.Since.IsZero() {
				clock = journey.NeedTime{Key: e.Name, Since: e.Happened}
			}
			s.needs[e.Name] = clock
		case journey.NeedCeased:
			switch {
			case e.Note == "":
				s.needs[e.Name] = journey.NeedTime{Key: e.Name, Ceased: e.Happened}
			case !clock.Since.IsZero():
				s.needs[e.Name] = journey.NeedTime{Key: e.Name, Unknown: clock.Unknown, Ceased: e.Happened}
			case clock == journey.NeedTime{Key: e.Name}:
				s.needs[e.Name] = clock
			}
		case journey.NeedLost:
			if clock.Unknown.IsZero() {
				clock.Unknown = e.Happened
			}
			s.needs[e.Name] = clock
		case journey.NeedFound:
			clock.Unknown = time.Time{}
			s.needs[e.Name] = clock
		case journey.EvidenceGiven:
			if _, ok := s.evidence[[2]string{e.Name, e.Role}]; !ok {
				s.evidence[[2]string{e.Name, e.Role}] = e.Happened
			}
		case journey.EvidenceWithdrawn:
			for _, role := range []string{"", "x", "y"} {
				if e.Role == "" || role == e.Role {
					delete(s.evidence, [2]string{e.Name, role})
				}
			}
		case journey.PauseBegan:
			s.paused = s.paused || s.phase != "" && s.phase != journey.Ended
		case journey.PauseEnded:
			s.paused = false
		}
	}
	return s
}

func (s twin) evidenceFor(g journey.Guard) (first time.Time, ok bool) {
	for _, role := range []string{"", "x", "y"} {
		if at, stands := s.evidence[[2]string{g.Name, role}]; stands && (g.Role == "" || g.Role == role) {
			if !ok || at.Before(first) {
				first, ok = at, true
			}
		}
	}
	return first, ok && g.Name != ""
}

// passed tells whether a guard is passed at an instant, and since when.
func (s twin) passed(g journey.Guard, at time.Time) (since time.Time, ok bool) {
	since = g.After
	met := len(g.Needs) > 0 || g.Name == ""
	for _, n := range g.Needs {
		c := s.needs[keyOf(n)]
		due := c.Since.Add(time.Duration(n.For))
		if c.Since.IsZero() || due.After(at) || !c.Unknown.IsZero() && !due.Before(c.Unknown) {
			met = false
		}
		if due.After(since) {
			since = due
		}
	}
	if given, stands := s.evidenceFor(g); stands && (!met || given.Before(since)) {
		met, since = true, given
		if g.After.After(since) {
			since = g.After
		}
	}
	return since, met && !since.After(at)
}

// twinReplay is Replay by brute force, but for Started, AsOf, Stood, Paused, Ran and Pass.Open.
func twinReplay(events []journey.Event, asOf time.Time) journey.Track {
	var sorted []journey.Event
	for _, e := range events {
		if !e.Happened.After(asOf) {
			sorted = append(sorted, e)
		}
	}
	slices.SortStableFunc(sorted, func(a, b journey.Event) int { return a.Happened.Compare(b.Happened) })
	end := twinAt(sorted, len(sorted))
	t := journey.Track{
		Account: "acme", Version: int64(len(events)), Phase: end.phase, Since: end.since, Rounds: end.rounds,
		Last: events[len(events)-1].Recorded,
	}
	for _, n := range end.needs {
		t.Needs = append(t.Needs, n)
	}
	slices.SortFunc(t.Needs, func(a, b journey.NeedTime) int { return cmp.Compare(a.Key, b.Key) })
	for k, at := range end.evidence {
		t.Evidence = append(t.Evidence, journey.Evidence{Name: k[0], Role: k[1], By: "ada", At: at})
	}
	slices.SortFunc(t.Evidence, func(a, b journey.Evidence) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Role, b.Role))
	})
	for phase, at := range end.left {
		t.Left = append(t.Left, journey.Left{Phase: phase, At: at})
	}
	slices.SortFunc(t.Left, func(a, b journey.Left) int { return cmp.Compare(a.Phase, b.Phase) })
	for move, count := range end.passes {
		i := end.lastPass[move]
		e := sorted[i]
		t.Passes = append(t.Passes, journey.Pass{
			Move: move, Count: count, At: e.Happened, Event: e.ID, DueAt: twinDue(sorted, i, asOf),
		})
	}
	slices.SortFunc(t.Passes, func(a, b journey.Pass) int { return cmp.Compare(a.Move, b.Move) })
	return t
}

// twinDue looks at each quarter of an hour from the move on for the first at which all its guards are passed. What
// evidence opened when the move was made stays open.
func twinDue(sorted []journey.Event, i int, asOf time.Time) time.Time {
	e := sorted[i]
	before := twinAt(sorted, i)
	due, all := before.since, true
	var open []journey.Guard
	for _, g := range e.Guards {
		since, ok := before.passed(g, e.Happened)
		if _, stands := before.evidenceFor(g); !stands {
			open = append(open, g)
		} else if !ok { // not before After
			g = journey.Guard{After: g.After}
			open = append(open, g)
		}
		all = all && ok
		if since.After(due) {
			due = since
		}
	}
	if all {
		return due
	}
	for at := e.Happened; !at.After(asOf); at = at.Add(15 * time.Minute) {
		n, _ := slices.BinarySearchFunc(sorted, at, func(e journey.Event, at time.Time) int {
			return cmp.Or(e.Happened.Compare(at), -1) // past all at this instant
		})
		state := twinAt(sorted, n)
		passed := true
		for _, g := range open {
			_, ok := state.passed(g, at)
			passed = passed && ok
		}
		if passed {
			return at
		}
	}
	return time.Time{}
}

// twinInPhase counts the hours of the present phase in which the clock ran.
func twinInPhase(events []journey.Event, asOf time.Time) journey.Duration {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b journey.Event) int { return a.Happened.Compare(b.Happened) })
	state := func(at time.Time) twin {
		n, _ := slices.BinarySearchFunc(sorted, at, func(e journey.Event, at time.Time) int { return cmp.Or(e.Happened.Compare(at), -1) })
		return twinAt(sorted, n)
	}
	ran := 0
	for at := state(asOf).since; at.Before(asOf); at = at.Add(time.Hour) {
		if !state(at).paused {
			ran++
		}
	}
	return hours(ran)
}

func TestReplayTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	late, open := 0, 0
	for n := range 1500 {
		events := randomLog(r)
		if !slices.IsSortedFunc(events, func(a, b journey.Event) int { return a.Happened.Compare(b.Happened) }) {
			late++
		}
		asOf := hour(10 + r.IntN(60))
		got, err := journey.Replay(sequence(events), asOf, time.Time{})
		if err != nil {
			t.Fatalf("log %d: %v", n, err)
		}
		inPhase := journey.Duration(asOf.Sub(got.Since)) - got.Stood
		if !got.Paused.IsZero() {
			from := got.Paused
			if from.Before(got.Since) {
				from = got.Since
			}
			inPhase -= journey.Duration(asOf.Sub(from))
		}
		if want := twinInPhase(events, asOf); got.Phase != journey.Ended && inPhase != want {
			t.Fatalf("log %d as of %v: %v in phase, want %v", n, asOf, inPhase, want)
		}
		for i := range got.Passes {
			if got.Passes[i].Open != nil {
				open++
			}
			got.Passes[i].Open = nil
		}
		if got.AsOf != asOf || got.Phase != "" && got.Started != hour(10) {
			t.Fatalf("log %d: as of %v, started %v", n, got.AsOf, got.Started)
		}
		got.AsOf, got.Started, got.Stood, got.Paused, got.Ran = time.Time{}, time.Time{}, 0, time.Time{}, time.Time{}
		if diff := gocmp.Diff(twinReplay(events, asOf), got); diff != "" {
			t.Fatalf("log %d as of %v (-want +got):\n%s", n, asOf, diff)
		}
	}
	if late < 1000 || open < 50 {
		t.Errorf("only %d logs with late events and %d disputed moves: the test tests little", late, open)
	}
}

func TestReplayKnownAtIsAPrefix(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for range 500 {
		events := randomLog(r)
		asOf, knownAt := hour(10+r.IntN(60)), hour(r.IntN(40))
		n := 0
		for n < len(events) && !events[n].Recorded.After(knownAt) {
			n++
		}
		want, err := journey.Replay(sequence(events[:n]), asOf, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := journey.Replay(sequence(events), asOf, knownAt)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("known at %v (-prefix +got):\n%s", knownAt, diff)
		}
	}
}
