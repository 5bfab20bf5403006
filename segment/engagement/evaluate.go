package engagement

import (
	"cmp"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An evaluation is one run of Due.
type evaluation struct {
	model      *Model
	past       past
	candidates []candidate // by due, then in program order
}

// A candidate is a thread that is not closed.
type candidate struct {
	thread
	plan   *plan
	hold   hold // of one that is due
	person *Person
}

func (c *candidate) try() *try { return &c.plan.tries[c.next] }

// collect appends the threads that are open. What a condition holds back is held from here on.
func (m *Model) collect(p *past, asOf time.Time, list []candidate) ([]candidate, error) {
	var space [8]hold
	truths := space[:0]
	for _, c := range m.conditions {
		h, err := truth(c, p.in, asOf)
		if err != nil {
			return nil, err
		}
		truths = append(truths, h)
	}
	var threads [8]thread
	for i := range m.plans {
		t := &m.plans[i]
		var h hold
		closed := false
		for _, condition := range [...]int{t.done, t.skip} {
			if condition >= 0 {
				closed = closed || truths[condition].why == ""
				if truths[condition].why == WhenFailed && h.why == "" {
					h = truths[condition]
				}
			}
		}
		if t.when >= 0 && h.why == "" {
			h = truths[t.when]
		}
		open, err := p.threads(threads[:0], t)
		if err != nil {
			return nil, err
		}
		for _, th := range open {
			if !closed {
				list = append(list, candidate{thread: th, plan: t, hold: h})
			}
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.plan.index, b.plan.index), cmp.Compare(a.root, b.root))
	})
	return list, nil
}

// decide finds what holds back those that are due, in order: what is released takes its part of the budgets.
func (e *evaluation) decide(contacts []contact) {
	for i := range e.candidates {
		c := &e.candidates[i]
		if c.due > e.past.now {
			return
		}
		if c.hold.why != "" {
			continue
		}
		if c.hold, c.person = e.held(c, contacts); c.hold.why != "" {
			continue
		}
		released := contact{at: e.past.now, channel: c.try().channel, out: c.plan.Notice == "", ask: c.plan.Ask != ""}
		if c.person != nil {
			released.person = c.person.ID
		}
		contacts = append(contacts, released)
	}
}

// report writes the agenda.
func (e *evaluation) report(a *Agenda) {
	due, suppressed := 0, 0
	var next *candidate
	at := func(c *candidate) int64 { return max(c.due, c.hold.until) }
	for i := range e.candidates {
		c := &e.candidates[i]
		future := c.due > e.past.now
		switch {
		case future:
		case c.hold.why == "":
			due++
		default:
			suppressed++
		}
		if (future || c.hold.until != 0) && (next == nil || at(c) < at(next)) {
			next = c
		}
	}
	if due > 0 {
		a.Due = make([]Task, 0, due)
	} else if next != nil {
		t := e.task(next)
		a.Next = &t
	}
	if suppressed > 0 {
		a.Suppressed = make([]Task, 0, suppressed)
	}
	for i := range e.candidates[:due+suppressed] {
		if c := &e.candidates[i]; c.hold.why == "" {
			a.Due = append(a.Due, e.task(c))
		} else {
			a.Suppressed = append(a.Suppressed, e.task(c))
		}
	}
}

// task writes one candidate.
func (e *evaluation) task(c *candidate) Task {
	t, try := c.plan, c.try()
	id := taskID(e.past.in.Account, t.Name, c.root, c.next)
	task := Task{
		ID: string(id[:]), Touch: t.Name, Title: t.Title, Channel: try.channel, Owner: try.owner, Due: instant.FromMicros(c.due),
		Minutes: try.minutes, Notice: t.Notice, Ask: t.Ask,
	}
	if len(e.model.programs) > 1 {
		task.Program = t.programName
	}
	if c.person != nil {
		task.Person = c.person.ID
	}
	if c.next > 0 {
		task.Try = c.next + 1
	}
	future := c.due > e.past.now
	if c.hold.why != "" && !future {
		task.Why, task.Ref = c.hold.why, c.hold.ref
		if c.hold.until != 0 {
			task.Until = instant.FromMicros(c.hold.until)
		}
		return task
	}
	switch {
	case try.level > 0:
		task.Why, task.Ref = ByEscalation, string(t.tries[c.next-1].channel)
	case t.On == nil:
		task.Why = ByCadence
	case t.On.Event != "":
		task.Why, task.Ref = ByEvent, t.On.Event
	default:
		task.Why, task.Ref = ByAnchor, t.On.Anchor
	}
	task.Overdue = !future && e.overdue(c)
	return task
}

// overdue reports whether the service level is missed. It does not run in quiet times before it begins.
func (e *evaluation) overdue(c *candidate) bool {
	begin := c.due
	if !c.plan.Notice.urgent() {
		if end, _, _, ok := e.model.awake(c.due, c.try().channel, e.placeOf(c.person)); ok {
			begin = end
		}
	}
	return e.past.now >= begin+time.Duration(c.plan.Within).Microseconds()
}
