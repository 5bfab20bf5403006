package engagement

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A thread is what one occurrence of a trigger, or a cadence, asks for: tries, one after the other, until one is answered.
type thread struct {
	root     int64 // when the first try is due
	base     int64 // the occurrence; of a cadence the touch before it, or when the program began
	last     int64 // when the last try was made, if there was one
	next     int   // the try that is to be made; past the last: none
	due      int64 // of that one
	answered bool
	hashed   int            // one more than the try that id is of; 0: none
	id       [idLength]byte // of the task that it is
}

// closed reports whether nothing is left to do.
func (t *thread) closed(p *plan) bool { return t.answered || t.next >= len(p.tries) }

// made takes a touch as one of the tries, which is not before the next.
func (t *thread) made(p *plan, try int, touch *made) {
	t.answered = t.answered || touch.answered != unknown
	t.last = max(t.last, touch.at)
	if t.next = try + 1; t.next < len(p.tries) {
		t.due = t.last + p.tries[t.next].wait
	}
}

// threads appends those of a touch that are not closed, rising, those to come included.
func (p *past) threads(list []thread, t *plan) ([]thread, error) {
	began := p.start(t.programName)
	if t.On == nil {
		return p.cadence(list, t, began)
	}
	happened := occurrences(p.anchors, t.On.Anchor)
	if t.On.Event != "" {
		happened = occurrences(p.events, t.On.Event)
	}
	from, offset := len(list), time.Duration(t.On.Offset).Microseconds()
	for _, o := range happened {
		due := o.at + offset
		if due < began || t.On.Event != "" && o.at < began {
			continue
		}
		th := thread{root: due, base: o.at, last: unknown, due: due}
		for i := range t.tries {
			if !p.tasks {
				break
			}
			id := p.subject.task(t.Name, due, i)
			if touch := p.touch(id); touch != nil {
				touch.task = t.index
				th.made(t, i, touch)
			} else if i == th.next {
				th.hashed, th.id = i+1, id
			}
		}
		list = append(list, th)
	}
	p.logged(list[from:], t)
	open := list[:from]
	for i := from; i < len(list); i++ {
		th := &list[i]
		if th.closed(t) {
			continue
		}
		if err := p.dueBy(th.due, t); err != nil {
			return nil, err
		}
		open = append(open, *th)
	}
	return open, nil
}

// logged gives each touch of the name that has the ID of no try to the earliest thread that waited for one.
func (p *past) logged(threads []thread, t *plan) {
	for _, e := range p.touches {
		touch := &p.byID[e.at]
		if touch.plan != t.index || touch.task == t.index {
			continue
		}
		for j := range threads {
			th := &threads[j]
			if !th.closed(t) && th.due <= touch.at {
				th.made(t, th.next, touch)
				break
			}
		}
	}
}

// cadence appends the one thread of a cadence. Its tries are the touches since the last answer, or since the last round.
func (p *past) cadence(list []thread, t *plan, began int64) ([]thread, error) {
	every := time.Duration(t.Every).Microseconds()
	th := thread{base: began}
	for _, e := range p.touches {
		touch := &p.byID[e.at]
		if touch.plan != t.index {
			continue
		}
		th.base = touch.at
		if th.next++; touch.answered != unknown || th.next == len(t.tries) {
			th.next = 0
		}
	}
	if th.base == unknown {
		return list, nil
	}
	wait := every
	if try := t.tries[th.next]; try.level > 0 {
		wait = try.wait
	}
	th.due = th.base + wait
	if th.due < began { // the account came from elsewhere, long after its last touch
		th.next, th.due = 0, began+every
	}
	th.root = th.due
	if err := p.dueBy(th.due, t); err != nil {
		return nil, err
	}
	return append(list, th), nil
}

// dueBy refuses what falls out of the calendar.
func (p *past) dueBy(due int64, t *plan) error {
	if s := due / 1_000_000; earliest < s && s < latest {
		return nil
	}
	return dataError(p.in.Account, fmt.Sprintf("due of touch %q", t.Name), instant.Check(instant.FromMicros(due)))
}

// idLength is that of a task's ID.
const idLength = 32

// A subject is what all task IDs of an account begin with: its ID and a NUL. The rest of its memory is for what follows.
type subject []byte

// longestTask is how many bytes the text of a task ID can have: two names, two integers and three NULs.
const longestTask = 2*ident.Longest + 2*20 + 3

// task returns an ID that derives from account, touch, the due of the first try and the try. No part holds a NUL, so that
// different parts make different text.
func (s subject) task(touch string, root int64, try int) (id [idLength]byte) {
	text := append(append(s, touch...), 0)
	text = strconv.AppendInt(text, root, 10)
	if try > 0 {
		text = strconv.AppendInt(append(text, 0), int64(try), 10)
	}
	sum := sha256.Sum256(text)
	hex.Encode(id[:], sum[:idLength/2])
	return id
}
