package journey

import (
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
//   - an event can't follow those before it, as a move from another phase can't (*DataError);
//   - an event is of a newer format (ErrFormat);
//   - asOf is the zero time or outside of the years 1 to 9999 (*DataError);
//   - the sequence fails, or gives less the second time.
func Replay(events iter.Seq2[Event, error], asOf, knownAt time.Time) (Track, error) {
	h, err := replay(events, asOf, knownAt)
	if err != nil && !isOwn(err) {
		return Track{}, fmt.Errorf("journey: replay %q: %w", h.Account, err)
	}
	if err != nil {
		return Track{}, err
	}
	return h.Track, nil
}

// isOwn reports whether an error tells its place by itself.
func isOwn(err error) bool {
	var data *DataError
	var refused *RefusedError
	return errors.As(err, &data) || errors.As(err, &refused) || errors.Is(err, ErrFormat)
}

// A history is a track, and what was recorded of the journey whenever it happened.
type history struct {
	Track
	phase string    // after the last event
	fact  time.Time // when that phase was entered, or the journey ended
}

func replay(events iter.Seq2[Event, error], asOf, knownAt time.Time) (history, error) {
	var h history
	asOf, knownAt = instant.Of(asOf), instant.Of(knownAt)
	if err := checkInstant(asOf); err != nil {
		return h, &DataError{"", "as of", err.Error()}
	}
	var last, late time.Time // when the last folded event and the earliest late one happened
	for e, err := range events {
		if err != nil {
			return h, err
		}
		e.Happened, e.Recorded = instant.Of(e.Happened), instant.Of(e.Recorded)
		if !knownAt.IsZero() && e.Recorded.After(knownAt) {
			break
		}
		if err := h.record(&e); err != nil {
			return h, err
		}
		switch {
		case e.Happened.After(asOf):
		case e.Happened.Before(last):
			if late.IsZero() || e.Happened.Before(late) {
				late = e.Happened
			}
		case late.IsZero():
			h.fold(&e)
			last = e.Happened
		}
	}
	if !late.IsZero() {
		if err := h.refold(events, asOf, late); err != nil {
			return h, err
		}
	}
	h.AsOf = asOf
	h.project(asOf)
	return h, nil
}

// refold folds the events again in the order in which they happened. Those from before the earliest late one come
// in that order.
func (h *history) refold(events iter.Seq2[Event, error], asOf, late time.Time) error {
	t := Track{Account: h.Account, Version: h.Version, Last: h.Last, Digest: h.Digest}
	var kept []*Event
	n := int64(0)
	for e, err := range events {
		if err != nil {
			return err
		}
		e.Happened = instant.Of(e.Happened)
		switch {
		case e.Happened.After(asOf):
		case e.Happened.Before(late):
			t.fold(&e)
		default:
			kept = append(kept, &e)
		}
		if n++; n == h.Version {
			break
		}
	}
	if n < h.Version {
		return fmt.Errorf("the sequence gave %d events, and %d the second time", h.Version, n)
	}
	slices.SortStableFunc(kept, func(a, b *Event) int { return a.Happened.Compare(b.Happened) })
	for _, e := range kept {
		t.fold(e)
	}
	h.Track = t
	return nil
}

// record checks that an event can follow those recorded before it.
func (h *history) record(e *Event) error {
	number := h.Version + 1
	if e.Format > Format {
		return fmt.Errorf("journey: account %q: event %d: format %d: %w", e.Account, number, e.Format, ErrFormat)
	}
	if err := h.check(e); err != nil {
		return &DataError{e.Account, fmt.Sprintf("event %d", number), err.Error()}
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
	if h.Version == 0 || e.Account != h.Account {
		if err := ident.Check(e.Account); err != nil {
			return fmt.Errorf("account %w", err)
		}
		if h.Version > 0 {
			return fmt.Errorf("belongs to another account than %q", h.Account)
		}
	}
	if err := ident.Check(e.ID); err != nil {
		return fmt.Errorf("ID %w", err)
	}
	if e.Format < 1 {
		return fmt.Errorf("has the format %d", e.Format)
	}
	if err := checkInstant(e.Happened); err != nil {
		return fmt.Errorf("happened %w", err)
	}
	if err := checkInstant(e.Recorded); err != nil {
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
