package engagement

import (
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An evaluation is one run of Due.
type evaluation struct {
	model      *Model
	past       past
	candidates []candidate // in program order, of one touch rising
	order      []entry     // of candidates, by due
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
		for i := range open {
			if !closed {
				list = append(list, candidate{thread: open[i], plan: t, hold: h})
			}
		}
	}
	return list, nil
}

// byDue sorts candidates in order.
func byDue(candidates []candidate, order []entry) []entry {
	for i := range candidates {
		order = append(order, entry{candidates[i].due, i})
	}
	slices.SortFunc(order, entry.compare)
	return order
}

// decide finds what holds back those that are due, in order: what is released takes its part of the budgets.
func (e *evaluation) decide(contacts []contact) {
	for _, o := range e.order {
		c := &e.candidates[o.at]
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
	for _, o := range e.order {
		c := &e.candidates[o.at]
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
	var ids strings.Builder // one piece of memory for all
	ids.Grow((due + suppressed + 1) * idLength)
	tasks := make([]Task, due+suppressed)
	if due > 0 {
		a.Due = tasks[:due:due]
	} else if next != nil {
		a.Next = new(Task)
		e.task(a.Next, next, &ids)
	}
	if suppressed > 0 {
		a.Suppressed = tasks[due:]
	}
	due, suppressed = 0, len(a.Due)
	for _, o := range e.order[:len(tasks)] {
		if c := &e.candidates[o.at]; c.hold.why == "" {
			e.task(&tasks[due], c, &ids)
			due++
		} else {
			e.task(&tasks[suppressed], c, &ids)
			suppressed++
		}
	}
}

// task writes one candidate, and its ID to the end of ids.
func (e *evaluation) task(task *Task, c *candidate, ids *strings.Builder) {
	t, try := c.plan, c.try()
	if c.hashed != c.next+1 {
		c.id = e.past.subject.task(t.Name, c.root, c.next)
	}
	ids.Write(c.id[:])
	*task = Task{
		ID: ids.String()[ids.Len()-idLength:], Touch: t.Name, Title: t.Title, Channel: try.channel, Owner: try.owner,
		Due: instant.FromMicros(c.due), Minutes: try.minutes, Notice: t.Notice, Ask: t.Ask,
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
		return
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
