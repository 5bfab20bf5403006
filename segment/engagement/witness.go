package engagement

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/segment"
)

// account returns an account with a person of each kind, by the kind's name, and all consents.
func (v *verifier) account(facts segment.FactMap) Input {
	in := Input{Account: "witness", Facts: facts}
	for i := range v.model.plans {
		p := &v.model.plans[i]
		person := Person{ID: string(p.To), Kind: p.To}
		if p.To != "" && !slices.Contains(in.People, person) {
			in.People = append(in.People, person)
		}
		consent := Consent{Name: p.Needs, Person: person.ID}
		if p.Needs != "" && !slices.Contains(in.Consents, consent) {
			in.Consents = append(in.Consents, consent)
		}
	}
	return in
}

// occur lets the trigger occur at an instant.
func (p *plan) occur(in *Input, at int64) {
	if p.On.Event != "" {
		in.Events = append(in.Events, Event{Name: p.On.Event, At: instant.FromMicros(at)})
		return
	}
	in.Anchors = append(in.Anchors, Anchor{Name: p.On.Anchor, At: instant.FromMicros(at)})
}

// touch returns a try as it was made by somebody.
func (p *plan) touch(try int, at int64, answered bool) Touch {
	t := Touch{
		Format: Format, ID: fmt.Sprintf("%d at %d", p.index, at), Touch: p.Name, Channel: p.tries[try].channel, Person: string(p.To),
		Notice: p.Notice, Ask: p.Ask, At: instant.FromMicros(at),
	}
	if answered {
		t.Answered = t.At
	}
	return t
}

// wait returns how long after the one before it a try is due, which is not the first.
func (p *plan) wait(try int) int64 {
	if p.On == nil && p.tries[try].level == 0 {
		return time.Duration(p.Every).Microseconds()
	}
	return p.tries[try].wait
}

// scene returns an account for which a try of a touch comes due at an instant, since those before it were made as soon as
// they were due and not answered; nil if that began before the calendar does.
func (v *verifier) scene(p *plan, facts segment.FactMap, at int64, try int) *Input {
	in := v.account(facts)
	for k := try; k > 0; k-- {
		at -= p.wait(k)
		in.Touches = append(in.Touches, p.touch(k-1, at, false))
	}
	if p.On != nil {
		at -= time.Duration(p.On.Offset).Microseconds()
		p.occur(&in, at)
	} else {
		at -= time.Duration(p.Every).Microseconds()
		in.Touches = append(in.Touches, p.touch(0, at, true))
	}
	if instant.Given(instant.FromMicros(at)) != nil {
		return nil
	}
	return &in
}

// unanswered returns an account for which the program begins with the span, and whose tries of a touch are made as soon
// as they are due, and not answered, as long as the span is.
func (v *verifier) unanswered(p *plan) *Input {
	in := v.account(v.states[p.index].facts)
	in.Began = v.from
	at := instant.Micros(v.from) + p.earliest()
	if p.On != nil {
		p.occur(&in, at-time.Duration(p.On.Offset).Microseconds())
	}
	for k := range p.tries {
		if k > 0 {
			at += p.wait(k)
		}
		if at > instant.Micros(v.to) {
			break
		}
		in.Touches = append(in.Touches, p.touch(k, at, false))
	}
	if len(in.Anchors) > 0 && instant.Given(in.Anchors[0].At) != nil {
		return nil
	}
	return &in
}
