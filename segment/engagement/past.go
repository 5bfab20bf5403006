package engagement

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A past is an Input made ready: checked, in order, and without what lies after asOf.
type past struct {
	account string
	asOf    time.Time
	began   time.Time
	touches []Touch                // by At, then by ID; each ID once
	ids     map[string]bool        // of touches
	events  map[string][]time.Time // by name, since began, rising, each instant once
	anchors map[string]time.Time   // by name
}

// A reader makes a past. It keeps the first error.
type reader struct {
	account string
	err     error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// time returns an instant in the form of the module. A failure names what has it, such as `time of event "signed"`.
func (r *reader) time(t time.Time, what, name string) time.Time {
	t = instant.Of(t)
	if err := instant.Given(t); err != nil {
		if name != "" {
			what = fmt.Sprintf("%s %q", what, name)
		}
		r.fail(dataError(r.account, what, err))
	}
	return t
}

func read(in Input, asOf time.Time) (past, error) {
	r := reader{account: in.Account}
	r.fail(dataError(in.Account, "account", ident.Check(in.Account)))
	p := past{
		account: in.Account, asOf: r.time(asOf, "as of", ""),
		ids: make(map[string]bool, len(in.Touches)), events: map[string][]time.Time{}, anchors: map[string]time.Time{},
	}
	if !in.Began.IsZero() {
		p.began = r.time(in.Began, "began", "")
	}
	for _, e := range in.Events {
		at := r.time(e.At, "time of event", e.Name)
		if !at.After(p.asOf) && !at.Before(p.began) {
			p.events[e.Name] = append(p.events[e.Name], at)
		}
	}
	for _, a := range in.Anchors {
		if _, ok := p.anchors[a.Name]; ok {
			r.fail(dataError(in.Account, fmt.Sprintf("anchor %q", a.Name), errors.New("is there twice")))
		}
		p.anchors[a.Name] = r.time(a.At, "time of anchor", a.Name)
	}
	p.touches = r.touches(in.Touches, p.asOf)
	for _, t := range p.touches {
		p.ids[t.ID] = true
	}
	return p, r.err
}

func (r *reader) touches(made []Touch, asOf time.Time) []Touch {
	touches := make([]Touch, 0, len(made))
	first := make(map[string]int, len(made)) // by ID, the first position
	for i := range made {
		t := made[i].normal()
		if t.Format > Format { // whatever else is wrong with it by the rules of this one
			r.fail(fmt.Errorf("engagement: due %q: touch %q: format %d: %w", r.account, t.ID, t.Format, ErrFormat))
		}
		r.fail(t.check(r.account))
		j, ok := first[t.ID]
		switch {
		case ok && !t.same(made[j].normal()):
			r.fail(dataError(r.account, fmt.Sprintf("touch %q", t.ID), errors.New("is there twice, and not the same")))
		case !ok && !t.At.After(asOf):
			touches = append(touches, t)
		}
		if !ok {
			first[t.ID] = i
		}
	}
	slices.SortFunc(touches, Touch.compare)
	return touches
}
