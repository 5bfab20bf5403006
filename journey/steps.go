package journey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Start begins an account's journey in a phase; "" is the map's first. After the end it begins a new one, whose
// counts of passes and rounds go on.
func (t *Tracker) Start(ctx context.Context, account, phase string, at time.Time) error {
	if phase == "" {
		phase = t.model.def.Phases[0].Name
	}
	if t.model.phase(phase) == nil {
		return &RefusedError{account, "known_phase", fmt.Sprintf("the map has no phase %q", phase), "a phase of the map"}
	}
	return t.step(ctx, "start", account, Event{Kind: Started, Happened: at, Phase: phase}, func(h *history) error {
		if h.phase != "" && h.phase != Ended {
			return &RefusedError{account, "started", fmt.Sprintf("the journey is in phase %q", h.phase), "its end"}
		}
		return h.inOrder(account, at)
	})
}

// Attest records a person's evidence for a milestone or a move.
func (t *Tracker) Attest(ctx context.Context, account string, e Evidence) error {
	return t.attest(ctx, "attest", account, e, EvidenceGiven, func(h *history) error {
		if role := t.model.attests[e.Name]; role != "" && role != e.Role {
			return &RefusedError{account, "approver", fmt.Sprintf("%q is not for role %q to approve", e.Name, e.Role),
				fmt.Sprintf("evidence from role %q", role)}
		}
		return nil
	})
}

// Withdraw takes evidence back as of e.At: that of the name and the role, or of the name in any role if that is empty.
func (t *Tracker) Withdraw(ctx context.Context, account string, e Evidence) error {
	return t.attest(ctx, "withdraw", account, e, EvidenceWithdrawn, func(h *history) error {
		if _, ok := h.attested(e.Name, e.Role); !ok {
			return &RefusedError{account, "stands", fmt.Sprintf("no evidence of %q stands", e.Name), "evidence that was given"}
		}
		return nil
	})
}

func (t *Tracker) attest(ctx context.Context, op, account string, e Evidence, kind EventKind,
	allowed func(*history) error) error {
	event := Event{Kind: kind, Happened: e.At, Name: e.Name, By: e.By, Role: e.Role, Note: e.Note}
	return t.step(ctx, op, account, event, func(h *history) error {
		if _, ok := t.model.attests[e.Name]; !ok {
			return &RefusedError{account, "known_name", fmt.Sprintf("evidence of %q decides nothing", e.Name),
				"a milestone of the map, or a move with an approver"}
		}
		if h.phase == "" {
			return h.notUnderWay(account)
		}
		return allowed(h)
	})
}

// Pause stops the account's clock from at on.
func (t *Tracker) Pause(ctx context.Context, account, by, note string, at time.Time) error {
	event := Event{Kind: PauseBegan, Happened: at, By: by, Note: note}
	return t.step(ctx, "pause", account, event, func(h *history) error {
		if !h.underWay() {
			return h.notUnderWay(account)
		}
		if !h.Paused.IsZero() {
			return &RefusedError{account, "paused", "the clock has stood still since " + timeText(h.Paused), "a resume before"}
		}
		return nil
	})
}

// Resume lets it run again from at on.
func (t *Tracker) Resume(ctx context.Context, account, by string, at time.Time) error {
	return t.step(ctx, "resume", account, Event{Kind: PauseEnded, Happened: at, By: by}, func(h *history) error {
		if !h.underWay() {
			return h.notUnderWay(account)
		}
		if h.Paused.IsZero() {
			return &RefusedError{account, "paused", "the clock runs", "a pause before"}
		}
		return nil
	})
}

// End ends the journey, as when a customer has left.
func (t *Tracker) End(ctx context.Context, account, by, note string, at time.Time) error {
	event := Event{Kind: JourneyEnded, Happened: at, By: by, Note: note}
	return t.step(ctx, "end", account, event, func(h *history) error {
		if h.phase == "" || h.phase == Ended {
			return h.notUnderWay(account)
		}
		return h.inOrder(account, at)
	})
}

// step appends one event if the log does not hold it and the rules allow it, given the history as of its instant.
func (t *Tracker) step(ctx context.Context, op, account string, e Event, allowed func(*history) error) error {
	e.Happened = instant.Of(e.Happened)
	if field, err := e.given(); err != nil {
		return &DataError{account, field, err.Error()}
	}
	t.model.complete(&e, account, 0, time.Time{})
	return t.run(ctx, op, account, func(ctx context.Context) ([]Event, *history, error) {
		h := &history{Track: Track{Account: account, AsOf: e.Happened}, sought: e.ID}
		err := h.read(t.log.Events(ctx, account, 0))
		if err == nil && !h.found && e.Kind != Started {
			err = t.pinned(h, account)
		}
		if err == nil && !h.found {
			err = allowed(h)
		}
		if err != nil || h.found {
			return nil, h, err
		}
		return []Event{e}, h, nil
	})
}

// given returns what is wrong with what a person gave, and where.
func (e *Event) given() (field string, err error) {
	if err := instant.Given(e.Happened); err != nil {
		return "at", err
	}
	if e.By == "" && e.Kind != Started {
		return "by", errors.New("is empty")
	}
	for _, text := range [...]struct{ field, value string }{
		{"name", e.Name}, {"by", e.By}, {"role", e.Role}, {"note", e.Note},
	} {
		if err := ident.Text(text.value); err != nil {
			return text.field, err
		}
	}
	return "", nil
}

// inOrder refuses an instant before the journey entered its phase.
func (h *history) inOrder(account string, at time.Time) error {
	if !h.fact.After(at) {
		return nil
	}
	return &RefusedError{account, "in_order",
		fmt.Sprintf("%s is before the journey entered phase %q", timeText(at), h.phase),
		"an instant from " + timeText(h.fact) + " on"}
}

func (h *history) notUnderWay(account string) error {
	if h.phase == "" {
		return &RefusedError{account, "under_way", "the journey has not started", "its start"}
	}
	return &RefusedError{account, "under_way", "the journey is not under way then", "an instant between its start and its end"}
}
