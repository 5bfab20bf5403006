package engagement

import (
	"cmp"
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

func (r *reader) fail(field, message string) {
	if r.err == nil {
		r.err = &DataError{Account: r.account, Field: field, Message: message}
	}
}

// time returns an instant in the form of the module. A failure names what has it.
func (r *reader) time(t time.Time, what, name string) time.Time {
	err := instant.Check(t)
	if t.IsZero() {
		err = errors.New("has no time")
	}
	if err != nil {
		r.fail(field(what, name), err.Error())
	}
	return instant.Of(t)
}

// field names a part of the input, such as `event "signed"`.
func field(what, name string) string {
	if what == "as of" || what == "began" {
		return what
	}
	return fmt.Sprintf("%s %q", what, name)
}

func read(in Input, asOf time.Time) (past, error) {
	r := reader{account: in.Account}
	if err := ident.Check(in.Account); err != nil {
		r.fail("", "the ID "+err.Error())
	}
	p := past{
		account: in.Account, asOf: r.time(asOf, "as of", ""),
		ids: make(map[string]bool, len(in.Touches)), events: map[string][]time.Time{}, anchors: map[string]time.Time{},
	}
	if !in.Began.IsZero() {
		p.began = r.time(in.Began, "began", "")
	}
	for _, e := range in.Events {
		at := r.time(e.At, "event", e.Name)
		if !at.After(p.asOf) && !at.Before(p.began) {
			p.events[e.Name] = append(p.events[e.Name], at)
		}
	}
	for _, a := range in.Anchors {
		if _, ok := p.anchors[a.Name]; ok {
			r.fail(field("anchor", a.Name), "is there twice")
		}
		p.anchors[a.Name] = r.time(a.At, "anchor", a.Name)
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
		t := &made[i]
		if err := ident.Check(t.ID); err != nil {
			r.fail(field("touch", t.ID), "the ID "+err.Error())
		}
		at := r.time(t.At, "touch", t.ID)
		j, ok := first[t.ID]
		switch {
		case ok && (made[j].Touch != t.Touch || !instant.Of(made[j].At).Equal(at)):
			r.fail(field("touch", t.ID), "is there twice, and not the same")
		case !ok && !at.After(asOf):
			touches = append(touches, *t)
			touches[len(touches)-1].At = at
		}
		if !ok {
			first[t.ID] = i
		}
	}
	slices.SortFunc(touches, func(a, b Touch) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return touches
}
