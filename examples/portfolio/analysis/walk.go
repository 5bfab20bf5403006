package analysis

import (
	"context"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// journey replays what happened: evidence on its day, a look at the signals then and each quarter, and one as of now.
func (v *evaluator) journey(ctx context.Context, e *evaluated) {
	a := e.account
	var log journey.Memory
	clock := v.asOf
	tracker, err := journey.NewTracker(v.defs.Journey, &log, journey.Options{Now: func() time.Time { return clock }})
	if err != nil {
		e.fail("journey", err)
		return
	}
	start, end := v.asOf, v.asOf
	if v.dated && !a.Since.IsZero() && a.Since.Before(v.asOf) {
		start = a.Since
	}
	if a.Left.Left && !a.Left.At.IsZero() && a.Left.At.Before(end) && a.Left.At.After(start) {
		end = a.Left.At
	}
	clock = start
	if err = tracker.Start(ctx, a.ID, "", start); err == nil {
		err = v.walk(ctx, e, tracker, start, end, &clock)
	}
	if err != nil {
		e.fail("journey", err)
		e.decision = nil
		return
	}
	e.stays, err = pace.Stays(log.Events(ctx, a.ID, 0), pace.Watch{Last: end}, v.asOf, time.Time{})
	e.fail("pace", err)
}

// walk goes through an account's time: evidence and a look at the signals on the days of milestones, a look each quarter
// without one, and one at the end. Milestones that the map does not name are left out.
func (v *evaluator) walk(ctx context.Context, e *evaluated, tracker *journey.Tracker, start, end time.Time, clock *time.Time) error {
	a := e.account
	var marks []book.Milestone
	for _, m := range a.Milestones {
		if v.named[m.Name] && !m.At.After(end) {
			marks = append(marks, m)
		}
	}
	slices.SortStableFunc(marks, func(x, y book.Milestone) int { return x.At.Compare(y.At) })
	for at := start; at.Before(end); {
		at = at.Add(quarter)
		if len(marks) > 0 && !marks[0].At.After(at) {
			at = later(marks[0].At, *clock)
		}
		if at.After(end) {
			at = end
		}
		*clock = at
		for ; len(marks) > 0 && !marks[0].At.After(at); marks = marks[1:] {
			m := marks[0]
			if err := tracker.Attest(ctx, a.ID, journey.Evidence{Name: m.Name, By: m.By, Role: m.By, At: m.At}); err != nil {
				return err
			}
		}
		f := e.facts
		if !at.Equal(v.asOf) {
			f = read(a, at, v.dated, v.money)
		}
		d, err := tracker.Check(ctx, v.journeyInput(e, f), at)
		if err != nil {
			return err
		}
		e.decision = &d
	}
	if start.Equal(end) {
		d, err := tracker.Check(ctx, v.journeyInput(e, e.facts), end)
		e.decision = &d
		return err
	}
	if a.Left.Left && e.decision.Phase != journey.Ended {
		return tracker.End(ctx, a.ID, "customer", "left", end)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// journeyInput takes the status from who left. What contracts say (journey.StatusOf) would be too little: a book may begin
// with an account's third contract, and a customer of years would be one that is to come.
func (v *evaluator) journeyInput(e *evaluated, f *facts) journey.Input {
	a := e.account
	in := journey.Input{Account: a.ID, Signals: f, Segment: e.verdict.Segment, Since: a.Since}
	if end := renewal(a, f.asOf); !end.IsZero() {
		in.Anchors = []journey.Anchor{{Name: "renewal", At: end}}
	}
	switch {
	case a.Left.Left && !a.Left.At.After(f.asOf):
		in.Status = journey.Lost
	case len(a.Contracts) > 0:
		in.Status = journey.Customer
	}
	return in
}
