package journey

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Replay folds an account's events, in the order of their recording, into its track as of an instant and as known at
// another, both inclusive; a zero knownAt is no bound. Late events re-fold needs, evidence, pauses and clocks; a move
// is a fact and stays. The same log gives the same track on every platform and in every later release.
//
// Replay keeps no events while they come in the order in which they happened. Where one is late it ranges over the
// sequence a second time, which must give the same, and keeps those that happened no earlier than the earliest late
// one, to fold them in the order in which they happened, and of one instant as they were recorded.
//
// Replay returns an error if:
//   - an event is of another account than the first, or can't follow those before it, as a move from another phase
//     can't (*DataError);
//   - an event is of a newer format (ErrFormat);
//   - asOf is the zero time or outside of the years 1 to 9999 (*DataError);
//   - the sequence fails, or gives less the second time.
func Replay(events iter.Seq2[Event, error], asOf, knownAt time.Time) (Track, error) {
	h := history{Track: Track{AsOf: asOf}, knownAt: knownAt}
	err := h.read(events)
	switch {
	case isOwn(err):
		return Track{}, err
	case err != nil:
		return Track{}, fmt.Errorf("journey: replay %q: %w", h.Account, err)
	}
	return h.Track, nil
}

// isOwn reports whether an error tells its place by itself.
func isOwn(err error) bool {
	if err == nil {
		return false
	}
	var data *DataError
	var refused *RefusedError
	return errors.As(err, &data) || errors.As(err, &refused)
}

// A history is a track, and what was recorded of the journey whenever it happened. Before it is read the track has
// AsOf, and Account if that is given.
type history struct {
	Track
	knownAt  time.Time // zero: no bound
	sought   string    // ID of an event
	found    bool      // the event that is sought is there
	phase    string    // after the last event
	fact     time.Time // when that phase was entered, or the journey ended
	happened time.Time // when the last of the events until AsOf did
	late     time.Time // when the earliest of those that came late did
	made     []Event   // moves at AsOf
	err      error     // that ended the reading
}

// read folds events as Replay says.
func (h *history) read(events iter.Seq2[Event, error]) error {
	h.AsOf, h.knownAt = instant.Of(h.AsOf), instant.Of(h.knownAt)
	if err := instant.Given(h.AsOf); err != nil {
		return &DataError{h.Account, "as of", err.Error()}
	}
	for e, err := range events {
		if !h.next(&e, err) {
			break
		}
	}
	if h.err == nil && !h.late.IsZero() {
		h.err = h.refold(events)
	}
	if len(h.Evidence) == 0 {
		h.Evidence = nil
	}
	for i := range h.Passes {
		h.Passes[i].DueAt = h.dueBy(&h.Passes[i], h.AsOf)
	}
	return h.err
}

// next records an event, and folds it as long as none has come late. It reports whether to go on.
func (h *history) next(e *Event, err error) bool {
	if err != nil {
		h.err = err
		return false
	}
	e.Happened, e.Recorded = instant.Of(e.Happened), instant.Of(e.Recorded)
	if !h.knownAt.IsZero() && e.Recorded.After(h.knownAt) {
		return false
	}
	if h.err = h.record(e); h.err != nil {
		return false
	}
	h.found = h.found || e.ID == h.sought
	if e.Kind == Moved && e.Happened.Equal(h.AsOf) {
		h.made = append(h.made, *e)
	}
	switch {
	case e.Happened.After(h.AsOf):
	case e.Happened.Before(h.happened):
		if h.late.IsZero() || e.Happened.Before(h.late) {
			h.late = e.Happened
		}
	default:
		if h.late.IsZero() {
			h.fold(e)
		}
		h.happened = e.Happened
	}
	return true
}

// A refolding is the second pass over events of which some came late.
type refolding struct {
	Track
	late time.Time // when the earliest late one happened
	read int64
	kept []*Event // those from then on
	err  error
}

// refold folds the events again in the order in which they happened. Those from before the earliest late one come
// in that order.
func (h *history) refold(events iter.Seq2[Event, error]) error {
	r := refolding{late: h.late, Track: Track{
		Account: h.Account, Version: h.Version, Digest: h.Digest, AsOf: h.AsOf, Last: h.Last,
	}}
	for e, err := range events {
		if !r.next(&e, err) {
			break
		}
	}
	if r.err != nil {
		return r.err
	}
	if r.read < h.Version {
		return fmt.Errorf("the sequence gave %d events, and %d the second time", h.Version, r.read)
	}
	slices.SortStableFunc(r.kept, func(a, b *Event) int { return a.Happened.Compare(b.Happened) })
	for _, e := range r.kept {
		r.fold(e)
	}
	h.Track = r.Track
	return nil
}

func (r *refolding) next(e *Event, err error) bool {
	if err != nil {
		r.err = err
		return false
	}
	e.Happened = instant.Of(e.Happened)
	switch {
	case e.Happened.After(r.AsOf):
	case e.Happened.Before(r.late):
		r.fold(e)
	default:
		own := *e
		r.kept = append(r.kept, &own)
	}
	r.read++
	return r.read < r.Version
}

// record checks that an event can follow those recorded before it.
func (h *history) record(e *Event) error {
	number := h.Version + 1
	account := cmp.Or(h.Account, e.Account)
	if e.Format > Format {
		h.Account = account
		return fmt.Errorf("event %d: format %d: %w", number, e.Format, ErrFormat)
	}
	if err := h.check(e); err != nil {
		return &DataError{account, fmt.Sprintf("event %d", number), err.Error()}
	}
	switch e.Kind {
	case Started, Moved, JourneyEnded, MapChanged:
		if h.fact = e.Happened; e.Kind == JourneyEnded {
			h.phase = Ended
		} else if e.Phase != "" {
			h.phase = e.Phase
		}
	}
	h.Account, h.Version, h.Last, h.Digest = e.Account, number, e.Recorded, e.Digest
	return nil
}

func (h *history) check(e *Event) error {
	if h.Account == "" {
		if err := ident.Check(e.Account); err != nil {
			return fmt.Errorf("account %w", err)
		}
	} else if e.Account != h.Account {
		return fmt.Errorf("belongs to account %q", e.Account)
	}
	if err := ident.Check(e.ID); err != nil {
		return fmt.Errorf("ID %w", err)
	}
	if e.Format < 1 {
		return fmt.Errorf("has the format %d", e.Format)
	}
	if err := instant.Given(e.Happened); err != nil {
		return fmt.Errorf("happened %w", err)
	}
	if err := instant.Given(e.Recorded); err != nil {
		return fmt.Errorf("recorded %w", err)
	}
	if e.Recorded.Before(h.Last) {
		return fmt.Errorf("was recorded at %s, before the one before it at %s", timeText(e.Recorded), timeText(h.Last))
	}
	return h.follows(e)
}

// follows checks an event of a kind against the phase that the journey is in.
func (h *history) follows(e *Event) error {
	if h.phase == "" && e.Kind != Started {
		return fmt.Errorf("%q comes before the start", e.Kind)
	}
	fact := true
	switch e.Kind {
	case Started:
		if h.phase != "" && h.phase != Ended {
			return fmt.Errorf("%q comes while the journey is in phase %q", e.Kind, h.phase)
		}
		if e.Phase == "" || e.Phase == Ended {
			return fmt.Errorf("%q has no phase", e.Kind)
		}
	case Moved:
		if e.From != h.phase {
			return fmt.Errorf("%q leaves phase %q, and the journey is in phase %q", e.Kind, e.From, h.phase)
		}
		if e.Phase == "" || e.Name == "" {
			return fmt.Errorf("%q has no phase or no name", e.Kind)
		}
	case JourneyEnded:
		if h.phase == Ended {
			return fmt.Errorf("%q comes after the end", e.Kind)
		}
	case MapChanged:
		if e.Phase != "" && e.From != h.phase {
			return fmt.Errorf("%q changes phase %q, and the journey is in phase %q", e.Kind, e.From, h.phase)
		}
	case NeedBegan, NeedLost, NeedFound, NeedCeased, EvidenceGiven, EvidenceWithdrawn:
		fact = false
		if strings.TrimSpace(e.Name) == "" {
			return fmt.Errorf("%q has no name", e.Kind)
		}
	case PauseBegan, PauseEnded:
		fact = false
	default:
		return fmt.Errorf("the kind %q is unknown", e.Kind)
	}
	if fact && e.Happened.Before(h.fact) {
		return fmt.Errorf("%q happened at %s, before the phase was entered at %s", e.Kind, timeText(e.Happened), timeText(h.fact))
	}
	return nil
}
