package pace

import (
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/journey"
)

// A Stay is one account's time in a phase, or between two.
type Stay struct {
	Account string
	Phase   string           // it was spent in; of [Between] the one that the clock starts with
	From    time.Time        // when the phase began; zero: not known, and neither is its clock
	Watched time.Time        // since when it was watched, where that is after From; zero: from the start
	To      time.Time        // when it ended, or was last watched
	Ended   bool             // false: censored at To
	Kind    journey.MoveKind // of the move that ended it; "": not said, which is a kind of its own
	Next    string           // the phase that it ended for, or [journey.Ended]; "": not said
}

// Days returns how long the stay has lasted so far, in days; false where its clock is unknown: nobody knows when it began, or
// it was seen at one instant alone.
func (s *Stay) Days() (days float64, ok bool) {
	_, end, ok := s.clock()
	return float64(end) / float64((24 * time.Hour).Microseconds()), ok
}

// clock returns in microseconds since the stay began when its watch began and ended.
func (s *Stay) clock() (entry, end int64, ok bool) {
	from, watched, to := instant.Micros(s.From), instant.Micros(s.Watched), instant.Micros(s.To)
	if s.Watched.IsZero() || watched < from {
		watched = from
	}
	seen := watched < to || s.Ended && watched == from
	if s.From.IsZero() || !seen {
		return 0, 0, false
	}
	return watched - from, to - from, true
}

// A Watch says how far what is known of an account reaches beyond its log.
type Watch struct {
	// Since is when an account was first recorded that by then was under way, as on the day of an import: had it left
	// before, it would not be known. Zero: its log was kept from its start.
	Since time.Time
	// Last is when the account's last signal was seen. Its last event counts as one; zero: there is no other.
	Last time.Time
	// Midway says that the first event only dates the log: how long the account had been in that phase is not known.
	Midway bool
}

// Stays reads an account's log, in its order, into its stays as of an instant and as known at another, both inclusive; a
// zero knownAt is no bound. The last stay, where it has not ended, is watched until the last signal by asOf. Stays that
// ended by Since are left out. A changed map that puts the account into another phase ends the watch of its stay, and
// the clock of the one that follows is unknown.
//
// It returns a [DataError] if the events are not those of one account, or one can't follow the one before it, and the
// sequence's own error.
func Stays(events iter.Seq2[journey.Event, error], w Watch, asOf, knownAt time.Time) ([]Stay, error) {
	r := reader{watch: w, asOf: instant.Of(asOf), knownAt: instant.Of(knownAt)}
	if err := instant.Given(r.asOf); err != nil {
		return nil, argument("as of", "%s", err)
	}
	for e, err := range events {
		if err != nil {
			return nil, fmt.Errorf("pace: stays of %q: %w", r.account, err)
		}
		if !r.knownAt.IsZero() && instant.Of(e.Recorded).After(r.knownAt) {
			break
		}
		if err := r.next(&e); err != nil {
			return nil, err
		}
		r.read++
	}
	return r.finish(), nil
}

// A reader turns events into stays. The last stay is open while the account is in a phase.
type reader struct {
	watch         Watch
	asOf, knownAt time.Time
	account       string
	read          int    // events
	id            string // of the last change of phase
	open          bool
	fact, last    time.Time // of the last change of phase, and of the last event by asOf
	stays         []Stay
}

func (r *reader) next(e *journey.Event) error {
	if err := ident.Check(e.Account); err != nil {
		return argument(fmt.Sprintf("account of event %d", r.read), "%s", err)
	}
	at := instant.Of(e.Happened)
	wrong := func(format string, args ...any) error {
		return &DataError{Account: e.Account, Field: fmt.Sprintf("event %d, %.256q", r.read, e.ID), Message: fmt.Sprintf(format, args...)}
	}
	if err := instant.Given(at); err != nil {
		return wrong("happened %s", err)
	}
	if r.account != "" && r.account != e.Account {
		return wrong("follows those of account %q", r.account)
	}
	r.account = e.Account
	if at.After(r.asOf) {
		return nil
	}
	if at.After(r.last) {
		r.last = at
	}
	changed := e.Kind == journey.MapChanged && e.Phase != ""
	if e.Kind != journey.Started && e.Kind != journey.Moved && e.Kind != journey.JourneyEnded && !changed {
		return nil
	}
	phase := journey.Ended
	if r.open {
		phase = r.stays[len(r.stays)-1].Phase
	}
	switch {
	case e.Kind != journey.JourneyEnded && ident.Check(e.Phase) != nil:
		return wrong("the phase %s", ident.Check(e.Phase))
	case e.Kind == journey.Started && e.Phase == journey.Ended:
		return wrong("%q has no phase", e.Kind)
	case at.Before(r.fact):
		return wrong("%q happened before the phase was entered", e.Kind)
	case e.Kind == journey.Started && r.open:
		return wrong("%q comes while the journey is under way", e.Kind)
	case e.Kind != journey.Started && r.fact.IsZero():
		return wrong("%q comes before the start", e.Kind)
	case e.ID != "" && e.ID == r.id:
		return wrong("is there twice")
	case e.Kind == journey.Moved && e.From != "" && e.From != phase:
		return wrong("%q leaves phase %.256q, and the account is in %q", e.Kind, e.From, phase)
	case e.Kind == journey.JourneyEnded && !r.open:
		return wrong("%q comes after the end", e.Kind)
	}
	r.id = e.ID
	if changed && phase == e.Phase {
		return nil
	}
	r.fact = at
	if r.open {
		s := &r.stays[len(r.stays)-1]
		s.To, s.Ended, s.Kind, s.Next = at, true, e.Move, e.Phase
		switch {
		case changed:
			s.Ended, s.Kind, s.Next = false, "", ""
		case e.Kind == journey.JourneyEnded:
			s.Kind, s.Next = journey.Leave, journey.Ended
		}
	}
	r.open = e.Kind != journey.JourneyEnded && e.Phase != journey.Ended
	if !r.open {
		return nil
	}
	s := Stay{Account: e.Account, Phase: e.Phase, From: at}
	if changed || r.watch.Midway && len(r.stays) == 0 {
		s.From, s.Watched = time.Time{}, at
	}
	r.stays = append(r.stays, s)
	return nil
}

// finish ends the watch, and leaves out what was over before it began.
func (r *reader) finish() []Stay {
	if last := instant.Of(r.watch.Last); last.After(r.last) {
		r.last = last
	}
	if r.last.After(r.asOf) {
		r.last = r.asOf
	}
	if r.open {
		r.stays[len(r.stays)-1].To = r.last
	}
	since := instant.Of(r.watch.Since)
	kept := r.stays[:0]
	for _, s := range r.stays {
		if since.IsZero() || s.To.After(since) {
			if since.After(s.From) {
				s.Watched = since
			}
			kept = append(kept, s)
		}
	}
	return kept
}

// Current returns the stay that an account's track is in, where its log is not at hand. It is watched until the last signal
// by Track.AsOf; without one its clock is unknown. It is false where no journey is under way.
func Current(t journey.Track, w Watch) (Stay, bool) {
	if t.Phase == "" || t.Phase == journey.Ended {
		return Stay{}, false
	}
	s := Stay{Account: t.Account, Phase: t.Phase, From: instant.Of(t.Since), To: instant.Of(w.Last)}
	if s.To.After(t.AsOf) {
		s.To = t.AsOf
	}
	if s.To.Before(s.From) {
		s.To = s.From
	}
	switch since := instant.Of(w.Since); {
	case w.Midway && t.Since.Equal(t.Started):
		s.From, s.Watched = time.Time{}, s.From
	case since.After(s.From) && !since.After(s.To):
		s.Watched = since
	case since.After(s.To):
		s.Watched = s.To
	}
	return s, true
}

// Between returns an account's time from when it first entered one phase until it first entered another after that,
// which ends it as an advance. Leaving the journey before is the competing end, a leave; turning back is neither.
// The stays are those of one account, as [Stays] gives them. It is false where the account was not seen in the first phase.
func Between(stays []Stay, from, to string) (Stay, bool) {
	for i, first := range stays {
		if first.Phase != from {
			continue
		}
		s := Stay{Account: first.Account, Phase: from, From: first.From, Watched: first.Watched, To: first.To}
		for j := i; j < len(stays); j++ {
			last := &stays[j]
			s.To = last.To
			switch {
			case !last.Ended:
				if j+1 == len(stays) || stays[j+1].Phase != to {
					continue // watched on in a phase that a changed map put it into
				}
			case last.Next == journey.Ended:
				s.Ended, s.Kind, s.Next = true, journey.Leave, journey.Ended
				return s, true
			case last.Next != to:
				continue
			}
			s.Ended, s.Kind, s.Next = true, journey.Advance, to
			return s, true
		}
		return s, true
	}
	return Stay{}, false
}
