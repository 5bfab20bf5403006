package engagement

import (
	"errors"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A hold says why a touch must not be made now. The zero hold holds nothing.
type hold struct {
	why   Reason
	ref   string
	until int64 // 0: nobody knows
}

// A contact is a touch as budgets count it.
type contact struct {
	at      int64
	person  string
	channel Channel
	out     bool // it went out and was no notice
	ask     bool
}

// truth returns what a condition says: nothing if it is TRUE.
func truth(c *segment.Condition, in *Input, asOf time.Time) (hold, error) {
	value, failedOn, err := c.Eval(in.Facts, asOf)
	if err != nil {
		return hold{}, factError(in.Account, err)
	}
	switch {
	case failedOn != "":
		return hold{why: WhenFailed, ref: failedOn}, nil
	case value == segment.Unknown:
		return hold{why: WhenUnknown}, nil
	case value == segment.False:
		return hold{why: WhenFalse}, nil
	}
	return hold{}, nil
}

// factError names the account in an error of a condition.
func factError(account string, err error) error {
	var data *segment.DataError
	if errors.As(err, &data) {
		return &DataError{Account: account, Field: data.Field, Message: data.Message}
	}
	return err
}

// contacts returns what budgets count of the past, oldest first.
func (p *past) contacts(list []contact) []contact {
	for _, e := range p.touches {
		t := p.byID[e.at].of
		out := t.Notice == "" && (t.Direction == "" || t.Direction == Outbound)
		if out || t.Ask != "" {
			list = append(list, contact{e.key, t.Person, t.Channel, out, t.Ask != ""})
		}
	}
	return list
}

// room says until when a budget has no room for one more, or 0.
func (b *Budget) room(now int64, contacts []contact, channel Channel, person string) int64 {
	if b.Per == PerPerson && person == "" || b.Channel != "" && b.Channel != channel {
		return 0
	}
	in := time.Duration(b.In).Microseconds()
	return room(now, in, b.Most, contacts, func(c *contact) bool {
		return c.out && (b.Per == PerAccount || c.person == person) && (b.Channel == "" || c.channel == b.Channel)
	})
}

// room returns when a window that already holds most contacts or more will have let go of enough, or 0.
func room(now, in int64, most int, contacts []contact, counts func(*contact) bool) int64 {
	for i := len(contacts) - 1; i >= 0 && contacts[i].at > now-in; i-- {
		if !counts(&contacts[i]) {
			continue
		}
		if most--; most == 0 {
			return contacts[i].at + in
		}
	}
	return 0
}

// held says what holds a task back that its condition lets through, and whom it is for. Contacts are the oldest first, with
// those that are released.
func (e *evaluation) held(c *candidate, contacts []contact) (hold, *Person) {
	p, t := &e.past, c.plan
	if h := e.step(c); h.why != "" {
		return h, nil
	}
	if t.trial != "" && t.Notice == "" && slices.Contains(p.in.Holdouts, t.trial) {
		return hold{why: HeldByTrial, ref: t.trial}, nil
	}
	if t.To == "" {
		return e.reach(c, nil, contacts), nil
	}
	first, whose := hold{why: HeldByNobody, ref: string(t.To)}, (*Person)(nil)
	for _, person := range p.people {
		if person.Kind != t.To {
			continue
		}
		h := e.reach(c, person, contacts)
		if h.why == "" {
			return h, person
		}
		if whose == nil || h.until != 0 && (first.until == 0 || h.until < first.until) {
			first, whose = h, person
		}
	}
	return first, whose
}

// reach says what holds a task back from one person, or from the account where that is nil.
func (e *evaluation) reach(c *candidate, person *Person, contacts []contact) hold {
	p, t := &e.past, c.plan
	id := ""
	if person != nil {
		id = person.ID
	}
	if t.Needs != "" && !p.agreed(t.Needs, id) {
		return hold{why: HeldByConsent, ref: t.Needs}
	}
	h := hold{until: p.now}
	if t.Notice == "" {
		h = e.budget(c, id, contacts)
	}
	if t.Notice.urgent() {
		return hold{}
	}
	end, why, ref, ok := e.model.awake(h.until, c.try().channel, e.placeOf(person))
	if h.why == "" {
		h.why, h.ref = why, ref
	}
	if h.until = end; !ok || h.why == "" {
		h.until = 0
	}
	return h
}

// budget returns the hold of the budget that lasts longest, or of an ask. Without one its until is now.
func (e *evaluation) budget(c *candidate, person string, contacts []contact) hold {
	p := &e.past
	h := hold{until: p.now}
	for i := range e.model.budgets {
		b := &e.model.budgets[i]
		if until := b.room(p.now, contacts, c.try().channel, person); until > h.until {
			h = hold{HeldByBudget, b.Name, until}
		}
	}
	if c.plan.Ask != "" {
		rest := time.Duration(AskRest).Microseconds()
		if until := room(p.now, rest, 1, contacts, func(c *contact) bool { return c.ask }); until > h.until {
			h = hold{HeldByAsk, string(c.plan.Ask), until}
		}
	}
	return h
}

// step holds a step of a playbook back while one before it, of the same occurrence, is open. It names the first.
func (e *evaluation) step(c *candidate) hold {
	if c.plan.first == c.plan.index {
		return hold{}
	}
	before := c.plan
	for i := range e.candidates {
		if other := &e.candidates[i]; other.base == c.base && c.plan.first <= other.plan.index && other.plan.index < before.index {
			before = other.plan
		}
	}
	if before == c.plan {
		return hold{}
	}
	return hold{why: HeldByStep, ref: before.Name}
}

// agreed reports whether a person, or the account, consents now.
func (p *past) agreed(name, person string) bool {
	return slices.ContainsFunc(p.in.Consents, func(c Consent) bool {
		return c.Name == name && c.Person == person && (c.From.IsZero() || instant.Micros(c.From) <= p.now) &&
			(c.To.IsZero() || instant.Micros(c.To) > p.now)
	})
}

func (e *evaluation) placeOf(person *Person) *Place {
	if person != nil && person.Place != nil {
		return person.Place
	}
	return &e.past.in.Place
}
