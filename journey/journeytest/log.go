package journeytest

import (
	"context"
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/journey"
)

func log() conform.Log[journey.Log, journey.Event] {
	return conform.Log[journey.Log, journey.Event]{
		Prefix: "L", Conflict: journey.ErrConflict,
		Append: journey.Log.Append, Read: journey.Log.Events, ReadName: "Events",
		Subjects: journey.Log.Subjects, SubjectsName: "Subjects", Forget: journey.Log.Forget,
		Record: event, ID: func(e *journey.Event) *string { return &e.ID }, Text: text,
		Delicate: delicate,
		Others: []conform.Other[journey.Event]{
			{Of: 2, Change: func(e *journey.Event) { e.Happened = e.Happened.Add(time.Microsecond) }},
			{Of: 2, Change: func(e *journey.Event) { e.Note = "" }},
			{Of: 3, Change: func(e *journey.Event) { e.Digest[0]++ }},
			{Of: 4, Change: func(e *journey.Event) { e.Guards = e.Guards[1:] }},
		},
		Spoil: func(list []journey.Event) {
			list[4].Guards[0].Needs[0].Value = 7
			list[4].Guards[1].Name = "changed"
		},
	}
}

func cases() []conform.Case[journey.Log] {
	return append(log().Cases(), conform.Case[journey.Log]{Clause: "L2", Name: "the same recorded later", Run: appendLater})
}

// appendLater tries again an append whose answer was lost: the first one stays.
func appendLater(ctx context.Context, s journey.Log) error {
	first, again := event("acme", 0), event("acme", 0)
	again.Recorded = again.Recorded.AddDate(0, 0, 1)
	if err := conform.First(
		s.Append(ctx, "acme", 0, first),
		s.Append(ctx, "acme", 0, again),
		s.Append(ctx, "acme", 1, again),
	); err != nil {
		return err
	}
	got, err := conform.Collect(s.Events(ctx, "acme", 0))
	if err != nil {
		return err
	}
	if len(got) != 1 || text(got[0]) != text(first) {
		return fmt.Errorf("there are %d events, want the first alone, as it was", len(got))
	}
	return nil
}
